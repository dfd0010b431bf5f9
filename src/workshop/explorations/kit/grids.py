"""The thin lines of a grid of cells."""

from matplotlib.axes import Axes

from workshop.render.figures import PALE


def grid(axes: Axes, columns: int, rows: int, first: int = 0) -> None:
    """Lines round `columns` by `rows` cells of size 1, whose centres are whole numbers; `first` is the first column."""
    left, right, top, bottom = first - 0.5, first + columns - 0.5, -0.5, rows - 0.5
    axes.vlines([left + edge for edge in range(columns + 1)], top, bottom, color=PALE, linewidth=0.8, zorder=0)
    axes.hlines([top + edge for edge in range(rows + 1)], left, right, color=PALE, linewidth=0.8, zorder=0)
