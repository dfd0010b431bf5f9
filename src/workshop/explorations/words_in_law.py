"""How long words took to become law: the states that joined a treaty, year by year, without their names.

The kit keeps `data/tables/treaty_joinings.csv`. `extract` made it from a list with a row for each state and treaty
(columns treaty, status, year, withdrawal_effective), so anybody who has such a list can make it again.
"""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from workshop.content.tables import table
from workshop.explorations.counts.treaties import TREATIES, parties, years_until
from workshop.explorations.kit.interactive import Explored, slider
from workshop.explorations.kit.widgets import Choice
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, ORANGE

NONE = ""
FIRST, LAST = 1949, 2026


def extract(published: pd.DataFrame, sources: Mapping[str, str]) -> pd.DataFrame:
    """One row for each treaty and year in which states joined or left; `sources` maps a treaty to its source keys."""
    kept = published[published["treaty"].isin(TREATIES) & published["status"].isin(["party", "withdrawn"])]
    joined = kept.groupby(["treaty", "year"]).size().rename("joined")
    withdrawn = kept[kept["status"] == "withdrawn"]
    withdrawn = withdrawn.assign(year=withdrawn["withdrawal_effective"].str[:4].astype(int))
    left = withdrawn.groupby(["treaty", "year"]).size().rename("left")
    rows = pd.concat([joined, left], axis=1).fillna(0).astype(int).sort_index().reset_index()
    return rows.assign(year=rows["year"].astype(int), source=rows["treaty"].map(sources))


def view(treaty: str = "genocide_convention", beside: str = NONE, year: int = 2005) -> figures.FigureView:
    """The figure: parties of one treaty over time, another one beside it if wanted, and a year to read off."""
    rows = table("treaty_joinings")
    shown = [treaty, *([beside] if beside not in (NONE, treaty) else [])]
    counts = {name: parties(rows, name) for name in shown}
    styles = {treaty: (BLUE, "-"), beside: (ORANGE, (0, (5, 2)))} if len(shown) > 1 else {treaty: (BLUE, "-")}

    def draw(axes: Axes) -> None:
        for name, line in counts.items():
            colour, dash = styles[name]
            axes.step(
                [*line.index, line.index[-1] + 0.9],
                [*line, line.iloc[-1]],
                where="post",
                color=colour,
                linestyle=dash,
                linewidth=2.4,
                label=TREATIES[name][0],
            )
            if (there := at(line, year)) is not None:
                axes.plot([year], [there], marker="o", color=colour, markersize=8, zorder=5)
                axes.annotate(
                    str(there),
                    (year, there),
                    xytext=(-6, 7),
                    textcoords="offset points",
                    ha="right",
                    weight="bold",
                    color=colour,
                )
        axes.axvline(year, color=GREY, linewidth=1.2, linestyle=":")
        axes.set_xlim(FIRST - 1, LAST + 1)
        axes.set_ylim(0, 205)
        axes.set_ylabel("States that are party")
        axes.grid(axis="y")
        axes.legend(loc="upper left", fontsize=11)

    name, until = TREATIES[treaty]
    line = counts[treaty]
    there = at(line, year)
    said = [
        f"{name}: first joined in {line.index[0]}, {line.iloc[-1]} parties on the list of {until}"
        for name, until, line in ((*TREATIES[key], counts[key]) for key in shown)
    ]
    return figures.FigureView(
        figures.Drawing(
            draw, height=4.6, source="Source: UN Treaty Collection and later lists, own count; no state is named"
        ),
        title=f"{name}: {there} parties at the end of {year}" if there is not None else f"{name}: no count for {year}",
        alt="Lines that rise in steps. " + "; ".join(said) + ".",
        note=" ".join(
            [
                reading(name, line, year, until),
                *([reading(TREATIES[beside][0], counts[beside], year, TREATIES[beside][1])] if len(shown) > 1 else []),
            ]
        ),
        keys=[
            key
            for name in shown
            for cell in dict.fromkeys(rows[rows["treaty"] == name]["source"])
            for key in cell.split(";")
        ],
        remarks=[
            "To join is to be bound by the words. Whether they are kept, and with which reservations a state joined, "
            "is not in this picture. A new state that took over a treaty counts from the year in which it said so. "
            "Lists end at different dates; joinings and withdrawals after them are missing."
        ],
        table=(
            ["Year", *(TREATIES[name][0] for name in shown)],
            [
                [y, *("" if (n := at(counts[name], y)) is None else n for name in shown)]
                for y in range(
                    min(int(counts[name].index[0]) for name in shown),
                    max(int(counts[name].index[-1]) for name in shown) + 1,
                )
            ],
        ),
    )


def at(counts: "pd.Series[int]", year: int) -> int | None:
    """The count at the end of a year: 0 before the first joining, None after the list ends."""
    if year < counts.index[0]:
        return 0
    return int(counts[year]) if year in counts.index else None


def reading(name: str, counts: "pd.Series[int]", year: int, until: str) -> str:
    """What the line of one treaty says, in two sentences."""
    there, hundred = at(counts, year), years_until(counts, 100)
    first = f"{name}: {there} at the end of {year}." if there is not None else f"{name}: the list ends with {until}."
    second = (
        f"The hundredth state joined {hundred} years after the first."
        if hundred is not None
        else f"On the list of {until} it had {int(counts.iloc[-1])}."
    )
    return f"{first} {second}"


def explored() -> Explored:
    """How fast did states join a treaty? Choose one, another to set beside it, and a year."""
    names = [(name, key) for key, (name, _) in TREATIES.items()]
    controls = {
        "treaty": Choice("Treaty", names),
        "beside": Choice("Set beside it", [("nothing", NONE), *names]),
        "year": slider("Year to read off", FIRST, LAST, 2005),
    }
    return Explored(view, controls)
