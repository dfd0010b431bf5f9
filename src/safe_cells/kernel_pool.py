"""Children for grading that start in an instant.

They are kernels for participants' code and judges, each in a jail of its own.
"""

import dataclasses
import itertools
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, NoReturn, Self

from safe_cells import cell_outputs, framing
from safe_cells.errors import NoJail
from safe_cells.limits import Limits

__all__ = ["Child", "Ended", "Limits", "NoJail", "Slow", "Warm", "close_pools", "pool"]

PATIENCE = 60
# Most notebooks use these; matplotlib and pandas take most of the time that a kernel needs to start.
USUAL = ("ipywidgets", "matplotlib.pyplot", "numpy", "pandas")
# Nothing of the grader's own environment goes along: it may hold keys.
PATH = "/usr/local/bin:/usr/bin:/bin"
PROGRAM = (
    "import json, sys; sys.path.insert(0, sys.argv[1]); from safe_cells.fork_server import main; "
    "del sys.path[0]; main(int(sys.argv[2]), json.load(sys.stdin))"
)


class Ended(Exception):
    """The process is gone; the message says why, in words that can follow “the notebook”."""


class Slow(Exception):
    """Nothing came within the time given."""


class Warm:
    """A process that has imported everything already and forks jailed children from itself.

    Processes that are forked from the one that made this may use it too, and share its warm process; only the maker
    ends it.

    `readable` are files and folders of this machine that the jail shows besides Python and its packages. `preload`
    names modules to import before anything is forked, as "module" or, to call a function of it once, as
    "module:function"; of the `likely` ones those that are installed. `environment` are variables that every child gets,
    and `paths` further folders to import from. Raises NoJail where nothing can be shut in, unless `unsafe`.
    """

    def __init__(
        self,
        unsafe: bool = False,
        readable: Iterable[str | Path] = (),
        preload: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        paths: Sequence[str] = (),
        likely: Sequence[str] = USUAL,
    ) -> None:
        if sys.platform != "linux":
            raise NoJail(
                "Grading shuts participants' code in with means that only Linux has. Grade on a Linux machine (on "
                "Windows, in WSL), or grade with `nbgrader autograde`, which does not shut it in: then look at every "
                "notebook beforehand."
            )
        self._lock, self._closed = threading.Lock(), False
        self._children: weakref.WeakSet[Child] = weakref.WeakSet()
        self._owner, self._turns = os.getpid(), itertools.count()
        self.likely = tuple(likely)
        visible, fonts = _given(readable)
        self._scratch = tempfile.mkdtemp(prefix="safe-cells-") if unsafe else None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open until `close`
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        source = str(Path(__file__).resolve().parents[1])
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", PROGRAM, source, str(theirs.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=[theirs.fileno()],
            cwd="/",
            start_new_session=True,
            env={
                "PATH": f"{Path(sys.prefix) / 'bin'}:{PATH}",
                **({"TZ": os.environ["TZ"]} if "TZ" in os.environ else {}),
            },
        )
        theirs.close()
        told = {
            "shown": visible,
            "fonts": fonts,
            "preload": list(preload),
            "likely": list(likely),
            "environment": dict(environment or {}),
            "paths": list(paths),
            "unsafe": unsafe,
            "scratch": self._scratch,
        }
        assert self._process.stdin
        self._process.stdin.write(json.dumps(told).encode())
        self._process.stdin.close()
        self._ready = False
        try:
            first = self._heard()
        except BaseException:
            self.close()
            raise
        if "refused" in first:
            self.close()
            raise NoJail(
                f"This system does not let participants' code be shut in (refused: {first['refused']}). Grade on a "
                "Linux machine that allows user namespaces: in a container, start it with "
                "`--security-opt seccomp=unconfined`; on Ubuntu, "
                "`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`. If you have read every notebook and "
                "trust them all, you may ask for unsafe grading."
            )
        self.regime, self._apart = first["regime"], first["apart"]

    def participant(
        self,
        files: Path | None,
        limits: Limits = Limits(),  # noqa: B008 - it cannot be changed
        at: str = "",
        links: Mapping[str, str] | None = None,
        quiet: bool = False,
        asked_on: socket.socket | None = None,
    ) -> "Child":
        """A kernel for a participant's code, in a working folder with a copy of what is in `files`.

        The working folder is the folder `at` of a folder of its own, in which each of `links` (path -> place in the
        jail) is made: so paths that lead up and over, such as `../../data`, find what they are meant to find. A `quiet`
        kernel draws no figures. On the socket `asked_on` it answers a judge's questions.
        """
        child = self._child("participant", files, limits, at, links or {}, asked_on)
        if quiet:
            child.send({"do": "quiet"})
        return child

    def judge(
        self,
        files: Path | None,
        limits: Limits = Limits(),  # noqa: B008 - it cannot be changed
        at: str = "",
        links: Mapping[str, str] | None = None,
        asks_on: socket.socket | None = None,
    ) -> "Child":
        """A judge, in a working folder like that of a participant's kernel, which it asks on the socket `asks_on`."""
        return self._child("judge", files, limits, at, links or {}, asks_on)

    def close(self) -> None:
        """End the warm process and everything that came from it. A forked process only lets go of it."""
        with self._lock:
            if self._closed or self._owner != os.getpid():
                return
            self._closed = True
            for child in list(self._children):
                child.stop()
            self._control.close()
            try:
                # Outside the jail a process waits for the one within, and notices its end.
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._errors.close()
            if self._scratch:
                shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def wait(self) -> None:
        """Wait until everything is imported. Processes are to be forked after this only."""
        with self._lock:
            self._be_ready()

    def _be_ready(self) -> None:
        if not self._ready:
            self._heard()
            self._ready = True

    @contextmanager
    def _own_turn(self) -> Iterator[str]:
        """Speak with the warm process alone, among threads and forked processes; gives a name for this turn."""
        import fcntl  # Windows has none, and may read this module

        with self._lock:
            self._be_ready()
            # Unlike a semaphore, such a lock is gone when the process that held it is killed.
            fcntl.lockf(self._errors, fcntl.LOCK_EX)
            try:
                yield f"{os.getpid()}-{next(self._turns)}"
            finally:
                fcntl.lockf(self._errors, fcntl.LOCK_UN)

    def _heard(self) -> dict[str, Any]:
        self._control.settimeout(PATIENCE)
        data = self._control.recv(100_000)
        message: dict[str, Any] = json.loads(data) if data else {"failed": "it ended"}
        if "failed" in message:
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip().splitlines() or [message["failed"]]
            raise RuntimeError(f"The process that grading starts from could not start: {said[-1]}")
        return message

    def _handle_of(self, turn: str) -> int:
        """The handle of the process that was asked for in this turn. Raises OSError when there is none."""
        while True:
            data, given, _, _ = socket.recv_fds(self._control, 1000, 1)
            reply = json.loads(data) if data else {"turn": turn, "failed": "it ended"}
            if reply["turn"] == turn:
                if not given:
                    raise OSError(reply["failed"])
                return given[0]
            # Whoever asked for it is gone.
            for number in given:
                os.close(number)

    def _child(
        self,
        kind: str,
        files: Path | None,
        limits: Limits,
        at: str,
        links: Mapping[str, str],
        questions: socket.socket | None,
    ) -> "Child":
        parcel = _packed(files, limits, at, links)
        line, their_line = socket.socketpair()
        fate, their_fate = os.pipe()
        try:
            with self._own_turn() as turn:
                scratch = "/tmp" if self._apart else tempfile.mkdtemp(dir=self._scratch)
                asked = {"kind": kind, "limits": dataclasses.asdict(limits), "scratch": scratch, "at": at, "turn": turn}
                numbers = [their_line.fileno(), their_fate, parcel, *([questions.fileno()] if questions else [])]
                socket.send_fds(self._control, [json.dumps(asked).encode()], numbers)
                handle = self._handle_of(turn)
        except OSError as error:
            line.close()
            os.close(fate)
            raise RuntimeError(f"No process for a notebook could be started ({error}). Start grading again.") from None
        finally:
            their_line.close()
            os.close(their_fate)
            os.close(parcel)
        child = Child(line, fate, handle, limits, None if self._apart else scratch)
        self._children.add(child)
        return child


_pools: dict[str, Warm] = {}


def pool(unsafe: bool = False, likely: Sequence[str] = USUAL, **options: Any) -> Warm:
    """The `Warm` with these options, started when it is first needed, and shared with processes that are forked later.

    A process keeps one: the last. It serves also whoever needs less imported ahead. Raises NoJail.
    """
    key = repr((unsafe, sorted(options.items())))
    if key not in _pools or not set(likely) <= set(_pools[key].likely):
        close_pools()
        _pools[key] = Warm(unsafe=unsafe, likely=likely, **options)
        # Not by atexit: a worker of a pool leaves without it.
        Finalize(None, close_pools, exitpriority=10)
    return _pools[key]


def close_pools() -> None:
    """End what `pool` started in this process."""
    while _pools:
        _pools.popitem()[1].close()


class Child:
    """A jailed process that answers messages."""

    def __init__(self, line: socket.socket, fate: int, handle: int, limits: Limits, scratch: str | None) -> None:
        self._line, self._fate, self._limits, self._scratch = line, fate, limits, scratch
        self._handle: int | None = handle
        self._held, self._why = bytearray(), ""

    def fileno(self) -> int:
        """For `select`: readable when something has come, or when the process is gone."""
        return self._line.fileno()

    def send(self, message: framing.Message) -> None:
        """Send a message."""
        self._require()
        self._line.settimeout(PATIENCE)
        try:
            self._line.sendall(framing.packed(message))
        except TimeoutError:
            self._end("did not listen any more")
        except OSError:
            self._end()

    def receive(self, seconds: float) -> framing.Message:
        """The next message. Raises Slow when there is none in time, and Ended when there will be none."""
        self._require()
        end = time.monotonic() + seconds
        (size,) = framing.LENGTH.unpack_from(self._hold(framing.LENGTH.size, end))
        if size > min(framing.MOST_BYTES, 2 * self._limits.output + 1_000_000):
            self._end("sent more than a notebook may show")
        data = bytes(self._hold(framing.LENGTH.size + size, end)[framing.LENGTH.size :])
        del self._held[: framing.LENGTH.size + size]
        try:
            message = json.loads(data)
            if b"\\ud" in data.lower():
                # Half a character would later make every file that it is written to unreadable.
                message = json.loads(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            message = None
        if type(message) is not dict:
            self._end("sent what is no answer")
        if "failed" in message:
            self._end(f"stopped by a fault of its own: {message['failed']}")
        return message

    def run(self, source: str, seconds: float | None, patience: float = 5) -> tuple[list[dict[str, Any]], str, int]:
        """Run a cell in a participant's kernel: (outputs, status, number), the outputs being fit for a notebook.

        A cell that takes too long gets an error and the next one runs. Slow is for a kernel that does not even react to
        that: then stop it.
        """
        self.send({"do": "run", "source": source, "seconds": seconds})
        reply = self.receive((seconds if seconds and seconds > 0 else self._limits.total) + patience)
        try:
            if reply.get("status") not in ("ok", "error"):
                raise ValueError("no status")
            return cell_outputs.outputs(reply.get("outputs")), reply["status"], cell_outputs.whole(reply.get("count"))
        except ValueError:
            self._end("sent what is no answer")

    def stop(self) -> None:
        """End everything that lives in there; nothing is left behind."""
        if self._handle is None:
            return
        steps = [(signal.SIGKILL, 10_000)]
        if self._scratch:
            # Without name spaces a guardian has to look for what is left, and needs to be asked.
            steps.insert(0, (signal.SIGTERM, 3000))
        for number, patience in steps:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)
            if self._gone(self._handle, patience):
                break
        os.close(self._handle)
        self._handle = None
        self._line.close()
        os.close(self._fate)
        self._why = self._why or "was stopped"
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _gone(self, handle: int, milliseconds: int) -> bool:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(milliseconds))

    def _hold(self, size: int, end: float) -> bytearray:
        while len(self._held) < size:
            if not select.select([self._line], [], [], max(0, end - time.monotonic()))[0]:
                raise Slow("Nothing came in time.")
            try:
                part = self._line.recv(1 << 20)
            except OSError:
                part = b""
            if not part:
                self._end()
            self._held += part
        return self._held[:size]

    def _require(self) -> None:
        if self._why:
            raise Ended(self._why)

    def _end(self, why: str = "") -> NoReturn:
        """Stop what is left and raise Ended with the reason."""
        if not why:
            why = _in_words(self._last_words(), self._limits)
        self._why = why
        self.stop()
        raise Ended(why) from None

    def _last_words(self) -> dict[str, Any]:
        if not select.select([self._fate], [], [], 5)[0]:
            return {}
        try:
            words: dict[str, Any] = json.loads(os.read(self._fate, 10_000) or b"{}")
            return words
        except ValueError:
            return {}


def _in_words(fate: Mapping[str, Any], limits: Limits) -> str:
    if "failed" in fate:
        return f"could not be shut in: {fate['failed']}"
    if fate.get("used") == "time" or fate.get("signal") == signal.SIGXCPU:
        return f"took longer than {limits.total:g} seconds in all"
    if fate.get("used") == "memory":
        return f"used more than {limits.memory // 1_000_000} MB of memory"
    if "exit" in fate:
        return f"ended its own process (exit code {fate['exit']})"
    if "signal" in fate:
        number = fate["signal"]
        name = signal.Signals(number).name if number in set(signal.Signals) else f"number {number}"
        return f"was ended by the signal {name}"
    return "ended without saying why"


def _given(readable: Iterable[str | Path]) -> tuple[list[str], list[str]]:
    """What the jail shows: the rooms, and the list of fonts that matplotlib made."""
    # Not where this module is read: on other systems than Linux that is enough to say that there is no jail.
    from safe_cells.jail import rooms

    cache = (
        os.environ.get("MPLCONFIGDIR")
        or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    )
    fonts = [str(path.resolve()) for path in Path(cache).glob("fontlist-*.json")]
    return rooms([*readable, *fonts]), fonts


def _packed(files: Path | None, limits: Limits, at: str, links: Mapping[str, str]) -> int:
    """A file in memory with everything in a folder, links as links: what they lead to stays where it is."""
    number = os.memfd_create("files", os.MFD_CLOEXEC)
    total = 0

    def wanted(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        nonlocal total
        total += entry.size
        if total > limits.scratch:
            raise Ended(f"comes with files of more than {limits.scratch // 1_000_000} MB")
        entry.uid = entry.gid = 0
        entry.mode |= 0o600 if entry.isfile() else 0o700
        return entry if entry.isfile() or entry.isdir() or entry.issym() else None

    try:
        with os.fdopen(os.dup(number), "wb") as file, tarfile.open(fileobj=file, mode="w") as parcel:
            for place, target in links.items():
                link = tarfile.TarInfo(place)
                link.type, link.linkname = tarfile.SYMTYPE, target
                parcel.addfile(link)
            for path in sorted(files.iterdir()) if files is not None else ():
                parcel.add(path, f"{at}/{path.name}" if at else path.name, filter=wanted)
        os.lseek(number, 0, os.SEEK_SET)
    except OSError as error:
        os.close(number)
        raise Ended(f"comes with a file that cannot be read: {error.filename}, {error.strerror}") from None
    except BaseException:
        os.close(number)
        raise
    return number
