"""One house style for every figure, and the way a figure travels to the page: picture, words and table together.

Colours are those of Okabe and Ito, which people with any colour vision can tell apart; every colour comes
with a hatch, a marker, a line style or a word, so that a figure printed in grey says the same.
"""

import base64
import io

from matplotlib import rc_context
from matplotlib.figure import Figure

from workshop.content.tables import sources

# Their vermilion, darkened: words stand in it and on it, and need the contrast.
BLUE, ORANGE, SKY = "#0072B2", "#B34700", "#56B4E9"
INK, GREY, PALE = "#222222", "#6B6B6B", "#D9D9D9"

STYLE = {
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


def drawing(draw, *, height=4.4, source="", width=8.0):
    """A new figure on which `draw(axes)` has drawn, with its source line at the foot.

    No window and no global state: a figure is gone when nobody holds it.
    """
    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.add_subplot())
        if source:
            figure.supxlabel(source, x=0.01, ha="left", fontsize=9.5, color=GREY)
    return figure


def render(figure, *, title, alt, note, keys=(), remarks=(), table=None):
    """The view of a figure for the page: title, picture, words for those who do not see it, caption, table.

    `note` says in a sentence what the figure shows now. The caption holds the remarks and the titles of
    the sources named by `keys`. `table` is a pair of column names and rows, the numbers behind the picture.
    """
    if not (title.strip() and alt.strip() and note.strip()):
        raise ValueError("A figure needs a title, a text for those who do not see it, and a note.")
    picture = io.BytesIO()
    with rc_context(STYLE):
        # Level 3 packs nearly as small as 6 in a third of the time.
        figure.savefig(picture, format="png", dpi=DPI, pil_kwargs={"compress_level": 3})
    columns, rows = table or ((), ())
    return {
        "type": "figure",
        "title": title,
        "src": "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode("ascii"),
        "alt": alt,
        "caption": [["p", {}, remark] for remark in remarks] + ([cited(keys)] if keys else []),
        "note": note,
        "table": {"columns": list(columns), "rows": [list(row) for row in rows]} if table else None,
    }


def cited(keys):
    """A paragraph that names the sources, each with its title and its key."""
    register = sources()
    words = []
    for key in dict.fromkeys(keys):
        words += ["; " if words else "", f"{register[key]['title']} (", ["code", {}, key], ")"]
    return ["p", {}, "Source: " if len(set(keys)) == 1 else "Sources: ", *[word for word in words if word], "."]
