"""What one person costs: in the room, in JupyterLab as the workshop starts it, and in Voilà, on the same lesson.

Seconds are from asking for the page to the first answerable question in a browser of one's own, bytes are those over
the line, memory is the proportional share (PSS) of the server and all that it started. Run: .venv/bin/python
benchmarks/room/beside.py [--voila /tmp/voila-venv]
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks" / "grading")]

import meter  # noqa: E402
from support.browsers import QUIET, chromium_path  # noqa: E402
from support.labserver import close, launch  # noqa: E402
from support.rooms import room_folder, running_room  # noqa: E402

from workshop.lab import folder  # noqa: E402

LESSON = "m02_challenges"
CARD = "article.workshop-card :is(input, select):visible"


def memory(process):
    """The proportional share of a process and everything below it, in megabytes."""
    whole = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            lines = Path(f"/proc/{one.pid}/smaps_rollup").read_text().splitlines()
            whole += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            continue
    return whole / 1000


class Visit:
    """A browser of its own that opens the lesson: seconds and bytes."""

    def __init__(self, browser):
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.bytes = 0
        line = self.context.new_cdp_session(self.page)
        line.send("Network.enable")
        line.on("Network.loadingFinished", self._count)
        line.on(
            "Network.webSocketFrameReceived",
            lambda frame: self._count({"encodedDataLength": len(frame["response"]["payloadData"])}),
        )

    def _count(self, event):
        self.bytes += event["encodedDataLength"]


@contextmanager
def room_side(place, _):
    with running_room(room_folder(place)) as room:

        def visit(browser, number):
            one = Visit(browser)
            one.page.goto(f"{room.address}/?code={room.code}")
            one.page.get_by_label("Your name here").fill(f"seat-{number}")
            one.page.get_by_role("button", name="Come in").click()
            one.page.get_by_role("heading", name="All pages").wait_for()
            begun = time.perf_counter()
            one.page.goto(f"{room.address}/page/{LESSON}")
            one.page.locator(CARD).first.wait_for()
            return one, time.perf_counter() - begun

        yield visit, psutil.Process(room.process.pid)


@contextmanager
def lab_side(place, _):
    folder.make(ROOT, place)
    process, address = launch(place)
    base, key = address.split("?")
    try:

        def visit(browser, _):
            one = Visit(browser)
            begun = time.perf_counter()
            one.page.goto(f"{base}lab/tree/notebooks/{LESSON}.ipynb?reset&{key}")
            one.page.locator(".workshop-start:visible").click()
            one.page.locator(CARD).first.wait_for()
            return one, time.perf_counter() - begun

        yield visit, psutil.Process(process.pid)
    finally:
        close(process)


@contextmanager
def voila_side(place, python):
    folder.make(ROOT, place)
    command = [
        str(python),
        "-m",
        "voila",
        "--no-browser",
        "--Voila.ip=127.0.0.1",
        str(place / "notebooks" / f"{LESSON}.ipynb"),
    ]
    with subprocess.Popen(
        command,
        cwd=place / "notebooks",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PATH": f"{Path(python).parent}:{os.environ['PATH']}"},
    ) as process:
        for line in process.stderr:
            if address := re.search(r"http://\S+:\d+/", line):
                break

        def visit(browser, _):
            one = Visit(browser)
            begun = time.perf_counter()
            one.page.goto(address[0])
            one.page.locator(CARD).first.wait_for()
            return one, time.perf_counter() - begun

        try:
            yield visit, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.stderr.close()


def with_voila(place):
    """The Python of an environment with Voilà and the workshop, made if it is missing."""
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-qq", "--editable", str(ROOT), "voila"], check=True)
    return python


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--people", type=int, default=5)
    parser.add_argument(
        "--voila",
        type=lambda path: Path(path).absolute(),
        help="environment of Voilà; made if missing; without it Voilà is left out",
    )
    options = parser.parse_args()
    sides = {"the room": (room_side, None), "JupyterLab, as `workshop lab` starts it": (lab_side, None)}
    if options.voila:
        sides["Voilà"] = voila_side, with_voila(options.voila)
    print(
        f"{meter.machine()}; Python {sys.version.split()[0]}; {date.today()}; "
        f"medians of {options.people} people, one after the other\n"
    )
    print(
        "| one person in | seconds to the first question | kB over the line "
        "| MB for each person | MB of the server alone |"
    )
    print("| --- | --- | --- | --- | --- |", flush=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(playwright), args=QUIET)
        for name, (side, python) in sides.items():
            with tempfile.TemporaryDirectory() as place, side(Path(place) / "work", python) as (visit, process):
                alone, seconds, sizes, visits = memory(process), [], [], []
                # JupyterLab is one server for one person; the others are one server for all.
                for number in range(1 if side is lab_side else options.people):
                    one, took = visit(browser, number)
                    one.page.wait_for_timeout(1000)
                    visits.append(one)
                    seconds.append(took)
                    sizes.append(one.bytes)
                more = (memory(process) - alone) / len(visits)
                if side is lab_side:
                    more, alone = memory(process), 0
                print(
                    (
                        f"| {name} | {statistics.median(seconds):.1f} | {statistics.median(sizes) / 1000:.0f} "
                        f"| {more:.1f} | {alone or '–'} |"
                    ).replace(f"| {alone} |", f"| {alone:.0f} |" if alone else "| – |"),
                    flush=True,
                )
                for one in visits:
                    one.context.close()
        browser.close()


if __name__ == "__main__":
    main()
