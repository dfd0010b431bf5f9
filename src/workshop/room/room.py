"""A room: what its parts share, from its texts and its store to the board."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workshop.cards.browser_files import BROWSER, BrowserFiles
from workshop.content import tables
from workshop.project.project import Project
from workshop.room import figures_ahead, templates
from workshop.room.access import EACH, REQUESTS, Access, Tries
from workshop.room.board import Board
from workshop.room.pages_html import Pages
from workshop.room.record import Record
from workshop.room.seat_cards import Desks
from workshop.room.store import Seat, Store

STATIC = Path(__file__).with_name("static")
ENTRIES = [STATIC / "room.js", STATIC / "page.js", STATIC / "board.js"]
SHEETS = [STATIC / "room.css", BROWSER / "cards.css"]
ALONE = "me"


class Room:
    """What all requests share. `study` is somebody alone on this computer: no code, no board.

    `words` is the catalogue of what is read in the browser, in another language than English. `address` is the one that
    participants type, known once the room is served.
    """

    def __init__(
        self, root: Path, project: Project, store: Store, study: bool = False, words: Mapping[str, Any] | None = None
    ) -> None:
        self.root, self.project, self.store, self.study = root, project, store, study
        if study and store.seat_named(ALONE) is None:
            store.join(ALONE)
        sources = tables.sources(root)
        self.pictures = figures_ahead.prepared(root)
        self.pages = Pages(project, sources, self.pictures)
        self.access, self.desks = Access(store.settings), Desks(root, project, store, sources)
        self._seen: dict[int, float] = {}
        self.board = Board(project, store, self.desks, self.pages, self._seen)
        self.record = Record(store, self.board.headings, self.board.notes)
        self.tries, self.requests = Tries(), Tries(REQUESTS, EACH)
        self.files = BrowserFiles("/static", ENTRIES, SHEETS, dict(words) if words else None)
        self._templates = templates.environment()
        self._templates.globals |= {"files": self.files, "study": study}
        self.address = ""

    def html(self, template: str, **values: object) -> str:
        """A whole page made from a template."""
        delete_on = self.store.settings.delete_on
        return self._templates.get_template(template).render(delete_on=delete_on, **values)

    def seat(self, cookie: str | None) -> Seat | None:
        """The seat whose browser has this cookie; it is here now."""
        number = self.access.seat_of(cookie)
        seat = self.store.seat(number) if number else None
        if seat:
            self._seen[seat.id] = time.monotonic()
        return seat
