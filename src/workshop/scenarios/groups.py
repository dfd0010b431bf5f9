"""Playing a scenario with several people around one screen: who holds which office."""

import random
from collections.abc import Mapping
from typing import Any, TypedDict

from workshop.content.trees import Tree
from workshop.scenarios.model import Role, Scenario

MOST, FEWEST = 8, 2
MINUTES = (0, 2, 3, 5, 8, 10)
LABELS = (("wants", "Wants"), ("knows", "Knows, and the others do not"), ("fears", "Fears"))
OBSERVERS = ("local government", "civil society", "a neighbouring state")
WATCHES: list[tuple[str, Tree]] = [
    ("Watches", ["Who speaks first, who is not asked, and which message nobody uses."]),
    ("Says", ["Nothing until the debrief, and then three sentences."]),
]


class Group(TypedDict):
    """How a group plays, as the answer sheet keeps it; `deal` counts the deals, 0 minutes are no limit."""

    people: int
    deal: int
    minutes: int


class Card(TypedDict):
    """The card of an office, or of an observer: pairs of a label and a text under its title."""

    title: str
    side: str
    lines: list[tuple[str, Tree]]


def group(request: Mapping[str, Any], before: Group | None = None) -> Group:
    """The group that somebody asked for, as the answer sheet keeps it; what makes no sense is left as it was."""
    kept: Group = {"people": 5, "deal": 1, "minutes": 0}
    if before:
        kept.update(before)
    people, minutes = request.get("people"), request.get("minutes")
    if isinstance(people, int) and FEWEST <= people <= MOST:
        kept["people"] = people
    if minutes in MINUTES:
        kept["minutes"] = minutes
    if request.get("do") == "deal":
        kept["deal"] += 1
    return kept


def hands(scenario: Scenario, group: Group, swapped: bool = False) -> list[list[Card]]:
    """The cards of each person, in order: a list of cards for each. The same deal gives the same hands everywhere.

    With fewer people than offices somebody holds two; with more, the others observe. Where a scenario has two
    sides the people divide between them, and `swapped` lets them change sides.
    """
    chance = random.Random(f"{scenario.name} {group['people']} {group['deal']}")
    sides = list(dict.fromkeys(role.side for role in scenario.roles))
    people = list(range(group["people"]))
    chance.shuffle(people)
    dealt: dict[int, list[Card]] = {person: [] for person in people}
    tables = [people[number :: len(sides)] for number in range(len(sides))]
    decks = [[role for role in scenario.roles if role.side == side] for side in sides]
    for deck in decks:
        chance.shuffle(deck)
    for table, deck in zip(tables, decks[::-1] if swapped else decks, strict=True):
        for number, role in enumerate(deck):
            dealt[table[number % len(table)]].append(_card(role))
    watching = iter(OBSERVERS)
    return [
        dealt[person] or [{"title": f"Observer: {next(watching)}", "side": "", "lines": WATCHES}]
        for person in range(group["people"])
    ]


def _card(role: Role) -> Card:
    return {"title": role.title, "side": role.side, "lines": [(label, getattr(role, name)) for name, label in LABELS]}
