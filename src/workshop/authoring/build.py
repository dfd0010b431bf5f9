"""Text in, notebooks out: what `workshop build` makes from the pages, and how it knows what is stale.

Every builder is a function from texts to bytes, so building twice gives the same bytes.
"""

import hashlib
import json
import re
from functools import cache
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workshop import __version__
from workshop.answers import atomic
from workshop.authoring import readme
from workshop.content import markdown, tables
from workshop.content.markdown import Problem
from workshop.notebook import calls
from workshop.papers import guide, handouts
from workshop.project import agendas, coverage
from workshop.project.pages import Canvas, Code, Explore, HandIn, Play, Prose, Section
from workshop.questions.kinds.base import Question
from workshop.questions.kinds.written import Written
from workshop.render import pdf

SOURCES_HEADING = "Sources of this page"
INNER_LINK = re.compile(r"\]\(#([^)\s]+)\)")
CACHE = Path(".workshop") / "build.json"
PACKAGE = Path(__file__).parents[1]
SCHEMA = PACKAGE / "answers" / "answer_sheet.schema.json"
# The code that each thing is made by: files and folders of the package. A change elsewhere makes nothing stale.
LESSON_CODE = (
    "__init__.py",
    "errors.py",
    "authoring/build.py",
    "content",
    "notebook/calls.py",
    "project/pages.py",
    "project/project.py",
    "questions",
    "scenarios/model.py",
    "scenarios/reader.py",
)
EXERCISE_CODE = (*LESSON_CODE, "grading/assignments.py")
TABLE_CODE = (*LESSON_CODE, "authoring/readme.py", "project/coverage.py")
PAPER_CODE = (*LESSON_CODE, "answers", "architecture", "lab/folder.py", "papers", "project", "render", "scenarios")
START = "> **To begin,** press **▶ Start this page** at the top. Your answers save themselves."
SCALE = (
    "*In doubt about a line? Read for accuracy, evidence with its limit, fit to the place, action (who, what, when) and care, "
    "each from 4 to 0: the scale stands in the facilitator's guide, under “Reading written answers”.*"
)
TASK = "*A reader gives up to {points:g} points for this answer.*"


# ---------------------------------------------------------------- notebooks


def lesson_notebook(page, scenarios, sources):
    """The participant's notebook of a lesson."""
    cells = _cells(page, lambda part: [_hidden(calls.call(part))], lambda part: [_hidden(part.source)])
    questions = [question.data() for question in page.questions]
    return _notebook(page, cells, questions, scenarios, sources)


def solved_notebook(page, sources):
    """The instructor's notebook of an exercise, in nbgrader's format."""
    cells = _cells(page, _graded_question, _graded_code)
    questions = [question.public() for question in page.questions]
    return _notebook(page, cells, questions, {}, sources)


def _cells(page, ask, code):
    """The cells of a page: prose that stands together in one cell, questions and code each in their own."""
    cells, prose, opened = [], [], False

    anchors = _anchors(page)

    def close():
        if prose:
            cells.append(new_markdown_cell(linked("\n\n".join(prose), anchors)))
            prose.clear()

    for part in page.parts:
        if isinstance(part, Prose) and part.note:
            continue
        if isinstance(part, Prose):
            prose.append(part.source)
        elif isinstance(part, Section):
            prose.append(_section(part))
        if not opened:
            prose[:1] = prose[:1] or [f"# {page.title}"]
            title, _, rest = prose[0].partition("\n")
            prose[0] = f"{title}\n\n*{_meta_line(page)}*\n\n{START}\n{rest}"
            close()
            cells.append(_hidden(calls.opening(page)))
            opened = True
        if isinstance(part, Question):
            close()
            cells += ask(part)
        elif isinstance(part, Code):
            close()
            cells += code(part)
        elif isinstance(part, Play | Explore | Canvas | HandIn):
            close()
            cells.append(_hidden(calls.call(part)))
    close()
    return cells


def _meta_line(page):
    statements = ", ".join(map(str, page.front.get("statements", [])))
    points = f" · {page.points:g} points" if page.kind == "exercise" else ""
    return f"About {page.front.get('minutes', 0)} minutes{points}" + (
        f" · statements {statements}" if statements else ""
    )


def _section(section):
    facts = [f"about {section.minutes} minutes"] if section.minutes else []
    facts += (
        ["statement" + ("s " if len(section.statements) > 1 else " ") + ", ".join(section.statements)]
        if section.statements
        else []
    )
    return section.source + (f"\n\n*{' · '.join(facts).capitalize()}*" if facts else "")


def _hidden(source):
    return new_code_cell(source, metadata={"jupyter": {"source_hidden": True}})


def _grading(grade_id, kind, points=None, **flags):
    marks = {
        "grade": False,
        "solution": False,
        "task": False,
        "locked": True,
        **flags,
        "grade_id": grade_id,
        "schema_version": 3,
        "cell_type": kind,
    }
    return {"nbgrader": marks | ({"points": points} if points is not None else {})}


def _graded_question(question):
    cell = _hidden(calls.call(question))
    if not isinstance(question, Written):
        cell.metadata.update(_grading(question.id, "code", question.points, grade=True))
        return [cell]
    cell.metadata.update(_grading(f"{question.id}-answer", "code"))
    rubric = [f"- **{line['points']:g}** {_markdown(line['text'])}" for line in question.rubric]
    model = ["Model answer:", *(f"> {_markdown(block[2:])}" for block in question.model)]
    scheme = "\n".join(
        [
            "=== BEGIN MARK SCHEME ===",
            "",
            f"**{question.title}**",
            "",
            *rubric,
            "",
            SCALE,
            "",
            *model,
            "",
            "=== END MARK SCHEME ===",
        ]
    )
    task = new_markdown_cell(TASK.format(points=question.points) + "\n\n" + scheme)
    task.metadata.update(_grading(question.id, "markdown", question.points, task=True))
    return [cell, task]


def _graded_code(part):
    cell = new_code_cell(part.source)
    if part.solution:
        cell.metadata.update(_grading(part.solution, "code", solution=True, locked=False))
    elif part.test:
        # The tag lets the page run on to the hand-in card when the item is left out.
        cell.metadata["tags"] = ["raises-exception"]
        cell.metadata.update(_grading(f"{part.test}-test", "code", part.points, grade=True))
    return [cell]


def _markdown(tree):
    """A tree as Markdown once more, for the few places where a notebook needs it."""
    wrap = {"strong": "**{}**", "em": "*{}*", "code": "`{}`", "p": "{}"}
    return "".join(
        node
        if isinstance(node, str)
        else f"[{_markdown(node[2:])}]({node[1]['href']})"
        if node[0] == "a"
        else wrap.get(node[0], "{}").format(_markdown(node[2:]))
        for node in tree
    )


def _anchors(page):
    """slug of each heading -> the anchor that JupyterLab gives it."""
    return {markdown.slug(title): title.replace(" ", "-") for title in page.headings}


def linked(source, anchors):
    """Markdown whose source marks are links to the list at the end of the page, and whose inner links work in a notebook."""
    anchor = SOURCES_HEADING.replace(" ", "-")
    source = INNER_LINK.sub(lambda link: f"](#{anchors.get(link.group(1), link.group(1))})", source)

    def links(mark):
        return " (" + ", ".join(f"[{key}](#{anchor})" for key in markdown.split_keys(mark.group(1))) + ")"

    return markdown.SOURCE_MARK.sub(links, source)


def _notebook(page, cells, questions, scenarios, sources):
    keys = page.listed_sources(scenarios, sources)
    if keys:
        lines = [
            f"- **{key}**: {sources[key]['title']}" + (f" ({sources[key]['where']})" if sources[key]["where"] else "")
            for key in keys
        ]
        cells = [*cells, new_markdown_cell(f"## {SOURCES_HEADING}\n\n" + "\n".join(lines))]
    for cell in cells:
        cell.id = _cell_id(page.name, cell, cells)
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "workshop": {
            "page": page.name,
            "kind": page.kind,
            "edition": __version__,
            "questions": questions,
            "scenarios": {name: scenarios[name].data() for name in page.scenarios if name in scenarios},
            "sources": {key: sources[key]["title"] for key in keys} if page.kind == "lesson" else {},
        },
    }
    return new_notebook(cells=cells, metadata=metadata)


def _cell_id(page, cell, cells):
    # Ids come from the text, so that building twice gives the same bytes; twins are told apart by their order.
    twins = sum(other.source == cell.source for other in cells[: next(i for i, c in enumerate(cells) if c is cell)])
    return hashlib.sha256(f"{page}/{cell.cell_type}/{twins}/{cell.source}".encode()).hexdigest()[:12]


def notebook_bytes(notebook):
    """A notebook as the bytes that go to disk."""
    return (nbformat.writes(notebook, version=4) + "\n").encode()


# ---------------------------------------------------------------- the whole project


def built_lesson(project, page, sources):
    """{path: bytes} for a lesson."""
    return {f"notebooks/{page.name}.ipynb": notebook_bytes(lesson_notebook(page, project.scenarios, sources))}


def built_exercise(project, page, sources):
    """{path: bytes} for an exercise: the solved notebook, and through nbgrader the one for participants."""
    from workshop.grading import assignments

    solved = notebook_bytes(solved_notebook(page, sources))
    return {
        f"solutions/{page.name}/{page.name}.ipynb": solved,
        f"exercises/{page.name}/{page.name}.ipynb": assignments.made_from(project.root, page.name, solved)[0],
    }


def stale(project):
    """(path, bytes) of everything built that is not on disk as it should be; every builder runs."""
    wanted = {}
    for make in _steps(project).values():
        wanted.update(make[1]())
    return [
        (path, content)
        for path, content in wanted.items()
        if not (project.root / path).is_file() or (project.root / path).read_bytes() != content
    ]


def build(project, say=print):
    """Make what is missing or older than its text. Returns the paths that were written."""
    cache_path = project.root / CACHE
    cache = _read_cache(cache_path)
    written = []
    for name, (inputs, make) in _steps(project).items():
        known = cache.get(name, {})
        whole = all(
            (project.root / path).is_file() and _digest((project.root / path).read_bytes()) == digest
            for path, digest in known.get("outputs", {}).items()
        )
        if known.get("inputs") == inputs and known.get("outputs") and whole:
            continue
        try:
            outputs = make()
        except pdf.TypesetterError as error:
            # The pages are worth more than their print: a machine that cannot make PDF can still open the lab.
            say(f"{name} is left as it is. {error}")
            continue
        for path, content in outputs.items():
            target = project.root / path
            if not target.is_file() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                atomic.put(target, content)
                written.append(path)
                say(f"built {path}")
        cache[name] = {"inputs": inputs, "outputs": {path: _digest(content) for path, content in outputs.items()}}
    cache_path.parent.mkdir(exist_ok=True)
    atomic.put(cache_path, json.dumps(cache, indent=1).encode())
    return written


def _steps(project):
    """name -> (digest of everything it is made from, function that makes {path: bytes})."""
    sources = tables.sources(project.root)
    listed = (project.root / "data" / "sources.csv").read_bytes()

    def inputs(code, *paths):
        return _digest(code_of(code) + listed + b"".join((project.root / path).read_bytes() for path in paths))

    steps = {}
    for page in project.lessons:
        used = [page.path, *(project.scenarios[name].path for name in page.scenarios if name in project.scenarios)]
        titles = [project.scenarios[name].lesson for name in page.scenarios if name in project.scenarios]
        steps[page.path] = (
            inputs(LESSON_CODE, *used) + "".join(titles),
            lambda page=page: built_lesson(project, page, sources),
        )
    for page in project.exercises:
        steps[page.path] = (
            inputs(EXERCISE_CODE, page.path, "nbgrader_config.py"),
            lambda page=page: built_exercise(project, page, sources),
        )
    texts = [page.path for page in project.pages] + [scenario.path for scenario in project.scenarios.values()]
    everything = inputs(TABLE_CODE, coverage.NOTES, *texts)
    papers = [
        path for path in (project.root / agendas.PATH, *(project.root / handouts.FOLDER).glob("*.md")) if path.is_file()
    ]
    led = everything + inputs(PAPER_CODE, *sorted(papers), *guide.chapters(project), pdf.LOOK)
    blocks = cache(lambda: guide.blocks(project))
    steps["guide"] = led, lambda: {guide.PATH: guide.as_html(blocks()).encode()}
    steps["guide on paper"] = led, lambda: {guide.PRINT: guide.as_pdf(blocks())}
    steps["README"] = (
        everything + _digest((project.root / "README.md").read_bytes()),
        lambda: {"README.md": readme.filled(project).encode()},
    )
    steps["coverage"] = everything, lambda: {coverage.TABLE: coverage.as_csv(project).encode()}
    steps["schema"] = inputs((), SCHEMA), lambda: {"data/answer_sheet.schema.json": SCHEMA.read_bytes()}
    return steps


def code_of(names: tuple[str, ...]) -> bytes:
    """The code in these files and folders of the package, one after the other."""
    files = {
        file for name in names for file in ((PACKAGE / name).rglob("*.py") if "." not in name else [PACKAGE / name])
    }
    return b"".join(file.read_bytes() for file in sorted(files))


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def _read_cache(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def key_problems(root):
    """Anything of a key that stands in `exercises/`: ticks, reasons, rubrics, tests meant to be hidden."""
    marks = re.compile(
        r"\[x\]|BEGIN (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)|\"(?:right|should|best|reason|rubric|model)\":", re.I
    )
    found = []
    for path in sorted((root / "exercises").rglob("*")):
        relative = path.relative_to(root).as_posix()
        if path.is_file() and path.suffix != ".ipynb":
            found.append(Problem(relative, 1, "Only built notebooks belong in exercises/. Take this file away."))
        elif path.is_file():
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                if mark := marks.search(line):
                    found.append(
                        Problem(
                            relative,
                            number,
                            f"Part of a key reached participants: “{mark.group()}”. "
                            "Run `workshop build` and do not edit this file by hand.",
                        )
                    )
    return found
