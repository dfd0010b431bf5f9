"""What stands in the judge's process for things that stayed in the participant's.

A `Handle` is something that the exercise asks for, such as a function or a class: what a test does with it happens over
there, and plain data comes back. Everything else that is not plain is an `Opaque`: nothing equals it, one cannot count
with it, and it says what it is. Which of the two a value may be was learnt from the solution (see `calibration`).
"""

import builtins
import operator
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

from safe_cells import shipped_functions, wire
from safe_cells.cells import FILE
from safe_cells.framing import Message
from safe_cells.participant_side import BINARY

Plain = TypeVar("Plain")
MOST_STEPS = 100_000
MOST_TEXT = 1_000_000
MOST_LABEL = 300
MOST_NOTES = 5
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
# Names between underscores that the other side may be asked for; all others belong to Python's own workings.
OPEN_NAMES = ("__name__", "__qualname__", "__annotations__", "__dict__", "__doc__", "__wrapped__")


class CannotCross(TypeError):
    """The test does something that only works inside the participant's process."""


class BadReply(RuntimeError):
    """The participant's process answered what cannot be an answer."""


class ParticipantGone(BaseException):
    """There is nobody left to ask. No test catches this by accident."""


class Participant:
    """The participant's process as the judge sees it: asks, and lets nothing in but plain data and allowed handles."""

    def __init__(self, ask: Callable[[Message], Message | None]) -> None:
        self._ask = ask
        self._handles: dict[tuple[int, str], Handle] = {}
        self.begin({}, {}, learning=True)

    def begin(self, allowed: Mapping[str, bool], namespace: dict[str, Any], learning: bool = False) -> None:
        """Start a cell: `allowed` says for each path of a value whether it may be a handle.

        `watched` are plain values of the participant's names; when a call changes one, it changes in `namespace` too.
        """
        self.allowed, self.namespace, self.learning = allowed, namespace, learning
        self.crossed: dict[str, bool] = {}
        self.watched: dict[str, Any] = {}
        self.notes: list[str] = []
        self.obstacles: list[str] = []

    # ------------------------------------------------------------ asking

    def look_up(self, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What the participant has under these names: name -> {"is": …}."""
        found = self._reply({"do": "names", "names": names}).get("names")
        if type(found) is not dict or not all(type(found.get(name)) is dict for name in names):
            raise BadReply("The participant's process did not say what it defines.")
        return found

    def do(self, operation: str, label: str, *args: Any, **kwargs: Any) -> Any:
        """Let the participant's process do something, and take in what comes of it under this label."""
        given = [*args, *kwargs.values()]
        message = {
            "do": operation,
            "args": [self._write(arg, label) for arg in args],
            "kwargs": {name: self._write(arg, label) for name, arg in kwargs.items()},
            "watch": list(self.watched),
        }
        owned = wire.changeable(given)
        reply = self._reply(message)
        self._take_over_changes(reply, owned, label)
        if "raised" in reply:
            raise _exception(reply["raised"], label)
        if reply.get("end") is True and operation == "next":
            raise StopIteration
        if "same" in reply:
            if type(reply["same"]) is not int or not 0 <= reply["same"] < len(given):
                raise BadReply("The participant's process gave back what it never got.")
            if isinstance(given[reply["same"]], Handle):
                raise BadReply("The participant's process gave back a handle as if it were data.")
            return given[reply["same"]]
        return self.received(reply.get("value", ...), label)

    def asked(self, operation: str, label: str, *args: Any) -> Any:
        """The same for an operator, which only counts where the solution was asked for it too."""
        if not self.learning and label not in self.allowed:
            raise TypeError(f"{label} is nothing that the solution of this exercise can do")
        self.crossed.setdefault(label, False)
        return self.do(operation, label, *args)

    def exactly(self, kind: type[Plain], operation: str, label: str, *args: Any) -> Plain:
        """The same where only one plain type makes sense."""
        value: Plain = self.do(operation, label, *args)
        if type(value) is not kind:
            raise TypeError(f"{label} gave no {kind.__name__}")
        return value

    def _reply(self, message: Message) -> Message:
        reply = self._ask(message)
        if reply is None:
            raise ParticipantGone("The participant's process ended.")
        if type(reply) is not dict:
            raise BadReply("The participant's process sent something that is no answer.")
        streams = reply.get("streams", [])
        if type(streams) is not list:
            raise BadReply("The participant's process printed what is no text.")
        for stream in streams:
            if (
                type(stream) is not list
                or list(map(type, stream)) != [str, str]
                or stream[0] not in ("stdout", "stderr")
            ):
                raise BadReply("The participant's process printed what is no text.")
            getattr(sys, stream[0]).write(stream[1][:MOST_TEXT])
        return reply

    # ------------------------------------------------------------ what comes in

    def received(self, data: wire.Data, label: str, owned: Sequence[Any] = ()) -> Any:
        """The value in the data of a reply.

        It is plain, or a handle where one is allowed, or opaque, or one of those `owned` here.
        """

        def read(coder: wire.Decoder, tag: str, parts: list[wire.Data]) -> Any:
            if owned and tag == "place":
                (number,) = parts
                return owned[coder.whole(number, 0, len(owned) - 1)]
            return self._object(coder, tag, parts, label if coder.depth == 1 else f"{label}<in>")

        try:
            value = wire.decode(data, read)
        except wire.BadData as error:
            raise BadReply(f"What {label} gave cannot be read: {error}.") from None
        self.crossed.setdefault(label, False)
        return value

    def _opaque(self, number: int, label: str, name: str) -> "Opaque":
        if len(self.notes) < MOST_NOTES:
            self.notes.append(f"{_what(label, name)}.")
        return Opaque(self, number, label[:MOST_LABEL], name)

    def _object(self, coder: wire.Decoder, tag: str, parts: list[wire.Data], label: str) -> Any:
        if tag != "object" or list(map(type, parts[:3])) != [int, str, bool] or len(parts) != 4:
            raise wire.BadData("this is no plain data")
        number, name, is_callable, base = parts
        name = name[:60] if name.isidentifier() else "strange"
        based = () if base is None else (coder.decode(base),)
        if self.learning or self.allowed.get(label):
            self.crossed[label] = True
            kind, label = CallableHandle if is_callable else Handle, label[:MOST_LABEL]
            # The same object by the same path is the same here too.
            return self._handles.setdefault((number, label), kind(self, number, label, name, based))
        return based[0] if based else self._opaque(number, label, name)

    def _take_over_changes(self, reply: Message, owned: Sequence[Any], label: str) -> None:
        try:
            # All are read before any is changed: what moved from one to another is the same object there too.
            changed = [
                (place, self.received(data, f"{label}<changed>", owned)) for place, data in reply.get("changed", [])
            ]
            for place, value in changed:
                wire.change(owned[place], value)
            for name, data in reply.get("watched", {}).items():
                if name in self.watched:
                    old, self.watched[name] = self.watched[name], self.received(data, name)
                    if self.namespace.get(name) is old:
                        self.namespace[name] = self.watched[name]
        except (TypeError, ValueError, AttributeError, IndexError, KeyError) as error:
            raise BadReply(f"What {label} changed cannot be read.") from error

    # ------------------------------------------------------------ what goes out

    def _write(self, value: object, label: str) -> wire.Data:
        def write(coder: wire.Encoder, inner: Any) -> wire.Data:
            if wire.is_remote(inner):
                return ["handle", _state(inner)[1]]
            try:
                return shipped_functions.write(coder, inner, FILE)
            except wire.NotPlain as error:
                what = str(error) if callable(inner) else f"{wire.a_or_an(type(inner).__name__)} object of its own"
                raise wire.NotPlain(f"gives {what} to {label}") from None

        try:
            return wire.encode(value, write)
        except wire.NotPlain as error:
            self.obstacles.append(str(error))
            raise CannotCross(f"The test {error}; that works only inside the participant's process.") from None


def _exception(data: wire.Data, label: str) -> BaseException:
    """The exception of a reply, as one of Python's own."""
    if type(data) is not dict or not all(type(data.get(key)) is str for key in ("nearest", "own", "text")):
        return BadReply(f"What {label} raised cannot be read.")
    kind: Any = getattr(builtins, data["nearest"], None)
    text = data["text"][:2000]
    allowed = isinstance(kind, type) and (issubclass(kind, Exception) or kind in (SystemExit, KeyboardInterrupt))
    # These two would end a loop of the test, and with it perhaps the comparisons that were still to come.
    if not allowed or issubclass(kind, StopIteration | StopAsyncIteration):
        return RuntimeError(f"{label} raised {data['own'][:60]}: {text}")
    try:
        made: BaseException = kind(*wire.decode(data["args"])) if data.get("args") is not None else kind(text)
    except Exception:  # noqa: BLE001 - an exception class may refuse its arguments in any way
        return RuntimeError(f"{label} raised {data['own'][:60]}: {text}")
    return made


# ---------------------------------------------------------------- the proxies


def _state(proxy: wire.Remote) -> Any:
    return object.__getattribute__(proxy, "__judge__")


def _of(proxy: wire.Remote) -> Participant:
    participant: Participant = _state(proxy)[0]
    return participant


class Steps(wire.Remote):
    """The values of something that the participant's process goes through, one by one and not for ever."""

    __slots__ = ("__judge__", "_count")

    def __init__(self, participant: Participant, number: int, label: str) -> None:
        self.__judge__, self._count = (participant, number, label), 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        participant, _, label = self.__judge__
        self._count += 1
        if self._count > MOST_STEPS:
            raise RuntimeError(f"{label} gave more than {MOST_STEPS:,} values, so the test was stopped")
        return participant.do("next", f"{label}<each>", self)


def _steps(proxy: wire.Remote, operation: str = "iter") -> Iterator[Any]:
    participant, label = _of(proxy), _state(proxy)[2]
    reply = participant._reply({"do": operation, "args": [participant._write(proxy, label)]})
    if "raised" in reply:
        raise _exception(reply["raised"], label)
    match reply.get("value"):
        case ["object", int(number), *_]:
            return Steps(participant, number, label)
    return iter(participant.received(reply.get("value", ...), label))


class Opaque(wire.Remote):
    """Something that is no plain data where plain data was asked for. One may go through it, as through a generator."""

    __slots__ = ("__judge__",)
    __hash__ = None  # type: ignore[assignment]  # as for any object that has an __eq__ of its own
    __array_ufunc__ = None

    def __init__(self, participant: Participant, number: int, label: str, name: str) -> None:
        object.__setattr__(self, "__judge__", (participant, number, label, name))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __iter__(self) -> Iterator[Any]:
        return _steps(self)

    def __len__(self) -> int:
        return _of(self).exactly(int, "len", f"len({_state(self)[2]})", self)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{_what(*_state(self)[2:])}, so it is not asked for {name[:60]}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{_what(*_state(self)[2:])}, so it cannot be changed")

    def __repr__(self) -> str:
        return f"<{wire.a_or_an(_state(self)[3])} object, which is no plain data>"


def _what(label: str, name: str) -> str:
    return f"{label} {'returned' if label.endswith('()') else 'is'} {wire.a_or_an(name)} object, which is no plain data"


def _refuse(self: Opaque, *_args: object, **_kwargs: object) -> NoReturn:
    raise TypeError(_what(*_state(self)[2:]))


for _name in (
    *BINARY,
    *(f"r{name}" for name in BINARY),
    *["divmod", "rdivmod", "lt", "le", "gt", "ge", "neg", "pos", "abs", "invert", "bool", "int", "float"],
    *["complex", "index", "round", "floor", "ceil", "trunc", "getitem"],
):
    setattr(Opaque, f"__{_name}__", _refuse)


class Handle(wire.Remote):
    """An object that stays in the participant's process, and to which a test may do what it did to the solution's."""

    __slots__ = ("__judge__",)
    __array_ufunc__ = None

    def __init__(self, participant: Participant, number: int, label: str, name: str, based: tuple[Any, ...]) -> None:
        object.__setattr__(self, "__judge__", (participant, number, label, name, based))

    # Only its type is asked, so that a participant cannot say that an object is of another one.
    def __instancecheck__(self, instance: object) -> bool:
        participant, _, label, *_ = _state(self)
        return (
            isinstance(instance, Handle)
            and participant.asked("isinstance", f"{label}<isinstance>", instance, self) is True
        )

    def __subclasscheck__(self, cls: object) -> bool:
        participant, _, label, *_ = _state(self)
        return isinstance(cls, Handle) and participant.asked("issubclass", f"{label}<issubclass>", cls, self) is True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in OPEN_NAMES:
            raise AttributeError(name)
        participant, _, label, *_ = _state(self)
        return participant.do("attribute", f"{label}.{name}"[:MOST_LABEL], self, name)

    __doc__ = property(lambda self: Handle.__getattr__(self, "__doc__"))

    def __setattr__(self, name: str, value: object) -> None:
        _state(self)[0].do("set attribute", f"{_state(self)[2]}.{name}=", self, name, value)

    def __delattr__(self, name: str) -> None:
        _state(self)[0].do("delete attribute", f"{_state(self)[2]}.{name}", self, name)

    def __iter__(self) -> Iterator[Any]:
        return _steps(self)

    def __reversed__(self) -> Iterator[Any]:
        return _steps(self, "reversed")

    def __next__(self) -> Any:
        return _state(self)[0].do("next", f"{_state(self)[2]}<each>", self)

    def __hash__(self) -> int:
        return _of(self).exactly(int, "hash", f"hash({_state(self)[2]})", self)

    def __str__(self) -> str:
        return _of(self).exactly(str, "str", f"str({_state(self)[2]})", self)

    def __repr__(self) -> str:
        return _of(self).exactly(str, "repr", f"repr({_state(self)[2]})", self)

    def __format__(self, form: str) -> str:
        return _of(self).exactly(str, "format", f"format({_state(self)[2]})", self, form)

    def __len__(self) -> int:
        return _of(self).exactly(int, "len", f"len({_state(self)[2]})", self)

    def __dir__(self) -> Any:
        return _of(self).exactly(list, "dir", f"dir({_state(self)[2]})", self)

    def __exit__(self, kind: object, error: object, trace: object) -> Any:
        if kind is not None:
            _state(self)[0].obstacles.append("leaves a `with` of the participant by an error")
            raise CannotCross("The test leaves a `with` of the participant by an error.")
        return _state(self)[0].asked("exit", f"{_state(self)[2]}<exit>", self)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise CannotCross("The test pickles something of the participant's.")


class CallableHandle(Handle):
    # A docstring here would stand before the participant's own.
    __slots__ = ()
    __doc__ = Handle.__doc__

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        participant, _, label, *_ = _state(self)
        return participant.do("call", f"{label}()"[:MOST_LABEL], self, *args, **kwargs)


def _compare(name: str) -> Callable[[Handle, object], Any]:
    compare = getattr(operator, f"__{name}__")

    def method(self: Handle, other: Any) -> Any:
        participant, _, label, _, based = _state(self)
        label = f"{label}<{name}>"
        if isinstance(other, Handle) and (participant.learning or label in participant.allowed):
            return participant.exactly(bool, f"__{name}__", label, self, other)
        if name in ("eq", "ne") and (isinstance(other, Handle | Opaque) or not based):
            # Nothing plain equals what is not plain, whatever that says of itself.
            same = isinstance(other, Handle) and _state(other)[1] == _state(self)[1]
            return same == (name == "eq")
        if based and not isinstance(other, Handle | Opaque):
            return compare(based[0], other)
        return participant.asked(f"__{name}__", label, self, other)

    return method


def _operator(operation: str, name: str, reflected: bool = False, kind: type | None = None) -> Callable[..., Any]:
    def method(self: Handle, *others: Any) -> Any:
        participant, _, label, *_ = _state(self)
        args = (*others, self) if reflected else (self, *others)
        value = participant.asked(operation, f"{label}<{name}>"[:MOST_LABEL], *args)
        if kind and type(value) is not kind:
            raise TypeError(f"{name} of {label} gave no {kind.__name__}")
        return value

    return method


for _name in COMPARISONS:
    setattr(Handle, f"__{_name}__", _compare(_name))
for _name in BINARY:
    setattr(Handle, f"__{_name}__", _operator(f"__{_name}__", _name))
    setattr(Handle, f"__r{_name}__", _operator(f"__{_name}__", _name, reflected=True))
    setattr(Handle, f"__i{_name}__", _operator(f"__i{_name}__", f"i{_name}"))
for _name in ("neg", "pos", "abs", "invert"):
    setattr(Handle, f"__{_name}__", _operator(f"__{_name}__", _name))
for _name, _kind in {
    "bool": bool,
    "int": int,
    "float": float,
    "complex": complex,
    "index": int,
    "contains": bool,
}.items():
    setattr(Handle, f"__{_name}__", _operator(_name, _name, kind=_kind))
for _name in ("round", "floor", "ceil", "trunc", "divmod", "copy", "enter"):
    setattr(Handle, f"__{_name}__", _operator(_name, _name))
setattr(Handle, "__rdivmod__", _operator("divmod", "divmod", reflected=True))  # noqa: B010 - as all others
setattr(Handle, "__deepcopy__", lambda self, _: _operator("deepcopy", "copy")(self))  # noqa: B010
for _name, _operation in {"getitem": "item", "setitem": "set item", "delitem": "delete item"}.items():
    setattr(Handle, f"__{_name}__", _operator(_operation, _name))
del _name, _kind, _operation
