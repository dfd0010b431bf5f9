"""Meridia's offices and what they can see: which risks has nobody at the table seen first? Our own teaching model."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import ipywidgets as widgets  # type: ignore[import-untyped]
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from workshop.content.tables import table
from workshop.explorations.kit.grids import grid
from workshop.explorations.kit.interactive import Explored, in_a_row, side_by_side
from workshop.explorations.kit.widgets import Button, Tick
from workshop.render import figures
from workshop.render.figures import BLUE, GREY, INK, ORANGE

START = "foreign-ministry"


def offices() -> dict[str, str]:
    """Office -> its name, in the order of the table."""
    rows = table("meridia_offices")
    return dict(zip(rows["office"], rows["name"], strict=True))


def coverage(seated: Iterable[str]) -> dict[int, tuple[list[str], list[str]]]:
    """Risk factor -> (offices at the table that see it first, offices that see it also)."""
    sight = table("meridia_sight")
    sight = sight[sight["office"].isin(list(seated))]
    factors = table("risk_factors")["risk_factor"]
    return {
        int(factor): (
            list(sight[(sight["risk_factor"] == factor) & (sight["sees"] == "first")]["office"]),
            list(sight[(sight["risk_factor"] == factor) & (sight["sees"] == "also")]["office"]),
        )
        for factor in factors
    }


def view(seated: Collection[str] = (START,)) -> figures.FigureView:
    """The figure for the offices that sit at the table: risk factors by sectors, and who is missing."""
    rows, risks = table("meridia_offices"), table("risk_factors")
    names = dict(zip(rows["office"], rows["name"], strict=True))
    sector_of = dict(zip(rows["office"], rows["sector"], strict=True))
    sectors = list(dict.fromkeys(rows["sector"]))
    factors = dict(zip(risks["risk_factor"], risks["name"], strict=True))
    covered = coverage(seated)
    firsts = [factor for factor, (first, _) in covered.items() if first]
    lates = [factor for factor, (first, also) in covered.items() if also and not first]
    blind = [factor for factor, (first, also) in covered.items() if not first and not also]
    present = {sector_of[office] for office in seated}

    def draw(axes: Axes) -> None:
        for line, (first, also) in enumerate(covered.values()):
            for column, sector in enumerate(sectors):
                sees = (
                    "first"
                    if sector in {sector_of[o] for o in first}
                    else "also"
                    if sector in {sector_of[o] for o in also}
                    else ""
                )
                if sees:
                    axes.add_patch(
                        Rectangle(
                            (column - 0.46, line - 0.42),
                            0.92,
                            0.84,
                            facecolor=BLUE if sees == "first" else "#DCEEF9",
                            edgecolor=BLUE,
                            linewidth=1,
                            linestyle="-" if sees == "first" else ":",
                        )
                    )
                    axes.text(
                        column,
                        line,
                        sees,
                        ha="center",
                        va="center",
                        fontsize=10,
                        color="white" if sees == "first" else INK,
                    )
            if not first:
                axes.add_patch(
                    Rectangle(
                        (len(sectors) - 0.42, line - 0.36),
                        1.5,
                        0.72,
                        facecolor="none" if also else ORANGE,
                        edgecolor=ORANGE,
                        linewidth=1.2,
                    )
                )
                axes.text(
                    len(sectors) + 0.33,
                    line,
                    "only late" if also else "nobody",
                    ha="center",
                    va="center",
                    fontsize=9.5,
                    color=INK if also else "white",
                    weight="normal" if also else "bold",
                )
        for cell in (*axes.patches, *axes.texts):
            # They lie inside the grid, and measuring each for the layout would double the time.
            cell.set_in_layout(False)
        grid(axes, len(sectors), len(covered))
        axes.set_xlim(-0.5, len(sectors) + 1.15)
        axes.set_ylim(len(covered) - 0.5, -0.5)
        axes.set_yticks(range(len(covered)), [f"{factors[factor]}  {factor}" for factor in covered], fontsize=10.5)
        axes.xaxis.tick_top()
        axes.set_xticks(
            range(len(sectors)), sectors, fontsize=10.5, rotation=45, ha="left", va="bottom", rotation_mode="anchor"
        )
        for column, (tick, sector) in enumerate(zip(axes.get_xticklabels(), sectors, strict=True)):
            tick.set_color(INK if sector in present else GREY)
            if sector in present:
                axes.plot(
                    [column - 0.44, column + 0.44],
                    [-0.5, -0.5],
                    color=BLUE,
                    linewidth=6,
                    clip_on=False,
                    in_layout=False,
                )
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)

    return figures.FigureView(
        figures.Drawing(
            draw,
            height=6.4,
            source="Own teaching model of an invented country; risk factors adapted from the UN Framework of "
            "Analysis, 2014",
        ),
        title=f"{len(firsts)} of 14 risk factors have somebody at the table who sees them first",
        alt=f"A grid of 14 risk factors and {len(sectors)} sectors. At the table: "
        f"{listed([names[o] for o in seated]) or 'nobody'}. "
        f"Seen first: {listed(firsts) or 'none'}. Seen only late or from afar: {listed(lates) or 'none'}. Seen by "
        f"nobody: {listed(blind) or 'none'}.",
        note=sentence(firsts, lates, blind, factors),
        keys=["OWN", "FRAMEWORK", "FA-TXT"],
        remarks=[
            "First means: in its daily work, before others. Also means: later, or from afar. Which office sees what "
            "is our own model; "
            "in your country it is a question to ask. A table where everybody sits is also slow."
        ],
        table=(
            ["Risk factor", "Sees it first", "Sees it also"],
            [
                [
                    f"{factor} {factors[factor]}",
                    listed([names[o] for o in first]) or "nobody",
                    listed([names[o] for o in also]) or "nobody",
                ]
                for factor, (first, also) in covered.items()
            ],
        ),
    )


def sentence(firsts: Sequence[int], lates: Sequence[int], blind: Sequence[int], factors: Mapping[int, str]) -> str:
    """What the table sees, in words."""
    named = [f"{factors[factor].lower().replace('state ', 'State ')} ({factor})" for factor in blind]
    return " ".join(
        filter(
            None,
            [
                f"{len(firsts)} of 14 risk factors {'has' if len(firsts) == 1 else 'have'} somebody who sees them "
                "first.",
                f"{len(lates)} more {'is' if len(lates) == 1 else 'are'} seen only late or from afar." if lates else "",
                f"Nobody sees: {listed(named)}." if blind else "There is none that nobody sees.",
            ],
        )
    )


def listed(items: Iterable[object]) -> str:
    """Items in a row, the last after “and”."""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


def explored() -> Explored:
    """Which risks does nobody at the table see? Start with the foreign ministry alone."""
    names = offices()
    controls = {office: Tick(name, office == START) for office, name in names.items()}

    def draw(**seated: bool) -> figures.FigureView:
        return view([office for office, sits in seated.items() if sits])

    question = widgets.HTML("Which offices of Meridia sit at the table?")

    every = Button("Everybody sits", lambda: box.tick(dict.fromkeys(controls, True)))
    alone = Button("Foreign ministry alone", lambda: box.tick({office: office == START for office in controls}))
    box = Explored(draw, controls, above=[question, side_by_side(controls.values()), in_a_row(every, alone)])
    return box
