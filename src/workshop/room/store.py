"""What a room remembers, in one SQLite file: seats, answer sheets, statements, hand-ins, and where the room stands.

What was confirmed to somebody is on the disk: each change is one transaction, and the write-ahead log is synced at its
end.
"""

import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from workshop.answers.atomic import free, put
from workshop.answers.sheet import now
from workshop.answers.storage import StorageError, moment
from workshop.errors import WorkshopError

NAME = "room.db"
KEPT_DAYS = 90
PATIENCE = 5.0  # seconds for which a file that another program has locked is waited for
# Without letters and digits that are taken for one another when read aloud or from a wall.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

schema = MetaData()
settings = Table("settings", schema, Column("name", String, primary_key=True), Column("value", String, nullable=False))
seats = Table(
    "seats",
    schema,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("people", Integer, nullable=False),
    Column("joined", String, nullable=False),
)
sheets = Table(
    "sheets",
    schema,
    Column("seat", ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True),
    Column("page", String, primary_key=True),
    Column("content", String, nullable=False),
)
heard = Table(
    "heard",
    schema,
    Column("seat", ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True),
    Column("device", String, primary_key=True),
    Column("card", String, primary_key=True),
    Column("number", Integer, nullable=False),
)
shown = Table("shown", schema, Column("question", String, primary_key=True), Column("answers", String, nullable=False))
hand_ins = Table(
    "hand_ins",
    schema,
    Column("id", Integer, primary_key=True),
    Column("seat", ForeignKey("seats.id", ondelete="CASCADE"), nullable=False),
    Column("page", String, nullable=False),
    Column("time", String, nullable=False),
    Column("file", String, nullable=False),
)
statements = Table(
    "statements",
    schema,
    Column("id", Integer, primary_key=True),
    Column("seat", ForeignKey("seats.id", ondelete="CASCADE"), nullable=False),
    Column("token", String, nullable=False),
    Column("heading", String, nullable=False),
    Column("relation", String, nullable=False),
    Column("about", String, nullable=False),
    Column("words", String, nullable=False),
    Column("made", String, nullable=False),
    Column("merged_into", Integer),
    Column("shared", Boolean, nullable=False),
    Column("left_out", Boolean, nullable=False),
    UniqueConstraint("seat", "token"),
)


class Invitation(TypedDict):
    """The scenario to which everybody is sent: its page, its card there, and its title."""

    page: str
    card: str
    title: str


@dataclass(frozen=True)
class Settings:
    """What is set of a room; each is stored under its name.

    `code` lets participants in, `board` is the secret part of the board's address, `secret` signs cookies
    (hexadecimal). `port` is the one that was served last. `closed` are pages by their names in the room, `until` how
    many chunks of a page are open. `timer_ends` is in seconds since 1970, None without a timer. `words` are said to all
    devices, `sent` is an invitation to all, `opened` are the questions whose answers the board shows, the newest first;
    `asking` is the heading of the notes that the room is asked about. With `names` the record names the seats.
    """

    code: str
    board: str
    secret: str
    begun: str
    delete_on: str
    port: int | None = None
    closed: list[str] = field(default_factory=list)
    until: dict[str, int] = field(default_factory=dict)
    timer_ends: float | None = None
    words: str = ""
    sent: Invitation | None = None
    opened: list[str] = field(default_factory=list)
    asking: str | None = None
    names: bool = False


class Seat(NamedTuple):
    """One device of one person or of a group of `people`."""

    id: int
    name: str
    people: int
    joined: str


class KeptHandIn(NamedTuple):
    """A file in `hand_in/`, and whose it is."""

    id: int
    seat: int
    page: str
    time: str
    file: str


class Statement(NamedTuple):
    """What a seat said on one heading of the notes; `about` is the key of a statement there, empty for something new.

    `merged_into` is the id of the statement that says the same.
    """

    id: int
    seat: int
    token: str
    heading: str
    relation: str
    about: str
    words: str
    made: str
    merged_into: int | None
    shared: bool
    left_out: bool


class Counts(NamedTuple):
    """How many of each a room keeps."""

    seats: int
    sheets: int
    statements: int
    hand_ins: int


class NameTakenError(WorkshopError):
    """Another seat of the room has this name."""


class StoreError(WorkshopError):
    """The room's file cannot be opened; the message says why and what to do."""


class Store:
    """The memory of one room, in `folder`. Its methods may be called from any thread. Raises StoreError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self._open()
        except OSError as error:
            raise StoreError(
                f"The folder {self.folder} cannot be used: {error.strerror}. "
                "Make room on the disk, or let your account write there."
            ) from error
        # Of what goes wrong while it is prepared, SQLAlchemy hands on the plain error.
        except (StorageError, DBAPIError, sqlite3.Error) as error:
            raise StoreError(f"The room's file {self.folder / NAME} cannot be opened: {_unopened(error)}") from error

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.path = self.folder / NAME
        self.path.touch(mode=0o600)
        # Grows with each change of an answer sheet.
        self.changes = 0
        self._lock = threading.RLock()
        self._engine = create_engine(
            f"sqlite:///{self.path}",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False, "timeout": PATIENCE},
        )
        event.listen(self._engine, "connect", _prepare)
        with self.reading() as at:
            if at.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                raise sqlite3.DatabaseError("malformed")
        with self.changing() as at:
            schema.create_all(at)
        # Every device asks every few seconds where the room stands: that is answered from memory.
        with self.reading() as at:
            stored = {row.name: json.loads(row.value) for row in at.execute(select(settings))}
        known = {each.name: stored[each.name] for each in fields(Settings) if each.name in stored}
        fresh: dict[str, Any] = {
            "code": _word(6),
            "board": secrets.token_urlsafe(24),
            "secret": secrets.token_hex(32),
            "begun": now(),
            "delete_on": (datetime.now(UTC) + timedelta(days=KEPT_DAYS)).strftime("%Y-%m-%d"),
        }
        self.settings = Settings(**(fresh | known))
        with self.changing() as at:
            for name in fresh.keys() - known.keys():
                at.execute(_or_replace(settings, {"name": name, "value": json.dumps(fresh[name])}, ["name"]))

    def close(self) -> None:
        """Close the file; what is in the write-ahead log goes into it."""
        self._engine.dispose()

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """A transaction. Whoever leaves it without an error knows that all of it is on the disk. Raises StorageError.

        Nobody else reads or writes meanwhile: nothing slow may happen within.
        """
        with self._lock:
            try:
                with self._engine.begin() as at:
                    yield at
            except DBAPIError as error:
                raise StorageError(
                    f"Not saved: {_why(error)} Your earlier answers are safe. It is tried again by itself; tell your "
                    "facilitator."
                ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read from."""
        with self._lock, self._engine.connect() as at:
            yield at

    # ---------------------------------------------------------------- settings

    def change(self, how: Callable[[Settings], Settings]) -> None:
        """Change settings: `how` makes those to come from those that are. Raises StorageError."""
        with self._lock:
            after = how(self.settings)
            with self.changing() as at:
                for each in fields(Settings):
                    value = getattr(after, each.name)
                    if value != getattr(self.settings, each.name):
                        row = {"name": each.name, "value": json.dumps(value)}
                        at.execute(_or_replace(settings, row, ["name"]))
            self.settings = after

    # ---------------------------------------------------------------- seats

    def join(self, name: str, people: int = 1) -> int:
        """A new seat of this name; gives its number. Raises NameTakenError."""
        with self.changing() as at:
            if at.execute(select(seats.c.id).where(seats.c.name == name)).scalar() is not None:
                raise NameTakenError(name)
            at.execute(insert(seats).values(name=name, people=people, joined=now()))
            number: int = at.execute(select(seats.c.id).where(seats.c.name == name)).scalar_one()
            return number

    def seat(self, number: int) -> Seat | None:
        """The seat of this number."""
        with self.reading() as at:
            row = at.execute(select(seats).where(seats.c.id == number)).first()
        return Seat(*row) if row else None

    def seat_named(self, name: str) -> Seat | None:
        """The seat of this name."""
        with self.reading() as at:
            row = at.execute(select(seats).where(seats.c.name == name)).first()
        return Seat(*row) if row else None

    def seats(self) -> list[Seat]:
        """All seats, in the order in which they came."""
        with self.reading() as at:
            return [Seat(*row) for row in at.execute(select(seats).order_by(seats.c.id))]

    # ---------------------------------------------------------------- answers

    def content(self, at: Connection, seat: int, page: str) -> str | None:
        """The answer sheet of a seat for a page as text, or None."""
        return at.execute(select(sheets.c.content).where(sheets.c.seat == seat, sheets.c.page == page)).scalar()

    def put(self, at: Connection, seat: int, page: str, content: str) -> None:
        """Store an answer sheet."""
        self.changes += 1
        at.execute(_or_replace(sheets, {"seat": seat, "page": page, "content": content}, ["seat", "page"]))

    def remove(self, at: Connection, seat: int, page: str) -> None:
        """Take an answer sheet out, once it is kept elsewhere."""
        self.changes += 1
        at.execute(delete(sheets).where(sheets.c.seat == seat, sheets.c.page == page))

    def all_sheets(self) -> dict[tuple[int, str], dict[str, Any]]:
        """{(seat, page): data} of every answer sheet."""
        with self.reading() as at:
            return {(row.seat, row.page): json.loads(row.content) for row in at.execute(select(sheets))}

    def sheets_of(self, seat: int) -> dict[str, dict[str, Any]]:
        """{page: data} of the answer sheets of a seat."""
        with self.reading() as at:
            return {
                row.page: json.loads(row.content) for row in at.execute(select(sheets).where(sheets.c.seat == seat))
            }

    def heard_of(self, seat: int, device: str) -> dict[str, int]:
        """{card: the number of the last request that was done} for all cards of a device."""
        with self.reading() as at:
            rows = at.execute(select(heard).where(heard.c.seat == seat, heard.c.device == device))
            return {row.card: row.number for row in rows}

    def last_heard(self, at: Connection, seat: int, device: str, card: str) -> int:
        """The number of the last request that this card of a device made and that was done; 0 before the first."""
        return (
            at.execute(
                select(heard.c.number).where(heard.c.seat == seat, heard.c.device == device, heard.c.card == card)
            ).scalar()
            or 0
        )

    def hear(self, at: Connection, seat: int, device: str, card: str, number: int) -> None:
        """Remember that a request was done, so that it is done once."""
        at.execute(
            _or_replace(
                heard, {"seat": seat, "device": device, "card": card, "number": number}, ["seat", "device", "card"]
            )
        )

    # ---------------------------------------------------------------- hand-ins

    def add_hand_in(self, at: Connection, seat: int, page: str, file: str) -> None:
        """Remember a file that was handed in."""
        at.execute(insert(hand_ins).values(seat=seat, page=page, time=now(), file=file))

    def hand_ins(self) -> list[KeptHandIn]:
        """Every file that was handed in, the oldest first."""
        with self.reading() as at:
            return [KeptHandIn(*row) for row in at.execute(select(hand_ins).order_by(hand_ins.c.id))]

    # ---------------------------------------------------------------- what the board shows

    def shown(self) -> dict[str, dict[str, Any]]:
        """{question: {number of a seat, as text: its answer}} as `keep_shown` stored them."""
        with self.reading() as at:
            return {row.question: json.loads(row.answers) for row in at.execute(select(shown))}

    def keep_shown(self, question: str, answers: Mapping[str, Any]) -> None:
        """Store what the board shows of a question. Raises StorageError."""
        with self.changing() as at:
            at.execute(_or_replace(shown, {"question": question, "answers": json.dumps(answers)}, ["question"]))

    # ---------------------------------------------------------------- statements

    def say(self, seat: int, token: str, heading: str, relation: str, about: str, words: str) -> None:
        """Store a statement of the room once, however often it is sent."""
        with self.changing() as at:
            at.execute(
                upsert(statements)
                .values(
                    seat=seat,
                    token=token,
                    heading=heading,
                    relation=relation,
                    about=about,
                    words=words,
                    made=now(),
                    shared=False,
                    left_out=False,
                )
                .on_conflict_do_nothing()
            )

    def statements(self) -> list[Statement]:
        """Every statement, in the order in which they came."""
        with self.reading() as at:
            return [Statement(*row) for row in at.execute(select(statements).order_by(statements.c.id))]

    def change_statement(self, number: int, **values: str | bool | int | None) -> None:
        """Change a statement as the facilitator says."""
        with self.changing() as at:
            at.execute(update(statements).where(statements.c.id == number).values(**values))
            if values.get("merged_into"):
                # What was merged into this one follows it.
                at.execute(
                    update(statements)
                    .where(statements.c.merged_into == number)
                    .values(merged_into=values["merged_into"])
                )

    # ---------------------------------------------------------------- the end

    def counts(self) -> Counts:
        """How many of each there are."""
        with self.reading() as at:
            tables = (seats, sheets, statements, hand_ins)
            return Counts(*(at.execute(select(func.count()).select_from(table)).scalar_one() for table in tables))


class SqliteStorage:
    """The answer sheet of a seat for a page in the room's store (see `workshop.answers.storage.SheetStorage`).

    `page` is its address in the room: a lesson and its exercise have sheets of the same page name. `along`, if given,
    is called with the connection when a sheet is saved, and writes what must be stored with it or not at all.
    """

    def __init__(self, store: Store, seat: int, page: str, along: Callable[[Connection], None] | None = None) -> None:
        self.store, self.seat, self.page, self.along = store, seat, page, along
        self._at: Connection | None = None

    @property
    def name(self) -> str:
        return f"of {self.page}"

    def load(self) -> bytes | None:
        try:
            if self._at is not None:
                content = self.store.content(self._at, self.seat, self.page)
            else:
                with self.store.reading() as at:
                    content = self.store.content(at, self.seat, self.page)
        except DBAPIError as error:
            raise StorageError(f"The answer sheet {self.name} cannot be read: {error.orig}.") from error
        return None if content is None else content.encode()

    def save(self, content: bytes) -> None:
        with self._joined() as at:
            self.store.put(at, self.seat, self.page, content.decode())
            if self.along:
                self.along(at)

    def set_aside(self) -> str:
        content = self.load() or b""
        kept = free(self.store.folder / f"seat-{self.seat}-{self.page.replace('/', '-')}.damaged-{moment()}.json")
        try:
            put(kept, content, mode=0o600)
        except OSError as error:
            raise StorageError(
                f"The answer sheet {self.name} is damaged and could not be put aside: {error.strerror}."
            ) from error
        with self._joined() as at:
            self.store.remove(at, self.seat, self.page)
        return kept.name

    @contextmanager
    def changing(self) -> Iterator[None]:
        with self.store.changing() as self._at:
            try:
                yield
            finally:
                self._at = None

    def _joined(self) -> AbstractContextManager[Connection]:
        """The transaction that is under way, or one of its own."""
        return nullcontext(self._at) if self._at is not None else self.store.changing()


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    for words in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {words}")


def _or_replace(table: Table, values: Mapping[str, str | int], keys: Sequence[str]) -> Insert:
    others = {name: value for name, value in values.items() if name not in keys}
    return upsert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=others)


def _unopened(error: Exception) -> str:
    """Why the file could not be opened, and what to do."""
    first = error.__cause__ if isinstance(error, StorageError) else error
    said = str(first.orig if isinstance(first, DBAPIError) else first)
    if "locked" in said:
        return "another program uses it. Is this room open in another window? Close it there, then start again."
    if "not a database" in said or "malformed" in said:
        return "it is damaged. Put the folder aside under another name and keep it; the next start begins a new room."
    if "full" in said:
        return "the disk is full. Make room on it, then start again."
    if "readonly" in said or "unable to open" in said:
        return "your account may not write there. Allow it, then start again."
    return f"{said}."


def _why(error: DBAPIError) -> str:
    said = str(error.orig)
    if "full" in said:
        return "the disk of the facilitator's computer is full."
    if "readonly" in said:
        return "the facilitator's computer may not write into the folder of the room."
    return f"the facilitator's computer could not write ({said})."


def _word(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))
