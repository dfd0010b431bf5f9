"""A project is read from its texts; what was parsed is kept until its text changes."""

import pytest
from support.small_project import SCENARIO, SINGLE, exercise, small_project

from workshop.project import pages, project
from workshop.scenarios import reader


@pytest.fixture
def kit(tmp_path):
    return small_project(
        tmp_path,
        SINGLE + "\n## Play\n\n```{play} rumour\n```\n",
        exercise_body=exercise(SINGLE),
        scenario_text=SCENARIO,
    )


def no_need(*_):
    raise AssertionError("parsed again")


def test_what_was_parsed_is_read_again_as_it_was(kit, monkeypatch):
    first = project.read(kit)
    monkeypatch.setattr(pages, "read", no_need)
    monkeypatch.setattr(reader, "read", no_need)
    again = project.read(kit)
    assert (again.lessons, again.exercises, again.scenarios) == (first.lessons, first.exercises, first.scenarios)
    assert again.pages[0].parts[0].nodes[0].map == first.pages[0].parts[0].nodes[0].map == (9, 10)


def test_a_changed_text_is_parsed_again(kit):
    project.read(kit)
    text = kit / "notebooks/small.md"
    text.write_text(text.read_text(encoding="utf-8").replace("minutes: 5", "minutes: 6"), encoding="utf-8")
    assert project.read(kit).lesson("small").front["minutes"] == 6


def test_faults_are_told_each_time(kit):
    text = kit / "notebooks/small.md"
    text.write_text(text.read_text(encoding="utf-8").replace("[x]", "[ ]"), encoding="utf-8")
    first = project.read(kit).problems
    assert len(first) == 1 and project.read(kit).problems == first


def test_the_title_of_the_lesson_that_plays_a_scenario_is_never_that_of_yesterday(kit):
    assert project.read(kit).scenarios["rumour"].lesson == "Small"
    text = kit / "notebooks/small.md"
    text.write_text(text.read_text(encoding="utf-8").replace('title: "Small"', 'title: "Larger"'), encoding="utf-8")
    assert project.read(kit).scenarios["rumour"].lesson == "Larger"


def test_a_kit_where_nothing_can_be_kept_is_read_all_the_same(kit):
    (kit / ".workshop").write_text("", encoding="utf-8")
    for _ in range(2):
        read = project.read(kit)
        assert read.problems == [] and [page.name for page in read.pages] == ["small", "small"]


def test_a_damaged_entry_is_parsed_again(kit):
    first = project.read(kit)
    for entry in (kit / project.KEPT).iterdir():
        entry.write_bytes(entry.read_bytes()[:-1])
    assert project.read(kit).lessons == first.lessons
