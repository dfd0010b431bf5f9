"""What a command costs in time and memory.

Wall seconds, processor seconds of everything it started, and the most memory all of it held at once.
"""

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY = 0.2


@dataclass
class Cost:
    """One run of a command.

    `memory` is in megabytes, shared pages counted once; `code` is None when its time ran out.
    """

    seconds: float
    processor: float
    memory: float
    code: int | None
    said: str


def run(command, cwd, environment, limit):
    """Run a command to its end, or for `limit` seconds."""
    with _account() as account, tempfile.TemporaryFile("w+") as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=account.enter,
        )
        watch = threading.Thread(target=account.watch, args=(process.pid,))
        watch.start()
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGTERM)
            code = None
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        seconds = time.perf_counter() - begun
        account.over.set()
        watch.join()
        said.seek(0)
        return Cost(seconds, account.processor(), account.most / 1e6, code, said.read())


class _Account:
    """Counts by looking at the tree of processes five times a second: what lives shorter than that is missed."""

    how = "sampled from the tree of processes"

    def __init__(self):
        self.over, self.most, self._times = threading.Event(), 0, {}

    def enter(self):
        """Called in the new process, before the command."""

    def watch(self, pid):
        """Look on until the command is over."""
        while not self.over.wait(EVERY):
            pids = self._members(pid)
            self.most = max(self.most, sum(map(proportional_memory, pids)))

    def processor(self):
        """Processor seconds so far."""
        return sum(self._times.values())

    def _members(self, pid):
        with contextlib.suppress(psutil.Error):
            top = psutil.Process(pid)
            tree = [top, *top.children(recursive=True)]
            for one in tree:
                with contextlib.suppress(psutil.Error):
                    used = one.cpu_times()
                    self._times[one.pid, one.create_time()] = used.user + used.system
            return [one.pid for one in tree]
        return []


class _Group(_Account):
    """Counts by a control group of the kernel's, which misses nothing."""

    how = "counted by a control group"

    def __init__(self, folder, usage, unit):
        super().__init__()
        self._folder, self._usage, self._unit = folder, usage, unit

    def enter(self):
        (self._folder / "cgroup.procs").write_text(str(os.getpid()))

    def processor(self):
        return int((self._folder / self._usage).read_text().split("usage_usec", 1)[-1].split()[0]) / self._unit

    def _members(self, _pid):
        return [int(line) for line in (self._folder / "cgroup.procs").read_text().split()]


@contextlib.contextmanager
def _account():
    for root, usage, unit in (("/sys/fs/cgroup/cpuacct", "cpuacct.usage", 1e9), ("/sys/fs/cgroup", "cpu.stat", 1e6)):
        folder = Path(root) / f"benchmark-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        if (folder / usage).exists() and os.access(folder / "cgroup.procs", os.W_OK):
            yield _Group(folder, usage, unit)
            for _ in range(50):
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                time.sleep(0.1)
            return
        folder.rmdir()
    yield _Account()


def how_counted():
    """How processor seconds are counted on this machine."""
    with _account() as account:
        return account.how


def proportional_memory(pid):
    """Bytes that a process holds, its part of shared pages included; 0 when it is gone."""
    return _of_memory(pid, "Pss:")


def unique_memory(pid):
    """Bytes that would be free if this process alone ended; 0 when it is gone."""
    return _of_memory(pid, "Private_Clean:") + _of_memory(pid, "Private_Dirty:")


def _of_memory(pid, name):
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # it has ended
    return 0


def machine():
    """A sentence on the machine, for the table."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    return f"{os.cpu_count()} × {model}, {psutil.virtual_memory().total / 2**30:.0f} GiB, Linux {os.uname().release}"
