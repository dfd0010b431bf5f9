"""How fast a course of numerical mathematics is graded: tests hand large arrays across, and call often.

    .venv/bin/python benchmarks/grading/numerical.py --sizes 4 60

Prints seconds of `nbgrader autograde` and of `safe-cells grade` on the same class, one after the other, and how many cells wait for
a reader. For a class of 60, nbgrader grades `--sample` of them and its time is multiplied.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from nbformat import v4

BIN = Path(sys.executable).parent
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
START = "import numpy as np\nimport matplotlib.pyplot as plt\nnp.random.seed(3)\nfield = np.random.rand(400, 400)"
ITEMS = {
    "smooth": (
        "def smooth(a):\n    return (a[1:-1, 1:-1] + a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:]) / 5",
        "s = smooth(field)\nassert s.shape == (398, 398)\nassert s.std() < field.std()\nnp.testing.assert_allclose(smooth(np.ones((9, 9))), 1)",
    ),
    "solve": (
        "def solve(a, b):\n    return np.linalg.solve(a, b)",
        "a = field + 400 * np.eye(400)\nx = solve(a, field[0])\nassert np.allclose(a @ x, field[0])",
    ),
    "root": (
        "def root(f, a, b):\n    for _ in range(60):\n        m = (a + b) / 2\n        a, b = (m, b) if f(a) * f(m) > 0 else (a, m)\n    return a",
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


def cell(name, source, **marks):
    """A code cell with nbgrader's marks."""
    made = v4.new_code_cell(source)
    usual = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "locked": False, "task": False}
    return {**made, "id": name, "metadata": {"nbgrader": {**usual, **marks}}}


def course(root, size):
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


def run(root, *words):
    """Seconds that a command takes in a course."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", *words], cwd=root, env=environment, check=True, capture_output=True)
    return time.monotonic() - began


def rows(root):
    """(student, cell) -> (score, waits)"""
    query = (
        "select s.student_id, c.name, g.auto_score, g.needs_manual_grade from grade g join submitted_notebook n on "
        "g.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id join base_cell c on g.cell_id = c.id"
    )
    with closing(sqlite3.connect(root / "gradebook.db")) as book:
        return {(student, name): (score, waits) for student, name, score, waits in book.execute(query)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[4, 60])
    parser.add_argument("--sample", type=int, default=12, help="how many nbgrader grades of a larger class")
    options = parser.parse_args()
    print(
        "| class | nbgrader | safe-cells | ratio | other scores | wait for a reader |\n| --- | --- | --- | --- | --- | --- |"
    )
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as place:
            ours = course(Path(place) / "ours", size)
            theirs = shutil.copytree(ours, Path(place) / "theirs")
            sample = min(size, options.sample)
            for number in range(sample, size):
                shutil.rmtree(theirs / "submitted" / f"s{number:02}")
            stock = run(theirs, "nbgrader", "autograde", "ps1") * size / sample
            mine = run(ours, "safe_cells", "grade", str(ours), "ps1")
            expected, found = rows(theirs), rows(ours)
            waits = sum(bool(found[key][1]) for key in found)
            others = sum(not found[key][1] and found[key] != expected[key] for key in expected)
            print(f"| {size} | {stock:.1f} s | {mine:.1f} s | {stock / mine:.1f} | {others} | {waits} |", flush=True)


if __name__ == "__main__":
    main()
