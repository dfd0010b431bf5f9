"""Where an instructor reads written answers: the reader's desk, and nbgrader's formgrader beside it.

It runs as a server of its own, for the instructor alone, and shows nothing else of Jupyter.
"""

import os
import shlex
import warnings
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import bleach  # type: ignore[import-untyped]  # has no types
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from sqlalchemy.engine import make_url

from workshop import environment
from workshop.grading.code_cells import paths
from workshop.grading.desk import pages as desk
from workshop.lab import server as lab

TAGS = {
    *bleach.ALLOWED_TAGS,
    "div",
    "p",
    "pre",
    "span",
    "br",
    "hr",
    "img",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "del",
    "sub",
    "sup",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
ATTRIBUTES = {
    **bleach.ALLOWED_ATTRIBUTES,
    "*": ["class", "dir", "lang"],
    "img": ["src", "alt", "width", "height"],
    "th": ["colspan", "rowspan"],
    "td": ["colspan", "rowspan"],
}
# The formgrader's own pages need their inline scripts; nothing may come from, or go to, another machine.
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data:; frame-ancestors 'self'"


def inert(html: str | bytes) -> str:
    """HTML without anything that acts: what is not known to be harmless is shown as text."""
    html = html.decode() if isinstance(html, bytes) else str(html)
    cleaned: str = bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https", "mailto", "data"})
    return cleaned


class InertExporter(HTMLExporter):
    """The page of a submission, with all that came from a participant made inert.

    nbconvert's own setting for this does not reach text cells and names in nbgrader's template, and takes tables for
    harmful.
    """

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **options: Any) -> Any:
        resources = {
            name: escape(value) if isinstance(value, str) else value for name, value in (resources or {}).items()
        }
        return super().from_filename(filename, resources, **options)

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        yield from super().default_filters()  # type: ignore[no-untyped-call]  # nbconvert's
        yield "clean_html", inert

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        return inert(super().markdown2html(context, source))


def start(root: Path, port: int | None = None, browser: bool = True, ours: bool = True) -> int:
    """Open the formgrader and stay until Ctrl-C, for our own exercises with the reader's desk.

    Returns the exit code.
    """
    database = make_url(paths.read(root).db_url)
    again = "`workshop grade NAME`" if ours else f"`workshop grade NAME --course {shlex.quote(str(root))}`"
    if database.drivername.startswith("sqlite") and not Path(root, str(database.database)).exists():
        print(
            f"Nothing is graded yet. Run {again} first"
            + (", for instance `workshop grade m02_challenges`." if ours else ".")
        )
        return 2
    os.chdir(root)  # nbgrader reads its settings from the current folder
    own = root / ".workshop" / "formgrader"
    browser = browser and environment.has_display()
    lab.prepare(own)
    lab.keep_to(own)
    # Old habits of nbgrader with a newer SQLAlchemy; they change nothing for the reader.
    warnings.filterwarnings("ignore", module="nbgrader|sqlalchemy")
    config = lab.settings(root, own, lab.PORT + 20 if port is None else port, browser)
    config.ServerApp.default_url = "/desk" if ours else "/formgrader"
    config.ServerApp.jpserver_extensions = {"nbgrader.server_extensions.formgrader": True}
    config.FormgradeExtension.debug = False
    config.InertExporter.sanitize_html = True
    config.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": POLICY}}
    server = lab.Server(config=config)
    server.initialize(argv=[], find_extensions=False)
    settings = server.web_app.settings
    settings["nbgrader_exporter"] = InertExporter(config=settings["nbgrader_exporter"].config)  # type: ignore[no-untyped-call]
    settings["nbgrader_jinja2_env"].autoescape = True  # a folder of a submission can have any name
    if ours:
        server.web_app.add_handlers(".*$", desk.handlers(root, server.base_url))  # type: ignore[no-untyped-call]
    server.start()
    print(
        "\nThe formgrader is closed."
        + (f" Run {again} once more: it writes the feedback with what you read." if ours else ""),
        flush=True,
    )
    return 0
