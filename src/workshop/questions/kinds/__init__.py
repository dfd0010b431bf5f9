"""The kinds of question, one file each.

A new kind is a file here and two lines below: its import and its place in KINDS.
"""

from collections.abc import Mapping
from typing import Any

from workshop.errors import WorkshopError
from workshop.questions.kinds.base import Question
from workshop.questions.kinds.choice import Multiple, Single
from workshop.questions.kinds.matching import Classify, Match
from workshop.questions.kinds.number import NumberQuestion
from workshop.questions.kinds.ranking import Rank
from workshop.questions.kinds.tick_map import TickMap
from workshop.questions.kinds.timeline import Timeline
from workshop.questions.kinds.written import Written

KINDS: tuple[type[Question], ...] = (
    Single,
    Multiple,
    Rank,
    Match,
    Classify,
    NumberQuestion,
    TickMap,
    Written,
    Timeline,
)
BY_NAME = {kind.kind: kind for kind in KINDS}
BY_WORD = {kind.word: kind for kind in KINDS}


class UnknownKindError(WorkshopError):
    """A stored question is of a kind that this edition does not have."""


def from_data(data: Mapping[str, Any]) -> Question:
    """The question that `Question.data()` or `Question.public()` wrote down. Raises UnknownKindError."""
    kind = BY_NAME.get(data["kind"])
    if kind is None:
        raise UnknownKindError(
            f"The question “{data.get('title', '')}” is of the kind “{data['kind']}”, and this edition of the workshop "
            f"knows only {', '.join(BY_NAME)}. Take a fresh copy of the page, or install the edition "
            "that it was built with."
        )
    return kind.restored(data)
