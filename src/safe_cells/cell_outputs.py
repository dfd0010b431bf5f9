"""What a cell shows, as a notebook keeps it; checked, because a participant's process wrote it."""

from typing import Any


def outputs(items: object) -> list[dict[str, Any]]:
    """The outputs with nothing but what a notebook may hold. ValueError where they are something else."""
    if type(items) is not list:
        raise ValueError("no list of outputs")
    return [_output(item) for item in items]


def _output(item: Any) -> dict[str, Any]:
    if type(item) is not dict:
        raise ValueError("no output")
    kind = item.get("output_type")
    if kind == "stream" and item.get("name") in ("stdout", "stderr"):
        return {"output_type": kind, "name": item["name"], "text": _text(item.get("text"))}
    if kind == "error":
        traceback = item.get("traceback")
        if type(traceback) is not list:
            raise ValueError("no traceback")
        return {
            "output_type": kind,
            "ename": _text(item.get("ename")),
            "evalue": _text(item.get("evalue")),
            "traceback": [_text(line) for line in traceback],
        }
    if kind in ("display_data", "execute_result"):
        data, metadata = item.get("data"), item.get("metadata")
        if type(data) is not dict or type(metadata) is not dict:
            raise ValueError("no data")
        kept = {
            "output_type": kind,
            "metadata": metadata,
            "data": {mime: value if "json" in mime else _text(value) for mime, value in data.items()},
        }
        if kind == "execute_result":
            kept["execution_count"] = whole(item.get("execution_count"))
        return kept
    raise ValueError("no known kind of output")


def whole(number: object) -> int:
    """A number of a cell."""
    if type(number) is not int or not 0 <= number < 2**31:
        raise ValueError("no number of a cell")
    return number


def _text(value: object) -> str:
    if type(value) is not str:
        raise ValueError("no text")
    return value
