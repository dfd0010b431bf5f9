"""A scenario can be played in part, as a group, with reasons, and looked back on: by mouse, by keys, and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support.small_project import real, scenario

from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.cards.scenario import ScenarioController

RUMOUR = scenario()[0]


class Play:
    """A scenario on a desk with its answer sheet on disk."""

    def __init__(self, desk, folder, read=RUMOUR, part=0, name="play"):
        self.desk, self.folder, self.read, self.part, self.name, self.place = desk, folder, read, part, name, 0
        self.open()

    def open(self):
        """Show the card as it opens tomorrow: from the sheet alone."""
        self.place += 1
        talk = ScenarioController(self.read, self.sheet, self.part, folder=self.folder)
        self.card = self.desk.lay(talk, f"{self.name}-{self.place}")
        return self.card

    @property
    def sheet(self):
        return Sheet(FileStorage(self.folder / "small.answers.json"), "small")

    def choose(self, words, reason=None):
        self.card.get_by_label(words).check()
        if reason:
            self.card.get_by_label("Why this?").fill(reason)
        self.card.get_by_role("button", name="Do this").click()

    def on(self):
        self.card.get_by_role("button", name="Go on").click()

    def to_the_end(self, reason=None):
        """The play that ends quietly."""
        self.choose("Ask the board", reason)
        expect(self.card.get_by_role("heading", name="The board knows")).to_be_visible()
        self.on()
        self.choose("Say what is known", reason)
        expect(self.card.get_by_role("heading", name="Quiet")).to_be_focused()

    def again(self):
        self.card.get_by_role("button", name="Start again").click()
        self.card.get_by_role("button", name="Yes, start again").click()
        expect(self.card.get_by_role("heading", name="Monday morning")).to_be_focused()


@pytest.fixture
def game(desk, tmp_path):
    return Play(desk, tmp_path)


def as_group(game, people="5", minutes=None):
    game.card.get_by_label("As a group around one screen").check()
    game.card.get_by_label("How many people").select_option(people)
    expect(game.card.get_by_text(f"You play as a group of {people}.")).to_be_visible()
    if minutes:
        game.card.get_by_label("Minutes for each decision").select_option(minutes)


# A part


def test_a_part_shows_what_was_decided_before_and_ends_with_its_round(desk, tmp_path):
    game = Play(desk, tmp_path, real().scenarios["kestia"], part=2)
    card = game.card
    expect(card.get_by_text("Until now: decided before you came")).to_be_visible()
    expect(card.locator(".before li")).to_have_count(1)
    expect(card.get_by_role("button", name="Step back")).to_have_count(0)
    card.get_by_role("button", name="Write the answer").click()
    game.choose("Hold a concert")
    game.on()
    expect(card.get_by_role("heading", name="Here part 2 ends")).to_be_focused()
    expect(card.get_by_text("has 5 rounds and more than one ending")).to_be_visible()
    assert [done["choices"][0] for done in game.sheet.finished("kestia-2")] == [
        "six-posts:what-is-a-crime-and-what-is-not"
    ]


# Reasons


def test_a_reason_is_saved_while_it_is_typed(game):
    game.card.get_by_label("Why this?").press_sequentially("They know")
    game.card.get_by_label("Ask the board").check()
    saved_reason = "They know"
    for _ in range(40):
        if game.sheet.reasons("rumour").get("monday-morning") == saved_reason:
            break
        game.desk.tab.wait_for_timeout(100)
    assert game.sheet.reasons("rumour") == {"monday-morning": saved_reason}
    expect(game.card.get_by_label("Ask the board")).to_be_checked()
    expect(game.open().get_by_label("Why this?")).to_have_value("They know")


def test_a_reason_typed_a_moment_before_the_choice_goes_with_it(game):
    game.choose("Ask the board", "They know")
    expect(game.card.get_by_role("heading", name="The board knows")).to_be_focused()
    assert game.sheet.reasons("rumour") == {"monday-morning": "They know"} and len(game.sheet.choices("rumour")) == 1
    game.card.get_by_text("Your path so far").click()
    expect(game.card.get_by_text("Why: They know")).to_be_visible()


def test_stepping_back_brings_the_reason_back(game):
    game.choose("Ask the board", "They know")
    game.card.get_by_role("button", name="Step back").click()
    expect(game.card.get_by_label("Why this?")).to_have_value("They know")


def test_alone_nobody_has_to_give_a_reason(game):
    game.choose("Ask the board")
    expect(game.card.get_by_role("heading", name="The board knows")).to_be_focused()


def test_a_group_is_asked_for_its_reason_once_and_may_go_on_without(game):
    as_group(game)
    game.choose("Ask the board")
    expect(game.card.get_by_text("Write a few words on why you choose this.")).to_be_visible()
    expect(game.card.get_by_label("Why this?")).to_be_focused()
    assert game.sheet.choices("rumour") == []
    game.card.get_by_role("button", name="Do this").click()
    expect(game.card.get_by_role("heading", name="The board knows")).to_be_focused()


# A group


def test_roles_are_dealt_and_only_one_card_lies_open(game):
    as_group(game, "3")
    hands = game.card.locator(".hand")
    expect(hands).to_have_count(3)
    hands.nth(0).locator("summary").click()
    expect(hands.nth(0).get_by_text("Knows, and the others do not").first).to_be_visible()
    hands.nth(1).locator("summary").click()
    expect(hands.nth(1).locator(".role").first).to_be_visible()
    expect(hands.nth(0).locator(".role").first).to_be_hidden()
    assert game.sheet.group("rumour") == {"people": 3, "deal": 1, "minutes": 0}


def test_no_card_stays_open_when_the_story_goes_on(game):
    as_group(game, "3")
    game.card.locator(".hand summary").first.click()
    game.choose("Ask the board", "They know")
    expect(game.card.get_by_role("heading", name="The board knows")).to_be_focused()
    game.card.locator(".around > summary").click()
    expect(game.card.locator(".hand").first).to_be_visible()
    expect(game.card.locator(".hand .role").first).to_be_hidden()


def test_a_group_is_told_when_its_sides_change_places(desk, tmp_path):
    game = Play(desk, tmp_path, real().scenarios["brenmar"], part=3)
    as_group(game, "8")
    expect(game.card.get_by_text("Now the two sides change places.")).to_be_visible()
    game.card.get_by_label("Alone", exact=True).check()
    expect(game.card.get_by_text("Now the two sides change places.")).to_have_count(0)


def test_dealing_again_and_the_page_of_cards_leave_the_place_in_the_story(game):
    as_group(game)
    game.card.get_by_role("button", name="Deal the roles again").click()
    expect(game.card.get_by_role("button", name="Deal the roles again")).to_be_focused()
    game.card.get_by_role("button", name="Make a page of the cards").click()
    expect(game.card.get_by_text("small.rumour--roles.html")).to_be_visible()
    assert game.sheet.group("rumour")["deal"] == 2 and (game.folder / "small.rumour--roles.html").is_file()


def test_a_group_is_still_a_group_tomorrow_and_can_play_alone_again(game):
    as_group(game, "4")
    card = game.open()
    expect(card.locator(".hand")).to_have_count(4)
    card.get_by_label("Alone", exact=True).check()
    expect(card.get_by_text("You play alone.")).to_be_visible()
    expect(card.locator(".hand").first).to_be_hidden()


def test_the_side_that_decides_is_named(desk, tmp_path):
    game = Play(desk, tmp_path, real().scenarios["brenmar"])
    as_group(game, "8")
    game.card.get_by_role("button", name="Close the folder").click()
    expect(game.card.get_by_text("This decision belongs to: Brenmar's cabinet.")).to_be_visible()


# The timer


@pytest.fixture
def timed(desk_with_clock, tmp_path):
    game = Play(desk_with_clock, tmp_path)
    as_group(game, "5", "2")
    expect(game.card.locator(".time")).to_have_text("2:00")
    return game


def test_a_timer_runs_stops_and_is_set_back(timed):
    card, clock = timed.card, timed.desk.tab.clock
    card.get_by_role("button", name="Start the timer").click()
    clock.run_for(30_000)
    expect(card.locator(".time")).to_have_text("1:30")
    card.get_by_role("button", name="Stop the timer").click()
    clock.run_for(30_000)
    expect(card.locator(".time")).to_have_text("1:30")
    card.get_by_role("button", name="Set it back").click()
    expect(card.locator(".time")).to_have_text("2:00")


def test_a_timer_that_is_up_says_so_and_decides_nothing(timed):
    card, clock = timed.card, timed.desk.tab.clock
    card.get_by_role("button", name="Start the timer").click()
    clock.run_for(60_500)
    expect(card.locator("article > .unseen[role=status]")).to_have_text("One minute left.")
    clock.run_for(61_000)
    expect(card.locator(".timer")).to_contain_text("The time is up. Take what you need: nothing is decided for you.")
    expect(card.locator("article > .unseen[role=status]")).to_have_text(
        "The time is up. Take what you need: nothing is decided for you."
    )
    assert timed.sheet.choices("rumour") == []
    expect(card.get_by_role("button", name="Start the timer")).to_be_visible()


def test_writing_a_reason_does_not_touch_the_timer(timed):
    card, clock = timed.card, timed.desk.tab.clock
    card.get_by_role("button", name="Start the timer").click()
    card.get_by_label("Why this?").fill("They know")
    clock.run_for(10_000)
    expect(card.locator(".time")).to_have_text("1:50")


def test_alone_there_is_no_timer(game):
    expect(game.card.locator(".timer")).to_be_hidden()


# After the end


def test_what_comes_late_is_told_beside_the_gauges_and_by_ear(game):
    game.choose("Ask the board")
    game.on()
    late = "This comes now from an earlier decision, “Ask the board”: Trust +20"
    expect(game.card.locator(".late")).to_have_text(late)
    expect(game.card.locator("article > .unseen[role=status]")).to_contain_text(late)


def test_the_gauges_are_drawn_with_words_and_a_table(game):
    game.to_the_end()
    game.card.get_by_role("button", name="Show the gauges over time").click()
    expect(game.card.get_by_role("heading", name="the gauges over time")).to_be_focused()
    expect(game.card.locator(".pictured img")).to_have_attribute(
        "alt",
        "Four small line charts, one for each gauge, with the rounds from left "
        "to right. A band shows where most plays run, and a line shows this play.",
    )
    game.card.get_by_text("Show the figures as a table").click()
    expect(game.card.get_by_role("cell", name="All plays, lowest to highest").first).to_be_visible()


def test_a_play_is_taken_home_as_a_page_and_as_data(game):
    game.to_the_end("They know")
    game.card.get_by_role("button", name="Take this play home").click()
    expect(game.card.get_by_text("small.rumour--play-1.json")).to_be_visible()
    game.desk.tab.goto((game.folder / "small.rumour--play-1.html").as_uri())
    expect(game.desk.tab.get_by_text("They know").first).to_be_visible()
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(game.desk.tab, options={"runOnly": {"type": "tag", "values": levels}}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_questions_for_the_debrief_stand_open_at_the_end(game):
    game.to_the_end()
    expect(game.card.get_by_text("Who heard it first?")).to_be_visible()


def test_a_finished_play_is_looked_at_step_by_step_by_keys_alone(game):
    game.to_the_end("They know")
    game.again()
    game.card.locator(".lookback summary").focus()
    game.desk.keys("Enter", "Tab", "Enter")
    expect(game.card.get_by_text("You are looking at play 1: step 0 of 3. Nothing is changed.")).to_be_visible()
    expect(game.card.locator(".looking")).to_contain_text("Here was chosen: Ask the board")
    expect(game.card.locator(".looking")).to_contain_text("Why: They know")
    game.card.get_by_role("button", name="Next step").press("Enter")
    expect(game.card.get_by_role("heading", name="The board knows")).to_be_visible()
    expect(game.card.get_by_role("button", name="Next step")).to_be_focused()
    for title in ("The second week", "Quiet"):
        game.desk.keys("Enter")
        expect(game.card.get_by_role("heading", name=title)).to_be_visible()
    expect(game.card.get_by_role("button", name="Next step")).to_be_disabled()
    game.card.get_by_role("button", name="Leave this play").press("Enter")
    expect(game.card.get_by_role("heading", name="Monday morning")).to_be_focused()
    assert game.sheet.choices("rumour") == []


def test_two_plays_are_put_side_by_side_and_taken_apart(game):
    game.to_the_end("They know")
    game.again()
    game.choose("Wait and see")
    game.on()
    game.choose("Say what is known")
    expect(game.card.get_by_role("heading", name="Loud")).to_be_focused()
    game.card.get_by_role("button", name="Put it beside this play: Play 1").click()
    expect(game.card.get_by_text("This play and play 1, decision by decision")).to_be_focused()
    row = game.card.get_by_role("row", name="Monday morning")
    expect(row).to_contain_text("Wait and see")
    expect(row).to_contain_text("Why: They know")
    game.card.get_by_role("button", name="Take it away again: Play 1").click()
    expect(game.card.locator(".beside")).to_have_count(0)


# Everybody can play it


def show_everything(game):
    """A card at its end with all that can be shown there; a group sits around it."""
    as_group(game, "8", "5")
    game.to_the_end("They know")
    game.card.get_by_role("button", name="Step back").click()
    expect(game.card.get_by_role("heading", name="The second week")).to_be_focused()
    game.choose("Answer together")
    expect(game.card.get_by_role("heading", name="Loud")).to_be_focused()
    game.card.get_by_role("button", name="Put it beside this play: Play 1").click()
    expect(game.card.locator(".beside")).to_be_visible()
    game.card.get_by_role("button", name="Show the gauges over time").click()
    expect(game.card.locator(".pictured img")).to_be_visible()
    closed = game.card.locator("details:not([open]):not(.hand) > summary:visible")
    while closed.count():
        closed.first.click()
    game.card.locator(".hand > summary").first.click()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (360, "plain")])
def test_axe_finds_nothing_to_complain_about(desk, tmp_path, width, theme):
    desk.open(theme)
    game = Play(desk, tmp_path)
    show_everything(game)
    desk.tab.set_viewport_size({"width": width, "height": 900})
    (tmp_path / "other").mkdir()
    as_group(Play(desk, tmp_path / "other", name="other"), "2", "2")
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(desk.tab, options={"runOnly": {"type": "tag", "values": levels}}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found] == []


@pytest.mark.parametrize("width", [360, 320])
def test_nothing_scrolls_sideways_on_a_phone(game, width):
    show_everything(game)
    game.desk.tab.set_viewport_size({"width": width, "height": 800})
    beyond = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert game.desk.tab.evaluate(beyond) <= 0


def test_a_whole_play_in_a_group_goes_by_keys_alone(game):
    card, keys = game.card, game.desk.keys
    card.get_by_label("Alone", exact=True).focus()
    keys("ArrowDown")
    expect(card.get_by_text("You play as a group of 5.")).to_be_visible()
    card.get_by_label("How many people").focus()
    keys("ArrowUp")
    expect(card.get_by_text("You play as a group of 4.")).to_be_visible()
    card.get_by_label("Ask the board").focus()
    keys("Space", "Tab")
    game.desk.tab.keyboard.type("They know")
    keys("Tab", "Enter")
    expect(card.get_by_role("heading", name="The board knows")).to_be_focused()
    keys("Tab", "Enter")
    expect(card.get_by_role("heading", name="The second week")).to_be_focused()
    assert game.sheet.reasons("rumour") == {"monday-morning": "They know"}
