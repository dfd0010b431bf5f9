"""The cards of a seat: the same controllers and the same answer sheet as in a notebook, kept in the room's store."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

from sqlalchemy import Connection

from workshop.answers.atomic import free
from workshop.answers.code_names import code_name
from workshop.answers.hand_in import files_of, make_file
from workshop.answers.sheet import Sheet, now
from workshop.answers.storage import SaveError, StorageError
from workshop.cards.base import Controller
from workshop.cards.hand_in import HandInController
from workshop.cards.question import QuestionController
from workshop.cards.scenario import ScenarioController
from workshop.project.pages import Page
from workshop.project.project import Project
from workshop.questions import kinds
from workshop.questions.kinds.base import Question
from workshop.room import figures_ahead
from workshop.room.addresses import HAND_IN, Gone, cards_of, page_of, play_card, question_card
from workshop.room.shown_answers import ShownAnswers
from workshop.room.store import Seat, SqliteStorage, Store

# How many scenario cards remember what their window looked at.
MOST_WINDOWS = 2000


# A card in a window: the number of the seat, the device, the page, the card.
Window: TypeAlias = tuple[int, str, str, str]


class RoomScenario(ScenarioController):
    """A scenario whose files to take home are given to the browser instead of being written beside a page."""

    made: Mapping[str, str] = {}

    def written(self, files: Mapping[str, str]) -> list[str]:
        self.made = files
        return list(files)


class RoomHandIn(HandInController):
    """The last card of an exercise: makes the file that a notebook would have made, under the name of the seat."""

    def __init__(
        self, page: str, root: Path, graded: list[Question], sheet: Sheet, storage: SqliteStorage, seat: Seat
    ) -> None:
        super().__init__(page, root, graded, sheet)
        self.root, self.storage, self.seat = root, storage, seat

    @property
    def code(self) -> str:
        return code_name(self.seat.name)

    def do(self, request: dict[str, Any]) -> None:
        if request.get("do") == "hand-in":
            self.hand_in(self.code)

    def hand_in(self, code: str) -> None:
        self.sheet.set_code(code)
        files = files_of(self.page, self.root / "exercises" / self.page)
        files[f"{self.page}.answers.json"] = self.storage.load() or b""
        # Earlier ones stay: the newest counts, and grading says so.
        target = free(self.root / "hand_in" / f"{self.page}--{code}.zip")
        make_file(target, self.page, code, files)
        with self.storage.store.changing() as at:
            self.storage.store.add_hand_in(at, self.seat.id, self.page, target.name)
        self.file = f"{self.page}, {now()}"
        self.note = "Your facilitator has it. You may change answers and hand in again: the newest one counts."


class Desks:
    """All cards of all seats: what each shows, and what is done when somebody clicks.

    Requests of one seat are done one after another. Those of different seats meet in the store alone, and there only
    for as long as a changed sheet is written.
    """

    def __init__(self, root: Path, project: Project, store: Store, sources: Mapping[str, Mapping[str, str]]) -> None:
        self.root, self.project, self.store, self.sources = root, project, store, sources
        self.shown = ShownAnswers(store)
        self.bands = figures_ahead.bands(root, project.scenarios)
        self.windows: OrderedDict[Window, RoomScenario] = OrderedDict()
        self._locks: dict[int, threading.Lock] = {}

    def views(self, seat: Seat, device: str, page: str) -> dict[str, dict[str, Any]]:
        """{card: view} of a whole page for a seat."""
        with self._turn(seat):
            known = self.store.heard_of(seat.id, device)
            storage = SqliteStorage(self.store, seat.id, page)
            sheet = self._sheet(storage, page)
            views = {}
            for card in cards_of(self.project, page):
                number = known.get(f"{page}/{card}", 0)
                view = self._controller(sheet, storage, seat, device, card).view()
                views[card] = _numbered(view, number, number, page, card, device)
            return views

    def handle(self, seat: Seat, device: str, page: str, card: str, request: dict[str, Any]) -> dict[str, Any]:
        """Do what was clicked, once, and give the next view.

        Raises StorageError when the disk refuses, and then nothing has changed.
        """
        number, name = request["n"], f"{page}/{card}"
        if card not in cards_of(self.project, page):
            raise Gone(card)
        with self._turn(seat):
            with self.store.reading() as at:
                known = self.store.last_heard(at, seat.id, device, name)
            if number > known:
                view, done = self._do(seat, device, page, card, request)
                known = number if done else known
            else:
                storage = SqliteStorage(self.store, seat.id, page)
                view = self._controller(self._sheet(storage, page), storage, seat, device, card).view()
        return _numbered(view, max(number, known), known, page, card, device)

    def _do(
        self, seat: Seat, device: str, page: str, card: str, request: dict[str, Any]
    ) -> tuple[Mapping[str, Any], bool]:
        """(the next view, whether it was done): what was done is remembered, so that it is done once."""
        with_sheet: list[bool] = []

        def hear(at: Connection) -> None:
            self.store.hear(at, seat.id, device, f"{page}/{card}", request["n"])
            with_sheet.append(True)

        # A change and its number are on the disk together or not at all. Handing in is more than its change of the
        # sheet: done twice it makes a second file, and the newest counts.
        storage = SqliteStorage(self.store, seat.id, page, None if card == HAND_IN else hear)
        sheet = self._sheet(storage, page)
        controller = self._controller(sheet, storage, seat, device, card)
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
        if isinstance(controller, QuestionController):
            id = controller.question.id
            self.shown.take(f"{page}/{id}", seat.id, sheet.answer(id))
        return controller.view(), True

    def _turn(self, seat: Seat) -> threading.Lock:
        """The lock of a seat: its windows are not made for two requests at once."""
        return self._locks.setdefault(seat.id, threading.Lock())

    def _sheet(self, storage: SqliteStorage, page: str) -> Sheet:
        return Sheet(storage, page_of(self.project, page).name)

    def file(self, seat: Seat, device: str, page: str, card: str, name: str) -> str:
        """A file that somebody made to take home. Raises Gone."""
        window = self.windows.get((seat.id, device, page, card))
        if window is None or name not in window.made:
            raise Gone(name)
        return window.made[name]

    def _controller(self, sheet: Sheet, storage: SqliteStorage, seat: Seat, device: str, card: str) -> Controller:
        """The controller of a card of the storage's page, with the seat's sheet in it."""
        page = page_of(self.project, storage.page)
        graded = page.kind == "exercise"
        if card == HAND_IN:
            asked = [_public(question) for question in page.questions]
            return RoomHandIn(page.name, self.root, asked, sheet, storage, seat)
        question = next((each for each in page.questions if question_card(each) == card), None)
        if question is None:
            return self._window(sheet, (seat.id, device, storage.page, card), page)
        titles = {key: self.sources[key]["title"] for key in question.sources if key in self.sources}
        return QuestionController(_public(question) if graded else question, sheet, graded, titles)

    def _window(self, sheet: Sheet, window: Window, page: Page) -> RoomScenario:
        """A scenario card, which remembers what somebody looks at in this window."""
        controller = self.windows.pop(window, None)
        if controller is None:
            name, part = next(play for play in page.plays if play_card(*play) == window[-1])
            controller = RoomScenario(self.project.scenarios[name], sheet, part, self.bands[name])
        controller.sheet, controller.trouble = sheet, sheet.trouble
        self.windows[window] = controller
        while len(self.windows) > MOST_WINDOWS:
            self.windows.popitem(last=False)
        return controller

    def answered(self, page: str, data: Mapping[str, Any]) -> int:
        """How many questions of a page are answered in a sheet."""
        return sum(
            question.clean((data["answers"].get(question.id) or {}).get("value")) is not None
            for question in page_of(self.project, page).questions
        )


def _numbered(view: Mapping[str, Any], heard: int, saved: int, page: str, card: str, device: str) -> dict[str, Any]:
    """A view with the numbers of the last request that was heard and of the last that is safe, and where its files are.

    All views of a card have the same fields: one more, and the browser would take it for another card and draw it anew.
    """
    numbered = {**view, "heard": heard, "saved": saved}
    if "files" in view:
        query = urlencode({"page": page, "card": card, "device": device})
        numbered["links"] = {file: f"/made/{quote(file)}?{query}" for file in view["files"]}
    return numbered


def _public(question: Question) -> Question:
    """A graded question without its key: nothing else of it ever leaves this computer."""
    return kinds.from_data(question.public())
