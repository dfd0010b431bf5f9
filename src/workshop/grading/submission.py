"""What a worker does with one submission: typed answers by the pure function, code in a jail.

No file of the course is touched.

Everything that goes in or comes out is JSON-ready, so that the same work can be given to any executor.
"""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from workshop.content import tables
from workshop.environment import home_as_variable
from workshop.grading.code_cells import NO_RESPONSE, NOTHING, Beside, Limits, NoJail, Warm, execution, pool, verdicts
from workshop.questions import kinds
from workshop.questions.kinds.base import Question

Spec = dict[str, Any]  # what `workshop.grading.exercises` prepares
Result = dict[str, Any]
Output = dict[str, Any]  # in nbformat's form
NOTHING_WRITTEN: Output = {
    "output_type": "error",
    "ename": "NotAnswered",
    "evalue": "",
    "traceback": ["Left as it was given out."],
}
# What cells of the kit's exercises use, and the description of its data, read once for all of them.
PRELOAD = ("workshop.notebook.page", "workshop.content.tables:describe")


def warm(unsafe: bool = False) -> Warm:
    """This process's own pool of kernels in which the kit can be imported and its data are there. Raises NoJail."""
    home = tables.home()
    return pool(unsafe, readable=[home / "data"], preload=PRELOAD, environment=home_as_variable(home))


def graded_own(spec: Spec, handed: Mapping[str, Any], unsafe: bool = False) -> Result:
    """One hand-in of an exercise of the kit: {"scores", "comments", "settled", "cells", "notes", "held", "code_waits",
    "regime"}: why tests wait for a reader, by cell (see `verdicts.Held`), and what shut the code in, if any ran.

    `spec` is what `workshop.grading.exercises` prepares; `handed` has the answers by question id under "answers", and
    the participant's lines by the name of the solution cell under "code".
    """
    key = {id: kinds.from_data(data) for id, data in spec["questions"].items()}
    cells, changed = _whole(spec, handed["code"])
    result: Result = {
        "scores": {},
        "comments": {},
        "settled": [],
        "notes": [],
        "held": {},
        "code_waits": False,
        "regime": "",
    }
    tests: dict[int, verdicts.Verdict] = {}
    # Lines left as they were given out pass no test; without a jail nothing more is known of them.
    outputs = {str(place): [NOTHING_WRITTEN] for place, cell in enumerate(cells) if _is_test(cell)} | spec["untouched"]
    if changed:
        ran = _ran(spec, cells, unsafe, result)
        outputs, tests = {str(place): shown for place, shown in ran.outputs.items()}, ran.verdicts
    for place, cell in enumerate(cells):
        marks = cell.get("metadata", {}).get("nbgrader", {})
        name = marks.get("grade_id", "")
        question = key.get(name) or key.get(name.removesuffix("-answer"))
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = _inert(outputs.get(str(place), [])), None
            if question:
                cell["outputs"] = _card(question, handed["answers"].get(question.id))
        if marks.get("task"):
            answered = key[name].clean(handed["answers"].get(name)) is not None
            result["scores"][name], result["comments"][name] = None, None
            if not answered:
                result["settled"].append(name)
        elif marks.get("solution"):
            result["comments"][name] = None if name in changed else NO_RESPONSE
        elif marks.get("grade") and question:
            result["scores"][name] = question.grade(handed["answers"].get(name)).points(question)
        elif marks.get("grade"):
            verdict = tests.get(place) or verdicts.Verdict(cell["outputs"], alone="nothing was changed")
            score, held = verdicts.settle(verdict, float(marks["points"]), spec["trust"])
            result["scores"][name] = None if result["code_waits"] else score
            verdicts.note(cell, held)
            if held:
                result["held"][name] = [held.inside, held.outside, held.cause]
    result["cells"] = cells
    return result


def _ran(spec: Spec, cells: list[dict[str, Any]], unsafe: bool, result: Result) -> execution.Ran:
    """What the code showed; `result` gets what shut it in, and whether it waits where nothing can."""
    try:
        with tempfile.TemporaryDirectory() as empty:
            result["regime"] = warm(unsafe).regime
            ran = execution.run(
                warm(unsafe),
                spec["plan"],
                cells,
                Beside(Path(empty), Path(empty)),
                Limits(),
                set(spec["cards"]),
                spec["trust"],
            )
        result["notes"] += ran.notes
    except NoJail:
        result["code_waits"] = not unsafe
        ran = execution.Ran({})
        if unsafe:
            with tempfile.TemporaryDirectory() as empty:
                ran = execution.run_plainly(cells, Path(empty), Limits(), set(spec["cards"]))
            result["regime"] = NOTHING
    return ran


def _whole(spec: Spec, code: Mapping[str, str]) -> tuple[list[dict[str, Any]], set[str]]:
    """(the cells as they were given out, the names of changed ones).

    The participant's own lines stand where they belong.
    """
    cells: list[dict[str, Any]] = []
    changed: set[str] = set()
    for cell in spec["cells"]:
        cell = {**cell, "metadata": {**cell["metadata"]}}
        marks = cell["metadata"].get("nbgrader", {})
        name = marks.get("grade_id", "")
        if marks.get("solution") and name in code and code[name] != execution.source_of(cell):
            cell["source"] = code[name]
            changed.add(name)
        elif name in spec["sources"] and not marks.get("solution"):
            cell["source"] = spec["sources"][name]
        cells.append(cell)
    return cells, changed


def _inert(outputs: Iterable[Output]) -> list[Output]:
    """Outputs as words and pictures: a reader needs no more, and nothing in them can be live."""
    return [
        output
        | {"data": {kind: value for kind, value in output["data"].items() if kind in ("text/plain", "image/png")}}
        if "data" in output
        else output
        for output in outputs
    ]


def _is_test(cell: Mapping[str, Any]) -> bool:
    marks = cell.get("metadata", {}).get("nbgrader", {})
    return cell["cell_type"] == "code" and bool(marks.get("grade")) and not marks.get("solution")


def _card(question: Question, answer: object) -> list[Output]:
    """What stands under a question for the reader: the answer as plain text, and its points."""
    shown: list[Output] = [{"output_type": "stream", "name": "stdout", "text": question.printed(answer) + "\n"}]
    found = None if question.scored_by_reader else question.grade(answer).points(question)
    if found is not None:
        shown.append(
            {
                "output_type": "execute_result",
                "execution_count": None,
                "metadata": {},
                "data": {"text/plain": repr(found)},
            }
        )
    return shown
