"""The solution of every exercise gets full points, and an empty hand-in gets none."""

import nbformat
import pytest
from support.course_helpers import ROOT, course_folder, grade, hand_in, right_answers

from workshop.project import project

pytestmark = pytest.mark.nbgrader

EXERCISES = [page.name for page in project.read(ROOT).exercises]


def solution_of(folder, exercise):
    """The source of the code item as the solution has it; None where an exercise has no code item."""
    notebook = nbformat.read(folder / "solutions" / exercise / f"{exercise}.ipynb", as_version=4)
    return next((cell.source for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")), None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A course in which one person has solved every exercise and another has handed in nothing but empty pages."""
    made = course_folder(tmp_path_factory.mktemp("course"))
    for exercise in EXERCISES:
        hand_in(made, "solved", right_answers(made, exercise), solution_of(made, exercise), exercise)
        hand_in(made, "empty", {}, exercise=exercise)
    return made


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_solution_gets_every_point_and_an_empty_hand_in_none(folder, exercise):
    result = grade(folder, exercise)
    assert result.refused == {}
    solved, empty, page = result.people["solved"], result.people["empty"], project.read(ROOT).exercise(exercise)
    to_read = [question for question in page.questions if question.kind == "write"]
    assert solved.points == page.points - sum(question.points for question in to_read)
    assert solved.waiting == len(to_read)
    assert solved.extra == sum(cell.points for cell in page.code if cell.optional)
    assert (empty.points, empty.extra, empty.waiting) == (0, 0, 0)
