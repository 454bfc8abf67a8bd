"""Limits while a learner's function runs: no endless loop, no memory that the machine lacks."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # Windows
    resource = None

AGAIN = 0.05  # seconds; code that catches the interruption is interrupted again
MEMORY = 2**30  # bytes beyond what the process has


class TooLong(BaseException):
    """Raised in code that runs for too long. No `except Exception` holds it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TooLong in the code inside when it has run for so long.

    By the alarm clock of the main thread, where a notebook's cells run; its former owner gets it
    back. In another thread, and on Windows, there is none: a loop without end must be stopped by
    hand there, by Jupyter's interrupt, which works as always.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return
    armed = True

    def ring(*_: Any) -> None:
        if armed:
            raise TooLong

    handler = signal.signal(signal.SIGALRM, ring)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        armed = False  # first, as it may ring between the lines below
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


@contextmanager
def memory_limit() -> Iterator[None]:
    """Let the code inside ask for MEMORY more bytes; beyond them there is MemoryError.

    A hub's machine would rather kill the kernel. Where the system cannot limit a process, or does
    not tell what it has, nothing is limited.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        before = resource.getrlimit(resource.RLIMIT_AS)
        most = pages * resource.getpagesize() + MEMORY
        limits = [limit for limit in before if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min([most, *limits]), before[1]))
    except (AttributeError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
