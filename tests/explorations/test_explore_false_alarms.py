"""Where one draws the line for an alert, there are false alarms above it and misses below."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.content.tables import table
from workshop.explorations import explored, false_alarms

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


def estimates(*chances, window="2025-26"):
    return pd.DataFrame({"window": window, "onset_probability": chances})


def test_the_table_names_no_state_and_gives_no_rank():
    assert list(table("early_warning_bins")) == ["edition", "chance_from", "chance_below", "states", "source"]


def test_each_edition_counts_167_states_and_leaves_none_alone_in_a_bin():
    rows = table("early_warning_bins")
    assert rows.groupby("edition")["states"].sum().to_dict() == {"2024-25": 167, "2025-26": 167}
    assert rows["states"].min() >= 3


def test_the_bins_of_an_edition_lie_edge_to_edge():
    for edition in false_alarms.EDITIONS:
        rows = false_alarms.bins(edition)
        assert [*rows["chance_from"], rows["chance_below"].iloc[-1]] == false_alarms.EDGES


def test_a_chance_on_an_edge_belongs_to_the_bin_above_it():
    rows = false_alarms.extract(estimates(0.0399, 0.04))
    assert list(zip(rows["chance_from"], rows["states"], strict=True)) == [(3, 1), (4, 1)]


@given(st.lists(st.floats(0, 0.1299), min_size=1, max_size=60))
def test_every_estimate_is_counted_once(chances):
    assert false_alarms.extract(estimates(*chances))["states"].sum() == len(chances)


@given(st.lists(st.floats(0, 0.1299), min_size=1, max_size=60))
def test_the_sum_of_the_chances_lies_between_the_edges(chances):
    _, fewest, most = false_alarms.counted(false_alarms.extract(estimates(*chances)))
    assert fewest - 1e-6 <= sum(chances) <= most + 1e-6


def test_from_four_percent_sixteen_states_get_an_alert_and_more_is_expected_among_the_others():
    view = false_alarms.view()
    assert view.title == "An alert from 4 percent would reach 16 of 167 states"
    assert "Among them 0.9 to 1.2" in view.note and "Among the 151 states without an alert 1.3 to 2.0" in view.note


def test_the_other_edition_has_other_counts():
    assert "17 of 167" in false_alarms.view(4, "2024-25").title


def test_a_lower_line_never_alerts_fewer_states():
    for edition in false_alarms.EDITIONS:
        rows = false_alarms.bins(edition)
        alerted = [false_alarms.counted(rows[rows["chance_from"] >= level])[0] for level in false_alarms.LEVELS]
        assert alerted == sorted(alerted, reverse=True)


def test_what_a_low_chance_means_is_said_in_words():
    note = false_alarms.view(4).note
    assert (
        "among 25 states with just this estimate, one" in note
        and "so about 15 of these alerts would be followed by none" in note
    )


def test_a_very_small_expectation_is_not_rounded_to_none():
    assert "without an alert fewer than 0.05" in false_alarms.view(0.25).note


def test_it_is_said_that_an_estimate_is_not_a_forecast_and_that_names_are_left_out():
    words = str(false_alarms.view().caption)
    assert "not a forecast" in words and "ranks nobody" in words


def test_moving_the_line_redraws_the_figure():
    box = explored("false-alarms")
    box.controls["level"].value = 8
    assert box.card.view["title"] == "An alert from 8 percent would reach 3 of 167 states"
