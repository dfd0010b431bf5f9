"""What nbgrader makes of a solved notebook: the notebook for participants, and the cells as its grade book keeps them.

nbgrader takes seconds for it, so the outcome is kept beside the project and made anew only when the notebook changes.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

from workshop.answers.cache import cached_json, digest, digest_of_code, versions
from workshop.content.imports import quick
from workshop.errors import GradingError
from workshop.grading.code_cells import Assignment, Notebook

KEPT = Path(".workshop") / "assignments"
# What decides, beside nbgrader, how a notebook is released.
CODE = ("grading/assignments.py",)


def released(root: Path, name: str, solved: bytes) -> tuple[bytes, Assignment]:
    """(the notebook for participants as bytes, the assignment for a grade book) from the bytes of a solved notebook.

    Raises GradingError with nbgrader's words when it refuses the notebook.
    """
    made_from = digest(
        digest_of_code(*CODE), versions("nbgrader", "nbformat"), (root / "nbgrader_config.py").read_bytes(), solved
    )
    data = cached_json(root / KEPT, f"{name}.json", made_from, partial(_made, root, name, solved))
    notebook = data["book"]
    cells = {(kind, cell): about for kind, cell, about in notebook["cells"]}
    book = Assignment(
        "", name, None, {name: Notebook("", name, notebook["kernelspec"], cells=cells, sources=notebook["sources"])}
    )
    return data["released"].encode(), book


def _made(root: Path, name: str, solved: bytes) -> dict[str, Any]:
    """What `nbgrader generate_assignment` makes.

    By its own preprocessors in their order and with the course's settings. They are called here and not by its command,
    which makes a grade book on disk for every exercise and takes ten times as long; a test holds the two equal.
    """
    with quick():
        import nbformat
        from nbgrader import preprocessors as steps  # type: ignore[import-untyped]  # nbgrader has no types
        from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", str(root)).load_config()
    about = {"nbgrader": {"notebook": name, "assignment": name, "student": "."}, "metadata": {"path": str(root)}}

    def after(notebook: Any, *classes: Any) -> Any:
        for each in classes:
            notebook, _ = each(config=config).preprocess(notebook, about)
        return notebook

    try:
        notebook = after(
            nbformat.reads(solved.decode(), as_version=4),  # type: ignore[no-untyped-call]  # nbformat has no types
            steps.IncludeHeaderFooter,
            steps.InstantiateTests,
            steps.LockCells,
            steps.ClearSolutions,
            steps.ClearOutput,
            steps.CheckCellMetadata,
            steps.ComputeChecksums,
        )
        book = _as_in_a_grade_book(notebook)
        notebook = after(
            notebook, steps.ClearHiddenTests, steps.ClearMarkScheme, steps.ComputeChecksums, steps.CheckCellMetadata
        )
    except Exception as error:  # nbgrader raises RuntimeError, ValueError and more for a notebook that it refuses
        raise GradingError(f"nbgrader could not make the assignment {name}:\n{error}") from error
    written = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return {"released": f"{written}\n", "book": book}


def _as_in_a_grade_book(notebook: Any) -> dict[str, Any]:
    """What nbgrader's SaveCells writes into the grade book: cells by kind with their points, and their sources."""
    marked = [(cell, cell.metadata.nbgrader) for cell in notebook.cells if "nbgrader" in cell.metadata]
    cells = [
        [
            kind,
            marks.grade_id,
            {} if kind == "solution" else {"max_score": float(marks.points), "cell_type": cell.cell_type},
        ]
        for kind in ("grade", "task", "solution")
        for cell, marks in marked
        if marks[kind]
    ]
    sources = {
        marks.grade_id: {
            "cell_type": cell.cell_type,
            "locked": _locked(marks),
            "source": cell.source,
            "checksum": marks.get("checksum"),
        }
        for cell, marks in marked
        if marks.grade or marks.solution or marks.task or _locked(marks)
    }
    return {"kernelspec": json.dumps(notebook.metadata.get("kernelspec", {})), "cells": cells, "sources": sources}


def _locked(marks: Any) -> bool:
    """Whether nbgrader holds a cell for locked: what asks for an answer is not, what grades one is."""
    if marks.solution:
        return False
    return bool(marks.grade or marks.locked)
