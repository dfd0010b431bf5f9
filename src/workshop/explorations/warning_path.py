"""A small model of our own: how many warnings of a town are answered in time, and where the others are lost.

A warning passes through offices, one after the other. Each passes it on with a chance, after a delay. A thousand
invented warnings run down the chain, always with the same luck, so that moving one control shows what it changes.
"""

import math
from functools import cache
from random import Random
from typing import TypedDict

from matplotlib.axes import Axes

from workshop.explorations.kit.interactive import Explored, slider
from workshop.explorations.kit.widgets import Choice, Tick
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, ORANGE, SKY

WARNINGS, SEED = 1000, 20
# Three chances of one hand-over: passed on, passed on at a second asking, and the part of the delay that it takes.
Luck = tuple[float, float, float]
OFFICES = ("town hall", "district", "province", "police analysis", "ministry desk", "deputy's office")
DECIDER = "board that decides"


class Outcome(TypedDict):
    """How many warnings were lost at each hand-over, answered late, and answered in time."""

    lost: list[int]
    late: int
    timely: int


@cache
def luck() -> list[list[Luck]]:
    """For each warning and each hand-over: will it be passed on, at a second asking, after which part of the delay."""
    random = Random(SEED)
    return [
        [(random.random(), random.random(), random.random()) for _ in range(len(OFFICES) + 1)] for _ in range(WARNINGS)
    ]


def handed_over(draw: Luck, chance: float, days: float, reminder: bool) -> float | None:
    """The days that one hand-over takes, or None when the warning is lost in it."""
    first, second, part = draw
    wait = -math.log(1 - part) * days
    if first < chance / 100:
        return wait
    # Who asks again has waited as long as an answer usually takes.
    return days + wait if reminder and second < chance / 100 else None


def run(
    links: int = 4,
    chance: float = 80,
    days: float = 2,
    deadline: float = 7,
    reminder: bool = False,
    second: bool = False,
) -> Outcome:
    """What became of the warnings: lost at each hand-over, answered late, answered in time."""
    lost, late, timely = [0] * links, 0, 0
    for draws in luck():
        total, lost_at = 0.0, None
        for number in range(links):
            step = handed_over(draws[number], chance, days, reminder)
            if step is None:
                lost_at = number
                break
            total += step
        direct = handed_over(draws[-1], chance, days, reminder) if second else None
        ends = [end for end in (None if lost_at is not None else total, direct) if end is not None]
        if not ends and lost_at is not None:
            lost[lost_at] += 1
        elif min(ends) <= deadline:
            timely += 1
        else:
            late += 1
    return {"lost": lost, "late": late, "timely": timely}


def view(
    links: int = 4,
    chance: float = 80,
    days: float = 2,
    deadline: float = 7,
    reminder: bool = False,
    second: bool = False,
) -> figures.FigureView:
    """The figure: what became of a thousand warnings."""
    outcome = run(links, chance, days, deadline, reminder, second)
    rows = [
        (f"lost between {sender} and {receiver}", count / 10)
        for sender, receiver, count in zip(OFFICES[:links], [*OFFICES[1:links], DECIDER], outcome["lost"], strict=True)
    ]
    rows += [("answered, but late", outcome["late"] / 10), (f"answered within {deadline} days", outcome["timely"] / 10)]
    colours = [ORANGE] * links + [SKY, BLUE]
    hatches = ["//"] * links + ["..", ""]

    def draw(axes: Axes) -> None:
        names = [name for name, _ in rows][::-1]
        bars = axes.barh(names, [share for _, share in rows][::-1], color=colours[::-1], edgecolor="white", height=0.7)
        for bar, hatch, (_, share) in zip(bars, hatches[::-1], rows[::-1], strict=True):
            bar.set_hatch(hatch)
            axes.text(share + 1, bar.get_y() + bar.get_height() / 2, f"{share:.0f}", va="center", color=figures.INK)
        axes.set_xlim(0, 105)
        axes.set_xlabel("Of 100 warnings")
        axes.spines["left"].set_color(GREY)
        axes.tick_params(axis="y", length=0)

    gone = sum(outcome["lost"]) / 10
    title = f"Of 100 warnings {rows[-1][1]:.0f} are answered within {deadline} days, and {gone:.0f} are never answered"
    helps = [
        words
        for on, words in (
            (reminder, "who hears nothing asks once again"),
            (second, "the town hall may also call the board"),
        )
        if on
    ]
    setting = (
        f"{links} hand-overs, each with a chance of {chance} percent and {days} {'day' if days == 1 else 'days'} on "
        "average" + (f"; {' and '.join(helps)}" if helps else "")
    )
    return figures.FigureView(
        figures.Drawing(
            draw,
            height=1.6 + 0.42 * len(rows),
            source="Own teaching model, invented offices: not a finding about any country",
        ),
        title=title,
        alt=f"Bars for what became of 100 warnings: {'; '.join(f'{name} {share:.0f}' for name, share in rows)}.",
        note=f"With {setting}: {rows[-1][1]:.0f} of 100 warnings are answered in time, {rows[-2][1]:.0f} late, "
        f"{gone:.0f} never.",
        remarks=[
            "The model is ours and simple: offices do not tire, learn, or speak to one another in the corridor, and "
            "every warning is alike. The numbers teach how links multiply. They say nothing about a real office."
        ],
        table=(("What became of it", "Of 100 warnings"), [(name, f"{share:.1f}") for name, share in rows]),
    )


def explored() -> Explored:
    """Controls for the chain above its figure."""
    return Explored(
        view,
        {
            "links": slider("Hand-overs until somebody decides", 1, len(OFFICES), 4),
            "chance": Choice(
                "Chance that an office passes a warning on",
                [(f"{number} percent", number) for number in (50, 60, 70, 80, 90, 95, 99)],
                80,
            ),
            "days": slider("Days an office takes, on average", 1, 10, 2, "days"),
            "deadline": slider("Days within which the town needs an answer", 1, 30, 7, "days"),
            "reminder": Tick("Who hears nothing asks once again"),
            "second": Tick("The town hall may also call the board directly"),
        },
    )
