"""Whether an exercise is fair before anybody takes it: its solution gets every point, an untouched copy none."""

import json
from collections.abc import Iterator
from typing import Any

from workshop.content.markdown import Problem
from workshop.grading import exercises, results, submission
from workshop.project.exercises import key_of
from workshop.project.pages import Code, Page
from workshop.project.project import Project
from workshop.questions.kinds.base import Question


def faults(project: Project) -> Iterator[Problem]:
    """What is wrong with the built exercises of a project. Each is graded twice: some seconds. Raises GradingError."""
    for page in project.exercises:
        yield from exercise_faults(project, page)


def exercise_faults(project: Project, page: Page) -> Iterator[Problem]:
    """A solution that does not get full points, an unsolved exercise that gets any. Raises GradingError."""
    for question in page.questions:
        if not question.scored_by_reader and question.grade(question.perfect()).share != 1:
            yield Problem(page.path, question.line, f"The right answer to “{question.title}” does not get full points.")
    for item, points, of in graded(project, page, solved=True):
        if points is not None and points != of:
            yield Problem(
                page.path, _line_of_item(page, item), f"The solution of “{item}” gets {points:g} of {of:g} points."
            )
    for item, points, _ in graded(project, page, solved=False):
        if points:
            yield Problem(
                page.path,
                _line_of_item(page, item),
                f"“{item}” gives {points:g} points to somebody who did nothing. Add a test that an empty answer fails.",
            )


def graded(project: Project, page: Page, solved: bool) -> list[tuple[str, float | None, float]]:
    """(item, points or None, of) of an exercise graded as a hand-in is, solved or untouched. Raises GradingError."""
    # The author's own code may run as it is: also where nothing can be shut in.
    exercise = exercises.prepare(project.root, page.name, lambda: submission.warm(unsafe=True))
    handed: dict[str, dict[str, Any]] = {"answers": {}, "code": {}}
    if solved:
        path = project.root / "solutions" / page.name / f"{page.name}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        handed["answers"] = {name: question.perfect() for name, question in key_of(page.name, project.root).items()}
        handed["code"] = {
            cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
            for cell in notebook["cells"]
            if cell["metadata"].get("nbgrader", {}).get("solution")
        }
    scores = submission.graded_own(exercise.spec, handed, unsafe=True)["scores"]
    return [(item.id, scores[item.id], item.points) for item in results.items_of(page)]


def _line_of_item(page: Page, item: str) -> int:
    for part in page.parts:
        if isinstance(part, Question) and part.id == item:
            return part.line
        if isinstance(part, Code) and f"{part.test}-test" == item:
            return part.line
    return 1
