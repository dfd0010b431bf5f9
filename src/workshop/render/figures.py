"""One house style for every figure, and the way a figure travels to the page: picture, words and table together.

Colours are those of Okabe and Ito, which people with any colour vision can tell apart; every colour comes
with a hatch, a marker, a line style or a word, so that a figure printed in grey says the same.
"""

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from workshop.content.tables import sources
from workshop.content.trees import Element, Tree

# Their vermilion, darkened: words stand in it and on it, and need the contrast.
BLUE, ORANGE, SKY = "#0072B2", "#B34700", "#56B4E9"
INK, GREY, PALE = "#222222", "#6B6B6B", "#D9D9D9"

STYLE: dict[Any, Any] = {  # matplotlib types the keys by a list of every setting there is
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "axes.labelsize": 12,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "grid.color": PALE,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "figure.facecolor": "white",
}
DPI = 110
# A figure has a handful of colours; the others are the soft edges of its letters and lines. Median cut keeps the
# handful as they are; faster methods make one colour of white and the palest greys.
COLOURS = 64

Table = tuple[Sequence[str], Sequence[Sequence[Any]]]


@dataclass(frozen=True)
class Drawing:
    """What `draw(axes)` draws, with a source line at the foot. Nothing is drawn before `png()` asks for it.

    `width` and `height` are inches, `dpi` dots an inch. No window and no global state: a figure is gone when nobody
    holds it.
    """

    draw: Callable[[Axes], None]
    height: float = 4.4
    width: float = 8.0
    source: str = ""
    dpi: int = DPI

    def figure(self) -> Figure:
        """A new figure of matplotlib, to be drawn in the house style."""
        with rc_context(STYLE):
            figure = Figure(figsize=(self.width, self.height), dpi=self.dpi, layout="constrained")
            self.draw(figure.add_subplot())
            if self.source:
                figure.supxlabel(self.source, x=0.01, ha="left", fontsize=9.5, color=GREY)
        return figure

    def png(self) -> bytes:
        """The picture as PNG with a palette, a third of the size of one without."""
        canvas = FigureCanvasAgg(self.figure())
        with rc_context(STYLE):
            # `savefig` would draw twice, once to find the margins.
            canvas.draw()  # type: ignore[no-untyped-call]
        size, packed = canvas.get_width_height(), io.BytesIO()
        pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
        picture = Image.frombuffer("RGBA", size, pixels).convert("RGB")
        picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(packed, "png")
        return packed.getvalue()


@dataclass(frozen=True)
class FigureView:
    """A figure for the page: title, drawing, words for those who do not see it, caption, table.

    `note` says in a sentence what the figure shows now. `keys` name the sources. `table` is a pair of column names
    and rows, the numbers behind the picture; None where the picture has no numbers. Raises ValueError where title,
    `alt` or note are empty.
    """

    drawing: Drawing
    title: str
    alt: str
    note: str
    keys: Sequence[str] = ()
    remarks: Sequence[str] = ()
    table: Table | None = None

    def __post_init__(self) -> None:
        if not (self.title.strip() and self.alt.strip() and self.note.strip()):
            raise ValueError("A figure needs a title, a text for those who do not see it, and a note.")

    @property
    def caption(self) -> Tree:
        """The remarks, and the titles of the sources."""
        remarks: Tree = [["p", {}, remark] for remark in self.remarks]
        return [*remarks, cited(self.keys)] if self.keys else remarks

    def words(self) -> dict[str, Any]:
        """All of the card but its picture."""
        return {
            "type": "figure",
            "title": self.title,
            "alt": self.alt,
            "caption": self.caption,
            "note": self.note,
            "table": self.table and {"columns": list(self.table[0]), "rows": [list(row) for row in self.table[1]]},
        }

    def card(self) -> dict[str, Any]:
        """What the card in the page shows."""
        return {**self.words(), "src": "data:image/png;base64," + base64.b64encode(self.drawing.png()).decode("ascii")}


def cited(keys: Sequence[str]) -> Element:
    """A paragraph that names the sources, each with its title and its key."""
    register = sources()
    words: list[Any] = []
    for key in dict.fromkeys(keys):
        words += ["; " if words else "", f"{register[key]['title']} (", ["code", {}, key], ")"]
    return ["p", {}, "Source: " if len(set(keys)) == 1 else "Sources: ", *[word for word in words if word], "."]
