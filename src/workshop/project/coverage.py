"""Where each of the 35 statements is taught, practised, played and graded."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from workshop.content import tables
from workshop.project.project import Project
from workshop.scenarios.model import Scenario

NOTES = "data/statements.md"
TABLE = "data/tables/coverage.csv"


class Row(TypedDict):
    """A statement and where it is taken up.

    `lessons` are sections, as page#title; `questions` and `graded` are questions, as page:id; `scenarios` are names.
    """

    statement: str
    text: str
    lessons: list[str]
    questions: list[str]
    scenarios: list[str]
    graded: list[str]


def statements(folder: Path | None = None) -> dict[str, str]:
    """key -> text of the statements of the notes, in order."""
    found = {}
    for line in ((folder or tables.home()) / NOTES).read_text(encoding="utf-8").split("\n"):
        if match := re.match(r"- ([abcd]\d+)\. (.+)", line):
            found[match.group(1)] = match.group(2)
    return found


def rows(project: Project) -> list[Row]:
    """A row a statement, in the order of the notes."""
    made: list[Row] = []
    for key, words in statements(project.root).items():
        made.append(
            {
                "statement": key,
                "text": words,
                "lessons": [
                    f"{page.name}#{section.title}"
                    for page in project.lessons
                    for section in page.sections
                    if key in section.statements
                ],
                "questions": [
                    f"{page.name}:{q.id}" for page in project.lessons for q in page.questions if key in q.statements
                ],
                "scenarios": [name for name, scenario in project.scenarios.items() if touches(scenario, key)],
                "graded": [
                    f"{page.name}:{q.id}" for page in project.exercises for q in page.questions if key in q.statements
                ],
            }
        )
    return made


def as_csv(project: Project) -> str:
    """The table `coverage` of the data package: a row for each statement and lesson, with what is there for it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["statement", "lesson", "title", "passages", "questions", "scenarios", "graded", "source"])
    for key in statements(project.root):
        for page in project.lessons:
            graded = sum(
                key in question.statements
                for exercise in project.exercises
                if exercise.front.get("lesson") == page.name
                for question in exercise.questions
            )
            numbers = [
                sum(key in section.statements for section in page.sections),
                sum(key in q.statements for q in page.questions),
                sum(
                    name in project.scenarios and touches(project.scenarios[name], key, part)
                    for name, part in page.plays
                ),
                graded,
            ]
            if any(numbers):
                writer.writerow([key, page.name, page.title, *numbers, "OWN"])
    return file.getvalue()


def touches(scenario: Scenario, key: str, part: int = 0) -> bool:
    """Whether a scenario, or one round of it, touches a statement."""
    if part:
        return any(key in scene.statements for scene in scenario.scenes if scene.round == scenario.rounds[part - 1])
    return key in scenario.statements or any(key in scene.statements for scene in scenario.scenes)


def as_text(rows: Iterable[Row]) -> str:
    """The table for a terminal."""
    lines = ["      lessons  questions  scenarios  graded"]
    whole = list(rows)
    for row in whole:
        numbers = [len(row["lessons"]), len(row["questions"]), len(row["scenarios"]), len(row["graded"])]
        lines.append(f"{row['statement']:4}  {numbers[0]:7}  {numbers[1]:9}  {numbers[2]:9}  {numbers[3]:6}")
    taught = sum(bool(row["lessons"] and len(row["questions"]) >= 2 and row["graded"]) for row in whole)
    lines.append(f"{taught} of {len(whole)} statements have a lesson passage, two questions and a graded item.")
    return "\n".join(lines)
