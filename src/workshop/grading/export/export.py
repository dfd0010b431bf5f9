"""Results as files for other programs: a table of items, a table of totals, and what Moodle and Canvas import.

Code names stand for people. Names come in only when a list of people is given, and that list stays where it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from workshop.answers import atomic
from workshop.errors import GradingError
from workshop.grading import results
from workshop.grading.export import csv_files, lms
from workshop.grading.export import roster as people_list
from workshop.grading.export.csv_files import Rows
from workshop.grading.export.roster import People

USUAL = ("items", "totals")
FOLDER = "export"


@dataclass
class Export:
    """What was written, sentences for the instructor, and code names that a file had to leave out."""

    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def write(
    root: Path,
    exercises: Sequence[str] = (),
    formats: Sequence[str] = USUAL,
    folder: Path | None = None,
    names: Path | None = None,
) -> Export:
    """Write the results of these exercises (or of all that are graded) in these formats; `names` is a list of people.

    Raises GradingError before anything is written.
    """
    done, folder = Export(), folder or root / FOLDER
    every = [results.read(root, name) for name in exercises or _graded(root, done)]
    people = None
    if names:
        people = people_list.completed(people_list.read(names, lms.codes_of(every)), results.students(root))
        done.notes += people.notes
    made = {format: MAKERS[format](every, people, done) for format in formats}
    for format, rows in made.items():
        path = folder / f"{format}.csv"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            atomic.put(path, csv_files.content(rows))
        except OSError as error:
            raise GradingError(
                f"{path} cannot be written: {error.strerror}. Is it open in a spreadsheet program? "
                "Close it there and give the command again."
            ) from error
        done.files.append(path)
    if people:
        done.notes.append(
            f"The files in {folder} hold names beside results. Keep them as you keep a register of grades."
        )
    return done


def _graded(root: Path, done: Export) -> list[str]:
    """Exercises that are in the grade book and have a text; what has none is named in the notes."""
    names = results.graded(root)
    known = [name for name in names if (root / "solutions" / f"{name}.md").exists()]
    if not known:
        raise GradingError("Nothing is graded yet. Run `workshop grade m02_challenges` first.")
    if others := [name for name in names if name not in known]:
        done.notes.append(f"Left out, because solutions/ has no text of it: {', '.join(others)}.")
    return known


Every: TypeAlias = Sequence[results.Results]
Known: TypeAlias = People | None
Maker: TypeAlias = Callable[[Every, Known, Export], Rows]


# ---------------------------------------------------------------- tables


def items(every: Every, people: Known = None) -> Rows:
    """One row for each person and item."""
    rows: Rows = [
        [*_who_header(people), "exercise", "item", "title", "points", "of", "optional", "waiting", "handed_in"]
    ]
    for one in every:
        for person in one.people.values():
            for item in one.items:
                mark = person.marks[item.id]
                points = None if mark.waiting else mark.points
                rows.append(
                    [
                        *_who(person, people),
                        one.name,
                        item.id,
                        item.title,
                        points,
                        item.points,
                        _yes(item.optional),
                        _yes(mark.waiting),
                        _moment(person.handed_in),
                    ]
                )
    return rows


def totals(every: Every, people: Known = None) -> Rows:
    """One row for each person and exercise. Points without those of optional items, which are `extra`."""
    rows: Rows = [[*_who_header(people), "exercise", "points", "of", "extra", "late_penalty", "waiting"]]
    for one in every:
        for person in one.people.values():
            points, penalty = (person.points, person.penalty) if person.settled else (None, None)
            extra_waits = any(person.marks[item.id].waiting for item in one.items if item.optional)
            extra = None if extra_waits else person.extra
            rows.append([*_who(person, people), one.name, points, one.points, extra, penalty, person.waiting])
    return rows


def _who_header(people: Known) -> list[str]:
    return ["code", "name"] if people else ["code"]


def _who(person: results.Person, people: Known) -> list[str]:
    if people is None:
        return [person.code]
    known = people.by_code.get(person.code)
    return [person.code, known.name if known else ""]


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def _moment(time: datetime | None) -> str:
    """A time of the grade book, which keeps them in UTC without saying so."""
    return time.replace(tzinfo=UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if time else ""


# ---------------------------------------------------------------- files


def _table(make: Callable[[Every, Known], Rows]) -> Maker:
    def rows(every: Every, people: Known, done: Export) -> Rows:
        if people:
            people.need("name", why="the tables would have no names in them")
            nameless = [code for code in lms.codes_of(every) if code not in people.by_code]
            _say_once(done, nameless, f"{people.place} does not have {{}}: the tables have no name for them.")
        return make(every, people)

    return rows


def _platform(make: Callable[[Every, Known], tuple[Rows, list[str], list[str]]], title: str, identity: str) -> Maker:
    def rows(every: Every, people: Known, done: Export) -> Rows:
        made, notes, left_out = make(every, people)
        done.notes += notes
        done.left_out += [code for code in left_out if code not in done.left_out]
        _say_once(
            done, left_out, f"Not in the file for {title}: {{}}. Give each of them {identity} in the list of people."
        )
        return made

    return rows


def _say_once(done: Export, codes: Sequence[str], words: str) -> None:
    sentence = words.format(", ".join(codes))
    if codes and sentence not in done.notes:
        done.notes.append(sentence)


MAKERS = {
    "items": _table(items),
    "totals": _table(totals),
    "moodle": _platform(lms.moodle, "Moodle", "an id (ID number), email or login, in the same column for all,"),
    "canvas": _platform(lms.canvas, "Canvas", "an id (Canvas's own number), a sis_id or a login"),
}
