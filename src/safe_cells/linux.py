"""What Python 3.11 has no function for.

Name spaces, mounts and what else the jail asks of Linux, by their own names.
"""

import ctypes
import os
import platform
import struct

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
NOSUID, NODEV, NOEXEC, BIND, MOVE, RECURSIVE, SLAVE = 2, 4, 8, 0x1000, 0x2000, 0x4000, 0x80000
# Of the many numbers only those that have no function in the C library and differ between machines.
NUMBERS = {
    "x86_64": {"clone": 56, "pivot_root": 155, "keyctl": 250},
    "aarch64": {"clone": 220, "pivot_root": 41, "keyctl": 219},
}
MOUNT_SETATTR, LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 442, 444, 445, 446
PDEATHSIG, DUMPABLE, CAPBSET_DROP, SUBREAPER, NO_NEW_PRIVS, SECCOMP = 1, 4, 24, 36, 38, 22
SIGCHLD = 17

libc, holding_python = ctypes.CDLL(None, use_errno=True), ctypes.PyDLL(None, use_errno=True)
numbers = NUMBERS.get(platform.machine(), {})


def checked(result: int, what: str) -> int:
    """The result of a call to the system; OSError with `what` when it was refused."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def call(number: int, *args: int | bytes | None, what: str = "system call") -> int:
    """A call that the C library has no function for."""
    # Numbers are given in full width: as a plain int the C library would read half of a register.
    return checked(
        libc.syscall(*(ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in (number, *args))), what
    )


def prctl(option: int, value: int | bytes, *more: int | bytes) -> int:
    """Change a property of this process."""
    rest = [ctypes.c_ulong(number) if isinstance(number, int) else number for number in (value, *more, 0, 0, 0)[:4]]
    return checked(libc.prctl(option, *rest), f"prctl {option}")


def unshare(flags: int) -> None:
    """Leave the name spaces that this process shared with others."""
    checked(libc.unshare(flags), "new name spaces")


def fork_into(flags: int) -> int:
    """Like `os.fork`, and the child starts in name spaces of its own. Only for a process with one thread."""
    python = ctypes.pythonapi
    asked = [ctypes.c_long(number) for number in (numbers["clone"], flags | SIGCHLD, 0, 0, 0, 0)]
    # Python prepares for a fork of its own, and is told of one by others in the same way.
    python.PyOS_BeforeFork()
    pid = holding_python.syscall(*asked)
    if pid == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    return checked(pid, "new name spaces")


def mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, options: str | None = None) -> None:
    """Mount; texts become bytes."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    checked(libc.mount(*texts[:3], ctypes.c_ulong(flags), texts[3]), f"mount on {target}")


def unmount(target: str) -> None:
    """Take a mount away as soon as nobody is in it."""
    checked(libc.umount2(os.fsencode(target), 2), f"unmount {target}")


def make_read_only(target: str, everything_below: bool = True) -> None:
    """Make a mount unwritable, and deaf to set-user-id bits."""
    attributes = struct.pack("QQQQ", 1 | 2, 0, 0, 0)
    call(
        MOUNT_SETATTR,
        -100,
        os.fsencode(target),
        0x8000 if everything_below else 0,
        attributes,
        len(attributes),
        what=f"make {target} read-only",
    )


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root, and hang the old one below it."""
    call(numbers["pivot_root"], os.fsencode(new), os.fsencode(old), what="pivot_root")


def leave_session_keys() -> None:
    """Start with an empty key ring, so that keys of whoever started this stay out of reach."""
    call(numbers["keyctl"], 1, None, 0, 0, 0, what="keyctl")


def drop_capabilities() -> None:
    """Give up all special rights, for good."""
    for number in range(64):
        if libc.prctl(CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0) < 0:
            break
    header, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    checked(libc.capset(header, none), "capset")
