"""A course that is not the kit's: any folder of nbgrader's, graded with the outcome that nbgrader has for honest work.

What an instructor's course sets (time limits, late penalties, files that participants may change) is read from its own
nbgrader_config.py. Where a course changes nbgrader's own steps, it says so and grades nothing.
"""

import hashlib
import json
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from safe_cells import execution
from safe_cells.errors import NoJail
from safe_cells.kernel_pool import Ended, Slow
from safe_cells.limits import Limits
from workshop.content.imports import quick
from workshop.errors import GradingError
from workshop.grading import assignments, course_paths, points, repair
from workshop.grading.course import api
from workshop.grading.gradebook import GradeBook, Graded
from workshop.grading.submission import NO_RESPONSE, NOTHING, warm

OWN_STEPS = ("sanitize_preprocessors", "autograde_preprocessors", "preprocessors")
TIMES_A_CELL = 20  # how many cells of a notebook may use up their whole time


@dataclass
class Course:
    """An assignment of a course, ready for grading. `spec` is what workers get."""

    places: object
    config: object
    assignment: object
    spec: dict
    digest: str
    inside: dict


def prepare(root, name, unsafe=False):
    """The assignment `name` of the course in `root`. Raises GradingError when it cannot be graded here."""
    root = Path(root).resolve()
    config = course_paths.settings(root)
    if changed := [step for step in OWN_STEPS if step in config.Autograde]:
        raise GradingError(
            f"This course replaces nbgrader's own steps (c.Autograde.{changed[0]} in nbgrader_config.py). Those would have "
            "to run outside the jail: grade it with `nbgrader autograde`."
        )
    where = course_paths.read(root, config)
    assignment = _assignment(root, name, where)
    release, source = where.of("release", ".", name), where.source(name)
    limit = config.Execute.get("timeout", 30)
    seconds = limit if isinstance(limit, int) and limit > 0 else 600
    spec = {
        "name": name,
        "notebooks": {},
        "files": files_in(source),
        "seconds": seconds,
        "lines": config.LimitOutput.get("max_lines", 1000),
        "traceback": config.LimitOutput.get("max_traceback", 100),
        "theirs": list(config.Autograde.get("exclude_overwriting", {}).get(name, [])),
    }
    for notebook in assignment.notebooks.values():
        language = json.loads(notebook.kernelspec or "{}").get("language", "python")
        if language != "python":
            raise GradingError(
                f"The notebook {notebook.name} is written in {language}. Here only Python is graded: use `nbgrader autograde`."
            )
        spec["notebooks"][notebook.name] = _notebook(notebook, release, source)
    digest = hashlib.sha256(repr(sorted(_plain(spec).items())).encode()).hexdigest()
    inside = _planned(root, spec, source, digest, unsafe)
    return Course(where, config, assignment, spec, digest, inside)


def _assignment(root, name, where):
    assignments.new_book(where.db_url, where.course_id)
    book = GradeBook(where.db_url)
    try:
        found = book.assignment(name)
        if found is None or not found.notebooks:
            if not where.source(name).is_dir():
                known = (
                    ", ".join(sorted(path.name for path in where.source(name).parent.glob("*") if path.is_dir()))
                    or "none"
                )
                raise GradingError(f"The course in {root} has no assignment “{name}”. It has: {known}.")
            done = api(root).generate_assignment(name, force=True)
            if not done["success"]:
                raise GradingError(
                    f"nbgrader could not make the assignment {name}:\n{done.get('error') or done.get('log')}"
                )
            found = book.assignment(name)
    finally:
        book.close()
    return found


def files_in(folder):
    """{relative path: bytes} of everything in a folder but its notebooks; links are not followed."""
    found = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        parts = path.relative_to(folder).parts
        if (
            path.is_file()
            and not path.is_symlink()
            and path.suffix != ".ipynb"
            and not {".ipynb_checkpoints", "__pycache__"} & set(parts)
        ):
            found["/".join(parts)] = path.read_bytes()
    return found


def _notebook(notebook, release, source):
    """What a worker needs to know of a notebook of the assignment."""
    layout = next(
        (path for path in (release / f"{notebook.name}.ipynb", source / f"{notebook.name}.ipynb") if path.exists()),
        None,
    )
    if layout is None:
        raise GradingError(
            f"The notebook {notebook.name}.ipynb is neither in {release} nor in {source}. Put it back, then grade again."
        )
    sources = {
        cell: {key: row[key] for key in ("source", "cell_type", "locked", "checksum")}
        for cell, row in notebook.sources.items()
    }
    kinds = {cell: sorted(kind for kind, name in notebook.cells if name == cell) for cell in sources}
    return {
        "kernelspec": json.loads(notebook.kernelspec or "null"),
        "sources": sources,
        "kinds": kinds,
        "points": notebook.points,
        "layout": json.loads(layout.read_text(encoding="utf-8"))["cells"],
        "plan": None,
    }


def _plain(spec):
    return {key: value for key, value in spec.items() if key != "notebooks"} | {
        "notebooks": {
            name: {key: value for key, value in one.items() if key != "plan"} for name, one in spec["notebooks"].items()
        }
    }


def _planned(root, spec, source, digest, unsafe):
    """Fill in how the code of each notebook runs; returns why tests run inside participants' own process, by name."""
    kept = root / ".workshop" / "prepared" / f"{spec['name']}.json"
    try:
        data = json.loads(kept.read_text(encoding="utf-8"))
        plans = data["plans"] if data["made_from"] == digest else None
    except (OSError, ValueError, KeyError, TypeError):
        plans = None
    if plans is None:
        plans = {}
        for name, notebook in spec["notebooks"].items():
            try:
                plans[name] = _plan(spec, name, notebook, source / f"{name}.ipynb", unsafe)
            except NoJail:
                return {}
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"made_from": digest, "plans": plans}), encoding="utf-8")
    for name, plan in plans.items():
        spec["notebooks"][name]["plan"] = plan
    return {
        f"{name}/{test}": found["inside"]
        for name, plan in plans.items()
        for test, found in plan["tests"].items()
        if found["inside"]
    }


def _plan(spec, name, notebook, solved, unsafe):
    tests = [
        cell
        for cell, kinds in notebook["kinds"].items()
        if kinds == ["grade"] and notebook["sources"][cell]["cell_type"] == "code"
    ]
    if not solved.exists():
        why = "there is no solved notebook to try it with"
        return {
            "given": [],
            "tests": {
                test: {
                    "cell": 0,
                    "needs": None,
                    "inside": why,
                    "imports": "",
                    "both": False,
                    "trusts": [],
                    "visible": "",
                }
                for test in tests
            },
        }
    cells = json.loads(solved.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        # The book has the whole tests, with what nbgrader made of its autotest lines.
        if execution.id_of(cell) in tests:
            cell["source"] = notebook["sources"][execution.id_of(cell)]["source"]
    visible = {execution.id_of(cell): execution.source_of(cell) for cell in notebook["layout"]}
    with tempfile.TemporaryDirectory() as folder:
        _lay_out(Path(folder), spec["files"])
        return execution.plan_of(warm(unsafe), cells, visible, Path(folder), _limits(spec))


def _limits(spec):
    return Limits(cell=spec["seconds"], total=spec["seconds"] * TIMES_A_CELL + 60)


def _lay_out(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


# ---------------------------------------------------------------- what a worker does


def graded(spec, handed, unsafe=False):
    """One submission: {"scores", "comments", "missing", "notebooks", "notes", "repairs", "code_waits"}.

    `handed` has the notebooks as bytes by file name, and other files under "files".
    """
    result = {
        "scores": {},
        "comments": {},
        "missing": [],
        "notebooks": {},
        "notes": [],
        "repairs": [],
        "code_waits": False,
        "regime": "",
    }
    notebooks, result["repairs"] = matched(spec, handed["notebooks"])
    theirs = {
        name: data for name, data in handed["files"].items() if name not in spec["files"] or name in spec["theirs"]
    }
    with tempfile.TemporaryDirectory() as place:
        ours, both = Path(place) / "ours", Path(place) / "both"
        for folder, files in ((ours, spec["files"]), (both, {**spec["files"], **theirs})):
            folder.mkdir()
            _lay_out(folder, files)
        for name, notebook in spec["notebooks"].items():
            if name not in notebooks:
                result["missing"].append(name)
                continue
            found = whole(notebook, notebooks[name][1])
            if found is None:
                result["notes"].append(
                    f"the notebook {name} cannot be read, so that nothing in it was graded; it waits for a reader"
                )
                continue
            data, repairs = found
            result["repairs"] += [f"{name}: {words}" for words in repairs]
            outputs = _run(spec, notebook, data["cells"], both, ours, unsafe, name, result)
            for place_, cell in enumerate(data["cells"]):
                if cell["cell_type"] == "code":
                    cell["outputs"], cell["execution_count"] = limited((outputs or {}).get(place_, []), spec), None
            result["scores"][name], result["comments"][name] = scored(notebook, data["cells"], outputs is None)
            result["notebooks"][f"{name}.ipynb"] = data
    return result


def _run(spec, notebook, cells, both, ours, unsafe, name, result):
    """The outputs of a notebook's cells, or None when its code was not run."""
    try:
        if notebook["plan"] is None:
            raise NoJail
        outputs, told = execution.run(warm(unsafe), notebook["plan"], cells, both, _limits(spec), judge_files=ours)
        result["notes"] += [f"{name}: {words}" for words in told]
        result["regime"] = warm(unsafe).regime
        return outputs
    except NoJail:
        if unsafe:
            result["regime"] = NOTHING
            return execution.run_plainly(cells, both, _limits(spec))
        result["code_waits"] = True
    except (Ended, Slow) as end:
        result["notes"].append(f"{name}: the notebook {end}, so that its code was not run; it waits for a reader")
    return None


def scored(notebook, cells, unrun):
    """(score by cell, comment by cell), by nbgrader's rules; a score of None waits for a reader."""
    scores, comments = {}, {}
    for cell in cells:
        name = execution.id_of(cell)
        kinds = notebook["kinds"].get(name)
        if not kinds:
            continue
        untouched = execution.source_of(cell) == notebook["sources"][name]["source"]
        if "solution" in kinds:
            comments[name] = NO_RESPONSE if untouched else None
        if "task" in kinds:
            scores[name], comments[name] = None, None
        elif "grade" in kinds and "solution" in kinds:
            scores[name] = 0.0 if untouched else None
        elif "grade" in kinds:
            unknown = unrun or cell["cell_type"] != "code"
            scores[name] = None if unknown else points.of_outputs(cell["outputs"], notebook["points"][name])
    return scores, comments


def limited(outputs, spec):
    """Outputs with as many lines as nbgrader keeps of them."""
    lines, kept = 0, []
    for output in outputs:
        if output["output_type"] == "stream" and spec["lines"] != -1:
            if lines == spec["lines"]:
                continue
            text = "".join(output["text"]).split("\n")
            if len(text) + lines > spec["lines"]:
                text = [*text[: spec["lines"] - lines - 1], "... Output truncated ..."]
            lines += len(text)
            output = output | {"text": "\n".join(text)}
        elif output["output_type"] == "error" and -1 != spec["traceback"] < len(output["traceback"]):
            start = spec["traceback"] // 2
            end = spec["traceback"] - start - 1
            output = output | {
                "traceback": [*output["traceback"][:start], "... Traceback truncated ...", *output["traceback"][-end:]]
            }
        kept.append(output)
    return kept


# ---------------------------------------------------------------- putting a notebook in order


def whole(notebook, raw):
    """(a submitted notebook with every cell of the assignment in its place, what was put right), or None if it cannot be read."""
    data, how = repair.json_of(raw)
    repairs = [f"mended ({how})"] if data is not None and how else []
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        cells, repairs = repair.cells_of(raw)
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
    cells = in_place(notebook, named(notebook, cells, repairs), repairs)
    metadata = data.get("metadata") if isinstance(data.get("metadata"), dict) else {}
    if notebook["kernelspec"]:
        metadata = metadata | {"kernelspec": notebook["kernelspec"]}
    for place, cell in enumerate(cells):
        cell["id"] = cell.get("id") if isinstance(cell.get("id"), str) and cell["id"] else f"cell-{place}"
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, repairs


def _clean(cell):
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
    kept = {"cell_type": kind, "metadata": metadata, "source": source, "id": cell.get("id")}
    if kind == "code":
        kept |= {"outputs": [], "execution_count": None}
    if kind != "code" and isinstance(cell.get("attachments"), dict):
        kept["attachments"] = cell["attachments"]
    return kept


def named(notebook, cells, repairs):
    """The cells, each known one under its name once; a cell is known by name, id, or the words that were given out."""
    layout = [cell for cell in notebook["layout"] if execution.id_of(cell) in notebook["sources"]]
    by_id = {cell.get("id"): execution.id_of(cell) for cell in layout if cell.get("id")}
    by_text = {}
    for cell in layout:
        by_text.setdefault(execution.source_of(cell), execution.id_of(cell))
    claims = {}
    for place, cell in enumerate(cells):
        name = execution.id_of(cell)
        if name not in notebook["sources"]:
            cell["metadata"].pop("nbgrader", None)
            name = ""
        if name:
            claims.setdefault(name, []).append(place)
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
    stubs = [
        cell
        for cell in layout
        if "solution" in notebook["kinds"][execution.id_of(cell)] and execution.id_of(cell) not in claims
    ]
    if stubs:
        free = [
            {"source": cell["source"], "kind": cell["cell_type"], "name": "", "id": "", "place": place}
            for place, cell in enumerate(cells)
            if not execution.id_of(cell) and not any(place in found for found in claims.values())
        ]
        lines, more, _ = repair.code_cells(free, {"cells": stubs})
        repairs += more
        for name, source in lines.items():
            if places_ := [one["place"] for one in free if one["source"] == source]:
                claims[name] = [places_[-1]]
    for name, found in claims.items():
        changed = [place for place in found if cells[place]["source"] != notebook["sources"][name]["source"]] or found
        for place in found:
            cells[place]["metadata"].pop("nbgrader", None)
        if len(found) > 1:
            repairs.append(
                f"there are {len(found)} cells {name}: {'the changed one' if len(changed) == 1 else 'the last one'} counts"
            )
        cells[changed[-1]] = _marked(notebook, name, cells[changed[-1]])
    return cells


def _marked(notebook, name, cell):
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


def in_place(notebook, cells, repairs):
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
        groups, last = [], -1
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
        cell = _clean(notebook["layout"][place])
        if name in notebook["sources"]:
            cell = _marked(notebook, name, {**cell, "source": notebook["sources"][name]["source"]})
        cells.insert(at, cell)
        there.insert(at, name)
        repairs.append(f"the cell {name.removeprefix('#')} was missing and was put back")
    return cells


# ---------------------------------------------------------------- hand-ins and the grade book


def submission(folder, name):
    """(what a worker needs of a submitted folder, its time stamp or None). Raises OSError."""
    found = files_in(folder)
    notebooks = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.ipynb"))
        if path.is_file() and not path.is_symlink() and ".ipynb_checkpoints" not in path.parts
    }
    return {"notebooks": notebooks, "files": found}, _time(found.get("timestamp.txt"))


def matched(spec, notebooks):
    """({name of a notebook of the assignment: (path, bytes)}, what was put right), for submitted notebooks by path.

    A notebook counts under its name; one that was renamed or lies in a folder is known by the cells that it holds.
    """
    found = {
        name: (f"{name}.ipynb", notebooks[f"{name}.ipynb"])
        for name in spec["notebooks"]
        if f"{name}.ipynb" in notebooks
    }
    repairs, free = (
        [],
        {path: raw for path, raw in notebooks.items() if path not in {path for path, _ in found.values()}},
    )
    for name, notebook in spec["notebooks"].items():
        if name in found or not free:
            continue
        held = {
            path: sum(f'"{id}"'.encode() in raw for id in notebook["sources"]) + (Path(path).stem == name)
            for path, raw in free.items()
        }
        best = max(held, key=lambda path: held[path])
        if held[best] > len(notebook["sources"]) / 2 or Path(best).stem == name:
            found[name] = best, free.pop(best)
            repairs.append(f"{best} was taken for {name}.ipynb")
    return found, repairs


def _time(raw):
    if raw is None:
        return None
    from dateutil import parser

    try:
        moment = parser.parse(repair.text_of(raw)[0].strip())
    except (ValueError, OverflowError):
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def late_penalty(course):
    """A function (student, points, seconds late) -> what the course's own plugin takes off, or None."""
    if course.assignment.duedate is None:
        return None
    root = str(course.places.root)
    sys.path.insert(0, root)  # as nbgrader does: a course may bring its own plugin
    try:
        with quick():
            from nbgrader.preprocessors import AssignLatePenalties

        step = AssignLatePenalties(config=course.config)
        step.init_plugin()
    finally:
        sys.path.remove(root)
    return step.plugin_inst.late_submission_penalty


def as_graded(student, timestamp, outcome):
    """A worker's outcome as the grade book takes it."""
    return Graded(student, timestamp, outcome["scores"], outcome["comments"], set(), outcome["missing"])
