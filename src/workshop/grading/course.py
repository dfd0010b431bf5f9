"""The exercises as a course of nbgrader's: its settings, the key of each exercise, and answers in words."""

import os
import sys
import warnings
from pathlib import Path

from workshop.content.imports import quick
from workshop.errors import GradingError

# ---------------------------------------------------------------- nbgrader


def api(root, db_url=None):
    """nbgrader's own interface, with the settings of the project at `root`, and another grade book if one is named."""
    # nbgrader calls alembic by name when it makes a grade book.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    # Old habits of nbgrader with a newer SQLAlchemy; they change no result.
    warnings.filterwarnings("ignore", module="nbgrader|sqlalchemy")
    with quick():
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    if db_url:
        config.CourseDirectory.db_url = db_url
    config.Application.log_level = "ERROR"
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)


def generate(root, name, db_url):
    """Let nbgrader make the participants' notebook of an exercise, and know it in the grade book at this address."""
    result = api(root, db_url).generate_assignment(name, force=True)
    if not result["success"]:
        raise GradingError(f"nbgrader could not make the exercise {name}:\n{result.get('error') or result.get('log')}")


# ---------------------------------------------------------------- key
