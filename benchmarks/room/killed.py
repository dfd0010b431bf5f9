"""The room is killed fifty times at a random moment under load: every answer confirmed before must be found after.

Run: .venv/bin/python benchmarks/room/killed.py [--times 50] [--seed 1]
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from support.rooms import answer, launch, room_folder, views  # noqa: E402

from workshop.project import project  # noqa: E402

LESSON, PEOPLE = "m02_challenges", 8


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance, confirmed, lost, begun = random.Random(options.seed), 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(PEOPLE) as pool:
        folder = room_folder(Path(place))
        questions = [
            question for question in project.read(folder).lesson(LESSON).questions if question.kind == "single"
        ]
        room = launch(folder)
        port = int(room.address.rpartition(":")[2])
        for turn in range(options.times):
            people = [room.person(f"seat-{turn}-{number}") for number in range(PEOPLE)]

            def work(person, seed):
                """Answer until the room is gone: {question: (last confirmed, on its way when it was killed)}."""
                own, said, number = random.Random(seed), {}, 0
                while True:
                    number += 1
                    question = own.choice(questions)
                    option = own.choice(question.options).id
                    before = said.get(question.id, (None, None))[0]
                    said[question.id] = before, option
                    try:
                        said[question.id] = answer(person, LESSON, question.id, option, n=number)["answer"], None
                    except httpx.HTTPError:
                        return said, number - 1

            threading.Timer(chance.uniform(0.05, 1.0), room.kill).start()
            results = list(pool.map(work, people, [chance.random() for _ in people]))
            room = launch(folder, port=port)
            for person, (said, number) in zip(people, results, strict=True):
                confirmed += number
                with httpx.Client(base_url=room.address, cookies={"room_seat": person.cookies["room_seat"]}) as again:
                    found = views(again, LESSON)
                for id, (last, under_way) in said.items():
                    lost += found[f"q-{id}"]["answer"] not in ({last} if under_way is None else {last, under_way})
        room.kill()
    print(
        f"Killed {options.times} times in {time.monotonic() - begun:.0f} s, {confirmed} answers confirmed before, "
        f"{lost} missing or changed after."
    )
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
