"""`map`: a table of rows and columns in which several squares may be ticked."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.trees import Tree, text_of
from workshop.questions.kinds.base import DistributionLine, Mark, Question, Result, Row, Way, new_id, words_by_id
from workshop.questions.kinds.tables import add_row, explained_rows, key_table, marked_rows, squares
from workshop.questions.parts import Faults, head_and_rows


@dataclass
class TickMap(Question):
    """A line is right when all that should be ticked is, and nothing but what may be.

    An answer lists column ids by row id.
    """

    kind = "map"
    word = "map"
    form = "a table of rows and columns to tick: `x` should be ticked, `o` may be; the last column is called Why"
    instruction = "Tick every square that fits."
    block = "table"
    needs = "a table"

    def read(self, part: Sequence[SyntaxTreeNode], faults: Faults) -> None:
        heads = part[0].children[0].children[0].children
        for number, head in enumerate(heads[1:-1], 1):
            name = faults.name(head, lambda node: new_id(self.columns, markdown.plain(node)), number)
            self.columns.append({"id": name, "text": [markdown.plain(head)]})
        labels, rows = head_and_rows(part[0])
        if not self.columns:
            faults.add(
                part[0], f"“{self.title}”: a map needs rows, columns to tick, and a last column for the reasons."
            )
            return
        self.row_label = labels[0]
        for row in rows:
            self._read_row(row, faults)
        if not self.rows:
            faults.add(part[0], f"“{self.title}” has no key: its table has no rows.")
        elif not any(row.should for row in self.rows):
            faults.add(part[0], f"“{self.title}” has no key: no cell holds an x.")

    def _read_row(self, row: SyntaxTreeNode, faults: Faults) -> None:
        left, *cells, why = row.children
        marks = [markdown.plain(cell).lower() for cell in cells]
        for mark in marks:
            if mark not in ("", "x", "o"):
                faults.add(
                    row,
                    f"“{mark}” in “{self.title}”: a cell of a map holds x (should be ticked), "
                    "o (may be ticked), or nothing.",
                )
                return
        marked = list(zip(self.columns, marks, strict=True))
        should, may = ([column["id"] for column, mark in marked if mark == letter] for letter in "xo")
        add_row(self, row, left, why, faults, should, may)

    def shuffle(self) -> None:
        """Rows and columns stay as written: a map reads like a form."""

    def clean(self, value: object) -> dict[str, list[str]] | None:
        if not isinstance(value, dict):
            return None
        rows, columns = words_by_id(self.rows), {column["id"] for column in self.columns}
        ticked = {
            row: sorted({tick for tick in ticks if isinstance(tick, str)} & columns)
            for row, ticks in value.items()
            if row in rows and isinstance(ticks, list)
        }
        return {row: ticks for row, ticks in ticked.items() if ticks} or None

    def perfect(self) -> dict[str, list[str]]:
        return {row.id: list(row.should) for row in self.rows if row.should}

    def mark(self, answer: dict[str, list[str]]) -> Result:
        return marked_rows({row.id: _mark(row, set(answer.get(row.id, ()))) for row in self.rows})

    def explain(self, result: Result) -> dict[str, Any]:
        return explained_rows(self, result)

    def sample(self, chance: random.Random) -> dict[str, list[str]]:
        columns = [column["id"] for column in self.columns]
        return {row.id: sorted(chance.sample(columns, chance.randint(1, len(columns)))) for row in self.rows}

    def say(self, answer: dict[str, list[str]]) -> str:
        columns = {column["id"]: text_of(column["text"]) for column in self.columns}
        return "\n".join(
            f"- {text_of(row.text)}: {', '.join(columns[name] for name in answer[row.id])}"
            for row in self.rows
            if row.id in answer
        )

    def room_on_paper(self) -> Tree:
        return squares(self)

    def key_on_paper(self) -> Tree:
        return key_table(self)

    def distribution(self, answers: Sequence[dict[str, list[str]]]) -> list[DistributionLine]:
        lines: list[DistributionLine] = []
        for way in self.ways(answers):
            ticked = way["times"]
            parts = [("ticked", ticked), ("not ticked", len(answers) - ticked)]
            lines.append((f"{way['line']}: {way['answer']}", parts))
        return lines

    def ways(self, answers: Sequence[dict[str, list[str]]]) -> list[Way]:
        return [
            {
                "line": text_of(row.text),
                "answer": text_of(column["text"]),
                "right": column["id"] in row.should or column["id"] in row.may,
                "times": sum(column["id"] in answer.get(row.id, ()) for answer in answers),
            }
            for row in self.rows
            for column in self.columns
        ]


def _mark(row: Row, ticked: set[str]) -> Mark:
    if not ticked and row.should:
        return "empty"
    return "right" if set(row.should) <= ticked <= set(row.should) | set(row.may) else "wrong"
