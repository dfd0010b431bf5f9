"""Playing with others, giving reasons, and looking back: what a scenario keeps and shows besides its choices."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.small_project import real, scenario

from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.cards import scenario_export
from workshop.cards.scenario import ScenarioController
from workshop.cards.scenario_figure import bands, gauges_by_round, view
from workshop.scenarios import groups as scenario_groups
from workshop.scenarios import review as scenario_review
from workshop.scenarios.model import all_plays, play

RUMOUR = scenario()[0]
ASK, WAIT, FORBID = "monday-morning:the-board-knows", "monday-morning:it-grows", "monday-morning:it-grows|2"
ON, ON_FROM_NOISE, SAY = "the-board-knows:the-second-week", "it-grows:the-second-week", "the-second-week:endings|2"
ENDS = ([ASK, ON, SAY], [WAIT, ON_FROM_NOISE, SAY])
READ = real().scenarios


class Player:
    """Somebody at a scenario who asks for things by name."""

    def __init__(self, folder, read=RUMOUR, part=0):
        self.sheet = Sheet(FileStorage(folder / "small.answers.json"), "small")
        self.talk, self.n = ScenarioController(read, self.sheet, part, folder=folder), 0

    def __call__(self, what, **fields):
        self.n += 1
        return self.talk.handle({"n": self.n, "do": what, **fields})

    def plays(self, path, reason=""):
        for choice in path:
            shown = self("choose", choice=choice, reason=reason)
        return shown

    @property
    def view(self):
        return self.talk.view()


@pytest.fixture
def player(tmp_path):
    return Player(tmp_path)


# ---------------------------------------------------------------- later


def test_what_comes_later_is_told_when_it_comes_with_the_choice_that_caused_it(player):
    assert player("choose", choice=ASK)["late"] == []
    shown = player("choose", choice=ON)
    assert shown["late"] == [{"choice": "Ask the board", "effects": "Trust +20"}]
    assert [(step["effects"], step["later"]) for step in shown["trail"]] == [("Risk −8, Trust +5", "Trust +20")]


# ---------------------------------------------------------------- reasons


def test_a_reason_is_kept_as_it_is_typed_and_with_the_choice(player):
    player("reason", scene="monday-morning", value="They know")
    assert player.view["reason"] == {"scene": "monday-morning", "text": "They know"}
    shown = player("choose", choice=ASK, reason="They know the villages")
    assert shown["trail"][0]["reason"] == "They know the villages" and shown["reason"] is None


def test_stepping_back_keeps_the_reason(player):
    player("choose", choice=ASK, reason="They know the villages")
    assert player("back")["reason"]["text"] == "They know the villages"
    assert player("choose", choice=WAIT)["trail"][0]["reason"] == "They know the villages"


def test_an_emptied_reason_is_gone(player):
    player("reason", scene="monday-morning", value="They know")
    assert player("choose", choice=ASK, reason="  ")["trail"][0]["reason"] == ""


def test_starting_again_starts_without_reasons_and_finished_plays_keep_theirs(player):
    player.plays(ENDS[0], "Because")
    assert player("restart")["reason"]["text"] == ""
    (done,) = player.sheet.finished("rumour")
    assert done["reasons"] == {"monday-morning": "Because", "the-second-week": "Because"}


@pytest.mark.parametrize(
    "request_",
    [{"scene": "monday-morning", "value": 5}, {"scene": "nowhere", "value": "x"}, {"scene": [], "value": "x"}, {}],
)
def test_a_reason_of_another_form_changes_nothing(player, request_):
    before = player.view
    assert {**player("reason", **request_), "saved": 0} == {**before, "saved": 0}


def test_a_reason_as_long_as_a_book_is_told_and_the_earlier_one_stays(player):
    player("reason", scene="monday-morning", value="Short")
    shown = player("reason", scene="monday-morning", value="x" * 30_000)
    assert shown["trouble"].startswith("Not saved") and player.sheet.reasons("rumour") == {"monday-morning": "Short"}


# ---------------------------------------------------------------- groups


def test_alone_there_is_nothing_to_deal(player):
    assert player.view["group"]["on"] is False and player.view["group"]["hands"] == []


def test_a_group_is_dealt_kept_and_dealt_again(player, tmp_path):
    first = player("group", people=5, minutes=3)["group"]
    assert (first["on"], first["people"], first["minutes"], len(first["hands"])) == (True, 5, 3, 5)
    assert Player(tmp_path).view["group"]["hands"] == first["hands"]
    deals = [player("deal")["group"]["hands"] for _ in range(4)]
    assert any(deal != first["hands"] for deal in deals)
    assert player("alone")["group"]["on"] is False


@pytest.mark.parametrize(
    "fields", [{"people": 1}, {"people": 9}, {"people": "five"}, {"minutes": -3}, {"minutes": []}, {"people": None}]
)
def test_a_group_of_an_impossible_size_changes_nothing(player, fields):
    before = player("group", people=4, minutes=2)["group"]
    assert player("group", **fields)["group"] == before


@given(st.sampled_from(sorted(READ)), st.integers(2, 8), st.integers(1, 50), st.booleans())
def test_every_office_is_held_once_and_nobody_sits_without_a_card(name, people, deal, swapped):
    read = READ[name]
    hands = scenario_groups.hands(read, {"people": people, "deal": deal, "minutes": 0}, swapped)
    assert len(hands) == people and all(hands)
    held = [card["title"] for hand in hands for card in hand if not card["title"].startswith("Observer")]
    assert sorted(held) == sorted(role.title for role in read.roles)
    assert all(len({card["side"] for card in hand}) == 1 for hand in hands)
    for side in {role.side for role in read.roles}:
        held = [len(hand) for hand in hands if hand[0]["side"] == side and not hand[0]["title"].startswith("Observer")]
        assert max(held) - min(held) <= 1


@given(st.integers(2, 8), st.integers(1, 50))
def test_after_the_swap_everybody_sits_on_the_other_side(people, deal):
    group = {"people": people, "deal": deal, "minutes": 0}
    before, after = (scenario_groups.hands(READ["brenmar"], group, swapped) for swapped in (False, True))
    assert all(one[0]["side"] != other[0]["side"] for one, other in zip(before, after, strict=True))


def test_sides_change_when_round_two_is_over(tmp_path):
    player, swapped = Player(tmp_path, READ["brenmar"]), []
    player("group", people=4)
    while player.view["choices"]:
        choices = [choice["id"] for choice in player.view["choices"] if choice["possible"]]
        swapped.append((player.view["round"][:7], player.view["group"]["swapped"]))
        player("choose", choice=choices[0])
    assert set(swapped) == {("Round 1", False), ("Round 2", False), ("Round 3", True), ("Round 4", True)}


def test_a_scenario_without_roles_offers_no_group(tmp_path, monkeypatch):
    monkeypatch.setattr(RUMOUR, "roles", [])
    player = Player(tmp_path)
    assert player("group", people=4)["group"] is None and player.sheet.group("rumour") is None


# ---------------------------------------------------------------- after the end


def test_before_the_end_there_is_nothing_to_look_back_on(player):
    assert player.view["after"] is None and player.view["plays"] == []


def test_at_the_end_there_are_questions_and_the_play_in_the_list(player):
    shown = player.plays(ENDS[0])
    assert shown["after"]["debrief"][0]["title"] == "Questions" and shown["after"]["figure"] is None
    assert [(line["number"], line["ending"], line["people"]) for line in shown["plays"]] == [(1, "Quiet", 1)]


def test_a_finished_play_can_be_looked_at_step_by_step_and_nothing_changes(player):
    player.plays(ENDS[0], "Because")
    player("restart")
    player("choose", choice=WAIT)
    kept = player.sheet.data["plays"]
    shown = player("replay", play=1)
    assert shown["replay"] == {
        "number": 1,
        "step": 0,
        "of": 3,
        "taken": "Ask the board",
        "decision": True,
        "reason": "Because",
    }
    assert (shown["scene"]["title"], shown["choices"]) == ("Monday morning", [])
    titles = [player("step", to=step)["scene"]["title"] for step in (1, 2)]
    assert titles == ["The board knows", "The second week"]
    assert player("step", to=99)["ending"]["title"] == "Quiet"
    assert player("leave")["scene"]["title"] == "It grows" and player.sheet.data["plays"] == kept


def test_two_plays_are_put_side_by_side(player):
    player.plays(ENDS[0], "Because")
    player("restart")
    player.plays(ENDS[1])
    rows = player("compare", play=1)["after"]["comparison"]
    assert [row["scene"] for row in rows] == ["Monday morning", "The second week"]
    assert [[step["choice"], step["reason"]] for step in rows[0]["plays"]] == [
        ["Wait and see", ""],
        ["Ask the board", "Because"],
    ]
    assert player("compare", play=0)["after"]["comparison"] is None


def test_a_scene_that_one_of_two_plays_did_not_meet_is_left_open():
    brenmar = READ["brenmar"]
    paths = [path for path, _ in all_plays(brenmar)]
    asked = next(path for path in paths if any("the-helpers-table:" in choice for choice in path))
    denied = next(path for path in paths if not any("the-helpers-table:" in choice for choice in path))
    rows = scenario_review.compared(brenmar, *({"choices": path, "reasons": {}} for path in (asked, denied)))
    assert next(row for row in rows if row["scene"] == "The helpers' table")["plays"][1] is None


@pytest.mark.parametrize("fields", [{"play": 5}, {"play": "1"}, {"play": None}, {"to": 1}, {}])
@pytest.mark.parametrize("what", ["replay", "step", "leave", "compare", "figure", "export"])
def test_asking_for_a_play_that_is_not_there_changes_nothing(player, what, fields):
    before = player.view
    shown = player(what, **fields)
    assert {**shown, "saved": 0} == {**before, "saved": 0} and list(player.sheet.storage.path.parent.iterdir()) == []


def test_a_finished_play_of_an_earlier_edition_is_still_listed(player):
    player.sheet.set_choices("rumour", ["monday-morning:gone"], finished=True)
    assert player.view["plays"][0]["ending"] == "A play of an earlier edition"
    assert player("replay", play=1)["replay"]["of"] == 0


def test_a_part_has_its_own_end_its_own_list_and_no_figure(tmp_path):
    player = Player(tmp_path, part=1)
    shown = player.plays([ASK, ON])
    assert shown["after"]["can_draw"] is False and shown["after"]["debrief"] == [] and shown["plays"][0]["number"] == 1
    assert player("figure")["after"]["figure"] is None and player("export")["files"]


# ---------------------------------------------------------------- the figure


@pytest.mark.parametrize("name", sorted(READ))
def test_every_play_runs_inside_the_band_of_all_plays(name):
    around = bands(READ[name])
    for path, state in list(all_plays(READ[name]))[::37]:
        values = gauges_by_round(READ[name], path)
        for gauge in values:
            assert values[gauge][-1] == state.gauges[gauge] and len(values[gauge]) == len(READ[name].rounds) + 1
            assert all(
                low <= value <= high for value, (low, *_, high) in zip(values[gauge], around[gauge], strict=True)
            )


def test_a_band_is_in_order_and_begins_where_every_play_begins():
    for name, gauge in RUMOUR.gauges.items():
        values = bands(RUMOUR)[name]
        assert values[0] == (gauge["start"],) * 5 and all(list(each) == sorted(each) for each in values)


def test_the_figure_says_what_it_shows_and_holds_the_numbers(player):
    player.plays(ENDS[0])
    player("restart")
    player.plays(ENDS[1])
    player("compare", play=1)
    shown = player("figure")["after"]["figure"]
    assert "Risk ends at 54 and 24 in play 1" in shown["note"] and "dashed line play 1" in shown["alt"]
    assert shown["table"]["columns"] == ["Gauge", "Play", "Start", "Round 1", "Round 2"]
    assert ["Risk", "Play 1", 50, 42, 24] in shown["table"]["rows"]
    assert "[S:" not in shown["note"] and shown["src"].startswith("data:image/svg+xml;")


def test_drawing_twice_gives_the_same_bytes():
    around = bands(RUMOUR)
    assert view(RUMOUR, ENDS[0], around) == view(RUMOUR, ENDS[0], around)


# ---------------------------------------------------------------- taking it home


def test_a_finished_play_is_written_as_a_page_and_as_data(player):
    player("group", people=3)
    player.plays(ENDS[0], "They <know> it")
    files = player("export")["files"]
    assert files == ["small.rumour--play-1.html", "small.rumour--play-1.json"]
    page = (player.sheet.storage.path.parent / files[0]).read_text(encoding="utf-8")
    told = json.loads((player.sheet.storage.path.parent / files[1]).read_text(encoding="utf-8"))
    assert "They &lt;know&gt; it" in page and "<know>" not in page and "Played by 3 people" in page
    assert "Who heard it first?" in page and '<img src="data:image/svg+xml;' in page and "How it ended: Quiet" in page
    assert (told["format"], told["ending"], told["people"], told["choices"]) == ("workshop-play", "Quiet", 3, ENDS[0])
    assert told["path"][0]["reason"] == "They <know> it" and told["gauges"] == play(RUMOUR, ENDS[0]).gauges


def test_role_cards_are_written_to_print(player):
    (name,) = player("cards")["files"]
    page = (player.sheet.storage.path.parent / name).read_text(encoding="utf-8")
    assert page.count("<article>") == len(RUMOUR.roles) and "Two villages." in page


def test_the_names_of_the_files_are_told_once(player):
    player.plays(ENDS[0])
    assert player("export")["files"] and player("figure")["files"] == []


def test_a_file_that_cannot_be_written_is_told(player, monkeypatch):
    player.plays(ENDS[0])
    monkeypatch.setattr(player.talk, "folder", player.sheet.storage.path.parent / "gone")
    shown = player("export")
    assert shown["trouble"].startswith("The file could not be written:") and shown["files"] == []


@given(st.dictionaries(st.sampled_from([scene.id for scene in RUMOUR.scenes]), st.text()))
def test_whatever_somebody_wrote_stays_words_on_the_page(reasons):
    done = {"choices": ENDS[0], "reasons": reasons, "people": 1, "saved": "2026-01-01T00:00:00Z"}
    page = scenario_export.as_html(RUMOUR, done)
    assert page.count("<section") == 2 and page.count("<script") == 0
    assert json.loads(scenario_export.as_json(RUMOUR, done))["choices"] == ENDS[0]
