"""`timeline`: events to put on an axis of years. Who misses the years but has the order gets part of the points."""

import itertools
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown, paper
from workshop.content.trees import Tree, text_of
from workshop.questions.kinds.base import (
    DistributionLine,
    Mark,
    Question,
    Result,
    Way,
    as_text,
    scored,
    shuffled,
    words_by_id,
)
from workshop.questions.kinds.tables import add_row
from workshop.questions.numbers import number
from workshop.questions.parts import Faults, head_and_rows, short

AXIS = re.compile(r"from (\d{1,4}) to (\d{1,4})\Z")
WITHIN = re.compile(r"within (\d+) years?\Z")
PERIODS = 8  # the board counts years in at most so many periods


@dataclass
class Timeline(Question):
    """`first` and `last` are the ends of the axis, `years` the right year by row id, `within` how far off still counts.

    An answer is a year, as four digits or fewer, by row id. The share is that of the years that are right; of what is
    missing then, the right order of the events makes up at most half. Order by chance counts nothing.
    """

    kind = "timeline"
    word = "timeline"
    form = (
        "a table: event, year, why; the axis as `` `from 1945 to 2025` `` and, where a near year counts, "
        "`` `within 2 years` ``"
    )
    instruction = "Write a year for each event."
    block = "table"
    needs = "a table"
    settings = ("“from 1945 to 2025”", "“within 2 years”")
    order_tells = True
    public_fields = ("first", "last")

    first: int = 0
    last: int = 0
    within: int = 0
    years: dict[str, int] = field(default_factory=dict)

    def take_setting(self, word: str) -> bool:
        if axis := AXIS.match(word):
            self.first, self.last = map(int, axis.groups())
        elif within := WITHIN.match(word):
            self.within = int(within.group(1))
        else:
            return False
        return True

    def read(self, part: Sequence[SyntaxTreeNode], faults: Faults) -> None:
        labels, rows = head_and_rows(part[0])
        if len(labels) != 3:
            faults.add(part[0], f"“{self.title}”: the table needs three columns: event, year, why.")
            return
        if self.first >= self.last:
            faults.add(part[0], f"“{self.title}” has no axis. Add a code word such as `from 1945 to 2025`.")
            return
        self.row_label, self.column_label = labels[:2]
        for row in rows:
            self._read_row(row, faults)
        if len(self.rows) < 3:
            faults.add(part[0], f"“{self.title}” has fewer than three events. Add some, or ask for a `number`.")

    def _read_row(self, row: SyntaxTreeNode, faults: Faults) -> None:
        event, year, why = row.children
        written = markdown.plain(year)
        if not re.fullmatch(r"\d{1,4}", written) or not self.first <= int(written) <= self.last:
            faults.add(
                row,
                f"“{written}” is no year from {self.first} to {self.last}: give “{short(markdown.plain(event))}” one, "
                "or change the axis.",
            )
            return
        if not markdown.plain(event):
            faults.add(row, f"A row of “{self.title}” is not complete: name the event in its first cell.")
            return
        self.years[add_row(self, row, event, why, faults).id] = int(written)

    def shuffle(self) -> None:
        self.rows = shuffled(self.rows, self.id)
        shown = [self.years.get(row.id, 0) for row in self.rows]
        if shown == sorted(shown):  # the right order by chance
            self.rows.append(self.rows.pop(0))

    def clean(self, value: object) -> dict[str, str] | None:
        if not isinstance(value, dict):
            return None
        rows, kept = words_by_id(self.rows), {}
        for row, typed in value.items():
            year = number(as_text(typed) or "")
            if row in rows and year is not None and abs(year) < 10_000 and year == int(year):
                kept[row] = str(int(year))
        return kept or None

    def perfect(self) -> dict[str, str]:
        return {row: str(year) for row, year in self.years.items()}

    def mark(self, answer: dict[str, str]) -> Result:
        marks: dict[str, Mark] = {}
        for row, year in self.years.items():
            near = row in answer and abs(int(answer[row]) - year) <= self.within
            marks[row] = "right" if near else "wrong" if row in answer else "empty"
        good = sum(mark == "right" for mark in marks.values())
        ordered, pairs = self._order(answer)
        dated = good / len(marks)
        order = max(0.0, 2 * ordered / pairs - 1) if pairs else 0.0
        detail = f"{good} of {len(marks)} years, {ordered} of {pairs} pairs of events in order"
        return scored(dated + (1 - dated) * order / 2, marks, detail)

    def _order(self, answer: dict[str, str]) -> tuple[int, int]:
        """(pairs of events that the answer has in their order, pairs of events of different years)."""
        pairs = [sorted(pair, key=self.years.__getitem__) for pair in itertools.combinations(self.years, 2)]
        pairs = [pair for pair in pairs if self.years[pair[0]] < self.years[pair[1]]]
        ordered = sum(
            earlier in answer and later in answer and int(answer[earlier]) < int(answer[later])
            for earlier, later in pairs
        )
        return ordered, len(pairs)

    def explain(self, result: Result) -> dict[str, Any]:
        return {
            "rows": {
                row.id: {"mark": result.marks[row.id], "should": [str(self.years[row.id])], "reason": row.reason}
                for row in self.rows
            }
        }

    def sample(self, chance: random.Random) -> dict[str, str]:
        return {row.id: str(chance.randint(self.first, self.last)) for row in self.rows}

    def say(self, answer: dict[str, str]) -> str:
        rows = words_by_id(self.rows)
        return "\n".join(
            f"- {year}: {rows[row]}" for row, year in sorted(answer.items(), key=lambda pair: int(pair[1]))
        )

    def room_on_paper(self) -> Tree:
        rows = [[row.text, [paper.blank(1.8)]] for row in self.rows]
        axis = ["p", {}, f"From {self.first} to {self.last}."]
        return [axis, paper.table(rows, [self.row_label, self.column_label], [6, 1.6])]

    def key_on_paper(self) -> Tree:
        rows = [
            [str(self.years[row.id]), row.text, row.reason]
            for row in sorted(self.rows, key=lambda row: self.years[row.id])
        ]
        return [paper.table(rows, [self.column_label, self.row_label, "Why"], [1.2, 4, 6])]

    def distribution(self, answers: Sequence[dict[str, str]]) -> list[DistributionLine]:
        length = -(-(self.last - self.first + 1) // PERIODS)
        starts = range(self.first, self.last + 1, length)
        lines: list[DistributionLine] = []
        for row in self.rows:
            given = [min(max(int(answer[row.id]), self.first), self.last) for answer in answers if row.id in answer]
            counts = Counter((year - self.first) // length for year in given)
            parts = [
                (f"{start} to {min(start + length - 1, self.last)}", counts[place])
                for place, start in enumerate(starts)
            ]
            left_open = len(answers) - len(given)
            lines.append((text_of(row.text), [*parts, *([("left open", left_open)] if left_open else [])]))
        return lines

    def ways(self, answers: Sequence[dict[str, str]]) -> list[Way]:
        found: list[Way] = []
        for row in self.rows:
            off = [int(answer[row.id]) - self.years[row.id] for answer in answers if row.id in answer]
            for words, times in (
                ("too early", sum(each < -self.within for each in off)),
                ("right", sum(abs(each) <= self.within for each in off)),
                ("too late", sum(each > self.within for each in off)),
            ):
                found.append({"line": text_of(row.text), "answer": words, "right": words == "right", "times": times})
        return found
