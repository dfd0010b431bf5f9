"""Where participants' code cannot be shut in, answers are graded all the same.

Code waits unless the instructor insists.
"""

import os
import subprocess
import sys

import pytest
from support.course_helpers import EXERCISE, SOLUTION, course_folder, hand_in, right_answers
from support.jailed import WITHOUT_NAMESPACES

from safe_cells import execution
from safe_cells.kernel_pool import Limits

pytestmark = pytest.mark.nbgrader

GRADE = "import sys; from workshop.cli.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def folder(tmp_path):
    """A course in which one person wrote code."""
    course_folder(tmp_path)
    hand_in(tmp_path, "coder", right_answers(tmp_path), SOLUTION)
    hand_in(tmp_path, "reader", right_answers(tmp_path))
    return tmp_path


def graded(folder, *more):
    """What `workshop grade` says where the system allows no namespaces."""
    program = WITHOUT_NAMESPACES.replace("from safe_cells.kernel_pool import *", GRADE)
    done = subprocess.run(
        [sys.executable, "-c", program, "grade", EXERCISE, *more],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "WORKSHOP_HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_code_waits_for_a_reader_and_answers_are_graded(folder):
    said = graded(folder)
    assert "coder: 22 of 30 points, 3 to read" in said
    assert "reader: 22 of 30 points, 2 to read" in said
    assert "The code of coder was not run" in said and "--unsafe" in said


def test_an_instructor_who_insists_gets_the_code_graded_and_is_told_what_did_not_shut_it_in(folder):
    said = graded(folder, "--unsafe")
    assert "coder: 22 of 30 points and 2 extra, 2 to read" in said
    assert "shut in by: no namespaces" in said


def test_a_kernel_as_jupyter_starts_it_gives_the_same_outputs(tmp_path):
    cells = [
        {"cell_type": kind, "source": source, "metadata": {}}
        for kind, source in (
            ("code", "print('one')"),
            ("markdown", "words"),
            ("code", "1 / 0"),
            ("code", "skipped"),
            ("code", "import pandas\n2 + 2"),
        )
    ]
    found = execution.run_plainly(cells, tmp_path, Limits(), {3}).outputs
    assert found.keys() == {0, 2, 4}
    assert found[0] == [{"output_type": "stream", "name": "stdout", "text": "one\n"}]
    assert found[2][0]["ename"] == "ZeroDivisionError"
    assert found[4][0]["data"] == {"text/plain": "4"}
