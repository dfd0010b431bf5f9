"""What nbgrader makes of a solved notebook: the notebook for participants, and the cells as its grade book keeps them.

nbgrader takes seconds for it, so the outcome is kept beside the project and made anew only when the notebook changes.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from workshop import files
from workshop.marking.gradebook import Assignment, GradeBook, Notebook

KEPT = Path(".workshop") / "assignments"


def made_from(root, name, solved):
    """(the notebook for participants as bytes, the assignment for a grade book) from the bytes of a solved notebook.

    Raises GradingStopped with nbgrader's words when it refuses the notebook.
    """
    settings = (root / "nbgrader_config.py").read_bytes()
    kept = root / KEPT / f"{name}-{hashlib.sha256(solved + settings).hexdigest()[:16]}.json"
    try:
        data = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        data = _made(root, name, solved)
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{name}-*.json"):
            old.unlink()
        files.put(kept, json.dumps(data).encode())
    notebook = data["book"]
    cells = {(kind, cell): about for kind, cell, about in notebook["cells"]}
    book = Assignment("", name, None, {name: Notebook("", name, notebook["kernelspec"], cells=cells, sources=notebook["sources"])})
    return data["released"].encode(), book


def _made(root, name, solved):
    from workshop import course

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        source = folder / "solutions" / name / f"{name}.ipynb"
        source.parent.mkdir(parents=True)
        source.write_bytes(solved)
        shutil.copy(root / "nbgrader_config.py", folder)
        course.generate(folder, name)
        book = GradeBook(f"sqlite:///{folder / 'gradebook.db'}")
        notebook = book.assignment(name).notebooks[name]
        book.close()
        released = (folder / "exercises" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    sources = {cell: {key: row[key] for key in ("cell_type", "locked", "source", "checksum")} for cell, row in notebook.sources.items()}
    cells = [[kind, cell, {key: value for key, value in about.items() if key != "id"}] for (kind, cell), about in notebook.cells.items()]
    return {"released": released, "book": {"kernelspec": notebook.kernelspec, "cells": cells, "sources": sources}}


@contextlib.contextmanager
def quick_imports():
    """While nbgrader is imported: without the grammar of web addresses that its checks can use, which takes a second to build."""
    missing = "rfc3987_syntax" not in sys.modules
    if missing:
        sys.modules["rfc3987_syntax"] = None
    try:
        yield
    finally:
        if missing:
            del sys.modules["rfc3987_syntax"]


def new_book(url, course_id):
    """Make an empty grade book with nbgrader's own tables, where there is none yet."""
    if url.startswith("sqlite:///") and os.path.exists(url.removeprefix("sqlite:///")):
        return
    with quick_imports():
        from nbgrader.api import Gradebook

    Gradebook(url, course_id).close()
