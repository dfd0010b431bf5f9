"""A warm process and its jailed children, as tests of the jail drive them."""

import threading
import time
from pathlib import Path

import pytest

from safe_cells.errors import NoJail
from safe_cells.kernel_pool import Warm
from workshop.content import tables
from workshop.grading import submission

WITHOUT_NAMESPACES = """
import ctypes, os, sys
user, group = os.getuid(), os.getgid()
assert ctypes.CDLL(None).unshare(0x10000000) == 0
open("/proc/self/setgroups", "w").write("deny")
open("/proc/self/uid_map", "w").write(f"0 {user} 1")
open("/proc/self/gid_map", "w").write(f"0 {group} 1")
open("/proc/sys/user/max_user_namespaces", "w").write("0")
from safe_cells.kernel_pool import *
"""


# What the kit lets its exercises use.
KIT = {
    "readable": [tables.home() / "data"],
    "preload": submission.PRELOAD,
    "environment": {"WORKSHOP_HOME": str(tables.home())},
}


def started(readable=(), **options):
    """A warm process, where this machine lets one shut its children in."""
    try:
        return Warm(**{**KIT, "readable": [*KIT["readable"], *readable]}, **options)
    except NoJail as error:
        pytest.skip(str(error))


def run(child, source, seconds=10):
    child.send({"do": "run", "source": source, "seconds": seconds})
    return child.receive(seconds + 10)


def printed(reply):
    return "".join(output["text"] for output in reply["outputs"] if output["output_type"] == "stream")


def descendants(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *descendants(child)]
    return found


def still_there(pids):
    """Those of the processes that have not gone within five seconds."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        left = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
        if not left:
            return []
        threading.Event().wait(0.05)
    return left
