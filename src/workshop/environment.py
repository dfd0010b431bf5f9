"""The environment variables that the kit reads and sets: all of them, and no other module touches one.

What a process sets here, the processes that it starts later inherit.
"""

import os
import sys
from pathlib import Path

HOME = "WORKSHOP_HOME"


def named_home() -> str | None:
    """The folder of the kit as it was named from outside, or None."""
    return os.environ.get(HOME) or None


def home_as_variable(folder: Path) -> dict[str, str]:
    """The variable that tells a process in which folder the kit is."""
    return {HOME: str(folder.resolve())}


def set_home(folder: Path) -> None:
    """Tell this process, and those that it starts, in which folder the kit is."""
    os.environ.update(home_as_variable(folder))


def with_home(folder: Path) -> dict[str, str]:
    """The whole environment of a process to be started, with the folder of the kit in it."""
    return {**os.environ, **home_as_variable(folder)}


def point_jupyter_to(own: Path) -> None:
    """Let Jupyter, and the kernels that it will start, read and write their own files in `own` alone."""
    for name in list(os.environ):
        if name.startswith(("JUPYTER", "IPYTHON", "JPY_")) or name == "PYTHONSTARTUP":
            del os.environ[name]
    os.environ.update(
        JUPYTER_CONFIG_DIR=str(own / "jupyter"),
        JUPYTER_DATA_DIR=str(own / "data"),
        JUPYTER_RUNTIME_DIR=str(own / "runtime"),
        JUPYTER_PREFER_ENV_PATH="1",
        IPYTHONDIR=str(own / "ipython"),
        PYDEVD_DISABLE_FILE_VALIDATION="1",  # else each kernel prints a page about frozen modules
    )


def has_display() -> bool:
    """Whether a browser window could appear here. Without this test Python would try one inside the terminal."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def autograding() -> bool:
    """Whether nbgrader runs this notebook to grade it."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def notebook_of_kernel() -> str:
    """The path of the notebook for which Jupyter started this kernel, or an empty word; for a console it is a name."""
    return os.environ.get("JPY_SESSION_NAME", "")
