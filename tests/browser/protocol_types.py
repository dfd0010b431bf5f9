"""What travels between cards and Python, as a JSON schema and as types for the browser.

Both are made from `workshop.cards.protocol`.
"""

import json
import types
import typing
from pathlib import Path
from typing import Any, Literal, NotRequired, Union

from workshop.cards import protocol
from workshop.content.trees import Tree

SCHEMA = Path(protocol.__file__).with_name("protocol.schema.json")
TYPES = Path(protocol.__file__).with_name("browser") / "protocol.d.ts"
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
WORDS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
HEAD = """\
/* What travels between cards and Python. Made from cards/protocol.py: python tests/browser/tools.py protocol */

import type { Tree } from "./types.js";
"""


def schema() -> dict[str, Any]:
    """The schema: under `$defs` each TypedDict by its name, the unions `AnyView` and `Request`, and `Tree`."""
    defs: dict[str, Any] = {"Tree": {"type": "array", "items": {"type": ["string", "array"]}}}
    for name, union in (("AnyView", protocol.AnyView), ("Request", protocol.Request)):
        defs[name] = _of(union, defs)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "$defs": defs}


def _of(hint: Any, defs: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type hint; TypedDicts are put under `defs`. Raises TypeError for a type that is no JSON."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint == Tree:
        return {"$ref": "#/$defs/Tree"}
    if hint is Any:
        return {}
    if hint in PLAIN:
        return {"type": PLAIN[hint]}
    if origin is NotRequired:
        return _of(arguments[0], defs)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(each, defs) for each in arguments]}
    if origin is list:
        return {"type": "array", "items": _of(arguments[0], defs)}
    if origin is tuple:
        items = [_of(each, defs) for each in arguments]
        return {"type": "array", "items": items, "minItems": len(items), "maxItems": len(items)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of(arguments[1], defs)}
    if typing.is_typeddict(hint):
        return _of_typeddict(hint, defs)
    raise TypeError(f"{hint} is no type that a view or a request may have.")


def _of_typeddict(hint: Any, defs: dict[str, Any]) -> dict[str, Any]:
    reference = {"$ref": f"#/$defs/{hint.__name__}"}
    if hint.__name__ not in defs:
        made: dict[str, Any] = {"type": "object", "description": str(hint.__doc__).split("\n")[0]}
        defs[hint.__name__] = made
        hints = typing.get_type_hints(hint, include_extras=True)
        made["properties"] = {name: _of(each, defs) for name, each in hints.items()}
        made["required"] = [name for name, each in hints.items() if typing.get_origin(each) is not NotRequired]
        made["additionalProperties"] = False
    return reference


def schema_text() -> str:
    """The schema as it is committed."""
    return json.dumps(schema(), indent=1) + "\n"


def types_text() -> str:
    """The browser's types as they are committed."""
    parts = [HEAD]
    for name, made in schema()["$defs"].items():
        if "properties" in made:
            lines = [
                f"  {field}{'' if field in made['required'] else '?'}: {_type(each)};\n"
                for field, each in made["properties"].items()
            ]
            parts.append(f"\n/** {made['description']} */\nexport interface {name} {{\n{''.join(lines)}}}\n")
        elif name != "Tree":
            members = "".join(f"\n  | {_type(each)}" for each in made["anyOf"])
            parts.append(f"\nexport type {name} ={members};\n")
    return "".join(parts)


def _type(made: dict[str, Any]) -> str:
    """A schema as a type of TypeScript."""
    if "$ref" in made:
        return str(made["$ref"]).rpartition("/")[2]
    if "enum" in made:
        return " | ".join(json.dumps(each) for each in made["enum"])
    if "anyOf" in made:
        return " | ".join(_type(each) for each in made["anyOf"])
    if made.get("type") == "array":
        items = made["items"]
        if isinstance(items, list):
            return f"[{', '.join(map(_type, items))}]"
        inner = _type(items)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if made.get("type") == "object":
        return f"Record<string, {_type(made['additionalProperties'])}>"
    return WORDS[made["type"]] if made else "any"


def write() -> None:
    """Write both."""
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    TYPES.write_text(types_text(), encoding="utf-8")
