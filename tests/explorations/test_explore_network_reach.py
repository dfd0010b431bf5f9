"""The sizes of prevention networks: published totals, gaps as gaps, and no claim that joining is doing."""

from pathlib import Path

import pytest

from workshop.content.tables import table
from workshop.explorations import network_reach

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


def totals(network, counted):
    return {row[0]: row[1] for row in network_reach.view(network, counted).table[1]}


def test_years_without_a_published_total_are_gaps_and_not_noughts():
    shown = totals("focal-points", "belongs")
    assert shown[2012] == "17" and shown[2015] == "50" and shown[2021] == "61"
    assert {shown[year] for year in (2013, 2014, 2018, 2019, 2020)} == {"no figure found"}


def test_a_year_before_the_network_is_no_gap_in_what_was_read():
    assert totals("latin-america", "belongs")[2011] == "not yet there"


def test_a_year_without_a_global_meeting_is_no_gap_either():
    shown = totals("gaamac", "came")
    assert shown[2015] == "no meeting known" and shown[2018] == "no figure found"


def test_where_publications_differ_both_figures_stand_there():
    assert totals("gaamac", "came")[2016] == "52 or 54"
    assert totals("friends", "belongs")[2024] == "55 or 56"


def test_a_lower_bound_stays_a_lower_bound():
    assert totals("focal-points", "came")[2019] == "more than 45"


def test_a_count_that_nobody_published_is_said_to_be_missing():
    view = network_reach.view("friends", "came")
    assert "no figure found for any year" in view.title and "says nothing about who came" in view.note


@pytest.mark.parametrize("network", [*network_reach.NETWORKS, "votes"])
@pytest.mark.parametrize("counted", network_reach.COUNTED)
def test_every_figure_says_that_joining_is_not_doing(network, counted):
    assert "is not yet to do" in network_reach.view(network, counted).note


def test_the_votes_add_up_to_those_who_voted():
    view = network_reach.view("votes")
    assert view.title == "Two votes: 32 of 47 in the Human Rights Council, 115 of 158 in the General Assembly"
    assert "158 of 193" in view.note


def test_every_series_of_the_table_is_shown_somewhere():
    shown = {
        *network_reach.SERIES.values(),
        *(f"{council}_{vote}" for council in network_reach.VOTES for vote in ("yes", "no", "abstain")),
    }
    assert set(table("network_growth")["series"]) == shown
