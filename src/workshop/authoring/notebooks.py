"""A page as a notebook: its cells, what nbgrader must know of them, and the metadata that its cards are made from.

Each function goes from texts to a notebook alone, so that building twice gives the same bytes.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workshop import __version__
from workshop.content import markdown
from workshop.content.trees import Tree
from workshop.notebook import calls
from workshop.project.pages import Canvas, Code, Explore, HandIn, Page, Play, Prose, Section
from workshop.questions.kinds.base import Question
from workshop.questions.kinds.written import Written
from workshop.scenarios.model import Scenario

# key -> its row of the register of sources
Sources = Mapping[str, Mapping[str, str]]

SOURCES_HEADING = "Sources of this page"
INNER_LINK = re.compile(r"\]\(#([^)\s]+)\)")
START = "> **To begin,** press **▶ Start this page** at the top. Your answers save themselves."
SCALE = (
    "*In doubt about a line? Read for accuracy, evidence with its limit, fit to the place, action (who, what, when) "
    "and care, each from 4 to 0: the scale stands in the facilitator's guide, under “Reading written answers”.*"
)
TASK = "*A reader gives up to {points:g} points for this answer.*"


def lesson(page: Page, scenarios: Mapping[str, Scenario], sources: Sources) -> bytes:
    """The participant's notebook of a lesson, as the bytes that go to disk; `scenarios` are all of the project's."""
    cells = _cells(page, lambda question: [_hidden(calls.call(question))], lambda code: [_hidden(code.source)])
    questions = [question.data() for question in page.questions]
    return _bytes(_notebook(page, cells, questions, scenarios, sources))


def solved_exercise(page: Page, sources: Sources) -> bytes:
    """The instructor's notebook of an exercise, in nbgrader's format, as the bytes that go to disk."""
    cells = _cells(page, _graded_question, _graded_code)
    questions = [question.public() for question in page.questions]
    return _bytes(_notebook(page, cells, questions, {}, sources))


def linked(source: str, anchors: Mapping[str, str]) -> str:
    """Markdown whose source marks link to the list at the end of the page, and whose inner links work in a notebook.

    `anchors` are slug of each heading -> the anchor that JupyterLab gives it.
    """
    anchor = SOURCES_HEADING.replace(" ", "-")
    source = INNER_LINK.sub(lambda link: f"](#{anchors.get(link.group(1), link.group(1))})", source)

    def links(mark: re.Match[str]) -> str:
        return " (" + ", ".join(f"[{key}](#{anchor})" for key in markdown.split_keys(mark.group(1))) + ")"

    return markdown.SOURCE_MARK.sub(links, source)


# ---------------------------------------------------------------- cells


def _cells(
    page: Page, ask: Callable[[Question], list[NotebookNode]], code: Callable[[Code], list[NotebookNode]]
) -> list[NotebookNode]:
    """The cells of a page: prose that stands together in one cell, questions and code each in their own."""
    cells: list[NotebookNode] = []
    prose: list[str] = []
    opened = False
    anchors = {markdown.slug(title): title.replace(" ", "-") for title in page.headings}

    def close() -> None:
        if prose:
            cells.append(_markdown_cell(linked("\n\n".join(prose), anchors)))
            prose.clear()

    for part in page.parts:
        if isinstance(part, Prose) and part.note:
            continue
        if isinstance(part, Prose):
            prose.append(part.source)
        elif isinstance(part, Section):
            prose.append(_section(part))
        if not opened:
            prose[:1] = [_top(page, prose[0] if prose else f"# {page.title}")]
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


def _top(page: Page, first: str) -> str:
    """The first prose of a page with what it takes, and how to begin, under its title."""
    title, _, rest = first.partition("\n")
    return f"{title}\n\n*{_meta_line(page)}*\n\n{START}\n{rest}"


def _meta_line(page: Page) -> str:
    statements = ", ".join(map(str, page.front.get("statements", [])))
    points = f" · {page.points:g} points" if page.kind == "exercise" else ""
    return f"About {page.front.get('minutes', 0)} minutes{points}" + (
        f" · statements {statements}" if statements else ""
    )


def _section(section: Section) -> str:
    facts = [f"about {section.minutes} minutes"] if section.minutes else []
    if section.statements:
        facts.append(f"statement{'s' if len(section.statements) > 1 else ''} {', '.join(section.statements)}")
    return section.source + (f"\n\n*{' · '.join(facts).capitalize()}*" if facts else "")


def _hidden(source: str) -> NotebookNode:
    cell = _code_cell(source)
    cell.metadata["jupyter"] = {"source_hidden": True}
    return cell


# nbformat has no types yet.
def _markdown_cell(source: str) -> NotebookNode:
    cell: NotebookNode = new_markdown_cell(source)  # type: ignore[no-untyped-call]
    return cell


def _code_cell(source: str) -> NotebookNode:
    cell: NotebookNode = new_code_cell(source)  # type: ignore[no-untyped-call]
    return cell


def _grading(grade_id: str, kind: str, points: float | None = None, **flags: bool) -> dict[str, Any]:
    """nbgrader's metadata of a cell; `flags` are those of its marks that differ from a locked cell without a grade."""
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


def _graded_question(question: Question) -> list[NotebookNode]:
    cell = _hidden(calls.call(question))
    if not isinstance(question, Written):
        cell.metadata.update(_grading(question.id, "code", question.points, grade=True))
        return [cell]
    cell.metadata.update(_grading(f"{question.id}-answer", "code"))
    scheme = [
        "=== BEGIN MARK SCHEME ===",
        "",
        f"**{question.title}**",
        "",
        *(f"- **{line['points']:g}** {_markdown(line['text'])}" for line in question.rubric),
        "",
        SCALE,
        "",
        "Model answer:",
        *(f"> {_markdown([block])}" for block in question.model),
        "",
        "=== END MARK SCHEME ===",
    ]
    task = _markdown_cell(TASK.format(points=question.points) + "\n\n" + "\n".join(scheme))
    task.metadata.update(_grading(question.id, "markdown", question.points, task=True))
    return [cell, task]


def _graded_code(part: Code) -> list[NotebookNode]:
    cell = _code_cell(part.source)
    if part.solution:
        cell.metadata.update(_grading(part.solution, "code", solution=True, locked=False))
    elif part.test:
        # The tag lets the page run on to the hand-in card when the item is left out.
        cell.metadata["tags"] = ["raises-exception"]
        cell.metadata.update(_grading(f"{part.test}-test", "code", part.points, grade=True))
    return [cell]


def _markdown(tree: Tree) -> str:
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


# ---------------------------------------------------------------- the whole


def _notebook(
    page: Page,
    cells: list[NotebookNode],
    questions: list[dict[str, Any]],
    scenarios: Mapping[str, Scenario],
    sources: Sources,
) -> NotebookNode:
    keys = page.listed_sources(scenarios, sources)
    if keys:
        lines = [
            f"- **{key}**: {sources[key]['title']}" + (f" ({sources[key]['where']})" if sources[key]["where"] else "")
            for key in keys
        ]
        cells = [*cells, _markdown_cell(f"## {SOURCES_HEADING}\n\n" + "\n".join(lines))]
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
    notebook: NotebookNode = new_notebook(cells=cells, metadata=metadata)  # type: ignore[no-untyped-call]
    return notebook


def _cell_id(page: str, cell: NotebookNode, cells: list[NotebookNode]) -> str:
    # Ids come from the text, so that building twice gives the same bytes; twins are told apart by their order.
    twins = sum(other.source == cell.source for other in cells[: next(i for i, c in enumerate(cells) if c is cell)])
    return hashlib.sha256(f"{page}/{cell.cell_type}/{twins}/{cell.source}".encode()).hexdigest()[:12]


def _bytes(notebook: NotebookNode) -> bytes:
    return f"{nbformat.writes(notebook, version=4)}\n".encode()  # type: ignore[no-untyped-call]
