"""How the room answered: a question's spread, and how much it splits the room. Fewer than five are never broken down."""

import math
from collections import Counter

from workshop.content.trees import text_of
from workshop.questions.grading import clean

FEWEST = 5
# What is shown of answers in words or numbers is how many there are: single ones would be somebody's.
DIVIDED = ("single", "multiple", "match", "classify", "map", "rank")


def spread(question, values):
    """What a board may show of these stored answers to a question: {answered, few, lines: [(words, parts)]}.

    `parts` are (label, count) pairs of one line; a choice has one line, a table one for each of its rows.
    """
    answers = [kept for value in values if (kept := clean(question, value)) is not None]
    made = {"answered": len(answers), "few": len(answers) < FEWEST, "lines": []}
    if not made["few"] and question.kind in DIVIDED:
        made["lines"] = [(words, parts) for words, parts in _lines(question, answers)]
    return made


def split(question, values):
    """How far the room is from one mind, from 0 (all alike) to 1 (evenly divided), or None for a small group or free words.

    It is the evenness (Shannon entropy by its greatest value) of a question's lines, on average.
    """
    lines = spread(question, values)["lines"]
    shares = [_evenness([count for _, count in parts]) for _, parts in lines]
    return sum(shares) / len(shares) if shares else None


def _lines(question, answers):
    options = {option.id: text_of(option.text) for option in question.options}
    columns = {column["id"]: text_of(column["text"]) for column in question.columns}
    if question.kind == "single":
        counts = Counter(answers)
        yield "", [(words, counts[name]) for name, words in options.items()]
    elif question.kind == "multiple":
        for name, words in options.items():
            chosen = sum(name in answer for answer in answers)
            yield words, [("chosen", chosen), ("left out", len(answers) - chosen)]
    elif question.kind == "rank":
        counts = Counter(answer[0] for answer in answers)
        yield "Put first", [(words, counts[name]) for name, words in options.items()]
    else:
        for row in question.rows:
            if question.kind == "map":
                for name, words in columns.items():
                    ticked = sum(name in answer.get(row.id, ()) for answer in answers)
                    yield f"{text_of(row.text)}: {words}", [("ticked", ticked), ("not ticked", len(answers) - ticked)]
            else:
                counts = Counter(answer.get(row.id) for answer in answers)
                parts = [(words, counts[name]) for name, words in columns.items()]
                yield text_of(row.text), [*parts, *([("left open", counts[None])] if counts[None] else [])]


def _evenness(counts):
    whole = sum(counts)
    if whole == 0 or len(counts) < 2:
        return 0.0
    return -sum(count / whole * math.log(count / whole) for count in counts if count) / math.log(len(counts))
