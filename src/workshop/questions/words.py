"""Answers in words, for a reader and for feedback."""

import textwrap

from workshop.content.trees import text_of
from workshop.questions.grading import clean

NOTHING = "Not answered."


CONTROL = {code: " " for code in range(32) if chr(code) not in "\n\t"} | {127: " "}


def answer_in_words(question, value):
    """An answer as plain text, for the reader and for feedback."""
    value = clean(question, value)
    if value is None:
        return NOTHING
    options = {option.id: text_of(option.text) for option in question.options}
    rows = {row.id: text_of(row.text) for row in question.rows}
    columns = {column["id"]: text_of(column["text"]) for column in question.columns}
    if question.kind == "single":
        return options[value]
    if question.kind == "multiple":
        return "\n".join(f"- {options[name]}" for name in value)
    if question.kind == "rank":
        return "\n".join(f"{place}. {options[name]}" for place, name in enumerate(value, 1))
    if question.kind in ("match", "classify"):
        return "\n".join(f"- {rows[row]}: {columns[value[row]]}" for row in rows if row in value)
    if question.kind == "map":
        return "\n".join(f"- {rows[row]}: {', '.join(columns[c] for c in value[row])}" for row in rows if row in value)
    return str(value).translate(CONTROL)


def printed(question, answer):
    """Question and answer as nbgrader's formgrader shows them, in lines that fit its page."""
    lines = f"{question.title}\n\n{answer_in_words(question, answer)}".split("\n")
    return "\n".join(textwrap.fill(line, 96, subsequent_indent="  " if line.startswith("- ") else "") for line in lines)
