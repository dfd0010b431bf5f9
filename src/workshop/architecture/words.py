"""What an analysis says, in words: sections for the card and the papers, and the steps it suggests for a plan."""

from workshop.architecture.comparison import CAVEAT, nearest
from workshop.architecture.model import FUNCTIONS, LEVELS, MANDATE

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


def sections(drawn, found, designs=None):
    """The findings in order: id, title, tree. A section that has nothing to say is left out."""
    if not drawn.institutions:
        return [
            {
                "id": "empty",
                "title": "Nothing to see yet",
                "tree": [["p", {}, "Add a first office, or load an example above."]],
            }
        ]
    made = [
        (
            "missing",
            "Functions nobody has",
            _list([FUNCTIONS[name] for name in found.missing])
            or _p("Each of the eight functions has somebody. No real body that we read of does all eight."),
        ),
        (
            "alone",
            "Offices that stand alone",
            _list(
                [f"{one.office}: in no warning path, and shares no function with another office" for one in found.alone]
            )
            or _p("None: each office shares a path or a function."),
        ),
        (
            "ways",
            "Where a warning goes",
            _list([way_in_words(way) for way in found.walks])
            or _p("No office passes a warning on yet. Choose where each of them sends it."),
        ),
        (
            "mandate",
            f"Open questions of the mandate: {len(found.open)} of {len(MANDATE)}",
            _list([MANDATE[name] for name in found.open])
            or _p("All are answered. Ask somebody who was not there to read the answers."),
        ),
        (
            "representative",
            "Who stands for it in networks",
            _p(f"{found.representative.office}. A state may choose its own door, and may change it.")
            if found.representative
            else _p("Nobody yet. Choose an office that can answer for the others."),
        ),
        (
            "failures",
            "Known ways of failing that it resembles",
            _failures(found) or _p("None of the seven that we know from sources."),
        ),
        ("nearest", "The documented design it is nearest to", _nearest(nearest(drawn, designs))),
    ]
    return [{"id": name, "title": title, "tree": tree} for name, title, tree in made]


def summary(drawn, found):
    """One sentence that says how the drawing stands."""
    if not drawn.institutions:
        return "The sheet is empty."
    levels = len({one.level for one in drawn.institutions})
    lost = len(found.stops) + len(found.rounds)
    return (
        f"{_count(len(drawn.institutions), 'office')} on {_count(levels, 'level')}; "
        f"{_count(len(found.missing), 'function')} without anybody; "
        f"{_count(len(found.alone), 'office')} alone; {_count(lost, 'warning')} without an answer; "
        f"{_count(len(found.open), 'open question')} in the mandate."
    )


def way_in_words(way):
    """One warning on its way, as a sentence."""
    line = " → ".join(one.office for one in way.offices)
    days = f"{_count(way.days, 'day')}" + ("" if way.timed else " and more: not every office says how many days it has")
    if way.end == "decided":
        return f"{line}: decided there, after {days}."
    if way.end == "round":
        return f"{line}: it goes round and nobody decides."
    return f"{line}: it stops there, after {days}. Nobody decides and nobody answers."


def functions_by_level(drawn):
    """The picture as a table: a row a function, a column a level, in each cell the offices."""
    rows = [
        {
            "label": label,
            "cells": [
                [one.office for one in drawn.institutions if one.level == level and name in one.functions]
                for level in LEVELS
            ],
        }
        for name, label in FUNCTIONS.items()
    ]
    return {"columns": list(LEVELS.values()), "rows": rows}


def suggestions(drawn, found):
    """Rows for an action plan, made from what is open: id, goal, step, sign. An empty sheet suggests nothing."""
    made = []
    if not drawn.institutions:
        return made

    def add(name, goal, step, sign=""):
        made.append({"id": name, "goal": goal, "step": step, "sign": sign})

    for way in found.stops:
        last = way.offices[-1].office
        add(
            f"stop-{way.start.id}",
            f"A warning from {way.start.office} is answered",
            f"Agree who decides after {last}, and in how many days the sender hears back",
            f"A test warning from {way.start.office} is answered in time",
        )
    for way in found.rounds:
        add(
            f"round-{way.start.id}",
            f"A warning from {way.start.office} reaches somebody who decides",
            f"Decide which of {', '.join(dict.fromkeys(one.office for one in way.offices))} has the last word",
            "A test warning ends with one office, and not with the first",
        )
    for name in found.missing:
        goal, step = GAP_STEPS[name]
        add(f"missing-{name}", goal, step, "In six months one office has it in its work plan")
    for one in found.alone:
        add(
            f"alone-{one.id}",
            f"{one.office} works with the others",
            f"Ask {one.office} what it could pass on, to whom, and what it would like to hear",
            "It has received one useful thing from another office",
        )
    for failure in found.failures:
        add(f"failure-{failure.id}", failure.goal, failure.step, failure.sign)
    if not found.representative:
        add(
            "representative",
            "The network knows whom to call",
            "Choose the office that stands for us in networks, and say for how long",
            "The network has the name of the office",
        )
    if found.open:
        first = " ".join(MANDATE[name] for name in found.open[:3])
        add(
            "mandate",
            "The mandate answers what people will ask",
            f"Settle the open questions with the member offices ({len(found.open)} of {len(MANDATE)}), first of all: "
            f"{first}",
            "The answers stand in writing, and somebody who was not there understands them",
        )
    return made


def _p(words):
    return [["p", {}, words]]


def _list(lines):
    return [["ul", {}, *(["li", {}, line] for line in lines)]] if lines else []


def _failures(found):
    return _list_of(
        [["strong", {}, failure.title + ". "], f"{failure.because} {failure.case} ", _keys(failure.sources)]
        for failure in found.failures
    )


def _list_of(items):
    items = [["li", {}, *item] for item in items]
    return [["ul", {}, *items]] if items else []


def _keys(keys):
    return ["em", {}, f"({'; '.join(keys)})"]


def _nearest(near):
    if not near:
        return _p("None yet: the drawing shares no documented feature.")
    tree = [
        [
            "p",
            {},
            ["strong", {}, f"{one.name}, {one.state} ({one.years}). "],
            f"In common: {', '.join(one.shared)}. ",
            f"Different: {'; '.join(one.differs)}. " if one.differs else "Nothing that is documented differs. ",
            f"{one.note}. ",
            _keys(one.sources),
        ]
        for one in near[:2]
    ]
    more = [one.state for one in near[2:]]
    if more:
        tree.append(["p", {}, f"Equally near: {', '.join(more)}."])
    return [*tree, ["p", {}, ["em", {}, CAVEAT]]]


def _count(number, word):
    return f"{number or 'no'} {word if number == 1 else word + 's'}"
