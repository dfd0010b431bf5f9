"""Everything on a canvas can be drawn, saved, read and taken back: by mouse, by keys alone, and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support.card_desk import Behind, saved
from support.small_project import ROOT

from workshop.answers.sheet import Sheet
from workshop.answers.storage import FileStorage
from workshop.architecture.canvases import ArchitectureController, PlanController, RequestController
from workshop.cards.widget import Card


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(ROOT))


class Canvas:
    """A canvas on a desk with its answer sheet on disk."""

    def __init__(self, desk, folder, kind=ArchitectureController):
        self.desk, self.folder, self.kind = desk, folder, kind
        self.place = 0
        self.open()

    def open(self):
        """Show the canvas as it opens tomorrow: from the sheet alone."""
        self.place += 1
        self.table = Card(self.kind(Sheet(FileStorage(self.folder / "m07.answers.json"), "m07"), self.folder))
        self.card = self.desk.lay(Behind(self.table), f"canvas-{self.place}")
        return self.card

    def again(self):
        self.desk.open()
        return self.open()

    @property
    def stored(self):
        return Sheet(FileStorage(self.folder / "m07.answers.json"), "m07").canvas(self.kind.name) or {}


@pytest.fixture
def canvas(desk, tmp_path):
    return Canvas(desk, tmp_path)


def load_draft(card):
    card.get_by_role("button", name="Load: Meridia's first draft").click()
    expect(card.locator(".folded")).to_have_count(7)  # six offices and the mandate


def add(card, name):
    card.get_by_role("button", name="Add an office").click()
    card.get_by_label("Name of the office").last.fill(name)


# Drawing


def test_an_office_is_added_named_and_saved(canvas):
    add(canvas.card, "Mediation board of Salt Marsh")
    canvas.card.get_by_label("Level", exact=True).select_option("Town or village")
    canvas.card.get_by_label("Mediate").check()
    saved(canvas.card)
    expect(canvas.card.locator(".folds summary")).to_contain_text("Mediation board of Salt Marsh")
    [office] = canvas.stored["institutions"]
    assert (office["office"], office["level"], office["functions"]) == (
        "Mediation board of Salt Marsh",
        "town",
        ["mediate"],
    )


def test_a_function_that_gets_somebody_leaves_the_list_of_gaps_at_once(canvas):
    add(canvas.card, "Police")
    gap = canvas.card.locator(".levels .gap", has_text="Warn early")
    expect(gap).to_contain_text("nobody")
    canvas.card.get_by_label("Warn early").check()
    expect(gap).to_have_count(0)
    expect(canvas.card.locator(".levels tr", has_text="Warn early")).to_contain_text("Police")


def test_an_open_office_shows_at_a_glance_what_a_tick_changed(canvas):
    add(canvas.card, "Police")
    canvas.card.get_by_label("Warn early").check()
    expect(canvas.card.locator(".glance")).to_contain_text("7 functions without anybody")


def test_a_warning_is_drawn_by_choosing_where_it_goes(canvas):
    add(canvas.card, "Town hall")
    add(canvas.card, "Board")
    first, second = canvas.card.get_by_label("A warning that reaches it goes on to").all()
    first.select_option("to Board")
    expect(canvas.card.locator(".finding", has_text="Where a warning goes")).to_contain_text("it stops there")
    canvas.card.get_by_label("Days it has").last.fill("2")
    second.select_option("no further: it decides and answers")
    expect(canvas.card.locator(".finding", has_text="Where a warning goes")).to_contain_text(
        "Town hall → Board: decided there"
    )


def test_renaming_an_office_renames_it_wherever_it_is_offered(canvas):
    add(canvas.card, "Town hall")
    add(canvas.card, "Board")
    canvas.card.get_by_label("A warning that reaches it goes on to").first.select_option("to Board")
    canvas.card.get_by_label("Name of the office").last.fill("Council")
    expect(
        canvas.card.get_by_label("A warning that reaches it goes on to").first.locator("option:checked")
    ).to_have_text("to Council")
    expect(canvas.card.get_by_label("Which office stands for it").locator("option", has_text="Council")).to_have_count(
        1
    )


def test_a_removed_office_can_be_brought_back_to_its_place(canvas):
    load_draft(canvas.card)
    canvas.card.locator("summary", has_text="Ombudsman").click()
    canvas.card.get_by_role("button", name="Remove: Ombudsman").click()
    expect(canvas.card.get_by_role("button", name="Bring back: Ombudsman")).to_be_focused()
    saved(canvas.card)
    assert len(canvas.stored["institutions"]) == 5
    desk_keys(canvas, "Enter")
    expect(canvas.card.locator(".folds summary").nth(2)).to_contain_text("Ombudsman")
    expect(canvas.card.locator(".folds summary").nth(2)).to_be_focused()


def test_an_answered_question_counts_and_one_under_discussion_does_not(canvas):
    add(canvas.card, "Board")
    canvas.card.locator("summary", has_text="of 16 questions answered").click()
    question = canvas.card.locator(".asked").first
    question.get_by_role("textbox").fill("To warn in time")
    expect(canvas.card.locator("summary", has_text="1 of 16 questions answered")).to_be_visible()
    expect(question.locator(".state")).to_contain_text("answered")
    question.get_by_role("checkbox").check()
    expect(question.locator(".state")).to_contain_text("open")
    saved(canvas.card)
    assert canvas.stored["mandate"]["purpose"] == {"text": "To warn in time", "open": True}


def test_an_example_is_loaded_and_what_was_drawn_before_comes_back(canvas):
    add(canvas.card, "My own office")
    saved(canvas.card)
    load_draft(canvas.card)
    expect(canvas.card.locator(".summary")).to_contain_text("6 offices")
    canvas.card.get_by_role("button", name="Begin with an empty sheet").click()
    expect(canvas.card.locator(".folded")).to_have_count(1)
    canvas.card.get_by_role("button", name="Bring back what I had drawn").click()
    expect(canvas.card.locator(".folds summary")).to_contain_text("My own office")


def test_reopening_the_page_brings_everything_back(canvas):
    load_draft(canvas.card)
    canvas.card.get_by_label("Which office stands for it").select_option("Ombudsman")
    canvas.card.get_by_label("Who works for it").select_option("Its own staff")
    canvas.card.get_by_label("When is it reviewed?", exact=True).fill("2028-06")
    canvas.card.get_by_label("When is it reviewed?", exact=True).blur()
    saved(canvas.card)
    stored = canvas.stored
    card = canvas.again()
    expect(card.get_by_label("Which office stands for it").locator("option:checked")).to_have_text("Ombudsman")
    expect(card.get_by_label("Who works for it").locator("option:checked")).to_have_text("Its own staff")
    expect(card.get_by_label("When is it reviewed?", exact=True)).to_have_value("2028-06")
    expect(card.locator(".folds summary")).to_have_count(6)
    assert canvas.stored == stored


def test_what_is_typed_while_the_engine_is_away_is_saved_by_the_next_card(canvas):
    canvas.desk.alive = False
    add(canvas.card, "Town hall")
    canvas.desk.alive = True
    canvas.card.evaluate("(place) => place.remove_card()")
    card = canvas.open()
    expect(card.locator(".folds summary")).to_contain_text("Town hall")
    saved(card)
    assert canvas.stored["institutions"][0]["office"] == "Town hall"


# By keys, by ear, on a phone


def desk_keys(canvas, *keys):
    canvas.desk.keys(*keys)


def test_an_architecture_is_drawn_by_keys_alone(canvas):
    canvas.card.get_by_role("button", name="Add an office").focus()
    desk_keys(canvas, "Enter")
    expect(canvas.card.get_by_label("Name of the office")).to_be_focused()
    canvas.desk.tab.keyboard.type("Police")
    desk_keys(canvas, "Tab", "Tab", "Tab", "Tab", "Tab", "Space")  # kind, level, role, then the second function
    saved(canvas.card)
    expect(canvas.card.locator(".levels tr", has_text="Warn early")).to_contain_text("Police")


@pytest.mark.parametrize("kind", [ArchitectureController, PlanController, RequestController])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_full_canvas(desk, tmp_path, kind, theme):
    ArchitectureController(Sheet(FileStorage(tmp_path / "m07.answers.json"), "m07"), tmp_path).handle(
        {"do": "load", "example": "meridia-first-draft", "n": 1}
    )
    plan = PlanController(Sheet(FileStorage(tmp_path / "m07.answers.json"), "m07"), tmp_path)
    plan.handle({"do": "answer", "n": 1, "value": {"rows": [{"id": "a", "step": "Write the form"}]}})
    desk.open(theme)
    canvas = Canvas(desk, tmp_path, kind)
    for summary in canvas.card.locator("summary").all():
        if summary.evaluate("(one) => !one.parentElement.open"):
            summary.click()
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(desk.tab, options={"runOnly": {"type": "tag", "values": levels}}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found] == []


@pytest.mark.parametrize("kind", [ArchitectureController, PlanController, RequestController])
def test_nothing_sticks_out_on_a_phone(desk, tmp_path, kind):
    ArchitectureController(Sheet(FileStorage(tmp_path / "m07.answers.json"), "m07"), tmp_path).handle(
        {"do": "load", "example": "meridia-first-draft", "n": 1}
    )
    canvas = Canvas(desk, tmp_path, kind)
    desk.tab.set_viewport_size({"width": 360, "height": 740})
    for summary in canvas.card.locator("summary").all():
        if summary.evaluate("(one) => !one.parentElement.open"):
            summary.click()
    assert desk.tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_change_is_spoken_as_one_sentence(canvas):
    add(canvas.card, "Police")
    canvas.card.get_by_label("Warn early").check()
    expect(canvas.card.locator(".unseen[role=status]")).to_contain_text("7 functions without anybody")


# The plan and the request


@pytest.fixture
def plan(desk, tmp_path):
    ArchitectureController(Sheet(FileStorage(tmp_path / "m07.answers.json"), "m07"), tmp_path).handle(
        {"do": "load", "example": "meridia-first-draft", "n": 1}
    )
    return Canvas(desk, tmp_path, PlanController)


def test_a_suggested_step_is_taken_over_with_one_click_and_is_offered_no_more(plan):
    offer = plan.card.get_by_role("button", name="Take over: Invite finance")
    offer.click()
    expect(plan.card.locator(".folds summary")).to_contain_text("Invite finance")
    expect(offer).to_have_count(0)
    saved(plan.card)
    assert plan.stored["rows"][0]["goal"] == "Somebody brings money"


def test_a_step_that_is_removed_is_offered_again(plan):
    plan.card.get_by_role("button", name="Take over: Invite finance").click()
    plan.card.locator(".folds summary").click()
    plan.card.get_by_role("button", name="Remove: Invite finance").click()
    expect(plan.card.get_by_role("button", name="Take over: Invite finance")).to_have_count(1)


def test_a_plan_is_filled_in_and_comes_back(plan):
    plan.card.get_by_label("Title of the plan").fill("Plan for the first year")
    plan.card.get_by_role("button", name="Add a step of your own").click()
    plan.card.get_by_label("Step", exact=True).fill("Write the alert form")
    plan.card.get_by_label("By when").fill("30 June 2027")
    plan.card.get_by_label("By when").blur()
    saved(plan.card)
    card = plan.again()
    expect(card.get_by_label("Title of the plan")).to_have_value("Plan for the first year")
    expect(card.locator(".folds summary")).to_contain_text("Write the alert form")


def test_a_plan_sees_what_changes_on_the_architecture(plan):
    ArchitectureController(plan.table.table.sheet, plan.folder).handle({"do": "load", "example": "", "n": 2})
    plan.table.refresh()
    plan.desk.tab.evaluate("([name, view]) => arrive(name, view)", ["canvas-1", plan.table.view])
    expect(plan.card.get_by_text("Your architecture leaves nothing open")).to_be_visible()


def test_a_request_is_filled_in_and_comes_back(desk, tmp_path):
    canvas = Canvas(desk, tmp_path, RequestController)
    canvas.card.get_by_label("What we ask for").fill("Two days with one expert")
    canvas.card.get_by_label("What we ask for").blur()
    saved(canvas.card)
    expect(canvas.again().get_by_label("What we ask for")).to_have_value("Two days with one expert")


def test_the_papers_are_made_by_one_button_and_named(plan):
    plan.card.get_by_role("button", name="Take over: Invite finance").click()
    plan.card.get_by_role("button", name="Make the plan as DOCX and PDF").click()
    expect(plan.card.locator(".result")).to_contain_text("my_plan/action_plan.pdf", timeout=20_000)
    assert (plan.folder / "my_plan/action_plan.docx").is_file()


def test_a_plan_with_nothing_in_it_says_so_at_the_button(desk, tmp_path):
    canvas = Canvas(desk, tmp_path, RequestController)
    canvas.card.get_by_role("button", name="Make the request").click()
    expect(canvas.card.locator(".status")).to_contain_text("nothing to print yet", timeout=20_000)
