"""Pages as Jinja templates: whatever is put into one is escaped, but for trees of text, which `to_html` makes safe."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workshop.render.html import to_html


def environment(package: Path) -> Environment:
    """The templates in the folder `templates` of a package.

    `tree` shows a tree of text, `number` a number without needless zeros, `percent` a share from 0 to 1.
    """
    made = Environment(
        loader=FileSystemLoader(package / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["tree"] = lambda tree: Markup(to_html(tree))
    made.filters["number"] = lambda number: f"{number:g}"
    made.filters["percent"] = lambda share: f"{100 * share:.0f}%"
    return made
