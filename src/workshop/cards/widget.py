"""The cards of a notebook: what `static/cards.js` shows in the browser, and what comes back from there."""

import copy
import logging
from pathlib import Path

import anywidget
import traitlets

STATIC = Path(__file__).parent / "browser"
TROUBLE = (
    "Not saved: something went wrong on this page. What you wrote is still here. Press ‘Try again’; "
    "if that does not help, press ‘Start this page’ at the top."
)
log = logging.getLogger(__name__)


class Card(anywidget.AnyWidget):
    """A question, scenario, hand-in or figure that somebody can click on.

    `table` is what the card lies on: `table.view()` says what to show, `table.handle(request)` does what
    was asked for and says what to show now.
    """

    _esm = (STATIC / "cards.js").read_text(encoding="utf-8")
    _css = (STATIC / "cards.css").read_text(encoding="utf-8")
    view = traitlets.Dict().tag(sync=True)
    request = traitlets.Dict().tag(sync=True)

    def __init__(self, table, **traits):
        super().__init__(view=copy.deepcopy(table.view()), **traits)
        self.table = table

    def refresh(self):
        """Show what the table says now, because something else than this card changed it."""
        self.view = {"heard": self.view.get("heard", 0), **copy.deepcopy(self.table.view())}

    @traitlets.observe("request")
    def _asked(self, change):
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
