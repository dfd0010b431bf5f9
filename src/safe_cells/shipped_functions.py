"""Functions that a test lends to the participant's process: `twice(lambda x: x + 1, 3)`, or a function to decorate.

Only the function itself goes there, in Python's own compiled form, and only if it needs nothing of the test but
constants, modules and what is the participant's already. This is the one way by which code crosses, and it leads away
from the judge.
"""

import base64
import builtins
import dis
import importlib
import marshal
import sys
import types
from typing import Any

from safe_cells.wire import Decoder, Encoder, NotPlain, is_remote

CONSTANTS = (type(None), bool, int, float, complex, str, bytes)


def write(coder: Encoder, value: Any, file: str) -> list[Any]:
    """A function of the test (compiled from `file`) or of a library, as data for the participant's process.

    Raises NotPlain.
    """
    if type(value) is types.FunctionType and value.__code__.co_filename == file:
        return _own(coder, value)
    if type(value) is types.ModuleType and sys.modules.get(value.__name__) is value:
        return ["library", value.__name__, ""]
    owner = getattr(value, "__objclass__", None)
    place = (owner or value).__module__ if isinstance(getattr(owner or value, "__module__", None), str) else "numpy"
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if place != "__main__" and isinstance(name, str) and _found(place, name) is value:
        return ["library", place, name]
    raise NotPlain("no function that can be lent")


def _own(coder: Encoder, function: types.FunctionType) -> list[Any]:
    names = _global_names(function.__code__)
    if function.__closure__ or names is None:
        raise NotPlain("a function that uses variables of the test")
    needs = []
    for name in sorted(names):
        value = function.__globals__.get(name, getattr(builtins, name, ...))
        # What can change would be one thing here and another thing there.
        if name not in function.__globals__ or value is function:
            continue
        if not (type(value) in (*CONSTANTS, types.ModuleType) or is_remote(value)):
            raise NotPlain("a function that uses variables of the test")
        needs.append([name, coder.encode(value)])
    defaults = coder.encode(function.__defaults__), coder.encode(function.__kwdefaults__)
    return ["function", coder.raw(marshal.dumps(function.__code__)), *defaults, needs]


def _global_names(code: types.CodeType) -> set[str] | None:
    """The names that a function looks up outside itself; None when it also sets some."""
    names: set[str] = set()
    for step in dis.get_instructions(code):
        if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
            return None
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            names.add(step.argval)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            if (found := _global_names(inner)) is None:
                return None
            names |= found
    return names


def _found(module: str, name: str) -> Any:
    try:
        value = importlib.import_module(module)
        for part in name.split(".") if name else []:
            value = getattr(value, part)
    except Exception:  # noqa: BLE001 - importing a module may fail in any way; then the name is not known there
        return None
    return value


def read(coder: Decoder, tag: str, parts: list[Any]) -> Any:
    """The function in data that the judge sent."""
    if tag == "library":
        return _found(*parts)
    code, defaults, kwdefaults, needs = parts
    namespace: dict[str, Any] = {"__builtins__": builtins, "__name__": "__main__"}
    namespace |= {name: coder.decode(data) for name, data in needs}
    code = marshal.loads(base64.b64decode(code))
    function = types.FunctionType(code, namespace, code.co_name, coder.decode(defaults))
    function.__kwdefaults__ = coder.decode(kwdefaults)
    namespace.setdefault(code.co_name, function)
    return function
