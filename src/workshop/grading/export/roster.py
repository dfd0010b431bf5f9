"""Who is behind a code name: a list that the instructor keeps, read when names are asked for and never copied.

The list may be what Moodle or Canvas give when grades are exported, with one more column, `code`.
"""

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workshop.answers import code_names
from workshop.errors import GradingError

EXAMPLE = "code,name,id,email,login"
HEADINGS = {
    "code": ("code", "code name"),
    "name": ("name", "full name", "student"),
    "first": ("first name", "firstname"),
    "last": ("last name", "lastname", "surname"),
    "id": ("id", "id number", "idnumber"),
    "sis_id": ("sis id", "sis user id"),
    "login": ("login", "sis login id", "username"),
    "email": ("email", "e-mail", "email address"),
    "section": ("section",),
}


@dataclass
class Identity:
    """What a learning platform knows a person by; empty where the list says nothing. `id` is the platform's own
    number.
    """

    name: str = ""
    id: str = ""
    sis_id: str = ""
    login: str = ""
    email: str = ""
    section: str = ""


@dataclass
class People:
    """The list: identities by code name, the columns it has, and sentences on what was passed over."""

    place: str
    columns: set[str]
    by_code: dict[str, Identity] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def need(self, *columns: str, why: str) -> None:
        """Raise GradingError unless the list has at least one of these columns."""
        if not self.columns & set(columns):
            wanted = " or ".join(f"“{name}”" for name in columns)
            raise GradingError(
                f"{self.place}:1: there is no column {wanted}, and {why}. The first line names the "
                f"columns, for instance: {EXAMPLE}"
            )


def read(path: Path, known: Collection[str]) -> People:
    """The people of a CSV file, for the code names `known`. Raises GradingError when it cannot be used."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise GradingError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise GradingError(
            f"{path.name} is not UTF-8, so names would come out wrong. In Excel choose “Save as” and "
            "“CSV UTF-8 (comma delimited)”."
        ) from error
    first = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    headings = [_heading(words) for words in next(rows, [])]
    people = People(path.name, {heading for heading in headings if heading})
    people.need("code", why="without it nobody can be found")
    if people.columns & {"first", "last"}:
        people.columns.add("name")
    without: list[str] = []
    unknown: list[str] = []
    lines: dict[str, int] = {}
    for row in rows:
        line = rows.line_num
        cells = {heading: " ".join(cell.split()) for heading, cell in zip(headings, row, strict=False) if heading}
        if not any(cells.values()) or cells.get("name", "").startswith("Points Possible"):
            continue  # an empty line, or the line with which a gradebook of Canvas says how much each column is worth
        code = _code(cells.get("code", ""), known)
        if not code:
            without.append(str(line))
        elif code not in known:
            unknown.append(f"{code} (line {line})")
        elif code in lines:
            raise GradingError(
                f"{path.name}:{line}: the code name {code} stands in line {lines[code]} too. "
                "Each code name belongs to one person."
            )
        else:
            lines[code] = line
            people.by_code[code] = _identity(cells)
    if without:
        people.notes.append(
            f"{path.name}: no code name in line {', '.join(without)}; nothing is exported for these people."
        )
    if unknown:
        people.notes.append(f"{path.name}: nothing is graded under {', '.join(unknown)}. Is a code name misspelt?")
    return people


def _heading(words: str) -> str | None:
    plain = " ".join(words.lower().replace("_", " ").split())
    return next((name for name, spellings in HEADINGS.items() if plain in spellings), None)


def _code(written: str, known: Collection[str]) -> str:
    return written if written in known else code_names.code_name(written)


def _identity(cells: Mapping[str, str]) -> Identity:
    name = cells.get("name") or f"{cells.get('first', '')} {cells.get('last', '')}".strip()
    return Identity(name, *(cells.get(column, "") for column in ("id", "sis_id", "login", "email", "section")))


def completed(people: People, students: Mapping[str, Mapping[str, Any]]) -> People:
    """The list with what it leaves empty taken from the grade book, where `nbgrader db student` may have put it."""
    for code, row in students.items():
        if one := people.by_code.get(code):
            one.name = one.name or " ".join(filter(None, (row["first_name"], row["last_name"])))
            one.email = one.email or row["email"] or ""
            one.id = one.id or row["lms_user_id"] or ""
    return people
