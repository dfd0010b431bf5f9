"""Where each of the 35 statements is taught, practised, played and graded."""

import re

from workshop import tables

NOTES = "data/statements.md"


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
        made.append({
            "statement": key, "text": words,
            "lessons": [f"{page.name}#{section.title}" for page in project.lessons for section in page.sections
                        if key in section.statements],
            "questions": [f"{page.name}:{q.id}" for page in project.lessons for q in page.questions if key in q.statements],
            "scenarios": [name for name, scenario in project.scenarios.items() if key in scenario.statements or
                          any(key in scene.statements for scene in scenario.scenes)],
            "graded": [f"{page.name}:{q.id}" for page in project.exercises for q in page.questions if key in q.statements],
        })
    return made


def as_text(found):
    """The table for a terminal."""
    lines = ["      lessons  questions  scenarios  graded"]
    for row in found:
        numbers = [len(row[name]) for name in ("lessons", "questions", "scenarios", "graded")]
        lines.append(f"{row['statement']:4}  {numbers[0]:7}  {numbers[1]:9}  {numbers[2]:9}  {numbers[3]:6}")
    taught = sum(bool(row["lessons"] and len(row["questions"]) >= 2 and row["graded"]) for row in found)
    lines.append(f"{taught} of {len(found)} statements have a lesson passage, two questions and a graded item.")
    return "\n".join(lines)
