"""A national architecture as plain data, and what can be seen in it at once.

`read(data)` makes an architecture of whatever an answer sheet holds; `analysed(architecture)` says which function
nobody has, who stands alone, where a warning stops or goes round, which questions of the mandate are open, and which
known way of failing it resembles. A discussion aid: nothing here forecasts anything.
"""

from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any, Literal

# What real bodies do; no real body does all of it.
FUNCTIONS = {
    "coordinate": "Coordinate",
    "warn": "Warn early",
    "educate": "Educate",
    "mediate": "Mediate",
    "memory": "Keep memory",
    "prosecutors": "Help prosecutors",
    "report": "Report in public",
    "money": "Bring money",
}
LEVELS = {"national": "National", "province": "Province", "city": "City", "town": "Town or village"}
SECTORS = {
    "foreign": "Foreign affairs",
    "interior": "Interior, police",
    "defence": "Defence",
    "justice": "Justice, prosecutors, courts",
    "centre": "Head of government's office",
    "finance": "Finance, planning",
    "education": "Education, culture, memory",
    "rights": "Human rights institution, ombudsman",
    "council": "Independent council or commission",
    "elections": "Elections, media",
    "parliament": "Parliament",
    "local": "Provincial, city or town government",
    "civil": "Civil society, faith and traditional leaders",
    "other": "Other",
}
ROLES = {"chair": "Chair", "secretariat": "Secretariat", "member": "Member", "adviser": "Adviser"}
LAWS = {
    "none": "None so far",
    "draft": "A draft, not passed",
    "agreement": "An agreement between offices",
    "decree": "A decree",
    "statute": "A statute",
}
STAFF = {"none": "Nobody so far", "borrowed": "People lent by member offices", "own": "Its own staff"}
MONEY = {
    "none": "None so far",
    "outside": "Gifts from outside only",
    "members": "Shares of member offices",
    "line": "A line in the budget",
}
DECIDES = "decides"

# The questions that a good mandate answers.
MANDATE = {
    "purpose": "What is it for, in one sentence?",
    "crimes": "Which crimes does it cover?",
    "reach": "Does it look at risks at home, abroad, or both?",
    "chair": "Which office has the chair, and why that one?",
    "members": "Which offices are members, named by office and not by person?",
    "civil": "How many seats has civil society, and who fills them?",
    "information": "Which information may it ask for, and from whom?",
    "warning": "Who receives a warning, and in how many days must they answer?",
    "prosecutors": "What does it hand to prosecutors, so that it never judges?",
    "protection": "How are those who warn, and their words, protected?",
    "budget": "Which line of which budget pays?",
    "report": "When does it report to parliament and to the public?",
    "local": "How does it work in provinces, cities and towns?",
    "balance": "How are women and men, and the country's groups, present in it?",
    "review": "When is it reviewed, and by whom?",
    "limits": "What may it not do?",
}

MOST = 40  # institutions on one canvas; a table of more could not be read anyway
LONGEST = 2000


@dataclass
class Institution:
    """One office: what it is, what it does, and where it passes a warning.

    `passes_to` is the id of another office, `DECIDES`, or empty; `days` is how long a warning may lie there, None
    where nobody said.
    """

    id: str
    office: str
    sector: str = "other"
    level: str = "national"
    role: str = "member"
    functions: tuple[str, ...] = ()
    passes_to: str = ""
    days: int | None = None


@dataclass
class Architecture:
    """What a person or a group drew up."""

    name: str = ""
    institutions: list[Institution] = field(default_factory=list)
    representative: str = ""
    law: str = "none"
    staff: str = "none"
    money: str = "none"
    review: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    undecided: set[str] = field(default_factory=set)

    def institution(self, name: str) -> Institution | None:
        """The institution of this id, or None."""
        return next((institution for institution in self.institutions if institution.id == name), None)

    @property
    def chair(self) -> Institution | None:
        """The office in the chair, or None."""
        return next((institution for institution in self.institutions if institution.role == "chair"), None)


def read(data: object) -> Architecture:
    """The architecture in a dict of any form: what fits is taken, the rest is left out, nothing raises."""
    data = _dict(data)
    drawn = Architecture(
        name=_text(data.get("name")),
        review=_text(data.get("review")),
        law=_known(data.get("law"), LAWS, "none"),
        staff=_known(data.get("staff"), STAFF, "none"),
        money=_known(data.get("money"), MONEY, "none"),
    )
    for entry in map(_dict, _list(data.get("institutions"))[:MOST]):
        if not _text(entry.get("id")) or drawn.institution(_text(entry["id"])):
            continue
        chosen = _list(entry.get("functions"))
        drawn.institutions.append(
            Institution(
                id=_text(entry["id"]),
                office=_text(entry.get("office")) or f"Office {len(drawn.institutions) + 1}",
                sector=_known(entry.get("sector"), SECTORS, "other"),
                level=_known(entry.get("level"), LEVELS, "national"),
                role=_known(entry.get("role"), ROLES, "member"),
                functions=tuple(name for name in FUNCTIONS if name in chosen),
                passes_to=_text(entry.get("passes_to")),
                days=_days(entry.get("days")),
            )
        )
    known = {institution.id for institution in drawn.institutions}
    for institution in drawn.institutions:
        if institution.passes_to not in known - {institution.id} | {DECIDES}:
            institution.passes_to = ""
    drawn.representative = name if (name := _text(data.get("representative"))) in known else ""
    answers = _dict(data.get("mandate"))
    for name in MANDATE:
        entry = _dict(answers.get(name))
        if words := _text(entry.get("text")):
            drawn.answers[name] = words
        if entry.get("open") is True:
            drawn.undecided.add(name)
    return drawn


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip()[:LONGEST] if isinstance(value, str) else ""


def _known(value: object, known: Container[str], otherwise: str) -> str:
    return value if isinstance(value, str) and value in known else otherwise


def _days(value: object) -> int | None:
    try:
        days = round(float(str(value).replace(",", ".")))
    except (ValueError, OverflowError):
        return None
    return days if 0 <= days <= 3650 else None


# ---------------------------------------------------------------- a warning on its way


@dataclass
class Walk:
    """A warning that begins at one office: the offices it passes, the days they have, and how it ends."""

    offices: list[Institution]
    days: int
    end: Literal["decided", "stops", "round"]
    timed: bool  # whether each office on the way says in how many days it answers

    @property
    def start(self) -> Institution:
        return self.offices[0]


def walk(drawn: Architecture, start: str) -> Walk:
    """Follow a warning from an office until somebody decides, it stops, or it comes back."""
    seen: list[Institution] = []
    office, days, timed = drawn.institution(start), 0, True
    while office is not None and office not in seen:
        seen.append(office)
        days, timed = days + (office.days or 0), timed and office.days is not None
        if office.passes_to == DECIDES:
            return Walk(seen, days, "decided", timed)
        office = drawn.institution(office.passes_to)
    return Walk(seen + ([office] if office else []), days, "round" if office else "stops", timed)


# ---------------------------------------------------------------- ways of failing


@dataclass(frozen=True)
class Failure:
    """A way in which mechanisms have failed: when a drawing resembles it, what happened, and what to ask."""

    id: str
    title: str
    applies: Callable[[Architecture], bool]
    because: str
    case: str
    sources: tuple[str, ...]
    goal: str
    step: str
    sign: str


FAILURES = (
    Failure(
        "one-sector",
        "One ministry alone",
        lambda a: len({institution.sector for institution in a.institutions}) == 1,
        "All offices on your canvas belong to one sector.",
        "A national mechanism is defined by its mixed membership. Paraguay's began in 2013 with "
        "fifteen institutions and two hosts.",
        ("CS18", "LAN-PY"),
        "More than one sector carries it",
        "Visit two offices of another sector, ask what they see first, and offer them a seat",
        "In three months an office of another sector has brought a topic of its own",
    ),
    Failure(
        "no-staff",
        "Nobody whose job it is",
        lambda a: bool(a.institutions) and a.staff != "own",
        "No person works for it alone.",
        "Tanzania's committee had no secretariat and no permanent staff in 2015. It still ran peace forums and a "
        "campaign, so this way of failing is not a verdict.",
        ("G-MUSHI",),
        "Somebody has time for it",
        "Agree which office lends one person for half the week, for a year, in writing",
        "In three months one person has it in their job description",
    ),
    Failure(
        "law-pending",
        "The law is always coming",
        lambda a: bool(a.institutions) and a.law in ("none", "draft"),
        "Nothing in writing binds the offices yet.",
        "In Uganda a bill of 2015 was not passed by May 2018. Kenya's committee was still preparing its legal frame "
        "when its member described it. Both worked in the meantime.",
        ("UG-18", "KE-M"),
        "The offices are bound in writing",
        "Sign an agreement between the offices now, with a date on which the draft law is looked at again",
        "The signed page lies in every member office",
    ),
    Failure(
        "no-strategy",
        "Meetings without a strategy",
        lambda a: bool(a.institutions) and "purpose" in open_questions(a) and not a.review,
        "It has no purpose in one sentence and no date of review.",
        "Germany adopted guidelines on preventing crises in 2017, which gave weight to atrocity prevention. Critics "
        "wrote in 2021 that a strategy and expert staff were still missing.",
        ("DE-16", "DE-21"),
        "Everybody knows what it is for, and when that is checked",
        "Write the purpose in one sentence, and set the date on which somebody outside asks whether it was met",
        "Members of three offices give the same purpose when asked",
    ),
    Failure(
        "overtaken",
        "On paper when the day comes",
        lambda a: (
            bool(a.institutions)
            and (
                all(institution.level == "national" for institution in a.institutions)
                or not any(walk(a, institution.id).end == "decided" for institution in a.institutions)
            )
        ),
        "No office outside the capital belongs to it, or no warning reaches an office that decides.",
        "South Sudan had a new national committee in a booklet of 2017, while the country was at war. A committee is "
        "no protection by itself.",
        ("BK17",),
        "It works where people live",
        "Choose one province and one town, and walk one invented warning from there to the office that decides",
        "The invented warning was answered, and the days are written down",
    ),
    Failure(
        "absorbed",
        "All in one house",
        lambda a: any(len(institution.functions) >= 5 for institution in a.institutions),
        "One office holds five functions or more.",
        "Rwanda's commission, founded by law in 2007, was dissolved in 2021 and its tasks moved to a ministry. One can "
        "read that as more strength or as less independence.",
        ("RW-07", "RW-21"),
        "No single decision can end it",
        "Give two of the functions to a second office, so that no single decision can end them all",
        "Two offices report on it, each on its own part",
    ),
    Failure(
        "gifts",
        "Money that may stop",
        lambda a: a.money == "outside",
        "All the money comes as gifts from outside.",
        "The yearly appeal of the UN's political department fell 24 percent short in 2023, and some activities were "
        "cut or changed. Gifts can also be quick and flexible.",
        ("DPPA-23", "DPA-15"),
        "Part of the money is our own",
        "Ask finance for a small line of your own, and list what goes on if the gift stops",
        "Next year's budget has a line, however small",
    ),
)


# ---------------------------------------------------------------- the analysis


@dataclass
class Analysis:
    """What the drawing shows."""

    missing: list[str]  # functions nobody has
    alone: list[Institution]  # institutions in no warning path that share no function
    open: list[str]  # questions of the mandate
    walks: list[Walk]  # one a starting office
    failures: list[Failure]
    representative: Institution | None = None

    @property
    def stops(self) -> list[Walk]:
        return [way for way in self.walks if way.end == "stops"]

    @property
    def rounds(self) -> list[Walk]:
        return [way for way in self.walks if way.end == "round"]


def open_questions(drawn: Architecture) -> list[str]:
    """The questions of the mandate that have no answer yet, or one that is still under discussion."""
    return [name for name in MANDATE if name not in drawn.answers or name in drawn.undecided]


def analysed(drawn: Architecture) -> Analysis:
    """The analysis of an architecture. The same drawing always gives the same analysis."""
    counted = Counter(name for institution in drawn.institutions for name in institution.functions)
    receives = {institution.passes_to for institution in drawn.institutions}
    alone = [
        institution
        for institution in drawn.institutions
        if institution.id not in receives
        and institution.passes_to in ("", DECIDES)
        and all(counted[name] == 1 for name in institution.functions)
        and len(drawn.institutions) > 1
    ]
    # A warning may begin anywhere; offices that only hand on are shown as part of the longer way.
    starts = [
        institution for institution in drawn.institutions if institution.id not in receives and institution.passes_to
    ]
    walks = [walk(drawn, institution.id) for institution in starts]
    reached = {office.id for each in walks for office in each.offices}
    for institution in drawn.institutions:
        if institution.id in receives and institution.id not in reached:  # a circle has no beginning
            walks.append(walk(drawn, institution.id))
            reached |= {office.id for office in walks[-1].offices}
    return Analysis(
        [name for name in FUNCTIONS if not counted[name]],
        alone,
        open_questions(drawn),
        walks,
        [failure for failure in FAILURES if failure.applies(drawn)],
        drawn.institution(drawn.representative),
    )
