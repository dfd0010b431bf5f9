"""Text trees as typed blocks: what HTML, PDF and DOCX set, read once from a tree.

A tree travels as JSON; `workshop.content.markdown` and `workshop.content.paper` make it. Whoever sets one reads it here
first, so that each renderer meets the same few kinds and no tag that it does not know.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from workshop.content.trees import Element, Tree, text_of

# Words and blocks as they follow each other. A str is bare text.
Flow: TypeAlias = "list[Node]"


@dataclass(frozen=True)
class Emphasised:
    """Words set apart within a line."""

    kind: Literal["strong", "em"]
    content: Flow


@dataclass(frozen=True)
class Code:
    """Words of a program within a line."""

    text: str


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; `href` is as somebody wrote it, and each renderer decides whether it may live."""

    href: str
    content: Flow


@dataclass(frozen=True)
class LineBreak:
    """The end of a line within a paragraph."""


@dataclass(frozen=True)
class Tick:
    """An empty square to tick."""


@dataclass(frozen=True)
class Blank:
    """Room for a word or a number, `width` cm."""

    width: float


@dataclass(frozen=True)
class Heading:
    """A heading; `level` is 1 to 6."""

    level: int
    content: Flow


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    content: Flow


@dataclass(frozen=True)
class Group:
    """Blocks that are a note, stand in a frame (card), stay together (keep) or are cited."""

    kind: Literal["note", "card", "keep", "blockquote"]
    content: Flow


@dataclass(frozen=True)
class Listing:
    """A list with bullets, or numbered."""

    numbered: bool
    items: list[Flow]


@dataclass(frozen=True)
class Table:
    """A table: the cells of its head (none: no head) and of its rows.

    `widths` are the columns' shares of the page, empty where the content decides; `height` is each row's in cm, 0 where
    its content decides.
    """

    head: list[Flow]
    rows: list[list[Flow]]
    widths: list[float]
    height: float


@dataclass(frozen=True)
class Preformatted:
    """Lines as they are."""

    text: str


@dataclass(frozen=True)
class Head:
    """The document's title with lines under it; on a page of its own it is a cover."""

    own_page: bool
    lines: list[Flow]


@dataclass(frozen=True)
class Larger:
    """Blocks in a type larger `by` this factor."""

    by: float
    content: Flow


@dataclass(frozen=True)
class Columns:
    """Blocks that run through so many columns."""

    number: int
    content: Flow


@dataclass(frozen=True)
class Options:
    """Lines, each behind the same mark."""

    mark: "Node"
    items: list[Flow]


@dataclass(frozen=True)
class Pieces:
    """Pieces to cut apart, `number` in a row, each `height` cm high."""

    number: int
    height: float
    cells: list[Flow]


@dataclass(frozen=True)
class Lines:
    """So many empty lines to write on."""

    number: int


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Contents:
    """A table of contents from the headings down to this level."""

    depth: int


@dataclass(frozen=True)
class Figure:
    """A picture (PNG or SVG), its words for who does not see it, its width in percent of the line."""

    image: bytes
    alt: str
    width: float
    caption: Flow


Inline: TypeAlias = Emphasised | Code | Link | LineBreak | Tick | Blank
Block: TypeAlias = (
    Heading
    | Paragraph
    | Group
    | Listing
    | Table
    | Preformatted
    | Head
    | Larger
    | Columns
    | Options
    | Pieces
    | Lines
    | NewPage
    | Contents
    | Figure
)
Node: TypeAlias = str | Inline | Block


def read(tree: Tree) -> Flow:
    """The typed blocks of a tree. Raises ValueError for a tag that no renderer knows."""
    return [node if isinstance(node, str) else _element(node) for node in tree]


def text(flow: Iterable[Node]) -> str:
    """The bare words of blocks."""
    return "".join(node if isinstance(node, str) else text(inside(node)) for node in flow)


def inside(node: Node) -> Flow:
    """What stands directly in a node, whatever it is: nothing in a text, all cells of a table."""
    match node:
        case Emphasised() | Link() | Heading() | Paragraph() | Group() | Larger() | Columns():
            return node.content
        case Code() | Preformatted():
            return [node.text]
        case Listing() | Options():
            return _joined(node.items)
        case Table():
            return _joined([*node.head, *(cell for row in node.rows for cell in row)])
        case Head():
            return _joined(node.lines)
        case Pieces():
            return _joined(node.cells)
        case Figure():
            return node.caption
        case _:
            return []


def _joined(flows: Sequence[Flow]) -> Flow:
    return [node for flow in flows for node in flow]


# ---------------------------------------------------------------- reading


def _element(element: Element) -> Node:
    tag, attributes, *children = element
    if tag in READERS:
        return READERS[tag](attributes, children)
    raise ValueError(f"There is no block “{tag}”.")


def _items(children: Iterable[Element]) -> list[Flow]:
    """The contents of list items or cells."""
    return [read(child[2:]) for child in children]


def _table(attributes: dict[str, Any], children: list[Element]) -> Table:
    rows = {part: [_items(row[2:]) for child in children if child[0] == part for row in child[2:]] for part in PARTS}
    return Table(
        [cell for row in rows["thead"] for cell in row],
        rows["tbody"],
        attributes.get("widths") or [],
        attributes.get("height") or 0,
    )


PARTS = ("thead", "tbody")
READERS: dict[str, Callable[[dict[str, Any], list[Any]], Node]] = {
    "strong": lambda _, children: Emphasised("strong", read(children)),
    "em": lambda _, children: Emphasised("em", read(children)),
    "code": lambda _, children: Code(text_of(children)),
    "a": lambda attributes, children: Link(attributes.get("href", ""), read(children)),
    "br": lambda *_: LineBreak(),
    "tick": lambda *_: Tick(),
    "blank": lambda attributes, _: Blank(attributes["width"]),
    "h1": lambda _, children: Heading(1, read(children)),
    "h2": lambda _, children: Heading(2, read(children)),
    "h3": lambda _, children: Heading(3, read(children)),
    "h4": lambda _, children: Heading(4, read(children)),
    "h5": lambda _, children: Heading(5, read(children)),
    "h6": lambda _, children: Heading(6, read(children)),
    "p": lambda _, children: Paragraph(read(children)),
    "note": lambda _, children: Group("note", read(children)),
    "card": lambda _, children: Group("card", read(children)),
    "keep": lambda _, children: Group("keep", read(children)),
    "blockquote": lambda _, children: Group("blockquote", read(children)),
    "ul": lambda _, children: Listing(False, _items(children)),
    "ol": lambda _, children: Listing(True, _items(children)),
    "table": _table,
    "pre": lambda _, children: Preformatted(text_of(children)),
    "head": lambda _, children: Head(False, [read(line) for line in children]),
    "cover": lambda _, children: Head(True, [read(line) for line in children]),
    "larger": lambda attributes, children: Larger(attributes["by"], read(children)),
    "columns": lambda attributes, children: Columns(attributes["number"], read(children)),
    "options": lambda attributes, children: Options(_element(attributes["mark"]), _items(children)),
    "pieces": lambda attributes, children: Pieces(attributes["number"], attributes["height"], _items(children)),
    "lines": lambda attributes, _: Lines(attributes["number"]),
    "new_page": lambda *_: NewPage(),
    "contents": lambda attributes, _: Contents(attributes["depth"]),
    "figure": lambda attributes, children: Figure(
        attributes["image"], attributes["alt"], attributes["width"], read(children)
    ),
}
