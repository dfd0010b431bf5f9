"""The facilitator's side of a room: who is here, what splits it, the pace, and the record of what the room says."""

import re
import time
from collections import Counter
from pathlib import Path

from workshop.answers.sheet import now
from workshop.content import paper
from workshop.project import coverage
from workshop.render import docx, pdf
from workshop.render.html import to_html
from workshop.room import distribution
from workshop.room.seat_cards import play_card
from workshop.scenarios import model as scenarios

HERE = 20  # seconds since a device was last heard of
MOST_LISTED = 8
MOST_LETTERS = 600
MOST_STATEMENTS = 40
LONGEST_TIMER = 120 * 60
RELATIONS = ("adds", "confirms", "disputes")
HEADING = re.compile(r"^## ([a-d])\. (.+)$", re.M)
TITLE = "What this room says on building national architectures"


class Board:
    """What the board shows and does."""

    def __init__(self, room):
        self.room, self.store = room, room.store
        self.headings = dict(HEADING.findall((room.root / coverage.NOTES).read_text(encoding="utf-8")))
        self.notes = coverage.statements(room.root)
        self._known, self._shown = None, self.store.get("shown", {})

    # ---------------------------------------------------------------- for participants

    def pace(self):
        """Where the room stands, as everybody may know it. `left` are seconds, because clocks differ from device to device."""
        timer = self.store.get("timer")
        left = max(0, round(timer["ends"] - time.time())) if timer else None
        return {
            "closed": self.store.get("closed", []),
            "left": left,
            "words": self.store.get("words", ""),
            "sent": self.store.get("sent"),
            "asking": self.store.get("asking"),
            "until": self.store.get("until", {}),
        }

    def say(self, seat, sent):
        """Store a statement. Raises ValueError, whose words are for the participant, or SaveError."""
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

    def pages(self):
        """(name, title) of everything that can be opened and closed."""
        project = self.room.project
        return [(page.name, page.title) for page in project.lessons] + [
            (f"graded/{page.name}", page.title) for page in project.exercises
        ]

    def parts(self):
        """(name, title, [titles of its sections]) of everything that can be opened, whole or up to a section."""
        return [(name, title, [chunk.title for chunk in self.room.chunks(name)[0]][1:]) for name, title in self.pages()]

    def until(self, name):
        """How many chunks of a page are open: all of them, unless the facilitator chose a section to stop at."""
        return self.store.get("until", {}).get(name)

    def plays(self):
        """(page, card, title) of every scenario and every round of one that is played from a page."""
        project, found = self.room.project, []
        for page in project.lessons:
            for name, part in page.plays:
                if name in project.scenarios:
                    title = project.scenarios[name].title
                    found.append((page.name, play_card(name, part), f"{title}, part {part}" if part else title))
        return found

    def known(self):
        """What all answer sheets say; read again only when something has changed."""
        if self._known is None or self._known["changes"] != self.store.changes:
            changes, values, answered, plays = self.store.changes, {}, {}, {}
            for (seat, page), data in self.store.all_sheets().items():
                answered.setdefault(seat, {})[page] = self.room.desks.answered(page, data)
                for id, entry in data["answers"].items():
                    values.setdefault(f"{page}/{id}", {})[str(seat)] = entry["value"]
                for name, play in data["plays"].items():
                    plays[seat, page, f"s-{name}"] = play
            self._known = {"changes": changes, "values": values, "answered": answered, "plays": plays}
            self._move_on(values)
        return self._known

    def _move_on(self, values):
        """Let what is shown of a question follow its answers, but only when five of them are new or changed.

        Otherwise whoever watches the picture while one person answers would know what that person thinks.
        """
        moved = False
        for name, now_ in values.items():
            before = self._shown.get(name, {})
            different = {seat for seat in {*before, *now_} if before.get(seat) != now_.get(seat)}
            if len(different) >= distribution.FEWEST:
                self._shown[name], moved = now_, True
        if moved:
            self.store.set("shown", self._shown)

    def state(self):
        """All that the board shows, as JSON-ready data."""
        known, moment = self.known(), time.monotonic()
        handed = Counter(one.seat for one in self.store.hand_ins())
        seats = [
            {
                "name": one.name,
                "people": one.people,
                "here": moment - self.room.seen.get(one.id, -HERE) < HERE,
                "answered": sum(known["answered"].get(one.id, {}).values()),
                "handed": handed[one.id],
            }
            for one in self.store.seats()
        ]
        opened = [{"name": name, **self.spread(name)} for name in self.store.get("opened", [])]
        return {
            **self.pace(),
            "seats": seats,
            "progress": self.progress(),
            "questions": self.questions(),
            "opened": opened,
            "groups": self.groups(),
            "statements": [self.statement(one) for one in self.store.statements()],
        }

    def progress(self):
        """Where the room stands: for each page that somebody has begun, how many seats and how many answers."""
        found = []
        for page, title in self.pages():
            counts = [counts[page] for counts in self.known()["answered"].values() if counts.get(page)]
            if counts:
                found.append(
                    {
                        "title": title,
                        "graded": page.startswith("graded/"),
                        "seats": len(counts),
                        "mean": round(sum(counts) / len(counts)),
                        "of": len(self.room.desks.page(page).questions),
                    }
                )
        return found

    def questions(self):
        """The questions that somebody answered: those first that split the room most. Nothing of how it was answered."""
        known, found = self.known()["values"], []
        for page, title in self.pages():
            for question in self.room.desks.page(page).questions:
                name = f"{page}/{question.id}"
                if known.get(name):
                    found.append(
                        {
                            "name": name,
                            "page": title,
                            "title": question.title,
                            "answered": len(known[name]),
                            "split": distribution.split(question, self._shown.get(name, {}).values()),
                        }
                    )
        return sorted(found, key=lambda one: (one["split"] is None, -(one["split"] or 0), -one["answered"]))

    def spread(self, name):
        """Title and spread of a question by its name."""
        page, _, id = name.rpartition("/")
        question = next(one for one in self.room.desks.page(page).questions if one.id == id)
        there = len(self.known()["values"].get(name, {}))
        made = distribution.spread(question, self._shown.get(name, {}).values())
        return {"title": question.title, **made, "shown": made["answered"], "answered": there}

    def groups(self):
        """Where each group at one device stands in the scenario that was sent to all, beside the others."""
        sent = self.store.get("sent")
        if not sent:
            return None
        name, part = next(play for play in self.room.desks.page(sent["page"]).plays if play_card(*play) == sent["card"])
        scenario, rows = self.room.project.scenarios[name], []
        for seat in self.store.seats():
            play = self.known()["plays"].get((seat.id, sent["page"], sent["card"]))
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

    def statement(self, one):
        """A statement for the board, without the seat that wrote it."""
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

    # ---------------------------------------------------------------- what is done

    def act(self, asked):
        """Carry out what was clicked. Raises KeyError, TypeError, ValueError or SaveError."""
        acts = {
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

    def open_page(self, asked):
        """Let the room into a page."""
        self.store.set("closed", [name for name in self.store.get("closed", []) if name != asked["page"]])

    def close_page(self, asked):
        """Close a page; answers stay."""
        self.room.desks.page(asked["page"])
        self.store.set("closed", sorted({*self.store.get("closed", []), asked["page"]}))

    def open_until(self, asked):
        """Open a page up to its section of this number, counted from 1; without one, the whole page."""
        known, number = len(self.room.chunks(asked["page"])[0]), asked.get("section")
        kept = {name: until for name, until in self.store.get("until", {}).items() if name != asked["page"]}
        if isinstance(number, int) and 0 < number < known:
            kept[asked["page"]] = number + 1
        self.store.set("until", kept)

    def timer(self, asked):
        """Start a timer of so many minutes; none ends it."""
        seconds = min(float(asked["minutes"]) * 60, LONGEST_TIMER)
        self.store.set("timer", {"ends": time.time() + seconds} if seconds > 0 else None)

    def words(self, asked):
        """Say something to all devices, such as “Silent writing first”."""
        self.store.set("words", str(asked["words"]).strip()[:200])

    def send(self, asked):
        """Send everybody to a scenario; no card takes the invitation back."""
        found = next((play for play in self.plays() if play[:2] == (asked.get("page"), asked.get("card"))), None)
        self.store.set("sent", {"page": found[0], "card": found[1], "title": found[2]} if found else None)

    def show(self, asked):
        """Open the spread of a question."""
        self.spread(asked["question"])
        self.store.set("opened", list(dict.fromkeys([asked["question"], *self.store.get("opened", [])]))[:MOST_LISTED])

    def hide(self, asked):
        """Close the spread of a question."""
        self.store.set("opened", [name for name in self.store.get("opened", []) if name != asked["question"]])

    def ask(self, asked):
        """Ask the room one of the four questions of the notes; none takes it back."""
        self.store.set("asking", asked["heading"] if asked.get("heading") in self.headings else None)

    def change(self, asked):
        """Merge, mark, reword or leave out a statement."""
        known = {one.id: one for one in self.store.statements()}
        one, values = known[asked["id"]], {}
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

    def with_names(self, asked):
        """Whether the record names the seats."""
        self.store.set("names", bool(asked["names"]))

    # ---------------------------------------------------------------- the record

    def record_parts(self):
        """The record as data: for each heading its notes, and what this room adds, confirms and disputes."""
        seats = {one.id: one.name for one in self.store.seats()} if self.store.get("names", False) else {}
        known, parts = self.store.statements(), []
        for heading, title in self.headings.items():
            rows = []
            for one in known:
                if one.heading == heading and not one.left_out and not one.merged_into:
                    alike = [other for other in known if other.merged_into == one.id and not other.left_out]
                    rows.append(
                        {
                            "id": one.id,
                            "relation": one.relation,
                            "about": one.about,
                            "words": one.words,
                            "shared": one.shared,
                            "times": 1 + len(alike),
                            "names": sorted({seats[each.seat] for each in (one, *alike)}) if seats else [],
                        }
                    )
            parts.append(
                {
                    "heading": heading,
                    "title": title,
                    "rows": rows,
                    "notes": [(key, words) for key, words in self.notes.items() if key.startswith(heading)],
                }
            )
        return parts

    def record_blocks(self):
        """The record as blocks of paper: the notes on the left, this room beside them."""
        made = [
            paper.head(
                f"Written in the room, {now()[:10]}. The statements are views of participants, of the first session and of this one."
            )
        ]
        for part in self.record_parts():
            made += [["h1", {}, f"{part['heading']}. {part['title']}"]]
            rows = [
                [[["strong", {}, key], " ", words], _said([row for row in part["rows"] if row["about"] == key])]
                for key, words in part["notes"]
            ]
            rows += [[[["em", {}, "Not in the notes"]], _said([row])] for row in part["rows"] if not row["about"]]
            made.append(paper.table(rows, ["The notes", "This room"], [1, 1]))
        return made

    def record_file(self, kind):
        """(content, media type, file name) of the record as `docx`, `pdf` or `html`. Raises KeyError."""
        blocks, stem = self.record_blocks(), f"record-{now()[:10]}"
        if kind == "docx":
            return (
                docx.docx(TITLE, blocks),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                f"{stem}.docx",
            )
        if kind == "pdf":
            return pdf.Document(TITLE, blocks, fonts_of_machine=True).pdf(), "application/pdf", f"{stem}.pdf"
        if kind == "html":
            style = (Path(__file__).parent / "static" / "record.css").read_text(encoding="utf-8")
            body = to_html([*blocks[0][2], *blocks[1:]])
            return (
                f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{TITLE}</title><style>{style}</style><h1>{TITLE}</h1>{body}</html>'.encode(),
                "text/html",
                f"{stem}.html",
            )
        raise KeyError(kind)


def _said(rows):
    words = []
    for row in rows:
        more = [f"said {row['times']} times"] if row["times"] > 1 else []
        more += ["shared by the room"] if row["shared"] else []
        more += [", ".join(row["names"])] if row["names"] else []
        words += [["br", {}]] if words else []
        words += [
            ["strong", {}, row["relation"].capitalize()],
            f": {row['words']}" + (f" ({'; '.join(more)})" if more else ""),
        ]
    return words or ["–"]
