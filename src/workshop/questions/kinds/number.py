"""`number`: a number to read off or to work out, with the slips that one expects."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown, paper
from workshop.content.trees import Tree, text_of
from workshop.questions.kinds.base import CONTROL, Question, Result, Way, as_text, scored
from workshop.questions.numbers import NUMBER, is_range, number, readings, shown
from workshop.questions.parts import Faults, has_ticks, items, short, without_tick

# A number read from a text is off by a rounding of its last binary digit.
ROUNDING = 1e-9


@dataclass
class Number:
    """An expected number, as a closed interval, right or a known slip."""

    low: float
    high: float
    right: bool
    reason: Tree


@dataclass
class NumberQuestion(Question):
    """An answer is a text with a number in it, as a person typed it.

    Where the text can be read in two ways and one of them is right, the answer is right.
    """

    kind = "number"
    word = "number"
    form = "`- [x] 31.2 ± 0.3` and, as `[ ]`, the slips you expect; the unit as `unit: million US dollars`"
    instruction = "Write a number."
    block = "bullet_list"
    needs = "a list whose lines begin with [ ] or [x]"

    numbers: list[Number] = field(default_factory=list)

    @classmethod
    def restored(cls, data: Mapping[str, Any]) -> Question:
        return super().restored({**data, "numbers": [Number(**each) for each in data.get("numbers", [])]})

    @classmethod
    def answer_part(cls, body: Sequence[SyntaxTreeNode]) -> tuple[int, int] | None:
        return next(((at, at + 1) for at, node in enumerate(body) if has_ticks(node)), None)

    def read(self, part: Sequence[SyntaxTreeNode], faults: Faults) -> None:
        for item, first, reason in items(part[0], "number", faults):
            words, tick = without_tick(first)
            interval = _interval(text_of(words))
            if tick is None or interval is None:
                faults.add(
                    item,
                    f"“{short(markdown.plain(first))}” is not a number such as “[x] 31.2 ± 0.3” or “[x] 30 to 32”.",
                )
                continue
            self.numbers.append(Number(*interval, tick, markdown.tree(reason)))
        if not any(expected.right for expected in self.numbers):
            faults.add(part[0], f"“{self.title}” has no key: mark the right number with [x].")

    def clean(self, value: object) -> str | None:
        return as_text(value)

    def perfect(self) -> str:
        right = next(expected for expected in self.numbers if expected.right)
        return f"{Decimal(repr((right.low + right.high) / 2)):f}"

    def mark(self, answer: str) -> Result:
        meant = readings(answer)
        if not meant:
            return scored(0.0, {}, "no number found in the answer")
        if is_range(answer):
            return scored(0.0, {}, "the answer is a range, and the question asks for one number")
        both = " and as ".join(map(shown, meant))
        for expected in sorted(self.numbers, key=lambda each: not each.right):
            for value in meant:
                if expected.low - ROUNDING <= value <= expected.high + ROUNDING:
                    read = f"{answer} is read as {shown(value)}" if len(meant) > 1 else ""
                    return scored(float(expected.right), {}, read, expected.reason)
        return scored(0.0, {}, f"{answer} can be read as {both}, and neither is the number" if len(meant) > 1 else "")

    def explain(self, result: Result) -> dict[str, Any]:
        return {"reason": result.reason or ["This is not the number. Look once more at the figure or the text above."]}

    def why(self, result: Result) -> Tree:
        read: Tree = [["p", {}, f"{result.detail[0].upper()}{result.detail[1:]}."]] if result.detail else []
        return read + (result.reason or [["p", {}, "This is not the number."]])

    def sample(self, chance: random.Random) -> str:
        return str(chance.randrange(1000))

    def say(self, answer: str) -> str:
        return answer.translate(CONTROL)

    def room_on_paper(self) -> Tree:
        return [["p", {}, paper.blank(4), f" {self.unit}"]]

    def key_on_paper(self) -> Tree:
        rows = [
            ["yes" if each.right else "no", f"{_between(each)}{f' {self.unit}' if self.unit else ''}", each.reason]
            for each in self.numbers
        ]
        return [paper.table(rows, ["Right", "Number", "Why"], [0.9, 3, 6])]

    def secrets(self) -> list[Tree]:
        return [*super().secrets(), *(each.reason for each in self.numbers)]

    def ways(self, answers: Sequence[str]) -> list[Way]:
        reasons = [self.mark(answer).reason for answer in answers]
        expected: list[Way] = [
            {"line": "", "answer": _between(each), "right": each.right, "times": reasons.count(each.reason)}
            for each in self.numbers
        ]
        return [*expected, {"line": "", "answer": "another number", "right": False, "times": reasons.count(None)}]


def _between(expected: Number) -> str:
    return f"{expected.low:g} to {expected.high:g}" if expected.low < expected.high else f"{expected.low:g}"


def _interval(words: str) -> tuple[float, float] | None:
    """The interval that `31.2 ± 0.3`, `30 to 32` or `50` names, or None."""
    named = [value for text in NUMBER.findall(words) if (value := number(text)) is not None]
    if "±" in words and len(named) == 2:
        return named[0] - abs(named[1]), named[0] + abs(named[1])
    if " to " in words and len(named) == 2:
        return min(named), max(named)
    return (named[0], named[0]) if len(named) == 1 else None
