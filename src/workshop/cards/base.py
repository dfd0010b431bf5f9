"""What a card says and how the kit replies: one class for each thing a person clicks on.

Each has `view()`, a dict for the browser, and `handle(request)`, which takes what was clicked, saves it
and returns the next view. No browser, notebook or server is needed here; every face talks the same way.
"""

from collections.abc import Mapping
from typing import Any

from workshop.answers.sheet import Sheet
from workshop.answers.storage import SaveError


class Controller:
    """A saved exchange. `saved` is the number of the last request that is safe on disk."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.saved, self.trouble = 0, sheet.trouble

    def do(self, request: dict[str, Any]) -> None:
        """Do what was asked and save it; what is not known here changes nothing. Raises SaveError."""
        raise NotImplementedError

    def view(self) -> Mapping[str, Any]:
        """What the browser shows, as JSON-ready data."""
        raise NotImplementedError

    def act(self, request: dict[str, Any]) -> None:
        """Do what was asked, and remember that it is saved. Raises SaveError."""
        self.do(request)
        self.saved, self.trouble = request.get("n", 0), self.sheet.trouble

    def handle(self, request: dict[str, Any]) -> Mapping[str, Any]:
        """Do what was asked, save it, and return the next view. What could not be saved is told in it."""
        try:
            self.act(request)
        except SaveError as error:
            self.trouble = str(error)
        return self.view()
