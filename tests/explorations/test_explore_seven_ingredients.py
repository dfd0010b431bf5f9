"""How often a mass killing followed, by seven ingredients: counts that add up, and words that say what they say."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.content import tables
from workshop.explorations import seven_ingredients
from workshop.explorations.counts import onsets
from workshop.explorations.counts.onsets import GROUPS, LEFT_OUT, PERIODS, WINDOWS
from workshop.explorations.seven_ingredients import INGREDIENTS
from workshop.explorations.seven_ingredients import OFFERED as LISTS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


@pytest.fixture(scope="module")
def rows():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_HOME", str(ROOT))
        return tables.table("ingredients_followed")


# Counting, on a small invented world: six states, one measure, known in 1984 and 1989


def world(values, episodes, people=(), independent=(1900, 2020)):
    states = sorted({state for state, _ in values})
    return onsets.extract(
        {"order": pd.DataFrame([(state, 1989, value) for state, value in values], columns=["state", "year", "value"])},
        {"mass_killing": pd.DataFrame(episodes, columns=["state", "start_year", "end_year"])},
        pd.DataFrame([(state, *independent) for state in states], columns=["state", "first_year", "last_year"]),
        pd.DataFrame(people, columns=["state", "year", "population"]),
    )


SIX = list(zip("ABCDEF", (1, 2, 3, 4, 5, 6), strict=True))


def looks(counted, ahead=5):
    return onsets.counts(counted, "order", "mass_killing", "", ahead)


def test_thirds_are_cut_by_the_values_of_the_year():
    assert looks(world(SIX, [])) == {"least": (2, 0, 0), "middle": (2, 0, 0), "most": (2, 0, 0)}


def test_a_start_is_counted_where_the_state_stood_before_it():
    found = looks(world(SIX, [("A", 1992, 1993), ("F", 1994, None)]))
    assert found["least"] == (2, 1, 1) and found["most"] == (2, 1, 1)


def test_two_starts_in_one_window_are_one_look_that_was_followed():
    assert looks(world(SIX, [("A", 1991, 1991), ("A", 1993, 1993)]))["least"] == (2, 1, 2)


def test_a_start_in_the_year_of_the_look_is_not_ahead_of_it():
    found = looks(world(SIX, [("A", 1989, 1989)]))
    assert found["going_on"] == (1, 0, 0) and sum(hits for _, hits, _ in found.values()) == 0


def test_a_start_after_the_window_is_not_counted():
    assert looks(world(SIX, [("A", 1995, 1996)]))["least"] == (2, 0, 0)


def test_a_state_in_which_one_is_going_on_stands_apart():
    assert looks(world(SIX, [("A", 1980, None), ("A", 1992, 1993)]))["going_on"] == (1, 1, 1)


def test_a_small_state_and_one_not_yet_independent_are_no_looks():
    small = looks(world(SIX, [], people=[("A", 1980, 400_000), ("A", 2000, 600_000)]))
    assert sum(count for count, _, _ in small.values()) == 5
    assert not looks(world(SIX, [], independent=(1990, 2020)))


def test_a_state_without_a_value_is_said_to_be_unknown():
    counted = world([*SIX, ("G", None)], [("G", 1990, 1990)])
    assert looks(counted)["unknown"] == (1, 1, 1)


def test_a_value_that_is_a_word_is_a_group_already():
    assert looks(world([("A", "yes"), ("B", "no"), ("C", "yes")], [])) == {"no": (1, 0, 0), "yes": (2, 0, 0)}


@given(st.lists(st.one_of(st.none(), st.integers(0, 4), st.floats(-2.5, 2.5)), min_size=1, max_size=60))
def test_equal_values_are_never_parted_and_thirds_keep_their_order(values):
    series = pd.Series(values, dtype="float64")
    groups = onsets.group_of(series)
    assert (groups == "unknown").equals(series.isna())
    known = series.dropna().sort_values()
    place = groups[known.index].map(("least", "middle", "most").index)
    assert place.is_monotonic_increasing
    assert all(place[known == value].nunique() == 1 for value in known.unique())


@given(st.sampled_from(WINDOWS), st.integers(1945, 1985), st.integers(1995, 2024), st.integers(1946, 2024))
def test_no_year_lies_in_two_windows_and_none_lies_across_1989(ahead, first, last, year):
    windows = [range(look + 1, look + ahead + 1) for look in onsets.look_years(first, last, ahead)]
    assert sum(year in window for window in windows) <= 1
    assert all(first <= window[0] - 1 and window[-1] <= last for window in windows)
    assert not any(onsets.TURN in window and onsets.TURN + 1 in window for window in windows)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_range_of_a_share_holds_the_share(hits, more):
    of = hits + more
    low, high = onsets.wilson(hits, of)
    assert 0 <= low <= 100 * hits / of + 1e-9 and 100 * hits / of - 1e-9 <= high <= 100 and low < high


# The table of the kit


def test_the_table_has_counts_and_no_states(rows):
    assert list(rows) == [*onsets.COLUMNS, "source"]
    assert (rows["followed"] <= rows["looks"]).all() and (rows["followed"] <= rows["starts"]).all()


def test_every_ingredient_and_list_and_window_is_there(rows):
    assert (
        set(rows["measure"]) == set(INGREDIENTS)
        and set(rows["list"]) == set(LISTS)
        and set(rows["years_ahead"]) == set(WINDOWS)
    )
    assert set(rows["group"]) <= {*GROUPS, *LEFT_OUT} and set(rows["period"]) == set(PERIODS) - {""}


def test_the_thirds_are_about_equal(rows):
    for _, one in rows[rows["group"].isin(("least", "middle", "most"))].groupby(
        ["measure", "list", "period", "years_ahead"]
    ):
        assert max(one["looks"]) <= 1.2 * min(one["looks"])


def test_every_measure_of_the_same_years_counts_the_same_starts(rows):
    """Growth begins later than income; what both cover from 1990 must agree, the left-out ones included."""
    of = rows[(rows["period"] == "from_1990")].groupby(["measure", "list", "years_ahead"])["starts"].sum()
    for listed in LISTS:
        for ahead in WINDOWS:
            alike = {of[measure, listed, ahead] for measure in ("non_discrimination", "treaties", "growth", "income")}
            assert len(alike) == 1


def test_the_two_periods_add_up_to_all_years(rows):
    for measure in INGREDIENTS:
        parts = [onsets.counts(rows, measure, "mass_killing", period, 5) for period in ("to_1989", "from_1990")]
        whole = onsets.counts(rows, measure, "mass_killing", "", 5)
        assert {
            group: tuple(map(sum, zip(*(part.get(group, (0, 0, 0)) for part in parts), strict=True))) for group in whole
        } == whole


# The views


@pytest.mark.parametrize("ingredient", INGREDIENTS)
@pytest.mark.parametrize("listed", LISTS)
@pytest.mark.parametrize("period", PERIODS)
def test_title_bars_and_table_say_the_same_counts(ingredient, listed, period, rows):
    found = onsets.counts(rows, ingredient, listed, period, 5)
    view = seven_ingredients.view(ingredient, 5, listed, period)
    if not onsets.ends(found):
        assert "no figure" in view.title and "begins in" in view.note
        return
    low, high = onsets.ends(found)
    assert f"{found[low][1] or 'none'} of {found[low][0]:,} looks" in view.title
    assert f"{found[high][1] or 'none'} of {found[high][0]:,} " in view.title
    assert [(row[1], row[2], row[5]) for row in view.table[1]] == [
        (f"{looks:,}", hits, starts) for looks, hits, starts in found.values()
    ]
    assert f"stands on {sum(found[group][2] for group in found if group in GROUPS)} start" in view.note
    also = found[high][1]
    assert ("So it is no sure protection" in view.note) == bool(also) and ("never seen is not never" in view.note) == (
        not also
    )


@given(st.integers(0, 40), st.integers(0, 40), st.integers(50, 500))
def test_only_a_lower_share_at_the_top_can_be_a_clear_difference(low, high, looks):
    if onsets.clear({"least": (looks, low, low), "most": (looks, high, high)}):
        assert high < low


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([(100, 60), (100, 30), (100, 5)], "falls from bar to bar. Chance alone would not often"),
        ([(100, 6), (100, 9), (100, 5)], "does not fall step by step. Chance alone could"),
        ([(100, 5), (100, 9), (100, 5)], "does not fall from the first bar to the last"),
        ([(100, 0), (100, 0), (100, 0)], "No start was counted at all"),
    ],
)
def test_the_words_follow_the_shares(shares, said):
    found = {
        group: (looks, hits, hits) for group, (looks, hits) in zip(("least", "middle", "most"), shares, strict=True)
    }
    assert said in onsets.fall(found)


def test_no_ingredient_of_the_notes_kept_mass_killing_away_altogether():
    view = seven_ingredients.view("all")
    assert (
        view.title
        == "Side by side: in 7 of 7 ingredients a state-led mass killing also began where there was most of it"
    )
    assert "None is a sure protection" in view.note and len(view.table[1]) == 8


def test_an_ingredient_whose_measure_begins_too_late_is_named():
    assert "rule of law score and Rome Statute" in seven_ingredients.view("all", period="to_1989").note


def test_the_stand_in_for_humanitarian_law_is_called_a_stand_in():
    assert "This is a stand-in" in str(seven_ingredients.view("treaties").caption)


@pytest.mark.parametrize("ingredient", [*INGREDIENTS, "all"])
def test_every_figure_says_that_a_share_is_no_cause_and_names_no_state(ingredient):
    view = seven_ingredients.view(ingredient)
    assert "no proof of a cause" in str(view.caption)
    names = (ROOT / "src/workshop/authoring/state_names.txt").read_text(encoding="utf-8").split()
    words = str([view.title, view.alt, view.note, view.table]).split()
    assert not {name for name in names if len(name) > 4 and name[0].isupper()} & set(words)
