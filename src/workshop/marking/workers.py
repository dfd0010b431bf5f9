"""Who does the work: this process, other processes of this machine, or a Dask cluster, behind the same executor interface."""

import os
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from workshop.course import GradingStopped

TRIES = 3


def spread(work, spec, jobs, unsafe, workers=None, scheduler=None):
    """Yield (names, outcome or exception) for each job, a list of (name, data), as workers end it.

    A worker that dies takes nothing with it: its job is given to another, at most three times.
    """
    if not jobs:
        return
    with _executor(len(jobs), workers, scheduler) as executor:
        waiting, tries = {}, dict.fromkeys(range(len(jobs)), 0)

        def give(number):
            tries[number] += 1
            waiting[executor().submit(work, spec, jobs[number], unsafe)] = number
        for number in range(len(jobs)):
            give(number)
        while waiting:
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                number = waiting.pop(future)
                try:
                    outcome = future.result()
                except Exception as error:
                    if _worker_lost(error) and tries[number] < TRIES:
                        executor(broken=True)
                        give(number)
                        continue
                    outcome = error
                yield [name for name, _ in jobs[number]], outcome


def _worker_lost(error):
    return isinstance(error, BrokenProcessPool) or type(error).__name__ in ("KilledWorker", "CancelledError", "FutureCancelledError")


class _executor:
    """Workers on this machine or of a Dask cluster, behind one call that gives the executor."""

    def __init__(self, jobs, workers, scheduler):
        self.workers, self.scheduler = max(1, min(jobs, workers or os.cpu_count() or 1)), scheduler
        self.client, self.now = None, None

    def __enter__(self):
        self._start()
        return self

    def __exit__(self, *exception):
        self.now.shutdown(wait=not any(exception), cancel_futures=True)
        if self.client:
            self.client.close()

    def __call__(self, broken=False):
        # A pool of this machine cannot be used any more when one of its workers died; a cluster mends itself.
        if broken and not self.scheduler and getattr(self.now, "_broken", False):
            self.now.shutdown(wait=False)
            self._start()
        return self.now

    def _start(self):
        if self.scheduler:
            self.client, self.now = cluster(self.scheduler)
        elif self.workers == 1:
            self.now = Here()
        else:
            self.now = ProcessPoolExecutor(self.workers)


class Here:
    """One worker, in this process: an executor that does the work when it is asked for."""

    def submit(self, work, *args):
        """A future that is done already."""
        future = Future()
        try:
            future.set_result(work(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, wait=True, cancel_futures=False):
        """Nothing is left running."""


def cluster(address):
    """(client, executor) of the Dask cluster whose scheduler has this address, such as tcp://10.0.0.5:8786."""
    try:
        from distributed import Client
    except ImportError:
        raise GradingStopped("Grading on a cluster needs the package distributed: `pip install distributed`, here and on "
                             "every worker, with the same edition of this workshop.") from None
    try:
        client = Client(address, timeout=20)
    except OSError as error:
        raise GradingStopped(f"No cluster answers at {address} ({error}). Start `dask scheduler` and `dask worker`, then "
                             "give the address that the scheduler prints.") from None
    # Not pure: the same work asked for twice is done twice. A worker that dies is for us to replace, not for Dask.
    return client, client.get_executor(pure=False, retries=0)
