"""`match` and `classify`: a table in which each line has its right side or its class."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown, paper
from workshop.content.trees import Tree, text_of
from workshop.questions.kinds.base import DistributionLine, Question, Result, Way, new_id, shuffled, words_by_id
from workshop.questions.kinds.tables import add_row, explained_rows, key_table, marked_rows, squares
from workshop.questions.parts import Faults, head_and_rows

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class _Pairs(Question):
    """An answer is a column's id for each row's id; rows may be left open."""

    block = "table"
    needs = "a table"
    # Whether a row with an empty left side is a right side too many.
    spare_columns: ClassVar[bool]

    def answers_of(self, cell: SyntaxTreeNode) -> list[str]:
        """The answers that a cell names."""
        return [markdown.plain(cell)]

    def column_text(self, answer: str, cell: SyntaxTreeNode) -> Tree:
        """The text of the column that a cell opens."""
        raise NotImplementedError

    def read(self, part: Sequence[SyntaxTreeNode], faults: Faults) -> None:
        labels, rows = head_and_rows(part[0])
        if len(labels) != 3:
            faults.add(part[0], f"“{self.title}”: the table needs three columns: line, answer, why.")
            return
        self.row_label, self.column_label = labels[:2]
        for row in rows:
            self._read_row(row, faults)
        if not self.rows:
            faults.add(part[0], f"“{self.title}” has no key: its table has no rows.")

    def _read_row(self, row: SyntaxTreeNode, faults: Faults) -> None:
        left, right, why = row.children
        columns = self._columns(right, faults)
        label = markdown.plain(left)
        if not label and self.spare_columns and columns:
            return
        if not label or not columns:
            faults.add(row, f"A row of “{self.title}” is not complete: both first cells must be filled.")
            return
        add_row(self, row, left, why, faults, columns)

    def _columns(self, cell: SyntaxTreeNode, faults: Faults) -> list[str]:
        """The ids of the columns that a cell names; new ones are opened, whose ids stand at its end."""
        known = {text_of(column["text"]): column["id"] for column in self.columns}
        given: list[str] = []
        names: list[str] = []
        while name := markdown.take_id(cell):
            given.insert(0, name)
        for answer in filter(None, self.answers_of(cell)):
            if answer not in known:
                known[answer] = given.pop(0) if given else faults.without_id(cell, new_id(self.columns, answer), 1)
                self.columns.append({"id": known[answer], "text": self.column_text(answer, cell)})
            names.append(known[answer])
        return names

    def clean(self, value: object) -> dict[str, str] | None:
        if not isinstance(value, dict):
            return None
        rows, columns = words_by_id(self.rows), {column["id"] for column in self.columns}
        return {
            row: column
            for row, column in value.items()
            if row in rows and isinstance(column, str) and column in columns
        } or None

    def perfect(self) -> dict[str, str]:
        return {row.id: row.should[0] for row in self.rows}

    def mark(self, answer: dict[str, str]) -> Result:
        return marked_rows(
            {
                row.id: "empty" if row.id not in answer else "right" if answer[row.id] in row.should else "wrong"
                for row in self.rows
            }
        )

    def explain(self, result: Result) -> dict[str, Any]:
        return explained_rows(self, result)

    def sample(self, chance: random.Random) -> dict[str, str]:
        given = {row.id: chance.choice(self.columns)["id"] for row in self.rows if chance.random() < 0.9}
        return given or {self.rows[0].id: self.columns[0]["id"]}

    def say(self, answer: dict[str, str]) -> str:
        columns = {column["id"]: text_of(column["text"]) for column in self.columns}
        return "\n".join(f"- {text_of(row.text)}: {columns[answer[row.id]]}" for row in self.rows if row.id in answer)

    def key_on_paper(self) -> Tree:
        return key_table(self)

    def distribution(self, answers: Sequence[dict[str, str]]) -> list[DistributionLine]:
        lines: list[DistributionLine] = []
        for row in self.rows:
            counts = Counter(answer.get(row.id) for answer in answers)
            parts = [(text_of(column["text"]), counts[column["id"]]) for column in self.columns]
            lines.append((text_of(row.text), [*parts, *([("left open", counts[None])] if counts[None] else [])]))
        return lines

    def ways(self, answers: Sequence[dict[str, str]]) -> list[Way]:
        return [
            {
                "line": text_of(row.text),
                "answer": text_of(column["text"]),
                "right": column["id"] in row.should,
                "times": sum(answer.get(row.id) == column["id"] for answer in answers),
            }
            for row in self.rows
            for column in self.columns
        ]


@dataclass
class Match(_Pairs):
    """Each line has one right side, and a right side may be left over."""

    kind = "match"
    word = "match"
    form = "a table: left side, right side, why; a row with an empty left side is a right side too many"
    instruction = "Write the letter that belongs to each line. A letter may be left over, or serve twice."
    spare_columns = True

    def column_text(self, answer: str, cell: SyntaxTreeNode) -> Tree:  # noqa: ARG002 - the cell's own words, marks and all
        return markdown.tree(cell.children)

    def shuffle(self) -> None:
        self.columns, self.rows = shuffled(self.columns, self.id), shuffled(self.rows, self.id)

    def room_on_paper(self) -> Tree:
        lettered: Tree = [
            ["p", {}, ["strong", {}, letter], "  ", *column["text"]]
            for letter, column in zip(LETTERS, self.columns, strict=False)
        ]
        rows = [[row.text, [paper.blank(1.2)]] for row in self.rows]
        return [*lettered, paper.table(rows, [self.row_label, self.column_label], [6, 1.4])]


@dataclass
class Classify(_Pairs):
    """Each line belongs to a class; where the text says “one or other” both are right."""

    kind = "classify"
    word = "classify"
    form = "a table: statement, class, why; “one or other” accepts both"
    instruction = "Tick one square in each line."
    spare_columns = False

    def answers_of(self, cell: SyntaxTreeNode) -> list[str]:
        return [answer.strip() for answer in markdown.plain(cell).split(" or ")]

    def column_text(self, answer: str, cell: SyntaxTreeNode) -> Tree:  # noqa: ARG002 - a cell may name two classes
        return [answer]

    def shuffle(self) -> None:
        self.columns = shuffled(self.columns, self.id)

    def room_on_paper(self) -> Tree:
        return squares(self)
