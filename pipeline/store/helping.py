"""Processes that help with a long piece of work, and end when it does or is killed.

None of them looks for garbage: rows and people make none, and the looking takes a
third of the time.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from typing import TypeVar

from pipeline.errors import ServiceError

A = TypeVar("A")
B = TypeVar("B")


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def helpers(count: int) -> Iterator[ProcessPoolExecutor]:
    """So many processes; raises ServiceError if one of them dies."""
    pool = ProcessPoolExecutor(count, get_context("spawn"), _start)
    try:
        yield pool
    except BrokenProcessPool:
        raise ServiceError(
            "a process that helped died: see that there is memory, and run again"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def in_order(
    pool: ProcessPoolExecutor, count: int, do: Callable[[A], B], on: Iterable[A]
) -> Iterator[B]:
    """As ``map``, by the pool's ``count`` processes: no more than keeps them busy.

    The pool's own takes up everything at once.
    """
    left = iter(on)
    asked = deque(pool.submit(do, one) for one in islice(left, count + 1))
    while asked:
        done = asked.popleft().result()
        asked.extend(pool.submit(do, one) for one in islice(left, 1))
        yield done


def _start() -> None:
    # Ctrl-C is the parent's business: half an answer in the pipe would stop it for ever
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A pool's processes wait for their next task for ever after a kill -9 of its."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)
