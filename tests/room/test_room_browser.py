"""The room in real browsers: phones of participants, the facilitator's board, a network that goes and comes back."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from support.rooms import answer, ask, room_folder, running_room, views

from workshop.project import project

LESSON = "m02_challenges"
HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return room_folder(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def choice(folder):
    return next(question for question in project.read(folder).lesson(LESSON).questions if question.kind == "single")


@pytest.fixture(scope="module")
def room(folder):
    with running_room(folder) as room:
        yield room


@pytest.fixture
def phones(chromium, room):
    """Makes phones, each a browser of its own, which reach this room and no other host."""
    contexts, outside = [], []

    def phone(width=360, height=740, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)

        def through(route):
            if route.request.url.startswith((room.address, "data:", "blob:")):
                return route.continue_()
            outside.append(route.request.url)
            return route.abort()

        context.route("**/*", through)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield phone
    for context in contexts:
        context.close()
    assert outside == []


def come_in(page, room, name):
    page.goto(f"{room.address}/?code={room.code}")
    page.get_by_label("Your name here").fill(name)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="All pages").wait_for()


def open_board(page, room):
    page.goto(room.board)
    page.get_by_text("Connected now").wait_for()


def card_of(page, question):
    card = page.locator("article.workshop-card").filter(
        has=page.get_by_role("heading", name=question.title, exact=True)
    )
    card.wait_for()
    return card


def open_lesson(page, room, name, question):
    come_in(page, room, name)
    page.get_by_role("link", name="Challenges").first.click()
    return card_of(page, question)


def test_what_a_participant_answers_is_saved_and_moves_the_board(phones, room, choice):
    board = phones(1280, 900)
    board.goto(room.board)
    board.get_by_role("heading", name="The board").wait_for()
    phone = phones()
    card = open_lesson(phone, room, "blue-heron", choice)
    card.get_by_role("radio").first.check()
    card.get_by_text("Saved.").wait_for()
    board.locator("#seats li", has_text="blue-heron: 1 answered").wait_for()
    card.get_by_role("button", name="Check my answer").click()
    card.locator(".result").wait_for()


def test_answers_wait_while_the_network_is_gone_and_go_out_in_order_when_it_is_back(phones, room, choice):
    phone = phones()
    card = open_lesson(phone, room, "cut-off", choice)
    card.get_by_role("radio").first.check()
    card.get_by_text("Saved.").wait_for()
    phone.context.set_offline(True)
    card.get_by_role("radio").nth(1).check()
    card.get_by_text("it waits on this device").wait_for()
    card.get_by_role("radio").nth(2).check()
    assert phone.locator("#line").inner_text().startswith("No connection.")
    phone.context.set_offline(False)
    card.get_by_text("Saved.").wait_for()
    assert not phone.locator("#line").is_visible()
    phone.reload()
    assert card_of(phone, choice).get_by_role("radio").nth(2).is_checked()


def test_what_waited_in_a_page_that_was_closed_goes_out_when_it_is_opened_again(phones, room, choice):
    phone = phones()
    card = open_lesson(phone, room, "closed-early", choice)
    phone.context.set_offline(True)
    card.get_by_role("radio").nth(1).check()
    card.get_by_text("it waits on this device").wait_for()
    phone.goto("about:blank")
    phone.context.set_offline(False)
    phone.goto(f"{room.address}/page/{LESSON}")
    assert card_of(phone, choice).get_by_role("radio").nth(1).is_checked()


def test_what_is_typed_while_an_earlier_answer_is_saved_stays_in_its_field(phones, room, folder):
    lesson = project.read(folder).lesson("m01_common_language")
    dated = next(question for question in lesson.questions if question.kind == "timeline")
    phone = phones()
    come_in(phone, room, "fast-typist")
    phone.goto(f"{room.address}/page/{lesson.name}")
    card = card_of(phone, dated)
    first = card.get_by_role("spinbutton").first.element_handle()
    for place, row in enumerate(dated.rows):
        card.get_by_role("spinbutton").nth(place).fill(str(dated.years[row.id]))
    card.get_by_role("button", name="Check my answer").click()
    card.locator(".headline", has_text="Right").wait_for()
    assert first.evaluate("field => field.isConnected"), "the card was drawn anew under the hands of who types"
    phone.reload()
    typed = [field.input_value() for field in card_of(phone, dated).get_by_role("spinbutton").all()]
    assert typed == [str(dated.years[row.id]) for row in dated.rows]


def test_without_the_script_the_page_can_be_read_and_says_what_is_missing(phones, room, choice):
    phone = phones(java_script_enabled=False)
    come_in(phone, room, "no-script")
    phone.get_by_role("link", name="Challenges").first.click()
    place = phone.locator(f"#q-{choice.id}")
    assert choice.title in place.inner_text() and "your browser must run this page's script" in place.inner_text()
    assert place.locator("li").count() == len(choice.options)


def test_a_scenario_is_played_on_a_phone(phones, room):
    phone = phones()
    come_in(phone, room, "player-one")
    phone.get_by_role("link", name="Challenges").first.click()
    card = phone.locator("[data-card^=s-] article")
    card.get_by_role("button", name="Close the folder and decide where to begin").click()
    card.get_by_role("button", name="Do this").wait_for()
    phone.reload()
    card.get_by_role("button", name="Step back").click()
    card.get_by_role("button", name="Close the folder and decide where to begin").wait_for()


def test_the_facilitator_sets_the_pace_on_every_phone(phones, room):
    phone, board = phones(), phones(1280, 900)
    come_in(phone, room, "in-step")
    open_board(board, room)
    board.get_by_role("button", name="Silent writing first").click()
    phone.get_by_text("Silent writing first: everybody answers alone").wait_for()
    board.get_by_role("button", name="Start").click()
    phone.get_by_text("Time left:").wait_for()
    board.get_by_role("button", name="Send", exact=True).click()
    phone.get_by_role("link", name=re.compile("Orvane")).click()
    phone.locator("[data-card^=s-] article").wait_for()
    board.get_by_role("button", name="Ask", exact=True).click()
    phone.get_by_role("link", name="write what you say on question a").click()
    phone.get_by_label("In one or two sentences").fill("Offices change, and nobody hands over the list.")
    phone.get_by_role("button", name="Say it").click()
    phone.get_by_text("Saved.").wait_for()
    board.locator("#statements textarea").wait_for()
    assert board.locator("#statements textarea").input_value() == "Offices change, and nobody hands over the list."
    for name in ("Take it away", "Stop", "Take the invitation back", "Enough"):
        with board.expect_response("**/api/board"):
            board.get_by_role("button", name=name).click()


def test_a_phone_is_told_when_more_of_its_page_is_open(phones, room):
    phone, board = phones(), phones(1280, 900)
    open_board(board, room)
    board.get_by_text("Open and close pages and their parts").click()
    choose = board.locator("[data-until=m05_east_asia]")
    choose.select_option(index=1)
    come_in(phone, room, "waits-for-more")
    phone.get_by_role("link", name=re.compile("East Asia")).first.click()
    phone.get_by_text("More of this page follows.").wait_for()
    choose.select_option(index=0)
    phone.get_by_role("link", name="load it again").click()
    phone.get_by_text("More of this page follows.").wait_for(state="detached")
    phone.get_by_role("heading", name="Sources of this page").wait_for()


def test_a_spread_is_opened_on_the_board_and_shown_on_the_wall(phones, room, choice):
    for number in range(5):
        answer(room.person(f"wall-{number}"), LESSON, choice.id, choice.options[number % 2].id)
    board = phones(1280, 900)
    board.goto(room.board)
    board.locator("#questions, #other-questions").get_by_role("button", name=f"Open: {choice.title}").first.click()
    with board.context.expect_page() as opened:
        board.get_by_role("link", name="Show it on the wall").click()
    wall = opened.value
    wall.get_by_role("heading", name=choice.title).wait_for()
    assert wall.locator("meter").count() == len(choice.options)
    board.locator("#opened").get_by_role("button", name="Close").click()
    wall.get_by_text("Closed. Open it on the board.").wait_for()


def test_groups_stand_side_by_side_on_the_wall(phones, room):
    board = room.facilitator()
    board.post("/api/board", json={"do": "send", "page": LESSON, "card": "s-orvane"})
    for name in ("one-table", "other-table"):
        ask(
            room.person(name, people=4),
            LESSON,
            "s-orvane",
            {"do": "choose", "choice": "a-promise-made-abroad:where-to-begin", "n": 1},
        )
    wall = phones(1280, 900)
    wall.goto(room.board)
    wall.get_by_role("heading", name="Groups side by side").wait_for()
    wall.goto(f"{room.address}/screen/groups")
    for name in ("one-table", "other-table"):
        wall.get_by_role("row", name=re.compile(name)).wait_for()
    board.post("/api/board", json={"do": "send"})


def test_what_somebody_wrote_is_inert_on_the_board_and_in_the_record(phones, room):
    person = room.person("quiet-person")
    person.post(
        "/api/statements", json={"token": "x", "heading": "b", "relation": "adds", "about": "", "words": HOSTILE}
    )
    board = phones(1280, 900)
    for address in (room.board, f"{room.address}/record"):
        board.goto(address)
        board.locator("text=window.hacked").or_(board.locator("#statements textarea")).first.wait_for()
        assert board.evaluate("window.hacked") is None
    with board.expect_download() as download:
        board.get_by_role("link", name="HTML").click()
    board.context.unroute_all()
    board.goto(f"file://{download.value.path()}")
    assert board.evaluate("window.hacked") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_all_on_a_small_phone(phones, room, scheme, choice):
    phone = phones(color_scheme=scheme)
    phone.goto(f"{room.address}/?code={room.code}")
    faults = {}

    def look(name):
        faults[name] = [
            (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
            for one in Axe().run(phone).response["violations"]
        ]
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, name

    look("coming in")
    open_lesson(phone, room, f"reader-{scheme}", choice)
    look("lesson")
    for path in ("/", "/seat", "/statements"):
        phone.goto(room.address + path)
        look(path)
    phone.goto(room.board)
    phone.get_by_role("heading", name="The board").wait_for()
    look("board")
    assert {name: found for name, found in faults.items() if found} == {}


def test_the_way_in_and_an_answer_need_no_mouse(phones, room, choice):
    phone = phones(1280, 900)
    phone.goto(f"{room.address}/?code={room.code}")
    phone.get_by_label("Your name here").fill("keys-only")
    phone.keyboard.press("Enter")
    phone.get_by_role("heading", name="All pages").wait_for()
    phone.get_by_role("link", name="Challenges").first.focus()
    phone.keyboard.press("Enter")
    card = card_of(phone, choice)
    card.get_by_role("radio").first.focus()
    phone.keyboard.press("Space")
    card.get_by_text("Saved.").wait_for()
    assert views(room.person("other-one"), LESSON)[f"q-{choice.id}"]["answer"] is None
