"""Did one region have the most mass atrocities in the 1960s? It depends on what is counted, in which list, and on
borders.

Episodes come from `workshop.explorations.counts.episodes`. Battle deaths are in `data/tables/battle_deaths_world.csv`,
which `extract` made from the file that Our World in Data publishes:

    published = pandas.read_csv("State-based conflict deaths since 1946.csv", na_values=["NA"])
    extract(published).to_csv("data/tables/battle_deaths_world.csv", index=False, lineterminator="\\n")
"""

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from workshop.content.tables import table
from workshop.explorations.counts.episodes import GENOCIDE, HOME, LISTS, MASS_KILLING, count, groups
from workshop.explorations.kit.interactive import Change, Explored
from workshop.explorations.kit.widgets import Choice, Slider, Tick
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, INK, PALE

BATTLE_SOURCE = "SRC_OWID_PRIO_UCDP_2022"
DECADES = [
    ("1945 to 1949", 1940),
    *((f"{first} to {first + 9}", first) for first in range(1950, 2020, 10)),
    ("2020 to 2024", 2020),
]
COUNTED = {
    "going_on": "Episodes going on at some time in the decade",
    "starts": "Episodes that began in the decade",
    "years": "Years of killing: an episode counts in every year it goes on",
    "deaths": "People killed, as a range",
    "battle": "People killed in battle",
}
LIST_NAMES = {MASS_KILLING: "Mass killing list", GENOCIDE: "Genocide and politicide list"}
COMMON = {"going_on": "going on", "years": "years of killing", "starts": "beginnings"}
ASKED = {MASS_KILLING: COMMON, GENOCIDE: COMMON | {"deaths_low": "lower ends of deaths"}}
IN_WORDS = ["none", "one", "two", "three", "four", "five", "six", "all"]
NOT_IN_IT = {
    MASS_KILLING: "The mass killing list counts an episode when at least 1,000 civilians are killed on purpose within "
    "a year, from 1945 to 2024. "
    "Not in it: deaths, smaller killings, famine, most wars between states and most killings by a state abroad. It "
    "counts an episode where the state is, not where the killing was, and ends one only after quiet years.",
    GENOCIDE: "The genocide and politicide list counts attempts to destroy a group or a political opposition, from "
    "1955 to 2014. Not in it: "
    "earlier and later years, massacres without such an aim, killing by armed groups where no state had a part, "
    "famine, battle.",
    "deaths": "The list gives a band of deaths for each year; the bars add the lower and the upper ends. An arrow "
    "means that a band has no upper end. These are orders of magnitude and no toll; where ranges overlap, nobody can "
    "say which is larger.",
    "battle": "Counted: soldiers and civilians killed in fighting in which a state took part; the source gives one "
    "figure and no range. Not in it: "
    "killings of people who could not fight back, famine, illness. It does not divide Asia, so East Asia alone cannot "
    "be seen.",
}


def extract(published: pd.DataFrame) -> pd.DataFrame:
    """Region, year and deaths in battle out of the published file, world total included."""
    rows = published.rename(
        columns={"Entity": "region", "Year": "year", "Deaths in all state-based conflict types": "deaths"}
    )
    rows = rows.assign(deaths=rows["deaths"].round().astype(int), source=BATTLE_SOURCE)
    return rows[["region", "year", "deaths", "source"]]


def years_of(decade: int) -> tuple[int, int]:
    return max(decade, 1945), min(decade + 9, 2024)


def ways(decade: int, border: str, whole_africa: bool) -> dict[tuple[str, str], bool | None]:
    """For each list and each way of counting in it: whether East Asia has the most.

    True, False, or None when it shares the first place or when the list is silent on the decade.
    """
    rows, names, found = table("atrocity_episode_years"), groups(border, whole_africa), {}
    for name, counted in ASKED.items():
        for what, words in counted.items():
            found[name, words] = verdict(count(rows[rows["list"] == name], what, years_of(decade), names), border)
    return found


def verdict(counts: "pd.Series[Any]", border: str) -> bool | None:
    """Whether the home region has the most; None for a shared first place or no episode at all."""
    home, others = counts[HOME[border]], counts.drop(HOME[border])
    return None if home == others.max() else bool(home > others.max())


def view(
    counted: str = "going_on",
    listed: str = MASS_KILLING,
    border: str = "east",
    whole_africa: bool = False,
    shown: str = "number",
    decade: int = 1960,
) -> figures.FigureView:
    """The figure: one bar for each region of the world, for one way of counting and one decade."""
    if counted == "battle":
        return battle(shown, decade)
    rows, names = table("atrocity_episode_years"), groups(border, whole_africa)
    if counted == "deaths":
        listed = GENOCIDE
    rows = rows[rows["list"] == listed]
    if counted == "deaths":
        low, high = (count(rows, bound, years_of(decade), names) for bound in ("deaths_low", "deaths_high"))
        return deaths(low, high, border, whole_africa, decade)
    counts = count(rows, counted, years_of(decade), names).astype(int)
    total, home = int(counts.sum()), HOME[border]
    first, last, source = LISTS[listed]
    share = shown == "share"
    values = counts / total * 100 if share and total else counts
    unit = {"going_on": "Episodes going on", "starts": "Episodes that began", "years": "Years of killing"}[counted]

    def draw(axes: Axes) -> None:
        bars(axes, values, home, [f"{value:.0f}" if total else "not covered" for value in values])
        axes.set_xlim(0, values.max() * 1.12 or 1)
        if not total:
            axes.set_xticks([])
        axes.set_xlabel(f"{unit}, {'percent of the world' if share else 'number'}, {span(decade)}")

    if not total:
        title = f"{LIST_NAMES[listed]}: nothing counted for {span(decade)}, because the list covers {first} to {last}"
    elif share:
        title = f"{home}: {values[home]:.0f} percent of the world’s {unit.lower()}, {span(decade)}"
    else:
        title = f"{home}: {counts[home]} of {total} {unit.lower()}, {span(decade)}"
    return figures.FigureView(
        figures.Drawing(
            draw,
            height=4.2,
            source="Source: "
            f"{'Early Warning Project 2025' if listed == MASS_KILLING else 'Political Instability Task Force 2014'}, "
            "own count",
        ),
        title=title,
        alt=f"Bars: {unit.lower()}, {LIST_NAMES[listed].lower()}, {span(decade)}. "
        + "; ".join(f"{name}: {counts[name]}" for name in counts.index)
        + ".",
        note=reading(counts, border) + " " + other_ways(decade, border, whole_africa),
        keys=[source],
        remarks=[NOT_IN_IT[listed]],
        table=(
            ["Region", unit, "Percent of the world"],
            [
                [name, int(counts[name]), f"{counts[name] / total * 100:.0f}" if total else "none counted"]
                for name in counts.index
            ],
        ),
    )


def deaths(
    low: "pd.Series[Any]", high: "pd.Series[Any]", border: str, whole_africa: bool, decade: int
) -> figures.FigureView:
    """The figure for people killed: a bar from the lower to the upper end, an arrow where there is no upper end."""
    home = HOME[border]
    words = {name: killed(low[name], high[name]) for name in low.index}

    def draw(axes: Axes) -> None:
        for place, name in enumerate(low.index):
            if not low[name]:
                axes.text(1_100, place, words[name], va="center", color=GREY, fontsize=11)
                continue
            end = 3_000_000 if pd.isna(high[name]) else int(high[name])
            chosen = name == home
            axes.barh(
                place,
                end - int(low[name]),
                left=int(low[name]),
                height=0.6,
                facecolor=BLUE if chosen else PALE,
                edgecolor=BLUE if chosen else GREY,
                hatch=None if chosen else "//",
            )
            if pd.isna(high[name]):
                axes.plot(
                    [end], [place], marker=">", markersize=13, color=BLUE if chosen else GREY, clip_on=False, zorder=5
                )
            near = low[name] < 30_000  # no room on the left
            axes.text(
                end * 1.1 if near else int(low[name]) * 0.92,
                place,
                words[name],
                va="center",
                ha="left" if near else "right",
                fontsize=10.5,
                color=INK,
                weight="bold" if chosen else "normal",
            )
        label_regions(axes, low.index, home)
        axes.set_xscale("log")
        axes.set_xlim(1_000, 4_000_000)
        axes.set_xticks([1_000, 10_000, 100_000, 1_000_000], ["1,000", "10,000", "100,000", "1 million"])
        axes.set_xlabel(f"People killed, {span(decade)} (each step: ten times as many)")

    return figures.FigureView(
        figures.Drawing(draw, height=4.4, source="Source: Political Instability Task Force 2014, sums of yearly bands"),
        title=f"{home}: {words[home]}{' killed' if low[home] else ''}, {span(decade)}",
        alt=f"Ranges of people killed, genocide and politicide list, {span(decade)}, on a scale in steps of ten. "
        + "; ".join(f"{name}: {words[name]}" for name in low.index)
        + ".",
        note=reading(low.astype(int), border, "the lower ends of the ranges")
        + " "
        + other_ways(decade, border, whole_africa),
        keys=["SRC_PITF_2014"],
        remarks=[NOT_IN_IT["deaths"], NOT_IN_IT[GENOCIDE]],
        table=(
            ["Region", "Lower end", "Upper end"],
            [
                [name, f"{int(low[name]):,}", "no upper end" if pd.isna(high[name]) else f"{int(high[name]):,}"]
                for name in low.index
            ],
        ),
    )


def battle(shown: str, decade: int) -> figures.FigureView:
    """The figure for deaths in battle, which are published for Asia and Oceania as a whole only."""
    rows = table("battle_deaths_world")
    rows = rows[rows["year"].between(*years_of(decade)) & (rows["region"] != "World")]
    counts = (
        rows.groupby("region")["deaths"]
        .sum()
        .reindex(["Asia & Oceania", "Middle East", "Africa", "Europe", "Americas"])
    )
    total, home, last = int(counts.sum()), "Asia & Oceania", int(rows["year"].max())
    percent = counts / total * 100
    values, share = (percent, True) if shown == "share" else (counts / 1000, False)

    def draw(axes: Axes) -> None:
        bars(axes, values, home, [f"{value:.0f}" if value >= 1 else "under 1" for value in values])
        axes.set_xlim(0, values.max() * 1.16)
        axes.set_xlabel(f"Killed in battle, {'percent of the world' if share else 'thousands'}, {span(decade, last)}")

    return figures.FigureView(
        figures.Drawing(
            draw, height=3.8, source="Source: Our World in Data on PRIO and Uppsala Conflict Data Program, 2022"
        ),
        title=f"Asia and Oceania: {percent[home]:.0f} percent of all killed in battle, {span(decade, last)}",
        alt=f"Bars: people killed in battle, {span(decade, last)}. "
        + "; ".join(f"{name}: about {figure(counts[name])}, {percent[name]:.0f} percent" for name in counts.index)
        + ".",
        note=f"About {figure(counts[home])} of about {figure(total)} people. The source does not divide Asia, so this "
        "way of counting cannot answer for East Asia. A research programme gives East Asia "
        "80 percent of the world for 1946 to 1979 together; in the table used here, all of Asia and Oceania has "
        "79 percent. Editions of the data differ.",
        keys=[BATTLE_SOURCE, "EAP"],
        remarks=[NOT_IN_IT["battle"]],
        table=(
            ["Region", "Killed in battle", "Percent of the world"],
            [[name, f"{int(counts[name]):,}", f"{percent[name]:.1f}"] for name in counts.index],
        ),
    )


def bars(axes: Axes, values: "pd.Series[Any]", home: str, words: Sequence[str]) -> None:
    colours = [BLUE if name == home else PALE for name in values.index]
    drawn = axes.barh(range(len(values)), values, height=0.66, color=colours, edgecolor=GREY, linewidth=0.8)
    for name, bar, word in zip(values.index, drawn, words, strict=True):
        bar.set(hatch=None if name == home else "//")
        axes.text(
            bar.get_width() + max(values.max(), 1) * 0.012,
            bar.get_y() + bar.get_height() / 2,
            word,
            va="center",
            weight="bold" if name == home else "normal",
            fontsize=12,
        )
    label_regions(axes, values.index, home)


def label_regions(axes: Axes, names: Collection[str], home: str) -> None:
    axes.set_yticks(
        range(len(names)), [name.replace(" and ", "\nand ", 1) if len(name) > 22 else name for name in names]
    )
    for tick, name in zip(axes.get_yticklabels(), names, strict=True):
        tick.set_fontweight("bold" if name == home else "normal")
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(names) - 0.4, -0.6)


def reading(counts: "pd.Series[Any]", border: str, what: str = "") -> str:
    """Which region has the most in this figure, in words."""
    home, most = HOME[border], counts.max()
    if not most:
        return "The list does not cover these years: an empty figure says nothing about them."
    first = [name for name in counts.index if counts[name] == most]
    by = f" by {what}" if what else ""
    if first == [home]:
        return f"Counted like this{by}, {home} has the most."
    if home in first:
        return f"Counted like this{by}, {' and '.join(first)} have the same number ({most:,}): neither has the most."
    return (
        f"Counted like this{by}, {home} does not have the most: {' and '.join(first)} "
        f"{'has' if len(first) == 1 else 'have'} {most:,}, {home} {counts[home]:,}."
    )


def other_ways(decade: int, border: str, whole_africa: bool) -> str:
    """In which of the seven ways of counting East Asia has the most in this decade, in words."""
    every = ways(decade, border, whole_africa)
    most, less, open_ = (
        together([way for way, answer in every.items() if answer is wanted]) for wanted in (True, False, None)
    )
    number = list(every.values()).count(True)
    said = f"For this decade and these borders, “most” holds in {IN_WORDS[number]} of seven ways of counting" + (
        f": {most}." if most else "."
    )
    said += f" It does not hold in: {less}." if less else ""
    return said + (f" Shared with others, or not covered: {open_}." if open_ else "")


def together(ways: Collection[tuple[str, str]]) -> str:
    """Ways of counting in words, those of one list joined."""
    lists = {name: [words for listed, words in ways if listed == name] for name in ASKED}
    return "; ".join(f"{LIST_NAMES[name].lower()} ({', '.join(words)})" for name, words in lists.items() if words)


def killed(low: Any, high: Any) -> str:
    """A range of people killed, in words."""
    if not low:
        return "none counted"
    return f"at least {figure(low)}" if pd.isna(high) else f"{figure(low)} to {figure(high)}"


def figure(number: float) -> str:
    """A large number, rounded as far as its source allows."""
    return f"{number / 1_000_000:.2f} million" if number >= 1_000_000 else f"{round(int(number), -3):,}"


def span(decade: int, last: int = 2024) -> str:
    first, end = years_of(decade)
    return f"{first} to {min(end, last)}"


def explored() -> Explored:
    """Counting in several ways, for the claim that one region had the most mass atrocities in the 1960s."""
    controls = {
        "counted": Choice("What is counted", [(words, key) for key, words in COUNTED.items()]),
        "listed": Choice("Which list", [(words, key) for key, words in LIST_NAMES.items()]),
        "border": Choice(
            "Where East Asia’s border runs",
            [
                ("Northeast and South-East Asia, as in the studies", "east"),
                ("Northeast Asia alone", "northeast"),
                ("All of Asia and the Pacific, without Western Asia", "asia-pacific"),
            ],
        ),
        "whole_africa": Tick("Count Africa as one continent, not north and south of the Sahara"),
        "shown": Choice("Number or share", [("Number", "number"), ("Percent of the world", "share")]),
        "decade": Slider("Decade", DECADES, 1960),
    }

    def only_where_it_matters(change: Change) -> None:
        counted = change["new"]
        for name, there in {
            "listed": counted not in ("deaths", "battle"),
            "border": counted != "battle",
            "whole_africa": counted != "battle",
            "shown": counted != "deaths",
        }.items():
            controls[name].show(there)

    controls["counted"].observe(only_where_it_matters, names="value")
    return Explored(view, controls)
