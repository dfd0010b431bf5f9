"""What an analysis says, in words: sections for the card and the papers, and the steps it suggests for a plan."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from workshop.architecture.comparison import CAVEAT, Nearness, nearest
from workshop.architecture.model import FUNCTIONS, LEVELS, MANDATE, Analysis, Architecture, Walk
from workshop.content.trees import Element, Node, Tree

AID = "A discussion aid made from what you wrote. It is not a forecast, and it does not say whether a design is good."
GAP_STEPS = {
    "coordinate": (
        "One office calls the others together",
        "Ask which office the others would follow, and agree on a first meeting with three topics",
    ),
    "warn": (
        "Somebody is asked to warn early",
        "Ask two offices that hear of tension first to write one page a month in a form you agree on",
    ),
    "educate": (
        "What we learn is taught",
        "Ask the training school of one service for two hours in its present course",
    ),
    "mediate": (
        "Quarrels are settled before they grow",
        "Find out who mediates in towns today, and give them one telephone number in the capital",
    ),
    "memory": (
        "What happened here is kept and can be read",
        "Ask the archive or a museum what it would need to keep and to open its records",
    ),
    "prosecutors": (
        "Evidence of a crime reaches a prosecutor",
        "Agree with the prosecutor on one page: what is handed on, by whom, and what is never promised",
    ),
    "report": (
        "Parliament and the public hear what was done",
        "Set the month of a first public report, and who writes it",
    ),
    "money": ("Somebody brings money", "Invite finance to the next meeting with one small line to discuss"),
}


class Section(TypedDict):
    """One part of the findings."""

    id: str
    title: str
    tree: Tree


class Suggestion(TypedDict):
    """A row for an action plan; `sign` says how one will know that the step was taken."""

    id: str
    goal: str
    step: str
    sign: str


class LevelRow(TypedDict):
    """A function, and the offices that have it: one list a level."""

    label: str
    cells: list[list[str]]


class FunctionsByLevel(TypedDict):
    """The functions as a table; `columns` are the names of the levels."""

    columns: list[str]
    rows: list[LevelRow]


def sections(
    drawn: Architecture, analysis: Analysis, designs: Sequence[Mapping[str, Any]] | None = None
) -> list[Section]:
    """The findings in order: id, title, tree. A section that has nothing to say is left out."""
    if not drawn.institutions:
        return [
            {
                "id": "empty",
                "title": "Nothing to see yet",
                "tree": [["p", {}, "Add a first office, or load an example above."]],
            }
        ]
    parts: list[tuple[str, str, Tree]] = [
        (
            "missing",
            "Functions nobody has",
            _list([FUNCTIONS[name] for name in analysis.missing])
            or _p("Each of the eight functions has somebody. No real body that we read of does all eight."),
        ),
        (
            "alone",
            "Offices that stand alone",
            _list(
                [
                    f"{institution.office}: in no warning path, and shares no function with another office"
                    for institution in analysis.alone
                ]
            )
            or _p("None: each office shares a path or a function."),
        ),
        (
            "ways",
            "Where a warning goes",
            _list([way_in_words(way) for way in analysis.walks])
            or _p("No office passes a warning on yet. Choose where each of them sends it."),
        ),
        (
            "mandate",
            f"Open questions of the mandate: {len(analysis.open)} of {len(MANDATE)}",
            _list([MANDATE[name] for name in analysis.open])
            or _p("All are answered. Ask somebody who was not there to read the answers."),
        ),
        (
            "representative",
            "Who stands for it in networks",
            _p(f"{analysis.representative.office}. A state may choose its own door, and may change it.")
            if analysis.representative
            else _p("Nobody yet. Choose an office that can answer for the others."),
        ),
        (
            "failures",
            "Known ways of failing that it resembles",
            _failures(analysis) or _p("None of the seven that we know from sources."),
        ),
        ("nearest", "The documented design it is nearest to", _nearest(nearest(drawn, designs))),
    ]
    return [{"id": name, "title": title, "tree": tree} for name, title, tree in parts]


def summary(drawn: Architecture, analysis: Analysis) -> str:
    """One sentence that says how the drawing stands."""
    if not drawn.institutions:
        return "The sheet is empty."
    levels = len({institution.level for institution in drawn.institutions})
    lost = len(analysis.stops) + len(analysis.rounds)
    return (
        f"{_count(len(drawn.institutions), 'office')} on {_count(levels, 'level')}; "
        f"{_count(len(analysis.missing), 'function')} without anybody; "
        f"{_count(len(analysis.alone), 'office')} alone; {_count(lost, 'warning')} without an answer; "
        f"{_count(len(analysis.open), 'open question')} in the mandate."
    )


def way_in_words(way: Walk) -> str:
    """One warning on its way, as a sentence."""
    line = " → ".join(institution.office for institution in way.offices)
    days = f"{_count(way.days, 'day')}" + ("" if way.timed else " and more: not every office says how many days it has")
    if way.end == "decided":
        return f"{line}: decided there, after {days}."
    if way.end == "round":
        return f"{line}: it goes round and nobody decides."
    return f"{line}: it stops there, after {days}. Nobody decides and nobody answers."


def functions_by_level(drawn: Architecture) -> FunctionsByLevel:
    """The picture as a table: a row a function, a column a level, in each cell the offices."""
    rows: list[LevelRow] = [
        {
            "label": label,
            "cells": [
                [
                    institution.office
                    for institution in drawn.institutions
                    if institution.level == level and name in institution.functions
                ]
                for level in LEVELS
            ],
        }
        for name, label in FUNCTIONS.items()
    ]
    return {"columns": list(LEVELS.values()), "rows": rows}


def suggestions(drawn: Architecture, analysis: Analysis) -> list[Suggestion]:
    """Rows for an action plan, made from what is open: id, goal, step, sign. An empty sheet suggests nothing."""
    rows: list[Suggestion] = []
    if not drawn.institutions:
        return rows

    def add(name: str, goal: str, step: str, sign: str = "") -> None:
        rows.append({"id": name, "goal": goal, "step": step, "sign": sign})

    for way in analysis.stops:
        last = way.offices[-1].office
        add(
            f"stop-{way.start.id}",
            f"A warning from {way.start.office} is answered",
            f"Agree who decides after {last}, and in how many days the sender hears back",
            f"A test warning from {way.start.office} is answered in time",
        )
    for way in analysis.rounds:
        add(
            f"round-{way.start.id}",
            f"A warning from {way.start.office} reaches somebody who decides",
            f"Decide which of {', '.join(dict.fromkeys(office.office for office in way.offices))} has the last word",
            "A test warning ends with one office, and not with the first",
        )
    for name in analysis.missing:
        goal, step = GAP_STEPS[name]
        add(f"missing-{name}", goal, step, "In six months one office has it in its work plan")
    for institution in analysis.alone:
        add(
            f"alone-{institution.id}",
            f"{institution.office} works with the others",
            f"Ask {institution.office} what it could pass on, to whom, and what it would like to hear",
            "It has received one useful thing from another office",
        )
    for failure in analysis.failures:
        add(f"failure-{failure.id}", failure.goal, failure.step, failure.sign)
    if not analysis.representative:
        add(
            "representative",
            "The network knows whom to call",
            "Choose the office that stands for us in networks, and say for how long",
            "The network has the name of the office",
        )
    if analysis.open:
        first = " ".join(MANDATE[name] for name in analysis.open[:3])
        add(
            "mandate",
            "The mandate answers what people will ask",
            f"Settle the open questions with the member offices ({len(analysis.open)} of {len(MANDATE)}), first of "
            f"all: {first}",
            "The answers stand in writing, and somebody who was not there understands them",
        )
    return rows


def _p(words: str) -> Tree:
    return [["p", {}, words]]


def _list(lines: Sequence[str]) -> Tree:
    return [["ul", {}, *(["li", {}, line] for line in lines)]] if lines else []


def _failures(analysis: Analysis) -> Tree:
    return _list_of(
        [["strong", {}, failure.title + ". "], f"{failure.because} {failure.case} ", _keys(failure.sources)]
        for failure in analysis.failures
    )


def _list_of(items: Iterable[Sequence[Node]]) -> Tree:
    entries: list[Element] = [["li", {}, *item] for item in items]
    return [["ul", {}, *entries]] if entries else []


def _keys(keys: Iterable[str]) -> Element:
    return ["em", {}, f"({'; '.join(keys)})"]


def _nearest(near: Sequence[Nearness]) -> Tree:
    if not near:
        return _p("None yet: the drawing shares no documented feature.")
    tree: Tree = [
        [
            "p",
            {},
            ["strong", {}, f"{design.name}, {design.state} ({design.years}). "],
            f"In common: {', '.join(design.shared)}. ",
            f"Different: {'; '.join(design.differs)}. " if design.differs else "Nothing that is documented differs. ",
            f"{design.note}. ",
            _keys(design.sources),
        ]
        for design in near[:2]
    ]
    more = [design.state for design in near[2:]]
    if more:
        tree.append(["p", {}, f"Equally near: {', '.join(more)}."])
    return [*tree, ["p", {}, ["em", {}, CAVEAT]]]


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word if number == 1 else word + 's'}"
