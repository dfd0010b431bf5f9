"""What an office knows depends on whom it listens to: eight weeks of reports from an invented district. Our own
teaching model.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from workshop.content.tables import table
from workshop.explorations.at_the_table import listed
from workshop.explorations.kit.grids import grid
from workshop.explorations.kit.interactive import Explored, in_a_row, side_by_side
from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Button, Slider, Tick
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, INK, ORANGE

REPORTERS = {
    "police": "Police of the district",
    "capital": "Offices in the capital",
    "ombudsman": "Ombudsman’s office",
    "town-halls": "Town halls",
    "schools-and-clinics": "Schools and clinics",
    "market": "People of the market",
}
LAST = 8
# What stands in a cell: its word, and how its box is filled, edged and lettered.
LOOKS = {
    "seen": (BLUE, BLUE, "-", "white"),
    "heard": ("white", BLUE, ":", INK),
    "helps": ("#FBE9DD", ORANGE, "-", INK),
    "news": ("white", GREY, "--", INK),
}
ONE_SIDED: dict[tuple[str, ...], str] = {
    (
        "police",
    ): "From the police alone it looks like a quiet district with one rumour. Complaints about the police do not come "
    "from the police.",
    (
        "capital",
    ): "From the capital alone it looks like a date, and a letter against leaders of the hill people. An office that "
    "goes by this may end up watching the very people who are at risk.",
}


def reports(week: int = LAST, listened: Sequence[str] = tuple(REPORTERS)) -> pd.DataFrame:
    """The reports up to a week, from those who are listened to."""
    rows = table("two_wells_signals")
    return rows[(rows["week"] <= week) & rows["reporter"].isin(list(listened))]


def mark(row: Any) -> str:
    """How a report is drawn: seen, heard, helps (something that protects), or news (of every day)."""
    if row.kind == "risk":
        return "seen" if row.how == "first hand" else "heard"
    return {"protection": "helps", "noise": "news"}[row.kind]


def picture(rows: pd.DataFrame) -> tuple[list[int], list[int], int]:
    """(risk factors seen first hand, risk factors only heard of, number of reports on what protects)."""
    risks = rows[rows["kind"] == "risk"]
    seen = sorted({int(factor) for factor in risks[risks["how"] == "first hand"]["risk_factor"]})
    heard = sorted({int(factor) for factor in risks["risk_factor"]} - set(seen))
    return seen, heard, int((rows["kind"] == "protection").sum())


def view(week: int = LAST, listened: Sequence[str] = tuple(REPORTERS), noise: bool = True) -> figures.FigureView:
    """The figure: risk factors by weeks, with what is seen, heard and protecting, for those who are listened to."""
    factors = dict(zip(table("risk_factors")["risk_factor"].astype(int), table("risk_factors")["name"], strict=True))
    rows, whole = reports(week, listened), reports(week)
    on_desk = rows if noise else rows[rows["kind"] != "noise"]
    seen, heard, protects = picture(rows)
    lines = [*factors, 0] if noise else [*factors]  # the line 0 is for everyday news, which belongs to no risk factor

    def draw(axes: Axes) -> None:
        marks: dict[tuple[int, int], list[str]] = {}
        for row in records(on_desk):
            line = 0 if row.kind == "noise" else int(row.risk_factor)
            marks.setdefault((int(row.week), line), []).append(mark(row))
        for (column, factor), words in marks.items():
            each = 0.84 / len(words)
            for place, word in enumerate(words):
                fill, edge, style, ink = LOOKS[word]
                top = lines.index(factor) - 0.42 + place * each
                axes.add_patch(
                    Rectangle(
                        (column - 0.46, top),
                        0.92,
                        each * 0.94,
                        facecolor=fill,
                        edgecolor=edge,
                        linestyle=style,
                        linewidth=1.4,
                    )
                )
                axes.text(column, top + each * 0.47, word, ha="center", va="center", fontsize=9.5, color=ink)
        if week < LAST:
            axes.add_patch(
                Rectangle((week + 0.5, -0.5), LAST - week, len(lines), facecolor="#F2F2F2", edgecolor="none", zorder=0)
            )
            axes.text((week + LAST + 1) / 2, len(lines) / 2 - 0.5, "not yet", ha="center", va="center", fontsize=10.5)
        grid(axes, LAST, len(lines), first=1)
        axes.set_xlim(0.5, LAST + 0.52)
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.set_yticks(
            range(len(lines)),
            [f"{factors[line]}  {line}" if line else "Everyday news  –" for line in lines],
            fontsize=10,
        )
        axes.xaxis.tick_top()
        axes.set_xticks(range(1, LAST + 1), [f"week {number}" for number in range(1, LAST + 1)], fontsize=10)
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)

    return figures.FigureView(
        figures.Drawing(
            draw,
            height=5.3,
            source="Own teaching model of an invented district; risk factors adapted from the UN Framework of "
            "Analysis, 2014",
        ),
        title=f"Up to week {week}: {counted(len(seen), 'risk factor')} seen first hand, {len(heard)} only heard of, "
        f"{counted(protects, 'sign')} of protection",
        alt=f"A grid of {len(factors)} risk factors and {LAST} weeks, filled up to week {week}. Listened to: "
        f"{listed([REPORTERS[name] for name in listened]) or 'nobody'}. Seen first hand: {listed(seen) or 'none'}. "
        f"Only heard of: {listed(heard) or 'none'}. Reports on what protects: {protects}. Everyday news is "
        f"{'shown' if noise else 'left out'}.",
        note=sentence(week, listened, rows, whole, factors, noise),
        keys=["OWN", "FRAMEWORK", "FA-TXT"],
        remarks=[
            "Invented district, invented reports; what is everyday news is known only because we marked it. An empty "
            "line means that no report came in, and not that nothing is there."
        ],
        table=(
            ["Week", "Place", "Who reports", "How it is known", "What", "Weight"],
            [
                [int(row.week), row.place, REPORTERS[row.reporter], row.how, row.report, row.weight]
                for row in records(on_desk)
            ],
        ),
    )


def counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def sentence(
    week: int, listened: Sequence[str], rows: pd.DataFrame, whole: pd.DataFrame, factors: Mapping[int, str], noise: bool
) -> str:
    """The picture that an office would have, and what it would miss, in words."""
    (seen, heard, protects), (all_seen, all_heard, all_protect) = picture(rows), picture(whole)

    def named(some: Iterable[int]) -> str:
        return listed([f"{factors[factor].lower().replace('state ', 'State ')} ({factor})" for factor in some])

    missed = [factor for factor in sorted({*all_seen, *all_heard}) if factor not in {*seen, *heard}]
    elsewhere = [factor for factor in heard if factor in all_seen]
    everyday = int((rows["kind"] == "noise").sum())
    words = [
        f"{counted(len(rows), 'report')} by week {week}"
        + (f", {everyday} of them everyday news." if noise and everyday else ".")
    ]
    words.append(f"Seen first hand: {named(seen)}." if seen else "Nothing seen first hand.")
    if heard:
        words.append(f"Only heard of: {named(heard)}.")
    if missed:
        words.append(f"This office misses: {named(missed)}.")
    if elsewhere:
        words.append(f"What it has only heard of, {named(elsewhere)}, somebody else has seen.")
    if all_protect > protects:
        words.append(f"It does not know of {counted(all_protect - protects, 'sign')} of protection.")
    if not missed and not elsewhere and protects == all_protect:
        words.append(
            "It misses nothing that anybody reported. On the other risk factors nobody has reported, and that is a "
            "question to ask."
        )
    if week >= 5:
        words.append(ONE_SIDED.get(tuple(listened), ""))
    return " ".join(filter(None, words))


def explored() -> Explored:
    """Whom does the office listen to? Start with everybody, then with the police or the capital alone."""
    ticks = {name: Tick(words, True) for name, words in REPORTERS.items()}
    controls = {
        "week": Slider("Up to which week", [(f"week {number}", number) for number in range(1, LAST + 1)], LAST),
        **ticks,
        "noise": Tick("Show everyday news as well", True),
    }

    def draw(week: int, noise: bool, **listened: bool) -> figures.FigureView:
        return view(week, tuple(name for name, ticked in listened.items() if ticked), noise)

    question = widgets.HTML("To whom does the office listen?")
    row = in_a_row(
        Button("Everybody", lambda: box.tick(dict.fromkeys(ticks, True))),
        Button("Police only", lambda: box.tick({name: name == "police" for name in ticks})),
        Button("Capital only", lambda: box.tick({name: name == "capital" for name in ticks})),
    )
    box = Explored(
        draw, controls, above=[controls["week"], question, side_by_side(ticks.values()), row, controls["noise"]]
    )
    return box
