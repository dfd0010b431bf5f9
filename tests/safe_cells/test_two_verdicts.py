"""What a test says beside a participant's code and outside: the same is the score, a difference waits for a reader."""

import time

import pytest
from support.small_course import SmallCourse, answer, check, given

from safe_cells import CourseError
from safe_cells.course import assignment, nbgrader_api
from safe_cells.course import round as rounds
from safe_cells.verdicts import KIND, LIKELY, SHARED

EQUAL = """class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)
    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)"""
YES = """class Vector:
    def __init__(self, x, y): pass
    def __add__(self, other): return self
    def __eq__(self, other): return True"""
SQUARES = "def squares(n):\n    return [i * i for i in range(n)]\ndef total(n):\n    return sum(squares(n))"

# name -> (the solution, its test, another answer or None)
KINDS = {
    "double": (
        "def double(x):\n    return 2 * x",
        "def close(a, b):\n    return abs(a - b) < 1e-9\nassert close(double(2), 4)",
        None,
    ),
    "found": ("def found():\n    return 6", "assert 'found' in globals()\nassert close(found(), 6)", None),
    "last": ("last = names[-1]", "assert names == ['x', 'y', 'z']", "last = names.pop()"),
    "number": (
        "def number(s):\n    return bool(re.fullmatch('[0-9]+', s))",
        "assert number('12')\nassert not number('x')",
        "def number(s):\n    return re.fullmatch('[0-9]+', s)",
    ),
    "place": (
        "def place(name):\n    return 'data/' + name",
        "assert str(place('x')) == 'data/x'",
        "def place(name):\n    return Path('data') / name",
    ),
    "matrix": (
        "def matrix(m):\n    return m @ m",
        "np.testing.assert_allclose(matrix(np.eye(2)), np.eye(2))",
        "def matrix(m):\n    return np.matrix(m) * np.matrix(m)",
    ),
    "keys": (
        "def keys(d):\n    return list(d)",
        "assert sorted(keys({'b': 1, 'a': 2})) == ['a', 'b']",
        "def keys(d):\n    return d.keys()",
    ),
    "steps": ("def steps():\n    return [1, 2]", "assert sum(steps()) == 3", "def steps():\n    yield 1\n    yield 2"),
    "part": ("def part():\n    return 1.0", "2 * part()", "def part():\n    return float('inf')"),
    "lost": ("def lost():\n    return 1.0", "2 - 3 * abs(1 - lost())", "def lost():\n    return 0.0"),
    "moments": (
        "def moments(a, times=(1, 2, 3)):\n    return [a * moment for moment in times]",
        "times = [1, 2, 3]\nassert moments(2) == [2, 4, 6]",
        "def moments(a):\n    return [a * moment for moment in times]",
    ),
    "squares": (
        SQUARES,
        (
            "kept = squares; del squares\ntry:\n    total(3); used = False\nexcept NameError:\n    used = True\n"
            "squares = kept\nassert used"
        ),
        None,
    ),
    "Vector": (EQUAL, "assert Vector(1, 2) + Vector(3, 4) == Vector(4, 6)", YES),
    "file": (
        "with open('out.txt', 'w') as file:\n    file.write('42')",
        "with open('out.txt') as file:\n    assert file.read() == '42'",
        "with open('out.txt', 'w') as file:\n    file.write('43')",
    ),
    "silent": (
        "def silent(x):\n    return 2 * x",
        "assert 'silent' in globals()\nassert silent(2) == 4",
        "def silent(x):\n    return 0\nget_ipython().showtraceback = lambda *a, **k: None",
    ),
}
SOLUTIONS = {name: solution for name, (solution, _, _) in KINDS.items()}
OTHERS = {name: other or solution for name, (solution, _, other) in KINDS.items()}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course with every kind, the solution and the other answers handed in, and the round."""
    cells = [given("g", "import re\nimport numpy as np\nfrom pathlib import Path\nnames = ['x', 'y', 'z']")]
    for name, (solution, test, _) in KINDS.items():
        cells += [answer(name, solution), check(f"{name}-test", test)]
    course = SmallCourse(
        tmp_path_factory.mktemp("kinds") / "course", cells, files={"source/ps1/out.txt": "42"}
    ).release()
    course.hand_in("right", SOLUTIONS)
    course.hand_in("other", OTHERS)
    return course, course.grade()


def test_the_solution_has_all_points_wherever_its_tests_can_run(graded):
    course, _ = graded
    assert course.scores("right") == {f"{name}-test": 2.0 for name in KINDS}


@pytest.mark.parametrize("name", ["number", "matrix", "place"])
def test_an_answer_of_another_kind_waits_with_both_verdicts_unless_they_agree(graded, name):
    course, done = graded
    assert course.scores("other")[f"{name}-test"] == "reader"
    ((code, sentence),) = done.held[f"nb/{name}-test", LIKELY[KIND]]
    assert code == "other" and "beside the participant's code it passes, outside it fails" in sentence


@pytest.mark.parametrize("name", ["keys", "steps"])
def test_what_can_be_gone_through_is_as_good_as_a_list(graded, name):
    assert graded[0].scores("other")[f"{name}-test"] == 2.0


def test_an_answer_that_leans_on_a_name_of_the_test_waits_and_the_cause_is_named(graded):
    course, done = graded
    assert course.scores("other")["moments-test"] == "reader"
    assert ("nb/moments-test", LIKELY[SHARED]) in done.held


def test_what_was_given_must_not_change_where_the_test_says_so(graded):
    assert graded[0].scores("other")["last-test"] == 0.0


def test_a_test_reads_what_the_participant_wrote_and_not_what_lies_in_the_source(graded):
    assert graded[0].scores("other")["file-test"] == 0.0


@pytest.mark.parametrize(("name", "value"), [("part", "inf"), ("lost", "-1.0")])
def test_points_that_cannot_be_wait_for_a_reader_with_the_value(graded, name, value):
    course, done = graded
    assert course.scores("other")[f"{name}-test"] == "reader"
    ((_, sentence),) = done.held[f"nb/{name}-test", "no number of points from 0 to 2"]
    assert f"shows {value}" in sentence


def test_switching_off_how_errors_are_shown_wins_nothing(graded):
    assert graded[0].scores("other")["silent-test"] == 0.0


def test_the_instructor_learns_where_a_participants_class_answers_for_itself(graded):
    assert any("nb/Vector-test" in note and "might say yes to everything" in note for note in graded[1].notes)


def test_the_instructor_learns_which_tests_run_inside_and_why(graded):
    notes = [note for note in graded[1].notes if "runs inside" in note]
    assert [name for name in KINDS if any(f"nb/{name}-test" in note for note in notes)] == [
        "found",
        "squares",
        "silent",
    ]


def test_both_verdicts_stand_in_the_notebook_that_the_reader_opens(graded):
    text = (graded[0].root / "autograded" / "other" / "ps1" / "nb.ipynb").read_text()
    assert "Beside the participant's code: the test passes." in text
    assert "Outside, where that code cannot reach: the test fails (TypeError" in text


def test_the_summary_names_what_waits_and_for_whom(graded):
    said = "\n".join(rounds.summary(graded[1]))
    assert "WAITS nb/place-test of other: beside the participant's code it passes" in said and "--trust inside" in said


def test_a_course_may_decide_that_tests_count_as_they_run(graded):
    course, _ = graded
    done = course.grade(trust=True)
    assert sorted(done.graded) == ["other", "right"] and set(done.held) == {
        ("nb/part-test", "no number of points from 0 to 2"),
        ("nb/lost-test", "no number of points from 0 to 2"),
    }
    assert [course.scores("other")[f"{name}-test"] for name in ("number", "place", "matrix", "moments")] == [2.0] * 4
    assert course.scores("other")["last-test"] == 0.0


def test_a_test_with_hidden_parts_is_never_decided_by_the_participants_process_alone(tmp_path):
    test = "assert 'f' in globals()\n### BEGIN HIDDEN TESTS\nassert f(2) == 4\n### END HIDDEN TESTS"
    right = "def f(x):\n    return 2 * x"
    course = SmallCourse(tmp_path / "course", [answer("f", right), check("t", test)]).release()
    course.hand_in("right", {"f": right})
    course.hand_in("wrong", {"f": "def f(x):\n    return 0"})
    course.grade()
    assert (course.scores("right"), course.scores("wrong")) == ({"t": "reader"}, {"t": 0.0})


def outside(tmp_path):
    """A course whose data and helpers lie beside source/."""
    start = (
        "import sys\nsys.path.append('../../../lib')\nimport helper\nrows = open('../../../data/x.csv').read().split()"
    )
    right = "n = helper.count(rows)"
    files = {"data/x.csv": "1\n2\n3\n", "lib/helper.py": "def count(rows):\n    return len(rows)\n"}
    course = SmallCourse(
        tmp_path / "course", [given("g", start), answer("a", right), check("t", "assert n == 3")], files=files
    )
    course.release().hand_in("right", {"a": right})
    return course


def test_a_solution_that_does_not_pass_stops_the_round_and_a_folder_can_be_let_in(tmp_path):
    course = outside(tmp_path)
    with pytest.raises(CourseError, match=r"(?s)own solution of ps1 does not pass here.*nb/t fails.*--allow DIR"):
        course.grade()
    done = course.grade(allow=[course.root / "data", course.root / "lib"])
    assert course.scores("right") == {"t": 2.0} and done.refused == {}


@pytest.mark.parametrize("folder", [".", "source", "submitted/right"])
def test_no_folder_with_solutions_or_work_of_others_can_be_let_in(tmp_path, folder):
    course = outside(tmp_path)
    with pytest.raises(CourseError, match="nobody's code may see"):
        course.grade(allow=[course.root / folder])


def test_a_changed_environment_or_the_word_again_grades_anew_and_what_a_reader_settled_stays(tmp_path, monkeypatch):
    course = SmallCourse(
        tmp_path / "course", [answer("f", "def f():\n    return 1.0"), check("t", "3 * f()")]
    ).release()
    folder = course.hand_in("ada", {"f": "def f():\n    return 1.0"})
    course.grade()
    with nbgrader_api.api(course.root).gradebook as book:
        grade = book.find_grade("t", "nb", "ps1", "ada")
        grade.manual_score, grade.needs_manual_grade = 2, False
        book.db.commit()
    assert course.grade().unchanged == ["ada"]
    assert course.grade(again=True).graded == ["ada"] and course.scores("ada") == {"t": None}
    monkeypatch.setattr(assignment, "packages", lambda: "one more")
    assert course.grade().graded == ["ada"] and course.scores("ada") == {"t": None}
    notebook = folder / "nb.ipynb"
    notebook.write_text(notebook.read_text().replace("1.0", "1.5"))
    assert course.grade().graded == ["ada"] and course.scores("ada") == {"t": "reader"}


def test_code_that_hangs_where_no_test_is_beside_it_holds_up_nobody_and_waits(tmp_path):
    right = "def f(x):\n    return 2 * x"
    sly = (
        "import signal\ndef f(x):\n    if get_ipython().display_formatter.active_types == ['text/plain']:\n"
        "        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\n        while True: pass\n    return 2 * x"
    )
    tests = [check(f"t{number}", f"assert f({number}) == {2 * number}") for number in range(3)]
    course = SmallCourse(tmp_path / "course", [answer("f", right), *tests], "c.Execute.timeout = 1\n").release()
    course.hand_in("right", {"f": right})
    course.hand_in("sly", {"f": sly})
    began = time.monotonic()
    course.grade()
    assert time.monotonic() - began < 45
    assert course.scores("right") == dict.fromkeys(["t0", "t1", "t2"], 2.0)
    assert course.scores("sly") == dict.fromkeys(["t0", "t1", "t2"], "reader")
