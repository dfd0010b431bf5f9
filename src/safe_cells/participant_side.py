"""The participant's side of the judge's questions: call this, read that, and hand back plain data.

It runs in the participant's own process, so the judge believes nothing that it says. What is not plain stays here, and
the judge gets a number for it.
"""

import builtins
import copy
import math
import operator
import random
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

from safe_cells import shipped_functions, wire
from safe_cells.framing import Message

BINARY = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift", "rshift"]
OPERATIONS: dict[str, Callable[..., Any]] = {
    **{
        f"__{name}__": getattr(operator, f"__{name}__")
        for name in (
            *BINARY,
            *(f"i{name}" for name in BINARY),
            *["eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "abs", "invert"],
        )
    },
    "call": lambda target, /, *args, **kwargs: target(*args, **kwargs),
    "item": operator.getitem,
    "set item": operator.setitem,
    "delete item": operator.delitem,
    "contains": operator.contains,
    "attribute": getattr,
    "set attribute": setattr,
    "delete attribute": delattr,
    "iter": iter,
    "next": next,
    "reversed": reversed,
    "divmod": divmod,
    "len": len,
    "bool": bool,
    "hash": hash,
    "str": str,
    "repr": repr,
    "format": format,
    "dir": dir,
    "int": int,
    "float": float,
    "complex": complex,
    "index": operator.index,
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
    "trunc": math.trunc,
    "isinstance": isinstance,
    "issubclass": issubclass,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "enter": lambda target: type(target).__enter__(target),
    "exit": lambda target: type(target).__exit__(target, None, None, None),
    "seed random": random.seed,
    "seed numpy.random": lambda *args: sys.modules["numpy"].random.seed(*args),
}
# What a participant's type may be built upon, and how the plain part of such a value is read without asking its
# methods.
BASES: dict[type, Callable[[Any], Any]] = {
    int: int.__pos__,
    float: float.__pos__,
    complex: complex.__pos__,
    str: lambda value: str.__add__(value, ""),
    bytes: lambda value: bytes.__add__(value, b""),
    list: lambda value: list(list.__iter__(value)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
}


class Known:
    """The objects that the judge has a number for, and what it was last told of names that it watches."""

    def __init__(self) -> None:
        self.objects: list[Any] = []
        self.numbers: dict[int, int] = {}
        self.told: dict[str, wire.Data] = {}

    def write(self, coder: wire.Encoder, value: Any) -> wire.Data:
        """What is not plain, described for the other side.

        Its number, its type's name, whether it can be called, and the plain value it is built upon.
        """
        if id(value) not in self.numbers:
            self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        base = next((read for kind, read in BASES.items() if kind in type(value).__mro__), None)
        return [
            "object",
            self.numbers[id(value)],
            type(value).__name__,
            callable(value),
            base and coder.encode(base(value)),
        ]

    def read(self, coder: wire.Decoder, tag: str, parts: list[wire.Data]) -> Any:
        """The object of a number, or a function that the test lends."""
        if tag != "handle":
            return shipped_functions.read(coder, tag, parts)
        (number,) = parts
        return self.objects[coder.whole(number, 0, len(self.objects) - 1)]


KNOWN = Known()


def answer(message: Message, namespace: dict[str, Any], known: Known = KNOWN) -> Message:
    """The reply to one question of the judge about the participant's `namespace`. It never raises."""
    try:
        if message["do"] == "names":
            known.told.clear()
            return {"names": {name: _look_up(name, namespace, known) for name in message["names"]}}
        reply = _operate(message, known)
        reply["watched"] = _changes(message.get("watch", ()), namespace, known)
        return reply
    except BaseException as error:  # noqa: BLE001 - what a participant's code raises is the answer
        return _raised(error)


def _look_up(name: str, namespace: dict[str, Any], known: Known) -> dict[str, Any]:
    if name not in namespace:
        return {"is": "missing"}
    value = namespace[name]
    if type(value) is types.ModuleType:
        return {"is": "module", "module": value.__name__}
    try:
        known.told[name], data = wire.marks([value], known.write), wire.encode(value, known.write)
    except wire.NotPlain as error:
        return {"is": "strange", "why": str(error)}
    return {"is": "value", "value": data}


def _operate(message: Message, known: Known) -> Message:
    args = [wire.decode(data, known.read) for data in message["args"]]
    kwargs = {name: wire.decode(data, known.read) for name, data in message.get("kwargs", {}).items()}
    given = [*args, *kwargs.values()]
    # What can be changed in place is looked at again afterwards; what stays here all the time need not be.
    owned = wire.changeable(given, known.numbers)
    before = wire.marks(owned, known.write)
    reply: Message
    try:
        result = OPERATIONS[message["do"]](*args, **kwargs)
    except StopIteration as stop:
        reply = {"end": True} if message["do"] == "next" else _raised(stop)
    except BaseException as error:  # noqa: BLE001 - what a participant's code raises is the answer
        reply = _raised(error)
    else:
        # Small values are shared by all of Python, so being the same object says nothing about them.
        kept = {id(value) for value in owned}
        same = next((place for place, value in enumerate(given) if value is result and id(value) in kept), None)
        reply = {"value": wire.encode(result, known.write)} if same is None else {"same": same}
    after = wire.marks(owned, known.write)
    if after != before:
        data = wire.states(owned, known.write)
        reply["changed"] = [[place, data[place]] for place in range(len(owned)) if after[place] != before[place]]
    return reply


def _changes(names: Iterable[str], namespace: dict[str, Any], known: Known) -> dict[str, wire.Data]:
    changed: dict[str, wire.Data] = {}
    for name in names:
        if name in namespace and type(namespace[name]) is not types.ModuleType:
            mark = wire.marks([namespace[name]], known.write)
            if mark != known.told.get(name):
                known.told[name], changed[name] = mark, wire.encode(namespace[name], known.write)
    return changed


def _raised(error: BaseException) -> Message:
    """An exception as the name of the nearest one that Python itself has, its arguments if plain, and its message."""
    own = type(error)
    nearest = next(kind.__name__ for kind in own.__mro__ if getattr(builtins, kind.__name__, None) is kind)
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - a class of the participant's may not be able to say what it is
        text = ""
    try:
        # With words of its own an exception says more in its text.
        args = wire.encode(list(error.args)) if own.__str__ is getattr(builtins, nearest).__str__ else None
    except BaseException:  # noqa: BLE001 - then its text says enough
        args = None
    return {"raised": {"nearest": nearest, "own": own.__name__, "args": args, "text": text[:2000]}}
