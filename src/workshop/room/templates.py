"""The HTML of the room: templates that escape what is put into them, and trees of words that become HTML."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from workshop.content.trees import Tree
from workshop.render.html import to_html

FOLDER = Path(__file__).with_name("templates")


def environment() -> Environment:
    """A new environment with the room's templates; `tree` is a filter that makes HTML of a tree."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["tree"] = of_tree
    return made


def of_tree(tree: Tree) -> Markup:
    """A tree as HTML, which needs no more escaping."""
    return Markup(to_html(tree))


@cache
def _parts() -> Environment:
    return environment()


def part(macro: str, *values: object) -> Markup:
    """A part of a page, by the name of its macro in `parts.html`."""
    made: Markup = getattr(_parts().get_template("parts.html").module, macro)(*values)
    return made
