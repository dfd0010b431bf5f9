"""The command `safe-cells`: grade an assignment of any nbgrader course, with participants' code shut in."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from safe_cells.errors import SafeCellsError
from safe_cells.imports import without_rfc3987

EPILOG = """\
Examples:
  safe-cells grade ~/course ps1            grade what lies in submitted/*/ps1
  safe-cells grade ~/course ps1 --workers 1
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    main = argparse.ArgumentParser(
        prog="safe-cells",
        description="Grade Jupyter notebooks of people one does not know.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = main.add_subparsers(dest="command", metavar="COMMAND", required=True)
    words = "grade an assignment of an nbgrader course"
    grade = commands.add_parser("grade", help=words, description=f"{words[0].upper()}{words[1:]}.")
    grade.add_argument("course", metavar="DIR", type=Path, help="the folder of the course, with its nbgrader_config.py")
    grade.add_argument("assignment", metavar="ASSIGNMENT", help="the name of its folder in source/ and in submitted/*/")
    add_options(grade)
    return main


def add_options(command: argparse.ArgumentParser) -> None:
    """What any command that grades a course can be told."""
    command.add_argument("--workers", type=int, help="how many to grade at once (default: one for each core)")
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="let a Dask cluster do the work, for instance tcp://10.0.0.5:8786"
    )
    command.add_argument(
        "--trust",
        choices=("inside",),
        help="let tests count as they run beside participants' code, as by nbgrader, instead of letting a reader "
        "decide where they say something else outside; c.SafeCells.trust in nbgrader_config.py does it for good",
    )
    command.add_argument(
        "--allow",
        metavar="DIR",
        type=Path,
        action="append",
        default=[],
        help="let code read this folder too, such as data or helpers of the course; may be given several times "
        "(for good: c.SafeCells.allow, a list)",
    )
    command.add_argument(
        "--unsafe",
        action="store_true",
        help="run participants' code even where it cannot be shut in; read it beforehand",
    )
    command.add_argument("--again", action="store_true", help="grade what is graded already, too")


def chosen(options: argparse.Namespace) -> dict[str, Any]:
    """What was typed for the options of `add_options`, as fields of `course.round.Options`."""
    return {
        "workers": options.workers,
        "scheduler": options.scheduler,
        "unsafe": options.unsafe,
        "trust": options.trust == "inside",
        "allow": [path.absolute() for path in options.allow],
        "again": options.again,
        "progress": progress(),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, 1 when something was refused, or 2 when nothing could be graded."""
    options = parser().parse_args(arguments)
    try:
        with without_rfc3987():
            from safe_cells.course.round import grade_course, summary

            done = grade_course(options.course.expanduser(), options.assignment, **chosen(options))
    except KeyboardInterrupt:
        print("Stopped. Nothing is lost.", file=sys.stderr)
        return 130
    except SafeCellsError as error:
        print(error, file=sys.stderr)
        return 2
    for line in summary(done):
        print(line)
    return 1 if done.refused else 0


def progress() -> Callable[[int, int], None] | None:
    """A function that shows on one line of a terminal how far the work is and what is left; None without a terminal."""
    began = time.monotonic()

    def show(done: int, of: int) -> None:
        left = (time.monotonic() - began) / done * (of - done)
        words = f"{done} of {of} graded, about {left // 60:.0f} min {left % 60:.0f} s left" if done < of else ""
        line = f"\r[{'=' * (30 * done // of):30}] {words:40}" if words else "\r" + " " * 74 + "\r"
        print(line, end="", file=sys.stderr, flush=True)

    return show if sys.stderr.isatty() else None
