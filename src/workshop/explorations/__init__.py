"""What participants turn and move in a lesson: one module an exploration, named as `page.explore` names it.

Each has `view(...)`, a pure function of its inputs that returns a `FigureView`, and `explored()`, which puts the
controls above it (`kit.interactive`); `counts` are numbers that several share. Imports `content`, `project`,
`render` and `cards`. Begin with `inclusion.py`, the smallest.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:  # a room asks for the names alone, and loads neither widgets nor matplotlib
    from types import ModuleType

    from workshop.explorations.kit.interactive import Explored
    from workshop.render.figures import FigureView


def names() -> list[str]:
    """The names of all explorations, as a page writes them: `who-pays` is the module `who_pays`."""
    return [module.name.replace("_", "-") for module in iter_modules(__path__) if not module.ispkg]


def explored(name: str) -> Explored:
    """The controls and the figure of an exploration, ready to show."""
    return cast("Explored", _module(name).explored())


def at_the_start(name: str) -> FigureView:
    """The figure of an exploration before anybody moved a control."""
    return cast("FigureView", _module(name).view())


def _module(name: str) -> ModuleType:
    return import_module(f"{__name__}.{name.replace('-', '_')}")
