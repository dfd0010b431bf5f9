"""Paper: our text trees as PDF, the same bytes on every machine, readable in grey and by a screen reader.

    Document("Action plan", [paper.head("Province of the Lake"), *markdown.tree(nodes), paper.lines(3)]).pdf()

Blocks are the trees of `workshop.content.markdown`, and those that `workshop.content.paper` makes. Every word becomes a
string of the typesetter, never its markup. What it looks like stands in `paper.typ`.
"""

import importlib.util
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from workshop.content.trees import text_of
from workshop.errors import WorkshopError

LOOK = Path(__file__).with_name("paper.typ")
WORDS = ("strong", "em", "code", "a", "br", "tick", "blank")
INLINE = {"strong": "strong", "em": "emph"}
BLOCKS = {"p": "par", "note": "note", "card": "card", "keep": "keep", "blockquote": "cited"}
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
    blocks: list
    foot: str = ""
    language: str = "en"
    size: float = 11
    landscape: bool = False
    numbered: bool = True
    fonts_of_machine: bool = False

    def pdf(self):
        """The document as PDF, tagged for screen readers (PDF/UA-1, unless it holds a sign that no font can show)."""
        try:
            return self._made("pdf", pdf_standards=["ua-1"])
        except _typst().TypstError:
            return self._made("pdf")

    def pictures(self, dpi=80):
        """Each page as PNG, to look at."""
        made = self._made("png", ppi=dpi)
        return made if isinstance(made, list) else [made]

    def _made(self, kind, **options):
        typst = _typst()
        setter = _Setter()
        body = setter.blocks(self.blocks)
        main = (
            f'#import "paper.typ": *\n#show: sheet.with({_string(self.title if _clean(self.title).strip() else "Untitled")}, {_string(self.language)}, '
            f"{self.size}pt, {_truth(self.landscape)}, {_string(self.foot)}, {_truth(self.numbered)})\n{body}\n"
        )
        with TemporaryDirectory() as folder:
            for name, content in {"main.typ": main.encode(), LOOK.name: LOOK.read_bytes(), **setter.files}.items():
                (Path(folder) / name).write_bytes(content)
            return typst.compile(
                Path(folder) / "main.typ", root=folder, format=kind, font_paths=_fonts(self.fonts_of_machine), **options
            )


def _typst():
    try:
        import typst  # a large library, and most commands print nothing
    except ImportError as error:
        raise TypesetterError(
            "The package typst, which makes PDF, is not installed here. Install what this edition needs: "
            "`make lab`, or pip install --editable . in the folder of the kit."
        ) from error
    return typst


@cache
def _fonts(of_machine):
    typst = _typst()
    # DejaVu comes with matplotlib; it holds Arabic, Greek, Cyrillic and the like, which the built-in serif lacks.
    drawn = Path(importlib.util.find_spec("matplotlib").submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=of_machine, include_embedded_fonts=True, font_paths=[str(drawn)])


# ---------------------------------------------------------------- trees as typst source


@dataclass
class _Setter:
    """Writes trees as calls of typst functions; collects the pictures as files."""

    files: dict = field(default_factory=dict)
    levels: list = field(default_factory=list)

    def blocks(self, nodes):
        """Blocks, each on a line of its own; words that stand between them become a paragraph."""
        made, words = [], []
        for node in [*nodes, None]:
            if isinstance(node, str) or (node and node[0] in WORDS):
                words.append(node)
                continue
            if text_of(words).strip() or any(
                node[0] in ("tick", "blank") for node in words if not isinstance(node, str)
            ):
                made.append(f"#par[{self.inline(words)}];")
            words = []
            if node:
                made.append(self.block(node))
        return "\n".join(made)

    def block(self, node):
        tag, attributes, *children = node
        if re.fullmatch("h[1-6]", tag):
            if not _clean(text_of(children)).strip():
                return ""
            # A level is never skipped: screen readers, and PDF/UA, count on it.
            self.levels = [level for level in self.levels if level < int(tag[1])] + [int(tag[1])]
            return f"#heading(level: {len(self.levels)})[{self.inline(children)}];"
        if tag == "p":
            return f"#par[{self.inline(children)}];"
        if tag in BLOCKS:
            return f"#{BLOCKS[tag]}[{self.blocks(children)}];"
        if tag in ("ul", "ol"):
            items = ", ".join(f"[{self.blocks(item[2:])}]" for item in children)
            return f"#{'list' if tag == 'ul' else 'enum'}({items});"
        if tag == "table":
            return self.table(attributes, children)
        if tag == "pre":
            return f"#raw(block: true, {_string(text_of(children), keep_lines=True)});"
        if tag in ("head", "cover"):
            return f"#{tag}({', '.join(f'[{self.blocks(child)}]' for child in children)});"
        if tag == "larger":
            return f"#larger({float(attributes['by'])})[{self.blocks(children)}];"
        if tag == "columns":
            return f"#side-by-side({int(attributes['number'])})[{self.blocks(children)}];"
        if tag == "options":
            items = "".join(f", [{self.blocks(item[2:])}]" for item in children)
            return f"#options([{self.word(attributes['mark'])}]{items});"
        if tag == "pieces":
            cells = ", ".join(f"[{self.blocks(cell[2:])}]" for cell in children)
            return f"#pieces({int(attributes['number'])}, {float(attributes['height'])}cm, {cells});"
        if tag == "lines":
            return f"#lines({int(attributes['number'])});"
        if tag == "new_page":
            return "#pagebreak(weak: true);"
        if tag == "contents":
            return f"#outline(depth: {int(attributes['depth'])}, title: none);"
        if tag == "figure":
            return self.figure(attributes, children)
        raise ValueError(f"Paper has no block “{tag}”.")

    def inline(self, nodes):
        return "".join(self.word(node) for node in nodes)

    def word(self, node):
        if isinstance(node, str):
            return f"#{_string(node)};"
        tag, attributes, *children = node
        if tag in INLINE:
            return f"#{INLINE[tag]}[{self.inline(children)}];"
        if tag == "code":
            return f"#raw({_string(text_of(children))});"
        if tag == "br":
            return "#linebreak();"
        if tag == "tick":
            return "#tick;"
        if tag == "blank":
            return f"#blank({float(attributes['width'])});"
        if tag == "a" and re.match("https?://|mailto:", attributes.get("href", "")):
            return f"#link({_string(attributes['href'], breakable=False)})[{self.inline(children)}];"
        return self.inline(children)

    def table(self, attributes, children):
        heads = [cell[2:] for part in children if part[0] == "thead" for row in part[2:] for cell in row[2:]]
        rows = [[cell[2:] for cell in row[2:]] for part in children if part[0] == "tbody" for row in part[2:]]
        number = max([len(heads), *map(len, rows)])
        widths = attributes.get("widths") or _widths(heads, rows, number)
        # A short row stays on one page; a long one must break, or its end would be lost.
        cells = [
            f"table.cell(breakable: {_truth(len(text_of(row)) > 600)})[{self.blocks(cell)}]"
            for row in rows
            for cell in [*row, *[[]] * (number - len(row))]
        ]
        header = f"table.header({', '.join(f'[#strong[{self.inline(cell)}];]' for cell in heads)}), " if heads else ""
        height = attributes.get("height")
        sizes = f"rows: ({'auto, ' if heads else ''}{f'{float(height)}cm, ' * len(rows)}), " if height else ""
        shares = ", ".join(f"{float(width)}fr" for width in widths)
        return f"#table(columns: ({shares},), {sizes}{header}{', '.join(cells)});"

    def figure(self, attributes, children):
        image = attributes["image"]
        name = f"picture-{len(self.files)}.{'png' if image.startswith(bytes([0x89]) + b'PNG') else 'svg'}"
        self.files[name] = image
        caption = f"[{self.inline(children)}]" if children else "none"
        return f'#picture("{name}", {_string(attributes["alt"])}, {float(attributes["width"])}%, {caption});'


def _widths(heads, rows, number):
    """Shares of the page by how much each column holds: room for its longest word, and for its share of the text."""
    columns = [[text_of(row[i]) for row in [heads, *rows] if i < len(row)] for i in range(number)]
    longest = [max((len(word) for words in column for word in words.split()), default=1) for column in columns]
    whole = [max((len(words) for words in column), default=1) for column in columns]
    return [max(word + 2, min(text, 90) ** 0.8) for word, text in zip(longest, whole)]


def _string(words, keep_lines=False, breakable=True):
    """Words as a string of typst; a word that no line can hold may break anywhere."""
    words = _clean(words)
    words = words.replace("\t", "    ") if keep_lines else re.sub(r"[\n\t\u2028\u2029]", " ", words)
    if breakable:
        words = LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,18}", word.group())), words)
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _clean(words):
    return UNSEEN.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def _truth(value):
    return "true" if value else "false"


# ---------------------------------------------------------------- trees as HTML
