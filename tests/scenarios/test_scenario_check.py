"""`workshop check` walks every play of a scenario, and what it finds is told with a line and a mend."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import ESCALATION, SCENARIO, scenario

from workshop.scenarios import check as scenario_check
from workshop.scenarios.model import all_plays
from workshop.scenarios.walk import walk

RUMOUR = scenario()[0]
# One word of the small scenario by another: enough to make plays meet, part, run out of time or end otherwise.
CHANGES = st.lists(
    st.sampled_from(
        [
            ("RISK -10", "RISK +3"),
            ("RISK -10", "TRUST -10"),
            ("`2 weeks`", "`7 weeks`"),
            ("`8 weeks`", "`1 week`"),
            ("RISK +90", "RISK -90"),
            ("later TRUST +20", "later RISK -7"),
            ("`9 weeks`", "`2 weeks`"),
            ("(#it-grows) `def", "(#the-board-knows) `def"),
            ("RISK <= 30", "RISK <= 60"),
            ("clock: 10", "clock: 30"),
            ("#it-grows: RISK -40", "#monday-morning: RISK -4"),
            ("drift: RISK +2", "drift: TRUST -1"),
        ]
    ),
    max_size=6,
)


def changed(changes):
    text = SCENARIO
    for old, new in changes:
        text = text.replace(old, new)
    return scenario(text)[0]


# ---------------------------------------------------------------- the walk


@given(CHANGES)
def test_the_walk_counts_the_plays_that_can_be_listed(changes):
    read = changed(changes)
    listed, found = list(all_plays(read)), walk(read)
    ended = [state for _, state in listed if state.ending]
    assert sum(node.plays for node in found.ends) == len(ended)
    assert Counter(state.ending.id for state in ended) == sum(
        (Counter({n.state.ending.id: n.plays}) for n in found.ends), Counter()
    )
    assert {name for _, state in listed for name in state.visited} == {
        name for name, nodes in found.nodes.items() if nodes
    }


@given(CHANGES)
def test_plays_drawn_by_lot_all_end_somewhere_or_get_stuck(changes):
    read = changed(changes)
    found = walk(read)
    caught = sum(node.chance for nodes in found.nodes.values() for node in nodes if scenario_check.stuck(read, node))
    assert sum(node.chance for node in found.ends) + caught == pytest.approx(1)


@given(CHANGES)
def test_a_statement_is_missed_only_if_some_play_misses_it(changes):
    read = changed(changes)
    missed = set().union(*(node.missed for node in walk(read).ends))
    paths = [
        {key for name in state.visited for key in read.scene(name).statements}
        for _, state in all_plays(read)
        if state.ending
    ]
    assert missed == set(read.statements) - set.intersection(*paths) if paths else not missed


def test_paths_that_meet_are_walked_on_together():
    twice = SCENARIO.replace(
        "# Round 2: later",
        "\n".join(f"## Step {n}\n\n- [Left](#step-{n + 1})\n- [Right](#step-{n + 1})\n" for n in range(30))
        + "\n# Round 2: later",
    )
    read = scenario(twice.replace("](#the-second-week)", "](#step-0)").replace("](#step-30)", "](#the-second-week)"))[0]
    begun = time.perf_counter()
    found = walk(read)
    assert time.perf_counter() - begun < 5
    assert sum(node.plays for node in found.ends) > 2**30
    assert sum(len(nodes) for nodes in found.nodes.values()) < 200


# ---------------------------------------------------------------- faults

FAULTS = {
    "an option worse in everything": (
        "letter](#the-second-night) `defensible` `1 week`",
        "letter](#the-second-night) `defensible` `2 weeks`",
        "- [Send a letter",
        "“Send a letter” is worse in every gauge than “Send both councils”",
    ),
    "an ending out of reach": (
        "`RISK <= 35` `TRUST >= 60`",
        "`RISK <= 35` `TRUST >= 90`",
        "## A. An open road",
        "No play reaches the ending “A. An open road”",
    ),
    "strong options that lead elsewhere": (
        "`RISK <= 35` `TRUST >= 60`",
        "`RISK >= 30` `TRUST >= 55`",
        "## A. An open road",
        "Whoever always chooses a strong option can end in",
    ),
    "a gentle worst path": (
        "`RISK <= 48` `#b-a-watched-road`\n\nCarts pass by day.\n\n## C. A long way round\n\n`TRUST >= 20`",
        "`RISK >= 70` `#b-a-watched-road`\n\nCarts pass by day.\n\n## C. A long way round\n\n`TRUST >= 30`",
        "## B. A watched road",
        "Whoever always chooses the worst option can end in “B. A watched road”",
    ),
    "an ending that takes nearly all": (
        "RISK: {start: 50",
        "RISK: {start: 40",
        "## B. A watched road",
        "Of plays drawn by lot 81% end in “B. A watched road”",
    ),
    "one option that decides": (
        "gate](#the-second-night) `harmful` `RISK +8` `TRUST -8`",
        "gate](#the-second-night) `harmful` `RISK +80` `TRUST -80`",
        "- [Break the gate",
        "“Break the gate” decides the end alone: 100%",
    ),
    "a statement of the front matter that no scene carries": (
        "statements: [a1,",
        "statements: [a7, a1,",
        "---\ntitle",
        "The front matter names a7, and no scene carries it.",
    ),
    "a statement that the front matter does not name": (
        "statements: [a1, ",
        "statements: [",
        "## The closed gate",
        "The scene “The closed gate” carries a1, and the front matter does not name it.",
    ),
    "a story longer than its time": (
        "A fire was put out by neighbours.",
        "Fire. " * 1400,
        "---\ntitle",
        "The longest path takes 7 minutes to read",
    ),
    "too few roles": (
        ESCALATION.partition("# Roles")[2],
        "\n\n`roles`\n",
        "---\ntitle",
        "A group needs 5 to 8 role cards, and the page has 0.",
    ),
    "a role without a wish": (
        "- `wants` Time.\n",
        "",
        "## Board",
        "The role “Board” does not say what it wants. Add a line “- `wants` …”.",
    ),
    "a line of a role that is none": (
        "- `wants` Time.",
        "- **Hopes.** Time.",
        "- **Hopes",
        "does not begin with `wants`, `knows` or `fears`",
    ),
    "words among the roles": (
        "- `wants` Time.",
        "It has one old law.\n\n- `wants` Time.",
        "It has one old law",
        "The role “Board” is a list of three lines",
    ),
    "no debrief": ("`questions`", "`steps`", "---\ntitle", "The page has no questions for the debrief."),
    "three tables": (
        "## Radio\n\n`side: The town hall`",
        "## Radio\n\n`side: The press`",
        "## Police",
        "The roles sit at one table or at two",
    ),
    "a scene of a side that nobody sits at": (
        "`a12` `side: The market`",
        "`a12` `side: The harbour`",
        "## The second night",
        "belongs to the side “The harbour”, and no role sits there.",
    ),
    "a swap that is no number": (
        "swap_after: 1",
        "swap_after: later",
        "---\ntitle",
        "“swap_after” is the number of the round",
    ),
    "signals that run into choices": (
        "Who goes to look?\n\n",
        "",
        "- Nobody has the key.",
        "In “The closed gate” a list of signals runs into the choices.",
    ),
    "strong options always in one place": (
        "- [Send both councils](#the-second-night) `strong` `2 weeks` `RISK -8` `TRUST +8`\n"
        "- [Send a letter](#the-second-night) `defensible` `1 week` `RISK -2` `TRUST +1`",
        "- [Send a letter](#the-second-night) `defensible` `1 week` `RISK -2` `TRUST +1`\n"
        "- [Send both councils](#the-second-night) `strong` `2 weeks` `RISK -8` `TRUST +8`",
        "## The closed gate",
        "The strong option stands in place 2 of every decision",
    ),
}


@pytest.mark.parametrize(("old", "new", "where", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_its_line(old, new, where, message):
    text = ESCALATION.replace(old, new, 1)
    line = text[: text.index(where)].count("\n") + 1
    told = scenario(text)[1]
    assert scenario(ESCALATION)[1] == []
    assert any(fault.startswith(f"rumour.md:{line}: ") and message in fault for fault in told), told


def test_figures_for_the_guide_say_what_the_walk_counted():
    rows = dict(scenario_check.figures(scenario(ESCALATION)[0]))
    assert rows["Different plays"] == "27" and rows["Rounds and decisions"] == "3 rounds, 3 decisions"
    assert rows["Only strong options"] == "ending A" and rows["Always the worst option"] == "ending D"
    assert rows["Choices drawn by lot"] == "A 4%, B 59%, C 33%, D 4%"
    assert rows["Statements met on every path"] == "a1, a12" and rows["Statements met on some paths"] == "none"


def test_a_play_left_with_weak_options_alone_is_told():
    text = SCENARIO.replace(
        "`defensible` `if #the-board-knows: RISK -20`", "`defensible` `only if #the-board-knows`"
    ).replace("`9 weeks`", "`1 week`")
    assert any(
        "Some plays find in “The second week” no strong and no defensible option." in fault
        for fault in scenario(text)[1]
    )
