"""The report as one page that an official who knows no statistics can read, and print."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes

from workshop.grading import page_templates
from workshop.grading.report.item_analysis import AGAINST, EASY, FEW, HARD, WEAK
from workshop.render import figures

if TYPE_CHECKING:
    from workshop.grading.report.report import Report

PAGE = page_templates.environment(Path(__file__).parent).get_template("report.html")
LONGEST = 46  # letters of a title beside a figure

Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Figure:
    """A drawing as SVG, with its title and a sentence for those who do not see it."""

    svg: Markup
    title: str
    words: str


def html(report: "Report") -> str:
    """The whole page as HTML, with its figures in it."""
    return PAGE.render(
        today=f"{date.today():%d %B %Y}",
        few=FEW,
        easy=EASY,
        hard=HARD,
        weak=WEAK,
        against=AGAINST,
        modules=_modules(report),
        gain=_gain(report),
        exercises=_exercises(report),
        people=_people(report),
    )


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, each with its columns as attributes."""
    yield from table.itertuples()


def _percent(share: float) -> str:
    return "–" if share != share else f"{100 * share:.0f}%"


def _plain(number: float) -> str:
    return "–" if number != number else f"{round(number, 2):g}"


def _figure(draw: Callable[[Axes], None], title: str, words: str, height: float) -> Figure:
    target = io.BytesIO()
    # Without a date and with the same names inside, so that the same results give the same page.
    with rc_context({"svg.hashsalt": title, "svg.fonttype": "none"}):
        figures.Drawing(draw, height=height).figure().savefig(target, format="svg", metadata={"Date": None})
    picture = target.getvalue().decode()
    label = escape(f"{title}. {words}", quote=True)
    picture = picture[picture.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
    return Figure(Markup(picture), title, words)


def _modules(report: "Report") -> dict[str, Any]:
    rows: Rows = [
        (
            row.title,
            row.handed_in,
            _plain(row.of),
            row.waiting,
            _plain(row.mean),
            _plain(row.middle),
            f"{_plain(row.lower_quarter)} to {_plain(row.upper_quarter)}" if row.mean == row.mean else "–",
        )
        for row in _rows(report.modules)
    ]
    shown = [row for row in _rows(report.modules) if row.mean == row.mean]

    def draw(axes: Axes) -> None:
        for place, row in enumerate(reversed(shown)):
            low, middle, high = (100 * value / row.of for value in (row.lower_quarter, row.middle, row.upper_quarter))
            axes.plot([low, high], [place, place], color=figures.SKY, linewidth=9, solid_capstyle="butt")
            axes.plot(middle, place, marker="D", color=figures.INK)
        axes.set_yticks(range(len(shown)), [row.title for row in reversed(shown)])
        axes.set_ylim(-0.6, len(shown) - 0.4)
        axes.set_xlim(0, 100)
        axes.set_xlabel("percent of the points (diamond: the middle; bar: half of the people)")

    said = "; ".join(f"{row.title}: {100 * row.middle / row.of:.0f} percent in the middle" for row in shown)
    figure = _figure(draw, "Where the points lie", said + ".", 1.4 + 0.5 * len(shown)) if shown else None
    return {"rows": rows, "figure": figure}


def _gain(report: "Report") -> dict[str, Any]:
    found = report.gain
    if not found or found["matched"] < FEW:
        return found
    share = (
        f", {_percent(found['normalised'])} of what could still be learned"
        if found["normalised"] == found["normalised"]
        else ""
    )
    words = (
        f"{found['matched']} people took both checks. They had {_percent(found['before'])} of the points before and "
        f"{_percent(found['after'])} after: a gain of {100 * found['gain']:.0f} points in a hundred{share}. With "
        f"people like these the gain would lie between {100 * found['low']:.0f} and {100 * found['high']:.0f} (95 "
        "percent confidence)."
    )
    shown = list(_rows(report.gain_by_item))
    rows: Rows = [(row.title, _percent(row.before), _percent(row.after), f"{100 * row.gain:+.0f}") for row in shown]

    def draw(axes: Axes) -> None:
        for place, row in enumerate(reversed(shown)):
            arrow = {"arrowstyle": "->", "color": figures.BLUE, "lw": 2}
            axes.annotate("", (100 * row.after, place), (100 * row.before, place), arrowprops=arrow)
            axes.plot(100 * row.before, place, marker="o", color=figures.GREY)
        titles = (row.title for row in reversed(shown))
        axes.set_yticks(
            range(len(shown)), [title if len(title) < LONGEST else title[: LONGEST - 2] + "…" for title in titles]
        )
        axes.set_xlim(-2, 102)
        axes.set_xlabel("percent of the points (dot: before; arrow: after)")

    best = max(shown, key=lambda row: row.gain)
    said = f"The largest gain: {best.title}, {100 * best.gain:+.0f}."
    figure = _figure(draw, "Each question before and after", said, 1.2 + 0.36 * len(shown))
    return {"matched": found["matched"], "words": words, "rows": rows, "figure": figure}


def _exercises(report: "Report") -> list[dict[str, Any]]:
    """The questions of each exercise, and the wrong answers that many gave."""
    return [
        {"title": each.title, "questions": _items(report, each.name), "wrong": _wrong(report, each.name)}
        for each in report.every
    ]


def _items(report: "Report", exercise: str) -> Rows:
    return [
        (
            row.title,
            row.scored,
            _percent(row.difficulty),
            _plain(row.discrimination),
            _percent(row.left_open),
            _plain(row.seconds),
            row.words,
        )
        for row in _rows(report.items[report.items["exercise"] == exercise])
    ]


def _wrong(report: "Report", exercise: str) -> Rows:
    items = report.items[report.items["exercise"] == exercise]
    titles = dict(zip(items["item"], items["title"], strict=True))
    taken = report.options[(report.options["exercise"] == exercise) & ~report.options["right"].astype(bool)]
    taken = taken[taken["share"] >= 0.2].sort_values("share", ascending=False).head(8)
    return [
        (
            titles.get(row.item, row.item),
            f"{row.line}: {row.answer}" if row.line else row.answer,
            _percent(row.share),
        )
        for row in _rows(taken)
    ]


def _people(report: "Report") -> Rows | None:
    """Whom to look after, or None if that was not asked for."""
    if report.people is None:
        return None
    titles = {each.name: each.title for each in report.every}
    return [(row.code, titles.get(row.exercise, ""), row.why) for row in _rows(report.people)]
