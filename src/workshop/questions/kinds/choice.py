"""`choose one` and `choose all`: a list of options, each with its reason."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown, paper
from workshop.content.trees import Tree, text_of
from workshop.questions.kinds.base import (
    DistributionLine,
    Mark,
    Option,
    Question,
    Result,
    Way,
    new_id,
    scored,
    words_by_id,
)
from workshop.questions.parts import Faults, has_ticks, items, short, without_mark, without_tick


@dataclass
class _Choice(Question):
    block = "bullet_list"
    needs = "a list whose lines begin with [ ] or [x]"

    @classmethod
    def answer_part(cls, body: Sequence[SyntaxTreeNode]) -> tuple[int, int] | None:
        return next(((at, at + 1) for at, node in enumerate(body) if has_ticks(node)), None)

    def read(self, part: Sequence[SyntaxTreeNode], faults: Faults) -> None:
        for item, first, reason in items(part[0], "option", faults):
            name = faults.name(first, lambda node: new_id(self.options, without_mark(markdown.plain(node))))
            words, tick = without_tick(first)
            if tick is None:
                faults.add(item, f"“{short(markdown.plain(first))}” does not begin with [ ] or [x].")
                continue
            self.options.append(Option(name, words, tick, markdown.tree(reason)))
        if not any(option.right for option in self.options):
            faults.add(part[0], f"“{self.title}” has no key: mark the right option with [x].")

    def explain(self, result: Result) -> dict[str, Any]:
        return {
            "options": {
                option.id: {"mark": result.marks.get(option.id, "neutral"), "reason": option.reason}
                for option in self.options
            }
        }

    def room_on_paper(self) -> Tree:
        return [paper.options([option.text for option in self.options])]

    def key_on_paper(self) -> Tree:
        rows = [["yes" if option.right else "no", option.text, option.reason] for option in self.options]
        return [paper.table(rows, ["Right", "Answer", "Why"], [0.9, 4, 6])]


@dataclass
class Single(_Choice):
    """One option is right. An answer is its id."""

    kind = "single"
    word = "choose one"
    form = "a list with `[ ]` and one `[x]`, a reason indented under each"
    instruction = "Tick one."

    def read(self, part: Sequence[SyntaxTreeNode], faults: Faults) -> None:
        super().read(part, faults)
        right = sum(option.right for option in self.options)
        if right > 1:
            faults.add(
                part[0],
                f"“{self.title}” is `choose one` and has {right} options marked [x]. Leave one, or write `choose all`.",
            )

    def clean(self, value: object) -> str | None:
        return value if isinstance(value, str) and value in words_by_id(self.options) else None

    def perfect(self) -> str:
        return next(option.id for option in self.options if option.right)

    def mark(self, answer: str) -> Result:
        right = self.perfect()
        marks: dict[str, Mark] = {right: "right"} if answer == right else {answer: "wrong", right: "missed"}
        return scored(float(answer == right), marks)

    def sample(self, chance: random.Random) -> str:
        return chance.choice(self.options).id

    def say(self, answer: str) -> str:
        return words_by_id(self.options)[answer]

    def distribution(self, answers: Sequence[str]) -> list[DistributionLine]:
        counts = Counter(answers)
        return [("", [(text_of(option.text), counts[option.id]) for option in self.options])]

    def ways(self, answers: Sequence[str]) -> list[Way]:
        counts = Counter(answers)
        return [
            {"line": "", "answer": text_of(option.text), "right": option.right, "times": counts[option.id]}
            for option in self.options
        ]


@dataclass
class Multiple(_Choice):
    """Several options may be right; each wrong one chosen takes one right one away. An answer is a list of ids."""

    kind = "multiple"
    word = "choose all"
    form = "the same with one or more `[x]`"
    instruction = "Tick all that fit."

    def clean(self, value: object) -> list[str] | None:
        if not isinstance(value, list):
            return None
        return sorted({v for v in value if isinstance(v, str)} & words_by_id(self.options).keys()) or None

    def perfect(self) -> list[str]:
        return [option.id for option in self.options if option.right]

    def mark(self, answer: list[str]) -> Result:
        marks: dict[str, Mark] = {}
        for option in self.options:
            chosen = option.id in answer
            if option.right:
                marks[option.id] = "right" if chosen else "missed"
            else:
                marks[option.id] = "wrong" if chosen else "neutral"
        total = sum(option.right for option in self.options)
        hits = sum(mark == "right" for mark in marks.values())
        alarms = sum(mark == "wrong" for mark in marks.values())
        detail = f"{hits} of {total} found" + (f", {alarms} too many" if alarms else "")
        return scored(max(0, hits - alarms) / total, marks, detail)

    def sample(self, chance: random.Random) -> list[str]:
        return sorted(option.id for option in chance.sample(self.options, chance.randint(1, len(self.options))))

    def say(self, answer: list[str]) -> str:
        options = words_by_id(self.options)
        return "\n".join(f"- {options[name]}" for name in answer)

    def distribution(self, answers: Sequence[list[str]]) -> list[DistributionLine]:
        lines: list[DistributionLine] = []
        for option in self.options:
            chosen = sum(option.id in answer for answer in answers)
            lines.append((text_of(option.text), [("chosen", chosen), ("left out", len(answers) - chosen)]))
        return lines

    def ways(self, answers: Sequence[list[str]]) -> list[Way]:
        return [
            {
                "line": "",
                "answer": text_of(option.text),
                "right": option.right,
                "times": sum(option.id in answer for answer in answers),
            }
            for option in self.options
        ]
