"""What participants turn and move in a lesson: one module an exploration, named as `page.explore` names it.

Each has `view(...)`, a pure function of its inputs that returns the view of a figure, and `explored()`, which puts
the controls above it (`kit.interactive`); `counts` are numbers that several share. Imports `content`, `project`,
`render` and `cards`. Begin with `inclusion.py`, the smallest.
"""

from importlib import import_module
from pkgutil import iter_modules


def names():
    """The names of all explorations, as a page writes them: `who-pays` is the module `who_pays`."""
    return [module.name.replace("_", "-") for module in iter_modules(__path__) if not module.ispkg]


def explored(name):
    """The controls and the figure of an exploration, ready to show."""
    return import_module(f"{__name__}.{name.replace('-', '_')}").explored()
