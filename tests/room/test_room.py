"""The room as its server answers: who comes in, what is stored once and for good, what nobody gets to see."""

import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.course_helpers import EXERCISE, grade, hand_in, right_answers
from support.rooms import answer, ask, launch, room_folder, room_here, running_room, running_study, views

from workshop.answers.sheet import SaveError
from workshop.grading import results
from workshop.project import project
from workshop.room import distribution, server
from workshop.room import store as store_module
from workshop.room.addresses import play_card
from workshop.room.seat_cards import Desks
from workshop.room.shown_answers import ShownAnswers
from workshop.room.store import Store, StoreError

LESSON, CHOICE = "m02_challenges", "still-one-ministry"
GRADED = f"graded/{EXERCISE}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return room_folder(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def texts(folder):
    return project.read(folder)


@pytest.fixture(scope="module")
def choice(texts):
    """A question of the lesson in which one line is chosen."""
    return next(question for question in texts.lesson(LESSON).questions if question.kind == "single")


@pytest.fixture(scope="module")
def room(folder):
    with running_room(folder) as room:
        yield room


# ---------------------------------------------------------------- coming in


def test_the_screen_says_address_code_board_data_and_how_to_stop(room, folder):
    for words in (
        room.address,
        room.code,
        room.board,
        str(folder / "room"),
        "Ctrl-C",
        "workshop room --delete",
        "--network",
    ):
        assert words in room.said


def test_without_the_code_nobody_comes_in(room):
    stranger = room.person()
    reply = stranger.post("/join", data={"code": "wrong1", "name": "stranger"})
    assert reply.status_code == 400 and "not the code of the room" in reply.text
    assert stranger.get(f"/api/views/{LESSON}").status_code == 403
    assert "Take a seat" in stranger.get(f"/page/{LESSON}").text


def test_the_code_is_understood_as_people_type_it(room):
    person = room.person()
    reply = person.post("/join", data={"code": f" {room.code[:3].upper()} {room.code[3:]}", "name": "typing-person"})
    assert "All pages" in reply.text


def test_a_script_for_a_name_becomes_a_harmless_name(room):
    person = room.person()
    shown = person.post("/join", data={"code": room.code, "name": "<script>alert(1)</script>"}).text
    assert "Your seat: script-alert-1-script" in shown and "<script>alert" not in shown


def test_a_name_is_taken_once_and_the_seat_is_taken_back_with_its_key_alone(room):
    first = room.person("two-devices")
    again = room.person().post("/join", data={"code": room.code, "name": "Two Devices"})
    assert again.status_code == 400 and "called two-devices already" in again.text
    key = re.search(r"<code>(\w{4}-\w{4}-\w{4})</code>", first.get("/seat").text)[1]
    other = room.person()
    assert other.post("/back", data={"name": "two-devices", "key": "aaaa-bbbb-cccc"}).status_code == 400
    assert "All pages" in other.post("/back", data={"name": "two-devices", "key": key}).text


def test_both_devices_of_a_seat_show_the_same_answers(room, choice):
    one = room.person("same-seat")
    key = re.search(r"<code>(\w{4}-\w{4}-\w{4})</code>", one.get("/seat").text)[1]
    answer(one, LESSON, choice.id, choice.options[0].id)
    other = room.person()
    other.post("/back", data={"name": "same-seat", "key": key})
    assert views(other, LESSON)[f"q-{choice.id}"]["answer"] == choice.options[0].id


def test_a_forged_cookie_opens_nothing(room):
    room.person("somebody")
    for value in ("1", "1.", f"1.{'0' * 64}", "1.zz", "999999999999999999999.a", "\u0661.a", "x" * 5000):
        with httpx.Client(
            base_url=room.address, headers={"Cookie": f"room_seat={value}; room_board={value}".encode()}
        ) as forger:
            assert forger.get(f"/api/views/{LESSON}").status_code in (400, 403), value
            assert forger.get("/api/board").status_code in (400, 403), value


def test_a_participant_reaches_no_part_of_the_board(room, choice):
    person = room.person("curious")
    for path in (
        "/board",
        "/api/board",
        "/record",
        "/record/docx",
        "/screen",
        "/qr.svg",
        f"/screen/{LESSON}/{choice.id}",
    ):
        assert person.get(path).status_code == 403, path
    assert person.post("/api/board", json={"do": "close", "page": LESSON}).status_code == 403
    assert "room_board" not in person.cookies


def test_guessing_the_code_or_the_boards_address_ends_after_ten_tries(folder, texts, tmp_path):
    with room_here(folder, texts, tmp_path / "room") as room:
        guesser = room.person()
        said = [guesser.post("/join", data={"code": f"guess{n}", "name": "guesser"}).status_code for n in range(12)]
        assert said == [400] * 10 + [429] * 2
        assert guesser.post("/join", data={"code": room.code, "name": "guesser"}).status_code == 429
        assert guesser.get("/board/abcdef").status_code == 429


def test_another_site_cannot_act_for_a_participant(room, choice):
    person = room.person("visitor")
    said = ask(person, LESSON, f"q-{choice.id}", {"do": "clear", "n": 1})
    assert said.status_code == 200
    body = {"device": "a", "card": f"q-{choice.id}", "request": {"do": "clear", "n": 2}}
    assert (
        person.post(f"/api/card/{LESSON}", json=body, headers={"Origin": "http://elsewhere.example"}).status_code == 403
    )
    assert (
        person.post(f"/api/card/{LESSON}", content=json.dumps(body), headers={"Content-Type": "text/plain"}).status_code
        == 415
    )
    cookie = (
        room.person().post("/join", data={"code": room.code, "name": "cookie-reader"}).history[0].headers["set-cookie"]
    )
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie


def test_every_answer_forbids_scripts_from_elsewhere(room):
    for path in ("/", "/nowhere", "/static/x/room.js"):
        policy = room.person().get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy


def test_the_first_pages_weigh_less_than_three_hundred_kilobytes(room):
    person, weight = room.person("light"), 0
    queue, seen = ["/", f"/page/{LESSON}", f"/api/views/{LESSON}?device=a"], set()
    while queue:
        path = queue.pop()
        if path in seen:
            continue
        seen.add(path)
        with person.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as reply:
            weight += sum(len(part) for part in reply.iter_raw())
        text = person.get(path).text
        assert not re.findall(
            r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//"""
            r"""(?!www|[\w.-]+/[^"']*" rel)[^"']*\.(?:js|css|png|woff2?)""",
            text,
        )
        if path.startswith(("/page", "/")) and "text/html" in person.get(path).headers["content-type"]:
            queue += re.findall(r'"(/static/[^"]+)"', text)
            queue += re.findall(r'<img src="(/pictures/[^"]+)"', text)[
                :1
            ]  # the others come when somebody scrolls to them
    assert weight < 300_000, weight


# ---------------------------------------------------------------- answers


def test_an_answer_sent_twice_counts_once_and_in_order(room, choice):
    person, ids = room.person("unlucky"), [option.id for option in choice.options]
    answer(person, LESSON, choice.id, ids[0], n=1)
    answer(person, LESSON, choice.id, ids[1], n=2)
    late = answer(person, LESSON, choice.id, ids[0], n=1)
    assert (late["answer"], late["saved"]) == (ids[1], 2)


def test_the_view_after_an_answer_has_the_fields_of_the_first_view(room, choice):
    person = room.person("same-fields")
    first = views(person, LESSON)[f"q-{choice.id}"]
    assert answer(person, LESSON, choice.id, choice.options[0].id).keys() == first.keys()


def test_a_decision_sent_twice_is_taken_once(room, texts):
    page = texts.lesson(LESSON)
    name, part = page.plays[0]
    card = play_card(name, part)
    person = room.person("decider")
    first = views(person, LESSON)[card]["choices"][0]["id"]
    for _ in range(3):
        view = ask(person, LESSON, card, {"do": "choose", "choice": first, "n": 1}).json()
    assert view["can_go_back"]
    assert not ask(person, LESSON, card, {"do": "back", "n": 2}).json()["can_go_back"]


def test_seats_do_not_see_each_others_answers(room, choice):
    one, other = room.person("first-seat"), room.person("second-seat")
    answer(one, LESSON, choice.id, choice.options[1].id)
    assert views(other, LESSON)[f"q-{choice.id}"]["answer"] is None


def test_a_lesson_and_its_exercise_keep_separate_answers(room, texts):
    person = room.person("two-sheets")
    lesson, exercise = texts.lesson(LESSON), texts.exercise(EXERCISE)
    for page, found in ((LESSON, lesson), (GRADED, exercise)):
        question = next(question for question in found.questions if question.kind == "single")
        answer(person, page, question.id, question.options[0].id)
        assert views(person, page)[f"q-{question.id}"]["answer"] == question.options[0].id


def test_a_closed_page_takes_no_answers_until_it_is_opened_again(room, choice):
    person, facilitator = room.person("late-comer"), room.facilitator()
    facilitator.post("/api/board", json={"do": "close", "page": LESSON})
    try:
        assert "not open yet" in person.get(f"/page/{LESSON}").text
        assert (
            ask(person, LESSON, f"q-{choice.id}", {"do": "answer", "value": choice.options[0].id, "n": 1}).status_code
            == 403
        )
    finally:
        facilitator.post("/api/board", json={"do": "open", "page": LESSON})
    assert answer(person, LESSON, choice.id, choice.options[0].id)["saved"] == 1


def test_a_page_is_opened_section_by_section(room, texts):
    person, facilitator, page = room.person("step-by-step"), room.facilitator(), texts.lesson("m03_lessons")
    whole = person.get(f"/page/{page.name}").text
    first, last = page.questions[0], page.questions[-1]
    facilitator.post("/api/board", json={"do": "until", "page": page.name, "section": 2})
    try:
        part = person.get(f"/page/{page.name}").text
        assert (
            len(part) < len(whole) / 2
            and "Your facilitator opens it" in part
            and f'id="q-{first.id}"' in part
            and f'id="q-{last.id}"' not in part
        )
        assert person.get("/api/room").json()["until"] == {page.name: 3}
        said = ask(person, page.name, f"q-{last.id}", {"do": "clear", "n": 1})
        assert said.status_code == 403 and "not open now" in said.json()["trouble"]
        assert ask(person, page.name, f"q-{first.id}", {"do": "clear", "n": 1}).status_code == 200
    finally:
        facilitator.post("/api/board", json={"do": "until", "page": page.name})
    assert person.get(f"/page/{page.name}").text == whole


def test_nothing_of_a_graded_key_is_ever_sent(room, folder, texts):
    person, said = room.person("key-hunter"), ""
    exercise = texts.exercise(EXERCISE)
    said += person.get(f"/page/{GRADED}").text + person.get(f"/api/views/{GRADED}", params={"device": "k"}).text
    right = right_answers(folder)
    for question in exercise.questions:
        id, value = question.id, "Our own words." if question.kind == "write" else right[question.id]
        if value is not None:
            said += json.dumps(answer(person, GRADED, id, value, n=1))
            said += ask(person, GRADED, f"q-{id}", {"do": "check", "n": 2}).text
    said += ask(person, GRADED, "hand-in", {"do": "hand-in", "n": 1}).text
    said = re.sub(r"\s+", " ", said)
    secrets = []
    for question in exercise.questions:
        secrets += [words for tree in question.secrets() for words in _long_words(tree)]
    assert len(secrets) > 40
    assert [words for words in secrets if words in said] == []
    assert not any(mark in said for mark in ('"right":', '"should":', '"best":', '"rubric":', '"model":'))


def _long_words(tree):
    for node in tree:
        if isinstance(node, str):
            if len(node) > 25:
                yield re.sub(r"\s+", " ", node).strip()
        else:
            yield from _long_words(node[2:])


def test_what_is_handed_in_here_is_graded_as_what_a_notebook_hands_in(room, folder):
    right = {id: value for id, value in right_answers(folder).items() if value is not None}
    person = room.person("in-the-room")
    for id, value in right.items():
        answer(person, GRADED, id, value)
    view = ask(person, GRADED, "hand-in", {"do": "hand-in", "n": 1}).json()
    assert view["file"] and not view["trouble"]
    hand_in(folder, "in-a-notebook", right)
    grade(folder)
    marks = {
        code: {
            id: (mark.points, mark.waiting) for id, mark in results.read(folder, EXERCISE).people[code].marks.items()
        }
        for code in ("in-the-room", "in-a-notebook")
    }
    assert marks["in-the-room"] == marks["in-a-notebook"]


def test_of_repeated_hand_ins_the_last_one_counts_and_all_are_kept(room, folder, texts):
    question, other = [question for question in texts.exercise(EXERCISE).questions if question.kind == "single"][:2]
    person = room.person("thinks-again")
    answer(person, GRADED, other.id, other.options[0].id)
    for number, option in enumerate(question.options[:2], 1):
        answer(person, GRADED, question.id, option.id, n=number)
        time.sleep(1.1)  # a hand-in carries its time to the second
        ask(person, GRADED, "hand-in", {"do": "hand-in", "n": number})
    files = sorted((folder / "hand_in").glob("*thinks-again*.zip"))
    assert len(files) == 2
    grade(folder)
    assert results.read(folder, EXERCISE).people["thinks-again"].answers[question.id] == question.options[1].id


def test_while_one_seat_hands_in_another_seat_saves(texts, tmp_path):
    notebook = tmp_path / "exercises" / EXERCISE / f"{EXERCISE}.ipynb"
    notebook.parent.mkdir(parents=True)
    os.mkfifo(notebook)  # whoever reads it waits until somebody writes
    store = Store(tmp_path / "room")
    slow, quick = (store.seat(store.join(name)) for name in ("owl", "lynx"))
    cards, said = Desks(tmp_path, texts, store, {}), []
    handing_in = threading.Thread(
        target=lambda: said.append(cards.handle(slow, "a", GRADED, "hand-in", {"do": "hand-in", "n": 1})), daemon=True
    )
    handing_in.start()
    time.sleep(0.3)
    question = next(each for each in texts.exercise(EXERCISE).questions if each.kind == "single")
    asked = {"do": "answer", "value": question.options[0].id, "n": 1}
    saving = threading.Thread(
        target=lambda: said.append(cards.handle(quick, "a", GRADED, f"q-{question.id}", asked)), daemon=True
    )
    saving.start()
    saving.join(10)
    assert not saving.is_alive() and said[0]["saved"] == 1 and handing_in.is_alive()
    notebook.write_bytes(b"{}")
    handing_in.join(10)
    assert said[1]["saved"] == 1 and len(list((tmp_path / "hand_in").glob("*.zip"))) == 1


def test_a_play_can_be_taken_home(room, texts):
    page = texts.lesson(LESSON)
    name, part = page.plays[0]
    card = play_card(name, part)
    person, n = room.person("player"), 0
    view = views(person, LESSON, "d")[card]
    while not view["ending"]:
        n += 1
        view = ask(
            person,
            LESSON,
            card,
            {"do": "choose", "choice": next(one["id"] for one in view["choices"] if one["possible"]), "n": n},
            "d",
        ).json()
    view = ask(person, LESSON, card, {"do": "export", "n": n + 1}, "d").json()
    page = next(link for file, link in view["links"].items() if file.endswith(".html"))
    assert texts.scenarios[name].title in person.get(page).text
    assert room.person("not-the-player").get(page).status_code == 404


def test_a_play_is_drawn_without_loading_a_drawing_library(folder, tmp_path):
    program = """
import random, sys
from pathlib import Path
from workshop.project import project
from workshop.room.addresses import play_card
from workshop.room.seat_cards import Desks
from workshop.room.store import Store

root = Path(sys.argv[1])
texts, store = project.read(root), Store(Path(sys.argv[2]))
cards, seat = Desks(root, texts, store, {}), store.seat(store.join("owl"))
page = next(page for page in texts.lessons for name, part in page.plays if not part)
card = next(play_card(name) for name, part in page.plays if not part)
view, n = cards.views(seat, "a", page.name)[card], 0
while not view["after"]:
    n += 1
    chosen = next(choice["id"] for choice in view["choices"] if choice["possible"])
    view = cards.handle(seat, "a", page.name, card, {"do": "choose", "choice": chosen, "n": n})
view = cards.handle(seat, "a", page.name, card, {"do": "figure", "n": n + 1})
print(view["after"]["figure"]["type"], "matplotlib" in sys.modules)
"""
    shown = subprocess.run(
        [sys.executable, "-c", program, folder, tmp_path / "store"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.split() == ["figure", "False"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=80)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "device": JSON,
            "card": JSON | st.sampled_from(["hand-in", "q-", "q-x", "s-orvane"]),
            "request": JSON
            | st.fixed_dictionaries(
                {"n": st.integers() | JSON},
                optional={
                    "do": st.sampled_from(
                        ["answer", "check", "clear", "choose", "back", "replay", "group", "export", "step", "hand-in"]
                    )
                    | JSON,
                    "value": JSON,
                    "choice": JSON,
                    "play": JSON,
                },
            ),
        },
    )
)
def test_no_request_brings_the_server_to_its_knees(hostile, body):
    for page in (LESSON, GRADED):
        assert hostile.post(f"/api/card/{page}", json=body).status_code in (200, 400, 403, 404, 429)
    assert hostile.post("/api/statements", json=body).status_code in (400, 403, 429)


@pytest.fixture(scope="module")
def hostile(room):
    return room.person("hostile")


def test_too_much_at_once_is_turned_away(room):
    person = room.person("flood")
    assert person.post(f"/api/card/{LESSON}", json={"card": "x" * 300_000}).status_code == 413
    assert 429 in {person.get("/api/room").status_code for _ in range(80)}
    assert (
        "Traceback"
        not in person.get("/page/%00").text
        + person.get("/page/../../etc/passwd").text
        + person.get("/static/x/..%2f..%2fapp.py").text
    )


# ---------------------------------------------------------------- nothing is lost


def test_a_confirmed_answer_survives_a_killed_room(folder, tmp_path, choice):
    place = shutil.copytree(folder, tmp_path / "killed", ignore=shutil.ignore_patterns("room", "hand_in"))
    room = launch(place)
    confirmed, chance, port = {}, random.Random(4), int(room.address.rpartition(":")[2])
    try:
        for turn in range(2):
            people = [room.person(f"seat-{turn}-{number}") for number in range(4)]
            stop = threading.Timer(chance.uniform(0.3, 1.2), room.kill)
            stop.start()
            n = 0
            try:
                while True:
                    n += 1
                    for number, person in enumerate(people):
                        option = chance.choice(choice.options).id
                        view = answer(person, LESSON, choice.id, option, n=n)
                        confirmed[f"seat-{turn}-{number}"] = view["answer"], person.cookies["room_seat"]
            except httpx.HTTPError:
                stop.join()
            code, room = room.code, launch(place, port=port)
            assert room.code == code, "the room is where it was"
            for name, (value, cookie) in list(confirmed.items()):
                with httpx.Client(base_url=room.address, cookies={"room_seat": cookie}) as person:
                    found = views(person, LESSON)[f"q-{choice.id}"]["answer"]
                # The last one of this time may have been stored without anybody being told.
                assert found == value or name.startswith(f"seat-{turn}-"), name
                confirmed[name] = found, cookie
            assert len(confirmed) == 4 * (turn + 1)
    finally:
        room.kill()


def test_a_laptop_that_sleeps_answers_when_it_wakes(folder, tmp_path, choice):
    place = shutil.copytree(folder, tmp_path / "asleep", ignore=shutil.ignore_patterns("room", "hand_in"))
    with running_room(place) as room:
        person = room.person("patient-one")
        room.process.send_signal(signal.SIGSTOP)
        threading.Timer(3, room.process.send_signal, [signal.SIGCONT]).start()
        begun = time.monotonic()
        assert answer(person, LESSON, choice.id, choice.options[0].id)["saved"] == 1
        assert time.monotonic() - begun > 2


def test_a_full_disk_is_said_in_words_and_the_earlier_answer_stays(tmp_path):
    store = Store(tmp_path / "room")
    seat = store.join("owl")
    with store.changing() as at:
        store.put(at, seat, "page", "earlier")
    with store.reading() as at:
        pages = at.exec_driver_sql("PRAGMA page_count").scalar()
        at.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(SaveError, match="disk of the facilitator's computer is full"), store.changing() as at:
        store.put(at, seat, "page", "x" * 1_000_000)
    with store.reading() as at:
        assert store.content(at, seat, "page") == "earlier"
        at.exec_driver_sql("PRAGMA max_page_count = 1000000")
    with store.changing() as at:
        store.put(at, seat, "page", "y" * 1_000_000)
    assert store.counts()[1] == 1


def test_when_the_disk_refuses_a_participant_is_told_and_the_same_answer_goes_in_afterwards(
    folder, texts, tmp_path, choice
):
    place = shutil.copytree(folder, tmp_path / "refusing", ignore=shutil.ignore_patterns("room", "hand_in"))
    with running_room(place) as room:
        person, ids = room.person("unlucky-one"), [option.id for option in choice.options]
        answer(person, LESSON, choice.id, ids[0], n=1)
        log = place / "room" / "room.db-wal"
        resource.prlimit(room.process.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, resource.RLIM_INFINITY))
        refused = ask(person, LESSON, f"q-{choice.id}", {"do": "answer", "value": ids[1], "n": 2})
        assert refused.status_code == 507 and "Your earlier answers are safe." in refused.json()["trouble"]
        assert views(person, LESSON)[f"q-{choice.id}"]["answer"] == ids[0]
        resource.prlimit(room.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert answer(person, LESSON, choice.id, ids[1], n=2)["answer"] == ids[1]
    with room_here(place, texts, place / "room") as room:
        again = room.client()
        again.cookies.set("room_seat", person.cookies["room_seat"])
        assert views(again, LESSON)[f"q-{choice.id}"]["answer"] == ids[1]


def test_the_rooms_data_is_the_facilitators_alone_and_can_be_deleted(tmp_path, capsys):
    store = Store(tmp_path / "room")
    store.join("owl")
    assert oct(store.path.stat().st_mode)[-3:] == "600" and oct(store.folder.stat().st_mode)[-3:] == "700"
    store.close()
    assert server.delete(tmp_path) == 0
    assert "Deleted: 1 seats" in capsys.readouterr().out and not (tmp_path / "room").exists()


# ---------------------------------------------------------------- the board


def test_a_group_of_fewer_than_five_is_not_broken_down(choice):
    values = [choice.options[0].id] * 4
    assert (
        distribution.spread(choice, values) == {"answered": 4, "few": True, "lines": []}
        and distribution.split(choice, values) is None
    )
    ((_, parts),) = distribution.spread(choice, [*values, choice.options[1].id])["lines"]
    assert [number for _, number in parts][:2] == [4, 1]


@given(st.data())
def test_a_spread_counts_every_answer_once_and_a_split_lies_between_none_and_all(texts, data):
    question = data.draw(
        st.sampled_from(
            [q for page in texts.lessons for q in page.questions if q.kind in ("single", "classify", "match")]
        )
    )
    if question.kind == "single":
        one = st.sampled_from([option.id for option in question.options])
    else:
        one = st.fixed_dictionaries(
            {row.id: st.sampled_from([column["id"] for column in question.columns]) for row in question.rows}
        )
    values = data.draw(st.lists(one | st.just("nonsense"), max_size=15))
    made = distribution.spread(question, values)
    assert made["answered"] == sum(value != "nonsense" for value in values)
    assert all(sum(number for _, number in parts) == made["answered"] for _, parts in made["lines"])
    split = distribution.split(question, values)
    assert (split is None) == made["few"] and (split is None or 0 <= split <= 1 + 1e-9)


def test_the_question_that_splits_the_room_stands_first_and_how_it_was_answered_is_shown_only_when_opened(
    folder, tmp_path, texts
):
    agreed, disputed = [question for question in texts.lesson(LESSON).questions if question.kind == "single"][:2]
    with room_here(folder, texts, tmp_path / "room") as room:
        for number in range(10):
            person = room.person(f"seat-{number}")
            answer(person, LESSON, agreed.id, agreed.options[0].id)
            answer(person, LESSON, disputed.id, disputed.options[number % 2].id)
        board = room.facilitator()
        state = board.get("/api/board").json()
        assert [one["title"] for one in state["questions"]] == [disputed.title, agreed.title] and state["opened"] == []
        assert [(one["title"], one["seats"], one["mean"]) for one in state["progress"]] == [("Challenges", 10, 2)]
        state = board.post("/api/board", json={"do": "show", "question": f"{LESSON}/{disputed.id}"}).json()
        assert sorted(number for _, number in state["opened"][0]["lines"][0][1])[-2:] == [5, 5]


def test_a_picture_moves_only_when_five_answers_are_new_so_that_nobodys_can_be_picked_out(
    folder, texts, tmp_path, choice
):
    with room_here(folder, texts, tmp_path / "room") as room:
        board, name = room.facilitator(), f"{LESSON}/{choice.id}"
        people = [room.person(f"seat-{number}") for number in range(10)]
        board.post("/api/board", json={"do": "show", "question": name})
        seen = []
        for number, person in enumerate(people):
            answer(person, LESSON, choice.id, choice.options[number % 3].id)
            one = board.get("/api/board").json()["opened"][0]
            seen.append((one["answered"], one["shown"]))
        answer(people[0], LESSON, choice.id, choice.options[2].id, n=2)
        changed = board.get("/api/board").json()["opened"][0]
    assert seen == [(n, 0 if n < 5 else 5 if n < 10 else 10) for n in range(1, 11)]
    assert changed == one


def test_whoever_only_looks_writes_nothing(folder, texts, tmp_path, choice):
    with room_here(folder, texts, tmp_path / "room") as room:
        board, person = room.facilitator(), room.person("onlooker")
        for number in range(5):
            answer(room.person(f"seat-{number}"), LESSON, choice.id, choice.options[number % 3].id)
        beside = sqlite3.connect(tmp_path / "room" / "room.db")
        before = beside.execute("PRAGMA data_version").fetchone()
        for path in ("/board", "/api/board", f"/screen/{LESSON}/{choice.id}", "/record"):
            assert board.get(path).status_code == 200
        for path in ("/", f"/page/{LESSON}", f"/api/views/{LESSON}", "/api/room", "/statements", "/seat"):
            assert person.get(path).status_code == 200
        assert beside.execute("PRAGMA data_version").fetchone() == before
        beside.close()


def test_a_picture_is_where_it_was_after_a_new_start(tmp_path):
    store = Store(tmp_path / "room")
    shown = ShownAnswers(store)
    for seat in range(7):
        shown.take("page/question", seat, "yes")
    assert len(shown.of("page/question")) == 5
    store.close()
    assert len(ShownAnswers(Store(tmp_path / "room")).of("page/question")) == 5


def test_the_record_holds_what_the_facilitator_left_in_beside_the_notes(folder, texts, tmp_path):
    with room_here(folder, texts, tmp_path / "room") as room:
        one, other, board = room.person("grey-owl"), room.person("red-fox"), room.facilitator()

        def say(person, token, **what):
            body = {"token": token, "heading": "a", "relation": "adds", "about": "", **what}
            assert person.post("/api/statements", json=body).status_code == 200

        say(one, "1", words="Nobody answers at night. <script>alert(1)</script>")
        say(one, "1", words="Sent twice, counted once.")
        say(other, "1", words="At night the telephone rings in an empty office.")
        say(other, "2", words="Our mayor is named here.", relation="disputes", about="a5")
        wrong = one.post(
            "/api/statements", json={"token": "9", "heading": "a", "relation": "confirms", "about": "b1", "words": "x"}
        )
        assert (wrong.status_code, wrong.json()["trouble"]) == (400, "Say which statement of the notes you mean.")
        said = board.get("/api/board").json()["statements"]
        assert len(said) == 3 and "grey-owl" not in json.dumps(said)
        first, second, third = (statement["id"] for statement in said)
        for change in (
            {"id": second, "merged_into": first},
            {"id": first, "shared": True},
            {"id": third, "left_out": True},
        ):
            assert board.post("/api/board", json={"do": "statement", **change}).status_code == 200
        page = board.get("/record").text
        assert (
            "Our mayor" not in page
            and "said 2 times" in page
            and "grey-owl" not in page
            and "<script>alert" not in page
        )
        html = board.get("/record/html").text
        assert "shared by the room" in html and "a12" in html and "<script>" not in html
        assert zipfile.is_zipfile(_written(tmp_path / "r.docx", board.get("/record/docx").content))
        assert board.get("/record/pdf").content.startswith(b"%PDF")
        board.post("/api/board", json={"do": "names", "names": True})
        assert "grey-owl, red-fox" in board.get("/record/html").text


def _written(path, content):
    path.write_bytes(content)
    return path


def test_a_rehearsal_fills_a_room_of_its_own(folder, tmp_path):
    place = shutil.copytree(folder, tmp_path / "demo", ignore=shutil.ignore_patterns("room", "hand_in"))
    with running_room(place, "--demo", "8") as room:
        state = room.facilitator().get("/api/board").json()
        assert len(state["seats"]) == 8 and len(state["questions"]) > 5
    assert not (place / "room").exists()


def test_alone_one_studies_the_same_pages_without_a_code(folder, choice):
    with running_study(folder) as address:
        base = address.partition("/start/")[0]
        with httpx.Client(base_url=base, follow_redirects=True) as person:
            assert person.get("/").status_code == 403
            person.get(address)
            assert answer(person, LESSON, choice.id, choice.options[0].id)["saved"] == 1
            assert person.get("/board").status_code == 403
    store = Store(folder / server.STUDY)
    (sheet,) = store.all_sheets().values()
    store.close()
    assert sheet["answers"][choice.id]["value"] == choice.options[0].id


# ---------------------------------------------------------------- what cannot be opened


def opened(folder, command="study"):
    """What the command says and its exit code when it cannot open its store."""
    ended = subprocess.run(
        [sys.executable, "-m", "workshop", command, "--no-browser", "--port", "0"],
        env={**os.environ, "WORKSHOP_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ended.stderr, ended.returncode


@pytest.mark.parametrize(("command", "name"), [("room", server.FOLDER), ("study", server.STUDY)])
def test_a_damaged_file_of_the_room_is_a_sentence(folder, tmp_path, command, name):
    # A folder of its own: beside the write-ahead log of a room at work, SQLite reads the log and never the damaged
    # file.
    place = shutil.copytree(folder, tmp_path / "damaged", ignore=shutil.ignore_patterns("room", "my_study", "hand_in"))
    (place / name).mkdir()
    (place / name / "room.db").write_text("This is no database, and it is longer than the head of one. " * 20)
    said, code = opened(place, command)
    assert code == 2 and "it is damaged. Put the folder aside" in said and "Traceback" not in said


def test_a_room_whose_file_is_damaged_behind_its_head_does_not_open(tmp_path):
    store = Store(tmp_path / "room")
    store.join("owl")
    store.close()
    content = bytearray(store.path.read_bytes())
    content[8192:] = b"\xff" * len(content[8192:])
    store.path.write_bytes(content)
    with pytest.raises(StoreError, match=r"it is damaged\. Put the folder aside"):
        Store(tmp_path / "room")


def test_a_room_whose_file_is_locked_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "PATIENCE", 0.1)
    Store(tmp_path / "room").close()
    other = sqlite3.connect(tmp_path / "room" / "room.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE settings SET value = value")
    with pytest.raises(StoreError, match="another program uses it"):
        Store(tmp_path / "room")
    other.close()


def test_a_full_disk_when_the_room_opens_is_a_sentence(tmp_path):
    program = "import resource, signal, sys; from pathlib import Path; from workshop.room.store import Store\n"
    program += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
    program += "try: Store(Path(sys.argv[1]))\nexcept Exception as error: print(type(error).__name__, error)"
    shown = subprocess.run([sys.executable, "-c", program, tmp_path / "room"], capture_output=True, text=True)
    assert shown.stdout.startswith("StoreError The room's file"), shown


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "room").write_text("a file stands where the folder should be", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path / "room")
