"""The cards of a seat: the same controllers and the same answer sheet as in a notebook, kept in the room's store."""

import threading
from collections import OrderedDict
from pathlib import Path
from urllib.parse import quote, urlencode

from workshop.answers.atomic import free
from workshop.answers.code_names import code_name
from workshop.answers.hand_in import files_of, make_file
from workshop.answers.sheet import Sheet, now
from workshop.answers.storage import SaveError, StorageError
from workshop.cards.hand_in import HandInController
from workshop.cards.question import QuestionController
from workshop.cards.scenario import ScenarioController
from workshop.questions import kinds
from workshop.room import figures_ahead
from workshop.room.store import SqliteStorage

HAND_IN = "hand-in"
# How many scenario cards remember what their window looked at.
MOST_WINDOWS = 2000


class Gone(KeyError):
    """There is no such page, or no such card on it."""


class RoomScenario(ScenarioController):
    """A scenario whose files to take home are given to the browser instead of being written beside a page."""

    made = {}

    def written(self, files):
        self.made = files
        return list(files)


class RoomHandIn(HandInController):
    """The last card of an exercise: makes the file that a notebook would have made, under the name of the seat."""

    def __init__(self, page, root, graded, sheet, seat, store):
        super().__init__(page, root, graded, sheet)
        self.root, self.seat, self.store = Path(root), seat, store

    @property
    def code(self):
        return code_name(self.seat.name)

    def do(self, request):
        if request.get("do") == "hand-in":
            self.hand_in(self.code)

    def hand_in(self, code):
        self.sheet.set_code(code)
        files = files_of(self.page, self.root / "exercises" / self.page)
        files[f"{self.page}.answers.json"] = self.sheet.storage.load() or b""
        # Earlier ones stay: the newest counts, and grading says so.
        target = free(self.root / "hand_in" / f"{self.page}--{code}.zip")
        make_file(target, self.page, code, files)
        with self.store.changing() as at:
            self.store.add_hand_in(at, self.seat.id, self.page, target.name)
        self.file = f"{self.page}, {now()}"
        self.note = "Your facilitator has it. You may change answers and hand in again: the newest one counts."


class Desks:
    """All cards of all seats: what each shows, and what is done when somebody clicks.

    Requests of one seat are done one after another. Those of different seats meet in the store alone, and there only for as long
    as a changed sheet is written.
    """

    def __init__(self, root, project, store, sources):
        self.root, self.project, self.store, self.sources = root, project, store, sources
        self.bands = figures_ahead.bands(root, project.scenarios)
        self.windows = OrderedDict()
        self._locks = {}

    def views(self, seat, device, page):
        """{card: view} of a whole page for a seat."""
        with self._turn(seat):
            known = self.store.heard_of(seat.id, device)
            sheet = self._sheet(seat, page)
            found = {}
            for card in self.cards(page):
                number = known.get(f"{page}/{card}", 0)
                view = self.controller(sheet, seat, device, page, card).view()
                found[card] = _numbered(view, number, number, page, card, device)
            return found

    def handle(self, seat, device, page, card, request):
        """Do what was clicked, once, and give the next view. Raises StorageError when the disk refuses, and then nothing has changed."""
        number, name = request["n"], f"{page}/{card}"
        if card not in self.cards(page):
            raise Gone(card)
        with self._turn(seat):
            with self.store.reading() as at:
                known = self.store.last_heard(at, seat.id, device, name)
            if number > known:
                view, done = self._do(seat, device, page, card, request)
                known = number if done else known
            else:
                view = self.controller(self._sheet(seat, page), seat, device, page, card).view()
        return _numbered(view, max(number, known), known, page, card, device)

    def _do(self, seat, device, page, card, request):
        """(the next view, whether it was done): what was done is remembered, so that it is done once."""
        with_sheet = []

        def hear(at):
            self.store.hear(at, seat.id, device, f"{page}/{card}", request["n"])
            with_sheet.append(True)

        # A change and its number are on the disk together or not at all. Handing in is more than its change of the sheet: done
        # twice it makes a second file, and the newest counts.
        sheet = self._sheet(seat, page, None if card == HAND_IN else hear)
        controller = self.controller(sheet, seat, device, page, card)
        try:
            controller.act(request)
        except StorageError:
            raise
        except SaveError as error:
            controller.trouble = str(error)
            return controller.view(), False
        if not with_sheet:
            with self.store.changing() as at:
                hear(at)
        return controller.view(), True

    def _turn(self, seat):
        """The lock of a seat: its windows are not made for two requests at once."""
        return self._locks.setdefault(seat.id, threading.Lock())

    def _sheet(self, seat, page, along=None):
        return Sheet(SqliteStorage(self.store, seat.id, page, along), self.page(page).name)

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

    def controller(self, sheet, seat, device, page, card):
        """The controller of a card, with the seat's sheet in it."""
        found = self.page(page)
        graded = found.kind == "exercise"
        if card == HAND_IN:
            asked = [_public(question) for question in found.questions]
            return RoomHandIn(found.name, self.root, asked, sheet, seat, self.store)
        if card.startswith("q-"):
            question = next(question for question in found.questions if question.id == card[2:])
            titles = {key: self.sources[key]["title"] for key in question.sources if key in self.sources}
            return QuestionController(_public(question) if graded else question, sheet, graded, titles)
        return self.window(sheet, seat, device, page, card, found)

    def window(self, sheet, seat, device, page, card, found):
        """A scenario card, which remembers what somebody looks at in this window."""
        key = seat.id, device, page, card
        controller = self.windows.pop(key, None)
        if controller is None:
            name, part = next(play for play in found.plays if play_card(*play) == card)
            controller = RoomScenario(self.project.scenarios[name], sheet, part, self.bands[name])
        controller.sheet, controller.trouble = sheet, sheet.trouble
        self.windows[key] = controller
        while len(self.windows) > MOST_WINDOWS:
            self.windows.popitem(last=False)
        return controller

    def answered(self, page, data):
        """How many questions of a page are answered in a sheet."""
        return sum(
            question.clean((data["answers"].get(question.id) or {}).get("value")) is not None
            for question in self.page(page).questions
        )


def _numbered(view, heard, saved, page, card, device):
    """A view with the numbers of the last request that was heard and of the last that is safe, and where its files are.

    All views of a card have the same fields: one more, and the browser would take it for another card and draw it anew.
    """
    view = {**view, "heard": heard, "saved": saved}
    if "files" in view:
        query = urlencode({"page": page, "card": card, "device": device})
        view["links"] = {file: f"/made/{quote(file)}?{query}" for file in view["files"]}
    return view


def play_card(name, part=0):
    """The name of the card on which a scenario, or one round of it, is played."""
    return f"s-{name}-{part}" if part else f"s-{name}"


def _public(question):
    """A graded question without its key: nothing else of it ever leaves this computer."""
    return kinds.from_data(question.public())
