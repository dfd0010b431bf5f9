"""Feedback for a participant: one HTML page made from results, never from the executed notebook.

What a participant wrote is escaped text; no hidden test and nobody else's work is on the page.
"""

from html import escape

from workshop.questions.kinds.base import NOTHING
from workshop.questions.kinds.written import Written
from workshop.render.html import to_html

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 0 0 .5rem }
section { border: 1px solid #c8ccd1; border-radius: 6px; padding: 1rem; margin: 1rem 0; break-inside: avoid }
.points { font-weight: 600 } .answer { white-space: pre-wrap; background: #f4f5f7; padding: .6rem .8rem; border-radius: 4px }
dt { font-weight: 600; margin-top: .6rem } dd { margin: 0 }
@media print { body { margin: 0 } }
"""


def html(page, key, person, sources, lines):
    """The feedback page as a whole HTML document, from a `workshop.grading.results.Person`.

    `key` has the questions by id, `sources` is the register (see `workshop.content.tables.sources`), and `lines` the points that
    readers gave to each line of a rubric, by item and place.
    """
    extra = f", and {person.extra:g} extra" if person.extra else ""
    late = f" {person.penalty:g} are taken off because it came late." if person.penalty else ""
    total = f"{person.points:g} of {page.points:g} points{extra}.{late}"
    waiting = person.waiting
    later = f" <p>{waiting} written answer{'s' if waiting > 1 else ''} still wait for a reader.</p>" if waiting else ""
    items = "".join(_item(item, person, lines.get(item.id, {})) for item in person.items)
    named = dict.fromkeys(name for question in key.values() for name in question.sources if name in sources)
    listed = "".join(f"<li>{escape(name)}: {escape(sources[name]['title'])}</li>" for name in sorted(named))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Feedback: {escape(page.title)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>Feedback: {escape(page.title)}</h1><p>Code name: {escape(person.code)}</p>"
        f'<p class="points">{total}</p>{later}{items}<h2>Sources</h2><ul>{listed}</ul></main></body></html>\n'
    )


def _item(item, person, given):
    mark, question = person.marks[item.id], item.question
    points = "A reader has not looked at it yet." if mark.waiting else f"{mark.points:g} of {item.points:g} points"
    if question is None:
        why = (
            "Every test passed."
            if mark.points == item.points
            else "Your lines wait for a reader."
            if mark.waiting
            else "Not every test passed. Run the test below your lines in the exercise: it says what it expects."
        )
        return (
            f"<section><h2>{escape(item.title)} (code item{', optional' if item.optional else ''})</h2>"
            f'<p class="points">{points}</p><p>{why}</p></section>'
        )
    answer = person.answers.get(question.id)
    result = question.grade(answer)
    words = question.in_words(answer)
    facts = [("The question", to_html(question.prompt))] if question.prompt else []
    facts += [("Your answer", f'<div class="answer">{escape(words)}</div>')]
    reasons = to_html(question.why(result)) if words != NOTHING else ""
    if reasons:
        facts.append(("Why", reasons))
    if isinstance(question, Written):
        lines = "".join(
            f"<li>{f'{given[place]:g} of ' if place in given and not mark.waiting else ''}{line['points']:g}: "
            f"{to_html(line['text'])}</li>"
            for place, line in enumerate(question.rubric)
        )
        facts.append(("What a reader looks for", f"<ul>{lines}</ul>"))
    if mark.comment and mark.comment != NOTHING:
        facts.append(("Your reader writes", f'<div class="answer">{escape(mark.comment)}</div>'))
    if not mark.waiting and mark.points < item.points and question.statements:
        keys = ", ".join(question.statements)
        facts.append(
            (
                "Next step",
                f"Read again what the lessons say on {keys}: “Try it: find a statement” on the page Welcome shows where.",
            )
        )
    listed = "".join(f"<dt>{term}</dt><dd>{words}</dd>" for term, words in facts)
    return (
        f'<section><h2>{escape(question.title)}</h2><p class="points">{points}</p><dl>{listed}</dl>'
        f"{to_html(question.closing)}</section>"
    )
