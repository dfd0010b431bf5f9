import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.jailed import WITHOUT_NAMESPACES, descendants, printed, run, started, still_there

from safe_cells.kernel_pool import Ended, Limits, Slow

pytestmark = pytest.mark.linux

SMALL = Limits(cell=5, total=20, memory=500_000_000, processes=32, scratch=30_000_000, output=100_000)
SECRET = "the-key-of-the-ministry"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with what nobody but the instructor may see; two participants handed in."""
    course = tmp_path_factory.mktemp("course")
    for name in (
        "solutions/m01.ipynb",
        "gradebook.db",
        "submitted/ada/m01/own.txt",
        "submitted/ben/m01/answer.txt",
        "given/map.csv",
    ):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(SECRET if "given" not in name else "office,place\nBoard,Meridia\n")
    return course


@pytest.fixture(scope="module")
def warm(course):
    os.environ["GRADER_TOKEN"] = SECRET
    with started(readable=[course / "given"]) as warm:
        yield warm
    del os.environ["GRADER_TOKEN"]


@pytest.fixture
def ada(warm, course):
    """The kernel of one participant; whatever it does, the next one works."""
    with warm.participant(course / "submitted" / "ada" / "m01", SMALL) as child:
        yield child
    with warm.participant(None, SMALL) as following:
        assert printed(run(following, "print('works')")) == "works\n"


def fails(child, source, error):
    """The cell ends with this error and nothing else."""
    reply = run(child, source)
    assert [output.get("ename", output.get("text")) for output in reply["outputs"]] == [error]


def why_it_ended(child, source):
    with pytest.raises(Ended) as ended:
        run(child, source)
    return str(ended.value)


@pytest.mark.parametrize("name", ["solutions/m01.ipynb", "gradebook.db", "submitted/ben/m01/answer.txt"])
def test_no_submission_reads_what_is_not_its_own(ada, course, name):
    fails(ada, f"open({str(course / name)!r}).read()", "FileNotFoundError")


def test_no_submission_finds_the_course_by_going_up(ada):
    run(ada, "import os\nfrom pathlib import Path")
    found = printed(run(ada, "for folder in (Path.cwd(), *Path.cwd().parents): print(*sorted(os.listdir(folder)))"))
    assert "solutions" not in found and "gradebook.db" not in found and "submitted" not in found


def test_no_submission_changes_the_gradebook(ada, course):
    run(ada, f"import os\nos.makedirs({str(course)!r}, exist_ok=True)")
    run(ada, f"open({str(course / 'gradebook.db')!r}, 'w').write('full marks')")
    assert (course / "gradebook.db").read_text() == SECRET


def test_nobodys_home_is_there(ada):
    home = str(Path.home())
    run(
        ada, f"import os, sys\nfound = [os.path.join(at, name) for at, _, names in os.walk({home!r}) for name in names]"
    )
    run(ada, "known = tuple(os.path.realpath(place) for place in (sys.prefix, sys.base_prefix))")
    rest = run(ada, "print([path for path in found if not path.startswith(known) and 'fontlist' not in path])")
    assert printed(rest) == "[]\n"


@pytest.mark.parametrize("place", ["/proc/self/environ", "/proc/1/environ", "/proc/{grader}/environ"])
def test_the_graders_environment_stays_unread(ada, place):
    run(ada, "import os\nseen = str(os.environ)")
    run(ada, f"seen += open({place.format(grader=os.getpid())!r}).read()")
    assert printed(run(ada, f"print(len(seen) > 0, {SECRET!r} in seen)")) == "True False\n"


def test_only_its_own_processes_are_seen(ada):
    seen = printed(run(ada, "import os\nprint([name for name in os.listdir('/proc') if name.isdigit()], os.getpid())"))
    assert seen == "['1', '2'] 2\n"


@contextmanager
def listening(family, kind, address):
    with socket.socket(family, kind) as server:
        server.bind(address)
        if kind == socket.SOCK_STREAM:
            server.listen()
        server.settimeout(0.2)
        yield server


def test_no_network_reaches_the_grader_or_the_world(ada):
    run(ada, "import socket")
    for kind, reach in ((socket.SOCK_STREAM, "connect(address)"), (socket.SOCK_DGRAM, "sendto(b'x', address)")):
        with listening(socket.AF_INET, kind, ("127.0.0.1", 0)) as server:
            for address in (server.getsockname(), ("192.0.2.1", 80)):
                assert (
                    run(ada, f"address = {address}\nsocket.socket(socket.AF_INET, {int(kind)}).{reach}")["status"]
                    == "error"
                )
            with pytest.raises(TimeoutError):
                server.recv(1) if kind == socket.SOCK_DGRAM else server.accept()


def test_no_unnamed_or_named_socket_of_the_grader_answers(ada, tmp_path):
    run(ada, "import socket")
    for address in ("\0workshop-test", str(tmp_path / "socket")):
        with listening(socket.AF_UNIX, socket.SOCK_STREAM, address):
            assert run(ada, f"socket.socket(socket.AF_UNIX).connect({address!r})")["status"] == "error"


@pytest.mark.parametrize("family", ["AF_VSOCK", "AF_NETLINK", "AF_PACKET", "AF_ALG"])
def test_no_socket_is_of_a_kind_that_reaches_round_the_walls(ada, family):
    reply = run(ada, f"import socket\nsocket.socket(socket.{family}, socket.SOCK_DGRAM)")
    assert "not supported by protocol" in reply["outputs"][0]["evalue"]


def test_no_signal_reaches_the_grader_or_what_watches_over_a_child(ada):
    others = [os.getpid(), *(pid for pid in descendants(os.getpid()))]
    run(ada, "import os, signal")
    for pid in others:
        if pid > 2:
            fails(ada, f"os.kill({pid}, signal.SIGKILL)", "ProcessLookupError")
    run(ada, "os.kill(1, signal.SIGKILL)\nos.kill(1, signal.SIGSTOP)")
    assert printed(run(ada, "print('still here')")) == "still here\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os; os._exit(3)", "ended its own process (exit code 3)"),
        ("import os; os.kill(os.getpid(), 9)", "was ended by the signal SIGKILL"),
        ("import os; os.kill(0, 9)", "was ended by the signal SIGKILL"),
        ("import os; os.abort()", "was ended by the signal SIGABRT"),
        ("import ctypes; ctypes.string_at(0)", "was ended by the signal SIGSEGV"),
        ("import os\nfor number in range(3, 512):\n    try: os.close(number)\n    except OSError: pass", None),
    ],
)
def test_a_notebook_that_ends_its_process_is_told_so(ada, source, reason):
    said = why_it_ended(ada, source)
    assert reason is None or said == reason


def test_what_runs_at_exit_is_not_run(ada):
    run(ada, "import atexit, time\natexit.register(time.sleep, 60)")
    begun = time.monotonic()
    ada.stop()
    assert time.monotonic() - begun < 2


def test_a_fork_bomb_stays_within_its_jail(ada):
    source = """
import os, signal
count = 0
while count < 500:
    if os.fork() == 0:
        signal.pause()
    count += 1
"""
    fails(ada, source, "BlockingIOError")
    assert int(printed(run(ada, "print(count)"))) < SMALL.processes
    before = set(descendants(os.getpid()))
    ada.stop()
    assert len(before - set(descendants(os.getpid()))) > 20


def test_a_fork_bomb_without_end_is_stopped(ada):
    ada.send(
        {"do": "run", "source": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", "seconds": 1}
    )

    def listen():
        while True:
            ada.receive(2)

    with pytest.raises((Slow, Ended)):
        listen()
    left = descendants(os.getpid())
    ada.stop()
    assert len(still_there(set(left) - set(descendants(os.getpid())))) == 0


def test_one_process_gets_no_more_memory_than_allowed(ada):
    fails(ada, "b'x' * 2_000_000_000", "MemoryError")


def test_many_processes_together_get_no_more_memory_than_allowed(ada):
    source = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        hog = b"x" * 200_000_000
        time.sleep(30)
        os._exit(0)
time.sleep(4)
"""
    assert why_it_ended(ada, source) == "used more than 500 MB of memory"


@pytest.mark.parametrize(
    "source",
    [
        "import mmap\nhog = mmap.mmap(-1, 400_000_000)",
        "import os\nos.memfd_create('hog')",
        (
            "import ctypes\nif ctypes.CDLL(None, use_errno=True).shmget(0, 100_000_000, 0o1600) < 0: "
            "raise OSError(ctypes.get_errno())"
        ),
    ],
)
def test_no_memory_is_had_that_nobody_counts(ada, source):
    assert run(ada, source)["status"] == "error"


def test_the_disk_does_not_fill(ada):
    source = (
        "for number in range(100):\n    with open(f'/tmp/{number}', 'wb') as file:\n"
        "        file.write(bytes(1_000_000))"
    )
    fails(ada, source, "OSError")
    fails(ada, "with open('large', 'wb') as file:\n    file.truncate(10**12)", "OSError")


def test_endless_files_do_not_fill_the_disk(ada):
    fails(ada, "for number in range(50_000):\n    open(f'/tmp/n{number}', 'w').close()", "OSError")


@pytest.mark.parametrize(
    "source",
    [
        "for _ in range(1000):\n    print('x' * 1_000_000)",
        "import os\nfor _ in range(1000):\n    if os.write(1, b'x' * 1_000_000) == 0: break",
        "!yes | head -c 1000000000",
    ],
)
def test_a_gigabyte_of_output_is_cut_off(ada, source):
    ada.send({"do": "run", "source": source, "seconds": 2})
    outputs = ada.receive(20)["outputs"]
    text = "".join(output.get("text", "") for output in outputs)
    assert len(text) < SMALL.output + 1000 and "shows more than" in text
    assert run(ada, "1 / 0")["outputs"][0]["ename"] == "ZeroDivisionError"


def test_a_notebook_has_so_much_time_in_all(warm):
    with warm.participant(None, Limits(total=1)) as child:
        assert why_it_ended(child, "import time\ntime.sleep(30)") == "took longer than 1 seconds in all"


def test_a_daemon_does_not_outlive_its_notebook(ada):
    run(ada, "import subprocess\nsubprocess.Popen(['setsid', 'sleep', '61'], start_new_session=True)")
    pids = set(descendants(os.getpid()))
    ada.stop()
    assert len(pids - set(descendants(os.getpid()))) >= 3


@pytest.mark.parametrize(
    "source",
    [
        "import os\nif os.fork() == 0:\n    raise RuntimeError('the child returns')",
        "import os\nos.fork()\nNone",
        "import os\nif os.fork() == 0:\n    import sys; sys.exit()",
    ],
)
def test_a_forked_child_that_returns_is_no_second_kernel(ada, source):
    run(ada, source)
    for number in range(5):
        assert printed(run(ada, f"print({number})")).endswith(f"{number}\n")


@pytest.mark.parametrize(
    "place",
    [
        "sys.prefix",
        "sys.base_prefix",
        "os.path.dirname(workshop.__file__)",
        "'/usr'",
        "'/etc'",
        "'/'",
        "'/dev'",
        "GIVEN",
    ],
)
def test_python_and_what_was_given_out_cannot_be_changed(ada, course, place):
    run(ada, f"import os, sys, workshop\nGIVEN = {str(course / 'given')!r}")
    assert run(ada, f"open(os.path.join({place}, 'planted.py'), 'w')")["outputs"][0]["ename"] in (
        "OSError",
        "PermissionError",
    )


def test_no_disk_or_memory_of_the_machine_is_there(ada):
    devices = printed(run(ada, "import os\nprint(sorted(os.listdir('/dev')))"))
    assert not {"mem", "kmem", "kmsg", "port", "vda", "sda", "nvme0n1", "loop0", "kvm", "fuse", "net"} & set(
        eval(devices)
    )
    assert run(ada, "os.mknod('/tmp/disk', 0o60600, os.makedev(254, 0))")["outputs"][0]["ename"] == "PermissionError"


@pytest.mark.parametrize(
    ("call", "args"),
    [
        ("ptrace", "16, 1, 0, 0"),
        ("mount", "b'none', b'/tmp', b'tmpfs', 0, None"),
        ("unshare", "0x10000000"),
        ("chroot", "b'/tmp'"),
        ("umount2", "b'/proc', 2"),
        ("setns", "0, 0"),
        ("reboot", "0"),
        ("setuid", "0"),
        ("sethostname", "b'x', 1"),
    ],
)
def test_no_special_right_is_left(ada, call, args):
    assert printed(run(ada, f"import ctypes\nprint(ctypes.CDLL(None).{call}({args}))")) == "-1\n"


def test_no_new_user_namespace_brings_rights_back(ada):
    run(ada, "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)")
    for call in ("56 if os.uname().machine == 'x86_64' else 220, 0x10000011, 0, 0, 0, 0", "435, 0, 0"):
        assert printed(run(ada, f"print(libc.syscall({call}))")) == "-1\n"


def test_no_program_gives_back_special_rights(ada):
    run(ada, "import subprocess")
    said = printed(
        run(
            ada,
            "print(subprocess.run(['grep', '-E', 'Cap|NoNewPrivs|Seccomp:', '/proc/self/status'],"
            " capture_output=True, text=True).stdout.split())",
        )
    )
    rights = eval(said)
    assert set(rights[1:10:2]) == {"0" * 16} and rights[rights.index("NoNewPrivs:") + 1] == "1"
    assert run(ada, "subprocess.run(['unshare', '-Ur', 'true'], check=True)")["status"] == "error"


def test_a_link_in_a_submission_leads_to_nothing_outside(warm, tmp_path, course):
    (tmp_path / "leak").symlink_to(course / "gradebook.db")
    (tmp_path / "folder").symlink_to(course / "solutions")
    (tmp_path / "up").symlink_to("../../solutions")
    (tmp_path / "own.txt").write_text("own")
    (tmp_path / "again").symlink_to("own.txt")
    os.mkfifo(tmp_path / "pipe")
    with warm.participant(tmp_path, SMALL) as child:
        for name in ("leak", "folder/m01.ipynb", "up/m01.ipynb", "pipe"):
            fails(child, f"open({name!r}).read()", "FileNotFoundError")
        assert printed(run(child, "print(open('again').read())")) == "own\n"


def test_files_that_are_too_large_are_refused_in_words(warm, tmp_path):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(40_000_000)
    with pytest.raises(Ended, match="comes with files of more than 30 MB"):
        warm.participant(tmp_path, SMALL)


@pytest.mark.parametrize(
    "sent", [b"\xff\xff\xff\xff", b"\0\0\0\x02[]", b"\0\0\0\x04junk", b"\0\x0f\x42\x40" + b"[" * 1_000_000]
)
def test_what_is_no_answer_ends_the_notebook(ada, sent):
    often = len(sent[4:]) // min(4, len(sent[4:]) or 1)
    source = f"""
import os, socket
for number in range(3, 30):
    try:
        socket.socket(fileno=number).sendall({sent[:4]!r} + {sent[4:8]!r} * {often})
    except OSError:
        pass
"""
    said = why_it_ended(ada, source)
    assert said in ("sent more than a notebook may show", "sent what is no answer")


def test_a_thread_left_behind_does_not_hold_up_the_end(ada):
    run(ada, "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()")
    begun = time.monotonic()
    ada.stop()
    assert time.monotonic() - begun < 2


def test_honest_work_works(ada, course):
    for source in (
        "open('notes.txt', 'w').write('x'); assert open('own.txt').read()",
        "import tempfile\nwith tempfile.TemporaryDirectory() as folder: open(folder + '/a', 'w').write('b')",
        "import subprocess\nassert subprocess.check_output(['python', '-c', 'print(6 * 7)'], text=True) == '42\\n'",
        (
            "from multiprocessing import get_context\n"
            "with get_context('fork').Pool(2) as pool: assert pool.map(abs, [-1]) == [1]"
        ),
        "from concurrent.futures import ThreadPoolExecutor\nassert list(ThreadPoolExecutor(4).map(abs, [-1])) == [1]",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.savefig('figure.png'); plt.show()",
        f"import pandas as pd\nassert len(pd.read_csv({str(course / 'given' / 'map.csv')!r})) == 1",
        "import workshop\nassert len(workshop.table('treaty_joinings'))",
        "import getpass, pathlib\nassert getpass.getuser() and pathlib.Path.home().is_dir()",
        "import sqlite3\nsqlite3.connect('own.db').execute('create table a (b)')",
    ):
        reply = run(ada, source)
        assert reply["status"] == "ok", reply["outputs"]


def test_everybody_learns_which_parts_of_the_jail_run(warm):
    assert warm.regime.startswith("namespaces for users, processes, files, network, IPC and host name, ")
    assert warm.regime.endswith("limits")


def without_namespaces(program, scratch=None):
    """What a program prints where the system allows no namespaces; `scratch` is its folder for passing things."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NAMESPACES + program],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **({"TMPDIR": str(scratch)} if scratch else {})},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.usefixtures("warm")
def test_where_no_jail_can_be_had_nothing_runs():
    said = without_namespaces("try: Warm()\nexcept NoJail as error: print(error)")
    assert "does not let participants' code be shut in" in said and "unsafe" in said


@pytest.mark.usefixtures("warm")
def test_unsafe_grading_still_has_limits_and_says_what_is_missing(course, tmp_path):
    said = without_namespaces(
        f"""
with Warm(unsafe=True) as warm:
    print(warm.regime)
    with warm.participant(None) as child:
        for source in ("open('own', 'w').write('x')", "open({str(course / "gradebook.db")!r})", "b'x' * 10**10",
                       "import subprocess; subprocess.Popen(['setsid', 'sleep', '62'])"):
            child.send({{"do": "run", "source": source}})
            print([output.get("ename", "ok") for output in child.receive(20)["outputs"]] or "ok")
    import glob, tempfile
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try: text = open(path).read()
        except OSError: continue
        assert text != "sleep\\00062\\0", path
print(glob.glob(tempfile.gettempdir() + "/workshop-marking-*"))
""",
        tmp_path,
    ).splitlines()
    assert said[0].startswith("no namespaces, ") and said[0].endswith("limits")
    assert said[1:] == ["['ok']", "['PermissionError']", "['MemoryError']", "['ok']", "[]"]
