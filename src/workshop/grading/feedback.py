"""Feedback for a participant: one HTML page made from results, never from the executed notebook.

What a participant wrote is escaped text; no hidden test and nobody else's work is on the page.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from workshop.grading import page_templates
from workshop.grading.results import Item, Person
from workshop.project.pages import Page
from workshop.questions.kinds.base import NOTHING, Question
from workshop.questions.kinds.written import Written
from workshop.render.html import to_html

PAGE = page_templates.environment(Path(__file__).parent).get_template("feedback.html")


def html(
    page: Page,
    key: Mapping[str, Question],
    person: Person,
    sources: Mapping[str, Mapping[str, str]],
    lines: Mapping[str, Mapping[int, float]],
) -> str:
    """The feedback page as a whole HTML document.

    `key` has the questions by id, `sources` is the register (see `workshop.content.tables.sources`), and `lines` the
    points that readers gave to each line of a rubric, by item and place.
    """
    named = {name for question in key.values() for name in question.sources if name in sources}
    return PAGE.render(
        page=page,
        person=person,
        items=[_item(item, person, lines.get(item.id, {})) for item in person.items],
        sources=[(name, sources[name]["title"]) for name in sorted(named)],
    )


def _item(item: Item, person: Person, given: Mapping[int, float]) -> dict[str, Any]:
    """What the page says of an item; `given` are the points for the lines of its rubric, by place."""
    mark, question = person.marks[item.id], item.question
    about = {"title": item.title, "optional": item.optional, "points": item.points, "mark": mark, "question": question}
    if question is None:
        return about
    answer = person.answers.get(question.id)
    words = question.in_words(answer)
    why = to_html(question.why(question.grade(answer))) if words != NOTHING else ""
    rubric = question.rubric if isinstance(question, Written) else []
    return about | {
        "words": words,
        "why": Markup(why),
        "rubric": [(line, None if mark.waiting else given.get(place)) for place, line in enumerate(rubric)],
        "comment": mark.comment if mark.comment != NOTHING else "",
        "read_again": question.statements if not mark.waiting and mark.points < item.points else [],
    }
