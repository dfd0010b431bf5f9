"""Submissions a minute by `nbgrader autograde`, `otter run` and `workshop grade`.

All get the same submissions, in turns on fresh copies.

Run: .venv/bin/python benchmarks/grading/speed.py [--classes typed mixed code] [--sizes 30 480] [--rounds 3]
    [--minutes 60]
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import classes
import meter
import otter_side
from support.any_course import BIN
from support.gradebook_rows import rows

WORKERS = (1, 2)
HALVES = ("person-*[02468]", "person-*[13579]")


def environment(folder):
    """The same for all sides.

    Python keeps its compiled files, and the numeric libraries take one core in each process.
    """
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return kept | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(classes.ROOT / "src"),
        "WORKSHOP_HOME": str(folder),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def nbgrader(one, workers, _):
    """nbgrader with two of its commands at once, for half of the class each.

    It knows no workers, and this is the best that can be done.
    """
    command = [sys.executable, "-m", "nbgrader", "autograde", one.assignment]
    if workers == 1:
        return command
    both = " & ".join(" ".join([*command, f"--student='{half}'"]) for half in HALVES)
    return ["bash", "-c", f"{both}; wait"]


def workshop(one, workers, _):
    command = [sys.executable, "-m", "workshop", "grade", one.assignment, "--workers", str(workers)]
    return command if one.ours else [*command, "--course", str(one.folder)]


def otter(one, workers, python):
    return [sys.executable, otter_side.__file__, str(python), str(one.folder), str(workers)]


SIDES = {"nbgrader autograde": nbgrader, "otter run": otter, "workshop grade": workshop}


def once(side, workers, master, python, limit):
    """Run one side on a fresh copy of the class; gives its cost and the automatic scores it left in the grade book."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "course"
        shutil.copytree(master.folder, folder)
        if side == "workshop grade" and master.ours:
            shutil.rmtree(folder / "submitted")  # ours starts from the files that were handed in
        command = SIDES[side](replace(master, folder=folder), workers, python)
        cost = meter.run(command, folder, environment(folder), limit)
        book = rows(folder / "gradebook.db", master.assignment)
        found = {key: row["auto_score"] for key, row in book.items() if "auto_score" in row}
        return cost, found


def whole(side, cost, found, master):
    """Whether a run may be counted: it ended, and everybody has been graded."""
    if cost.code not in (0, 1):
        return False
    if side == "otter run":
        return f"{len(classes.PARTS) * master.students} notebooks graded" in cost.said
    return len({who for who, _, _ in found}) == master.students


def compare(name, size, options, python, place, end):
    """The rows of the table for one class of one size."""
    master = classes.CLASSES[name](place / f"{name}-{size}", size)
    sides = ["workshop grade"]
    if size <= options.sample:
        sides = [side for side in SIDES if side != "otter run" or (name == "code" and python)]
    if "otter run" in sides:
        otter_side.autograders(master.folder, python)
    runs, reference, different = {}, None, {}
    for turn in range(options.rounds):
        order = [(side, workers) for side in sides for workers in WORKERS]
        for side, workers in order if turn % 2 == 0 else order[::-1]:
            if time.monotonic() > end:
                print(
                    f"The time is over: {name}, {size} submissions, round {turn + 1} was not finished.", file=sys.stderr
                )
                return table(name, size, runs, different)
            cost, found = once(side, workers, master, python, options.limit)
            print(
                f"{name} {size} {side} x{workers}: {cost.seconds:.1f} s, {cost.processor:.1f} processor s, "
                f"{cost.memory:.0f} MB, exit {cost.code}",
                file=sys.stderr,
            )
            if not whole(side, cost, found, master):
                print(cost.said[-2000:], file=sys.stderr)
                continue
            runs.setdefault((side, workers), {})[turn] = cost
            if side == "nbgrader autograde":
                reference = found
            elif side == "workshop grade":
                different[workers] = found
    different = {
        workers: sum(reference[key] != found.get(key) for key in reference) if reference else None
        for workers, found in different.items()
    }
    return table(name, size, runs, different)


def table(name, size, runs, different):
    """The medians of the runs; the ratio to nbgrader at one worker is the median of the ratios within rounds."""
    lines = []
    for (side, workers), costs in runs.items():
        seconds = [cost.seconds for cost in costs.values()]
        base = runs.get(("nbgrader autograde", 1), {})
        ratios = [base[turn].seconds / cost.seconds for turn, cost in costs.items() if turn in base]
        lines.append(
            Line(
                name,
                size,
                side,
                workers,
                statistics.median(seconds),
                f" ({min(seconds):.1f}-{max(seconds):.1f})",
                statistics.median(cost.processor for cost in costs.values()),
                statistics.median(cost.memory for cost in costs.values()),
                statistics.median(ratios) if ratios else None,
                different.get(workers) if side == "workshop grade" else None,
            )
        )
    return lines


@dataclass
class Line:
    """A line of the table."""

    name: str
    size: int
    side: str
    workers: int
    seconds: float
    span: str
    processor: float
    memory: float | None
    ratio: float | None
    different: int | None = None

    def __str__(self):
        known = [
            f"{self.memory:.0f}" if self.memory else "",
            f"{self.ratio:.1f}" if self.ratio else "",
            "" if self.different is None else str(self.different),
        ]
        return (
            "| "
            + " | ".join(
                [
                    self.name,
                    str(self.size),
                    self.side,
                    str(self.workers),
                    f"{self.seconds:.1f}{self.span}",
                    f"{60 * self.size / self.seconds:.0f}",
                    f"{self.processor:.1f}",
                    *known,
                ]
            )
            + " |"
        )


def extrapolated(lines, sample):
    """All lines in order, with nbgrader's at the greater sizes from its time for each submission of the sample."""
    added = []
    for line in lines:
        if line.size > sample:
            for small in lines:
                if small.name == line.name and small.side == "nbgrader autograde" and small.workers == line.workers:
                    factor = line.size / small.size
                    side = f"{small.side}, {factor:.0f} times that for {small.size}"
                    added.append(
                        Line(
                            line.name,
                            line.size,
                            side,
                            small.workers,
                            small.seconds * factor,
                            "",
                            small.processor * factor,
                            None,
                            None,
                        )
                    )
    for line in lines:
        base = [one.seconds for one in added if (one.name, one.size, one.workers) == (line.name, line.size, 1)]
        line.ratio = base[0] / line.seconds if base else line.ratio
    return sorted(
        lines + added, key=lambda line: (list(classes.CLASSES).index(line.name), line.size, line.side, line.workers)
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--classes", nargs="+", default=list(classes.CLASSES), choices=classes.CLASSES)
    parser.add_argument("--sizes", nargs="+", type=int, default=[30, 480])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=30, help="greatest class for nbgrader and otter")
    parser.add_argument("--limit", type=int, default=1200, help="seconds for one command")
    parser.add_argument("--minutes", type=float, default=90, help="no further run begins after this time")
    parser.add_argument(
        "--otter", type=lambda path: Path(path).absolute(), help="otter-grader's environment; made if missing"
    )
    options = parser.parse_args()
    end = time.monotonic() + options.minutes * 60
    python = otter_side.install(options.otter) if options.otter else None
    lines = []
    with tempfile.TemporaryDirectory() as place:
        for name in options.classes:
            warm = classes.CLASSES[name](Path(place) / f"{name}-warm", 2)
            for side in ("nbgrader autograde", "workshop grade"):
                once(side, 1, warm, python, options.limit)  # not counted: compiles what is not compiled, fills caches
            for size in options.sizes:
                lines += compare(name, size, options, python, Path(place), end)
    print(
        f"{meter.machine()}; Python {sys.version.split()[0]}; {date.today()}; processor seconds {meter.how_counted()}; "
        f"{options.rounds} rounds, medians; otter-grader {otter_side.VERSION if python else 'left out'}\n"
    )
    print(
        "| class | hand-ins | grader | workers | seconds (range) | a minute | processor s | peak MB | ratio | "
        "other scores |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    print(*extrapolated(lines, options.sample), sep="\n")
    print("\nratio: times as fast as `nbgrader autograde` alone; other scores: automatic scores unlike nbgrader's.")


if __name__ == "__main__":
    main()
