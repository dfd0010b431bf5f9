"""What several kinds of question need to read their Markdown: faults with their line, list items, lines with a tick."""

import re
from collections.abc import Callable, Iterator

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.markdown import MissingId, Problem
from workshop.content.trees import Tree

TICK = re.compile(r"\[([ xX])\]\s*")


class Faults:
    """Collects what is wrong with a question, each with its file and line, and the lines that have no id.

    `offset` is added to the nodes' lines, since a page is parsed cell by cell; `problems` is the page's list.
    """

    def __init__(self, path: str, offset: int, problems: list[Problem]) -> None:
        self.path, self.offset, self.problems = path, offset, problems
        self.missing_ids: list[MissingId] = []

    def line(self, node: SyntaxTreeNode) -> int:
        """The line of the page on which a node stands, from 1."""
        return self.offset + markdown.lines_of(node)[0] + 1

    def add(self, node: SyntaxTreeNode, message: str) -> None:
        """Say what is wrong at a node and how to put it right."""
        self.problems.append(Problem(self.path, self.line(node), message))

    def name(self, node: SyntaxTreeNode, derived: Callable[[SyntaxTreeNode], str], cell: int | None = None) -> str:
        """The id that a line or a cell has at its end, or the one that its words give, which is then noted as missing.

        `derived` gives it when no id stands in the node. `cell` is the number of a table's cell, from 0.
        """
        return markdown.take_id(node) or self.without_id(node, derived(node), cell)

    def without_id(self, node: SyntaxTreeNode, name: str, cell: int | None = None) -> str:
        """Note that a line, or the cell of this number, goes by the name that its words give; returns the name."""
        self.missing_ids.append(MissingId(self.path, self.offset + markdown.lines_of(node)[1], name, cell))
        return name


def items(
    part: SyntaxTreeNode, what: str, faults: Faults
) -> Iterator[tuple[SyntaxTreeNode, SyntaxTreeNode, list[SyntaxTreeNode]]]:
    """Each list item as (item, its first line, the nodes of its reason); empty ones and missing reasons are faults."""
    for item in part.children:
        if not item.children or not without_mark(markdown.plain(item.children[0])).strip():
            faults.add(item, f"This {what} is empty. Write its text, or take the line away.")
            continue
        first, *reason = item.children
        if not reason:
            faults.add(
                item,
                f"“{short(markdown.plain(first))}” has no reason. Add an indented paragraph under it that says why.",
            )
        yield item, first, reason


def has_ticks(node: SyntaxTreeNode) -> bool:
    """Whether a list's first line begins with [ ] or [x]."""
    return node.type == "bullet_list" and bool(TICK.match(markdown.plain(node.children[0])))


def without_mark(words: str) -> str:
    """Words without [ ] or [x]."""
    return TICK.sub("", words)


def without_tick(node: SyntaxTreeNode) -> tuple[Tree, bool | None]:
    """The tree of a first line without its [ ] or [x], and whether it was ticked (None: no mark)."""
    words = markdown.first_line(node)
    if not words or not isinstance(words[0], str) or not (mark := TICK.match(words[0])):
        return words, None
    rest = words[0][mark.end() :]
    return ([rest] if rest else []) + words[1:], mark.group(1) in "xX"


def head_and_rows(table: SyntaxTreeNode) -> tuple[list[str], list[SyntaxTreeNode]]:
    """The labels of a table's columns, and its rows."""
    labels = [markdown.plain(cell) for cell in table.children[0].children[0].children]
    return labels, list(table.children[1].children) if len(table.children) > 1 else []


def short(words: str, limit: int = 50) -> str:
    """The beginning of a text, for a message."""
    words = without_mark(words)
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + " …"
