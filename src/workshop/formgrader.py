"""Where an instructor reads written answers: the reader's desk, and nbgrader's formgrader beside it.

It runs as a server of its own, for the instructor alone, and shows nothing else of Jupyter.
"""

import os
import warnings

from nbconvert.preprocessors.sanitize import ALLOWED_TAGS

from workshop import desk, lab
from workshop.marking import places

TAGS = [*sorted(ALLOWED_TAGS), "div", "p", "pre", "span", "h1", "h2", "h3", "h4", "h5", "table", "thead", "tbody", "tr", "th", "td"]
# The formgrader's own pages need their inline scripts; nothing may come from, or go to, another machine.
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data:; frame-ancestors 'self'"


def start(root, port=None, browser=True):
    """Open the formgrader and stay until Ctrl-C. Returns the exit code."""
    where = places.read(root)
    if where.db_url.startswith("sqlite") and not (root / "gradebook.db").exists():
        print("Nothing is graded yet. Run `workshop grade NAME` first, for instance `workshop grade m02_challenges`.")
        return 2
    os.chdir(root)  # nbgrader reads its settings from the current folder
    own = root / ".workshop" / "formgrader"
    browser = browser and lab.has_display()
    lab.prepare(own)
    lab.environment(own)
    # Old habits of nbgrader with a newer SQLAlchemy; they change nothing for the reader.
    warnings.filterwarnings("ignore", module="nbgrader|sqlalchemy")
    config = lab.settings(root, own, port or lab.PORT + 20, browser)
    config.ServerApp.default_url = "/desk"
    config.ServerApp.jpserver_extensions = {"nbgrader.server_extensions.formgrader": True}
    config.FormgradeExtension.debug = False
    # What a participant's cell put out is shown without scripts and without anything loaded from elsewhere.
    config.HTMLExporter.sanitize_html = True
    config.SanitizeHTML.tags = TAGS
    config.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": POLICY}}
    server = lab.Server(config=config)
    server.initialize(argv=[], find_extensions=False)
    server.web_app.add_handlers(".*$", desk.handlers(root, server.base_url))
    server.start()
    print("\nThe formgrader is closed. Run `workshop grade NAME` once more: it writes the feedback with what you read.", flush=True)
    return 0
