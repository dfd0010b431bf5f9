"""The facilitator's side of a room: who is here, what splits it, the pace, and what is done about it."""

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypedDict

from workshop.project import coverage
from workshop.project.project import Project
from workshop.room import distribution
from workshop.room.addresses import page_names, page_of, play_card, question_of
from workshop.room.distribution import Spread
from workshop.room.pages_html import Pages
from workshop.room.seat_cards import Desks
from workshop.room.store import Invitation, Settings, Statement, Store
from workshop.scenarios import model as scenarios

HERE = 20  # seconds since a device was last heard of
MOST_LISTED = 8
MOST_LETTERS = 600
MOST_STATEMENTS = 40
LONGEST_TIMER = 120 * 60
RELATIONS = ("adds", "confirms", "disputes")
HEADING = re.compile(r"^## ([a-d])\. (.+)$", re.M)


class Pace(TypedDict):
    """Where the room stands, as everybody may know it.

    `left` are seconds, because clocks differ from device to device.
    """

    closed: list[str]
    left: int | None
    words: str
    sent: Invitation | None
    asking: str | None
    until: dict[str, int]


class SeatState(TypedDict):
    """A seat on the board: how many answered and handed in, and whether its device was heard of lately."""

    name: str
    people: int
    here: bool
    answered: int
    handed: int


class Progress(TypedDict):
    """A page that somebody has begun: how many seats have, with how many answers on average, of how many questions."""

    title: str
    graded: bool
    seats: int
    mean: int
    of: int


class Listed(TypedDict):
    """A question that somebody answered; `split` is None where it cannot be told (see `distribution.split`)."""

    name: str
    page: str
    title: str
    answered: int
    split: float | None


class Opened(Spread):
    """How a question was answered: `shown` of the `answered` are in the picture."""

    name: str
    title: str
    shown: int


class GroupRow(TypedDict):
    """Where a group stands: its scene or ending, and its gauges in their order."""

    name: str
    where: str
    over: bool
    gauges: list[int]


class Groups(TypedDict):
    """The groups side by side in the scenario that was sent to all."""

    title: str
    gauges: list[str]
    rows: list[GroupRow]


class ShownStatement(TypedDict):
    """A statement without the seat that wrote it."""

    id: int
    heading: str
    relation: str
    about: str
    words: str
    merged_into: int | None
    shared: bool
    left_out: bool


class BoardState(Pace):
    """All that the board shows."""

    seats: list[SeatState]
    progress: list[Progress]
    questions: list[Listed]
    opened: list[Opened]
    groups: Groups | None
    statements: list[ShownStatement]


@dataclass
class Known:
    """What the answer sheets say after so many changes of them.

    `seats_by_question`: question -> how many answered it; `answered`: seat -> page -> number of answers; `plays`:
    (seat, page, card) -> the play.
    """

    changes: int
    seats_by_question: Counter[str]
    answered: dict[int, dict[str, int]]
    plays: dict[tuple[int, str, str], dict[str, Any]]


class Board:
    """What the board shows and does.

    `seen` says when a seat was last heard of, by its number, on the monotonic clock.
    """

    def __init__(self, project: Project, store: Store, desks: Desks, pages: Pages, seen: Mapping[int, float]) -> None:
        self.project, self.store, self.desks, self.pages, self.seen = project, store, desks, pages, seen
        self.headings: dict[str, str] = headings(project.root)
        self.notes: dict[str, str] = coverage.statements(project.root)
        self._known: Known | None = None

    # ---------------------------------------------------------------- for participants

    def pace(self) -> Pace:
        """Where the room stands."""
        known = self.store.settings
        left = None if known.timer_ends is None else max(0, round(known.timer_ends - time.time()))
        return {
            "closed": known.closed,
            "left": left,
            "words": known.words,
            "sent": known.sent,
            "asking": known.asking,
            "until": known.until,
        }

    def until(self, name: str) -> int | None:
        """How many chunks of a page are open; None, unless the facilitator chose a section to stop at: all of them."""
        return self.store.settings.until.get(name)

    def is_closed(self, name: str) -> bool:
        """Whether the whole page is closed."""
        return name in self.store.settings.closed

    def is_open(self, name: str, card: str) -> bool:
        """Whether this card of a page may be worked on now."""
        opened = self.pages.chunks(name)[: self.until(name)]
        return not self.is_closed(name) and any(card in chunk.cards for chunk in opened)

    def say(self, seat: int, sent: Mapping[str, object]) -> None:
        """Store a statement. Raises ValueError, whose words are for the participant, or StorageError."""
        heading, relation, about, words, token = (
            str(sent.get(name, "")).strip() for name in ("heading", "relation", "about", "words", "token")
        )
        if heading not in self.headings or relation not in RELATIONS or not words or not token:
            raise ValueError("A statement needs a question, a relation to the notes, and words.")
        if relation == "adds":
            about = ""
        elif about not in self.notes or not about.startswith(heading):
            raise ValueError("Say which statement of the notes you mean.")
        if sum(one.seat == seat for one in self.store.statements()) >= MOST_STATEMENTS:
            raise ValueError(f"A seat can send {MOST_STATEMENTS} statements. Tell the others aloud.")
        self.store.say(seat, token[:60], heading, relation, about, words[:MOST_LETTERS])

    # ---------------------------------------------------------------- what is shown

    def parts(self) -> list[tuple[str, str, list[str]]]:
        """(name, title, [titles of its sections]) of everything that can be opened, whole or up to a section."""
        return [
            (name, title, [chunk.title for chunk in self.pages.chunks(name)][1:])
            for name, title in page_names(self.project)
        ]

    def plays(self) -> list[Invitation]:
        """Every scenario and every round of one that is played from a page."""
        plays: list[Invitation] = []
        for page in self.project.lessons:
            for name, part in page.plays:
                if name in self.project.scenarios:
                    title = self.project.scenarios[name].title
                    words = f"{title}, part {part}" if part else title
                    plays.append({"page": page.name, "card": play_card(name, part), "title": words})
        return plays

    def known(self) -> Known:
        """What all answer sheets say; read again only when one has changed."""
        if self._known is None or self._known.changes != self.store.changes:
            known = Known(self.store.changes, Counter(), {}, {})
            for (seat, page), data in self.store.all_sheets().items():
                known.answered.setdefault(seat, {})[page] = self.desks.answered(page, data)
                known.seats_by_question.update(f"{page}/{id}" for id in data["answers"])
                for name, play in data["plays"].items():
                    known.plays[seat, page, f"s-{name}"] = play
            self._known = known
        return self._known

    def state(self) -> BoardState:
        """All that the board shows."""
        known, moment = self.known(), time.monotonic()
        handed = Counter(one.seat for one in self.store.hand_ins())
        return {
            **self.pace(),
            "seats": [
                {
                    "name": seat.name,
                    "people": seat.people,
                    "here": moment - self.seen.get(seat.id, -HERE) < HERE,
                    "answered": sum(known.answered.get(seat.id, {}).values()),
                    "handed": handed[seat.id],
                }
                for seat in self.store.seats()
            ],
            "progress": self.progress(),
            "questions": self.questions(),
            "opened": [self.spread(name) for name in self.store.settings.opened],
            "groups": self.groups(),
            "statements": [_without_seat(one) for one in self.store.statements()],
        }

    def progress(self) -> list[Progress]:
        """Where the room stands: a line for each page that somebody has begun."""
        lines: list[Progress] = []
        for page, title in page_names(self.project):
            counts = [counts[page] for counts in self.known().answered.values() if counts.get(page)]
            if counts:
                lines.append(
                    {
                        "title": title,
                        "graded": page.startswith("graded/"),
                        "seats": len(counts),
                        "mean": round(sum(counts) / len(counts)),
                        "of": len(page_of(self.project, page).questions),
                    }
                )
        return lines

    def questions(self) -> list[Listed]:
        """The questions that somebody answered: those first that split the room most.

        Nothing of how it was answered.
        """
        known, listed = self.known().seats_by_question, list[Listed]()
        for page, title in page_names(self.project):
            for question in page_of(self.project, page).questions:
                name = f"{page}/{question.id}"
                if known[name]:
                    split = distribution.split(question, self.desks.shown.of(name))
                    listed.append(
                        {"name": name, "page": title, "title": question.title, "answered": known[name], "split": split}
                    )
        return sorted(listed, key=lambda one: (one["split"] is None, -(one["split"] or 0), -one["answered"]))

    def spread(self, name: str) -> Opened:
        """How a question was answered, by its name. Raises Gone."""
        question = question_of(self.project, name)
        spread = distribution.spread(question, self.desks.shown.of(name))
        return {
            **spread,
            "name": name,
            "title": question.title,
            "shown": spread["answered"],
            "answered": self.known().seats_by_question[name],
        }

    def groups(self) -> Groups | None:
        """Where each group at one device stands in the scenario that was sent to all, beside the others."""
        sent = self.store.settings.sent
        if not sent:
            return None
        plays = page_of(self.project, sent["page"]).plays
        name, part = next(play for play in plays if play_card(*play) == sent["card"])
        scenario, rows = self.project.scenarios[name], list[GroupRow]()
        for seat in self.store.seats():
            play = self.known().plays.get((seat.id, sent["page"], sent["card"]))
            if play and seat.people > 1:
                state = scenarios.play(scenario, play["choices"], part)
                rows.append(
                    {
                        "name": seat.name,
                        "where": state.ending.title if state.ending else scenario.scene(state.scene).title,
                        "over": state.over,
                        "gauges": [state.gauges[gauge] for gauge in scenario.gauges],
                    }
                )
        return {"title": sent["title"], "gauges": [gauge["label"] for gauge in scenario.gauges.values()], "rows": rows}

    # ---------------------------------------------------------------- what is done

    def act(self, asked: Mapping[str, Any]) -> None:
        """Carry out what was clicked. Raises KeyError, TypeError, ValueError or StorageError."""
        acts: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "open": self.open_page,
            "close": self.close_page,
            "until": self.open_until,
            "timer": self.timer,
            "words": self.words,
            "send": self.send,
            "show": self.show,
            "hide": self.hide,
            "ask": self.ask,
            "statement": self.change,
            "names": self.with_names,
        }
        acts[asked["do"]](asked)

    def open_page(self, asked: Mapping[str, Any]) -> None:
        """Let the room into a page."""
        self._set(lambda known: replace(known, closed=[name for name in known.closed if name != asked["page"]]))

    def close_page(self, asked: Mapping[str, Any]) -> None:
        """Close a page; answers stay."""
        page_of(self.project, asked["page"])
        self._set(lambda known: replace(known, closed=sorted({*known.closed, asked["page"]})))

    def open_until(self, asked: Mapping[str, Any]) -> None:
        """Open a page up to its section of this number, counted from 1; without one, the whole page."""
        page, number = asked["page"], asked.get("section")
        page_of(self.project, page)
        stop = {}
        if isinstance(number, int) and 0 < number < len(self.pages.chunks(page)):
            stop[page] = number + 1
        self._set(
            lambda known: replace(known, until={name: n for name, n in known.until.items() if name != page} | stop)
        )

    def timer(self, asked: Mapping[str, Any]) -> None:
        """Start a timer of so many minutes; none ends it."""
        seconds = min(float(asked["minutes"]) * 60, LONGEST_TIMER)
        self._set(lambda known: replace(known, timer_ends=time.time() + seconds if seconds > 0 else None))

    def words(self, asked: Mapping[str, Any]) -> None:
        """Say something to all devices, such as “Silent writing first”."""
        words = str(asked["words"]).strip()[:200]
        self._set(lambda known: replace(known, words=words))

    def send(self, asked: Mapping[str, Any]) -> None:
        """Send everybody to a scenario; no card takes the invitation back."""
        wanted = asked.get("page"), asked.get("card")
        sent = next((play for play in self.plays() if (play["page"], play["card"]) == wanted), None)
        self._set(lambda known: replace(known, sent=sent))

    def show(self, asked: Mapping[str, Any]) -> None:
        """Open the spread of a question."""
        name = asked["question"]
        question_of(self.project, name)
        self._set(lambda known: replace(known, opened=list(dict.fromkeys([name, *known.opened]))[:MOST_LISTED]))

    def hide(self, asked: Mapping[str, Any]) -> None:
        """Close the spread of a question."""
        self._set(lambda known: replace(known, opened=[name for name in known.opened if name != asked["question"]]))

    def ask(self, asked: Mapping[str, Any]) -> None:
        """Ask the room one of the four questions of the notes; none takes it back."""
        heading = asked["heading"] if asked.get("heading") in self.headings else None
        self._set(lambda known: replace(known, asking=heading))

    def change(self, asked: Mapping[str, Any]) -> None:
        """Merge, mark, reword or leave out a statement."""
        known = {one.id: one for one in self.store.statements()}
        one, values = known[asked["id"]], dict[str, str | bool | int | None]()
        for name in ("shared", "left_out"):
            if name in asked:
                values[name] = bool(asked[name])
        if "words" in asked and str(asked["words"]).strip():
            values["words"] = str(asked["words"]).strip()[:MOST_LETTERS]
        if "merged_into" in asked:
            target = known.get(asked["merged_into"])
            while target and target.merged_into:
                target = known[target.merged_into]
            if target and (target.id == one.id or target.heading != one.heading):
                raise ValueError("these two cannot be one")
            values["merged_into"] = target.id if target else None
        if values:
            self.store.change_statement(one.id, **values)

    def with_names(self, asked: Mapping[str, Any]) -> None:
        """Whether the record names the seats."""
        named = bool(asked["names"])
        self._set(lambda known: replace(known, names=named))

    def _set(self, how: Callable[[Settings], Settings]) -> None:
        self.store.change(how)


def headings(root: Path) -> dict[str, str]:
    """The four questions of the notes: letter -> words."""
    return dict(HEADING.findall((root / coverage.NOTES).read_text(encoding="utf-8")))


def _without_seat(one: Statement) -> ShownStatement:
    return {
        "id": one.id,
        "heading": one.heading,
        "relation": one.relation,
        "about": one.about,
        "words": one.words,
        "merged_into": one.merged_into,
        "shared": one.shared,
        "left_out": one.left_out,
    }
