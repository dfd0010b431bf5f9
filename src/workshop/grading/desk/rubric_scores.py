"""What readers gave to written answers, and how far two readers agree.

Points line by line, comments and a bank of them. It lies in `reading.db` beside the grade book, since nbgrader has one
number and one comment for an item. The number that follows from it goes into the grade book.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from workshop.errors import GradingError

NAME = "reading.db"
STEP = 0.5
TABLES = sql.MetaData()


def _table(name: str, *columns: sql.schema.SchemaItem) -> sql.Table:
    return sql.Table(name, TABLES, *columns)


def _key(name: str, kind: type[sql.types.TypeEngine[Any]] = sql.String) -> sql.Column[Any]:
    return sql.Column(name, kind, primary_key=True)


LINES = _table(
    "lines",
    _key("exercise"),
    _key("item"),
    _key("code"),
    _key("reader"),
    _key("line", sql.Integer),
    sql.Column("points", sql.Float, nullable=False),
)
COMMENTS = _table(
    "comments",
    _key("exercise"),
    _key("item"),
    _key("code"),
    _key("reader"),
    sql.Column("words", sql.Text, nullable=False),
)
BANK = _table(
    "bank",
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("exercise", sql.String),
    sql.Column("item", sql.String),
    sql.Column("line", sql.Integer),
    sql.Column("words", sql.Text),
    sql.UniqueConstraint("exercise", "item", "line", "words"),
)
USES = _table("uses", _key("bank", sql.Integer), _key("code"), _key("reader"))
DECISIONS = _table(
    "decisions", _key("exercise"), _key("item"), _key("code"), sql.Column("points", sql.Float, nullable=False)
)


@dataclass(frozen=True)
class Kept:
    """A comment of the bank, and how often it was used."""

    id: int
    words: str
    times: int


@dataclass
class Given:
    """What readers gave to one written item.

    Points are {code: {reader: {line: points}}}, comments {code: {reader: words}}. Further, which comments of the bank
    were used, by (code, reader), the bank itself by line, and what readers decided together, by code.
    """

    points: dict[str, dict[str, dict[int, float]]] = field(default_factory=dict)
    comments: dict[str, dict[str, str]] = field(default_factory=dict)
    used: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    bank: dict[int, list[Kept]] = field(default_factory=dict)
    decisions: dict[str, float] = field(default_factory=dict)


class Reading:
    """What was read in the course at `root`. Each save is one transaction: it is there whole, or not at all.

    Raises GradingError when its file cannot be opened.
    """

    def __init__(self, root: Path) -> None:
        path = Path(root) / NAME
        self.engine = sql.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        try:
            TABLES.create_all(self.engine)
        except sql.exc.DBAPIError as error:
            raise GradingError(
                f"What readers gave ({path}) cannot be opened: {error.orig}. Close other programs that use it, make "
                "room on the disk and let your account write there. Where the file is damaged, put it aside under "
                "another name: points that went into the grade book stay there."
            ) from error

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    def save(
        self,
        exercise: str,
        item: str,
        code: str,
        reader: str,
        points: Mapping[int, float],
        comment: str,
        used: Iterable[int],
    ) -> None:
        """What one reader gives to one answer: {line: points}, a comment, and the comments of the bank that it has."""
        here = {"exercise": exercise, "item": item, "code": code, "reader": reader}
        own = sql.select(BANK.c.id).where(BANK.c.exercise == exercise, BANK.c.item == item)
        with self.engine.begin() as connection:
            for table in (LINES, COMMENTS):
                connection.execute(sql.delete(table).where(*(table.c[key] == value for key, value in here.items())))
            connection.execute(
                sql.delete(USES).where(USES.c.bank.in_(own), USES.c.code == code, USES.c.reader == reader)
            )
            if points:
                connection.execute(
                    sql.insert(LINES), [{**here, "line": line, "points": value} for line, value in points.items()]
                )
            if comment:
                connection.execute(sql.insert(COMMENTS), {**here, "words": comment})
            known = {row.id for row in connection.execute(own)}
            if in_bank := set(used) & known:
                connection.execute(sql.insert(USES), [{"bank": id, "code": code, "reader": reader} for id in in_bank])

    def decide(self, exercise: str, item: str, code: str, points: float) -> None:
        """The points that two readers who differed agreed on."""
        here = {"exercise": exercise, "item": item, "code": code}
        with self.engine.begin() as connection:
            connection.execute(sql.delete(DECISIONS).where(*(DECISIONS.c[key] == value for key, value in here.items())))
            connection.execute(sql.insert(DECISIONS), {**here, "points": points})

    def add_to_bank(self, exercise: str, item: str, line: int, words: str) -> None:
        """Remember a comment for a line of the rubric; the same words are kept once."""
        with self.engine.begin() as connection:
            there = sql.select(BANK.c.id).where(
                BANK.c.exercise == exercise, BANK.c.item == item, BANK.c.line == line, BANK.c.words == words
            )
            if connection.execute(there).first() is None:
                connection.execute(sql.insert(BANK), {"exercise": exercise, "item": item, "line": line, "words": words})

    def remove_from_bank(self, id: int) -> None:
        """Forget a comment; where it was used it stays."""
        with self.engine.begin() as connection:
            connection.execute(sql.delete(USES).where(USES.c.bank == id))
            connection.execute(sql.delete(BANK).where(BANK.c.id == id))

    def of_answer(
        self, exercise: str, item: str, code: str
    ) -> tuple[dict[str, dict[int, float]], dict[str, str], float | None]:
        """What was given to one answer.

        ({reader: {line: points}}, {reader: comment}, what readers decided together or None).
        """
        points: dict[str, dict[int, float]] = {}
        with closing(self.engine.connect()) as connection:

            def rows(table: sql.Table) -> sql.MappingResult:
                here = (table.c.exercise == exercise, table.c.item == item, table.c.code == code)
                return connection.execute(sql.select(table).where(*here)).mappings()

            for row in rows(LINES):
                points.setdefault(row["reader"], {})[row["line"]] = row["points"]
            comments = {row["reader"]: row["words"] for row in rows(COMMENTS)}
            decision = next((row["points"] for row in rows(DECISIONS)), None)
        return points, comments, decision

    def of(self, exercise: str, item: str, codes: Collection[str] | None = None) -> Given:
        """What was given to one written item, for all code names or for these."""
        found = Given()
        with closing(self.engine.connect()) as connection:

            def rows(table: sql.Table) -> sql.MappingResult:
                where = [table.c.exercise == exercise, table.c.item == item]
                if codes is not None and "code" in table.c:
                    where.append(table.c.code.in_(codes))
                return connection.execute(sql.select(table).where(*where)).mappings()

            for row in rows(LINES):
                found.points.setdefault(row["code"], {}).setdefault(row["reader"], {})[row["line"]] = row["points"]
            for row in rows(COMMENTS):
                found.comments.setdefault(row["code"], {})[row["reader"]] = row["words"]
            for row in rows(DECISIONS):
                found.decisions[row["code"]] = row["points"]
            bank = list(rows(BANK))
            counts: Counter[int] = Counter()
            used = sql.select(USES).where(USES.c.bank.in_([row["id"] for row in bank]))
            for row in connection.execute(used).mappings():
                counts[row["bank"]] += 1
                found.used.setdefault((row["code"], row["reader"]), set()).add(row["bank"])
            for row in bank:
                found.bank.setdefault(row["line"], []).append(Kept(row["id"], row["words"], counts[row["id"]]))
        return found


def complete(lines: int, points: Mapping[int, float] | None) -> bool:
    """Whether every line of a rubric has its points."""
    return points is not None and points.keys() >= set(range(lines))


def verdict(
    lines: int, by_reader: Mapping[str, Mapping[int, float]], decision: float | None = None
) -> tuple[float | None, bool]:
    """(points for the grade book or None, whether readers differ).

    The points are those of the decision, else the mean of all who read it whole. The mean is rounded to half points.
    """
    totals = [sum(points.values()) for points in by_reader.values() if complete(lines, points)]
    if decision is not None:
        return decision, False
    if not totals:
        return None, False
    return round(sum(totals) / len(totals) / STEP) * STEP, max(totals) - min(totals) > STEP


def points_by_line(root: Path, exercise: str, items: Iterable[str]) -> dict[str, dict[str, dict[int, float]]]:
    """{code: {item: {line: points}}} for feedback, the mean of all readers; empty where nobody used the desk."""
    found: dict[str, dict[str, dict[int, float]]] = {}
    if not (Path(root) / NAME).exists():
        return found
    store = Reading(root)
    try:
        for item in items:
            for code, by_reader in store.of(exercise, item).points.items():
                lines: dict[int, list[float]] = {}
                for points in by_reader.values():
                    for line, value in points.items():
                        lines.setdefault(line, []).append(value)
                found.setdefault(code, {})[item] = {line: sum(values) / len(values) for line, values in lines.items()}
    finally:
        store.close()
    return found


def agreement(pairs: Sequence[tuple[float, float]]) -> dict[str, float | None]:
    """How far two readers agree on pairs of points: {"both", "same", "near", "kappa"}.

    Kappa is None where it says nothing. `same` is the share of equal points, `near` that within half a point. Kappa
    (Cohen 1960) takes off what would agree by chance; where nearly all get the same points it is low although readers
    agree.
    """
    if not pairs:
        return {"both": 0, "same": None, "near": None, "kappa": None}
    count = len(pairs)
    same = sum(a == b for a, b in pairs) / count
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[value] * second[value] for value in first) / count**2
    return {
        "both": count,
        "same": same,
        "near": sum(abs(a - b) <= STEP for a, b in pairs) / count,
        "kappa": (same - chance) / (1 - chance) if chance < 1 else None,
    }
