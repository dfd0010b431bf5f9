"""A drawn architecture as one picture: levels as bands, offices as boxes, the way of a warning as arrows."""

import io
import textwrap

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from workshop.architecture.model import DECIDES, FUNCTIONS, LEVELS
from workshop.architecture.words import way_in_words
from workshop.render.figures import BLUE, GREY, INK, ORANGE, PALE, STYLE

IN_A_ROW = 4
BOX = (1.36, 0.9)
STEP = (1.78, 1.5)
LIFT = 0.2


def places(drawn):
    """Where each office stands, from the left and from the top, and the rows of each level."""
    found, bands, row = {}, [], 0
    for level, label in LEVELS.items():
        here = [one for one in drawn.institutions if one.level == level]
        if not here:
            continue
        first = row
        for start in range(0, len(here), IN_A_ROW):
            group = here[start : start + IN_A_ROW]
            # Rows of unlike length are set between one another, so that arrows seldom run through a box.
            shift = (IN_A_ROW - len(group)) / 2
            for place, one in enumerate(group):
                found[one.id] = ((place + shift + 0.5) * STEP[0], -(row + 0.5) * STEP[1])
            row += 1
        bands.append((label, first, row))
    return found, bands


def picture(drawn):
    """The picture as PNG, in colours and lines that say the same in grey."""
    found, bands = places(drawn)
    rows, width = max((end for _, _, end in bands), default=1), IN_A_ROW * STEP[0]
    receives = {one.passes_to for one in drawn.institutions}
    with rc_context(STYLE):
        figure = Figure(figsize=(width + 0.2, rows * STEP[1] + 0.75))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(-0.1, width + 0.1)
        axes.set_ylim(-rows * STEP[1] - 0.7, 0.05)
        axes.axis("off")
        for number, (label, first, end) in enumerate(bands):
            axes.axhspan(
                -end * STEP[1], -first * STEP[1], facecolor="#F4F4F4" if number % 2 == 0 else "white", linewidth=0
            )
            axes.text(0, -first * STEP[1] - 0.06, label.upper(), fontsize=9, color=GREY, va="top", fontweight="bold")
        for one in drawn.institutions:
            x, y = found[one.id]
            decides, stops = one.passes_to == DECIDES, not one.passes_to and one.id in receives
            axes.add_patch(
                FancyBboxPatch(
                    (x - BOX[0] / 2, y - BOX[1] / 2),
                    *BOX,
                    boxstyle="round,pad=0,rounding_size=0.06",
                    zorder=3,
                    facecolor="white",
                    edgecolor=BLUE if decides else ORANGE if stops else INK,
                    linewidth=2.6 if decides else 1.6 if stops else 1,
                    linestyle="--" if stops else "-",
                )
            )
            does = ", ".join(FUNCTIONS[name].lower() for name in one.functions)
            axes.text(
                x,
                y + 0.38,
                "\n".join(_cut(one.office, 19, 3)),
                ha="center",
                va="top",
                fontsize=8,
                fontweight="bold",
                zorder=4,
                linespacing=1.05,
            )
            axes.text(
                x,
                y - 0.12,
                "\n".join(_cut(does, 26, 2)),
                ha="center",
                va="top",
                fontsize=7,
                color=GREY,
                zorder=4,
                linespacing=1.05,
            )
            if decides or stops:
                axes.text(
                    x,
                    y - BOX[1] / 2 - 0.05,
                    "decides and answers" if decides else "stops here",
                    ha="center",
                    va="top",
                    fontsize=8,
                    color=BLUE if decides else ORANGE,
                    fontweight="bold",
                    zorder=4,
                )
        for one in drawn.institutions:
            if one.passes_to in found:
                _arrow(axes, found[one.id], found[one.passes_to], one.days)
        _legend(axes, -rows * STEP[1] - 0.4)
        made = io.BytesIO()
        figure.savefig(made, format="png", dpi=170)
    return made.getvalue()


def alternative(drawn, found):
    """The picture in words, for those who do not see it."""
    levels = [
        f"{label}: {', '.join(one.office for one in drawn.institutions if one.level == level)}"
        for level, label in LEVELS.items()
        if any(one.level == level for one in drawn.institutions)
    ]
    ways = [way_in_words(way) for way in found.walks] or ["No office passes a warning on."]
    return f"Offices by level. {'; '.join(levels)}. Ways of a warning. {' '.join(ways)}"


def _arrow(axes, start, end, days):
    (x1, y1), (x2, y2) = start, end
    if y1 == y2:
        side = 1 if x2 > x1 else -1
        near = abs(x2 - x1) < STEP[0] * 1.5
        ends = (
            ((x1 + side * BOX[0] / 2, y1), (x2 - side * BOX[0] / 2, y2))
            if near
            else ((x1, y1 + BOX[1] / 2), (x2, y2 + BOX[1] / 2))
        )
        # Over the boxes between, and no higher than the band.
        bend = 0 if near else -side * 2 * LIFT / abs(x2 - x1)
    else:
        side = 1 if y2 > y1 else -1
        ends, bend = ((x1, y1 + side * BOX[1] / 2), (x2, y2 - side * BOX[1] / 2)), 0.08
    axes.add_patch(
        FancyArrowPatch(
            *ends,
            arrowstyle="-|>",
            mutation_scale=13,
            color=INK,
            linewidth=1.4,
            zorder=2,
            connectionstyle=f"arc3,rad={bend}",
            shrinkA=1,
            shrinkB=1,
        )
    )
    if days is not None:
        x, y = (
            (ends[0][0] + ends[1][0]) / 2,
            (ends[0][1] + ends[1][1]) / 2 + (0 if y1 != y2 else LIFT if bend else -0.16),
        )
        axes.text(
            x,
            y,
            f"{days} {'day' if days == 1 else 'days'}",
            fontsize=7.5 if y1 != y2 or bend else 6.5,
            ha="center",
            va="center",
            zorder=5,
            bbox={"facecolor": "white", "edgecolor": PALE, "boxstyle": "round,pad=0.15", "linewidth": 0.6},
        )


def _legend(axes, y):
    axes.text(
        0,
        y,
        "Arrow: a warning goes on, with the days an office has.\nThick frame: it decides and answers. Broken frame: a "
        "warning stops there.",
        fontsize=8,
        color=GREY,
        va="center",
    )


def _cut(words, width, lines):
    wrapped = textwrap.wrap(words, width)
    return (
        [*wrapped[: lines - 1], wrapped[lines - 1][: width - 1].rstrip(" ,") + "…"] if len(wrapped) > lines else wrapped
    )
