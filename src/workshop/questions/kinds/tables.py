"""What the kinds whose answers are lines of a table have in common."""

from collections.abc import Iterable, Sequence
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown, paper
from workshop.content.trees import Tree, text_of
from workshop.questions.kinds.base import Mark, Question, Result, Row, joined, new_id, scored
from workshop.questions.parts import Faults, short


def add_row(
    question: Question,
    line: SyntaxTreeNode,
    left: SyntaxTreeNode,
    why: SyntaxTreeNode,
    faults: Faults,
    should: Iterable[str] = (),
    may: Iterable[str] = (),
) -> Row:
    """A row of the question from its first and last cell; a missing reason and a row that stands twice are faults."""
    name = faults.name(left, lambda node: new_id(question.rows, markdown.plain(node)), cell=0)
    label, text = markdown.plain(left), markdown.tree(left.children)
    if not markdown.plain(why):
        faults.add(line, f"“{short(label)}” has no reason. Fill the last cell of the row.")
    if any(text_of(row.text) == text_of(text) for row in question.rows):
        faults.add(line, f"Two rows of “{question.title}” begin with “{short(label)}”. Change one of them.")
    row = Row(name, text, list(should), list(may), markdown.tree(why.children))
    question.rows.append(row)
    return row


def marked_rows(marks: dict[str, Mark]) -> Result:
    """The result of a table: the share of its lines that are right."""
    good = sum(mark == "right" for mark in marks.values())
    return scored(good / len(marks), marks, f"{good} of {len(marks)} lines")


def explained_rows(question: Question, result: Result) -> dict[str, Any]:
    """For each row its mark, what it should be, and why."""
    columns = {column["id"]: column["text"] for column in question.columns}
    return {
        "rows": {
            row.id: {
                "mark": result.marks[row.id],
                "should": joined(columns[name] for name in row.should),
                "reason": row.reason,
            }
            for row in question.rows
        }
    }


def squares(question: Question) -> Tree:
    """A table with a square to tick for each row and column."""
    rows = [[row.text, *([[paper.tick()]] * len(question.columns))] for row in question.rows]
    return [paper.table(rows, [question.row_label, *(column["text"] for column in question.columns)])]


def key_table(question: Question) -> Tree:
    """Each row with what is right, what may be, and why."""
    texts = {column["id"]: column["text"] for column in question.columns}
    rows = [[row.text, _right(row, texts), row.reason] for row in question.rows]
    return [paper.table(rows, [question.row_label, question.column_label or "Ticked", "Why"], [4, 2.6, 5])]


def _right(row: Row, texts: dict[str, Tree]) -> Tree:
    right = joined(texts[name] for name in row.should) or ["nothing"]
    return right + ([f" (may also be: {_named(row.may, texts)})"] if row.may else [])


def _named(names: Sequence[str], texts: dict[str, Tree]) -> str:
    return ", ".join(text_of(texts[name]) for name in names)
