"""Work is spread over processes of this machine or over a real Dask cluster.

A worker that dies takes nothing with it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from support.course_helpers import SOLUTION, course_folder, grade, hand_in, right_answers
from support.gradebook_rows import differences, rows
from support.jailed import still_there

from safe_cells.course import workers
from safe_cells.errors import CourseError

pytestmark = pytest.mark.slow

EXERCISE = "m02_challenges"
JOBS = [[(f"p{number}", number)] for number in range(12)]


def squared(_spec, batch, _unsafe):
    """Work that anybody can check."""
    return [(name, number * number) for name, number in batch]


def fatal_for_seven(spec, batch, unsafe):
    """Work of which one piece ends the process that does it, every time."""
    if batch[0][1] == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.02)
    return squared(spec, batch, unsafe)


def fatal_once(spec, batch, unsafe):
    """Work that ends its process the first time that number three comes up."""
    mark = Path(spec["mark"])
    if batch[0][1] == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return squared(spec, batch, unsafe)


@pytest.mark.parametrize("crew", [1, 2, 3])
def test_every_job_is_done_once_however_many_work(crew):
    outcomes = [outcome for _, outcome in workers.spread(squared, {}, JOBS, False, crew)]
    assert sorted(one for outcome in outcomes for one in outcome) == sorted((f"p{n}", n * n) for n in range(12))


def test_a_job_that_ends_every_worker_is_named_and_the_others_are_done():
    outcomes = {names[0]: outcome for names, outcome in workers.spread(fatal_for_seven, {}, JOBS, False, 2)}
    assert isinstance(outcomes.pop("p7"), workers.WorkerLostError)
    assert outcomes == {f"p{n}": [(f"p{n}", n * n)] for n in range(12) if n != 7}


def test_a_worker_that_dies_by_accident_costs_nothing(tmp_path):
    found = list(workers.spread(fatal_once, {"mark": str(tmp_path / "mark")}, JOBS, False, 2))
    assert Counter(names[0] for names, _ in found) == Counter(f"p{n}" for n in range(12))
    assert all(outcome == [(names[0], int(names[0][1:]) ** 2)] for names, outcome in found)


SPREAD = """
import sys, time
from safe_cells.course import workers
def work(spec, batch, unsafe):
    import os
    os.write(1, b"%d\\n" % os.getpid())  # at one go, or the lines of two workers run into each other
    time.sleep(60)
list(workers.spread(work, {}, [[("a", 1)], [("b", 2)]], False, 2))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_the_round_however_that_ends(number):
    with subprocess.Popen([sys.executable, "-c", SPREAD], stdout=subprocess.PIPE, text=True) as process:
        pids = [int(process.stdout.readline()) for _ in range(2)]
        process.send_signal(number)
        process.wait()
    assert still_there(pids) == []


def test_what_cannot_be_read_for_a_worker_costs_itself_alone():
    def lost():
        raise OSError("gone")

    found = {
        names[0]: outcome for names, outcome in workers.spread(squared, {}, [[("p1", lost)], [("p2", 2)]], False, 2)
    }
    assert isinstance(found["p1"], OSError) and found["p2"] == [("p2", 4)]


def test_work_that_fails_gives_its_error_and_no_more():
    found = {
        names[0]: outcome for names, outcome in workers.spread(squared, {}, [[("bad", None)], [("p2", 2)]], False, 2)
    }
    assert isinstance(found["bad"], TypeError) and found["p2"] == [("p2", 4)]


def test_without_a_cluster_at_the_address_it_is_said_what_to_do():
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        with pytest.raises(CourseError, match="Start `dask scheduler`"):
            workers.cluster(f"tcp://127.0.0.1:{nobody_listens.getsockname()[1]}")


# ---------------------------------------------------------------- a cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a scheduler with two workers, each a program of its own."""
    note = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here.parent), str(here.parents[1] / "src")])}

    def program(name, *options):
        command = [sys.executable, "-m", f"distributed.cli.{name}", "--host", "127.0.0.1", "--no-dashboard"]
        return subprocess.Popen(
            [*command, "--scheduler-file", note, *options],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    # The scheduler takes the port that the system gives it and writes its address into the note, for which workers
    # wait.
    programs = [program("dask_scheduler", "--port", "0", "--no-show")]
    programs += [program("dask_worker", "--nthreads", "1") for _ in range(2)]
    try:
        from distributed import Client

        with Client(scheduler_file=str(note), timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        yield json.loads(note.read_text(encoding="utf-8"))["address"]
    finally:
        # Workers before their scheduler, else they look for it for a while.
        for each in reversed(programs):
            each.terminate()
        for each in programs:
            with suppress(subprocess.TimeoutExpired):
                each.wait(20)
            each.kill()


def test_a_cluster_does_the_same_work_also_when_one_of_its_workers_is_killed_meanwhile(cluster, tmp_path):
    found = list(workers.spread(fatal_once, {"mark": str(tmp_path / "mark")}, JOBS, False, scheduler=cluster))
    assert (tmp_path / "mark").exists()
    assert Counter(names[0] for names, _ in found) == Counter(f"p{n}" for n in range(12))
    assert all(outcome == [(names[0], int(names[0][1:]) ** 2)] for names, outcome in found)


def test_a_round_on_a_cluster_writes_the_same_grade_book(cluster, tmp_path):
    here, there = (course_folder(tmp_path / name) for name in ("here", "there"))
    right = right_answers(here)
    for folder in (here, there):
        for number in range(5):
            hand_in(folder, f"p{number}", dict(list(right.items())[number:]), SOLUTION if number % 2 else None)
    grade(here)
    done = grade(there, scheduler=cluster)
    assert len(done.graded) == 5 and "name" in done.regime
    same = [
        {
            key: {column: value for column, value in row.items() if column != "timestamp"}
            for key, row in rows(folder / "gradebook.db", EXERCISE).items()
        }
        for folder in (here, there)
    ]
    assert differences(*same) == []
    assert grade(there, scheduler=cluster).unchanged == [f"p{number}" for number in range(5)]
