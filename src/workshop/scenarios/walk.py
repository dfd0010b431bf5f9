"""Every play of a scenario at once: a walk through its states, in which paths that meet are walked on together.

Two plays that stand in one scene with the same gauges, the same time used and the same past (as far as any
condition asks for it) can only go on alike. So the walk counts plays instead of listing them, and stays quick
when a scenario grows.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from workshop.content.trees import text_of
from workshop.scenarios.model import ENDINGS, affordable, after, offered, possible, start

WORST = ("harmful", "weak", "defensible", "strong")


@dataclass
class Node:
    """A state that plays come to. `plays` counts the ways to it, `chance` is its share of plays drawn by lot.

    `manners` says whether it is reached by strong choices only (“strong”) or by the worst of each decision
    (“worst”); `missed` are the statements that some way to it does not meet.
    """

    state: object
    plays: int = 0
    chance: float = 0.0
    words: Counter = field(default_factory=Counter)
    manners: set = field(default_factory=set)
    missed: set = field(default_factory=set)
    following: list = field(default_factory=list)
    fate: Counter = field(default_factory=Counter)


@dataclass
class Walk:
    """What the walk found: nodes by scene, the nodes in which plays end, and the gauges at the end of each round.

    `rounds` holds for each round a Counter of gauge values by their chance; `circle` is a scene that leads back
    to itself, and then nothing was walked.
    """

    nodes: dict = field(default_factory=dict)
    ends: list = field(default_factory=list)
    rounds: list = field(default_factory=list)
    circle: str = ""


def walk(scenario):
    """Walk all plays of a scenario."""
    order, circle = _in_order(scenario)
    if circle:
        return Walk(circle=circle)
    found = Walk(rounds=[Counter() for _ in scenario.rounds])
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
    places, ends = defaultdict(dict), {}
    places[first][None] = Node(
        begin,
        1,
        1.0,
        Counter({_words(text_of(scenario.brief)) + words[first]: 1.0}),
        {"strong", "worst"},
        every - statements[first],
    )
    for name in order:
        for node in places[name].values():
            choices = possible(scenario, node.state)
            qualities = [choice.quality for choice in choices]
            worst = next((quality for quality in WORST if quality in qualities), "")
            for choice in choices:
                state = after(scenario, node.state, choice)
                here = ends if choice.target == ENDINGS else places[choice.target]
                key = (state.ending and state.ending.id, *_key(state, asked))
                to = here.setdefault(key, Node(state))
                chance = node.chance / len(choices)
                if choice.target == ENDINGS:
                    met, more = set(), _words(text_of(state.ending.text))
                else:
                    met, more = statements[choice.target], words[choice.target]
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
                _note_round(scenario, found, name, choice, state, chance)
    found.nodes = {name: list(places[name].values()) for name in order}
    found.ends = list(ends.values())
    for node in found.ends:
        node.fate[node.state.ending.id] = 1.0
    for name in reversed(order):
        for node in found.nodes[name]:
            for _, to in node.following:
                for ending, share in to.fate.items():
                    node.fate[ending] += share / len(node.following)
    return found


def stuck(scenario, node):
    """Whether a play can neither go on nor has ended here."""
    return not node.state.ending and not any(affordable(scenario, node.state, c) for c in offered(scenario, node.state))


def _in_order(scenario):
    """The scenes so that every link leads forward; and a scene on a circle, if a link does not."""
    order, entered, left = [], set(), set()
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


def _key(state, asked):
    return (
        state.used,
        tuple(state.gauges.values()),
        frozenset(asked.intersection(state.visited)),
        tuple(sorted((effect.gauge, effect.change) for _, effect in state.pending)),
    )


def _note_round(scenario, found, name, choice, state, chance):
    here = scenario.rounds.index(scenario.scene(name).round)
    there = (
        len(scenario.rounds) if choice.target == ENDINGS else scenario.rounds.index(scenario.scene(choice.target).round)
    )
    for number in range(here, there):
        found.rounds[number][tuple(state.gauges.values())] += chance


def _words(text):
    return len(text.split())
