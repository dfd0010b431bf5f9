"""Trees of text as HTML."""

import re
from html import escape

from workshop.content.markdown import slug
from workshop.content.trees import text_of


def to_html(tree):
    """A tree for a browser. Every word is escaped, and only links to the web, to mail, to files beside it or within it live."""
    return "".join(escape(node) if isinstance(node, str) else _element(*node) for node in tree)


def _element(tag, attributes, *children):
    if tag in ("br", "hr"):
        return f"<{tag}>"
    if tag == "new_page":
        return ""
    if tag in ("note", "card", "keep"):
        return f'<div class="{tag}">{to_html(children)}</div>'
    if tag == "a":
        href = attributes.get("href", "")
        live = re.match(r"https?://|mailto:|#|[\w./-]+\Z", href)
        return f'<a href="{escape(href)}">{to_html(children)}</a>' if live else to_html(children)
    if re.fullmatch("h[1-6]", tag):
        return f'<{tag} id="{escape(slug(text_of(children)))}">{to_html(children)}</{tag}>'
    return f"<{tag}>{to_html(children)}</{tag}>"
