"""Who does the work, behind the same executor interface.

This process, other processes of this machine, or a Dask cluster.
"""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Self

from safe_cells.errors import CourseError

Job = Sequence[tuple[str, Any]]  # names, each with data or a function that gives them
Work = Callable[[dict[str, Any], Job, bool], Any]
# Dask's words for a worker that is gone; its own classes would have to be imported to be named.
LOST = ("KilledWorker", "CancelledError", "FutureCancelledError", "CommClosedError")


class WorkerLostError(Exception):
    """The process that did this work ended, and did so again when it did nothing else."""


def spread(
    work: Work,
    spec: dict[str, Any],
    jobs: Sequence[Job],
    unsafe: bool,
    workers: int | None = None,
    scheduler: str | None = None,
) -> Iterator[tuple[list[str], Any]]:
    """Yield (names, outcome or exception) for each job, as workers end it.

    `jobs` is a list of (name, data or a function that gives them). When a worker dies, what was under way is done
    again, one job at a time: so the one that ends workers is found, and takes nothing with it.
    """
    if not jobs:
        return
    with _Crew(len(jobs), workers, scheduler) as crew:
        todo, suspects = deque(range(len(jobs))), deque[int]()
        running: dict[Future[Any], int] = {}
        while todo or suspects or running:
            alone = bool(suspects)
            while (suspects or todo) and len(running) < (1 if alone else crew.at_once):
                number = suspects.popleft() if suspects else todo.popleft()
                try:
                    job = _loaded(jobs[number])
                except Exception as error:  # noqa: BLE001 - what cannot be read is told, and the others go on
                    yield [name for name, _ in jobs[number]], error
                    continue
                running[crew.executor.submit(work, spec, job, unsafe)] = number
                if alone:
                    break
            for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                number = running.pop(future)
                try:
                    outcome = future.result()
                except Exception as error:  # noqa: BLE001 - work may fail in any way; its error is the outcome
                    if _worker_lost(error) and not (alone and number in crew.suspected):
                        crew.suspected.add(number)
                        suspects.append(number)
                        continue
                    outcome = (
                        WorkerLostError("the process that graded it was ended, twice") if _worker_lost(error) else error
                    )
                yield [name for name, _ in jobs[number]], outcome
            crew.mend()


def _loaded(job: Job) -> Job:
    """A job with its data, which are read only now if a function stands for them: a class may be larger than memory."""
    return [(name, data() if callable(data) else data) for name, data in job]


def _worker_lost(error: Exception) -> bool:
    return isinstance(error, BrokenProcessPool) or type(error).__name__ in LOST


class _Crew:
    """The executor with its workers.

    A pool of this machine is replaced when one of its workers died; a cluster mends itself.
    """

    def __init__(self, jobs: int, workers: int | None, scheduler: str | None) -> None:
        self.workers, self.scheduler = max(1, min(jobs, workers or os.cpu_count() or 1)), scheduler
        self.client: Any = None
        self.suspected: set[int] = set()

    def __enter__(self) -> Self:
        if self.scheduler:
            self.client, executor = cluster(self.scheduler)
            self.executor: Executor = executor
            self.at_once = 2 * max(1, sum(self.client.ncores().values()))
        else:
            self.executor, self.at_once = self._pool(), 2 * self.workers
        return self

    def __exit__(self, *exception: object) -> None:
        if self.client:
            self.client.close()  # what is still under way there is given up
        else:
            self.executor.shutdown(wait=not any(exception), cancel_futures=True)

    def _pool(self) -> Executor:
        return Here() if self.workers == 1 else ProcessPoolExecutor(self.workers, initializer=_belong_to_the_round)

    def mend(self) -> None:
        """Get a new pool if the present one cannot be used any more."""
        if getattr(self.executor, "_broken", False):
            self.executor.shutdown(wait=False)
            self.executor = self._pool()


def _belong_to_the_round() -> None:
    """In a worker: leave interrupts to the parent, and end when it does, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        from safe_cells import linux

        linux.prctl(linux.PDEATHSIG, signal.SIGKILL)


class Here(Executor):
    """One worker, in this process: an executor that does the work when it is asked for."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        """A future that is done already."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **named))
        except Exception as error:  # noqa: BLE001 - as in any executor
            future.set_exception(error)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing is left running."""


def cluster(address: str) -> tuple[Any, Executor]:
    """(client, executor) of the Dask cluster whose scheduler has this address, such as tcp://10.0.0.5:8786."""
    try:
        from distributed import Client
    except ImportError:
        raise CourseError(
            "Grading on a cluster needs the package distributed: `pip install distributed`, here and on "
            "every worker, with the same edition of this program."
        ) from None
    try:
        client = Client(address, timeout=8)  # type: ignore[no-untyped-call]  # Dask has no types
    except (OSError, ValueError) as error:
        raise CourseError(
            f"No cluster answers at {address} ({error}). Start `dask scheduler` and `dask worker`, then "
            "give the address that the scheduler prints."
        ) from None
    # Not pure: the same work asked for twice is done twice. A worker that dies is for us to replace, not for Dask.
    executor: Executor = client.get_executor(pure=False, retries=0)  # type: ignore[no-untyped-call]
    return client, executor
