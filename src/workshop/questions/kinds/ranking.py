"""`rank`: lines to put in order, the best one first."""

import itertools
import random
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
    Option,
    Question,
    Result,
    new_id,
    scored,
    words_by_id,
)
from workshop.questions.parts import Faults, items, without_mark

TIE = "tie"


@dataclass
class Rank(Question):
    """`best` is the best order, as groups of option ids that may change places. An answer lists every option's id.

    The share is that of the pairs in the supported order, and nothing where it is no more than half: chance gets as
    much.
    """

    kind = "rank"
    word = "rank"
    form = (
        "a numbered list in the best order, a reason under each; a line that ends with `` `tie` `` may change places "
        "with the one above"
    )
    instruction = "Number the lines; 1 comes first."
    block = "ordered_list"
    needs = "a numbered list in the best order"
    order_tells = True

    best: list[list[str]] = field(default_factory=list)

    def read(self, part: Sequence[SyntaxTreeNode], faults: Faults) -> None:
        for _, first, reason in items(part[0], "line", faults):
            name = faults.name(first, lambda node: new_id(self.options, _label(node)))
            words = markdown.first_line(first)
            tie = bool(words) and words[-1] == ["code", {}, TIE]
            if tie:
                words = _without_last_blanks(words[:-1])
            if tie and self.best:
                self.best[-1].append(name)
            else:
                self.best.append([name])
            self.options.append(Option(name, words, reason=markdown.tree(reason), tie=tie))
        if len(self.options) < 3:
            faults.add(part[0], f"“{self.title}” ranks fewer than three lines. Add lines, or use `choose one`.")
        elif len(self.best) < 2:
            faults.add(
                part[0], f"“{self.title}” has no key: each line has `tie`, so every order is right. Take a `tie` away."
            )

    def shuffle(self) -> None:
        super().shuffle()
        place = self._groups()
        shown = [place[option.id] for option in self.options]
        if shown == sorted(shown):  # the right order by chance, ties included
            self.options.append(self.options.pop(0))

    def clean(self, value: object) -> list[str] | None:
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            return None
        options = words_by_id(self.options).keys()
        return value if len(value) == len(options) and set(value) == options else None

    def perfect(self) -> list[str]:
        return [option for group in self.best for option in group]

    def mark(self, answer: list[str]) -> Result:
        group = self._groups()
        pairs = list(itertools.combinations(answer, 2))
        good = sum(group[first] <= group[second] for first, second in pairs)
        share = good / len(pairs)
        marks: dict[str, Mark] = {}
        for place, option in enumerate(answer):
            start = sum(len(names) for names in self.best[: group[option]])
            fits = start <= place < start + len(self.best[group[option]])
            marks[option] = "right" if fits else "wrong"
        detail = f"{good} of {len(pairs)} pairs in the supported order"
        return scored(share if share > 0.5 else 0.0, marks, detail)

    def explain(self, result: Result) -> dict[str, Any]:
        options = {option.id: option for option in self.options}
        order = self.perfect()
        return {
            "order": order,
            "rows": {
                name: {"mark": result.marks[name], "should": options[name].text, "reason": options[name].reason}
                for name in order
            },
        }

    def sample(self, chance: random.Random) -> list[str]:
        return chance.sample([option.id for option in self.options], len(self.options))

    def say(self, answer: list[str]) -> str:
        options = words_by_id(self.options)
        return "\n".join(f"{place}. {options[name]}" for place, name in enumerate(answer, 1))

    def room_on_paper(self) -> Tree:
        return [paper.options([option.text for option in self.options], paper.blank(0.9))]

    def key_on_paper(self) -> Tree:
        options = {option.id: option for option in self.options}
        rows = [
            [str(place), options[name].text, options[name].reason]
            for place, names in enumerate(self.best, 1)
            for name in names
        ]
        return [paper.table(rows, ["Place", "Line", "Why"], [0.9, 4, 6])]

    def distribution(self, answers: Sequence[list[str]]) -> list[DistributionLine]:
        counts = Counter(answer[0] for answer in answers)
        return [("Put first", [(text_of(option.text), counts[option.id]) for option in self.options])]

    def _groups(self) -> dict[str, int]:
        """Option id to the number of its group in the best order."""
        return {name: index for index, group in enumerate(self.best) for name in group}


def _label(line: SyntaxTreeNode) -> str:
    """The words of a line without marks and without `tie`."""
    return without_mark(markdown.plain(line)).removesuffix(TIE).strip()


def _without_last_blanks(words: Tree) -> Tree:
    return [*words[:-1], words[-1].rstrip() if isinstance(words[-1], str) else words[-1]] if words else []
