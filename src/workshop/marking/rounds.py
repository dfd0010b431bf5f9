"""A round of grading: what lies in the inbox is read, given to workers, written into the grade book, and told to the instructor.

One process writes; a round that is interrupted goes on where it was, and one that is repeated changes nothing.
"""

import hashlib
import json
import os
import shutil
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from workshop import course, feedback, files, tables
from workshop.course import GradingStopped
from workshop.marking import assignments, exercises, hand_ins, lanes, places, results
from workshop.marking.gradebook import Graded, GradeBook
from workshop.marking.warm import NoJail

LEDGER = Path(".workshop") / "graded"
TYPED_AT_ONCE = 40  # hand-ins in one piece of work, where each takes milliseconds
SAVE_AT_ONCE = 200
TRIES = 3


@dataclass
class Round:
    """What one round did, by code name; `notes` are sentences for the instructor.

    `people` are the results after the round (see `workshop.marking.results.Person`).
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


def grade_round(root, name, inbox, workers=None, scheduler=None, unsafe=False, progress=None):
    """Grade what was handed in for one exercise of the kit; returns a `Round`.

    `progress(done, of)` is called as the work goes on. Scores and comments that readers gave stay. Raises GradingStopped
    when nothing can be graded.
    """
    root, result = Path(root), Round()
    os.environ["WORKSHOP_HOME"] = str(root)
    exercise = exercises.prepare(root, name, lambda: lanes.warm(unsafe))
    if not Path(inbox).is_dir():
        raise GradingStopped(f"There is no folder {inbox}. Put the hand-in files (.zip) of the participants into it.")
    found = hand_ins.read(Path(inbox), hand_ins.Exercise(name, exercise.key, exercise.released))
    result.refused, result.notes = dict(found.refused), list(found.notes)
    where = places.read(root)
    assignments.new_book(where.db_url, where.course_id)
    book = GradeBook(where.db_url)
    try:
        assignment = _brought_up_to_date(book, exercise, where, result)
        ledger = Ledger(root / LEDGER / f"{name}.json")
        todo = []
        for one in found.hand_ins:
            if one.repairs or one.missing:
                result.repaired[one.code] = [*one.repairs, *one.missing]
            handed = {"answers": {id: entry["value"] for id, entry in ((one.sheet or {}).get("answers") or {}).items()},
                      "code": one.code_cells}
            digest = hashlib.sha256(json.dumps([exercise.digest, handed, str(one.time)], sort_keys=True).encode()).hexdigest()
            if ledger.has(one.code, digest) and (where.of("autograded", one.code, name) / f"{name}.ipynb").exists():
                result.unchanged.append(one.code)
            else:
                todo.append(Task(one.code, one, handed, digest))
        _work(book, assignment, exercise, where, ledger, todo, result, workers, scheduler, unsafe, progress)
        standing = book.standing(assignment)
    finally:
        book.close()
    if not standing:
        raise GradingStopped(f"No hand-in for {name} was found in {inbox}." + "".join(f"\n  {why}" for why in result.refused.values()))
    _feedback(root, exercise, where, standing, result)
    return result


def summary(done):
    """What an instructor has to know of a round, in lines: who got what, what was put right, and what is left to do."""
    for code, person in sorted(done.people.items()):
        waiting = f", {person.waiting} to read" if person.waiting else ""
        extra = f" and {person.extra:g} extra" if person.extra else ""
        yield f"  {code}: {person.points:g} of {sum(item.points for item in person.items if not item.optional):g} points{extra}{waiting}"
    for code, repairs in sorted(done.repaired.items()):
        yield f"  repaired {code}: {'; '.join(repairs)}."
    for name, why in done.refused.items():
        yield f"  NOT GRADED {name}: {why}"
    for note in done.notes:
        yield f"  note: {note}"
    if done.code_waits:
        yield (f"  The code of {', '.join(sorted(done.code_waits))} was not run: here it cannot be shut in, and it might harm this computer. "
               "It waits for a reader. Grade on Linux, or read the code and add --unsafe.")
    if done.regime:
        yield f"  Code ran in: {done.regime}."
    yield (f"{len(done.graded)} graded, {len(done.unchanged)} unchanged, {len(done.repaired)} repaired, {len(done.refused)} refused, "
           f"{done.waiting} written answer{'' if done.waiting == 1 else 's'} to read.")
    if done.waiting:
        yield "Read them with `workshop formgrader`, then run this command again: it writes the feedback anew."


@dataclass
class Task:
    """One hand-in that is to be graded."""

    code: str
    hand_in: object
    handed: dict
    digest: str


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
        files.put(self.path, json.dumps(self.known).encode())


def _brought_up_to_date(book, exercise, where, result):
    forgotten = book.bring_up_to_date(exercise.book, where.course_id)
    if forgotten:
        kept = where.root / f"gradebook_removed_{datetime.now(UTC):%Y%m%d_%H%M%S}.json"
        files.put(kept, json.dumps(forgotten, ensure_ascii=False, indent=1).encode())
        result.notes.append(f"Items that readers had scored are no longer in the exercise; what was given there is kept in {kept.name}.")
    for cell, why in exercise.inside.items():
        result.notes.append(f"The test {cell} runs inside participants' own process, since {why}. It can be tricked: look at it.")
    return book.assignment(exercise.name)


# ---------------------------------------------------------------- work


def graded_batch(spec, batch, unsafe):
    """What a worker does with a piece of work: [(code name, result)], see `workshop.marking.lanes.graded_own`."""
    return [(code, lanes.graded_own(spec, handed, unsafe)) for code, handed in batch]


def _work(book, assignment, exercise, where, ledger, todo, result, workers, scheduler, unsafe, progress):
    """Give the hand-ins to workers, and write what comes back in the order in which it comes."""
    quick, slow = [], []
    stubs = {cell: exercise.spec["sources"].get(cell) for kind, cell in exercise.book.notebooks[exercise.name].cells if kind == "solution"}
    for task in todo:
        theirs = {cell: source for cell, source in task.handed["code"].items() if source != stubs.get(cell)}
        (slow if theirs else quick).append(task)
    pieces = [quick[start:start + TYPED_AT_ONCE] for start in range(0, len(quick), TYPED_AT_ONCE)] + [[task] for task in slow]
    done, ready = 0, []
    by_code = {task.code: task for task in todo}
    jobs = [[(task.code, task.handed) for task in piece] for piece in pieces]
    for codes, outcome in spread(graded_batch, exercise.spec, jobs, unsafe, workers, scheduler):
        if isinstance(outcome, Exception):
            for code in codes:
                result.refused[by_code[code].hand_in.file] = f"Grading it failed ({outcome}). The file is kept; run the command again."
            done += len(codes)
            continue
        ready += [(by_code[code], graded) for code, graded in outcome]
        done += len(outcome)
        if len(ready) >= SAVE_AT_ONCE:
            _save(book, assignment, exercise, where, ledger, ready, result)
            ready = []
        if progress:
            progress(done, len(todo))
    _save(book, assignment, exercise, where, ledger, ready, result)


def spread(work, spec, jobs, unsafe, workers=None, scheduler=None):
    """Yield (names, outcome or exception) for each job, a list of (name, data), as workers end it.

    A worker that dies takes nothing with it: its job is given to another, at most three times.
    """
    if not jobs:
        return
    with _executor(len(jobs), workers, scheduler) as executor:
        waiting, tries = {}, dict.fromkeys(range(len(jobs)), 0)

        def give(number):
            tries[number] += 1
            waiting[executor().submit(work, spec, jobs[number], unsafe)] = number
        for number in range(len(jobs)):
            give(number)
        while waiting:
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                number = waiting.pop(future)
                try:
                    outcome = future.result()
                except Exception as error:
                    if _worker_lost(error) and tries[number] < TRIES:
                        executor(broken=True)
                        give(number)
                        continue
                    outcome = error
                yield [name for name, _ in jobs[number]], outcome


def _worker_lost(error):
    return isinstance(error, BrokenProcessPool) or type(error).__name__ in ("KilledWorker", "CancelledError", "FutureCancelledError")


class _executor:
    """Workers on this machine or of a Dask cluster, behind one call that gives the executor."""

    def __init__(self, jobs, workers, scheduler):
        self.workers, self.scheduler = max(1, min(jobs, workers or os.cpu_count() or 1)), scheduler
        self.client, self.now = None, None

    def __enter__(self):
        self._start()
        return self

    def __exit__(self, *exception):
        self.now.shutdown(wait=not any(exception), cancel_futures=True)
        if self.client:
            self.client.close()

    def __call__(self, broken=False):
        # A pool of this machine cannot be used any more when one of its workers died; a cluster mends itself.
        if broken and not self.scheduler and getattr(self.now, "_broken", False):
            self.now.shutdown(wait=False)
            self._start()
        return self.now

    def _start(self):
        if self.scheduler:
            self.client, self.now = cluster(self.scheduler)
        elif self.workers == 1:
            self.now = Here()
        else:
            from concurrent.futures import ProcessPoolExecutor

            self.now = ProcessPoolExecutor(self.workers)


class Here:
    """One worker, in this process: an executor that does the work when it is asked for."""

    def submit(self, work, *args):
        """A future that is done already."""
        future = Future()
        try:
            future.set_result(work(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, wait=True, cancel_futures=False):
        """Nothing is left running."""


def cluster(address):
    """(client, executor) of the Dask cluster whose scheduler has this address, such as tcp://10.0.0.5:8786."""
    try:
        from distributed import Client
    except ImportError:
        raise GradingStopped("Grading on a cluster needs the package distributed: `pip install distributed`, here and on "
                             "every worker, with the same edition of this workshop.") from None
    try:
        client = Client(address, timeout=20)
    except OSError as error:
        raise GradingStopped(f"No cluster answers at {address} ({error}). Start `dask scheduler` and `dask worker`, then "
                             "give the address that the scheduler prints.") from None
    # Not pure: the same work asked for twice is done twice. A worker that dies is for us to replace, not for Dask.
    return client, client.get_executor(pure=False, retries=0)


# ---------------------------------------------------------------- saving


def _save(book, assignment, exercise, where, ledger, ready, result):
    """Write a number of results: files first, then the grade book in one transaction, then the ledger."""
    if not ready:
        return
    name, rows = exercise.name, []
    for task, graded in ready:
        when = (task.hand_in.time or datetime.now(UTC)).astimezone(UTC)
        stamp = f"{when:%Y-%m-%d %H:%M:%S} UTC\n".encode()
        sheet = b"" if task.hand_in.sheet is None else (json.dumps(task.hand_in.sheet, ensure_ascii=False, indent=1) + "\n").encode()
        shown = exercise.released | {"cells": graded["cells"]}
        blank = exercise.released | {"cells": [
            cell | ({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}) for cell in graded["cells"]]}
        for step, notebook in (("submitted", blank), ("autograded", shown)):
            content = {f"{name}.ipynb": json.dumps(notebook, ensure_ascii=False).encode(), "timestamp.txt": stamp}
            if sheet:
                content[f"{name}.answers.json"] = sheet
            folder_with(where.of(step, task.code, name), content, locked=step == "autograded")
        rows.append(Graded(task.code, when.replace(tzinfo=None, microsecond=0), {name: graded["scores"]}, {name: graded["comments"]},
                           {(name, cell) for cell in graded["settled"]}))
        result.graded.append(task.code)
        result.notes += [f"{task.code}: {words}." for words in graded["notes"]]
        if graded["code_waits"]:
            result.code_waits.append(task.code)
    book.save(assignment, rows)
    ledger.add({task.code: task.digest for task, _ in ready})


def folder_with(folder, content, locked=False):
    """Make a folder that holds exactly these files (name -> bytes), as nbgrader leaves it: not to be written to if `locked`."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in content:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for file, data in content.items():
        path = folder / file
        path.unlink(missing_ok=True)
        path.write_bytes(data)
        if locked:
            path.chmod(0o444)


def _feedback(root, exercise, where, standing, result):
    """A page for everybody in the grade book, and the results for the instructor."""
    items, sources, name = results.items_of(exercise.page), tables.sources(root), exercise.name
    for code, one in sorted(standing.items()):
        person = results.person(one, items, name, where.of("autograded", code, name))
        result.people[code] = person
        path = where.of("feedback", code, name) / f"{name}.html"
        page = feedback.html(exercise.page, exercise.key, person, sources)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != page:
            path.write_text(page, encoding="utf-8")
