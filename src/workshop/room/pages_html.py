"""Pages as HTML for the room: text and pictures at once, and places for questions and scenarios that the browser fills.

What stands in such a place before the browser's module has come can be read by itself: the question, and how to answer
on paper.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from workshop.content import markdown
from workshop.content.trees import Tree
from workshop.project.pages import Canvas, Code, Explore, HandIn, Page, Part, Play, Prose, Section
from workshop.project.project import Project
from workshop.questions.kinds.base import Question
from workshop.room import templates
from workshop.room.addresses import HAND_IN, page_of, play_card, question_card

PAGE_LINK = re.compile(r"(?:\.\./exercises/\w+/)?(\w+)\.ipynb\Z")
SOURCES = "sources-of-this-page"
CANVAS = "Here the notebook has a sheet to draw up. On this page please use paper: your facilitator has it printed."
CODE = (
    "This optional item asks for lines of code. It can be answered in the notebook only; leaving it out costs nothing."
)


@dataclass
class Chunk:
    """What stands on a page before its first section, or a section with all that is in it.

    It is the piece that is opened and closed. `cards` are the names of the cards in it, in order.
    """

    title: str
    html: Markup = Markup("")  # noqa: RUF009 - it never changes
    cards: list[str] = field(default_factory=list)

    def add_card(self, name: str, words: Markup) -> None:
        """Add a place for a card; `words` stand in it until the browser fills it."""
        self.cards.append(name)
        self.html += templates.part("place", name, words)


class Pages:
    """All pages for participants, each made once."""

    def __init__(
        self, project: Project, sources: Mapping[str, dict[str, str]], pictures: Mapping[str, dict[str, Any]]
    ) -> None:
        self.project, self.sources, self.pictures = project, sources, pictures
        self._made: dict[str, tuple[list[Chunk], Markup]] = {}

    def chunks(self, name: str) -> list[Chunk]:
        """The chunks of a page, by its name in the room. Raises Gone."""
        return self._page(name)[0]

    def body(self, name: str, until: int | None) -> Markup:
        """The first `until` chunks of a page, or all, and its sources. Raises Gone."""
        made, end = self._page(name)
        opened = made[:until]
        more = templates.part("more") if len(opened) < len(made) else Markup("")
        return Markup("").join(chunk.html for chunk in opened) + more + end

    def _page(self, name: str) -> tuple[list[Chunk], Markup]:
        if name not in self._made:
            self._made[name] = chunks(page_of(self.project, name), self.project, self.sources, self.pictures)
        return self._made[name]


def chunks(
    page: Page, project: Project, sources: Mapping[str, dict[str, str]], pictures: Mapping[str, dict[str, Any]]
) -> tuple[list[Chunk], Markup]:
    """The body of a page for participants in chunks, and its list of sources. Notes, keys and reasons are not in it."""
    made = [Chunk(page.title)]
    for part in page.parts:
        if isinstance(part, Section):
            made.append(Chunk(part.title))
        _add(made[-1], part, project, pictures, page.kind == "exercise")
    keys = page.listed_sources(project.scenarios, sources) if page.kind == "lesson" else []
    listed = {key: sources[key] for key in keys}
    return made, templates.part("sources", SOURCES, listed) if listed else Markup("")


def _add(chunk: Chunk, part: Part, project: Project, pictures: Mapping[str, dict[str, Any]], graded: bool) -> None:
    if isinstance(part, Prose):
        chunk.html += Markup("") if part.note else _prose(part.nodes)
    elif isinstance(part, Section):
        chunk.html += _prose(part.nodes)
        chunk.html += templates.part("minutes", part.minutes) if part.minutes else Markup("")
    elif isinstance(part, Question):
        chunk.add_card(question_card(part), templates.part("question", part))
    elif isinstance(part, Explore):
        chunk.html += templates.part("figure", pictures[part.name]) if part.name in pictures else Markup("")
    elif isinstance(part, Play):
        if part.scenario in project.scenarios:
            words = templates.part("scenario", project.scenarios[part.scenario])
            chunk.add_card(play_card(part.scenario, part.part), words)
    elif isinstance(part, Canvas):
        chunk.html += templates.part("elsewhere", CANVAS)
    elif isinstance(part, Code):
        chunk.html += templates.part("elsewhere", CODE) if graded and part.solution else Markup("")
    elif isinstance(part, HandIn):
        chunk.add_card(HAND_IN, Markup("<p>Here you hand in.</p>"))
    else:
        assert_never(part)


def _prose(nodes: list[SyntaxTreeNode]) -> Markup:
    return templates.of_tree(_inside(markdown.tree(nodes, _cited)))


def _cited(keys: list[str]) -> Tree:
    """The keys of a source mark, each a link to the list at the end of the page."""
    links: Tree = [" ("]
    for key in keys:
        links += [*([", "] if len(links) > 1 else []), ["a", {"href": f"#{SOURCES}"}, key]]
    return [*links, ")"]


def _inside(tree: Tree) -> Tree:
    """The tree with its links to notebooks leading to pages of the room."""
    made: Tree = []
    for node in tree:
        if isinstance(node, str):
            made.append(node)
            continue
        tag, attributes, *children = node
        if tag == "a":
            attributes = attributes | {"href": PAGE_LINK.sub(r"/page/\1", attributes["href"])}
        made.append([tag, attributes, *_inside(children)])
    return made
