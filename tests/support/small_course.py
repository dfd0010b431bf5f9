"""A small nbgrader course in a folder, for one question at a time: a notebook of few cells, and people who hand in."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from nbformat import v4

from safe_cells import Round, grade_course
from safe_cells.course import nbgrader_api, paths

Cell = dict[str, Any]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def cell(name: str, source: str, kind: str = "code", **marks: Any) -> Cell:
    """A cell with nbgrader's marks."""
    made = v4.new_code_cell(source) if kind == "code" else v4.new_markdown_cell(source)
    usual = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "locked": False, "task": False}
    return {**made, "id": name, "metadata": {"nbgrader": {**usual, **marks}}}


def given(name: str, source: str) -> Cell:
    """A cell that everybody gets as it is."""
    return cell(name, source, locked=True)


def answer(name: str, source: str) -> Cell:
    """A cell for participants to fill, with the instructor's solution."""
    return cell(name, f"### BEGIN SOLUTION\n{source}\n### END SOLUTION", solution=True)


def check(name: str, source: str, points: float = 2) -> Cell:
    """A test of the instructor's."""
    return cell(name, source, grade=True, locked=True, points=points)


def words(name: str, source: str, points: float = 3) -> Cell:
    """A written answer."""
    return cell(name, source, "markdown", grade=True, solution=True, points=points)


class SmallCourse:
    """A course with one assignment `ps1` of one notebook `nb`."""

    def __init__(self, root: Path, cells: list[Cell], config: str = "", files: Mapping[str, str] | None = None) -> None:
        self.root, self.source = root, root / "source" / "ps1"
        self.source.mkdir(parents=True)
        (root / "nbgrader_config.py").write_text(f"c = get_config()\nc.Execute.timeout = 20\n{config}")
        (self.source / "nb.ipynb").write_text(json.dumps(v4.new_notebook(cells=cells, metadata=KERNEL)))
        for name, content in (files or {}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def release(self) -> "SmallCourse":
        """Give the assignment out."""
        nbgrader_api.new_book(paths.read(self.root).db_url, "default_course")
        nbgrader_api.generate(self.root, "ps1")
        return self

    def hand_in(
        self,
        student: str,
        answers: Mapping[str, str] | None = None,
        change: Callable[[dict[str, Any]], object] | None = None,
        stamp: str = "2026-03-01 09:30:00 UTC\n",
    ) -> Path:
        """Hand in the notebook with these lines in these cells, and whatever `change` does to it; gives the folder."""
        folder = self.root / "submitted" / student / "ps1"
        shutil.copytree(self.root / "release" / "ps1", folder)
        path = folder / "nb.ipynb"
        notebook = json.loads(path.read_text())
        for one in notebook["cells"]:
            name = one["metadata"].get("nbgrader", {}).get("grade_id")
            one["source"] = (answers or {}).get(name, "".join(one["source"]))
        if change:
            change(notebook)
        path.write_text(json.dumps(notebook))
        (folder / "timestamp.txt").write_text(stamp)
        return folder

    def grade(self, **options: Any) -> Round:
        """Grade what was handed in, in this process."""
        return grade_course(self.root, "ps1", workers=1, **options)

    def scores(self, student: str) -> dict[str, float | str]:
        """What the grade book says of a student: cell -> points, or “reader”."""
        query = (
            "select c.name, g.auto_score, g.needs_manual_grade from grade g "
            "join submitted_notebook n on g.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id "
            "join base_cell c on g.cell_id = c.id where s.student_id = ?"
        )
        with closing(sqlite3.connect(self.root / "gradebook.db")) as book:
            return {name: "reader" if waits else score for name, score, waits in book.execute(query, (student,))}
