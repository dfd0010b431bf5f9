"""Grading: a pure function of question and answer. No file is read, no code of anybody runs.

Four outcomes: right, partly right, not right, not answered; a written answer waits for a reader.
"""

import itertools
from dataclasses import dataclass
from decimal import Decimal

from workshop.questions.model import number


@dataclass
class Result:
    """What an answer is worth (`share` from 0 to 1, None while a reader is needed) and why.

    `marks` says for each option or row: right, wrong, missed, neutral or empty.
    """

    outcome: str
    share: float | None
    marks: dict
    detail: str = ""
    reason: list | None = None

    def points(self, question):
        """Points, or None while a reader is needed."""
        return None if self.share is None else round(self.share * (question.points or 0), 2)


def grade(question, value):
    """The result of an answer `value` to a question (shapes: see data/answer_sheet.schema.json).

    A value of the wrong shape counts as not answered; it never raises.
    """
    value = clean(question, value)
    if value is None:
        return Result("not_answered", 0.0, {})
    return GRADERS[question.kind](question, value)


def clean(question, value):
    """The value as far as it belongs to the question; None when nothing is left of it."""
    options = {option.id for option in question.options}
    rows = {row.id for row in question.rows}
    columns = {column["id"] for column in question.columns}
    kind = question.kind
    if kind == "single":
        return value if isinstance(value, str) and value in options else None
    if kind == "multiple":
        return sorted({v for v in value if isinstance(v, str)} & options) or None if isinstance(value, list) else None
    if kind == "rank":
        whole = isinstance(value, list) and all(isinstance(v, str) for v in value)
        return value if whole and len(value) == len(options) and set(value) == options else None
    if kind in ("match", "classify"):
        if not isinstance(value, dict):
            return None
        return {
            row: column
            for row, column in value.items()
            if row in rows and isinstance(column, str) and column in columns
        } or None
    if kind == "map":
        if not isinstance(value, dict):
            return None
        ticked = {
            row: sorted({c for c in ticks if isinstance(c, str)} & columns)
            for row, ticks in value.items()
            if row in rows and isinstance(ticks, list)
        }
        return {row: ticks for row, ticks in ticked.items() if ticks} or None
    typed = isinstance(value, int | float) and not isinstance(value, bool)
    written = value.strip() if isinstance(value, str) else str(value) if typed else ""
    return written or None


def perfect(question):
    """An answer that gets full marks; for a written question, the model answer."""
    kind = question.kind
    if kind == "single":
        return next(option.id for option in question.options if option.right)
    if kind == "multiple":
        return [option.id for option in question.options if option.right]
    if kind == "rank":
        return [option for group in question.best for option in group]
    if kind in ("match", "classify"):
        return {row.id: row.should[0] for row in question.rows}
    if kind == "map":
        return {row.id: list(row.should) for row in question.rows if row.should}
    if kind == "number":
        right = next(n for n in question.numbers if n.right)
        return f"{Decimal(repr((right.low + right.high) / 2)):f}"
    return "\n\n".join(_words(block) for block in question.model)


def _words(node):
    return node if isinstance(node, str) else "".join(_words(child) for child in node[2:])


def _outcome(share):
    return "right" if share >= 1 else "partly" if share > 0 else "not_right"


def _single(question, value):
    right = next(option.id for option in question.options if option.right)
    marks = {value: "wrong", right: "missed"} if value != right else {}
    marks[right] = "right" if value == right else "missed"
    share = float(value == right)
    return Result(_outcome(share), share, marks)


def _multiple(question, value):
    marks = {}
    for option in question.options:
        chosen = option.id in value
        marks[option.id] = {
            (True, True): "right",
            (True, False): "missed",
            (False, True): "wrong",
            (False, False): "neutral",
        }[option.right, chosen]
    total = sum(option.right for option in question.options)
    hits = sum(mark == "right" for mark in marks.values())
    alarms = sum(mark == "wrong" for mark in marks.values())
    share = max(0, hits - alarms) / total
    detail = f"{hits} of {total} found" + (f", {alarms} too many" if alarms else "")
    return Result(_outcome(share), share, marks, detail)


def _rank(question, value):
    band = {option: index for index, group in enumerate(question.best) for option in group}
    pairs = list(itertools.combinations(value, 2))
    good = sum(band[first] <= band[second] for first, second in pairs)
    share = good / len(pairs)
    share = share if share > 0.5 else 0.0
    bounds, start = {}, 0
    for group in question.best:
        bounds.update(dict.fromkeys(group, (start, start + len(group) - 1)))
        start += len(group)
    marks = {
        option: "right" if bounds[option][0] <= place <= bounds[option][1] else "wrong"
        for place, option in enumerate(value)
    }
    return Result(_outcome(share), share, marks, f"{good} of {len(pairs)} pairs in the supported order")


def _rows(question, value, is_right):
    marks = {}
    for row in question.rows:
        given = value.get(row.id)
        marks[row.id] = (
            "empty"
            if not given and (row.should or question.kind != "map")
            else "right"
            if is_right(row, given or [])
            else "wrong"
        )
    good = sum(mark == "right" for mark in marks.values())
    share = good / len(question.rows)
    return Result(_outcome(share), share, marks, f"{good} of {len(question.rows)} lines")


def _pairs(question, value):
    return _rows(question, value, lambda row, given: given in row.should)


def _map(question, value):
    def is_right(row, given):
        return set(row.should) <= set(given) <= set(row.should) | set(row.may)

    return _rows(question, value, is_right)


def _number(question, value):
    typed = number(value)
    if typed is None:
        return Result("not_right", 0.0, {}, "no number found in the answer")
    for expected in sorted(question.numbers, key=lambda number: not number.right):
        if expected.low - 1e-9 <= typed <= expected.high + 1e-9:
            share = float(expected.right)
            return Result(_outcome(share), share, {}, reason=expected.reason)
    return Result("not_right", 0.0, {})


def _write(question, value):
    return Result("to_read", None, {})


GRADERS = {
    "single": _single,
    "multiple": _multiple,
    "rank": _rank,
    "match": _pairs,
    "classify": _pairs,
    "map": _map,
    "number": _number,
    "write": _write,
}
