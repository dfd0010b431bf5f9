"""The gauges of a play over time, in front of those of all plays: four small charts as one SVG picture.

It is written as text, without a drawing library: it costs a millisecond wherever a play is shown, and the room's server
loads nothing for it. What costs time is `bands`, which depends on the scenario alone.
"""

import base64
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from html import escape

from workshop.cards.protocol import FigureView
from workshop.scenarios import model as scenarios
from workshop.scenarios.model import Scenario
from workshop.scenarios.walk import walk

Band = tuple[int, int, int, int, int]
Bands = dict[str, list[Band]]

SHARES = (0.1, 0.5, 0.9)
# Colours of Okabe and Ito, the orange darkened for contrast; a dash and another mark tell the plays apart in grey, too.
BLUE, ORANGE, SKY = "#0072B2", "#B34700", "#56B4E9"
INK, GREY, PALE = "#222222", "#6B6B6B", "#D9D9D9"
LOOKS = ((BLUE, "", "circle"), (ORANGE, "9 5", "square"))
WIDTH, HEIGHT = 880, 682
LEFT, TOP, ACROSS, DOWN = 48, 38, 374, 242  # of the first chart, in pixels
STEP_X, STEP_Y = 440, 306  # from one chart to the next
HIGHEST, LINES = 100, (0, 20, 40, 60, 80, 100)


def gauges_by_round(scenario: Scenario, choices: Sequence[str]) -> dict[str, list[int]]:
    """The gauges at the start and at the end of each round of a play: gauge -> values."""
    state = scenarios.play(scenario, choices)
    values = {name: [gauge["start"]] for name, gauge in scenario.gauges.items()}
    now = {name: gauge["start"] for name, gauge in scenario.gauges.items()}
    for step in state.steps:
        for name, change in step.changes.items():
            now[name] += change
        here = scenario.rounds.index(scenario.scene(step.scene).round)
        ends = step.choice.target == scenarios.ENDINGS
        there = len(scenario.rounds) if ends else scenario.rounds.index(scenario.scene(step.choice.target).round)
        for name in now:
            values[name] += [now[name]] * (there - here)
    return values


def bands(scenario: Scenario) -> Bands:
    """For each gauge and round the values of all plays: (lowest, low, middle, high, highest), the start first.

    `low` and `high` hold the middle 80 of 100 plays drawn by lot between them. It walks all plays: up to a second.
    """
    found: Bands = {name: [(gauge["start"],) * 5] for name, gauge in scenario.gauges.items()}
    for shares in walk(scenario).rounds:
        for place, name in enumerate(scenario.gauges):
            chances: defaultdict[int, float] = defaultdict(float)
            for values, chance in shares.items():
                chances[values[place]] += chance
            low, middle, high = (_quantile(chances, share) for share in SHARES)
            found[name].append((min(chances), low, middle, high, max(chances)))
    return found


def _quantile(chances: Mapping[int, float], share: float) -> int:
    total, passed = sum(chances.values()), 0.0
    for value in sorted(chances):
        passed += chances[value]
        if passed >= share * total - 1e-9:
            return value
    return max(chances)


def view(
    scenario: Scenario,
    choices: Sequence[str],
    around: Mapping[str, Sequence[Sequence[int]]],
    other: Sequence[str] | None = None,
    other_name: str = "",
) -> FigureView:
    """The gauges of a play round by round, in front of `around`, those of all plays; `other` adds a second play.

    It is a view of the kind “figure”: title, picture as a data address, words for those who do not see it, caption,
    table.
    """
    plays = [("This play", gauges_by_round(scenario, choices))]
    if other is not None:
        plays.append((other_name, gauges_by_round(scenario, other)))
    labels = ["Start", *(f"Round {n}" for n in range(1, len(scenario.rounds) + 1))]
    return {
        "type": "figure",
        "title": f"{scenario.title}: the gauges over time",
        "src": "data:image/svg+xml;base64,"
        + base64.b64encode(_picture(scenario, labels, around, plays)).decode("ascii"),
        "alt": "Four small line charts, one for each gauge, with the rounds from left to right. A band shows where "
        "most plays run, and a line shows this play" + (f", a dashed line {other_name.lower()}." if other else "."),
        "caption": [
            [
                "p",
                {},
                "The dark band holds 80 of 100 plays in which every choice is drawn by lot; the pale one holds all "
                "plays that are possible. The numbers are a teaching model and forecast nothing.",
            ]
        ],
        "note": _note(scenario, plays, around),
        "table": {
            "columns": ["Gauge", "Play", *labels],
            "rows": [
                [gauge["label"], title, *values[name]]
                for name, gauge in scenario.gauges.items()
                for title, values in plays
            ]
            + [
                [
                    gauge["label"],
                    "All plays, lowest to highest",
                    *(f"{low} to {high}" for low, *_, high in around[name]),
                ]
                for name, gauge in scenario.gauges.items()
            ],
        },
    }


def _picture(
    scenario: Scenario,
    labels: Sequence[str],
    around: Mapping[str, Sequence[Sequence[int]]],
    plays: Sequence[tuple[str, Mapping[str, Sequence[int]]]],
) -> bytes:
    charts = [
        _chart(
            LEFT + STEP_X * (number % 2),
            TOP + STEP_Y * (number // 2),
            f"{gauge['label']} ({gauge['better']} is better)",
            # The charts of a column share their rounds, which stand below the lower one.
            labels if number + 2 >= len(scenario.gauges) else [""] * len(labels),
            around[name],
            [values[name] for _, values in plays],
        )
        for number, (name, gauge) in enumerate(scenario.gauges.items())
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="DejaVu Sans, Verdana, Arial, sans-serif" font-size="15" fill="{INK}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
        f"{''.join(charts)}{_legend([title for title, _ in plays])}</svg>"
    ).encode()


def _chart(
    left: int,
    top: int,
    title: str,
    labels: Sequence[str],
    around: Sequence[Sequence[int]],
    plays: Sequence[Sequence[int]],
) -> str:
    def x(place: float) -> float:
        return left + 14 + (ACROSS - 28) * place / (len(labels) - 1)

    def y(value: float) -> float:
        return top + DOWN * (1 - value / HIGHEST)

    drawn = [f'<text x="{left}" y="{top - 12}" font-size="17">{escape(title)}</text>']
    lowest, low, _, high, highest = zip(*around, strict=True)
    drawn += [_band(x, y, lowest, highest, PALE, 0.5), _band(x, y, low, high, SKY, 0.45)]
    for value in LINES:
        drawn.append(
            f'<path d="M{left} {y(value):.1f}h{ACROSS}" stroke="{GREY if value == 0 else PALE}"/>'
            f'<text x="{left - 7}" y="{y(value) + 5:.1f}" text-anchor="end">{value}</text>'
        )
    drawn.append(f'<path d="M{left} {top}v{DOWN}" stroke="{GREY}"/>')
    drawn += [
        f'<text x="{x(place):.1f}" y="{top + DOWN + 21}" font-size="14" text-anchor="middle">{escape(label)}</text>'
        for place, label in enumerate(labels)
        if label
    ]
    for values, look in zip(plays, LOOKS, strict=False):
        drawn.append(_line([(x(place), y(value)) for place, value in enumerate(values)], *look))
    return "".join(drawn)


def _band(
    x: Callable[[float], float],
    y: Callable[[float], float],
    lower: Sequence[int],
    upper: Sequence[int],
    colour: str,
    opacity: float,
) -> str:
    there = [(x(place), y(value)) for place, value in enumerate(upper)]
    back = [(x(place), y(value)) for place, value in reversed(list(enumerate(lower)))]
    return f'<path d="{_path([*there, *back])}z" fill="{colour}" fill-opacity="{opacity}"/>'


def _line(points: Sequence[tuple[float, float]], colour: str, dash: str, mark: str) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>'
        if mark == "circle"
        else f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" fill="{colour}"/>'
        for x, y in points
    )
    return f'<path d="{_path(points)}" fill="none" stroke="{colour}" stroke-width="3.3"{dashed}/>{marks}'


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _legend(titles: Sequence[str]) -> str:
    base, x, drawn = HEIGHT - 18, 60.0, ""
    for title, look in zip(titles, LOOKS, strict=False):
        drawn += _line([(x, base), (x + 20, base), (x + 40, base)], *look) + _words(x + 50, base, title)
        x += 80 + 9 * len(title)
    for title, colour, opacity in (("80 of 100 plays by lot", SKY, 0.45), ("All plays", PALE, 0.5)):
        drawn += f'<rect x="{x}" y="{base - 9}" width="34" height="18" fill="{colour}" fill-opacity="{opacity}"/>'
        drawn += _words(x + 44, base, title)
        x += 74 + 9 * len(title)
    return drawn


def _words(x: float, y: float, words: str) -> str:
    return f'<text x="{x}" y="{y + 5}">{escape(words)}</text>'


def _note(
    scenario: Scenario,
    plays: Sequence[tuple[str, Mapping[str, Sequence[int]]]],
    around: Mapping[str, Sequence[Sequence[int]]],
) -> str:
    parts = []
    for name, gauge in scenario.gauges.items():
        values = [f"{v[name][-1]}" + ("" if title == "This play" else f" in {title.lower()}") for title, v in plays]
        parts.append(
            f"{gauge['label']} ends at {' and '.join(values)}; the middle of all plays is {around[name][-1][2]}"
        )
    return ". ".join(parts) + "."
