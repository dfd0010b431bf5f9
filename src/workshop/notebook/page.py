"""A page at work: what the cells of a built notebook call.

``page = Page("m02_challenges")``, then ``page.ask(id)`` shows a question, ``page.play(name)`` a scenario,
``page.explore(name)`` a figure with controls, ``page.canvas(name)`` something to draw up, ``page.hand_in()`` the last
card of an exercise.
While nbgrader grades, the same cells show the answer as plain text and give its points.
"""

import json
import linecache
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from workshop import environment
from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.errors import WorkshopError
from workshop.questions import kinds
from workshop.scenarios import model as scenarios

if TYPE_CHECKING:
    from workshop.cards.base import Controller
    from workshop.cards.widget import Card

SUFFIX = ".answers.json"


class IncompletePageError(WorkshopError):
    """The notebook of this page lacks what the kit put into it; the message says what to do."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Page:
    """One page of the workshop with the answer sheet beside it."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self.name, self.folder = name, folder or Path.cwd()
        self.sheet = Sheet(FileStorage(self.folder / f"{name}{SUFFIX}"), name)
        self.grading = environment.autograding()
        self.parts: dict[str, Any] = {} if self.grading else _parts(name, self.folder)
        self.graded = self.parts.get("kind") == "exercise"
        self.canvases: dict[str, Card] = {}
        if not self.grading:
            _plain_words_for_failed_tests()

    def ask(self, name: str) -> float | None:
        """Show a question; while grading, print the answer and return its points, None where a reader gives them."""
        if self.grading:
            return self._points(name)
        from workshop.cards.question import QuestionController

        question = kinds.from_data(self._part("questions", name))
        self._show(QuestionController(question, self.sheet, self.graded, self.parts.get("sources")))
        return None

    def play(self, name: str, part: int = 0) -> None:
        """Show a scenario, or one round of it alone; while grading nothing is shown."""
        if self.grading:
            return
        from workshop.cards.scenario import ScenarioController

        self._show(
            ScenarioController(scenarios.from_data(self._part("scenarios", name)), self.sheet, part, folder=self.folder)
        )

    def explore(self, name: str) -> None:
        """Show a figure with controls; while grading nothing is shown."""
        if self.grading:
            return
        from workshop.explorations import explored

        _display(explored(name))

    def canvas(self, name: str) -> None:
        """Show a canvas: the architecture, the plan made from it, or the request for help."""
        if self.grading:
            return
        from workshop.architecture.canvases import CANVASES

        card = self._show(CANVASES[name](self.sheet, self.folder))
        # What one canvas says follows from another, so all of them look again after each save.
        self.canvases = {**self.canvases, name: card}
        self.sheet.changed = self._refresh_canvases

    def _refresh_canvases(self) -> None:
        for card in self.canvases.values():
            card.refresh()

    def hand_in(self) -> None:
        """Show the card with which an exercise is handed in."""
        if self.grading:
            return
        from workshop.cards.hand_in import HandInController

        public = [kinds.from_data(data) for data in self.parts["questions"].values()]
        card = self._show(HandInController(self.name, self.folder, public, self.sheet))
        # The list of what is still open must not grow old while answers are given above it.
        self.sheet.changed = card.refresh

    def _show(self, controller: "Controller") -> "Card":
        from workshop.cards.widget import Card

        card = Card(controller)
        _display(card)
        return card

    def _part(self, group: str, name: str) -> Any:
        if name not in self.parts.get(group, {}):
            raise IncompletePageError(
                f"This copy of {self.name}.ipynb does not hold “{name}”. Take a fresh copy of the page: "
                "your answers are kept in the answer sheet beside it."
            )
        return self.parts[group][name]

    def _points(self, name: str) -> float | None:
        from workshop.project.exercises import key_of

        question = key_of(self.name)[name]
        answer = self.sheet.answer(name)
        print(question.printed(answer))
        # A written answer is a reader's to score; nbgrader looks for points in the cell below it.
        return None if question.scored_by_reader else question.grade(answer).points(question)


def _display(shown: object) -> None:
    from IPython.display import display  # while nbgrader grades, nothing is shown

    display(shown)  # type: ignore[no-untyped-call] # IPython has types in part


def _parts(name: str, folder: Path) -> dict[str, Any]:
    """What the build wrote into the notebook's metadata: kind, questions, scenarios, sources."""
    session = environment.notebook_of_kernel()
    names = [Path(session).name] if session.endswith(".ipynb") else []
    for _ in range(10):
        for candidate in [*names, f"{name}.ipynb"]:
            parts = _metadata(folder / candidate)
            if parts.get("page") == name:
                return {**parts, "questions": {question["id"]: question for question in parts["questions"]}}
        # Jupyter writes a notebook in place: while it saves, half a file stands there.
        time.sleep(0.2)
    raise IncompletePageError(
        f"The page {name} is not in this folder in a form the workshop can read. Take a fresh copy of "
        f"{name}.ipynb: your answers are kept in the answer sheet beside it."
    )


def _metadata(path: Path) -> dict[str, Any]:
    try:
        parts = json.loads(path.read_text(encoding="utf-8"))["metadata"]["workshop"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return parts if isinstance(parts, dict) else {}


def _plain_words_for_failed_tests() -> None:
    """A test that does not pass yet is no accident: say so in two lines, without a traceback."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return

    def say(
        shell: Any, kind: type[Exception], error: Exception, trace: TracebackType | None, tb_offset: int | None = None
    ) -> None:
        if not _is_test(trace):
            shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
            return
        print(
            "Not yet: this test does not pass. Change your lines above and run both cells again, or leave the item out."
        )
        # Other errors, of lines that are still missing, would be riddles to a reader.
        if isinstance(error, AssertionError) and str(error):
            print(f"What the test says: {error}")

    shell.set_custom_exc((Exception,), say)


def _is_test(trace: TracebackType | None) -> bool:
    """Whether what failed began in a cell that asserts something and defines nothing."""
    while trace is not None:
        lines = linecache.getlines(trace.tb_frame.f_code.co_filename)
        if trace.tb_frame.f_code.co_name == "<module>" and any(line.startswith("assert ") for line in lines):
            return not any(line.startswith(("def ", "class ")) for line in lines)
        trace = trace.tb_next
    return False
