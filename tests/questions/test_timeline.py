"""A timeline: years typed for events, full marks near the year, part of them for the order."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import TIMELINE, page, question

from workshop.content.trees import text_of

ASKED = question(TIMELINE)
FIRST, SECOND, THIRD = "the-first-paper", "the-second-paper", "the-third-paper"
RIGHT = {FIRST: "1948", SECOND: "1998", THIRD: "2005"}


def test_events_years_axis_and_tolerance_are_read():
    assert (ASKED.first, ASKED.last, ASKED.within, ASKED.years) == (
        1945,
        2025,
        2,
        {FIRST: 1948, SECOND: 1998, THIRD: 2005},
    )
    assert (ASKED.row_label, ASKED.column_label) == ("Event", "Year")


def test_the_axis_is_public_and_the_years_are_not():
    public = ASKED.public()
    assert (public["first"], public["last"]) == (1945, 2025)
    assert not {"years", "within"} & public.keys() and "1948" not in str(public)


def test_events_are_never_shown_in_their_order():
    for name in range(30):
        asked = question(TIMELINE.replace("id: when", f"id: when{name}"))
        shown = [asked.years[row.id] for row in asked.rows]
        assert shown != sorted(shown)


@pytest.mark.parametrize(
    ("answer", "outcome", "share"),
    [
        (RIGHT, "right", 1),
        ({FIRST: "1950", SECOND: "1996", THIRD: "2007"}, "right", 1),
        ({FIRST: "1951", SECOND: "1998", THIRD: "2005"}, "partly", 2 / 3 + 1 / 6),
        ({FIRST: "1960", SECOND: "1970", THIRD: "1980"}, "partly", 1 / 2),
        ({FIRST: "1960", SECOND: "1980", THIRD: "1970"}, "partly", 1 / 6),
        ({FIRST: "1980", SECOND: "1970", THIRD: "1960"}, "not_right", 0),
        ({FIRST: "1980", SECOND: "1980", THIRD: "1980"}, "not_right", 0),
        ({SECOND: "1998"}, "partly", 1 / 3),
        ({}, "not_answered", 0),
    ],
)
def test_a_near_year_counts_whole_and_the_order_makes_up_for_half_of_the_rest(answer, outcome, share):
    result = ASKED.grade(answer)
    assert (result.outcome, result.share) == (outcome, pytest.approx(share))


def test_each_event_is_marked_and_explained_with_its_year_and_reason():
    result = ASKED.grade({FIRST: "1948", SECOND: "1970"})
    assert result.marks == {FIRST: "right", SECOND: "wrong", THIRD: "empty"}
    explained = ASKED.explain(result)["rows"][SECOND]
    assert (explained["mark"], explained["should"], text_of(explained["reason"])) == (
        "wrong",
        ["1998"],
        "It set up a court.",
    )


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ({FIRST: " 1948 "}, {FIRST: "1948"}),
        ({FIRST: "١٩٤٨"}, {FIRST: "1948"}),
        ({FIRST: 1948}, {FIRST: "1948"}),
        ({FIRST: "soon", "nobody": "1948", SECOND: ["1998"], THIRD: "99999"}, None),
        (["1948"], None),
    ],
)
def test_only_years_of_known_events_are_kept(value, left):
    assert ASKED.clean(value) == left


@given(st.dictionaries(st.sampled_from([*RIGHT, "nobody"]), st.one_of(st.integers(), st.text(), st.none())))
def test_no_value_makes_grading_fail(value):
    assert 0 <= ASKED.grade(value).share <= 1


@given(st.permutations([1950, 1970, 1990]), st.sampled_from(list(RIGHT)))
def test_a_year_put_right_never_lowers_the_share_of_the_years(years, event):
    answer = dict(zip(RIGHT, map(str, years), strict=True))
    better = {**answer, event: RIGHT[event]}
    before, after = (list(ASKED.grade(each).marks.values()).count("right") for each in (answer, better))
    assert after >= before


def test_an_answer_in_words_stands_in_the_order_of_its_years():
    assert ASKED.in_words({THIRD: "2005", FIRST: "1948"}) == "- 1948: The first paper\n- 2005: The third paper"


def test_the_board_counts_years_in_periods_and_not_one_by_one():
    lines = ASKED.distribution([RIGHT, RIGHT, {FIRST: "1960", SECOND: "2030"}])
    parts = {words: dict(counts) for words, counts in lines}
    assert parts["The first paper"] == {
        "1945 to 1955": 2,
        "1956 to 1966": 1,
        **dict.fromkeys(
            ["1967 to 1977", "1978 to 1988", "1989 to 1999", "2000 to 2010", "2011 to 2021", "2022 to 2025"], 0
        ),
    }
    assert parts["The second paper"]["2022 to 2025"] == 1 and parts["The third paper"]["left open"] == 1


def test_the_report_tells_too_early_from_too_late():
    ways = ASKED.ways([RIGHT, {FIRST: "1960"}, {FIRST: "1945"}])
    assert [way["times"] for way in ways if way["line"] == "The first paper"] == [1, 1, 1]


def test_paper_has_the_axis_room_for_years_and_a_key_in_order():
    assert "From 1945 to 2025." in text_of(ASKED.room_on_paper())
    key = text_of(ASKED.key_on_paper())
    assert key.index("1948") < key.index("1998") < key.index("2005")


def test_a_sample_lies_on_the_axis():
    assert all(1945 <= int(year) <= 2025 for year in ASKED.sample(random.Random(1)).values())


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("`from 1945 to 2025` ", "", "has no axis. Add a code word such as `from 1945 to 2025`"),
        ("1948", "long ago", "“long ago” is no year from 1945 to 2025"),
        ("1948", "1900", "“1900” is no year from 1945 to 2025"),
        ("| The third paper | 2005 | It was a promise. |\n", "", "has fewer than three events"),
        ("It was a promise.", "", "“The third paper” has no reason"),
        ("`within 2 years`", "`in order`", "is a `timeline`, and `in order` would show it solved"),
        ("`within 2 years`", "`about 2 years`", "“about 2 years” is no code word of a question"),
    ],
)
def test_each_fault_of_a_timeline_says_how_to_mend_it(written, instead, fault):
    _, problems = page(TIMELINE.replace(written, instead))
    assert any(fault in problem for problem in problems), problems
