"""Three cases of asking for help, step by step: who asked, who answered, how long it took, who consented at home."""

from textwrap import wrap
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from pandas import isna

from workshop.content.tables import table
from workshop.explorations.kit.interactive import Explored
from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Choice
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, INK, ORANGE

CASES = {
    "Kenya": "Kenya, 2007 to 2013, and after",
    "Sudan": "Sudan, 2005 to 2011, and after",
    "Solomon Islands": "Solomon Islands, 2000 to 2017, and after",
}
SHOWN = {
    "everything": "All steps",
    "asked": "Who asked, and who refused",
    "answered": "Who answered",
    "waited": "How long it took",
    "consent": "What was agreed at home",
    "limit": "What it did not settle",
}
KINDS = {
    "need": ("what called for help", "s", GREY),
    "asked": ("asked, or foreseen in an agreement", "^", BLUE),
    "refused": ("refused", "X", ORANGE),
    "answered": ("answered", "v", BLUE),
    "consent": ("agreed at home", "o", INK),
    "ended": ("end of the event or of the help", "D", GREY),
    "limit": ("not settled", "P", ORANGE),
}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
# (from, to, words for the title): the steps between which a time is measured, by the first words of their events.
WAITS = {
    "Kenya": [("The result", "The parties sign", "from the disputed result to the accord")],
    "Sudan": [("A peace agreement", "The vote is held", "from the agreement to the vote")],
    "Solomon Islands": [
        ("The prime minister asks", "The mission lands", "from the first request to the landing"),
        ("A later prime minister", "The mission lands", "from the second"),
    ],
}
LETTERS = 84  # as many letters as fit beside one another over the whole width
FAINT, BEHIND = "#C4C4C4", "#767676"
NOT_CAUSE = "The order of events shows what came after what. It does not show what caused what."


class Step(NamedTuple):
    """One dated step of a case."""

    year: int
    month: int | None
    kind: str
    event: str
    source: str

    @property
    def when(self) -> str:
        return f"{MONTHS[self.month - 1]} {self.year}" if self.month else f"{self.year}, month not found"

    @property
    def at(self) -> float:
        """Where it stands on the axis of years; a step without a month stands in the middle of its year."""
        return self.year + ((self.month - 0.5) / 12 if self.month else 0.5)


def steps(case: str) -> list[Step]:
    """The steps of a case in the order of the table, which is the order in time as far as it is known."""
    rows = table("asking_for_help")
    return [
        Step(int(row.year), None if isna(row.month) else int(row.month), row.kind, row.event, row.source)
        for row in records(rows[rows["case"] == case])
    ]


def waits(case: str) -> list[tuple[Step, Step, int]]:
    """(from, to, months) for each wait of a case."""
    in_order = steps(case)

    def begins(words: str) -> tuple[Step, int]:
        """The step, and its month counted from the beginning of our era."""
        step = next(step for step in in_order if step.event.startswith(words))
        if step.month is None:
            raise ValueError(f"A wait needs a month, and the step “{step.event}” of {case} has none.")
        return step, 12 * step.year + step.month

    pairs = [(begins(first), begins(second)) for first, second, _ in WAITS[case]]
    return [(start, end, last - first) for (start, first), (end, last) in pairs]


def lasting(months: int) -> str:
    """A number of months in words."""
    years, rest = divmod(months, 12)
    parts = [
        f"{years} year{'' if years == 1 else 's'}" if years else "",
        f"{rest} month{'' if rest == 1 else 's'}" if rest else "",
    ]
    return " and ".join(part for part in parts if part)


def chosen(show: str, case: str) -> list[Step]:
    """The steps that a choice brings to the front."""
    found = steps(case)
    if show == "everything":
        return found
    if show == "waited":
        return [step for step in found if any(step in pair[:2] for pair in waits(case))]
    wanted = {"asked": ("asked", "refused"), "answered": ("answered",), "consent": ("consent",), "limit": ("limit",)}[
        show
    ]
    return [step for step in found if step.kind in wanted]


def view(case: str = "Kenya", show: str = "everything") -> figures.FigureView:
    """The figure: the steps of one case in time, and in front those that the question asks for."""
    found, front = steps(case), chosen(show, case)
    first, last = found[0].year, max(step.year for step in found) + 1
    middle = first + (last - first) / 2
    measured = waits(case) if show == "waited" else []

    def draw(axes: Axes) -> None:
        for line, step in enumerate(found):
            _, marker, colour = KINDS[step.kind]
            here = step in front
            axes.plot([first, last], [line, line], color="#EDEDED", linewidth=0.8, zorder=0)
            if not step.month:
                axes.plot(
                    [step.year, step.year + 1],
                    [line, line],
                    color=colour if here else FAINT,
                    linewidth=5,
                    alpha=0.35,
                    solid_capstyle="butt",
                )
            axes.plot(
                step.at, line, marker=marker, markersize=9 if here else 6, color=colour if here else FAINT, zorder=3
            )
            left = step.at > middle
            edge = step.at if step.month else step.year if left else step.year + 1
            room = ((edge - first) if left else (last - edge)) / (last - first)
            axes.annotate(
                "\n".join(wrap(step.event, min(58, int(LETTERS * room)))),
                (edge, line),
                xytext=(-9 if left else 9, 0),
                textcoords="offset points",
                ha="right" if left else "left",
                va="center",
                fontsize=10,
                color=INK if here else BEHIND,
                weight="bold" if here and show != "everything" else "normal",
                annotation_clip=False,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.9},
            )
        for line, (start, end, months) in enumerate(measured, len(found)):
            axes.plot(
                [start.at, end.at], [line, line], color=BLUE, linewidth=3, marker="|", markersize=12, markeredgewidth=3
            )
            axes.annotate(
                lasting(months),
                (end.at, line),
                xytext=(9, 0),
                textcoords="offset points",
                va="center",
                weight="bold",
                fontsize=10.5,
            )
        axes.set_ylim(len(found) + len(measured) - 0.4, -0.6)
        axes.set_xlim(first - 0.4, last + 0.2)
        axes.set_yticks(
            range(len(found) + len(measured)),
            [short(step) for step in found] + ["between" for _ in measured],
            fontsize=10,
        )
        for tick, step in zip(
            axes.get_yticklabels(), found, strict=False
        ):  # the labels of the waits, at the end, stay dark
            tick.set_color(INK if step in front else BEHIND)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True))
        shapes = [KINDS[kind] for kind in KINDS if any(step.kind == kind for step in found)]
        axes.figure.legend(
            handles=[
                Line2D([], [], linestyle="", marker=marker, markersize=8, color=colour, label=label)
                for label, marker, colour in shapes
            ],
            loc="outside upper left",
            ncols=3,
            fontsize=10.5,
            handletextpad=0.3,
            columnspacing=1.2,
        )

    keys = [key for step in found for key in step.source.split(";")]
    return figures.FigureView(
        figures.Drawing(
            draw,
            height=1.5 + 0.46 * (len(found) + len(measured)),
            source="Source: texts named row by row in the table below the picture",
        ),
        title=f"{case}: {title(show, case)}",
        alt=f"A line of time with {len(found)} steps, {case}. In front: "
        + ("; ".join(f"{step.when}, {KINDS[step.kind][0]}: {step.event}" for step in front) or "none of them")
        + ".",
        note=f"{note(show, case)} {NOT_CAUSE}",
        keys=keys,
        remarks=[
            "A band in place of a point means that our sources give the year and not the month. Talks that nobody "
            "published are not here. "
            "The three cases are not compared for merit: what was asked, and of whom, was different in each."
        ],
        table=(
            ["When", "Kind of step", "Step", "Sources"],
            [[step.when, KINDS[step.kind][0], step.event, step.source.replace(";", "; ")] for step in found],
        ),
    )


def short(step: Step) -> str:
    return f"{MONTHS[step.month - 1][:3]} {step.year}" if step.month else str(step.year)


def title(show: str, case: str) -> str:
    if show == "waited":
        return ", ".join(
            f"{lasting(months)} {words}" for (*_, months), (*_, words) in zip(waits(case), WAITS[case], strict=True)
        )
    return {
        "everything": "the steps that our sources date",
        "asked": "who asked, and who refused",
        "answered": "who answered",
        "consent": "what was agreed at home",
        "limit": "what it did not settle",
    }[show]


NOTES = {
    (
        "Kenya",
        "everything",
    ): "Two months lie between the disputed result and the accord, five years between the accord and the next vote.",
    (
        "Kenya",
        "asked",
    ): "No row here is marked as asked: the parties accepted a mediation that the African Union offered. To accept is "
    "one way to ask.",
    ("Kenya", "answered"): "The panel of the region came within weeks. Our sources give no exact day.",
    ("Kenya", "waited"): "The accord came two months after the disputed result.",
    (
        "Kenya",
        "consent",
    ): "The signature of 2008 was followed by a law, a constitution and a local accord: most of the five years was "
    "work at home.",
    (
        "Kenya",
        "limit",
    ): "A calm vote was not the same as calm people, and after the vote of 2017 there was violence again.",
    (
        "Sudan",
        "everything",
    ): "The agreement named the vote and the watchers six years ahead; most of the outside effort came in the last "
    "year.",
    ("Sudan", "asked"): "Nobody had to ask in a crisis: outside watchers were part of the agreement.",
    ("Sudan", "answered"): "The help was large, and late.",
    (
        "Sudan",
        "waited",
    ): "Six years were foreseen between the agreement and the vote. They were meant as time to prepare.",
    ("Sudan", "consent"): "Two parties signed for everybody. Who was not at that table is a question to ask.",
    (
        "Sudan",
        "limit",
    ): "An event passed in peace. The same year brought fighting elsewhere, and later years brought two wars.",
    (
        "Solomon Islands",
        "everything",
    ): "A request was refused in 2000 and granted in 2003; the mission that came stayed until 2017.",
    ("Solomon Islands", "asked"): "The same state asked twice. The refusal is orange.",
    ("Solomon Islands", "answered"): "In 2003 the answer came from the region as a whole, with Australia in it.",
    (
        "Solomon Islands",
        "waited",
    ): "From the first request to the landing it took more than three years, from the second three months.",
    ("Solomon Islands", "consent"): "Consent at home had three forms, and parliament was unanimous.",
    (
        "Solomon Islands",
        "limit",
    ): "Riots came during the mission and after it. Our sources do not say what the mission could have changed in "
    "that.",
}


def note(show: str, case: str) -> str:
    return NOTES[case, show]


def explored() -> Explored:
    """Who asked, who answered, how long did it take, and who consented?"""
    return Explored(
        view,
        {
            "case": Choice("Which case", [(name, key) for key, name in CASES.items()]),
            "show": Choice("What to bring to the front", [(name, key) for key, name in SHOWN.items()]),
        },
    )
