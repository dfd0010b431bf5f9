"""Cards, room and board in another language: longer words, from right to left, and no English left in between."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import pseudo_language, views
from support.card_desk import Desk
from support.rooms import room_folder, served

from workshop.cards import browser_files
from workshop.project import project
from workshop.room.app import application
from workshop.room.room import Room
from workshop.room.store import Store

LESSON = "m02_challenges"
# Words that stand by themselves; with values in them they could not be found again.
ENGLISH = [text for text in browser_files.catalogue()["texts"].values() if isinstance(text, str) and "{" not in text]
BEYOND = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
# The headline of a result is Python's.
OURS = ".workshop-card :not(.headline, .headline *), #line, #pace *, #opened *, #questions *, #statements *"
SAID = f"""() => [...document.querySelectorAll("{OURS}")]
    .flatMap((each) => [each.textContent.trim(), each.getAttribute("aria-label") ?? ""])"""


@pytest.fixture
def desk(tab, site):
    """A page on which cards speak that language."""
    words = json.dumps(pseudo_language.catalogue(), ensure_ascii=False)
    tab.route("**/texts.en.json", lambda route: route.fulfill(body=words, content_type="application/json"))
    desk = Desk(tab, site)
    yield desk
    assert desk.complaints == []


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A room that speaks it, and the address at which it listens."""
    folder = room_folder(tmp_path_factory.mktemp("room"))
    store = Store(folder / "room")
    room = Room(folder, project.read(folder), store, words=pseudo_language.catalogue())
    with served(application(room)) as room.address:
        yield room


def come_in(page, room, name):
    """Take a seat, and wait until its first page is there as a whole."""
    page.goto(f"{room.address}/?code={room.access.code}")
    page.get_by_label("Your name here").fill(name)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="All pages").wait_for()
    page.wait_for_load_state("networkidle")


def english_in(page):
    """What the browser's code still says in English; other words of the room's pages come from Python."""
    return sorted(set(ENGLISH) & set(page.evaluate(SAID)))


@pytest.mark.parametrize("width", [360, 1280])
def test_cards_of_every_kind_have_room_for_longer_words(desk, width):
    desk.tab.set_viewport_size({"width": width, "height": 900})
    desk.lay_all()
    assert desk.tab.evaluate(BEYOND) <= 0
    assert english_in(desk.tab) == []


def test_cards_say_their_language_and_run_from_right_to_left(desk):
    card = desk.lay(views.Table(views.single())).locator(".workshop-card")
    assert (card.get_attribute("lang"), card.get_attribute("dir")) == ("ar-XB", "rtl")
    box, words = (card.locator(part).first.bounding_box() for part in (".option input", ".option span"))
    assert box["x"] > words["x"] + words["width"] - 1


def test_cards_can_be_answered_and_are_read_out_in_that_language(desk):
    card = desk.lay(table := views.Table(views.multiple(), views.RESULTS["multiple"]))
    card.get_by_label("Incident").click()
    card.get_by_role("button", name=pseudo_language.pseudo("Check my answer")).click()
    expect(card.locator(".note").first).to_contain_text(pseudo_language.pseudo("You chose this, and it is right"))
    assert table.now["answer"] == ["incident"]
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(desk.tab, options={"runOnly": {"type": "tag", "values": levels}}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_a_page_of_the_room_speaks_it_from_the_first_line(tab, room):
    tab.set_viewport_size({"width": 360, "height": 740})
    come_in(tab, room, "kea-robin")
    tab.goto(f"{room.address}/page/{LESSON}")
    expect(tab.locator("article.workshop-card .status").first).to_contain_text("⟦")
    assert tab.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar-XB", "rtl"]
    assert tab.evaluate(BEYOND) <= 0
    assert english_in(tab) == []


def test_a_page_loads_each_module_once_and_a_scenario_only_where_there_is_one(tab, room):
    come_in(tab, room, "owl-heron")
    loaded = []
    tab.on("request", lambda request: loaded.append(request.url) if "/static/" in request.url else None)
    tab.goto(f"{room.address}/page/graded/{LESSON}")
    expect(tab.get_by_role("button", name=pseudo_language.pseudo("Hand in"), exact=True)).to_be_visible()
    assert sorted(loaded) == sorted(set(loaded))
    known = tab.evaluate("[...document.querySelectorAll('link, script')].map((each) => each.href || each.src)")
    assert [url.rpartition("/")[2] for url in loaded if url not in known] == ["hand_in.js"]


def test_the_board_speaks_it_too(tab, room):
    tab.goto(f"{room.address}/board/{room.store.settings.board}")
    expect(tab.locator("#who")).to_contain_text("⟦")
    assert english_in(tab) == []
    assert tab.evaluate(BEYOND) <= 0
