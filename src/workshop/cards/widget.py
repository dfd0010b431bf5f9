"""The cards of a notebook: widgets that show what `browser/` holds, and take what comes back from there.

anywidget sends the module of a widget once for each widget. Ours is a stub of a few lines; the code itself is the state
of one hidden widget, the `Bundle` of a kernel, and a page asks for it once.
"""

import copy
import gzip
import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any, Protocol

import anywidget
import ipywidgets  # type: ignore[import-untyped]
import traitlets

from workshop.cards import browser_files

TROUBLE = (
    "Not saved: something went wrong on this page. What you wrote is still here. Press ‘Try again’; "
    "if that does not help, press ‘Start this page’ at the top."
)
log = logging.getLogger(__name__)


class Bundle(ipywidgets.Widget):  # type: ignore[misc] # ipywidgets has no types
    """The code, the styles and the words of all cards and controls, held for the pages of this kernel."""

    loader = traitlets.Unicode(help="A module that unpacks the code, once for a page.").tag(sync=True)
    code = traitlets.Bytes(help="A module, compressed by gzip.").tag(sync=True)
    layout = traitlets.Instance(ipywidgets.Layout, ())
    _kernels: "Bundle | None" = None

    @classmethod
    def of_this_kernel(cls) -> "Bundle":
        """The one that is open, or a new one."""
        if cls._kernels is None or cls._kernels.comm is None:
            code = browser_files.notebook_module().encode()
            # Editions are told apart by what they consist of: notebooks of several may be open in one page of the
            # browser.
            edition = hashlib.sha256(code).hexdigest()[:12]
            loader = _with_constants("loader.js", EDITION=edition)
            cls._kernels = cls(code=gzip.compress(code, mtime=0), loader=loader)
        return cls._kernels


def stub(part: str) -> str:
    """The module of a widget that shows a `card` or a `control`."""
    return _with_constants("stub.js", PART=part, LOST=browser_files.catalogue()["texts"]["code_lost"])


def _with_constants(name: str, **constants: str) -> str:
    """A module as it was built, with these constants above it."""
    values = ",".join(f"{constant}={json.dumps(value, ensure_ascii=False)}" for constant, value in constants.items())
    return f"const {values};{browser_files.built(name)}"


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

    def view(self) -> Mapping[str, Any]:
        """What to show."""

    def handle(self, request: dict[str, Any]) -> Mapping[str, Any]:
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
