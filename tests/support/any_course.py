"""A course that is not ours: a real nbgrader course folder with every kind of cell, and submissions of every kind.

What nbgrader 0.9.6 does that one would not expect, seen by running it on this course:

- A submission can write the grade book: `writes` gave everybody 99 points in every item. It can read the solution, too
  (`reads`), look at the test that calls it (`frames`), unmake the tests (`patches`) or forge a number (`forges`): full
  points. An object that equals everything (`liar`) wins where a test only compares.
- A cell that was copied fails the whole submission, and the error speaks of “an old version of the nbgrader metadata
  format”.
- A test cell that was deleted is no nought: it has no score and waits for a reader. A given cell that was deleted is
  not put back, so tests that need its imports fail.
- What a test imports or names is there for the functions that it calls and for all cells after it, since one kernel
  runs all of them: an answer that forgot an import may pass (`leans`).
- A kernel that was left (`exits`) fails the submission: its folder is removed, but rows without a score stay in the
  grade book.
- Anything on stderr in a test cell is nought, a mere warning of the function under test, too (`warns`).
- What a test cell prints costs nothing, also when a function under test prints it; a cell's last value is taken for
  partial credit if it is a number.
- A task is never scored, also when nobody wrote anything below it: it waits for a reader, even in a submission as
  released. Not so when its notebook was not handed in: then everything in it is nought, nothing waits, and no comment
  says so.
- The penalty for being late is taken once from each notebook, so three hours at a point an hour cost six points here;
  it is never more than the notebook's points, and manual points that come later are not looked at again.
- Items of no points (`more-test`, `for-more`) are graded like others; extra credit is only what a reader gives beside
  them.
- `### AUTOTEST` lines stand in the source alone. In the grade book and in what participants get there are the asserts
  made from them, with values of the solution; hidden tests may hold them. autotests.yml lies at the root of the course,
  or beside the notebooks, and is then given to participants.
- `late.py` is found because every command of nbgrader's puts the current folder first on Python's path.
- The notebook of a submission that the assignment does not know is left out without a word in the grade book.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from nbformat import v4

ASSIGNMENT = "ps1"
DUE = "2026-03-02 12:00:00 UTC"
IN_TIME = "2026-03-01 09:30:00 UTC"
TOO_LATE = "2026-03-02 15:10:00 UTC"
BIN = Path(sys.executable).parent

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "elsewhere"
c.AssignLatePenalties.plugin_class = "late.PointAnHour"
c.Execute.timeout = 6
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
"""

LATE = '''
"""Takes a point for each hour that a submission is late."""

from nbgrader.plugins import BasePlugin


class PointAnHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return round(total_seconds_late / 3600, 0)
'''

# What `### AUTOTEST` lines become; nbgrader looks for it beside the notebooks and then at the root of the course.
AUTOTESTS = """
python3:
    setup: "from hashlib import sha1"
    hash: 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
    dispatch: "type({{snippet}})"
    normalize: "str({{snippet}})"
    check: 'assert {{snippet}} == "{{value}}", "{{message}}"'
    success: "print('Success!')"
    templates:
        default:
            - test: "type({{snippet}})"
              fail: "type of {{snippet}} is not correct"
            - test: "{{snippet}}"
              fail: "value of {{snippet}} is not correct"
        int:
            - test: "type({{snippet}})"
              fail: "type of {{snippet}} is not int"
            - test: "{{snippet}}"
              fail: "value of {{snippet}} is not correct"
        float:
            - test: "round({{snippet}}, 2)"
              fail: "value of {{snippet}} is not correct (rounded to 2 decimal places)"
        list:
            - test: "len({{snippet}})"
              fail: "length of {{snippet}} is not correct"
            - test: "sorted(map(str, {{snippet}}))"
              fail: "values of {{snippet}} are not correct"
"""

REPORTS = "office,region,urgent\n" + "".join(
    f"office {n},{('north', 'south', 'coast')[n % 3]},{n % 4 == 0:d}\n" for n in range(40)
)


# ---------------------------------------------------------------- cells


def _cell(kind, name, source, grade=False, solution=False, locked=False, task=False, points=None):
    cell = v4.new_code_cell(dedent(source).strip()) if kind == "code" else v4.new_markdown_cell(dedent(source).strip())
    cell.id = name
    marks = {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": task,
    }
    cell.metadata["nbgrader"] = marks if points is None else {**marks, "points": points}
    return cell


def plain(kind, name, source):
    cell = _cell(kind, name, source)
    del cell.metadata["nbgrader"]
    return cell


def given(kind, name, source):
    return _cell(kind, name, source, locked=True)


def answer(name, source):
    return _cell("code", name, source, solution=True)


def test(name, points, source):
    return _cell("code", name, source, grade=True, locked=True, points=points)


def by_hand(kind, name, points, source):
    return _cell(kind, name, source, grade=True, solution=True, points=points)


def task(name, points, source):
    return _cell("markdown", name, source, locked=True, task=True, points=points)


def counting():
    """Data frames and a figure; a data file beside the notebook; tests that nbgrader writes from the solution."""
    return [
        plain("markdown", "counting-title", "# Which region is waiting?"),
        given(
            "code",
            "counting-imports",
            """
            import matplotlib.pyplot as plt
            import pandas as pd

            reports = pd.read_csv("reports.csv")
            """,
        ),
        answer(
            "count-by-region",
            '''
            def count_by_region(table):
                """The number of reports from each region, as a dictionary."""
                ### BEGIN SOLUTION
                return {region: int(number) for region, number in table.groupby("region").size().items()}
                ### END SOLUTION
            ''',
        ),
        test(
            "count-by-region-test",
            2,
            """
            assert count_by_region(reports) == {"coast": 13, "north": 14, "south": 13}
            ### BEGIN HIDDEN TESTS
            assert count_by_region(reports.head(0)) == {}
            ### END HIDDEN TESTS
            """,
        ),
        answer(
            "urgent-only",
            '''
            def urgent_only(table):
                """A table of the urgent reports alone, by office."""
                ### BEGIN SOLUTION
                return table[table["urgent"] == 1].sort_values("office").reset_index(drop=True)
                ### END SOLUTION
            ''',
        ),
        test(
            "urgent-only-test",
            2,
            """
            found = urgent_only(reports)
            assert list(found["urgent"].unique()) == [1]
            assert len(found) == 10
            ### BEGIN HIDDEN TESTS
            pd.testing.assert_frame_equal(urgent_only(found), found)
            ### END HIDDEN TESTS
            """,
        ),
        answer(
            "summary",
            """
            # Set total (how many reports), regions (their names) and share (the part that is urgent).
            ### BEGIN SOLUTION
            total = len(reports)
            regions = sorted(reports["region"].unique().tolist())
            share = float(reports["urgent"].mean())
            ### END SOLUTION
            """,
        ),
        test(
            "summary-test",
            2,
            """
            ### AUTOTEST total; regions
            """,
        ),
        test(
            "share-test",
            1,
            """
            ### BEGIN HIDDEN TESTS
            ### HASHED AUTOTEST share
            ### END HIDDEN TESTS
            """,
        ),
        answer(
            "chart",
            '''
            def chart(table):
                """Bars of the reports from each region, with a label at the left; gives the axes."""
                ### BEGIN SOLUTION
                axes = table["region"].value_counts().plot.bar()
                axes.set_ylabel("reports")
                return axes
                ### END SOLUTION
            ''',
        ),
        test(
            "chart-test",
            2,
            """
            axes = chart(reports)
            assert axes.get_ylabel() == "reports"
            ### BEGIN HIDDEN TESTS
            assert sorted(bar.get_height() for bar in axes.patches) == [13, 13, 14]
            ### END HIDDEN TESTS
            plt.close("all")
            """,
        ),
        by_hand(
            "code",
            "figure",
            3,
            """
            ### BEGIN SOLUTION
            reports["region"].value_counts().plot.bar()
            plt.ylabel("reports");
            ### END SOLUTION
            """,
        ),
        by_hand("markdown", "what-it-shows", 2, "The coast and the south wait for an office of their own."),
        plain("code", "counting-scratch", "# Try things out here."),
    ]


def building():
    """Small functions of every habit, partial and extra credit, written answers and a task."""
    return [
        given("markdown", "building-title", "# Build an office"),
        given("code", "building-imports", "import contextlib, io, random"),
        answer(
            "office",
            '''
            class Office:
                """An office with a name; it receives reports and says which one is next."""
                ### BEGIN SOLUTION
                def __init__(self, name):
                    self.name, self.waiting = name, []

                def receive(self, report):
                    self.waiting.append(report)

                def next(self):
                    return self.waiting.pop(0) if self.waiting else None

                def __len__(self):
                    return len(self.waiting)
                ### END SOLUTION
            ''',
        ),
        test(
            "office-test",
            2,
            """
            office = Office("coast")
            office.receive("rumour")
            office.receive("threat")
            assert office.name == "coast"
            assert len(office) == 2
            assert office.next() == "rumour"
            ### BEGIN HIDDEN TESTS
            assert Office("north").next() is None
            ### END HIDDEN TESTS
            """,
        ),
        given("code", "office-shown", 'print(office.name, "has", len(office), "report waiting")'),
        answer(
            "announce",
            '''
            def announce(names):
                """Print each name in a line of its own, counted from 1."""
                ### BEGIN SOLUTION
                for number, name in enumerate(names, 1):
                    print(f"{number}. {name}")
                ### END SOLUTION
            ''',
        ),
        test(
            "announce-test",
            1,
            """
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                announce(["coast", "north"])
            assert printed.getvalue() == "1. coast\\n2. north\\n"
            """,
        ),
        answer(
            "to-level",
            '''
            def to_level(word):
                """low, middle and high as 1, 2 and 3; any other word is a ValueError."""
                ### BEGIN SOLUTION
                levels = {"low": 1, "middle": 2, "high": 3}
                if word not in levels:
                    raise ValueError(f"{word} is no level")
                return levels[word]
                ### END SOLUTION
            ''',
        ),
        test(
            "to-level-test",
            1,
            """
            assert to_level("middle") == 2
            try:
                to_level("purple")
            except ValueError:
                pass
            else:
                raise AssertionError("purple is no level")
            ### BEGIN HIDDEN TESTS
            import unittest
            with unittest.TestCase().assertRaises(ValueError):
                to_level("")
            ### END HIDDEN TESTS
            """,
        ),
        answer(
            "order",
            '''
            def order(reports):
                """Put this list of (level, text) in order, highest level first, in place."""
                ### BEGIN SOLUTION
                reports.sort(key=lambda report: -report[0])
                ### END SOLUTION
            ''',
        ),
        test(
            "order-test",
            1,
            """
            queue = [(1, "rumour"), (3, "attack"), (2, "threat")]
            assert order(queue) is None
            assert queue == [(3, "attack"), (2, "threat"), (1, "rumour")]
            """,
        ),
        answer(
            "middle",
            '''
            def middle(numbers):
                """The median of a list of numbers."""
                ### BEGIN SOLUTION
                numbers, half = sorted(numbers), len(numbers) // 2
                return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2
                ### END SOLUTION
            ''',
        ),
        test(
            "middle-test",
            3,
            """
            points = 0
            for numbers, expected in (([2], 2), ([1, 9, 4], 4), ([1, 2, 3, 4], 2.5)):
                try:
                    points += middle(numbers) == expected
                except Exception as error:
                    print(type(error).__name__)
            points
            """,
        ),
        answer(
            "draw",
            '''
            def draw(names, how_many):
                """So many different names, by chance."""
                ### BEGIN SOLUTION
                return random.sample(names, how_many)
                ### END SOLUTION
            ''',
        ),
        test(
            "draw-test",
            1,
            """
            import collections
            drawn = draw(["coast", "north", "south", "east"], 3)
            assert collections.Counter(drawn).most_common(1)[0][1] == 1 and len(drawn) == 3
            assert set(drawn) <= {"coast", "north", "south", "east"}
            """,
        ),
        answer(
            "note",
            """
            # Write the word “received” and a line's end into the file note.txt, and name the file in note.
            ### BEGIN SOLUTION
            note = "note.txt"
            with open(note, "w") as file:
                file.write("received\\n")
            ### END SOLUTION
            """,
        ),
        test(
            "note-test",
            1,
            """
            assert "note" in globals()
            with open("note.txt") as file:
                assert file.read() == "received\\n"
            """,
        ),
        test("more-test", 0, 'assert to_level("high") - to_level("low") == 2'),
        by_hand(
            "code",
            "own-design",
            2,
            """
            ### BEGIN SOLUTION
            class Board:
                members = ["church", "mosque", "police"]

            print(len(Board.members))
            ### END SOLUTION
            """,
        ),
        by_hand("markdown", "why", 3, "Because the one who hears first must be able to act first."),
        by_hand("markdown", "for-more", 0, "An office for the islands, for those who want more."),
        task(
            "ask-an-office",
            4,
            """
            Ask an office near you what it does with a report. Put what you hear below this cell, in cells of your own.
            ### BEGIN MARK SCHEME
            Two points for a named office, two for what it does.
            ### END MARK SCHEME
            """,
        ),
        plain("markdown", "building-words", "Here is room for what you heard."),
        plain("code", "building-scratch", "# Try things out here."),
    ]


NOTEBOOKS = {"counting": counting, "building": building}


# ---------------------------------------------------------------- the course


def make(root):
    """Make the course in an empty folder, release the assignment with nbgrader's own command and set when it is due."""
    source = root / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "late.py").write_text(LATE)
    (root / "autotests.yml").write_text(AUTOTESTS)
    (source / "reports.csv").write_text(REPORTS)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for name, cells in NOTEBOOKS.items():
        (source / f"{name}.ipynb").write_text(json.dumps(v4.new_notebook(cells=cells(), metadata=kernel)))
    nbgrader(root, "generate_assignment", ASSIGNMENT)
    with gradebook(root) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=DUE)
    return root


def nbgrader(root, *words, check=True):
    """Run one of nbgrader's own commands in the course; gives what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=root,
        env=environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=600,
    )
    assert done.returncode == 0 or not check, done.stdout
    return done.stdout


def workshop(root, *words, check=True):
    """Run `workshop` on the course; gives what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "workshop", *words, "--course", str(root)],
        env=environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=600,
    )
    assert done.returncode in (0, 1) or not check, done.stdout
    return done.stdout


def environment():
    """The environment of both: nbgrader calls alembic by name, and no one's IPython set-up plays a part."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def gradebook(root):
    """nbgrader's interface to the grade book of the course."""
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{root}/gradebook.db", "elsewhere")


# ---------------------------------------------------------------- submissions


@dataclass(frozen=True)
class Submission:
    """What one person hands in: the released notebooks with the right answers, and what is different.

    `honest` ones must be graded as nbgrader grades them. `damaged` ones are to be graded as `like`, which is intact. Of
    `hostile` ones no cell named in `no_points` may have points, and nobody else may come to harm; they are never run
    without a jail.
    """

    name: str
    about: str
    kind: str = "honest"
    answers: dict = field(default_factory=dict)  # cell -> source; None leaves it as released
    change: Callable | None = None  # gets {notebook name: notebook} and may do to it what it likes
    handed_in: str = IN_TIME
    like: str = ""
    no_points: tuple = ()
    quick: bool = False


def right(name):
    """The source of this cell in the solution, without the marks around it."""
    cell = next(cell for cells in NOTEBOOKS.values() for cell in cells() if cell.id == name)
    return "\n".join(line for line in cell.source.split("\n") if "### " not in line)


def cell_of(notebooks, name):
    """The notebook and the place of a cell."""
    return next(
        (notebook, place)
        for notebook in notebooks.values()
        for place, cell in enumerate(notebook["cells"])
        if cell.get("id") == name
    )


def _without(*names):
    def change(notebooks):
        for name in names:
            notebook, place = cell_of(notebooks, name)
            del notebook["cells"][place]

    return change


def _copied(name):
    def change(notebooks):
        notebook, place = cell_of(notebooks, name)
        notebook["cells"].insert(place + 1, {**notebook["cells"][place], "id": "copied"})

    return change


def _altered(notebooks):
    for name, points in (("office-test", 50), ("order-test", 9)):
        notebook, place = cell_of(notebooks, name)
        notebook["cells"][place]["source"] = "assert True"
        notebook["cells"][place]["metadata"]["nbgrader"]["points"] = points


def _no_counting(notebooks):
    del notebooks["counting"]


def _with_lines(name, lines):
    """The right answer with these lines after it."""
    return {name: right(name) + "\n\n" + dedent(lines).strip()}


ANSWERED = [
    cell.id for cells in NOTEBOOKS.values() for cell in cells() if cell.metadata.get("nbgrader", {}).get("solution")
]
LIAR = """
class Always:
    def __init__(self, *args): pass
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 2
    def __iter__(self): return iter([self])
    def __le__(self, other): return True
    def __radd__(self, other): return 3
    def __getattr__(self, name): return Always()
    def __call__(self, *args, **more): return Always()
"""

SUBMISSIONS = {
    one.name: one
    for one in [
        Submission("right", "everything right", quick=True),
        Submission(
            "wrong",
            "wrong in various places",
            answers={
                "count-by-region": "def count_by_region(table):\n    return {}",
                "summary": "total = 39\nregions = ['north', 'coast', 'south']\nshare = 0.25",
                "office": "class Office:\n    def __init__(self, name):\n        self.name = name",
                "announce": "def announce(names):\n    print(names)",
                "to-level": "def to_level(word):\n    return {'low': 1, 'middle': 2, 'high': 3}[word]",
                "order": "def order(reports):\n    return sorted(reports)",
                "chart": right("chart").replace("reports", "number"),
                "note": "note = 'note.txt'\nopen(note, 'w').write('recieved\\n');",
            },
            quick=True,
        ),
        Submission(
            "half",
            "partial credit, and half of the rest left as released",
            answers={
                **dict.fromkeys(ANSWERED[::2]),
                "middle": "def middle(numbers):\n    return sorted(numbers)[len(numbers) // 2]",
            },
            quick=True,
        ),
        Submission("empty", "handed in as released", answers=dict.fromkeys(ANSWERED)),
        Submission("late", "right, three hours late", handed_in=TOO_LATE, quick=True),
        Submission(
            "very-late",
            "half right and ten days late: more lost than there is",
            handed_in="2026-03-12 12:00:00 UTC",
            answers=dict.fromkeys(ANSWERED[::2]),
        ),
        Submission(
            "syntax-error", "an answer that Python cannot read", answers={"order": "def order(reports:\n    return"}
        ),
        Submission(
            "bad-import",
            "an answer that imports what is not there",
            answers={
                "office": "import numppy\n" + right("office"),
                "urgent-only": "import pands\n" + right("urgent-only"),
            },
        ),
        Submission("no-counting", "one notebook is missing", change=_no_counting, quick=True),
        Submission(
            "altered",
            "tests and points altered: nbgrader puts both back",
            change=_altered,
            quick=True,
            answers={"office": "class Office:\n    pass", "order": "def order(reports):\n    return reports"},
        ),
        Submission(
            "loop",
            "an answer that never ends",
            answers={"middle": "def middle(numbers):\n    while True:\n        pass"},
        ),
        Submission(
            "loud",
            "a hundred thousand lines of output",
            answers=_with_lines(
                "announce",
                """
        for line in range(100_000):
            print("line", line)
        """,
            ),
        ),
        Submission(
            "forks",
            "children, by fork and by subprocess",
            answers=_with_lines(
                "order",
                """
        import os, subprocess, sys
        children = []
        for number in range(4):
            child = os.fork()
            if child == 0:
                os.write(1, b"a child\\n")
                os._exit(0)
            children.append(child)
        print([os.waitpid(child, 0)[1] for child in children])
        print(subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True).stdout)
        """,
            ),
        ),
        Submission(
            "warns",
            "functions that warn while they are tested",
            answers={
                "to-level": "import warnings\n\n"
                + right("to-level").replace("    levels =", "    warnings.warn('old')\n    levels ="),
                "draw": "import sys\n\n"
                + right("draw").replace("    return", "    print('drawing', file=sys.stderr)\n    return"),
            },
            quick=True,
        ),
        Submission(
            "talks",
            "functions that print while they are tested",
            answers={
                "middle": right("middle").replace("    return", "    print('looking')\n    return"),
                "count-by-region": right("count-by-region").replace(
                    "    return", "    print(table.head())\n    return"
                ),
            },
        ),
        Submission(
            "awaits",
            "top-level await",
            answers=_with_lines(
                "draw",
                """
        import asyncio
        await asyncio.sleep(0.01)

        async def ten():
            return 10

        print(await ten())
        """,
            ),
        ),
        Submission(
            "asks",
            "input() in an answer, where nobody can answer",
            answers={
                "draw": 'name = input("Your name? ")\n' + right("draw"),
                "own-design": 'print("Hello", input("And you? "))',
            },
        ),
        Submission(
            "magics",
            "magics and shell lines",
            quick=True,
            answers={
                "order": "%%time\n" + right("order"),
                "draw": "!echo drawing\n" + right("draw") + "\n%timeit -n1 -r1 1 + 1",
                "figure": "%matplotlib inline\n" + right("figure"),
                "own-design": "%%bash\necho a board",
            },
        ),
        Submission(
            "widgets",
            "a widget, and a figure of several lines",
            answers={
                "own-design": "import ipywidgets\n\nslider = ipywidgets.IntSlider(value=3)\nslider",
                "figure": "figure, axes = plt.subplots()\naxes.plot([1, 2, 3])\naxes.set_title('rising')\n"
                "plt.show()\naxes",
            },
        ),
        Submission(
            "threads",
            "a thread that prints after its cell",
            answers=_with_lines(
                "office",
                """
        import threading
        threading.Timer(0.2, print, ["late words"]).start()
        """,
            ),
        ),
        Submission(
            "chance",
            "random numbers, seeded and not",
            answers={
                "draw": """
import numpy

random.seed(3)
numpy.random.seed(3)
print(random.random(), numpy.random.random())

def draw(names, how_many):
    return [names[place] for place in numpy.random.permutation(len(names))[:how_many]]
"""
            },
        ),
        Submission(
            "leans",
            "uses what only a test imports: all run in one kernel",
            answers={
                "draw": "def draw(names, how_many):\n"
                "    return list(collections.OrderedDict.fromkeys(random.sample(names, how_many)))"
            },
        ),
        Submission(
            "returns-numpy",
            "numpy values and other shapes of a right answer",
            answers={
                "middle": "import numpy\n\ndef middle(numbers):\n    return numpy.median(numbers)",
                "draw": "def draw(names, how_many):\n    return tuple(random.sample(names, how_many))",
                "count-by-region": "def count_by_region(table):\n    return table['region'].value_counts().to_dict()",
                "summary": "total = reports.shape[0]\nregions = list(set(reports['region']))\n"
                "share = reports['urgent'].mean()",
            },
        ),
        Submission(
            "redefines",
            "names that tests use, bound to something else",
            answers=_with_lines(
                "order",
                """
        points, queue, printed = "mine", 7, None
        len_of = len
        """,
            )
            | {"office": right("office") + "\n\noffice = Office('mine')"},
        ),
        Submission(
            "more-notes",
            "a notebook of one's own beside the assignment's",
            change=lambda notebooks: notebooks.update(
                {"my-notes": {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}}
            ),
        ),
        Submission(
            "own-kernel",
            "a kernel that is not there named in the notebook",
            change=lambda notebooks: [
                notebook["metadata"].update(
                    kernelspec={"name": "conda-env-py310", "display_name": "mine", "language": "python"}
                )
                for notebook in notebooks.values()
            ],
        ),
        Submission("no-time", "no time stamp", handed_in=""),
        Submission(
            "lost-test",
            "a test cell was deleted",
            "damaged",
            change=_without("office-test", "middle-test"),
            like="right",
        ),
        Submission(
            "lost-given", "a given cell was deleted", "damaged", change=_without("building-imports"), like="right"
        ),
        Submission(
            "copied-answer", "an answer cell was copied", "damaged", change=_copied("office"), like="right", quick=True
        ),
        Submission("copied-test", "a test cell was copied", "damaged", change=_copied("order-test"), like="right"),
        Submission(
            "exits",
            "leaves the kernel",
            "hostile",
            answers={"order": "import os\n\nos._exit(0)"},
            no_points=("order-test",),
            quick=True,
        ),
        Submission(
            "liar",
            "a class that equals everything",
            "hostile",
            quick=True,
            answers={
                "office": LIAR + "\nOffice = Always",
                "middle": LIAR + "\nmiddle = Always()",
                "order": LIAR + "\norder = Always()",
                "draw": LIAR + "\ndef draw(names, how_many):\n    return [Always()] * how_many",
                "count-by-region": LIAR + "\ncount_by_region = Always()",
                "summary": LIAR + "\ntotal = regions = share = Always()",
            },
            no_points=(
                "office-test",
                "middle-test",
                "order-test",
                "draw-test",
                "count-by-region-test",
                "summary-test",
                "share-test",
            ),
        ),
        Submission(
            "reads",
            "reads the solutions and the grade book from files",
            "hostile",
            quick=True,
            answers={
                "middle": """
import glob, json, os
found = ""
for folder in ("COURSE", "../../..", "../..", ".."):
    for path in [*glob.glob(folder + "/source/*/building.ipynb"), folder + "/gradebook.db"]:
        found += open(path, "rb").read().decode("utf-8", "replace") if os.path.exists(path) else ""
assert "numbers[half - 1] + numbers[half]" in found.replace("\\n", "")
def middle(numbers):
    numbers, half = sorted(numbers), len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2
"""
            },
            no_points=("middle-test",),
        ),
        Submission(
            "writes",
            "gives itself points in the grade book",
            "hostile",
            answers={
                "order": """
import sqlite3
for folder in ("COURSE", "../../.."):
    book = sqlite3.connect(folder + "/gradebook.db")
    book.execute("update grade set manual_score = 99")
    book.commit()
"""
            },
            no_points=("order-test",),
            quick=True,
        ),
        Submission(
            "patches",
            "replaces what tests are made of",
            "hostile",
            answers={
                "order": """
import builtins, sys
class Silent(BaseException): pass
builtins.AssertionError = Silent
get_ipython().showtraceback = lambda *args, **more: None
get_ipython().ast_transformers.append(type("No", (), {"visit": lambda self, node: __import__("ast").parse("")})())
"""
            },
            no_points=("order-test",),
        ),
        Submission(
            "frames",
            "looks at the test that calls it",
            "hostile",
            answers={
                "middle": """
import sys
def middle(numbers):
    frame = sys._getframe(1)
    while frame:
        if "expected" in frame.f_locals:
            return frame.f_locals["expected"]
        frame = frame.f_back
"""
            },
            no_points=("middle-test",),
        ),
        Submission(
            "forges",
            "prints a result that looks like the grader's",
            "hostile",
            answers={
                "middle": """
class Points:
    def __repr__(self): return "3"
    def __eq__(self, other): return False
    def __radd__(self, other): return self
def middle(numbers):
    class Forged(int):
        def __eq__(self, other): return Points()
    return Forged()
"""
            },
            no_points=("middle-test",),
        ),
        Submission(
            "too-many",
            "forks without end",
            "hostile",
            answers={"order": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"},
            no_points=("order-test",),
        ),
        Submission(
            "hungry",
            "takes all memory and disk",
            "hostile",
            answers={
                "order": "heap = []\nwhile True:\n    heap.append(bytearray(50_000_000))",
                "draw": "with open('big', 'wb') as file:\n    while True:\n        file.write(bytes(10_000_000))",
            },
            no_points=("order-test", "draw-test"),
        ),
    ]
}


def hand_in(root, *names):
    """Put these submissions into the course, as nbgrader's collecting does."""
    for name in names:
        one = SUBMISSIONS[name]
        notebooks = {
            path.stem: json.loads(path.read_text()) for path in (root / "release" / ASSIGNMENT).glob("*.ipynb")
        }
        for cell in (cell for notebook in notebooks.values() for cell in notebook["cells"]):
            if cell["id"] in ANSWERED:
                source = one.answers.get(cell["id"], right(cell["id"]))
                cell["source"] = cell["source"] if source is None else source.strip().replace("COURSE", str(root))
        if one.change:
            one.change(notebooks)
        folder = root / "submitted" / name / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        for notebook, content in notebooks.items():
            (folder / f"{notebook}.ipynb").write_text(json.dumps(content))
        (folder / "reports.csv").write_text(REPORTS)
        if one.handed_in:
            (folder / "timestamp.txt").write_text(one.handed_in + "\n")


def chosen(kind, everything=False):
    """The names of submissions of a kind: a few, or all of them."""
    return [one.name for one in SUBMISSIONS.values() if one.kind == kind and (one.quick or everything)]
