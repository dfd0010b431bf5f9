"""Three course folders with a class of submissions each.

A typed exercise, a mixed one, and a course of code that is not ours.
"""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from nbformat import v4

from workshop.project import exercises

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support import any_course  # noqa: E402
from support.any_course import answer, by_hand, given, plain, test  # noqa: E402

TIME = "2026-03-01 09:30:00 UTC"
RECEIVED = """def received_by_year(table):
    rows = table[(table["series"] == "appeal_received") & (table["certainty"] == "as_published")]
    return {int(row.year): round(float(row.amount_usd) / 1_000_000, 1) for row in rows.itertuples()}
"""
RECEIVED_WRONG = "def received_by_year(table):\n    return dict(zip(table.year, table.amount_usd))\n"


@dataclass(frozen=True)
class Class:
    """A course folder, the assignment to grade in it, and whether it is a project of ours."""

    folder: Path
    assignment: str
    ours: bool
    students: int


# ---------------------------------------------------------------- our exercises


def typed(place, students):
    """The check before the workshop: twelve questions whose answers are data."""
    return _exercise(place, students, "check_before")


def mixed(place, students):
    """The second module's exercise: questions, written answers and a function to write."""
    return _exercise(place, students, "m02_challenges")


def _exercise(place, students, name):
    from support.course_helpers import course_folder, hand_in

    from safe_cells.course import nbgrader_api

    place.mkdir(parents=True)
    course_folder(place)
    nbgrader_api.generate(place, name, db_url=f"sqlite:///{place / 'gradebook.db'}")
    right = {key: question.perfect() for key, question in exercises.key_of(name, place).items()}
    for number in range(students):
        # A third knows everything; the others leave out every second, third, … question.
        given_answers = {
            key: value
            for turn, (key, value) in enumerate(right.items())
            if value is not None and (number % 3 == 0 or turn % (2 + number % 5))
        }
        code = f"person-{number:03d}"
        hand_in(place, code, given_answers, RECEIVED if number % 4 else RECEIVED_WRONG, name)
        desk = place / "desks" / code
        folder = place / "submitted" / code / name
        folder.mkdir(parents=True)
        for file in (f"{name}.ipynb", f"{name}.answers.json"):
            shutil.copy(desk / file, folder)
        (folder / "timestamp.txt").write_text(TIME)
    shutil.rmtree(place / "desks")
    return Class(place, name, True, students)


# ---------------------------------------------------------------- a course of code


def _frames():
    return [
        (
            "biggest",
            '''
            def biggest(table, how_many):
                """The offices with most reports, as a list of (office, number)."""
                ### BEGIN SOLUTION
                sums = table.groupby("office")["reports"].sum()
                found = sums.sort_values(ascending=False, kind="stable").head(how_many)
                return [(name, int(number)) for name, number in found.items()]
                ### END SOLUTION
            ''',
        ),
        (
            "biggest-test",
            2,
            """
            sums = table.groupby("office")["reports"].sum()
            assert biggest(table, 1) == [(sums.idxmax(), sums.max())]
            ### BEGIN HIDDEN TESTS
            assert biggest(table, 0) == []
            ### END HIDDEN TESTS
            """,
        ),
        (
            "monthly",
            '''
            def monthly(table):
                """Reports in each month, as a series."""
                ### BEGIN SOLUTION
                return table.groupby("month")["reports"].sum()
                ### END SOLUTION
            ''',
        ),
        (
            "monthly-test",
            2,
            """
            assert monthly(table).sum() == table["reports"].sum()
            assert list(monthly(table).index) == list(range(1, 13))
            """,
        ),
    ]


def _signals():
    return [
        (
            "smooth",
            '''
            def smooth(values, width):
                """The running mean of a sequence."""
                ### BEGIN SOLUTION
                return np.convolve(values, np.ones(width) / width, mode="valid")
                ### END SOLUTION
            ''',
        ),
        (
            "smooth-test",
            2,
            """
            assert np.allclose(smooth([1, 2, 3, 4], 2), [1.5, 2.5, 3.5])
            ### BEGIN HIDDEN TESTS
            assert len(smooth(range(100), 7)) == 94
            ### END HIDDEN TESTS
            """,
        ),
        (
            "above",
            '''
            def above(values, limit):
                """The places at which the values are above a limit."""
                ### BEGIN SOLUTION
                return [int(place) for place in np.flatnonzero(np.asarray(values) > limit)]
                ### END SOLUTION
            ''',
        ),
        (
            "above-test",
            2,
            """
            assert above([1, 5, 2, 7], 4) == [1, 3]
            assert above([], 4) == []
            """,
        ),
    ]


def _charts():
    return [
        (
            "shares",
            '''
            def shares(table):
                """Each region's part of all reports."""
                ### BEGIN SOLUTION
                found = table.groupby("region")["reports"].sum()
                return {region: float(number) for region, number in (found / found.sum()).items()}
                ### END SOLUTION
            ''',
        ),
        (
            "shares-test",
            2,
            """
            assert abs(sum(shares(table).values()) - 1) < 1e-9
            ### BEGIN HIDDEN TESTS
            assert set(shares(table)) == set(table["region"])
            ### END HIDDEN TESTS
            """,
        ),
        (
            "scale",
            '''
            def scale(values):
                """Values from 0 to 1."""
                ### BEGIN SOLUTION
                low, high = min(values), max(values)
                return [(value - low) / (high - low) for value in values]
                ### END SOLUTION
            ''',
        ),
        (
            "scale-test",
            2,
            """
            assert scale([2, 4, 3]) == [0, 1, 0.5]
            """,
        ),
    ]


PARTS = {"frames": _frames, "signals": _signals, "charts": _charts}


def cells_of(name):
    """The thirteen cells of a notebook.

    Imports and data, functions with their tests, partial credit, two items to read.
    """
    own = [
        answer(f"{name}-{part}", *rest) if len(rest) == 1 else test(f"{name}-{part}", *rest)
        for part, *rest in PARTS[name]()
    ]
    return [
        plain("markdown", f"{name}-title", f"# {name.title()}"),
        given(
            "code",
            f"{name}-imports",
            """
            import matplotlib.pyplot as plt
            import numpy as np
            import pandas as pd

            table = pd.read_csv("reports.csv")
            """,
        ),
        *own,
        answer(
            f"{name}-count",
            '''
            def count(words):
                """How often each word occurs, capital letters or not."""
                ### BEGIN SOLUTION
                return pd.Series([word.lower() for word in words]).value_counts().to_dict()
                ### END SOLUTION
            ''',
        ),
        test(
            f"{name}-count-test",
            3,
            """
            points = 0
            for words, expected in ((["a"], {"a": 1}), (["a", "b", "a"], {"a": 2, "b": 1}), (["A", "a"], {"a": 2})):
                try:
                    points += count(words) == expected
                except Exception:
                    pass
            points
            """,
        ),
        test(
            f"{name}-table-test",
            1,
            """
            assert len(table) == 3000
            ### BEGIN HIDDEN TESTS
            assert list(table.columns) == ["office", "region", "month", "reports"]
            ### END HIDDEN TESTS
            """,
        ),
        by_hand(
            "code",
            f"{name}-figure",
            3,
            """
            ### BEGIN SOLUTION
            figure, axes = plt.subplots()
            table.groupby("month")["reports"].sum().plot.bar(ax=axes)
            axes.set_ylabel("reports")
            plt.show()
            ### END SOLUTION
            """,
        ),
        by_hand("markdown", f"{name}-words", 2, "The north reports most in March."),
        plain("code", f"{name}-scratch", "# Try things out here."),
    ]


def code(place, students):
    """Three notebooks with pandas and matplotlib.

    A third is right, the others wrong, half, silent, unreadable, loud or late.
    """
    source = place / "source" / "ps1"
    source.mkdir(parents=True)
    (place / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "code"\n')
    (source / "reports.csv").write_text(
        "office,region,month,reports\n"
        + "".join(
            f"office {n % 37},{('north', 'south', 'coast', 'islands')[n % 4]},{n % 12 + 1},{n * 7919 % 101}\n"
            for n in range(3000)
        )
    )
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for name in PARTS:
        (source / f"{name}.ipynb").write_text(json.dumps(v4.new_notebook(cells=cells_of(name), metadata=kernel)))
    any_course.nbgrader(place, "generate_assignment", "ps1")
    for number in range(students):
        folder = place / "submitted" / f"person-{number:03d}" / "ps1"
        folder.mkdir(parents=True)
        shutil.copy(source / "reports.csv", folder)
        (folder / "timestamp.txt").write_text(TIME)
        for name in PARTS:
            notebook = json.loads((place / "release" / "ps1" / f"{name}.ipynb").read_text())
            solved = {cell.id: cell.source for cell in cells_of(name)}
            for turn, cell in enumerate(notebook["cells"]):
                if cell["metadata"].get("nbgrader", {}).get("solution"):
                    cell["source"] = _written(number, turn, cell["source"], _bare(solved[cell["id"]]))
            notebook["cells"][-1]["source"] = f"print('scratch of {number}')"
            (folder / f"{name}.ipynb").write_text(json.dumps(notebook))
    return Class(place, "ps1", False, students)


def _bare(source):
    return "\n".join(line for line in source.split("\n") if "### " not in line)


def _written(number, turn, released, right):
    """What person `number` wrote into the cell at this place."""
    habit = number % 9
    if habit < 4 or "def " not in right:
        return released if habit == 6 else right
    if habit == 4:  # wrong in every second function
        return right.replace("return ", "return None and ", 1) if turn % 4 else right
    if habit == 5:  # half left as released
        return right if turn % 4 else released
    if habit == 6:  # nothing written
        return released
    if habit == 7:  # Python cannot read one answer
        return right if turn % 4 else right.replace("):", ")", 1)
    return right + "\nfor line in range(3000):\n    print('line', line)"


CLASSES = {"typed": typed, "mixed": mixed, "code": code}
