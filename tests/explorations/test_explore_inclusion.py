"""Inclusion and what followed: the counts hold together, and nobody is told that an ideology was measured."""

from pathlib import Path

import pytest

from workshop.content import tables
from workshop.explorations import inclusion
from workshop.explorations.counts import onsets
from workshop.explorations.counts.onsets import GROUPS, PERIODS, WINDOWS
from workshop.explorations.inclusion import MEASURES, OFFERED, TABLES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("listed", OFFERED)
@pytest.mark.parametrize("period", PERIODS)
def test_title_and_table_and_note_say_the_same_counts(measure, listed, period):
    found = onsets.counts(tables.table(TABLES[measure]), measure, listed, period, 5)
    low, high = (found[group] for group in onsets.ends(found))
    view = inclusion.view(measure, 5, listed, period)
    assert f"{onsets.of(low)} looks" in view.title and onsets.of(high) in view.title
    assert [(row[1], row[2], row[5]) for row in view.table[1]] == [
        (f"{looks:,}", hits, starts) for looks, hits, starts in found.values()
    ]
    assert f"stands on {sum(found[group][2] for group in found if group in GROUPS)} start" in view.note


@pytest.mark.parametrize("measure", MEASURES)
def test_the_other_two_lists_are_heard_as_well(measure):
    note = inclusion.view(measure, listed="mass_killing_by_group").note
    assert "By the list of mass killings:" in note and "By the list of genocides and politicides:" in note


@pytest.mark.parametrize("measure", MEASURES)
def test_every_figure_begins_by_saying_that_no_table_measures_an_ideology(measure):
    assert inclusion.view(measure).caption[0][2].startswith("No table measures an ideology")


def test_killings_that_singled_out_a_group_are_never_more_than_all():
    for measure in MEASURES:
        rows = tables.table(TABLES[measure])
        for ahead in WINDOWS:
            starts = {
                listed: sum(starts for _, _, starts in onsets.counts(rows, measure, listed, "", ahead).values())
                for listed in OFFERED
            }
            assert starts["mass_killing_by_group"] <= starts["mass_killing"]


def test_both_measures_of_ethnic_power_look_at_the_same_states():
    rows = tables.table("inclusion_followed")
    for listed in OFFERED:
        looks = [
            sum(count for count, _, _ in onsets.counts(rows, measure, listed, "", 5).values())
            for measure in ("included", "no_group_held_down")
        ]
        assert looks[0] == looks[1]


def test_the_diversity_ingredient_and_seats_in_power_are_one_count():
    one = onsets.counts(tables.table("ingredients_followed"), "diversity", "mass_killing", "", 5)
    assert one == onsets.counts(tables.table("inclusion_followed"), "included", "mass_killing", "", 5)


@pytest.mark.parametrize("listed", OFFERED)
def test_the_title_says_which_killings_began(listed):
    assert f": a {onsets.TERMS[listed]} began after" in inclusion.view(listed=listed).title


def test_two_honest_counts_disagree():
    assert "The share falls from bar to bar" in inclusion.view("included").note
    assert (
        "does not fall from the first bar to the last"
        in inclusion.view("included", 5, "genocide_politicide", "from_1990").note
    )


def test_the_labels_of_bars_stand_in_one_line_in_words():
    view = inclusion.view("no_group_held_down")
    assert view.table[1][0][0] == "Some group is held down" and "\n" not in view.alt


def test_the_table_built_on_v_dem_stands_apart_and_only_it():
    built = [
        name
        for name in tables.describe()
        if name != "sources" and any("SRC_VDEM_15" in cell for cell in tables.table(name)["source"])
    ]
    assert built == ["power_shared_followed"]
