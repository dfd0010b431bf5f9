"""How fast a course of numerical mathematics is graded: tests hand large arrays across, and call often.

    .venv/bin/python benchmarks/grading/numerical.py --sizes 4 60

Prints what `nbgrader autograde` and `safe-cells grade` take for the same class, in rounds one after the other: medians
of seconds, and of the ratios within rounds, also of processor seconds, which tell the same when the machine is busy. Of
a class of 60 nbgrader grades `--sample`, and its time is multiplied.
"""

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import meter
from nbformat import v4

BIN = Path(sys.executable).parent
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
START = "import numpy as np\nimport matplotlib.pyplot as plt\nnp.random.seed(3)\nfield = np.random.rand(400, 400)"
ITEMS = {
    "smooth": (
        "def smooth(a):\n    return (a[1:-1, 1:-1] + a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:]) / 5",
        "s = smooth(field)\nassert s.shape == (398, 398)\nassert s.std() < field.std()\n"
        "np.testing.assert_allclose(smooth(np.ones((9, 9))), 1)",
    ),
    "solve": (
        "def solve(a, b):\n    return np.linalg.solve(a, b)",
        "a = field + 400 * np.eye(400)\nx = solve(a, field[0])\nassert np.allclose(a @ x, field[0])",
    ),
    "root": (
        "def root(f, a, b):\n    for _ in range(60):\n        m = (a + b) / 2\n"
        "        a, b = (m, b) if f(a) * f(m) > 0 else (a, m)\n    return a",
        "for n in range(2, 200):\n    assert abs(root(lambda x, n=n: x * x - n, 0, n) - n ** 0.5) < 1e-9",
    ),
    "step": (
        "def step(y, t, h):\n    return y + h * (-y + np.sin(t))",
        "y = 1.0\nfor k in range(400):\n    y = step(y, k * 0.01, 0.01)\nassert abs(y - 0.5) < 0.6",
    ),
    "norm": (
        "def norm(v):\n    return float(np.sqrt((v ** 2).sum()))",
        "for row in field[:100]:\n    assert abs(norm(row) - np.linalg.norm(row)) < 1e-9",
    ),
    "picture": (
        "def picture(a):\n    figure, axes = plt.subplots()\n    axes.imshow(a)\n    return axes\npicture(field);",
        "axes = picture(field)\nassert len(axes.images) == 1",
    ),
}
WRONG = {"smooth": "def smooth(a):\n    return a", "norm": "def norm(v):\n    return float(v.sum())"}


def cell(name: str, source: str, **marks: object) -> dict[str, object]:
    """A code cell with nbgrader's marks."""
    made = v4.new_code_cell(source)
    usual = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "locked": False, "task": False}
    return {**made, "id": name, "metadata": {"nbgrader": {**usual, **marks}}}


def course(root: Path, size: int) -> Path:
    """A course in an empty folder, with so many submissions; every third is wrong in places."""
    cells = [cell("start", START, locked=True)]
    for name, (solution, test) in ITEMS.items():
        cells.append(cell(name, f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION", solution=True))
        cells.append(cell(f"{name}-test", test, grade=True, locked=True, points=2))
    (root / "source/ps1").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    (root / "source/ps1/nb.ipynb").write_text(json.dumps(v4.new_notebook(cells=cells, metadata=KERNEL)))
    run(root, "nbgrader", "generate_assignment", "ps1")
    for number in range(size):
        folder = root / "submitted" / f"s{number:02}" / "ps1"
        shutil.copytree(root / "release/ps1", folder)
        notebook = json.loads((folder / "nb.ipynb").read_text())
        for one in notebook["cells"]:
            if one["id"] in ITEMS:
                right = ITEMS[one["id"]][0]
                one["source"] = WRONG.get(one["id"], right) if number % 3 == 2 else right
        (folder / "nb.ipynb").write_text(json.dumps(notebook))
    return root


def run(root: Path, *words: str) -> meter.Cost:
    """What a command costs in a course. Raises RuntimeError when it fails."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    cost = meter.run([sys.executable, "-m", *words], root, environment, 3600)
    if cost.code != 0:
        raise RuntimeError(cost.said)
    return cost


def rows(root: Path) -> dict[tuple[str, str], tuple[float | None, int]]:
    """(student, cell) -> (score, waits)"""
    query = (
        "select s.student_id, c.name, g.auto_score, g.needs_manual_grade from grade g join submitted_notebook n on "
        "g.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id "
        "join base_cell c on g.cell_id = c.id"
    )
    with closing(sqlite3.connect(root / "gradebook.db")) as book:
        return {(student, name): (score, waits) for student, name, score, waits in book.execute(query)}


def once(master: Path, size: int, sample: int) -> tuple[meter.Cost, meter.Cost, int, int]:
    """(what nbgrader costs for a sample, what we cost for all, cells that have another score, cells that wait)"""
    with tempfile.TemporaryDirectory() as place:
        ours, theirs = (shutil.copytree(master, Path(place) / name) for name in ("ours", "theirs"))
        for number in range(sample, size):
            shutil.rmtree(theirs / "submitted" / f"s{number:02}")
        stock = run(theirs, "nbgrader", "autograde", "ps1")
        mine = run(ours, "safe_cells", "grade", str(ours), "ps1")
        expected, found = rows(theirs), rows(ours)
    waits = sum(bool(found[key][1]) for key in found)
    others = sum(not found[key][1] and found[key] != expected[key] for key in expected)
    return stock, mine, others, waits


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[4, 60])
    parser.add_argument("--sample", type=int, default=12, help="how many nbgrader grades of a larger class")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    heads = "class", "nbgrader", "safe-cells", "ratio", "processor seconds: ratio", "other scores", "wait for a reader"
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for size in options.sizes:
        sample = min(size, options.sample)
        with tempfile.TemporaryDirectory() as place:
            master = course(Path(place), size)
            runs = [once(master, size, sample) for _ in range(options.rounds)]
        share = size / sample
        ratio = statistics.median(share * stock.seconds / mine.seconds for stock, mine, _, _ in runs)
        work = statistics.median(share * stock.processor / mine.processor for stock, mine, _, _ in runs)
        stock, mine = (statistics.median(each[place].seconds for each in runs) for place in (0, 1))
        cells = [
            str(size), f"{share * stock:.1f} s", f"{mine:.1f} s", f"{ratio:.1f}", f"{work:.1f}", *map(str, runs[0][2:]),
        ]  # fmt: skip
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
