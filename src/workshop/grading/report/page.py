"""The report as one page that an official who knows no statistics can read, and print."""

import io
from datetime import date
from html import escape

from workshop.grading.report.item_analysis import AGAINST, EASY, FEW, HARD, WEAK
from workshop.render import figures

STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.25rem; margin-top: 2.5rem } h3 { font-size: 1.05rem; margin-top: 1.8rem }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100% } caption { text-align: left; padding: .8rem 0 .4rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8886 }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
figure { margin: 1rem 0; background: #fff; border-radius: 4px } figure svg { max-width: 100%; height: auto }
.note { border-left: 4px solid #8888; padding-left: .8rem }
@media print { body { margin: 0; max-width: none; font-size: 11px } h2 { break-after: avoid } table, figure { break-inside: avoid } }
"""


def html(report):
    """The whole page as HTML, with its figures in it."""
    parts = [_modules(report), _gain(report), _items(report), _people(report)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1">'
        f"<title>Report on what was graded</title><style>{STYLE}</style></head><body><main><h1>Report on what was "
        "graded</h1>"
        f"<p>Made on {date.today():%d %B %Y}. Nobody is named here. What fewer than {FEW} people answered is not "
        "broken down, so that no "
        f"person's answer can be picked out.</p>{''.join(filter(None, parts))}</main></body></html>\n"
    )


def _table(caption, heads, rows, numbers=()):
    """A table; columns in `numbers` (by place) are set to the right."""

    def cells(row, tag):
        return "".join(
            f"<{tag}{' class=n' if place in numbers else ''}{' scope=col' if tag == 'th' else ''}>{escape(str(cell))}</{tag}>"
            for place, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return (
        '<div class="wide" tabindex="0" role="group" '
        f'aria-label="{escape(caption, quote=True)}"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{cells(heads, 'th')}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _percent(share):
    return "–" if share != share else f"{100 * share:.0f}%"


def _plain(number):
    return "–" if number != number else f"{round(number, 2):g}"


def _figure(draw, title, words, height):
    """A drawing as SVG, with its title and a sentence for those who do not see it."""
    target = io.BytesIO()
    # Without a date and with the same names inside, so that the same results give the same page.
    with figures.rc_context({"svg.hashsalt": title, "svg.fonttype": "none"}):
        figures.Drawing(draw, height=height).figure().savefig(target, format="svg", metadata={"Date": None})
    picture = target.getvalue().decode()
    picture = picture[picture.index("<svg") :].replace(
        "<svg", f'<svg role="img" aria-label="{escape(f"{title}. {words}", quote=True)}"', 1
    )
    return f"<figure>{picture}<figcaption>{escape(title)}. {escape(words)}</figcaption></figure>"


def _modules(report):
    rows = [
        (
            row.title,
            row.handed_in,
            _plain(row.of),
            row.waiting,
            _plain(row.mean),
            _plain(row.middle),
            f"{_plain(row.lower_quarter)} to {_plain(row.upper_quarter)}" if row.mean == row.mean else "–",
        )
        for row in report.modules.itertuples()
    ]
    table = _table(
        "One row for each exercise. Half of the people have points within the last column.",
        (
            "Exercise",
            "Handed in",
            "Points there are",
            "Answers that wait for a reader",
            "Mean",
            "Middle",
            "Half lies within",
        ),
        rows,
        numbers=(1, 2, 3, 4, 5),
    )
    shown = [row for row in report.modules.itertuples() if row.mean == row.mean]
    drawn = ""
    if shown:

        def draw(axes):
            for place, row in enumerate(reversed(shown)):
                low, middle, high = (
                    100 * value / row.of for value in (row.lower_quarter, row.middle, row.upper_quarter)
                )
                axes.plot([low, high], [place, place], color=figures.SKY, linewidth=9, solid_capstyle="butt")
                axes.plot(middle, place, marker="D", color=figures.INK)
            axes.set_yticks(range(len(shown)), [row.title for row in reversed(shown)])
            axes.set_ylim(-0.6, len(shown) - 0.4)
            axes.set_xlim(0, 100)
            axes.set_xlabel("percent of the points (diamond: the middle; bar: half of the people)")

        said = "; ".join(f"{row.title}: {100 * row.middle / row.of:.0f} percent in the middle" for row in shown)
        drawn = _figure(draw, "Where the points lie", said + ".", 1.4 + 0.5 * len(shown))
    return (
        "<h2>The exercises at a glance</h2><p>Where answers still wait for a reader, points are lower than they will "
        "be: read first, compare "
        f"afterwards.</p>{table}{drawn}"
    )


def _gain(report):
    found = report.gain
    if not found:
        return ""
    if found["matched"] < FEW:
        return (
            f"<h2>Before and after</h2><p>{found['matched']} people took both checks under the same code name: fewer "
            f"than {FEW}, so nothing is "
            "broken down.</p>"
        )
    share = (
        f", {_percent(found['normalised'])} of what could still be learned"
        if found["normalised"] == found["normalised"]
        else ""
    )
    words = (
        f"{found['matched']} people took both checks. They had {_percent(found['before'])} of the points before and "
        f"{_percent(found['after'])} "
        f"after: a gain of {100 * found['gain']:.0f} points in a hundred{share}. With people like these the gain "
        "would lie between "
        f"{100 * found['low']:.0f} and {100 * found['high']:.0f} (95 percent confidence)."
    )
    rows = [
        (row.title, _percent(row.before), _percent(row.after), f"{100 * row.gain:+.0f}")
        for row in report.gain_by_item.itertuples()
    ]
    shown = list(report.gain_by_item.itertuples())

    def draw(axes):
        for place, row in enumerate(reversed(shown)):
            axes.annotate(
                "",
                (100 * row.after, place),
                (100 * row.before, place),
                arrowprops={"arrowstyle": "->", "color": figures.BLUE, "lw": 2},
            )
            axes.plot(100 * row.before, place, marker="o", color=figures.GREY)
        axes.set_yticks(
            range(len(shown)), [row.title if len(row.title) < 46 else row.title[:44] + "…" for row in reversed(shown)]
        )
        axes.set_xlim(-2, 102)
        axes.set_xlabel("percent of the points (dot: before; arrow: after)")

    best = max(shown, key=lambda row: row.gain)
    return (
        f"<h2>Before and after</h2><p>{words}</p><p class=note>Without people who took both checks and no workshop, a "
        "gain does not prove that the "
        "workshop was its cause: people learn by the first check, too, and those who come back may not be like the "
        "others.</p>"
        + _figure(
            draw,
            "Each question before and after",
            f"The largest gain: {best.title}, {100 * best.gain:+.0f}.",
            1.2 + 0.36 * len(shown),
        )
        + _table(
            "The same as numbers: mean share of the points.",
            ("Question", "Before", "After", "Change"),
            rows,
            numbers=(1, 2, 3),
        )
    )


def _items(report):
    parts = [
        "<h2>The questions</h2><p>Which questions need another text, and which need another lesson? Begin with those "
        "that have a remark.</p>"
        f"<p class=note>“Right” is the mean share of the points: above {_percent(EASY)} nearly everybody has it, "
        f"below {_percent(HARD)} hardly anybody. “Apart” "
        f"(from −1 to 1) is high when those who know the rest know this, too; below {WEAK:g} it hardly tells people "
        f"apart, below {AGAINST:g} it runs "
        "against the rest. With fewer than thirty people it jumps about. Seconds are rough: from one saved answer to "
        "the next.</p>"
    ]
    for results in report.every:
        items = report.items[report.items["exercise"] == results.name]
        rows = [
            (
                row.title,
                row.scored,
                _percent(row.difficulty),
                _plain(row.discrimination),
                _percent(row.left_open),
                _plain(row.seconds),
                row.words,
            )
            for row in items.itertuples()
        ]
        parts.append(
            f"<h3>{escape(results.title)}</h3>"
            + _table(
                "One row for each question.",
                ("Question", "Scored", "Right", "Apart", "Left open", "Seconds", "Remark"),
                rows,
                numbers=(1, 2, 3, 4, 5),
            )
        )
        taken = report.options[(report.options["exercise"] == results.name) & ~report.options["right"].astype(bool)]
        taken = taken[taken["share"] >= 0.2].sort_values("share", ascending=False).head(8)
        titles = dict(zip(items["item"], items["title"], strict=True))
        if len(taken):
            rows = [
                (
                    titles.get(row.item, row.item),
                    f"{row.line}: {row.answer}" if row.line else row.answer,
                    _percent(row.share),
                )
                for row in taken.itertuples()
            ]
            parts.append(
                _table(
                    "Wrong answers that at least one in five gave: their reasons are worth ten minutes in the room.",
                    ("Question", "What was answered", "By"),
                    rows,
                    numbers=(2,),
                )
            )
    return "".join(parts)


def _people(report):
    if report.people is None:
        return ""
    head = (
        "<h2>People to look after</h2><p class=note>For the instructor alone: do not pass this part on. Each line is "
        "something that can be done for "
        "somebody, not a judgement.</p>"
    )
    if report.people.empty:
        return head + "<p>Nobody at present.</p>"
    titles = {one.name: one.title for one in report.every}
    rows = [(row.code, titles.get(row.exercise, ""), row.why) for row in report.people.itertuples()]
    return head + _table("By code name.", ("Code name", "Exercise", "What"), rows)
