"""The built parts of the README, each between two marks: the table of modules and that of the 35 statements."""

import re
from collections.abc import Iterable

from workshop.project import coverage
from workshop.project.project import Project

PART = re.compile(r"(<!-- (modules|coverage) -->\n).*?(<!-- /\2 -->)", re.S)


def filled(project: Project) -> str:
    """The README with its tables made from the pages."""
    made = {"modules": modules, "coverage": statements}
    return PART.sub(lambda part: part.group(1) + made[part.group(2)](project) + part.group(3), _text(project))


def frame(project: Project) -> str:
    """The README without its tables: what a person wrote."""
    return PART.sub(r"\1\3", _text(project))


def _text(project: Project) -> str:
    return (project.root / "README.md").read_text(encoding="utf-8")


def modules(project: Project) -> str:
    """Title, question, minutes and statements of every lesson, with its graded exercise."""
    rows = ["| Module | Question | Minutes | Statements | Graded exercise |", "| --- | --- | --- | --- | --- |"]
    order = list(coverage.statements(project.root))
    for page in project.lessons:
        exercise, path, graded = project.exercise(page.name), f"exercises/{page.name}/{page.name}.ipynb", "–"
        if exercise:
            graded = f"[{exercise.front.get('minutes')} minutes, {exercise.points:g} points]({path})"
        title, front = f"[{page.title}](notebooks/{page.name}.md)", page.front
        rows.append(
            f"| {title} | {front.get('question', '')} | {front.get('minutes')} | "
            f"{runs(front.get('statements') or [], order)} | {graded} |"
        )
    return "\n".join(rows) + "\n"


def runs(keys: Iterable[str], order: list[str]) -> str:
    """Keys in the order of the notes, three or more neighbours as one run: `a4, b1 to b3`."""
    places = sorted(order.index(key) for key in keys if key in order)
    words, start = [], 0
    for here, place in enumerate(places):
        following = places[here + 1] if here + 1 < len(places) else None
        if following == place + 1 and order[following][0] == order[place][0]:
            continue
        run = [order[each] for each in places[start : here + 1]]
        words += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run
        start = here + 1
    return ", ".join(words) or "–"


def statements(project: Project) -> str:
    """Each statement of the notes: where it is taught and played, and how many questions practise and grade it."""
    rows = ["| Statement | Taught in | Questions | Played in | Graded items |", "| --- | --- | ---: | --- | ---: |"]
    titles = {page.name: page.title for page in project.lessons}
    for row in coverage.rows(project):
        lessons = dict.fromkeys(place.split("#")[0] for place in row["lessons"])
        taught = ", ".join(f"[{titles[name]}](notebooks/{name}.md)" for name in lessons) or "–"
        played = ", ".join(project.scenarios[name].title.split(":")[0] for name in row["scenarios"]) or "–"
        rows.append(f"| {row['statement']} | {taught} | {len(row['questions'])} | {played} | {len(row['graded'])} |")
    return "\n".join(rows) + "\n"
