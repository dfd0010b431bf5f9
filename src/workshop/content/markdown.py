"""Reading Markdown: one parser for every page, raw HTML off, and text that travels as trees.

A tree is a list of nodes; a node is a string or ``[tag, attributes, child, ...]``. A browser builds
elements from it one by one, so nothing that somebody typed can become live HTML on the way.
"""

import re
import unicodedata
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")

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


def parse(markdown):
    """The blocks of a Markdown text, each with `.map`, the lines it stands on (from 0)."""
    return SyntaxTreeNode(MARKDOWN.parse(markdown)).children


def slug(heading):
    """The anchor that a Markdown viewer gives a heading."""
    text = unicodedata.normalize("NFC", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def short_id(text, taken):
    """A readable id from the first words of a text, unlike all in `taken`; it says nothing of the key."""
    words = re.findall(r"\w+", text.lower())[:6]
    base = "-".join(words) or "item"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def plain(nodes):
    """The bare words of a node or a list of nodes, without source marks."""
    if isinstance(nodes, list):
        return " ".join(filter(None, (plain(node) for node in nodes))).strip()
    return SOURCE_MARK.sub("", raw(nodes)).strip()


def raw(node):
    """The bare words of a node, source marks and all."""
    if node.type in ("text", "code_inline", "fence", "code_block"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    joint = "" if node.type in ("inline", "strong", "em", "link") else " "
    return joint.join(raw(child) for child in node.children)


def tree(nodes):
    """The nodes as a tree; tight list items lose the paragraph that Markdown hides."""
    return [branch for node in nodes for branch in _branch(node)]


def _branch(node):
    kind = node.type
    if kind == "text":
        text = SOURCE_MARK.sub(lambda mark: " (" + mark.group(1) + ")", node.content)
        return [text] if text else []
    if kind == "softbreak":
        return [" "]
    if kind == "hardbreak":
        return [["br", {}]]
    if kind == "code_inline":
        return [["code", {}, node.content]]
    if kind in ("fence", "code_block"):
        return [["pre", {}, node.content]]
    if kind == "link":
        return [["a", {"href": node.attrGet("href") or ""}, *tree(node.children)]]
    if kind == "image":
        return [node.content]
    if kind == "heading":
        return [[node.tag, {}, *tree(node.children)]]
    if kind == "hr":
        return []
    if kind == "paragraph" and node.hidden:
        return tree(node.children)
    if kind in TAGS:
        return [[TAGS[kind], {}, *tree(node.children)]]
    return tree(node.children)


def first_line(node):
    """The tree of a list item's first line, without the paragraph around it; empty when it is no text."""
    branch = tree([node])
    return branch if node.hidden else branch[0][2:] if branch and not isinstance(branch[0], str) else []


def open_fences(nodes, lines):
    """The lines (from 0) on which a block begins with ``` or ~~~ and is never closed."""
    for block in nodes:
        for node in block.walk():
            if node.type == "fence":
                last = lines[node.map[1] - 1].strip() if node.map[1] - node.map[0] > 1 else ""
                if len(last) < len(node.markup) or set(last) != {node.markup[0]}:
                    yield node.map[0]


def code_words(node):
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


def is_statement(word):
    """Whether a code word is the key of a statement of the notes, a1 to d2."""
    return bool(STATEMENT.match(word))


def source_keys(text):
    """The source keys marked in a text, in order of appearance."""
    return [key for mark in SOURCE_MARK.finditer(text) for key in split_keys(mark.group(1))]


def split_keys(text):
    """`CS18; BK15` or `CS18, BK15` as a list of keys."""
    return [key for key in re.split(r"[;,\s]+", text.strip()) if key]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a page, where, and how to put it right, in one line."""

    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"
