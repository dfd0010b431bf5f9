"""Landlock and the filter of system calls: what a jailed process may still ask of Linux, should a wall have a hole."""

import ctypes
import os
import platform
import struct
from collections.abc import Sequence
from pathlib import Path

from safe_cells import linux

EXECUTE, WRITE, READ, LIST, TRUNCATE, DEVICE = 1, 2, 4, 8, 1 << 14, 1 << 15
ON_FILES = EXECUTE | WRITE | READ | TRUNCATE | DEVICE
# The rights of each version of Landlock, all of which are taken away and then given back for a few places.
RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}

# The words of the little language that the filter is written in: (what, steps to skip if so, steps to skip if not,
# number).
LOAD, EQUAL, AT_LEAST, KEEP, GIVE = 0x20, 0x15, 0x35, 0x54, 0x06
ALLOW, REFUSE, NO_SUCH_CALL, NO_SUCH_FAMILY, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x50061, 0x80000000
ARGUMENT = 16
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Memory that no limit counts, doors to the inner parts of Linux, and other people's processes and keys.
REFUSED = {
    "x86_64": {
        "shmget": 29,
        "semget": 64,
        "msgget": 68,
        "ptrace": 101,
        "pivot_root": 155,
        "mount": 165,
        "umount2": 166,
        "swapon": 167,
        "reboot": 169,
        "init_module": 175,
        "delete_module": 176,
        "quotactl": 179,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "unshare": 272,
        "vmsplice": 278,
        "perf_event_open": 298,
        "fanotify_init": 300,
        "open_by_handle_at": 304,
        "setns": 308,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "finit_module": 313,
        "memfd_create": 319,
        "bpf": 321,
        "kexec_load": 246,
        "kexec_file_load": 320,
        "userfaultfd": 323,
        "chroot": 161,
        "mq_open": 240,
    },
    "aarch64": {
        "shmget": 194,
        "semget": 190,
        "msgget": 186,
        "ptrace": 117,
        "pivot_root": 41,
        "mount": 40,
        "umount2": 39,
        "swapon": 224,
        "reboot": 142,
        "init_module": 105,
        "delete_module": 106,
        "quotactl": 60,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "unshare": 97,
        "vmsplice": 75,
        "perf_event_open": 241,
        "fanotify_init": 262,
        "open_by_handle_at": 265,
        "setns": 268,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "finit_module": 273,
        "memfd_create": 279,
        "bpf": 280,
        "kexec_load": 104,
        "kexec_file_load": 294,
        "userfaultfd": 282,
        "chroot": 51,
        "mq_open": 180,
    },
}
EVERYWHERE = {
    "io_uring_setup": 425,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsmount": 432,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
    "memfd_secret": 447,
}
# New user namespaces would bring back rights within them. The newer form hides its flags, and all fall back on the
# older.
CLONE, CLONE3, NEW_USER = {"x86_64": 56, "aarch64": 220}, 435, 0x10000000
MMAP = {"x86_64": 9, "aarch64": 222}
SHARED_AND_NAMELESS = 0x21  # such memory can be dropped from a process and kept by Linux, where no limit counts it
SOCKETS = {"x86_64": (41, 53), "aarch64": (198, 199)}
FAMILIES = (
    1,
    2,
    10,
)  # local, and the internet that is not there; others (to the host of a virtual machine) know no name space


def landlock_version() -> int:
    """The version of Landlock that this system has; 0 for none."""
    try:
        return linux.call(linux.LANDLOCK_CREATE, None, 0, 1)
    except OSError:
        return 0


def landlock(readable: Sequence[str], writable: Sequence[str]) -> None:
    """Let this process read only what lies in `readable` and change only what lies in `writable`.

    It has no network and sends no signals out.
    """
    version = landlock_version()
    if not version:
        return
    rights = max(bits for since, bits in RIGHTS.items() if since <= version)
    asked = struct.pack("QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    asked = asked[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = linux.call(linux.LANDLOCK_CREATE, asked, len(asked), 0, what="Landlock")
    try:
        for paths, given in ((readable, EXECUTE | READ | LIST), (writable, rights)):
            for path in paths:
                try:
                    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
                except FileNotFoundError:
                    continue
                allowed = given & rights if Path(path).is_dir() else given & rights & ON_FILES
                linux.call(linux.LANDLOCK_ADD, rules, 1, struct.pack("=Qi", allowed, place), 0, what="Landlock")
                os.close(place)
        linux.prctl(linux.NO_NEW_PRIVS, 1)
        linux.call(linux.LANDLOCK_RESTRICT, rules, 0, what="Landlock")
    finally:
        os.close(rules)


def can_filter_calls() -> bool:
    """Whether the filter knows this kind of machine."""
    return platform.machine() in MACHINES


def filter_calls() -> None:
    """Refuse the system calls that no exercise needs and that reach round the walls."""
    machine = platform.machine()
    if machine not in MACHINES:
        return
    program = [
        (LOAD, 0, 0, 4),
        (EQUAL, 1, 0, MACHINES[machine]),
        (GIVE, 0, 0, KILL),
        (LOAD, 0, 0, 0),
        (AT_LEAST, 0, 1, 0x40000000),
        (GIVE, 0, 0, KILL),
    ]
    for number in sorted({**REFUSED[machine], **EVERYWHERE}.values()):
        program += [(EQUAL, 0, 1, number), (GIVE, 0, 0, REFUSE)]
    for number in SOCKETS[machine]:
        known = [(EQUAL, len(FAMILIES) - place, 0, family) for place, family in enumerate(FAMILIES)]
        asked = [(LOAD, 0, 0, ARGUMENT), *known, (GIVE, 0, 0, NO_SUCH_FAMILY), (GIVE, 0, 0, ALLOW)]
        program += [(EQUAL, 0, len(asked), number), *asked]
    for number, argument, flags in ((CLONE[machine], 0, NEW_USER), (MMAP[machine], 3, SHARED_AND_NAMELESS)):
        asked = [
            (LOAD, 0, 0, ARGUMENT + 8 * argument),
            (KEEP, 0, 0, flags),
            (EQUAL, 0, 1, flags),
            (GIVE, 0, 0, REFUSE),
            (GIVE, 0, 0, ALLOW),
        ]
        program += [(EQUAL, 0, len(asked), number), *asked]
    program += [(EQUAL, 0, 1, CLONE3), (GIVE, 0, 0, NO_SUCH_CALL), (GIVE, 0, 0, ALLOW)]
    steps = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    linux.prctl(linux.NO_NEW_PRIVS, 1)
    linux.prctl(linux.SECCOMP, 2, struct.pack("HxxxxxxP", len(program), ctypes.addressof(steps)))
