"""Whatever lies in the inbox is read, or refused with the reason.

It is read as the intact hand-in would be, or as far as possible.
"""

import gzip
import io
import json
import os
import random
import time
import zipfile
from datetime import UTC, datetime

import pytest
from support.intact_hand_ins import EXERCISES, OWN, answers_of, exercise, intact, pack

from workshop.grading import submissions

CHECK, CODED = EXERCISES


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def files():
    """An intact hand-in of the exercise with a code item."""

    return intact(CODED, random.Random(5))


def read(inbox, name=CODED):
    return submissions.read(inbox, exercise(name))


def only(inbox, name=CODED):
    found = read(inbox, name)
    assert found.refused == {} and len(found.hand_ins) == 1, found
    return found.hand_ins[0]


def sheet_in(files):
    return json.loads(files[f"{CODED}.answers.json"])


def whole(one, files):
    """Whether everything of the intact hand-in was found."""
    wanted = {id: entry["value"] for id, entry in sheet_in(files)["answers"].items()}
    return answers_of(one, exercise(CODED).questions) == wanted and one.code_cells == {"parties-at-end": OWN}


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_an_intact_hand_in_needs_no_repair(inbox, files):
    one = only(pack(files, inbox))
    assert whole(one, files) and (one.code, one.repairs, one.missing) == ("lynx", [], [])
    assert one.time == datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.mark.parametrize("name", [f"{CODED}--lynx (1).zip", "final FINAL.zip", "Re_ exercise.ZIP", "attachment.bin"])
def test_a_renamed_file_is_the_same_hand_in(inbox, files, name):
    (inbox / name).write_bytes(zipped(files))
    assert whole(only(inbox), files) and only(inbox).code == "lynx"


def test_a_zip_of_a_folder_with_what_a_mac_adds_is_read(inbox, files):
    inside = {f"work/{name}": content for name, content in files.items()} | {
        "__MACOSX/work/._x.ipynb": b"\0",
        "work/.DS_Store": b"\0",
    }
    (inbox / "work.zip").write_bytes(zipped(inside))
    assert whole(only(inbox), files)


@pytest.mark.parametrize("place", ["lynx", f"lynx/{CODED}", f"handed in/lynx/{CODED}"])
def test_a_folder_with_the_files_is_read(inbox, files, place):
    folder = inbox / place
    folder.mkdir(parents=True)
    for name in (f"{CODED}.ipynb", f"{CODED}.answers.json"):
        (folder / name).write_bytes(files[name])
    (folder / "timestamp.txt").write_text("2026-11-25 10:00:00 UTC\n")
    one = only(inbox)
    assert whole(one, files) and one.code == "lynx" and one.time == datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_an_answer_sheet_alone_counts_and_its_code_is_missed(inbox, files):
    (inbox / "sheet.json").write_bytes(files[f"{CODED}.answers.json"])
    one = only(inbox)
    assert one.sheet["answers"] == sheet_in(files)["answers"] and one.code == "lynx"
    assert one.missing == ["there is no notebook, so its code counts as not written"]


@pytest.mark.parametrize("name", ["lynx.ipynb", "lynx.ipynb.txt", "lynx.json"])
def test_a_notebook_alone_gives_its_code_and_the_answers_are_missed(inbox, files, name):
    (inbox / name).write_bytes(files[f"{CODED}.ipynb"])
    one = only(inbox)
    assert one.code_cells == {"parties-at-end": OWN}
    assert one.missing == ["there is no answer sheet, so all its questions count as not answered"]


def test_without_any_code_name_one_is_made_up_and_told(inbox, files):
    sheet = sheet_in(files) | {"code": ""}
    (inbox / "x.zip").write_bytes(
        zipped(files | {"hand_in.json": b"{}", f"{CODED}.answers.json": json.dumps(sheet).encode()})
    )
    one = only(inbox)
    assert one.code.startswith("unknown-") and "no code name was found in x.zip" in one.repairs[-1]


def test_hand_ins_of_another_exercise_are_passed_over(inbox, files):
    found = read(pack(files, inbox), CHECK)
    assert (found.hand_ins, found.refused, found.notes) == ([], {}, [])


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.zip", b"", "cannot be opened"),
        ("empty.ipynb", b"", "empty"),
        ("holiday.zip", b"not a zip", "cannot be opened"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 picture", "no hand-in"),
        ("letter.txt", b"Dear facilitator", "no hand-in"),
        ("inside.zip", zipped({"m.zip": zipped({"a": b"b"})}), "no notebook and no answer sheet"),
    ],
)
def test_what_is_no_hand_in_is_refused_with_words_and_stays(inbox, name, content, why):
    (inbox / name).write_bytes(content)
    found = read(inbox)
    assert found.hand_ins == [] and why in found.refused[name]
    assert (inbox / name).read_bytes() == content


def test_a_hand_in_for_an_exercise_that_does_not_exist_is_refused_or_passed_over(inbox):
    (inbox / "x.zip").write_bytes(
        zipped(
            {"hand_in.json": b'{"page": "m99_nothing", "code": "lynx"}', "m99_nothing.answers.json": b'{"answers": {}}'}
        )
    )
    assert read(inbox).hand_ins == []


def test_a_zip_that_grows_too_large_is_refused(inbox, files, monkeypatch):
    monkeypatch.setattr(submissions, "MOST_BYTES", 20_000)
    assert "larger than" in str(read(pack(files, inbox)).refused)


def test_paths_in_a_zip_lead_nowhere(inbox, files, tmp_path):
    sly = {f"../../{name}": content for name, content in files.items()} | {"/etc/evil.json": b'{"answers": {}}'}
    (inbox / "sly.zip").write_bytes(zipped(sly))
    before = sorted(tmp_path.rglob("*"))
    assert whole(only(inbox), files)
    assert sorted(tmp_path.rglob("*")) == before


def test_links_are_not_followed(inbox, files, tmp_path):
    (tmp_path / "secret.answers.json").write_bytes(files[f"{CODED}.answers.json"])
    (inbox / "lynx.answers.json").symlink_to(tmp_path / "secret.answers.json")
    (inbox / "folder").mkdir()
    (inbox / "folder" / "lynx.answers.json").symlink_to(tmp_path / "secret.answers.json")
    assert read(inbox).hand_ins == []


def handed_in_twice(inbox, files, change):
    """The inbox with an intact hand-in, and one under the same code name a day later whose answers `change` changed."""
    (inbox / "a.zip").write_bytes(zipped(files))
    sheet = sheet_in(files)
    change(sheet["answers"])
    later = json.loads(files["hand_in.json"]) | {"time": "2026-11-26T10:00:00Z"}
    more = {"hand_in.json": json.dumps(later).encode(), f"{CODED}.answers.json": json.dumps(sheet).encode()}
    (inbox / "b.zip").write_bytes(zipped(files | more))
    return read(inbox)


def test_of_two_hand_ins_the_newer_counts_and_the_older_is_named(inbox, files):
    def first_anew(answers):
        next(iter(answers.values()))["saved"] = "2026-11-26T09:00:00Z"

    found = handed_in_twice(inbox, files, first_anew)
    assert [one.file for one in found.hand_ins] == ["b.zip"]
    assert found.notes == ["lynx handed in more than once: b.zip counts, a.zip is kept."]


def all_anew(answers):
    for entry in answers.values():
        entry["saved"] = "2026-11-26T09:00:00Z"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (dict.clear, "leaves out"),
        (dict.popitem, "leaves out 1 of its answers"),
        (all_anew, "as if somebody else had written it"),
    ],
)
def test_a_later_hand_in_that_does_not_go_on_from_the_earlier_one_waits_for_a_person(inbox, files, change, why):
    del files[f"{CODED}.ipynb"]
    found = handed_in_twice(inbox, files, change)
    assert [one.file for one in found.hand_ins] == ["a.zip"]
    assert why in found.notes[0] and "so the earlier one counts" in found.notes[0]


def test_a_time_to_come_is_not_believed_and_told(inbox, files):
    about = json.loads(files["hand_in.json"]) | {"time": "9999-12-31T00:00:00Z"}
    (inbox / "x.zip").write_bytes(zipped(files | {"hand_in.json": json.dumps(about).encode()}))
    one = only(inbox)
    assert one.time is None and one.repairs == ["its time (9999-12-31 00:00 UTC) is still to come and does not count"]


def deflated(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("pack_up", [zipped, deflated])
def test_a_zip_cut_off_behind_its_files_is_the_whole_hand_in(inbox, files, pack_up):
    packed = pack_up(files)
    (inbox / "x.zip").write_bytes(packed[: packed.index(b"PK\1\2")])
    one = only(inbox)
    assert whole(one, files) and one.repairs == ["the file was cut off on its way; what could be read of it counts"]


@pytest.mark.parametrize("pack_up", [zipped, deflated])
def test_a_zip_cut_off_anywhere_gives_what_came_or_is_refused(inbox, files, pack_up):
    packed, answers = pack_up(files), sheet_in(files)["answers"]
    for share in range(1, 20):
        (inbox / "x.zip").write_bytes(packed[: len(packed) * share // 20])
        found = read(inbox)
        assert bool(found.hand_ins) != bool(found.refused)
        for one in found.hand_ins:
            assert one.repairs[0].startswith("the file was cut off") and one.sheet["answers"].items() <= answers.items()


def test_what_is_left_of_a_zip_that_would_unpack_to_gigabytes_is_refused_at_once(inbox):
    bomb = deflated({"m.json": b"0" * 200_000_000})
    (inbox / "x.zip").write_bytes(bomb[:-100])
    began = time.monotonic()
    assert "more than 50 MB" in read(inbox).refused["x.zip"]
    assert time.monotonic() - began < 5


# ---------------------------------------------------------------- answer sheets


def with_sheet(inbox, files, raw):
    (inbox / "x.zip").write_bytes(zipped(files | {f"{CODED}.answers.json": raw}))
    return inbox


def test_sheets_of_earlier_versions_count(inbox, files):
    for version in (1, 2):
        sheet = sheet_in(files) | {"version": version}
        assert whole(only(with_sheet(inbox, files, json.dumps(sheet).encode())), files)


def test_a_sheet_of_a_newer_edition_is_refused_with_what_to_do(inbox, files):
    raw = json.dumps(sheet_in(files) | {"version": 99}).encode()
    assert "Bring this copy of the workshop up to date" in read(with_sheet(inbox, files, raw)).refused["x.zip"]


def test_a_wrong_entry_costs_itself_alone(inbox, files):
    sheet = sheet_in(files)
    first = next(iter(sheet["answers"]))
    sheet["answers"][first] = {"kind": 7}
    one = only(with_sheet(inbox, files, json.dumps(sheet).encode()))
    assert one.sheet["answers"].keys() == sheet["answers"].keys() - {first}
    assert one.missing == [f"the answer to {first} could not be read"]


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"answers": ' * 5000, b"\xff\xfe", b"null", b"7", b'{"answ'])
def test_a_sheet_that_is_none_is_refused_and_not_taken_for_one_without_answers(inbox, files, raw):
    found = read(with_sheet(inbox, files, raw))
    assert found.hand_ins == [] and "answer sheet" in found.refused["x.zip"]


def test_a_packed_sheet_is_unpacked(inbox, files):
    assert whole(only(with_sheet(inbox, files, gzip.compress(files[f"{CODED}.answers.json"]))), files)


# ---------------------------------------------------------------- the cells with code


def with_cells(inbox, files, change):
    notebook = json.loads(files[f"{CODED}.ipynb"])
    change(notebook["cells"], next(cell for cell in notebook["cells"] if cell["source"] == OWN))
    (inbox / "x.zip").write_bytes(zipped(files | {f"{CODED}.ipynb": json.dumps(notebook).encode()}))
    return only(inbox)


def test_of_a_copied_cell_the_changed_one_counts(inbox, files):
    stub = next(
        cell for cell in exercise(CODED).notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")
    )
    assert whole(with_cells(inbox, files, lambda cells, _own: cells.append(stub)), files)


def test_a_cell_that_lost_its_marks_is_found_by_what_it_defines(inbox, files):
    one = with_cells(inbox, files, lambda _cells, own: own.update(metadata={}, id="other"))
    assert whole(one, files) and "found by what it defines" in one.repairs[0]


def test_a_cell_that_was_split_is_joined(inbox, files):
    def split(cells, own):
        head, line = OWN.rsplit("\n", 1)
        cells.insert(cells.index(own), {"cell_type": "code", "id": "new", "metadata": {}, "source": head})
        own["source"] = line

    one = with_cells(inbox, files, split)
    assert one.code_cells["parties-at-end"].replace("\n\n", "\n") == OWN and "joined" in one.repairs[-1]


def test_a_cell_that_was_merged_with_its_test_still_defines_what_is_asked(inbox, files):
    def merge(cells, own):
        test = cells.pop(cells.index(own) + 1)
        own["source"] = [*OWN.splitlines(keepends=True), "\n\n", *test["source"]]

    assert with_cells(inbox, files, merge).code_cells["parties-at-end"].startswith(OWN)


def test_code_that_became_text_still_counts(inbox, files):
    assert whole(with_cells(inbox, files, lambda _cells, own: own.update(cell_type="markdown")), files)


def test_a_deleted_cell_is_missed(inbox, files):
    one = with_cells(inbox, files, lambda cells, own: cells.remove(own))
    assert one.code_cells == {} and one.missing == ["the lines for parties-at-end were not found"]


def test_whatever_lies_in_the_inbox_the_others_are_read(inbox, files):
    pack(files, inbox)
    os.mkfifo(inbox / "pipe.zip")
    (inbox / "deep").joinpath(*["d"] * 120).mkdir(parents=True)
    (inbox / os.fsdecode(b"caf\xe9.zip")).write_bytes(b"PK\5\6 no zip")
    (inbox / "two\nlines").mkdir()
    os.mkfifo(inbox / "two\nlines" / "pipe")
    with (inbox / "sparse.zip").open("wb") as file:
        file.truncate(2**40)
    found = read(inbox)
    assert [one.code for one in found.hand_ins] == ["lynx"]
    assert {"pipe.zip", "deep", os.fsdecode(b"caf\xe9.zip"), "sparse.zip"} == set(found.refused)
    assert "no file that can be read" in found.refused["pipe.zip"] and "more than 50 deep" in found.refused["deep"]


def test_a_broken_sheet_holds_nobody_up(inbox, files):
    began = time.monotonic()
    with_sheet(inbox, files, b'{"answers": ' + b'"a":{' * 200_000)
    read(inbox)
    assert time.monotonic() - began < 5


def test_half_a_letter_in_the_code_is_mended_and_told(inbox, files):
    def cut(_, own):
        own["source"] = OWN + "\n# \ud83d"

    one = with_cells(inbox, files, cut)
    assert list(one.code_cells.values()) == [OWN + "\n# ?"] and any(
        "halves of characters" in words for words in one.repairs
    )
