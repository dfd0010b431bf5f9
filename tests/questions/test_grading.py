"""Grading is a pure function of question and answer: exact shares, nothing raises, nothing is gained by guessing."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import QUESTIONS, exercise, question, real_questions

from workshop.questions.kinds.number import Number, NumberQuestion
from workshop.questions.numbers import is_range, number

NUMBER_TEXT = QUESTIONS["number"]
SMALL = {kind: question(text) for kind, text in QUESTIONS.items()}
ALL = [*SMALL.values(), *(found for _, found in real_questions())]
SINGLE, MULTIPLE, RANK, MATCH, CLASSIFY, NUMBER, MAP, WRITE, TIMELINE = (SMALL[k] for k in QUESTIONS)


def outcome(asked, value):
    result = asked.grade(value)
    return result.outcome, result.share


# ---------------------------------------------------------------- exact shares


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        (SINGLE, "the-board", ("right", 1)),
        (SINGLE, "the-ministry", ("not_right", 0)),
        (SINGLE, None, ("not_answered", 0)),
        (MULTIPLE, ["a-list-of-names", "a-closed-market"], ("right", 1)),
        (MULTIPLE, ["a-list-of-names"], ("partly", 1 / 2)),
        (MULTIPLE, ["a-list-of-names", "a-closed-market", "rain"], ("partly", 1 / 2)),
        (MULTIPLE, ["a-list-of-names", "rain"], ("not_right", 0)),
        (MULTIPLE, ["rain", "a-new-road"], ("not_right", 0)),
        (MULTIPLE, ["a-list-of-names", "a-closed-market", "rain", "a-new-road"], ("not_right", 0)),
        (MULTIPLE, [], ("not_answered", 0)),
        (RANK, ["words", "a-decree", "a-budget", "a-law"], ("right", 1)),
        (RANK, ["words", "a-budget", "a-decree", "a-law"], ("right", 1)),
        (RANK, ["a-decree", "words", "a-budget", "a-law"], ("partly", 5 / 6)),
        (RANK, ["a-decree", "a-budget", "words", "a-law"], ("partly", 4 / 6)),
        (RANK, ["words", "a-law", "a-decree", "a-budget"], ("partly", 4 / 6)),
        (RANK, ["a-law", "words", "a-decree", "a-budget"], ("not_right", 0)),
        (RANK, ["a-law", "a-budget", "a-decree", "words"], ("not_right", 0)),
        (RANK, ["words", "a-decree"], ("not_answered", 0)),
        (MATCH, {"police": "incidents", "board": "rumours", "radio": "rumours"}, ("right", 1)),
        (MATCH, {"police": "incidents", "board": "rainfall"}, ("partly", 1 / 3)),
        (MATCH, {"police": "rainfall", "board": "rainfall", "radio": "rainfall"}, ("not_right", 0)),
        (MATCH, {}, ("not_answered", 0)),
        (CLASSIFY, {"a-speech": "words", "a-budget": "deed", "a-vote": "deed"}, ("right", 1)),
        (CLASSIFY, {"a-speech": "words", "a-budget": "deed", "a-vote": "words"}, ("right", 1)),
        (CLASSIFY, {"a-speech": "deed", "a-budget": "deed"}, ("partly", 1 / 3)),
        (CLASSIFY, {"a-speech": "deed"}, ("not_right", 0)),
        (NUMBER, "35.3", ("right", 1)),
        (NUMBER, "34.8", ("right", 1)),
        (NUMBER, "35.8", ("right", 1)),
        (NUMBER, "34.79", ("not_right", 0)),
        (NUMBER, "30", ("not_right", 0)),
        (NUMBER, "plenty", ("not_right", 0)),
        (NUMBER, "  ", ("not_answered", 0)),
        (MAP, {"hear": ["police", "board"], "answer": ["board"], "count": ["police"]}, ("right", 1)),
        (MAP, {"hear": ["police", "board"], "answer": ["board"], "count": ["police", "board"]}, ("right", 1)),
        (MAP, {"hear": ["police"], "answer": ["board"], "count": ["board"]}, ("partly", 2 / 4)),
        (
            MAP,
            {"hear": ["police", "board"], "answer": ["board"], "count": ["police"], "sing": ["police"]},
            ("partly", 3 / 4),
        ),
        (MAP, {"hear": [], "answer": []}, ("not_answered", 0)),
        (WRITE, "Ask the board.", ("to_read", None)),
        (WRITE, " \n", ("not_answered", 0)),
    ],
)
def test_the_share_is_what_a_hand_gets(asked, value, expected):
    assert outcome(asked, value) == (expected[0], pytest.approx(expected[1]) if expected[1] is not None else None)


def test_half_of_the_pairs_is_no_better_than_chance():
    assert outcome(RANK, ["a-decree", "a-law", "words", "a-budget"]) == ("not_right", 0)


def test_points_are_the_share_of_the_points():
    asked = question(exercise(QUESTIONS["match"]), "exercise")
    assert asked.grade({"police": "incidents", "board": "rumours"}).points(asked) == 2
    assert asked.grade(None).points(asked) == 0


def test_a_written_answer_has_no_points_until_somebody_reads_it():
    asked = question(exercise(QUESTIONS["write"]), "exercise")
    assert asked.grade("Ask the board.").points(asked) is None


def test_a_known_slip_gets_its_own_reason():
    assert NUMBER.grade("30").reason == [["p", {}, "That was asked for."]]
    assert NUMBER.grade("31").reason is None


def test_a_slip_that_overlaps_the_right_range_does_not_take_it_away():
    asked = question(
        QUESTIONS["number"].replace(
            "- [x] 35.3 ± 0.5\n\n  Yes.\n\n- [ ] 30\n\n",
            "- [ ] 35 ± 2\n\n  Near.\n\n- [x] 35.3 ± 0.5\n\n  Yes.\n\n- [ ] 30\n\n",
        )
    )
    assert outcome(asked, "35.3") == ("right", 1)
    assert outcome(asked, "33.5") == ("not_right", 0)


@pytest.mark.parametrize(
    ("asked", "value", "marks"),
    [
        (SINGLE, "the-ministry", {"the-ministry": "wrong", "the-board": "missed"}),
        (SINGLE, "the-board", {"the-board": "right"}),
        (
            MULTIPLE,
            ["a-list-of-names", "rain"],
            {"a-list-of-names": "right", "a-closed-market": "missed", "rain": "wrong", "a-new-road": "neutral"},
        ),
        (MATCH, {"police": "incidents", "board": "rainfall"}, {"police": "right", "board": "wrong", "radio": "empty"}),
        (
            MAP,
            {"hear": ["police"], "count": ["police"]},
            {"hear": "wrong", "answer": "empty", "count": "right", "sing": "right"},
        ),
        (
            RANK,
            ["words", "a-budget", "a-law", "a-decree"],
            {"words": "right", "a-budget": "right", "a-law": "wrong", "a-decree": "wrong"},
        ),
    ],
)
def test_each_part_of_an_answer_is_marked(asked, value, marks):
    assert asked.grade(value).marks == marks


# ---------------------------------------------------------------- numbers as people type them


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("17,800,000", 17_800_000),
        ("17 800 000", 17_800_000),
        ("17\u202f800\u00a0000", 17_800_000),
        ("17.800.000", 17_800_000),
        ("17'800'000", 17_800_000),
        ("17’800’000", 17_800_000),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 000,5", 1000.5),
        ("35.3", 35.3),
        ("35,3", 35.3),
        ("35,30", 35.3),
        ("0,125", 0.125),
        ("1,2345", 1.2345),
        ("1,000", 1000),
        (".5", 0.5),
        ("007", 7),
        ("about 35.3 million", 35.3),
        ("US$ 35.3", 35.3),
        ("35.3 %", 35.3),
        ("It was 35.3.", 35.3),
        ("35, I think", 35),
        ("approx.35", 35),
        ("-5", -5),
        ("\u22125", -5),
        ("+5", 5),
        ("2019 35.3", 2019),
        ("30 to 32", 30),
        ("x2", 2),
        ("٣٥٫٣", 35.3),
        ("١٧٬٨٠٠٬٠٠٠", 17_800_000),
        ("۳۵٫۳", 35.3),
        ("३५.३", 35.3),
        ("３５．３", 35.3),
        ("－５", -5),
    ],
)
def test_a_number_is_understood_as_it_was_meant(typed, meant):
    assert number(typed) == pytest.approx(meant)


@pytest.mark.parametrize("typed", ["", "many", ".", ",", "½", "-", "٫", "∞", "nan", "inf"])
def test_what_holds_no_number_is_none(typed):
    assert number(typed) is None


@given(st.text() | st.text("0123456789.,-+ '\u00a0\u2212٫٬٣", max_size=12))
def test_no_text_makes_reading_a_number_fail(typed):
    read = number(typed)
    assert read is None or (isinstance(read, float) and not math.isnan(read))


@given(st.decimals(0, 10**9, places=2))
def test_a_number_means_the_same_with_commas_blanks_or_neither(value):
    assert number(f"{value}") == number(f"{value:,}") == number(f"{value:,}".replace(",", " ")) == float(value)


def spelt(value, thousands, point, digits):
    """A number with these marks and these ten digits."""
    text = f"{value:,}".translate(str.maketrans({",": thousands, ".": point}))
    return text.translate(str.maketrans("0123456789", digits))


SPELLINGS = st.tuples(
    st.sampled_from(
        [
            (",", "."),
            (".", ","),
            (" ", ","),
            ("\u00a0", ","),
            ("\u2009", "."),
            ("\u202f", ","),
            ("'", "."),
            ("’", ","),
            ("", "."),
            ("", ","),
            ("\u066c", "\u066b"),
        ]
    ),
    st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"]),
    st.sampled_from([("", ""), ("", " %"), ("", "%"), ("US$ ", ""), ("", " million US dollars"), ("about ", ".")]),
)


@given(st.integers(0, 10**10) | st.decimals(0, 10**9, places=1) | st.decimals(0, 10**9, places=3), SPELLINGS)
def test_a_number_is_right_however_a_country_writes_it(value, spelling):
    (thousands, point), digits, (before, after) = spelling
    asked = NumberQuestion("how-many", "How many?", numbers=[Number(float(value), float(value), True, [])])
    result = asked.grade(before + spelt(value, thousands, point, digits) + after)
    assert result.outcome == "right", result.detail


@pytest.mark.parametrize(
    ("expected", "typed", "detail"),
    [
        ("672000", "672.000", "672.000 is read as 672,000"),
        ("672", "672.000", "672.000 is read as 672"),
        ("1133", "1.133", "1.133 is read as 1,133"),
        ("1.133", "1,133", "1,133 is read as 1.133"),
        ("17800000.5", "17.800.000,5", ""),
        ("35.3", "35,3", ""),
    ],
)
def test_one_right_reading_is_enough_and_the_result_says_which(expected, typed, detail):
    result = question(NUMBER_TEXT.replace("35.3 ± 0.5", expected)).grade(typed)
    assert (result.outcome, result.detail) == ("right", detail)


def test_where_neither_reading_is_right_the_result_names_both():
    result = NUMBER.grade("1.234")
    assert result.outcome == "not_right"
    assert result.detail == "1.234 can be read as 1.234 and as 1,234, and neither is the number"


def test_a_known_slip_is_known_in_either_reading():
    asked = question(NUMBER_TEXT.replace("[ ] 30", "[ ] 30000"))
    assert asked.grade("30.000").reason == [["p", {}, "That was asked for."]]


@pytest.mark.parametrize("typed", ["10-12", "34 – 36", "34 to 36", "35.3% - 36%", "34 a 36", "34 sampai 36"])
def test_a_range_is_told_to_be_none(typed):
    result = NUMBER.grade(typed)
    assert (result.outcome, result.detail) == (
        "not_right",
        "the answer is a range, and the question asks for one number",
    )


@pytest.mark.parametrize("typed", ["-5", "35.3 (2019)", "about 35.3 million"])
def test_one_number_with_words_is_no_range(typed):
    assert not is_range(typed)


# ---------------------------------------------------------------- hostile values


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([name for q in ALL for name in [q.id, *(o.id for o in q.options), *(r.id for r in q.rows)]]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=12,
)


def answers(asked):
    """Values of the right shape for a question, with strangers among them."""
    options, rows = [o.id for o in asked.options] or ["x"], [r.id for r in asked.rows] or ["x"]
    columns = [c["id"] for c in asked.columns] or ["x"]
    shapes = {
        "single": st.sampled_from(options),
        "multiple": st.lists(st.sampled_from([*options, "stranger"])),
        "rank": st.permutations(options),
        "match": st.dictionaries(st.sampled_from(rows), st.sampled_from([*columns, "stranger"])),
        "map": st.dictionaries(st.sampled_from(rows), st.lists(st.sampled_from(columns))),
        "number": st.floats(allow_nan=False).map(str),
        "write": st.text(),
        "timeline": st.dictionaries(st.sampled_from(rows), st.integers(1900, 2100).map(str)),
    }
    return shapes["match" if asked.kind == "classify" else asked.kind]


ANY = st.sampled_from(ALL).flatmap(lambda asked: st.tuples(st.just(asked), answers(asked) | JSON))


@given(ANY)
def test_grading_never_fails_and_a_share_is_from_nought_to_one(pair):
    asked, value = pair
    result = asked.grade(value)
    assert result.outcome in ("right", "partly", "not_right", "not_answered", "to_read")
    assert result.share is None if result.outcome == "to_read" else 0 <= result.share <= 1
    assert (result.outcome == "right") == (result.share == 1)


@given(ANY)
def test_cleaning_twice_is_cleaning_once(pair):
    asked, value = pair
    once = asked.clean(value)
    assert asked.clean(once) == once


@given(ANY)
def test_grading_a_cleaned_answer_changes_nothing(pair):
    asked, value = pair
    assert asked.grade(asked.clean(value)) == asked.grade(value)


@pytest.mark.parametrize(
    ("asked", "value", "left"),
    [
        (SINGLE, "nobody", None),
        (SINGLE, ["the-board"], None),
        (SINGLE, {"the-board": True}, None),
        (SINGLE, True, None),
        (MULTIPLE, ["rain", "rain", 5, None, ["rain"], "nobody"], ["rain"]),
        (MULTIPLE, "rain", None),
        (MULTIPLE, {"rain": "rain"}, None),
        (RANK, ["words", "words", "a-budget", "a-law"], None),
        (RANK, [1, 2, 3, 4], None),
        (RANK, {"words": 1}, None),
        (MATCH, {"police": "nothing", "nobody": "incidents"}, None),
        (MATCH, {"police": ["incidents"]}, None),
        (MATCH, ["police"], None),
        (MAP, {"hear": "police"}, None),
        (MAP, {"hear": ["police", "police", 3, "nobody"], "nobody": ["police"]}, {"hear": ["police"]}),
        (NUMBER, 35.3, "35.3"),
        (NUMBER, True, None),
        (NUMBER, ["35.3"], None),
        (WRITE, {"text": "x"}, None),
        (WRITE, " x ", "x"),
    ],
)
def test_only_what_belongs_to_the_question_is_left(asked, value, left):
    assert asked.clean(value) == left


# ---------------------------------------------------------------- what must hold for every question


@pytest.mark.parametrize("asked", ALL, ids=lambda asked: asked.id)
def test_the_perfect_answer_gets_everything(asked):
    assert asked.grade(asked.perfect()).share == (None if asked.kind == "write" else 1)


@pytest.mark.parametrize("written", ["17,800,000 ± 1", "1234567", "0.00001", "33 to 34"])
def test_the_perfect_answer_to_any_number_gets_everything(written):
    asked = question(QUESTIONS["number"].replace("35.3 ± 0.5", written))
    assert asked.grade(asked.perfect()).share == 1


@given(
    st.lists(st.sampled_from([o.id for o in MULTIPLE.options]), unique=True).flatmap(
        lambda chosen: st.tuples(st.just(chosen), st.permutations(chosen))
    )
)
def test_the_order_of_ticks_does_not_matter(pair):
    assert MULTIPLE.grade(pair[0]) == MULTIPLE.grade(pair[1])


@pytest.mark.parametrize("asked", [q for q in ALL if q.kind == "multiple"], ids=lambda asked: asked.id)
def test_a_wrong_tick_more_never_raises_the_share(asked):
    names = [option.id for option in asked.options]
    for size in range(len(names)):
        for chosen in itertools.combinations(names, size):
            for wrong in (o.id for o in asked.options if not o.right and o.id not in chosen):
                assert asked.grade([*chosen, wrong]).share <= asked.grade(list(chosen)).share


@given(
    st.sampled_from([q for q in ALL if q.kind == "map"]).flatmap(
        lambda asked: st.tuples(st.just(asked), answers(asked))
    ),
    st.data(),
)
def test_a_wrong_tick_more_in_a_map_never_raises_the_share(pair, data):
    asked, value = pair
    wrong = [
        (row.id, column["id"])
        for row in asked.rows
        for column in asked.columns
        if column["id"] not in row.should + row.may
    ]
    row, column = data.draw(st.sampled_from(wrong))
    if asked.clean(value) is not None:
        more = {**value, row: [*value.get(row, []), column]}
        assert asked.grade(more).share <= asked.grade(value).share


@given(st.permutations([o.id for o in RANK.options]))
def test_only_orders_that_respect_the_best_one_are_right(order):
    place = {name: order.index(name) for name in order}
    fits = (
        place["words"] < min(place["a-decree"], place["a-budget"])
        and max(place["a-decree"], place["a-budget"]) < place["a-law"]
    )
    assert (RANK.grade(order).outcome == "right") == fits
