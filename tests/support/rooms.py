"""A real room for tests: started as `workshop room` starts it, killed as by a power cut, and people who come in."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import httpx
import uvicorn
from support.course_helpers import ROOT, course_folder
from support.protocol import check_view

from workshop.room import figures_ahead
from workshop.room.app import application
from workshop.room.room import Room
from workshop.room.store import Store


def room_folder(folder):
    """A copy of what a room needs, so that no test touches the project."""
    course_folder(folder)
    (folder / "notebooks").mkdir()
    for path in (ROOT / "notebooks").glob("*.md"):
        shutil.copy(path, folder / "notebooks")
    figures_ahead.prepared(ROOT)
    shutil.copytree(ROOT / figures_ahead.FOLDER, folder / figures_ahead.FOLDER)
    return folder


class People:
    """Those who come into a room. `code` is its code, `board` its board; `client()` is a browser of one's own."""

    code = board = ""

    def client(self):
        raise NotImplementedError

    def person(self, name=None, people=1):
        """A client with a seat in the room, or one that has not come in."""
        client = self.client()
        if name:
            reply = client.post("/join", data={"code": self.code, "name": name, "people": str(people)})
            assert "All pages" in reply.text, reply.text
        return client

    def facilitator(self):
        """A client that has come in by the board's own address."""
        client = self.client()
        assert client.get(self.board).status_code == 200
        return client


class Open(People):
    """A room at work in a process of its own: its address, its code, and the address of its board."""

    def __init__(self, process, said):
        self.process, self.said = process, said
        self.address = re.search(r"Participants\s+(http\S+)", said)[1]
        self.code = re.search(r"code of the room: (\w+)", said)[1]
        self.board = re.search(r"Your board\s+(http\S+)", said)[1]

    def client(self):
        return httpx.Client(base_url=self.address, timeout=20, follow_redirects=True)

    def facilitator(self):
        """A client that has come in by the board's own address, which is on this computer."""
        client = httpx.Client(base_url=self.board.partition("/board/")[0], timeout=20, follow_redirects=True)
        assert client.get(self.board).status_code == 200
        return client

    def kill(self):
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


class Here(People):
    """A room in this process, on a port of its own."""

    def __init__(self, room, address):
        self.address, self.code = address, room.store.settings.code
        self.board = f"{address}/board/{room.store.settings.board}"

    def client(self):
        return httpx.Client(base_url=self.address, timeout=20, follow_redirects=True)


def launch(folder, *options, port=0):
    """A started room."""
    command = [sys.executable, "-m", "workshop", "room", "--no-browser", "--port", str(port), *options]
    process = subprocess.Popen(
        command,
        env={**os.environ, "WORKSHOP_HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = threading.Timer(90, process.kill)
    watchdog.start()
    said = ""
    for line in process.stdout:
        said += line
        if "To stop" in line:
            watchdog.cancel()
            return Open(process, said)
    raise AssertionError(f"The room did not open. It said:\n{said}")


@contextmanager
def running_room(folder, *options, port=0):
    """A room that is open while the block runs."""
    room = launch(folder, *options, port=port)
    try:
        yield room
    finally:
        room.process.terminate()
        room.process.communicate(timeout=20)


@contextmanager
def room_here(folder, texts, kept):
    """A room in this process while the block runs, which begins ten times sooner; `kept` is the folder of its store."""
    store = Store(kept)
    room = Room(folder, texts, store)
    with served(application(room)) as address:
        yield Here(room, address)
    store.close()


@contextmanager
def served(app):
    """The address at which a thread of this process serves an application while the block runs."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@contextmanager
def running_study(folder):
    """The address at which somebody studies alone."""
    command = [sys.executable, "-m", "workshop", "study", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        command, env={**os.environ, "WORKSHOP_HOME": str(folder)}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield next(found[0] for line in process.stdout if (found := re.search(r"http://\S+/start/\S+", line)))
        finally:
            process.terminate()
            process.stdout.read()


def ask(client, page, card, request, device="a"):
    """What a card does when somebody clicks."""
    return client.post(f"/api/card/{page}", json={"device": device, "card": card, "request": request})


def answer(client, page, id, value, n=1, device="a"):
    """Answer a question; gives the reply's view."""
    reply = ask(client, page, f"q-{id}", {"do": "answer", "value": value, "n": n}, device)
    assert reply.status_code == 200, reply.text
    check_view(reply.json())
    return reply.json()


def views(client, page, device="look"):
    """All cards of a page as a seat sees them."""
    shown = client.get(f"/api/views/{page}", params={"device": device}).json()
    for view in shown.values():
        check_view(view)
    return shown
