"""The cards of a notebook: widgets that show what `browser/` holds, and take what comes back from there.

anywidget sends the module of a widget once for each widget. Ours is a stub of a few lines; the code itself is the state
of one hidden widget, the `Bundle` of a kernel, and a page asks for it once.
"""

import copy
import gzip
import hashlib
import json
import logging
from typing import Any, Protocol

import anywidget
import ipywidgets
import traitlets

from workshop.cards import browser_files

TROUBLE = (
    "Not saved: something went wrong on this page. What you wrote is still here. Press ‘Try again’; "
    "if that does not help, press ‘Start this page’ at the top."
)
log = logging.getLogger(__name__)


class Bundle(ipywidgets.Widget):
    """The code, the styles and the words of all cards and controls, held for the pages of this kernel."""

    code = traitlets.Bytes(help="A module, compressed by gzip.").tag(sync=True)
    layout = traitlets.Instance(ipywidgets.Layout, ())
    _kernels: "Bundle | None" = None

    @classmethod
    def of_this_kernel(cls) -> "Bundle":
        """The one that is open, or a new one."""
        if cls._kernels is None or cls._kernels.comm is None:
            cls._kernels = cls(code=gzip.compress(browser_files.notebook_module().encode(), mtime=0))
        return cls._kernels


def stub(part: str) -> str:
    """The module of a widget that shows a `card` or a `control`.

    Editions are told apart by what they consist of: notebooks of several may be open in one page of the browser.
    """
    edition = hashlib.sha256(browser_files.notebook_module().encode()).hexdigest()[:12]
    lost = browser_files.catalogue()["texts"]["code_lost"]
    constants = {"EDITION": edition, "PART": part, "LOST": lost}
    values = ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in constants.items())
    return f"const {values};{browser_files.built('stub.js')}"


class Widget(anywidget.AnyWidget):
    """A widget whose code is in the bundle of its kernel, and which takes the room that its column has."""

    bundle = traitlets.Instance(Bundle).tag(sync=True, **ipywidgets.widget_serialization)

    @traitlets.default("bundle")
    def _bundle(self) -> Bundle:
        return Bundle.of_this_kernel()

    @traitlets.default("layout")
    def _layout(self) -> ipywidgets.Layout:
        # One for all: each would be another thousand letters that say nothing.
        return Bundle.of_this_kernel().layout


class Handler(Protocol):
    """What a card lies on."""

    def view(self) -> dict[str, Any]:
        """What to show."""

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what was asked, and say what to show now."""


class Card(Widget):
    """A question, scenario, hand-in or figure that somebody can click on; `table` is what it lies on."""

    _esm = stub("card")
    view = traitlets.Dict().tag(sync=True)
    request = traitlets.Dict().tag(sync=True)

    def __init__(self, table: Handler, **traits: Any) -> None:
        super().__init__(view=copy.deepcopy(table.view()), **traits)
        self.table = table

    def refresh(self) -> None:
        """Show what the table says now, because something else than this card changed it."""
        self.view = {"heard": self.view.get("heard", 0), **copy.deepcopy(self.table.view())}

    @traitlets.observe("request")
    def _asked(self, change: Any) -> None:
        request = change.new
        if not request:
            return
        try:
            view = self.table.handle(request)
        except Exception:
            log.exception("A card could not do what was asked: %s", request.get("do"))
            view = {**self.view, "trouble": TROUBLE}
        # Every reply differs by what was heard, and is a copy: traitlets keeps equal views to itself.
        self.view = {**copy.deepcopy(view), "heard": request.get("n", 0)}
