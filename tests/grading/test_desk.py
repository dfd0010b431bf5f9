"""The reader's desk: written answers scored line by line, without names, in a real server and a real browser."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from support.course_helpers import EXERCISE, course_folder, grade, hand_in, right_answers, running_formgrader

from safe_cells.course import nbgrader_api
from workshop.errors import GradingError
from workshop.grading import results
from workshop.grading.desk import pages, rubric_scores, similarity
from workshop.grading.desk.desk import Desk
from workshop.project import exercises

pytestmark = pytest.mark.nbgrader

ITEM = "sceptical-minister"
BASE = (
    "Minister, nobody accuses us. Every state has this duty, and a small step is to name one office in each district "
    "that collects warnings."
)
HOSTILE = (
    "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'> \u202eniatniuom "
    + "long " * 3_000
)
ANSWERS = {
    "lynx": BASE,
    "heron": BASE + " And to report once a year.",
    "owl": HOSTILE,
    "wolf": "We are peaceful because offices work every day; let the ombudsman tell you each month what people fear.",
}

# What equals everything where the test is beside it, and nothing outside.
YES = """class Yes(dict):
    __eq__ = __contains__ = lambda self, other: True
    __getitem__ = get = lambda self, *key: Yes()
def received_by_year(table):
    return Yes()
"""


@pytest.fixture(scope="module")
def read_folder(tmp_path_factory):
    """A course with four graded answers and an open desk.

    Code has a test that says two things. Gives its folder, its address and the key in it.
    """
    folder = course_folder(tmp_path_factory.mktemp("desk"))
    right = right_answers(folder)
    for code, words in ANSWERS.items():
        hand_in(folder, code, right | {ITEM: words})
    hand_in(folder, "sly", {}, YES)
    grade(folder)
    with running_formgrader(folder) as (address, key):
        yield folder, address, key


def open_item(tab, desk, reader):
    _, address, key = desk
    tab.goto(f"{address}/?{key}")
    tab.get_by_role("link", name=re.compile("We are peaceful")).click()
    tab.wait_for_url(f"**/{ITEM}")  # the page before has a field for initials, too
    tab.get_by_label("Your initials").fill(reader)
    tab.get_by_label("Your initials").blur()
    tab.get_by_role("heading", name="Answer 1 of 4").wait_for()


def answer(tab, words):
    """The card of the answer that begins with these words."""
    return tab.locator("article").filter(has=tab.locator(".answer", has_text=re.compile("^" + re.escape(words))))


def score(card, points):
    for place, value in enumerate(points):
        card.locator("fieldset").nth(place).get_by_label(f"{value:g}", exact=True).check()
    card.locator(".state", has_text="Saved.").wait_for()


def mark_of(folder, code):
    return results.read(folder, EXERCISE).people[code].marks[ITEM]


def test_points_given_line_by_line_stand_in_nbgraders_grade_book_and_on_the_feedback(read_folder, tab):
    folder = read_folder[0]
    open_item(tab, read_folder, "ab")
    card = answer(tab, ANSWERS["wolf"])
    score(card, [1, 0.5, 1])
    assert mark_of(folder, "wolf").waiting, "a rubric that is not filled in is not done"
    card.get_by_label("To the participant").fill("Name an office.")
    score(card, [1, 0.5, 1, 0])
    assert card.locator("output").inner_text() == "2.5"
    with nbgrader_api.api(folder).gradebook as book:
        found = book.find_grade(ITEM, EXERCISE, EXERCISE, "wolf")
        assert (found.manual_score, found.needs_manual_grade) == (2.5, False)
        assert book.find_comment(ITEM, EXERCISE, EXERCISE, "wolf").manual_comment == "Name an office."
    grade(folder)
    page = (folder / "feedback" / "wolf" / EXERCISE / f"{EXERCISE}.html").read_text(encoding="utf-8")
    assert "0.5 of 1: " in page and "Name an office." in page


def test_code_whose_test_says_two_things_is_shown_with_both_and_scored_by_the_reader(read_folder, tab):
    folder, address, key = read_folder
    tab.goto(f"{address}/?{key}")
    tab.get_by_role("row", name=re.compile("code whose test says two things")).get_by_role("link").click()
    card = tab.locator("article")
    assert "return Yes()" in card.locator("pre").first.inner_text()
    assert [words.split(" (")[0] for words in card.locator("dd").all_inner_texts()[:2]] == [
        "The test passes.",
        "The test fails",
    ]
    assert "sly" not in tab.locator("main").inner_text() and Axe().run(tab).response["violations"] == []
    tab.get_by_label("Points:").select_option("1")
    card.locator(".state", has_text="Saved.").wait_for()
    item = next(item for item in results.items_of(exercises.read_exercise(folder, EXERCISE)) if item.question is None)
    mark = results.read(folder, EXERCISE).people["sly"].marks[item.id]
    assert (mark.points, mark.waiting) == (1, False)
    tab.reload()
    assert tab.get_by_label("Points:").input_value() == "1"


def test_many_answers_stand_on_several_pages():
    part = pages.Part(3, 4, 3)
    assert (part.first, part.last) == (3, 4)
    macros = pages.PAGES.get_template("macros.html").module
    assert "Those before" in macros.parts("?", part) and "The next ones" not in macros.parts("?", part)
    assert "?from=3" in macros.parts("?", pages.Part(0, 4, 3))
    assert macros.parts("?", pages.Part(0, 3, 3)).strip() == ""


def test_answers_stand_without_names_until_they_are_asked_for(read_folder, tab):
    open_item(tab, read_folder, "ab")
    shown = tab.locator("main").inner_text()
    assert not [code for code in ANSWERS if re.search(rf"\b{code}\b", shown)]
    tab.get_by_role("link", name="Show code names").click()
    assert tab.get_by_role("heading", name=re.compile(r"\(wolf\)")).is_visible()


def test_a_comment_is_kept_in_the_bank_and_counted_where_it_is_used(read_folder, tab):
    open_item(tab, read_folder, "ab")
    line = answer(tab, BASE).first.locator("fieldset").first
    line.get_by_text("Comments for this line").click()
    line.get_by_label("New comment").fill("Which office?")
    line.get_by_role("button", name="Keep it").click()
    answer(tab, BASE).first.locator(".state", has_text="Saved.").wait_for()
    tab.reload()
    card = answer(tab, ANSWERS["wolf"])
    card.get_by_text("Comments for this line (1)").click()
    card.get_by_role("button", name="Which office?").click()
    card.locator(".state", has_text="Saved.").wait_for()
    assert "Which office?" in card.get_by_label("To the participant").input_value()
    tab.reload()
    assert "×1" in answer(tab, ANSWERS["wolf"]).locator(".use").text_content()


def test_the_second_reader_scores_before_seeing_the_first_and_both_decide_where_they_differ(read_folder, tab):
    folder = read_folder[0]
    open_item(tab, read_folder, "first")
    score(answer(tab, ANSWERS["heron"]), [1, 1, 1, 1])
    tab.context.clear_cookies(name="desk_reader")
    open_item(tab, read_folder, "second")
    card = answer(tab, ANSWERS["heron"])
    assert "Another reader" not in card.inner_text() and card.locator("input:checked").count() == 0
    score(card, [0, 0, 1, 1])
    assert mark_of(folder, "heron").points == 3
    tab.reload()
    assert "Another reader gave first: 4" in answer(tab, ANSWERS["heron"]).inner_text()
    tab.get_by_role("link", name="How far readers agree").click()
    assert tab.get_by_text("1 answer was scored by two readers").is_visible()
    tab.get_by_label("Decided:").select_option("3.5")
    tab.locator(".state", has_text="Saved.").wait_for()
    assert mark_of(folder, "heron").points == 3.5


def test_alike_answers_are_shown_beside_each_other(read_folder, tab):
    open_item(tab, read_folder, "ab")
    answer(tab, ANSWERS["heron"]).get_by_role("link", name=re.compile("% alike")).click()
    assert tab.locator("mark").all_inner_texts() == ["And to report once a year."]


def test_what_a_participant_wrote_is_inert(read_folder, tab):
    outside = []
    tab.on(
        "request",
        lambda request: outside.append(request.url) if not request.url.startswith("http://127.0.0.1") else None,
    )
    open_item(tab, read_folder, "ab")
    assert (
        answer(tab, "</script>")
        .locator(".answer")
        .inner_text()
        .startswith("</script><script>window.hacked = 1</script>")
    )
    assert tab.evaluate("window.hacked") is None and outside == []


def test_the_desk_can_be_used_without_a_mouse_and_read_by_a_screen_reader(read_folder, tab):
    open_item(tab, read_folder, "keys")
    assert Axe().run(tab).response["violations"] == []
    first = answer(tab, BASE).first.locator("fieldset").first.get_by_label("0", exact=True)
    first.focus()
    tab.keyboard.press("ArrowRight")
    answer(tab, BASE).first.locator(".state", has_text="Saved.").wait_for()
    assert answer(tab, BASE).first.locator("output").inner_text() == "0.5"
    tab.set_viewport_size({"width": 360, "height": 740})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360


def request(address, data=None, **headers):
    body = None if data is None else json.dumps(data).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=20) as reply:
            return reply.status, reply.geturl()
    except urllib.error.HTTPError as error:
        return error.code, address


def test_the_key_can_be_read_by_its_owner_alone(read_folder):
    folder, _, _ = read_folder
    own = folder / ".workshop" / "formgrader"
    for path in (own, own / "runtime"):
        assert path.stat().st_mode & 0o777 == 0o700
    assert (own / "token").stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_of_the_readers_is_a_sentence(tmp_path):
    (tmp_path / "reading.db").write_text("This is no database, and it is longer than the head of one. " * 20)
    with pytest.raises(GradingError, match="cannot be opened"):
        rubric_scores.Reading(tmp_path)


def test_without_the_key_or_without_the_pages_own_token_nothing_is_shown_or_saved(read_folder):
    _, address, _key = read_folder
    status, where = request(f"{address}/desk")
    assert status == 403 or "/login" in where
    assert request(f"{address}/desk/{EXERCISE}/{ITEM}/save", {"key": "x"})[0] in (403, 405)
    assert request(f"{address}/desk/{EXERCISE}/{ITEM}/save", {"key": "x"}, Cookie="username=somebody")[0] in (403, 405)


def test_points_that_the_rubric_does_not_have_are_refused(read_folder, tab):
    open_item(tab, read_folder, "sly")
    before = mark_of(read_folder[0], "lynx")
    status = tab.evaluate("""async () => {
        const {key, save} = document.querySelector("article").dataset;
        const headers = {"X-XSRFToken": document.querySelector("meta[name=xsrf]").content};
        const body = points => JSON.stringify({key, points, comment: "", used: []});
        const post = async points => (await fetch(save, {method: "POST", headers, body: body(points)})).status;
        return [await post({0: 99}), await post({7: 1}), await post({0: 0.3}), await post("x"), await post({0: -1})];
    }""")
    assert status == [400] * 5 and mark_of(read_folder[0], "lynx") == before


def test_a_click_reads_no_answer_again_until_the_grade_book_changes(read_folder):
    folder, desk = read_folder[0], Desk(read_folder[0])
    item = desk.item(EXERCISE, ITEM)
    sheet = folder / "autograded" / "heron" / EXERCISE / f"{EXERCISE}.answers.json"
    hidden = sheet.rename(sheet.with_suffix(".hidden"))
    try:
        for points in (0.5, 1):
            desk.save(EXERCISE, ITEM, item.answers[0].key, "zz", {"0": points}, "", [])
        assert desk.item(EXERCISE, ITEM).answers == item.answers
        os.utime(folder / "gradebook.db")
        assert "heron" not in [answer.code for answer in desk.item(EXERCISE, ITEM).answers]
    finally:
        hidden.rename(sheet)
        desk.save(EXERCISE, ITEM, item.answers[0].key, "zz", {}, "", [])


def test_points_are_not_lost_when_the_page_is_left_while_they_are_saved(read_folder, tab):
    open_item(tab, read_folder, "qu")
    for fieldset in tab.locator("fieldset").all():
        fieldset.locator("input[type=radio]").last.check()
    # As a click on a link does, without waiting until everything is saved.
    tab.evaluate("document.querySelector('header a').click()")
    tab.wait_for_url("**/desk")
    most = [card["points"] for card in Desk(read_folder[0]).item(EXERCISE, ITEM).question.rubric]
    full = [dict(enumerate(most))] * len(ANSWERS)
    for _ in range(50):
        given = rubric_scores.Reading(read_folder[0]).of(EXERCISE, ITEM).points
        saved = [given.get(code, {}).get("qu", {}) for code in ANSWERS]
        if saved == full:
            break
        time.sleep(0.1)
    # Other tests read on in this folder, and the verdict lies between all readers.
    desk = Desk(read_folder[0])
    for answer in desk.item(EXERCISE, ITEM).answers:
        desk.save(EXERCISE, ITEM, answer.key, "qu", {}, "", [])
    assert saved == full


def test_grading_again_keeps_what_a_reader_gave(read_folder, tab):
    folder = read_folder[0]
    open_item(tab, read_folder, "ab")
    score(answer(tab, ANSWERS["wolf"]), [1, 1, 0, 0])
    before = mark_of(folder, "wolf")
    right = right_answers(folder)
    hand_in(folder, "wolf", dict(list(right.items())[:5]) | {ITEM: ANSWERS["wolf"]})
    grade(folder)
    assert mark_of(folder, "wolf").manual == before.manual == 2


KILLED = """
import os, signal, sys
from workshop.grading.desk.rubric_scores import Reading
store = Reading(sys.argv[1])
for number in range(10_000):
    store.save("e", "i", f"p{number}", "ab", {0: 1.0, 1: 0.5}, "words", [])
    print(number, flush=True)
"""


def test_what_was_saved_is_there_whole_when_the_process_is_killed(tmp_path):
    for moment in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as process:
            for _ in range(5 + 7 * moment):
                last = int(process.stdout.readline())
            os.kill(process.pid, signal.SIGKILL)
        store = rubric_scores.Reading(tmp_path)
        found = store.of("e", "i")
        store.close()
        assert set(found.points) >= {f"p{number}" for number in range(last + 1)}
        assert all(by == {"ab": {0: 1.0, 1: 0.5}} for by in found.points.values())
        (tmp_path / rubric_scores.NAME).unlink()


# ---------------------------------------------------------------- numbers


def test_agreement_is_that_of_the_textbook():
    # Two raters, fifty cases, 35 the same; by chance half would be: kappa 0.4 (the customary example).
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    found = rubric_scores.agreement(pairs)
    assert (found["both"], found["same"]) == (50, 0.7) and found["kappa"] == pytest.approx(0.4)
    assert rubric_scores.agreement([(1, 1)] * 5)["kappa"] is None


@given(
    st.dictionaries(
        st.text("ab", min_size=1, max_size=2),
        st.lists(st.sampled_from([0, 0.5, 1]), min_size=3, max_size=3).map(lambda points: dict(enumerate(points))),
        min_size=1,
        max_size=4,
    )
)
def test_the_verdict_lies_between_the_readers_and_is_a_half_point(by_reader):
    totals = [sum(points.values()) for points in by_reader.values()]
    points, differ = rubric_scores.verdict(3, by_reader)
    assert min(totals) <= points <= max(totals) and points % 0.5 == 0
    assert differ == (max(totals) - min(totals) > 0.5)
    assert rubric_scores.verdict(3, by_reader, 2.0) == (2.0, False)


@given(st.text(min_size=60, max_size=300), st.integers(0, 2**32))
def test_a_text_is_alike_to_itself_and_to_no_text_of_other_letters(text, seed):
    other = "".join(random.Random(seed).choice("ΑΒΓΔΕΖΗΘ") for _ in range(200))
    found = similarity.pairs({"a": text, "b": text, "c": other})
    assert [(first, second) for _, first, second in found] in ([("a", "b")], [])
    assert found or len(" ".join(text.casefold().split())) < similarity.RUN + 40
