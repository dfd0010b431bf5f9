"""nbgrader itself, where it does what it does best: making an assignment, and an empty grade book."""

import os
import sys
import warnings
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from safe_cells.course import paths
from safe_cells.errors import CourseError
from safe_cells.imports import without_rfc3987


def api(root: Path, **settings: str) -> Any:
    """nbgrader's own interface to the course in the folder `root`.

    `settings` are those of its CourseDirectory to change.
    """
    # nbgrader calls alembic by name when it makes a grade book.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    # Old habits of nbgrader with a newer SQLAlchemy; they change no result.
    warnings.filterwarnings("ignore", module="nbgrader|sqlalchemy")
    with without_rfc3987():
        from nbgrader.apps import NbGraderAPI  # type: ignore[import-untyped]  # nbgrader has no types
        from nbgrader.coursedir import CourseDirectory  # type: ignore[import-untyped]

    config = paths.settings(root)
    config.CourseDirectory.root = str(root)
    for name, value in settings.items():
        config.CourseDirectory[name] = value
    config.Application.log_level = "ERROR"
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)


def generate(root: Path, name: str, **settings: str) -> None:
    """Let nbgrader make what participants get of an assignment, and put it into the grade book. Raises CourseError.

    `settings` are those of nbgrader's CourseDirectory to change.
    """
    done = api(root, **settings).generate_assignment(name, force=True)
    if not done["success"]:
        raise CourseError(f"nbgrader could not make the assignment {name}:\n{done.get('error') or done.get('log')}")


def new_book(url: str, course_id: str) -> None:
    """Make an empty grade book with nbgrader's own tables, where there is none yet."""
    # As a Path, the empty name of a book in memory would be the present folder.
    if url.startswith("sqlite:///") and os.path.exists(url.removeprefix("sqlite:///")):  # noqa: PTH110 - see above
        return
    with without_rfc3987():
        import nbgrader.api  # type: ignore[import-untyped]
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
