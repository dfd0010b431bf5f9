"""Commands for whoever edits the texts: build, check, coverage."""

import argparse
import json

from workshop.cli.commands import Commands, add, kit, print_faults


def build(commands: Commands) -> None:
    """Add the command `build`."""
    command = add(commands, "build", "make the notebooks, the exercises and the guide from the texts", _build)
    command.add_argument(
        "--check", action="store_true", help="change nothing; fail when something built is older than its text"
    )
    command.add_argument(
        "--add-ids",
        action="store_true",
        help="first write an id into the texts for each question, section, scene and option that has none",
    )


def _build(options: argparse.Namespace) -> int | None:
    from workshop.authoring import build, ids
    from workshop.cli import steps
    from workshop.project import project

    root = kit()
    if options.add_ids:
        for path in ids.add(project.read(root)):
            print(f"{path.relative_to(root)} has all its ids.")
    if not options.check:
        problems, written = steps.build_all(root)
        if problems:
            return print_faults(problems)
        if not written:
            print("Everything is up to date.")
        return 0
    read = project.read(root)
    if read.problems:
        return print_faults(read.problems)
    old = build.stale(root, steps.build_steps(read))
    for name in old:
        print(f"{name} is not what its text makes. Run `workshop build`.")
    return 1 if old else 0


def check(commands: Commands) -> None:
    """Add the command `check`."""
    command = add(
        commands,
        "check",
        "look for faults in all texts: dead links, missing reasons, unknown sources, keys that leak",
        _check,
    )
    command.add_argument("--quick", action="store_true", help="do not run the exercises")


def _check(options: argparse.Namespace) -> int | None:
    from workshop.cli import steps
    from workshop.project import project

    faults = steps.faults(project.read(kit()), run=not options.quick)
    if faults:
        return print_faults(faults)
    print("No fault found.")
    return 0


def coverage(commands: Commands) -> None:
    """Add the command `coverage`."""
    command = add(
        commands, "coverage", "show where each of the 35 statements is taught, practised, played and graded", _coverage
    )
    command.add_argument("--json", action="store_true", help="print it as data")


def _coverage(options: argparse.Namespace) -> int | None:
    from workshop.project import coverage, project

    rows = coverage.rows(project.read(kit()))
    print(json.dumps(rows, ensure_ascii=False, indent=1) if options.json else coverage.as_text(rows))
    return 0
