"""A scenario is a page one can click through: its play is a pure replay, and no play of it ends nowhere."""

import copy
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import ROOT, SCENARIO, real, scenario

from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.cards.scenario import ScenarioController
from workshop.scenarios import model as scenarios
from workshop.scenarios import reader as scenario_reader
from workshop.scenarios.model import all_plays, play

RUMOUR, NO_FAULTS = scenario()
ASK, WAIT = "monday-morning:the-board-knows", "monday-morning:it-grows"
FORBID = "monday-morning:it-grows|2"
ON, ON_FROM_NOISE = "the-board-knows:the-second-week", "it-grows:the-second-week"
TOGETHER, SAY, STUDIO = "the-second-week:endings", "the-second-week:endings|2", "the-second-week:endings|3"


def offered(choices):
    return [choice.id for choice in scenarios.offered(RUMOUR, play(RUMOUR, choices))]


# ---------------------------------------------------------------- play


def test_the_small_scenario_has_no_fault():
    assert NO_FAULTS == []


def test_a_play_begins_in_the_first_scene_with_the_gauges_of_the_page():
    state = play(RUMOUR, [])
    assert (state.scene, state.gauges, state.used) == ("monday-morning", {"RISK": 50, "TRUST": 40}, 0)


def test_a_decision_costs_time_changes_gauges_and_adds_the_drift_once():
    state = play(RUMOUR, [ASK])
    assert (state.gauges, state.used) == ({"RISK": 50 - 10 + 2, "TRUST": 45}, 2)


def test_going_on_costs_nothing_and_adds_no_drift():
    state = play(RUMOUR, [WAIT, ON_FROM_NOISE])
    assert (state.gauges["RISK"], state.used) == (52, 8)


def test_a_gauge_stays_between_nought_and_a_hundred():
    assert play(RUMOUR, [FORBID]).gauges == {"RISK": 100, "TRUST": 0}


def test_what_comes_later_comes_with_the_next_round():
    assert play(RUMOUR, [ASK]).gauges["TRUST"] == 45
    assert play(RUMOUR, [ASK, ON]).gauges["TRUST"] == 65


def test_what_comes_later_comes_at_the_end_when_no_round_follows():
    text = SCENARIO.replace("`weak` `9 weeks`", "`weak` `1 week` `later RISK -40`").replace(" `not if TRUST >= 60`", "")
    read, _ = scenario(text)
    assert play(read, [WAIT, ON_FROM_NOISE, STUDIO]).gauges["RISK"] == 52 + 2 - 40


def test_an_effect_may_ask_for_a_scene_that_was_visited():
    assert play(RUMOUR, [ASK, ON, SAY]).gauges["RISK"] == 42 - 20 + 2
    assert play(RUMOUR, [WAIT, ON_FROM_NOISE, SAY]).gauges["RISK"] == 52 + 2


def test_an_effect_whose_scene_was_not_visited_does_nothing():
    assert play(RUMOUR, [WAIT]).gauges["RISK"] == 52


def test_a_choice_may_ask_for_a_scene_or_a_gauge():
    assert offered([ASK, ON]) == [TOGETHER, SAY]  # trust is 65: no studio
    assert offered([WAIT, ON_FROM_NOISE]) == [SAY, STUDIO]  # the board was not asked


def test_a_choice_for_which_no_time_is_left_is_shown_and_cannot_be_made():
    state = play(RUMOUR, [WAIT, ON_FROM_NOISE])
    say, studio = scenarios.offered(RUMOUR, state)
    assert scenarios.affordable(RUMOUR, state, say) and not scenarios.affordable(RUMOUR, state, studio)
    assert play(RUMOUR, [WAIT, ON_FROM_NOISE, STUDIO]) == state


def test_the_last_week_of_the_clock_may_be_used():
    state = play(RUMOUR, [FORBID, ON_FROM_NOISE, STUDIO])
    assert state.used == 9 and state.ending
    assert play(scenario(SCENARIO.replace("clock: 10", "clock: 9"))[0], [FORBID, ON_FROM_NOISE, STUDIO]).ending


def test_the_first_ending_that_holds_is_shown():
    assert play(RUMOUR, [ASK, ON, SAY]).ending.id == "quiet"
    assert play(RUMOUR, [ASK, ON, TOGETHER]).ending.id == "loud"  # risk is 34, and quiet asks for 30


def test_after_an_ending_nothing_is_offered():
    assert offered([ASK, ON, SAY]) == []


@pytest.mark.parametrize("stranger", ["nothing", SAY, None, 5, ["x"]])
def test_a_choice_that_is_not_there_ends_the_replay_before_it(stranger):
    assert play(RUMOUR, [ASK, stranger, ON]) == play(RUMOUR, [ASK])


CHOICES = st.lists(st.sampled_from([ASK, WAIT, FORBID, ON, ON_FROM_NOISE, TOGETHER, SAY, STUDIO]), max_size=6)


@given(CHOICES)
def test_a_play_is_a_pure_replay(choices):
    before = copy.deepcopy(RUMOUR)
    assert play(RUMOUR, choices) == play(RUMOUR, choices)
    assert before == RUMOUR


@given(CHOICES)
def test_stepping_back_is_playing_one_choice_less(choices):
    steps = [step.choice.id for step in play(RUMOUR, choices).steps]
    assert play(RUMOUR, steps) == play(RUMOUR, choices)
    assert [step.choice.id for step in play(RUMOUR, steps[:-1]).steps] == steps[:-1]


@given(CHOICES)
def test_the_changes_of_all_steps_add_up(choices):
    state = play(RUMOUR, choices)
    for name, gauge in RUMOUR.gauges.items():
        assert gauge["start"] + sum(step.changes[name] for step in state.steps) == state.gauges[name]
        assert 0 <= state.gauges[name] <= 100
    assert state.used == sum(step.choice.time for step in state.steps) <= RUMOUR.clock


def test_a_scenario_survives_being_written_down():
    assert scenarios.from_data(RUMOUR.data()) == RUMOUR


def test_all_plays_are_walked():
    assert sorted(path for path, _ in all_plays(RUMOUR)) == sorted(
        [
            [ASK, ON, TOGETHER],
            [ASK, ON, SAY],
            [WAIT, ON_FROM_NOISE, SAY],
            [FORBID, ON_FROM_NOISE, SAY],
            [FORBID, ON_FROM_NOISE, STUDIO],
        ]
    )


def test_a_heading_with_an_accent_can_be_linked_to():
    assert scenario(SCENARIO.replace("It grows", "Ça grandit").replace("#it-grows", "#ça-grandit"))[1] == []


def test_the_brief_and_the_signals_are_read():
    assert RUMOUR.brief == [["p", {}, "A rumour runs through an invented town."]]
    assert RUMOUR.scenes[0].text[1] == [
        "ul",
        {},
        ["li", {}, "Shops stay shut."],
        ["li", {}, "The board was called twice."],
    ]
    assert (RUMOUR.scenes[0].statements, RUMOUR.scenes[0].sources) == (["a1"], ["OWN"])


# ---------------------------------------------------------------- Orvane


@cache
def orvane():
    return real().scenarios["orvane"]


@cache
def orvane_plays():
    return list(all_plays(orvane()))


def decisions(of):
    return [scene for scene in of.scenes if any(choice.quality for choice in scene.choices)]


def test_every_play_of_orvane_ends():
    assert len(orvane_plays()) > 100
    assert all(state.ending for _, state in orvane_plays())


def test_every_ending_and_every_scene_of_orvane_is_reached():
    assert {state.ending.id for _, state in orvane_plays()} == {ending.id for ending in orvane().endings}
    assert {name for _, state in orvane_plays() for name in state.visited} == {scene.id for scene in orvane().scenes}


def test_whoever_always_chooses_well_reaches_the_first_ending():
    strong = [
        state for _, state in orvane_plays() if all(step.choice.quality in ("", "strong") for step in state.steps)
    ]
    assert strong and {state.ending.title[:2] for state in strong} == {"A."}


def test_whoever_always_chooses_badly_does_not_reach_the_first_ending():
    bad = [
        state
        for _, state in orvane_plays()
        if all(step.choice.quality in ("", "weak", "harmful") for step in state.steps)
    ]
    assert bad and "A." not in {state.ending.title[:2] for state in bad}


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "data" / "scenarios").glob("*.md")))
def test_only_strong_choices_lead_to_the_first_ending_of_every_scenario(name):
    played = scenario_reader.read(ROOT / "data" / "scenarios" / f"{name}.md", ROOT, [])
    ends = {
        state.ending.id
        for _, state in scenarios.all_plays(played)
        if all(step.choice.quality in ("", "strong") for step in state.steps)
    }
    assert ends == {played.endings[0].id}


def test_the_strong_option_of_orvane_does_not_always_stand_in_one_place():
    places = [
        {place for place, choice in enumerate(scene.choices) if choice.quality == "strong"}
        for scene in decisions(orvane())
    ]
    assert len(places) >= 4
    assert not set.intersection(*places)


@pytest.mark.parametrize("scene", decisions(orvane()), ids=lambda scene: scene.id)
def test_each_decision_of_orvane_has_a_strong_and_a_defensible_option(scene):
    assert {"strong", "defensible"} <= {choice.quality for choice in scene.choices}
    assert len(scene.choices) >= 3


def test_no_scene_of_orvane_asks_for_more_time_than_there_is():
    assert max(state.used for _, state in orvane_plays()) <= orvane().clock


class Desk(Sheet):
    """A sheet that forgets when the test is over: nothing is written, so all plays can be walked quickly."""

    def _change(self, change):
        change(self.data)


def test_every_play_of_orvane_can_be_clicked_through_to_its_end(tmp_path):
    talk = ScenarioController(orvane(), Desk(FileStorage(tmp_path / "orvane.answers.json"), "orvane"))

    def ends(view):
        if view["ending"]:
            assert view["choices"] == [] and view["ending"]["text"]
            return 1
        possible = [choice["id"] for choice in view["choices"] if choice["possible"]]
        assert possible, f"stuck in {view['scene']['title']}"
        reached = 0
        for name in possible:
            reached += ends(talk.handle({"n": 1, "do": "choose", "choice": name}))
            assert talk.handle({"n": 2, "do": "back"})["scene"] == view["scene"]
        return reached

    assert ends(talk.view()) == len(orvane_plays())


# ---------------------------------------------------------------- faults of a page

LOOP = SCENARIO.replace(
    "It is louder now.\n\n- [Go on](#the-second-week)",
    "It is louder now.\n\n- [Go on](#the-second-week)\n- [Back](#monday-morning)",
).replace("`8 weeks`", "`0 weeks`")

FAULTS = [
    (
        "a dead link",
        "](#the-board-knows)",
        "](#the-bord-knows)",
        "- [Ask",
        "“Ask the board” leads to #the-bord-knows, and no heading has that name. Did you mean #the-board-knows?",
    ),
    (
        "a dead link that resembles nothing",
        "](#the-board-knows)",
        "](#zzz)",
        "- [Ask",
        "leads to #zzz, and no heading has that name.",
    ),
    (
        "a dead scene in a condition",
        "`only if #the-board-knows`",
        "`only if #board-knows`",
        "- [Answer",
        "Did you mean #the-board-knows?",
    ),
    (
        "a dead scene in an effect",
        "`if #it-grows: RISK -40`",
        "`if #it-grow: RISK -40`",
        "- [Wait",
        "Did you mean #it-grows?",
    ),
    (
        "a scene without a link",
        "- [Go on](#the-second-week)\n\n## It",
        "\n## It",
        "## The board",
        "“The board knows” is a dead end",
    ),
    ("an unknown gauge", "`RISK +90`", "`RSK +90`", "- [Forbid", "There is no gauge RSK. Did you mean RISK?"),
    (
        "an unknown gauge in a condition",
        "`not if TRUST >= 60`",
        "`not if HOPE >= 60`",
        "- [Build",
        "There is no gauge HOPE. Known are RISK, TRUST.",
    ),
    (
        "an unknown gauge in an ending",
        "`RISK <= 30`",
        "`RISC <= 30`",
        "`RISC <= 30`",
        "There is no gauge RISC. Did you mean RISK?",
    ),
    (
        "a bad code word",
        "`strong` `2 weeks`",
        "`strnog` `2 weeks`",
        "- [Ask",
        "“strnog” is no code word of a choice. Did you mean “strong”?",
    ),
    ("time in another unit", "`9 weeks`", "`9 days`", "- [Build", "“9 days” is no code word of a choice."),
    ("words after a link", "`harmful` `RISK +90`", "`harmful` and `RISK +90`", "- [Forbid", "“and” is not one"),
    ("no quality", "`harmful` ", "", "- [Forbid", "“Forbid the programme” has no quality"),
    (
        "a line without a link among choices",
        "- [Forbid the programme](#it-grows)",
        "- Forbid the programme",
        "- Forbid",
        "is not a link",
    ),
    (
        "a bad condition of an ending",
        "`RISK <= 30`",
        "`RISK 30`",
        "`RISK 30`",
        "“RISK 30” is not a condition of an ending",
    ),
    (
        "endings with conditions only",
        "## Loud\n",
        "## Loud\n\n`RISK > 30`\n",
        "## Loud",
        "The last ending has conditions",
    ),
    ("no endings", "`endings`", "`ends`", "---\ntitle", "The page has no ending"),
    (
        "two scenes of one id",
        "`#it-grows`",
        "`#the-board-knows`",
        "## It grows",
        "“It grows” and “The board knows” have the same id, the-board-knows. Give one of them another.",
    ),
    ("a scene before the first round", "# Round 1: Monday\n", "", "## Monday", "stands before the first round"),
    (
        "a strange word in the debrief",
        "`questions`",
        "`qestions`",
        "`qestions`",
        "“qestions” is no code word of the debrief. Known are `questions` and `steps`.",
    ),
    (
        "a strange word under a scene",
        "`a1` `#monday-morning`",
        "`b` `#monday-morning`",
        "`b` `#monday-morning`",
        "“b” under the scene “Monday morning” is not a statement",
    ),
    (
        "text nobody would see",
        "# Round 2: later\n",
        "# Round 2: later\n\nIt rains.\n",
        "It rains",
        "before its first “## …”",
    ),
    (
        "no scene",
        SCENARIO[SCENARIO.index("# Round 1") : SCENARIO.index("# Endings")],
        "",
        "---\ntitle",
        "The page has no scene",
    ),
    ("a clock without a unit", "clock: 10 weeks", 'clock: "10"', "---\ntitle", "The clock is a number and a unit"),
    (
        "a drift that is none",
        "drift: RISK +2",
        "drift: upwards",
        "---\ntitle",
        "“upwards” is not a change such as “RISK +2”",
    ),
    ("a gauge without a label", "label: Risk, ", "", "---\ntitle", "The gauge RISK needs start"),
    ("a gauge that begins too high", "start: 50", "start: 500", "---\ntitle", "a number from 0 to 100"),
    ("a gauge called NO", "  TRUST: {", "  NO: {", "---\ntitle", "The name of a gauge is in capital letters"),
    (
        "a fence that is never closed",
        "The rumour dies.",
        "```\nThe rumour dies.",
        "```\nThe",
        "This block is never closed",
    ),
    (
        "a scene nobody reaches",
        "](#it-grows)",
        "](#the-board-knows)",
        "## It grows",
        "Nobody can reach the scene “It grows”",
    ),
    ("an ending nobody reaches", "`RISK <= 30`", "`RISK <= 3`", "## Quiet", "No play reaches the ending “Quiet”"),
    (
        "a play that gets stuck",
        "`defensible` `if #the-board-knows: RISK -20`",
        "`defensible` `only if #the-board-knows`",
        "## The second",
        "A play gets stuck in “The second week”",
    ),
    (
        "a play that runs out of time",
        "`defensible` `if #the-board-knows",
        "`defensible` `3 weeks` `if #the-board-knows",
        "## The second",
        "A play gets stuck in “The second week”: no choice is open there any more. Ease a condition or a cost.",
    ),
    (
        "no strong option",
        "`strong` `1 week`",
        "`weak` `1 week`",
        "## The second",
        "has no strong option. Add one with the code word `strong`",
    ),
    ("no defensible option", "`defensible` `8", "`weak` `8", "## Monday", "has no defensible option"),
]


@pytest.mark.parametrize(
    ("old", "new", "where", "message"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_a_fault_of_a_scenario_is_told_with_its_line(old, new, where, message):
    assert old in SCENARIO
    changed = SCENARIO.replace(old, new)
    line = changed[: changed.index(where)].count("\n") + 1
    found = scenario(changed)[1]
    assert any(fault.startswith(f"rumour.md:{line}: ") and message in fault for fault in found), found


def test_a_play_that_can_go_round_in_circles_is_told():
    read, found = scenario(LOOP)
    assert read and any("A play can go round in a circle through" in fault for fault in found)


def test_several_faults_of_a_scenario_are_told_at_once():
    told = scenario(SCENARIO.replace("#it-grows)", "#it-grow)").replace("`9 weeks`", "`9 days`"))[1]
    assert len(told) == 3
