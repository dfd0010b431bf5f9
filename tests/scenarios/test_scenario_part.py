"""One round of a scenario can be played alone: it begins after a typical path and ends when the round is left."""

import pytest
from support.small_project import ROOT, faults, page, real, scenario

from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.authoring import check_references
from workshop.cards.scenario import ScenarioController
from workshop.project import project
from workshop.scenarios import model as scenarios
from workshop.scenarios.model import play, way_to

RUMOUR = scenario()[0]
ASK, ON = "monday-morning:the-board-knows", "the-board-knows:the-second-week"
TOGETHER = "the-second-week:endings"
PARTS = [(name, part) for name, read in real().scenarios.items() for part in range(1, len(read.rounds) + 1)]


@pytest.fixture
def sheet(tmp_path):
    return Sheet(FileStorage(tmp_path / "small.answers.json"), "small")


def test_a_part_begins_after_the_strong_options_of_the_rounds_before_it():
    state = play(RUMOUR, [], part=2)
    assert [step.choice.id for step in state.steps] == [ASK, ON]
    assert (state.scene, state.before, state.gauges) == ("the-second-week", 2, play(RUMOUR, [ASK, ON]).gauges)


def test_a_part_ends_when_its_round_is_left():
    state = play(RUMOUR, [ASK, ON, TOGETHER], part=1)
    assert state.left and state.over and state.ending is None
    assert len(state.steps) == 2 and scenarios.offered(RUMOUR, state) == []


def test_what_comes_later_has_come_when_a_part_ends():
    assert play(RUMOUR, [ASK, ON], part=1).gauges == play(RUMOUR, [ASK, ON]).gauges


def test_the_last_part_ends_as_the_scenario_does():
    assert play(RUMOUR, [TOGETHER], part=2).ending == play(RUMOUR, [ASK, ON, TOGETHER]).ending


@pytest.mark.parametrize("part", [-1, 0, 3])
def test_a_part_that_does_not_exist_has_no_way_to_it(part):
    assert way_to(RUMOUR, part) is None


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_every_part_of_every_scenario_can_be_played_to_its_end(name, part, tmp_path):
    read = real().scenarios[name]
    talk = ScenarioController(read, Sheet(FileStorage(tmp_path / "small.answers.json"), "small"), part)
    view = talk.view()
    while view["choices"]:
        assert view["round"] == read.rounds[part - 1]
        view = talk.handle({"n": 1, "do": "choose", "choice": view["choices"][-1]["id"]})
    assert view["ending"]["text"] and bool(view["before"]) == (part > 1)


def test_a_part_is_kept_under_its_own_name(sheet):
    whole, part = (
        ScenarioController(RUMOUR, sheet, folder=sheet.storage.path.parent),
        ScenarioController(RUMOUR, sheet, 2, folder=sheet.storage.path.parent),
    )
    part.handle({"n": 1, "do": "choose", "choice": TOGETHER})
    assert sheet.choices("rumour-2") == [TOGETHER] and sheet.choices("rumour") == []
    assert part.view()["id"] == "rumour-2" and whole.view()["trail"] == []


def test_what_was_decided_before_can_be_read_and_not_undone(sheet):
    talk = ScenarioController(RUMOUR, sheet, 2, folder=sheet.storage.path.parent)
    view = talk.handle({"n": 1, "do": "back"})
    assert [step["choice"] for step in view["before"]] == ["Ask the board"]
    assert (view["trail"], view["can_go_back"], view["scene"]["title"]) == ([], False, "The second week")
    assert all(gauge["change"] == 0 for gauge in view["gauges"])


def test_whoever_comes_for_one_part_reads_about_the_country_first(sheet):
    assert ScenarioController(RUMOUR, sheet, 2, folder=sheet.storage.path.parent).view()["brief"] == RUMOUR.brief


def closing(sheet):
    talk = ScenarioController(RUMOUR, sheet, 1)
    talk.handle({"n": 1, "do": "choose", "choice": ASK})
    return str(talk.handle({"n": 2, "do": "choose", "choice": ON})["ending"])


def test_a_part_says_at_its_end_where_the_whole_is_played(sheet, monkeypatch):
    assert "Ask your facilitator where it is played." in closing(sheet)
    monkeypatch.setattr(RUMOUR, "lesson", "A week in Meridia")
    assert "It is played in the lesson “A week in Meridia”." in closing(sheet)


def test_a_scenario_knows_the_lesson_that_plays_it_whole():
    lessons = project.read(ROOT)
    for lesson in lessons.lessons:
        for name, part in lesson.plays:
            if not part:
                assert lessons.scenarios[name].lesson in {
                    other.title for other in lessons.lessons if (name, 0) in other.plays
                }


WHOLE = "```{play} rumour\n```\n"
SECOND_ROUND = "```{play} rumour\n:part: 2\n```\n"


@pytest.mark.parametrize(
    ("text", "plays"),
    [(WHOLE, [("rumour", 0)]), (SECOND_ROUND, [("rumour", 2)]), (WHOLE + SECOND_ROUND, [("rumour", 0), ("rumour", 2)])],
)
def test_a_page_tells_what_it_plays(text, plays):
    read = page(text)[0]
    assert (read.plays, read.scenarios) == (plays, ["rumour"])


@pytest.mark.parametrize(
    ("play", "message"),
    [
        ("kestia\n:part: 9", "has no part 9 that can be played. Its parts are its rounds, 1 to 5."),
        ("kestai\n:part: 2", "There is no scenario “kestai” in data/scenarios/. Did you mean kestia?"),
    ],
)
def test_a_play_that_cannot_be_shown_is_told_with_its_line(play, message):
    read = page("Some words.\n\n```{play} " + play + "\n```\n")[0]
    (fault,) = check_references.unplayable(real(), read, read.parts[-1])
    assert message in fault.message and fault.line == read.parts[-1].line


def test_reading_a_page_that_plays_a_part_finds_no_fault():
    assert faults(SECOND_ROUND) == []
