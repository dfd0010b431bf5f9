"""Looking back on a play: its path in words, what came late, two plays side by side."""

from workshop.content.trees import text_of
from workshop.scenarios import model as scenarios


def time(number, unit):
    """A number of weeks in words, or nothing when no time passes."""
    return f"{number} {unit.rstrip('s') if number == 1 else unit}" if number else ""


def path(scenario, steps, reasons=None):
    """The decisions among these steps: scene, choice, cost, what it changed at once and later, and why it was made."""
    later = {}
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


def late(scenario, state):
    """What earlier choices have brought only now, in words."""
    if not state.steps:
        return []
    made = {step.choice.id: step for step in state.steps}
    caused = {}
    for choice, effect in state.steps[-1].late:
        caused.setdefault(choice, []).append((effect.gauge, effect.change))
    return [
        {"choice": text_of(made[choice].choice.text), "effects": _changes(scenario, effects)}
        for choice, effects in caused.items()
    ]


def _without(changes, late):
    """The changes of a step that are its own."""
    own = dict(changes)
    for _, effect in late:
        own[effect.gauge] -= effect.change
    return own


def _changes(scenario, changes):
    return ", ".join(
        f"{scenario.gauges[name]['label']} " + f"{change:+d}".replace("-", "\u2212")
        for name, change in changes
        if change
    )


def compared(scenario, one, other, part=0):
    """Two plays side by side: for each decision its scene, and for each play what was chosen and why; None where a path has no such scene."""
    paths = [
        {
            step["id"]: step
            for step in path(scenario, scenarios.play(scenario, play["choices"], part).steps, play["reasons"])
        }
        for play in (one, other)
    ]
    order = [scene for scene in scenario.scenes if any(scene.id in each for each in paths)]
    return [{"scene": scene.title, "plays": [each.get(scene.id) for each in paths]} for scene in order]
