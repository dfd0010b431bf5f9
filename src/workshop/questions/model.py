"""Questions as plain data. `Question.public()` is what a participant may see before grading.

`workshop.questions.reader` reads questions from Markdown, `workshop.questions.grading` grades answers to them.
"""

import hashlib
import re
from dataclasses import asdict, dataclass, field

# Thousands in groups of three, or digits with commas and points in any way.
NUMBER = re.compile(r"[-+\u2212]?(?:\d{1,3}(?:[ \u00a0\u202f'\u2019]\d{3})+(?!\d)(?:[.,]\d+)?|\d[\d.,]*|(?<!\w)\.\d+)")
# The decimal point and the thousands comma of Arabic script and of full-width keyboards; Python reads their digits.
WRITTEN = str.maketrans({"\u066b": ".", "\u066c": ",", "\uff0e": ".", "\uff0c": ",", "\uff0d": "-"})


@dataclass
class Option:
    """A line to choose or to rank; `reason` says why it is right or what is off."""

    id: str
    text: list
    right: bool = False
    reason: list = field(default_factory=list)
    tie: bool = False


@dataclass
class Row:
    """A line of a table; `should` are the column ids that are right, `may` those that do no harm."""

    id: str
    text: list
    should: list = field(default_factory=list)
    may: list = field(default_factory=list)
    reason: list = field(default_factory=list)


@dataclass
class Number:
    """An expected number, as a closed interval, right or a known slip."""

    low: float
    high: float
    right: bool
    reason: list


@dataclass
class Question:
    """One question. Texts are trees (see `workshop.content.markdown`); options and columns stand in display order."""

    id: str
    kind: str
    title: str
    statements: list = field(default_factory=list)
    sources: list = field(default_factory=list)
    points: float | None = None
    words: int | None = None
    unit: str = ""
    prompt: list = field(default_factory=list)
    options: list = field(default_factory=list)
    best: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    row_label: str = ""
    column_label: str = ""
    numbers: list = field(default_factory=list)
    rubric: list = field(default_factory=list)
    model: list = field(default_factory=list)
    closing: list = field(default_factory=list)
    line: int = 0

    def data(self):
        """Everything, key and reasons included, as JSON-ready data."""
        return asdict(self)

    def public(self):
        """What may travel to a participant before grading: no key, no reason, no rubric, no source hint."""
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
        }


def from_data(data):
    """The question that `Question.data()` or `Question.public()` wrote down."""
    fields = dict(data)
    fields["options"] = [Option(**option) for option in data.get("options", [])]
    fields["rows"] = [Row(**row) for row in data.get("rows", [])]
    fields["numbers"] = [Number(**number) for number in data.get("numbers", [])]
    return Question(**fields)


def shuffled(items, seed):
    """The items in an order that depends on their ids and the seed alone: the same at each build."""

    def place(item):
        name = item["id"] if isinstance(item, dict) else item.id
        return hashlib.sha256(f"{seed}/{name}".encode()).hexdigest()

    return sorted(items, key=place)


def number(words):
    """The number that a person typed, with a comma or a point, or None.

    `17,800,000`, `17 800 000`, `17.800.000`, `35.3`, `35,3`, `٣٥٫٣` and `about 35.3 million` are all understood.
    """
    match = NUMBER.search(str(words).translate(WRITTEN))
    if not match:
        return None
    digits = re.sub(r"[\s'\u2019]", "", match.group()).replace("\u2212", "-").rstrip(".,")
    point, comma = digits.rfind("."), digits.rfind(",")
    if point > comma >= 0 or re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3})+", digits):
        digits = digits.replace(",", "")
    elif comma >= 0:
        digits = digits.replace(".", "").replace(",", ".")
    if digits.count(".") > 1:
        digits = digits.replace(".", "")
    return float(digits)
