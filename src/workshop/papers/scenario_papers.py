"""A scenario on paper: what lies on the tables, and what the facilitator reads aloud when there is no screen."""

from collections.abc import Mapping

from workshop.content import paper
from workshop.content.trees import Tree
from workshop.render import pdf
from workshop.scenarios.model import ENDINGS, Choice, Effect, Scenario, Scene, Test

LETTERS = "ABCDEFGH"
STEPS = 12


def brief(scenario: Scenario) -> pdf.Document:
    """The situation, the gauges and a place to write down reasons: for each table, before the play."""
    gauges = [[gauge["label"], str(gauge["start"]), gauge["better"]] for gauge in scenario.gauges.values()]
    return _document(
        scenario,
        "brief",
        [
            paper.head("The brief. Read it before you read your card."),
            *scenario.brief,
            paper.table(gauges, ["Gauge", "At the start", "Better is"], [3, 2, 2]),
            paper.keep(
                ["h1", {}, "What we decided, and why"],
                ["p", {}, "Write the reason before you know what follows. The debrief needs it."],
                paper.table([["", "", ""]] * 5, ["When", "What", "Our reason"], [1, 3, 5], height=1.7),
            ),
        ],
    )


def roles(scenario: Scenario, below: Tree) -> pdf.Document:
    """A card for each office, one on a page, to be read at arm's length; `below` are blocks at the foot of each."""
    blocks: Tree = []
    for role in scenario.roles:
        parts: list[Tree] = [
            [["h2", {}, title], ["p", {}, *_begun(text)]]
            for title, text in (("You want", role.wants), ("You know", role.knows), ("You fear", role.fears))
        ]
        blocks += [
            paper.new_page(),
            paper.larger(
                1.9,
                ["h1", {}, role.title],
                ["p", {}, ["em", {}, role.side]],
                *(block for part in parts for block in part),
            ),
            *below,
        ]
    return _document(scenario, "role cards", blocks, size=12)


def signals(scenario: Scenario) -> pdf.Document:
    """What each round brings, as slips to cut apart and to sort: sign, noise or opening?"""
    blocks: Tree = [paper.head("Signals. Cut along the lines, keep the rounds apart. Sort: sign, noise or opening?")]
    for number, name in enumerate(scenario.rounds):
        opening = slips(scenario, name)
        if opening:
            blocks += [
                *([paper.new_page()] if number else []),
                ["h1", {}, name],
                paper.pieces(2, [[paper.larger(1.35, ["p", {}, *slip])] for slip in opening], 4.4),
            ]
    return _document(scenario, "signals", blocks)


def debrief(scenario: Scenario, steps: Tree) -> pdf.Document:
    """For the facilitator: the questions of this scenario, or the steps of every debrief where it has none."""
    blocks: Tree = [paper.head("Debrief. For the facilitator.")]
    for passage in scenario.debrief:
        blocks += [["h1", {}, passage.title], *passage.text]
    return _document(scenario, "debrief", blocks if scenario.debrief else [*blocks, *steps])


def script(scenario: Scenario) -> pdf.Document:
    """The whole play as a numbered book, to be read aloud: scenes, options, what they cost and where they lead."""
    numbers = {scene.id: str(number) for number, scene in enumerate(scenario.scenes, 1)}
    drift = ", ".join(_change(effect, numbers) for effect in scenario.drift)
    score = [
        ["Start", f"0 of {scenario.clock}", *(str(gauge["start"]) for gauge in scenario.gauges.values())],
        *[[""] * (2 + len(scenario.gauges))] * STEPS,
    ]
    blocks: Tree = [
        paper.head(
            "The play on paper. For the facilitator: read a scene aloud, then its options, and never the last column."
        ),
        [
            "p",
            {},
            "Keep the score below with a pencil. Gauges stay between 0 and 100. After every option with a letter: "
            f"{drift}. "
            "“Later” means: when the next round begins. An option for which the time is no longer enough is closed.",
        ],
        paper.table(
            score,
            ["Scene", scenario.unit.capitalize(), *(gauge["label"] for gauge in scenario.gauges.values())],
            [1] * (2 + len(scenario.gauges)),
            height=0.75,
        ),
    ]
    for name in scenario.rounds:
        blocks += [paper.new_page(), ["h1", {}, name]]
        for scene in (scene for scene in scenario.scenes if scene.round == name):
            side = [["p", {}, ["em", {}, f"For: {scene.side}"]]] if scene.side else []
            blocks += [["h2", {}, f"{numbers[scene.id]}. {scene.title}"], *side, *scene.text, *options(scene, numbers)]
    blocks += [paper.new_page(), ["h1", {}, "Endings"], ["p", {}, "The first whose conditions hold is read."]]
    for ending in scenario.endings:
        limits = (
            " and ".join(f"{test.gauge} {test.sign} {test.limit}" for test in ending.limits) or "in every other case"
        )
        blocks += [["h2", {}, ending.title], ["p", {}, ["em", {}, limits]], *ending.text]
    return _document(scenario, "the play on paper", blocks, size=10)


def options(scene: Scene, numbers: Mapping[str, str]) -> Tree:
    """The options of a scene with where they lead and what they cost; `numbers` maps scenes to their numbers."""
    if not any(choice.quality for choice in scene.choices):
        return [
            [
                "p",
                {},
                ["strong", {}, f"→ {_target(choice, numbers)}"],
                "  ",
                *choice.text,
                *_only(choice, numbers),
                *([f". {cost}"] if (cost := _cost(choice, numbers)) else []),
            ]
            for choice in scene.choices
        ]
    rows = [
        [LETTERS[place], [*choice.text, *_only(choice, numbers)], _target(choice, numbers), _cost(choice, numbers)]
        for place, choice in enumerate(scene.choices)
    ]
    return [paper.table(rows, ["", "Option", "Go to", "Time and gauges"], [0.5, 6, 1.2, 3])]


def _target(choice: Choice, numbers: Mapping[str, str]) -> str:
    return "the endings" if choice.target == ENDINGS else numbers.get(choice.target, choice.target)


def _only(choice: Choice, numbers: Mapping[str, str]) -> Tree:
    said = [("only if " if test.wanted else "not if ") + _condition(test, numbers) for test in choice.tests]
    return [["em", {}, f" ({'; '.join(said)})"]] if said else []


def _condition(test: Test, numbers: Mapping[str, str]) -> str:
    return (
        f"scene {numbers.get(test.scene, test.scene)} was read"
        if test.scene
        else f"{test.gauge} {test.sign} {test.limit}"
    )


def _cost(choice: Choice, numbers: Mapping[str, str]) -> str:
    return "; ".join(
        [*([f"time {choice.time}"] if choice.time else []), *(_change(effect, numbers) for effect in choice.effects)]
    )


def _change(effect: Effect, numbers: Mapping[str, str]) -> str:
    words = f"{effect.gauge} {'+' if effect.change > 0 else '−'}{abs(effect.change)}"
    words = f"later {words}" if effect.later else words
    return f"if scene {numbers.get(effect.after, effect.after)} was read: {words}" if effect.after else words


def _begun(tree: Tree) -> Tree:
    """A tree without the space that its bold first word left behind."""
    first = tree[0] if tree else None
    return [first.lstrip(), *tree[1:]] if isinstance(first, str) else tree


def slips(scenario: Scenario, name: str) -> list[Tree]:
    """The bullet points of the scene that opens a round."""
    scene = next(scene for scene in scenario.scenes if scene.round == name)
    return [item[2:] for block in scene.text if not isinstance(block, str) and block[0] == "ul" for item in block[2:]]


def _document(scenario: Scenario, what: str, blocks: Tree, size: float = 11) -> pdf.Document:
    return pdf.Document(
        scenario.title, blocks, foot=f"Building National Architectures · {scenario.title} · {what}", size=size
    )
