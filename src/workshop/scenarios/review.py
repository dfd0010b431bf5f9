"""Looking back on a play: its path in words, what came late, two plays side by side."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from workshop.content.trees import text_of
from workshop.scenarios import model as scenarios
from workshop.scenarios.model import Effect, Scenario, State, Step


class Play(TypedDict):
    """What is looked at of a kept play: the ids of its choices in order, and scene -> why it was decided so."""

    choices: list[str]
    reasons: dict[str, str]


class Decision(TypedDict):
    """A decision of a play in words; `id` is its scene's, `effects` came at once and `later` with a later round."""

    id: str
    scene: str
    round: str
    choice: str
    cost: str
    effects: str
    later: str
    reason: str


class Arrival(TypedDict):
    """What a choice made earlier has brought now."""

    choice: str
    effects: str


class Comparison(TypedDict):
    """A scene, and what each play decided there; None for a play whose path does not hold it."""

    scene: str
    plays: list[Decision | None]


def time(number: int, unit: str) -> str:
    """A number of weeks in words, or nothing when no time passes."""
    return f"{number} {unit.rstrip('s') if number == 1 else unit}" if number else ""


def path(scenario: Scenario, steps: Sequence[Step], reasons: Mapping[str, str] | None = None) -> list[Decision]:
    """The decisions among these steps: scene, choice, cost, what it changed at once and later, and why it was made."""
    later: dict[str, list[tuple[str, int]]] = {}
    for step in steps:
        for choice, effect in step.late:
            later.setdefault(choice, []).append((effect.gauge, effect.change))
    return [
        {
            "id": step.scene,
            "scene": scenario.scene(step.scene).title,
            "round": scenario.scene(step.scene).round,
            "choice": text_of(step.choice.text),
            "cost": time(step.choice.time, scenario.unit),
            "effects": _changes(scenario, _without(step.changes, step.late).items()),
            "later": _changes(scenario, later.get(step.choice.id, [])),
            "reason": (reasons or {}).get(step.scene, ""),
        }
        for step in steps
        if step.choice.quality
    ]


def late(scenario: Scenario, state: State) -> list[Arrival]:
    """What earlier choices have brought only now, in words."""
    if not state.steps:
        return []
    choices = {step.choice.id: step.choice for step in state.steps}
    caused: dict[str, list[tuple[str, int]]] = {}
    for choice, effect in state.steps[-1].late:
        caused.setdefault(choice, []).append((effect.gauge, effect.change))
    return [
        {"choice": text_of(choices[choice].text), "effects": _changes(scenario, effects)}
        for choice, effects in caused.items()
    ]


def _without(changes: Mapping[str, int], late: Sequence[tuple[str, Effect]]) -> dict[str, int]:
    """The changes of a step that are its own."""
    own = dict(changes)
    for _, effect in late:
        own[effect.gauge] -= effect.change
    return own


def _changes(scenario: Scenario, changes: Iterable[tuple[str, int]]) -> str:
    return ", ".join(
        f"{scenario.gauges[name]['label']} " + f"{change:+d}".replace("-", "\u2212")
        for name, change in changes
        if change
    )


def compared(scenario: Scenario, one: Play, other: Play, part: int = 0) -> list[Comparison]:
    """Two plays side by side, in the order of the scenes that either of them decided."""
    paths = [
        {
            step["id"]: step
            for step in path(scenario, scenarios.play(scenario, play["choices"], part).steps, play["reasons"])
        }
        for play in (one, other)
    ]
    order = [scene for scene in scenario.scenes if any(scene.id in each for each in paths)]
    return [{"scene": scene.title, "plays": [each.get(scene.id) for each in paths]} for scene in order]
