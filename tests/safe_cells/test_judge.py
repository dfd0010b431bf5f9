"""Tests of an instructor run where no participant's code ever ran.

Trickery gains nothing, and honest work loses nothing.
"""

import functools
import itertools
import json
import re
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import determine_grade
from support.course_helpers import ROOT
from support.participant import Participant, end, start

from safe_cells.calibration import calibrate
from safe_cells.test_runner import Judge

CODE = sorted(path.stem for path in (ROOT / "solutions").glob("m0*.md"))


def cell(source, kind):
    """A code cell as an instructor's notebook has it."""
    marks = {"grade_id": kind, "points": 2, "grade": kind == "test", "solution": kind == "solution"}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": marks} if kind != "given" else {})


def learnt(cells):
    """The steps of a notebook, from its own solution in a process of its own."""
    reference = Participant()
    judge = Judge(reference.ask)
    try:
        return calibrate(cells, lambda frame: getattr(judge, frame.pop("do"))(**frame), reference.execute)
    finally:
        reference.close()


@functools.cache
def steps_of(solution, test, given):
    """The steps of a given cell, a solution and a test."""
    return learnt([cell(given, "given"), cell(solution, "solution"), cell(test, "test")])


def judged(solution, test, theirs, given="", seconds=30):
    """What the judge says of a participant's cell.

    Points of 2, outputs, status, and every question that was asked there.
    """
    first, _, step = steps_of(solution, test, given)
    assert step["inside"] == ""
    participant = Participant()
    try:
        judge = Judge(participant.ask)
        participant.execute(given)
        if first["needs"] is not None:
            judge.given(given, first["needs"])
        participant.execute(theirs)
        participant.execute(step["imports"])
        result = judge.test(test, step["needs"], seconds)
        return SimpleNamespace(**result, points=points(test, result["outputs"]), asked=participant.seen)
    finally:
        participant.close()


def points(test, outputs):
    """What nbgrader gives for these outputs."""
    made = cell(test, "test")
    made.outputs = [nbformat.from_dict(output) for output in outputs]
    return determine_grade(made)[0]


def inside(solution, test, given=""):
    """Why a test must run inside the participant's process."""
    return steps_of(solution, test, given)[-1]["inside"]


def programs(file):
    """heading -> (quoted words, code blocks) of a file of small programs."""
    found = {}
    for section in f"\n{Path(__file__).with_name(file).read_text(encoding='utf-8')}".split("\n## "):
        heading, _, rest = section.partition("\n")
        quoted = re.search(r"^> (.+)$", rest, re.MULTILINE)
        found["" if section.startswith("\n") else heading] = (
            quoted[1] if quoted else "",
            re.findall(r"```python\n(.*?)```", rest, re.DOTALL),
        )
    return found


# ---------------------------------------------------------------- honest work

NUMPY, PANDAS = "import numpy as np", "import pandas as pd"
HONEST = {name: blocks for name, (_, blocks) in programs("judge_honest.md").items() if name}
VECTOR = HONEST["operators of a class"][0]


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_solution_passes_and_an_empty_one_does_not(name):
    solution, test = HONEST[name]
    passed = judged(solution, test, solution)
    assert (passed.points, passed.status) == (2, "ok"), passed.outputs
    assert judged(solution, test, "").points == 0


def test_an_answer_may_lean_on_what_the_test_imports():
    test = "import math\nassert f(9) == 3"
    assert judged("import math\ndef f(n): return math.isqrt(n)", test, "def f(n): return math.isqrt(n)").points == 2


def test_a_test_that_forbids_a_new_order_finds_it():
    test = "a, b = {'n': 2}, {'n': 1}\nrows = [a, b]\nf(rows)\nassert rows == [a, b]"
    solution = "def f(rows): return sorted(rows, key=lambda row: row['n'])"
    assert judged(solution, test, "def f(rows): rows.sort(key=lambda row: row['n'])").points == 0


@pytest.mark.parametrize("name", CODE)
def test_the_code_item_of_an_exercise_passes_with_its_solution_and_fails_without(name):
    notebook = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)
    codes = [code for code in notebook.cells if code.cell_type == "code"]
    place = next(place for place, code in enumerate(codes) if "BEGIN SOLUTION" in code.source)
    given, (solution, test) = codes[place - 1].source, codes[place : place + 2]
    assert judged(solution.source, test.source, solution.source, given).points == 2
    assert judged(solution.source, test.source, "", given).points == 0


def test_partial_credit_is_what_the_last_line_shows():
    test = "score = 0\nscore += f(1) == 1\nscore += f(2) == 4\nscore"
    assert judged("def f(x): return x * x", test, "def f(x): return 1").points == 1


def test_a_warning_on_stderr_counts_as_it_does_in_a_notebook():
    theirs = "import sys\ndef f(x):\n    print('careful', file=sys.stderr)\n    return x"
    assert judged("def f(x): return x", "assert f(1) == 1", theirs).points == 0


def test_another_honest_way_to_give_the_same_values_passes():
    for theirs in (
        "def f(): return iter([1, 2])",
        "def f(): return {1: 0, 2: 0}.keys()",
        "def f():\n    yield 1\n    yield 2",
    ):
        assert judged("def f(): return [1, 2]", "assert sorted(f()) == [1, 2]", theirs).points == 2
    theirs = "from collections import namedtuple\ndef f(): return namedtuple('P', 'x y')(1, 2)"
    assert judged("def f(): return (1, 2)", "assert f() == (1, 2)", theirs).points == 2


def test_a_module_that_the_participant_forgot_to_import_is_missing():
    result = judged(f"{NUMPY}\ndef f(): return 1", "assert f() == np.int64(1)", "def f(): return 1")
    assert result.points == 0 and result.outputs[-1]["ename"] == "NameError"


def test_what_a_given_cell_makes_is_the_judges_own():
    theirs = "data = [0]\ndef f(xs): return sum(xs)"
    result = judged(
        "def f(xs): return sum(xs)", "assert f(data) == 3", theirs, given="%matplotlib inline\ndata = [1, 2]"
    )
    assert result.points == 2


def test_the_error_shows_the_line_of_the_test():
    result = judged("def f(x): return x", "assert f(1) == 1\nassert f(2) == 2, 'two'", "def f(x): return 1")
    assert result.outputs[-1]["ename"] == "AssertionError" and result.outputs[-1]["evalue"] == "two"
    assert "----> 2 assert f(2) == 2, 'two'" in result.outputs[-1]["traceback"]


# ---------------------------------------------------------------- trickery

YES = programs("judge_tricks.md")[""][1][0]
TRICKS = {name: YES + blocks[0] for name, (_, blocks) in programs("judge_tricks.md").items() if name}
SQUARE = "def f(x): return x * x"
TESTS = """
assert f(3) == 9
assert not f(3) != 9
assert abs(f(3) - 9) < 1e-6
assert 8 < f(3) < 10
assert f(3) in (9,)
assert 9 in [f(3)]
assert {9: 1}[f(3)]
assert isinstance(f(3), int) and 8 < f(3) < 10
assert all(f(n) == n * n for n in (2, 3))
assert all(map(lambda n: f(n) == n * n, (2, 3)))
import numpy as np; assert np.allclose(f(3), 9)
import math; assert math.isclose(f(3), 9)
import numpy as np; np.testing.assert_almost_equal(f(3), 9)
assert [f(2), f(3)] == [4, 9]
assert float(f(3)) == 9
assert str(f(3)) == '9'
assert round(f(3)) == 9
assert f(3) and f(3) + 1 == 10
import pytest; assert f(3) == pytest.approx(9); assert pytest.approx(9) == f(3)
""".strip().splitlines()


@pytest.mark.parametrize("name", TRICKS)
def test_nothing_is_gained_by(name):
    solved = [steps_of(SQUARE, test, "")[-1] for test in TESTS]
    assert [step["inside"] for step in solved] == [""] * len(TESTS)
    participant = Participant()
    try:
        judge = Judge(participant.ask)
        participant.execute(TRICKS[name])
        for test, step in zip(TESTS, solved, strict=True):
            result = judge.test(test, step["needs"], 20)
            assert (test, points(test, result["outputs"])) == (test, 0)
            assert all(type(output.get("evalue", "")) is str for output in result["outputs"])
    finally:
        participant.close()


WORDS = st.sampled_from(
    ["object", "handle", "list", "float", "nan", "np.array", "f", "stdout", "StopIteration", "BaseException", "int"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 8) | st.floats() | WORDS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(WORDS, inner, max_size=3),
        st.tuples(st.just("object"), st.integers(0, 2), WORDS, st.booleans(), inner).map(list),
    ),
    max_leaves=10,
)
REPLIES = ANYTHING | st.fixed_dictionaries(
    {},
    optional={
        "value": ANYTHING,
        "end": ANYTHING,
        "same": ANYTHING,
        "changed": ANYTHING | st.lists(st.lists(ANYTHING, max_size=2), max_size=2),
        "watched": ANYTHING,
        "streams": ANYTHING | st.just([["stdout", "passed"]]),
        "raised": ANYTHING | st.fixed_dictionaries({"nearest": WORDS, "own": WORDS, "text": WORDS, "args": ANYTHING}),
    },
)


@given(st.lists(REPLIES, min_size=1, max_size=6), st.booleans())
def test_whatever_a_process_answers_wins_nothing_and_ends_in_words(replies, named):
    turn = itertools.count()

    def ask(message):
        if named and message["do"] == "names":
            return {"names": {"f": {"is": "value", "value": ["object", 0, "f", True, None]}}}
        return replies[next(turn) % len(replies)]

    judge, needs = Judge(ask), {"names": {"f": {"is": "object"}}, "crossed": {"f": True, "f()": False}}
    for test in ("assert f(3) == 9", "assert abs(f([1]) - 9) < 1e-6", "assert list(f({1: 2})) == [9, 9, 9]"):
        result = judge.test(test, needs, 20)
        assert points(test, result["outputs"]) == 0
        json.dumps(result["outputs"])


def test_a_table_that_equals_everything_is_no_table():
    test = f"{PANDAS}\npd.testing.assert_frame_equal(f(), pd.DataFrame({{'a': [1]}}))"
    theirs = f"{PANDAS}\nclass Yes(pd.DataFrame):\n    __eq__ = equals = lambda self, o: True\ndef f(): return Yes()"
    assert judged(f"{PANDAS}\ndef f(): return pd.DataFrame({{'a': [1]}})", test, theirs).points == 0


def test_an_object_where_the_solution_gave_one_equals_no_plain_value():
    solution = "class Box:\n    def __init__(self, v): self.v = v\n    def get(self): return self.v"
    theirs = YES + "class Box(Yes):\n    def __init__(self, v): pass\n    def get(self): return Yes()"
    assert judged(solution, "b = Box(3)\nassert b.get() == 3", theirs).points == 0
    assert judged(solution, "b = Box(3)\nassert b.v == 3", theirs).points == 0


def test_the_message_says_what_came_back():
    result = judged(SQUARE, "assert f(3) == 9", YES + "def f(x): return Yes()")
    assert "f() returned a Yes object, which is no plain data." in result.outputs[-1]["traceback"]
    result = judged(SQUARE, "assert f(3) > 8", YES + "def f(x): return Yes()")
    assert result.outputs[-1]["evalue"] == "f() returned a Yes object, which is no plain data"


def test_the_words_of_a_test_never_reach_the_participant():
    result = judged(SQUARE, "assert f(3) == 9, 'a hidden sentence'", SQUARE)
    assert [message["do"] for message in result.asked] == ["names", "call"]
    assert "hidden" not in repr(result.asked) and "9" not in repr(result.asked)


def test_a_number_that_an_object_shows_of_itself_is_no_partial_credit():
    one = "class One:\n    def __repr__(self): return 'one'"
    two = "class One:\n    def __repr__(self): return '2.0'"
    assert judged(one, "One()", two).outputs[-1]["data"] == {"text/plain": "<Handle>"}


def test_a_call_that_never_returns_ends_at_the_limit_and_is_told():
    began = time.monotonic()
    result = judged(SQUARE, "assert f(3) == 9", "def f(x):\n    while True: pass", seconds=0.5)
    assert (result.status, result.points) == ("timeout", 0)
    assert result.outputs[-1]["evalue"] == "The test took longer than 0.5 seconds."
    assert time.monotonic() - began < 5


def test_a_process_that_is_gone_is_told():
    step = steps_of(SQUARE, "assert f(3) == 9", "")[-1]
    participant = Participant()
    participant.execute("import os\ndef f(x): os._exit(0)")
    try:
        result = Judge(participant.ask).test("assert f(3) == 9", step["needs"])
    finally:
        participant.close()
    assert (result["status"], result["outputs"][-1]["evalue"]) == ("gone", "The participant's process ended.")


# ---------------------------------------------------------------- tests that must run inside

INSIDE = {name: (*blocks, why) for name, (why, blocks) in programs("judge_inside.md").items() if name}


@pytest.mark.parametrize("name", INSIDE)
def test_calibration_says_why_a_test_runs_inside(name):
    solution, test, why = INSIDE[name]
    assert why in inside(solution, test)


def test_what_a_test_imports_is_there_for_later_cells():
    steps = learnt(
        [
            cell("x = 1", "solution"),
            cell("import math\nassert x == 1", "test"),
            cell("y = math.pi", "solution"),
            cell("assert y > 3", "test"),
        ]
    )
    assert [step["inside"] for step in steps] == [""] * 4


def test_a_given_cell_that_needs_the_participants_work_is_run_with_it():
    steps = learnt(
        [cell("def f(): return [3]", "solution"), cell("result = f()", "given"), cell("assert result == [3]", "test")]
    )
    assert steps[1]["needs"]["names"] == {"f": {"is": "object"}} and steps[2]["inside"] == ""


def test_given_cells_that_only_show_something_stay_out_of_the_judge():
    shows = "%matplotlib inline\nfrom workshop import Page\npage = Page('m01')"
    steps = learnt(
        [
            cell(shows, "given"),
            cell("page.explore('x')", "given"),
            cell("import random\nrandom.seed(1)", "given"),
            cell("rows = [1]", "given"),
            cell("rows.append(2)", "given"),
            cell("x = 3", "solution"),
            cell("assert x == sum(rows)", "test"),
        ]
    )
    assert [step["needs"] is not None for step in steps] == [False, False, True, True, True, False, True]


def test_calibration_says_which_comparisons_the_participants_own_classes_answer():
    assert steps_of(VECTOR, "assert Vector(1, 2) == Vector(1, 2)", "")[-1]["trusts"] == ["Vector()<eq>"]
    assert steps_of(SQUARE, "assert f(3) == 9", "")[-1]["trusts"] == []


def test_the_judge_works_in_a_process_of_its_own():
    step = steps_of(SQUARE, "assert f(3) == 9", "")[-1]
    serve = (
        "import sys; from safe_cells import framing, test_runner; "
        "channel = framing.Channel(*map(int, sys.argv[1:])); test_runner.serve(channel, channel)"
    )
    participant, (process, channel) = Participant(), start([sys.executable, "-c", serve])
    try:
        participant.execute(SQUARE)
        channel.send({"do": "test", "source": "assert f(3) == 9\n1.5", "needs": step["needs"], "seconds": 20})
        while "ask" in (frame := channel.receive()):
            channel.send({"reply": participant.ask(frame["ask"]), "id": frame["id"]})
        assert frame["done"]["outputs"][0]["data"] == {"text/plain": "1.5"}
    finally:
        participant.close()
        end(process, channel)
