"""Scenarios and their play.

`play` replays a list of choices from the start: a pure function, so that a stored path can be shown
again, stepped back and compared with another. `workshop.scenarios.reader` reads scenarios from Markdown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypedDict

from workshop.content.trees import Tree

QUALITIES = ("strong", "defensible", "weak", "harmful")
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}
ENDINGS = "endings"


class Gauge(TypedDict):
    """What a gauge begins at (0 to 100), its name for people, and which way is better: lower or higher."""

    start: int
    label: str
    better: str


@dataclass
class Effect:
    """A change of a gauge; `later`: with the next round; `after` names a scene that must have been visited before."""

    gauge: str
    change: int
    later: bool = False
    after: str = ""


@dataclass
class Test:
    """A condition on a visited scene or on a gauge; `wanted` is False for “not if”."""

    scene: str = ""
    gauge: str = ""
    sign: str = ""
    limit: int = 0
    wanted: bool = True


@dataclass
class Choice:
    """One link of a scene. `quality` is empty for a mere “go on”."""

    id: str
    text: Tree
    target: str
    quality: str = ""
    time: int = 0
    effects: list[Effect] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    line: int = 0


@dataclass
class Scene:
    """A heading with its text and its choices."""

    id: str
    title: str
    round: str
    text: Tree = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    side: str = ""
    line: int = 0


@dataclass
class Ending:
    """An ending and the gauge limits it asks for; the first that holds is the one that is shown."""

    id: str
    title: str
    text: Tree = field(default_factory=list)
    limits: list[Test] = field(default_factory=list)
    line: int = 0


@dataclass
class Role:
    """A card of an office for playing in a group. `side` is the table it sits at, where a scenario has two."""

    id: str
    title: str
    wants: Tree = field(default_factory=list)
    knows: Tree = field(default_factory=list)
    fears: Tree = field(default_factory=list)
    side: str = ""
    line: int = 0


@dataclass
class Passage:
    """A part of the debrief: a heading and its text.

    `kind` is `questions` for what a group talks about, `steps` for how to lead it, empty for anything else.
    """

    title: str
    text: Tree = field(default_factory=list)
    kind: str = ""
    line: int = 0


@dataclass
class Scenario:
    """A whole scenario. `gauges` maps an id to its gauge; `clock` is how many of `unit` a play may use.

    `lesson` is the title of the lesson that plays it from beginning to end, if there is one. A group whose roles
    sit on two sides changes sides when round `swap_after` is over.
    """

    name: str
    title: str
    minutes: int
    clock: int
    unit: str
    gauges: dict[str, Gauge]
    drift: list[Effect]
    statements: list[str]
    brief: Tree = field(default_factory=list)
    scenes: list[Scene] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    debrief: list[Passage] = field(default_factory=list)
    path: str = ""
    lesson: str = ""
    swap_after: int = 0

    @property
    def rounds(self) -> list[str]:
        """The rounds in order, by their headings; a part of a scenario is one of them, counted from 1."""
        return list(dict.fromkeys(scene.round for scene in self.scenes))

    def scene(self, name: str) -> Scene:
        """The scene with this id. Raises StopIteration where there is none."""
        return next(scene for scene in self.scenes if scene.id == name)

    def data(self) -> dict[str, Any]:
        """The scenario as JSON-ready data; `from_data` reads it back."""
        # A notebook's metadata sorts the names of a dict, and the gauges have an order.
        return {**asdict(self), "gauges": [[name, gauge] for name, gauge in self.gauges.items()]}


@dataclass
class Step:
    """What one choice did: from where, at what cost, with which change of the gauges.

    `late` are changes that an earlier choice had caused and that arrived now: pairs of its id and the effect.
    """

    scene: str
    choice: Choice
    changes: dict[str, int]
    late: list[tuple[str, Effect]] = field(default_factory=list)


@dataclass
class State:
    """Where a play stands: gauges, time used, scenes visited, steps taken, the ending if there is one.

    In a part of a scenario the first `before` steps were taken before the player came, and `left` tells
    that its round is over.
    """

    scene: str
    gauges: dict[str, int]
    used: int = 0
    visited: list[str] = field(default_factory=list)
    pending: list[tuple[str, Effect]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    ending: Ending | None = None
    before: int = 0
    left: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing is left to choose because the play, or the part that is played, has ended."""
        return self.left or self.ending is not None


def play(scenario: Scenario, choices: Iterable[str], part: int = 0) -> State:
    """The state after these choice ids. A choice that does not exist there ends the replay before it.

    With `part`, the choices are those of this round alone: it begins after `way_to`, and ends when it is left.
    Raises ValueError where there is no way to this part.
    """
    state = way_to(scenario, part) if part else start(scenario)
    if state is None:
        raise ValueError(f"The scenario {scenario.name} has no part {part}, or no typical path comes to it.")
    for name in choices:
        choice = next((c for c in possible(scenario, state) if c.id == name), None)
        if choice is None:
            break
        state = after(scenario, state, choice)
        state.left = bool(part) and scenario.scene(state.scene).round != scenario.rounds[part - 1]
    return state


def way_to(scenario: Scenario, part: int) -> State | None:
    """The state in which a round begins after a typical path: the first strong option at each decision.

    None when there is no such round, or when that path does not come to it.
    """
    if not 1 <= part <= len(scenario.rounds):
        return None
    state = start(scenario)
    while scenario.scene(state.scene).round != scenario.rounds[part - 1]:
        choices = possible(scenario, state)
        if not choices or len(state.steps) > len(scenario.scenes):
            return None
        state = after(scenario, state, next((c for c in choices if c.quality == "strong"), choices[0]))
    state.before = len(state.steps)
    return state


def start(scenario: Scenario) -> State:
    """The state in which a play begins."""
    first = scenario.scenes[0].id
    return State(first, {name: gauge["start"] for name, gauge in scenario.gauges.items()}, visited=[first])


def possible(scenario: Scenario, state: State) -> list[Choice]:
    """The choices that can be made now: offered, and with time left for them."""
    return [choice for choice in offered(scenario, state) if affordable(scenario, state, choice)]


def offered(scenario: Scenario, state: State) -> list[Choice]:
    """The choices that the present scene shows."""
    if state.over:
        return []
    return [c for c in scenario.scene(state.scene).choices if all(_holds(test, state) for test in c.tests)]


def affordable(scenario: Scenario, state: State, choice: Choice) -> bool:
    """Whether there is time left for a choice."""
    return state.used + choice.time <= scenario.clock


def _holds(test: Test, state: State) -> bool:
    if test.scene:
        return (test.scene in state.visited) == test.wanted
    return COMPARE[test.sign](state.gauges[test.gauge], test.limit) == test.wanted


def after(scenario: Scenario, state: State, choice: Choice) -> State:
    """The state after a choice; the one before stays as it was."""
    before, from_scene = state.gauges, scenario.scene(state.scene)
    state = replace(
        state, gauges=dict(before), visited=list(state.visited), pending=list(state.pending), steps=list(state.steps)
    )
    state.used += choice.time
    for effect in choice.effects:
        if effect.after and effect.after not in state.visited:
            continue
        if effect.later:
            state.pending.append((choice.id, effect))
        else:
            _apply(state, effect)
    for effect in scenario.drift if choice.quality else ():
        _apply(state, effect)
    ends = choice.target == ENDINGS
    late: list[tuple[str, Effect]] = []
    if ends or scenario.scene(choice.target).round != from_scene.round:
        late, state.pending = state.pending, []
        for _, effect in late:
            _apply(state, effect)
    changes = {name: state.gauges[name] - before[name] for name in before}
    state.steps.append(Step(from_scene.id, choice, changes, late))
    if ends:
        state.ending = next(e for e in scenario.endings if all(_holds(limit, state) for limit in e.limits))
    else:
        state.scene = choice.target
        state.visited.append(choice.target)
    return state


def _apply(state: State, effect: Effect) -> None:
    state.gauges[effect.gauge] = min(100, max(0, state.gauges[effect.gauge] + effect.change))


def all_plays(scenario: Scenario) -> Iterator[tuple[list[str], State]]:
    """Every play from the start to where it ends or gets stuck, as (choice ids, state), one by one.

    `workshop.scenarios.walk` counts them without listing them. A scenario that goes round in a circle has no end.
    """
    standing = [start(scenario)]
    while standing:
        state = standing.pop()
        following = possible(scenario, state)
        standing += [after(scenario, state, choice) for choice in reversed(following)]
        if not following:
            yield [step.choice.id for step in state.steps], state


def from_data(data: Mapping[str, Any]) -> Scenario:
    """The scenario that `Scenario.data()` wrote down."""
    fields = {**data, "gauges": dict(data["gauges"])}
    fields["drift"] = [Effect(**effect) for effect in data["drift"]]
    fields["scenes"] = [
        Scene(**{**scene, "choices": [_choice(c) for c in scene["choices"]]}) for scene in data["scenes"]
    ]
    fields["endings"] = [Ending(**{**e, "limits": [Test(**limit) for limit in e["limits"]]}) for e in data["endings"]]
    fields["roles"] = [Role(**role) for role in data["roles"]]
    fields["debrief"] = [Passage(**passage) for passage in data["debrief"]]
    return Scenario(**fields)


def _choice(data: Mapping[str, Any]) -> Choice:
    return Choice(
        **{**data, "effects": [Effect(**e) for e in data["effects"]], "tests": [Test(**t) for t in data["tests"]]}
    )
