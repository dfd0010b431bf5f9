"""Published prevention money beside deaths in organised violence: why no direct link can be drawn.

Money is in `un_prevention_finance`. Deaths are in `organised_violence`, which `extract` made from the file that Our
World in Data publishes:

    published = pandas.read_csv("Violent deaths in conflicts and one-sided violence since 1989.csv", na_values=["NA"])
    extract(published).to_csv("data/tables/organised_violence.csv", index=False, lineterminator="\\n")
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from workshop.content.tables import table
from workshop.explorations.kit.interactive import Explored
from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Choice, Slider
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, ORANGE, PALE

DEATHS_SOURCE = "SRC_OWID_UCDP_2022"
COLUMNS = {
    "Entity": "region",
    "Year": "year",
    "Deaths in all types of conflict": "all",
    "Deaths in state-based conflict": "state_based",
    "Deaths in non-state conflict": "non_state",
    "Deaths in one-sided violence": "one_sided",
}
TYPES = {
    "all": "all organised violence",
    "state_based": "fighting in which a state takes part",
    "non_state": "fighting between armed groups",
    "one_sided": "killing of civilians on purpose",
}
MONEY = {
    "appeal_requested": (
        "the UN’s political appeal, asked for",
        "Asked for by the UN’s political department (Multi-Year Appeal)",
    ),
    "peacebuilding_fund_approved": (
        "the Peacebuilding Fund, projects approved",
        "Approved by the UN Peacebuilding Fund",
    ),
}
REGIONS = ["World", "Africa", "Americas", "Asia", "Europe", "Middle East"]
# Year of the money, million dollars, year of the deaths, deaths.
Pair = tuple[int, float, int, int]
LAGS = range(-3, 6)
ENOUGH = 4  # points, below which not even a spreadsheet's number is worth printing
FIRST, LAST = 2005, 2024  # the years of the picture: money is known from 2009 to 2023, deaths to 2020


def extract(published: pd.DataFrame) -> pd.DataFrame:
    """Deaths by region, year and type out of the published file."""
    rows = published.rename(columns=COLUMNS)[list(COLUMNS.values())]
    return rows.fillna(0).astype(dict.fromkeys(TYPES, int)).assign(source=DEATHS_SOURCE)


def money(series: str) -> dict[int, float]:
    """Million US dollars by year, for the years that are published."""
    rows = table("un_prevention_finance")
    rows = rows[rows["series"] == series]
    return {int(row.year): round(float(row.amount_usd) / 1_000_000, 1) for row in records(rows)}


def deaths(region: str, kind: str) -> dict[int, int]:
    """Deaths by year."""
    rows = table("organised_violence")
    rows = rows[rows["region"] == region]
    return {int(year): int(number) for year, number in zip(rows["year"], rows[kind], strict=True)}


def pairs(series: str, region: str, kind: str, lag: int) -> list[Pair]:
    """(year of the money, million dollars, year of the deaths, deaths) wherever both are published."""
    known = deaths(region, kind)
    return [
        (year, amount, year + lag, known[year + lag])
        for year, amount in sorted(money(series).items())
        if year + lag in known
    ]


def correlation(points: Sequence[Pair]) -> float:
    """The number that a spreadsheet would print for these points; it needs at least three."""
    value = np.corrcoef([amount for _, amount, _, _ in points], [number for *_, number in points])[0, 1]
    return round(float(value), 2) + 0.0


def without_one(points: Sequence[Pair]) -> tuple[float, float]:
    """The smallest and the largest correlation when any one of the points is left out."""
    values = [correlation([*points[:left_out], *points[left_out + 1 :]]) for left_out in range(len(points))]
    return min(values), max(values)


def view(
    shown: str = "years", series: str = "appeal_requested", region: str = "World", kind: str = "all", lag: int = 0
) -> figures.FigureView:
    """The figure: money and deaths year by year, or one dot for each year in which both are known."""
    points = pairs(series, region, kind, lag)
    draw = by_year(series, region, kind, points) if shown == "years" else by_dot(points, lag)
    where = "the world" if region == "World" else region
    count = f"{len(points)} pair{'' if len(points) == 1 else 's'} of figures"
    known, gaps = (
        money(series),
        [year for year in range(min(money(series)), max(money(series)) + 1) if year not in money(series)],
    )
    return figures.FigureView(
        figures.Drawing(
            draw,
            height=5.0,
            source="Source: reports of the UN; Our World in Data on Uppsala Conflict Data Program, GED 21.1",
        ),
        title=f"{MONEY[series][0][0].upper()}{MONEY[series][0][1:]}, beside {TYPES[kind]} in {where}: {count}",
        alt=f"{len(known)} known amounts between {min(known)} and {max(known)}, with {len(gaps)} years missing in "
        f"between; deaths from {TYPES[kind]} in {where} "
        f"to 2020. Pairs: "
        + (
            "; ".join(
                f"{year}: {amount:g} million dollars, {later}: {number:,} killed"
                for year, amount, later, number in points
            )
            or "none"
        )
        + ".",
        note=verdict(points, lag, series, region, kind),
        keys=[*sorted(set(table("un_prevention_finance").query("series == @series")["source"])), DEATHS_SOURCE],
        remarks=[
            "Money in current prices, so a part of any rise is only inflation. Deaths are best estimates; the table we "
            "use has no ranges. Not in the picture: money spent by states at home, by regional bodies or by anyone "
            "else; where the money went; what would have happened without it. The deaths end in 2020."
        ],
        table=(
            ["Year of the money", "Million US dollars", "Year of the deaths", "Deaths"],
            [[year, f"{amount:g}", later, f"{number:,}"] for year, amount, later, number in points]
            or [["none", "none", "none", "none"]],
        ),
    )


def by_year(series: str, region: str, kind: str, points: Sequence[Pair]) -> Callable[[Axes], None]:
    """Money above, deaths below, on the same years; the paired years are marked."""
    known, killed = money(series), deaths(region, kind)

    def draw(axes: Axes) -> None:
        figure = axes.figure
        axes.remove()
        above, below = figure.subplots(2, 1, sharex=True)
        paired, later = {year for year, *_ in points}, {year for _, _, year, _ in points}
        above.bar(
            known.keys(),
            known.values(),
            width=0.7,
            color=[BLUE if year in paired else "white" for year in known],
            edgecolor=BLUE,
        )
        for year, amount in known.items():
            above.text(year, amount, f"{amount:.0f}", ha="center", va="bottom", fontsize=10)
        for year in range(min(known), max(known)):
            if year not in known:
                above.text(year, 0, "?", ha="center", va="bottom", color=GREY)
        above.set_ylim(0, max(known.values()) * 1.25)
        figure.legend(
            handles=[
                Patch(facecolor=BLUE, label="money, with deaths beside it"),
                Patch(facecolor="white", edgecolor=BLUE, label="money alone"),
                Patch(facecolor=ORANGE, edgecolor=GREY, hatch="//", label="deaths, with money beside them"),
                Patch(facecolor="white", label="? no published figure found"),
            ],
            loc="outside upper left",
            ncols=2,
            fontsize=10.5,
        )
        above.set_ylabel("Million\nUS dollars")
        years = [year for year in killed if year >= FIRST]
        below.bar(
            years,
            [killed[year] / 1000 for year in years],
            width=0.7,
            color=[ORANGE if year in later else PALE for year in years],
            edgecolor=GREY,
            hatch="//",
            linewidth=0.6,
        )
        below.set_ylabel("Deaths,\nthousands")
        below.set_xlim(FIRST - 0.6, LAST + 0.6)
        below.set_xticks(range(FIRST, LAST + 1, 3))

    return draw


def by_dot(points: Sequence[Pair], lag: int) -> Callable[[Axes], None]:
    """One dot for each pair, with its years beside it."""

    def draw(axes: Axes) -> None:
        if not points:
            axes.text(0.5, 0.5, "No year in which both are published", ha="center", transform=axes.transAxes)
            return
        axes.plot(
            [amount for _, amount, _, _ in points],
            [number / 1000 for *_, number in points],
            marker="o",
            linestyle="none",
            color=BLUE,
            markersize=10,
        )
        for year, amount, later, number in points:
            axes.annotate(
                f"{year}" if lag == 0 else f"{year} and {later}",
                (amount, number / 1000),
                xytext=(8, 6),
                textcoords="offset points",
            )
        axes.set_xlim(0, max(amount for _, amount, _, _ in points) * 1.25)
        axes.set_ylim(0, max(max(number for *_, number in points) / 1000 * 1.25, 0.1))
        axes.set_xlabel("Million US dollars")
        axes.set_ylabel("Deaths, thousands")
        axes.grid()

    return draw


def verdict(points: Sequence[Pair], lag: int, series: str, region: str, kind: str) -> str:
    """What the figure allows to say, and what it does not."""
    if len(points) < ENOUGH:
        return (
            f"Only {len(points)} pair{'' if len(points) == 1 else 's'}: too few for any sum. The gaps are years "
            "for which we found no published figure."
        )
    now, spread = correlation(points), without_one(points)
    said = (
        f"A spreadsheet prints a correlation of {now:+.2f} for these {len(points)} points. Leave out any one of them "
        f"and it lies between {spread[0]:+.2f} and {spread[1]:+.2f}."
    )
    lagged = [pairs(series, region, kind, step) for step in LAGS if step != lag]
    others = [correlation(points) for points in lagged if len(points) >= ENOUGH]
    said += (
        f" With other lags, each on no more than {len(money(series))} points, the number runs from "
        f"{min(others):+.2f} to {max(others):+.2f}."
    )
    return (
        said + " It cannot tell whether money followed violence, violence followed money, or something else moved both."
    )


def lag_words(step: int) -> str:
    if step == 0:
        return "the same year"
    years = f"{abs(step)} year{'' if abs(step) == 1 else 's'}"
    return f"deaths {years} after the money" if step > 0 else f"deaths {years} before the money"


def explored() -> Explored:
    """Money and deaths beside one another, with everything that would have to be known before one may speak of
    cause.
    """
    controls = {
        "series": Choice("Which money", [(words, key) for key, (_, words) in MONEY.items()]),
        "region": Choice("Deaths where", [("The world" if name == "World" else name, name) for name in REGIONS]),
        "kind": Choice("Type of violence", [(words[0].upper() + words[1:], key) for key, words in TYPES.items()]),
        "lag": Slider("Lag between money and deaths", [(lag_words(step), step) for step in LAGS], 0),
        "shown": Choice("How to show it", [("Year by year", "years"), ("One dot for each pair", "dots")]),
    }
    return Explored(view, controls)
