"""Every play of a scenario at once: a walk through its states, in which paths that meet are walked on together.

Two plays that stand in one scene with the same gauges, the same time used and the same past (as far as any
condition asks for it) can only go on alike. So the walk counts plays instead of listing them, and stays quick
when a scenario grows.
"""

from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from workshop.content.trees import text_of
from workshop.scenarios.model import (
    ENDINGS,
    Choice,
    Ending,
    Scenario,
    State,
    affordable,
    after,
    offered,
    possible,
    start,
)

WORST = ("harmful", "weak", "defensible", "strong")

# What a play may depend on from here: time used, gauges, the scenes visited that some condition asks for, what is due.
Key: TypeAlias = tuple[int, tuple[int, ...], frozenset[str], tuple[tuple[str, int], ...]]


def _chances() -> dict[Any, float]:
    return defaultdict(float)


@dataclass
class Node:
    """A state that plays come to. `plays` counts the ways to it, `chance` is its share of plays drawn by lot.

    `manners` says whether it is reached by strong choices only (“strong”) or by the worst of each decision
    (“worst”); `missed` are the statements that some way to it does not meet. `words` maps how many words a play has
    read up to here to the chance of such plays; `fate` maps endings to the chance that plays from here come to them.
    """

    state: State
    plays: int = 0
    chance: float = 0.0
    words: dict[int, float] = field(default_factory=_chances)
    manners: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)
    following: list[tuple[Choice, "Node"]] = field(default_factory=list)
    fate: dict[str, float] = field(default_factory=_chances)

    @property
    def ending(self) -> Ending:
        """How plays end here. Only for a node in which they do."""
        assert self.state.ending is not None
        return self.state.ending


@dataclass
class Walk:
    """What the walk found: nodes by scene, the nodes in which plays end, and the gauges at the end of each round.

    `rounds` holds for each round the chance of each set of gauge values; `circle` is a scene that leads back
    to itself, and then nothing was walked.
    """

    nodes: dict[str, list[Node]] = field(default_factory=dict)
    ends: list[Node] = field(default_factory=list)
    rounds: list[dict[tuple[int, ...], float]] = field(default_factory=list)
    circle: str = ""


def walk(scenario: Scenario) -> Walk:
    """Walk all plays of a scenario."""
    order, circle = _in_order(scenario)
    if circle:
        return Walk(circle=circle)
    walked = Walk(rounds=[_chances() for _ in scenario.rounds])
    asked = {effect.after for scene in scenario.scenes for c in scene.choices for effect in c.effects} | {
        test.scene for scene in scenario.scenes for c in scene.choices for test in c.tests
    }
    words = {
        scene.id: _words(scene.title)
        + _words(text_of(scene.text))
        + sum(_words(text_of(choice.text)) for choice in scene.choices)
        for scene in scenario.scenes
    }
    statements = {scene.id: set(scene.statements) for scene in scenario.scenes}
    every = set(scenario.statements).union(*statements.values())
    begin, first = start(scenario), scenario.scenes[0].id
    # A node for each state that plays come to in a scene; plays that end are told apart by their ending too.
    states: dict[str, dict[tuple[str | None, Key], Node]] = {name: {} for name in order}
    ends: dict[tuple[str | None, Key], Node] = {}
    root = Node(begin, 1, 1.0, manners={"strong", "worst"}, missed=every - statements[first])
    root.words[_words(text_of(scenario.brief)) + words[first]] = 1.0
    states[first][None, _key(begin, asked)] = root
    for name in order:
        for node in states[name].values():
            choices = possible(scenario, node.state)
            qualities = [choice.quality for choice in choices]
            worst = next((quality for quality in WORST if quality in qualities), "")
            for choice in choices:
                state = after(scenario, node.state, choice)
                here = states[choice.target] if state.ending is None else ends
                key = (state.ending.id if state.ending else None), _key(state, asked)
                to = here.setdefault(key, Node(state))
                chance = node.chance / len(choices)
                if state.ending is None:
                    met, more = statements[choice.target], words[choice.target]
                else:
                    met, more = set(), _words(text_of(state.ending.text))
                to.plays += node.plays
                to.chance += chance
                for number, share in node.words.items():
                    to.words[number + more] += share / len(choices)
                to.manners |= {
                    manner
                    for manner in node.manners
                    if not choice.quality or choice.quality == (worst if manner == "worst" else "strong")
                }
                to.missed |= node.missed - met
                node.following.append((choice, to))
                _note_round(scenario, walked, name, choice, state, chance)
    walked.nodes = {name: list(states[name].values()) for name in order}
    walked.ends = list(ends.values())
    for node in walked.ends:
        node.fate[node.ending.id] = 1.0
    for name in reversed(order):
        for node in walked.nodes[name]:
            for _, to in node.following:
                for ending, share in to.fate.items():
                    node.fate[ending] += share / len(node.following)
    return walked


def stuck(scenario: Scenario, node: Node) -> bool:
    """Whether a play can neither go on nor has ended here."""
    return not node.state.ending and not any(affordable(scenario, node.state, c) for c in offered(scenario, node.state))


def _in_order(scenario: Scenario) -> tuple[list[str], str]:
    """The scenes so that every link leads forward; and a scene on a circle, if a link does not."""
    order: list[str] = []
    entered, left = set(), set()
    links = {scene.id: [c.target for c in scene.choices if c.target != ENDINGS] for scene in scenario.scenes}
    trail = [(scenario.scenes[0].id, iter(links[scenario.scenes[0].id]))]
    entered.add(scenario.scenes[0].id)
    while trail:
        name, rest = trail[-1]
        target = next(rest, None)
        if target is None:
            trail.pop()
            left.add(name)
            order.append(name)
        elif target not in entered:
            entered.add(target)
            trail.append((target, iter(links[target])))
        elif target not in left:
            return [], target
    return order[::-1], ""


def _key(state: State, asked: AbstractSet[str]) -> Key:
    return (
        state.used,
        tuple(state.gauges.values()),
        frozenset(asked & set(state.visited)),
        tuple(sorted((effect.gauge, effect.change) for _, effect in state.pending)),
    )


def _note_round(scenario: Scenario, walked: Walk, name: str, choice: Choice, state: State, chance: float) -> None:
    here = scenario.rounds.index(scenario.scene(name).round)
    there = (
        len(scenario.rounds) if choice.target == ENDINGS else scenario.rounds.index(scenario.scene(choice.target).round)
    )
    for number in range(here, there):
        walked.rounds[number][tuple(state.gauges.values())] += chance


def _words(text: str) -> int:
    return len(text.split())
