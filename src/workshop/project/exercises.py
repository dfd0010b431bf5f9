"""Exercises by name: their pages, their keys, and what is worth points."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workshop.answers.cache import cached_json, digest, digest_of_code, digest_of_files
from workshop.content import tables
from workshop.content.markdown import Problem
from workshop.errors import GradingError
from workshop.project import pages
from workshop.project.pages import Page
from workshop.questions import kinds
from workshop.questions.kinds.base import Question

KEPT = Path(".workshop") / "keys"
# What makes a key from the text of an exercise.
CODE = ("content", "project/pages.py", "questions")


def key_of(name: str, root: Path | None = None) -> dict[str, Question]:
    """id -> question with its key, from the text of the exercise.

    `root` is the folder of the kit, None for the one that `workshop.content.tables.home` finds. Raises GradingError.
    """
    folder = root or tables.home()

    def read() -> dict[str, Any]:
        return {question.id: question.data() for question in read_exercise(folder, name).questions}

    # Reading a page takes half a second, and while nbgrader grades, each notebook asks for its key.
    made_from = digest(digest_of_code(*CODE), digest_of_files([folder / "solutions" / f"{name}.md"]))
    kept = cached_json(folder / KEPT, f"{name}.json", made_from, read)
    return {key: kinds.from_data(data) for key, data in kept.items()}


def read_exercise(root: Path, name: str) -> Page:
    """The exercise of this name. Raises GradingError with every fault of its text."""
    source = root / "solutions" / f"{name}.md"
    if not source.exists():
        known = ", ".join(sorted(path.stem for path in (root / "solutions").glob("*.md"))) or "none yet"
        raise GradingError(f"There is no exercise “{name}”. The exercises are: {known}.")
    problems: list[Problem] = []
    page = pages.read(source, root, "exercise", problems)
    if problems:
        raise GradingError("\n".join(map(str, problems)))
    return page


def graded_items(page: Page) -> Iterator[tuple[str, float, bool]]:
    """(id, points, optional) of everything on an exercise that is worth points, in order."""
    for part in page.parts:
        if isinstance(part, Question):
            yield part.id, part.points or 0, False
        elif isinstance(part, pages.Code) and part.test:
            yield f"{part.test}-test", part.points, part.optional
