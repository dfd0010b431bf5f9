"""Trees of text as HTML, and the templates of pages around them. Whatever is put into a template is escaped."""

import re
from functools import cache
from typing import TYPE_CHECKING, cast

from workshop.content.markdown import slug
from workshop.content.trees import Tree
from workshop.render import blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

LIVE = re.compile(r"https?://|mailto:|#|[\w./-]+\Z")


def to_html(tree: Tree) -> str:
    """A tree for a browser. Every word is escaped; only links to the web, to mail, to files beside it or in it live."""
    # A bare str: whoever adds to a `Markup` would have what is added escaped.
    return str(_flow()(blocks.read(tree)))


@cache
def environment(package: str) -> "Environment":
    """The templates in the folder `templates` of a package, for instance `workshop.papers`.

    They may write `{{ tree|html }}` for a tree, and `{{ words|slug }}` for the anchor of a heading.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # most commands write no page
    from jinja2.filters import do_mark_safe

    made = Environment(loader=PackageLoader(package), autoescape=True, undefined=StrictUndefined)
    made.filters["html"] = lambda tree: do_mark_safe(to_html(tree))
    made.filters["slug"] = slug
    return made


@cache
def _flow() -> "Callable[[blocks.Flow], str]":
    template = environment("workshop.render").get_template(
        "flow.html",
        globals={
            "kind_of": lambda node: type(node).__name__,
            "lives": LIVE.match,
            "anchor": lambda content: slug(blocks.text(content)),
        },
    )
    return cast("Callable[[blocks.Flow], str]", template.module.flow)  # type: ignore[attr-defined] # a macro of the template
