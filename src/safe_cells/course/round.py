"""A round of grading: submissions are given to workers, written into the grade book, and told to the instructor.

One process writes; a round that is interrupted goes on where it was, and one that is repeated changes nothing.
"""

import hashlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from safe_cells.course import assignment, submission
from safe_cells.course.files import fill_folder, write_atomically
from safe_cells.course.gradebook import GradeBook, score
from safe_cells.course.notebooks import matched
from safe_cells.course.workers import spread
from safe_cells.errors import CourseError
from safe_cells.kernel_pool import close_pools

LEDGER = Path(".workshop") / "graded"
SAVE_AT_ONCE, SAVE_AFTER = 200, 5  # results, seconds


@dataclass
class Round:
    """What one round did, by code name; `notes` are sentences for the instructor.

    `people` are the results after the round (a `Total`, or whatever else the caller of a round counts).
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


def grade_course(root, name, **options):
    """Grade an assignment of any nbgrader course from its folder `submitted`; returns a `Round`. `options` are those of `Options`.

    Scores and comments that readers gave stay. Raises CourseError when nothing can be graded.
    """
    result, options = Round(), Options(**options)
    course = assignment.prepare(root, name, options.unsafe)
    tell_inside(course.inside, result)
    where, book = course.places, GradeBook(course.places.db_url)
    try:
        ledger, todo = Ledger(where.root / LEDGER / f"{name}.json"), []
        for student, folder in where.submitted(name).items():
            handed, when = assignment.submission(folder, name)
            if not matched(course.spec, handed["notebooks"])[0]:
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
        penalty = assignment.late_penalty(course)

        def save(ready):
            _save_submissions(book, course, ledger, ready, result, penalty)

        do_work(graded_submissions, course.spec, [[task] for task in todo], save, result, options)
        standing = book.standing(course.assignment)
    finally:
        book.close()
    if not standing:
        raise CourseError(
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
        write_atomically(self.path, json.dumps(self.known).encode())


def tell_inside(inside, result):
    result.notes += [
        f"The test {cell} runs inside the participant's own process, since {why}. It can be tricked: look at what it gives."
        for cell, why in inside.items()
    ]


def graded_submissions(spec, batch, unsafe):
    """What a worker does with submissions, see `safe_cells.course.submission.graded`."""
    return [(code, submission.graded(spec, handed, unsafe)) for code, handed in batch]


def do_work(work, spec, pieces, save, result, options):
    """Give pieces of work to workers, and let `save` write what comes back, in the order in which it comes."""
    by_code = {task.code: task for piece in pieces for task in piece}
    done, ready, saved = 0, [], time.monotonic()
    jobs = [[(task.code, task.handed) for task in piece] for piece in pieces]
    if options.workers != 1:
        close_pools()  # workers start their own
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
        fill_folder(course.places.of("autograded", task.code, name), content, locked=True)
        rows.append(assignment.as_graded(task.code, task.about, graded))
        tell(task.code, graded, result)
        if graded["repairs"]:
            result.repaired[task.code] = graded["repairs"]
    book.save(course.assignment, rows, penalty)
    ledger.add({task.code: task.digest for task, _ in ready})


def tell(code, graded, result):
    result.graded.append(code)
    result.notes += [f"{code}: {words}." for words in graded["notes"]]
    result.regime = result.regime or graded["regime"]
    if graded["code_waits"]:
        result.code_waits.append(code)
