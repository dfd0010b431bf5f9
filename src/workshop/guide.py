"""The facilitator's guide: the notes that stand in the lessons, with the times, as one page that prints well."""

from html import escape

from workshop import text
from workshop.pages import Prose, Section
from workshop.questions import Question

PATH = "solutions/guide/facilitators_guide.html"
STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
h1 { font-size: 1.7rem } h2 { margin-top: 2.2rem; border-bottom: 1px solid #c8ccd1 } h3 { margin-bottom: .2rem }
.facts { color: #4b5360; margin-top: 0 } .note { border-left: 4px solid #2a6f97; padding-left: 1rem; margin: .8rem 0 }
table { border-collapse: collapse } td, th { border: 1px solid #c8ccd1; padding: .3rem .6rem; text-align: left }
@media print { body { margin: 0; max-width: none } h2 { break-before: page } .note { break-inside: avoid } }
"""


def html(project):
    """The guide as a whole HTML document."""
    rows = "".join(f"<tr><td>{escape(page.title)}</td><td>{escape(page.front.get('question', ''))}</td>"
                   f"<td>{page.front.get('minutes', 0)}</td></tr>" for page in project.lessons)
    lessons = "".join(_lesson(page) for page in project.lessons)
    return ('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Facilitator's guide</title><style>{STYLE}</style></head><body><main>"
            "<h1>Building National Architectures: facilitator's guide</h1>"
            "<p>Made from the notes in the lessons. Participants do not see it. "
            "Times are for a room; alone, people need a little less.</p>"
            f"<table><thead><tr><th>Page</th><th>Question to open with</th><th>Minutes</th></tr></thead><tbody>{rows}</tbody></table>"
            f"{lessons}</main></body></html>\n")


def _lesson(page):
    facts = f"{page.front.get('minutes', 0)} minutes. Take home: {page.front.get('take_home', '')}"
    outcomes = "".join(f"<li>{escape(str(line))}</li>" for line in page.front.get("outcomes", []))
    parts = [f"<h2>{escape(page.title)}</h2><p class='facts'>{escape(facts)}</p>",
             f"<p>After this page participants can:</p><ul>{outcomes}</ul>" if outcomes else ""]
    asked = 0
    for part in page.parts:
        if isinstance(part, Section):
            parts.append(_asked(asked))
            asked = 0
            minutes = f" ({part.minutes} minutes)" if part.minutes else ""
            statements = f"<p class='facts'>Statements {', '.join(part.statements)}</p>" if part.statements else ""
            parts.append(f"<h3>{escape(part.title)}{minutes}</h3>{statements}")
        elif isinstance(part, Prose) and part.note:
            # Raw HTML is off in this parser, so a note cannot bring any.
            note = text.MARKDOWN.render(text.SOURCE_MARK.sub(r" (\1)", part.markdown))
            parts.append(f"<div class='note'>{note}</div>")
        elif isinstance(part, Question):
            asked += 1
    return "".join(parts) + _asked(asked)


def _asked(number):
    return f"<p class='facts'>{number} question{'s' if number > 1 else ''} in this part.</p>" if number else ""
