"""What CONTRIBUTING says of the house is so: its packages are there, and each path of “Where do I add a …?” exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
WHERE = TEXT.partition("### Where do I add a …?")[2].partition("\n## ")[0]
ROWS = {row.split("|")[1].strip(): row for row in re.findall(r"^\| (?!a new|---).*\|$", WHERE, re.MULTILINE)}
ASKED = {
    "question",
    "kind of question",
    "exploration",
    "scenario",
    "case of a real country",
    "paper",
    "export of results",
}


def test_the_table_answers_what_people_ask():
    assert set(ROWS) >= ASKED | {"language"}


@pytest.mark.parametrize("thing", ROWS)
def test_each_row_names_a_place_that_exists(thing):
    paths = re.findall(r"`((?:src|data|tests|notebooks)/[\w./-]+)`", ROWS[thing])
    sections = re.findall(r"\]\(#([\w-]+)\)", ROWS[thing])
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", TEXT, re.M)
    }
    assert paths or sections
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert set(sections) <= anchors


def test_every_package_has_a_row():
    packages = {path.parent.name for path in (ROOT / "src/workshop").glob("*/__init__.py")}
    assert set(re.findall(r"^\| `(\w+)` \| [^|]+ \|$", TEXT, re.M)) >= packages


@pytest.mark.parametrize("path", sorted((ROOT / "src").glob("*/**/__init__.py")), ids=lambda path: path.parent.name)
def test_a_package_sends_its_reader_to_files_that_exist(path):
    words = re.search(r'"""(.*?)"""', path.read_text(encoding="utf-8"), re.DOTALL)
    named = re.findall(r"`([\w/]+\.(?:py|md))`", words[1]) if words else []
    assert [name for name in named if not (path.parent / name).exists()] == []
