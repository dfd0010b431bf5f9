"""The exercises as a course of nbgrader's: its settings, the key of each exercise, and answers in words."""

import hashlib
import json
import os
import sys
import textwrap
import warnings
from pathlib import Path

from workshop import __version__
from workshop.content import tables
from workshop.content.imports import quick
from workshop.project import pages
from workshop.questions import model as questions
from workshop.questions.grading import clean
from workshop.questions.model import text_of

NOTHING = "Not answered."
CONTROL = {code: " " for code in range(32) if chr(code) not in "\n\t"} | {127: " "}


class GradingStopped(Exception):
    """The round cannot begin or go on; the message says what to put right."""


# ---------------------------------------------------------------- nbgrader


def api(root, db_url=None):
    """nbgrader's own interface, with the settings of the project at `root`, and another grade book if one is named."""
    # nbgrader calls alembic by name when it makes a grade book.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    # Old habits of nbgrader with a newer SQLAlchemy; they change no result.
    warnings.filterwarnings("ignore", module="nbgrader|sqlalchemy")
    with quick():
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    if db_url:
        config.CourseDirectory.db_url = db_url
    config.Application.log_level = "ERROR"
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)


def generate(root, name, db_url):
    """Let nbgrader make the participants' notebook of an exercise, and know it in the grade book at this address."""
    result = api(root, db_url).generate_assignment(name, force=True)
    if not result["success"]:
        raise GradingStopped(
            f"nbgrader could not make the exercise {name}:\n{result.get('error') or result.get('log')}"
        )


# ---------------------------------------------------------------- key


def key_of(name, root=None):
    """id -> question with its key, from the text of the exercise."""
    root = Path(root or tables.home())
    source = root / "solutions" / f"{name}.md"
    stored = root / ".workshop" / "keys" / f"{name}.json"
    # A digest and not a time: a text that was unpacked or copied may be older than the key of its predecessor.
    made_from = hashlib.sha256(__version__.encode() + (source.read_bytes() if source.exists() else b"")).hexdigest()
    try:
        data = json.loads(stored.read_text(encoding="utf-8"))
        if data["made_from"] == made_from:
            return {key: questions.from_data(value) for key, value in data["questions"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no key kept yet, or one that another edition wrote
    page = read_exercise(root, name)
    stored.parent.mkdir(parents=True, exist_ok=True)
    whole = {"made_from": made_from, "questions": {question.id: question.data() for question in page.questions}}
    stored.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return {question.id: question for question in page.questions}


def read_exercise(root, name):
    """The exercise of this name. Raises GradingStopped with every fault of its text."""
    source = root / "solutions" / f"{name}.md"
    if not source.exists():
        known = ", ".join(sorted(path.stem for path in (root / "solutions").glob("*.md"))) or "none yet"
        raise GradingStopped(f"There is no exercise “{name}”. The exercises are: {known}.")
    problems = []
    page = pages.read(source, root, "exercise", problems)
    if problems:
        raise GradingStopped("\n".join(map(str, problems)))
    return page


def answer_in_words(question, value):
    """An answer as plain text, for the reader and for feedback."""
    value = clean(question, value)
    if value is None:
        return NOTHING
    options = {option.id: text_of(option.text) for option in question.options}
    rows = {row.id: text_of(row.text) for row in question.rows}
    columns = {column["id"]: text_of(column["text"]) for column in question.columns}
    if question.kind == "single":
        return options[value]
    if question.kind == "multiple":
        return "\n".join(f"- {options[name]}" for name in value)
    if question.kind == "rank":
        return "\n".join(f"{place}. {options[name]}" for place, name in enumerate(value, 1))
    if question.kind in ("match", "classify"):
        return "\n".join(f"- {rows[row]}: {columns[value[row]]}" for row in rows if row in value)
    if question.kind == "map":
        return "\n".join(f"- {rows[row]}: {', '.join(columns[c] for c in value[row])}" for row in rows if row in value)
    return str(value).translate(CONTROL)


def printed(question, answer):
    """Question and answer as nbgrader's formgrader shows them, in lines that fit its page."""
    lines = f"{question.title}\n\n{answer_in_words(question, answer)}".split("\n")
    return "\n".join(textwrap.fill(line, 96, subsequent_indent="  " if line.startswith("- ") else "") for line in lines)


def code_name(words):
    """A code name as a folder may be called: letters, digits, hyphens; empty when nothing is left."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in str(words or "").lower())
    return "-".join(filter(None, kept.split("-")))[:40].rstrip("-")


def graded_items(page):
    """(id, points, optional) of everything on an exercise that is worth points, in order."""
    for part in page.parts:
        if isinstance(part, questions.Question):
            yield part.id, part.points, False
        elif isinstance(part, pages.Code) and "test" in part.options:
            yield f"{part.options['test']}-test", float(part.options["points"]), bool(part.options.get("optional"))
