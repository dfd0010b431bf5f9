"""A real JupyterLab for tests: started as `workshop lab` starts it, and stopped as a person stops it."""

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

START = (
    "import sys; from pathlib import Path; from workshop.lab import server; "
    "sys.exit(server.start(Path(sys.argv[1]), port=int(sys.argv[2]), browser=False))"
)


@contextmanager
def running_lab(folder, port=0, **environment):
    """The address, with its key, of a JupyterLab that shows `folder` while the block runs."""
    process, address = launch(folder, port, **environment)
    try:
        yield address
    finally:
        close(process)


def launch(folder, port=0, **environment):
    """A started server and its address, with a port that the system chooses where none is named."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(folder), str(port)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"http://\S+", line):
            watchdog.cancel()
            return process, found[0]
    raise AssertionError(f"JupyterLab did not start. It said:\n{said}")


def close(process):
    """Press Ctrl-C; gives the exit code and the last words."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    finally:
        process.kill()
    with process.stdout:
        return process.returncode, process.stdout.read()
