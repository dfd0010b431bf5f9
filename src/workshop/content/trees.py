"""Trees of text: nested lists `[tag, attributes, *children]`, with strings as leaves. Every face renders them."""

from collections.abc import Sequence
from typing import Any, TypeAlias

# `[tag, attributes, *children]`: a str, a dict of str to str or number, then nodes. Python 3.11 has no type for a list
# whose places differ in kind, and trees are lists and not tuples because they come back from JSON.
Element: TypeAlias = list[Any]
Node: TypeAlias = str | Element
Tree: TypeAlias = list[Node]


def text_of(tree: Sequence[Node]) -> str:
    """The bare words of a tree."""
    return "".join(node if isinstance(node, str) else text_of(node[2:]) for node in tree)
