"""Blocks of text trees that only paper has: room to write, squares to tick, things to keep together or to cut apart.

Each is a plain tree, so whoever makes one needs no typesetter; `workshop.render` sets them as PDF, DOCX and HTML.
"""

from collections.abc import Iterable, Sequence
from typing import Any


def head(*lines: Any) -> list[Any]:
    """The document's title, large, with lines under it (words or trees)."""
    return ["head", {}, *_lines(lines)]


def cover(*lines: Any) -> list[Any]:
    """A title page of its own: the document's title, with lines under it."""
    return ["cover", {}, *_lines(lines)]


def note(*blocks: Any) -> list[Any]:
    """Blocks set apart by a grey ground and a bar."""
    return ["note", {}, *blocks]


def card(*blocks: Any) -> list[Any]:
    """Blocks in a frame, never broken over two pages."""
    return ["card", {}, *blocks]


def keep(*blocks: Any) -> list[Any]:
    """Blocks that stay together on a page."""
    return ["keep", {}, *blocks]


def larger(by: float, *blocks: Any) -> list[Any]:
    """Blocks in a larger (or, below 1, smaller) type."""
    return ["larger", {"by": by}, *blocks]


def columns(number: int, *blocks: Any) -> list[Any]:
    """Blocks that run through columns."""
    return ["columns", {"number": number}, *blocks]


def table(
    rows: Iterable[Iterable[Any]], header: Sequence[Any] = (), widths: Iterable[float] = (), height: float = 0
) -> list[Any]:
    """A table from rows of cells (words or trees). `widths` are shares of the page, `height` is each row's, in cm."""
    return [
        "table",
        {"widths": list(widths), "height": height},
        *([["thead", {}, ["tr", {}, *(["th", {}, *_cell(cell)] for cell in header)]]] if header else []),
        ["tbody", {}, *(["tr", {}, *(["td", {}, *_cell(cell)] for cell in row)] for row in rows)],
    ]


def lines(number: int) -> list[Any]:
    """Empty lines to write on."""
    return ["lines", {"number": number}]


def tick() -> list[Any]:
    """An empty square to tick, inside a line of text."""
    return ["tick", {}]


def options(items: Iterable[Any], mark: list[Any] | None = None) -> list[Any]:
    """Lines of words or trees, each behind a mark: a square to tick, or `blank(1)` for a number or a letter."""
    return ["options", {"mark": mark or tick()}, *(["li", {}, *_cell(item)] for item in items)]


def blank(width: float) -> list[Any]:
    """Room for a word or a number inside a line of text, so many cm wide."""
    return ["blank", {"width": width}]


def pieces(number: int, cells: Iterable[Any], height: float) -> list[Any]:
    """Pieces to cut apart, `number` in a row, each `height` cm high."""
    return ["pieces", {"number": number, "height": height}, *([["td", {}, *_cell(cell)] for cell in cells])]


def new_page() -> list[Any]:
    """What follows begins on a new page."""
    return ["new_page", {}]


def contents(depth: int = 1) -> list[Any]:
    """A table of contents made from the headings."""
    return ["contents", {"depth": depth}]


def figure(image: bytes, alt: str, caption: str = "", width: int = 100) -> list[Any]:
    """A picture (bytes of a PNG or an SVG) with its words for people who do not see it; width in percent."""
    return ["figure", {"image": image, "alt": alt, "width": width}, *([caption] if caption else [])]


def _lines(lines: Iterable[Any]) -> list[Any]:
    return [[["p", {}, line]] if isinstance(line, str) else line for line in lines]


def _cell(cell: Any) -> list[Any]:
    return [cell] if isinstance(cell, str) else list(cell)
