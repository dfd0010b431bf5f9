"""Trees of text: nested lists `[tag, attributes, *children]`, with strings as leaves. Every face renders them."""


def text_of(tree):
    """The bare words of a tree."""
    return "".join(node if isinstance(node, str) else text_of(node[2:]) for node in tree)
