"""Where each of the 35 statements is taught, practised, played and graded."""

import csv
import io
import re

from workshop.content import tables

NOTES = "data/statements.md"
TABLE = "data/tables/coverage.csv"


def statements(folder=None):
    """key -> text of the statements of the notes, in order."""
    found = {}
    for line in ((folder or tables.home()) / NOTES).read_text(encoding="utf-8").split("\n"):
        if match := re.match(r"- ([abcd]\d+)\. (.+)", line):
            found[match.group(1)] = match.group(2)
    return found


def rows(project):
    """A row a statement: key, text, and the lists lessons, questions, scenarios, graded."""
    made = []
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


def as_csv(project):
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


def touches(scenario, key, part=0):
    """Whether a scenario, or one round of it, touches a statement."""
    if part:
        return any(key in scene.statements for scene in scenario.scenes if scene.round == scenario.rounds[part - 1])
    return key in scenario.statements or any(key in scene.statements for scene in scenario.scenes)


def as_text(found):
    """The table for a terminal."""
    lines = ["      lessons  questions  scenarios  graded"]
    for row in found:
        numbers = [len(row[name]) for name in ("lessons", "questions", "scenarios", "graded")]
        lines.append(f"{row['statement']:4}  {numbers[0]:7}  {numbers[1]:9}  {numbers[2]:9}  {numbers[3]:6}")
    taught = sum(bool(row["lessons"] and len(row["questions"]) >= 2 and row["graded"]) for row in found)
    lines.append(f"{taught} of {len(found)} statements have a lesson passage, two questions and a graded item.")
    return "\n".join(lines)
