"""What a worker does with one submission. No file of the course is touched.

Everything that goes in or comes out is JSON-ready, but for the bytes of files, so that any executor can do the work.
"""

import tempfile
from pathlib import Path

from safe_cells import execution
from safe_cells.course import notebooks as notebooks_in_order
from safe_cells.course import points
from safe_cells.errors import NoJail
from safe_cells.kernel_pool import Ended, Slow, pool
from safe_cells.limits import Limits

NO_RESPONSE = "No response."  # nbgrader's own words
NOTHING = "nothing; it ran with your rights"
TIMES_A_CELL = 20  # how many cells of a notebook may use up their whole time


def limits_of(spec):
    return Limits(cell=spec["seconds"], total=spec["seconds"] * TIMES_A_CELL + 60)


def lay_out(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


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
    notebooks, result["repairs"] = notebooks_in_order.matched(spec, handed["notebooks"])
    theirs = {
        name: data for name, data in handed["files"].items() if name not in spec["files"] or name in spec["theirs"]
    }
    with tempfile.TemporaryDirectory() as place:
        ours, both = Path(place) / "ours", Path(place) / "both"
        for folder, files in ((ours, spec["files"]), (both, {**spec["files"], **theirs})):
            folder.mkdir()
            lay_out(folder, files)
        for name, notebook in spec["notebooks"].items():
            if name not in notebooks:
                result["missing"].append(name)
                continue
            found = notebooks_in_order.whole(notebook, notebooks[name][1])
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
        outputs, told = execution.run(pool(unsafe), notebook["plan"], cells, both, limits_of(spec), judge_files=ours)
        result["notes"] += [f"{name}: {words}" for words in told]
        result["regime"] = pool(unsafe).regime
        return outputs
    except NoJail:
        if unsafe:
            result["regime"] = NOTHING
            return execution.run_plainly(cells, both, limits_of(spec))
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
