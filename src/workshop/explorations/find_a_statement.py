"""Where in the workshop a statement of the notes is taken up: choose one, and see which page to open."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from workshop.content.tables import table
from workshop.explorations.kit.interactive import Explored
from workshop.explorations.kit.rows import records
from workshop.explorations.kit.widgets import Choice
from workshop.project import coverage
from workshop.render import figures
from workshop.render.figures import BLUE, INK, ORANGE, PALE

GROUPS = {"a": "Challenges of building", "b": "Lessons learned", "c": "What GAAMAC can contribute", "d": "East Asia"}


def view(statement: str = "a1") -> figures.FigureView:
    """The figure: statements of the same group by lessons, with the number of questions in each cell; one line is
    marked.
    """
    rows, words = table("coverage"), coverage.statements()
    lessons = dict(zip(rows["lesson"], rows["title"], strict=True))
    order = sorted(lessons)
    keys = [key for key in words if key[0] == statement[0]]
    cells: dict[tuple[str, str], Any] = {(row.statement, row.lesson): row for row in records(rows)}

    def draw(axes: Axes) -> None:
        for line, key in enumerate(keys):
            for column, lesson in enumerate(order):
                if not (cell := cells.get((key, lesson))):
                    continue
                asked = cell.questions + cell.graded
                axes.add_patch(
                    Rectangle(
                        (column - 0.46, line - 0.42),
                        0.92,
                        0.84,
                        facecolor=BLUE if cell.passages else "#DCEEF9",
                        edgecolor=BLUE,
                        linestyle="-" if cell.passages else ":",
                    )
                )
                axes.text(
                    column,
                    line,
                    f"{asked}" if asked else "story" if cell.scenarios else "text",
                    ha="center",
                    va="center",
                    fontsize=10,
                    color="white" if cell.passages else INK,
                )
        line = keys.index(statement)
        axes.add_patch(Rectangle((-0.5, line - 0.5), len(order), 1, facecolor="none", edgecolor=ORANGE, linewidth=2.5))
        axes.hlines(
            [edge - 0.5 for edge in range(len(keys) + 1)], -0.5, len(order) - 0.5, color=PALE, linewidth=0.8, zorder=0
        )
        axes.set_xlim(-0.52, len(order) - 0.48)
        axes.set_ylim(len(keys) - 0.45, -0.55)
        axes.set_yticks(range(len(keys)), keys)
        axes.xaxis.tick_top()
        axes.set_xticks(
            range(len(order)),
            [lessons[lesson] for lesson in order],
            rotation=35,
            ha="left",
            va="bottom",
            rotation_mode="anchor",
            fontsize=10.5,
        )
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)

    return figures.FigureView(
        figures.Drawing(draw, height=1.9 + 0.3 * len(keys), source="Counted from the pages of this workshop"),
        title=f"Statement {statement}: {words[statement]}",
        alt=f"A grid of the statements {keys[0]} to {keys[-1]} and of the pages. Statement {statement}: "
        f"{places(cells, statement, lessons, order)}.",
        note=f"{places(cells, statement, lessons, order)}.",
        keys=["NOTES"],
        remarks=[
            "Full boxes: the page has a passage on the statement. Pale boxes: it comes up in a question or a story "
            "only. "
            "The numbers count questions, those of the exercises too. A statement is a participant’s view, printed as "
            "it was said."
        ],
        table=(
            ["Statement", "Page", "Passages", "Questions", "Scenarios", "Graded items"],
            [
                [row.statement, row.title, row.passages, row.questions, row.scenarios, row.graded]
                for row in records(rows)
                if row.statement in keys
            ],
        ),
    )


def places(
    cells: Mapping[tuple[str, str], Any], statement: str, lessons: Mapping[str, str], order: Sequence[str]
) -> str:
    """In words: on which pages a statement is taught, and with how many questions."""
    said = []
    for lesson in order:
        if cell := cells.get((statement, lesson)):
            parts = [
                counted(cell.questions, "question"),
                counted(cell.graded, "graded item"),
                "a story to play" if cell.scenarios else "",
            ]
            said.append(f"{lessons[lesson]} ({', '.join(filter(None, parts)) or 'a passage'})")
    return "You meet it in " + "; ".join(said) if said else "No page takes it up yet"


def counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""


def explored() -> Explored:
    """Which statement do you look for?"""
    words = coverage.statements()
    lines = [(f"{key}: {words[key][:70]}{'…' if len(words[key]) > 70 else ''}", key) for key in words]
    return Explored(view, {"statement": Choice("Statement", lines, "a1")})
