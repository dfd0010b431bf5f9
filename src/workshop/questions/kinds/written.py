"""`write`: an answer in words, which a person reads by a rubric."""

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown, paper
from workshop.content.trees import Node, Tree
from workshop.questions.kinds.base import CONTROL, Question, Result, as_text
from workshop.questions.parts import Faults

POINTS = re.compile(r"(\d+(?:\.\d+)?) points?\Z")
WORDS_A_LINE = 9
SAMPLES = (
    "Three offices, and a list of who answers at night.",
    "We would ask the local board before anybody else.",
    "ثلاثة مكاتب",
    '“Quoted”, with {braces} and "marks".',
    "Line one\nline two <b>bold</b>",
)


class RubricLine(TypedDict):
    """What a reader looks for, and the points for it."""

    points: float
    text: Tree


@dataclass
class Written(Question):
    """`rubric` is what a reader looks for, `model` an answer that has it all. An answer is a text."""

    kind = "write"
    word = "write"
    form = "a list of rubric lines that begin with `` `1 point` ``, then a model answer as a quotation; `120 words`"
    instruction = "In your own words."
    block = "bullet_list"
    needs = "a list of rubric lines"
    scored_by_reader = True

    rubric: list[RubricLine] = field(default_factory=list)
    model: Tree = field(default_factory=list)

    @classmethod
    def answer_part(cls, body: Sequence[SyntaxTreeNode]) -> tuple[int, int] | None:
        part = super().answer_part(body)
        if part is None:
            return None
        start, end = part
        while end < len(body) and body[end].type == "blockquote":
            end += 1
        return start, end

    def read(self, part: Sequence[SyntaxTreeNode], faults: Faults) -> None:
        for item in part[0].children:
            words = markdown.first_line(item.children[0]) if item.children else []
            mark = POINTS.match(words[0][2]) if len(words) > 1 and words[0][:1] == ["code"] else None
            if mark is None:
                faults.add(
                    item,
                    "A rubric line begins with its points in code, for instance: "
                    "- `1 point` names one local entry point",
                )
                continue
            rest = [words[1].lstrip(), *words[2:]] if isinstance(words[1], str) else words[1:]
            self.rubric.append({"points": float(mark.group(1)), "text": rest})
        self.model = markdown.tree([child for quote in part[1:] for child in quote.children])
        if not self.model:
            faults.add(part[0], f"“{self.title}” has no model answer. Add one as a quotation (> …) after the rubric.")
        total = sum(line["points"] for line in self.rubric)
        if self.points and total != self.points:
            faults.add(
                part[0],
                f"The rubric of “{self.title}” adds up to {total:g}, and the question has "
                f"{self.points:g} points. Make them equal.",
            )

    def clean(self, value: object) -> str | None:
        return as_text(value)

    def perfect(self) -> str:
        return "\n\n".join(_words(block) for block in self.model)

    def mark(self, answer: str) -> Result:  # noqa: ARG002 - a person reads it
        return Result("to_read", None, {})

    def explain(self, result: Result) -> dict[str, Any]:  # noqa: ARG002 - the same for every answer
        return {"rubric": [line["text"] for line in self.rubric], "model": self.model}

    def sample(self, chance: random.Random) -> str:
        return chance.choice(SAMPLES)

    def say(self, answer: str) -> str:
        return answer.translate(CONTROL)

    def how_to_answer(self) -> str:
        return f"In your own words, about {self.words} words." if self.words else self.instruction

    def room_on_paper(self) -> Tree:
        return [paper.lines(min(18, math.ceil((self.words or 60) / WORDS_A_LINE) + 1))]

    def key_on_paper(self) -> Tree:
        rubric: list[Node] = [
            ["li", {}, ["strong", {}, f"{line['points']:g}  "], *line["text"]] for line in self.rubric
        ]
        return [["ul", {}, *rubric], paper.note(*self.model)]

    def secrets(self) -> list[Tree]:
        return [*super().secrets(), *(line["text"] for line in self.rubric), self.model]


def _words(node: Node) -> str:
    return node if isinstance(node, str) else "".join(_words(child) for child in node[2:])
