"""Paper: text trees as PDF, the same bytes on every machine, readable in grey and by a screen reader.

    Document("Action plan", [paper.head("Province of the Lake"), *markdown.tree(nodes), paper.lines(3)]).pdf()

Blocks are the trees of `workshop.content.markdown`, and those that `workshop.content.paper` makes. Every word becomes a
string of the typesetter, never its markup. What it looks like stands in `paper.typ`.
"""

import importlib.util
import re
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, assert_never, cast

from workshop.content.trees import Tree
from workshop.errors import WorkshopError
from workshop.render import blocks
from workshop.render.blocks import (
    Blank,
    Block,
    Code,
    Columns,
    Contents,
    Emphasised,
    Figure,
    Flow,
    Group,
    Head,
    Heading,
    Inline,
    Larger,
    LineBreak,
    Lines,
    Link,
    Listing,
    NewPage,
    Node,
    Options,
    Paragraph,
    Pieces,
    Preformatted,
    Table,
    Tick,
    inside,
    text,
)

LOOK = Path(__file__).with_name("paper.typ")
EMPHASIS = {"strong": "strong", "em": "emph"}
GROUPS = {"note": "note", "card": "card", "keep": "keep", "blockquote": "cited"}
LONG_ROW = 600  # characters
PNG = b"\x89PNG"
# What no font shows or PDF forbids: controls, half characters, code points that are none, marks that turn a line round.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufeff\ufdd0-\ufdef"
    + "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)
LONG_WORD = re.compile(r"\S{36,}")


class TypesetterError(WorkshopError):
    """The library that sets the paper is not installed; the message says how to get it."""


# ---------------------------------------------------------------- the document


@dataclass
class Document:
    """A4 paper with a title. `foot` stands at the foot of each page beside the page number.

    With `fonts_of_machine` a script that the kit's own fonts lack, such as Chinese, is set in a font of this
    machine: right for what a person typed, while what the kit builds must not depend on the machine.
    """

    title: str
    blocks: Tree
    foot: str = ""
    language: str = "en"
    size: float = 11
    landscape: bool = False
    numbered: bool = True
    fonts_of_machine: bool = False

    def pdf(self) -> bytes:
        """The document as PDF, tagged for screen readers (PDF/UA-1, unless it holds a sign that no font can show)."""
        try:
            return self._set("pdf", pdf_standards=["ua-1"])[0]
        except _typst().TypstError:
            return self._set("pdf")[0]

    def pictures(self, dpi: float = 80) -> list[bytes]:
        """Each page as PNG, to look at."""
        return self._set("png", ppi=dpi)

    def _set(self, kind: str, **options: Any) -> list[bytes]:
        """The document in a format of typst: one file, or a picture for each page; `options` are its compiler's."""
        typst = _typst()
        setter = _Setter()
        body = setter.flow(blocks.read(self.blocks))
        title = self.title if _clean(self.title).strip() else "Untitled"
        main = (
            f'#import "paper.typ": *\n#show: sheet.with({_string(title)}, {_string(self.language)}, '
            f"{self.size}pt, {_truth(self.landscape)}, {_string(self.foot)}, {_truth(self.numbered)})\n{body}\n"
        )
        with TemporaryDirectory() as folder:
            for name, content in {"main.typ": main.encode(), LOOK.name: LOOK.read_bytes(), **setter.files}.items():
                (Path(folder) / name).write_bytes(content)
            files: bytes | list[bytes] = typst.compile(
                Path(folder) / "main.typ", root=folder, format=kind, font_paths=_fonts(self.fonts_of_machine), **options
            )
        return files if isinstance(files, list) else [files]


def _typst() -> ModuleType:
    try:
        import typst  # a large library, and most commands print nothing
    except ImportError as error:
        raise TypesetterError(
            "The package typst, which makes PDF, is not installed here. Install what this edition needs: "
            "`make lab`, or pip install --editable . in the folder of the kit."
        ) from error
    return typst


@cache
def _fonts(of_machine: bool) -> Any:
    typst = _typst()
    # DejaVu comes with matplotlib; it holds Arabic, Greek, Cyrillic and the like, which the built-in serif lacks.
    matplotlib = importlib.util.find_spec("matplotlib")
    assert matplotlib is not None and matplotlib.origin is not None  # a dependency of the kit
    drawn = Path(matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=of_machine, include_embedded_fonts=True, font_paths=[str(drawn)])


# ---------------------------------------------------------------- blocks as typst source


@dataclass
class _Setter:
    """Writes blocks as calls of typst functions; collects the pictures as files: name -> content."""

    files: dict[str, bytes] = field(default_factory=dict)
    levels: list[int] = field(default_factory=list)

    def flow(self, nodes: Flow) -> str:
        """Blocks, each on a line of its own; words that stand between them become a paragraph."""
        lines = []
        for in_line, run in groupby(nodes, lambda node: isinstance(node, str | Inline)):
            if in_line:
                words = list(run)
                if text(words).strip() or any(isinstance(node, Tick | Blank) for node in words):
                    lines.append(f"#par[{self.inline(words)}];")
            else:
                lines += [self.block(cast("Block", node)) for node in run]
        return "\n".join(lines)

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return f"#par[{self.inline(block.content)}];"
            case Group():
                return f"#{GROUPS[block.kind]}[{self.flow(block.content)}];"
            case Listing():
                return f"#{'enum' if block.numbered else 'list'}({self.cells(block.items)});"
            case Table():
                return self.table(block)
            case Preformatted():
                return f"#raw(block: true, {_string(block.text, keep_lines=True)});"
            case Figure():
                return self.figure(block)
            case _:
                return self.layout(block)

    def layout(self, block: Head | Larger | Columns | Options | Pieces | Lines | NewPage | Contents) -> str:
        match block:
            case Head():
                return f"#{'cover' if block.own_page else 'head'}({self.cells(block.lines)});"
            case Larger():
                return f"#larger({float(block.by)})[{self.flow(block.content)}];"
            case Columns():
                return f"#side-by-side({block.number})[{self.flow(block.content)}];"
            case Options():
                items = "".join(f", [{self.flow(item)}]" for item in block.items)
                return f"#options([{self.inline([block.mark])}]{items});"
            case Pieces():
                return f"#pieces({block.number}, {float(block.height)}cm, {self.cells(block.cells)});"
            case Lines():
                return f"#lines({block.number});"
            case NewPage():
                return "#pagebreak(weak: true);"
            case Contents():
                return f"#outline(depth: {block.depth}, title: none);"
            case _:
                assert_never(block)

    def cells(self, flows: list[Flow]) -> str:
        """Blocks as the arguments of a function."""
        return ", ".join(f"[{self.flow(flow)}]" for flow in flows)

    def heading(self, block: Heading) -> str:
        if not _clean(text(block.content)).strip():
            return ""
        # A level is never skipped: screen readers, and PDF/UA, count on it.
        self.levels = [level for level in self.levels if level < block.level] + [block.level]
        return f"#heading(level: {len(self.levels)})[{self.inline(block.content)}];"

    def inline(self, nodes: Flow) -> str:
        return "".join(self.word(node) for node in nodes)

    def word(self, node: Node) -> str:
        match node:
            case str():
                return f"#{_string(node)};"
            case Emphasised():
                return f"#{EMPHASIS[node.kind]}[{self.inline(node.content)}];"
            case Code():
                return f"#raw({_string(node.text)});"
            case LineBreak():
                return "#linebreak();"
            case Tick():
                return "#tick;"
            case Blank():
                return f"#blank({float(node.width)});"
            case Link() if re.match("https?://|mailto:", node.href):
                return f"#link({_string(node.href, breakable=False)})[{self.inline(node.content)}];"
            case _:
                return self.inline(inside(node))

    def table(self, table: Table) -> str:
        number = max([len(table.head), *map(len, table.rows)])
        widths = table.widths or _widths(table, number)
        # A short row stays on one page; a long one must break, or its end would be lost.
        cells = [
            f"table.cell(breakable: {_truth(sum(len(text(each)) for each in row) > LONG_ROW)})[{self.flow(cell)}]"
            for row in table.rows
            for cell in [*row, *[[]] * (number - len(row))]
        ]
        heads = ", ".join(f"[#strong[{self.inline(cell)}];]" for cell in table.head)
        header = f"table.header({heads}), " if heads else ""
        each = f"{float(table.height)}cm, " * len(table.rows)
        sizes = f"rows: ({'auto, ' if heads else ''}{each}), " if table.height else ""
        shares = ", ".join(f"{float(width)}fr" for width in widths)
        return f"#table(columns: ({shares},), {sizes}{header}{', '.join(cells)});"

    def figure(self, figure: Figure) -> str:
        name = f"picture-{len(self.files)}.{'png' if figure.image.startswith(PNG) else 'svg'}"
        self.files[name] = figure.image
        caption = f"[{self.inline(figure.caption)}]" if figure.caption else "none"
        return f'#picture("{name}", {_string(figure.alt)}, {float(figure.width)}%, {caption});'


def _widths(table: Table, number: int) -> list[float]:
    """Shares of the page by how much each column holds: room for its longest word, and for its share of the text."""
    columns = [[text(row[place]) for row in [table.head, *table.rows] if place < len(row)] for place in range(number)]
    longest = [max((len(word) for words in column for word in words.split()), default=1) for column in columns]
    whole = [max((len(words) for words in column), default=1) for column in columns]
    return [max(word + 2, min(size, 90) ** 0.8) for word, size in zip(longest, whole, strict=True)]


def _string(words: str, keep_lines: bool = False, breakable: bool = True) -> str:
    """Words as a string of typst; a word that no line can hold may break anywhere."""
    words = _clean(words)
    words = words.replace("\t", "    ") if keep_lines else re.sub(r"[\n\t\u2028\u2029]", " ", words)
    if breakable:
        words = LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,18}", word.group())), words)
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _clean(words: str) -> str:
    return UNSEEN.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def _truth(value: bool) -> str:
    return "true" if value else "false"
