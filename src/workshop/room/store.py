"""What a room remembers, in one SQLite file: seats, answer sheets, statements, hand-ins, and where the room stands.

What was confirmed to somebody is on the disk: each change is one transaction, and the write-ahead log is synced at its end.
"""

import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from workshop.answers.atomic import free, put
from workshop.answers.sheet import now
from workshop.answers.storage import StorageError, moment
from workshop.errors import WorkshopError

NAME = "room.db"
KEPT_DAYS = 90
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


class NameTakenError(WorkshopError):
    """Another seat of the room has this name."""


class StoreError(WorkshopError):
    """The room's file cannot be opened; the message says why and what to do."""


class Store:
    """The memory of one room, in `folder`. Its methods may be called from any thread. Raises StoreError."""

    def __init__(self, folder):
        self.folder = Path(folder)
        try:
            self._open()
        except OSError as error:
            raise StoreError(
                f"The folder {self.folder} cannot be used: {error.strerror}. Make room on the disk, or let your account write there."
            ) from error
        # Of what goes wrong while it is prepared, SQLAlchemy hands on the plain error.
        except (StorageError, DBAPIError, sqlite3.Error) as error:
            raise StoreError(f"The room's file {self.folder / NAME} cannot be opened: {_unopened(error)}") from error

    def _open(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        os.chmod(self.folder, 0o700)
        self.path = self.folder / NAME
        self.path.touch(mode=0o600)
        self.changes = 0
        self._lock = threading.RLock()
        self._engine = create_engine(
            f"sqlite:///{self.path}", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        event.listen(self._engine, "connect", _prepare)
        with self.reading() as at:
            if at.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                raise sqlite3.DatabaseError("malformed")
        with self.changing() as at:
            schema.create_all(at)
        # Every device asks every few seconds where the room stands: that is answered from memory.
        with self.reading() as at:
            self._settings = {row.name: row.value for row in at.execute(select(settings))}
        fresh = {
            "code": _word(6),
            "board": secrets.token_urlsafe(24),
            "secret": secrets.token_hex(32),
            "begun": now(),
            "delete_on": (datetime.now(UTC) + timedelta(days=KEPT_DAYS)).strftime("%Y-%m-%d"),
        }
        for name, value in fresh.items():
            if self.get(name) is None:
                self.set(name, value)

    def close(self):
        """Close the file; what is in the write-ahead log goes into it."""
        self._engine.dispose()

    @contextmanager
    def changing(self):
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
            self.changes += 1

    @contextmanager
    def reading(self):
        """A connection to read from."""
        with self._lock, self._engine.connect() as at:
            yield at

    # ---------------------------------------------------------------- settings

    def get(self, name, otherwise=None):
        """A setting."""
        return json.loads(self._settings[name]) if name in self._settings else otherwise

    def set(self, name, value):
        """Store a setting."""
        with self.changing() as at:
            at.execute(_or_replace(settings, {"name": name, "value": json.dumps(value)}, ["name"]))
        self._settings[name] = json.dumps(value)

    # ---------------------------------------------------------------- seats

    def join(self, name, people=1):
        """A new seat of this name; gives its number. Raises NameTakenError."""
        with self.changing() as at:
            if at.execute(select(seats.c.id).where(seats.c.name == name)).scalar() is not None:
                raise NameTakenError(name)
            return at.execute(insert(seats).values(name=name, people=people, joined=now())).inserted_primary_key[0]

    def seat(self, number):
        """The seat of this number as a row, or None."""
        with self.reading() as at:
            return at.execute(select(seats).where(seats.c.id == number)).first()

    def seat_named(self, name):
        """The seat of this name as a row, or None."""
        with self.reading() as at:
            return at.execute(select(seats).where(seats.c.name == name)).first()

    def seats(self):
        """All seats, in the order in which they came."""
        with self.reading() as at:
            return at.execute(select(seats).order_by(seats.c.id)).all()

    # ---------------------------------------------------------------- answers

    def content(self, at, seat, page):
        """The answer sheet of a seat for a page as text, or None."""
        return at.execute(select(sheets.c.content).where(sheets.c.seat == seat, sheets.c.page == page)).scalar()

    def put(self, at, seat, page, content):
        """Store an answer sheet."""
        at.execute(_or_replace(sheets, {"seat": seat, "page": page, "content": content}, ["seat", "page"]))

    def remove(self, at, seat, page):
        """Take an answer sheet out, once it is kept elsewhere."""
        at.execute(delete(sheets).where(sheets.c.seat == seat, sheets.c.page == page))

    def all_sheets(self):
        """{(seat, page): data} of every answer sheet."""
        with self.reading() as at:
            return {(row.seat, row.page): json.loads(row.content) for row in at.execute(select(sheets))}

    def sheets_of(self, seat):
        """{page: data} of the answer sheets of a seat."""
        with self.reading() as at:
            return {
                row.page: json.loads(row.content) for row in at.execute(select(sheets).where(sheets.c.seat == seat))
            }

    def heard_of(self, seat, device):
        """{card: the number of the last request that was done} for all cards of a device."""
        with self.reading() as at:
            rows = at.execute(select(heard).where(heard.c.seat == seat, heard.c.device == device))
            return {row.card: row.number for row in rows}

    def last_heard(self, at, seat, device, card):
        """The number of the last request that this card of a device made and that was done."""
        return (
            at.execute(
                select(heard.c.number).where(heard.c.seat == seat, heard.c.device == device, heard.c.card == card)
            ).scalar()
            or 0
        )

    def hear(self, at, seat, device, card, number):
        """Remember that a request was done, so that it is done once."""
        at.execute(
            _or_replace(
                heard, {"seat": seat, "device": device, "card": card, "number": number}, ["seat", "device", "card"]
            )
        )

    # ---------------------------------------------------------------- hand-ins

    def add_hand_in(self, at, seat, page, file):
        """Remember a file that was handed in."""
        at.execute(insert(hand_ins).values(seat=seat, page=page, time=now(), file=file))

    def hand_ins(self):
        """Every file that was handed in, the oldest first."""
        with self.reading() as at:
            return at.execute(select(hand_ins).order_by(hand_ins.c.id)).all()

    # ---------------------------------------------------------------- statements

    def say(self, seat, token, heading, relation, about, words):
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

    def statements(self):
        """Every statement, in the order in which they came."""
        with self.reading() as at:
            return at.execute(select(statements).order_by(statements.c.id)).all()

    def change_statement(self, number, **values):
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

    def counts(self):
        """(seats, answer sheets, statements, hand-ins)."""
        with self.reading() as at:
            return tuple(
                at.execute(select(func.count()).select_from(table)).scalar()
                for table in (seats, sheets, statements, hand_ins)
            )


class SqliteStorage:
    """The answer sheet of a seat for a page in the room's store (see `workshop.answers.storage.SheetStorage`).

    `page` is its address in the room: a lesson and its exercise have sheets of the same page name. `along`, if given, is called
    with the connection when a sheet is saved, and writes what must be stored with it or not at all.
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


def _prepare(connection, _):
    for words in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {words}")


def _or_replace(table, values, keys):
    others = {name: value for name, value in values.items() if name not in keys}
    return upsert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=others)


def _unopened(error):
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


def _why(error):
    said = str(error.orig)
    if "full" in said:
        return "the disk of the facilitator's computer is full."
    if "readonly" in said:
        return "the facilitator's computer may not write into the folder of the room."
    return f"the facilitator's computer could not write ({said})."


def _word(length):
    return "".join(secrets.choice(LETTERS) for _ in range(length))
