"""A submitted notebook in order again.

Every cell of the assignment is in its place, under its name, with its own marks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safe_cells import execution
from safe_cells.course import damaged

Cell = dict[str, Any]
Layout = Mapping[str, Any]  # what a worker knows of a notebook, see `assignment._notebook`


@dataclass
class Ordered:
    """A submitted notebook with every cell of the assignment in its place, and in words what was put right.

    `recognised` tells whether any cell of the assignment was found in it, and `lost` whether cells with words of the
    participant's are left that belong to nothing. A cell that was missing is marked by `put_back`.
    """

    data: dict[str, Any]
    repairs: list[str]
    recognised: bool
    lost: bool


def whole(notebook: Layout, raw: bytes) -> Ordered | None:
    """A submitted notebook in order, or None if it cannot be read."""
    data, how = damaged.json_of(raw)
    repairs = [f"mended ({how})"] if data is not None and how else []
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        cells, repairs = damaged.cells_of(raw)
        if cells is None:
            return None
        data = {
            "cells": [
                {
                    "cell_type": one["kind"] if one["kind"] in ("code", "markdown", "raw") else "code",
                    "source": one["source"],
                    "metadata": {"nbgrader": {"grade_id": one["name"]}} if one["name"] else {},
                    "id": one["id"],
                }
                for one in cells
            ]
        }
    cells = [clean for cell in data["cells"] if (clean := _clean(cell))]
    cells = named(notebook, cells, repairs)
    recognised = any(execution.id_of(cell) for cell in cells)
    given = {execution.source_of(cell).strip() for cell in notebook["layout"]} | {""}
    lost = any(not execution.id_of(cell) and cell["source"].strip() not in given for cell in cells)
    cells = in_place(notebook, cells, repairs)
    metadata: dict[str, Any] = data["metadata"] if isinstance(data.get("metadata"), dict) else {}
    if notebook["kernelspec"]:
        metadata = metadata | {"kernelspec": notebook["kernelspec"]}
    for place, cell in enumerate(cells):
        cell["id"] = cell.get("id") if isinstance(cell.get("id"), str) and cell["id"] else f"cell-{place}"
    return Ordered(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, repairs, recognised, lost
    )


def _clean(cell: Any) -> Cell | None:
    """A cell with what a cell has, and nothing that was put out earlier; None if it is none."""
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", "")
    source = "".join(line for line in source if isinstance(line, str)) if isinstance(source, list) else source
    if not isinstance(source, str):
        return None
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown", "raw") else "raw"
    metadata = (
        {key: value for key, value in cell["metadata"].items() if key not in ("collapsed", "scrolled")}
        if isinstance(cell.get("metadata"), dict)
        else {}
    )
    if not isinstance(metadata.get("nbgrader", {}), dict):
        metadata.pop("nbgrader")
    kept = {"cell_type": kind, "metadata": metadata, "source": source, "id": damaged.text_in(cell, "id")}
    if kind == "code":
        kept |= {"outputs": [], "execution_count": None}
    if kind != "code" and isinstance(cell.get("attachments"), dict):
        kept["attachments"] = cell["attachments"]
    return kept


def named(notebook: Layout, cells: list[Cell], repairs: list[str]) -> list[Cell]:
    """The cells, each known one under its name once; a cell is known by name, id, or the words that were given out."""
    layout = [cell for cell in notebook["layout"] if execution.id_of(cell) in notebook["sources"]]
    claims = _claims(notebook, cells)
    _find_unmarked(notebook, layout, cells, claims, repairs)
    _find_alike(notebook, layout, cells, claims, repairs)
    for name, found in claims.items():
        changed = [place for place in found if cells[place]["source"] != notebook["sources"][name]["source"]] or found
        for place in found:
            cells[place]["metadata"].pop("nbgrader", None)
        if len(found) > 1:
            repairs.append(
                f"there are {len(found)} cells {name}: {'the changed one' if len(changed) == 1 else 'the last one'} "
                "counts"
            )
        cells[changed[-1]] = _marked(notebook, name, cells[changed[-1]])
    return cells


def _claims(notebook: Layout, cells: list[Cell]) -> dict[str, list[int]]:
    """Name -> the places of the cells that bear it; marks of any other name are taken off."""
    claims: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        name = execution.id_of(cell)
        if name not in notebook["sources"]:
            cell["metadata"].pop("nbgrader", None)
            name = ""
        if name:
            claims.setdefault(name, []).append(place)
    return claims


def _find_unmarked(
    notebook: Layout, layout: list[Cell], cells: list[Cell], claims: dict[str, list[int]], repairs: list[str]
) -> None:
    """Add to `claims` the cells that lost their mark and still have their id, or the words that were given out."""
    by_id = {cell.get("id"): execution.id_of(cell) for cell in layout if cell.get("id")}
    by_text: dict[str, str] = {}
    for cell in layout:
        by_text.setdefault(execution.source_of(cell), execution.id_of(cell))
    for name in notebook["sources"]:
        if name in claims:
            continue
        free = [place for place, cell in enumerate(cells) if not execution.id_of(cell)]
        found = [place for place in free if by_id.get(cells[place]["id"]) == name] or [
            place for place in free if by_text.get(cells[place]["source"]) == name
        ]
        if found:
            claims[name] = found
            repairs.append(f"the cell {name} had lost its mark")


def _find_alike(
    notebook: Layout, layout: list[Cell], cells: list[Cell], claims: dict[str, list[int]], repairs: list[str]
) -> None:
    """Add to `claims` the solutions that are known only by what they define, or by their likeness."""
    stubs = [
        cell
        for cell in layout
        if "solution" in notebook["kinds"][execution.id_of(cell)] and execution.id_of(cell) not in claims
    ]
    if not stubs:
        return
    left = [
        {"source": cell["source"], "kind": cell["cell_type"], "name": "", "id": "", "place": place}
        for place, cell in enumerate(cells)
        if not execution.id_of(cell) and not any(place in found for found in claims.values())
    ]
    lines, more, _ = damaged.code_cells(left, {"cells": stubs})
    repairs += more
    for name, source in lines.items():
        if places_ := [one["place"] for one in left if one["source"] == source]:
            claims[name] = [places_[-1]]


def _marked(notebook: Layout, name: str, cell: Cell) -> Cell:
    """A cell with the marks and, if it is locked, the words that the grade book knows of it."""
    row, kinds = notebook["sources"][name], notebook["kinds"][name]
    marks = {
        "grade": "grade" in kinds,
        "grade_id": name,
        "locked": bool(row["locked"]),
        "schema_version": 3,
        "solution": "solution" in kinds,
        "task": "task" in kinds,
        "cell_type": row["cell_type"],
        "checksum": row["checksum"],
    }
    if name in notebook["points"]:
        marks["points"] = notebook["points"][name]
    made = {**cell, "cell_type": row["cell_type"], "metadata": {**cell["metadata"], "nbgrader": marks}}
    if row["locked"]:
        made["source"] = row["source"]
    if row["cell_type"] == "code":
        made |= {"outputs": [], "execution_count": None}
    else:
        made.pop("outputs", None)
        made.pop("execution_count", None)
    return made


def in_place(notebook: Layout, cells: list[Cell], repairs: list[str]) -> list[Cell]:
    """The cells with those that are missing put back, in the order of the assignment if that was lost."""
    order = [execution.id_of(cell) or f"#{cell.get('id')}" for cell in notebook["layout"]]
    given = {
        f"#{cell.get('id')}": cell
        for cell in notebook["layout"]
        if cell.get("id") and execution.id_of(cell) not in notebook["sources"]
    }
    there = [execution.id_of(cell) or (f"#{cell['id']}" if f"#{cell['id']}" in given else "") for cell in cells]
    ids_kept = any(name.startswith("#") for name in there) or any(
        cell["id"] in {one.get("id") for one in notebook["layout"]} for cell in cells
    )
    known = [order.index(name) for name in there if name in order]
    if known != sorted(known):
        repairs.append("its cells were put back in order")
        groups: list[tuple[int, Cell]] = []
        last = -1
        for name, cell in zip(there, cells, strict=True):
            last = order.index(name) if name in order else last
            groups.append((last, cell))
        cells = [cell for _, cell in sorted(groups, key=lambda pair: pair[0])]
        there = [execution.id_of(cell) or (f"#{cell['id']}" if f"#{cell['id']}" in given else "") for cell in cells]
    for place, name in enumerate(order):
        if name in there or (
            name not in notebook["sources"] and not (ids_kept and name in given and given[name]["cell_type"] == "code")
        ):
            continue
        before = [there.index(other) for other in order[:place] if other in there]
        at = max(before) + 1 if before else 0
        cell = _clean(notebook["layout"][place]) or {}
        if name in notebook["sources"]:
            cell = _marked(notebook, name, {**cell, "source": notebook["sources"][name]["source"]}) | {"put_back": True}
        cells.insert(at, cell)
        there.insert(at, name)
        repairs.append(f"the cell {name.removeprefix('#')} was missing and was put back")
    return cells


def matched(spec: Mapping[str, Any], notebooks: Mapping[str, bytes]) -> tuple[dict[str, tuple[str, bytes]], list[str]]:
    """({name of a notebook of the assignment: (path, bytes)}, what was put right), for submitted notebooks by path.

    A notebook counts under its name; one that was renamed or lies in a folder is known by the cells that it holds.
    """
    found = {
        name: (f"{name}.ipynb", notebooks[f"{name}.ipynb"])
        for name in spec["notebooks"]
        if f"{name}.ipynb" in notebooks
    }
    taken = {path for path, _ in found.values()}
    free = {path: raw for path, raw in notebooks.items() if path not in taken}
    repairs: list[str] = []
    for name, notebook in spec["notebooks"].items():
        if name in found or not free:
            continue
        held = {
            path: sum(f'"{id}"'.encode() in raw for id in notebook["sources"]) + (Path(path).stem == name)
            for path, raw in free.items()
        }
        best = max(held, key=held.__getitem__)
        if held[best] > len(notebook["sources"]) / 2 or Path(best).stem == name:
            found[name] = best, free.pop(best)
            repairs.append(f"{best} was taken for {name}.ipynb")
    return found, repairs
