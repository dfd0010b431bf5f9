"""Points as Moodle and Canvas take them into their gradebooks: one line a person, one column an exercise.

Only points without those of optional items go there. An answer that waits for a reader leaves the whole grade open.

Moodle (docs.moodle.org, “Grade import”; `grade/import/csv/classes/load_data.php` in moodle/moodle):

- The first line names the columns. Whoever imports says which column identifies a person and as what: ID number, email
  address (capitals count) or username. A person who is not found stops the whole import. A line without an identity is
  taken for the person of the line before, so nobody without one may be in the file.
- A hyphen is no grade. An empty cell becomes 0 when the import makes the grade item, so none is written.
- An item that an import makes is out of 100, and grades over 100 stop the import unless the site allows them.
- Feedback without a grade beside it deletes the grade, so both stand there. It can be given to items that exist
already.
- UTF-8, with or without a mark at its beginning; separated by commas.

Canvas (community.canvaslms.com, “How do I import grades in the Gradebook?”; `lib/gradebook_importer.rb` and
`gradebook_exporter.rb` in instructure/canvas-lms):

- The first columns are Student, ID, SIS User ID, SIS Login ID, Section, in this order; then one column an assignment.
- The second line begins with “Points Possible”, indented by four spaces, and says what each assignment is worth.
- A person is found by ID, Canvas's own number, whose first digits count; else by SIS User ID, SIS Login ID, name.
- “Title (12)” means the assignment with the number 12; any other title is looked for, and made where it is not found.
Of
  two columns with one title the first counts twice.
- A column whose title has one of Canvas's own words for totals in it (Final Score, Current Grade, …) is read-only and
  passed over without a word, so no such column is written.
- An empty cell is no score. Separated by commas, a decimal point, two decimals; UTF-8, with or without the mark.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from workshop.errors import GradingError
from workshop.grading.code_cells import NOT_ANSWERED
from workshop.grading.export import csv_files
from workshop.grading.export.csv_files import NO_GRADE, Cell, Rows
from workshop.grading.export.roster import Identity, People
from workshop.grading.results import Person, Results

MOODLE_KEYS = {"id": "ID number", "email": "Email address", "login": "Username"}
CANVAS_COLUMNS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
CANVAS_OWN = re.compile(
    r"\s\(\d+\)$|\b(Current|Final) (Score|Points|Grade)|\bOverride (Score|Grade|Status)"
    r"|^(Student|LastName|FirstName|ID|SIS User ID|SIS Login ID|Section|Integration ID|Root Account)$"
)
MOODLE_MOST = 100


def moodle(every: Sequence[Results], people: People | None = None) -> tuple[Rows, list[str], list[str]]:
    """(rows, notes, code names left out) of a file for Moodle, from the results of several exercises."""
    codes = codes_of(every)
    if people is None:
        key, identities = "id", dict(zip(codes, codes, strict=True))
        notes = [
            "moodle.csv holds code names and no names. Moodle can import it where each person's code name is the "
            "“ID number” in their Moodle profile. Where it is not, give a list of who is who: --names PEOPLE.csv"
        ]
    else:
        if not any(getattr(who, key) for who in people.by_code.values() for key in MOODLE_KEYS):
            people.need(*MOODLE_KEYS, why="Moodle needs one of them to find a person")
        key = max(MOODLE_KEYS, key=lambda one: sum(_moodle_finds(getattr(who, one)) for who in people.by_code.values()))
        identities, notes = {code: getattr(who, key) for code, who in people.by_code.items()}, []
    usable = {code: identities[code] for code in codes if _moodle_finds(identities.get(code, ""))}
    _only_once(usable.items(), MOODLE_KEYS[key])
    titles = _titles(every, lambda title: title in (MOODLE_KEYS[key], "Name"))
    commented = {one.name for one in every if any(feedback(one, who) for who in one.people.values())}
    named = people is not None and any(who.name for who in people.by_code.values())
    header: list[Cell] = [MOODLE_KEYS[key], *(["Name"] if named else [])]
    for one in every:
        header += [titles[one.name], *([f"{titles[one.name]} (feedback)"] if one.name in commented else [])]
    rows = [header]
    for code, identity in usable.items():
        row: list[Cell] = [identity, *([people.by_code[code].name] if people and named else [])]
        for one in every:
            points = points_of(one, code)
            row.append(NO_GRADE if points is None else points)
            if one.name in commented:
                row.append(feedback(one, one.people.get(code)))
        rows.append(row)
    worth = ", ".join(f"{titles[one.name]}: {csv_files.number(one.points)}" for one in every)
    notes.append(
        "In Moodle, make a grade item for each exercise before the first import and give it its maximum grade "
        f"({worth}); "
        f"one that the import makes is out of 100. Then choose “{MOODLE_KEYS[key]}” as the column that identifies a "
        "person."
    )
    if any(points > MOODLE_MOST for row in rows[1:] for points in row if isinstance(points, float | int)):
        notes.append(
            "A grade is over 100. Moodle then imports nothing, unless its administrator allows unlimited grades."
        )
    return rows, notes, [code for code in codes if code not in usable]


def _moodle_finds(identity: str) -> bool:
    # PHP takes “0” for empty.
    return identity not in ("", "0") and identity == csv_files.inert(identity)


def canvas(every: Sequence[Results], people: People | None = None) -> tuple[Rows, list[str], list[str]]:
    """(rows, notes, code names left out) of a file for Canvas. Raises GradingError without a list of people."""
    if people is None:
        raise GradingError(
            "Canvas finds a person by its own number, a SIS ID or a login, and code names are none of these. Export "
            "the gradebook "
            "in Canvas, add a column “code” with each person's code name, and give the command again with --names and "
            "that file."
        )
    found = {code: _canvas_identity(who) for code, who in people.by_code.items()}
    if not any(any(identity) for identity in found.values()):
        people.need("id", "sis_id", "login", why="Canvas needs one of them to find a person")
    codes = codes_of(every)
    usable = {code: found[code] for code in codes if any(found.get(code, ()))}
    for place, column in enumerate(CANVAS_COLUMNS[1:4]):
        _only_once([(code, identity[place]) for code, identity in usable.items() if identity[place]], column)
    titles = _titles(every, CANVAS_OWN.search)
    rows: Rows = [
        [*CANVAS_COLUMNS, *(titles[one.name] for one in every)],
        ["    Points Possible", None, None, None, None, *(one.points for one in every)],
    ]
    for code, identity in usable.items():
        who = people.by_code[code]
        rows.append([who.name or code, *identity, who.section, *(points_of(one, code) for one in every)])
    notes = [
        "In Canvas, an exercise is found by its title, and a title that the course does not have becomes a new "
        "assignment. "
        "Canvas shows what would change before it saves."
    ]
    return rows, notes, [code for code in codes if code not in usable]


def _canvas_identity(who: Identity) -> tuple[str, ...]:
    """ID, SIS User ID, SIS Login ID, as far as Canvas would not read another person in them."""
    number = who.id if who.id.isascii() and who.id.isdigit() and int(who.id) else ""
    return number, *(words if words == csv_files.inert(words) else "" for words in (who.sis_id, who.login))


def codes_of(every: Sequence[Results]) -> list[str]:
    """All code names of several results, in order."""
    return sorted({code for one in every for code in one.people})


def points_of(results: Results, code: str) -> float | None:
    """The points of a person; None where nothing was handed in or a reader is awaited."""
    person = results.people.get(code)
    return person.points if person and person.settled else None


def feedback(results: Results, person: Person | None) -> str:
    """What readers wrote to a person, in one line, once everything is read."""
    if person is None or person.waiting:
        return ""
    said = [(item, " ".join(person.marks[item.id].comment.split())) for item in results.items]
    return " | ".join(
        f"{' '.join(item.title.split())}: {words}" for item, words in said if words and words != NOT_ANSWERED
    )


def _titles(every: Sequence[Results], misread: Callable[[str], object]) -> dict[str, str]:
    """Exercise name -> title of its column, in one line; the name itself where the title would be misread or comes
    twice.
    """
    titles = {one.name: " ".join(one.title.split()) for one in every}
    times = Counter(titles.values())

    def clear(title: str) -> bool:
        return times[title] == 1 and bool(re.search(r"\w", title)) and not misread(title)

    return {name: title if clear(title) else name for name, title in titles.items()}


def _only_once(pairs: Iterable[tuple[str, str]], column: str) -> None:
    owner: dict[str, str] = {}
    for code, identity in pairs:
        if other := owner.get(identity.casefold()):
            raise GradingError(
                f"{other} and {code} have the same {column}, {identity}: the points of both would go to "
                "one person. Put it right in the list of people."
            )
        owner[identity.casefold()] = code
