"""Results as files for other programs: a table of items, a table of totals, and what Moodle and Canvas import.

Code names stand for people. Names come in only when a list of people is given, and that list stays where it is.
"""

from dataclasses import dataclass, field
from datetime import UTC

from workshop.answers import atomic
from workshop.errors import GradingError
from workshop.grading import results
from workshop.grading.export import csv_files, lms
from workshop.grading.export import roster as people_list

USUAL = ("items", "totals")
FOLDER = "export"


@dataclass
class Export:
    """What was written, sentences for the instructor, and code names that a file had to leave out."""

    files: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    left_out: list = field(default_factory=list)


def write(root, exercises=(), formats=USUAL, folder=None, names=None):
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


def _graded(root, done):
    """Exercises that are in the grade book and have a text; what has none is named in the notes."""
    names = results.graded(root)
    known = [name for name in names if (root / "solutions" / f"{name}.md").exists()]
    if not known:
        raise GradingError("Nothing is graded yet. Run `workshop grade m02_challenges` first.")
    if others := [name for name in names if name not in known]:
        done.notes.append(f"Left out, because solutions/ has no text of it: {', '.join(others)}.")
    return known


# ---------------------------------------------------------------- tables


def items(every, people=None):
    """One row for each person and item."""
    rows = [[*_who_header(people), "exercise", "item", "title", "points", "of", "optional", "waiting", "handed_in"]]
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


def totals(every, people=None):
    """One row for each person and exercise. Points without those of optional items, which are `extra`."""
    rows = [[*_who_header(people), "exercise", "points", "of", "extra", "late_penalty", "waiting"]]
    for one in every:
        for person in one.people.values():
            points, penalty = (person.points, person.penalty) if person.settled else (None, None)
            extra_waits = any(person.marks[item.id].waiting for item in one.items if item.optional)
            extra = None if extra_waits else person.extra
            rows.append([*_who(person, people), one.name, points, one.points, extra, penalty, person.waiting])
    return rows


def _who_header(people):
    return ["code", "name"] if people else ["code"]


def _who(person, people):
    if people is None:
        return [person.code]
    known = people.by_code.get(person.code)
    return [person.code, known.name if known else ""]


def _yes(true):
    return "yes" if true else "no"


def _moment(time):
    """A time of the grade book, which keeps them in UTC without saying so."""
    return time.replace(tzinfo=UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if time else ""


# ---------------------------------------------------------------- files


def _table(make):
    def rows(every, people, done):
        if people:
            people.need("name", why="the tables would have no names in them")
            nameless = [code for code in lms.codes_of(every) if code not in people.by_code]
            _say_once(done, nameless, f"{people.place} does not have {{}}: the tables have no name for them.")
        return make(every, people)

    return rows


def _platform(make, title, identity):
    def rows(every, people, done):
        made, notes, left_out = make(every, people)
        done.notes += notes
        done.left_out += [code for code in left_out if code not in done.left_out]
        _say_once(
            done, left_out, f"Not in the file for {title}: {{}}. Give each of them {identity} in the list of people."
        )
        return made

    return rows


def _say_once(done, codes, words):
    sentence = words.format(", ".join(codes))
    if codes and sentence not in done.notes:
        done.notes.append(sentence)


MAKERS = {
    "items": _table(items),
    "totals": _table(totals),
    "moodle": _platform(lms.moodle, "Moodle", "an id (ID number), email or login, in the same column for all,"),
    "canvas": _platform(lms.canvas, "Canvas", "an id (Canvas's own number), a sis_id or a login"),
}
