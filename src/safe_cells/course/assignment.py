"""An assignment of any nbgrader course, ready for grading with the outcome that nbgrader has for honest work.

What an instructor's course sets (time limits, late penalties, files that participants may change) is read from its own
nbgrader_config.py. Where a course changes nbgrader's own steps, or its own solution does not pass its tests, the round
says so and grades nothing.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safe_cells import calibration, execution
from safe_cells.course import gradebook, nbgrader_api, paths
from safe_cells.course.files import write_atomically
from safe_cells.course.submission import Spec, lay_out, limits_of
from safe_cells.course.submitted import MOST_BYTES, files_in
from safe_cells.errors import CourseError, NoJail
from safe_cells.imports import without_rfc3987
from safe_cells.kernel_pool import pool

if TYPE_CHECKING:
    from traitlets.config import Config

OWN_STEPS = ("sanitize_preprocessors", "autograde_preprocessors", "preprocessors")
HOOKS = ("pre_convert_hook", "post_convert_hook")
# Where nbgrader looks for the time limit of a cell: the last one that is set counts.
TIME_LIMITS = ("NotebookClient", "ExecutePreprocessor", "Execute")
USUAL_SECONDS, NO_LIMIT = 30, 600
KEPT = Path(".workshop") / "prepared"
# Packages that take long to import, and start no threads while they are.
WORTH_IMPORTING = {
    "ipywidgets", "matplotlib", "networkx", "numpy", "pandas", "scipy", "seaborn", "sklearn", "statsmodels", "sympy",
    "xarray",
}  # fmt: skip


@dataclass
class Course:
    """An assignment of a course, ready for grading.

    `spec` is what workers get, `notes` are sentences for the instructor, and `excluded` are students who are left out.
    """

    name: str
    places: paths.Places
    config: "Config"
    assignment: gradebook.Assignment
    spec: Spec
    digest: str
    notes: list[str]
    excluded: frozenset[str]


def prepare(root: Path, name: str, unsafe: bool = False, trust: bool = False, allow: Sequence[Path] = ()) -> Course:
    """The assignment `name` of the course in `root`. Raises CourseError when it cannot be graded here.

    `trust` and `allow` are as in `round.Options`; the course itself may set them by c.SafeCells.trust and
    c.SafeCells.allow.
    """
    root = Path(root).resolve()
    if not root.is_dir():
        raise CourseError(
            f"There is no folder {root}. Give the folder of a course: the one with its nbgrader_config.py."
        )
    if not name or Path(name).is_absolute() or {"..", "."} & set(name.split("/")):
        raise CourseError(f"“{name}” is no name of an assignment: it is called as its folder in source/ is.")
    config = _settings(root)
    where = paths.read(root, config)
    trust = trust or config.SafeCells.get("trust", "") == "inside"
    allowed = _allowed(where, [*allow, *(root / path for path in config.SafeCells.get("allow", []))])
    jail = {
        "readable": [str(path) for path in allowed],
        "paths": _import_paths(allowed),
        "likely": _likely(where.source(name)),
    }
    if not (root / KEPT / f"{name}.json").exists():
        with suppress(NoJail):
            pool(unsafe, **jail)  # it imports what notebooks use while the assignment is read here
    assignment = _assignment(root, name, where)
    release, source = where.of("release", ".", name), where.source(name)
    limits = [config[section]["timeout"] for section in TIME_LIMITS if "timeout" in config[section]]
    limit = limits[-1] if limits else USUAL_SECONDS
    base = Path(os.path.commonpath([where.root, *allowed]))
    spec: Spec = {
        "name": name,
        "notebooks": {},
        "files": _source_files(source),
        "seconds": limit if isinstance(limit, int | float) and limit > 0 else NO_LIMIT,
        "lines": config.LimitOutput.get("max_lines", 1000),
        "traceback": config.LimitOutput.get("max_traceback", 100),
        "ignore": config.IgnorePattern.get("pattern", "") if config.IgnorePattern.get("enabled", False) else "",
        "theirs": list(config.Autograde.get("exclude_overwriting", {}).get(name, [])),
        "trust": trust,
        # Notebooks run as deep in folders as in the course, so that paths such as ../../../data lead to what is let in.
        "at": (where.root / where.relative("autograded", "participant", name)).relative_to(base).as_posix(),
        "links": {path.relative_to(base).as_posix(): str(path) for path in allowed},
        "jail": jail,
    }
    for notebook in assignment.notebooks.values():
        _require_python(notebook)
        spec["notebooks"][notebook.name] = _notebook(notebook, release, source)
    digest = hashlib.sha256(repr(sorted(_plain(spec).items())).encode()).hexdigest()
    notes = _planned(root, spec, source, digest, unsafe)
    excluded = frozenset(str(config.CourseDirectory.get("student_id_exclude", "")).split(",")) - {""}
    return Course(name, where, config, assignment, spec, digest, notes, excluded)


def _settings(root: Path) -> "Config":
    """The settings of the course. Raises CourseError for those that would have to run outside the jail."""
    try:
        config = paths.settings(root)
    except Exception as error:
        raise CourseError(
            f"The settings of the course in {root} cannot be read ({type(error).__name__}: {error}). Put "
            "nbgrader_config.py right."
        ) from error
    if changed := [step for step in OWN_STEPS if step in config.Autograde]:
        raise CourseError(
            f"This course replaces nbgrader's own steps (c.Autograde.{changed[0]} in nbgrader_config.py). Those would "
            "have to run outside the jail: grade it with `nbgrader autograde`."
        )
    for section in ("Autograde", "BaseConverter"):
        if changed := [hook for hook in HOOKS if config[section].get(hook)]:
            raise CourseError(
                f"This course runs a function of its own before or after grading (c.{section}.{changed[0]} in "
                "nbgrader_config.py), which is not known here: take it out, or grade with `nbgrader autograde`."
            )
    return config


def _allowed(where: paths.Places, allow: Sequence[Path]) -> list[Path]:
    """The folders that are let in, as absolute paths.

    Raises CourseError for what is none, and for what would give all away.
    """
    kept = []
    closed = [where.root / where.names[step] for step in ("source", "submitted", "autograded", "feedback")]
    for path in (Path(path).expanduser().resolve() for path in allow):
        if not path.is_dir():
            raise CourseError(f"There is no folder {path} to let in. Look at what stands after --allow.")
        if any(
            path == folder or path in folder.parents or folder in path.parents for folder in map(Path.resolve, closed)
        ):
            raise CourseError(
                f"{path} holds solutions, or work of participants, which nobody's code may see. Let in the folder with "
                "the data or the helpers alone."
            )
        kept.append(path)
    return sorted(set(kept))


def _import_paths(allowed: Sequence[Path]) -> list[str]:
    """The folders of PYTHONPATH that are let in."""
    given = [Path(path).resolve() for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    return [str(path) for path in given if any(path == folder or folder in path.parents for folder in allowed)]


def _likely(source: Path) -> list[str]:
    """Which packages that take long to import the notebooks of an assignment use."""
    imports = (
        calibration.imports_of(execution.source_of(cell))
        for path in source.glob("*.ipynb")
        for cell in cells_of(path)
        if cell["cell_type"] == "code"
    )
    modules = {module for names in imports for found in names.values() for module, _ in found}
    return sorted(module for module in modules if module.partition(".")[0] in WORTH_IMPORTING)


def _source_files(source: Path) -> dict[str, bytes]:
    try:
        return {name: path.read_bytes() for name, path in files_in(source).items() if not name.endswith(".ipynb")}
    except CourseError as error:
        raise CourseError(
            f"{source} cannot be given to everybody's code: {error} Or put large files into a folder outside of "
            f"source/, and let that in with --allow DIR (at most {MOST_BYTES // 1_000_000} MB are copied for each "
            "notebook)."
        ) from error


def _require_python(notebook: gradebook.Notebook) -> None:
    kernel = json.loads(notebook.kernelspec or "{}")
    language = kernel.get("language") or (
        "python" if "py" in str(kernel.get("name", "python")).lower() else kernel["name"]
    )
    if str(language).lower() != "python":
        raise CourseError(
            f"The notebook {notebook.name} is written in {language}. Here only Python is graded: use `nbgrader "
            "autograde`."
        )


def _assignment(root: Path, name: str, where: paths.Places) -> gradebook.Assignment:
    """The assignment from the grade book, into which nbgrader puts it first if need be."""
    if (
        where.db_url.startswith("sqlite:///")
        and not where.source(name).is_dir()
        and not Path(where.db_url[10:]).exists()
    ):
        # Nothing is made in a folder that is no course.
        raise CourseError(_unknown(root, name, where))
    nbgrader_api.new_book(where.db_url, where.course_id)
    book = gradebook.GradeBook(where.db_url)
    try:
        found = book.assignment(name)
        if found is None or not found.notebooks:
            if not where.source(name).is_dir():
                raise CourseError(_unknown(root, name, where))
            if where.of("release", ".", name).exists():
                # What participants were given stays as it is.
                with tempfile.TemporaryDirectory() as elsewhere:
                    nbgrader_api.generate(root, name, release_directory=elsewhere)
            else:
                nbgrader_api.generate(root, name)
            found = book.assignment(name)
    finally:
        book.close()
    if found is None or not found.notebooks:
        raise CourseError(f"nbgrader found no notebook in {where.source(name)}. Put the solved notebooks there.")
    return found


def _unknown(root: Path, name: str, where: paths.Places) -> str:
    folders = [path.name for path in where.source(name).parent.glob("*") if path.is_dir()]
    return f"The course in {root} has no assignment “{name}”. It has: {', '.join(sorted(folders)) or 'none'}."


def cells_of(path: Path) -> list[dict[str, Any]]:
    """The cells of an instructor's notebook, of any format that nbformat knows.

    Raises CourseError when it cannot be read.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data.get("cells"), list):
            with without_rfc3987():
                import nbformat
            read = nbformat.reads(json.dumps(data), as_version=4)  # type: ignore[no-untyped-call]  # nbformat's
            data = json.loads(nbformat.writes(read))  # type: ignore[no-untyped-call]
        cells: list[dict[str, Any]] = data["cells"]
        return cells
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise CourseError(
            f"The notebook {path} cannot be read ({error}). Open it in Jupyter and save it again."
        ) from error


def _notebook(notebook: gradebook.Notebook, release: Path, source: Path) -> dict[str, Any]:
    """What a worker needs to know of a notebook of the assignment."""
    layout = next(
        (path for path in (release / f"{notebook.name}.ipynb", source / f"{notebook.name}.ipynb") if path.exists()),
        None,
    )
    if layout is None:
        raise CourseError(
            f"The notebook {notebook.name}.ipynb is neither in {release} nor in {source}. Put it back, then grade "
            "again."
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
        "layout": cells_of(layout),
        "plan": None,
    }


def _plain(spec: Spec) -> Spec:
    return {key: value for key, value in spec.items() if key != "notebooks"} | {
        "notebooks": {
            name: {key: value for key, value in notebook.items() if key != "plan"}
            for name, notebook in spec["notebooks"].items()
        }
    }


# ---------------------------------------------------------------- how the code runs


def _planned(root: Path, spec: Spec, source: Path, digest: str, unsafe: bool) -> list[str]:
    """Fill in how the code of each notebook runs; returns what the instructor should know of it.

    Raises CourseError when the instructor's own solution does not pass, unless tests are trusted as they run.
    """
    kept = root / KEPT / f"{spec['name']}.json"
    made_from = [digest, packages()]
    try:
        data = json.loads(kept.read_text(encoding="utf-8"))
        plans = data["plans"] if data["made_from"] == made_from else None
    except (OSError, ValueError, KeyError, TypeError):
        plans = None
    if plans is None:
        plans = {}
        for name, notebook in spec["notebooks"].items():
            try:
                plans[name] = _plan(spec, notebook, source / f"{name}.ipynb", unsafe)
            except NoJail:
                return []
        _require_solved(plans, spec)
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(kept, json.dumps({"made_from": made_from, "plans": plans}).encode())
    for name, plan in plans.items():
        spec["notebooks"][name]["plan"] = plan
    return [words for name, plan in plans.items() for words in _notes(name, plan, spec["trust"])]


def packages() -> str:
    """A short name for what is installed beside Python: where it changes, a solution is tried again."""
    names = sorted(
        entry
        for path in sys.path
        if Path(path).name in ("site-packages", "dist-packages") and Path(path).is_dir()
        for entry in (found.name for found in Path(path).iterdir())
        if entry != "__pycache__"
    )
    return hashlib.sha256("\n".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def _require_solved(plans: dict[str, Any], spec: Spec) -> None:
    faults = [f"  {name}/{test} {words}" for name, plan in plans.items() for test, words in plan["faults"].items()]
    if faults and not spec["trust"]:
        listed = "\n".join(faults[:10])
        raise CourseError(
            f"Nothing is graded: the instructor's own solution of {spec['name']} does not pass here.\n{listed}\n"
            "Is a package missing, or a folder with data or helpers? Install the package, or let the folder in with "
            "--allow DIR. If the solution is not meant to pass, let the tests count as they run with --trust inside."
        )


def _notes(name: str, plan: dict[str, Any], trust: bool) -> list[str]:
    """What the instructor should know of the tests of a notebook, in sentences."""
    notes = [f"The solution does not pass {name}/{test}: it {words}." for test, words in plan["faults"].items()]
    if trust:
        return [
            *notes,
            f"The tests of {name} count as they run beside participants' code, as by nbgrader: they can be tricked.",
        ]
    for test, about in plan["tests"].items():
        if about["inside"]:
            hidden = "It has hidden parts, so whoever passes it waits for a reader." if about["hidden"] else ""
            words = hidden or "It can be tricked: look at what it gives."
            notes.append(
                f"The test {name}/{test} runs inside the participant's own process, since {about['inside']}. {words}"
            )
        elif about["trusts"]:
            notes.append(
                f"In the test {name}/{test} the participant's own class answers a comparison "
                f"({', '.join(about['trusts'])}), and might say yes to everything. Look at the classes of those who "
                "pass."
            )
    return notes


def _plan(spec: Spec, notebook: dict[str, Any], solved: Path, unsafe: bool) -> dict[str, Any]:
    tests = [
        cell
        for cell, kinds in notebook["kinds"].items()
        if kinds == ["grade"] and notebook["sources"][cell]["cell_type"] == "code"
    ]
    visible = {execution.id_of(cell): execution.source_of(cell) for cell in notebook["layout"]}
    if not solved.exists():
        why = "there is no solved notebook to try it with"
        about: dict[str, Any] = {"cell": 0, "needs": None, "inside": why, "imports": "", "trusts": []}
        plan: dict[str, Any] = {"given": [], "tests": {test: dict(about) for test in tests}, "faults": {}}
    else:
        cells = cells_of(solved)
        for cell in cells:
            # The book has the whole tests, with what nbgrader made of its autotest lines.
            if execution.id_of(cell) in tests:
                cell["source"] = notebook["sources"][execution.id_of(cell)]["source"]
        with tempfile.TemporaryDirectory() as folder:
            lay_out(Path(folder), spec["files"])
            beside = execution.Beside(Path(folder), Path(folder), spec["at"], spec["links"])
            plan = execution.plan_of(pool(unsafe, **spec["jail"]), cells, beside, limits_of(spec))
    for test, about in plan["tests"].items():
        about["hidden"] = visible.get(test, "") != notebook["sources"].get(test, {}).get("source")
    return plan


# ---------------------------------------------------------------- the grade book


def late_penalty(course: Course) -> gradebook.Penalty | None:
    """A function (student, points, seconds late) -> what the course's own plugin takes off, or None."""
    if course.assignment.duedate is None:
        return None
    root = str(course.places.root)
    sys.path.insert(0, root)  # as nbgrader does: a course may bring its own plugin
    try:
        with without_rfc3987():
            from nbgrader.preprocessors import AssignLatePenalties  # type: ignore[import-untyped]  # nbgrader has no types

        step = AssignLatePenalties(config=course.config)
        step.init_plugin()
    finally:
        sys.path.remove(root)
    taken: gradebook.Penalty = step.plugin_inst.late_submission_penalty
    return taken
