"""What every group of commands shares: how a command is added, which folder it works in, how faults are printed."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from workshop.content.markdown import Problem

# Carries a command out; returns the exit status, None for 0.
Run: TypeAlias = Callable[[argparse.Namespace], int | None]
Commands: TypeAlias = "argparse._SubParsersAction[Command]"


class Command(argparse.ArgumentParser):
    """A command that can add arguments when it is given: what they need is not loaded for all other commands."""

    more: Callable[[argparse.ArgumentParser], None] | None = None

    def parse_known_args(self, *given: Any, **named: Any) -> Any:
        if self.more:
            self.more(self)
            self.more = None
        return super().parse_known_args(*given, **named)


def add(commands: Commands, name: str, say: str, run: Run) -> Command:
    """A new command; `say` is its line in the help, `run` is called with what was typed after it."""
    command = commands.add_parser(name, help=say, description=say[0].upper() + say[1:] + ".")
    command.set_defaults(run=run)
    return command


def root() -> Path:
    """The folder of the kit or of a participant, in which the command was given. Raises NotFoundError."""
    from workshop.content import tables

    return Path(tables.home())


def kit() -> Path:
    """The folder with the texts: for authors, instructors and facilitators. Raises NotFoundError."""
    from workshop.content import tables

    for folder in (root(), Path(__file__).resolve().parents[3]):
        if (folder / "solutions").is_dir():
            return folder
    raise tables.NotFoundError(
        "This is a participant's folder: it holds no texts and no solutions. "
        "Go to the folder of the kit and give the command there."
    )


def print_faults(problems: Sequence[Problem]) -> int:
    """Print each fault, and how many there are; returns the exit status."""
    for problem in problems:
        print(problem)
    print(f"{len(problems)} fault{'s' if len(problems) > 1 else ''} found.", file=sys.stderr)
    return 1
