"""A round of grading: submissions are given to workers, written into the grade book, and told to the instructor.

One process writes; a round that is interrupted goes on where it was, and one that is repeated changes nothing. One
submission never ends a round: whatever is wrong with it, it is refused with the reason, and the others are graded.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from safe_cells.course import assignment, submission
from safe_cells.course.files import fill_folder, write_atomically
from safe_cells.course.gradebook import GradeBook, Graded, score
from safe_cells.course.notebooks import matched
from safe_cells.course.submitted import Submitted, reason, written
from safe_cells.course.workers import spread
from safe_cells.errors import CourseError, NoJail
from safe_cells.kernel_pool import Warm, pool
from safe_cells.verdicts import Held

LEDGER = Path(".workshop") / "graded"
SAVE_AT_ONCE, SAVE_AFTER = 200, 5  # results, seconds


@dataclass(frozen=True)
class Options:
    """How a round is done.

    `progress(done, of)` is called as the work goes on. `trust` lets tests count as they run beside participants' code,
    as by nbgrader; `allow` are folders that the jail shows besides the assignment's own; `again` grades also what is
    graded already.
    """

    workers: int | None = None
    scheduler: str | None = None
    unsafe: bool = False
    progress: Callable[[int, int], None] | None = None
    trust: bool = False
    allow: Sequence[Path] = ()
    again: bool = False


@dataclass
class Round:
    """What one round did, by code name; `notes` are sentences for the instructor.

    `people` are the results after the round (a `Total`, or whatever else the caller of a round counts). `held` are
    tests that wait for a reader since their two verdicts differ: (test, likely cause) -> [(code name, both in words)].
    """

    people: dict[str, Any] = field(default_factory=dict)
    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    repaired: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    held: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    code_waits: list[str] = field(default_factory=list)
    regime: str = ""

    @property
    def waiting(self) -> int:
        """How many answers wait for a reader."""
        return sum(person.waiting for person in self.people.values())


@dataclass(frozen=True)
class Total:
    """What one person got in a course."""

    points: float
    of: float
    waiting: int
    extra: float = 0.0


@dataclass
class Task:
    """One submission that is to be graded.

    `handed` is what a worker gets, or a function that reads it when it is its turn; `about` is what only this process
    needs, and `same_work` tells that only the environment is another than last time.
    """

    code: str
    file: str
    handed: Any
    state: str
    about: Any = None
    same_work: bool = False


def grade_course(root: Path | str, name: str, **options: Any) -> Round:
    """Grade an assignment of any nbgrader course from its folder `submitted`; returns a `Round`.

    `options` are those of `Options`.

    Scores and comments that readers gave stay. Raises CourseError when nothing can be graded.
    """
    result, chosen = Round(), Options(**options)
    course = assignment.prepare(Path(root), name, chosen.unsafe, chosen.trust, chosen.allow)
    result.notes += course.notes
    book = GradeBook(course.places.db_url)
    try:
        ledger = Ledger(course.places.root / LEDGER / f"{name}.json")
        todo = _tasks(course, book, ledger, chosen.again, result)
        penalty = assignment.late_penalty(course)

        def save(ready: list[tuple[Task, submission.Result]]) -> None:
            _save(book, course, ledger, ready, result, penalty)

        def warm() -> Warm:
            return pool(chosen.unsafe, **course.spec["jail"])

        do_work(
            graded_submissions, course.spec, [[task] for task in todo], save, result, chosen, warm if todo else None
        )
        standing = book.standing(course.assignment)
    finally:
        book.close()
    if not standing and not result.refused:
        raise CourseError(f"No submission for {name} was found in {course.places.of('submitted', '*', name)}.")
    most = sum(points for notebook in course.assignment.notebooks.values() for points in notebook.points.values())
    for student, found in standing.items():
        waiting = sum(bool(row["needs_manual_grade"]) for row in found.grades.values())
        points = sum(score(row) for row in found.grades.values()) - sum(lost or 0 for lost in found.penalties.values())
        result.people[student] = Total(round(points, 2), most, waiting)
    return result


def _tasks(course: assignment.Course, book: GradeBook, ledger: "Ledger", again: bool, result: Round) -> list[Task]:
    """What is to be graded; what cannot be, or needs not be, is told in the result."""
    known = None if course.config.Autograde.get("create_student", True) else book.students()
    todo = []
    for student, folder in course.places.submitted(course.name):
        if student in course.excluded:
            continue
        try:
            task = _task(course, student, folder, result)
            if known is not None and student not in known:
                raise CourseError("This student is not in the grade book. Add them with `nbgrader db student add`.")
        except Exception as error:  # noqa: BLE001 - one submission never ends a round
            result.refused[written(student)] = reason(error)
            continue
        known_state = ledger.has(student, task.state) and not again
        if known_state and course.places.of("autograded", student, course.name).is_dir():
            result.unchanged.append(student)
        else:
            task.same_work = ledger.has_work(student, task.state)
            todo.append(task)
    return todo


def _task(course: assignment.Course, student: str, folder: Path, result: Round) -> Task:
    if student != written(student):
        raise CourseError(
            "The name of this folder holds letters that cannot be written, or not seen. Give it another name, then "
            "grade again."
        )
    found = Submitted(folder)
    # What is installed decides, too, what code does.
    state = f"{digest_of(course.digest, found.digest())}/{assignment.packages()}"
    handed = found.read()
    if not matched(course.spec, handed["notebooks"])[0]:
        raise CourseError(f"None of its notebooks belongs to {course.name}. Look into {folder}; it stays as it is.")
    if found.time_unread:
        result.notes.append(f"{student}: its time stamp cannot be read ({found.time_unread}), so it counts as in time.")
    return Task(student, student, found.read, state, found)


def digest_of(*parts: object) -> str:
    """A short name for the state of something that is graded."""
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def summary(done: Round) -> Iterator[str]:
    """What an instructor has to know of a round, in lines: who got what, what was put right, and what is left to do."""
    for code, person in sorted(done.people.items()):
        waiting = f", {person.waiting} to read" if person.waiting else ""
        extra = f" and {person.extra:g} extra" if person.extra else ""
        yield f"  {code}: {person.points:g} of {person.of:g} points{extra}{waiting}"
    for code, repairs in sorted(done.repaired.items()):
        yield f"  repaired {written(code)}: {written('; '.join(repairs))}."
    for name, why in done.refused.items():
        yield f"  NOT GRADED {written(name)}: {written(why)}"
    for (test, _), people in sorted(done.held.items()):
        codes = ", ".join(code for code, _ in people)
        yield f"  WAITS {test} of {codes}: {written(people[0][1])}."
    if done.held:
        yield (
            "  What waits so is never settled in silence: read it, or, if you are sure of the course and its people, "
            "let the tests count as they run beside participants' code, with --trust inside."
        )
    for note in done.notes:
        yield f"  note: {written(note)}"
    if done.code_waits:
        yield (
            f"  The code of {', '.join(sorted(done.code_waits))} was not run: here it cannot be shut in, and it might "
            "harm this computer. It waits for a reader. Grade on Linux, or read the code and add --unsafe."
        )
    if done.regime:
        yield f"  Participants' code was shut in by: {done.regime}."
    yield (
        f"{len(done.graded)} graded, {len(done.unchanged)} unchanged, {len(done.repaired)} repaired, "
        f"{len(done.refused)} refused, {done.waiting} written answer{'' if done.waiting == 1 else 's'} to read."
    )


class Ledger:
    """Which hand-in was graded in which state, so that nothing is graded twice and nothing left out.

    A state is a text: a digest of the work, and perhaps behind a slash another of what it was graded with.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, str] = {}
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        self.known = data if isinstance(data, dict) else {}

    def has(self, code: str, state: str) -> bool:
        """Whether this hand-in is in the grade book as it is now."""
        return self.known.get(code) == state

    def has_work(self, code: str, state: str) -> bool:
        """Whether the same work of this person is in the grade book, whatever it was graded with."""
        return self.known.get(code, "").partition("/")[0] == state.partition("/")[0]

    def add(self, graded: dict[str, str]) -> None:
        """Note code name -> state for what is safely in the grade book."""
        self.known |= graded
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, json.dumps(self.known).encode())


def tell_inside(inside: dict[str, str], result: Round) -> None:
    """Say which tests only run beside participants' code: name -> why."""
    result.notes += [
        f"The test {cell} runs inside the participant's own process, since {why}. It can be tricked: look at what it "
        "gives."
        for cell, why in inside.items()
    ]


# ---------------------------------------------------------------- work


def graded_submissions(
    spec: submission.Spec, batch: Sequence[tuple[str, Any]], unsafe: bool
) -> list[tuple[str, submission.Result]]:
    """What a worker does with submissions, see `safe_cells.course.submission.graded`."""
    results = []
    for code, handed in batch:
        try:
            results.append((code, submission.graded(spec, handed, unsafe)))
        except Exception as error:  # noqa: BLE001 - one submission never ends a round
            results.append((code, {"refused": reason(error)}))
    return results


def do_work(
    work: Callable[..., Any],
    spec: submission.Spec,
    pieces: Sequence[Sequence[Task]],
    save: Callable[[list[tuple[Task, submission.Result]]], None],
    result: Round,
    options: Options,
    warm: Callable[[], Warm] | None = None,
) -> None:
    """Give pieces of work to workers, and let `save` write what comes back, in the order in which it comes.

    `warm` gives the warm process that the work will ask for: workers of this machine share it. None where it will ask
    for none.
    """
    by_code = {task.code: task for piece in pieces for task in piece}
    done, saved = 0, time.monotonic()
    ready: list[tuple[Task, submission.Result]] = []
    jobs = [[(task.code, task.handed) for task in piece] for piece in pieces]
    if warm and not options.scheduler:
        with suppress(NoJail):
            warm().wait()
    try:
        for codes, outcome in spread(work, spec, jobs, options.unsafe, options.workers, options.scheduler):
            done += len(codes)
            if isinstance(outcome, Exception):
                result.refused |= {
                    by_code[code].file: f"Grading it failed ({outcome}). It is kept as it is; run the command again."
                    for code in codes
                }
            else:
                for code, graded in outcome:
                    if "refused" in graded:
                        result.refused[by_code[code].file] = graded["refused"]
                    else:
                        ready.append((by_code[code], graded))
            if len(ready) >= SAVE_AT_ONCE or time.monotonic() - saved > SAVE_AFTER:
                save(ready)
                ready, saved = [], time.monotonic()
            if options.progress:
                options.progress(done, len(by_code))
    finally:
        # Also when the instructor interrupts: what is done is done.
        save(ready)


# ---------------------------------------------------------------- saving


def _save(
    book: GradeBook,
    course: assignment.Course,
    ledger: Ledger,
    ready: list[tuple[Task, submission.Result]],
    result: Round,
    penalty: Callable[..., Any] | None,
) -> None:
    """Write a number of results: files first, then the grade book in one transaction, then the ledger."""
    rows = []
    for task, graded in ready:
        try:
            _write_files(course, task, graded)
        except Exception as error:  # noqa: BLE001 - one submission never ends a round
            result.refused[task.file] = reason(error)
            continue
        rows.append(
            (
                task,
                graded,
                Graded(
                    task.code,
                    task.about.time,
                    graded["scores"],
                    graded["comments"],
                    set(),
                    graded["missing"],
                    task.same_work,
                ),
            )
        )
    saved = save_rows(book, course.assignment, [row for _, _, row in rows], result, penalty)
    noted = {}
    for task, graded, _ in rows:
        if task.code in saved:
            tell(task.code, graded, result)
            if not graded["again"]:
                noted[task.code] = task.state
    ledger.add(noted)


def _write_files(course: assignment.Course, task: Task, graded: submission.Result) -> None:
    ours = {name: data for name, data in course.spec["files"].items() if name not in course.spec["theirs"]}
    content = {**submission.own_files(course.spec, task.handed()["files"]), **ours}
    for file, notebook in graded["notebooks"].items():
        content[file] = json.dumps(notebook, ensure_ascii=False).encode("utf-8", "replace")
    fill_folder(course.places.of("autograded", task.code, course.name), content, locked=True)


def save_rows(
    book: GradeBook, assignment: Any, rows: Sequence[Graded], result: Round, penalty: Callable[..., Any] | None = None
) -> set[str]:
    """Write rows into the grade book, all at once.

    If that fails, they are written one by one, so that the one at fault is refused alone. Gives the code names of those
    that were written.
    """
    try:
        book.save(assignment, rows, penalty)
        return {row.student for row in rows}
    except OperationalError:
        raise  # the database itself cannot be used
    except Exception:  # noqa: BLE001 - the one at fault is found below, and told
        saved = set()
        for row in rows:
            try:
                book.save(assignment, [row], penalty)
                saved.add(row.student)
            except OperationalError:
                raise
            except Exception as error:  # noqa: BLE001 - one submission never ends a round
                result.refused[written(row.student)] = reason(error)
        return saved


def tell(code: str, graded: submission.Result, result: Round) -> None:
    """Put what a worker says of a submission into the result of the round."""
    result.graded.append(code)
    result.notes += [f"{code}: {words}." for words in graded["notes"]]
    for test, (inside, outside, cause) in graded["held"].items():
        held = Held(inside, outside, cause)
        result.held.setdefault((test, cause), []).append((code, held.sentence()))
    result.regime = result.regime or graded["regime"]
    if graded["code_waits"]:
        result.code_waits.append(code)
    if graded.get("repairs"):
        result.repaired[code] = graded["repairs"]
