"""Questions, scenarios and hand-ins as a browser talks to them: every click is saved, and no strange one does harm."""

import json
import os
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.protocol import check_view
from support.small_project import QUESTIONS, SCENARIO, exercise, question, real, real_questions, scenario

from workshop import __version__
from workshop.answers.code_names import code_name
from workshop.answers.hand_in import hand_in_folder
from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.cards.hand_in import HandInController
from workshop.cards.question import QuestionController
from workshop.cards.scenario import ScenarioController
from workshop.content.trees import text_of
from workshop.questions.kinds import from_data

GOOD = {
    "single": "the-board",
    "multiple": ["a-closed-market", "a-list-of-names"],
    "rank": ["words", "a-decree", "a-budget", "a-law"],
    "match": {"police": "incidents", "board": "rumours", "radio": "rumours"},
    "classify": {"a-speech": "words", "a-budget": "deed", "a-vote": "deed"},
    "number": "35,3",
    "map": {"hear": ["board", "police"], "answer": ["board"], "count": ["police"]},
    "write": " Ask the board. ",
    "timeline": {"the-first-paper": "1948", "the-second-paper": "1998", "the-third-paper": "2005"},
}
RUMOUR = scenario(SCENARIO)[0]


@pytest.fixture
def sheet(tmp_path):
    return Sheet(FileStorage(tmp_path / "small.answers.json"), "small")


class Browser:
    """What a browser does: it counts its requests and sends JSON."""

    def __init__(self, talk):
        self.talk, self.n = talk, 0

    def __call__(self, do, **more):
        self.n += 1
        view = self.talk.handle(json.loads(json.dumps({"n": self.n, "do": do, **more})))
        assert json.loads(json.dumps(view)) == view  # it must travel back
        check_view(view)
        return view


def lesson(kind, sheet, **options):
    return Browser(QuestionController(question(QUESTIONS[kind]), sheet, **options))


def graded(kind, sheet):
    public = question(exercise(QUESTIONS[kind]), "exercise").public()
    return Browser(QuestionController(from_data(public), sheet, graded=True))


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize("kind", GOOD)
def test_an_answer_is_saved_before_the_view_says_so(kind, sheet):
    view = lesson(kind, sheet)("answer", value=GOOD[kind])
    assert (view["saved"], view["trouble"], view["result"]) == (1, "", None)
    assert Sheet(sheet.storage, "small").answer(view["id"]) == GOOD[kind]


@pytest.mark.parametrize("kind", GOOD)
def test_an_answer_is_there_when_the_page_is_opened_again(kind, sheet):
    lesson(kind, sheet)("answer", value=GOOD[kind])
    view = lesson(kind, Sheet(sheet.storage, "small")).talk.view()
    assert (
        view["answer"] == (GOOD[kind].strip() if isinstance(GOOD[kind], str) else GOOD[kind]) and view["result"] is None
    )


@pytest.mark.parametrize("kind", [kind for kind in GOOD if kind != "write"])
def test_a_right_answer_is_called_right(kind, sheet):
    click = lesson(kind, sheet)
    click("answer", value=GOOD[kind])
    result = click("check")["result"]
    assert result["outcome"] == "right" and result["headline"].startswith("Right")


@pytest.mark.parametrize("kind", GOOD)
def test_not_answered_is_not_the_same_as_wrong(kind, sheet):
    result = lesson(kind, sheet)("check")["result"]
    assert (result["outcome"], result["headline"], result["next"]) == ("not_answered", "Not answered yet", [])


def test_a_checked_choice_gives_every_option_its_reason(sheet):
    click = lesson("single", sheet)
    click("answer", value="the-ministry")
    result = click("check")["result"]
    assert {name: (part["mark"], text_of(part["reason"])) for name, part in result["options"].items()} == {
        "the-ministry": ("wrong", "It reads reports."),
        "the-board": ("missed", "Yes: it sits in the district."),
    }
    assert text_of(result["next"]) == "Think of your own office."


def test_a_checked_ranking_comes_in_its_best_order_with_reasons(sheet):
    click = lesson("rank", sheet)
    click("answer", value=["a-decree", "words", "a-budget", "a-law"])
    result = click("check")["result"]
    assert result["headline"] == "Partly right: 5 of 6 pairs in the supported order"
    assert result["order"] == list(result["rows"]) == GOOD["rank"]
    assert text_of(result["rows"]["a-law"]["reason"]) == "Binds most."


def test_a_checked_table_says_what_each_row_should_be(sheet):
    click = lesson("map", sheet)
    click("answer", value={"hear": ["police"]})
    rows = click("check")["result"]["rows"]
    assert (rows["hear"]["mark"], text_of(rows["hear"]["should"])) == ("wrong", "Police, Board")
    assert (rows["answer"]["mark"], rows["sing"]["mark"]) == ("empty", "right")


def test_a_known_slip_and_an_unknown_number_each_get_words(sheet):
    click = lesson("number", sheet)
    click("answer", value="30")
    assert text_of(click("check")["result"]["reason"]) == "That was asked for."
    click("answer", value="31")
    assert "This is not the number." in text_of(click("check")["result"]["reason"])


def test_a_written_answer_is_compared_by_the_person_who_wrote_it(sheet):
    click = lesson("write", sheet)
    click("answer", value="Ask the board.")
    result = click("check")["result"]
    assert result["outcome"] == "to_read" and result["points"] is None
    assert [text_of(line) for line in result["rubric"]] == ["names an office", "names a day"]
    assert text_of(result["model"]) == "Ask the board on Monday."


def test_the_sources_of_a_question_stand_under_its_result(sheet):
    click = lesson("single", sheet, source_titles={"OWN": "Our own"})
    click("answer", value="the-board")
    assert text_of(click("check")["result"]["next"]).endswith("Sources. OWN: Our own.")


def test_a_changed_answer_loses_its_result(sheet):
    click = lesson("single", sheet)
    click("answer", value="the-ministry")
    click("check")
    assert click("answer", value="the-board")["result"] is None


def test_a_cleared_answer_is_gone(sheet):
    click = lesson("single", sheet)
    click("answer", value="the-board")
    click("check")
    view = click("clear")
    assert (view["answer"], view["result"], Sheet(sheet.storage, "small").answer("first")) == (None, None, None)


@pytest.mark.parametrize(
    ("kind", "value"), [("write", "  "), ("multiple", []), ("map", {"hear": []}), ("match", {}), ("number", "")]
)
def test_an_emptied_answer_is_no_answer(kind, value, sheet):
    click = lesson(kind, sheet)
    click("answer", value=GOOD[kind])
    assert click("answer", value=value)["answer"] is None
    assert Sheet(sheet.storage, "small").data["answers"] == {}


def test_an_answer_of_an_older_edition_counts_as_not_answered(sheet):
    sheet.set_answer("first", "single", "an-option-that-is-gone")
    assert lesson("single", sheet)("check")["result"]["outcome"] == "not_answered"


def test_what_cannot_be_saved_is_told_and_not_called_saved(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    click = lesson("single", Sheet(FileStorage(tmp_path / "file" / "small.answers.json"), "small"))
    view = click("answer", value="the-board")
    assert view["saved"] == 0 and view["trouble"].startswith("Not saved: Not a directory.")


def test_once_the_disk_is_well_again_the_trouble_is_over(tmp_path):
    desk = tmp_path / "desk"
    click = lesson("single", Sheet(FileStorage(desk / "small.answers.json"), "small"))
    assert click("answer", value="the-board")["trouble"]
    desk.mkdir()
    view = click("answer", value="the-board")
    assert (view["trouble"], view["saved"], view["answer"]) == ("", 2, "the-board")


def test_a_sheet_that_was_set_aside_is_told_on_the_first_view(tmp_path):
    (tmp_path / "small.answers.json").write_text("damaged", encoding="utf-8")
    view = lesson("single", Sheet(FileStorage(tmp_path / "small.answers.json"), "small")).talk.view()
    assert "Nothing is deleted" in view["trouble"]


def test_a_lesson_shows_no_points(sheet):
    view = lesson("single", sheet).talk.view()
    assert (view["points"], view["graded"]) == (None, False)


@pytest.mark.parametrize("kind", GOOD)
def test_a_graded_question_takes_answers_and_never_gives_a_result(kind, sheet):
    click = graded(kind, sheet)
    assert click("answer", value=GOOD[kind])["saved"] == 1
    view = click("check")
    assert (view["result"], view["points"], view["graded"]) == (None, 3, True)


@pytest.mark.parametrize(
    "which", [pair for pair in real_questions() if pair[0].kind == "exercise"], ids=lambda pair: pair[1].id
)
def test_a_real_graded_question_never_gives_a_result(which, sheet):
    _page, asked = which
    click = Browser(QuestionController(from_data(asked.public()), sheet, graded=True))
    assert click("answer", value=asked.perfect())["answer"] is not None
    assert click("check")["result"] is None


@pytest.mark.parametrize(
    "which", [pair for pair in real_questions() if pair[0].kind == "lesson"], ids=lambda pair: pair[1].id
)
def test_a_real_question_is_answered_checked_and_cleared(which, sheet):
    _page, asked = which
    click = Browser(QuestionController(asked, sheet, source_titles={key: key for key in asked.sources}))
    click("answer", value=asked.perfect())
    assert click("check")["result"]["outcome"] == ("to_read" if asked.kind == "write" else "right")
    assert click("clear")["answer"] is None


# ---------------------------------------------------------------- strange requests

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
STRANGE = st.dictionaries(st.sampled_from(["n", "value", "choice", "x"]), JSON, max_size=4)
OTHER_WORDS = st.sampled_from(["Answer", "answers", "delete", "", "__class__", "view", "choose all", "handin"]) | JSON


@given(st.sampled_from([*GOOD]), STRANGE, OTHER_WORDS)
def test_a_request_of_another_form_changes_nothing(tmp_path_factory, kind, request, word):
    sheet = Sheet(FileStorage(tmp_path_factory.mktemp("desk") / "small.answers.json"), "small")
    sheet.set_answer("first", "single", "the-board")
    sheet.set_choices("rumour", ["monday-morning:the-board-knows"])
    before = sheet.storage.path.read_bytes()
    talks = [
        QuestionController(question(QUESTIONS[kind]), sheet),
        ScenarioController(RUMOUR, sheet, folder=sheet.storage.path.parent),
        HandInController("small", sheet.storage.path.parent, [question(QUESTIONS[kind])], sheet),
    ]
    for talk in talks:
        talk.handle(request)
        talk.handle({**request, "do": word})
    assert sheet.storage.path.read_bytes() == before
    assert [path.name for path in sheet.storage.path.parent.iterdir()] == ["small.answers.json"]


@given(st.sampled_from([*GOOD]), JSON)
def test_whatever_is_sent_as_an_answer_the_sheet_stays_whole(tmp_path_factory, kind, value):
    sheet = Sheet(FileStorage(tmp_path_factory.mktemp("desk") / "small.answers.json"), "small")
    sheet.set_answer("other", "single", "kept")
    view = QuestionController(question(QUESTIONS[kind]), sheet).handle({"n": 1, "do": "answer", "value": value})
    again = Sheet(sheet.storage, "small")
    assert again.trouble == "" and again.answer("other") == "kept"
    assert view["saved"] == 1 or "Not saved" in view["trouble"]


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("multiple", ["rain", 5, None, "nobody"], ["rain"]),
        ("number", 35.3, "35.3"),
        ("match", {"police": "incidents", "x": 5}, {"police": "incidents"}),
        ("map", {"hear": ["police", 7], "x": ["y"]}, {"hear": ["police"]}),
    ],
)
def test_strangers_in_an_answer_do_not_reach_the_sheet(kind, value, stored, sheet):
    view = lesson(kind, sheet)("answer", value=value)
    assert Sheet(sheet.storage, "small").answer(view["id"]) == stored


@given(JSON)
def test_whatever_is_sent_as_a_choice_the_play_stays_where_it_is(tmp_path_factory, choice):
    sheet = Sheet(FileStorage(tmp_path_factory.mktemp("desk") / "small.answers.json"), "small")
    talk = ScenarioController(RUMOUR, sheet, folder=sheet.storage.path.parent)
    assert talk.handle({"n": 1, "do": "choose", "choice": choice})["scene"]["id"] == "monday-morning"
    assert not sheet.storage.path.exists()


@given(JSON)
def test_whatever_is_sent_as_a_code_name_it_is_fit_for_a_folder(tmp_path_factory, value):
    sheet = Sheet(FileStorage(tmp_path_factory.mktemp("desk") / "small.answers.json"), "small")
    sheet.set_code("heron")
    view = HandInController("small", sheet.storage.path.parent, [], sheet).handle(
        {"n": 1, "do": "code", "value": value}
    )
    assert re.fullmatch(r"[a-z0-9]?[a-z0-9-]*", view["code"])
    assert isinstance(value, str) or view["code"] == "heron"


# ---------------------------------------------------------------- scenarios


def rumour(sheet):
    return Browser(ScenarioController(RUMOUR, sheet, folder=sheet.storage.path.parent))


def test_the_first_view_shows_the_brief_the_gauges_and_the_choices(sheet):
    view = rumour(sheet).talk.view()
    assert text_of(view["brief"]).startswith("A rumour runs through an invented town.")
    assert view["gauges"][0] == {"id": "RISK", "label": "Risk", "value": 50, "change": 0, "better": "lower"}
    assert [(text_of(c["text"]), c["cost"], c["decision"], c["possible"]) for c in view["choices"]] == [
        ("Ask the board", "2 weeks", True, True),
        ("Wait and see", "8 weeks", True, True),
        ("Forbid the programme", "", True, True),
    ]
    assert (view["clock"], view["can_go_back"], view["ending"]) == ({"unit": "weeks", "used": 0, "of": 10}, False, None)


def test_before_a_choice_is_made_nothing_tells_how_good_it_is(sheet):
    view = json.dumps(rumour(sheet).talk.view()["choices"])
    assert not [word for word in ("strong", "defensible", "weak", "harmful", "RISK", "effects") if word in view]


def test_a_choice_leads_on_and_shows_what_it_changed(sheet):
    view = rumour(sheet)("choose", choice="monday-morning:the-board-knows")
    assert view["scene"]["title"] == "The board knows"
    assert [(g["value"], g["change"]) for g in view["gauges"]] == [(42, -8), (45, 5)]
    (step,) = view["trail"]
    assert [step[name] for name in ("scene", "choice", "cost", "effects")] == [
        "Monday morning",
        "Ask the board",
        "2 weeks",
        "Risk −8, Trust +5",
    ]


def test_a_hyphen_in_the_name_of_a_gauge_stays_a_hyphen(sheet):
    read = scenario(SCENARIO.replace("label: Risk", "label: Self-rule"))[0]
    view = Browser(ScenarioController(read, sheet, folder=sheet.storage.path.parent))(
        "choose", choice="monday-morning:the-board-knows"
    )
    assert view["trail"][0]["effects"] == "Self-rule −8, Trust +5"


def test_a_play_is_there_when_the_page_is_opened_again(sheet):
    rumour(sheet)("choose", choice="monday-morning:the-board-knows")
    assert rumour(Sheet(sheet.storage, "small")).talk.view()["scene"]["title"] == "The board knows"


def test_one_can_step_back_and_start_again(sheet):
    click = rumour(sheet)
    first = click.talk.view()
    click("choose", choice="monday-morning:the-board-knows")
    click("choose", choice="the-board-knows:the-second-week")
    assert click("back")["scene"]["title"] == "The board knows"
    assert {**click("restart"), "saved": 0} == first
    assert click("back")["scene"] == first["scene"]


def test_a_choice_out_of_time_says_so(sheet):
    click = rumour(sheet)
    click("choose", choice="monday-morning:it-grows")
    studio = click("choose", choice="it-grows:the-second-week")["choices"][-1]
    assert (studio["possible"], studio["why_not"]) == (False, "There is not enough time left for this.")
    assert click("choose", choice=studio["id"])["ending"] is None


def test_an_ending_is_shown_and_the_finished_play_is_kept(sheet):
    click = rumour(sheet)
    for choice in ("monday-morning:the-board-knows", "the-board-knows:the-second-week", "the-second-week:endings|2"):
        view = click("choose", choice=choice)
    assert (view["ending"]["title"], view["choices"], view["can_go_back"]) == ("Quiet", [], True)
    click("restart")
    assert len(Sheet(sheet.storage, "small").data["plays"]["rumour"]["finished"]) == 1


def test_a_play_of_an_older_edition_goes_on_from_where_it_still_exists(sheet):
    sheet.set_choices("rumour", ["monday-morning:the-board-knows", "the-board-knows:a-scene-that-is-gone"])
    assert rumour(sheet).talk.view()["scene"]["title"] == "The board knows"


def test_a_play_of_orvane_is_kept_on_disk_to_its_end(sheet):
    click = Browser(ScenarioController(real().scenarios["orvane"], sheet))
    view = click.talk.view()
    while not view["ending"]:
        view = click("choose", choice=next(choice["id"] for choice in view["choices"] if choice["possible"]))
        assert view["saved"] == click.n
    assert len(Sheet(sheet.storage, "small").choices("orvane")) == click.n


# ---------------------------------------------------------------- handing in


@pytest.fixture
def desk(tmp_path):
    """A participant's folder with a page, of which one of two questions is answered."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/datapackage.json").write_text("{}", encoding="utf-8")
    folder = tmp_path / "exercises/small"
    folder.mkdir(parents=True)
    (folder / "small.ipynb").write_text('{"cells": []}', encoding="utf-8")
    (folder / "small.py").write_text("not for anybody", encoding="utf-8")
    sheet = Sheet(FileStorage(folder / "small.answers.json"), "small")
    sheet.set_answer("first", "single", "the-board")
    return folder


def handing_in(desk):
    asked = [from_data(question(exercise(QUESTIONS[kind]), "exercise").public()) for kind in ("single", "write")]
    return Browser(HandInController("small", desk, asked, Sheet(FileStorage(desk / "small.answers.json"), "small")))


def test_the_last_card_says_what_is_still_open(desk):
    view = handing_in(desk).talk.view()
    assert (view["answered"], view["of"], view["missing"]) == (1, 2, ["Say it"])


def test_a_hand_in_holds_the_notebook_the_sheet_and_what_it_is(desk):
    view = handing_in(desk)("hand-in", value="Blue Heron")
    assert (view["file"], view["code"], view["trouble"]) == ("small--blue-heron.zip", "blue-heron", "")
    with zipfile.ZipFile(desk.parents[1] / "hand_in" / view["file"]) as archive:
        assert archive.namelist() == ["hand_in.json", "small.ipynb", "small.answers.json"]
        about = json.loads(archive.read("hand_in.json"))
        assert archive.read("small.ipynb") == (desk / "small.ipynb").read_bytes()
        sheet = json.loads(archive.read("small.answers.json"))
    assert (about["page"], about["code"], about["edition"]) == ("small", "blue-heron", __version__)
    assert (sheet["code"], sheet["answers"]["first"]["value"]) == ("blue-heron", "the-board")


def test_without_a_code_name_nothing_is_handed_in(desk):
    view = handing_in(desk)("hand-in", value="?")
    assert view["trouble"].startswith("Choose a code name first") and view["file"] == "" and view["saved"] == 0
    assert not (desk.parents[1] / "hand_in").exists()


def test_a_code_name_given_earlier_is_enough(desk):
    click = handing_in(desk)
    assert click("code", value="Blue heron!")["code"] == "blue-heron"
    assert handing_in(desk)("hand-in")["file"] == "small--blue-heron.zip"


def test_handing_in_again_replaces_the_file(desk):
    click = handing_in(desk)
    click("hand-in", value="heron")
    Sheet(FileStorage(desk / "small.answers.json"), "small").set_answer("say", "write", "Later.")
    click("hand-in")
    (file,) = (desk.parents[1] / "hand_in").iterdir()
    with zipfile.ZipFile(file) as archive:
        assert b"Later." in archive.read("small.answers.json")


def test_a_new_code_name_forgets_the_file_of_the_old_one(desk):
    click = handing_in(desk)
    click("hand-in", value="heron")
    assert click("code", value="stork")["file"] == ""


def test_a_laptop_whose_clock_stands_at_1970_can_hand_in(desk):
    os.utime(desk / "small.ipynb", (0, 0))
    assert handing_in(desk)("hand-in", value="heron")["file"]


def test_a_hand_in_that_cannot_be_made_says_that_the_answers_are_safe(desk):
    (desk.parents[1] / "hand_in").write_text("a file in the way", encoding="utf-8")
    view = handing_in(desk)("hand-in", value="heron")
    assert (
        view["trouble"].startswith("The hand-in file could not be made: ")
        and "Your answers are safe" in view["trouble"]
    )
    assert view["file"] == ""


def test_outside_a_workshop_folder_the_file_lies_beside_the_page(tmp_path):
    assert hand_in_folder(tmp_path) == tmp_path / "hand_in"


@given(st.text())
def test_a_code_name_is_fit_for_a_folder_on_every_system(words):
    code = code_name(words)
    assert re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?)?", code) and len(code) <= 40
    assert code_name(code) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Blue Heron", "blue-heron"),
        ("../../etc", "etc"),
        ("a/b\\c:d", "a-b-c-d"),
        ("  ", ""),
        (None, ""),
        ("x" * 99, "x" * 40),
    ],
)
def test_a_code_name_is_made_from_letters_and_digits(words, code):
    assert code_name(words) == code
