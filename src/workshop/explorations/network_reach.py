"""How far prevention networks reach: published totals, with the years between left empty."""

from collections.abc import Mapping
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from pandas import isna

from workshop.content.tables import table
from workshop.explorations.kit.interactive import Change, Explored
from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Choice
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, INK, ORANGE

FIRST, LAST = 2010, 2024
UN_MEMBERS = 193
NETWORKS = {
    "focal-points": "Focal points for the Responsibility to Protect",
    "friends": "Group of Friends of the Responsibility to Protect",
    "latin-america": "Latin American Network",
    "gaamac": "GAAMAC",
}
COUNTED = {"belongs": "Who is named as belonging", "came": "Who came to a meeting"}
SERIES = {
    ("focal-points", "belongs"): "r2p_focal_points",
    ("focal-points", "came"): "r2p_focal_points_meeting",
    ("friends", "belongs"): "r2p_group_of_friends",
    ("latin-america", "belongs"): "latin_american_network",
    ("latin-america", "came"): "latin_american_network_meeting",
    ("gaamac", "belongs"): "gaamac_partners",
    ("gaamac", "came"): "gaamac_meeting",
}
VOTES = {
    "hrc_r2p_resolution": "Human Rights Council,\nJuly 2020",
    "unga_r2p_resolution": "General Assembly,\nMay 2021",
}
# Before these years, and for GAAMAC's meetings between them, there was nothing to count.
BEGAN = {"latin-america": 2012, "gaamac": 2014}
GLOBAL_MEETINGS = (2014, 2016, 2018, 2021)
JOINING = "To join, to come or to vote is not yet to do: none of these figures shows what anybody did at home."
# What a total is a total of; without this the four networks would look alike.
UNITS = {
    ("focal-points", "belongs"): "states with a focal point",
    ("focal-points", "came"): "countries at a yearly meeting",
    ("friends", "belongs"): "members",
    ("latin-america", "belongs"): "member states",
    ("latin-america", "came"): "member states at a seminar or meeting",
    ("gaamac", "belongs"): "partners: states, civil society and academic bodies together",
    ("gaamac", "came"): "states or countries at a global meeting",
}


class Total(NamedTuple):
    """One published total, as its sources give it."""

    number: int
    other: int | None
    what: str
    when: str
    source: str

    @property
    def words(self) -> str:
        """One figure, two that differ, or a lower bound."""
        if self.other:
            return f"{self.number} or {self.other}"
        return f"more than {self.number}" if "more than" in self.what else str(self.number)

    @property
    def highest(self) -> int:
        return max(self.number, self.other or 0)


def published(network: str, counted: str) -> dict[int, Total]:
    """Year -> published total; a year that is not there was not found."""
    rows = table("network_growth")
    rows = rows[rows["series"] == SERIES.get((network, counted))]
    return {
        int(row.year): Total(
            int(row.count),
            None if isna(row.other_count) else int(row.other_count),
            row.what_is_counted,
            row.when_published,
            row.source,
        )
        for row in records(rows)
    }


def empty_years(network: str, counted: str, found: Mapping[int, Total]) -> dict[int, str]:
    """Year -> why it has no bar: not yet there, no meeting, or no figure found. Only the last is a gap in what we
    read.
    """
    reasons = {}
    for year in range(FIRST, LAST + 1):
        if year in found:
            continue
        if year < BEGAN.get(network, FIRST):
            reasons[year] = "not yet there"
        elif (network, counted) == ("gaamac", "came") and year not in GLOBAL_MEETINGS:
            reasons[year] = "no meeting known"
        else:
            reasons[year] = "no figure found"
    return reasons


def gaps(reasons: Mapping[int, str]) -> int:
    """How many years have no figure though there was something to count."""
    return sum(reason == "no figure found" for reason in reasons.values())


def view(network: str = "focal-points", counted: str = "belongs") -> figures.FigureView:
    """The figure: the published totals of one network, or the two votes."""
    return votes() if network == "votes" else totals(network, counted)


def totals(network: str, counted: str) -> figures.FigureView:
    found = published(network, counted)
    empty = empty_years(network, counted, found)

    def draw(axes: Axes) -> None:
        for year, reason in empty.items():
            if reason == "no figure found":
                axes.axvspan(year - 0.46, year + 0.46, color="#F0F0F0", linewidth=0, zorder=0)
            axes.text(year, 1.2, reason, rotation=90, ha="center", va="bottom", color=GREY, fontsize=10)
        for year, total in found.items():
            if total.highest > total.number:
                axes.bar(
                    year,
                    total.highest - total.number,
                    bottom=total.number,
                    width=0.7,
                    facecolor="white",
                    edgecolor=ORANGE,
                    hatch="////",
                    linewidth=1.4,
                )
            axes.bar(year, total.number, width=0.7, facecolor=BLUE)
            axes.text(
                year,
                total.highest + 1.2,
                total.words.replace(" than ", "\nthan ").replace(" or ", "\nor "),
                ha="center",
                va="bottom",
                weight="bold",
                fontsize=11,
            )
        axes.set_xlim(FIRST - 0.6, LAST + 0.6)
        axes.set_ylim(0, 76)
        axes.set_xticks(range(FIRST, LAST + 1, 2))
        axes.set_ylabel("Published total")
        axes.grid(axis="y")
        if any(total.other for total in found.values()):
            axes.legend(
                handles=[
                    Patch(facecolor=BLUE, label="a published total"),
                    Patch(
                        facecolor="white",
                        edgecolor=ORANGE,
                        hatch="////",
                        label="another total published for the same thing",
                    ),
                ],
                loc="upper right",
                ncols=2,
                fontsize=11,
                handlelength=1.4,
                columnspacing=1.2,
            )

    name, what = NETWORKS[network], COUNTED[counted].lower()
    shown = [
        [year, total.words, total.what, total.when, total.source.replace(";", "; ")]
        if (total := found.get(year))
        else [year, empty[year], "", "", ""]
        for year in range(FIRST, LAST + 1)
    ]
    said = "; ".join(f"{year}: {total.words}" for year, total in found.items())
    keys = [key for total in found.values() for key in total.source.split(";")]
    return figures.FigureView(
        figures.Drawing(draw, height=4.4, source="Source: published totals, row by row in the table below the picture"),
        title=f"{name}: {sized(found, gaps(empty))}",
        alt=f"Bars of published totals, {name}, {what}. "
        + (f"{said}. " if said else "")
        + f"Years from {FIRST} to {LAST} for which no figure was found: {gaps(empty)}.",
        note=f"{note(network, counted, found)} {JOINING}",
        keys=keys or ["OWN"],
        remarks=remarks(network, counted),
        table=(["Year", "Total", "What is counted", "When published", "Sources"], shown),
    )


def sized(found: Mapping[int, Total], missing: int) -> str:
    """The second half of the title: the first and the last published total, and how much lies between."""
    if not found:
        return "no figure found for any year"
    first, last = min(found), max(found)
    if first == last:
        return f"one published figure, {found[first].words} in {first}"
    return (
        f"{found[first].words} in {first}, {found[last].words} in {last}, and {missing} "
        f"year{'' if missing == 1 else 's'} without a figure"
    )


def note(network: str, counted: str, found: Mapping[int, Total]) -> str:
    """What the picture says now, in two or three sentences."""
    if not found:
        return (
            "We found no published figure of who came to its meetings. That is a gap in what we read, and says "
            "nothing about who came."
        )
    last = found[max(found)].number
    reading = {
        (
            "focal-points",
            "belongs",
        ): f"{last} of {UN_MEMBERS} members of the United Nations is about {100 * last / UN_MEMBERS:.0f} percent.",
        (
            "focal-points",
            "came",
        ): "In 2012 more countries came (36) than had a focal point (17): one may come and look first.",
        ("friends", "belongs"): "The figures differ by a few members from year to year, and two texts of 2024 by one.",
        (
            "latin-america",
            "belongs",
        ): "The count of 2012 and the later ones differ by one state: a change, or a slip on one page.",
        (
            "latin-america",
            "came",
        ): "Of 18 founding members 16 came in 2013 and 10 in 2022. Two meetings make no trend: nobody has published "
        "who could not travel that week.",
        ("gaamac", "belongs"): "One year shows neither growth nor decline.",
        (
            "gaamac",
            "came",
        ): "For 2014 and 2016 the published figures differ from page to page, so no trend can be read from them. The "
        "meeting of 2021 was online.",
    }
    return f"Counted here: {UNITS[network, counted]}. {reading[network, counted]}"


def remarks(network: str, counted: str) -> list[str]:
    """What has to be known before two of the totals are compared."""
    said = ["A grey year is a year for which we found no figure. It is not a zero, and no line is drawn across it."]
    if network == "latin-america" and counted == "came":
        said.append(
            "Twelve states came to a further meeting; the page that says so does not state the year (LAN-12M), so it "
            "has no bar."
        )
    if network == "focal-points" and counted == "belongs":
        said.append("In 2016 and 2017 the count says “plus the European Union”; in 2021 it is about states alone.")
    return said


def votes() -> figures.FigureView:
    counts = table("network_growth").set_index("series")["count"]
    found = {council: [int(counts[f"{council}_{vote}"]) for vote in ("yes", "no", "abstain")] for council in VOTES}
    looks = [("in favour", BLUE, None), ("against", ORANGE, "//"), ("abstained", "white", "....")]

    def draw(axes: Axes) -> None:
        for place, numbers in enumerate(found.values()):
            start = 0
            for number, (_, colour, hatch) in zip(numbers, looks, strict=True):
                axes.barh(
                    place,
                    number,
                    left=start,
                    height=0.55,
                    facecolor=colour,
                    hatch=hatch,
                    edgecolor="white" if colour == ORANGE else INK if colour == "white" else BLUE,
                    linewidth=1,
                )
                axes.text(start + number / 2, place - 0.36, str(number), ha="center", va="bottom", weight="bold")
                start += number
        axes.set_yticks(range(len(VOTES)), list(VOTES.values()))
        axes.set_ylim(len(VOTES) - 0.5, -0.85)
        axes.set_xlim(0, 165)
        axes.set_xlabel("States that voted")
        axes.legend(
            handles=[
                Patch(facecolor=colour, hatch=hatch, edgecolor="white" if colour == ORANGE else GREY, label=label)
                for label, colour, hatch in looks
            ],
            loc="upper right",
            ncols=3,
            fontsize=11,
            handlelength=1.4,
        )

    yes, no, abstain = found["unga_r2p_resolution"]
    here, against, undecided = found["hrc_r2p_resolution"]
    return figures.FigureView(
        figures.Drawing(
            draw,
            height=3.4,
            source="Source: reports on General Assembly resolution 75/277 and the Human Rights Council vote of July "
            "2020",
        ),
        title=f"Two votes: {here} of {here + against + undecided} in the Human Rights Council, {yes} of "
        f"{yes + no + abstain} in the General Assembly",
        alt=f"Two bars of votes on the Responsibility to Protect. Human Rights Council, July 2020: {here} in favour, "
        f"{against} against, {undecided} abstained. "
        f"General Assembly, May 2021: {yes} in favour, {no} against, {abstain} abstained.",
        note=f"In the Assembly {yes + no + abstain} of {UN_MEMBERS} members voted; the others took no part. {JOINING}",
        keys=["SRC_WFMC_2020", "SRC_GCR2P_UNGA_2021"],
        remarks=[
            "The two votes were on different texts in bodies of different size, so their sizes cannot be compared. "
            "Who voted how is not shown: this kit does not sort states."
        ],
        table=(
            ["Where", "When", "In favour", "Against", "Abstained"],
            [
                ["Human Rights Council", "July 2020", here, against, undecided],
                ["General Assembly", "May 2021", yes, no, abstain],
            ],
        ),
    )


def explored() -> Explored:
    """How large are the prevention networks, as far as anybody has published it?"""
    controls = {
        "network": Choice(
            "Which network",
            [(name, key) for key, name in NETWORKS.items()] + [("Two votes at the United Nations", "votes")],
        ),
        "counted": Choice("What is counted", [(name, key) for key, name in COUNTED.items()]),
    }

    def only_where_it_matters(change: Change) -> None:
        controls["counted"].show(change["new"] != "votes")

    controls["network"].observe(only_where_it_matters, names="value")
    return Explored(view, controls)
