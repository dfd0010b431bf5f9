"""Every card can be read, answered and understood: by mouse, by keys alone, by ear, and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import views
from support.card_desk import Behind, saved

from workshop.cards.widget import TROUBLE, Card


def asked(table):
    """What the browser asked for, without the numbers."""
    return [{key: value for key, value in request.items() if key != "n"} for request in table.requests]


# Answering by mouse


def test_clicking_an_option_saves_it_at_once(desk):
    card = desk.lay(table := views.Table(views.single()))
    expect(card.locator(".status")).to_contain_text("Not answered yet.")
    card.get_by_label("Juniors come").click()
    saved(card)
    assert asked(table) == [{"do": "answer", "value": "juniors"}]


def test_several_options_can_be_ticked_and_unticked(desk):
    card = desk.lay(table := views.Table(views.multiple()))
    card.get_by_label("Incident").click()
    card.get_by_label("Weather").click()
    card.get_by_label("Weather").click()
    card.get_by_label("Rumours").click()
    saved(card)
    assert table.now["answer"] == ["incident", "rumours"]


def test_unticking_the_last_option_is_no_answer(desk):
    card = desk.lay(table := views.Table(views.multiple(answer=["weather"])))
    card.get_by_label("Weather").click()
    expect(card.locator(".status")).to_contain_text("Not answered yet.")
    assert asked(table) == [{"do": "clear"}]


def test_a_line_is_moved_by_its_own_button(desk):
    card = desk.lay(table := views.Table(views.rank()))
    card.get_by_role("button", name="Move up: Find money").click()
    saved(card)
    assert table.now["answer"] == ["listen", "agree", "find", "write", "train"]
    expect(card.locator("ol li .words").nth(2)).to_have_text("Find money")


def test_the_order_as_shown_is_no_answer_until_somebody_says_so(desk):
    card = desk.lay(table := views.Table(views.rank()))
    expect(card.get_by_text("Not answered yet: move a line")).to_be_visible()
    assert table.requests == []
    card.get_by_role("button", name="This is my order").click()
    saved(card)
    expect(card.get_by_text("Not answered yet: move a line")).to_be_hidden()
    assert table.now["answer"] == ["listen", "agree", "write", "find", "train"]


def test_each_line_is_matched_by_its_own_list(desk):
    card = desk.lay(table := views.Table(views.match()))
    card.get_by_label("Police").select_option("Incident data")
    card.get_by_label("Mediation board").select_option("Trust of both sides")
    saved(card)
    assert table.now["answer"] == {"police": "incident", "mediation": "trust"}


def test_each_statement_is_classified_in_its_own_group(desk):
    card = desk.lay(table := views.Table(views.classify()))
    card.get_by_role("group", name="Ratifying").get_by_label("Top-down").click()
    card.get_by_role("group", name="Funding").get_by_label("Bottom-up").click()
    saved(card)
    assert table.now["answer"] == {"ratifying": "top-down", "funding": "bottom-up"}


def test_a_map_is_ticked_cell_by_cell(desk):
    card = desk.lay(table := views.Table(views.ticks()))
    card.get_by_role("checkbox", name="Police: Hears").click()
    card.get_by_role("checkbox", name="Police: Speaks").click()
    card.get_by_role("checkbox", name="Health ministry: Pays").click()
    saved(card)
    assert table.now["answer"] == {"police": ["hears", "speaks"], "health": ["pays"]}


def test_a_number_is_kept_as_it_was_typed(desk):
    card = desk.lay(table := views.Table(views.number()))
    field = card.get_by_label("Your answer, in million US dollars")
    field.fill("35,3")
    field.blur()
    saved(card)
    assert table.now["answer"] == "35,3"


def test_years_are_typed_event_by_event_and_checked_for_a_part_of_the_whole(desk):
    card = desk.lay(table := views.Table(views.timeline(), views.RESULTS["timeline"]))
    card.get_by_label("Genocide Convention adopted").fill("1948")
    card.get_by_label("Rome Statute adopted").fill("1985")
    card.get_by_role("button", name="Check my answer").click()
    expect(card.locator(".headline")).to_contain_text("Partly right: 1 of 3 years")
    assert table.now["answer"] == {"genocide": "1948", "rome": "1985"}
    expect(card.get_by_label("Rome Statute adopted")).to_have_accessible_description(
        "Not right Right would be: 1998 A reason about rome."
    )


def test_a_written_answer_is_saved_after_a_pause_and_when_one_leaves_it(desk_with_clock):
    desk = desk_with_clock
    card = desk.lay(table := views.Table(views.written()))
    field = card.get_by_label("Your answer")
    field.type("Begin with")
    assert table.requests == []
    desk.tab.clock.run_for(600)
    saved(card)
    field.type(" the board")
    field.blur()
    expect(field).not_to_be_focused()
    desk.tab.clock.run_for(50)
    assert asked(table) == [{"do": "answer", "value": "Begin with"}, {"do": "answer", "value": "Begin with the board"}]


def test_words_are_counted_and_never_cut(desk):
    card = desk.lay(table := views.Table(views.written()))
    field = card.get_by_label("Your answer")
    field.fill("one two three")
    expect(card.get_by_text("3 of 12 words")).to_be_visible()
    field.fill("word " * 14)
    expect(card.locator(".help", has_text="14 words, 2 more than the 12 asked for")).to_be_visible()
    expect(card.locator(".unseen[role=status]")).to_contain_text("Nothing is cut off")
    field.blur()
    saved(card)
    assert len(table.now["answer"].split()) == 14


def test_a_graded_card_has_points_and_no_check_button(desk):
    card = desk.lay(views.Table(views.single(graded=True, points=2, answer="juniors")))
    expect(card.get_by_text("2 points")).to_be_visible()
    expect(card.get_by_text("Saved. You can change it until you hand in.")).to_be_visible()
    expect(card.get_by_role("button", name="Check my answer")).to_have_count(0)


def test_a_cleared_answer_can_be_brought_back(desk):
    card = desk.lay(table := views.Table(views.written(answer="Begin with the board.")))
    card.get_by_role("button", name="Clear my answer").click()
    expect(card.get_by_label("Your answer")).to_have_value("")
    expect(card.locator(".status")).to_contain_text("Not answered yet.")
    card.get_by_role("button", name="Bring my answer back").click()
    saved(card)
    expect(card.get_by_label("Your answer")).to_have_value("Begin with the board.")
    assert asked(table) == [{"do": "clear"}, {"do": "answer", "value": "Begin with the board."}]


# Answering by keys alone


def test_one_option_is_chosen_by_keys(desk):
    card = desk.lay(table := views.Table(views.single()))
    desk.keys("Tab", "Space", "ArrowDown")
    saved(card)
    assert table.now["answer"] == "juniors"


def test_several_options_are_ticked_by_keys(desk):
    card = desk.lay(table := views.Table(views.multiple()))
    desk.keys("Tab", "Space", "Tab", "Tab", "Space")
    saved(card)
    assert table.now["answer"] == ["incident", "rumours"]


def test_lines_are_ranked_by_keys_and_the_focus_stays_with_the_moved_line(desk):
    card = desk.lay(table := views.Table(views.rank()))
    card.get_by_role("button", name="Move up: Write a law").focus()
    desk.keys("Enter")
    expect(card.get_by_role("button", name="Move up: Write a law")).to_be_focused()
    expect(card.locator(".unseen[role=status]")).to_have_text("Write a law is now 2 of 5")
    desk.keys("Enter")
    expect(card.get_by_role("button", name="Move down: Write a law")).to_be_focused()
    expect(card.get_by_role("button", name="Move up: Write a law")).to_be_disabled()
    desk.keys("Enter")
    expect(card.get_by_role("button", name="Move down: Write a law")).to_be_focused()
    saved(card)
    assert table.now["answer"] == ["listen", "write", "agree", "find", "train"]


def test_lines_are_matched_by_keys(desk):
    card = desk.lay(table := views.Table(views.match()))
    desk.keys("Tab", "ArrowDown", "Tab", "ArrowDown", "ArrowDown")
    saved(card)
    assert table.now["answer"] == {"police": "incident", "health": "admissions,"}


def test_statements_are_classified_by_keys(desk):
    card = desk.lay(table := views.Table(views.classify()))
    desk.keys("Tab", "Space", "Tab", "Space", "ArrowDown")
    saved(card)
    assert table.now["answer"] == {"ratifying": "top-down", "funding": "bottom-up"}


def test_a_map_is_ticked_by_keys(desk):
    card = desk.lay(table := views.Table(views.ticks()))
    desk.keys("Tab", "Space", *["Tab"] * 5, "Space")
    saved(card)
    assert table.now["answer"] == {"police": ["hears"], "health": ["hears"]}


def test_a_number_is_typed_and_checked_with_enter(desk):
    card = desk.lay(table := views.Table(views.number(), views.RESULTS["number"]))
    desk.keys("Tab", "3", "5", "Enter")
    expect(card.get_by_text("It stands in the report, rounded.")).to_be_visible()
    assert asked(table) == [{"do": "answer", "value": "35"}, {"do": "check"}]


def test_years_are_typed_and_checked_by_keys(desk):
    card = desk.lay(table := views.Table(views.timeline(), views.RESULTS["timeline"]))
    desk.keys("Tab", *"1948", "Tab", *"1985", "Enter")
    expect(card.get_by_text("A reason about rome.")).to_be_visible()
    assert table.now["answer"] == {"genocide": "1948", "rome": "1985"}


def test_a_text_is_written_and_checked_by_keys(desk):
    card = desk.lay(table := views.Table(views.written(), views.RESULTS["write"]))
    desk.keys("Tab", "O", "k", "Tab", "Space")
    expect(card.get_by_text("We would begin with the mediation board.")).to_be_visible()
    assert asked(table) == [{"do": "answer", "value": "Ok"}, {"do": "check"}]


def test_a_scenario_is_played_by_keys_and_arrows_decide_nothing(desk):
    card = desk.lay(table := views.Play())
    desk.keys("Tab", "Space", "ArrowDown", "ArrowUp")
    assert table.requests == []
    desk.keys("Tab", "Enter")
    expect(card.get_by_role("heading", name="What the board sees")).to_be_focused()
    desk.keys("Tab", "Enter")
    expect(card.get_by_role("heading", name="A quiet autumn")).to_be_focused()
    assert [request["choice"] for request in table.requests] == ["monday:board", "board:end"]


# What was answered before


@pytest.mark.parametrize("kind", views.QUESTIONS)
def test_an_earlier_answer_is_shown_again(desk, kind):
    answer = views.ANSWERS[kind]
    card = desk.lay(table := views.Table(views.QUESTIONS[kind](answer=answer)))
    saved(card)
    card.get_by_role("button", name="Clear my answer").click()
    card.get_by_role("button", name="Bring my answer back").click()
    saved(card)
    assert table.now["answer"] == answer


def test_an_answer_that_python_changes_is_shown(desk):
    card = desk.lay(views.Table(views.single(answer="nine")))
    desk.push(answer="meetings", saved=7)
    expect(card.get_by_label("Meetings are short")).to_be_checked()
    desk.push(answer=None, saved=8)
    expect(card.get_by_label("Meetings are short")).not_to_be_checked()


def test_a_view_that_comes_back_leaves_the_inputs_alone(desk):
    card = desk.lay(views.Table(views.single()))
    box = card.get_by_label("Nine members").element_handle()
    card.get_by_label("Nine members").click()
    saved(card)
    assert box.evaluate("box => box.isConnected && box.checked && box === document.activeElement")


def test_an_answer_tidied_by_python_does_not_disturb_the_writing(desk):
    card = desk.lay(views.Table(views.written()))
    card.get_by_label("Your answer").type("Begin ")
    saved(card)
    desk.push(answer="Begin", saved=99)
    card.get_by_label("Your answer").type("here")
    expect(card.get_by_label("Your answer")).to_have_value("Begin here")


# Results


@pytest.mark.parametrize("kind", views.QUESTIONS)
def test_a_result_is_announced_and_the_focus_stays(desk, kind):
    result = views.RESULTS[kind]
    card = desk.lay(views.Table(views.QUESTIONS[kind](answer=views.ANSWERS[kind]), result))
    assert card.locator("[role=status]").count() == 2
    card.get_by_role("button", name="Check my answer").click()
    expect(card.locator(".unseen[role=status]")).to_have_text(result["headline"])
    expect(card.get_by_role("button", name="Check my answer")).to_be_focused()
    expect(card.get_by_text("Think of a committee you sit on")).to_be_visible()


def test_marks_are_words_and_signs_beside_each_option(desk):
    card = desk.lay(views.Table(views.multiple(answer=["incident", "weather"], result=views.RESULTS["multiple"])))
    assert [words.strip() for words in card.locator(".mark").all_inner_texts()] == [
        "✓You chose this, and it is right",
        "–You left this out, rightly",
        "○Right, and you did not choose it",
        "✗You chose this, and it is not right",
    ]
    expect(card.get_by_label("Weather")).to_have_accessible_description(
        "You chose this, and it is not right A reason about weather."
    )


def test_a_changed_answer_takes_the_old_result_away(desk):
    card = desk.lay(views.Table(views.single(answer="nine", result=views.RESULTS["single"])))
    expect(card.get_by_text("Not right yet")).to_be_visible()
    card.get_by_label("Juniors").click()
    expect(card.get_by_text("Not right yet")).to_be_hidden()
    expect(card.locator(".mark")).to_have_count(0)
    saved(card)
    expect(card.get_by_text("Not right yet")).to_be_hidden()


def test_a_better_order_is_shown_with_its_reasons(desk):
    card = desk.lay(views.Table(views.rank(answer=views.ANSWERS["rank"], result=views.RESULTS["rank"])))
    best = card.locator(".result ol li")
    expect(best).to_have_count(5)
    expect(best.first).to_contain_text("Agree on the words")
    expect(best.first).to_contain_text("A reason about agree.")


# When something goes wrong


def test_a_lost_engine_is_told_and_the_answer_is_sent_again(desk_with_clock):
    desk = desk_with_clock
    card = desk.lay(table := views.Table(views.single()))
    desk.alive = False
    card.get_by_label("Juniors").click()
    desk.tab.clock.run_for(1000)
    expect(card.locator(".status")).to_contain_text("Saving…")
    desk.tab.clock.run_for(5500)
    expect(card.locator(".status")).to_contain_text(
        "Not saved yet: the page has lost its engine. Press ‘Start this page’"
    )
    expect(card.get_by_label("Juniors")).to_be_checked()
    desk.alive = True
    desk.push()
    saved(card)
    assert table.now["answer"] == "juniors"


def test_try_again_sends_what_was_not_saved(desk_with_clock):
    desk = desk_with_clock
    card = desk.lay(table := views.Table(views.written()))
    desk.alive = False
    card.get_by_label("Your answer").fill("Begin here")
    desk.tab.clock.run_for(7000)
    desk.alive = True
    card.get_by_role("button", name="Try again").click()
    saved(card)
    assert table.now["answer"] == "Begin here"


def test_a_new_card_for_the_same_question_keeps_what_was_not_saved(desk):
    card = desk.lay(table := views.Table(views.written()))
    desk.alive = False
    card.get_by_label("Your answer").fill("Begin here")
    card.evaluate("place => { place.remove_card(); place.remove(); }")
    desk.alive = True
    card = desk.lay(table)
    expect(card.get_by_label("Your answer")).to_have_value("Begin here")
    saved(card)
    assert table.now["answer"] == "Begin here"


def test_answers_wait_for_their_turn_and_none_is_lost(desk):
    card = desk.lay(table := views.Table(views.multiple(), views.RESULTS["multiple"]))
    desk.alive = False
    card.get_by_label("Incident").click()
    card.get_by_label("Weather").click()
    card.get_by_role("button", name="Check my answer").click()
    desk.alive = True
    desk.push(answer=["incident"], saved=1)
    expect(card.locator(".headline")).to_have_text("◐Partly right: 1 of 3")
    assert asked(table) == [{"do": "answer", "value": ["incident", "weather"]}, {"do": "check"}]


def test_a_notice_beside_a_saved_answer_does_not_look_like_a_failure(desk):
    card = desk.lay(views.Table(views.single(trouble="An older sheet was damaged and is kept beside the new one.")))
    card.get_by_label("Juniors").click()
    expect(card.locator(".status")).to_contain_text("Saved. An older sheet was damaged")
    expect(card.get_by_role("button", name="Try again")).to_be_hidden()


def test_a_fault_in_python_is_a_plain_sentence_on_the_card(desk):
    class Full(views.Table):
        def answer(self, _request):
            raise OSError("No space left on device")

    card = desk.lay(Behind(Card(Full(views.single()))))
    card.get_by_label("Juniors").click()
    expect(card.get_by_text(TROUBLE)).to_be_visible()
    expect(card.get_by_label("Juniors")).to_be_checked()
    card.get_by_role("button", name="Try again").click()
    expect(card.get_by_role("button", name="Try again")).to_be_visible()
    expect(card.locator(".status")).not_to_contain_text("lost its engine")


HOSTILE = [
    ["p", {"onclick": "hurt()"}, "<img src=x onerror=hurt()>"],
    ["script", {}, "hurt()"],
    ["a", {"href": "javascript:hurt()"}, "read more"],
    ["a", {"href": " JavaScript:hurt()"}, "and more"],
    ["img", {"src": "x", "onerror": "hurt()"}],
    ["a", {"href": "https://example.org", "onclick": "hurt()"}, "a report"],
    ["iframe", {"src": "https://example.org"}, "framed"],
    {"html": "<b>"},
    None,
    7,
]


def test_hostile_words_stay_words(desk):
    desk.tab.evaluate("() => { window.hurt = () => { throw new Error('hurt') } }")
    text = "<img src=x onerror=hurt()>"
    option = [{"id": 'x" onclick="hurt()', "text": HOSTILE}]
    for kind in views.QUESTIONS:
        options = {"options": option, "rows": option, "columns": option}
        card = desk.lay(
            views.Table(
                views.question(
                    kind,
                    title=text,
                    prompt=HOSTILE,
                    row_label=text,
                    unit=text,
                    result=views.result(headline=text, model=HOSTILE),
                    **options,
                )
            ),
            kind,
        )
        expect(card.get_by_role("heading", name=text)).to_be_visible()
    desk.lay(views.Table(views.scenario() | {"title": text, "scene": {"title": text, "text": HOSTILE}}), "play")
    desk.lay(views.Table(views.figure(note=text, caption=HOSTILE, src="javascript:hurt()")), "figure")
    found = desk.tab.evaluate("""() => [...document.querySelectorAll('main *')].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith('on')).concat(
        ['IMG', 'SCRIPT', 'IFRAME'].includes(element.tagName) && element.hasAttribute('src') ? [element.tagName] : [],
        element.href && !element.href.startsWith('http') ? [element.href] : []))""")
    assert found == []
    report = desk.tab.get_by_role("link", name="a report").first
    assert (report.get_attribute("rel"), report.get_attribute("target")) == ("noopener", "_blank")
    expect(desk.tab.get_by_role("link", name="read more")).to_have_count(0)


def test_an_unknown_kind_is_a_plain_sentence(desk):
    expect(desk.lay(views.Table({"type": "hologram"}))).to_contain_text("This part of the page cannot be shown")
    expect(desk.lay(views.Table(views.question("sing")), "other")).to_contain_text(
        "This part of the page cannot be shown"
    )


def test_words_of_the_interface_can_be_replaced(desk):
    card = desk.lay(views.Table(views.single()), words={"check": "Ver mi respuesta"})
    expect(card.get_by_role("button", name="Ver mi respuesta")).to_be_visible()
    expect(card.get_by_role("button", name="Clear my answer")).to_be_hidden()


# Two of the same


def test_two_views_of_one_question_do_not_clash_and_show_the_same_answer(desk):
    first = desk.lay(views.Table(views.single()), place="first")
    second = desk.lay(desk.tables["card"], place="second")
    first.get_by_label("Nine").click()
    expect(second.get_by_label("Nine")).to_be_checked()
    second.get_by_label("Juniors").click()
    expect(first.get_by_label("Juniors")).to_be_checked()
    expect(second.get_by_label("Juniors")).to_be_checked()
    ids = desk.tab.evaluate("() => [...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))
    numbers = [request["n"] for request in desk.tables["card"].requests]
    assert numbers == sorted(set(numbers))


# In a notebook


def test_a_notebook_card_saves_checks_and_takes_turns(desk):
    card = desk.lay_in_notebook(table := views.Table(views.written(), views.RESULTS["write"]))
    card.get_by_label("Your answer").fill("Begin here")
    card.get_by_role("button", name="Check my answer").click()
    expect(card.get_by_text("We would begin with the mediation board.")).to_be_visible()
    assert [request["n"] for request in table.requests] == [1, 2]


def test_jupyterlab_leaves_the_keys_of_a_card_to_the_card(desk):
    card = desk.lay_in_notebook(views.Table(views.written()))
    # What JupyterLab 4.6 does to fields inside a cell, see `evtKeydown` of its application class.
    desk.tab.evaluate("""() => document.addEventListener("keydown", (event) => event.target.addEventListener(
        "beforeinput", (input) => input.inputType !== "insertText" && input.preventDefault(), { once: true }), true)""")
    field = card.get_by_label("Your answer")
    field.focus()
    desk.keys("a", "Enter", "b")
    assert field.input_value() == "a\nb"
    desk.keys("Control+z")
    assert field.input_value() != "a\nb"
    expect(field).to_have_attribute("data-lm-suppress-shortcuts", "true")


# Scenario, hand-in, figure


def test_a_decision_is_taken_only_with_the_button(desk):
    card = desk.lay(table := views.Play())
    card.get_by_role("button", name="Do this").click()
    expect(card.get_by_text("Choose one of the lines above first.")).to_be_visible()
    card.get_by_label("Ask the mediation board").click()
    assert table.requests == []
    card.get_by_role("button", name="Do this").click()
    expect(card.get_by_role("heading", name="What the board sees")).to_be_focused()
    expect(card.locator(".unseen[role=status]")).to_have_text(
        "What the board sees. Risk 44, up 2, worse. Trust 48, up 3, better"
    )


def test_a_gauge_says_its_name_its_number_and_whether_a_change_is_good(desk):
    card = desk.lay(views.all_tables()["played"])
    expect(card.get_by_label("Risk")).to_have_js_property("value", 44)
    expect(card.locator(".gauge").first).to_contain_text("lower is better")
    expect(card.locator(".gauge").first).to_contain_text("up 2, worse")
    expect(card.locator(".gauge").nth(1)).to_contain_text("up 3, better")
    expect(card.get_by_text("Your decisions have taken 1 of 52 weeks")).to_be_visible()


def test_what_is_impossible_says_why(desk):
    card = desk.lay(views.Play())
    expect(card.get_by_label("Ask parliament")).to_be_disabled()
    expect(card.get_by_text("Parliament does not meet before June.")).to_be_visible()


def test_the_path_so_far_can_be_read_and_a_step_taken_back(desk):
    card = desk.lay(views.all_tables()["played"])
    card.get_by_text("Your path so far", exact=True).click()
    expect(card.get_by_text("1 week · Risk +2, Trust +3")).to_be_visible()
    card.get_by_role("button", name="Step back").click()
    expect(card.get_by_role("heading", name="Monday morning")).to_be_focused()


def test_starting_again_asks_first(desk):
    card = desk.lay(table := views.all_tables()["played"])
    card.get_by_role("button", name="Start again").click()
    expect(card.get_by_role("button", name="Yes, start again")).to_be_focused()
    desk.keys("Escape")
    expect(card.get_by_role("button", name="Start again", exact=True)).to_be_focused()
    desk.keys("Enter", "Enter")
    expect(card.get_by_role("heading", name="Monday morning")).to_be_focused()
    assert asked(table)[1:] == [{"do": "restart"}]


def test_an_ending_is_clearly_an_ending(desk):
    card = desk.lay(views.all_tables()["played"])
    card.get_by_role("button", name="Go on").click()
    expect(card.get_by_text("How it ends")).to_be_visible()
    expect(card.get_by_role("heading", name="A quiet autumn")).to_be_focused()
    expect(card.get_by_role("button", name="Go on")).to_have_count(0)


def test_handing_in_needs_a_code_name_and_can_be_repeated(desk):
    card = desk.lay(table := views.Table(views.handin()))
    expect(card.get_by_text("8 of 10 questions are answered")).to_be_visible()
    expect(card.get_by_role("listitem").first).to_have_text("Who hears first?")
    card.get_by_role("button", name="Hand in").click()
    expect(card.get_by_label("Your code name")).to_be_focused()
    expect(card.get_by_text("Write a code name first.")).to_be_visible()
    card.get_by_label("Your code name").fill("blue-heron")
    card.get_by_role("button", name="Hand in").click()
    expect(card.get_by_text("handed_in/blue-heron.json")).to_be_visible()
    card.get_by_role("button", name="Hand in again").click()
    expect(card.locator("[role=status] .headline")).to_be_visible()
    assert asked(table)[:2] == [{"do": "code", "value": "blue-heron"}, {"do": "hand-in"}]


def test_a_double_click_hands_in_once(desk):
    card = desk.lay(table := views.Table(views.handin() | {"code": "blue-heron"}))
    card.get_by_role("button", name="Hand in").dblclick()
    expect(card.get_by_text("handed_in/blue-heron.json")).to_be_visible()
    assert asked(table) == [{"do": "hand-in"}]


def test_a_code_name_is_tidied_only_when_one_has_left_the_field(desk):
    class Tidy(views.Table):
        def code(self, request):
            self.now["code"] = request["value"].lower().replace(" ", "-")

    card = desk.lay(table := Tidy(views.handin()))
    field = card.get_by_label("Your code name")
    field.fill("Blue H")
    desk.tab.wait_for_timeout(700)
    assert (table.now["code"], field.input_value()) == ("blue-h", "Blue H")
    field.press_sequentially("eron")
    field.blur()
    expect(field).to_have_value("blue-heron")


def test_a_figure_speaks_only_when_it_comes_to_rest(desk):
    card = desk.lay(views.Table(views.figure()))
    expect(card.get_by_role("img", name="A bar chart with two bars")).to_be_visible()
    for note in ("One.", "Two.", "Three."):
        desk.push(note=note, alt=note)
    expect(card.get_by_role("img", name="Three.")).to_be_visible()
    expect(card.get_by_role("status").filter(has_text="Three.")).to_be_visible()
    card.get_by_text("Show the figures as a table").click()
    expect(card.get_by_role("columnheader", name="Before")).to_be_visible()


def test_what_a_figure_says_now_stands_above_its_sources(desk):
    card = desk.lay(views.Table(views.figure()))
    says, caption = (
        card.get_by_role("status").filter(has_text="Most of the money"),
        card.get_by_text("Invented figures."),
    )
    assert says.bounding_box()["y"] < caption.bounding_box()["y"]


# Everybody can read it


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (360, "plain")])
def test_axe_finds_nothing_to_complain_about(desk, width, theme):
    desk.tab.set_viewport_size({"width": width, "height": 900})
    desk.open(theme)
    desk.lay_all()
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(desk.tab, options={"runOnly": {"type": "tag", "values": levels}}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found] == []


@pytest.mark.parametrize("width", [360, 320, 640])
def test_nothing_scrolls_sideways_on_a_phone_or_enlarged(desk, width):
    desk.tab.set_viewport_size({"width": width, "height": 800})
    desk.lay_all()
    if width == 640:
        desk.tab.evaluate("document.documentElement.style.zoom = 2")
    beyond = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert desk.tab.evaluate(beyond) <= 0


@pytest.mark.parametrize("theme", ["plain", "light", "dark"])
def test_the_edges_of_controls_stand_out(desk, theme):
    desk.open(theme)
    desk.lay_all()
    weak = desk.tab.evaluate("""() => {
        const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const bright = (colour, under) => {
            for (const layer of [under, colour]) { brush.fillStyle = layer; brush.fillRect(0, 0, 1, 1); }
            const line = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
            const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
            return 0.2126 * line(red) + 0.7152 * line(green) + 0.0722 * line(blue);
        };
        return [...document.querySelectorAll("select, .field, .act:enabled, meter")].map((control) => {
            const paper = getComputedStyle(control.closest(".workshop-card")).backgroundColor;
            const [edge, ground] = [bright(getComputedStyle(control).borderTopColor, paper), bright(paper, paper)];
            return [control.outerHTML, (Math.max(edge, ground) + 0.05) / (Math.min(edge, ground) + 0.05)];
        }).filter(([, contrast]) => contrast < 3);
    }""")
    assert weak == []


@pytest.mark.parametrize("width", [1280, 360])
def test_everything_to_press_is_large_enough(desk, width):
    desk.tab.set_viewport_size({"width": width, "height": 900})
    desk.lay_all()
    small = desk.tab.evaluate("""() => [...document.querySelectorAll("button, select, .option, summary, .field")]
        .filter((target) => target.checkVisibility())
        .filter((target) => Math.min(target.getBoundingClientRect().width, target.getBoundingClientRect().height) < 24)
        .map((target) => target.outerHTML)""")
    assert small == []


# The Python side


def test_a_request_changes_the_view():
    card = Card(table := views.Table(views.single()))
    card.request = {"n": 1, "do": "answer", "value": "juniors"}
    assert (card.view["answer"], card.view["saved"]) == ("juniors", 1)
    assert len(table.requests) == 1


def test_a_reply_that_says_nothing_new_arrives_all_the_same():
    card = Card(table := views.Table(views.figure()))
    table.handle = lambda _request: table.now
    arrived = []
    card.observe(arrived.append, "view")
    card.request = {"n": 1, "do": "answer"}
    card.request = {"n": 2, "do": "answer"}
    assert len(arrived) == 2


def test_a_fault_becomes_trouble_and_the_view_stays():
    card = Card(views.Table(views.single(answer="nine")))
    card.request = {"n": 1, "do": "dance"}
    assert {"trouble": TROUBLE, "answer": "nine", "saved": 0, "heard": 1}.items() <= card.view.items()


def test_a_view_changed_elsewhere_is_shown_on_refresh():
    card = Card(table := views.Table(views.single()))
    table.now["answer"] = "nine"
    assert card.view["answer"] is None
    card.refresh()
    assert card.view["answer"] == "nine"
