"""What the three explorations of the module on East Asia say, in every position of their controls."""

import re
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from workshop.content.tables import sources, table
from workshop.explorations import explored, money_and_violence, the_decline, what_is_most
from workshop.explorations.counts.episodes import BORDERS, GENOCIDE, MASS_KILLING

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


VIEWS = {
    **{
        f"most, {counted}, {listed}, {border}, {decade}": lambda c=counted, li=listed, b=border, d=decade: (
            what_is_most.view(c, li, b, decade=d)
        )
        for counted, listed, border, decade in product(
            ["going_on", "years"], [MASS_KILLING, GENOCIDE], ["east", "northeast"], [1940, 1960, 2020]
        )
    },
    **{
        f"most, deaths, {border}, {decade}": lambda b=border, d=decade: what_is_most.view(
            "deaths", border=b, whole_africa=True, decade=d
        )
        for border, decade in product(BORDERS, [1950, 1960, 1990, 2020])
    },
    **{
        f"most, battle, {shown}, {decade}": lambda s=shown, d=decade: what_is_most.view("battle", shown=s, decade=d)
        for shown, decade in product(["number", "share"], [1940, 1960, 2010, 2020])
    },
    "most, share": lambda: what_is_most.view("starts", shown="share", whole_africa=True),
    **{f"decline, {measure}": lambda m=measure: the_decline.view(m) for measure in the_decline.MEASURES},
    "decline, 2024": lambda: the_decline.view("episodes", 2024),
    "decline, without the famine": lambda: the_decline.view("ranges", famine=False),
    **{
        f"money, {shown}, {series}, {lag}": lambda s=shown, m=series, k=lag: money_and_violence.view(
            s, m, "Europe", "one_sided", k
        )
        for shown, series, lag in product(["years", "dots"], money_and_violence.MONEY, [-3, 0, 5])
    },
}


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_says_in_words_what_it_shows_and_what_is_not_in_it(name):
    view = VIEWS[name]()
    cells = [str(cell) for row in view.table[1] for cell in row]
    for words in (view.title, view.alt, view.note, *cells):
        assert words.strip() and not re.search(
            r"\bnan\b|<NA>|\bNone\b|  |\de\+|[{}]|\b1 \w+s\b|\b0 percent of the world\b.*\bmost\b", words
        ), words
    assert re.search(r"Not in (it|the picture):", str(view.caption)), view.caption


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_names_sources_of_the_register(name):
    last = VIEWS[name]().caption[-1]
    keys = [part[2] for part in last[2:] if isinstance(part, list)]
    assert keys and set(keys) <= set(sources())


# d1: what "most" means


def test_as_first_shown_east_asia_has_twelve_of_33_and_the_most():
    view = what_is_most.view()
    assert view.title == "Northeast and South-East Asia: 12 of 33 episodes going on, 1960 to 1969"
    assert "holds in three of seven ways" in view.note


def test_by_beginnings_it_does_not_have_the_most():
    assert "does not have the most: Sub-Saharan Africa has 9" in what_is_most.view("starts").note


def test_with_africa_counted_as_one_continent_one_way_fewer_says_yes():
    assert "holds in two of seven ways" in what_is_most.view(whole_africa=True).note


def test_northeast_asia_alone_has_the_most_in_no_way_of_counting():
    assert "holds in none of seven ways" in what_is_most.view(border="northeast").note


def test_a_share_of_the_first_place_is_not_the_most():
    counts = pd.Series({"Northeast and South-East Asia": 3, "Sub-Saharan Africa": 3})
    assert what_is_most.verdict(counts, "east") is None


def test_a_list_that_does_not_cover_a_decade_is_not_read_as_nought():
    view = what_is_most.view("going_on", GENOCIDE, decade=2020)
    assert "covers 1955 to 2014" in view.title and "says nothing about" in view.note


def test_an_open_upper_end_is_said_and_not_filled_in():
    rows = {row[0]: row[1:] for row in what_is_most.view("deaths").table[1]}
    assert rows["Northeast and South-East Asia"] == ["672,000", "no upper end"]
    assert rows["Northern Africa and Western Asia"] == ["252,000", "504,300"]


def test_battle_deaths_do_not_pretend_to_know_east_asia():
    view = what_is_most.view("battle")
    assert "58 percent" in view.title and "cannot answer for East Asia" in view.note


def test_all_of_asia_and_oceania_had_79_percent_of_battle_deaths_before_1980():
    rows = table("battle_deaths_world").query("1946 <= year <= 1979").groupby("region")["deaths"].sum()
    assert round(100 * rows["Asia & Oceania"] / rows["World"]) == 79


def test_controls_that_a_way_of_counting_does_not_use_are_put_away():
    box = explored("what-is-most")
    box.controls["counted"].value = "battle"
    assert [box.controls[name].layout.display for name in ("listed", "border", "whole_africa")] == ["none"] * 3
    box.controls["counted"].value = "going_on"
    assert [box.controls[name].layout.display for name in ("listed", "border", "whole_africa", "shown")] == [None] * 4


# d2: the decline


@pytest.mark.parametrize(
    ("year", "number"), [(1965, 8), (1975, 14), (1990, 8), (2000, 5), (2010, 3), (2015, 2), (2024, 5)]
)
def test_state_led_episodes_rose_to_1975_fell_to_2015_and_came_back_in_part(year, number):
    assert the_decline.episodes_by_year()["state"][year] == number


def test_the_end_year_changes_the_story_and_the_figure_says_so():
    assert "14 state-led episodes going on in 1975, 2 in 2015" in the_decline.view("episodes", 2015).title
    assert "5 in 2024" in the_decline.view("episodes", 2024).title


def test_the_two_eighties_are_kept_apart():
    assert "must not be merged" in str(the_decline.view("share").caption)


def test_the_famine_changes_the_size_and_not_the_direction():
    assert "17.8 to 61.1 million" in the_decline.view("ranges").title
    assert "2.8 to 6.1 million" in the_decline.view("ranges", famine=False).title
    assert "1.3 to 3.0 million" in the_decline.view("ranges", famine=False).note


def test_events_stand_in_order_of_time_and_each_has_a_range():
    rows = table("east_asia_death_ranges")
    assert (rows["low"] < rows["high"]).all()
    shown = [row[2][:4] for row in the_decline.view("ranges").table[1]]
    assert shown == sorted(shown)


def test_the_upper_bound_for_timor_leste_is_called_an_upper_bound():
    row = table("east_asia_death_ranges").set_index("event").loc["timor-leste"]
    assert row["high"] == 183_000 and "upper bound" in row["what_is_counted"]


def test_the_lowest_estimates_are_not_above_the_best_nor_the_best_above_the_highest():
    rows = table("battle_deaths_region")
    assert (rows["low"] <= rows["best"]).all() and (rows["best"] <= rows["high"]).all()


def test_deaths_in_battle_add_up_by_region_and_leave_wars_between_states_out():
    fights = pd.DataFrame(
        [(2015, 775, 3, 10, 20, 40), (2015, 840, 4, 1, 2, 3), (2015, 775, 2, 100, 100, 100)],
        columns=["year", "gwno_a", "type_of_conflict", "bd_low", "bd_best", "bd_high"],
    )
    assert the_decline.extract(fights)[["region", "low", "best", "high"]].values.tolist() == [
        ["East and South-East Asia", 11, 22, 43]
    ]


# a9, a10: money and violence


def test_money_and_deaths_meet_only_where_both_are_published():
    pairs = money_and_violence.pairs("appeal_requested", "World", "all", 0)
    assert [year for year, *_ in pairs] == [2011, 2012, 2013, 2015, 2018, 2019]
    assert pairs[0] == (2011, 17.9, 2011, 38_822)


def test_a_lag_moves_the_year_of_the_deaths():
    assert (2015, 25.5, 2018, 86_007) in money_and_violence.pairs("appeal_requested", "World", "all", 3)


def test_a_correlation_is_never_printed_without_the_number_of_points():
    for series, lag in product(money_and_violence.MONEY, money_and_violence.LAGS):
        note = money_and_violence.view("dots", series, lag=lag).note
        assert ("for these" in note and "points" in note) or "too few" in note


def test_leaving_one_point_out_or_moving_the_lag_turns_the_sign():
    note = money_and_violence.view().note
    assert "+0.13 for these 6 points" in note and "between -0.24 and +0.38" in note and "from -0.90 to +0.94" in note


def test_three_pairs_are_too_few():
    assert "too few" in money_and_violence.view(series="peacebuilding_fund_approved", lag=3).note


def test_the_three_types_of_violence_add_up():
    rows = table("organised_violence")
    assert (rows["all"] == rows["state_based"] + rows["non_state"] + rows["one_sided"]).all()
    assert rows.query("region == 'World' and year == 1994")["one_sided"].item() == 540_909


# The published files, cut down to what the tables need


def test_the_published_columns_become_ours():
    deaths = what_is_most.extract(
        pd.DataFrame(
            [("Africa", 1946, 0, 5.0)], columns=["Entity", "Year", "Other", "Deaths in all state-based conflict types"]
        )
    )
    assert deaths.values.tolist() == [["Africa", 1946, 5, "SRC_OWID_PRIO_UCDP_2022"]]
    published = pd.DataFrame([("Asia", 1989, 6, 1, None, 5)], columns=list(money_and_violence.COLUMNS))
    assert money_and_violence.extract(published)["non_state"].tolist() == [0]
