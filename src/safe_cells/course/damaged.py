"""Reading what was damaged on its way: JSON and notebooks, as far as anything of them can be made out."""

import difflib
import gzip
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Found = dict[str, Any]  # what is left of a cell: {"source", "kind", "name", "id"}
MARKS = re.compile(r"^(<{7}|={7}|>{7}|\|{7}).*$", re.M)
TRAILING = re.compile(r",(\s*[}\]])")
ALIKE = 0.6  # how alike a text must be to lines that were given out to be taken for them


def text_of(raw: bytes) -> tuple[str, str]:
    """(bytes as text, what was put right or an empty string)."""
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(50_000_000)
        except (OSError, EOFError):
            return "", "it is packed and cannot be unpacked"
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace"), "it was saved as UTF-16"
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    if b"\0" in raw[:200]:
        return raw.decode("utf-16-le" if raw[1:2] == b"\0" else "utf-16-be", "replace"), "it was saved as UTF-16"
    return raw.decode("cp1252", "replace"), "its letters were saved in another way"


def json_of(raw: bytes) -> tuple[Any, str]:
    """(data, what was put right or an empty string) of bytes that should be JSON.

    The data is None when nothing can be made out.
    """
    words, said = text_of(raw)
    mends: tuple[tuple[Callable[[str], str], str], ...] = (
        (lambda text: text, said),
        (_without_marks, "marks of two editions were taken out"),
        (lambda text: TRAILING.sub(r"\1", _without_marks(text)), "commas too many were taken out"),
        (lambda text: TRAILING.sub(r"\1", text.translate(QUOTES)), "curly quotation marks were made straight"),
    )
    for mend, how in mends:
        try:
            data = json.loads(mend(words))
        except (ValueError, RecursionError):
            continue
        if "\\ud" in words.lower():
            whole = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
            if whole != data:
                # Cutting a text at a length may leave half of a character, with which nothing could be written or run.
                return whole, " and ".join(filter(None, [how, "halves of characters were replaced by a question mark"]))
        return data, how
    return None, said


QUOTES = {ord(mark): '"' for mark in "“”„‟"}


def _without_marks(words: str) -> str:
    return MARKS.sub("", words)


# ---------------------------------------------------------------- notebooks


def cells_of(raw: bytes) -> tuple[list[Found] | None, list[str]]:
    """([{"source", "kind", "name", "id"}], repairs) of a notebook of any format.

    The list is None when nothing can be made out.
    """
    data, how = json_of(raw)
    repairs = [f"the notebook was mended ({how})"] if data is not None and how else []
    if isinstance(data, dict):
        found = data.get("cells")
        if not isinstance(found, list) and isinstance(data.get("worksheets"), list):
            found = [cell for part in data["worksheets"] if isinstance(part, dict) for cell in part.get("cells") or []]
            repairs.append("the notebook is of an old format")
    else:
        found = _cells_in(text_of(raw)[0])
        repairs = ["the notebook is cut off or broken; the cells that are whole count"] if found else []
    if not isinstance(found, list):
        return None, []
    return [cell for cell in map(_cell, found) if cell], repairs


def _cell(cell: Any) -> Found | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return None
    marks = _dict_in(_dict_in(cell, "metadata"), "nbgrader")
    return {
        "source": source,
        "kind": cell.get("cell_type"),
        "name": text_in(marks, "grade_id"),
        "id": text_in(cell, "id"),
    }


def _dict_in(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def text_in(data: Mapping[str, Any], key: str) -> str:
    """What stands under a key, if it is a text; else an empty one."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _cells_in(words: str) -> list[dict[str, Any]] | None:
    """Every whole cell in what is left of a notebook."""
    found, decoder, place = [], json.JSONDecoder(), 0
    start = words.find('"cells"')
    place = words.find("[", start) + 1 if start >= 0 else 0
    while 0 < (place := words.find("{", place)) < len(words):
        try:
            cell, place = decoder.raw_decode(words, place)
        except (ValueError, RecursionError):
            break
        if isinstance(cell, dict) and "cell_type" in cell:
            found.append(cell)
    return found or None


def code_cells(cells: Sequence[Found], released: Mapping[str, Any]) -> tuple[dict[str, str], list[str], list[str]]:
    """(name -> the participant's lines of each solution cell, repairs, missing).

    A cell is found by its name, by its id, by what it defines, or by its likeness to what was given out; when it was
    copied, the copy that was changed counts, and of several the last.
    """
    wanted: dict[str, Found] = {}
    found: dict[str, str] = {}
    repairs: list[str] = []
    missing: list[str] = []
    given = [known for cell in released["cells"] if (known := _cell(cell))]
    for cell in released["cells"]:
        marks = cell.get("metadata", {}).get("nbgrader", {})
        if marks.get("solution"):
            wanted[marks["grade_id"]] = _cell(cell) or {}
    others = {cell["source"].strip() for cell in given} - {cell["source"].strip() for cell in wanted.values()}
    for name, stub in wanted.items():
        defined = set(re.findall(r"^(?:def|class)\s+(\w+)", stub["source"], re.M))
        named = [cell for cell in cells if cell["name"] == name]
        by = ""
        if not named:
            named, by = (
                [cell for cell in cells if stub["id"] and cell["id"] == stub["id"] and not cell["name"]],
                "its id",
            )
        free = [cell for cell in cells if cell["name"] in ("", name) and cell["source"].strip() not in others]
        if not named and defined:
            named = [
                cell for cell in free if defined <= set(re.findall(r"^(?:def|class)\s+(\w+)", cell["source"], re.M))
            ]
            by = "what it defines"
        if not named:
            likely = [(difflib.SequenceMatcher(None, stub["source"], cell["source"]).ratio(), cell) for cell in free]
            best = max(likely, key=lambda pair: pair[0], default=(0.0, {}))
            named, by = ([best[1]], "its likeness to what was given out") if best[0] >= ALIKE else ([], "")
        if not named:
            missing.append(f"the lines for {name} were not found")
            continue
        changed = [cell for cell in named if cell["source"] != stub["source"]] or named
        if len(changed) > 1:
            repairs.append(f"there are {len(changed)} cells for {name}: the last one counts")
        if by:
            repairs.append(f"the lines for {name} were found by {by}")
        source = changed[-1]["source"]
        if defined and not defined <= set(re.findall(r"^(?:def|class)\s+(\w+)", source, re.M)):
            # A cell that was split: its other part stands in a cell of its own without a name.
            parts = [
                cell["source"]
                for cell in free
                if not cell["name"] and defined & set(re.findall(r"(?:def|class)\s+(\w+)", cell["source"]))
            ]
            if parts:
                source = "\n\n".join([*parts, source])
                repairs.append(f"the lines for {name} stood in several cells and were joined")
        found[name] = source
    return found, repairs, missing
