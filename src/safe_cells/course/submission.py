"""What a worker does with one submission. No file of the course is touched.

Everything that goes in or comes out is JSON-ready, but for the bytes of files, so that any executor can do the work.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from safe_cells import execution, verdicts
from safe_cells.course import notebooks as notebooks_in_order
from safe_cells.errors import NoJail
from safe_cells.execution import Beside, Ran
from safe_cells.kernel_pool import Ended, Slow, pool
from safe_cells.limits import Limits
from safe_cells.verdicts import Output

NO_RESPONSE = "No response."  # nbgrader's own words
NOTHING = "nothing; it ran with your rights"
TIMES_A_CELL = 20  # how many cells of a notebook may use up their whole time
NOT_FOUND = ("ImportError", "ModuleNotFoundError")

Spec = dict[str, Any]  # what `safe_cells.course.assignment.prepare` makes
Result = dict[str, Any]


def limits_of(spec: Spec) -> Limits:
    """What one notebook of the assignment may use up."""
    return Limits(cell=spec["seconds"], total=spec["seconds"] * TIMES_A_CELL + 60)


def lay_out(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files, path -> content, into a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def own_files(spec: Spec, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a participant that count beside those of the assignment, whose own come first.

    A file in a folder that has the name of a file or a notebook of the assignment, or the reverse, has no room there.
    """
    ours = {name for name in spec["files"] if name not in spec["theirs"]} | {
        f"{name}.ipynb" for name in spec["notebooks"]
    }
    folders = _folders(ours)
    return {
        name: data
        for name, data in files.items()
        if name not in ours and name not in folders and not _folders([name]) & ours
    }


def _folders(names: Iterable[str]) -> set[str]:
    return {str(folder) for name in names for folder in PurePosixPath(name).parents} - {"."}


def graded(spec: Spec, handed: Mapping[str, Any], unsafe: bool = False) -> Result:
    """One submission, graded, or {"refused": why}.

    Graded, it is {"scores", "comments", "missing", "notebooks", "notes", "repairs", "held", "code_waits", "regime",
    "again"}. `handed` has the notebooks as bytes by file name, and other files under "files". "held" says for
    "notebook/cell" why a test waits for a reader (see `verdicts.Held`), and "again" whether something could not be
    imported.
    """
    result: Result = {
        "scores": {},
        "comments": {},
        "missing": [],
        "notebooks": {},
        "notes": [],
        "repairs": [],
        "held": {},
        "code_waits": False,
        "regime": "",
        "again": False,
    }
    notebooks, result["repairs"] = notebooks_in_order.matched(spec, handed["notebooks"])
    strangers = []
    with tempfile.TemporaryDirectory() as place:
        ours, both = Path(place) / "ours", Path(place) / "both"
        for folder, files in ((ours, spec["files"]), (both, {**spec["files"], **own_files(spec, handed["files"])})):
            folder.mkdir()
            lay_out(folder, files)
        beside = Beside(both, ours, spec["at"], spec["links"])
        for name, notebook in spec["notebooks"].items():
            if name not in notebooks:
                result["missing"].append(name)
                continue
            ordered = notebooks_in_order.whole(notebook, notebooks[name][1])
            if ordered is None:
                result["notes"].append(
                    f"the notebook {name} cannot be read, so that nothing in it was graded; it waits for a reader"
                )
                continue
            if not ordered.recognised:
                strangers.append(notebooks[name][0])
                continue
            result["repairs"] += [f"{name}: {words}" for words in ordered.repairs]
            _grade(spec, name, ordered, beside, unsafe, result)
    if strangers and not result["notebooks"]:
        named = ", ".join(strangers)
        return {
            "refused": (
                f"No cell of {named} belongs to {spec['name']}: perhaps it is the notebook of another assignment."
            )
        }
    result["missing"] += [name for name in spec["notebooks"] if name in notebooks and notebooks[name][0] in strangers]
    result["notes"] += [
        f"no cell of {path} belongs to the assignment, so it counts as not handed in" for path in strangers
    ]
    return result


def _grade(
    spec: Spec, name: str, ordered: notebooks_in_order.Ordered, beside: Beside, unsafe: bool, result: Result
) -> None:
    """Run a notebook and put what it is worth into the result."""
    notebook, cells = spec["notebooks"][name], ordered.data["cells"]
    ran = _run(spec, notebook, cells, beside, unsafe, name, result)
    scores, comments = scored(spec, notebook, cells, ran, ordered.lost)
    for place, cell in enumerate(cells):
        if cell["cell_type"] != "code":
            continue
        outputs = ran.outputs.get(place, []) if ran else []
        result["again"] |= any(output.get("ename") in NOT_FOUND for output in outputs)
        cell["outputs"], cell["execution_count"] = limited(outputs, spec), None
        score = scores.get(execution.id_of(cell))
        held = score if isinstance(score, verdicts.Held) else None
        verdicts.note(cell, held)
        if held:
            result["held"][f"{name}/{execution.id_of(cell)}"] = [held.inside, held.outside, held.cause]
    result["scores"][name] = {
        cell: None if isinstance(score, verdicts.Held) else score for cell, score in scores.items()
    }
    result["comments"][name] = comments
    result["notebooks"][f"{name}.ipynb"] = ordered.data


def _run(
    spec: Spec,
    notebook: Mapping[str, Any],
    cells: Sequence[execution.Cell],
    beside: Beside,
    unsafe: bool,
    name: str,
    result: Result,
) -> Ran | None:
    """What running a notebook showed, or None when its code was not run."""
    try:
        if notebook["plan"] is None:
            raise NoJail
        kernels = pool(unsafe, **spec["jail"])
        ran = execution.run(
            kernels, notebook["plan"], cells, beside, limits_of(spec), trust=spec["trust"], ignore=spec["ignore"]
        )
        result["notes"] += [f"{name}: {words}" for words in ran.notes]
        result["regime"] = kernels.regime
        return ran
    except NoJail:
        if unsafe:
            result["regime"] = NOTHING
            return execution.run_plainly(cells, beside.files, limits_of(spec))
        result["code_waits"] = True
    except (Ended, Slow) as end:
        result["notes"].append(f"{name}: the notebook {end}, so that its code was not run; it waits for a reader")
    return None


def scored(
    spec: Spec, notebook: Mapping[str, Any], cells: Sequence[execution.Cell], ran: Ran | None, lost: bool
) -> tuple[dict[str, float | verdicts.Held | None], dict[str, str | None]]:
    """(score by cell, comment by cell), by nbgrader's rules.

    A score of None waits for a reader, and Held says why it does.

    `lost` tells that answers may stand in cells that belong to nothing: what was not found then waits, too.
    """
    scores: dict[str, float | verdicts.Held | None] = {}
    comments: dict[str, str | None] = {}
    for place, cell in enumerate(cells):
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
            waits = not untouched or (lost and bool(cell.get("put_back")))
            scores[name] = None if waits else 0.0
            if waits:
                comments[name] = None
        elif "grade" in kinds:
            scores[name] = _of_test(spec, notebook["points"][name], ran, place)
    for cell in cells:
        cell.pop("put_back", None)  # type: ignore[attr-defined]
    return scores, comments


def _of_test(spec: Spec, most: float, ran: Ran | None, place: int) -> float | verdicts.Held | None:
    if ran is None or place not in ran.outputs:
        return None
    verdict = ran.verdicts.get(place) or verdicts.Verdict(
        ran.outputs[place], alone="it was never tried with a solution"
    )
    points, held = verdicts.settle(verdict, most, spec["trust"])
    return held or points


def limited(outputs: Sequence[Output], spec: Spec) -> list[Output]:
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
