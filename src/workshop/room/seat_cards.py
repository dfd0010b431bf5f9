"""The cards of a seat: the same conversations and the same answer sheet as in a notebook, kept in the room's store."""

import shutil
import tempfile
from collections import OrderedDict
from pathlib import Path
from urllib.parse import quote, urlencode

from workshop.answers.code_names import code_name
from workshop.answers.hand_in import make_file
from workshop.answers.sheet import DamagedSheetError, NewerSheetError, SaveError, Sheet, free, now, parsed
from workshop.cards.hand_in import HandInController
from workshop.cards.question import QuestionController
from workshop.cards.scenario import ScenarioController
from workshop.questions import kinds
from workshop.room import figures_ahead

HAND_IN = "hand-in"
# How many scenario cards remember what their window looked at.
MOST_WINDOWS = 2000


class Gone(KeyError):
    """There is no such page, or no such card on it."""


class RoomSheet(Sheet):
    """The answer sheet of a seat for a page, read and stored within a transaction `at` of the room's store.

    `place` is where it lies there: a lesson and its exercise have sheets of the same page name.
    """

    def __init__(self, store, at, seat, place, page):
        self.store, self.at, self.seat, self.place, self.page = store, at, seat, place, page
        self.path, self.trouble, self.changed = None, "", None
        self.data = self._read()

    def _read(self):
        content = self.store.content(self.at, self.seat, self.place)
        if content is None:
            return self._empty()
        try:
            return {**self._empty(), **parsed(content.encode(), self.page)}
        except (DamagedSheetError, NewerSheetError) as damage:
            self.trouble = (
                f"Your answers to this page cannot be read here ({damage}). They are kept; tell your facilitator."
            )
            return self._empty()

    def _newest(self):
        if self.trouble:
            raise SaveError(self.trouble)
        return self._read()

    def _put(self, content):
        # Half of a character, as a cut paste leaves it, cannot be stored; the rest of the text can.
        self.store.put(self.at, self.seat, self.place, content.encode("utf-8", "replace").decode())


class RoomScenario(ScenarioController):
    """A scenario whose files to take home are given to the browser instead of being written beside a page."""

    made = {}

    def written(self, files):
        self.made = files
        return list(files)


class RoomHandIn(HandInController):
    """The last card of an exercise: makes the file that a notebook would have made, under the name of the seat."""

    def __init__(self, page, root, graded, sheet, seat):
        super().__init__(page, root, graded, sheet)
        self.root, self.seat = Path(root), seat

    @property
    def code(self):
        return code_name(self.seat.name)

    def do(self, request):
        if request.get("do") == "hand-in":
            self.hand_in(self.code)

    def hand_in(self, code):
        self.sheet.set_code(code)
        folder = self.root / "hand_in"
        with tempfile.TemporaryDirectory() as place:
            shutil.copy(self.root / "exercises" / self.page / f"{self.page}.ipynb", place)
            content = self.sheet.store.content(self.sheet.at, self.sheet.seat, self.sheet.place)
            (Path(place) / f"{self.page}.answers.json").write_text(content, encoding="utf-8")
            # Earlier ones stay: the newest counts, and grading says so.
            target = free(folder / f"{self.page}--{code}.zip")
            make_file(target, self.page, Path(place), code)
        self.sheet.store.add_hand_in(self.sheet.at, self.sheet.seat, self.page, target.name)
        self.file = f"{self.page}, {now()}"
        self.note = "Your facilitator has it. You may change answers and hand in again: the newest one counts."


class Desks:
    """All cards of all seats: what each shows, and what is done when somebody clicks."""

    def __init__(self, root, project, store, sources):
        self.root, self.project, self.store, self.sources = root, project, store, sources
        self.bands = figures_ahead.bands(root, project.scenarios)
        self.windows = OrderedDict()

    def views(self, seat, device, page):
        """{card: view} of a whole page for a seat."""
        with self.store.reading() as at:
            found = {}
            for card in self.cards(page):
                conversation = self.conversation(at, seat, device, page, card)
                known = self.store.last_heard(at, seat.id, device, f"{page}/{card}")
                found[card] = {**conversation.view(), "heard": known, "saved": known}
            return found

    def handle(self, seat, device, page, card, request):
        """Do what was clicked, once, and give the next view. Raises SaveError when the disk refuses, and then nothing has changed."""
        number = request["n"]
        if card not in self.cards(page):
            raise Gone(card)
        name = f"{page}/{card}"
        with self.store.changing() as at:
            conversation = self.conversation(at, seat, device, page, card)
            known = self.store.last_heard(at, seat.id, device, name)
            if number > known:
                view = conversation.handle(request)
                if view["saved"] == number:
                    known = number
                    self.store.hear(at, seat.id, device, name, number)
            else:
                view = conversation.view()
        links = {
            file: f"/made/{quote(file)}?{urlencode({'page': page, 'card': card, 'device': device})}"
            for file in view.get("files", ())
        }
        return {**view, "heard": max(number, known), "saved": known, "links": links}

    def file(self, seat, device, page, card, name):
        """A file that somebody made to take home. Raises Gone."""
        made = getattr(self.windows.get((seat.id, device, page, card)), "made", {})
        if name not in made:
            raise Gone(name)
        return made[name]

    def cards(self, page):
        """The names of the cards of a page, in order. Raises Gone."""
        found = self.page(page)
        names = [f"q-{question.id}" for question in found.questions] + [
            play_card(*play) for play in found.plays if play[0] in self.project.scenarios
        ]
        return names + ([HAND_IN] if found.kind == "exercise" else [])

    def page(self, name):
        """A lesson by its name, or an exercise as `graded/NAME`. Raises Gone."""
        kind, _, short = name.rpartition("/")
        found = self.project.exercise(short) if kind == "graded" else self.project.lesson(short) if not kind else None
        if found is None:
            raise Gone(name)
        return found

    def conversation(self, at, seat, device, page, card):
        """The conversation behind a card, with the seat's sheet in it."""
        found = self.page(page)
        sheet = RoomSheet(self.store, at, seat.id, page, found.name)
        graded = found.kind == "exercise"
        if card == HAND_IN:
            return RoomHandIn(found.name, self.root, [_public(question) for question in found.questions], sheet, seat)
        if card.startswith("q-"):
            question = next(question for question in found.questions if question.id == card[2:])
            titles = {key: self.sources[key]["title"] for key in question.sources if key in self.sources}
            return QuestionController(_public(question) if graded else question, sheet, graded, titles)
        return self.window(sheet, seat, device, page, card, found)

    def window(self, sheet, seat, device, page, card, found):
        """A scenario card, which remembers what somebody looks at in this window."""
        key = seat.id, device, page, card
        conversation = self.windows.pop(key, None)
        if conversation is None:
            name, part = next(play for play in found.plays if play_card(*play) == card)
            conversation = RoomScenario(self.project.scenarios[name], sheet, part, self.bands[name])
        conversation.sheet, conversation.trouble = sheet, sheet.trouble
        self.windows[key] = conversation
        while len(self.windows) > MOST_WINDOWS:
            self.windows.popitem(last=False)
        return conversation

    def answered(self, page, data):
        """How many questions of a page are answered in a sheet."""
        return sum(
            question.clean((data["answers"].get(question.id) or {}).get("value")) is not None
            for question in self.page(page).questions
        )


def play_card(name, part=0):
    """The name of the card on which a scenario, or one round of it, is played."""
    return f"s-{name}-{part}" if part else f"s-{name}"


def _public(question):
    """A graded question without its key: nothing else of it ever leaves this computer."""
    return kinds.from_data(question.public())
