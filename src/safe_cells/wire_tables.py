"""Plain data of numpy and pandas: numbers as bytes, everything else value by value.

An array that arrives is looked through before it is built: kind, shape, length, and bytes that could be no such value.
"""

import functools
import math
import re
import sys
from typing import Any

import numpy as np

from safe_cells.wire import BadData, Decoder, Encoder, Reader, Unfit, Writer, zone_data, zone_of

DTYPE = re.compile(r"[<>|=]([biufcSUMm])(\d{1,9})(\[\d{0,9}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?")
FREQUENCY = re.compile(r"[A-Za-z0-9+\-]{1,30}")
KINDS = "biufcSUMm"
MOST_CELLS = 20_000_000


def encoder(kind: type) -> Writer | None:
    """How to write values of this type, if it is one of numpy or pandas."""
    return NUMPY.get(kind) or (_pandas_encoders().get(kind) if _has_pandas() else None)


def _has_pandas() -> bool:
    # Its last name, so that a pandas that is just being imported does not count.
    return hasattr(sys.modules.get("pandas"), "json_normalize")


def is_changeable(kind: type) -> bool:
    """Whether values of this type of numpy or pandas can be changed in place."""
    return kind is np.ndarray or (_has_pandas() and kind in _pandas_changeable())


@functools.cache
def _pandas_changeable() -> tuple[type, ...]:
    import pandas as pd

    return pd.DataFrame, pd.Series


def change(old: Any, new: Any) -> None:
    """Make an array or a table what a changed copy of it, of the same type, is.

    Raises BadData when it cannot become that.
    """
    if type(old) is not np.ndarray:
        old._update_inplace(new)
    elif old.shape == new.shape and old.dtype == new.dtype:
        old[...] = new
    else:
        raise BadData("an array took another form")


# ---------------------------------------------------------------- numpy


def _write_array(coder: Encoder, array: Any) -> Any:
    dtype = array.dtype
    if dtype.kind == "O":
        return ["np.objects", list(array.shape), coder.each(array.ravel().tolist())]
    if dtype.kind not in KINDS:
        raise Unfit
    return ["np.array", dtype.str, list(array.shape), coder.raw(array.tobytes())]


def _write_scalar(coder: Encoder, value: Any) -> Any:
    return ["np.scalar", value.dtype.str, coder.raw(value.tobytes())]


def _shape(coder: Decoder, data: Any) -> Any:
    shape = tuple(coder.whole(size, 0, MOST_CELLS) for size in coder.exactly(data, list))
    if len(shape) > 32 or math.prod(shape) > MOST_CELLS:
        raise BadData("the array is too large")
    return shape


def _read_array(coder: Decoder, kind: Any, shape: Any, data: Any) -> Any:
    found, shape, content = DTYPE.fullmatch(coder.exactly(kind, str)), _shape(coder, shape), coder.raw(data)
    if not found:
        raise BadData("there is no such kind of array")
    dtype, count = np.dtype(kind), math.prod(shape)
    if dtype.itemsize * count != len(content):
        raise BadData("the array is longer or shorter than it says")
    if not content:
        coder.charge(count)
        return np.zeros(shape, dtype)
    flat = np.frombuffer(content, dtype)
    if found[1] == "b" and flat.view(np.uint8).max() > 1:
        raise BadData("a truth value is neither true nor false")
    if found[1] == "U" and flat.view(np.dtype(np.uint32).newbyteorder(dtype.byteorder)).max() > sys.maxunicode:
        raise BadData("a letter is none")
    return flat.reshape(shape).copy()


def _read_scalar(coder: Decoder, kind: Any, data: Any) -> Any:
    return _read_array(coder, kind, [], data)[()]


def _read_objects(coder: Decoder, shape: Any, items: Any) -> Any:
    items, shape = coder.each(items), _shape(coder, shape)
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        array[place] = item
    return array.reshape(shape)


SCALARS = [kind for kind in set(np.sctypeDict.values()) if np.dtype(kind).kind in KINDS]
NUMPY: dict[type, Writer] = {np.ndarray: _write_array, **dict.fromkeys(SCALARS, _write_scalar)}


# ---------------------------------------------------------------- pandas


@functools.cache
def _pandas_encoders() -> dict[type, Writer]:
    import pandas as pd

    arrays: list[type] = [
        type(pd.array([], dtype=name)) for name in ("str", "string", "Int64", "Float64", "boolean", "category")
    ]
    arrays += [pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray, pd.arrays.PeriodArray, pd.arrays.IntervalArray]
    indexes = [pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.CategoricalIndex, pd.IntervalIndex, pd.PeriodIndex]
    return {
        pd.Series: lambda coder, value: ["pd.Series", _values(coder, value), *coder.each((value.index, value.name))],
        pd.DataFrame: _write_frame,
        pd.RangeIndex: lambda coder, value: [
            "pd.RangeIndex",
            *coder.each((value.start, value.stop, value.step, value.name)),
        ],
        pd.MultiIndex: lambda coder, value: [
            "pd.MultiIndex",
            coder.each(value.levels),
            coder.each(map(np.asarray, value.codes)),
            coder.each(value.names),
        ],
        pd.Timestamp: _write_timestamp,
        pd.Timedelta: lambda coder, value: ["pd.Timedelta", coder.encode(value.to_timedelta64())],
        pd.Period: lambda _coder, value: ["pd.Period", value.ordinal, value.freqstr],
        pd.Interval: lambda coder, value: ["pd.Interval", *coder.each((value.left, value.right)), value.closed],
        type(pd.NaT): lambda _coder, _value: ["pd.NaT"],
        type(pd.NA): lambda _coder, _value: ["pd.NA"],
        **dict.fromkeys(arrays, _values),
        **dict.fromkeys(indexes, _write_index),
    }


def _write_frame(coder: Encoder, frame: Any) -> Any:
    columns = [_values(coder, frame.iloc[:, place]) for place in range(frame.shape[1])]
    return ["pd.DataFrame", columns, *coder.each((frame.columns, frame.index))]


def _write_index(coder: Encoder, index: Any) -> Any:
    return [
        "pd.Index",
        _values(coder, index),
        coder.encode(index.name),
        index.freqstr if index.dtype.kind in "Mm" and index.freq is not None else None,
    ]


def _write_timestamp(coder: Encoder, value: Any) -> Any:
    zone = zone_data(value.tzinfo)
    return ["pd.Timestamp", coder.encode((value if zone is None else value.tz_convert(None)).to_datetime64()), zone]


def _values(coder: Encoder, values: Any) -> Any:
    """What stands in a series, an index or one of pandas' arrays."""
    import pandas as pd

    dtype, array = values.dtype, getattr(values, "array", values)
    if isinstance(dtype, np.dtype):
        plain = coder.encode(values.to_numpy())
        return plain if array is not values else ["pd.array", plain]
    if isinstance(dtype, pd.CategoricalDtype):
        return ["pd.Categorical", *coder.each((np.asarray(array.codes), array.categories)), bool(array.ordered)]
    if isinstance(dtype, pd.StringDtype):
        texts = [None if missing else text for text, missing in zip(array.tolist(), array.isna(), strict=True)]
        return ["pd.strings", dtype.storage, dtype.na_value is pd.NA, coder.each(texts)]
    if isinstance(dtype, pd.DatetimeTZDtype):
        return ["pd.zoned", coder.encode(array.tz_convert(None).to_numpy()), zone_data(dtype.tz)]
    if isinstance(dtype, pd.PeriodDtype):
        return ["pd.periods", coder.encode(array.asi8), pd.PeriodIndex(array).freqstr]
    if isinstance(dtype, pd.IntervalDtype):
        return ["pd.intervals", *coder.each((array.left, array.right)), array.closed]
    if isinstance(dtype, pd.BooleanDtype) or (
        getattr(dtype, "numpy_dtype", None) is not None and dtype.na_value is pd.NA
    ):
        numbers = array.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
        return ["pd.masked", *coder.each((numbers, np.asarray(array.isna())))]
    raise Unfit


def _row(coder: Decoder, data: Any) -> Any:
    """One row of values: an array of one dimension, or one of pandas' own."""
    values = coder.decode(data)
    if not _is_array(values) or values.ndim != 1:
        raise BadData("a row of values expected")
    return values


def _is_array(value: object) -> bool:
    import pandas as pd

    return isinstance(value, np.ndarray | pd.api.extensions.ExtensionArray)


def _index(coder: Decoder, data: Any) -> Any:
    import pandas as pd

    index = coder.decode(data)
    if not isinstance(index, pd.Index):
        raise BadData("an index expected")
    return index


def _frequency(coder: Decoder, data: Any) -> Any:
    if not FREQUENCY.fullmatch(coder.exactly(data, str)):
        raise BadData("there is no such frequency")
    return data


def _read_series(coder: Decoder, values: Any, index: Any, name: Any) -> Any:
    import pandas as pd

    values = _row(coder, values)
    return pd.Series(values, index=_index(coder, index), name=coder.decode(name), dtype=values.dtype)


def _read_frame(coder: Decoder, columns: Any, names: Any, index: Any) -> Any:
    import pandas as pd

    index = _index(coder, index)
    rows = [_row(coder, column) for column in coder.exactly(columns, list)]
    frame = pd.DataFrame(
        {place: pd.Series(row, index=index, dtype=row.dtype) for place, row in enumerate(rows)}, index=index
    )
    frame.columns = _index(coder, names)
    return frame


def _read_range_index(coder: Decoder, start: Any, stop: Any, step: Any, name: Any) -> Any:
    import pandas as pd

    return pd.RangeIndex(coder.whole(start), coder.whole(stop), coder.whole(step), name=coder.decode(name))


def _read_multi_index(coder: Decoder, levels: Any, codes: Any, names: Any) -> Any:
    import pandas as pd

    return pd.MultiIndex(
        [_index(coder, level) for level in coder.exactly(levels, list)],
        [_row(coder, code) for code in coder.exactly(codes, list)],
        names=coder.each(names),
    )


def _read_index(coder: Decoder, values: Any, name: Any, frequency: Any) -> Any:
    import pandas as pd

    values = _row(coder, values)
    index = pd.Index(values, dtype=values.dtype, name=coder.decode(name))
    if frequency is not None:
        index.freq = _frequency(coder, frequency)
    return index


def _read_timestamp(coder: Decoder, moment: Any, zone: Any) -> Any:
    import pandas as pd

    value = pd.Timestamp(coder.of(moment, np.datetime64))
    return value if zone is None else value.tz_localize("UTC").tz_convert(zone_of(zone))


def _read_timedelta(coder: Decoder, span: Any) -> Any:
    import pandas as pd

    return pd.Timedelta(coder.of(span, np.timedelta64))


def _read_period(coder: Decoder, ordinal: Any, frequency: Any) -> Any:
    import pandas as pd

    return pd.Period(ordinal=coder.whole(ordinal), freq=_frequency(coder, frequency))


def _read_interval(coder: Decoder, left: Any, right: Any, closed: Any) -> Any:
    import pandas as pd

    return pd.Interval(coder.decode(left), coder.decode(right), coder.exactly(closed, str))


def _read_wrapped(coder: Decoder, data: Any) -> Any:
    import pandas as pd

    return pd.array(coder.of(data, np.ndarray))


def _read_categorical(coder: Decoder, codes: Any, categories: Any, ordered: Any) -> Any:
    import pandas as pd

    dtype = pd.CategoricalDtype(_index(coder, categories), coder.exactly(ordered, bool))
    return pd.Categorical.from_codes(coder.of(codes, np.ndarray), dtype=dtype)


def _read_strings(coder: Decoder, storage: Any, is_na: Any, items: Any) -> Any:
    import pandas as pd

    dtype = pd.StringDtype(coder.exactly(storage, str), na_value=pd.NA if coder.exactly(is_na, bool) else np.nan)
    texts = [None if item is None else coder.of(item, str) for item in coder.exactly(items, list)]
    return pd.array(texts, dtype=dtype)


def _read_zoned(coder: Decoder, moments: Any, zone: Any) -> Any:
    import pandas as pd

    return pd.DatetimeIndex(_moments(coder, moments)).tz_localize("UTC").tz_convert(zone_of(zone)).array


def _moments(coder: Decoder, data: Any) -> Any:
    moments = coder.of(data, np.ndarray)
    if moments.dtype.kind != "M" or moments.ndim != 1:
        raise BadData("moments expected")
    return moments


def _read_periods(coder: Decoder, ordinals: Any, frequency: Any) -> Any:
    import pandas as pd

    ordinals = coder.of(ordinals, np.ndarray)
    if ordinals.dtype != np.int64 or ordinals.ndim != 1:
        raise BadData("ordinals expected")
    made = pd.PeriodIndex.from_ordinals  # type: ignore[attr-defined]  # unknown to pandas-stubs
    return made(ordinals, freq=_frequency(coder, frequency)).array


def _read_intervals(coder: Decoder, left: Any, right: Any, closed: Any) -> Any:
    import pandas as pd

    return pd.arrays.IntervalArray.from_arrays(_index(coder, left), _index(coder, right), coder.exactly(closed, str))


def _read_masked(coder: Decoder, numbers: Any, mask: Any) -> Any:
    import pandas as pd

    numbers, mask = coder.of(numbers, np.ndarray), coder.of(mask, np.ndarray)
    if numbers.ndim != 1 or numbers.shape != mask.shape:
        raise BadData("as many numbers as marks expected")
    kinds = {
        "b": pd.arrays.BooleanArray,
        "f": pd.arrays.FloatingArray,
        "i": pd.arrays.IntegerArray,
        "u": pd.arrays.IntegerArray,
    }
    return kinds[numbers.dtype.kind](numbers, mask)


def _read_nothing(name: str) -> Reader:
    def read(_: Decoder) -> Any:
        import pandas as pd

        return getattr(pd, name)

    return read


DECODERS: dict[str, Reader] = {
    "np.array": _read_array,
    "np.scalar": _read_scalar,
    "np.objects": _read_objects,
    "pd.Series": _read_series,
    "pd.DataFrame": _read_frame,
    "pd.RangeIndex": _read_range_index,
    "pd.MultiIndex": _read_multi_index,
    "pd.Index": _read_index,
    "pd.Timestamp": _read_timestamp,
    "pd.Timedelta": _read_timedelta,
    "pd.Period": _read_period,
    "pd.Interval": _read_interval,
    "pd.NaT": _read_nothing("NaT"),
    "pd.NA": _read_nothing("NA"),
    "pd.array": _read_wrapped,
    "pd.Categorical": _read_categorical,
    "pd.strings": _read_strings,
    "pd.zoned": _read_zoned,
    "pd.periods": _read_periods,
    "pd.intervals": _read_intervals,
    "pd.masked": _read_masked,
}
