"""Which documented mechanism a drawing is nearest to, by features they share: a help to talk, no ranking, no advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from workshop.architecture.model import FUNCTIONS, Architecture
from workshop.content.tables import table

CAVEAT = (
    "Nearest means only: the most features in common among seven documented bodies. It is no ranking and no "
    "recommendation; what is not documented is not compared."
)
DOORS = {
    "rights": "ombudsman with foreign ministry",
    "foreign": "ombudsman with foreign ministry",
    "justice": "national committee",
    "centre": "centre of government",
    "council": "independent council",
}
DOOR_WORDS = {
    "ombudsman with foreign ministry": "the ombudsman or the foreign ministry in the chair",
    "national committee": "a national committee, led from justice",
    "centre of government": "the centre of government in the chair",
    "independent council": "an independent council or commission in the chair",
    "independent commission": "an independent council or commission in the chair",
}
LAW_WORDS = {
    "statute": "a statute",
    "administrative": "a decree or an agreement",
    "treaty": "a treaty without a law at home",
}
YES = {
    "civil_society": "seats for civil society",
    "local_arms": "arms outside the capital",
    "own_staff": "staff of its own",
}


@dataclass
class Nearness:
    """One documented design: what it shares with a drawing and where it differs."""

    state: str
    name: str
    years: str
    shared: list[str]
    differs: list[str]
    note: str
    sources: tuple[str, ...]


@dataclass
class Features:
    """What of a drawing is compared. `law` and `door` are words, empty where the drawing does not say; `has` answers
    each aspect of `YES`; `functions` are those that somebody has.
    """

    law: str
    door: str
    has: dict[str, bool]
    functions: set[str]


def features(drawn: Architecture) -> Features:
    """What is compared of a drawing."""
    chair = drawn.chair
    laws = {"statute": "statute", "decree": "administrative", "agreement": "administrative"}
    return Features(
        law=LAW_WORDS.get(laws.get(drawn.law, ""), ""),
        door=DOOR_WORDS.get(DOORS.get(chair.sector, ""), "") if chair else "",
        has={
            "civil_society": any(institution.sector == "civil" for institution in drawn.institutions),
            "local_arms": any(institution.level != "national" for institution in drawn.institutions),
            "own_staff": drawn.staff == "own",
        },
        functions={name for institution in drawn.institutions for name in institution.functions},
    )


def nearest(drawn: Architecture, designs: Sequence[Mapping[str, Any]] | None = None) -> list[Nearness]:
    """The documented designs with the most features in common, all of them where several are equally near.

    `designs` are rows of the table `national_mechanisms`; None means the kit's own.
    """
    if not drawn.institutions:
        return []
    own = features(drawn)
    compared = [_compared(own, row) for row in (documented() if designs is None else designs)]
    best = max((len(design.shared), -len(design.differs)) for design in compared)
    return [design for design in compared if (len(design.shared), -len(design.differs)) == best and design.shared]


@cache
def documented() -> list[dict[str, Any]]:
    """The rows of the table of documented mechanisms."""
    rows = table("national_mechanisms").astype("object").fillna("").to_dict("records")
    return cast(list[dict[str, Any]], rows)


def _compared(own: Features, row: Mapping[str, Any]) -> Nearness:
    shared: list[str] = []
    differs: list[str] = []
    law, door = LAW_WORDS.get(row["legal_basis"], ""), DOOR_WORDS[row["door"]]
    for mine, theirs, what in ((own.law, law, "rests on"), (own.door, door, "has")):
        if theirs and mine == theirs:
            shared.append(f"{what} {theirs}")
        elif theirs:
            differs.append(f"it {what} {theirs}" + (f", yours {mine}" if mine else ", yours says nothing yet"))
    for aspect, words in YES.items():
        if row[aspect] in ("yes", "no"):
            has = row[aspect] == "yes"
            if has == own.has[aspect]:
                shared.append(words if has else f"no {words}")
            else:
                differs.append(f"it has {words}, yours has none" if has else f"it had no {words}, yours has")
    for name in filter(None, (part.strip() for part in row["functions"].split(";"))):
        word = FUNCTIONS[name].lower()
        if name in own.functions:
            shared.append(f"somebody to {word}")
        else:
            differs.append(f"it has somebody to {word}, yours has nobody")
    years = f"{row['year_start'] or 'year not known'}" + (f" to {row['year_end']}" if row["year_end"] else "")
    return Nearness(row["state"], row["name"], years, shared, differs, row["note"], tuple(row["source"].split(";")))
