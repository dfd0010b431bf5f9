"""Results of an exercise as they stand in the grade book, with the answers behind them.

Reports, exports and feedback read them.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from workshop.errors import GradingError
from workshop.grading.code_cells import GradeBook, Standing, paths, score
from workshop.project import exercises
from workshop.project.pages import Page
from workshop.questions.kinds.base import Question


@dataclass(frozen=True)
class Item:
    """Something on an exercise that is worth points. `question` is None for an item of code."""

    id: str
    title: str
    kind: str
    points: float
    optional: bool
    question: Question | None


@dataclass(frozen=True)
class Mark:
    """The points of one item; `waiting` while a reader is needed, and `comment` is what the reader wrote."""

    points: float
    auto: float | None
    manual: float | None
    waiting: bool
    comment: str


@dataclass
class Person:
    """One submission: marks and answers by item id, and for each answer when it was saved (UTC, ISO 8601)."""

    code: str
    handed_in: datetime | None
    seconds_late: float
    penalty: float
    marks: dict[str, Mark]
    answers: dict[str, Any] = field(default_factory=dict)
    saved: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)

    @property
    def points(self) -> float:
        """Points without those of optional items, less what a late hand-in loses."""
        return round(sum(self.marks[item.id].points for item in self.items if not item.optional) - self.penalty, 2)

    @property
    def of(self) -> float:
        """The most points there are without those of optional items."""
        return sum(item.points for item in self.items if not item.optional)

    @property
    def extra(self) -> float:
        """Points of optional items."""
        return round(sum(self.marks[item.id].points for item in self.items if item.optional), 2)

    @property
    def settled(self) -> bool:
        """Whether no reader is awaited for anything that counts in `points`."""
        return not any(self.marks[item.id].waiting for item in self.items if not item.optional)

    @property
    def waiting(self) -> int:
        """How many written answers wait for a reader."""
        return sum(mark.waiting for mark in self.marks.values())


@dataclass
class Results:
    """All results of one exercise; `people` by code name."""

    name: str
    title: str
    points: float
    items: list[Item]
    people: dict[str, Person]


def items_of(page: Page) -> list[Item]:
    """The items of an exercise (see `workshop.project.pages`), in their order on the page."""
    found = []
    for id, points, optional in exercises.graded_items(page):
        question = next((one for one in page.questions if one.id == id), None)
        title = question.title if question else id.removesuffix("-test")
        found.append(Item(id, title, question.kind if question else "code", points, optional, question))
    return found


def graded(root: Path) -> list[str]:
    """Names of the exercises of which anything is graded. Raises GradingError when nothing is."""
    with _opened(paths.read(root), "m02_challenges") as book:
        return book.graded()


def students(root: Path) -> dict[str, dict[str, Any]]:
    """Code name -> what the grade book knows of a person.

    {first_name, last_name, email, lms_user_id}, each perhaps None.
    """
    with _opened(paths.read(root), "m02_challenges") as book:
        return book.students()


@contextmanager
def _opened(where: paths.Places, example: str) -> Iterator[GradeBook]:
    if where.db_url.startswith("sqlite") and not (where.root / "gradebook.db").exists():
        raise GradingError(f"Nothing is graded yet. Run `workshop grade {example}` first.")
    book = GradeBook(where.db_url)
    try:
        yield book
    finally:
        book.close()


def read(root: Path, name: str) -> Results:
    """The results of the exercise `name` in the course at `root`. Raises GradingError when nothing is graded yet."""
    page = exercises.read_exercise(root, name)
    where = paths.read(root)
    with _opened(where, name) as book:
        assignment = book.assignment(name)
        standing = book.standing(assignment) if assignment else {}
    if not standing:
        raise GradingError(f"Nothing of {name} is graded yet. Run `workshop grade {name}` first.")
    items = items_of(page)
    people = {
        one.student: person(one, items, name, where.of("autograded", one.student, name)) for one in standing.values()
    }
    return Results(name, page.title, page.points, items, dict(sorted(people.items())))


def person(standing: Standing, items: list[Item], name: str, folder: Path) -> Person:
    """One submission as the book holds it, with the answer sheet that lies in `folder`."""
    marks = {}
    for item in items:
        row = standing.grades[name, item.id]
        words = standing.comments.get((name, item.id)) or {}
        marks[item.id] = Mark(
            round(score(row), 2),
            row["auto_score"],
            row["manual_score"],
            bool(row["needs_manual_grade"]),
            words.get("manual_comment") or words.get("auto_comment") or "",
        )
    found = Person(
        standing.student,
        standing.timestamp,
        standing.seconds_late,
        sum(lost or 0 for lost in standing.penalties.values()),
        marks,
        items=items,
    )
    try:
        entries = json.loads((folder / f"{name}.answers.json").read_text(encoding="utf-8"))["answers"]
    except (OSError, ValueError, KeyError):
        entries = {}
    found.answers = {id: entry["value"] for id, entry in entries.items()}
    found.saved = {id: entry["saved"] for id, entry in entries.items()}
    return found
