"""The facilitator's guide: chapters that a subject expert writes, and what the pages say, for the screen and for paper.

The chapters are the Markdown files of `solutions/guide/`, in the order of their names. A line that holds only
one of the code words below is replaced by what it names.
"""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown, paper, tables
from workshop.content.markdown import Problem
from workshop.content.trees import Tree, text_of
from workshop.papers import handouts, schedule
from workshop.project import agendas, scenario_checks
from workshop.project.pages import Page, Prose, Section
from workshop.project.project import Project
from workshop.questions.kinds.base import Question
from workshop.render import pdf
from workshop.render.html import environment

FOLDER = "solutions/guide"
PATH = f"{FOLDER}/facilitators_guide.html"
PRINT = f"{FOLDER}/facilitators_guide.pdf"
TITLE = "Facilitator's guide"


def as_html(blocks: Tree) -> str:
    """The guide as a whole HTML document, from its `blocks`."""
    chapters = [
        {"anchor": markdown.slug(text_of(block[2:])), "words": block[2:]}
        for block in blocks
        if not isinstance(block, str) and block[0] == "h1"
    ]
    template = environment("workshop.papers").get_template("guide.html")
    return template.render(title=TITLE, chapters=chapters, blocks=blocks) + "\n"


def as_pdf(blocks: Tree) -> bytes:
    """The guide as PDF, from the same blocks."""
    # Chapters begin on a page of their own, so that one can be taken out of the folder and given to a colleague.
    turned = [part for block in blocks for part in ([paper.new_page(), block] if block[0] == "h1" else [block])]
    front = [
        paper.head(
            "Building National Architectures", "For the person who leads a workshop. Participants do not see it."
        ),
        paper.columns(2, paper.contents(2)),
    ]
    return pdf.Document(TITLE, [*front, *turned], foot="Building National Architectures · facilitator's guide").pdf()


@dataclass
class Chapter:
    """A file of the guide's own text; `path` is relative to the kit, `nodes` are its blocks as parsed."""

    path: str
    source: str
    nodes: list[SyntaxTreeNode]


@lru_cache(maxsize=1)
def chapters(project: Project) -> list[Chapter]:
    """The guide's own text in the order of its files, read once for a project."""
    read = []
    for path in sorted((project.root / FOLDER).glob("*.md")):
        source = path.read_text(encoding="utf-8")
        read.append(Chapter(path.relative_to(project.root).as_posix(), source, markdown.parse(source)))
    return read


def faults(project: Project) -> Iterator[Problem]:
    """Code words of the chapters that stand for nothing."""
    for chapter in chapters(project):
        for node in chapter.nodes:
            for word in markdown.code_words(node) or ():
                if word not in PARTS:
                    near = difflib.get_close_matches(word, PARTS, n=1)
                    hint = f"Did you mean `{near[0]}`?" if near else f"Known are {', '.join(PARTS)}."
                    line = markdown.lines_of(node)[0] + 1
                    yield Problem(chapter.path, line, f"“{word}” stands for no part of the guide. {hint}")


def blocks(project: Project) -> Tree:
    """Everything in the guide, as a tree, from which both its faces are made."""
    made: Tree = []
    put: set[str] = set()
    for chapter in chapters(project):
        for node in chapter.nodes:
            words = markdown.code_words(node)
            made += (
                [block for word in words if word in PARTS for block in PARTS[word](project)]
                if words
                else markdown.tree([node])
            )
            put.update(words or ())
    if "pages" not in put:
        made += [["h1", {}, "The pages and their notes"], *_pages(project)]
    return made + _sources(project)


# ---------------------------------------------------------------- what the code words stand for


def _agendas(project: Project) -> Tree:
    made: Tree = []
    for agenda in agendas.read(project)[0].values():
        # Each agenda on a sheet of its own: that one goes on the wall.
        made += [*([paper.new_page()] if made else []), ["h2", {}, agenda.title], *agenda.about]
        for day in agenda.days:
            made += [paper.new_page()] if day is not agenda.days[0] else []
            rows = [
                [
                    f"{begin}–{end}",
                    [["p", {}, ["strong", {}, block.title]], *([] if block.pause else [["p", {}, block.how]])],
                    [["p", {}, line] for line in schedule.details(block)],
                ]
                for begin, end, block in day.timed("09:00")
            ]
            made += [["h3", {}, day.title], paper.table(rows, ["Time", "Block", "What happens"], [1.7, 2.6, 8])]
    return made


def _pages(project: Project) -> Tree:
    rows = [[page.title, page.front.get("question", ""), str(page.front.get("minutes", 0))] for page in project.lessons]
    return [
        paper.table(rows, ["Page", "Question to open with", "Minutes"], [3, 9, 1.4]),
        *(block for page in project.lessons for block in _page(page)),
    ]


def _page(page: Page) -> Tree:
    statements = ", ".join(map(str, page.front.get("statements", [])))
    made: Tree = [
        ["h2", {}, page.title],
        ["p", {}, ["strong", {}, page.front.get("question", "")]],
        [
            "p",
            {},
            f"{page.front.get('minutes', 0)} minutes{f', statements {statements}' if statements else ''}. "
            f"Take home: {page.front.get('take_home', '')}",
        ],
    ]
    if outcomes := page.front.get("outcomes"):
        made += [
            ["p", {}, "After this page participants can:"],
            ["ul", {}, *(["li", {}, str(line)] for line in outcomes)],
        ]
    asked: list[Question] = []
    for part in page.parts:
        if isinstance(part, Section):
            made += _asked(asked)
            asked = []
            facts = [f"{part.minutes} minutes"] if part.minutes else []
            made.append(
                ["h3", {}, " · ".join([part.title, *facts, *([", ".join(part.statements)] if part.statements else [])])]
            )
        elif isinstance(part, Prose) and part.note:
            made.append(paper.keep(paper.note(*markdown.tree(part.nodes))))
        elif isinstance(part, Question):
            asked.append(part)
    return made + _asked(asked)


def _asked(questions: list[Question]) -> Tree:
    return (
        [
            [
                "ul",
                {},
                *(["li", {}, question.title, ["em", {}, f" ({question.word})"]] for question in questions),
            ]
        ]
        if questions
        else []
    )


def _handouts(project: Project) -> Tree:
    whose = {handouts.PARTICIPANTS: "participants", handouts.FACILITATOR: "you"}
    rows = list(
        dict.fromkeys(
            (handout.kind or handout.title, whose[handout.whose], handout.copies) for handout in handouts.every(project)
        )
    )
    return [paper.table(rows, ["Paper", "For", "How many"], [5, 1.6, 5])] if rows else []


def _scenarios(project: Project) -> Tree:
    rows = [
        [
            scenario.title,
            f"{scenario.minutes} minutes alone, about {3 * scenario.minutes} in a group with the debrief",
            f"{scenario.clock} {scenario.unit}, {len(scenario.rounds)} rounds",
            ", ".join(map(str, scenario.statements)),
        ]
        for scenario in project.scenarios.values()
    ]
    made: Tree = [paper.table(rows, ["Scenario", "Time", "Clock", "Statements"], [3, 3, 2.2, 4])] if rows else []
    for scenario in project.scenarios.values():
        made += [["h3", {}, scenario.title], paper.table(scenario_checks.figures(project, scenario), widths=[3, 6])]
        # Participants see this at the end of a play; whoever leads wants it at the beginning.
        made += [
            block
            for passage in scenario.debrief
            if not passage.kind
            for block in (["p", {}, ["strong", {}, f"{passage.title}."]], *passage.text)
        ]
    return made


def _sources(project: Project) -> Tree:
    known = tables.sources(project.root)
    texts = [chapter.source for chapter in chapters(project)]
    texts += [part.source for page in project.lessons for part in page.parts if isinstance(part, Prose) and part.note]
    keys = sorted({key for words in texts for key in markdown.source_keys(words) if key in known})
    items = [
        [
            "li",
            {},
            ["strong", {}, key],
            f": {known[key]['title']}" + (f" ({known[key]['where']})" if known[key]["where"] else ""),
        ]
        for key in keys
    ]
    return [["h1", {}, "Sources of this guide"], ["ul", {}, *items]] if items else []


PARTS: dict[str, Callable[[Project], Tree]] = {
    "agendas": _agendas,
    "handouts": _handouts,
    "scenarios": _scenarios,
    "pages": _pages,
}
