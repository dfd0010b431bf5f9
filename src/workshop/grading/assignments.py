"""What nbgrader makes of a solved notebook: the notebook for participants, and the cells as its grade book keeps them.

nbgrader takes seconds for it, so the outcome is kept beside the project and made anew only when the notebook changes.
"""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from workshop.answers import atomic
from workshop.grading.code_cells import Assignment, GradeBook, Notebook, nbgrader_api

KEPT = Path(".workshop") / "assignments"


def made_from(root, name, solved):
    """(the notebook for participants as bytes, the assignment for a grade book) from the bytes of a solved notebook.

    Raises GradingError with nbgrader's words when it refuses the notebook.
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
        atomic.put(kept, json.dumps(data).encode())
    notebook = data["book"]
    cells = {(kind, cell): about for kind, cell, about in notebook["cells"]}
    book = Assignment(
        "", name, None, {name: Notebook("", name, notebook["kernelspec"], cells=cells, sources=notebook["sources"])}
    )
    return data["released"].encode(), book


def _made(root, name, solved):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        source = folder / "solutions" / name / f"{name}.ipynb"
        source.parent.mkdir(parents=True)
        source.write_bytes(solved)
        shutil.copy(root / "nbgrader_config.py", folder)
        # Not the course's own grade book, wherever its settings say that is.
        url = f"sqlite:///{folder / 'gradebook.db'}"
        nbgrader_api.new_book(url, "building_national_architectures")
        nbgrader_api.generate(folder, name, db_url=url)
        book = GradeBook(url)
        notebook = book.assignment(name).notebooks[name]
        book.close()
        released = (folder / "exercises" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    sources = {
        cell: {key: row[key] for key in ("cell_type", "locked", "source", "checksum")}
        for cell, row in notebook.sources.items()
    }
    cells = [
        [kind, cell, {key: value for key, value in about.items() if key != "id"}]
        for (kind, cell), about in notebook.cells.items()
    ]
    return {"released": released, "book": {"kernelspec": notebook.kernelspec, "cells": cells, "sources": sources}}
