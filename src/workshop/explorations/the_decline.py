"""How East Asia changed over time, in five measures, because each tells another part of the story.

Two of its tables are published figures, row by row with their sources: `east_asia_published` and
`east_asia_death_ranges`. The third, `battle_deaths_region`, `extract` made from the file that the Uppsala Conflict Data
Program publishes:

    published = pandas.read_csv("BattleDeaths_v25_1.csv", keep_default_na=False, na_values=[""])
    extract(published).to_csv("data/tables/battle_deaths_region.csv", index=False, lineterminator="\\n")
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from workshop.content.tables import table
from workshop.explorations.armed_groups import INTERNAL, region_of
from workshop.explorations.counts.episodes import BORDERS, MASS_KILLING
from workshop.explorations.kit.interactive import Change, Explored, slider
from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Choice, Tick
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, INK, ORANGE, PALE, SKY

MEASURES = {
    "episodes": "Episodes of mass killing going on, year by year",
    "share": "Share of the world’s deaths in battle",
    "wars": "Armed conflicts against wars",
    "battle": "Deaths in battle inside states since 1989, with their ranges",
    "ranges": "Deaths as ranges, for nine events",
}
PEAK, FIRST, LAST = 1975, 1945, 2024
FAMINE = "great-leap-famine"
KINDS = {
    "killing": ("people killed", BLUE, ""),
    "killing_and_deprivation": ("killed, and dead from hunger or illness", SKY, "//"),
    "famine": ("famine", ORANGE, "xx"),
    "war": ("war, soldiers included", PALE, ".."),
    "killing_and_war": ("killing and war together", GREY, "\\\\"),
}


def extract(published: pd.DataFrame) -> pd.DataFrame:
    """Deaths in battle inside states for each year and region, with the lowest and highest estimates added up."""
    rows = published[published["type_of_conflict"].isin(INTERNAL)]
    rows = rows.assign(region=rows["gwno_a"].astype(int).map(region_of))
    sums = rows.groupby(["year", "region"])[["bd_low", "bd_best", "bd_high"]].sum().reset_index()
    return sums.rename(columns={"bd_low": "low", "bd_best": "best", "bd_high": "high"}).assign(source="SRC_UCDP_BRD_25")


def view(measure: str = "episodes", year: int = 2015, famine: bool = True) -> figures.FigureView:
    """The figure for one measure."""
    if measure == "episodes":
        return episodes(year)
    if measure == "ranges":
        return ranges(famine)
    return {"share": share, "wars": wars, "battle": battle}[measure]()


def episodes_by_year() -> pd.DataFrame:
    """Episodes of the mass killing list going on in East Asia: a row for each year, a column for each kind of
    leader.
    """
    rows = table("atrocity_episode_years")
    rows = rows[(rows["list"] == MASS_KILLING) & rows["region"].isin(BORDERS["east"])]
    years = rows.pivot_table(index="year", columns="led_by", values="going_on", aggfunc="sum", fill_value=0).astype(int)
    return years.reindex(range(FIRST, LAST + 1), fill_value=0)


def published(series: str) -> list[Any]:
    """The rows of one published series, oldest first."""
    rows = table("east_asia_published")
    return records(rows[rows["series"] == series].sort_values("start_year"))


def episodes(year: int) -> figures.FigureView:
    years = episodes_by_year()
    state, armed = years["state"], years["armed_group"]
    text = published("episodes_going_on")

    def draw(axes: Axes) -> None:
        colours = [ORANGE if y in (PEAK, year) else BLUE for y in years.index]
        drawn = axes.bar(years.index, state, width=0.8, color=colours)
        for y, bar in zip(years.index, drawn, strict=True):
            if y in (PEAK, year):
                bar.set(hatch="//", edgecolor="white")
                axes.text(y, state[y] + armed[y] + 0.25, str(state[y]), ha="center", weight="bold")
        axes.bar(years.index, armed, width=0.8, bottom=state, facecolor="white", edgecolor=GREY, linewidth=0.9)
        for row in text:
            axes.plot(
                [row.start_year - 0.5, row.end_year + 0.5],
                [row.value] * 2,
                color=INK,
                linestyle=(0, (4, 2)),
                linewidth=2,
            )
        axes.set_ylim(0, 17.5)
        axes.set_xlim(FIRST - 1, LAST + 1)
        axes.set_ylabel("Episodes going on in the year")
        axes.grid(axis="y")
        axes.legend(
            handles=[
                Patch(facecolor=BLUE, label="led by a state"),
                Patch(facecolor="white", edgecolor=GREY, label="led by an armed group"),
                axes.plot([], [], color=INK, linestyle=(0, (4, 2)), linewidth=2, label="another author’s count (2012)")[
                    0
                ],
            ],
            loc="upper right",
            fontsize=11,
        )

    now, then = int(state[year]), int(state[PEAK])
    least = int(state.min())
    return figures.FigureView(
        figures.Drawing(
            draw, height=4.6, source="Source: Early Warning Project 2025, own count; Bellamy 2012 (dashed)"
        ),
        title=f"East Asia: {then} state-led episodes going on in {PEAK}, {now} in {year}",
        alt=f"Bars for each year from {FIRST} to {LAST}: episodes of mass killing going on in Northeast and "
        "South-East Asia. Led by a state: "
        f"{then} in {PEAK}, the most; {least} in the lowest years, {spans(state, least)}; {now} in {year}; "
        f"{int(state[LAST])} in {LAST}. "
        "Dashed: another count, about 10 in the 1960s and early 1970s, about 4 afterwards, 1 in 2012.",
        note=f"The height was not in the 1960s: the list has {int(state[1965])} in 1965 and {then} in {PEAK}. It has "
        f"{int(state[2015])} in 2015 and {int(state[LAST])} in {LAST}. Whoever stops at 2015 sees another story than "
        f"whoever goes on to {LAST}.",
        keys=["SRC_EWP_2025", "BEL12"],
        remarks=[
            "A bar counts episodes with at least 1,000 civilians killed on purpose in a year, until some quiet years "
            "have passed. It says nothing about how many died, and a small and a very large episode count the same. "
            "Not in it: famine, smaller killings, detention, wars between states, killing by a state abroad. The years "
            "of the dashed lines are ours: the author writes “1960s to early 1970s” and “from the mid-1970s”."
        ],
        table=(
            ["Year", "Led by a state", "Led by an armed group"],
            [[y, int(state[y]), int(armed[y])] for y in years.index],
        ),
    )


def share() -> figures.FigureView:
    rows = published("share_battle_deaths")

    def draw(axes: Axes) -> None:
        for row in rows:
            width = row.end_year - row.start_year + 1
            axes.bar(row.start_year, row.value, width=width, align="edge", color=BLUE, edgecolor="white")
            axes.text(
                row.start_year + width / 2,
                row.value + 2,
                row.words.replace(" percent", " %"),
                ha="center",
                weight="bold",
            )
        axes.set_ylim(0, 100)
        axes.set_xlim(1945, 2020)
        axes.set_ylabel("Percent of the world’s deaths in battle")
        axes.grid(axis="y")

    return figures.FigureView(
        figures.Drawing(draw, source="Source: East Asian Peace programme, Uppsala University"),
        title="East Asia’s share of the world’s deaths in battle: 80 percent before 1980, "
        "1.7 percent from 1990 to 2015",
        alt="Bars as wide as their periods: " + "; ".join(f"{period(row)}: {row.words}" for row in rows) + ".",
        note="80 is about 47 times 1.7. A share has two ends: it also falls when other regions have more deaths, as "
        "some had after 1980. "
        "And deaths in battle are not atrocity deaths.",
        keys=["EAP"],
        remarks=[
            "Not in it: most of those killed in Indonesia in 1965 and 1966 and in Cambodia from 1975 to 1979, and the "
            "famine in China from 1958 to 1962, because they did not die in battle. The source gives shares without a "
            "range. Another text prints “around 80 percent” as well, and means mass atrocities: the two must not be "
            "merged."
        ],
        table=(["Years", "Share"], [[period(row), row.words] for row in rows]),
    )


def wars() -> figures.FigureView:
    conflicts, fought, killed = published("armed_conflicts"), published("wars"), published("battle_deaths")

    def draw(axes: Axes) -> None:
        for place, (one, other) in enumerate(zip(conflicts, fought, strict=True)):
            axes.bar(place - 0.2, one.value, width=0.36, color=BLUE)
            axes.bar(place + 0.2, other.value, width=0.36, color=ORANGE, hatch="//", edgecolor="white")
            for shift, row in ((-0.2, one), (0.2, other)):
                axes.text(place + shift, row.value + 0.2, f"{row.value:g}", ha="center", weight="bold")
        axes.set_xticks([0, 1], [f"{period(row)}" for row in conflicts])
        axes.set_xlim(-0.6, 1.6)
        axes.set_ylim(0, 12.5)
        axes.set_ylabel("On average in a year")
        axes.legend(
            handles=[
                Patch(facecolor=BLUE, label="armed conflicts of every size"),
                Patch(facecolor=ORANGE, hatch="//", edgecolor="white", label="wars: 1,000 or more killed in battle"),
            ],
            loc="upper right",
        )

    return figures.FigureView(
        figures.Drawing(draw, source="Source: Tønnesson, East Asian Peace programme, on data of PRIO and Uppsala"),
        title="East Asia: armed conflicts fell from 10 to 8 a year, wars from 4 to one in two years",
        alt="Two pairs of bars. "
        + "; ".join(
            f"{period(one)}: {one.value:g} armed conflicts, {other.value:g} wars a year"
            for one, other in zip(conflicts, fought, strict=True)
        )
        + ".",
        note=f"Conflicts became a little fewer and much smaller: {killed[0].words} people were killed in battle from "
        f"{period(killed[0])}, {killed[1].words} from {period(killed[1])}. The extreme years: 15 conflicts in 1949, "
        "eight of them wars; four small ones in 2004.",
        keys=["EAP-H"],
        remarks=[
            "The two periods are not equally long, and the second ends in 2005. Not in it: killings of people who "
            "could not fight back, famine, and anything after 2005."
        ],
        table=(
            ["Years", "Armed conflicts a year", "Wars a year"],
            [[period(one), f"{one.value:g}", f"{other.value:g}"] for one, other in zip(conflicts, fought, strict=True)],
        ),
    )


def battle() -> figures.FigureView:
    rows = table("battle_deaths_region")
    rows = rows[rows["region"] == "East and South-East Asia"].set_index("year").reindex(range(1989, 2025))
    rows = rows[["low", "best", "high"]].fillna(0).astype(int)

    def draw(axes: Axes) -> None:
        axes.fill_between(
            rows.index,
            rows["low"],
            rows["high"],
            facecolor=SKY,
            alpha=0.5,
            linewidth=0,
            label="from the lowest to the highest estimate",
        )
        axes.plot(rows.index, rows["best"], color=BLUE, marker="o", markersize=4, linewidth=2, label="best estimate")
        axes.set_ylim(0, rows["high"].max() * 1.15)
        axes.set_xlim(1988.5, 2024.5)
        axes.set_ylabel("Killed in battle inside states, in the year")
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.grid(axis="y")
        axes.legend(loc="upper left", fontsize=11)

    now = rows.loc[2024]
    quiet, most = (1989 + int(rows["best"].argmin()), 1989 + int(rows["best"].argmax()))
    wide = 1989 + int((rows["high"] - rows["low"]).argmax())
    return figures.FigureView(
        figures.Drawing(draw, source="Source: Uppsala Conflict Data Program, Battle-Related Deaths 25.1, own sums"),
        title=f"East and South-East Asia: between {now['low']:,} and {now['high']:,} killed in battle inside states "
        "in 2024",
        alt=f"A line with a band from 1989 to 2024. Lowest best estimate {rows['best'][quiet]:,} in {quiet}; highest "
        f"{rows['best'][most]:,} in {most} "
        f"(range {rows['low'][most]:,} to {rows['high'][most]:,}).",
        note=f"The best estimate was lowest in {quiet} ({rows['best'][quiet]:,}) and highest in {most} "
        f"({rows['best'][most]:,}). "
        f"The widest band, in {wide}, runs from {rows['low'][wide]:,} to {rows['high'][wide]:,}, a sign that counting "
        "had become hard. "
        "The low shares printed for 1990 to 2016 stop before all this.",
        keys=["SRC_UCDP_BRD_25"],
        remarks=[
            "Counted: people killed in fights between a government and an armed group, inside a state. Not in it: "
            "civilians killed on purpose, fights between armed groups, wars between states, everything before 1989."
        ],
        table=(
            ["Year", "Lowest", "Best", "Highest"],
            [[y, *(f"{rows[name][y]:,}" for name in ("low", "best", "high"))] for y in rows.index],
        ),
    )


def ranges(famine: bool) -> figures.FigureView:
    """The figure of nine events, each a box from its first to its last year and from the lowest to the highest
    figure.
    """
    events = [
        row
        for row in records(table("east_asia_death_ranges").sort_values(["start_year", "end_year"]))
        if famine or row.event != FAMINE
    ]
    early = [row for row in events if row.start_year < 1970]
    late = [row for row in events if 1970 <= row.start_year < 1980]

    def draw(axes: Axes) -> None:
        for number, row in enumerate(events, 1):
            _, colour, hatch = KINDS[row.kind]
            axes.add_patch(
                Rectangle(
                    (row.start_year, row.low),
                    row.end_year - row.start_year + 1,
                    row.high - row.low,
                    facecolor=colour,
                    edgecolor=INK,
                    hatch=hatch,
                    linewidth=0.8,
                    alpha=0.85,
                )
            )
            # A box of one year is too narrow for its number.
            height = (row.low * row.high) ** 0.5 if row.end_year > row.start_year else row.low * 0.62
            axes.text(
                (row.start_year + row.end_year + 1) / 2,
                height,
                str(number),
                ha="center",
                va="center",
                weight="bold",
                fontsize=10.5,
                bbox={"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": INK, "linewidth": 0.6},
                zorder=5,
            )
        axes.set_yscale("log")
        axes.set_ylim(2_000, 150_000_000)
        axes.set_xlim(1952, 2026)
        axes.set_yticks(
            [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000],
            ["10,000", "100,000", "1 million", "10 million", "100 million"],
        )
        axes.set_ylabel("Deaths, from the lowest to the highest figure\n(each step up: ten times as many)", fontsize=11)
        axes.grid(axis="y")
        axes.legend(
            handles=[
                Patch(facecolor=colour, hatch=hatch, edgecolor=INK, label=words)
                for kind, (words, colour, hatch) in KINDS.items()
                if any(row.kind == kind for row in events)
            ],
            loc="upper right",
            fontsize=10.5,
        )

    key = "; ".join(f"{number}: {row.label}, {period(row)}" for number, row in enumerate(events, 1))
    return figures.FigureView(
        figures.Drawing(draw, height=5.0, source="Sources: one for each event, in the table under the figure"),
        title=f"Deaths in events that began before 1970, as shown: {total(early)}"
        + (", famine included" if famine else ", without the famine"),
        alt="Boxes over the years, on a scale in steps of ten, in the order of their first year: "
        + "; ".join(
            f"{number}: {row.label}, {period(row)}, {row.low:,} to {row.high:,}" for number, row in enumerate(events, 1)
        )
        + ".",
        note=f"{key}. Events that began in the 1970s, added up: {total(late)}. "
        + (
            f"Without the famine those before 1970 come to {total([row for row in early if row.event != FAMINE])}: "
            "the same direction, another size."
            if famine
            else "With the famine those before 1970 come to several times as much: the same direction, another size."
        ),
        keys=[key for row in events for key in row.source.split(";")],
        remarks=[
            "Not in it: events for which our sources give no range, so the list is not complete. It stands in order of "
            "time, not of size, and is no legal judgment of any of them. Some boxes count people killed, others deaths "
            "from hunger, others soldiers too: read the table before you compare."
        ],
        table=(
            ["Number", "Event", "Years", "Lowest", "Highest", "What is counted", "Sources"],
            [
                [
                    number,
                    row.label,
                    period(row),
                    f"{row.low:,}",
                    f"{row.high:,}",
                    row.what_is_counted,
                    row.source.replace(";", "; "),
                ]
                for number, row in enumerate(events, 1)
            ],
        ),
    )


def total(events: Iterable[Any]) -> str:
    """The sums of the lowest and of the highest figures, in words."""
    low, high = sum(row.low for row in events), sum(row.high for row in events)
    return f"{low / 1_000_000:.1f} to {high / 1_000_000:.1f} million"


def period(row: Any) -> str:
    return f"{row.start_year}" if row.start_year == row.end_year else f"{row.start_year} to {row.end_year}"


def spans(counts: "pd.Series[int]", value: int) -> str:
    """The years in which a count stood at a value, runs of years joined."""
    years = [int(y) for y in counts.index[counts == value]]
    starts = [y for y in years if y - 1 not in years]
    ends = [y for y in years if y + 1 not in years]
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in zip(starts, ends, strict=True))


def explored() -> Explored:
    """East Asia over time: the measure decides what is seen, and so does the year at which one stops."""
    controls = {
        "measure": Choice("What is measured", [(words, key) for key, words in MEASURES.items()]),
        "year": slider(f"Year to compare with {PEAK}", 1976, LAST, 2015),
        "famine": Tick("With the famine of 1958 to 1962", True),
    }

    def only_where_it_matters(_change: Change | None = None) -> None:
        controls["year"].show(controls["measure"].value == "episodes")
        controls["famine"].show(controls["measure"].value == "ranges")

    only_where_it_matters()
    controls["measure"].observe(only_where_it_matters, names="value")
    return Explored(view, controls)
