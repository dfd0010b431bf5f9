"""Every question, section, scene and option has an id in its text, and keeps it when its words change."""

import pytest
from support.small_project import CLASSIFY, MAP, MATCH, MULTIPLE, NUMBER, RANK, SCENARIO, SINGLE, small_project, told

from workshop.authoring import ids
from workshop.cli.main import main
from workshop.project import project

KINDS = {
    "choose one": SINGLE,
    "choose all": MULTIPLE,
    "rank": RANK,
    "match": MATCH,
    "classify": CLASSIFY,
    "map": MAP,
    "number": NUMBER,
}
SECTION = "## A part\n\n`a1` `5 minutes`\n\nWords.\n\n"


def without_ids(folder, lesson, scenario=None):
    """A small project whose texts are as written here, with no id added."""
    small_project(folder, lesson, None, scenario)
    path = folder / "notebooks/small.md"
    path.write_text(path.read_text(encoding="utf-8").split("Who hears first?\n\n")[0] + "\n" + lesson, encoding="utf-8")
    if scenario:
        (folder / "data/scenarios/rumour.md").write_text(scenario, encoding="utf-8")
    return path


def named(folder):
    """Every question, section and scenario of the lesson as data, without lines."""
    read = project.read(folder)
    page = read.lessons[0]
    scenes = [
        (scene.id, [choice.id for choice in scene.choices]) for s in read.scenarios.values() for scene in s.scenes
    ]
    questions = [{**question.data(), "line": 0} for question in page.questions]
    return questions, [section.id for section in page.sections], scenes


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_written_once_and_change_nothing_that_people_read(tmp_path, kind):
    path = without_ids(tmp_path, KINDS[kind])
    before = named(tmp_path)
    ids.add(project.read(tmp_path))
    assert named(tmp_path) == before
    once = path.read_bytes()
    assert ids.add(project.read(tmp_path)) == [] and path.read_bytes() == once


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "number"])
def test_a_line_without_an_id_is_a_fault_that_names_the_mend(tmp_path, kind):
    without_ids(tmp_path, KINDS[kind])
    assert any("`workshop build --add-ids` writes" in line for line in told(tmp_path))


def test_an_option_keeps_its_id_when_its_words_change(tmp_path):
    path = without_ids(tmp_path, SINGLE)
    ids.add(project.read(tmp_path))
    path.write_text(path.read_text(encoding="utf-8").replace("The board `", "A council `"), encoding="utf-8")
    (question,) = project.read(tmp_path).lessons[0].questions
    assert {option.id: option.text for option in question.options}["the-board"] == ["A council"]


def test_a_section_and_a_question_keep_their_ids_when_their_titles_change(tmp_path):
    path = without_ids(tmp_path, SECTION + SINGLE.replace(" `#first`", ""))
    ids.add(project.read(tmp_path))
    text = path.read_text(encoding="utf-8").replace("## A part", "## Another").replace("### Who hears", "### Who sees")
    path.write_text(text, encoding="utf-8")
    page = project.read(tmp_path).lessons[0]
    assert (page.sections[0].id, page.questions[0].id) == ("a-part", "who-hears-first")


@pytest.mark.parametrize(
    ("lesson", "old", "new", "message"),
    [
        (SINGLE, "#the-board`", "#the-ministry`", "Two lines of “Who hears first?” have the id “the-ministry”"),
        (MATCH, "#radio`", "#board`", "Two lines of “Who brings what?” have the id “board”"),
        (MATCH, "#rumours`", "#incidents`", "Two lines of “Who brings what?” have the id “incidents”"),
        (SECTION + SECTION.replace("A part", "Another"), "#another`", "#a-part`", "Two sections have the id “a-part”"),
    ],
    ids=["options", "rows", "columns", "sections"],
)
def test_one_id_for_two_things_is_a_fault(tmp_path, lesson, old, new, message):
    path = without_ids(tmp_path, lesson)
    ids.add(project.read(tmp_path))
    text = path.read_text(encoding="utf-8")
    assert old in text and not any("have the id" in line for line in told(tmp_path))
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(message in line for line in told(tmp_path))


def test_one_id_for_two_roles_is_a_fault(tmp_path):
    assert "`#radio`" in SCENARIO
    small_project(tmp_path, SINGLE, None, SCENARIO.replace("`#radio`", "`#board`"))
    assert any("“Radio” and “Board” have the same id, board." in line for line in told(tmp_path))


def test_scenes_endings_and_roles_get_ids_and_play_as_before(tmp_path):
    without_ids(tmp_path, SINGLE, SCENARIO)
    before = named(tmp_path)
    ids.add(project.read(tmp_path))
    read = project.read(tmp_path)
    assert named(tmp_path) == before and read.missing_ids == [] and read.problems == []


def test_an_id_goes_to_the_end_of_the_last_line_of_an_option(tmp_path):
    path = without_ids(tmp_path, SINGLE.replace("The ministry", "The ministry\n  of the interior"))
    ids.add(project.read(tmp_path))
    assert "- [ ] The ministry\n  of the interior `#the-ministry-of-the-interior`\n" in path.read_text(encoding="utf-8")


def test_windows_line_ends_stay(tmp_path):
    path = without_ids(tmp_path, SINGLE)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    ids.add(project.read(tmp_path))
    assert b"The board `#the-board`\r\n" in path.read_bytes()


def test_a_bar_inside_a_cell_is_no_end_of_it(tmp_path):
    path = without_ids(tmp_path, MATCH.replace("| Police |", "| Police \\| army |"))
    ids.add(project.read(tmp_path))
    assert "| Police \\| army `#police-army` | Incidents `#incidents` |" in path.read_text(encoding="utf-8")


def test_the_command_says_which_files_have_their_ids_now(tmp_path, monkeypatch, capsys):
    without_ids(tmp_path, SINGLE)
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    main(["build", "--add-ids"])
    assert "notebooks/small.md has all its ids." in capsys.readouterr().out
