"""Rules for what a text names: sources, statements, links, pictures, scenarios, figures and canvases must exist."""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator

from workshop import explorations
from workshop.architecture.canvases import CANVASES
from workshop.content import markdown, tables
from workshop.content.markdown import Problem
from workshop.project import agendas, coverage
from workshop.project.pages import Canvas, Explore, Page, Part, Play, Prose, Section
from workshop.project.project import Project
from workshop.questions.kinds.base import Question
from workshop.scenarios import model as scenarios
from workshop.scenarios.model import Scenario

IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)")
# Texts for paper, which are no pages; their sources are checked as those of pages are.
PAPERS = ("solutions/guide/*.md", "data/handouts/*.md")


def faults(project: Project) -> Iterator[Problem]:
    """Everything that a text names and that is not there."""
    sources, statements = tables.sources(project.root), coverage.statements(project.root)
    for page in project.pages:
        yield from _page(project, page, sources, statements)
    for scenario in project.scenarios.values():
        yield from _scenario(project, scenario, sources, statements)
    yield from _agendas(project, statements)
    for pattern in PAPERS:
        for path in sorted(project.root.glob(pattern)):
            text = path.read_text(encoding="utf-8", errors="replace")
            yield from _keys(path.relative_to(project.root).as_posix(), 1, text, sources)


def _page(project: Project, page: Page, sources: Collection[str], statements: Collection[str]) -> Iterator[Problem]:
    for key in page.front.get("statements", []):
        yield from _statement(page.path, 1, str(key), statements)
    headings = {markdown.slug(title) for title in page.headings}
    # A question's heading stands inside its card, where a link in the text of a notebook does not find it.
    asked = {markdown.slug(question.title) for question in page.questions} - headings
    for part in page.parts:
        if isinstance(part, Prose | Section):
            yield from _keys(page.path, part.line, part.source, sources)
            yield from _links(project, page, part, headings, asked)
        yield from _part(project, page, part, sources, statements)


def _part(
    project: Project, page: Page, part: Part, sources: Collection[str], statements: Collection[str]
) -> Iterator[Problem]:
    if isinstance(part, Section):
        for key in part.statements:
            yield from _statement(page.path, part.line, key, statements)
    elif isinstance(part, Play):
        yield from unplayable(project, page, part)
    elif isinstance(part, Explore):
        yield from _name(page, part, "exploration", explorations.names())
    elif isinstance(part, Canvas):
        yield from _name(page, part, "canvas", CANVASES)
    elif isinstance(part, Question):
        if page.front.get("statements") and not part.statements:
            yield Problem(page.path, part.line, f"“{part.title}” names no statement. Add its key, for instance `a1`.")
        for key in part.sources:
            yield from _source(page.path, part.line, key, sources)
        for key in part.statements:
            yield from _statement(page.path, part.line, key, statements)


def _keys(path: str, line: int, source: str, sources: Collection[str]) -> Iterator[Problem]:
    for number, words in enumerate(source.split("\n")):
        for key in markdown.source_keys(words):
            yield from _source(path, line + number, key, sources)


def _source(path: str, line: int, key: str, sources: Collection[str]) -> Iterator[Problem]:
    if key not in sources:
        yield Problem(path, line, f"There is no source {key} in data/sources.csv.{_near(key, sources)}")


def _statement(path: str, line: int, key: str, statements: Collection[str]) -> Iterator[Problem]:
    if key not in statements:
        yield Problem(path, line, f"There is no statement {key} in the notes.{_near(key, statements)}")


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""


def _links(
    project: Project, page: Page, part: Prose | Section, headings: Collection[str], asked: Collection[str]
) -> Iterator[Problem]:
    folder = (project.root / page.path).parent
    for number, words in enumerate(part.source.split("\n")):
        line = part.line + number
        for alternative, _ in IMAGE.findall(words):
            if not alternative.strip():
                yield Problem(
                    page.path,
                    line,
                    "This picture has no text for people who cannot see it. Write it between the "
                    "brackets: ![what the picture shows](file).",
                )
        for target in LINK.findall(words) + [file for _, file in IMAGE.findall(words)]:
            if target.startswith("#") and target[1:].lower() in asked:
                yield Problem(
                    page.path,
                    line,
                    f"The link {target} leads to a question, which a notebook cannot jump to. "
                    "Lead to the heading of its section instead.",
                )
            elif target.startswith("#") and target[1:].lower() not in headings:
                yield Problem(
                    page.path,
                    line,
                    f"The link {target} leads nowhere: no heading has that name.{_near(target[1:], headings)}",
                )
            elif _names_a_file(target) and not (folder / target.split("#")[0]).exists():
                yield Problem(page.path, line, f"The link {target} leads to a file that is not there.")


def _names_a_file(target: str) -> bool:
    return not target.startswith(("#", "mailto:")) and "://" not in target


def unplayable(project: Project, page: Page, part: Play) -> Iterator[Problem]:
    """Why what a page plays cannot be played, with the line of it."""
    if part.scenario not in project.scenarios:
        near = _near(part.scenario, project.scenarios)
        yield Problem(page.path, part.line, f"There is no scenario “{part.scenario}” in data/scenarios/.{near}")
    elif part.part and scenarios.way_to(project.scenarios[part.scenario], part.part) is None:
        yield Problem(
            page.path,
            part.line,
            f"The scenario “{part.scenario}” has no part {part.part} that can be played. Its parts are "
            f"its rounds, 1 to {len(project.scenarios[part.scenario].rounds)}.",
        )


def _name(page: Page, part: Explore | Canvas, what: str, known: Collection[str]) -> Iterator[Problem]:
    if part.name not in known:
        yield Problem(page.path, part.line, f"There is no {what} “{part.name}”.{_near(part.name, known)}")


def _scenario(
    project: Project, scenario: Scenario, sources: Collection[str], statements: Collection[str]
) -> Iterator[Problem]:
    yield from _keys(scenario.path, 1, (project.root / scenario.path).read_text(encoding="utf-8"), sources)
    for key in scenario.statements:
        yield from _statement(scenario.path, 1, str(key), statements)
    for scene in scenario.scenes:
        for key in scene.statements:
            yield from _statement(scenario.path, scene.line, key, statements)


def _agendas(project: Project, statements: Collection[str]) -> Iterator[Problem]:
    read, problems = agendas.read(project)
    yield from problems
    for block in (block for agenda in read.values() for day in agenda.days for block in day.blocks):
        for key in block.statements:
            yield from _statement(agendas.PATH, block.line, key, statements)
