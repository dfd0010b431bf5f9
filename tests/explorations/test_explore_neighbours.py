"""Nine states in three lists: the words say what the lists hold, and what no list holds is marked."""

import itertools
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.content import tables
from workshop.explorations import neighbours
from workshop.explorations.neighbours import FIRST, LISTS, MEMBERS, OUTSIDE, episodes, extract, lanes, runs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


@pytest.fixture
def rows():
    return tables.table("neighbour_episodes")


def published(killings=(), genocides=(), fighting=()):
    return extract(
        pd.DataFrame(killings, columns=["mk_location_cow", "State-Led or Non-State-Led", "startyear", "endyear"]),
        pd.DataFrame(genocides, columns=["CCODE", "YEAR", "YRBEGIN", "YREND"]),
        pd.DataFrame(fighting, columns=["gwno_a", "year", "type_of_conflict"]),
    )


# Reading the published files, on a few invented rows


def test_only_the_nine_states_are_kept():
    made = published(killings=[(200, "State-Led", 1950, 1951), (501, "State-Led", 1970, 1971)])
    assert list(made["state"]) == ["Kenya"]


def test_zanzibar_is_shown_with_tanzania_and_named():
    made = published(killings=[(511, "State-Led", 1964, 1964)])
    assert made[["state", "place"]].values.tolist() == [["Tanzania", "Zanzibar"]]


def test_who_led_it_is_kept_and_an_episode_still_going_on_has_no_last_year():
    made = published(killings=[(551, "Non-State-Led", 1990, None)])
    assert made["led_by"].tolist() == ["armed_group"] and made["end_year"].isna().all()


def test_the_years_of_a_genocide_or_politicide_become_one_episode():
    made = published(genocides=[(516, 1965, 1965, 1966), (516, 1966, 1965, 1966), (516, 1988, 1988, 1988)])
    assert made[["start_year", "end_year"]].values.tolist() == [[1965, 1966], [1988, 1988]]


def test_years_of_fighting_in_a_row_are_one_row_and_wars_between_states_are_none():
    made = published(
        fighting=[("500", 1990, 3), ("500", 1991, 4), ("500", 1991, 3), ("500", 1993, 3), ("500", 1995, 2)]
    )
    assert made[["start_year", "end_year"]].values.tolist() == [[1990, 1991], [1993, 1993]]


@given(st.sets(st.integers(1945, 2024)))
def test_runs_hold_every_year_once_and_no_other(years):
    found = list(runs(years))
    assert sorted(year for first, last in found for year in range(first, last + 1)) == sorted(years)
    assert all(after - last > 1 for (_, last), (after, _) in itertools.pairwise(found))


@given(st.lists(st.tuples(st.integers(1950, 2000), st.integers(0, 30)).map(lambda span: (span[0], sum(span)))))
def test_no_two_episodes_of_the_same_years_share_a_lane(spans):
    spans = sorted(spans)
    taken = {}
    for (first, last), lane in zip(spans, lanes(spans), strict=True):
        assert all(last < one or first > other for one, other in taken.get(lane, []))
        taken.setdefault(lane, []).append((first, last))


# The table and the views


def test_the_table_holds_nine_states_and_no_deaths(rows):
    assert set(rows["state"]) <= set(MEMBERS) and "Tanzania" in set(rows["state"])
    assert list(rows) == ["list", "state", "led_by", "start_year", "end_year", "place", "source"]


def test_tanzania_has_one_mass_killing_in_the_list_and_its_neighbours_nineteen(rows):
    killings = rows[rows["list"] == "mass_killing"]
    assert killings[killings["state"] == "Tanzania"]["start_year"].tolist() == [1964]
    assert len(killings) == 20


def test_tanzania_is_not_the_only_one_without_an_entry():
    assert (
        neighbours.view(since=1965).title
        == "Since 1965, six of nine states are in the list of mass killings; Kenya, Tanzania and Zambia are not"
    )
    assert "Kenya and Zambia have none either" in neighbours.view(since=1965).note


def test_with_zanzibar_counted_tanzania_has_an_entry_and_the_other_list_has_none():
    assert "1964 (Zanzibar)" in neighbours.view().note
    assert "Zanzibar in 1964 are not in this list" in neighbours.view("genocide_politicide").note


@pytest.mark.parametrize("listed", LISTS)
@pytest.mark.parametrize("since", [FIRST, 1965, 1990, 2010])
def test_title_note_and_table_name_the_same_states(listed, since, rows):
    found = episodes(rows, listed, since)
    without = [state for state, spans in found.items() if not spans]
    view = neighbours.view(listed, since)
    assert len(without) >= 2, "the words are written for two or more"
    assert view.title.endswith(f"; {neighbours.listing(without)} are not")
    assert [row[0] for row in view.table[1]] == sorted(MEMBERS)
    assert [row[0] for row in view.table[1] if row[2] == "none"] == without
    assert f"{neighbours.WORDS[len(without)]} of nine here" in view.note


def test_a_list_is_not_said_to_look_further_back_than_it_does():
    assert neighbours.view("fighting", 1960).title.startswith("Since 1989, seven of nine")


@pytest.mark.parametrize("listed", LISTS)
def test_what_no_list_of_killings_holds_is_marked_in_words_and_sources(listed):
    view = neighbours.view(listed)
    for state, year, what, key in OUTSIDE:
        row = next(row for row in view.table[1] if row[0] == state)
        assert what in row[3] and what in view.alt and str(year)[:3] in what
        assert key is None or key in str(view.caption)


def test_what_lies_before_the_chosen_year_is_not_marked():
    assert "2001" not in str(neighbours.view(since=2005).caption) and "2025" in str(neighbours.view(since=2005).caption)


def test_the_figure_says_what_it_cannot_show():
    words = str(neighbours.view().caption)
    for limit in ("below the line of every list", "colonial powers", "no order of merit"):
        assert limit in words
