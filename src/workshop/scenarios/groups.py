"""Playing a scenario with several people around one screen: who holds which office."""

import random

MOST, FEWEST = 8, 2
MINUTES = (0, 2, 3, 5, 8, 10)
LABELS = (("wants", "Wants"), ("knows", "Knows, and the others do not"), ("fears", "Fears"))
OBSERVERS = ("local government", "civil society", "a neighbouring state")
WATCHES = [
    ["Watches", ["Who speaks first, who is not asked, and which message nobody uses."]],
    ["Says", ["Nothing until the debrief, and then three sentences."]],
]


def group(request, before=None):
    """The group that somebody asked for, as the answer sheet keeps it; what makes no sense is left as it was."""
    kept = {"people": 5, "deal": 1, "minutes": 0, **(before or {})}
    people, minutes = request.get("people"), request.get("minutes")
    if isinstance(people, int) and FEWEST <= people <= MOST:
        kept["people"] = people
    if minutes in MINUTES:
        kept["minutes"] = minutes
    if request.get("do") == "deal":
        kept["deal"] += 1
    return kept


def hands(scenario, group, swapped=False):
    """The cards of each person, in order: a list of cards for each. The same deal gives the same hands everywhere.

    With fewer people than offices somebody holds two; with more, the others observe. Where a scenario has two
    sides the people divide between them, and `swapped` lets them change sides.
    """
    chance = random.Random(f"{scenario.name} {group['people']} {group['deal']}")
    sides = list(dict.fromkeys(role.side for role in scenario.roles))
    people = list(range(group["people"]))
    chance.shuffle(people)
    dealt = {person: [] for person in people}
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


def _card(role):
    return {"title": role.title, "side": role.side, "lines": [[label, getattr(role, name)] for name, label in LABELS]}
