"""The warm parent, which forks a jailed child whenever it is asked to.

It is a process with one thread that has imported everything.
"""

import array
import gc
import importlib
import importlib.util
import io
import json
import os
import select
import signal
import socket
import sys
import tarfile
import threading
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from safe_cells import jail, linux
from safe_cells.framing import Channel
from safe_cells.jail import APART, Refused
from safe_cells.limits import Limits

Told = dict[str, Any]  # see `main`
Fate = dict[str, Any]  # how a child ended, or what is said of it
SETTINGS = {
    "NBGRADER_EXECUTION": "autograde",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "USER": "participant",
    "LOGNAME": "participant",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
# How often the guardian of a child looks at what it uses.
GLANCE = 0.2


def main(number: int, told: Told) -> None:
    """Serve the socket of this number.

    `told` says what the jail shows, which fonts matplotlib knows, what to import ahead, which variables children get,
    and whether to do without a jail.
    """
    control = socket.socket(fileno=number)
    parent = os.getppid()
    refused, missing = _tried(told["shown"])
    if refused and not told["unsafe"]:
        _say(control, {"refused": refused})
        return
    if not refused:
        jail.outer(told["shown"])
        server = os.fork()
        if server:
            control.close()
            _see_it_out(server, parent)
            return
        linux.prctl(linux.PDEATHSIG, signal.SIGKILL)
        jail.settle(64_000_000, told["shown"])
        _furnish("/tmp", told["fonts"])
    else:
        linux.prctl(linux.SUBREAPER, 1)
        _furnish(told["scratch"], told["fonts"])
    _say(control, {"regime": jail.regime(not refused, missing), "apart": not refused})
    try:
        os.environ.update(told["environment"])
        extra = warm_up(told["preload"], told["likely"])
        _require_one_thread()
    except BaseException:  # noqa: BLE001 - whatever a module raises while it is imported is told to the grader
        traceback.print_exc()
        _say(control, {"failed": traceback.format_exc(limit=-1)})
        return
    _say(control, {"warm": True})
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _serve(control, told, not refused, extra)


def _require_one_thread() -> None:
    tasks = Path("/proc/self/task")
    threads = len(list(tasks.iterdir())) if tasks.is_dir() else threading.active_count()
    if threads != 1:
        raise RuntimeError(
            f"A module that was imported ahead started {threads - 1} thread(s), and threads do not survive a fork. "
            "Take the module out of what is imported ahead."
        )


def _tried(shown: list[str]) -> tuple[str | None, str]:
    """Go into a whole jail once, in a process that ends afterwards: (what was refused, what is missing)."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        try:
            jail.outer(shown)
            first = os.fork()
            if first == 0:
                jail.settle(64_000_000, shown)
                inside = linux.fork_into(APART)
                if inside == 0:
                    missing = jail.inner(Limits(), shown)
                    jail.own_rights(Limits(), "/tmp")
                    os.write(writing, json.dumps([None, missing]).encode())
                    os._exit(0)
                os.waitpid(inside, 0)
                os._exit(0)
            os.waitpid(first, 0)
        except (OSError, Refused, KeyError) as error:
            os.write(writing, json.dumps([str(error) or "an unknown kind of machine", ""]).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        said = file.read()
    os.waitpid(pid, 0)
    refused, missing = json.loads(said) if said else ("a jail within the jail", "")
    return refused, missing


def _see_it_out(server: int, parent: int) -> None:
    """Outside, wait for the server's end, and end it when the grader is gone."""
    end = select.poll()
    end.register(os.pidfd_open(server), select.POLLIN)
    while not end.poll(500):
        if os.getppid() != parent:
            os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)


def _furnish(scratch: str, fonts: list[str]) -> None:
    """Folders of its own in the scratch folder, and the settings that say so.

    They are for everything that likes to write into a home.
    """
    folders = {"HOME": "home", "IPYTHONDIR": "ipython", "MPLCONFIGDIR": "matplotlib", "XDG_CACHE_HOME": "cache"}
    for name in ("work", ".shm", *folders.values()):
        Path(scratch, name).mkdir(parents=True, exist_ok=True)
    os.environ.update(
        SETTINGS, TMPDIR=scratch, **{name: str(Path(scratch, folder)) for name, folder in folders.items()}
    )
    for path in fonts:
        Path(scratch, "matplotlib", Path(path).name).symlink_to(path)


def warm_up(preload: list[str], likely: list[str]) -> set[str]:
    """Import and try once what notebooks use, and leave nothing behind but memory.

    Gives the names of what was imported.
    """
    import safe_cells.kernel  # noqa: F401 - part of what is imported ahead

    before = {name.partition(".")[0] for name in sys.modules}
    importlib.import_module("safe_cells.participant_side")
    importlib.import_module("safe_cells.test_runner")
    for name in likely:
        if importlib.util.find_spec(name.partition(".")[0]):
            importlib.import_module(name)
    for name in preload:
        module, _, function = name.partition(":")
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()
    if "matplotlib" in sys.modules:
        _draw_once()
    if "pandas" in sys.modules:
        _read_once()
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        _show_error()
    gc.collect()
    gc.freeze()
    return {name.partition(".")[0] for name in sys.modules} - before


def _draw_once() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot([0, 1], label="a")
    FigureCanvasAgg(figure).print_png(io.BytesIO())  # type: ignore[no-untyped-call]  # matplotlib's


def _read_once() -> None:
    import numpy
    import pandas

    table = pandas.read_csv(io.StringIO("a,b\n1,x\n2,y\n"))
    str(table), table.to_html(), numpy.linalg.inv(numpy.eye(2))
    try:
        table["c"]
    except KeyError:
        _show_error()


def _show_error() -> None:
    """Format the present error as a notebook shows it, which loads the colours of the lines around it."""
    from IPython.core.ultratb import VerboseTB

    VerboseTB(theme_name="linux").text(*sys.exc_info())


def _serve(control: socket.socket, told: Told, apart: bool, extra: set[str]) -> None:
    while True:
        data, given, _, _ = socket.recv_fds(control, 100_000, 4)
        if not data:
            os._exit(0)
        asked = json.loads(data)
        try:
            pid = linux.fork_into(APART) if apart else os.fork()
        except OSError as error:
            _say(control, {"turn": asked["turn"], "failed": str(error)})
            for number in given:
                os.close(number)
            continue
        if pid == 0:
            try:
                control.close()
                settings = {**told, "at": asked["at"]}
                _child(asked["kind"], Limits(**asked["limits"]), asked["scratch"], settings, apart, extra, *given)
            except BaseException:  # noqa: BLE001 - a child must end here, whatever happened: it is a copy of this server
                traceback.print_exc()
            finally:
                os._exit(70)
        handle = os.pidfd_open(pid)
        reply = json.dumps({"turn": asked["turn"]}).encode()
        control.sendmsg([reply], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [handle]))])
        for number in (handle, *given):
            os.close(number)


def _child(
    kind: str,
    limits: Limits,
    scratch: str,
    told: Told,
    apart: bool,
    extra: set[str],
    line: int,
    fate: int,
    files: int,
    questions: int | None = None,
) -> None:
    """The first process of a child, and from then on its guardian.

    It ends with the child, and all else in there with it.
    """
    linux.prctl(linux.PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGTERM})
    try:
        if apart:
            jail.inner(limits, told["shown"])
        else:
            linux.prctl(linux.SUBREAPER, 1)
        base = _own_memory()
        pid = os.fork()
    except OSError as error:
        _ended(fate, {"failed": str(error)})
    if pid:
        for number in (line, files, questions):
            if number is not None:
                os.close(number)
        _ended(fate, _watched(pid, limits, base if apart else None))
    try:
        os.close(fate)
        _become(kind, limits, scratch, told, apart, extra, line, files, questions)
    except BaseException as error:  # noqa: BLE001 - told to the grader, whatever it is
        traceback.print_exc()
        Channel(line, line).send({"failed": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(0)


def _become(
    kind: str,
    limits: Limits,
    scratch: str,
    told: Told,
    apart: bool,
    extra: set[str],
    line: int,
    files: int,
    questions: int | None,
) -> None:
    """Settle in, and serve as a participant's kernel or as a judge."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD, signal.SIGTERM})
    os.setsid()
    _furnish(scratch, told["fonts"])
    os.chdir(Path(scratch, "work"))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    jail_files = ("/",) if apart else (*told["shown"], "/proc", "/etc")
    with open(files, "rb") as packed, tarfile.open(fileobj=packed) as parcel:
        parcel.extractall(".", filter="fully_trusted")
    at = Path(told["at"] or ".")
    at.mkdir(parents=True, exist_ok=True)
    os.chdir(at)
    if "numpy" in sys.modules:
        # Python's own generator is seeded anew after a fork, numpy's is not.
        sys.modules["numpy"].random.seed()
    # As in a stock kernel: behind Python's own modules, before all others.
    sys.path.insert(
        next((place for place, path in enumerate(sys.path) if path.endswith("-packages")), len(sys.path)), ""
    )
    sys.path += told["paths"]
    sys.argv = ["ipykernel_launcher.py"]
    if kind == "judge":
        from safe_cells import test_runner

        jail.own_rights(limits, scratch, jail_files)
        asked = line if questions is None else questions
        test_runner.serve(Channel(line, line), Channel(asked, asked))
    else:
        from safe_cells import kernel

        outputs = kernel.Outputs(limits.output)
        jail.own_rights(limits, scratch, jail_files)
        _give_way(extra)
        kernel.serve(line, limits, outputs, questions)


def _give_way(extra: set[str]) -> None:
    """Forget modules that were imported ahead of time where the participant's folder has one of the same name."""
    own = {
        Path(name).stem
        for name in os.listdir(".")  # noqa: PTH208 - names are enough
        # A folder may be one that must not be read, which makes a Path raise.
        if name.endswith(".py") or os.path.isfile(f"{name}/__init__.py")  # noqa: PTH113 - see above
    }
    for name in list(sys.modules):
        if name.partition(".")[0] in own & extra:
            del sys.modules[name]


def _watched(pid: int, limits: Limits, base: int | None) -> Fate:
    """Wait until the child has ended or has used too much, and give the reason."""
    end = time.monotonic() + limits.total
    while True:
        came = signal.sigtimedwait({signal.SIGCHLD, signal.SIGTERM}, GLANCE)
        if came and came.si_signo == signal.SIGTERM:
            return {"stopped": True}
        while True:
            try:
                ended, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return {"exit": 0}
            if ended == pid:
                code = os.waitstatus_to_exitcode(status)
                return {"signal": -code} if code < 0 else {"exit": code}
            if not ended:
                break
        if time.monotonic() > end:
            return {"used": "time"}
        if base is not None and _memory_of_all(base) > limits.memory:
            return {"used": "memory"}


def _own_memory(pid: str = "self") -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("RssAnon:", "RssShmem:")))


def _memory_of_all(base: int) -> int:
    """What the processes of this jail have in memory beyond what each inherited."""
    names = os.listdir("/proc")  # noqa: PTH208 - looked at every moment, for names alone
    return sum(max(0, _own_memory(name) - base) for name in names if name.isdigit() and name != "1")


def _ended(fate: int, why: Fate) -> NoReturn:
    """Say why and end; with the first process of its name space every other ends."""
    try:
        os.write(fate, json.dumps(why).encode())
    finally:
        me = f"/proc/self/task/{os.getpid()}/children"
        for _ in range(10_000):
            try:
                children = Path(me).read_text().split()
            except OSError:
                break
            if not children or os.getpid() == 1:
                break
            for child in children:
                os.kill(int(child), signal.SIGKILL)
            os.waitpid(-1, 0)
        os._exit(0)


def _say(control: socket.socket, message: Fate) -> None:
    control.send(json.dumps(message).encode())
