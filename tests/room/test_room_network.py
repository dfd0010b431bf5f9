"""Where the room can be reached from, on which port, and how it copes with slow and secret lines."""

import ipaddress
import re
import signal
import socket
import ssl
import time
from pathlib import Path

import httpx
import pytest
from support.rooms import answer, ask, launch, room_folder, running_room, views

from workshop.project import project
from workshop.room import network
from workshop.room.server import Door

pytestmark = pytest.mark.slow

LESSON = "m02_challenges"
# Made for these tests alone, with nothing behind it: openssl req -x509 -newkey ec … -subj "/CN=A room in a test"
CERTIFICATE, KEY = (Path(__file__).with_name(f"room_test_{name}.pem") for name in ("certificate", "key"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return room_folder(tmp_path_factory.mktemp("room"))


def outer_address():
    """An address of this machine that others may reach, or none, and the test is left out."""
    found = list(network.addresses())
    if not found:
        pytest.skip("this machine is in no network")
    return found[0]


def test_until_it_is_told_only_this_computer_reaches_the_room(folder):
    with running_room(folder) as room:
        assert room.address.startswith("http://127.0.0.1:") and "workshop room --network" in room.said
        port = int(room.address.rpartition(":")[2])
        outer = (outer_address(), port)
        # Refused, timed out or unreachable, as the network likes.
        with pytest.raises(OSError), socket.create_connection(outer, timeout=5):  # noqa: PT011 - see above
            pass


def test_told_a_network_it_serves_that_one_and_shows_its_code(folder):
    outer = outer_address()
    with running_room(folder, "--network", outer) as room:
        assert room.address.startswith(f"http://{outer}:") and ("\u2588" in room.said or "\u2580" in room.said)
        assert "whoever listens on this Wi-Fi can read along" in room.said
        assert "All pages" in room.person("guest").get("/").text
        wall = room.facilitator().get("/screen").text
        assert room.address in wall and room.code in wall


def test_an_address_that_the_computer_does_not_have_is_refused_in_words():
    outer_address()
    with pytest.raises(network.NetworkError, match=r"This computer has no address 203\.0\.113\.9"):
        network.chosen("203.0.113.9")


def test_the_door_opens_to_this_computer_and_to_the_named_network_alone():
    door = Door(None, ipaddress.ip_network("192.168.7.0/24"))
    opened = {
        host: door.open((host, 80))
        for host in ("127.0.0.1", "::1", "192.168.7.23", "192.168.8.23", "10.0.0.1", "nonsense")
    }
    assert opened == {
        "127.0.0.1": True,
        "::1": True,
        "192.168.7.23": True,
        "192.168.8.23": False,
        "10.0.0.1": False,
        "nonsense": False,
    }


def test_a_taken_port_makes_room_for_the_next_one(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running_room(folder, port=port) as room:
            assert int(room.address.rpartition(":")[2]) in range(port + 1, port + 20)


def test_a_room_is_where_it_was_after_it_was_closed(folder):
    with running_room(folder) as room:
        person = room.person("stays-here")
        question = next(
            question for question in project.read(folder).lesson(LESSON).questions if question.kind == "single"
        )
        answer(person, LESSON, question.id, question.options[0].id)
        port, before = int(room.address.rpartition(":")[2]), (room.code, room.board)
    with running_room(folder, port=port) as room:
        assert (room.code, room.board) == before
        assert views(person, LESSON)[f"q-{question.id}"]["answer"] == question.options[0].id


def test_with_a_certificate_of_ones_own_the_line_is_secret(folder):
    with running_room(folder, "--certificate", str(CERTIFICATE), "--key", str(KEY)) as room:
        assert room.address.startswith("https://")
        with httpx.Client(base_url=room.address, verify=ssl.create_default_context(cafile=CERTIFICATE)) as person:
            reply = person.post("/join", data={"code": room.code, "name": "whispering"})
        assert "Secure" in reply.headers["set-cookie"]


def test_slow_connections_keep_nobody_waiting(folder):
    with running_room(folder) as room:
        host, port = re.match(r"http://([\d.]+):(\d+)", room.address).groups()
        slow = [socket.create_connection((host, int(port)), timeout=5) for _ in range(200)]
        try:
            for line in slow:
                line.sendall(b"POST /join HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\na")
            begun = time.monotonic()
            assert "All pages" in room.person("quick-one").get("/").text
            assert time.monotonic() - begun < 5
        finally:
            for line in slow:
                line.close()


def test_groups_at_one_device_are_set_side_by_side(folder):
    with running_room(folder) as room:
        board = room.facilitator()
        page, card = LESSON, "s-orvane"
        board.post("/api/board", json={"do": "send", "page": page, "card": card})
        for name, people, steps in (("group-one", 4, 1), ("group-two", 3, 2), ("alone-here", 1, 1)):
            person = room.person(name, people)
            view = views(person, page)[card]
            for number in range(1, steps + 1):
                choice = next(one["id"] for one in view["choices"] if one["possible"])
                view = ask(person, page, card, {"do": "choose", "choice": choice, "n": number}).json()
        groups = board.get("/api/board").json()["groups"]
        assert [row["name"] for row in groups["rows"]] == ["group-one", "group-two"]
        assert len({row["where"] for row in groups["rows"]}) == 2
        assert all(len(row["gauges"]) == len(groups["gauges"]) for row in groups["rows"])


def test_ctrl_c_closes_the_room_and_says_where_everything_is_kept(folder):
    room = launch(folder)
    room.process.send_signal(signal.SIGINT)
    said, _ = room.process.communicate(timeout=20)
    assert (
        room.process.returncode == 0 and f"Everything is kept in {folder / 'room'}" in said and "Traceback" not in said
    )
