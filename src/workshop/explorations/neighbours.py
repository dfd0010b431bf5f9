"""Tanzania and its eight neighbours: which lists hold an episode, since when, and what is in no list at all.

The notes name these nine; no other state is shown. The kit keeps years alone, `data/tables/neighbour_episodes.csv`: no
deaths, no scores. `extract` made it from the published files, so anybody who downloads them can make it again (with
openpyxl and xlrd for the two workbooks):

    killings = pandas.read_excel("mass_killing_events_master_list_2025.xlsx", sheet_name="mk_events")
    genocides = pandas.read_excel("pitf_genopoliticide_2014.xls", sheet_name="GENO-F")
    fighting = pandas.read_csv("BattleDeaths_v25_1.csv")
    rows = extract(killings, genocides, fighting)
    rows.to_csv("data/tables/neighbour_episodes.csv", index=False, lineterminator="\\n")
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from workshop.content.tables import table
from workshop.explorations.armed_groups import INTERNAL
from workshop.explorations.kit.interactive import Explored, slider
from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Choice
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, INK, ORANGE, PALE, SKY

# State numbers of the published files, and the year in which the state joined the United Nations.
NUMBERS = {
    516: "Burundi",
    490: "DR Congo",
    501: "Kenya",
    553: "Malawi",
    541: "Mozambique",
    517: "Rwanda",
    510: "Tanzania",
    500: "Uganda",
    551: "Zambia",
}
ZANZIBAR = 511
MEMBERS = {
    "Burundi": 1962,
    "DR Congo": 1960,
    "Kenya": 1963,
    "Malawi": 1964,
    "Mozambique": 1975,
    "Rwanda": 1962,
    "Tanzania": 1961,
    "Uganda": 1962,
    "Zambia": 1964,
}
LISTS = {
    "mass_killing": ("Mass killings, to 2024", "the list of mass killings", "SRC_EWP_2025", 1945, 2024),
    "genocide_politicide": (
        "Genocides and politicides, to 2014",
        "the list of genocides and politicides",
        "SRC_PITF_2014",
        1955,
        2014,
    ),
    "fighting": (
        "Years of fighting with armed groups, 1989 to 2024",
        "the list of years of fighting",
        "SRC_UCDP_BRD_25",
        1989,
        2024,
    ),
}
COUNTS = {
    "mass_killing": "This list: at least 1,000 civilians killed within a year as members of a group, by a state or by "
    "an armed group. An episode lasts until the killing has stayed below that for years, so ends are late.",
    "genocide_politicide": "This list: lasting campaigns meant to destroy a communal or political group. It begins in "
    "1955 and ends in 2014.",
    "fighting": "This list: years in which combat between the state’s government and an armed group cost at least 25 "
    "lives, from 1989, on whichever side of a border. Attacks on civilians are not counted in it, so it is no list of "
    "atrocities.",
}
# Documented, and in none of the two lists of killings.
OUTSIDE = [
    ("Kenya", 2008, "violence after the election of December 2007, described by a commission of inquiry", "KE-W"),
    ("Tanzania", 2001, "protesters killed on Zanzibar in January 2001, as general histories record", None),
    (
        "Tanzania",
        2025,
        "protests and lethal force after the election of 29 October 2025; by 12 November no figure of deaths could be "
        "verified",
        "TZ-25",
    ),
]
FIRST, END = 1960, 2027
# First year, last year, who led it (state, armed_group or both), and where inside the state, empty where all of it.
Span = tuple[int, int, str, str]
WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def extract(killings: pd.DataFrame, genocides: pd.DataFrame, fighting: pd.DataFrame) -> pd.DataFrame:
    """One row for each episode of the nine states in each list: who led it, first and last year (empty: going on)."""
    killings = killings[killings["mk_location_cow"].isin([*NUMBERS, ZANZIBAR])]
    genocides = genocides.drop_duplicates(["CCODE", "YRBEGIN"])
    genocides = genocides[genocides["CCODE"].isin(NUMBERS)]
    fighting = fighting[fighting["type_of_conflict"].isin(INTERNAL)].assign(
        number=lambda rows: rows["gwno_a"].astype(int)
    )
    rows = [
        ("mass_killing", e.mk_location_cow, "state" if e.led == "State-Led" else "armed_group", e.startyear, e.endyear)
        for e in records(killings.rename(columns={"State-Led or Non-State-Led": "led"}))
    ]
    rows += [("genocide_politicide", e.CCODE, "state", e.YRBEGIN, e.YREND) for e in records(genocides)]
    for number in NUMBERS:
        rows += [
            ("fighting", number, "both", *run) for run in runs(set(fighting.loc[fighting["number"] == number, "year"]))
        ]
    episode_rows = pd.DataFrame(rows, columns=["list", "state", "led_by", "start_year", "end_year"])
    episode_rows["place"] = episode_rows["state"].map({ZANZIBAR: "Zanzibar"})
    episode_rows["state"] = episode_rows["state"].map(NUMBERS | {ZANZIBAR: "Tanzania"})
    episode_rows["source"] = episode_rows["list"].map({name: key for name, (_, _, key, _, _) in LISTS.items()})
    episode_rows["end_year"] = episode_rows["end_year"].astype("Int64")
    return episode_rows.sort_values(["list", "state", "start_year", "end_year", "led_by"], ignore_index=True)


def runs(years: Collection[int]) -> Iterator[tuple[int, int]]:
    """Years that follow one another, as pairs of first and last.

    >>> list(runs({1991, 1989, 1990, 1994}))
    [(1989, 1991), (1994, 1994)]
    """
    first = None
    for year in sorted(years):
        first = year if first is None else first
        if year + 1 not in years:
            yield first, year
            first = None


def episodes(rows: pd.DataFrame, listed: str, since: int) -> dict[str, list[Span]]:
    """State -> its episodes (first year, last year, who led it, place) that were going on in `since` or later, in
    order.
    """
    last = LISTS[listed][4]
    spans: dict[str, list[Span]] = {state: [] for state in MEMBERS}
    for row in records(rows[rows["list"] == listed]):
        end = last if pd.isna(row.end_year) else int(row.end_year)
        if end >= since:
            spans[str(row.state)].append(
                (int(row.start_year), end, row.led_by, "" if pd.isna(row.place) else row.place)
            )
    return spans


def lanes(spans: Iterable[Span]) -> list[int]:
    """A lane for each episode, so that two of the same years do not cover each other."""
    free: list[int] = []
    lanes = []
    for first, last, *_ in spans:
        lane = next((number for number, until in enumerate(free) if until < first), len(free))
        free[lane : lane + 1] = [last]
        lanes.append(lane)
    return lanes


def view(listed: str = "mass_killing", since: int = FIRST) -> figures.FigureView:
    """The figure: one row a state, in alphabetical order, with the episodes of one list and what is in no list."""
    _, short, key, begins, ends = LISTS[listed]
    found = episodes(table("neighbour_episodes"), listed, since)
    without = [state for state, spans in found.items() if not spans]
    outside = [mark for mark in OUTSIDE if mark[1] >= since]
    year = max(since, begins)
    there = len(found) - len(without)

    def draw(axes: Axes) -> None:
        for line, (state, spans) in enumerate(found.items()):
            from_, to = max(MEMBERS[state], since), ends + 1
            axes.plot([max(from_, begins), to], [line, line], color=PALE, linewidth=9, solid_capstyle="butt", zorder=1)
            places = lanes(spans)
            high = 0.72 / (max(places, default=0) + 1)
            for (first, last, led, _), lane in zip(spans, places, strict=True):
                left = max(first, since)
                axes.barh(
                    line - 0.36 + high * (lane + 0.5),
                    last + 1 - left,
                    left=left,
                    height=high * 0.86,
                    zorder=2,
                    linewidth=0.8,
                    facecolor=BLUE if led == "state" else SKY,
                    edgecolor=BLUE if led == "state" else INK,
                    hatch=None if led == "state" else "////",
                )
        for state, when, *_ in outside:
            axes.plot(
                when + 0.5,
                list(found).index(state),
                marker="D",
                markersize=9,
                markerfacecolor="white",
                markeredgecolor=ORANGE,
                markeredgewidth=2,
                linestyle="none",
                zorder=4,
            )
            axes.annotate(
                f"{when}" if when != 2008 else "2007-08",
                (when + 0.5, list(found).index(state)),
                (0, 9),
                textcoords="offset points",
                ha="center",
                fontsize=10,
                color=ORANGE,
            )
        axes.axvline(ends + 1, color=GREY, linewidth=1, linestyle=":")
        axes.set_yticks(range(len(found)), list(found), fontsize=12)
        axes.set_ylim(len(found) - 0.4, -0.7)
        axes.set_xlim(since, END)
        axes.set_xticks([tick for tick in range(1960, 2021, 10) if tick >= since])
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        both = listed == "fighting"
        handles: list[Artist] = (
            [Patch(facecolor=SKY, edgecolor=INK, hatch="////", label="government and armed group in combat")]
            if both
            else [Patch(facecolor=BLUE, label="led by a state")]
        )
        if listed == "mass_killing":
            handles.append(Patch(facecolor=SKY, edgecolor=INK, hatch="////", label="led by an armed group"))
        handles += [
            Line2D([], [], color=PALE, linewidth=7, label="independent, and in the years of the list"),
            Line2D(
                [],
                [],
                marker="D",
                markersize=8,
                markerfacecolor="white",
                markeredgecolor=ORANGE,
                markeredgewidth=2,
                linestyle="none",
                label="documented, in no list of killings",
            ),
        ]
        axes.figure.legend(
            handles=handles, loc="outside upper left", ncols=2, fontsize=10.5, handlelength=1.4, columnspacing=1.4
        )

    told = {state: "; ".join(said(span) for span in spans) for state, spans in found.items()}
    return figures.FigureView(
        figures.Drawing(
            draw,
            height=5.2,
            source=f"Source: {sourced(listed)}; own drawing. The dotted line marks the end of the list",
        ),
        title=f"Since {year}, {WORDS[there]} of nine states {'is' if there == 1 else 'are'} in {short}; "
        f"{listing(without)} are not",
        alt=f"Nine rows in alphabetical order, from {since} to 2025. "
        + " ".join(f"{state}: {words or 'none'}." for state, words in told.items())
        + (
            " Marked outside the lists: " + "; ".join(f"{state}, {what}" for state, _, what, _ in outside) + "."
            if outside
            else ""
        ),
        note=note(found, listed, year, without),
        keys=[key, "SRC_UNTC_2015", *(source for *_, source in outside if source)],
        remarks=[
            *(
                [
                    f"The marks: {'; '.join(f'{state}, {what}' for state, _, what, _ in outside)}. Neither list of "
                    "killings holds them; both ended before October 2025. "
                    "They are not complete: much violence stays below the line of every list."
                ]
                if outside
                else []
            ),
            f"{COUNTS[listed]} What colonial powers did before independence is not in these rows.",
            "Nine states are few, and they were chosen because one of them was thought to do well. They differ in "
            "land, colonial rule, wars next door and much else. Order of the alphabet, no order of merit.",
        ],
        table=(
            ["State", "Member of the United Nations since", f"In {short}", "Documented, in no list of killings"],
            [
                [
                    state,
                    MEMBERS[state],
                    told[state] or "none",
                    "; ".join(what for where, _, what, _ in outside if where == state) or "nothing noted here",
                ]
                for state in found
            ],
        ),
    )


def said(span: Span) -> str:
    """An episode in words."""
    first, last, led, place = span
    when = f"{first}" if first == last else f"{first} to {last}"
    return when + (f" ({place})" if place else "") + (", led by an armed group" if led == "armed_group" else "")


def listing(names: Sequence[str]) -> str:
    """Names as a person lists them.

    >>> listing(["Kenya", "Malawi", "Zambia"])
    'Kenya, Malawi and Zambia'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def note(found: Mapping[str, Sequence[Span]], listed: str, since: int, without: Sequence[str]) -> str:
    """What the figure says of Tanzania, of those like it, and what another list or another year would say.

    In each list and from each year there are at least two states without an entry.
    """
    others = [state for state in without if state != "Tanzania"]
    if "Tanzania" in without:
        first = f"Tanzania has no entry since {since} in this list, and {listing(others)} have none either."
    else:
        first = (
            f"Tanzania has an entry in this list: {'; '.join(said(span) for span in found['Tanzania'])}. "
            f"{listing(others)} have none."
        )
    if listed == "mass_killing" and since <= 1964:
        first += " The list treats Zanzibar as a state of its own in 1964; start in 1965, and this entry is gone."
    if listed == "genocide_politicide" and since <= 1964:
        first += " The killings on Zanzibar in 1964 are not in this list."
    rows = table("neighbour_episodes")
    elsewhere = [
        f"{WORDS[sum(not spans for spans in episodes(rows, key, since).values())]} in {LISTS[key][1]}"
        for key in LISTS
        if key != listed
    ]
    return (
        f"{first} Without any entry since {since}: {WORDS[len(without)]} of nine here, {' and '.join(elsewhere)}. "
        "Who looks peaceful depends on the list and on the first year."
    )


def sourced(listed: str) -> str:
    return {
        "mass_killing": "Early Warning Project, 2025",
        "genocide_politicide": "Political Instability Task Force, to 2014",
        "fighting": "Uppsala Conflict Data Program, 25.1",
    }[listed]


def explored() -> Explored:
    """Is Tanzania alone among its neighbours? It depends on the list and on the year one starts with."""
    controls = {
        "listed": Choice("Which list", [(name, key) for key, (name, *_) in LISTS.items()]),
        "since": slider("Start in the year", FIRST, 2010, FIRST),
    }
    return Explored(view, controls)
