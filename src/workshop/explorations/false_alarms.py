"""Where would one draw the line for an alert? Published estimates, counted in bins without the names of states.

The kit keeps a small count, `data/tables/early_warning_bins.csv`: how many states have an estimated chance
between two edges. `extract` made it from the published estimates, so anybody who has them can make it again.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from workshop.content.tables import table
from workshop.explorations.kit.interactive import Explored
from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Choice, Slider
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, INK, ORANGE

SOURCE = "SRC_EWP_2025"
# In percent. Narrow where most states are, and no bin holds fewer than three, so that none stands alone.
EDGES = [0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 13]
EDITIONS = ["2025-26", "2024-25"]
LEVELS = EDGES[1:-1]


def extract(estimates: pd.DataFrame) -> pd.DataFrame:
    """One row for each edition and bin, out of one row for each edition (`window`) and state.

    `onset_probability` runs from 0 to 1, as published; a chance on an edge belongs to the bin above it.
    """
    percent = (100 * estimates["onset_probability"]).round(6)
    bins = pd.cut(percent, EDGES, right=False, labels=False)
    counts = estimates.groupby(["window", bins.rename("bin")]).size().rename("states").reset_index()
    return pd.DataFrame(
        [
            {
                "edition": row.window,
                "chance_from": EDGES[row.bin],
                "chance_below": EDGES[row.bin + 1],
                "states": row.states,
                "source": SOURCE,
            }
            for row in records(counts)
        ]
    )


def bins(edition: str) -> pd.DataFrame:
    """The bins of one edition, lowest first."""
    rows = table("early_warning_bins")
    return rows[rows["edition"] == edition].sort_values("chance_from")


def counted(rows: pd.DataFrame) -> tuple[int, float, float]:
    """(states, fewest, most new mass killings expected among them): the sum of the chances by the edges of the bins."""
    states = rows["states"].astype(int)
    fewest, most = (float((states * rows[edge].astype(float)).sum()) / 100 for edge in ("chance_from", "chance_below"))
    return int(states.sum()), fewest, most


def view(level: float = 4, edition: str = EDITIONS[0]) -> figures.FigureView:
    """The figure: how many states an alert from `level` percent would reach, and what would be expected on either
    side.
    """
    rows = bins(edition)
    alerted, quiet = rows[rows["chance_from"] >= level], rows[rows["chance_from"] < level]
    alerts, fewest, most = counted(alerted)
    others, missed_fewest, missed_most = counted(quiet)

    def draw(axes: Axes) -> None:
        figure = axes.figure
        axes.remove()
        bars, sums = figure.subplots(2, 1, height_ratios=[3, 1.1])
        for place, row in enumerate(records(rows)):
            raised = row.chance_from >= level
            bars.bar(
                place,
                row.states,
                width=0.82,
                color=ORANGE if raised else BLUE,
                hatch="//" if raised else None,
                edgecolor="white",
            )
            bars.text(
                place,
                row.states + 0.8,
                str(row.states),
                ha="center",
                va="bottom",
                fontsize=11,
                weight="bold" if raised else "normal",
            )
        line = len(quiet) - 0.5
        bars.axvline(line, color=INK, linestyle=(0, (5, 3)), linewidth=1.6)
        left = line > 6  # no room for the words on the right of the line
        bars.text(
            line + (-0.15 if left else 0.15),
            61,
            f"alert from here: {alerts} states",
            ha="right" if left else "left",
            va="top",
            fontsize=11,
            color=ORANGE,
            weight="bold",
        )
        bars.set_xticks(range(len(rows)), [between(row).replace(" ", "\n", 1) for row in records(rows)], fontsize=10)
        bars.set_ylim(0, 62)
        bars.set_ylabel("Number of states")
        bars.set_xlabel("Estimated chance of a new mass killing within two years, percent", fontsize=11)
        for place, (low, high, colour, hatch) in enumerate(
            [(fewest, most, ORANGE, "//"), (missed_fewest, missed_most, BLUE, None)]
        ):
            sums.barh(place, high - low, left=low, height=0.5, color=colour, hatch=hatch, edgecolor="white")
            sums.text(high + 0.05, place, span(low, high), va="center", fontsize=11, color=INK)
        sums.set_yticks([0, 1], ["with an alert", "without: missed"])
        sums.set_ylim(1.5, -0.5)
        sums.set_xlim(0, 4)
        sums.set_xlabel("New mass killings expected within two years, all states together", fontsize=11)
        sums.tick_params(axis="y", length=0)
        sums.spines["left"].set_color(GREY)

    return figures.FigureView(
        figures.Drawing(
            draw,
            height=5.3,
            source="Source: Early Warning Project, Statistical Risk Assessment 2025, own count in bins",
        ),
        title=f"An alert from {level:g} percent would reach {alerts} of {alerts + others} states",
        alt=f"Bars: how many of {alerts + others} states have an estimated chance in each of {len(rows)} bins, edition "
        f"{edition}. Most bars stand at the low end. From {level:g} percent on the bars are marked: {alerts} states. "
        f"Below, two ranges of what is expected within two years: {span(fewest, most)} among the states with an alert, "
        f"{span(missed_fewest, missed_most)} among the others.",
        note=reading(level, alerts, fewest, most, others, missed_fewest, missed_most),
        keys=[SOURCE, "EWP-DEF", "OWN"],
        remarks=[
            "An estimate is not a forecast. It says how often a new mass killing began where the statistics looked "
            "alike, and knows nothing of plans, people or what was done since. Less than 1,000 people killed is grave "
            "as well, and is not in it. The sums hold if the estimates are right on average. Which states stand in a "
            "bin is left out on purpose: this workshop ranks nobody."
        ],
        table=(
            ["Estimated chance, percent", "States", "New mass killings expected among them", "Alert"],
            [
                [
                    between(row),
                    int(row.states),
                    f"{row.states * row.chance_from / 100:.2f} to {row.states * row.chance_below / 100:.2f}",
                    "yes" if row.chance_from >= level else "no",
                ]
                for row in records(rows)
            ],
        ),
    )


def between(row: Any) -> str:
    """The edges of a bin in words."""
    return f"{row.chance_from:g} to {row.chance_below:g}" if row.chance_from else f"under {row.chance_below:g}"


def span(fewest: float, most: float) -> str:
    """A range of expected events in words: nobody should read a rounded nought as none."""
    return f"{fewest:.1f} to {most:.1f}" if most >= 0.05 else "fewer than 0.05"


def reading(
    level: float, alerts: int, fewest: float, most: float, others: int, missed_fewest: float, missed_most: float
) -> str:
    """What the line does, in words: alerts, false alarms, misses, and what a chance of this size means."""
    followed_by_none = round(alerts - (fewest + most) / 2)
    false_alarms = f"about {followed_by_none}" if followed_by_none < alerts else "nearly all"
    return (
        f"A chance of {level:g} percent means: among {round(100 / level)} states with just this estimate, one new mass "
        f"killing would be expected within two years. An alert from {level:g} percent on would reach {alerts} states. "
        f"Among them {span(fewest, most)} would be expected, so {false_alarms} of these alerts would be followed by "
        f"none. Among the {others} states without an alert {span(missed_fewest, missed_most)} would be expected: "
        "nobody would have been warned of them."
    )


def explored() -> Explored:
    """At which level would one raise an alert? Each line has false alarms above it and misses below."""
    controls = {
        "level": Slider("Raise an alert from", [(f"{level:g} percent", level) for level in LEVELS], 4),
        "edition": Choice(
            "Two years the estimates are for", [(edition.replace("-", " and 20"), edition) for edition in EDITIONS]
        ),
    }
    return Explored(view, controls)
