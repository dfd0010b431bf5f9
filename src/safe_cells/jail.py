"""Shut a process in: nothing of the machine exists for it but Python, what was given out, and a scratch folder.

The fork server goes into an outer jail once, before it imports anything heavy: a root folder made of read-only mounts.
Every child gets an inner one: name spaces of its own within that root, a scratch folder in memory, and limits.
"""

import os
import resource
import signal
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from safe_cells import linux, seccomp
from safe_cells.limits import Limits
from safe_cells.linux import BIND, NEWIPC, NEWNET, NEWNS, NEWPID, NEWUSER, NEWUTS, NODEV, NOEXEC, NOSUID, RECURSIVE

APART = NEWUSER | NEWPID | NEWNET | NEWIPC | NEWUTS | NEWNS
NOBODY = 65534
INSIDE = 1000
OLD, NEW_SCRATCH = "/.old", "/.scratch"
# Not /dev/zero: shared memory made of it is counted nowhere.
DEVICES = ("null", "full", "random", "urandom")
ETC = (
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "fonts",
    "localtime",
    "timezone",
    "alternatives",
    "mime.types",
    "ssl/openssl.cnf",
)
WORLD = "namespaces for users, processes, files, network, IPC and host name"


class Refused(Exception):
    """This system does not let itself be divided as a jail needs it; the message says which step it refused."""


def rooms(readable: Iterable[str | Path]) -> list[str]:
    """The folders and files of this machine that a jail shows, as they are called here; for `outer`."""
    package = Path(__file__).resolve().parents[1]
    packages = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    shown = [
        "/usr",
        "/bin",
        "/sbin",
        *sorted(str(path) for path in Path("/").glob("lib*")),
        *(f"/etc/{name}" for name in ETC),
        sys.prefix,
        sys.base_prefix,
        *packages,
        str(package),
        *map(str, readable),
    ]
    # A Path would follow links to make a path absolute, and links are shown as links.
    there = {os.path.abspath(path) for path in shown if os.path.lexists(path)}  # noqa: PTH100 - see above
    kept = [path for path in there if Path(path).is_symlink()]
    for path in sorted({os.path.realpath(path) for path in there} | there - set(kept)):
        if not any(path.startswith(room + "/") for room in kept):
            kept.append(path)
    return kept


def outer(shown: Iterable[str]) -> None:
    """Go into the outer jail for good, with new name spaces for the next child of this process."""
    linux.leave_session_keys()
    places = {path: os.path.realpath(path) for path in shown}
    links = {path for path in places if Path(path).is_symlink()}
    root = os.geteuid() == 0
    try:
        if root:
            linux.unshare(NEWNS)
            _new_root(places, links)
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            linux.prctl(linux.DUMPABLE, 1)
            _be_apart()
        else:
            _be_apart()
            _new_root(places, links)
    except (OSError, KeyError) as error:
        raise Refused(str(error)) from None


def _be_apart() -> None:
    user, group = os.geteuid(), os.getegid()
    linux.unshare(APART)
    _map_ids(user, group)


def _map_ids(user: int, group: int) -> None:
    for name, text in (("setgroups", "deny"), ("uid_map", f"{INSIDE} {user} 1"), ("gid_map", f"{INSIDE} {group} 1")):
        Path(f"/proc/self/{name}").write_text(text)


def _new_root(shown: Mapping[str, str], links: Collection[str]) -> None:
    """Make a root folder in memory in which only what is shown exists, read-only, and move into it."""
    linux.mount(None, "/", None, linux.SLAVE | RECURSIVE)
    linux.mount("tmpfs", "/tmp", "tmpfs", NOSUID | NODEV, "mode=755,size=4m")
    os.chdir("/tmp")
    Path(OLD[1:]).mkdir(0o755)
    linux.pivot_root(".", OLD[1:])
    os.chdir("/")
    for path in links:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).symlink_to(shown[path])
    for path, source in shown.items():
        if path not in links:
            _show(source, path)
            linux.make_read_only(path)
    for name in DEVICES:
        _show(f"/dev/{name}", f"/dev/{name}")
    for path in ("/proc", "/tmp", "/dev/pts", NEW_SCRATCH):
        Path(path).mkdir(parents=True, exist_ok=True)
    # The new processes' own /proc may only be mounted where a whole one is seen already.
    linux.mount(f"{OLD}/proc", "/proc", None, BIND | RECURSIVE)
    for name, target in (
        ("fd", "/proc/self/fd"),
        ("stdin", "fd/0"),
        ("stdout", "fd/1"),
        ("stderr", "fd/2"),
        ("shm", "/tmp/.shm"),
        ("ptmx", "pts/ptmx"),
    ):
        Path(f"/dev/{name}").symlink_to(target)
    Path("/etc").mkdir(exist_ok=True)
    Path("/etc/passwd").write_text(f"participant:x:{INSIDE}:{INSIDE}::/tmp/home:/bin/sh\n")
    Path("/etc/group").write_text(f"participant:x:{INSIDE}:\n")
    Path("/etc/hosts").write_text("127.0.0.1 localhost\n")
    linux.unmount(OLD)
    Path(OLD).rmdir()
    linux.make_read_only("/", everything_below=False)


def _show(source: str, path: str) -> None:
    _mount_point(Path(path), Path(OLD + source).is_dir())
    linux.mount(OLD + source, path, None, BIND | RECURSIVE)


def _mount_point(path: Path, folder: bool) -> None:
    (path if folder else path.parent).mkdir(parents=True, exist_ok=True)
    if not folder:
        path.touch(exist_ok=False)


def settle(scratch: int, shown: Iterable[str]) -> bool:
    """In the first process of new name spaces: its own scratch folder and view of processes.

    False when the view was refused.
    """
    try:
        linux.mount("proc", "/proc", "proc", NOSUID | NODEV | NOEXEC)
        own_view = True
    except OSError:
        # A container hides parts of its /proc, and Linux then refuses a new one.
        own_view = False
    linux.mount("tmpfs", NEW_SCRATCH, "tmpfs", NOSUID | NODEV, f"size={scratch},nr_inodes=20000,mode=755")
    for path in shown:
        if path.startswith("/tmp/"):
            _mount_point(Path(NEW_SCRATCH + path.removeprefix("/tmp")), Path(path).is_dir())
            linux.mount(path, NEW_SCRATCH + path.removeprefix("/tmp"), None, BIND | RECURSIVE)
    linux.mount(NEW_SCRATCH, "/tmp", None, linux.MOVE)
    return own_view


def inner(limits: Limits, shown: Iterable[str]) -> str:
    """In the first process of a child's own name spaces: close them behind it. Gives what is missing, in words."""
    _map_ids(INSIDE, INSIDE)
    linux.checked(linux.libc.sethostname(b"workshop", 8), "host name")
    # IPython runs what stands behind `!` in a terminal.
    linux.mount("devpts", "/dev/pts", "devpts", NOSUID | NOEXEC, "newinstance,ptmxmode=0666,mode=0600")
    missing = ""
    if settle(limits.scratch, shown):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    else:
        # Without any view of processes nothing is given away, and the memory of all together cannot be seen either.
        linux.mount("tmpfs", "/proc", "tmpfs", NOSUID | NODEV | NOEXEC, "size=4k,mode=555")
        missing = ", no /proc and so no limit to the memory of all processes together"
    linux.drop_capabilities()
    linux.prctl(linux.NO_NEW_PRIVS, 1)
    # Whoever watches over the child is not to be looked into by it.
    linux.prctl(linux.DUMPABLE, 0)
    return missing


def own_rights(limits: Limits, scratch: str, readable: Sequence[str] = ("/",)) -> None:
    """In the process that will run a participant's code: limits, then Landlock, then the filter of system calls."""
    linux.prctl(linux.PDEATHSIG, signal.SIGKILL)
    linux.prctl(linux.DUMPABLE, 1)
    _limit(limits)
    seccomp.landlock(readable, [scratch, *(f"/dev/{name}" for name in (*DEVICES, "pts", "ptmx", "tty"))])
    seccomp.filter_calls()


def _limit(limits: Limits) -> None:
    try:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        Path("/proc/self/oom_score_adj").write_text("1000")
    except (OSError, IndexError):
        used = 2_000_000_000
    for name, most in (
        ("AS", limits.memory + used),
        ("FSIZE", limits.scratch),
        ("CPU", int(limits.total) + 1),
        ("CORE", 0),
        ("NOFILE", 512),
        ("NPROC", limits.processes),
        ("MSGQUEUE", 0),
        ("MEMLOCK", 65536),
    ):
        number = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(number)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(number, (most, most))


def regime(namespaces: bool, missing: str = "") -> str:
    """Which parts of the jail are in force, in words."""
    version = seccomp.landlock_version()
    parts = (
        WORLD if namespaces else "no namespaces",
        f"Landlock (version {version})" if version else "no Landlock",
        "filter of system calls" if seccomp.can_filter_calls() else "no filter of system calls",
        "limits",
    )
    return ", ".join(parts) + missing
