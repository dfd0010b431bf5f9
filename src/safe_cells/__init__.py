"""Running code of people one does not know: kernels in a jail, tests outside it, and any nbgrader course graded so.

Imports nothing of the kit. Begin with `README.md` beside this file. The names here are loaded when they are first asked
for, since the process that kernels are forked from must hold no more than they need.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safe_cells.course.round import Round, grade_course
    from safe_cells.errors import CourseError, NoJail, SafeCellsError
    from safe_cells.kernel_pool import Warm
    from safe_cells.limits import Limits

__all__ = ["CourseError", "Limits", "NoJail", "Round", "SafeCellsError", "Warm", "grade_course"]
_HOMES = {
    "CourseError": "errors",
    "Limits": "limits",
    "NoJail": "errors",
    "Round": "course.round",
    "SafeCellsError": "errors",
    "Warm": "kernel_pool",
    "grade_course": "course.round",
}


def __getattr__(name: str) -> Any:
    """Load a public name. Raises AttributeError for any other."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
