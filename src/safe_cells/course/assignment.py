"""An assignment of any nbgrader course, ready for grading with the outcome that nbgrader has for honest work.

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
from safe_cells.course import damaged, nbgrader_api, paths
from safe_cells.course.gradebook import GradeBook, Graded
from safe_cells.course.submission import lay_out, limits_of
from safe_cells.errors import CourseError, NoJail
from safe_cells.imports import without_rfc3987
from safe_cells.kernel_pool import pool

OWN_STEPS = ("sanitize_preprocessors", "autograde_preprocessors", "preprocessors")


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
    """The assignment `name` of the course in `root`. Raises CourseError when it cannot be graded here."""
    root = Path(root).resolve()
    config = paths.settings(root)
    if changed := [step for step in OWN_STEPS if step in config.Autograde]:
        raise CourseError(
            f"This course replaces nbgrader's own steps (c.Autograde.{changed[0]} in nbgrader_config.py). Those would have "
            "to run outside the jail: grade it with `nbgrader autograde`."
        )
    where = paths.read(root, config)
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
            raise CourseError(
                f"The notebook {notebook.name} is written in {language}. Here only Python is graded: use `nbgrader autograde`."
            )
        spec["notebooks"][notebook.name] = _notebook(notebook, release, source)
    digest = hashlib.sha256(repr(sorted(_plain(spec).items())).encode()).hexdigest()
    inside = _planned(root, spec, source, digest, unsafe)
    return Course(where, config, assignment, spec, digest, inside)


def _assignment(root, name, where):
    nbgrader_api.new_book(where.db_url, where.course_id)
    book = GradeBook(where.db_url)
    try:
        found = book.assignment(name)
        if found is None or not found.notebooks:
            if not where.source(name).is_dir():
                known = (
                    ", ".join(sorted(path.name for path in where.source(name).parent.glob("*") if path.is_dir()))
                    or "none"
                )
                raise CourseError(f"The course in {root} has no assignment “{name}”. It has: {known}.")
            nbgrader_api.generate(root, name)
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
        raise CourseError(
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
        lay_out(Path(folder), spec["files"])
        return execution.plan_of(pool(unsafe), cells, visible, Path(folder), limits_of(spec))


def submission(folder, name):
    """(what a worker needs of a submitted folder, its time stamp or None). Raises OSError."""
    found = files_in(folder)
    notebooks = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.ipynb"))
        if path.is_file() and not path.is_symlink() and ".ipynb_checkpoints" not in path.parts
    }
    return {"notebooks": notebooks, "files": found}, _time(found.get("timestamp.txt"))


def _time(raw):
    if raw is None:
        return None
    from dateutil import parser

    try:
        moment = parser.parse(damaged.text_of(raw)[0].strip())
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
        with without_rfc3987():
            from nbgrader.preprocessors import AssignLatePenalties

        step = AssignLatePenalties(config=course.config)
        step.init_plugin()
    finally:
        sys.path.remove(root)
    return step.plugin_inst.late_submission_penalty


def as_graded(student, timestamp, outcome):
    """A worker's outcome as the grade book takes it."""
    return Graded(student, timestamp, outcome["scores"], outcome["comments"], set(), outcome["missing"])
