"""A drawn architecture as one picture: levels as bands, offices as boxes, the way of a warning as arrows."""

import textwrap
from typing import TypeAlias

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from workshop.architecture.model import DECIDES, FUNCTIONS, LEVELS, Analysis, Architecture, Institution
from workshop.architecture.words import way_in_words
from workshop.render.figures import BLUE, GREY, INK, ORANGE, PALE, Drawing

# In inches, and so in the units of the axes: from the left, and below the top edge (negative).
Point: TypeAlias = tuple[float, float]
IN_A_ROW = 4
BOX = (1.36, 0.9)
STEP = (1.78, 1.5)
WIDTH = IN_A_ROW * STEP[0]
LIFT = 0.2
DPI = 170  # small letters, and paper


def places(drawn: Architecture) -> tuple[dict[str, Point], list[tuple[str, int, int]]]:
    """The centre of each office by its id, and the levels: name, first row, and the row after the last."""
    centres: dict[str, Point] = {}
    bands, row = [], 0
    for level, label in LEVELS.items():
        here = [institution for institution in drawn.institutions if institution.level == level]
        if not here:
            continue
        first = row
        for start in range(0, len(here), IN_A_ROW):
            group = here[start : start + IN_A_ROW]
            # Rows of unlike length are set between one another, so that arrows seldom run through a box.
            shift = (IN_A_ROW - len(group)) / 2
            for column, institution in enumerate(group):
                centres[institution.id] = ((column + shift + 0.5) * STEP[0], -(row + 0.5) * STEP[1])
            row += 1
        bands.append((label, first, row))
    return centres, bands


def picture(drawn: Architecture) -> bytes:
    """The picture as PNG, in colours and lines that say the same in grey."""
    rows = max((end for _, _, end in places(drawn)[1]), default=1)
    height = rows * STEP[1] + 0.75
    return Drawing(lambda axes: _draw(axes, drawn, rows), height=height, width=WIDTH + 0.2, dpi=DPI).png()


def _draw(axes: Axes, drawn: Architecture, rows: int) -> None:
    centres, bands = places(drawn)
    axes.set_position((0, 0, 1, 1))
    axes.set_xlim(-0.1, WIDTH + 0.1)
    axes.set_ylim(-rows * STEP[1] - 0.7, 0.05)
    axes.axis("off")
    for number, (label, first, end) in enumerate(bands):
        colour = "#F4F4F4" if number % 2 == 0 else "white"
        axes.axhspan(-end * STEP[1], -first * STEP[1], facecolor=colour, linewidth=0)
        axes.text(0, -first * STEP[1] - 0.06, label.upper(), fontsize=9, color=GREY, va="top", fontweight="bold")
    receives = {institution.passes_to for institution in drawn.institutions}
    for institution in drawn.institutions:
        _box(axes, centres[institution.id], institution, receives)
    for institution in drawn.institutions:
        if institution.passes_to in centres:
            _arrow(axes, centres[institution.id], centres[institution.passes_to], institution.days)
    _legend(axes, -rows * STEP[1] - 0.4)


def _box(axes: Axes, centre: Point, institution: Institution, receives: set[str]) -> None:
    """One office: its name, what it does, and whether a warning ends there; `receives` are the ids that get one."""
    x, y = centre
    decides = institution.passes_to == DECIDES
    stops = not institution.passes_to and institution.id in receives
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

    def words(y: float, text: str, size: float, colour: str, weight: str = "normal") -> None:
        axes.text(
            x,
            y,
            text,
            fontsize=size,
            color=colour,
            fontweight=weight,
            ha="center",
            va="top",
            zorder=4,
            linespacing=1.05,
        )

    does = ", ".join(FUNCTIONS[name].lower() for name in institution.functions)
    words(y + 0.38, "\n".join(_cut(institution.office, 19, 3)), 8, INK, "bold")
    words(y - 0.12, "\n".join(_cut(does, 26, 2)), 7, GREY)
    if decides or stops:
        end, colour = ("decides and answers", BLUE) if decides else ("stops here", ORANGE)
        words(y - BOX[1] / 2 - 0.05, end, 8, colour, "bold")


def alternative(drawn: Architecture, analysis: Analysis) -> str:
    """The picture in words, for those who do not see it."""
    levels = [
        f"{label}: {', '.join(institution.office for institution in drawn.institutions if institution.level == level)}"
        for level, label in LEVELS.items()
        if any(institution.level == level for institution in drawn.institutions)
    ]
    ways = [way_in_words(way) for way in analysis.walks] or ["No office passes a warning on."]
    return f"Offices by level. {'; '.join(levels)}. Ways of a warning. {' '.join(ways)}"


def _arrow(axes: Axes, start: Point, end: Point, days: int | None) -> None:
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


def _legend(axes: Axes, y: float) -> None:
    axes.text(
        0,
        y,
        "Arrow: a warning goes on, with the days an office has.\nThick frame: it decides and answers. Broken frame: a "
        "warning stops there.",
        fontsize=8,
        color=GREY,
        va="center",
    )


def _cut(words: str, width: int, lines: int) -> list[str]:
    wrapped = textwrap.wrap(words, width)
    return (
        [*wrapped[: lines - 1], wrapped[lines - 1][: width - 1].rstrip(" ,") + "…"] if len(wrapped) > lines else wrapped
    )
