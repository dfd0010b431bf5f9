"""`workshop check` walks every play of a scenario, and what it finds is told with a line and a mend."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import ROOT, SCENARIO, scenario

from workshop.papers import guide
from workshop.project import project
from workshop.scenarios import check as scenario_check
from workshop.scenarios.model import all_plays
from workshop.scenarios.walk import walk

RUMOUR = scenario()[0]
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "data/scenarios").glob("*.md"))}
NAMES = sorted(TEXTS)
READ = {name: scenario(text)[0] for name, text in TEXTS.items()}
WALKED = {name: walk(read) for name, read in READ.items()}
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


@pytest.mark.parametrize("name", NAMES)
def test_the_walk_of_a_real_scenario_finds_what_listing_its_plays_finds(name):
    listed = list(all_plays(READ[name]))
    assert all(state.ending for _, state in listed)
    assert Counter(state.ending.id for _, state in listed) == sum(
        (Counter({node.state.ending.id: node.plays}) for node in WALKED[name].ends), Counter()
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_gauges_at_the_end_of_each_round_are_those_of_all_plays(name):
    for shares in WALKED[name].rounds:
        assert shares.total() == pytest.approx(1)


# ---------------------------------------------------------------- the four scenarios


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_of_the_workshop_has_no_fault(name):
    assert scenario_check.faults(READ[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_round_with_a_decision_opens_with_signals(name):
    read = READ[name]
    for round_ in read.rounds:
        first = next(scene for scene in read.scenes if scene.round == round_)
        assert any(node[0] == "ul" and len(node) - 2 >= 3 for node in first.text if isinstance(node, list)), first.title


@pytest.mark.parametrize("name", NAMES)
def test_some_effect_of_every_scenario_comes_later(name):
    effects = [effect for scene in READ[name].scenes for choice in scene.choices for effect in choice.effects]
    assert any(effect.later for effect in effects)


@pytest.mark.parametrize("name", NAMES)
def test_each_consequence_shows_evidence_with_its_limit_and_asks_something(name):
    for scene in READ[name].scenes:
        if any(choice.quality and choice.target == scene.id for other in READ[name].scenes for choice in other.choices):
            words = str(scene.text)
            assert "Evidence." in words and "limit" in words and "Ask yourself." in words, scene.title


@pytest.mark.parametrize("name", NAMES)
def test_the_debrief_has_questions_sorted_signals_and_nine_steps(name):
    debrief = {passage.title: passage.text for passage in READ[name].debrief}
    assert len(debrief["Questions"][0]) - 2 >= 5
    steps = next(node for node in debrief["Step by step, for a group"] if node[0] == "ol")
    assert len(steps) - 2 == 9
    assert str(debrief["Signs, noise and openings"]).count("Round") == sum(
        "Round" in round_ for round_ in READ[name].rounds
    )


def test_figures_for_the_guide_say_what_the_walk_found():
    rows = dict(scenario_check.figures(READ["kestia"]))
    assert rows["Different plays"] == "256" and rows["Rounds and decisions"] == "5 rounds, 4 decisions"
    assert rows["Only strong options"] == "ending A" and rows["Always the worst option"] == "ending D"
    assert "a9" in rows["Statements met on every path"] and "b10" in rows["Statements met on some paths"]


# ---------------------------------------------------------------- faults

KESTIA_FAULTS = [
    (
        "an option worse in everything",
        "kestia",
        "(#nine-kilometres) `defensible` `3 days` `RISK -2`",
        "(#nine-kilometres) `defensible` `4 days` `RISK +2`",
        "- [Move the two",
        "“Move the two polling places” is worse in every gauge than “Send mixed police",
    ),
    (
        "strong options that lead elsewhere",
        "kestia",
        "`RISK <= 38` `TRUST >= 55`",
        "`RISK <= 38` `TRUST >= 90`",
        "## A. A vote",
        "No play reaches the ending “A. A vote",
    ),
    (
        "a strong option that costs too much",
        "orvane",
        "`strong` `1 week` `RISK -2` `TRUST",
        "`strong` `1 week` `RISK +9` `TRUST",
        "## A. A table",
        "Whoever always chooses a strong option can end in",
    ),
    (
        "a gentle worst path",
        "brenmar",
        "## B. A fragile calm\n\n`RISK <= 58`",
        "## B. A fragile calm\n\n`RISK <= 64`",
        "## B. A",
        "Whoever always chooses the worst option can end in “B. A fragile calm”",
    ),
    (
        "an ending that takes nearly all",
        "kestia",
        "## B. A fragile calm\n\n`RISK <= 58`",
        "## B. A fragile calm\n\n`RISK <= 84`",
        "## B. A",
        "Of plays drawn by lot 95% end in “B. A fragile calm”",
    ),
    (
        "one option that decides",
        "kestia",
        "`harmful` `2 days` `RISK +7`",
        "`harmful` `2 days` `RISK +77` `REACH +20`",
        "- [Send the unit",
        "“Send the unit” decides the end alone",
    ),
    (
        "a statement of the front matter that no scene carries",
        "kestia",
        "statements: [a9,",
        "statements: [a1, a9,",
        "---\ntitle",
        "The front matter names a1, and no scene carries it.",
    ),
    (
        "a statement that the front matter does not name",
        "kestia",
        "statements: [a9, ",
        "statements: [",
        "## A better curve",
        "The scene “A better curve” carries a9, and the front matter does not name it.",
    ),
    (
        "a story longer than its time",
        "kestia",
        "minutes: 25",
        "minutes: 5",
        "---\ntitle",
        "The longest path takes 14 minutes to read",
    ),
    (
        "too few roles",
        "kestia",
        "# Roles",
        "# Debrief",
        "---\ntitle",
        "A group needs 5 to 8 role cards, and the page has 0.",
    ),
    (
        "a role without a wish",
        "kestia",
        "- **Wants.** One strong file. Six weak ones would be worse than none.\n",
        "",
        "## Prosecutor's office",
        "The role “Prosecutor's office” does not say what it wants. Add a line “- **Wants.** …”.",
    ),
    (
        "a line of a role that is none",
        "kestia",
        "- **Wants.** One strong",
        "- **Hopes.** One strong",
        "- **Hopes",
        "does not begin with **Wants.**, **Knows.** or **Fears.**",
    ),
    (
        "words among the roles",
        "kestia",
        "## Prosecutor's office\n",
        "## Prosecutor's office\n\nIt has one old law.\n",
        "It has one old law",
        "The role “Prosecutor's office” is a list of three lines",
    ),
    ("no debrief", "kestia", "## Questions", "## Thoughts", "---\ntitle", "The page has no questions for the debrief."),
    (
        "three tables",
        "brenmar",
        "## UN office\n\n`side: The helpers' table`",
        "## UN office\n\n`side: The press`",
        "## Prime minister's",
        "The roles sit at one table or at two",
    ),
    (
        "a scene of a side that nobody sits at",
        "brenmar",
        "`b1` `side: Brenmar's cabinet`",
        "`b1` `side: Cabinet`",
        "## The first move",
        "belongs to the side “Cabinet”, and no role sits there.",
    ),
    (
        "a swap that is no number",
        "brenmar",
        "swap_after: 2",
        "swap_after: later",
        "---\ntitle",
        "“swap_after” is the number of the round",
    ),
    (
        "signals that run into choices",
        "kestia",
        "\nThe first telephone rings before the slips are sorted.\n\n",
        "",
        "- At one school",
        "In “The day of the vote” a list of signals runs into the choices.",
    ),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "message"),
    [row[1:] for row in KESTIA_FAULTS],
    ids=[row[0] for row in KESTIA_FAULTS],
)
def test_a_fault_is_told_with_its_line(name, old, new, where, message):
    assert TEXTS[name].count(old) >= 1
    text = TEXTS[name].replace(old, new, 1)
    line = text[: text.index(where)].count("\n") + 1
    found = scenario(text)[1]
    assert any(fault.startswith(f"rumour.md:{line}: ") and message in fault for fault in found), found


def test_strong_options_always_in_one_place_are_told():
    text = TEXTS["noriva"]
    for line in [line for line in text.split("\n") if "`strong`" in line]:
        text = text.replace(line + "\n", "")
        heading = next(part for part in TEXTS["noriva"].split("\n\n") if line in part)
        first = heading.split("\n")[0] if heading.split("\n")[0] != line else heading.split("\n")[1]
        text = text.replace(first, f"{line}\n{first}")
    assert any("The strong option stands in place 1 of every decision" in fault for fault in scenario(text)[1])


def test_a_play_left_with_weak_options_alone_is_told():
    text = SCENARIO.replace(
        "`defensible` `if #the-board-knows: RISK -20`", "`defensible` `only if #the-board-knows`"
    ).replace("`9 weeks`", "`1 week`")
    assert any(
        "Some plays find in “The second week” no strong and no defensible option." in fault
        for fault in scenario(text)[1]
    )


def test_checking_a_real_scenario_takes_a_moment():
    begun = time.process_time()
    scenario_check.faults(READ["brenmar"])
    assert time.process_time() - begun < 5


def test_the_guide_tells_facilitators_what_to_expect_of_each_scenario():
    page = guide.as_html(guide.blocks(project.read(ROOT)))
    for name in NAMES:
        shares = dict(scenario_check.figures(READ[name]))["Choices drawn by lot"]
        assert READ[name].title in page and shares in page
    assert page.count("Signs, noise and openings.") == len(NAMES)
