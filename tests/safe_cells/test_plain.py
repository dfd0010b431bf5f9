"""Plain data crosses between two processes as JSON: unchanged in type and value, and harmless whoever wrote it."""

import collections
import datetime
import decimal
import fractions
import json
import math
import zoneinfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from safe_cells import wire, wire_tables


def crossed(value):
    """The value as it is on the other side."""
    return wire.decode(json.loads(json.dumps(wire.encode(value), allow_nan=False)))


def same(one, other):
    """Alike in type, value, order and sign, all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, pd.DataFrame | pd.Series | pd.Index):
        check = {pd.DataFrame: pd.testing.assert_frame_equal, pd.Series: pd.testing.assert_series_equal}
        check.get(type(one), pd.testing.assert_index_equal)(one, other)
        return getattr(one, "freq", None) == getattr(other, "freq", None)
    if isinstance(one, pd.api.extensions.ExtensionArray):
        pd.testing.assert_extension_array_equal(one, other)
        return True
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape) == (other.dtype, other.shape) and same(
            one.ravel().tolist(), other.ravel().tolist()
        )
    if isinstance(one, float | np.floating):
        return repr(one) == repr(other)
    if isinstance(one, dict):
        return same(list(one), list(other)) and same(list(one.values()), list(other.values()))
    if isinstance(one, list | tuple | collections.deque):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, set | frozenset):
        return same(sorted(one, key=repr), sorted(other, key=repr))
    return one == other if isinstance(one, int | fractions.Fraction) else repr(one) == repr(other)


ZONES = st.sampled_from(
    [None, datetime.UTC, datetime.timezone(datetime.timedelta(hours=-3)), zoneinfo.ZoneInfo("Asia/Seoul")]
)
LETTERS = st.text(st.characters(exclude_categories=[]), max_size=8)
KEYS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    LETTERS,
    st.binary(max_size=8),
    st.floats(),
    st.complex_numbers(),
    st.fractions(),
    st.decimals(allow_nan=False),
    st.datetimes(timezones=ZONES),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.just(...),
    st.sampled_from(list(wire.NAMED.values())),
    st.integers(-(2**63), 2**63 - 1).map(np.int64),
    st.floats(width=32).map(np.float32),
)
VALUES = st.recursive(
    KEYS | st.binary(max_size=8).map(bytearray),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.sets(KEYS, max_size=4),
        st.frozensets(KEYS, max_size=4),
        st.dictionaries(KEYS, inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=3).map(collections.OrderedDict),
        st.dictionaries(KEYS, st.integers(), max_size=3).map(collections.Counter),
        st.lists(inner, max_size=3).map(collections.deque),
        st.dictionaries(KEYS, inner, max_size=3).map(lambda pairs: collections.defaultdict(list, pairs)),
    ),
    max_leaves=12,
)


@given(VALUES)
@example(-0.0)
@example([math.nan, math.inf, -math.inf, complex(math.nan, -0.0)])
@example(10**6000)
@example("\ud800")
@example(range(3, 9, 2))
@example(slice(None, 2))
@example(collections.deque([1], maxlen=2))
def test_a_plain_value_arrives_as_it_left(value):
    assert same(crossed(value), value)


TABLE = pd.DataFrame(
    {
        "word": ["a", None],
        "whole": [1, 2],
        "maybe": pd.array([1, None], dtype="Int64"),
        "share": [0.5, math.nan],
        "kind": pd.Categorical(["x", "y"], ordered=True),
        "any": pd.Series([{"a": 1}, None], dtype=object),
        "yes": [True, False],
        "when": pd.to_datetime(["2020-01-01", None]),
        "there": pd.to_datetime(["2020-01-01", None], utc=True).tz_convert("Asia/Seoul"),
        "text": pd.array(["a", None], dtype="string"),
        "month": pd.PeriodIndex(["2020-01", "2020-02"], freq="M"),
        "span": pd.to_timedelta([1, None], unit="s"),
        "bin": pd.cut([1, 5], 2),
    }
)
TABLES = [
    np.arange(6).reshape(2, 3),
    np.array(3.5),
    np.array(["a", "bcd"]),
    np.array([b"x", b""]),
    np.zeros((0, 3), "f4"),
    np.array([1j]),
    np.array([True, False]),
    np.array(["2020-01-01", "NaT"], "M8[D]"),
    np.array([1, 2], "m8[s]"),
    np.array([{"a": [1]}, None], object),
    np.array([1, 2], ">i4"),
    np.float64(0.1),
    np.bool_(True),
    np.str_("word"),
    np.datetime64("2020-01-01"),
    np.timedelta64(3, "h"),
    TABLE,
    TABLE.T,
    TABLE.head(0),
    pd.DataFrame(),
    TABLE.set_index(["word", "whole"]),
    TABLE.groupby("kind", observed=True)["whole"].sum(),
    *(TABLE[name] for name in TABLE),
    *(TABLE[name].array for name in TABLE if name not in ("whole", "share", "any", "yes")),
    TABLE["word"].unique(),
    TABLE["word"].value_counts(),
    pd.Series([1.5], index=["a"], name=("b", 1)),
    pd.Series(dtype=object),
    pd.DataFrame([[1, 2]], columns=["same", "same"]),
    pd.date_range("2020", periods=3, freq="MS"),
    pd.RangeIndex(1, 9, 2, name="n"),
    pd.MultiIndex.from_product([["a"], [1, 2]], names=["x", None]),
    pd.timedelta_range("1h", periods=2),
    pd.Index([1.5, 2]),
    pd.CategoricalIndex(["a"]),
    pd.interval_range(0, 2),
    pd.period_range("2020", periods=2, freq="Q"),
    pd.Index(["a"], dtype=object),
    pd.Timestamp("2020-01-02 03:04:05.678901234"),
    pd.Timestamp("2020-01-02", tz="Asia/Seoul"),
    pd.Timedelta("3 days 1ns"),
    pd.Period("2020-01", "M"),
    pd.Interval(0, 1.5),
    pd.NA,
    pd.NaT,
]


@pytest.mark.parametrize("value", TABLES, ids=lambda value: type(value).__name__)
def test_arrays_and_tables_arrive_as_they_left(value):
    assert same(crossed(value), value)


class Yes(int):
    """A whole number that equals everything."""

    __hash__ = int.__hash__

    def __eq__(self, other):
        return True


class Table(pd.DataFrame):
    """A table of somebody's own."""


Pair = collections.namedtuple("Pair", "left right")


@pytest.mark.parametrize(
    "value",
    [
        Yes(3),
        Pair(1, 2),
        Table(),
        object(),
        lambda: 1,
        {}.keys(),
        iter([]),
        map(str, []),
        (n for n in []),
        math,
        [1, {"a": Yes(3)}],
        decimal.Context(),
        np.array([object()]),
        np.zeros(2, "i4,i4"),
        np.ma.array([1]),
        print,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_methods_of_its_own_is_not_plain(value):
    with pytest.raises(wire.NotPlain):
        wire.encode(value)


def test_the_message_names_the_kind_of_what_is_not_plain():
    with pytest.raises(wire.NotPlain, match="a Yes object is no plain data"):
        wire.encode(Yes(3))


def test_a_list_in_itself_is_not_plain():
    endless = []
    endless.append(endless)
    with pytest.raises(wire.NotPlain, match="in themselves"):
        wire.encode(endless)


def test_a_default_of_ones_own_stays_behind_and_the_entries_cross():
    assert crossed(collections.defaultdict(lambda: 7, a=1)) == {"a": 1}


def test_a_fraction_of_huge_parts_arrives():
    assert crossed(fractions.Fraction(3**5000, 2)) == fractions.Fraction(3**5000, 2)


TAGS = [*wire.DECODERS, *wire_tables.DECODERS]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(
        ["<i8", "<U1", "|b1", "<M8[ns]", "AAAAAAAAAAA=", "AQ==", "2020-01-01", "0x10", "D", "right", "python"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=4)).map(lambda pair: [pair[0], *pair[1]]),
        st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=4)).map(list),
    ),
    max_leaves=12,
)


@given(JSON)
def test_whatever_json_arrives_gives_plain_data_or_is_refused(data):
    try:
        value = wire.decode(data)
    except wire.BadData:
        return
    wire.encode(value)


HOSTILE = {
    "pickle": ["pickle", "gASVBQAAAAAAAACMAQ=="],
    "a name of code": ["named", "eval"],
    "an object": {"py/object": "os.system"},
    "an array of objects by address": ["np.array", "|O8", [1], "AAAAAAAAAAA="],
    "too short an array": ["np.array", "<i8", [9], "AAAA"],
    "a letter that is none": ["np.array", "<U1", [1], "//////8="[:8]],
    "a truth value of seven": ["np.array", "|b1", [1], "Bw=="],
    "too many cells": ["np.array", "<U0", [10**12], ""],
    "a negative length": ["np.array", "<i8", [-1], ""],
    "a frequency of a billion": ["pd.Index", ["np.array", "<M8[ns]", [1], "AAAAAAAAAAA="], None, "0" * 99 + "D"],
    "a path as a time zone": ["timezone", "../../etc/passwd"],
    "no step": ["range", 1, 2, 0],
    "no denominator": ["Fraction", 1, 0],
    "a list as a key": ["dict", [[["list", []], 1]]],
    "half a pair": ["dict", [[1]]],
    "nothing": [],
    "a number as a kind": [1, 2],
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_data_are_refused(data):
    with pytest.raises(wire.BadData):
        wire.decode(data)


def test_data_nested_too_deeply_are_refused():
    data = 1
    for _ in range(400):
        data = ["list", [data]]
    with pytest.raises(wire.BadData, match="nested"):
        wire.decode(data)


def test_data_that_are_too_large_are_refused():
    with pytest.raises(wire.BadData, match="too large"):
        wire.decode("x" * (wire.MOST_UNITS + 1))
