"""The built parts of the README, each between two marks: the table of modules and that of the 35 statements."""

import re

from workshop import coverage

PART = "(<!-- {0} -->\n).*?(<!-- /{0} -->)"


def filled(project):
    """The README with its tables made from the pages."""
    content = (project.root / "README.md").read_text(encoding="utf-8")
    for name, make in (("modules", modules), ("coverage", statements)):
        content = re.sub(PART.format(name), lambda mark, make=make: mark.group(1) + make(project) + mark.group(2), content, flags=re.S)
    return content


def modules(project):
    """Title, question, minutes and statements of every lesson, with its graded exercise."""
    rows = ["| Module | Question | Minutes | Statements | Graded exercise |", "| --- | --- | --- | --- | --- |"]
    for page in project.lessons:
        exercise = project.exercise(page.name)
        graded = f"[{exercise.front.get('minutes')} minutes, {exercise.points:g} points](exercises/{page.name}/{page.name}.ipynb)" \
            if exercise else "–"
        statements = page.front.get("statements") or []
        named = f"{statements[0]} to {statements[-1]}" if len(statements) > 2 else ", ".join(map(str, statements)) or "–"
        rows.append(f"| [{page.title}](notebooks/{page.name}.md) | {page.front.get('question', '')} | {page.front.get('minutes')} | "
                    f"{named} | {graded} |")
    return "\n".join(rows) + "\n"


def statements(project):
    """Each statement of the notes: where it is taught and played, and how many questions practise and grade it."""
    rows = ["| Statement | Taught in | Questions | Played in | Graded items |", "| --- | --- | ---: | --- | ---: |"]
    for row in coverage.rows(project):
        lessons = dict.fromkeys(place.split("#")[0] for place in row["lessons"])
        taught = ", ".join(f"[{project.lesson(name).title}](notebooks/{name}.md)" for name in lessons) or "–"
        played = ", ".join(project.scenarios[name].title.split(":")[0] for name in row["scenarios"]) or "–"
        rows.append(f"| {row['statement']} | {taught} | {len(row['questions'])} | {played} | {len(row['graded'])} |")
    return "\n".join(rows) + "\n"
