"""Counting episodes: the same list gives different answers, and each is counted right."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from workshop.content import tables
from workshop.explorations.counts import episodes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


def listed(*rows):
    return pd.DataFrame(rows, columns=["region", "start_year", "end_year", "led_by"])


def banded(*rows):
    return pd.DataFrame(rows, columns=["region", "year", "deaths_low", "deaths_high"])


ASIA, AFRICA = "South-eastern Asia", "Sub-Saharan Africa"
NAMES = episodes.groups("east")
HERE, THERE = episodes.HOME["east"], "Sub-Saharan Africa"


def test_an_episode_counts_once_in_a_decade_and_every_year_as_a_year_of_killing():
    rows = episodes.counted("mass_killing", listed((ASIA, 1958, 1962, "state")))
    assert episodes.count(rows, "going_on", (1960, 1969), NAMES)[HERE] == 1
    assert episodes.count(rows, "years", (1960, 1969), NAMES)[HERE] == 3
    assert episodes.count(rows, "starts", (1960, 1969), NAMES)[HERE] == 0


def test_an_episode_without_an_end_goes_on_to_the_last_year_of_its_list():
    rows = episodes.counted("mass_killing", listed((ASIA, 2021, None, "state")))
    assert rows["year"].tolist() == [2021, 2022, 2023, 2024]


@given(
    some.lists(some.tuples(some.integers(1945, 2024), some.integers(0, 60)), min_size=1),
    some.integers(1945, 2024),
    some.integers(0, 20),
)
def test_counting_by_year_never_loses_or_doubles_an_episode(spans, first, length):
    spans = [(start, min(start + more, 2024)) for start, more in spans]
    rows = episodes.counted("mass_killing", listed(*((ASIA, start, end, "state") for start, end in spans)))
    last = min(first + length, 2024)
    assert episodes.count(rows, "going_on", (first, last), NAMES)[HERE] == sum(
        start <= last and end >= first for start, end in spans
    )


def test_states_and_armed_groups_stay_apart_in_the_table_and_count_together():
    rows = episodes.counted("mass_killing", listed((ASIA, 2004, 2004, "state"), (ASIA, 2004, 2004, "armed_group")))
    assert rows["led_by"].tolist() == ["armed_group", "state"]
    assert episodes.count(rows, "going_on", (2000, 2009), NAMES)[HERE] == 2


def test_lower_ends_add_up_and_one_open_band_takes_the_upper_end_away():
    both = listed((ASIA, 1965, 1966, "state"), (AFRICA, 1965, 1965, "state"))
    bands = banded((ASIA, 1965, 256_000, None), (ASIA, 1966, 128_000, 256_000), (AFRICA, 1965, 1_000, 2_000))
    rows = episodes.with_deaths(episodes.counted("genocide_politicide", both), bands)
    low, high = (episodes.count(rows, bound, (1960, 1969), NAMES) for bound in ("deaths_low", "deaths_high"))
    assert (low[HERE], low[THERE], high[THERE]) == (384_000, 1_000, 2_000)
    assert pd.isna(high[HERE])


def test_where_the_border_runs_decides_who_is_counted_together():
    rows = episodes.counted(
        "mass_killing",
        listed(
            ("Eastern Asia", 1960, 1960, "state"), (ASIA, 1960, 1960, "state"), ("Southern Asia", 1960, 1960, "state")
        ),
    )
    found = {
        border: episodes.count(rows, "going_on", (1960, 1969), episodes.groups(border))[episodes.HOME[border]]
        for border in episodes.BORDERS
    }
    assert found == {"northeast": 1, "east": 2, "asia-pacific": 3}


@pytest.mark.parametrize("border", episodes.BORDERS)
@pytest.mark.parametrize("whole_africa", [False, True])
@pytest.mark.parametrize("what", ["going_on", "starts", "years"])
def test_no_border_makes_an_episode_appear_or_vanish(border, whole_africa, what):
    rows = tables.table("atrocity_episode_years").query("list == 'mass_killing'")
    world = {"going_on": 33, "starts": 19, "years": 205}
    assert episodes.count(rows, what, (1960, 1969), episodes.groups(border, whole_africa)).sum() == world[what]


def counts(name, what, years):
    rows = tables.table("atrocity_episode_years")
    return episodes.count(rows[rows["list"] == name], what, years, NAMES)


# What was counted from the two published lists when the table was made.

DECADES = [(1945, 1949), *((first, first + 9) for first in range(1950, 2020, 10)), (2020, 2024)]


@pytest.mark.parametrize(
    ("region", "numbers"),
    [
        (HERE, [8, 11, 12, 15, 11, 8, 6, 6, 5]),
        (THERE, [0, 0, 9, 12, 17, 29, 15, 12, 11]),
        ("Latin America and the Caribbean", [1, 4, 5, 9, 7, 5, 1, 1, 0]),
        ("South Asia", [0, 0, 0, 6, 6, 13, 11, 5, 2]),
    ],
)
def test_the_mass_killing_list_gives_these_episodes_by_decade(region, numbers):
    assert [counts("mass_killing", "going_on", years)[region] for years in DECADES] == numbers


def test_the_mass_killing_list_gives_these_beginnings_by_decade():
    assert [counts("mass_killing", "starts", years)[HERE] for years in DECADES] == [8, 4, 4, 5, 2, 0, 1, 2, 1]
    assert [counts("mass_killing", "starts", years)[THERE] for years in DECADES] == [0, 0, 9, 7, 9, 17, 3, 7, 2]


def test_the_genocide_list_gives_these_episodes_by_decade():
    assert [counts("genocide_politicide", "going_on", years)[HERE] for years in DECADES[1:8]] == [1, 3, 6, 1, 1, 0, 0]
    assert [counts("genocide_politicide", "going_on", years)[THERE] for years in DECADES[1:8]] == [0, 5, 7, 4, 5, 1, 1]


def test_by_lower_ends_the_sixties_depend_on_where_northern_africa_is_counted():
    rows = tables.table("atrocity_episode_years").query("list == 'genocide_politicide'")
    apart = episodes.count(rows, "deaths_low", (1960, 1969), episodes.groups("east"))
    whole = episodes.count(rows, "deaths_low", (1960, 1969), episodes.groups("east", True))
    assert (apart[HERE], apart[THERE], whole["Africa"]) == (672_000, 597_300, 838_300)


def test_the_table_of_episodes_names_no_state():
    assert list(tables.table("atrocity_episode_years")) == [
        "list",
        "region",
        "year",
        "led_by",
        "starts",
        "going_on",
        "deaths_low",
        "deaths_high",
        "source",
    ]
