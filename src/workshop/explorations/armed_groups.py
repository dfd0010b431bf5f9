"""How many armed groups fought a government in a year, and where, counted from the published records.

The kit keeps a small extract, `data/tables/armed_group_years.csv`: no names of groups, no states, no deaths.
`extract` made it from the published file, so anybody who downloads that file can make it again:

    published = pandas.read_csv("BattleDeaths_v25_1.csv", keep_default_na=False, na_values=[""])
    extract(published).to_csv("data/tables/armed_group_years.csv", index=False, lineterminator="\\n")
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from workshop.content.tables import table
from workshop.explorations.kit.interactive import Explored, slider
from workshop.explorations.kit.widgets import Choice
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, ORANGE

SOURCE = "SRC_UCDP_BRD_25"
FIRST, BASE, LAST = 1989, 2005, 2024
WORLD = ""
# Three small regions have too few groups for a figure of their own; they are in the world's count.
SHOWN = [
    "East and South-East Asia",
    "South Asia",
    "Latin America and the Caribbean",
    "Sub-Saharan Africa",
    "Northern Africa and Western Asia",
    "Europe",
]
COUNTED = {
    "groups": "Each armed group once",
    "fights": "Each armed group once for every government it fights",
}
INTERNAL = (3, 4)  # internal and internationalised internal conflicts; wars between states are left out

# Gleditsch and Ward number the states of the world by region; these are the exceptions of the UN's regions (M49).
EXCEPTIONS = {
    371: "Northern Africa and Western Asia",
    372: "Northern Africa and Western Asia",
    373: "Northern Africa and Western Asia",
    626: "Sub-Saharan Africa",
    630: "South Asia",
    2: "Northern America",
    20: "Northern America",
}
RANGES = [
    (199, "Latin America and the Caribbean"),
    (399, "Europe"),
    (599, "Sub-Saharan Africa"),
    (699, "Northern Africa and Western Asia"),
    (700, "South Asia"),
    (705, "Central Asia"),
    (749, "East and South-East Asia"),
    (774, "South Asia"),
    (775, "East and South-East Asia"),
    (799, "South Asia"),
    (899, "East and South-East Asia"),
    (999, "Oceania"),
]


def region_of(state_number: int) -> str:
    """The world region of a Gleditsch and Ward state number."""
    if state_number in EXCEPTIONS:
        return EXCEPTIONS[state_number]
    return next(region for last, region in RANGES if state_number <= last)


def extract(published: pd.DataFrame) -> pd.DataFrame:
    """One row for each armed group, region and year, out of the published battle-related deaths file.

    `governments` says how many governments of the region the group fought in that year: the file has
    one row for each pair of group and government.
    """
    pairs = published[published["type_of_conflict"].isin(INTERNAL)]
    pairs = pd.DataFrame(
        {
            "year": pairs["year"],
            "region": pairs["gwno_a"].astype(int).map(region_of),
            "group_id": pairs["side_b_id"],
        }
    )
    rows = pairs.groupby(["year", "region", "group_id"]).size().rename("governments").reset_index()
    return rows.assign(source=SOURCE)


def by_year(rows: pd.DataFrame, region: str | None = None, what: str = "groups") -> "pd.Series[int]":
    """A count for each year: `groups` counts a group once, `fights` once for each government it fought.

    A group that fought in two regions counts in both, but once in the world.
    """
    every_year = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    if region is not None:
        rows = rows[rows["region"] == region]
    years = rows.groupby("year")
    counted = years["group_id"].nunique() if what == "groups" else years["governments"].sum()
    return counted.reindex(every_year, fill_value=0).astype(int)


def view(region: str = WORLD, what: str = "groups", year: int = LAST) -> figures.FigureView:
    """The figure: armed groups that fought a government, each year, for the world or one region."""
    rows = table("armed_group_years")
    world, here = by_year(rows, None, what), by_year(rows, region or None, what)
    other = by_year(rows, region or None, "fights" if what == "groups" else "groups")
    unit = "Armed groups" if what == "groups" else "Pairs of armed group and government"
    where = region or "the world"
    then, now = int(here[BASE]), int(here[year])

    def draw(axes: Axes) -> None:
        if region:
            axes.bar(world.index, world, width=0.8, facecolor="white", edgecolor=GREY, linewidth=0.8, label="the world")
        colours = [ORANGE if y in (year, BASE) else BLUE for y in here.index]
        bars = axes.bar(here.index, here, width=0.8, color=colours, label=where)
        for y, bar in zip(here.index, bars, strict=True):
            if y in (year, BASE):
                bar.set(hatch="//", edgecolor="white")
                axes.text(
                    y,
                    int(here[y]) + 0.8,
                    str(int(here[y])),
                    ha="center",
                    va="bottom",
                    weight="bold",
                    fontsize=11,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.9},
                )
        axes.set_xlim(FIRST - 0.7, LAST + 0.7)
        axes.set_ylim(0, 76)
        axes.set_ylabel(f"{unit}\nwith at least 25 deaths in combat that year", fontsize=11)
        axes.set_xticks([1990, 1995, 2000, 2005, 2010, 2015, 2020])
        axes.grid(axis="y")
        handles = [
            Patch(facecolor=BLUE, label=where),
            Patch(facecolor=ORANGE, hatch="//", edgecolor="white", label=compared(year)),
        ]
        if region:
            handles.append(Patch(facecolor="white", edgecolor=GREY, label="the world"))
        axes.legend(handles=handles, loc="upper center", ncols=3, fontsize=11, handlelength=1.4, columnspacing=1.2)

    most, least = int(here.max()), int(here.min())
    counted = "armed groups that fought a government" if what == "groups" else "pairs of armed group and government"
    if what == "groups":
        said = f"{then} armed group{'' if then == 1 else 's'} fought a government"
    else:
        said = f"{then} pair{'' if then == 1 else 's'} of armed group and government"
    name = region or "The world"
    change = "" if year == BASE else f", {now} in {year}"
    return figures.FigureView(
        figures.Drawing(
            draw, height=4.6, source="Source: Uppsala Conflict Data Program, Battle-Related Deaths 25.1, own count"
        ),
        title=f"{name}: {said} in {BASE}{change}",
        alt=f"Bars for each year from {FIRST} to {LAST}: {counted}, {where}. "
        f"Fewest {least} ({first_year(here, least)}), most {most} ({first_year(here, most)}); {BASE}: {then}; {year}: "
        f"{now}.",
        note=reading(what, then, now, year, (int(other[BASE]), int(other[year]))),
        keys=[SOURCE],
        remarks=[
            "Counted: groups in a fight with a government that cost at least 25 lives in combat in the year, inside a "
            "state. Not counted: attacks on civilians, fights between groups, smaller groups, wars between states; and "
            "not to be seen here: territory held, followers, or what a group sends over a telephone."
        ],
        table=(
            ["Year", where[0].upper() + where[1:], *(["The world"] if region else [])],
            [[y, int(here[y]), *([int(world[y])] if region else [])] for y in here.index],
        ),
    )


def compared(year: int) -> str:
    return f"{BASE}" if year == BASE else f"{min(year, BASE)} and {max(year, BASE)}"


def first_year(counts: "pd.Series[int]", value: int) -> str:
    """The years in which a count stood at a value, in words."""
    years = [str(year) for year in counts.index[counts == value]]
    return ", ".join(years) if len(years) <= 3 else f"{years[0]} and {len(years) - 1} other years"


def reading(what: str, then: int, now: int, year: int, other: tuple[int, int]) -> str:
    """What the figure says, and how another way of counting would change it."""
    if year == BASE:
        first = f"In {BASE}, the year of the agreement, the count was {then}."
    else:
        trend = "the same as" if now == then else f"{abs(now - then)} {'more' if now > then else 'fewer'} than"
        first = f"In {year} the count was {now}, {trend} in {BASE} ({then})."
    second = f"{other[1]}" + ("" if year == BASE else f" in {year}, {other[0]} in {BASE}")
    if what == "groups":
        return (
            f"{first} Here a group counts once, however many governments it fights. Counted once for each "
            f"government: {second}."
        )
    return (
        f"{first} Here a group that fights five governments counts five times. With each group counted once: {second}."
    )


def explored() -> Explored:
    """How many armed groups fought a government each year? It depends on how one counts."""
    regions = [("The world", WORLD), *((name, name) for name in SHOWN)]
    controls = {
        "region": Choice("Region", regions),
        "what": Choice("How to count", [(label, key) for key, label in COUNTED.items()]),
        "year": slider("Year to compare with 2005", FIRST, LAST, LAST),
    }
    return Explored(view, controls)
