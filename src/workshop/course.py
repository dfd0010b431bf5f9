"""The grading round, on nbgrader: generate, collect, autograde, settle what nobody needs to read, report.

nbgrader keeps the grade book and shows written answers in its formgrader; this module leads work to it.
"""

import hashlib
import json
import os
import sys
import warnings
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from workshop import __version__, pages, questions, tables
from workshop.grading import clean
from workshop.questions import text_of
from workshop.sheet import Sheet, parsed

MOST_BYTES = 50_000_000
NOTHING = "Not answered."
CONTROL = {code: " " for code in range(32) if chr(code) not in "\n\t"} | {127: " "}


class GradingStopped(Exception):
    """The round cannot begin or go on; the message says what to put right."""


@dataclass
class Round:
    """What one round did, by code name; `notes` are sentences for the instructor."""

    graded: dict = field(default_factory=dict)
    unchanged: list = field(default_factory=list)
    refused: dict = field(default_factory=dict)
    waiting: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


# ---------------------------------------------------------------- nbgrader


def api(root):
    """nbgrader's own interface, with the settings of the project at `root`."""
    # nbgrader calls alembic by name when it makes a grade book.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    # Old habits of nbgrader with a newer SQLAlchemy; they change no result.
    warnings.filterwarnings("ignore", module="nbgrader|sqlalchemy")
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    config.Application.log_level = "ERROR"
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)


def generate(root, name):
    """Let nbgrader make the participants' notebook of an exercise, and know it in its grade book."""
    result = api(root).generate_assignment(name, force=True)
    if not result["success"]:
        raise GradingStopped(f"nbgrader could not make the exercise {name}:\n{result.get('error') or result.get('log')}")


def own_kernels(root):
    """Kernels that take nothing from the instructor's own IPython set-up, keep no history and write no log."""
    profile = Path(root) / ".workshop" / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(
        "c.HistoryManager.enabled = False\nc.IPKernelApp.log_level = 40\n", encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(profile.parent)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"


# ---------------------------------------------------------------- key


def key_of(name, root=None):
    """id -> question with its key, from the text of the exercise."""
    root = Path(root or tables.home())
    source = root / "solutions" / f"{name}.md"
    stored = root / ".workshop" / "keys" / f"{name}.json"
    # A digest and not a time: a text that was unpacked or copied may be older than the key of its predecessor.
    made_from = hashlib.sha256(__version__.encode() + (source.read_bytes() if source.exists() else b"")).hexdigest()
    try:
        data = json.loads(stored.read_text(encoding="utf-8"))
        if data["made_from"] == made_from:
            return {key: questions.from_data(value) for key, value in data["questions"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no key kept yet, or one that another edition wrote
    page = read_exercise(root, name)
    stored.parent.mkdir(parents=True, exist_ok=True)
    whole = {"made_from": made_from, "questions": {question.id: question.data() for question in page.questions}}
    stored.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return {question.id: question for question in page.questions}


def read_exercise(root, name):
    """The exercise of this name. Raises GradingStopped with every fault of its text."""
    source = root / "solutions" / f"{name}.md"
    if not source.exists():
        known = ", ".join(sorted(path.stem for path in (root / "solutions").glob("*.md"))) or "none yet"
        raise GradingStopped(f"There is no exercise “{name}”. The exercises are: {known}.")
    problems = []
    page = pages.read(source, root, "exercise", problems)
    if problems:
        raise GradingStopped("\n".join(map(str, problems)))
    return page


def answer_in_words(question, value):
    """An answer as plain text, for the reader and for feedback."""
    value = clean(question, value)
    if value is None:
        return NOTHING
    options = {option.id: text_of(option.text) for option in question.options}
    rows = {row.id: text_of(row.text) for row in question.rows}
    columns = {column["id"]: text_of(column["text"]) for column in question.columns}
    if question.kind == "single":
        return options[value]
    if question.kind == "multiple":
        return "\n".join(f"- {options[name]}" for name in value)
    if question.kind == "rank":
        return "\n".join(f"{place}. {options[name]}" for place, name in enumerate(value, 1))
    if question.kind in ("match", "classify"):
        return "\n".join(f"- {rows[row]}: {columns[value[row]]}" for row in rows if row in value)
    if question.kind == "map":
        return "\n".join(f"- {rows[row]}: {', '.join(columns[c] for c in value[row])}" for row in rows if row in value)
    return str(value).translate(CONTROL)


# ---------------------------------------------------------------- hand-ins


def collect(root, name, inbox, result):
    """Bring every hand-in of an exercise into nbgrader's folder `submitted/`; returns the code names that changed."""
    newest = {}
    for path in sorted(Path(inbox).glob("*.zip")):
        try:
            handed = open_hand_in(path, name)
        except GradingStopped as stop:
            result.refused[path.name] = str(stop)
            continue
        if handed is None:
            continue
        earlier = newest.get(handed["code"])
        if earlier:
            older, newer = sorted((earlier, handed), key=lambda one: one["time"])
            result.notes.append(f"{handed['code']} handed in more than once: {newer['file']} counts, {older['file']} is kept.")
            handed = newer
        newest[handed["code"]] = handed
    release = root / "exercises" / name / f"{name}.ipynb"
    return [code for code, handed in newest.items() if _submit(root, name, release, handed, result)]


def open_hand_in(path, name):
    """What is in a hand-in file, or None when it belongs to another exercise. Raises GradingStopped when it is not one."""
    try:
        with zipfile.ZipFile(path) as archive:
            # Only these three names are ever read, so nothing in a file can write or reach elsewhere.
            about = json.loads(_member(archive, "hand_in.json") or b"{}")
            if not isinstance(about, dict) or not isinstance(about.get("page"), str):
                raise GradingStopped(f"{path.name} is no hand-in file of this workshop: it lacks hand_in.json.")
            if about["page"] != name:
                return None
            code = code_name(about.get("code"))
            if not code:
                raise GradingStopped(f"{path.name} carries no code name. Ask the participant to hand in again.")
            return {"code": code, "file": path.name, "time": str(about.get("time", "")),
                    "notebook": _member(archive, f"{name}.ipynb"), "sheet": _member(archive, f"{name}.answers.json")}
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise GradingStopped(f"{path.name} cannot be opened ({error}). Ask for the file once more; nothing was changed.") from error


def _member(archive, name):
    found = next((info for info in archive.infolist() if info.filename == name), None)
    if found is None:
        return None
    if found.file_size > MOST_BYTES:
        raise GradingStopped(f"{name} in {Path(archive.filename).name} is larger than {MOST_BYTES // 1_000_000} MB.")
    with archive.open(found) as file:
        return file.read(MOST_BYTES)


def code_name(words):
    """A code name as a folder may be called: letters, digits, hyphens; empty when nothing is left."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in str(words or "").lower())
    return "-".join(filter(None, kept.split("-")))[:40].rstrip("-")


def _submit(root, name, release, handed, result):
    folder = root / "submitted" / handed["code"] / name
    notebook = _whole_notebook(release, handed, result)
    sheet = handed["sheet"]
    if sheet is None:
        result.notes.append(f"{handed['code']}: no answer sheet in {handed['file']}, so its questions count as not answered.")
    else:
        try:
            parsed(sheet, name)
        except ValueError as why:
            result.notes.append(f"{handed['code']}: the answer sheet in {handed['file']} cannot be read ({why}), so its "
                                "questions count as not answered. The file is kept; ask for it once more.")
    files = {f"{name}.ipynb": notebook, "timestamp.txt": _timestamp(handed["time"]).encode()}
    if sheet is not None:
        files[f"{name}.answers.json"] = sheet
    same = folder.is_dir() and {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == files
    if same:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_file() and path.name not in files:
            path.unlink()
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return True


def _whole_notebook(release, handed, result):
    """The notebook as it was given out, with the participant's own lines in the cells meant for them.

    Copied, deleted, moved or edited cells around them therefore cannot harm or help anybody.
    """
    notebook = nbformat.reads(release.read_text(encoding="utf-8"), as_version=4)
    try:
        theirs = json.loads((handed["notebook"] or b"{}").decode("utf-8"))
        written = {cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in theirs["cells"]
                   if cell.get("metadata", {}).get("nbgrader", {}).get("solution")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        result.notes.append(f"{handed['code']}: the notebook in {handed['file']} cannot be read; what is in the answer sheet counts.")
        written = {}
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution") and marks["grade_id"] in written:
            cell.source = written[marks["grade_id"]]
    return (nbformat.writes(notebook, version=4) + "\n").encode()


def _timestamp(time):
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        moment = datetime.now(UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


# ---------------------------------------------------------------- the round


def grade_round(root, name, inbox, say=print):
    """Collect, autograde and report one exercise; returns a `Round`.

    Manual scores and comments of an earlier round stay. Raises GradingStopped when nothing can be graded.
    """
    from workshop import feedback

    root, result = Path(root), Round()
    os.environ["WORKSHOP_HOME"] = str(root)
    own_kernels(root)
    page = read_exercise(root, name)
    key_of(name, root)
    if not (root / "solutions" / name / f"{name}.ipynb").exists():
        raise GradingStopped(f"The exercise {name} is not built yet. Run `workshop build` first.")
    if not Path(inbox).is_dir():
        raise GradingStopped(f"There is no folder {inbox}. Put the hand-in files (.zip) of the participants into it.")
    generate(root, name)
    changed = collect(root, name, inbox, result)
    grader = api(root)
    codes = sorted(path.parent.name for path in (root / "submitted").glob(f"*/{name}"))
    if not codes:
        raise GradingStopped(f"No hand-in for {name} was found in {inbox}." +
                             "".join(f"\n  {why}" for why in result.refused.values()))
    for code in codes:
        if code not in changed and (root / "autograded" / code / name / f"{name}.ipynb").exists():
            result.unchanged.append(code)
            continue
        say(f"grading {code} …")
        done = grader.autograde(name, code, force=True)
        if not done["success"]:
            result.refused[code] = f"nbgrader could not grade {code}: {_last_line(done)}"
            continue
        _settle(grader, page, root, code)
    for code in codes:
        if code not in result.refused:
            score = scores(grader, page, code)
            result.graded[code] = score
            result.waiting[code] = sum(item["waiting"] for item in score["items"])
            feedback.write(root, page, code, score)
    return result


def _last_line(done):
    lines = [line for line in str(done.get("error") or done.get("log") or "").strip().split("\n") if line.strip()]
    return lines[-1] if lines else "no reason given"


def sheet_of(root, code, name):
    """The answer sheet a participant handed in."""
    return Sheet(root / "autograded" / code / name / f"{name}.answers.json", name)


def _settle(grader, page, root, code):
    """A written question that nobody answered needs no reader: it gets nought, and says why."""
    sheet = sheet_of(root, code, page.name)
    with grader.gradebook as book:
        for question in page.questions:
            if question.kind != "write" or clean(question, sheet.answer(question.id)) is not None:
                continue
            grade = book.find_grade(question.id, page.name, page.name, code)
            if grade.manual_score is None:
                grade.manual_score = 0
            grade.needs_manual_grade = False
            book.find_comment(question.id, page.name, page.name, code).manual_comment = NOTHING
        book.db.commit()


def scores(grader, page, code):
    """Points by item from the grade book: {"points", "of", "extra", "items": [{id, points, of, waiting, comment, optional}]}.

    `extra` are the points of optional items; they are not in `points`.
    """
    items = []
    with grader.gradebook as book:
        for item, of, optional in graded_items(page):
            grade = book.find_grade(item, page.name, page.name, code)
            comment = next((c.comment for c in grade.notebook.comments if c.name == item), None)
            items.append({"id": item, "points": round(grade.score, 2), "of": of, "optional": optional,
                          "waiting": bool(grade.needs_manual_grade), "comment": comment or ""})
    points = {extra: round(sum(item["points"] for item in items if item["optional"] == extra), 2) for extra in (False, True)}
    return {"points": points[False], "of": page.points, "extra": points[True], "items": items}


def graded_items(page):
    """(id, points, optional) of everything on an exercise that is worth points, in order."""
    for part in page.parts:
        if isinstance(part, questions.Question):
            yield part.id, part.points, False
        elif isinstance(part, pages.Code) and "test" in part.options:
            yield f"{part.options['test']}-test", float(part.options["points"]), bool(part.options.get("optional"))
