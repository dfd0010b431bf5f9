"""Every place where an answer sheet may lie keeps the same promises."""

import json
import resource
import signal
import subprocess
import sys
import textwrap

import pytest

from workshop.answers.sheet import FORMAT, VERSION, SaveError, Sheet
from workshop.answers.storage import FileStorage, StorageError
from workshop.room.store import SqliteStorage, Store

PAGE = "small"


def in_file(folder):
    return FileStorage(folder / "small.answers.json")


def in_room(folder):
    store = Store(folder / "room")
    seat = store.seat_named("owl")
    return SqliteStorage(store, seat.id if seat else store.join("owl"), PAGE)


@pytest.fixture(params=[in_file, in_room])
def open_storage(request, tmp_path):
    """Opens the same storage once more each time, as another window or a new start does."""
    return lambda: request.param(tmp_path)


@pytest.fixture
def refusing_disk():
    """A disk on which no file may grow; afterwards it may again."""
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def refuse():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))

    yield refuse
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def test_nothing_is_loaded_before_something_is_saved(open_storage):
    assert open_storage().load() is None


def test_what_was_saved_is_loaded_byte_by_byte(open_storage):
    content = '{"a": "ñ 语 🙂"}\n'.encode()
    open_storage().save(content)
    assert open_storage().load() == content


def test_a_sheet_comes_back_as_it_was(open_storage):
    Sheet(open_storage(), PAGE).set_answer("first", "single", "the-board")
    assert Sheet(open_storage(), PAGE).answer("first") == "the-board"


@pytest.mark.parametrize("content", [b"no JSON", b"{}", b"[]"])
def test_a_damaged_sheet_is_kept_under_the_name_that_is_told(open_storage, content, tmp_path):
    open_storage().save(content)
    sheet = Sheet(open_storage(), PAGE)
    kept = next(path for path in tmp_path.rglob("*.damaged-*"))
    assert kept.read_bytes() == content and kept.name in sheet.trouble
    sheet.set_answer("first", "single", "the-board")
    again = Sheet(open_storage(), PAGE)
    assert (again.answer("first"), again.trouble) == ("the-board", "")


def test_a_sheet_of_a_newer_edition_is_left_as_it_is(open_storage):
    newer = json.dumps({"format": FORMAT, "version": VERSION + 1}).encode()
    open_storage().save(newer)
    sheet = Sheet(open_storage(), PAGE)
    assert "newer edition" in sheet.trouble
    with pytest.raises(SaveError, match="newer edition"):
        sheet.set_answer("first", "single", "the-board")
    assert open_storage().load() == newer


def test_of_two_windows_neither_takes_away_what_the_other_saved(open_storage):
    first, second = Sheet(open_storage(), PAGE), Sheet(open_storage(), PAGE)
    first.set_answer("first", "single", "a")
    second.set_answer("second", "single", "b")
    assert set(Sheet(open_storage(), PAGE).data["answers"]) == {"first", "second"}


def test_where_the_disk_refuses_the_earlier_sheet_stays_and_the_next_save_works(open_storage, refusing_disk):
    storage = open_storage()
    sheet = Sheet(storage, PAGE)
    sheet.set_answer("first", "single", "a")
    before, limit = storage.load(), resource.getrlimit(resource.RLIMIT_FSIZE)
    refusing_disk()
    try:
        with pytest.raises(StorageError, match=r"^Not saved: .*Your earlier answers are safe"):
            sheet.set_answer("first", "single", "b")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert storage.load() == before and sheet.answer("first") == "a"
    sheet.set_answer("first", "single", "c")
    assert Sheet(open_storage(), PAGE).answer("first") == "c"


@pytest.mark.parametrize("kind", [in_file.__name__, in_room.__name__])
def test_a_process_that_is_killed_leaves_a_whole_sheet_with_all_that_was_confirmed(kind, tmp_path):
    program = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from workshop.answers.sheet import Sheet
        from workshop.answers.storage import FileStorage
        from workshop.room.store import SqliteStorage, Store
        folder = Path(sys.argv[1])
        if {kind!r} == "in_file":
            storage = FileStorage(folder / "small.answers.json")
        else:
            store = Store(folder / "room")
            storage = SqliteStorage(store, store.join("owl"), "small")
        sheet, number = Sheet(storage, "small"), 0
        while True:
            number += 1
            sheet.set_answer("first", "number", str(number))
            print(number, flush=True)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True)
    for _ in range(20):
        confirmed = int(process.stdout.readline())
    process.kill()
    confirmed = int((process.stdout.read().split() or [confirmed])[-1])
    process.wait()
    sheet = Sheet(globals()[kind](tmp_path), PAGE)
    assert sheet.trouble == "" and int(sheet.answer("first")) in (confirmed, confirmed + 1)
