"""A round of grading.

What lies in the inbox is read, given to workers, written into the grade book, and told to the instructor. One process
writes; a round that is interrupted goes on where it was, and one that is repeated changes nothing.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from workshop import environment
from workshop.answers import atomic
from workshop.content import tables
from workshop.errors import GradingError
from workshop.grading import (
    exercises,
    feedback,
    results,
    submission,
    submissions,
)
from workshop.grading.code_cells import (
    LEDGER,
    Assignment,
    GradeBook,
    Graded,
    Ledger,
    Options,
    Round,
    Standing,
    Task,
    digest_of,
    do_work,
    fill_folder,
    nbgrader_api,
    paths,
    reason,
    save_rows,
    tell,
    tell_inside,
)
from workshop.grading.desk import rubric_scores

Ready = list[tuple[Task, submission.Result]]
TYPED_AT_ONCE = 40  # hand-ins in one piece of work, where each takes milliseconds


def grade_round(root: Path, name: str, inbox: Path, **chosen: Any) -> Round:
    """Grade what was handed in for one exercise of the kit; returns a `Round`. `chosen` are fields of `Options`.

    Scores and comments that readers gave stay. Raises GradingError when nothing can be graded.
    """
    root, result, options = Path(root), Round(), Options(**chosen)
    environment.set_home(root)
    exercise = exercises.prepare(root, name, lambda: submission.warm(options.unsafe))
    exercises.refuse_faults(exercise)
    exercise.spec["trust"] = options.trust
    if not Path(inbox).is_dir():
        raise GradingError(f"There is no folder {inbox}. Put the hand-in files (.zip) of the participants into it.")
    found = submissions.read(Path(inbox), submissions.Exercise(name, exercise.key, exercise.released))
    result.refused, result.notes = dict(found.refused), list(found.notes)
    where = paths.read(root)
    nbgrader_api.new_book(where.db_url, where.course_id)
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
            state = digest_of(exercise.digest, options.trust, json.dumps(handed, sort_keys=True), one.time)
            graded = ledger.has(one.code, state) and not options.again
            if graded and (where.of("autograded", one.code, name) / f"{name}.ipynb").exists():
                result.unchanged.append(one.code)
            else:
                todo.append(Task(one.code, one.file, handed, state, one, ledger.has_work(one.code, state)))

        def save(ready: Ready) -> None:
            _save(book, assignment, exercise, where, ledger, ready, result)

        coded = _coded(exercise, todo)
        warm = partial(submission.warm, options.unsafe) if coded else None
        do_work(graded_batch, exercise.spec, _pieces(todo, coded), save, result, options, warm)
        standing = book.standing(assignment)
    finally:
        book.close()
    if not standing:
        raise GradingError(
            f"No hand-in for {name} was found in {inbox}." + "".join(f"\n  {why}" for why in result.refused.values())
        )
    _feedback(root, exercise, where, standing, result)
    return result


def _brought_up_to_date(
    book: GradeBook, exercise: exercises.Exercise, where: paths.Places, result: Round
) -> Assignment:
    forgotten = book.bring_up_to_date(exercise.book, where.course_id)
    if forgotten:
        kept = where.root / f"gradebook_removed_{datetime.now(UTC):%Y%m%d_%H%M%S}.json"
        atomic.put(kept, json.dumps(forgotten, ensure_ascii=False, indent=1).encode())
        result.notes.append(
            f"Items that readers had scored are no longer in the exercise; what was given there is kept in {kept.name}."
        )
    tell_inside(exercise.inside, result)
    assignment = book.assignment(exercise.name)
    assert assignment  # it has just been brought there
    return assignment


# ---------------------------------------------------------------- work


def graded_batch(
    spec: submission.Spec, batch: Sequence[tuple[str, Any]], unsafe: bool
) -> list[tuple[str, submission.Result]]:
    """What a worker does with hand-ins of the kit.

    [(code name, result)], see `workshop.grading.submission.graded_own`.
    """
    graded: list[tuple[str, submission.Result]] = []
    for code, handed in batch:
        try:
            graded.append((code, submission.graded_own(spec, handed, unsafe)))
        except Exception as error:  # noqa: BLE001 - whatever one hand-in raises, the others are graded
            graded.append((code, {"refused": reason(error)}))
    return graded


def _coded(exercise: exercises.Exercise, todo: Sequence[Task]) -> set[str]:
    """The code names of those who changed code, which is to be run."""
    stubs = {
        cell: exercise.spec["sources"].get(cell)
        for kind, cell in exercise.book.notebooks[exercise.name].cells
        if kind == "solution"
    }
    return {
        task.code for task in todo if any(source != stubs.get(cell) for cell, source in task.handed["code"].items())
    }


def _pieces(todo: Sequence[Task], coded: Collection[str]) -> list[list[Task]]:
    """The tasks in pieces of work: many at once where answers are data, one by one where code is to be run."""
    typed = [task for task in todo if task.code not in coded]
    return [typed[start : start + TYPED_AT_ONCE] for start in range(0, len(typed), TYPED_AT_ONCE)] + [
        [task] for task in todo if task.code in coded
    ]


# ---------------------------------------------------------------- saving


def _save(
    book: GradeBook,
    assignment: Assignment,
    exercise: exercises.Exercise,
    where: paths.Places,
    ledger: Ledger,
    ready: Ready,
    result: Round,
) -> None:
    """Write a number of results: files first, then the grade book in one transaction, then the ledger."""
    rows = []
    for task, graded in ready:
        try:
            rows.append((task, graded, _written(exercise, where, task, graded)))
        except Exception as error:  # noqa: BLE001 - whatever one hand-in raises, the others are saved
            result.refused[task.file] = reason(error)
    saved = save_rows(book, assignment, [row for _, _, row in rows], result)
    for task, graded, _ in rows:
        if task.code in saved:
            tell(task.code, graded, result)
    ledger.add({task.code: task.state for task, _, _ in rows if task.code in saved})


def _written(exercise: exercises.Exercise, where: paths.Places, task: Task, graded: submission.Result) -> Graded:
    """The row of one hand-in for the grade book, when its files are written."""
    name = exercise.name
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
        fill_folder(where.of(step, task.code, name), content, locked=step == "autograded")
    return Graded(
        task.code,
        when.replace(tzinfo=None, microsecond=0),
        {name: graded["scores"]},
        {name: graded["comments"]},
        {(name, cell) for cell in graded["settled"]},
        same_work=task.same_work,
    )


def _feedback(
    root: Path, exercise: exercises.Exercise, where: paths.Places, standing: Mapping[str, Standing], result: Round
) -> None:
    """A page for everybody in the grade book, and the results for the instructor."""
    items, sources, name = results.items_of(exercise.page), tables.sources(root), exercise.name
    lines = rubric_scores.points_by_line(
        root, name, [item.id for item in items if item.question and item.question.scored_by_reader]
    )
    for code, one in sorted(standing.items()):
        person = results.person(one, items, name, where.of("autograded", code, name))
        result.people[code] = person
        path = where.of("feedback", code, name) / f"{name}.html"
        page = feedback.html(exercise.page, exercise.key, person, sources, lines.get(code, {}))
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != page:
            path.write_text(page, encoding="utf-8")
