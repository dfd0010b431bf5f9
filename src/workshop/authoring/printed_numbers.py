"""Numbers printed on pages, held against the tables they come from, so that text and data cannot drift apart.

`data/printed_numbers.csv` has a line for each number:

- `page` (or a module with the words of a picture), and the `words` as printed there: short, once on the page, with
  the number first (`35.3 million; 30 million had`)
- `table` and `rows`: conditions such as `series=appeal_received;year=2019`. `year=1960..1969` is a range with both
  ends, `..2005` all until then, `region=Europe|Oceania` one or the other, `state=!Tanzania` all others
- `column`, and `how` its cells become one number: a name of ONE, TWO or NAMED below. TWO compares with the rows of
  `beside`, or with another column (`followed/looks`), or both. NAMED functions take what stands in `rows` as arguments
- `unit`: `million` where the words leave it out, `1` where the table, too, has billions; and `rounded`, where the
  number is rounded more than it looks: `100` for “about 4,400”

A line with how = `no table` says that the number comes from somewhere else. Every number written in digits that stands
in one sentence with a source of one of these tables needs a line.
"""

import bisect
import csv
import difflib
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from workshop.content import markdown, tables
from workshop.content.markdown import Problem
from workshop.project.project import Project

if TYPE_CHECKING:
    import pandas as pd

# A line of the file: column -> what stands there.
Line: TypeAlias = Mapping[str, str]

PATH = "data/printed_numbers.csv"
COLUMNS = ["page", "words", "table", "rows", "column", "how", "beside", "unit", "rounded"]
PAGES = (
    "notebooks/*.md",
    "solutions/*.md",
    "solutions/guide/*.md",
    "data/scenarios/*.md",
    "data/handouts/*.md",
    "data/glossary.md",
)
# Sentences under pictures and canvases print numbers too; the source marks of pages do not stand there.
PICTURES = ("src/workshop/explorations/*.py", "src/workshop/architecture/model.py")
NO_TABLE = "no table"
UN_MEMBERS = 193
# Their sources are books and laws, cited for far more than the few numbers that the tables hold.
NOT_WATCHED = {"asking_for_help", "national_mechanisms"}

UNITS = {"": 1, "1": 1, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
IN_WORDS = {word: number for number, word in enumerate(SMALL)} | {word: 10 * tens for tens, word in enumerate(TENS, 2)}
NUMBER = re.compile(
    r"(?<![\w.,/])(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?(?![\w/])(?:\s(?P<unit>hundred|thousand|million|billion)\b)?"
    rf"|\b(?P<tens>{'|'.join(TENS)})(?:-(?P<ones>{'|'.join(SMALL[1:10])}))?\b|\b(?P<small>{'|'.join(SMALL)})\b",
    re.I,
)

MARKS = re.compile(r"\[S:[^\]]*\]|`[^`]*`|\]\([^)]*\)")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”)*]*\s+(?=[\"“*]*[A-Z])|\|")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# Years, days of a month, the number of a list item, and how far an answer may be off.
NOT_A_FIGURE = re.compile(
    rf"\b(?:1[89]|20)\d\ds?\b|\b\d{{1,2}}(?= (?:{MONTHS})\b)|^\s*\d+\. |± ?[\d.]+|\b\d+/\d+\b", re.M
)


class UnreadableError(Exception):
    """A line of the file that cannot be computed; the message says why and how to mend it."""


# ---------------------------------------------------------------- from a table to one number


def only(rows: "pd.DataFrame", column: str) -> float:
    """The one number that the conditions leave. Raises UnreadableError where it is none, or several."""
    cells = rows[column].dropna()
    if len(cells) != 1:
        raise UnreadableError(f"`value` needs one row with a number, and these conditions leave {len(cells)}.")
    return float(cells.iloc[0])


ONE: dict[str, Callable[["pd.DataFrame", str], float]] = {
    "value": only,
    "sum": lambda rows, column: rows[column].sum(),
    "count": lambda rows, _: len(rows),
    "different": lambda rows, column: rows[column].nunique(),
    "first": lambda rows, column: rows[column].min(),
    "share of UN members": lambda rows, column: 100 * only(rows, column) / UN_MEMBERS,
}


# Each takes two sums: of the rows, and of the rows beside them.
TWO: dict[str, Callable[[float, float], float]] = {
    "share": lambda part, whole: 100 * part / whole,
    "ratio": lambda one, other: one / other,
    "difference": lambda one, other: one - other,
    "percent of": lambda whole, percent: whole * percent / 100,
    "less percent": lambda whole, percent: whole * (1 - percent / 100),
}


# What follows counts as the explorations do. The modules are imported late, because they bring pandas along.


def episodes(
    rows: "pd.DataFrame", list: str, what: str, years: str, border: str = "east", group: str = "", africa: str = ""
) -> float:  # the words of the file
    """Episodes as the picture “What is most?” counts them, in one of its groups or in the world."""
    from workshop.explorations.counts import episodes as counting

    counts = counting.count(
        rows[rows["list"] == list], what, bounds(years), counting.groups(border, whole_africa=africa == "whole")
    )
    return float(counts[group] if group else counts.sum())


def episode_share(rows: "pd.DataFrame", group: str, **counted: str) -> float:
    """The share of one group in the world's episodes, in percent."""
    return 100 * episodes(rows, group=group, **counted) / episodes(rows, **counted)


def hundredth_state(rows: "pd.DataFrame", treaty: str) -> float:
    """How many years after the first state the hundredth joined a treaty; not a number where none was."""
    from workshop.explorations.counts import treaties

    years = treaties.years_until(treaties.parties(rows, treaty), 100)
    return math.nan if years is None else float(years)


def years_without(rows: "pd.DataFrame", series: str, year: str) -> float:
    """How many years of a range have no row in a series."""
    first, last = map(int, bounds(year))
    return len(set(range(first, last + 1)) - set(rows[rows["series"] == series]["year"]))


def expected(rows: "pd.DataFrame", edition: str, chance: str, end: str) -> float:
    """How many new mass killings are expected among the states with a chance in this range, at one end of it."""
    bins = chosen(rows, {"edition": edition, "chance_from" if chance.endswith("..") else "chance_below": chance})
    return float((bins["states"] * bins[end]).sum() / 100)


def times_in_a_year(rows: "pd.DataFrame", series: str, first: str, then: str) -> float:
    """How many times larger a published sum was in an average year of one period than in one of another."""
    one, other = (
        rows[(rows["series"] == series) & (rows["start_year"] == int(year))].iloc[0] for year in (first, then)
    )
    return float(
        (one["value"] / (one["end_year"] - one["start_year"] + 1))
        / (other["value"] / (other["end_year"] - other["start_year"] + 1))
    )


def months_between(rows: "pd.DataFrame", case: str, first: str, then: str) -> float:
    """How many months lie between two steps of a case, each given by the first words of its event."""
    steps = rows[rows["case"] == case]
    one, other = (steps[steps["event"].str.startswith(words)].iloc[0] for words in (first, then))
    return float(12 * (other["year"] - one["year"]) + other["month"] - one["month"])


# What stands in `rows` are their arguments by name.
NAMED: dict[str, Callable[..., float]] = {
    "episodes": episodes,
    "episode share": episode_share,
    "hundredth state": hundredth_state,
    "years without": years_without,
    "times in a year": times_in_a_year,
    "months between": months_between,
    "expected": expected,
}


def computed(line: Line, table: "pd.DataFrame") -> float:
    """The number that a line of the file asks for, out of its table."""
    how, conditions = line["how"], conditions_of(line["rows"])
    if how in NAMED:
        return float(NAMED[how](table, **conditions))
    first, _, second = line["column"].partition("/")
    if how in ONE:
        return float(ONE[how](chosen(table, conditions), column_of(table, first) if first or how != "count" else ""))
    if how not in TWO:
        raise UnreadableError(f"There is no way to count called “{how}”.{near(how, [*ONE, *TWO, *NAMED, NO_TABLE])}")
    columns = column_of(table, first), column_of(table, second or first)
    groups = chosen(table, conditions), chosen(table, conditions_of(line["beside"] or line["rows"]))
    return float(TWO[how](*(rows[column].sum() for rows, column in zip(groups, columns, strict=True))))


def conditions_of(words: str) -> dict[str, str]:
    """`series=appeal_received;year=2019` as a dictionary."""
    pairs = [pair.partition("=") for pair in words.split(";") if pair.strip()]
    if any(not equals for _, equals, _ in pairs):
        raise UnreadableError(f"“{words}” is no list of conditions. Write them as column=value;column=value.")
    return {column.strip(): wanted.strip() for column, _, wanted in pairs}


def chosen(table: "pd.DataFrame", conditions: Mapping[str, str]) -> "pd.DataFrame":
    """The rows of a table for which all conditions hold. Raises UnreadableError where none is left."""
    rows = table
    for column, wanted in conditions.items():
        cells = rows[column_of(table, column)]
        if ".." in wanted:
            holds = cells.between(*bounds(wanted))
        else:
            named = cells.astype(str).isin(wanted.removeprefix("!").split("|"))
            holds = ~named if wanted.startswith("!") else named
        rows = rows[holds]
    if rows.empty:
        raise UnreadableError("No row of the table fulfils these conditions.")
    return rows


def bounds(words: str) -> tuple[float, float]:
    """`1960..1969` as two numbers; a missing end is open."""
    first, _, last = words.partition("..")
    return float(first or "-inf"), float(last or "inf")


def column_of(table: "pd.DataFrame", name: str) -> str:
    """The name of a column, if the table has it. Raises UnreadableError."""
    if name not in table:
        raise UnreadableError(f"There is no column “{name}”.{near(name, map(str, table.columns))}")
    return name


def near(word: str, words: Iterable[str]) -> str:
    """A sentence that names the likeliest of the words, or nothing."""
    likeliest = difflib.get_close_matches(word, list(words), n=1, cutoff=0.4)
    return f" Did you mean “{likeliest[0]}”?" if likeliest else ""


# ---------------------------------------------------------------- numbers in a text


def printed(words: str, unit: str = "") -> tuple[float, float] | None:
    """(number, step to which it is rounded) of the first number in the words, or None."""
    number = NUMBER.search(words)
    if not number:
        return None
    if number["digits"]:
        decimals = number["decimals"] or ""
        times = UNITS[unit or (number["unit"] or "").lower()]
        return float(number["digits"].replace(",", "") + decimals) * times, times * 10.0 ** -max(len(decimals) - 1, 0)
    tens, ones, small = (IN_WORDS.get((number[name] or "").lower(), 0) for name in ("tens", "ones", "small"))
    return float(tens + ones + small) * UNITS[unit], float(UNITS[unit])


def as_printed(value: float, words: str, unit: str) -> str:
    """A number of the table in the way in which the words print theirs."""
    number = NUMBER.search(words)
    name = (number and number["unit"]) or ""
    places = max(len((number and number["decimals"]) or "") - 1, 0)
    return f"{value / UNITS[unit or name.lower()]:,.{places}f}" + (f" {name}" if name else "")


class Text:
    """The words of a page in one line, without the marks of quotations, so that words are found across line ends."""

    def __init__(self, source: str) -> None:
        self.lines = source.split("\n")
        self.starts: list[int] = []
        parts: list[str] = []
        at = 0
        for line in self.lines:
            self.starts.append(at)
            if words := " ".join(re.sub(r"^[\s>]+", "", line).split()):
                parts.append(words)
                at += len(words) + 1
        self.words = " ".join(parts)

    def places(self, words: str) -> list[int]:
        """The lines, from 1, on which these words stand."""
        wanted = " ".join(words.split())
        if not wanted:
            return []
        lines, at = [], self.words.find(wanted)
        while at >= 0:
            before, after = self.words[max(at - 1, 0) : at], self.words[at + len(wanted) : at + len(wanted) + 1]
            # “5 in 2000” does not stand in “15 in 2000”, nor “12 of 33” in “12 of 330”.
            if not (re.match(r"\w", wanted) and re.match(r"[\w.,]", before)) and not (
                wanted[-1].isalnum() and after.isalnum()
            ):
                lines.append(bisect.bisect_right(self.starts, at))
            at = self.words.find(wanted, at + 1)
        return lines

    def figures_beside(self, watched: Collection[str]) -> Iterator[tuple[int, str, str]]:
        """(line, number as printed, key) of each number in digits in a sentence with one of the watched sources."""
        for number, block in _blocks(self.lines):
            for sentence, offset in _sentences(block) if "[S:" in block else ():
                if key := next((key for key in markdown.source_keys(sentence) if key in watched), None):
                    bare = NOT_A_FIGURE.sub(_blank, MARKS.sub(_blank, sentence))
                    for figure in NUMBER.finditer(bare):
                        if figure["digits"]:
                            yield (
                                number + block[: offset + figure.start()].count("\n"),
                                figure["digits"] + (figure["decimals"] or ""),
                                key,
                            )


def _blank(match: re.Match[str]) -> str:
    """As many blanks, so that what follows keeps its place."""
    return re.sub(r"[^\n]", " ", match.group())


def _blocks(lines: list[str]) -> Iterator[tuple[int, str]]:
    """(line, text) of each run of lines without an empty one."""
    first = 0
    for number in range(len(lines) + 1):
        if number == len(lines) or not lines[number].strip(" >"):
            if number > first:
                yield first + 1, "\n".join(lines[first:number])
            first = number + 1


def _sentences(block: str) -> Iterator[tuple[str, int]]:
    """(sentence, where it begins in the block)."""
    at = 0
    for end in SENTENCE_END.finditer(block):
        yield block[at : end.start()], at
        at = end.end()
    yield block[at:], at


# ---------------------------------------------------------------- faults


def faults(project: Project) -> Iterator[Problem]:
    """Every number that is not on its page any more, or not what its table gives, or not in the file at all."""
    path = project.root / PATH
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lines = [(reader.line_num, {column: (row.get(column) or "").strip() for column in COLUMNS}) for row in reader]
        if reader.fieldnames != COLUMNS:
            yield Problem(PATH, 1, f"The first line must name these columns: {','.join(COLUMNS)}.")
            return
    pages = {
        file.relative_to(project.root).as_posix(): Text(file.read_text(encoding="utf-8"))
        for pattern in (*PAGES, *PICTURES)
        for file in sorted(project.root.glob(pattern))
    }
    if not (project.root / "src").is_dir():  # a kit that was installed has its pages alone
        lines = [(number, line) for number, line in lines if not line["page"].startswith("src/")]
    described = tables.describe(project.root)
    read = {
        name: tables.table(name, project.root) for name in {line["table"] for _, line in lines} if name in described
    }
    answers: dict[tuple[str, ...], float | None] = {}  # many pages print the same number
    for number, line in lines:
        asked = tuple(line[column] for column in ("table", "rows", "column", "how", "beside"))
        try:
            if asked not in answers:
                answers[asked] = answer(line, read, described)
            yield from _line_faults(number, line, pages, answers[asked])
        except UnreadableError as wrong:
            yield Problem(PATH, number, str(wrong))
    yield from _unlisted(lines, pages, read)


def answer(line: Line, read: Mapping[str, "pd.DataFrame"], described: Iterable[str]) -> float | None:
    """What the table gives for a line of the file; None for a number from elsewhere. Raises UnreadableError."""
    if line["how"] == NO_TABLE:
        return None
    if line["table"] not in read:
        raise UnreadableError(f"There is no table “{line['table']}”.{near(line['table'], described)}")
    try:
        return computed(line, read[line["table"]])
    except (TypeError, ValueError, LookupError, ZeroDivisionError) as wrong:
        raise UnreadableError(
            f"`{line['how']}` cannot be computed from these rows and columns: {wrong}. {PATH.rpartition('/')[2]} is "
            "explained at the top of src/workshop/authoring/printed_numbers.py."
        ) from None


def _line_faults(number: int, line: Line, pages: Mapping[str, Text], value: float | None) -> Iterator[Problem]:
    words, unit, path = line["words"], line["unit"], line["page"]
    if path not in pages:
        yield Problem(PATH, number, f"There is no page {path}.{near(path, pages)}")
        return
    if unit not in UNITS or not (read := printed(words, unit)):
        yield Problem(
            PATH,
            number,
            f"“{words}” has no number that can be read. Write digits or a word up to ninety-nine; a unit is "
            "hundred, thousand, million or billion.",
        )
        return
    if line["rounded"] and not re.fullmatch(r"\d+(\.\d+)?", line["rounded"]):
        yield Problem(
            PATH,
            number,
            f"“{line['rounded']}” under `rounded` is no number. Write for instance 100, or leave it empty.",
        )
        return
    says = f" The table {line['table']} gives {as_printed(value, words, unit)}." if value is not None else ""
    places = pages[path].places(words)
    if len(places) > 1:
        yield Problem(
            PATH,
            number,
            f"“{words}” stands on {path} {len(places)} times, on the lines {', '.join(map(str, places))}. Add a few of "
            "the words that follow.",
        )
    elif not places:
        mend = f"Mend the text, or write the new words in line {number} of {PATH}, or take that line away."
        rest = pages[path].places(NUMBER.split(words, 1)[-1])
        if len(rest) == 1:
            yield Problem(path, rest[0], f"Here stood “{words}”, and it does no longer.{says} {mend}")
        else:
            yield Problem(PATH, number, f"“{words}” does not stand on {path} any more.{says} {mend}")
    elif value is not None:
        there, step = read
        if not abs(value - there) <= float(line["rounded"] or step) / 2 * (1 + 1e-9):
            yield Problem(
                path, places[0], f"“{words}” is printed here.{says} Mend the text, or line {number} of {PATH}."
            )


def _unlisted(
    lines: list[tuple[int, dict[str, str]]], pages: Mapping[str, Text], read: Mapping[str, "pd.DataFrame"]
) -> Iterator[Problem]:
    """Numbers in a sentence that cites a source of one of the tables, and that no line of the file mentions."""
    watched = {
        key: name
        for name, table in read.items()
        if name not in NOT_WATCHED
        for cell in table["source"].dropna().unique()
        for key in markdown.split_keys(cell)
        if key not in ("OWN", "NOTES")
    }
    listed = {
        (line["page"], number["digits"] + (number["decimals"] or ""))
        for _, line in lines
        for number in NUMBER.finditer(line["words"])
        if number["digits"]
    }
    for path, page in pages.items():
        for line, figure, key in page.figures_beside(watched):
            if (path, figure) not in listed:
                yield Problem(
                    path,
                    line,
                    f"“{figure}” stands beside the source {key}, and no line of {PATH} says where it comes from. "
                    f"Add one (the source is one of the table {watched[key]}), or one whose `how` is `{NO_TABLE}`.",
                )
