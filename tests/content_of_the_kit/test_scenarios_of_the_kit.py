"""The scenarios that the kit brings keep to what `workshop check` and its guide promise of them."""

import time
from collections import Counter

import pytest
from support.small_project import ROOT, scenario

from workshop.papers import guide
from workshop.project import project
from workshop.scenarios import check as scenario_check
from workshop.scenarios.model import all_plays
from workshop.scenarios.walk import walk

PATHS = sorted((ROOT / "data/scenarios").glob("*.md"))
NAMES = [path.stem for path in PATHS]
READ = {path.stem: scenario(path.read_text(encoding="utf-8"))[0] for path in PATHS}
WALKED = {name: walk(read) for name, read in READ.items()}


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
        assert sum(shares.values()) == pytest.approx(1)


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


@pytest.mark.parametrize("name", NAMES)
def test_checking_a_scenario_takes_a_moment(name):
    begun = time.process_time()
    scenario_check.faults(READ[name])
    assert time.process_time() - begun < 5


def test_the_guide_tells_facilitators_what_to_expect_of_each_scenario():
    page = guide.as_html(guide.blocks(project.read(ROOT)))
    for name in NAMES:
        shares = dict(scenario_check.figures(READ[name]))["Choices drawn by lot"]
        assert READ[name].title in page and shares in page
    assert page.count("Signs, noise and openings.") == len(NAMES)
