"""The command `workshop`: one word for each thing a facilitator, an author or an instructor does."""

import argparse
import os
import sys
from collections.abc import Sequence

from workshop.cli import author, grade, teach
from workshop.cli.commands import Command
from workshop.content.imports import quick
from workshop.errors import WorkshopError

EPILOG = """\
Examples:
  workshop lab                        study: opens the welcome page in the browser
  workshop folder ~/workshop          a folder to give to participants, without solutions
  workshop schedule --days 1          an agenda for a day, with breaks and what to bring
  workshop handouts                   all papers as PDF: for participants, and for you
  workshop room --network             the same on everybody's own phone, without Jupyter and without internet
  workshop grade m02_challenges       grade what lies in hand_in/
  workshop formgrader                 read the written answers, with the rubric beside them
  workshop check                      after editing a text: is everything in order?
"""

# Each adds one command, in the order of the help.
COMMANDS = (
    teach.lab,
    teach.folder,
    author.build,
    author.check,
    author.coverage,
    teach.schedule,
    teach.handouts,
    grade.grade,
    grade.export,
    grade.report,
    teach.room,
    teach.study,
    grade.formgrader,
)


def parser() -> argparse.ArgumentParser:
    """The command line, with help that needs no other page."""
    main = argparse.ArgumentParser(
        prog="workshop",
        description="Building National Architectures: a workshop on preventing mass atrocities, in notebooks.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = main.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Command)
    for add_command in COMMANDS:
        add_command(commands)
    return main


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status. A foreseen fault is one sentence, never a traceback."""
    options = parser().parse_args(arguments)
    try:
        with quick():
            return int(options.run(options) or 0)
    except KeyboardInterrupt:
        print("Stopped. Nothing is lost.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except WorkshopError as error:
        print(error, file=sys.stderr)
        return 2
