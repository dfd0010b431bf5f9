"""What every kind of question can do: be read, answered, graded, explained, printed, counted.

A kind is a subclass in a file beside. Everything else in the workshop asks a question through these methods and never
looks at which kind it is. To add a kind, write its file, and name its class in `workshop.questions.kinds`.
"""

import hashlib
import random
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Literal, TypeAlias, TypedDict, TypeVar

from markdown_it.tree import SyntaxTreeNode

from workshop.content import markdown
from workshop.content.trees import Node, Tree, text_of
from workshop.questions.parts import Faults

NOTHING = "Not answered."
# What each mark of a part of an answer is called on the feedback page; parts with another mark are left out there.
MARKS = {"right": "right", "wrong": "not right", "missed": "was right and not chosen", "empty": "left open"}
CONTROL = {code: " " for code in range(32) if chr(code) not in "\n\t"} | {127: " "}

Outcome: TypeAlias = Literal["right", "partly", "not_right", "not_answered", "to_read"]
Mark: TypeAlias = Literal["right", "wrong", "missed", "neutral", "empty"]
# One line of what the board shows: its words, and (label, how many) for each part of it.
DistributionLine: TypeAlias = tuple[str, list[tuple[str, int]]]


@dataclass
class Option:
    """A line to choose or to rank; `reason` says why it is right or what is off."""

    id: str
    text: Tree
    right: bool = False
    reason: Tree = field(default_factory=list)
    tie: bool = False


@dataclass
class Row:
    """A line of a table; `should` are the column ids that are right, `may` those that do no harm."""

    id: str
    text: Tree
    should: list[str] = field(default_factory=list)
    may: list[str] = field(default_factory=list)
    reason: Tree = field(default_factory=list)


class Column(TypedDict):
    """A class, a right side or a column to tick."""

    id: str
    text: Tree


class Way(TypedDict):
    """A way to answer, for item analysis: the line of a table or "", what was taken, whether it is right, how often."""

    line: str
    answer: str
    right: bool
    times: int


@dataclass
class Result:
    """What an answer is worth (`share` from 0 to 1, None while a reader is needed) and why.

    `marks` has a mark for the id of each option or row. `detail` completes the headline (“2 of 3 lines”); `reason` is
    the reason for the answer as a whole, None where the parts have theirs.
    """

    outcome: Outcome
    share: float | None
    marks: dict[str, Mark]
    detail: str = ""
    reason: Tree | None = None

    def points(self, question: "Question") -> float | None:
        """Points, or None while a reader is needed."""
        return None if self.share is None else round(self.share * (question.points or 0), 2)


def scored(share: float, marks: dict[str, Mark], detail: str = "", reason: Tree | None = None) -> Result:
    """The result of an answer that is worth this share: right at 1, not right at 0, partly right between."""
    outcome: Outcome = "right" if share >= 1 else "partly" if share > 0 else "not_right"
    return Result(outcome, share, marks, detail, reason)


@dataclass
class Question(ABC):
    """One question. Texts are trees (see `workshop.content.trees`); options, rows and columns stand in display order.

    Options, rows and columns are here, since several kinds and the plain page of a room use them; a kind that has more
    to keep declares it as fields of its own.
    """

    # What stands for the kind in answer sheets and notebooks: once answers are stored it must not change.
    kind: ClassVar[str]
    # The code word that opens such a question in a text.
    word: ClassVar[str]
    # How it is written, for CONTRIBUTING's table: Markdown.
    form: ClassVar[str]
    # How to answer with a pen, in one line.
    instruction: ClassVar[str]
    # The Markdown block that holds the answer, and the words for it where it is missing.
    block: ClassVar[str]
    needs: ClassVar[str]
    # The code words that only this kind has, as a fault names them.
    settings: ClassVar[tuple[str, ...]] = ()
    # Whether a person has to read the answers: they have no points until then.
    scored_by_reader: ClassVar[bool] = False
    # Whether a question shown in the order of its text would show the answer.
    order_tells: ClassVar[bool] = False
    # Fields of the kind's own that may travel to a participant before grading.
    public_fields: ClassVar[tuple[str, ...]] = ()

    id: str
    title: str
    statements: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    points: float | None = None
    words: int | None = None
    unit: str = ""
    prompt: Tree = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    row_label: str = ""
    column_label: str = ""
    closing: Tree = field(default_factory=list)
    line: int = 0

    # ------------------------------------------------------------ as data

    def data(self) -> dict[str, Any]:
        """Everything, key and reasons included, as JSON-ready data."""
        return {"kind": self.kind, **asdict(self)}

    def public(self) -> dict[str, Any]:
        """What may travel to a participant before grading, as JSON-ready data: no key, reason, rubric, source hint."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "statements": self.statements,
            "points": self.points,
            "words": self.words,
            "unit": self.unit,
            "prompt": self.prompt,
            "options": [{"id": option.id, "text": option.text} for option in self.options],
            "rows": [{"id": row.id, "text": row.text} for row in self.rows],
            "columns": self.columns,
            "row_label": self.row_label,
            "column_label": self.column_label,
            **{name: getattr(self, name) for name in self.public_fields},
        }

    @classmethod
    def restored(cls, data: Mapping[str, Any]) -> "Question":
        """The question of this kind that `data()` or `public()` wrote down.

        Names that the kind does not have are left out.
        """
        known = {each.name for each in fields(cls)}
        kept = {name: value for name, value in data.items() if name in known}
        kept["options"] = [Option(**option) for option in data.get("options", [])]
        kept["rows"] = [Row(**row) for row in data.get("rows", [])]
        return cls(**kept)

    # ------------------------------------------------------------ read from Markdown

    def take_setting(self, word: str) -> bool:  # noqa: ARG002 - a kind with code words of its own looks at it
        """Take a code word that only this kind knows; False when it is none."""
        return False

    @classmethod
    def answer_part(cls, body: Sequence[SyntaxTreeNode]) -> tuple[int, int] | None:
        """Where the answer part begins and ends among the nodes under the code words, or None when there is none."""
        return next(((at, at + 1) for at, node in enumerate(body) if node.type == cls.block), None)

    @abstractmethod
    def read(self, part: Sequence[SyntaxTreeNode], faults: Faults) -> None:
        """Take key, reasons and all that is shown from the answer part; what is wrong goes to `faults`."""

    def shuffle(self) -> None:
        """Put what is shown in an order that says nothing of the key, the same at each build."""
        self.options = shuffled(self.options, self.id)

    # ------------------------------------------------------------ answered and graded

    @abstractmethod
    def clean(self, value: object) -> Any:
        """The stored value as far as it belongs to the question; None when nothing is left of it. It never raises."""

    @abstractmethod
    def perfect(self) -> Any:
        """An answer that gets full marks; for a question that a person reads, the model answer."""

    @abstractmethod
    def mark(self, answer: Any) -> Result:
        """The result of an answer that `clean` has let through."""

    def grade(self, value: object) -> Result:
        """The result of any stored value; one of the wrong shape counts as not answered. It never raises."""
        answer = self.clean(value)
        return Result("not_answered", 0.0, {}) if answer is None else self.mark(answer)

    @abstractmethod
    def explain(self, result: Result) -> dict[str, Any]:
        """What the card shows with the result of an answer: fields of the card's `result`, JSON-ready."""

    def why(self, result: Result) -> Tree:
        """Why each part of the answer is right or not, for the feedback page; empty when there is nothing to say."""
        lines: list[Option | Row] = [*self.options, *self.rows]
        parts = [(line.text, line.reason, MARKS.get(result.marks.get(line.id, ""))) for line in lines]
        listed: list[Node] = [
            ["li", {}, *text, ": ", ["em", {}, mark], ". ", *reason] for text, reason, mark in parts if mark
        ]
        return [["ul", {}, *listed]] if listed else []

    @abstractmethod
    def sample(self, chance: random.Random) -> Any:
        """An answer that a person could give, for a rehearsal and for tests."""

    # ------------------------------------------------------------ in words and on paper

    @abstractmethod
    def say(self, answer: Any) -> str:
        """An answer that `clean` has let through, as plain text."""

    def in_words(self, value: object) -> str:
        """Any stored value as plain text, for a reader and for feedback."""
        answer = self.clean(value)
        return NOTHING if answer is None else self.say(answer)

    def printed(self, value: object) -> str:
        """Title and answer as nbgrader's formgrader shows them, in lines that fit its page."""
        lines = f"{self.title}\n\n{self.in_words(value)}".split("\n")
        return "\n".join(
            textwrap.fill(line, 96, subsequent_indent="  " if line.startswith("- ") else "") for line in lines
        )

    def how_to_answer(self) -> str:
        """How to answer with a pen, in one line."""
        return self.instruction

    @abstractmethod
    def room_on_paper(self) -> Tree:
        """Blocks with room to answer with a pen, made from what is public."""

    @abstractmethod
    def key_on_paper(self) -> Tree:
        """Blocks that say what is right, and why everything else is not."""

    def secrets(self) -> list[Tree]:
        """Every text that must not reach a participant before grading."""
        return [*(option.reason for option in self.options), *(row.reason for row in self.rows), self.closing]

    def texts(self) -> list[Tree]:
        """Every text of the question."""
        shown = [*(option.text for option in self.options), *(row.text for row in self.rows)]
        return [self.prompt, *shown, *(column["text"] for column in self.columns), *self.secrets()]

    # ------------------------------------------------------------ counted

    def distribution(self, answers: Sequence[Any]) -> list[DistributionLine]:  # noqa: ARG002 - see the kinds that count
        """How a room answered, line by line. Empty for answers in words or numbers: single ones would be somebody's."""
        return []

    def ways(self, answers: Sequence[Any]) -> list[Way]:  # noqa: ARG002 - see the kinds that count
        """How often each way to answer was taken; empty where answers are not of a few ways."""
        return []


def as_text(value: object) -> str | None:
    """A text or a number as it was typed, without blanks around it; None when nothing is left, or it is neither."""
    typed = isinstance(value, int | float) and not isinstance(value, bool)
    written = value.strip() if isinstance(value, str) else str(value) if typed else ""
    return written or None


def new_id(taken: Iterable[Option | Row | Column], label: str) -> str:
    """An id for a line with this label, unlike those taken."""
    return markdown.short_id(label, {_id(item) for item in taken})


Item = TypeVar("Item", Option, Row, Column)


def shuffled(items: Sequence[Item], seed: str) -> list[Item]:
    """The items in an order that depends on their ids and the seed alone: the same at each build."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}/{_id(item)}".encode()).hexdigest())


def _id(item: Option | Row | Column) -> str:
    return item["id"] if isinstance(item, dict) else item.id


def joined(trees: Iterable[Tree]) -> Tree:
    """Trees with a comma between them."""
    together: Tree = []
    for tree in trees:
        together += [", ", *tree] if together else list(tree)
    return together


def words_by_id(items: Iterable[Option | Row]) -> dict[str, str]:
    """Id to bare words."""
    return {item.id: text_of(item.text) for item in items}
