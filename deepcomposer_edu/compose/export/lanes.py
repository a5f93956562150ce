"""Long jobs side by side, with one progress, that stop together."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

Report = Callable[[float], None]
SMALLEST_CHANGE = 0.002  # of the whole; less is not reported


@dataclass(frozen=True, eq=False)
class Job:
    """A piece of work in words, how long it takes, and the function that does it.

    Args:
        doing: what a progress bar says meanwhile, such as "writing the MP3".
        weight: about how long it takes beside the others, in any unit.
        work: called with a function to which it reports shares from 0 to 1.
    """

    doing: str
    weight: float
    work: Callable[[Report], None]


class StoppedError(Exception):
    """Raised inside a job when the others need not be finished any more."""


def run_lanes(
    lanes: Sequence[Sequence[Job]],
    progress: Callable[[float, str], None] | None = None,
) -> None:
    """Do the jobs of each lane one after another, and the lanes at the same time.

    The first error stops the other lanes at their next report and is raised when they
    have ended; so does whatever `progress` raises, and Ctrl-C.

    Args:
        lanes: jobs in order.
        progress: called in this thread with the share done of the whole, 0 to 1, and
            with what is being done.
    """
    events: queue.SimpleQueue[tuple[Job, float] | None] = queue.SimpleQueue()
    stop = threading.Event()

    def run(lane: Sequence[Job]) -> None:
        try:
            for job in lane:

                def report(share: float, job: Job = job) -> None:
                    if stop.is_set():
                        raise StoppedError
                    events.put((job, share))

                report(0)
                job.work(report)
                report(1)
        except BaseException:
            stop.set()
            raise
        finally:
            events.put(None)

    lanes = [lane for lane in lanes if lane]
    with ThreadPoolExecutor(max(len(lanes), 1)) as pool:
        futures = [pool.submit(run, lane) for lane in lanes]
        try:
            _follow(events, lanes, progress)
        except BaseException:
            stop.set()
            raise
    errors = [error for future in futures if (error := future.exception())]
    for error in sorted(errors, key=lambda error: isinstance(error, StoppedError)):
        raise error


def _follow(
    events: queue.SimpleQueue,
    lanes: Sequence[Sequence[Job]],
    progress: Callable[[float, str], None] | None,
) -> None:
    """Report what the lanes say until the last one ends."""
    jobs = [job for lane in lanes for job in lane]
    whole = sum(job.weight for job in jobs) or 1.0
    shares = dict.fromkeys(jobs, 0.0)
    at_work: list[Job] = []  # the one that began last is named
    n_ended, told, named = 0, -1.0, ""
    while n_ended < len(lanes):
        try:
            event = events.get(timeout=0.5)  # so that Windows, too, hears Ctrl-C
        except queue.Empty:
            continue
        if event is None:
            n_ended += 1
            continue
        job, share = event
        if job not in at_work:
            at_work.append(job)
        shares[job] = max(share, shares[job])
        at_work = [job for job in at_work if shares[job] < 1] or at_work[-1:]
        done = min(sum(job.weight * shares[job] for job in jobs) / whole, 1.0)
        begun = [job for job in at_work if shares[job] > 0]  # not one that waits
        doing = (begun or at_work)[-1].doing
        if done - told >= SMALLEST_CHANGE or doing != named or done == 1.0 > told:
            told, named = done, doing
            if progress is not None:
                progress(told, named)
