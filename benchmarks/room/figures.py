"""Sixty seats save answers, alone and while others ask for the figures of their plays: how long does a save take then?

Run: .venv/bin/python benchmarks/room/figures.py [--seats 60] [--drawing 12] [--seconds 30]
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

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks" / "grading")]

import meter  # noqa: E402
from support.rooms import Open, room_folder, running_room  # noqa: E402

from workshop.project import project  # noqa: E402
from workshop.questions.kinds.base import Question  # noqa: E402
from workshop.room.addresses import play_card  # noqa: E402

LESSON = "m02_challenges"
EACH = 5.0  # seconds between two requests of a seat, on average


class Seat:
    """A client with a seat; `times` are the seconds that each of its requests took."""

    def __init__(self, room: Open, name: str) -> None:
        self.client = httpx.AsyncClient(base_url=room.address, timeout=60, follow_redirects=True)
        self.code, self.name, self.times, self.n = room.code, name, list[float](), 0

    async def join(self) -> None:
        """Come in."""
        (await self.client.post("/join", data={"code": self.code, "name": self.name})).raise_for_status()

    async def ask(self, card: str, **request: object) -> dict[str, object]:
        """Send a request of a card and take the time until its view is there."""
        self.n += 1
        body = {"device": "a", "card": card, "request": {**request, "n": self.n}}
        begun = time.perf_counter()
        reply = await self.client.post(f"/api/card/{LESSON}", json=body)
        self.times.append(time.perf_counter() - begun)
        reply.raise_for_status()
        view: dict[str, object] = reply.json()
        return view

    async def save(self, questions: list[Question], until: float, chance: random.Random) -> None:
        """Answer questions, one after the other, until the time is up."""
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * EACH)
            question = chance.choice(questions)
            view = await self.ask(f"q-{question.id}", do="answer", value=question.sample(chance))
            assert view["saved"] == self.n

    async def play(self, card: str) -> None:
        """Play a scenario to its end."""
        view = (await self.client.get(f"/api/views/{LESSON}", params={"device": "a"})).json()[card]
        while not view["after"]:
            choice = next(each["id"] for each in view["choices"] if each["possible"])
            view = await self.ask(card, do="choose", choice=choice)

    async def draw(self, card: str, until: float, chance: random.Random) -> None:
        """Ask for the figure of the play again and again until the time is up."""
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * EACH)
            view = await self.ask(card, do="figure")
            assert view["after"]["figure"]["src"]  # type: ignore[index]


async def measured(room: Open, questions: list[Question], card: str, seats: int, drawing: int, seconds: float) -> str:
    """A row of the table: so many seats save while so many draw."""
    chance = random.Random(seats + drawing)
    saving = [Seat(room, f"saves-{drawing}-{number}") for number in range(seats)]
    others = [Seat(room, f"draws-{drawing}-{number}") for number in range(drawing)]
    for seat in [*saving, *others]:
        await seat.join()
    for seat in others:
        await seat.play(card)
        seat.times.clear()
    until = time.monotonic() + seconds
    await asyncio.gather(
        *(seat.save(questions, until, chance) for seat in saving), *(seat.draw(card, until, chance) for seat in others)
    )
    times = sorted(1000 * second for seat in saving for second in seat.times)
    drawn = [1000 * second for seat in others for second in seat.times]
    for seat in [*saving, *others]:
        await seat.client.aclose()
    figures = f"{statistics.median(drawn):.0f}" if drawn else "–"
    return (
        f"| {seats} | {drawing} | {len(times)} | {len(drawn)} | {statistics.median(times):.0f} | "
        f"{times[int(0.99 * len(times))]:.0f} | {times[-1]:.0f} | {figures} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seats", type=int, default=60)
    parser.add_argument("--drawing", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    print(f"{meter.machine()}; Python {sys.version.split()[0]}; {date.today()}; server and seats on the same machine\n")
    print("| seats that save | that draw | saves | figures | median ms | 99th ms | longest ms | a figure, median ms |")
    print("| --- " * 8 + "|", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folder = room_folder(Path(place))
        lesson = project.read(folder).lesson(LESSON)
        assert lesson is not None
        questions = [question for question in lesson.questions if question.kind in ("single", "multiple", "match")]
        card = play_card(*lesson.plays[0])
        for drawing in (0, options.drawing):
            with running_room(folder) as room:
                row = measured(room, questions, card, options.seats, drawing, options.seconds)
                print(asyncio.run(row), flush=True)


if __name__ == "__main__":
    main()
