"""The participant's kernel: ipykernel's own shell in a forked process, which answers on a line instead of by ZeroMQ."""

import asyncio
import importlib
import io
import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import traitlets
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

from safe_cells import framing
from safe_cells.limits import Limits

# Nobody steps through a participant's code here, and the debugger would take a tenth of a second of every kernel.
sys.modules["debugpy"] = None  # type: ignore[assignment]  # Python's own way to say that a module is not there
importlib.import_module("ipykernel.debugger")
del sys.modules["debugpy"]
# What a shell would import while it starts or at the first cell of a kind.
for ahead in ("application", "completerlib", "crashhandler", "logger", "oinspect", "pylabtools"):
    importlib.import_module(f"IPython.core.{ahead}")
importlib.import_module("pexpect")

Output = dict[str, Any]  # in nbformat's form
# What nbgrader writes when a cell takes too long, so that its readers find it again.
TOO_SLOW = {
    "output_type": "error",
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
}
MOST_OF_AN_ERROR = 100_000
TO_CANCEL = 4  # seconds that a cell that waits gets to end; on a busy machine even an error takes its time
# Rich output that a notebook keeps; what widgets say to each other is not for a notebook on paper.
KEPT = {
    "execute_result": ("data", "metadata", "execution_count"),
    "display_data": ("data", "metadata"),
    "error": ("ename", "evalue", "traceback"),
}


class CellTimeoutError(KeyboardInterrupt):
    """A cell takes longer than it may. As an interrupt, so that `except Exception` does not swallow it."""


class Outputs:
    """What a cell shows, as a notebook keeps it, up to a number of bytes for the whole notebook."""

    def __init__(self, most: int) -> None:
        self.most, self.room = most, most
        self.items: list[Output] = []
        self.shown: dict[str | None, list[Output]] = {}
        self.cut = self.clear_next = False
        self.owner = os.getpid()
        # A child process writes on these two descriptors: a file in memory has no reader that it could wait for.
        self.files = {
            "stdout": os.memfd_create("stdout", os.MFD_CLOEXEC),
            "stderr": os.memfd_create("stderr", os.MFD_CLOEXEC),
        }
        self.read = dict.fromkeys(self.files, 0)
        for number, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(self.files[name], number)

    def text(self, name: str, text: str) -> None:
        """Something printed."""
        self.collect()
        self._text(name, text)

    def _text(self, name: str, text: str) -> None:
        if not self._fits(len(text)):
            text, self.room = text[: self.room], 0
        if not text:
            return
        self._clear_if_asked()
        if self.items and self.items[-1].get("name") == name:
            self.items[-1]["text"].append(text)
        else:
            self.items.append({"output_type": "stream", "name": name, "text": [text]})

    def _fits(self, size: int) -> bool:
        if size > self.room:
            self.cut = True
            return False
        self.room -= size
        return True

    def collect(self) -> None:
        """Take in what child processes wrote."""
        if os.getpid() != self.owner:
            return
        for name, file in self.files.items():
            size = os.fstat(file).st_size
            if size > self.read[name]:
                most = min(size - self.read[name], self.room + 1)
                self._text(name, os.pread(file, most, self.read[name]).decode("utf-8", "replace"))
                self.read[name] = size
                if size > 1_000_000:
                    os.ftruncate(file, 0)
                    os.lseek(file, 0, os.SEEK_SET)
                    self.read[name] = 0

    def message(self, kind: str, content: dict[str, Any]) -> None:
        """Something that is not text: a result, a figure, an error."""
        self.collect()
        display = (content.get("transient") or {}).get("display_id")
        if kind == "clear_output":
            self.clear_next = bool(content.get("wait"))
            if not self.clear_next:
                self.items.clear()
        elif kind == "update_display_data":
            for item in self.shown.get(display, ()):
                item.update(data=content["data"], metadata=content["metadata"])
        elif kind in KEPT:
            item = {"output_type": kind, **{key: content[key] for key in KEPT[kind]}}
            if kind == "error":
                item = _short(item)
            try:
                size = len(json.dumps(item))
            except (TypeError, ValueError, RecursionError):
                return
            if kind == "error" or self._fits(size):
                self._clear_if_asked()
                self.items.append(item)
                if display:
                    self.shown.setdefault(display, []).append(item)

    def _clear_if_asked(self) -> None:
        if self.clear_next:
            self.items.clear()
            self.clear_next = False

    def take(self) -> list[Output]:
        """All outputs since last time, and in words when something was cut off."""
        self.collect()
        taken, self.items = self.items, []
        for item in taken:
            if item["output_type"] == "stream":
                item["text"] = "".join(item["text"])
        if self.cut:
            words = f"\n[Cut off here: this notebook shows more than {self.most // 1_000_000} MB.]\n"
            taken.append({"output_type": "stream", "name": "stdout", "text": words})
            self.cut = False
        return taken


def _short(error: Output) -> Output:
    """An error as it is kept, however much was shown before: points hang on it."""
    if error["ename"] == CellTimeoutError.__name__:
        return dict(TOO_SLOW)
    lines: list[str] = []
    room = MOST_OF_AN_ERROR
    for line in reversed(error["traceback"]):
        lines.insert(0, str(line)[:room])
        room -= len(lines[0])
    return error | {"evalue": error["evalue"][:MOST_OF_AN_ERROR], "traceback": [line for line in lines if line]}


class Printed(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of the kernel; in a forked child what is printed goes to the descriptor instead."""

    encoding, errors = "UTF-8", "replace"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name, self._outputs, self._number, self._owner = (
            f"<{name}>",
            outputs,
            {"stdout": 1, "stderr": 2}[name],
            os.getpid(),
        )
        self._stream = name

    def write(self, text: str) -> int:
        """Keep a text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() == self._owner:
            self._outputs.text(self._stream, text)
        else:
            os.write(self._number, text.encode("utf-8", "replace"))
        return len(text)

    def writable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """The descriptor that child processes write on."""
        return self._number

    def isatty(self) -> bool:
        """No."""
        return False


class Line(Session):
    """In place of a session on ZeroMQ: what the shell sends is kept."""

    outputs = traitlets.Any()

    def send(
        self,
        stream: object,  # noqa: ARG002 - the session's own signature
        msg_or_type: Any,
        content: dict[str, Any] | None = None,
        *_args: Any,
        **_kwargs: Any,
    ) -> None:
        """Keep a message."""
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["header"]["msg_type"], msg_or_type["content"]
        self.outputs.message(msg_or_type, content or {})


class Shell(ZMQInteractiveShell):
    """ipykernel's shell. Nothing reads its history, so none is written."""

    def enable_gui(self, gui: str | None = None) -> None:
        """There are no windows here."""
        self.active_eventloop = gui

    @contextmanager
    def _tee(self, channel: str) -> Iterator[None]:  # noqa: ARG002 - the shell calls it by this name
        # IPython would keep all that is printed a second time, for a history, however much it is.
        yield


class Kernel(IPythonKernel):
    """ipykernel's kernel without its sockets."""

    shell: Shell

    shell_class = Shell

    def start_cell(self, count: int) -> None:
        """Tell display hooks which request they answer."""
        self.set_parent(  # type: ignore[no-untyped-call]  # ipykernel's
            [], {"header": {"msg_id": f"cell-{count}", "msg_type": "execute_request", "session": "", "username": ""}}
        )


@contextmanager
def alarm(seconds: float | None) -> Iterator[None]:
    """Raise CellTimeoutError after this time, and again each second as long as it is swallowed. None is for ever."""

    def ring(*_: object) -> None:
        raise CellTimeoutError()

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds or 0, 0), 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def begin(outputs: Outputs) -> Kernel:
    """The kernel, ready for the first cell."""
    sys.stdout, sys.stderr = Printed("stdout", outputs), Printed("stderr", outputs)
    config = Config()
    config.HistoryManager.enabled = False
    asyncio.set_event_loop(asyncio.new_event_loop())
    kernel = Kernel.instance(
        config=config,
        session=Line(outputs=outputs, key=b""),
        user_ns=None,
        log=logging.getLogger("kernel"),
        shell_channel_thread=SimpleNamespace(parent_thread=None),
    )
    kernel.shell.exit_now = False
    sys.displayhook = kernel.shell.displayhook
    return kernel


def run(kernel: Kernel, outputs: Outputs, source: str, seconds: float | None) -> dict[str, Any]:
    """Run a cell and give its outputs, its status and its number."""
    loop = asyncio.get_event_loop()
    kernel.start_cell(kernel.shell.execution_count)
    status, task = "error", None
    items: list[Output] = []
    try:
        with alarm(seconds):
            executed = kernel.do_execute(source, False, store_history=True, allow_stdin=False)  # type: ignore[no-untyped-call]
            task = loop.create_task(executed)
            status = loop.run_until_complete(task)["status"]
    except BaseException as error:  # noqa: BLE001 - the kernel goes on to the next cell, as a notebook's does
        # A time-out that found the cell waiting, or one that came while the last was being handled.
        outputs.message("error", {"ename": type(error).__name__, "evalue": str(error), "traceback": []})
        items = outputs.take()
        if task is not None and not task.done():
            task.cancel()
            with suppress(CellTimeoutError), alarm(TO_CANCEL):
                loop.run_until_complete(asyncio.wait({task}))
            outputs.take()
    items = items or outputs.take()
    for place in range(len(items) - 1, 0, -1):
        # An interrupt that was swallowed and came again is still one time-out.
        if items[place] == TOO_SLOW == items[place - 1]:
            del items[place]
    return {"outputs": items, "status": status, "count": kernel.shell.execution_count - 1}


def serve(line: int, limits: Limits, outputs: Outputs, questions: int | None = None) -> None:
    """Run cells that come on a line, and answer what a judge asks on another, until the first ends.

    This process, and no child of it that a participant forked, goes on after a cell.
    """
    own = os.getpid()
    kernel = begin(outputs)
    channels = [framing.Channel(number, number) for number in (line, questions) if number is not None]
    while True:
        channel = framing.ready(channels)
        message = channel.receive()
        if message is None and channel is channels[0]:
            return
        if message is None:
            channels.remove(channel)
            continue
        if message.get("do") == "quiet":
            # Nobody looks at what this kernel shows, so nothing is drawn.
            setattr(kernel.shell.display_formatter, "active_types", ["text/plain"])  # noqa: B010 - a trait, unknown to types
            continue
        if message.get("do") == "run":
            reply = run(kernel, outputs, message["source"], message.get("seconds", limits.cell))
        else:
            reply = {"reply": ask(kernel, outputs, message["ask"], limits.cell), "id": message["id"]}
        if os.getpid() != own:
            os._exit(0)
        channel.send(reply)


def ask(kernel: Kernel, outputs: Outputs, message: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The answer to a question of the judge, with what was printed meanwhile."""
    remote = importlib.import_module("safe_cells.participant_side")
    try:
        with alarm(seconds):
            reply: dict[str, Any] = remote.answer(message, kernel.shell.user_ns)
    except CellTimeoutError:
        reply = {"raised": {"nearest": "KeyboardInterrupt", "own": "CellTimeoutError", "args": None, "text": ""}}
    streams = [[item["name"], item["text"]] for item in outputs.take() if item["output_type"] == "stream"]
    return reply | ({"streams": streams} if streams else {})
