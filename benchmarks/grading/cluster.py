"""The course of code graded by two workers of a Dask cluster on this machine and by two local ones, in turns.

Run: .venv/bin/python benchmarks/grading/cluster.py [--size 30] [--rounds 3]
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import classes
import meter
from distributed import LocalCluster
from gradebook_rows import differences, rows
from speed import environment


def graded(master, *more):
    """Grade a fresh copy: seconds, and the rows of its grade book."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        shutil.copytree(master.folder, folder)
        command = [sys.executable, "-m", "workshop", "grade", master.assignment, "--course", str(folder), *more]
        cost = meter.run(command, folder, environment(folder), 600)
        if cost.code != 0:
            raise SystemExit(f"{' '.join(command)} failed:\n{cost.said[-2000:]}")
        return cost.seconds, rows(folder / "gradebook.db", master.assignment)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        master = classes.code(Path(place) / "code", options.size)
        begun = time.perf_counter()
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            start = time.perf_counter() - begun
            sides = [
                ("two local workers", ["--workers", "2"]),
                ("two Dask workers", ["--scheduler", cluster.scheduler_address]),
            ]
            runs = {name: [] for name, _ in sides}
            for _, more in sides:
                graded(master, *more)  # not counted
            for turn in range(options.rounds):
                for name, more in sides if turn % 2 == 0 else sides[::-1]:
                    runs[name].append(graded(master, *more))
    print(
        f"{meter.machine()}; Python {sys.version.split()[0]}; {date.today()}; {options.size} submissions, medians of "
        f"{options.rounds} rounds; the cluster itself took {start:.1f} s to start\n"
    )
    print("| | seconds (range) | submissions a minute | rows unlike the first's |")
    print("| --- | --- | --- | --- |")
    first = runs["two local workers"][0][1]
    for name, found in runs.items():
        seconds = [one for one, _ in found]
        middle = statistics.median(seconds)
        unlike = len(differences(first, found[-1][1]))
        print(
            f"| {name} | {middle:.1f} ({min(seconds):.1f}-{max(seconds):.1f}) | {60 * options.size / middle:.0f} | "
            f"{unlike} |"
        )


if __name__ == "__main__":
    main()
