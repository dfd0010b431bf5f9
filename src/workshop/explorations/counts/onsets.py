"""How often was a look at a state followed by the start of a mass killing? What two explorations count and show.

We look at every state once every few years (`look_years`), ask how much of something it had in that year, and whether a
new state-led mass killing began in the years until the next look. So every start is counted once, and no state is
named: the kit keeps the counts alone.

`extract` makes the counts from tidy frames, in which `state` may be any code that all of them share:

- `lists`: one frame for each list of episodes, with `state` (the state that did it), `start_year`, `end_year` (empty:
  going on). Early Warning Project, mass_killing_events_master_list_2025.xlsx, sheet mk_events: rows with “State-Led”,
  `startyear`, `endyear`. Political Instability Task Force, pitf_genopoliticide_2014.xls: `YRBEGIN` and `YREND` of each
  `COUNTRY`.
- `states`: `state`, `first_year`, `last_year` of independence. The sheet “Gleditsch ind states” of the same workbook. A
  state that is no more counts with the state that followed it, as in the Soviet Union and Russia.
- `people`: `state`, `year`, `population`. World Bank, SP.POP.TOTL.
- `measures`: one frame for each measure, with `state`, `year`, `value`: a number, of which more is more of the good
  thing, or the name of a group, such as yes. `explorations.seven_ingredients` and `explorations.inclusion` say which
  published columns they are.

The published files call states by numbers, by ISO codes or by names. The file wdi.csv of the Early Warning Project has
numbers and codes side by side; names, in the human rights score and the treaty lists, have to be matched by hand.
"""

import bisect
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Choice, Scale
from workshop.render import figures
from workshop.render.figures import BLUE, INK, ORANGE, SKY

LISTS = {
    "mass_killing": ("SRC_EWP_2025", 1945, 2024),
    "mass_killing_by_group": ("SRC_EWP_2025", 1945, 2024),
    "genocide_politicide": ("SRC_PITF_2014", 1955, 2014),
}
WINDOWS = (1, 3, 5, 10)
TURN = 1989  # looks are counted from this year in both directions, so that no window lies across it
SMALL = 500_000  # the list of mass killings leaves out states with fewer people
PERIODS = {"": "All years there are", "to_1989": "Up to 1989", "from_1990": "From 1990"}
GROUPS = ("least", "middle", "most", "no", "yes")
LEFT_OUT = ("going_on", "unknown")
# Looks at states, how many of them were followed by a start, and the starts: for one group, and for all groups.
Count = tuple[int, int, int]
Counts = dict[str, Count]
# Names of the groups, and where the two outer ones are.
Groups = tuple[dict[str, str], str, str]
COLUMNS = ["measure", "list", "period", "years_ahead", "group", "looks", "followed", "starts"]


def look_years(first: int, last: int, ahead: int) -> list[int]:
    """The years of our looks, `ahead` years apart, so that every window lies between `first` and `last`.

    >>> look_years(1980, 2000, 5)
    [1984, 1989, 1994]
    """
    before = range(TURN, first - 1, -ahead)
    after = range(TURN + ahead, last - ahead + 1, ahead)
    return [year for year in [*reversed(before), *after] if year + ahead <= last]


def group_of(values: "pd.Series[Any]") -> "pd.Series[str]":
    """Thirds of one year's numbers, cut where the values are, so that equal values are never parted. Words are groups
    already.
    """
    if not pd.api.types.is_numeric_dtype(values.dropna().infer_objects()):
        return values.fillna("unknown")
    low, high = values.quantile([1 / 3, 2 / 3])
    return values.map(
        lambda value: (
            "unknown" if pd.isna(value) else "least" if value <= low else "most" if value >= high else "middle"
        )
    )


def extract(
    measures: Mapping[str, pd.DataFrame], lists: Mapping[str, pd.DataFrame], states: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    """Counts of looks, of looks followed by a start, and of starts, for each measure, list, period, window and group.

    Two more groups keep the books: `going_on` are looks at states in which a mass killing of the list was under way
    already, `unknown` are looks at states for which the measure has no value. A year without any value of the measure
    is no look.
    """
    independent: dict[Any, list[tuple[int, int]]] = {
        state: list(zip(rows["first_year"], rows["last_year"], strict=True)) for state, rows in states.groupby("state")
    }
    known = people.dropna().sort_values("year")
    sizes: dict[Any, tuple[list[int], list[float]]] = {
        state: (list(rows["year"]), list(rows["population"])) for state, rows in known.groupby("state")
    }

    def counted(state: object, year: int) -> bool:
        return any(first <= year <= last for first, last in independent[state]) and large(sizes.get(state), year)

    rows = []
    for measure, values in measures.items():
        by_year = {year: frame.set_index("state")["value"] for year, frame in values.dropna().groupby("year")}
        for name, episodes in lists.items():
            _, first, last = LISTS[name]
            began = episodes.groupby("state")["start_year"].apply(list).to_dict()
            under_way = {
                (e.state, year)
                for e in records(episodes)
                for year in range(e.start_year, last + 1 if pd.isna(e.end_year) else int(e.end_year) + 1)
            }
            for ahead in WINDOWS:
                for year in look_years(first, last, ahead):
                    if year not in by_year:
                        continue
                    here = [state for state in independent if counted(state, year)]
                    quiet = [state for state in here if (state, year) not in under_way]
                    groups = group_of(by_year[year].reindex(quiet)).to_dict()
                    for state in here:
                        new = sum(year < start <= year + ahead for start in began.get(state, ()))
                        rows.append(
                            (
                                measure,
                                name,
                                "to_1989" if year < TURN else "from_1990",
                                ahead,
                                groups.get(state, "going_on"),
                                1,
                                int(new > 0),
                                new,
                            )
                        )
    counts = pd.DataFrame(rows, columns=COLUMNS).groupby(COLUMNS[:5], as_index=False, sort=False).sum()
    return counts.sort_values(COLUMNS[:5], key=order, ignore_index=True)


def large(sizes: tuple[list[int], list[float]] | None, year: int) -> bool:
    """Did the state have at least half a million people, by the newest figure of that year or before, else by the
    oldest there is?

    A state whose people nobody counted stays in.
    """
    if sizes is None:
        return True
    years, people = sizes
    return people[max(bisect.bisect_right(years, year) - 1, 0)] >= SMALL


def order(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Groups in their own order, the rest as it is."""
    return column.map((*GROUPS, *LEFT_OUT).index) if column.name == "group" else column


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 percent interval of a share, in percent (Wilson's): where it could well lie, with so few cases.

    >>> [round(end, 1) for end in wilson(3, 251)]
    [0.4, 3.5]
    """
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5 / (1 + z * z / of)
    return max(0.0, 100 * (middle - reach)), min(100.0, 100 * (middle + reach))


def counts(rows: pd.DataFrame, measure: str, list_name: str, period: str, ahead: int) -> Counts:
    """Group -> (looks, followed, starts), the periods added up where none is chosen."""
    rows = rows[(rows["measure"] == measure) & (rows["list"] == list_name) & (rows["years_ahead"] == ahead)]
    if period:
        rows = rows[rows["period"] == period]
    summed = {row.group: row for row in records(rows.groupby("group", as_index=False).sum(numeric_only=True))}
    return {
        group: (int(summed[group].looks), int(summed[group].followed), int(summed[group].starts))
        for group in (*GROUPS, *LEFT_OUT)
        if group in summed
    }


# ---------------------------------------------------------------- the picture and the words that the explorations share


class Measure(NamedTuple):
    """What stands for something in the notes, and what it is not."""

    name: str  # in the words of the notes, or near them
    short: str
    full: str
    limit: str
    groups: Groups
    first: int  # its first year
    keys: list[str]


THIRDS = (
    {"least": "Lowest third", "middle": "Middle third", "most": "Highest third"},
    "in the lowest third",
    "in the highest third",
)
PARTIES = ({"no": "Not a party", "yes": "Party"}, "outside the treaty", "among parties")
COLOURS = {"least": ORANGE, "middle": SKY, "most": BLUE, "no": ORANGE, "yes": BLUE}

NAMES = {
    "mass_killing": "Mass killings, 1945 to 2024",
    "mass_killing_by_group": "Mass killings that singled out ethnic groups, 1945 to 2024",
    "genocide_politicide": "Genocides and politicides, 1955 to 2014",
}
TERMS = {
    "mass_killing": "state-led mass killing",
    "mass_killing_by_group": "state-led mass killing that singled out ethnic groups",
    "genocide_politicide": "genocide or politicide",
}
MANY = {
    "mass_killing": "mass killings",
    "mass_killing_by_group": "mass killings that singled out ethnic groups",
    "genocide_politicide": "genocides and politicides",
}
LISTED = {
    "mass_killing": "Counted: mass killings led by a state, at least 1,000 civilians killed within a year as members "
    "of a group, in states with more than half a million people; list of the Early Warning Project, 1945 to 2024.",
    "mass_killing_by_group": "Counted: mass killings led by a state in which the list of the Early Warning Project, "
    "1945 to 2024, sees one or more ethnic groups singled out.",
    "genocide_politicide": "Counted: genocides and politicides, lasting campaigns meant to destroy a communal or "
    "political group; list of the Political Instability Task Force, 1955 to 2014.",
}
NOT_ALONE = (
    "A lower share is no proof of a cause: poverty, the size of a state, war and a violent past lie behind many of "
    "these figures. Each line is the range in which the share could well lie (95 percent, Wilson’s method). The same "
    "states come back at every look, and experts may know what happened, so the true doubt is larger."
)


def percent(part: float, whole: float) -> str:
    """A share as a person would say it; below ten percent with one decimal."""
    share = 100 * part / whole
    return f"{share:.1f}" if share < 10 else f"{share:.0f}"


def ends(found: Counts) -> tuple[str, str] | None:
    """The groups with least and most that have looks, or None where one of them is missing."""
    low, high = (next((group for group in pair if group in found), None) for pair in (("least", "no"), ("most", "yes")))
    return (low, high) if low and high else None


def outer(found: Counts) -> tuple[Count, Count]:
    """The counts where there was least and most. Raises ValueError where one of them is missing; see `ends`."""
    groups = ends(found)
    if groups is None:
        raise ValueError("Least or most has no looks, so the two cannot be compared.")
    return found[groups[0]], found[groups[1]]


def draw_groups(axes: Axes, found: Counts, labels: Mapping[str, str], ahead: int) -> None:
    """One bar a group: the share of looks followed by a start, with its range."""
    groups = [group for group in GROUPS if group in found]
    top = max(wilson(found[group][1], found[group][0])[1] for group in groups)
    for line, group in enumerate(groups):
        looks, hits, _ = found[group]
        low, high = wilson(hits, looks)
        axes.barh(line, 100 * hits / looks, height=0.5, color=COLOURS[group])
        axes.plot([low, high], [line, line], color=INK, linewidth=2, solid_capstyle="butt", zorder=3)
        for end in (low, high):
            axes.plot([end, end], [line - 0.1, line + 0.1], color=INK, linewidth=2, zorder=3)
        axes.text(
            high + 0.02 * top,
            line,
            f"{hits} of {looks:,}\n{percent(hits, looks)} percent",
            va="center",
            fontsize=12,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    axes.set_yticks(range(len(groups)), [labels[group] for group in groups], fontsize=12)
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.set_xlim(0, 1.28 * top)
    axes.set_xlabel(
        f"Percent of looks after which one began within {years(ahead)};\nthe line is the range in which the share "
        "could well lie"
    )
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def years(ahead: int) -> str:
    return "a year" if ahead == 1 else f"{ahead} years"


def share(found: Counts, end: int) -> float:
    """The share of looks followed by a start where there was least (`end` 0) or most (`end` 1)."""
    looks, hits, _ = outer(found)[end]
    return hits / looks


def clear(found: Counts) -> bool:
    """Is the share where there was most lower by more than chance alone would often make? (Newcombe's range of a
    difference.)
    """
    (looks, hits, _), (looks_top, hits_top, _) = outer(found)
    least, most = 100 * hits / looks, 100 * hits_top / looks_top
    reach = math.hypot(least - wilson(hits, looks)[0], wilson(hits_top, looks_top)[1] - most)
    return least - most > reach


def fall(found: Counts) -> str:
    """Does the share fall from group to group, and could chance alone make the difference between first and last? In
    words.
    """
    shares = [found[group][1] / found[group][0] for group in GROUPS if group in found]
    if not any(shares):
        return "No start was counted at all, so nothing can be compared."
    if shares[0] <= shares[-1]:
        return "The share does not fall from the first bar to the last."
    if len(shares) == 2:
        said = "The share is lower in the second bar"
    elif all(one > following for one, following in pairwise(shares)):
        said = "The share falls from bar to bar"
    else:
        said = "The last bar is lower than the first, but the share does not fall step by step"
    return f"{said}. " + (
        "Chance alone would not often make so large a difference."
        if clear(found)
        else "Chance alone could make this difference."
    )


def at_the_top(found: Counts, name: str) -> str:
    """Did it also happen where there was most of it?"""
    most = outer(found)[1]
    looks, hits, _ = most
    if hits:
        return f"It also happened {name}: {of(most)}. So it is no sure protection."
    return (
        f"It was not counted {name}. With {looks:,} looks the true share could still be as high as "
        f"{wilson(hits, looks)[1]:.1f} percent: never seen is not never."
    )


def stands_on(found: Counts, term: str) -> str:
    """How many starts the picture rests on, and how many it leaves out."""
    starts = sum(found[group][2] for group in found if group in GROUPS)
    said = f"The picture stands on {starts} start{'' if starts == 1 else 's'} of a {term}."
    left = []
    if on_top := found.get("going_on", (0, 0, 0))[2]:
        left.append(f"{on_top} where one was going on already")
    if unknown := found.get("unknown", (0, 0, 0))[2]:
        left.append(f"{unknown} in states without a figure")
    return said + (f" Left out: {' and '.join(left)}." if left else "")


def plain(label: str) -> str:
    """The name of a group in one line."""
    return label.replace("\n", " ")


def books(found: Counts, labels: Mapping[str, str]) -> figures.Table:
    """The rows of the table: every group, and what was left out."""
    names = {group: plain(label) for group, label in labels.items()} | {
        "going_on": "Left out: one was going on already",
        "unknown": "Left out: no figure",
    }
    rows = []
    for group, (looks, hits, starts) in found.items():
        low, high = wilson(hits, looks)
        rows.append(
            [
                names[group],
                f"{looks:,}",
                hits,
                f"{percent(hits, looks)} percent",
                f"{low:.1f} to {high:.1f} percent",
                starts,
            ]
        )
    return ["Group", "Looks", "Followed by a start", "Share", "Range", "Starts"], rows


def view(
    rows: pd.DataFrame,
    measure: str,
    known: Measure,
    ahead: int,
    listed: str,
    period: str,
    lists: Sequence[str],
    remarks: Sequence[str] = (),
) -> figures.FigureView:
    """The figure of one measure: how often a start followed, group by group, and what the other lists say.

    `measure` is its name in the table `rows`, `known` the Measure with its words, `lists` the lists that the
    exploration offers.
    """
    found = counts(rows, measure, listed, period, ahead)
    others = [name for name in lists if name != listed]
    keys = [*known.keys, *(LISTS[name][0] for name in (listed, *others))]
    short = known.short[0].upper() + known.short[1:]
    if not ends(found):
        return nothing(short, known, keys)
    labels, lowest, highest = known.groups
    low, high = outer(found)
    return figures.FigureView(
        figures.Drawing(
            lambda axes: draw_groups(axes, found, labels, ahead),
            height=3.9 if len(labels) == 3 else 3.2,
            source="Own count from public data; the sources stand below",
        ),
        title=f"{short}: a {TERMS[listed]} began after {of(low)} looks {lowest}, {of(high)} {highest}",
        alt=f"Bars: of looks at states by {known.full}, how many were followed by the start of a {TERMS[listed]} "
        f"within {years(ahead)}. "
        + "; ".join(
            f"{plain(labels[group])}: {hits} of {looks:,}, {percent(hits, looks)} percent"
            for group, (looks, hits, _) in found.items()
            if group in labels
        )
        + ".",
        note=" ".join(
            [
                fall(found),
                at_the_top(found, highest),
                stands_on(found, TERMS[listed]),
                *(other_list(counts(rows, measure, name, period, ahead), name, known) for name in others),
            ]
        ),
        keys=keys,
        remarks=[
            *remarks,
            f"“{known.name}” is measured here by {known.full}, known from {known.first}. {known.limit}",
            how(ahead, listed),
            NOT_ALONE,
        ],
        table=books(found, labels),
    )


def nothing(short: str, known: Measure, keys: Sequence[str]) -> figures.FigureView:
    """The view where the measure has no years in the chosen period."""

    def draw(axes: Axes) -> None:
        axes.text(
            0.5,
            0.5,
            f"This measure begins in {known.first}:\ntoo few years for this choice.",
            ha="center",
            va="center",
            fontsize=13,
        )
        axes.set_axis_off()

    return figures.FigureView(
        figures.Drawing(draw, height=2.4),
        title=f"{short}: no figure for this choice",
        alt=f"An empty figure: {known.full} is known from {known.first} only.",
        note=f"The measure begins in {known.first}, so there is nothing to count here. Choose another period, or "
        "fewer years ahead.",
        keys=keys,
        remarks=["No figure is not a figure of nought."],
        table=(["What", "From"], [[known.full, known.first]]),
    )


def of(group: Count) -> str:
    looks, hits, _ = group
    return f"{hits or 'none'} of {looks:,}"


def other_list(found: Counts, listed: str, known: Measure) -> str:
    """What another list says of the same question."""
    if not ends(found):
        return f"The list of {MANY[listed]} has too few years to say the same or the opposite."
    low, high = outer(found)
    return f"By the list of {MANY[listed]}: {of(low)} {known.groups[1]}, {of(high)} {known.groups[2]}."


def how(ahead: int, listed: str) -> str:
    """What a look is, and which list it goes by."""
    every = "every year" if ahead == 1 else f"every {ahead} years"
    return (
        f"A look is one state in one year, taken {every}, so that no start counts twice. States where one was going on "
        f"already are left out, for the question is what came next where it was quiet. {LISTED[listed]}"
    )


def choices(lists: Sequence[str]) -> dict[str, Scale]:
    """The controls that both explorations share."""
    return {
        "ahead": Choice(
            "Years we look ahead", [("1 year" if ahead == 1 else f"{ahead} years", ahead) for ahead in WINDOWS], 5
        ),
        "listed": Choice("List of episodes", [(NAMES[name], name) for name in lists]),
        "period": Choice("Period", [(name, key) for key, name in PERIODS.items()]),
    }
