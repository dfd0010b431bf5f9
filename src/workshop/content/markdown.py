"""Reading Markdown: one parser for every page, raw HTML off, and text that travels as trees.

What a tree is stands in `workshop.content.trees`. A browser builds elements from it one by one, so nothing that
somebody typed can become live HTML on the way.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.myst_blocks import myst_block_plugin

from workshop.content.trees import Tree

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
# In a page a line `+++` ends a block as well.
PAGE = MarkdownIt("commonmark", {"html": False}).enable("table").use(myst_block_plugin)
PAGE.disable(["myst_line_comment", "myst_target"])

# What stands for a source mark, made from its keys.
Cite: TypeAlias = Callable[[list[str]], Tree]

TAGS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "strong": "strong",
    "em": "em",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
}
SOURCE_MARK = re.compile(r"\s*\[S:\s*([^\]]+)\]")
STATEMENT = re.compile(r"[abcd]\d{1,2}\Z")
ID = re.compile(r"#([\w-]+)\Z")


def parse(markdown: str) -> list[SyntaxTreeNode]:
    """The blocks of a Markdown text, each with `.map`: its first line (from 0) and the line after its last."""
    return SyntaxTreeNode(MARKDOWN.parse(markdown)).children


def parse_page(text: str) -> list[SyntaxTreeNode]:
    """The blocks of a page, as `parse` gives them; a line `+++` is a node of the type `myst_block_break`."""
    return SyntaxTreeNode(PAGE.parse(text)).children


def slug(heading: str) -> str:
    """The anchor that a Markdown viewer gives a heading."""
    text = unicodedata.normalize("NFC", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def short_id(text: str, taken: Collection[str]) -> str:
    """A readable id from the first words of a text, unlike all in `taken`; it says nothing of the key."""
    base = "-".join(re.findall(r"\w+", text.lower())[:6]) or "item"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def plain(nodes: SyntaxTreeNode | Sequence[SyntaxTreeNode]) -> str:
    """The bare words of a node or a list of nodes, without source marks."""
    if isinstance(nodes, SyntaxTreeNode):
        return SOURCE_MARK.sub("", raw(nodes)).strip()
    return " ".join(filter(None, (plain(node) for node in nodes))).strip()


def raw(node: SyntaxTreeNode) -> str:
    """The bare words of a node, source marks and all."""
    if node.type in ("text", "code_inline", "fence", "code_block"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    joint = "" if node.type in ("inline", "strong", "em", "link") else " "
    return joint.join(raw(child) for child in node.children)


def tree(nodes: Sequence[SyntaxTreeNode], cite: Cite | None = None) -> Tree:
    """The nodes as a tree; tight list items lose the paragraph that Markdown hides.

    `cite` makes what stands for a source mark; without it the keys stand in brackets.
    """
    made: Tree = []
    for is_text, run in groupby(nodes, lambda node: node.type in ("text", "softbreak")):
        if is_text:
            made += _run_of_text([node.content if node.type == "text" else " " for node in run], cite)
        else:
            made += [branch for node in run for branch in _branch(node, cite)]
    return made


def _run_of_text(pieces: list[str], cite: Cite | None) -> Tree:
    """The tree of words and line ends that follow each other; a source mark may go on over a line end."""
    whole = "".join(pieces)
    if cite or len(SOURCE_MARK.findall(whole)) != sum(len(SOURCE_MARK.findall(piece)) for piece in pieces):
        pieces = [whole]
    return [branch for piece in pieces for branch in _text(piece, cite)]


def _branch(node: SyntaxTreeNode, cite: Cite | None) -> Tree:
    kind = node.type
    if kind in _LEAVES:
        return _LEAVES[kind](node)
    children = tree(node.children, cite)
    if kind == "link":
        return [["a", {"href": node.attrGet("href") or ""}, *children]]
    if kind == "heading":
        return [[node.tag, {}, *children]]
    if kind in TAGS and not (kind == "paragraph" and node.hidden):
        return [[TAGS[kind], {}, *children]]
    return children


def _text(content: str, cite: Cite | None) -> Tree:
    if cite is None:
        words = SOURCE_MARK.sub(lambda mark: " (" + mark.group(1) + ")", content)
        return [words] if words else []
    made: Tree = []
    # The pattern has one group, so that words and keys take turns.
    for index, piece in enumerate(SOURCE_MARK.split(content)):
        if index % 2:
            made += cite(split_keys(piece))
        elif piece:
            made.append(piece)
    return made


_LEAVES: dict[str, Callable[[SyntaxTreeNode], Tree]] = {
    "hardbreak": lambda _: [["br", {}]],
    "hr": lambda _: [],
    "code_inline": lambda node: [["code", {}, node.content]],
    "fence": lambda node: [["pre", {}, node.content]],
    "code_block": lambda node: [["pre", {}, node.content]],
    "image": lambda node: [node.content],
}


def first_line(node: SyntaxTreeNode) -> Tree:
    """The tree of a list item's first line, without the paragraph around it; empty when it is no text."""
    branch = tree([node])
    if node.hidden:
        return branch
    return branch[0][2:] if branch and not isinstance(branch[0], str) else []


def lines_of(node: SyntaxTreeNode) -> tuple[int, int]:
    """The first line (from 0) of a node or of the nearest node around it, and the line after its last.

    Words inside a paragraph have no lines of their own; a node with no block around it counts as the text's first line.
    """
    around: SyntaxTreeNode | None = node
    while around is not None and not around.map:
        around = around.parent
    return (around.map if around else None) or (0, 1)


def open_fences(nodes: Sequence[SyntaxTreeNode], lines: Sequence[str]) -> Iterator[int]:
    """The lines (from 0) on which a block begins with ``` or ~~~ and is never closed."""
    for block in nodes:
        for node in block.walk():
            if node.type == "fence":
                begin, end = lines_of(node)
                last = lines[end - 1].strip() if end - begin > 1 else ""
                if len(last) < len(node.markup) or set(last) != {node.markup[0]}:
                    yield begin


def code_words(node: SyntaxTreeNode) -> list[str] | None:
    """The words of a line that holds only `code spans`, or None when it is any other paragraph."""
    if node.type != "paragraph" or not node.children:
        return None
    words = []
    for child in node.children[0].children:
        if child.type == "code_inline":
            words.append(child.content.strip())
        elif child.type not in ("text", "softbreak") or raw(child).strip():
            return None
    return words or None


def id_word(word: str) -> str:
    """The id that a code word `#name` gives; empty when it is another word."""
    match = ID.match(word)
    return match[1] if match else ""


def take_id(node: SyntaxTreeNode) -> str:
    """The id that ends a line or a cell as a code word `#name`, taken out of it; empty when there is none."""
    inline = node.children[0] if node.children and node.children[0].type == "inline" else None
    if inline is None or not inline.children or inline.children[-1].type != "code_inline":
        return ""
    name = id_word(inline.children[-1].content.strip())
    if name:
        inline.children.pop()
        while (
            inline.children
            and inline.children[-1].type in ("text", "softbreak")
            and not raw(last := inline.children[-1]).strip()
        ):
            inline.children.pop()
        if inline.children and (last := inline.children[-1]).type == "text" and last.token is not None:
            last.token.content = last.content.rstrip()
    return name


def is_statement(word: str) -> bool:
    """Whether a code word is the key of a statement of the notes, a1 to d2."""
    return bool(STATEMENT.match(word))


def source_keys(text: str) -> list[str]:
    """The source keys marked in a text, in order of appearance."""
    return [key for mark in SOURCE_MARK.finditer(text) for key in split_keys(mark.group(1))]


def split_keys(text: str) -> list[str]:
    """`CS18; BK15` or `CS18, BK15` as a list of keys."""
    return [key for key in re.split(r"[;,\s]+", text.strip()) if key]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a page, where, and how to put it right, in one line."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class MissingId:
    """A place without an id of its own, which goes by `name` as long as its words stay as they are.

    `line` counts from 1. The id goes to the end of that line; into the cell with the number `cell` (from 0) when the
    line is a row of a table; or, when `below`, on a line of code words of its own under that line.
    """

    path: str
    line: int
    name: str
    cell: int | None = None
    below: bool = False
