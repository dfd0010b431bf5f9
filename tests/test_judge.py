"""Tests of an instructor run where no participant's code ever ran: nothing is gained by trickery, and honest work is not harmed."""

import functools
import sys
import time
from types import SimpleNamespace

import nbformat
import pytest
from course_helpers import ROOT
from nbgrader.utils import determine_grade
from participant import Participant, end, start

from workshop.marking.calibration import calibrate
from workshop.marking.judge import Judge

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
    """What the judge says of a participant's cell: points of 2, outputs, status, and every question that was asked there."""
    first, _, step = steps_of(solution, test, given)
    assert step["inside"] == ""
    participant = Participant()
    try:
        judge = Judge(participant.ask)
        participant.execute(given)
        if first["needs"] is not None:
            judge.given(given, first["needs"])
        participant.execute(theirs)
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


# ---------------------------------------------------------------- honest work

NUMPY, PANDAS = "import numpy as np", "import pandas as pd"
STACK = """
class Stack:
    "A pile."
    def __init__(self, items=()): self.items = list(items)
    def push(self, item): self.items.append(item); return self
    def pop(self):
        if not self.items: raise IndexError("pop from an empty stack")
        return self.items.pop()
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __contains__(self, item): return item in self.items
    def __getitem__(self, place): return self.items[place]
    def __bool__(self): return bool(self.items)
    def __repr__(self): return f"Stack({self.items})"
"""
VECTOR = """
class Vector:
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, other): return Vector(self.x + other.x, self.y + other.y)
    def __mul__(self, by): return Vector(self.x * by, self.y * by)
    __rmul__ = __mul__
    def __neg__(self): return Vector(-self.x, -self.y)
    def __abs__(self): return (self.x ** 2 + self.y ** 2) ** .5
    def __eq__(self, other): return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)
    def __lt__(self, other): return abs(self) < abs(other)
    def __hash__(self): return hash((self.x, self.y))
    @property
    def length(self): return abs(self)
class Zero(Vector):
    def __init__(self): super().__init__(0, 0)
def total(vectors):
    result = Zero()
    for v in vectors: result = result + v
    return result
"""
HONEST = {
    "a function": ("def f(x): return x * x", "assert f(3) == 9"),
    "keywords and defaults": ("def f(x, *more, by=2, **other): return (x * by, more, other)",
                              "assert f(1) == (2, (), {})\nassert f(1, 5, by=3, z=1) == (3, (5,), {'z': 1})"),
    "recursion": ("def f(n): return 1 if n < 2 else n * f(n - 1)", "assert f(5) == 120\nassert f(400) > 10**800"),
    "None": ("def f(x): pass", "assert f(3) is None"),
    "an exception that is expected": (
        "def f(x):\n    if x < 0: raise ValueError('negative', x)\n    return x",
        "try:\n    f(-1)\nexcept ValueError as error:\n    assert error.args == ('negative', -1)\nelse:\n    assert False, 'no error'"),
    "an exception of one's own": (
        "class Bad(ValueError): pass\ndef f():\n    raise Bad('no')",
        "try:\n    f()\nexcept ValueError as error:\n    assert str(error) == 'no'\nelse:\n    assert False"),
    "pytest.raises": ("def f(): return {}['a']", "import pytest\nwith pytest.raises(KeyError, match='a'):\n    f()"),
    "sorting in place": ("def f(xs): xs.sort()", "xs = [3, 1, 2]\nassert f(xs) is None\nassert xs == [1, 2, 3]"),
    "changing rows of a list in place": ("def f(m):\n    for row in m: row.append(0)", "r = [1]\nm = [r, [2]]\nf(m)\nassert r == [1, 0] and m == [r, [2, 0]]"),
    "changing a dict in place": ("def f(d): d['b'] = d.pop('a')", "d = {'a': 1}\nf(d)\nassert d == {'b': 1}"),
    "the same list back": ("def f(xs):\n    xs.append(1)\n    return xs", "xs = []\nassert f(xs) is xs\nassert xs == [1]"),
    "an array in place": (f"{NUMPY}\ndef f(a): a *= 2", f"{NUMPY}\na = np.arange(3)\nf(a)\nassert a.tolist() == [0, 2, 4]"),
    "a table in place": (f"{PANDAS}\ndef f(t): t['b'] = t['a'] * 2\n", f"{PANDAS}\nt = pd.DataFrame({{'a': [1]}})\nf(t)\nassert t['b'].tolist() == [2]"),
    "numpy": (f"{NUMPY}\ndef f(a): return a.mean(axis=0)", "assert np.allclose(f(np.eye(2)), [.5, .5])\nassert isinstance(f(np.eye(2)), np.ndarray)"),
    "pandas": (f"{PANDAS}\ndef f(t): return t.groupby('k').sum()",
               "pd.testing.assert_frame_equal(f(pd.DataFrame({'k': ['x', 'x'], 'v': [1, 2]})), pd.DataFrame({'v': [3]}, index=pd.Index(['x'], name='k')))"),
    "chance from a seed": ("import random\ndef f(): return random.random()",
                           "import random\nrandom.seed(3)\nx = f()\nrandom.seed(3)\nassert f() == x == 0.23796462709189137"),
    "a chain on one object": ("class A:\n    n = 0\n    def up(self):\n        self.n += 1\n        return self",
                              "a = A()\nassert a.up().n == 1 and a.up().up().n == 3 == a.n"),
    "a key that is missing": ("class Gone(KeyError): pass\ndef f(): raise Gone('x')",
                              "try:\n    f()\nexcept KeyError as error:\n    assert str(error) == \"'x'\"\nelse:\n    assert False"),
    "import from": ("from math import sqrt\nimport os.path\ndef f(x): return sqrt(x)", "assert f(4) == sqrt(4)\nassert os.path.join('a', 'b')"),
    "a generator": ("def f(n):\n    for i in range(n): yield i * i", "assert list(f(3)) == [0, 1, 4]\ng = f(2)\nassert next(g) == 0\nassert sum(g) == 1"),
    "a generator without end": ("def f():\n    n = 0\n    while True:\n        yield n\n        n += 1",
                                "from itertools import islice\nassert list(islice(f(), 3)) == [0, 1, 2]"),
    "a function that gives a function": ("def f(n): return lambda x: x + n", "assert f(2)(3) == 5\nassert callable(f(2))"),
    "a function as a sorting key": ("def f(word): return len(word)", "assert sorted(['ccc', 'a'], key=f) == ['a', 'ccc']"),
    "functions given to functions": ("def twice(f, x): return f(f(x))\ndef up(x): return x + 1", "assert twice(up, 3) == 5\nassert twice(abs, -3) == 3"),
    "a variable": ("answer = [1, 2]", "assert answer == [1, 2]"),
    "a variable that a call changes": ("count = 0\ndef f():\n    global count\n    count += 1", "f()\nf()\nassert count == 2"),
    "what is printed": ("def f(): print('hello')", "import io\nfrom contextlib import redirect_stdout\nout = io.StringIO()\n"
                                                  "with redirect_stdout(out):\n    f()\nassert out.getvalue() == 'hello\\n'"),
    "a class": (STACK, "s = Stack([1])\ns.push(2).push(3)\nassert len(s) == 3 and s.pop() == 3 and list(s) == [1, 2]\nassert 2 in s and s[0] == 1\n"
                       "assert s.items == [1, 2] and str(s) == 'Stack([1, 2])' and f'{s!r}' == 'Stack([1, 2])'\ns.items = []\nassert not s\n"
                       "assert isinstance(s, Stack) and Stack.__name__ == 'Stack' and Stack.__doc__ == 'A pile.'\n"
                       "try:\n    s.pop()\nexcept IndexError:\n    pass\nelse:\n    assert False"),
    "operators of a class": (VECTOR, "v = Vector(3, 4)\nassert abs(v) == 5 and v.length == 5\nassert v + v == Vector(6, 8) == 2 * v == v * 2\nassert v != -v\n"
                                     "assert Vector(1, 1) < v\nassert len({v, Vector(3, 4)}) == 1\nassert v != (3, 4)\nassert isinstance(Zero(), Vector)\n"
                                     "assert total([v, v]) == Vector(6, 8)\nassert issubclass(Zero, Vector)\nassert sorted([v, Zero()])[0].x == 0"),
    "a named tuple": ("from collections import namedtuple\nPoint = namedtuple('Point', 'x y')\ndef f(): return Point(1, 2)",
                      "assert f() == (1, 2) and f().x == 1\nx, y = f()\nassert y == 2"),
    "a list of objects": ("class Pet:\n    def __init__(self, name): self.name = name\ndef f(): return [Pet('a'), Pet('b')]",
                          "assert [pet.name for pet in f()] == ['a', 'b']"),
    "a hashed answer": ("x = [1, 2.5]", "from hashlib import sha1\nassert sha1(str(type(x)).encode('utf-8')+b'salt').hexdigest() == "
                                        f"'{__import__('hashlib').sha1(b'<class ' + repr('list').encode() + b'>salt').hexdigest()}'"),
    "a method and a helper of the test": ("def f(x): return x + 1", "def check(n):\n    assert f(n) == n + 1\nfor n in range(3):\n    check(n)"),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_solution_passes_and_an_empty_one_does_not(name):
    solution, test = HONEST[name]
    passed = judged(solution, test, solution)
    assert (passed.points, passed.status) == (2, "ok"), passed.outputs
    assert judged(solution, test, "").points == 0


@pytest.mark.parametrize("name", CODE)
def test_the_code_item_of_an_exercise_passes_with_its_solution_and_fails_without(name):
    notebook = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)
    codes = [code for code in notebook.cells if code.cell_type == "code"]
    place = next(place for place, code in enumerate(codes) if "BEGIN SOLUTION" in code.source)
    given, (solution, test) = codes[place - 1].source, codes[place:place + 2]
    assert judged(solution.source, test.source, solution.source, given).points == 2
    assert judged(solution.source, test.source, "", given).points == 0


def test_partial_credit_is_what_the_last_line_shows():
    test = "score = 0\nscore += f(1) == 1\nscore += f(2) == 4\nscore"
    assert judged("def f(x): return x * x", test, "def f(x): return 1").points == 1


def test_a_warning_on_stderr_counts_as_it_does_in_a_notebook():
    theirs = "import sys\ndef f(x):\n    print('careful', file=sys.stderr)\n    return x"
    assert judged("def f(x): return x", "assert f(1) == 1", theirs).points == 0


def test_another_honest_way_to_give_the_same_values_passes():
    for theirs in ("def f(): return iter([1, 2])", "def f(): return {1: 0, 2: 0}.keys()", "def f():\n    yield 1\n    yield 2"):
        assert judged("def f(): return [1, 2]", "assert sorted(f()) == [1, 2]", theirs).points == 2
    theirs = "from collections import namedtuple\ndef f(): return namedtuple('P', 'x y')(1, 2)"
    assert judged("def f(): return (1, 2)", "assert f() == (1, 2)", theirs).points == 2


def test_a_module_that_the_participant_forgot_to_import_is_missing():
    result = judged(f"{NUMPY}\ndef f(): return 1", "assert f() == np.int64(1)", "def f(): return 1")
    assert result.points == 0 and result.outputs[-1]["ename"] == "NameError"


def test_what_a_given_cell_makes_is_the_judges_own():
    result = judged("def f(xs): return sum(xs)", "assert f(data) == 3", "data = [0]\ndef f(xs): return sum(xs)", given="%matplotlib inline\ndata = [1, 2]")
    assert result.points == 2


def test_the_error_shows_the_line_of_the_test():
    result = judged("def f(x): return x", "assert f(1) == 1\nassert f(2) == 2, 'two'", "def f(x): return 1")
    assert result.outputs[-1]["ename"] == "AssertionError" and result.outputs[-1]["evalue"] == "two"
    assert "----> 2 assert f(2) == 2, 'two'" in result.outputs[-1]["traceback"]


# ---------------------------------------------------------------- trickery

YES = """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = lambda self, *other: True
    __sub__ = __rsub__ = __add__ = __radd__ = __abs__ = __call__ = __getitem__ = lambda self, *other: self
    __hash__ = lambda self: hash(9)
    __class__ = property(lambda self: int)
    __float__ = lambda self: 9.0
    __int__ = __index__ = __round__ = lambda self, *a: 9
    __array_priority__ = 10**9
    def __array__(self, *a, **k): import numpy; return numpy.array(9.0)
    def __array_ufunc__(self, *a, **k): return True
"""
SQUARE = "def f(x): return x * x"
TRICKS = {
    "an object that equals everything": YES + "def f(x): return Yes()",
    "a whole number of one's own": "class Yes(int):\n    def __eq__(self, o): return True\n    __hash__ = int.__hash__\ndef f(x): return Yes(0)",
    "a float of one's own": "class Yes(float):\n    def __eq__(self, o): return True\n    def __sub__(self, o): return 0\n    __rsub__ = __sub__\n"
                            "    __hash__ = float.__hash__\ndef f(x): return Yes(0)",
    "a text of one's own": "class Yes(str):\n    def __eq__(self, o): return True\n    __hash__ = str.__hash__\ndef f(x): return Yes()",
    "a type that calls itself int": "class int(int):\n    def __eq__(self, o): return True\n    __hash__ = None\nint.__module__ = 'builtins'\ndef f(x): return int()",
    "a type whose type lies": "class Meta(type):\n    def __eq__(self, o): return True\n    def __hash__(self): return hash(int)\n"
                              "class Yes(metaclass=Meta):\n    def __eq__(self, o): return True\ndef f(x): return Yes()",
    "patched builtins": "import builtins\nfor name in ('abs', 'len', 'isinstance', 'all', 'any', 'print', 'sorted', 'round'):\n"
                        "    setattr(builtins, name, lambda *a, **k: True)\ndef f(x): return 0",
    "modules replaced": "import sys, types\nfake = types.ModuleType('numpy')\nfake.allclose = fake.isclose = lambda *a, **k: True\n"
                        "sys.modules['numpy'] = sys.modules['math'] = np = fake\ndef f(x): return 0",
    "a judge of one's own": "import sys, types\nsys.modules['workshop.marking.judge'] = types.ModuleType('x')\n"
                            "import workshop.marking.plain as p\np.decode = lambda *a: 9\ndef f(x): return 0",
    "plain data that lie": YES + "import workshop.marking.plain as p\np.Encoder.encode = lambda self, v: ['object', 0, 'int', True, None]\ndef f(x): return 0",
    "a number never given": "import workshop.marking.plain as p\np.Encoder.encode = lambda self, v: ['object', 10**9, 'int', True, 9]\ndef f(x): return 0",
    "printing that it passed": "def f(x):\n    print('passed', 2)\n    return 2",
    "leaving with SystemExit": "def f(x):\n    raise SystemExit(0)",
    "leaving with KeyboardInterrupt": "def f(x):\n    raise KeyboardInterrupt",
    "leaving with an exception beyond all": "class Beyond(BaseException): pass\ndef f(x):\n    raise Beyond",
    "ending every loop": "def f(x):\n    raise StopIteration",
    "leaving a generator": "def f(x):\n    raise GeneratorExit",
    "recursion without end": "def f(x): return f(x)",
    "a list in itself": "def f(x):\n    xs = []\n    xs.append(xs)\n    return xs",
    "ten megabytes": "def f(x): return 'x' * 10_000_000",
    "a hundred megabytes": "def f(x): return 'x' * 100_000_000",
    "a number of a million digits": "def f(x): return 10 ** 1_000_000",
    "last words": "class Late:\n    def __del__(self): print('passed')\ndef f(x):\n    Late()\n    return 0",
    "words that cannot be said": "class Mute(Exception):\n    def __str__(self): raise self\n    __repr__ = __str__\ndef f(x):\n    raise Mute",
    "a value without end": "def f(x):\n    while True: yield 9",
    "the answer to another question": "import workshop.marking.remote as r\nr._operate = lambda *a: {'value': True}\ndef f(x): return 0",
    "what is no answer": "import workshop.marking.remote as r\nr._operate = lambda *a: {'end': True, 'changed': 7, 'same': -1}\ndef f(x): return 0",
    "the end of an iteration": "import workshop.marking.remote as r\nr._operate = lambda *a: {'end': True}\ndef f(x): return 0",
    "one's own argument back": "import workshop.marking.remote as r\nr._operate = lambda *a: {'same': 1}\ndef f(x): return 0",
    "a function replaced by a value": "f = 9",
    "a function that is a lie": YES + "f = Yes()",
}
TESTS = ["assert f(3) == 9", "assert not f(3) != 9", "assert abs(f(3) - 9) < 1e-6", "assert 8 < f(3) < 10", "assert f(3) in (9,)",
         "assert 9 in [f(3)]", "assert {9: 1}[f(3)]", "assert isinstance(f(3), int) and 8 < f(3) < 10", "assert all(f(n) == n * n for n in (2, 3))",
         "assert all(map(lambda n: f(n) == n * n, (2, 3)))", "import numpy as np\nassert np.allclose(f(3), 9)", "import math\nassert math.isclose(f(3), 9)",
         "import numpy as np\nnp.testing.assert_almost_equal(f(3), 9)", "assert [f(2), f(3)] == [4, 9]", "assert float(f(3)) == 9", "assert str(f(3)) == '9'",
         "assert round(f(3)) == 9", "assert f(3) and f(3) + 1 == 10", "import pytest\nassert f(3) == pytest.approx(9)\nassert pytest.approx(9) == f(3)"]


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


def test_a_table_that_equals_everything_is_no_table():
    test = f"{PANDAS}\npd.testing.assert_frame_equal(f(), pd.DataFrame({{'a': [1]}}))"
    theirs = f"{PANDAS}\nclass Yes(pd.DataFrame):\n    def __eq__(self, o): return True\n    def equals(self, o): return True\ndef f(): return Yes()"
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

INSIDE = {
    "a function of the test's own as an argument": ("def f(g): return g(3)", "assert f(lambda x: x) == 3", "gives a function of its own"),
    "the interactive shell": ("x = 1", "assert get_ipython().user_ns['x'] == 1", "get_ipython"),
    "names looked up by text": ("x = 1", "assert globals()['x'] == 1", "globals"),
    "the code of a function": ("def f(): pass", "assert f.__code__.co_argcount == 0", "AttributeError"),
    "special methods by name": ("class A:\n    def __len__(self): return 0", "assert hasattr(A, '__len__')", "__len__"),
    "whether something can be gone through": ("def f(): return []", "from collections.abc import Iterable\nassert isinstance(f(), Iterable)", "Iterable"),
    "a class built on the participant's": ("class A: pass", "class B(A): pass\nassert isinstance(B(), A)", "TypeError"),
    "an exception of the participant's to catch": (
        "class Bad(Exception): pass\ndef f(): raise Bad", "try:\n    f()\nexcept Bad:\n    pass", "TypeError"),
    "what the test changes for a call": ("limit = 1\ndef f(): return limit", "limit = 5\nassert f() == 5", "AssertionError"),
    "whether two are the same object": ("class A:\n    def me(self): return self", "a = A()\nassert a.me() is a", "AssertionError"),
    "an input that the test types": ("def f(): return input()", "import builtins\nbuiltins.input = lambda *a: 'x'\nassert f() == 'x'", "EOFError"),
}


@pytest.mark.parametrize("name", INSIDE)
def test_calibration_says_why_a_test_runs_inside(name):
    solution, test, why = INSIDE[name]
    assert why in inside(solution, test)


def test_names_that_a_test_makes_for_later_cells_are_known():
    steps = learnt([cell("x = 1", "solution"), cell("import math\nassert x == 1", "test"), cell("y = math.pi", "solution"), cell("assert y > 3", "test")])
    assert [step["both"] for step in steps] == [False, True, False, False]
    assert [step["inside"] for step in steps] == [""] * 4


def test_a_given_cell_that_needs_the_participants_work_is_run_with_it():
    steps = learnt([cell("def f(): return [3]", "solution"), cell("result = f()", "given"), cell("assert result == [3]", "test")])
    assert steps[1]["needs"]["names"] == {"f": {"is": "object"}} and steps[2]["inside"] == ""


def test_given_cells_that_only_show_something_stay_out_of_the_judge():
    shows = "%matplotlib inline\nfrom workshop import Page\npage = Page('m01')"
    steps = learnt([cell(shows, "given"), cell("page.explore('x')", "given"), cell("import random\nrandom.seed(1)", "given"),
                    cell("rows = [1]", "given"), cell("rows.append(2)", "given"), cell("x = 3", "solution"),
                    cell("assert x == sum(rows)", "test")])
    assert [step["needs"] is not None for step in steps] == [False, False, True, True, True, False, True]


def test_calibration_says_which_comparisons_the_participants_own_classes_answer():
    assert steps_of(VECTOR, "assert Vector(1, 2) == Vector(1, 2)", "")[-1]["trusts"] == ["Vector()<eq>"]
    assert steps_of(SQUARE, "assert f(3) == 9", "")[-1]["trusts"] == []


def test_the_judge_works_in_a_process_of_its_own():
    step = steps_of(SQUARE, "assert f(3) == 9", "")[-1]
    serve = "import sys; from workshop.marking import frames, judge; judge.serve(frames.Channel(*map(int, sys.argv[1:])))"
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
