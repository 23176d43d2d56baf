"""Runs the loading of groups of log files, in this process and others beside it."""

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain

from comprova.errors import Problem, RunStoppedError
from comprova.processes import obey_parent
from comprova.trail.index import IndexedFile
from comprova.trail.memory import keep_memory
from comprova.trail.parts import Group, load_group

PARALLEL_BYTES = 16 << 20
"""Less work than this, in bytes as `Group.work` counts them, is done before another process has started."""
_AHEAD = 2

Loaded = tuple[Group, list[IndexedFile]]


def load_groups(groups: Iterator[Group], workers: int) -> Iterator[Loaded]:
    """Load groups of log files and yield each with what the index shall know of its files, in no certain order.

    This process is one of the workers. The others are started afresh (spawn): a copy of this process would carry the
    threads of DuckDB and Arrow with it.

    Args:
        groups: Taken as they are needed.
        workers: How many processes may work at once, this one included.

    Raises:
        RunStoppedError: A process died, most likely for want of memory.
    """
    first: list[Group] = []
    work = 0
    for group in groups:
        first.append(group)
        work += group.work
        if work > PARALLEL_BYTES:
            break
    if work <= PARALLEL_BYTES or workers == 1:
        yield from ((group, load_group(group)) for group in chain(first, groups))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers - 1, context, initializer=_begin) as pool:
        try:
            yield from _shared(pool, deque(first), groups, _AHEAD * (workers - 1))
        except BrokenProcessPool as error:
            hint = "Give it more memory, and give the same command again: what was loaded is kept."
            raise RunStoppedError(
                Problem("loading records", "processes that end their work", "one that was killed", hint)
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Begin a process that only loads."""
    obey_parent()
    keep_memory()


def _shared(pool: ProcessPoolExecutor, pending: deque[Group], groups: Iterator[Group], ahead: int) -> Iterator[Loaded]:
    running: dict[Future[list[IndexedFile]], Group] = {}
    while True:
        while len(running) < ahead and (group := _next(pending, groups)):
            running[pool.submit(load_group, group)] = group
        if group := _next(pending, groups):
            yield group, load_group(group)
            done = {future for future in running if future.done()}
        elif running:
            done = wait(running, return_when=FIRST_COMPLETED).done
        else:
            return
        for future in done:
            yield running.pop(future), future.result()


def _next(pending: deque[Group], groups: Iterator[Group]) -> Group | None:
    return pending.popleft() if pending else next(groups, None)
