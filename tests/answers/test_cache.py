"""What is kept on the disk comes back as it was made, and only as long as it is whole and made from the same."""

import os
import subprocess
import sys
import time

import pytest

from workshop.answers import cache
from workshop.answers.cache import cached, cached_json, digest, digest_of_code, digest_of_files


def counted(content=b"content"):
    """A function that makes this content, with the number of times it was called as `times`."""

    def make():
        make.times += 1
        return content

    make.times = 0
    return make


def names(folder):
    return [path.name for path in folder.iterdir()]


def no_need():
    raise AssertionError("made again")


def test_what_was_made_is_not_made_again(tmp_path):
    assert cached(tmp_path / "new/folder", "page", "a", lambda: b"one\ntwo\x00") == b"one\ntwo\x00"
    assert cached(tmp_path / "new/folder", "page", "a", no_need) == b"one\ntwo\x00"


def test_what_is_made_from_something_else_is_made_anew_in_the_place_of_the_old(tmp_path):
    for made_from in ("a", "b", "a"):
        assert cached(tmp_path, "page", made_from, made_from.encode) == made_from.encode()
    assert names(tmp_path) == ["page"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda whole: whole[:-1],
        lambda whole: whole + b"x",
        lambda whole: whole.replace(b"content", b"contend"),
        lambda whole: whole[1:],
        lambda whole: whole.replace(b"\n", b""),
        lambda whole: b"\x00" * len(whole),
    ],
    ids=["empty", "cut", "longer", "a letter changed", "its beginning gone", "one line", "zeros after a power cut"],
)
def test_a_damaged_entry_is_made_anew(tmp_path, damage):
    make = counted()
    cached(tmp_path, "page", "a", make)
    (tmp_path / "page").write_bytes(damage((tmp_path / "page").read_bytes()))
    assert cached(tmp_path, "page", "a", make) == b"content" and make.times == 2
    assert cached(tmp_path, "page", "a", make) == b"content" and make.times == 2


def test_a_folder_in_the_place_of_an_entry_is_told_in_a_sentence(tmp_path):
    (tmp_path / "page").mkdir()
    with pytest.raises(cache.CacheError, match=r"page could not be written: .* Put that right"):
        cached(tmp_path, "page", "a", lambda: b"content")


@pytest.mark.linux
def test_a_full_disk_is_told_in_a_sentence_and_leaves_the_old_entry(tmp_path):
    cached(tmp_path, "page", "a", lambda: b"old")
    (tmp_path / f".page.{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(cache.CacheError, match=r"page could not be written: the disk is full\. Put that right"):
        cached(tmp_path, "page", "b", lambda: b"new")
    assert names(tmp_path) == ["page"] and cached(tmp_path, "page", "a", no_need) == b"old"


def test_a_process_that_is_killed_while_it_writes_leaves_a_whole_entry(tmp_path):
    writes = (
        "import sys; from pathlib import Path; from workshop.answers.cache import cached\n"
        "for turn in range(10**6):\n"
        "    cached(Path(sys.argv[1]), 'page', str(turn), lambda: str(turn).encode() * 200_000)\n"
    )
    for _ in range(5):
        writer = subprocess.Popen([sys.executable, "-c", writes, tmp_path])
        while not (tmp_path / "page").exists():
            time.sleep(0.01)
        time.sleep(0.05)
        writer.kill()
        writer.wait()
        head, _, content = (tmp_path / "page").read_bytes().partition(b"\n")
        turn = head.split()[0].decode()
        assert content == turn.encode() * 200_000 and cached(tmp_path, "page", turn, no_need) == content


def test_two_processes_that_write_one_entry_leave_a_whole_one(tmp_path):
    writes = (
        "import sys; from pathlib import Path; from workshop.answers.cache import cached\n"
        "for turn in range(200):\n"
        "    cached(Path(sys.argv[1]), 'page', sys.argv[2] + str(turn), lambda: sys.argv[2].encode() * 100_000)\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", writes, tmp_path, name]) for name in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert (tmp_path / "page").read_bytes().partition(b"\n")[2] in (b"a" * 100_000, b"b" * 100_000)


def test_json_comes_back_as_json_also_when_it_was_just_made(tmp_path):
    for _ in range(2):
        assert cached_json(tmp_path, "page", "a", lambda: {"words": ("ein „Wort“", 1.5, None)}) == {
            "words": ["ein „Wort“", 1.5, None]
        }


def test_what_making_raises_is_raised_and_nothing_is_kept(tmp_path):
    with pytest.raises(AssertionError, match="made again"):
        cached(tmp_path, "page", "a", no_need)
    assert names(tmp_path) == []


def test_a_digest_tells_its_parts_apart():
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")
    assert digest("ab") == digest(b"ab")


def test_a_file_that_is_not_there_counts_as_an_empty_one(tmp_path):
    (tmp_path / "a").write_text("a")
    missing = digest_of_files([tmp_path / "a", tmp_path / "b"])
    (tmp_path / "b").touch()
    assert digest_of_files([tmp_path / "a", tmp_path / "b"]) == missing
    (tmp_path / "b").write_text("b")
    assert digest_of_files([tmp_path / "a", tmp_path / "b"]) != missing


def test_the_digest_of_a_package_changes_with_each_of_its_modules(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "PACKAGE", tmp_path)
    (tmp_path / "questions/kinds").mkdir(parents=True)
    (tmp_path / "questions/kinds/choice.py").write_text("A = 1\n")
    (tmp_path / "other.py").write_text("B = 1\n")
    before = digest_of_code("questions")
    (tmp_path / "other.py").write_text("B = 2\n")
    assert digest_of_code("questions") == before
    (tmp_path / "questions/kinds/choice.py").write_text("A = 2\n")
    assert digest_of_code("questions") != before
