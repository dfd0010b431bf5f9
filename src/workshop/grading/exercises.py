"""An exercise of the kit, prepared for grading: its key, its cells with the hidden tests, and how its code is run."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workshop import __version__
from workshop.answers.cache import cached_json
from workshop.errors import GradingError
from workshop.grading import assignments
from workshop.grading.code_cells import Assignment, Beside, Limits, NoJail, Warm, execution
from workshop.notebook import calls
from workshop.project import exercises
from workshop.project.pages import Page
from workshop.questions.kinds.base import Question

KEPT = Path(".workshop") / "prepared"


@dataclass
class Exercise:
    """An exercise ready for grading.

    `spec` is what workers get (see `workshop.grading.submission`), `book` its cells for the grade book.
    """

    name: str
    page: Page
    key: dict[str, Question]
    released: dict[str, Any]
    book: Assignment
    spec: dict[str, Any]
    digest: str
    inside: dict[str, str]  # name of a test that runs beside participant's code -> why


def prepare(root: Path, name: str, warm: Callable[[], Warm]) -> Exercise:
    """The exercise of this name. `warm()` gives a warm process, if the exercise has code. Raises GradingError."""
    page, key = exercises.read_exercise(root, name), exercises.key_of(name, root)
    solved = root / "solutions" / name / f"{name}.ipynb"
    if not solved.exists():
        raise GradingError(f"The exercise {name} is not built yet. Run `workshop build` first.")
    content = solved.read_bytes()
    released, book = assignments.released(root, name, content)
    notebook = json.loads(released)
    cells = notebook["cells"]
    shown = calls.every(page)
    cards = [place for place, cell in enumerate(cells) if _is_card(cell, shown)]
    spec = {
        "name": name,
        "questions": {id: one.data() for id, one in key.items()},
        "cells": cells,
        "cards": cards,
        "sources": {cell: row["source"] for cell, row in book.notebooks[name].sources.items()},
        "plan": None,
        "untouched": {},
        "trust": False,
    }
    made_from = [__version__, spec["questions"], spec["cells"], spec["sources"]]
    digest = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()
    if any(kind == "solution" for kind, _ in book.notebooks[name].cells):
        spec["plan"], spec["untouched"] = _planned(root, spec, digest, json.loads(content)["cells"], shown, warm)
    inside = {id: test["inside"] for id, test in (spec["plan"] or {"tests": {}})["tests"].items() if test["inside"]}
    return Exercise(name, page, key, notebook, book, spec, digest, inside)


def refuse_faults(exercise: Exercise) -> None:
    """Raises GradingError where the instructor's own solution fails a test.

    Then nobody's points would mean anything.
    """
    faults = (exercise.spec["plan"] or {}).get("faults", {})
    if faults:
        listed = "".join(f"\n  {test} {words}" for test, words in faults.items())
        raise GradingError(
            f"The solution of {exercise.name} does not pass its own tests, so nothing is graded:{listed}"
        )


def _is_card(cell: Mapping[str, Any], shown: Collection[str]) -> bool:
    """Whether a cell is one of those (see `calls.every`) that only show what the page has.

    Nothing in it is a participant's code.
    """
    return cell["cell_type"] == "code" and execution.source_of(cell) in shown


def _planned(
    root: Path,
    spec: dict[str, Any],
    digest: str,
    solved: list[dict[str, Any]],
    shown: Collection[str],
    warm: Callable[[], Warm],
) -> tuple[execution.Plan, dict[str, Any]]:
    """(how the code runs, outputs of the exercise as it was given out), made once for each edition of it."""
    try:
        kept: tuple[execution.Plan, dict[str, Any]] = cached_json(
            root / KEPT, f"{spec['name']}.json", digest, lambda: _plan(spec, solved, shown, warm())
        )
        return kept
    except NoJail:
        return {"given": [], "tests": {}}, {}


def _plan(
    spec: dict[str, Any], solved: list[dict[str, Any]], shown: Collection[str], process: Warm
) -> tuple[execution.Plan, dict[str, Any]]:
    typed = {*spec["questions"], *(f"{id}-answer" for id in spec["questions"])}
    # Cards have no part in the code; as text they keep the places of the other cells.
    solved = [{**cell, "cell_type": "raw"} if _is_card(cell, shown) else cell for cell in solved]
    with tempfile.TemporaryDirectory() as empty:
        beside = Beside(Path(empty), Path(empty))
        plan = execution.plan_of(process, solved, beside, Limits(), typed)
        cells = [
            {**cell, "source": spec["sources"].get(execution.id_of(cell), cell["source"])} for cell in spec["cells"]
        ]
        ran = execution.run(process, plan, cells, beside, Limits(), set(spec["cards"]), trust=True)
    untouched = {str(place): found for place, found in ran.outputs.items()}
    return plan, untouched
