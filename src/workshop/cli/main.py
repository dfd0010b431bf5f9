"""The command `workshop`: one word for each thing a facilitator, an author or an instructor does."""

import argparse
import json
import os
import shlex
import sys
from pathlib import Path

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


def parser():
    """The command line, with help that needs no other page."""
    main = argparse.ArgumentParser(
        prog="workshop",
        description="Building National Architectures: a workshop on preventing mass atrocities, in notebooks.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = main.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name, say, run, **options):
        made = commands.add_parser(name, help=say, description=say[0].upper() + say[1:] + ".", **options)
        made.set_defaults(run=run)
        return made

    lab = command("lab", "open the workshop in the browser (for studying, alone or in a room)", _lab)
    lab.add_argument("folder", nargs="?", help="where your pages and answers are kept (default: my_workshop)")
    lab.add_argument("--port", type=int, help="another port, if the usual one is taken by something you want to keep")
    lab.add_argument("--no-browser", action="store_true", help="print the address and open nothing")

    folder = command(
        "folder", "make a folder to give to participants: pages, exercises and data, no solutions", _folder
    )
    folder.add_argument("folder", help="where to make it; made again later, it keeps all answers")

    build = command("build", "make the notebooks, the exercises and the guide from the texts", _build)
    build.add_argument(
        "--check", action="store_true", help="change nothing; fail when something built is older than its text"
    )

    check = command(
        "check", "look for faults in all texts: dead links, missing reasons, unknown sources, keys that leak", _check
    )
    check.add_argument("--quick", action="store_true", help="do not run the exercises")

    coverage = command(
        "coverage", "show where each of the 35 statements is taught, practised, played and graded", _coverage
    )
    coverage.add_argument("--json", action="store_true", help="print it as data")

    schedule = command("schedule", "print an agenda: pages by their minutes, or half a day to three days", _schedule)
    schedule.add_argument("pages", nargs="*", help="only these pages, for instance m02_challenges (default: all)")
    schedule.add_argument("--days", help="a whole agenda from data/agendas.md: half, 1, 2 or 3")
    schedule.add_argument("--start", default="09:00", help="when each day begins (default: 09:00)")

    handouts = command(
        "handouts",
        "write everything that is needed on paper as PDF: agendas, cards, forms, question sheets, keys",
        _handouts,
    )
    handouts.add_argument("folder", nargs="?", help="where to write them (default: handouts)")

    grade = command("grade", "grade the hand-ins of an exercise and write feedback", _grade)
    grade.add_argument("exercise", help="for instance m02_challenges")
    grade.add_argument("--inbox", help="the folder with the hand-in files (default: hand_in)")
    grade.add_argument(
        "--course", help="grade an assignment of another nbgrader course, in this folder, from what it has submitted"
    )
    grade.add_argument("--workers", type=int, help="how many to grade at once (default: one for each core)")
    grade.add_argument(
        "--scheduler", metavar="ADDRESS", help="let a Dask cluster do the work, for instance tcp://10.0.0.5:8786"
    )
    grade.add_argument(
        "--unsafe",
        action="store_true",
        help="run participants' code even where it cannot be shut in; read it beforehand",
    )

    export = command("export", "write results as CSV: items, totals, or what Moodle and Canvas import", _export)
    export.add_argument(
        "exercises", nargs="*", metavar="EXERCISE", help="for instance m02_challenges (default: all that are graded)"
    )
    export.add_argument(
        "--to",
        action="append",
        choices=("items", "totals", "moodle", "canvas"),
        help="what to write; may be given several times (default: items and totals)",
    )
    export.add_argument("--folder", help="where to write (default: export)")
    export.add_argument(
        "--names",
        metavar="PEOPLE.csv",
        help="who is behind the code names: columns code, name, id, email, login; "
        "without it only code names are written",
    )

    report = command(
        "report",
        "write a report: questions that need another look, gain between the checks, modules at a glance",
        _report,
    )
    report.add_argument(
        "exercises", nargs="*", metavar="EXERCISE", help="for instance m02_challenges (default: all that are graded)"
    )
    report.add_argument("--folder", help="where to write (default: report)")
    report.add_argument(
        "--people", action="store_true", help="also list, by code name, whom to look after: for you alone"
    )

    room = command("room", "open the workshop for everybody's own phone, without Jupyter and without internet", _room)
    room.add_argument(
        "--network",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="serve the network of this address of the computer; alone: the likeliest",
    )
    room.add_argument("--port", type=int, help="another port")
    room.add_argument(
        "--demo", nargs="?", const=24, type=int, default=0, metavar="SEATS", help="a rehearsal with invented seats"
    )
    room.add_argument("--certificate", help="serve HTTPS with this certificate (PEM)")
    room.add_argument("--key", help="the certificate's key (PEM)")
    room.add_argument("--delete", action="store_true", help="delete all that the room remembers")
    room.add_argument("--no-browser", action="store_true", help="print the addresses and open nothing")

    study = command("study", "study alone in the browser, without Jupyter", _study)
    study.add_argument("--port", type=int, help="another port")
    study.add_argument("--no-browser", action="store_true", help="print the address and open nothing")

    formgrader = command("formgrader", "read written answers in the browser, with the rubric beside them", _formgrader)
    formgrader.add_argument(
        "--course",
        help="nbgrader's formgrader for another nbgrader course, in this folder, with all it shows made inert",
    )
    formgrader.add_argument("--port", type=int, help="another port")
    formgrader.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    return main


def main(arguments=None):
    """Run the command; returns the exit status. A foreseen fault is one sentence, never a traceback."""
    options = parser().parse_args(arguments)
    try:
        with quick():
            return options.run(options) or 0
    except KeyboardInterrupt:
        print("Stopped. Nothing is lost.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except WorkshopError as error:
        print(error, file=sys.stderr)
        return 2


def _root():
    from workshop.content import tables

    return Path(tables.home())


def _kit():
    """The folder with the texts: for authors, instructors and facilitators."""
    from workshop.content import tables

    for root in (_root(), Path(__file__).resolve().parents[3]):
        if (root / "solutions").is_dir():
            return root
    raise tables.NotFoundError(
        "This is a participant's folder: it holds no texts and no solutions. "
        "Go to the folder of the kit and give the command there."
    )


def _lab(options):
    from workshop.lab import folder
    from workshop.lab import server as lab

    root = _root()
    if not (root / "solutions").is_dir() and options.folder is None:
        place = root  # a participant's folder was opened from inside
    else:
        root = _kit()
        place = Path(options.folder or root / "my_workshop").expanduser()
        if not (root / folder.WELCOME).is_file():
            _built(root)
        for note in folder.make(root, place):
            print(note)
    os.environ["WORKSHOP_HOME"] = str(place.resolve())
    return lab.start(place, port=options.port, browser=not options.no_browser)


def _folder(options):
    from workshop.lab import folder

    place = Path(options.folder).expanduser()
    for note in folder.make(_kit(), place):
        print(note)
    print(f"Ready: {place}. Give this folder to participants; it holds no solutions.")


def _built(root):
    from workshop.authoring import build
    from workshop.project import project

    read = project.read(root)
    if read.problems:
        return _print(read.problems)
    build.build(read)
    return 0


def _build(options):
    from workshop.authoring import build
    from workshop.project import project

    read = project.read(_kit())
    if read.problems:
        return _print(read.problems)
    if options.check:
        old = [path for path, _ in build.stale(read)]
        for path in old:
            print(f"{path} is not what its text makes. Run `workshop build`.")
        return 1 if old else 0
    if not build.build(read):
        print("Everything is up to date.")
    return 0


def _check(options):
    from workshop.authoring import check
    from workshop.project import project

    found = check.problems(project.read(_kit()), run=not options.quick)
    if found:
        return _print(found)
    print("No fault found.")
    return 0


def _print(problems):
    for problem in problems:
        print(problem)
    print(f"{len(problems)} fault{'s' if len(problems) > 1 else ''} found.", file=sys.stderr)
    return 1


def _coverage(options):
    from workshop.project import coverage, project

    rows = coverage.rows(project.read(_kit()))
    print(json.dumps(rows, ensure_ascii=False, indent=1) if options.json else coverage.as_text(rows))


def _schedule(options):
    from workshop.papers import schedule
    from workshop.project import agendas, project

    read = project.read(_kit())
    if options.days and options.pages:
        print("Choose one: pages by their minutes, or --days for a whole agenda.", file=sys.stderr)
        return 2
    unknown = [name for name in options.pages if not read.lesson(name)]
    if unknown:
        print(
            f"There is no page {', '.join(unknown)}. The pages are: {', '.join(p.name for p in read.lessons)}.",
            file=sys.stderr,
        )
        return 2
    try:
        if not options.days:
            print(schedule.as_text(schedule.entries(read, options.start, options.pages)))
            return 0
        found, problems = agendas.read(read)
        if options.days not in found:
            print(
                f"There is no agenda “{options.days}” in {agendas.PATH}. It has: {', '.join(found) or 'none yet'}.",
                file=sys.stderr,
            )
            return 2
        print(schedule.agenda_as_text(found[options.days], options.start))
        for problem in problems:
            print(problem, file=sys.stderr)
    except ValueError:
        print(f"“{options.start}” is not a time such as 09:30.", file=sys.stderr)
        return 2


def _handouts(options):
    from workshop.papers import handouts
    from workshop.project import project

    root = _kit()
    read = project.read(root)
    if read.problems:
        return _print(read.problems)
    folder = Path(options.folder).expanduser() if options.folder else root / "handouts"
    written = handouts.write(read, folder)
    print(
        f"{len(written)} papers are in {folder}. What lies in {handouts.PLACES[handouts.FACILITATOR]} holds keys: it is for you alone."
    )


def _grade(options):
    from workshop.answers.hand_in import FOLDER
    from workshop.grading import code_cells, round

    how = {
        "workers": options.workers,
        "scheduler": options.scheduler,
        "unsafe": options.unsafe,
        "progress": code_cells.progress(),
    }
    if options.course:
        with code_cells.told_as_ours():
            done = code_cells.grade_course(Path(options.course).expanduser(), options.exercise, **how)
    else:
        root = _kit()
        inbox = Path(options.inbox).expanduser() if options.inbox else root / FOLDER
        with code_cells.told_as_ours():
            done = round.grade_round(root, options.exercise, inbox, **how)
    for line in code_cells.summary(done):
        print(line)
    if options.course:
        print(
            f"Read what waits with `workshop formgrader --course {shlex.quote(options.course)}`: nbgrader's formgrader, in which nothing that "
            f"a participant wrote can act. nbgrader's commands go on working: `nbgrader generate_feedback {options.exercise}`, `nbgrader export`."
        )
    else:
        if done.waiting:
            print("Read them with `workshop formgrader`, then run this command again: it writes the feedback anew.")
        print(f"Feedback: {root / 'feedback'}")
    return 1 if done.refused else 0


def _export(options):
    from workshop.grading.export import export

    root = _kit()
    folder = Path(options.folder).expanduser() if options.folder else root / export.FOLDER
    names = Path(options.names).expanduser() if options.names else None
    done = export.write(root, options.exercises, options.to or export.USUAL, folder, names)
    for note in done.notes:
        print(note)
    for path in done.files:
        print(f"Written: {path}")
    return 1 if done.left_out else 0


def _report(options):
    from workshop.grading.report import report

    root = _kit()
    folder = Path(options.folder).expanduser() if options.folder else root / report.FOLDER
    for path in report.write(root, options.exercises, folder, options.people):
        print(f"Written: {path}")


def _formgrader(options):
    from workshop.grading import formgrader

    if options.course:
        return formgrader.start(
            Path(options.course).expanduser().resolve(), options.port, not options.no_browser, ours=False
        )
    return formgrader.start(_kit(), options.port, not options.no_browser)


def _room(options):
    from workshop.room import server

    if options.delete:
        return server.delete(_kit())
    return server.start(
        _kit(), options.network, options.port, options.demo, options.certificate, options.key, not options.no_browser
    )


def _study(options):
    from workshop.room import server

    return server.study(_kit(), options.port, not options.no_browser)
