"""How soon a kernel can be used and what it holds in memory.

Plain ones stand beside those forked from the warm process in a jail.

Run: .venv/bin/python benchmarks/grading/kernels.py [--many 40] [--rounds 3]
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import meter
import psutil
from jupyter_client.manager import start_new_async_kernel

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from safe_cells.kernel_pool import Warm

CELLS = ("1 + 1", "import matplotlib.pyplot as plt, numpy as np, pandas as pd", "plt.plot(np.arange(10))\nplt.show()")
TRIES = 15
# A user name space in which no other can be made, so that the warm process does without.
WITHOUT = [
    "unshare",
    "--user",
    "--map-root-user",
    "sh",
    "-c",
    'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"',
    "sh",
]


def others():
    """The processes that this one has started, and theirs."""
    return {process.pid for process in psutil.Process().children(recursive=True)}


def plain(number):
    """Seconds until so many plain kernels at once are ready, have imported and have drawn, and megabytes of each."""

    async def measure():
        before, begun = others(), time.perf_counter()
        kernels = await asyncio.gather(
            *(start_new_async_kernel(kernel_name="python3", env=environment()) for _ in range(number))
        )
        times = []
        for cell in CELLS:
            replies = await asyncio.gather(*(client.execute(cell, reply=True, timeout=300) for _, client in kernels))
            assert all(reply["content"]["status"] == "ok" for reply in replies), replies[0]["content"]
            times.append(time.perf_counter() - begun)
        own = memory(before, number)
        for manager, client in kernels:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
        return times, own

    return asyncio.run(measure())


def environment():
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def forked(number):
    """The same for kernels forked from a process that is warm already, each in its jail."""
    with Warm() as warm, tempfile.TemporaryDirectory() as empty:
        with warm.participant(empty) as first:
            answer(first, CELLS)  # the warm process has begun to serve
        before, begun = others(), time.perf_counter()
        kernels = [warm.participant(empty) for _ in range(number)]
        times = []
        for cell in CELLS:
            for kernel in kernels:
                kernel.send({"do": "run", "source": cell})
            for kernel in kernels:
                reply = kernel.receive(300)
                assert reply["status"] == "ok", reply
            times.append(time.perf_counter() - begun)
        own = memory(before, number)
        for kernel in kernels:
            kernel.stop()
        return times, own


def memory(before, number):
    return sum(map(meter.unique_memory, others() - before)) / number / 1e6


def answer(kernel, cells):
    for cell in cells:
        kernel.send({"do": "run", "source": cell})
        kernel.receive(60)


def jail():
    """What shuts kernels in here, and milliseconds from asking for one to its end.

    Measured with one small cell and with all three.
    """
    with Warm(unsafe=True) as warm, tempfile.TemporaryDirectory() as empty:
        times = {1: [], len(CELLS): []}
        for _ in range(TRIES):
            for cells, found in times.items():
                begun = time.perf_counter()
                with warm.participant(empty) as kernel:
                    answer(kernel, CELLS[:cells])
                found.append(1000 * (time.perf_counter() - begun))
        return warm.regime, [statistics.median(found) for found in times.values()]


def start():
    """Seconds until the warm process gives its first kernel."""
    begun = time.perf_counter()
    with Warm() as warm, tempfile.TemporaryDirectory() as empty, warm.participant(empty) as kernel:
        answer(kernel, CELLS[:1])
        return time.perf_counter() - begun


def beside():
    """The jail's rows: with all of it, and in a process of its own without name spaces, where that can be had."""
    rows = [jail()]
    if shutil.which("unshare"):
        again = subprocess.run(
            [*WITHOUT, sys.executable, __file__, "--jail"], capture_output=True, text=True, timeout=120
        )
        if again.returncode == 0:
            rows.append(tuple(json.loads(again.stdout)))
        else:
            print(f"Without name spaces it could not be measured here: {again.stderr.strip()[-300:]}", file=sys.stderr)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--many", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jail", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.jail:
        print(json.dumps(jail()))
        return
    plain(1), forked(1)  # not counted: fills caches
    print(f"{meter.machine()}; Python {sys.version.split()[0]}; {date.today()}; medians of {options.rounds} rounds\n")
    print("| kernels at once | | all ready s | all imported s | all drawn s | unique MB each |")
    print("| --- | --- | --- | --- | --- | --- |")
    for number in (1, options.many):
        runs = {"plain": [], "forked, jailed": []}
        for turn in range(options.rounds):
            sides = [("plain", plain), ("forked, jailed", forked)]
            for name, side in sides if turn % 2 == 0 else sides[::-1]:
                runs[name].append(side(number))
        for name, found in runs.items():
            times = [f"{statistics.median(times[place] for times, _ in found):.2f}" for place in range(len(CELLS))]
            print(f"| {number} | {name} | {' | '.join(times)} | {statistics.median(own for _, own in found):.0f} |")
    print(
        "\nThe warm process gives its first kernel after "
        f"{statistics.median(start() for _ in range(options.rounds)):.1f} s.\n"
    )
    print("| shut in by | one small cell ms | imports and a figure ms |")
    print("| --- | --- | --- |")
    for regime, times in beside():
        print(f"| {regime} | {' | '.join(f'{one:.0f}' for one in times)} |")


if __name__ == "__main__":
    main()
