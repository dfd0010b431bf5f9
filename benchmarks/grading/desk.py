"""How long a reader waits at the desk, while a whole class's answers to one question lie there.

    .venv/bin/python benchmarks/grading/desk.py --hand-ins 600

Hands in and grades a class in a temporary folder, starts the real server, and asks as the desk's script does. Prints
the median and the slowest of each kind of request, in milliseconds.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.course_helpers import (  # noqa: E402
    EXERCISE,
    course_folder,
    grade,
    hand_in,
    right_answers,
    running_formgrader,
)

ITEM = "sceptical-minister"
WORDS = (
    "Minister, nobody accuses us: every state has this duty, and office {} would collect the warnings of district {}. "
    "We could begin with one officer, paid from what the province {} keeps for studies, and report once a year."
)


class Reader:
    """A browser with a reader's initials, as far as the desk can tell."""

    def __init__(self, address: str, key: str) -> None:
        where = urlsplit(address)
        self.line = http.client.HTTPConnection(where.hostname or "", where.port)
        self.cookies = {"desk_reader": "ab"}
        self.xsrf = ""
        self.ask(f"/desk?{key}")

    def ask(self, path: str, data: object = None) -> tuple[float, str]:
        """(milliseconds, text) of one request. Raises RuntimeError unless it succeeds."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None if data is None else json.dumps(data)
        if body:
            headers |= {"Content-Type": "application/json", "X-XSRFToken": self.xsrf}
        began = time.perf_counter()
        self.line.request("POST" if body else "GET", path, body, headers)
        reply = self.line.getresponse()
        text = reply.read().decode()
        took = 1000 * (time.perf_counter() - began)
        for name, value in reply.getheaders():
            if name.lower() == "set-cookie":
                name, _, value = value.partition(";")[0].partition("=")
                self.cookies[name] = value
        if found := re.search(r'name="xsrf" content="([^"]+)"', text):
            self.xsrf = found[1]
        if reply.status != 200:
            raise RuntimeError(f"{path} was answered with {reply.status}")
        return took, text


def clicks(reader: Reader, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """(what a reader does, how long each took)"""
    page = f"/desk/{EXERCISE}/{ITEM}"
    took, text = reader.ask(page)
    yield "open the question for the first time", [took]
    keys = re.findall(r'data-key="(\w+)"', text)
    saves, nexts = [], []
    for turn in range(rounds):
        given = {"key": keys[turn % len(keys)], "points": {"0": 1, "1": 0.5}, "comment": "Name an office.", "used": []}
        saves.append(reader.ask(f"{page}/save", given)[0])
        nexts.append(reader.ask(f"{page}?from={20 * turn}")[0])
    yield "save points", saves
    yield "see the next answers", nexts
    yield "how far readers agree", [reader.ask(f"{page}/agreement")[0] for _ in range(rounds // 5)]
    yield "all written answers", [reader.ask("/desk")[0] for _ in range(rounds // 5)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hand-ins", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = course_folder(Path(place))
        os.environ["WORKSHOP_HOME"] = str(folder)
        right = right_answers(folder)
        for number in range(options.hand_ins):
            words = WORDS.format(number, 7 * number % 90, 13 * number % 31)
            hand_in(folder, f"p{number:03}", right | {ITEM: words})
        print(f"{options.hand_ins} hand-ins lie there.", file=sys.stderr)
        grade(folder)
        print("| click | median | slowest |\n| --- | --- | --- |")
        with running_formgrader(folder) as (address, key):
            for what, took in clicks(Reader(address, key), options.rounds):
                print(f"| {what} | {statistics.median(took):.0f} ms | {max(took):.0f} ms |", flush=True)


if __name__ == "__main__":
    main()
