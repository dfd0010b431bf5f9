"""The gauges of a play over time, in front of those of all plays."""

from collections import Counter

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from workshop.render import figures
from workshop.render.figures import BLUE, ORANGE, PALE, SKY, STYLE
from workshop.scenarios import model as scenarios
from workshop.scenarios.walk import walk

SHARES = (0.1, 0.5, 0.9)
LOOKS = ((BLUE, "-", "o"), (ORANGE, "--", "s"))


def gauges_by_round(scenario, choices):
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


def bands(scenario):
    """For each gauge and round the values of all plays: (lowest, low, middle, high, highest), the start first.

    `low` and `high` hold the middle 80 of 100 plays drawn by lot between them.
    """
    found = {name: [(gauge["start"],) * 5] for name, gauge in scenario.gauges.items()}
    for shares in walk(scenario).rounds:
        for place, name in enumerate(scenario.gauges):
            chances = Counter()
            for values, chance in shares.items():
                chances[values[place]] += chance
            found[name].append((min(chances), *(_quantile(chances, share) for share in SHARES), max(chances)))
    return found


def _quantile(chances, share):
    total, passed = chances.total(), 0.0
    for value in sorted(chances):
        passed += chances[value]
        if passed >= share * total - 1e-9:
            return value
    return max(chances)


def view(scenario, choices, around, other=None, other_name=""):
    """The gauges of a play round by round, in front of `around`, those of all plays; `other` adds a second play."""
    plays = [("This play", gauges_by_round(scenario, choices))]
    if other is not None:
        plays.append((other_name, gauges_by_round(scenario, other)))
    labels = ["Start", *(f"Round {n}" for n in range(1, len(scenario.rounds) + 1))]

    with rc_context(STYLE):
        drawn = Figure(figsize=(8, 6.2), layout="constrained")
        for axes, (name, gauge) in zip(drawn.subplots(2, 2, sharex=True).flat, scenario.gauges.items(), strict=False):
            _draw(axes, gauge, labels, around[name], [(title, values[name]) for title, values in plays])
        drawn.legend(handles=_legend(plays), loc="outside lower center", ncols=4, fontsize=10.5)
    return figures.render(
        drawn,
        title=f"{scenario.title}: the gauges over time",
        alt="Four small line charts, one for each gauge, with the rounds from left to right. A band shows where most plays run, "
        "and a line shows this play" + (f", a dashed line {other_name.lower()}." if other else "."),
        note=_note(scenario, plays, around),
        remarks=[
            "The dark band holds 80 of 100 plays in which every choice is drawn by lot; the pale one holds all plays that are possible. "
            "The numbers are a teaching model and forecast nothing."
        ],
        table=(
            ["Gauge", "Play", *labels],
            [
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
        ),
    )


def _draw(axes, gauge, labels, around, plays):
    places = range(len(labels))
    lowest, low, _, high, highest = zip(*around, strict=True)
    axes.fill_between(places, lowest, highest, color=PALE, alpha=0.5, linewidth=0)
    axes.fill_between(places, low, high, color=SKY, alpha=0.45, linewidth=0)
    for (_, values), (colour, style, mark) in zip(plays, LOOKS, strict=False):
        axes.plot(places, values, color=colour, linestyle=style, marker=mark, linewidth=2.2, markersize=6)
    axes.set_title(f"{gauge['label']} ({gauge['better']} is better)", fontsize=12, loc="left")
    axes.set_ylim(0, 100)
    axes.set_xticks(places, labels, fontsize=10)
    axes.grid(axis="y")


def _legend(plays):
    lines = [
        Line2D([], [], color=colour, linestyle=style, marker=mark, linewidth=2.2, label=title)
        for (title, _), (colour, style, mark) in zip(plays, LOOKS, strict=False)
    ]
    return lines + [
        Patch(color=SKY, alpha=0.45, label="80 of 100 plays by lot"),
        Patch(color=PALE, alpha=0.5, label="All plays"),
    ]


def _note(scenario, plays, around):
    parts = []
    for name, gauge in scenario.gauges.items():
        values = [f"{v[name][-1]}" + ("" if title == "This play" else f" in {title.lower()}") for title, v in plays]
        parts.append(
            f"{gauge['label']} ends at {' and '.join(values)}; the middle of all plays is {around[name][-1][2]}"
        )
    return ". ".join(parts) + "."
