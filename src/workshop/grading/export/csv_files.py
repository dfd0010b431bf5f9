"""CSV that a spreadsheet program opens as it was meant: accents are kept, and no cell runs as a formula."""

import csv
import io
import re
from collections.abc import Iterable

Cell = str | float | None
Rows = list[list[Cell]]

# Where the list separator of Windows is a semicolon, Excel splits there, quoted or not: what follows begins a cell too.
FORMULA = re.compile(r"(^|[;\t\r\n])(?=[\s\"]*[=+\-@＝＋－＠])|^(?=[\t\r\n\0])")
NO_GRADE = "-"


def inert(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet program would begin to read a formula."""
    # A sign alone is no formula, and Moodle reads an apostrophe before it as a fault.
    return text if text == NO_GRADE else FORMULA.sub(lambda found: found[0] + "'", text)


def number(value: float) -> str:
    """A number of points with at most two decimals and a decimal point, whatever the language of the computer."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def content(rows: Iterable[Iterable[Cell]]) -> bytes:
    """The bytes of a CSV file with these rows of texts, numbers and None (an empty cell)."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([[_cell(value) for value in row] for row in rows])
    # With the mark at the beginning Excel takes the file for UTF-8.
    return written.getvalue().encode("utf-8-sig", "replace")


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else number(value)
