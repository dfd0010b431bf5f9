"""Pages as HTML for the room: text and pictures at once, and for each question and scenario a place that the browser fills.

What stands in such a place before the browser's module has come can be read by itself: the question, and how to answer on paper.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, assert_never

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.trees import Tree
from workshop.project.pages import Canvas, Code, Explore, HandIn, Page, Part, Play, Prose, Section
from workshop.questions.kinds.base import Question
from workshop.render.html import to_html
from workshop.room.seat_cards import HAND_IN, play_card

PAGE_LINK = re.compile(r"(?:\.\./exercises/\w+/)?(\w+)\.ipynb\Z")
SOURCES = "sources-of-this-page"
MORE = '<p class="more">More of this page follows. Your facilitator opens it.</p>'
NO_SCRIPT = (
    "<p class=noscript>To answer here, your browser must run this page's script, and it has not come. Load the page again; if that "
    "does not help, answer on paper: your facilitator has every question printed.</p>"
)


CANVAS = '<p class="elsewhere">Here the notebook has a sheet to draw up. On this page please use paper: your facilitator has it printed.</p>'
CODE = '<p class="elsewhere">This optional item asks for lines of code. It can be answered in the notebook only; leaving it out costs nothing.</p>'


@dataclass
class Chunk:
    """What stands on a page before its first section, or a section with all that is in it: the piece that is opened and closed.

    `cards` are the names of the cards in it, in order.
    """

    title: str
    html: str = ""
    cards: list[str] = field(default_factory=list)

    def add_card(self, name: str, words: str) -> None:
        """Add a place for a card; `words` (HTML) stand in it until the browser fills it."""
        self.cards.append(name)
        self.html += f'<div class="place" id="{escape(name)}" data-card="{escape(name)}">{words}{NO_SCRIPT}</div>'


def chunks(
    page: Page, project: Any, sources: Mapping[str, dict[str, str]], pictures: Mapping[str, dict[str, Any]]
) -> tuple[list[Chunk], str]:
    """The body of a page for participants in chunks, and its list of sources. Notes, keys and reasons are not in it."""
    made = [Chunk(page.title)]
    for part in page.parts:
        if isinstance(part, Section):
            made.append(Chunk(part.title))
        _add(made[-1], part, project, pictures, page.kind == "exercise")
    keys = page.listed_sources(project.scenarios, sources) if page.kind == "lesson" else []
    listed = "".join(
        f"<li><b>{escape(key)}</b>: {escape(sources[key]['title'])}"
        + (f" ({escape(sources[key]['where'])})" if sources[key]["where"] else "")
        + "</li>"
        for key in keys
    )
    end = (
        f'<section class="sources"><h2 id="{SOURCES}">Sources of this page</h2><ul>{listed}</ul></section>'
        if keys
        else ""
    )
    return made, end


def _add(chunk: Chunk, part: Part, project: Any, pictures: Mapping[str, dict[str, Any]], graded: bool) -> None:
    if isinstance(part, Prose):
        chunk.html += "" if part.note else _prose(part.nodes)
    elif isinstance(part, Section):
        facts = f'<p class="facts">about {part.minutes} minutes</p>' if part.minutes else ""
        chunk.html += _prose(part.nodes) + facts
    elif isinstance(part, Question):
        chunk.add_card(f"q-{part.id}", _to_read(part))
    elif isinstance(part, Explore):
        chunk.html += _figure(pictures[part.name]) if part.name in pictures else ""
    elif isinstance(part, Play):
        if part.scenario in project.scenarios:
            scenario = project.scenarios[part.scenario]
            words = f"<h3>{escape(scenario.title)}</h3>{to_html(scenario.brief)}"
            chunk.add_card(play_card(part.scenario, part.part), words)
    elif isinstance(part, Canvas):
        chunk.html += CANVAS
    elif isinstance(part, Code):
        chunk.html += CODE if graded and part.solution else ""
    elif isinstance(part, HandIn):
        chunk.add_card(HAND_IN, "<p>Here you hand in.</p>")
    else:
        assert_never(part)


def _prose(nodes: list[SyntaxTreeNode]) -> str:
    return to_html(_inside(markdown.tree(nodes, _cited)))


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


def _to_read(question: Question) -> str:
    lines = [option.text for option in question.options] or [row.text for row in question.rows]
    listed = "".join(f"<li>{to_html(line)}</li>" for line in lines)
    among = (
        f"<p>Among: {'; '.join(to_html(column['text']) for column in question.columns)}.</p>"
        if question.columns
        else ""
    )
    return f"<h3>{escape(question.title)}</h3>{to_html(question.prompt)}{f'<ul>{listed}</ul>' if listed else ''}{among}"


def _figure(figure: dict[str, Any]) -> str:
    table = figure["table"]
    rows = (
        ""
        if not table
        else (
            '<details><summary>Show the figures as a table</summary><div class="scrolling" tabindex="0"><table><thead><tr>'
            + "".join(f'<th scope="col">{escape(str(name))}</th>' for name in table["columns"])
            + "</tr></thead><tbody>"
            + "".join(
                "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in table["rows"]
            )
            + "</tbody></table></div></details>"
        )
    )
    return (
        f'<section class="picture"><h3>{escape(figure["title"])}</h3><figure><img src="/pictures/{escape(figure["file"])}" loading="lazy" '
        f'width="{figure["width"]}" height="{figure["height"]}" alt="{escape(figure["alt"])}">'
        f"<figcaption><p>{escape(figure['note'])}</p>{to_html(figure['caption'])}</figcaption></figure>{rows}"
        '<p class="elsewhere">In the notebook you can turn and change this figure; here it stands as it begins.</p></section>'
    )
