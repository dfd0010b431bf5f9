"""The questions of a page on paper: a sheet to answer on with a pen, and the key to it, which stays with the facilitator.

The sheet is made from `Question.public()`, as an exercise is: what is not in there cannot be printed.
"""

import base64
import math
from importlib import import_module

from workshop.content import paper
from workshop.content.trees import text_of
from workshop.project.pages import Explore, Section
from workshop.questions.model import Question, from_data
from workshop.render import pdf

HOW = {
    "single": "Tick one.",
    "multiple": "Tick all that fit.",
    "rank": "Number the lines; 1 comes first.",
    "match": "Write the letter that belongs to each line. A letter may be left over, or serve twice.",
    "classify": "Tick one square in each line.",
    "number": "Write a number.",
    "map": "Tick every square that fits.",
    "write": "In your own words",
}
STILL = "Figures stand as they open on the screen. Where a question asks you to move one, look at the projector, or leave the question out."
WORDS_A_LINE = 9
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def sheet(page):
    """The sheet of a lesson or a check: its figures as they stand at the beginning, its questions with room to answer."""
    opening = [page.front["question"]] if "question" in page.front else []
    made, number = [paper.head(*opening, *([STILL] if page.explorations else []))], 0
    if page.kind == "exercise":
        made.append(["p", {}, "Code name, not your own: ", paper.blank(6)])
    for part in page.parts:
        if isinstance(part, Section):
            made.append(["h1", {}, part.title])
        elif isinstance(part, Explore):
            made.append(drawn(part.name))
        elif isinstance(part, Question):
            number += 1
            made.append(paper.keep(*asked(from_data(part.public()), number)))
    return pdf.Document(
        page.title, _without_empty(made), foot=f"Building National Architectures · {page.title} · questions"
    )


def key(page):
    """The key to such a sheet, with the reason for everything."""
    made = [paper.head("Key and reasons. For the facilitator: this sheet stays in your bag.")]
    for number, question in enumerate(page.questions, 1):
        made += [paper.larger(0.8, ["h1", {}, f"{number}. {question.title}"]), *answered(question), *question.closing]
    return pdf.Document(
        f"{page.title}: key", made, foot=f"Building National Architectures · {page.title} · key", size=10
    )


def asked(question, number):
    """One question with room to answer."""
    how = HOW[question.kind]
    if question.kind == "write":
        how += f", about {question.words} words." if question.words else "."
    return [
        ["h2", {}, f"{number}. {question.title}"],
        *question.prompt,
        ["p", {}, ["em", {}, how]],
        *ROOM[question.kind](question),
    ]


def _options(question):
    return [paper.options([option.text for option in question.options])]


def _rank(question):
    return [paper.options([option.text for option in question.options], paper.blank(0.9))]


def _match(question):
    lettered = [
        ["p", {}, ["strong", {}, LETTERS[i]], "  ", *column["text"]] for i, column in enumerate(question.columns)
    ]
    rows = [[row.text, [paper.blank(1.2)]] for row in question.rows]
    return [*lettered, paper.table(rows, [question.row_label, question.column_label], [6, 1.4])]


def _squares(question):
    rows = [[row.text, *([[paper.tick()]] * len(question.columns))] for row in question.rows]
    header = [question.row_label, *(column["text"] for column in question.columns)]
    return [paper.table(rows, header)]


def _number(question):
    return [["p", {}, paper.blank(4), f" {question.unit}"]]


def _lines(question):
    return [paper.lines(min(18, math.ceil((question.words or 60) / WORDS_A_LINE) + 1))]


ROOM = {
    "single": _options,
    "multiple": _options,
    "rank": _rank,
    "match": _match,
    "classify": _squares,
    "map": _squares,
    "number": _number,
    "write": _lines,
}


def answered(question):
    """What is right, and why everything else is not."""
    words = {option.id: option.text for option in question.options} | {
        column["id"]: column["text"] for column in question.columns
    }
    if question.kind in ("single", "multiple"):
        return [
            paper.table(
                [["yes" if option.right else "no", option.text, option.reason] for option in question.options],
                ["Right", "Answer", "Why"],
                [0.9, 4, 6],
            )
        ]
    if question.kind == "rank":
        reasons = {option.id: option.reason for option in question.options}
        places = [(str(place), name) for place, names in enumerate(question.best, 1) for name in names]
        return [
            paper.table(
                [[place, words[name], reasons[name]] for place, name in places], ["Place", "Line", "Why"], [0.9, 4, 6]
            )
        ]
    if question.kind in ("match", "classify", "map"):
        rows = [
            [
                row.text,
                _named(row.should, words) + ([f" (may also be: {_said(row.may, words)})"] if row.may else []),
                row.reason,
            ]
            for row in question.rows
        ]
        return [paper.table(rows, [question.row_label, question.column_label or "Ticked", "Why"], [4, 2.6, 5])]
    if question.kind == "number":
        rows = [
            ["yes" if number.right else "no", _between(number, question.unit), number.reason]
            for number in question.numbers
        ]
        return [paper.table(rows, ["Right", "Number", "Why"], [0.9, 3, 6])]
    rubric = [["li", {}, ["strong", {}, f"{line['points']:g}  "], *line["text"]] for line in question.rubric]
    return [["ul", {}, *rubric], paper.note(*question.model)]


def _named(names, words):
    joint = []
    for name in names:
        joint += [*([", "] if joint else []), *words[name]]
    return joint or ["nothing"]


def _said(names, words):
    return ", ".join(text_of(words[name]) for name in names)


def _between(number, unit):
    return (
        f"{number.low:g}" + (f" to {number.high:g}" if number.high != number.low else "") + (f" {unit}" if unit else "")
    )


def drawn(name):
    """The figure of an exploration as it stands before anybody moved a control."""
    view = import_module(f"workshop.explorations.{name.replace('-', '_')}").view()
    picture = base64.b64decode(view["src"].partition(",")[2])
    return paper.keep(["h2", {}, view["title"]], paper.figure(picture, view["alt"], view["note"]))


def _without_empty(blocks):
    """Blocks without the headings under which nothing stands on paper."""
    return [
        block for block, following in zip(blocks, [*blocks[1:], ["h1", {}]]) if block[0] != "h1" or following[0] != "h1"
    ]
