"""Plain data: the values that may cross the border between a participant's process and the judge's.

A value is plain by its exact type, never by what it says of itself: a subclass brings methods of its own, an `==` that
always says yes among them. What crosses is JSON; nothing in it can name code, so reading it is safe whoever wrote it.
"""

import base64
import builtins
import collections
import contextlib
import datetime
import decimal
import fractions
import math
import re
import sys
import zoneinfo
from collections.abc import Callable, Container, Iterable, Sequence
from types import ModuleType
from typing import Any, TypeAlias

Data: TypeAlias = Any  # JSON
# What reads and writes a form of its own: (coder, value) -> data, (coder, parts) -> value; and those of whoever uses a
# coder.
Writer: TypeAlias = Callable[["Encoder", Any], Data]
Reader: TypeAlias = Callable[..., Any]
Write: TypeAlias = Callable[["Encoder", Any], Data]
Read: TypeAlias = Callable[["Decoder", str, list[Data]], Any]

MOST_DEPTH = 150  # containers within containers
MOST_UNITS = 20_000_000  # a character or byte is one unit, a value ten
SMALL = 2**53

# Types and pure functions of Python that a solution may give back or be given as they are.
NAMED: dict[str, Any] = {
    name: getattr(builtins, name)
    for name in (
        *[
            "bool",
            "bytearray",
            "bytes",
            "complex",
            "dict",
            "enumerate",
            "filter",
            "float",
            "frozenset",
            "int",
            "list",
            "map",
            "object",
            "range",
            "reversed",
            "set",
        ],
        *[
            "slice",
            "str",
            "tuple",
            "zip",
            "abs",
            "all",
            "any",
            "ascii",
            "bin",
            "callable",
            "chr",
            "divmod",
            "hash",
            "hex",
            "len",
            "max",
            "min",
            "oct",
            "ord",
            "pow",
            "repr",
            "round",
        ],
        *["sorted", "sum"],
        *sorted(
            name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)
        ),
    )
}
NAMES = {id(one): name for name, one in NAMED.items()}


class NotPlain(TypeError):
    """The value has no plain form; the message says what it is."""


class BadData(ValueError):
    """What came is no plain data; the message says why."""


class Unfit(Exception):
    """This one value of a plain type is not plain after all."""


class Remote:
    """The base of everything that stands for something in another process: no plain value, and no class of a test's."""

    __slots__ = ()


def is_remote(value: object) -> bool:
    """Whether this stands for something in another process; only its type is asked."""
    return issubclass(type(value), Remote)


def encode(value: object, other: Write | None = None) -> Data:
    """A plain value as JSON-able data.

    Raises NotPlain, unless `other(encoder, value)` gives data for what is not plain.
    """
    return Encoder(other).encode(value)


def decode(data: Data, other: Read | None = None) -> Any:
    """The plain value in JSON data that anybody may have written. Raises BadData.

    `other(decoder, tag, parts)` reads the forms that an encoder's `other` wrote.
    """
    try:
        return Decoder(other).decode(data)
    except BadData:
        raise
    except Exception as error:
        raise BadData(f"this is no plain data ({type(error).__name__})") from error


class _Coder:
    fault: type[Exception]

    def __init__(self) -> None:
        self.left, self.depth = MOST_UNITS, 0

    def charge(self, units: int) -> None:
        """Count what a value weighs."""
        self.left -= units
        if self.left < 0:
            raise self.fault("the data are too large")

    def within(self) -> None:
        """Go one container deeper."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.fault("the data are nested too deeply, perhaps in themselves")


class Encoder(_Coder):
    """Turns values into data, counting as it goes."""

    fault = NotPlain

    def __init__(self, other: "Write | None") -> None:
        super().__init__()
        self.other = other

    def encode(self, value: Any) -> Data:
        """The data of one value."""
        kind = type(value)
        self.charge(10)
        if value is None or kind is bool:
            return value
        if kind is int:
            if -SMALL <= value <= SMALL:
                return value
            self.charge(value.bit_length() // 4)
            return ["int", hex(value)]
        if kind is float:
            return value if math.isfinite(value) else ["float", repr(value)]
        if kind is str:
            # Other letters than ASCII take up to twelve bytes on their way.
            self.charge(len(value) if value.isascii() else 12 * len(value))
            return value
        if id(value) in NAMES:
            return ["named", NAMES[id(value)]]
        write = ENCODERS.get(kind) or _encoder_of_tables(kind)
        self.within()
        try:
            if write is not None:
                with contextlib.suppress(Unfit):
                    return write(self, value)
            if self.other is not None:
                return self.other(self, value)
        finally:
            self.depth -= 1
        raise NotPlain(f"{a_or_an(kind.__name__)} object is no plain data")

    def each(self, values: Iterable[object]) -> list[Data]:
        """The data of several values."""
        return [self.encode(value) for value in values]

    def raw(self, content: bytes) -> Data:
        """Bytes as text."""
        self.charge(len(content))
        return base64.b64encode(content).decode("ascii")


class Decoder(_Coder):
    """Turns data into values, trusting nothing in it."""

    fault = BadData

    def __init__(self, other: "Read | None") -> None:
        super().__init__()
        self.other = other

    def decode(self, data: Data) -> Any:
        """The value of one piece of data."""
        kind = type(data)
        self.charge(10)
        if data is None or kind in (bool, float):
            return data
        if kind is int:
            self.charge(data.bit_length() // 4)
            return data
        if kind is str:
            self.charge(len(data))
            return data
        if kind is not list or not data or type(data[0]) is not str:
            raise BadData("this is no plain data")
        read = DECODERS.get(data[0]) or _decoder_of_tables(data[0])
        self.within()
        try:
            if read is not None:
                return read(self, *data[1:])
            if self.other is not None:
                return self.other(self, data[0], data[1:])
        finally:
            self.depth -= 1
        raise BadData(f"there is no plain data of the kind {data[0][:40]!r}")

    def each(self, data: Data) -> list[Any]:
        """The values of a list of data."""
        return [self.decode(item) for item in self.exactly(data, list)]

    def exactly(self, data: Data, *kinds: type) -> Any:
        """The piece of data itself, when it is of one of these JSON types."""
        if type(data) not in kinds:
            raise BadData(f"{' or '.join(kind.__name__ for kind in kinds)} expected, not {type(data).__name__}")
        return data

    def whole(self, data: Data, low: int = -(2**63), high: int = 2**63 - 1) -> int:
        """A whole number between two bounds."""
        if not low <= self.exactly(data, int) <= high:
            raise BadData("a number is out of bounds")
        number: int = data
        return number

    def raw(self, data: Data) -> bytes:
        """The bytes in a text."""
        self.charge(len(self.exactly(data, str)))
        return base64.b64decode(data, validate=True)

    def of(self, data: Data, *kinds: type) -> Any:
        """The value of a piece of data that must be of one of these types."""
        return self.exactly(self.decode(data), *kinds)


def a_or_an(noun: str) -> str:
    """The noun with its article."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


# ---------------------------------------------------------------- what can be changed


def changeable(values: Sequence[Any], known: Container[int] = ()) -> list[Any]:
    """All that can be changed within these values, themselves included, in an order that a copy of them has too.

    What is in `known` (by its id) is left out, with all that it holds.
    """
    found: list[Any] = []
    rest: list[Any] = list(reversed(values))
    while rest:
        value = rest.pop()
        kind = type(value)
        if id(value) in known:
            continue
        if kind in CHANGEABLE or _is_table(kind):
            found.append(value)
        if kind in (list, tuple, collections.deque):
            rest += reversed(value)
        elif kind in MAPPINGS:
            rest += reversed(value.values())
    return found


def states(values: Sequence[Any], other: Write | None) -> list[Data]:
    """The data of each of these values, in which another one of them is only named, by its place among them."""
    coder = _Naming(other, values)
    return [Encoder.encode(coder, value) for value in values]


def marks(values: Sequence[Any], other: Write | None) -> list[Data]:
    """For each of these values something that is equal as long as nothing in it changes; much quicker than `states`."""
    coder = _Marking(other, values)
    return [Encoder.encode(coder, value) for value in values]


class _Naming(Encoder):
    def __init__(self, other: Write | None, values: Sequence[Any]) -> None:
        super().__init__(other)
        self.places = {id(value): place for place, value in enumerate(values)}

    def encode(self, value: Any) -> Data:
        place = self.places.get(id(value))
        if place is None:
            return super().encode(value)
        self.charge(10)
        return ["place", place]


class _Marking(_Naming):
    def raw(self, content: bytes) -> Data:
        self.charge(len(content))
        return hash(content)


def change(old: Any, new: Any) -> None:
    """Make a changeable value what a changed copy of it is. Raises BadData when it cannot become that."""
    kind = type(old)
    if type(new) is not kind:
        raise BadData(f"{a_or_an(kind.__name__)} object became {a_or_an(type(new).__name__)}")
    if kind in (list, bytearray):
        old[:] = new
    elif kind in MAPPINGS:
        dict.clear(old)
        for key, item in new.items():
            dict.__setitem__(old, key, item)
    elif kind in (set, collections.deque):
        old.clear()
        old.extend(new) if kind is collections.deque else old.update(new)
    else:
        _tables().change(old, new)


# ---------------------------------------------------------------- tables


def _tables() -> ModuleType:
    """The forms of numpy and pandas, which are loaded only where a value or its data ask for them."""
    from safe_cells import wire_tables

    return wire_tables


def _encoder_of_tables(kind: type) -> Writer | None:
    write: Writer | None = _tables().encoder(kind) if "numpy" in sys.modules else None
    return write


def _decoder_of_tables(tag: str) -> Reader | None:
    read: Reader | None = _tables().DECODERS.get(tag) if tag.startswith(("np.", "pd.")) else None
    return read


def _is_table(kind: type) -> bool:
    return "numpy" in sys.modules and _tables().is_changeable(kind)


# ---------------------------------------------------------------- time


def zone_data(zone: datetime.tzinfo | None) -> Data:
    """A time zone as data."""
    if zone is None:
        return None
    if type(zone) is zoneinfo.ZoneInfo and zone.key:
        return zone.key
    if type(zone) is datetime.timezone:
        offset = zone.utcoffset(None)
        if repr(zone) == repr(datetime.timezone(offset)):
            return offset // datetime.timedelta(microseconds=1)
    raise Unfit


def zone_of(data: Data) -> datetime.tzinfo | None:
    """The time zone in data."""
    if data is None:
        return None
    if type(data) is int:
        return datetime.UTC if data == 0 else datetime.timezone(datetime.timedelta(microseconds=data))
    if type(data) is not str or not re.fullmatch(r"[A-Za-z0-9_+\-]{1,40}(/[A-Za-z0-9_+\-]{1,40}){0,2}", data):
        raise BadData("this is no time zone")
    return zoneinfo.ZoneInfo(data)


# ---------------------------------------------------------------- the forms


def _write_deque(coder: Encoder, value: Any) -> Data:
    return ["deque", coder.each(value), value.maxlen]


def _read_deque(coder: Decoder, items: Data, longest: Data) -> Any:
    return collections.deque(coder.each(items), None if longest is None else coder.whole(longest, 0, 2**31))


def _pairs(coder: Encoder, value: Any) -> list[list[Data]]:
    return [[coder.encode(key), coder.encode(item)] for key, item in value.items()]


def _read_pairs(coder: Decoder, data: Data) -> list[tuple[Any, Any]]:
    return [(coder.decode(key), coder.decode(item)) for key, item in coder.exactly(data, list)]


def _write_defaultdict(coder: Encoder, value: Any) -> Data:
    # A default that is somebody's own function stays behind; the entries are plain all the same.
    return ["defaultdict", NAMES.get(id(value.default_factory)), _pairs(coder, value)]


def _read_defaultdict(coder: Decoder, name: Data, pairs: Data) -> Any:
    return collections.defaultdict(None if name is None else NAMED[coder.exactly(name, str)], _read_pairs(coder, pairs))


def _write_time(tag: str) -> Writer:
    def write(_: Encoder, value: Any) -> Data:
        return [tag, value.replace(tzinfo=None).isoformat(), zone_data(value.tzinfo), value.fold]

    return write


def _read_time(kind: Any) -> Reader:
    def read(coder: Decoder, text: Data, zone: Data, fold: Data) -> Any:
        return kind.fromisoformat(coder.exactly(text, str)).replace(tzinfo=zone_of(zone), fold=coder.whole(fold, 0, 1))

    return read


def _write_span(_: Encoder, value: datetime.timedelta) -> Data:
    return ["timedelta", value.days, value.seconds, value.microseconds]


def _read_decimal(coder: Decoder, text: Data) -> decimal.Decimal:
    coder.charge(len(coder.exactly(text, str)))
    return decimal.Decimal(text)


def _read_int(coder: Decoder, text: Data) -> int:
    coder.charge(len(coder.exactly(text, str)))
    return int(text, 16)


def _several(tag: str) -> Writer:
    return lambda coder, value: [tag, coder.each(value)]


def _mapping(tag: str) -> Writer:
    return lambda coder, value: [tag, _pairs(coder, value)]


ENCODERS: dict[type, Writer] = {
    complex: lambda coder, value: ["complex", coder.encode(value.real), coder.encode(value.imag)],
    bytes: lambda coder, value: ["bytes", coder.raw(value)],
    bytearray: lambda coder, value: ["bytearray", coder.raw(value)],
    list: _several("list"),
    tuple: _several("tuple"),
    set: _several("set"),
    frozenset: _several("frozenset"),
    dict: _mapping("dict"),
    collections.OrderedDict: _mapping("OrderedDict"),
    collections.Counter: _mapping("Counter"),
    collections.defaultdict: _write_defaultdict,
    collections.deque: _write_deque,
    range: lambda coder, value: ["range", *coder.each((value.start, value.stop, value.step))],
    slice: lambda coder, value: ["slice", *coder.each((value.start, value.stop, value.step))],
    type(Ellipsis): lambda _coder, _value: ["Ellipsis"],
    type(NotImplemented): lambda _coder, _value: ["NotImplemented"],
    datetime.datetime: _write_time("datetime"),
    datetime.time: _write_time("time"),
    datetime.date: lambda _coder, value: ["date", value.isoformat()],
    datetime.timedelta: _write_span,
    datetime.timezone: lambda _coder, value: ["timezone", zone_data(value)],
    zoneinfo.ZoneInfo: lambda _coder, value: ["timezone", zone_data(value)],
    decimal.Decimal: lambda _coder, value: ["Decimal", str(value)],
    fractions.Fraction: lambda coder, value: [
        "Fraction",
        coder.encode(value.numerator),
        coder.encode(value.denominator),
    ],
}

MAPPINGS: tuple[type, ...] = (dict, collections.OrderedDict, collections.Counter, collections.defaultdict)
CHANGEABLE: tuple[type, ...] = (list, bytearray, set, collections.deque, *MAPPINGS)

DECODERS: dict[str, Reader] = {
    "int": _read_int,
    "float": lambda _coder, text: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[text],
    "named": lambda _coder, name: NAMED[name],
    "complex": lambda coder, real, imag: complex(coder.of(real, float), coder.of(imag, float)),
    "bytes": lambda coder, data: coder.raw(data),
    "bytearray": lambda coder, data: bytearray(coder.raw(data)),
    "list": lambda coder, items: coder.each(items),
    "tuple": lambda coder, items: tuple(coder.each(items)),
    "set": lambda coder, items: set(coder.each(items)),
    "frozenset": lambda coder, items: frozenset(coder.each(items)),
    "dict": lambda coder, pairs: dict(_read_pairs(coder, pairs)),
    "OrderedDict": lambda coder, pairs: collections.OrderedDict(_read_pairs(coder, pairs)),
    "Counter": lambda coder, pairs: collections.Counter(dict(_read_pairs(coder, pairs))),
    "defaultdict": _read_defaultdict,
    "deque": _read_deque,
    "range": lambda coder, *parts: range(*(coder.of(part, int) for part in parts)),
    "slice": lambda coder, *parts: slice(*(coder.decode(part) for part in parts)),
    "Ellipsis": lambda _coder: ...,
    "NotImplemented": lambda _coder: NotImplemented,
    "datetime": _read_time(datetime.datetime),
    "time": _read_time(datetime.time),
    "date": lambda coder, text: datetime.date.fromisoformat(coder.exactly(text, str)),
    "timedelta": lambda coder, *parts: datetime.timedelta(*(coder.whole(part) for part in parts)),
    "timezone": lambda _coder, data: zone_of(data if data is not None else ...),
    "Decimal": _read_decimal,
    "Fraction": lambda coder, *parts: fractions.Fraction(*(coder.of(part, int) for part in parts)),
}
