"""From the canvas to the files in the folder, in a real JupyterLab, as a participant does it."""

from playwright.sync_api import expect
from support.participant_lab import card, open_page
from support.small_project import ROOT

PAGE = "notebooks/m07_your_architecture.ipynb"


def test_what_is_drawn_survives_a_reload_and_becomes_a_plan_in_the_folder(kit, tab):
    place, _ = kit
    open_page(tab, kit, PAGE)
    canvas = card(tab, "Your architecture")
    canvas.get_by_role("button", name="Load: Meridia's first draft").click()
    expect(canvas.locator(".folds summary")).to_have_count(6)
    canvas.locator("summary", has_text="Foreign ministry, prevention desk").first.click()
    canvas.get_by_label("A warning that reaches it goes on to").first.select_option(
        "no further: it decides and answers"
    )
    expect(canvas.locator(".finding", has_text="Where a warning goes")).to_contain_text("decided there, after 26 days")
    expect(canvas.locator(".status")).to_contain_text("Saved.")

    open_page(tab, kit, PAGE)
    canvas = card(tab, "Your architecture")
    expect(canvas.locator(".folds summary").first).to_contain_text("it decides and answers")

    plan = card(tab, "Your action plan")
    plan.get_by_role("button", name="Take over: Invite finance").click()
    expect(plan.locator(".folds summary")).to_contain_text("Invite finance")
    plan.get_by_role("button", name="Make the plan as DOCX and PDF").click()
    expect(plan.locator(".result")).to_contain_text("my_plan/action_plan.docx", timeout=60_000)
    files = place / "notebooks" / "my_plan"
    assert (files / "action_plan.docx").stat().st_size > 20_000 and (files / "action_plan.pdf").read_bytes().startswith(
        b"%PDF-"
    )


def test_enter_and_arrow_keys_belong_to_the_canvas_and_not_to_the_notebook(kit, tab):
    open_page(tab, kit, PAGE)
    request = card(tab, "How we will ask for help")
    field = request.get_by_label("Why now")
    field.fill("")
    field.press_sequentially("An election\nand a new law")
    assert field.input_value() == "An election\nand a new law"
    canvas = card(tab, "Your architecture")
    level = canvas.get_by_label("What does it rest on?")
    level.focus()
    before = level.input_value()
    tab.keyboard.press("ArrowDown")
    assert level.input_value() != before


def test_a_participants_folder_brings_what_the_canvas_needs(kit):
    place, _ = kit
    assert (place / PAGE).is_file() and (place / "data/canvas_examples.json").is_file()
    assert (place / "data/tables/national_mechanisms.csv").read_bytes() == (
        ROOT / "data/tables/national_mechanisms.csv"
    ).read_bytes()
