"""What nbgrader makes of a solved notebook: the notebook for participants, and the cells as its grade book keeps them.

nbgrader takes seconds for it, so the outcome is kept beside the project and made anew only when the notebook changes.
"""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sql

from workshop.answers import atomic
from workshop.content.imports import quick
from workshop.grading.gradebook import Assignment, GradeBook, Notebook

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
    from workshop.grading import course

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        source = folder / "solutions" / name / f"{name}.ipynb"
        source.parent.mkdir(parents=True)
        source.write_bytes(solved)
        shutil.copy(root / "nbgrader_config.py", folder)
        # Not the course's own grade book, wherever its settings say that is.
        url = f"sqlite:///{folder / 'gradebook.db'}"
        new_book(url, "building_national_architectures")
        course.generate(folder, name, url)
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


def new_book(url, course_id):
    """Make an empty grade book with nbgrader's own tables, where there is none yet."""
    if url.startswith("sqlite:///") and os.path.exists(url.removeprefix("sqlite:///")):
        return
    with quick():
        import nbgrader.api
        from alembic.script import ScriptDirectory

    engine = sql.create_engine(url)
    with engine.begin() as connection:
        if not sql.inspect(connection).has_table("alembic_version"):
            nbgrader.api.Base.metadata.create_all(bind=connection)
            # nbgrader starts a program of its own to learn the version of its tables, which takes seconds.
            version = ScriptDirectory(str(Path(nbgrader.api.__file__).with_name("alembic"))).get_current_head()
            connection.execute(sql.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(
                sql.text("INSERT INTO alembic_version (version_num) VALUES (:version)"), {"version": version}
            )
    engine.dispose()
    nbgrader.api.Gradebook(url, course_id).close()
