"""The whole way of somebody who never saw a notebook, in a real JupyterLab and a real browser."""

import json
import re
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe
from support.course_helpers import EXERCISE, ROOT, course_folder
from support.participant_lab import LESSON_SHEET, card, open_page, start, to_the_top

from workshop.content.trees import text_of
from workshop.grading import round
from workshop.project import exercises, project
from workshop.questions.kinds import from_data
from workshop.scenarios import model as scenarios


def questions_of(path):
    notebook = json.loads((ROOT / path).read_text(encoding="utf-8"))
    return {data["id"]: from_data(data) for data in notebook["metadata"]["workshop"]["questions"]}


def saved(place, page, name):
    sheet = place / page
    if not sheet.exists():
        return None
    return json.loads(sheet.read_text(encoding="utf-8"))["answers"].get(name, {}).get("value")


def wait_until_saved(tab, place, page, name, value):
    for _ in range(100):
        if saved(place, page, name) == value:
            return
        tab.wait_for_timeout(100)
    assert saved(place, page, name) == value


def test_the_welcome_page_leads_to_the_lessons_and_to_the_first_check(kit, tab):
    open_page(tab, kit, "notebooks/m00_welcome.ipynb")
    for link, name in (("Challenges", "Challenges"), ("Check before", "Check before")):
        tab.locator(".lm-TabBar-tab", has_text="m00_welcome.ipynb").first.click()
        tab.locator(".jp-MarkdownOutput:visible").get_by_role("link", name=link, exact=True).click()
        tab.locator(".jp-MarkdownOutput:visible").get_by_role("heading", name=name, exact=True).first.wait_for()


# ---------------------------------------------------------------- answering by mouse


def label(tree):
    return re.compile(r"\s*" + re.escape(text_of(tree)) + r"\s*")


def answer_by_mouse(place, question, value):
    """Click a value into a card as a person would."""
    options = {option.id: option.text for option in question.options}
    columns = {column["id"]: text_of(column["text"]) for column in question.columns}
    if question.kind in ("single", "multiple"):
        for chosen in [value] if isinstance(value, str) else value:
            place.get_by_label(label(options[chosen])).check()
    elif question.kind == "rank":
        order_by_mouse(place, options, value)
    elif question.kind == "match":
        for row in question.rows:
            place.get_by_label(label(row.text)).select_option(label=columns[value[row.id]])
    elif question.kind == "classify":
        for row in question.rows:
            place.get_by_role("group", name=re.compile(re.escape(text_of(row.text)))).get_by_label(
                columns[value[row.id]], exact=True
            ).check()
    elif question.kind == "map":
        for row in question.rows:
            for column in value.get(row.id, []):
                place.get_by_label(f"{text_of(row.text)}: {columns[column]}", exact=True).check()
    else:
        place.get_by_role("textbox").fill(value)
        place.get_by_role("textbox").blur()


def order_by_mouse(place, options, value):
    """Move each option up until it stands where it is wanted, and confirm the order."""
    for wanted, name in enumerate(value):
        words = text_of(options[name])
        while (at := ranked(place, options).index(name)) > wanted:
            place.get_by_role("button", name=f"Move up: {words}", exact=True).click()
            assert ranked(place, options).index(name) == at - 1
    confirm = place.get_by_role("button", name="This is my order")
    if confirm.count() and confirm.is_visible():
        confirm.click()


def ranked(place, options):
    shown = place.locator("ol.rank > li .words").all_inner_texts()
    return [next(name for name, tree in options.items() if text_of(tree).strip() == words.strip()) for words in shown]


def same(question, kept, value):
    """Whether two answers are the same; the order of ticks does not matter."""
    if question.kind == "multiple":
        return sorted(kept or []) == sorted(value)
    if question.kind == "map":
        return {row: sorted(ticks) for row, ticks in (kept or {}).items()} == {
            row: sorted(t) for row, t in value.items()
        }
    return kept == value


def test_every_kind_is_answered_by_mouse_checked_and_found_again_after_a_reload(kit, tab):
    questions = questions_of("notebooks/m02_challenges.ipynb")
    of_each_kind = {question.kind: question for question in reversed(questions.values())}
    assert len(of_each_kind) == 8
    open_page(tab, kit, "notebooks/m02_challenges.ipynb")
    for question in sorted(of_each_kind.values(), key=lambda question: question.line):
        value = question.perfect()
        place = card(tab, question.title)
        answer_by_mouse(place, question, value)
        for _ in range(100):
            if same(question, saved(kit[0], LESSON_SHEET, question.id), value):
                break
            tab.wait_for_timeout(100)
        assert same(question, saved(kit[0], LESSON_SHEET, question.id), value)
        place.get_by_role("button", name="Check my answer").click()
        expected = "Compare your text" if question.kind == "write" else "Right"
        place.get_by_text(re.compile(f"^\\W*{expected}")).first.wait_for()
    tab.reload()
    start(tab, "m02_challenges.ipynb")
    to_the_top(tab)
    for question in sorted(of_each_kind.values(), key=lambda question: question.line):
        place = card(tab, question.title)
        place.get_by_role("button", name="Clear my answer").wait_for()
        assert shown(place, question, question.perfect()), question.title


def shown(place, question, value):
    """Whether the card shows this answer."""
    if question.kind in ("single", "multiple"):
        return place.locator("input:checked").count() == (1 if isinstance(value, str) else len(value))
    if question.kind == "rank":
        return ranked(place, {option.id: option.text for option in question.options}) == value
    if question.kind == "match":
        return "" not in place.locator("select").evaluate_all("all => all.map(one => one.value)")
    if question.kind in ("classify", "map"):
        ticks = len(value) if question.kind == "classify" else sum(map(len, value.values()))
        return place.locator("input:checked").count() == ticks
    return place.get_by_role("textbox").input_value() == value


# ---------------------------------------------------------------- by keyboard, in JupyterLab


def test_choosing_and_checking_need_no_mouse_in_jupyterlab(kit, tab):
    question = questions_of("notebooks/m02_challenges.ipynb")["opening-line"]
    open_page(tab, kit, "notebooks/m02_challenges.ipynb")
    place = card(tab, question.title)
    place.get_by_role("radio").first.focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("ArrowDown")
    chosen = question.options[1].id
    wait_until_saved(tab, kit[0], LESSON_SHEET, "opening-line", chosen)
    for _ in range(6):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.textContent").startswith("Check my answer"):
            break
    tab.keyboard.press("Enter")
    place.get_by_role("status").filter(has_text=re.compile("Right|Not right")).first.wait_for()


def test_ranking_matching_and_ticking_need_no_mouse_in_jupyterlab(kit, tab):
    questions = questions_of("notebooks/m02_challenges.ipynb")
    (kit[0] / LESSON_SHEET).unlink(missing_ok=True)
    open_page(tab, kit, "notebooks/m02_challenges.ipynb")
    matching = questions["who-sees-it-first"]
    place = card(tab, matching.title)
    place.locator("select").first.focus()
    tab.keyboard.press("ArrowDown")
    first_column = place.locator("select").first.evaluate("one => one.value")
    assert first_column
    place.locator("select").first.blur()
    wait_until_saved(tab, kit[0], LESSON_SHEET, matching.id, {matching.rows[0].id: matching.columns[0]["id"]})
    ticking = questions["who-must-be-in-the-room"]
    place = card(tab, ticking.title)
    place.get_by_role("checkbox").first.focus()
    tab.keyboard.press("Space")
    wait_until_saved(tab, kit[0], LESSON_SHEET, ticking.id, {ticking.rows[0].id: [ticking.columns[0]["id"]]})
    ranking = questions["commitment-ladder"]
    place = card(tab, ranking.title)
    place.get_by_role("button", name=re.compile("^Move down")).first.focus()
    tab.keyboard.press("Enter")
    order = [option.id for option in ranking.options]
    order[0], order[1] = order[1], order[0]
    wait_until_saved(tab, kit[0], LESSON_SHEET, ranking.id, order)


def test_answers_are_there_again_after_the_kernel_has_died(kit, tab):
    question = questions_of("notebooks/m02_challenges.ipynb")["two-thirds"]
    open_page(tab, kit, "notebooks/m02_challenges.ipynb")
    place = card(tab, question.title)
    answer_by_mouse(place, question, question.perfect())
    wait_until_saved(tab, kit[0], LESSON_SHEET, question.id, question.perfect())
    base, key = kit[1].split("?")
    for session in tab.request.get(f"{base}api/sessions?{key}").json():
        tab.request.delete(f"{base}api/sessions/{session['id']}?{key}")
    open_page(tab, kit, "notebooks/m02_challenges.ipynb")
    assert shown(card(tab, question.title), question, question.perfect())


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_nothing_in_the_cards_of_the_lesson(kit, tab, theme):
    open_page(tab, kit, "notebooks/m02_challenges.ipynb")
    tab.get_by_role("menuitem", name="Settings").click()
    tab.get_by_text("Theme", exact=True).hover()
    tab.get_by_text(theme, exact=True).click()
    tab.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")
    card(tab, "Who must be in the room?").get_by_role("button", name="Check my answer").click()
    card(tab, "Orvane: our ministry will do it")
    tab.wait_for_timeout(500)
    found = Axe().run(
        tab, context=".workshop-card", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found.response["violations"]] == []


# ---------------------------------------------------------------- the scenario


def plays_to_each_ending():
    orvane = project.read(ROOT).scenarios["orvane"]
    found = {}
    for path, state in scenarios.all_plays(orvane):
        found.setdefault(state.ending.title, path)
    return orvane, found


def test_orvane_is_played_to_each_of_its_endings(kit, tab):
    orvane, endings = plays_to_each_ending()
    assert len(endings) == 4
    open_page(tab, kit, "notebooks/m02_challenges.ipynb")
    place = card(tab, orvane.title)
    for title, path in endings.items():
        state = None
        for step, choice_id in enumerate(path):
            state = scenarios.play(orvane, path[:step])
            choice = next(c for c in scenarios.offered(orvane, state) if c.id == choice_id)
            words = text_of(choice.text)
            if choice.quality:
                place.get_by_label(words, exact=False).check()
                place.get_by_role("button", name="Do this").click()
            else:
                place.get_by_role("button", name=words, exact=False).click()
            after = scenarios.play(orvane, path[: step + 1])
            expected = after.ending.title if after.ending else orvane.scene(after.scene).title
            place.get_by_role("heading", name=expected).first.wait_for()
        assert place.get_by_role("heading", name=title).first.is_visible()
        place.get_by_role("button", name="Start again").click()
        place.get_by_role("button", name="Yes, start again").click()
        place.get_by_role("heading", name=orvane.scenes[0].title).first.wait_for()
    kept = json.loads((kit[0] / LESSON_SHEET).read_text(encoding="utf-8"))
    assert len(kept["plays"]["orvane"]["finished"]) == 4


# ---------------------------------------------------------------- handing in


def test_a_participant_answers_hands_in_and_the_file_holds_the_answers(kit, tab, tmp_path):
    questions = questions_of(f"exercises/{EXERCISE}/{EXERCISE}.ipynb")
    key = exercises.key_of(EXERCISE, ROOT)
    open_page(tab, kit, f"exercises/{EXERCISE}/{EXERCISE}.ipynb")
    for name, question in questions.items():
        place = card(tab, question.title)
        answer_by_mouse(place, question, key[name].perfect())
        assert place.get_by_role("button", name="Check my answer").count() == 0
    place = card(tab, "Hand in")
    place.get_by_label("Your code name").fill("blue heron")
    place.get_by_role("button", name="Hand in", exact=True).click()
    place.get_by_text("m02_challenges--blue-heron.zip").wait_for()
    with zipfile.ZipFile(kit[0] / "hand_in" / "m02_challenges--blue-heron.zip") as archive:
        sheet = json.loads(archive.read(f"{EXERCISE}.answers.json"))
    assert sheet["answers"].keys() == key.keys()
    heron = round.grade_round(course_folder(tmp_path), EXERCISE, kit[0] / "hand_in").people["blue-heron"]
    assert heron.points == 22 and heron.waiting == 2


def test_lines_of_code_are_in_the_hand_in_although_nobody_saved_them(kit, tab):
    open_page(tab, kit, f"exercises/{EXERCISE}/{EXERCISE}.ipynb")
    place = card(tab, "Hand in")
    tab.locator(".cm-content:visible", has_text="def received_by_year").click()
    tab.keyboard.press("Control+End")
    tab.keyboard.type("  # mine")
    place.get_by_label("Your code name").fill("green owl")
    place.get_by_role("button", name=re.compile("^Hand in")).click()
    place.get_by_text("m02_challenges--green-owl.zip").wait_for()
    with zipfile.ZipFile(kit[0] / "hand_in" / "m02_challenges--green-owl.zip") as archive:
        assert b"# mine" in archive.read(f"{EXERCISE}.ipynb")


def test_the_optional_code_item_frightens_nobody_who_leaves_it_out(kit, tab):
    open_page(tab, kit, f"exercises/{EXERCISE}/{EXERCISE}.ipynb")
    card(tab, "Hand in")
    assert tab.get_by_text("Traceback").count() == 0
    assert tab.get_by_text("Not yet: this test does not pass").count() == 1


def test_moving_a_control_changes_the_figure_and_its_words(kit, tab):
    open_page(tab, kit, "notebooks/m02_challenges.ipynb")
    tab.locator(".jp-WindowedPanel-outer:visible").first.evaluate("panel => panel.scrollBy(0, 1500)")
    tab.get_by_text("2 of 14 risk factors").first.scroll_into_view_if_needed()
    tab.get_by_label("Ombudsman", exact=False).first.check()
    tab.get_by_text("of 14 risk factors").filter(has_not_text="2 of 14").first.wait_for()
