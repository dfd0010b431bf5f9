"""Exercises by name: their pages, their keys, and what is worth points."""

import hashlib
import json
from pathlib import Path

from workshop import __version__
from workshop.content import tables
from workshop.errors import GradingError
from workshop.project import pages
from workshop.questions import kinds
from workshop.questions.kinds.base import Question


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
            return {key: kinds.from_data(value) for key, value in data["questions"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no key kept yet, or one that another edition wrote
    page = read_exercise(root, name)
    stored.parent.mkdir(parents=True, exist_ok=True)
    whole = {"made_from": made_from, "questions": {question.id: question.data() for question in page.questions}}
    stored.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return {question.id: question for question in page.questions}


def read_exercise(root, name):
    """The exercise of this name. Raises GradingError with every fault of its text."""
    source = root / "solutions" / f"{name}.md"
    if not source.exists():
        known = ", ".join(sorted(path.stem for path in (root / "solutions").glob("*.md"))) or "none yet"
        raise GradingError(f"There is no exercise “{name}”. The exercises are: {known}.")
    problems = []
    page = pages.read(source, root, "exercise", problems)
    if problems:
        raise GradingError("\n".join(map(str, problems)))
    return page


def graded_items(page):
    """(id, points, optional) of everything on an exercise that is worth points, in order."""
    for part in page.parts:
        if isinstance(part, Question):
            yield part.id, part.points, False
        elif isinstance(part, pages.Code) and part.test:
            yield f"{part.test}-test", part.points, part.optional
