"""A round of grading: what lies in the inbox is read, given to workers, written into the grade book, and told to the instructor.

One process writes; a round that is interrupted goes on where it was, and one that is repeated changes nothing.
"""

import hashlib
import json
import os
import shutil
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from workshop.answers import atomic
from workshop.content import tables
from workshop.errors import GradingError
from workshop.grading import (
    assignments,
    course_paths,
    exercises,
    feedback,
    nbgrader_course,
    results,
    submission,
    submissions,
)
from workshop.grading.desk import rubric_scores
from workshop.grading.gradebook import GradeBook, Graded, score
from workshop.grading.workers import spread

LEDGER = Path(".workshop") / "graded"
TYPED_AT_ONCE = 40  # hand-ins in one piece of work, where each takes milliseconds
SAVE_AT_ONCE, SAVE_AFTER = 200, 5  # results, seconds


@dataclass
class Round:
    """What one round did, by code name; `notes` are sentences for the instructor.

    `people` are the results after the round (see `workshop.grading.results.Person`).
    """

    people: dict = field(default_factory=dict)
    graded: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    repaired: dict = field(default_factory=dict)
    refused: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    code_waits: list = field(default_factory=list)
    regime: str = ""

    @property
    def waiting(self):
        """How many written answers wait for a reader."""
        return sum(person.waiting for person in self.people.values())


def grade_round(root, name, inbox, **options):
    """Grade what was handed in for one exercise of the kit; returns a `Round`. `options` are those of `Options`.

    Scores and comments that readers gave stay. Raises GradingError when nothing can be graded.
    """
    root, result, options = Path(root), Round(), Options(**options)
    os.environ["WORKSHOP_HOME"] = str(root)
    exercise = exercises.prepare(root, name, lambda: submission.warm(options.unsafe))
    if not Path(inbox).is_dir():
        raise GradingError(f"There is no folder {inbox}. Put the hand-in files (.zip) of the participants into it.")
    found = submissions.read(Path(inbox), submissions.Exercise(name, exercise.key, exercise.released))
    result.refused, result.notes = dict(found.refused), list(found.notes)
    where = course_paths.read(root)
    assignments.new_book(where.db_url, where.course_id)
    book = GradeBook(where.db_url)
    try:
        assignment = _brought_up_to_date(book, exercise, where, result)
        ledger, todo = Ledger(root / LEDGER / f"{name}.json"), []
        for one in found.hand_ins:
            if one.repairs or one.missing:
                result.repaired[one.code] = [*one.repairs, *one.missing]
            handed = {
                "answers": {id: entry["value"] for id, entry in ((one.sheet or {}).get("answers") or {}).items()},
                "code": one.code_cells,
            }
            digest = digest_of(exercise.digest, json.dumps(handed, sort_keys=True), one.time)
            if ledger.has(one.code, digest) and (where.of("autograded", one.code, name) / f"{name}.ipynb").exists():
                result.unchanged.append(one.code)
            else:
                todo.append(Task(one.code, one.file, handed, digest, one))

        def save(ready):
            _save(book, assignment, exercise, where, ledger, ready, result)

        _work(graded_batch, exercise.spec, _pieces(exercise, todo), save, result, options)
        standing = book.standing(assignment)
    finally:
        book.close()
    if not standing:
        raise GradingError(
            f"No hand-in for {name} was found in {inbox}." + "".join(f"\n  {why}" for why in result.refused.values())
        )
    _feedback(root, exercise, where, standing, result)
    return result


def grade_course(root, name, **options):
    """Grade an assignment of any nbgrader course from its folder `submitted`; returns a `Round`. See `grade_round`."""
    result, options = Round(), Options(**options)
    course = nbgrader_course.prepare(root, name, options.unsafe)
    _tell_inside(course.inside, result)
    where, book = course.places, GradeBook(course.places.db_url)
    try:
        ledger, todo = Ledger(where.root / LEDGER / f"{name}.json"), []
        for student, folder in where.submitted(name).items():
            handed, when = nbgrader_course.submission(folder, name)
            if not nbgrader_course.matched(course.spec, handed["notebooks"])[0]:
                result.refused[student] = (
                    f"None of its notebooks belongs to {name}. Look into {folder}; it stays as it is."
                )
                continue
            digest = digest_of(
                course.digest, repr(sorted(handed["notebooks"].items())), repr(sorted(handed["files"].items()))
            )
            if ledger.has(student, digest) and where.of("autograded", student, name).is_dir():
                result.unchanged.append(student)
            else:
                todo.append(Task(student, student, handed, digest, when))
        if not course.config.Autograde.get("create_student", True):
            known = book.students()
            result.refused |= {
                task.code: "This student is not in the grade book. Add them with `nbgrader db student add`."
                for task in todo
                if task.code not in known
            }
            todo = [task for task in todo if task.code in known]
        penalty = nbgrader_course.late_penalty(course)

        def save(ready):
            _save_submissions(book, course, ledger, ready, result, penalty)

        _work(graded_submissions, course.spec, [[task] for task in todo], save, result, options)
        standing = book.standing(course.assignment)
    finally:
        book.close()
    if not standing:
        raise GradingError(
            f"No submission for {name} was found in {where.of('submitted', '*', name)}."
            + "".join(f"\n  {one}: {why}" for one, why in result.refused.items())
        )
    most = sum(points for notebook in course.assignment.notebooks.values() for points in notebook.points.values())
    for student, one in standing.items():
        waiting = sum(bool(row["needs_manual_grade"]) for row in one.grades.values())
        points = sum(score(row) for row in one.grades.values()) - sum(lost or 0 for lost in one.penalties.values())
        result.people[student] = Total(round(points, 2), most, waiting)
    return result


@dataclass(frozen=True)
class Total:
    """What one person got in a course that is not the kit's."""

    points: float
    of: float
    waiting: int
    extra: float = 0.0


def digest_of(*parts):
    """A short name for the state of something that is graded."""
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def summary(done):
    """What an instructor has to know of a round, in lines: who got what, what was put right, and what is left to do."""
    for code, person in sorted(done.people.items()):
        waiting = f", {person.waiting} to read" if person.waiting else ""
        extra = f" and {person.extra:g} extra" if person.extra else ""
        yield f"  {code}: {person.points:g} of {person.of:g} points{extra}{waiting}"
    for code, repairs in sorted(done.repaired.items()):
        yield f"  repaired {code}: {'; '.join(repairs)}."
    for name, why in done.refused.items():
        yield f"  NOT GRADED {name}: {why}"
    for note in done.notes:
        yield f"  note: {note}"
    if done.code_waits:
        yield (
            f"  The code of {', '.join(sorted(done.code_waits))} was not run: here it cannot be shut in, and it might harm this computer. "
            "It waits for a reader. Grade on Linux, or read the code and add --unsafe."
        )
    if done.regime:
        yield f"  Participants' code was shut in by: {done.regime}."
    yield (
        f"{len(done.graded)} graded, {len(done.unchanged)} unchanged, {len(done.repaired)} repaired, {len(done.refused)} refused, "
        f"{done.waiting} written answer{'' if done.waiting == 1 else 's'} to read."
    )


@dataclass
class Task:
    """One submission that is to be graded: `handed` is what a worker gets, `about` what only this process needs."""

    code: str
    file: str
    handed: dict
    digest: str
    about: object = None


@dataclass(frozen=True)
class Options:
    """How a round is done. `progress(done, of)` is called as the work goes on."""

    workers: int | None = None
    scheduler: str | None = None
    unsafe: bool = False
    progress: object = None


class Ledger:
    """Which hand-in was graded in which state, so that nothing is graded twice and nothing left out."""

    def __init__(self, path):
        self.path = path
        try:
            self.known = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.known = {}

    def has(self, code, digest):
        """Whether this hand-in is in the grade book as it is now."""
        return self.known.get(code) == digest

    def add(self, graded):
        """Note code name -> digest for what is safely in the grade book."""
        self.known |= graded
        self.path.parent.mkdir(parents=True, exist_ok=True)
        atomic.put(self.path, json.dumps(self.known).encode())


def _brought_up_to_date(book, exercise, where, result):
    forgotten = book.bring_up_to_date(exercise.book, where.course_id)
    if forgotten:
        kept = where.root / f"gradebook_removed_{datetime.now(UTC):%Y%m%d_%H%M%S}.json"
        atomic.put(kept, json.dumps(forgotten, ensure_ascii=False, indent=1).encode())
        result.notes.append(
            f"Items that readers had scored are no longer in the exercise; what was given there is kept in {kept.name}."
        )
    _tell_inside(exercise.inside, result)
    return book.assignment(exercise.name)


def _tell_inside(inside, result):
    result.notes += [
        f"The test {cell} runs inside the participant's own process, since {why}. It can be tricked: look at what it gives."
        for cell, why in inside.items()
    ]


# ---------------------------------------------------------------- work


def graded_batch(spec, batch, unsafe):
    """What a worker does with hand-ins of the kit: [(code name, result)], see `workshop.grading.submission.graded_own`."""
    return [(code, submission.graded_own(spec, handed, unsafe)) for code, handed in batch]


def graded_submissions(spec, batch, unsafe):
    """What a worker does with submissions of another course, see `workshop.grading.nbgrader_course.graded`."""
    return [(code, nbgrader_course.graded(spec, handed, unsafe)) for code, handed in batch]


def _pieces(exercise, todo):
    """The tasks in pieces of work: many at once where answers are data, one by one where code is to be run."""
    stubs = {
        cell: exercise.spec["sources"].get(cell)
        for kind, cell in exercise.book.notebooks[exercise.name].cells
        if kind == "solution"
    }
    coded = {
        task.code for task in todo if any(source != stubs.get(cell) for cell, source in task.handed["code"].items())
    }
    typed = [task for task in todo if task.code not in coded]
    return [typed[start : start + TYPED_AT_ONCE] for start in range(0, len(typed), TYPED_AT_ONCE)] + [
        [task] for task in todo if task.code in coded
    ]


def _work(work, spec, pieces, save, result, options):
    """Give pieces of work to workers, and let `save` write what comes back, in the order in which it comes."""
    by_code = {task.code: task for piece in pieces for task in piece}
    done, ready, saved = 0, [], time.monotonic()
    jobs = [[(task.code, task.handed) for task in piece] for piece in pieces]
    if options.workers != 1:
        submission.close()  # workers start their own
    try:
        for codes, outcome in spread(work, spec, jobs, options.unsafe, options.workers, options.scheduler):
            done += len(codes)
            if isinstance(outcome, Exception):
                result.refused |= {
                    by_code[code].file: f"Grading it failed ({outcome}). It is kept as it is; run the command again."
                    for code in codes
                }
            else:
                ready += [(by_code[code], graded) for code, graded in outcome]
            if len(ready) >= SAVE_AT_ONCE or time.monotonic() - saved > SAVE_AFTER:
                save(ready)
                ready, saved = [], time.monotonic()
            if options.progress:
                options.progress(done, len(by_code))
    finally:
        # Also when the instructor interrupts: what is done is done.
        save(ready)


# ---------------------------------------------------------------- saving


def _save(book, assignment, exercise, where, ledger, ready, result):
    """Write a number of results: files first, then the grade book in one transaction, then the ledger."""
    name, rows = exercise.name, []
    for task, graded in ready:
        when = (task.about.time or datetime.now(UTC)).astimezone(UTC)
        stamp = f"{when:%Y-%m-%d %H:%M:%S} UTC\n".encode()
        sheet = (
            b""
            if task.about.sheet is None
            else (json.dumps(task.about.sheet, ensure_ascii=False, indent=1) + "\n").encode()
        )
        shown = exercise.released | {"cells": graded["cells"]}
        blank = exercise.released | {
            "cells": [
                cell | ({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})
                for cell in graded["cells"]
            ]
        }
        for step, notebook in (("submitted", blank), ("autograded", shown)):
            content = {f"{name}.ipynb": json.dumps(notebook, ensure_ascii=False).encode(), "timestamp.txt": stamp}
            if sheet:
                content[f"{name}.answers.json"] = sheet
            folder_with(where.of(step, task.code, name), content, locked=step == "autograded")
        rows.append(
            Graded(
                task.code,
                when.replace(tzinfo=None, microsecond=0),
                {name: graded["scores"]},
                {name: graded["comments"]},
                {(name, cell) for cell in graded["settled"]},
            )
        )
        _tell(task.code, graded, result)
    book.save(assignment, rows)
    ledger.add({task.code: task.digest for task, _ in ready})


def _save_submissions(book, course, ledger, ready, result, penalty):
    """The same for a course that is not the kit's."""
    rows, name = [], course.spec["name"]
    for task, graded in ready:
        content = {
            **task.handed["files"],
            **{file: data for file, data in course.spec["files"].items() if file not in course.spec["theirs"]},
        }
        content |= {
            file: json.dumps(notebook, ensure_ascii=False).encode("utf-8", "replace")
            for file, notebook in graded["notebooks"].items()
        }
        folder_with(course.places.of("autograded", task.code, name), content, locked=True)
        rows.append(nbgrader_course.as_graded(task.code, task.about, graded))
        _tell(task.code, graded, result)
        if graded["repairs"]:
            result.repaired[task.code] = graded["repairs"]
    book.save(course.assignment, rows, penalty)
    ledger.add({task.code: task.digest for task, _ in ready})


def _tell(code, graded, result):
    result.graded.append(code)
    result.notes += [f"{code}: {words}." for words in graded["notes"]]
    result.regime = result.regime or graded["regime"]
    if graded["code_waits"]:
        result.code_waits.append(code)


def folder_with(folder, content, locked=False):
    """Make a folder that holds exactly these files (name -> bytes), as nbgrader leaves it: not to be written to if `locked`."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in content:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for file, data in content.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(data)
        if locked:
            path.chmod(0o444)


def _feedback(root, exercise, where, standing, result):
    """A page for everybody in the grade book, and the results for the instructor."""
    items, sources, name = results.items_of(exercise.page), tables.sources(root), exercise.name
    lines = rubric_scores.points_by_line(root, name, [item.id for item in items if item.kind == "write"])
    for code, one in sorted(standing.items()):
        person = results.person(one, items, name, where.of("autograded", code, name))
        result.people[code] = person
        path = where.of("feedback", code, name) / f"{name}.html"
        page = feedback.html(exercise.page, exercise.key, person, sources, lines.get(code, {}))
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != page:
            path.write_text(page, encoding="utf-8")
