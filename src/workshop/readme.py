"""The built part of the README: the table of modules, between two marks."""

import re

MODULES = re.compile(r"(<!-- modules -->\n).*?(<!-- /modules -->)", re.S)


def filled(project):
    """The README with its table of modules made from the pages' front matter."""
    content = (project.root / "README.md").read_text(encoding="utf-8")
    return MODULES.sub(lambda mark: mark.group(1) + table(project) + mark.group(2), content)


def table(project):
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
