"""Commands for whoever teaches or studies: lab, folder, schedule, handouts, room, study."""

import argparse
import sys
from pathlib import Path

from workshop import environment
from workshop.cli.commands import Commands, add, kit, print_faults, root
from workshop.errors import WorkshopError


def lab(commands: Commands) -> None:
    """Add the command `lab`."""
    command = add(commands, "lab", "open the workshop in the browser (for studying, alone or in a room)", _lab)
    command.add_argument("folder", nargs="?", help="where your pages and answers are kept (default: my_workshop)")
    command.add_argument(
        "--port", type=int, help="another port, if the usual one is taken by something you want to keep"
    )
    command.add_argument("--no-browser", action="store_true", help="print the address and open nothing")


def _lab(options: argparse.Namespace) -> int | None:
    from workshop.lab import folder, server

    home = root()
    if not (home / "solutions").is_dir() and options.folder is None:
        target = home  # a participant's folder was opened from inside
    else:
        home = kit()
        target = Path(options.folder or home / "my_workshop").expanduser()
        if not (home / folder.WELCOME).is_file():
            _build(home)
        for note in folder.make(home, target):
            print(note)
    environment.set_home(target)
    return server.start(target, port=options.port, browser=not options.no_browser)


def _build(root: Path) -> None:
    """Make the notebooks; where a text has faults they are printed instead."""
    from workshop.cli import steps

    problems, _ = steps.build_all(root)
    if problems:
        print_faults(problems)


def folder(commands: Commands) -> None:
    """Add the command `folder`."""
    command = add(
        commands, "folder", "make a folder to give to participants: pages, exercises and data, no solutions", _folder
    )
    command.add_argument("folder", help="where to make it; made again later, it keeps all answers")


def _folder(options: argparse.Namespace) -> int | None:
    from workshop.lab import folder

    target = Path(options.folder).expanduser()
    for note in folder.make(kit(), target):
        print(note)
    print(f"Ready: {target}. Give this folder to participants; it holds no solutions.")
    return 0


def schedule(commands: Commands) -> None:
    """Add the command `schedule`."""
    command = add(
        commands, "schedule", "print an agenda: pages by their minutes, or half a day to three days", _schedule
    )
    command.add_argument("pages", nargs="*", help="only these pages, for instance m02_challenges (default: all)")
    command.add_argument("--days", help="a whole agenda from data/agendas.md: half, 1, 2 or 3")
    command.add_argument("--start", default="09:00", help="when each day begins (default: 09:00)")


def _schedule(options: argparse.Namespace) -> int | None:
    from workshop.papers import schedule
    from workshop.project import agendas, project

    read = project.read(kit())
    if options.days and options.pages:
        raise WorkshopError("Choose one: pages by their minutes, or --days for a whole agenda.")
    unknown = [name for name in options.pages if not read.lesson(name)]
    if unknown:
        raise WorkshopError(
            f"There is no page {', '.join(unknown)}. The pages are: {', '.join(page.name for page in read.lessons)}."
        )
    try:
        if not options.days:
            print(schedule.as_text(schedule.entries(read, options.start, options.pages)))
            return 0
        by_length, problems = agendas.read(read)
        if options.days not in by_length:
            raise WorkshopError(
                f"There is no agenda “{options.days}” in {agendas.PATH}. It has: {', '.join(by_length) or 'none yet'}."
            )
        print(schedule.agenda_as_text(by_length[options.days], options.start))
        for problem in problems:
            print(problem, file=sys.stderr)
        return 0
    except ValueError as error:
        raise WorkshopError(f"“{options.start}” is not a time such as 09:30.") from error


def handouts(commands: Commands) -> None:
    """Add the command `handouts`."""
    command = add(
        commands,
        "handouts",
        "write everything that is needed on paper as PDF: agendas, cards, forms, question sheets, keys",
        _handouts,
    )
    command.add_argument("folder", nargs="?", help="where to write them (default: handouts)")


def _handouts(options: argparse.Namespace) -> int | None:
    from workshop.papers import handouts
    from workshop.project import project

    root = kit()
    read = project.read(root)
    if read.problems:
        return print_faults(read.problems)
    folder = Path(options.folder).expanduser() if options.folder else root / "handouts"
    written = handouts.write(read, folder)
    print(
        f"{len(written)} papers are in {folder}. What lies in {handouts.PLACES[handouts.FACILITATOR]} holds keys: "
        "it is for you alone."
    )
    return 0


def room(commands: Commands) -> None:
    """Add the command `room`."""
    command = add(
        commands, "room", "open the workshop for everybody's own phone, without Jupyter and without internet", _room
    )
    command.add_argument(
        "--network",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="serve the network of this address of the computer; alone: the likeliest",
    )
    command.add_argument("--port", type=int, help="another port")
    command.add_argument(
        "--demo", nargs="?", const=24, type=int, default=0, metavar="SEATS", help="a rehearsal with invented seats"
    )
    command.add_argument("--certificate", help="serve HTTPS with this certificate (PEM)")
    command.add_argument("--key", help="the certificate's key (PEM)")
    command.add_argument("--delete", action="store_true", help="delete all that the room remembers")
    command.add_argument("--no-browser", action="store_true", help="print the addresses and open nothing")


def _room(options: argparse.Namespace) -> int | None:
    from workshop.room import server

    if options.delete:
        return server.delete(kit())
    return server.start(
        kit(), options.network, options.port, options.demo, options.certificate, options.key, not options.no_browser
    )


def study(commands: Commands) -> None:
    """Add the command `study`."""
    command = add(commands, "study", "study alone in the browser, without Jupyter", _study)
    command.add_argument("--port", type=int, help="another port")
    command.add_argument("--no-browser", action="store_true", help="print the address and open nothing")


def _study(options: argparse.Namespace) -> int | None:
    from workshop.room import server

    return server.study(kit(), options.port, not options.no_browser)
