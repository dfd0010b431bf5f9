"""nbgrader's grade book, read and written for a whole class at once.

nbgrader's own interface asks the database some hundred times for each submission; here a class takes a few
statements in one transaction. The tables are nbgrader's and mean what they mean there, so that its formgrader, export
and feedback go on working. One process writes.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sql

Row = dict[str, Any]  # of a table
Place = tuple[str, str]  # notebook and cell, or kind and cell
Penalty = Callable[[str, float, float], float | None]  # (student, points, seconds late) -> what is lost
KINDS = {
    "grade": ("GradeCell", "grade_cells"),
    "task": ("TaskCell", "task_cells"),
    "solution": ("SolutionCell", "solution_cells"),
}
SOURCE = ("cell_type", "locked", "source", "checksum")
NOT_ANSWERED = "Not answered."
AT_ONCE = 500  # databases limit how many values one question may name


@dataclass
class Notebook:
    """A notebook of an assignment: its cells by name."""

    id: str
    name: str
    kernelspec: str | None
    graded: dict[str, str] = field(default_factory=dict)  # name -> id, of grade and task cells
    commented: dict[str, str] = field(default_factory=dict)  # name -> id, of solution and task cells
    points: dict[str, float] = field(default_factory=dict)
    tasks: set[str] = field(default_factory=set)
    cells: dict[Place, Row] = field(
        default_factory=dict
    )  # (kind, name) -> {id, max_score, cell_type}; a cell may be of two kinds
    sources: dict[str, Row] = field(default_factory=dict)  # name -> {cell_type, locked, source, checksum}


@dataclass
class Assignment:
    """An assignment as the grade book knows it."""

    id: str
    name: str
    duedate: datetime | None
    notebooks: dict[str, Notebook]


@dataclass
class Graded:
    """What grading one submission found. `scores` and `comments` go by notebook, then by cell.

    A score of None waits for a reader. `settled` names (notebook, cell) of written items that nobody answered: they
    need no reader. `missing` are notebooks that were not handed in: they get nought, as nbgrader gives it. `same_work`
    tells that the book has a result of the same work already.
    """

    student: str
    timestamp: datetime | None = None
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    comments: dict[str, dict[str, str | None]] = field(default_factory=dict)
    settled: set[Place] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    same_work: bool = False


@dataclass
class Standing:
    """What the book holds of one submission: rows by (notebook, cell), and the penalty by notebook."""

    student: str
    timestamp: datetime | None
    seconds_late: float
    grades: dict[Place, Row] = field(
        default_factory=dict
    )  # -> {auto_score, manual_score, extra_credit, needs_manual_grade}
    comments: dict[Place, Row] = field(default_factory=dict)  # -> {auto_comment, manual_comment}
    penalties: dict[str, float | None] = field(default_factory=dict)


def score(row: Row) -> float:
    """The points of a grade row, as nbgrader counts them: the reader's before the machine's, and extra credit."""
    base = row["manual_score"] if row["manual_score"] is not None else row["auto_score"]
    return 0.0 if base is None else float(base + (row["extra_credit"] or 0.0))


class GradeBook:
    """The grade book at a database address such as `sqlite:///gradebook.db` or `postgresql://…`.

    Raises sqlalchemy.exc.SQLAlchemyError when the database cannot be used.
    """

    def __init__(self, url: str) -> None:
        # Another program, such as the formgrader, may be saving: wait for it rather than fail.
        self.engine = sql.create_engine(url, connect_args={"timeout": 60} if url.startswith("sqlite") else {})
        tables = sql.MetaData()
        # An interval is stored in SQLite as a date; say what it is, or it would be read as one.
        sql.Table("submitted_assignment", tables, sql.Column("extension", sql.Interval), autoload_with=self.engine)
        tables.reflect(self.engine)
        self.t = tables.tables

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _rows(self, connection: sql.Connection, statement: sql.Select[Any]) -> list[Row]:
        return [dict(row) for row in connection.execute(statement).mappings()]

    # ------------------------------------------------------------ the assignment

    def assignment(self, name: str) -> Assignment | None:
        """The assignment of this name with all its cells, or None."""
        t = self.t
        with self.engine.connect() as connection:
            found = self._rows(connection, sql.select(t["assignment"]).where(t["assignment"].c.name == name))
            if not found:
                return None
            rows = self._rows(
                connection, sql.select(t["notebook"]).where(t["notebook"].c.assignment_id == found[0]["id"])
            )
            notebooks = {row["id"]: Notebook(row["id"], row["name"], row["kernelspec"]) for row in rows}
            for kind, (_, table) in KINDS.items():
                joined = (
                    sql.select(t["base_cell"], *[c for c in t[table].c if c.name != "id"])
                    .join(t[table], t[table].c.id == t["base_cell"].c.id)
                    .where(t["base_cell"].c.notebook_id.in_(notebooks))
                )
                for row in self._rows(connection, joined):
                    notebook = notebooks[row["notebook_id"]]
                    notebook.cells[kind, row["name"]] = {
                        key: row[key] for key in ("id", "max_score", "cell_type") if key in row
                    }
                    if kind != "solution":
                        notebook.graded[row["name"]] = row["id"]
                        notebook.points[row["name"]] = row["max_score"]
                    if kind != "grade":
                        notebook.commented[row["name"]] = row["id"]
                    if kind == "task":
                        notebook.tasks.add(row["name"])
            for row in self._rows(
                connection, sql.select(t["source_cell"]).where(t["source_cell"].c.notebook_id.in_(notebooks))
            ):
                notebooks[row["notebook_id"]].sources[row["name"]] = row
        return Assignment(found[0]["id"], name, found[0]["duedate"], {one.name: one for one in notebooks.values()})

    def bring_up_to_date(self, wanted: Assignment, course_id: str) -> list[Row]:
        """Make an assignment known as `wanted` (an Assignment from another book), or bring it up to that.

        Grades of cells that stay are kept. Returns the rows of cells that are no longer there and had been read by
        somebody, as {student, notebook, cell, points, comment}: the book forgets them.
        """
        there = self.assignment(wanted.name)
        with self.engine.begin() as connection:
            if there is None:
                there = Assignment(uuid4().hex, wanted.name, None, {})
                if not self._rows(connection, sql.select(self.t["course"]).where(self.t["course"].c.id == course_id)):
                    connection.execute(sql.insert(self.t["course"]).values(id=course_id))
                connection.execute(
                    sql.insert(self.t["assignment"]).values(id=there.id, name=wanted.name, course_id=course_id)
                )
            forgotten: list[Row] = []
            for name, notebook in wanted.notebooks.items():
                forgotten += self._bring_notebook(connection, there, name, notebook)
        return forgotten

    def _bring_notebook(
        self, connection: sql.Connection, assignment: Assignment, name: str, wanted: Notebook
    ) -> list[Row]:
        t, there = self.t, assignment.notebooks.get(name)
        if there is None:
            there = Notebook(uuid4().hex, name, wanted.kernelspec)
            connection.execute(
                sql.insert(t["notebook"]).values(
                    id=there.id, name=name, assignment_id=assignment.id, kernelspec=wanted.kernelspec
                )
            )
        submitted = [row["id"] for row in self._some(connection, t["submitted_notebook"], "notebook_id", [there.id])]
        gone = {place: cell for place, cell in there.cells.items() if place not in wanted.cells}
        forgotten = self._forget(connection, assignment, name, gone)
        for (kind, cell), about in wanted.cells.items():
            columns = {key: value for key, value in about.items() if key != "id"}
            known = there.cells.get((kind, cell))
            if known and columns and any(known[key] != value for key, value in columns.items()):
                connection.execute(
                    sql.update(t[KINDS[kind][1]]).where(t[KINDS[kind][1]].c.id == known["id"]).values(columns)
                )
            if known:
                continue
            own = uuid4().hex
            connection.execute(
                sql.insert(t["base_cell"]).values(id=own, name=cell, notebook_id=there.id, type=KINDS[kind][0])
            )
            connection.execute(sql.insert(t[KINDS[kind][1]]).values(id=own, **columns))
            rows: tuple[tuple[str, tuple[str, str], Row], ...] = (
                ("grade", ("grade", "task"), {"needs_manual_grade": True}),
                ("comment", ("solution", "task"), {}),
            )
            for table, kinds, more in rows:
                if kind in kinds and submitted:
                    connection.execute(
                        sql.insert(t[table]),
                        [{"id": uuid4().hex, "notebook_id": one, "cell_id": own, **more} for one in submitted],
                    )
        sources = {cell: {key: row[key] for key in SOURCE} for cell, row in wanted.sources.items()}
        if sources != {cell: {key: row[key] for key in SOURCE} for cell, row in there.sources.items()}:
            connection.execute(sql.delete(t["source_cell"]).where(t["source_cell"].c.notebook_id == there.id))
            connection.execute(
                sql.insert(t["source_cell"]),
                [{"id": uuid4().hex, "name": cell, "notebook_id": there.id, **row} for cell, row in sources.items()],
            )
        return forgotten

    def _forget(
        self, connection: sql.Connection, assignment: Assignment, notebook: str, gone: Mapping[Place, Row]
    ) -> list[Row]:
        """Take away cells with their grades and comments; returns what readers had given there."""
        if not gone:
            return []
        t = self.t
        read: list[Row] = []
        for standing, _ in self._standing(connection, assignment, None).values():
            for _, cell in gone:
                row = standing.grades.get((notebook, cell), {})
                words = standing.comments.get((notebook, cell), {}).get("manual_comment")
                if row.get("manual_score") is not None or words:
                    read.append(
                        {
                            "student": standing.student,
                            "notebook": notebook,
                            "cell": cell,
                            "points": row.get("manual_score"),
                            "comment": words,
                        }
                    )
        for (kind, _), about in gone.items():
            for table, column in (
                ("grade", "cell_id"),
                ("comment", "cell_id"),
                (KINDS[kind][1], "id"),
                ("base_cell", "id"),
            ):
                connection.execute(sql.delete(t[table]).where(t[table].c[column] == about["id"]))
        return read

    # ------------------------------------------------------------ submissions

    def graded(self) -> list[str]:
        """Names of the assignments with a submission, in order."""
        assignment, submitted = self.t["assignment"], self.t["submitted_assignment"]
        there = sql.select(assignment.c.name).where(assignment.c.id.in_(sql.select(submitted.c.assignment_id)))
        with self.engine.connect() as connection:
            return sorted(row["name"] for row in self._rows(connection, there))

    def standing(self, assignment: Assignment, students: Collection[str] | None = None) -> dict[str, Standing]:
        """Student -> Standing, for everybody with a submission, or only for these students."""
        with self.engine.connect() as connection:
            return {one.student: one for one, _ in self._standing(connection, assignment, students).values()}

    def _standing(
        self, connection: sql.Connection, assignment: Assignment, students: Collection[str] | None
    ) -> dict[str, tuple[Standing, Row]]:
        """Submission id -> (Standing, ids of its rows)."""
        t = self.t
        found: dict[str, tuple[Standing, Row]] = {}
        submitted = t["submitted_assignment"]
        of = sql.select(submitted).where(submitted.c.assignment_id == assignment.id)
        for row in self._rows(connection, of):
            if students is not None and row["student_id"] not in students:
                continue
            found[row["id"]] = (
                Standing(row["student_id"], row["timestamp"], _late(row, assignment.duedate)),
                {"submission": row["id"], "notebooks": {}, "grades": {}, "comments": {}},
            )
        notebooks = {one.id: one for one in assignment.notebooks.values()}
        names = {id: name for one in notebooks.values() for name, id in [*one.graded.items(), *one.commented.items()]}
        where: dict[str, tuple[Standing, Row, str]] = {}
        for row in self._some(connection, t["submitted_notebook"], "assignment_id", found):
            standing, ids = found[row["assignment_id"]]
            name = notebooks[row["notebook_id"]].name
            where[row["id"]] = standing, ids, name
            ids["notebooks"][name] = row["id"]
            standing.penalties[name] = row["late_submission_penalty"]
        for table, kept in (("grade", "grades"), ("comment", "comments")):
            for row in self._some(connection, t[table], "notebook_id", where):
                standing, ids, notebook = where[row["notebook_id"]]
                if row["cell_id"] in names:
                    getattr(standing, kept)[notebook, names[row["cell_id"]]] = row
                    ids[kept][notebook, names[row["cell_id"]]] = row["id"]
        return found

    def _some(self, connection: sql.Connection, table: sql.Table, column: str, wanted: Iterable[str]) -> Iterator[Row]:
        values = list(wanted)
        for start in range(0, len(values), AT_ONCE):
            yield from self._rows(
                connection, sql.select(table).where(table.c[column].in_(values[start : start + AT_ONCE]))
            )

    def save(self, assignment: Assignment, graded: Sequence[Graded], penalty: Penalty | None = None) -> None:
        """Write what grading found, for many submissions in one transaction: all of them, or after a failure none.

        Scores and comments that a reader gave stay. `penalty(student, points, seconds late)` gives what a late notebook
        loses, or None; without it nothing is lost.
        """
        if not graded:
            return
        with self.engine.begin() as connection:
            self._make_rows(connection, assignment, graded)
            standing = {
                one.student: (one, ids)
                for one, ids in self._standing(connection, assignment, {one.student for one in graded}).values()
            }
            changes: dict[str, list[Row]] = {"grade": [], "comment": [], "submitted_notebook": []}
            for one in graded:
                _changes(one, *standing[one.student], assignment, penalty, changes)
            for table, rows in changes.items():
                if rows:
                    columns: dict[str, Any] = {name: sql.bindparam(name) for name in rows[0] if name != "row"}
                    connection.execute(
                        sql.update(self.t[table]).where(self.t[table].c.id == sql.bindparam("row")).values(columns),
                        rows,
                    )

    def _make_rows(self, connection: sql.Connection, assignment: Assignment, graded: Sequence[Graded]) -> None:
        """Students and submissions that the book does not know yet, with an empty row for each cell."""
        t = self.t
        tables = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
        new: dict[str, list[Row]] = {name: [] for name in tables}
        codes = [one.student for one in graded]
        known = {row["id"] for row in self._some(connection, t["student"], "id", codes)}
        submitted = t["submitted_assignment"]
        rows = self._rows(connection, sql.select(submitted).where(submitted.c.assignment_id == assignment.id))
        there = {row["student_id"]: row for row in rows}
        moved = []
        for one in graded:
            if one.student not in known:
                new["student"].append({"id": one.student})
            if one.student in there:
                if one.timestamp is not None and there[one.student]["timestamp"] != one.timestamp:
                    moved.append({"row": there[one.student]["id"], "time": one.timestamp})
                continue
            submission = uuid4().hex
            new["submitted_assignment"].append(
                {
                    "id": submission,
                    "assignment_id": assignment.id,
                    "student_id": one.student,
                    "timestamp": one.timestamp,
                }
            )
            for notebook in assignment.notebooks.values():
                own = uuid4().hex
                new["submitted_notebook"].append(
                    {"id": own, "assignment_id": submission, "notebook_id": notebook.id, "flagged": False}
                )
                new["grade"] += [
                    {"id": uuid4().hex, "notebook_id": own, "cell_id": cell, "needs_manual_grade": True}
                    for cell in notebook.graded.values()
                ]
                new["comment"] += [
                    {"id": uuid4().hex, "notebook_id": own, "cell_id": cell} for cell in notebook.commented.values()
                ]
        for table, rows in new.items():
            if rows:
                connection.execute(sql.insert(t[table]), rows)
        if moved:
            connection.execute(
                sql.update(submitted)
                .where(submitted.c.id == sql.bindparam("row"))
                .values(timestamp=sql.bindparam("time")),
                moved,
            )

    def set_by_reader(
        self, assignment: str, notebook: str, cell: str, student: str, points: float | None, comment: str | None
    ) -> None:
        """Write what a reader gave to one answer; points of None let it wait again.

        Raises KeyError when there is no such answer.
        """
        found = self.assignment(assignment)
        if found is None:
            raise KeyError(assignment)
        with self.engine.begin() as connection:
            rows = self._standing(connection, found, {student})
            ids = next(iter(rows.values()))[1]
            grade, words = self.t["grade"], self.t["comment"]
            connection.execute(
                sql.update(grade)
                .where(grade.c.id == ids["grades"][notebook, cell])
                .values(manual_score=points, needs_manual_grade=points is None)
            )
            if (notebook, cell) in ids["comments"]:  # a test has none
                own = words.c.id == ids["comments"][notebook, cell]
                connection.execute(sql.update(words).where(own).values(manual_comment=comment))

    # ------------------------------------------------------------ people

    def students(self) -> dict[str, Row]:
        """Student id -> {first_name, last_name, email, lms_user_id}."""
        with self.engine.connect() as connection:
            return {row.pop("id"): row for row in self._rows(connection, sql.select(self.t["student"]))}


def _late(row: Row, duedate: datetime | None) -> float:
    if row["timestamp"] is None or duedate is None:
        return 0.0
    late: timedelta = row["timestamp"] - duedate - (row["extension"] or timedelta())
    return max(0.0, late.total_seconds())


def _changes(
    one: Graded,
    standing: Standing,
    ids: Row,
    assignment: Assignment,
    penalty: Penalty | None,
    changes: dict[str, list[Row]],
) -> None:
    """What changes in the rows of one submission, added to the lists of `changes`."""
    _grades(one, standing, ids, assignment, changes)
    _comments(one, standing, changes)
    _penalties(one, standing, ids, penalty, changes)


def _grades(one: Graded, standing: Standing, ids: Row, assignment: Assignment, changes: dict[str, list[Row]]) -> None:
    wanted = {(notebook, cell): value for notebook, cells in one.scores.items() for cell, value in cells.items()}
    for place, row in standing.grades.items():
        notebook, cell = place
        after = {key: row[key] for key in ("auto_score", "manual_score", "needs_manual_grade")}
        if notebook in one.missing:
            after["auto_score"], after["needs_manual_grade"] = 0.0, False
        elif place in one.settled:
            after["needs_manual_grade"] = False
            after["manual_score"] = 0.0 if row["manual_score"] is None else row["manual_score"]
        elif place in wanted and cell not in assignment.notebooks[notebook].tasks:
            after["auto_score"] = wanted[place]
            # A machine's score beside a reader's earlier one is for the reader to look at again, as in nbgrader; not so
            # where the reader saw the same work with the same score.
            if not (one.same_work and row["manual_score"] is not None and row["auto_score"] == wanted[place]):
                after["needs_manual_grade"] = row["manual_score"] is not None or wanted[place] is None
        elif place in wanted and (row["manual_score"] is None or _was_settled(standing, place)):
            after["manual_score"], after["needs_manual_grade"] = None, True
        if any(after[key] != row[key] for key in after):
            changes["grade"].append({"row": ids["grades"][place], **after})
        row.update(after)


def _comments(one: Graded, standing: Standing, changes: dict[str, list[Row]]) -> None:
    for notebook, cells in one.comments.items():
        for cell, words in cells.items():
            known = standing.comments.get((notebook, cell))
            if known is None:
                continue
            manual = None if _was_settled(standing, (notebook, cell)) else known["manual_comment"]
            manual = NOT_ANSWERED if (notebook, cell) in one.settled else manual
            if known["auto_comment"] != words or known["manual_comment"] != manual:
                changes["comment"].append({"row": known["id"], "auto_comment": words, "manual_comment": manual})


def _penalties(
    one: Graded, standing: Standing, ids: Row, penalty: Penalty | None, changes: dict[str, list[Row]]
) -> None:
    for notebook in one.scores:
        points = sum(score(row) for (name, _), row in standing.grades.items() if name == notebook)
        lost = penalty(one.student, points, standing.seconds_late) if penalty and standing.seconds_late > 0 else None
        lost = None if lost is None else min(max(lost, 0), points)
        if lost != standing.penalties[notebook]:
            changes["submitted_notebook"].append({"row": ids["notebooks"][notebook], "late_submission_penalty": lost})


def _was_settled(standing: Standing, place: Place) -> bool:
    """Whether nought was given without a reader, because nothing had been answered."""
    return (standing.comments.get(place) or {}).get("manual_comment") == NOT_ANSWERED
