"""Commands for whoever grades: grade, export, report, formgrader."""

import argparse
import shlex
from pathlib import Path

from workshop.cli.commands import Commands, add, kit


def grade(commands: Commands) -> None:
    """Add the command `grade`."""
    command = add(commands, "grade", "grade the hand-ins of an exercise and write feedback", _grade)
    command.add_argument("exercise", help="for instance m02_challenges")
    command.add_argument("--inbox", help="the folder with the hand-in files (default: hand_in)")
    command.add_argument(
        "--course", help="grade an assignment of another nbgrader course, in this folder, from what it has submitted"
    )
    command.more = _of_a_round


def _of_a_round(command: argparse.ArgumentParser) -> None:
    from workshop.grading import code_cells

    code_cells.add_options(command)


def _grade(options: argparse.Namespace) -> int | None:
    from workshop.answers.hand_in import FOLDER
    from workshop.grading import code_cells, round

    how = code_cells.chosen(options)
    if options.course:
        with code_cells.told_as_ours():
            done = code_cells.grade_course(Path(options.course).expanduser(), options.exercise, **how)
    else:
        root = kit()
        inbox = Path(options.inbox).expanduser() if options.inbox else root / FOLDER
        with code_cells.told_as_ours():
            done = round.grade_round(root, options.exercise, inbox, **how)
    for line in code_cells.summary(done):
        print(line)
    if options.course:
        print(
            f"Read what waits with `workshop formgrader --course {shlex.quote(options.course)}`: nbgrader's "
            "formgrader, in which nothing that a participant wrote can act. nbgrader's commands go on working: "
            f"`nbgrader generate_feedback {options.exercise}`, `nbgrader export`."
        )
    else:
        if done.waiting:
            print("Read them with `workshop formgrader`, then run this command again: it writes the feedback anew.")
        print(f"Feedback: {root / 'feedback'}")
    return 1 if done.refused else 0


def export(commands: Commands) -> None:
    """Add the command `export`."""
    command = add(commands, "export", "write results as CSV: items, totals, or what Moodle and Canvas import", _export)
    command.add_argument(
        "exercises", nargs="*", metavar="EXERCISE", help="for instance m02_challenges (default: all that are graded)"
    )
    command.add_argument(
        "--to",
        action="append",
        choices=("items", "totals", "moodle", "canvas"),
        help="what to write; may be given several times (default: items and totals)",
    )
    command.add_argument("--folder", help="where to write (default: export)")
    command.add_argument(
        "--names",
        metavar="PEOPLE.csv",
        help="who is behind the code names: columns code, name, id, email, login; "
        "without it only code names are written",
    )


def _export(options: argparse.Namespace) -> int | None:
    from workshop.grading.export import export

    root = kit()
    folder = Path(options.folder).expanduser() if options.folder else root / export.FOLDER
    names = Path(options.names).expanduser() if options.names else None
    done = export.write(root, options.exercises, options.to or export.USUAL, folder, names)
    for note in done.notes:
        print(note)
    for path in done.files:
        print(f"Written: {path}")
    return 1 if done.left_out else 0


def report(commands: Commands) -> None:
    """Add the command `report`."""
    command = add(
        commands,
        "report",
        "write a report: questions that need another look, gain between the checks, modules at a glance",
        _report,
    )
    command.add_argument(
        "exercises", nargs="*", metavar="EXERCISE", help="for instance m02_challenges (default: all that are graded)"
    )
    command.add_argument("--folder", help="where to write (default: report)")
    command.add_argument(
        "--people", action="store_true", help="also list, by code name, whom to look after: for you alone"
    )


def _report(options: argparse.Namespace) -> int | None:
    from workshop.grading.report import report

    root = kit()
    folder = Path(options.folder).expanduser() if options.folder else root / report.FOLDER
    for path in report.write(root, options.exercises, folder, options.people):
        print(f"Written: {path}")
    return 0


def formgrader(commands: Commands) -> None:
    """Add the command `formgrader`."""
    command = add(
        commands, "formgrader", "read written answers in the browser, with the rubric beside them", _formgrader
    )
    command.add_argument(
        "--course",
        help="nbgrader's formgrader for another nbgrader course, in this folder, with all it shows made inert",
    )
    command.add_argument("--port", type=int, help="another port")
    command.add_argument("--no-browser", action="store_true", help="print the address and open nothing")


def _formgrader(options: argparse.Namespace) -> int | None:
    from workshop.grading import formgrader

    if options.course:
        return formgrader.start(
            Path(options.course).expanduser().resolve(), options.port, not options.no_browser, ours=False
        )
    return formgrader.start(kit(), options.port, not options.no_browser)
