"""The answer sheet keeps what a participant answered, whatever happens to the file, the disk or the process."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import fastjsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import ROOT

import workshop
from workshop.answers.sheet import FORMAT, MOST_PLAYS, VERSION, SaveError, Sheet
from workshop.answers.storage import FileStorage

NAME = "small.answers.json"
PUBLISHED = ROOT / "data/answer_sheet.schema.json"
VALUES = {
    "single": "the-board",
    "multiple": ["rain", "list"],
    "rank": ["a", "b", "c"],
    "match": {"police": "incidents"},
    "classify": {"a-speech": "words"},
    "number": "35,3",
    "map": {"hear": ["police", "board"]},
    "write": "Grüße, نعم, 你好\n",
    "timeline": {"the-first-paper": "1948"},
    "a-kind-of-later": ["x"],
}


@pytest.fixture
def sheet(tmp_path):
    return Sheet(FileStorage(tmp_path / NAME), "small")


def again(sheet):
    """The sheet as another window, or tomorrow's, reads it."""
    return Sheet(sheet.storage, sheet.page)


def filled(folder):
    """A sheet with an answer, a play and a code name."""
    sheet = Sheet(FileStorage(folder / NAME), "small")
    sheet.set_answer("first", "single", "the-board")
    sheet.set_choices("rumour", ["a:b", "b:c"], finished=True)
    sheet.set_code("blue-heron")
    return sheet


def python(program, *arguments):
    """A Python process of its own that runs this program."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# ---------------------------------------------------------------- round trip and form


@pytest.mark.parametrize("kind", VALUES)
def test_an_answer_comes_back_as_it_was_given(sheet, kind):
    sheet.set_answer("first", kind, VALUES[kind])
    assert again(sheet).answer("first") == VALUES[kind]


def test_a_play_and_a_code_name_come_back(tmp_path):
    read = again(filled(tmp_path))
    assert read.choices("rumour") == ["a:b", "b:c"]
    assert read.data["code"] == "blue-heron"


def test_a_canvas_comes_back_as_it_was_drawn(sheet):
    drawn = {"name": "Ours", "law": "decree", "institutions": [{"office": "Police", "functions": ["warn"]}]}
    sheet.set_canvas("architecture", drawn)
    assert again(sheet).canvas("architecture") == drawn


def test_what_was_never_answered_is_none(sheet):
    assert sheet.answer("first") is None and sheet.choices("rumour") == [] and sheet.canvas("architecture") is None


def test_a_sheet_of_the_first_version_is_read_and_written_on(sheet):
    sheet.storage.path.write_text(
        json.dumps(
            {
                "format": FORMAT,
                "version": 1,
                "page": "small",
                "plays": {},
                "answers": {"first": {"kind": "write", "value": "Earlier words", "saved": ""}},
            }
        )
    )
    read = again(sheet)
    read.set_canvas("architecture", {"name": "Ours"})
    assert (again(sheet).answer("first"), again(sheet).canvas("architecture")) == ("Earlier words", {"name": "Ours"})
    assert json.loads(sheet.storage.path.read_text())["version"] == VERSION


@pytest.mark.parametrize("version", [1, 2])
def test_the_plays_of_an_earlier_sheet_are_kept_without_loss(sheet, version):
    plays = {"rumour": {"choices": ["a:b"], "finished": [["a:b", "b:c"], []]}}
    sheet.storage.path.write_text(
        json.dumps({"format": FORMAT, "version": version, "page": "small", "plays": plays, "answers": {}})
    )
    read = again(sheet)
    assert (read.trouble, read.choices("rumour")) == ("", ["a:b"])
    assert [done["choices"] for done in read.finished("rumour")] == [["a:b", "b:c"], []]
    read.set_reason("rumour", "a", "Because")
    assert again(sheet).finished("rumour") == read.finished("rumour") and again(sheet).reasons("rumour") == {
        "a": "Because"
    }


@pytest.mark.parametrize(
    "plays",
    [{"rumour": {"choices": [], "finished": [5]}}, {"rumour": {"choices": [], "finished": 5}}, {"rumour": 5}, 5],
)
def test_an_earlier_sheet_whose_plays_are_none_is_set_aside(sheet, plays):
    sheet.storage.path.write_text(
        json.dumps({"format": FORMAT, "version": 2, "page": "small", "plays": plays, "answers": {}})
    )
    assert (
        "Nothing is deleted" in again(sheet).trouble and len(list(sheet.storage.path.parent.glob("*.damaged-*"))) == 1
    )


def test_reasons_and_a_group_come_back_and_stay_when_a_choice_is_stored(sheet):
    sheet.set_group("rumour", {"people": 5, "deal": 2, "minutes": 3})
    sheet.set_reason("rumour", "monday", "They know the villages")
    sheet.set_choices("rumour", ["monday:board"], finished=True)
    read = again(sheet)
    assert read.reasons("rumour") == {"monday": "They know the villages"} and read.group("rumour")["people"] == 5
    (done,) = read.finished("rumour")
    assert (done["reasons"], done["people"]) == (read.reasons("rumour"), 5)


def test_a_reason_can_be_taken_away_and_a_group_can_go(sheet):
    sheet.set_reason("rumour", "monday", "Because")
    sheet.set_reason("rumour", "monday", "")
    sheet.set_group("rumour", {"people": 5, "deal": 2, "minutes": 3})
    sheet.set_group("rumour", None)
    assert again(sheet).reasons("rumour") == {} and again(sheet).group("rumour") is None


def test_reading_writes_nothing(sheet):
    assert not sheet.storage.path.exists()


def test_an_answer_can_be_taken_away(sheet):
    sheet.set_answer("first", "single", "the-board")
    sheet.set_answer("first", "single", None)
    assert again(sheet).data["answers"] == {}


def test_a_finished_play_is_kept_once_when_another_begins(sheet):
    for _ in range(2):
        sheet.set_choices("rumour", ["a:b"], finished=True)
    sheet.set_choices("rumour", [])
    (done,) = again(sheet).finished("rumour")
    assert (again(sheet).choices("rumour"), done["choices"], done["people"]) == ([], ["a:b"], 1)


def test_more_finished_plays_than_a_sheet_may_hold_do_not_stop_it(sheet):
    done = [{"choices": [str(n)], "reasons": {}, "saved": ""} for n in range(MOST_PLAYS)]
    sheet.data["plays"]["rumour"] = {"choices": [], "finished": done}
    sheet.storage.path.write_text(json.dumps(sheet.data), encoding="utf-8")
    sheet.set_choices("rumour", ["new"], finished=True)
    assert again(sheet).finished("rumour")[-1]["choices"] == ["new"]


def test_a_saved_sheet_is_of_the_published_form(tmp_path):
    sheet = filled(tmp_path)
    for kind, value in VALUES.items():
        sheet.set_answer(kind, kind, value)
    check = fastjsonschema.compile(json.loads(PUBLISHED.read_text(encoding="utf-8")))
    assert check(json.loads(sheet.storage.path.read_text(encoding="utf-8")))["format"] == FORMAT


def test_the_published_form_is_the_one_the_kit_uses():
    packaged = Path(workshop.__file__).parent / "answers/answer_sheet.schema.json"
    assert PUBLISHED.read_bytes() == packaged.read_bytes()


def test_a_sheet_can_be_read_by_a_person(tmp_path):
    sheet = Sheet(FileStorage(tmp_path / NAME), "small")
    sheet.set_answer("say", "write", "Grüße")
    lines = sheet.storage.path.read_text(encoding="utf-8").split("\n")
    assert '   "value": "Grüße"' in lines and lines[-1] == ""


CHANGES = st.lists(
    st.tuples(st.sampled_from(["first", "second", "third"]), st.sampled_from([*VALUES]), st.text() | st.none()),
    max_size=12,
)


@given(CHANGES)
def test_whatever_was_set_and_cleared_a_fresh_sheet_reads_it(tmp_path_factory, changes):
    sheet, expected = Sheet(FileStorage(tmp_path_factory.mktemp("sheet") / NAME), "small"), {}
    for question, kind, value in changes:
        sheet.set_answer(question, kind, value)
        expected[question] = value
    for question, value in expected.items():
        assert again(sheet).answer(question) == sheet.answer(question) == value
    assert again(sheet).trouble == ""


def test_half_a_character_does_not_cost_the_rest_of_the_answer(sheet):
    sheet.set_answer("say", "write", "Ask the board \ud83d")
    assert again(sheet).answer("say") == "Ask the board ?"


@pytest.mark.parametrize("value", ["x" * 100_001, 5, ["a", 5], {"row": {"deep": "x"}}, ["a"] * 1001])
def test_a_value_no_sheet_can_hold_is_refused_and_the_earlier_one_stays(sheet, value):
    sheet.set_answer("say", "write", "Ask the board.")
    with pytest.raises(SaveError, match="too long, or has a form that an answer sheet cannot hold"):
        sheet.set_answer("say", "write", value)
    assert again(sheet).answer("say") == sheet.answer("say") == "Ask the board."


# ---------------------------------------------------------------- damaged files


def kept(folder):
    return sorted(path for path in folder.iterdir() if ".damaged-" in path.name)


WHOLE = {"format": FORMAT, "version": 1, "page": "small", "answers": {}, "plays": {}}
DAMAGED = {
    "cut off": b'{"format": "workshop-answers", "version": 1, "pa',
    "not JSON": b"My answers: none\n",
    "empty": b"",
    "binary": b"\x89PNG\r\n\x1a\n\x00\xff\xfe",
    "another page": json.dumps({**WHOLE, "page": "other"}).encode(),
    "a list": b"[]",
    "another format": json.dumps({**WHOLE, "format": "notes"}).encode(),
    "strange answers": json.dumps({**WHOLE, "answers": {"first": "the-board"}}).encode(),
    "deep": b"[" * 100_000,
    "a very long number": b'{"version": ' + b"9" * 5000 + b"}",
    "a value of no form": json.dumps({**WHOLE, "answers": {"a": {"kind": "single", "value": 5, "saved": ""}}}).encode(),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_sheet_is_set_aside_named_and_never_lost(tmp_path, content):
    path = tmp_path / NAME
    path.write_bytes(content)
    sheet = Sheet(FileStorage(path), "small")
    (aside,) = kept(tmp_path)
    assert aside.read_bytes() == content and not path.exists()
    assert aside.name in sheet.trouble and "Nothing is deleted" in sheet.trouble and "\n" not in sheet.trouble
    sheet.set_answer("first", "single", "the-board")
    assert again(sheet).answer("first") == "the-board"
    assert kept(tmp_path) == [aside] and aside.read_bytes() == content


def test_the_page_a_wrong_sheet_belongs_to_is_told(tmp_path):
    (tmp_path / NAME).write_bytes(DAMAGED["another page"])
    assert "it belongs to the page other" in Sheet(FileStorage(tmp_path / NAME), "small").trouble


def test_sheets_damaged_in_the_same_second_are_all_kept(tmp_path):
    for number in range(4):
        (tmp_path / NAME).write_text(f"damage {number}", encoding="utf-8")
        Sheet(FileStorage(tmp_path / NAME), "small")
    assert {path.read_text(encoding="utf-8") for path in kept(tmp_path)} == {f"damage {n}" for n in range(4)}


def test_a_page_that_is_open_while_its_sheet_is_damaged_keeps_its_answers(sheet):
    sheet.set_answer("first", "single", "the-board")
    sheet.storage.path.write_text("damaged", encoding="utf-8")
    sheet.set_answer("second", "single", "x")
    assert (again(sheet).answer("first"), again(sheet).answer("second")) == ("the-board", "x")
    assert kept(sheet.storage.path.parent)[0].name in sheet.trouble


def test_a_sheet_of_a_newer_edition_is_left_alone(tmp_path):
    path = tmp_path / NAME
    newer = json.dumps({**WHOLE, "version": VERSION + 1, "moods": ["calm"]}).encode()
    path.write_bytes(newer)
    sheet = Sheet(FileStorage(path), "small")
    assert "made by a newer edition" in sheet.trouble and sheet.answer("first") is None
    with pytest.raises(SaveError, match="newer edition"):
        sheet.set_answer("first", "single", "the-board")
    assert path.read_bytes() == newer and list(tmp_path.iterdir()) == [path]


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_no_bytes_whatever_make_reading_fail(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("sheet") / NAME
    path.write_bytes(content)
    sheet = Sheet(FileStorage(path), "small")
    assert sheet.trouble and kept(path.parent)[0].read_bytes() == content


@given(st.integers(0, 10_000))
def test_a_sheet_cut_anywhere_is_read_whole_or_set_aside(tmp_path_factory, place):
    sheet = filled(tmp_path_factory.mktemp("sheet"))
    content = sheet.storage.path.read_bytes()
    cut = content[: place % (len(content) + 1)]
    sheet.storage.path.write_bytes(cut)
    read = again(sheet)
    if read.trouble:
        assert kept(sheet.storage.path.parent)[0].read_bytes() == cut
    else:
        assert read.data == sheet.data


# ---------------------------------------------------------------- disks and folders


def test_a_disk_without_room_is_told_and_the_old_sheet_stays(tmp_path):
    # A limit on the size of files is a full disk that any machine can have.
    sheet = filled(tmp_path)
    before = sheet.storage.path.read_bytes()
    program = """
        import resource, signal, sys
        from workshop.answers.sheet import SaveError, Sheet
        from workshop.answers.storage import FileStorage
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
        sheet = Sheet(FileStorage(sys.argv[1]), "small")
        try:
            sheet.set_answer("say", "write", "x" * 20_000)
        except SaveError as error:
            print(error)
        sheet.set_answer("say", "write", "short")
    """
    process = python(program, sheet.storage.path)
    said, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    assert said.startswith("Not saved: ") and "Your earlier answers are safe." in said
    assert again(sheet).answer("first") == "the-board" and again(sheet).answer("say") == "short"
    assert len(before) < 4000 and [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a device that is always full")
def test_a_full_disk_is_called_full(tmp_path):
    sheet = filled(tmp_path)
    (tmp_path / f".{NAME}.{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(SaveError, match=r"^Not saved: the disk is full\. Your earlier answers are safe\."):
        sheet.set_answer("first", "single", "the-ministry")
    assert again(sheet).answer("first") == "the-board"


def test_a_folder_that_is_no_folder_is_told_in_plain_words(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    sheet = Sheet(FileStorage(tmp_path / "file" / NAME), "small")
    with pytest.raises(SaveError, match=r"^Not saved: Not a directory\. Your earlier answers are safe\."):
        sheet.set_answer("first", "single", "the-board")


def test_a_folder_that_is_gone_is_told_in_plain_words(tmp_path):
    sheet = filled(tmp_path)
    shutil.rmtree(tmp_path)
    with pytest.raises(SaveError, match=r"^Not saved: No such file or directory\."):
        sheet.set_answer("first", "single", "the-ministry")
    assert sheet.answer("first") == "the-board"


def test_a_sheet_that_is_a_folder_is_told_and_left_alone(tmp_path):
    (tmp_path / NAME).mkdir()
    sheet = Sheet(FileStorage(tmp_path / NAME), "small")
    assert sheet.trouble == f"The answer sheet {NAME} cannot be read: Is a directory."
    with pytest.raises(SaveError, match="cannot be read"):
        sheet.set_answer("first", "single", "the-board")
    assert (tmp_path / NAME).is_dir()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has folders in which nobody may write")
def test_a_folder_that_may_not_be_written_to_is_told():
    with pytest.raises(SaveError, match="this folder may not be written to"):
        Sheet(FileStorage(Path("/sys") / NAME), "small").set_answer("first", "single", "the-board")


def test_after_trouble_the_next_save_works(tmp_path):
    desk, moved = tmp_path / "desk", tmp_path / "moved"
    desk.mkdir()
    sheet = filled(desk)
    desk.rename(moved)
    with pytest.raises(SaveError):
        sheet.set_answer("first", "single", "the-ministry")
    moved.rename(desk)
    sheet.set_answer("first", "single", "the-ministry")
    assert again(sheet).answer("first") == "the-ministry"


# ---------------------------------------------------------------- sudden ends and two windows

WRITER = """
    import sys
    from workshop.answers.sheet import Sheet
    from workshop.answers.storage import FileStorage
    sheet = Sheet(FileStorage(sys.argv[1]), "small")
    for number in range(10_000):
        sheet.set_answer("say", "write", str(number) + " " + "word " * 2000)
        print(number, flush=True)
"""


def test_a_process_killed_while_saving_leaves_a_whole_sheet_with_at_most_the_last_change_lost(tmp_path):
    before = filled(tmp_path)
    saves = 0
    for round_ in range(4):
        process = python(WRITER, before.storage.path)
        process.stdout.readline()
        time.sleep(0.3 + round_ * 0.07)
        process.send_signal(signal.SIGKILL)
        said, _ = process.communicate(timeout=30)
        last = int(re.findall(r"^\d+$", "0\n" + said, re.M)[-1])
        read = again(before)
        assert read.trouble == "" and kept(tmp_path) == []
        assert int(read.answer("say").split()[0]) in (last, last + 1)
        assert read.answer("say").endswith("word " * 2000) and read.answer("first") == "the-board"
        saves += last
    assert saves > 50


def test_two_windows_that_save_different_questions_both_keep_theirs(sheet):
    other = again(sheet)
    sheet.set_answer("first", "single", "the-board")
    other.set_answer("second", "single", "rain")
    sheet.set_answer("third", "single", "x")
    assert {q: again(sheet).answer(q) for q in ("first", "second", "third")} == {
        "first": "the-board",
        "second": "rain",
        "third": "x",
    }
    assert sheet.answer("second") == "rain"


def test_a_window_opened_earlier_does_not_undo_what_was_cleared_later(sheet):
    sheet.set_answer("first", "single", "the-board")
    other = again(sheet)
    sheet.set_answer("first", "single", None)
    other.set_answer("second", "single", "rain")
    assert again(sheet).answer("first") is None


def test_saving_leaves_nothing_else_in_the_folder(tmp_path):
    filled(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
