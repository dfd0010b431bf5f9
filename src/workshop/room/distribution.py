"""How the room answered: a question's spread, and how much it splits the room.

Fewer than five are never broken down.
"""

import math
from collections.abc import Collection, Sequence
from typing import Any, TypedDict

from workshop.questions.kinds.base import DistributionLine, Question

FEWEST = 5


class Spread(TypedDict):
    """How many answered, whether they are too few to be broken down, and the lines: words and (label, count) pairs.

    A choice has one line, a table one for each of its rows; too few have none.
    """

    answered: int
    few: bool
    lines: list[DistributionLine]


def spread(question: Question, values: Collection[Any]) -> Spread:
    """What a board may show of these stored answers to a question."""
    answers = [kept for value in values if (kept := question.clean(value)) is not None]
    few = len(answers) < FEWEST
    return {"answered": len(answers), "few": few, "lines": [] if few else question.distribution(answers)}


def split(question: Question, values: Collection[Any]) -> float | None:
    """How far the room is from one mind, from 0 (all alike) to 1 (evenly divided).

    None stands for a small group or free words. It is the evenness (Shannon entropy by its greatest value) of a
    question's lines, on average.
    """
    lines = spread(question, values)["lines"]
    shares = [_evenness([count for _, count in parts]) for _, parts in lines]
    return sum(shares) / len(shares) if shares else None


def _evenness(counts: Sequence[int]) -> float:
    whole = sum(counts)
    if whole == 0 or len(counts) < 2:
        return 0.0
    return -sum(count / whole * math.log(count / whole) for count in counts if count) / math.log(len(counts))
