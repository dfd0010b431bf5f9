"""The one door to `safe_cells`, which runs participants' code and grades any nbgrader course.

It knows nothing of the kit. Nothing else of the kit imports it. Errors of `safe_cells` that a person can put right
become errors of the kit here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from safe_cells import execution, verdicts
from safe_cells.cli import add_options, chosen
from safe_cells.course import damaged, nbgrader_api, paths, workers
from safe_cells.course.files import fill_folder
from safe_cells.course.gradebook import NOT_ANSWERED, Assignment, GradeBook, Graded, Notebook, Standing, score
from safe_cells.course.round import (
    LEDGER,
    Ledger,
    Options,
    Round,
    Task,
    digest_of,
    do_work,
    grade_course,
    save_rows,
    summary,
    tell,
    tell_inside,
)
from safe_cells.course.submission import NO_RESPONSE, NOTHING
from safe_cells.course.submitted import files_in, reason, written
from safe_cells.errors import NoJail, SafeCellsError
from safe_cells.execution import Beside
from safe_cells.kernel_pool import Warm, close_pools, pool
from safe_cells.limits import Limits
from safe_cells.verdicts import Held
from workshop.errors import GradingError

__all__ = [
    "LEDGER", "NOTHING", "NOT_ANSWERED", "NO_RESPONSE", "Assignment", "Beside", "GradeBook", "Graded", "Held", "Ledger",
    "Limits", "NoJail", "Notebook", "Options", "Round", "SafeCellsError", "Standing", "Task", "Warm", "add_options",
    "chosen", "close_pools", "damaged",
    "digest_of", "do_work", "execution", "files_in", "fill_folder", "grade_course", "nbgrader_api",
    "paths", "pool", "reason", "save_rows", "score", "summary", "tell", "tell_inside", "told_as_ours",
    "verdicts", "workers", "written",
]  # fmt: skip


@contextmanager
def told_as_ours() -> Iterator[None]:
    """Let errors of `safe_cells` that are written for a person be errors of the kit."""
    try:
        yield
    except SafeCellsError as error:
        raise GradingError(str(error)) from error
