"""Which documented mechanism a drawing is nearest to, by features they share: a help to talk, no ranking, no advice."""

from dataclasses import dataclass
from functools import cache

from workshop.architecture.model import FUNCTIONS
from workshop.content.tables import table

CAVEAT = (
    "Nearest means only: the most features in common among seven documented bodies. It is no ranking and no "
    "recommendation; "
    "what is not documented is not compared."
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
    shared: list
    differs: list
    note: str
    sources: tuple


def features(drawn):
    """What is compared, as words by aspect."""
    chair = drawn.chair
    found = {
        "law": {
            "statute": LAW_WORDS["statute"],
            "decree": LAW_WORDS["administrative"],
            "agreement": LAW_WORDS["administrative"],
        }.get(drawn.law, "")
    }
    found["door"] = DOOR_WORDS.get(DOORS.get(chair.sector, ""), "") if chair else ""
    found["civil_society"] = any(one.sector == "civil" for one in drawn.institutions)
    found["local_arms"] = any(one.level != "national" for one in drawn.institutions)
    found["own_staff"] = drawn.staff == "own"
    found["functions"] = {name for one in drawn.institutions for name in one.functions}
    return found


def nearest(drawn, designs=None):
    """The documented designs with the most features in common, all of them where several are equally near."""
    if not drawn.institutions:
        return []
    own = features(drawn)
    compared = [_compared(own, row) for row in (documented() if designs is None else designs)]
    best = max((len(one.shared), -len(one.differs)) for one in compared)
    return [one for one in compared if (len(one.shared), -len(one.differs)) == best and one.shared]


@cache
def documented():
    """The rows of the table of documented mechanisms."""
    return table("national_mechanisms").astype("object").fillna("").to_dict("records")


def _compared(own, row):
    shared, differs = [], []
    law, door = LAW_WORDS.get(row["legal_basis"], ""), DOOR_WORDS[row["door"]]
    for mine, theirs, what in ((own["law"], law, "rests on"), (own["door"], door, "has")):
        if theirs and mine == theirs:
            shared.append(f"{what} {theirs}")
        elif theirs:
            differs.append(f"it {what} {theirs}" + (f", yours {mine}" if mine else ", yours says nothing yet"))
    for aspect, words in YES.items():
        if row[aspect] in ("yes", "no"):
            theirs = row[aspect] == "yes"
            if theirs == own[aspect]:
                shared.append(words if theirs else f"no {words}")
            else:
                differs.append(f"it has {words}, yours has none" if theirs else f"it had no {words}, yours has")
    for name in filter(None, (part.strip() for part in row["functions"].split(";"))):
        word = FUNCTIONS[name].lower()
        if name in own["functions"]:
            shared.append(f"somebody to {word}")
        else:
            differs.append(f"it has somebody to {word}, yours has nobody")
    years = f"{row['year_start'] or 'year not known'}" + (f" to {row['year_end']}" if row["year_end"] else "")
    return Nearness(row["state"], row["name"], years, shared, differs, row["note"], tuple(row["source"].split(";")))
