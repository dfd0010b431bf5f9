"""Pages as HTML for the room: text and pictures at once, and for each question and scenario a place that the browser fills.

What stands in such a place before the browser's module has come can be read by itself: the question, and how to answer on paper.
"""

import re
from dataclasses import dataclass, field
from html import escape

from workshop.content import markdown
from workshop.project.pages import EXPLORE, PLAY, Prose, Section
from workshop.questions.model import Question
from workshop.render.html import to_html
from workshop.room.seat_cards import HAND_IN, play_card

PAGE_LINK = re.compile(r"\]\((?:\.\./exercises/\w+/)?(\w+)\.ipynb\)")
CARD = re.compile(r'data-card="([^"]+)"')
SOURCES = "sources-of-this-page"
MORE = '<p class="more">More of this page follows. Your facilitator opens it.</p>'
NO_SCRIPT = (
    "<p class=noscript>To answer here, your browser must run this page's script, and it has not come. Load the page again; if that "
    "does not help, answer on paper: your facilitator has every question printed.</p>"
)


@dataclass
class Chunk:
    """What stands on a page before its first section, or a section with all that is in it: the piece that is opened and closed."""

    title: str
    html: str = ""
    cards: list = field(default_factory=list)


def chunks(page, project, sources, pictures):
    """The body of a page for participants, in chunks. Facilitator's notes, keys and reasons are not in it."""
    found = [Chunk(page.title)]
    for part in page.parts:
        if isinstance(part, Section):
            found.append(Chunk(part.title))
        found[-1].html += _part(part, project, pictures, page.kind == "exercise")
    if page.kind == "exercise":
        found[-1].html += _place(HAND_IN, "<p>Here you hand in.</p>")
    for chunk in found:
        chunk.cards = CARD.findall(chunk.html)
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
    return found, end


def _part(part, project, pictures, graded):
    if isinstance(part, Prose):
        return "" if part.note else _prose(part.markdown)
    if isinstance(part, Section):
        facts = [f"about {part.minutes} minutes"] if part.minutes else []
        return _prose(part.markdown) + (f'<p class="facts">{", ".join(facts)}</p>' if facts else "")
    if isinstance(part, Question):
        return _place(f"q-{part.id}", _to_read(part))
    return _code(part, project, pictures, graded)


def _prose(source):
    source = PAGE_LINK.sub(r"](/page/\1)", source)
    source = markdown.SOURCE_MARK.sub(
        lambda mark: " (" + ", ".join(f"[{key}](#{SOURCES})" for key in markdown.split_keys(mark.group(1))) + ")",
        source,
    )
    return to_html(markdown.tree(markdown.parse(source)))


def _place(card, words):
    return f'<div class="place" id="{escape(card)}" data-card="{escape(card)}">{words}{NO_SCRIPT}</div>'


def _to_read(question):
    lines = [option.text for option in question.options] or [row.text for row in question.rows]
    listed = "".join(f"<li>{to_html(line)}</li>" for line in lines)
    among = (
        f"<p>Among: {'; '.join(to_html(column['text']) for column in question.columns)}.</p>"
        if question.columns
        else ""
    )
    return f"<h3>{escape(question.title)}</h3>{to_html(question.prompt)}{f'<ul>{listed}</ul>' if listed else ''}{among}"


def _code(cell, project, pictures, graded):
    made = "".join(_figure(pictures[name]) for name in EXPLORE.findall(cell.source) if name in pictures)
    for name, part in PLAY.findall(cell.source):
        if name in project.scenarios:
            scenario = project.scenarios[name]
            made += _place(
                play_card(name, int(part or 0)), f"<h3>{escape(scenario.title)}</h3>{to_html(scenario.brief)}"
            )
    if "page.canvas(" in cell.source:
        made += '<p class="elsewhere">Here the notebook has a sheet to draw up. On this page please use paper: your facilitator has it printed.</p>'
    if graded and "solution" in cell.options:
        made += '<p class="elsewhere">This optional item asks for lines of code. It can be answered in the notebook only; leaving it out costs nothing.</p>'
    return made


def _figure(figure):
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
