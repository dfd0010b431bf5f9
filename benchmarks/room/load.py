"""Sixty seats at once, each joining, reading, answering thirty questions, playing, handing in; then many more.

Run: .venv/bin/python benchmarks/room/load.py [--seats 60] [--minutes 4] [--stress 500] [--stress-minutes 2]
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks" / "grading")]

import meter  # noqa: E402
from support.rooms import room_folder, running_room  # noqa: E402

from workshop.project import project  # noqa: E402
from workshop.room.addresses import play_card  # noqa: E402

LESSON, EXERCISE, QUESTIONS, STEPS, POLL = "m02_challenges", "graded/check_before", 30, 8, 3.0


class Seat:
    """One person: what they did, how long each saving took, and what went wrong."""

    def __init__(self, room, texts, number, seconds):
        self.room, self.texts, self.number, self.seconds = room, texts, number, seconds
        self.chance, self.saved, self.times, self.errors, self.bytes = random.Random(number), {}, [], [], 0
        self.client = httpx.AsyncClient(base_url=room.address, timeout=30, follow_redirects=True)

    async def attend(self):
        """The whole way, spread over the time given."""
        await asyncio.sleep(self.chance.uniform(0, self.seconds / 10))
        following = asyncio.create_task(self.follow())
        try:
            await self.request("POST", "/join", data={"code": self.room.code, "name": f"seat-{self.number:04d}"})
            for path in ("/", f"/page/{LESSON}", f"/api/views/{LESSON}?device=a"):
                await self.request("GET", path)
            work = [*self.answers(), *[("play", None, None)] * STEPS]
            pause = self.seconds * 0.8 / len(work)
            choices, step = None, 0
            for page, question, value in work:
                await asyncio.sleep(self.chance.uniform(0.5, 1.5) * pause)
                if page != "play":
                    await self.answer(page, question, value)
                    continue
                step += 1
                choices = await self.play(choices, step)
            await self.act(EXERCISE, "hand-in", {"do": "hand-in", "n": 1})
        except httpx.HTTPError as error:
            self.errors.append(repr(error))
        finally:
            following.cancel()

    def answers(self):
        """Thirty questions of the lessons and of the exercise with invented answers."""
        pages = [
            (LESSON, self.texts.lesson(LESSON)),
            (EXERCISE, self.texts.exercise("check_before")),
            ("m03_lessons", self.texts.lesson("m03_lessons")),
        ]
        found = [(name, question, question.sample(self.chance)) for name, page in pages for question in page.questions]
        return found[:QUESTIONS]

    async def answer(self, page, question, value):
        """Answer a question and take the time until it is confirmed."""
        begun = time.perf_counter()
        view = await self.act(page, f"q-{question.id}", {"do": "answer", "value": value, "n": 1})
        self.times.append(time.perf_counter() - begun)
        if view.get("saved") == 1:
            self.saved[page, question.id] = view["answer"]
        else:
            self.errors.append(str(view)[:200])

    async def play(self, choices, step):
        """One decision in the lesson's scenario."""
        name, part = self.texts.lesson(LESSON).plays[0]
        card = play_card(name, part)
        if choices is None:
            choices = (await self.request("GET", f"/api/views/{LESSON}?device=a")).json()[card]["choices"]
        possible = [choice["id"] for choice in choices if choice["possible"]]
        if not possible:
            return choices
        return (await self.act(LESSON, card, {"do": "choose", "choice": self.chance.choice(possible), "n": step}))[
            "choices"
        ]

    async def act(self, page, card, request):
        return (
            await self.request("POST", f"/api/card/{page}", json={"device": "a", "card": card, "request": request})
        ).json()

    async def request(self, method, path, **what):
        reply = await self.client.request(method, path, **what)
        self.bytes += len(reply.content)
        if reply.status_code != 200:
            self.errors.append(f"{reply.status_code} {path}")
        return reply

    async def follow(self):
        """What a page does by itself: it asks where the room stands."""
        while True:
            await asyncio.sleep(POLL)
            if "room_seat" in self.client.cookies:
                await self.request("GET", "/api/room")

    async def lost(self):
        """Confirmed answers that are not found again as they were."""
        found = {
            page: (await self.client.get(f"/api/views/{page}?device=b")).json()
            for page in {page for page, _ in self.saved}
        }
        return sum(found[page][f"q-{id}"]["answer"] != value for (page, id), value in self.saved.items())


async def held(room, texts, seats, minutes):
    """Let so many people work; gives the row of the table."""
    people = [Seat(room, texts, number, minutes * 60) for number in range(seats)]
    server = psutil.Process(room.process.pid)
    peak, done = 0, asyncio.Event()

    async def watch():
        nonlocal peak
        while not done.is_set():
            peak = max(peak, server.memory_info().rss)
            await asyncio.sleep(0.5)

    watching, begun = asyncio.create_task(watch()), time.monotonic()
    try:
        async with asyncio.timeout(minutes * 60 * 1.5 + 60):
            await asyncio.gather(*(seat.attend() for seat in people))
    except TimeoutError:
        print("Not everybody was ready in time.", file=sys.stderr)
    took, spent = time.monotonic() - begun, sum(server.cpu_times()[:2])
    done.set()
    await watching
    lost = sum([await seat.lost() for seat in people])
    times, errors = (
        sorted(second for seat in people for second in seat.times),
        [error for seat in people for error in seat.errors],
    )
    for error in errors[:5]:
        print(error, file=sys.stderr)
    for seat in people:
        await seat.client.aclose()
    handed = len(list((room.folder / "hand_in").glob("*.zip")))
    return (
        f"| {seats} | {took:.0f} | {len(times)} | {1000 * statistics.median(times):.0f} | "
        f"{1000 * times[int(0.99 * len(times))]:.0f} | {1000 * times[-1]:.0f} | "
        f"{peak / 1e6:.0f} | {spent:.0f} | {handed} | {len(errors)} | {lost} |"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seats", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--stress", type=int, default=500, help="seats of the second run; 0 leaves it out")
    parser.add_argument("--stress-minutes", type=float, default=2)
    options = parser.parse_args()
    print(f"{meter.machine()}; Python {sys.version.split()[0]}; {date.today()}; server and seats on the same machine\n")
    print(
        "| seats | seconds | answers | median ms | 99th ms | longest ms | server peak MB | server processor s "
        "| handed in | errors | lost |"
    )
    print("| --- " * 11 + "|", flush=True)
    for seats, minutes in ((options.seats, options.minutes), (options.stress, options.stress_minutes)):
        if not seats:
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = room_folder(Path(place))
            with running_room(folder) as room:
                room.folder = folder
                print(asyncio.run(held(room, project.read(folder), seats, minutes)), flush=True)


if __name__ == "__main__":
    main()
