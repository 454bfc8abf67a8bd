"""Limits while a learner's function runs: no endless loop, no memory that the machine lacks."""

import ctypes
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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

    In the main thread, where a notebook's cells run, by the alarm clock, whose former owner gets
    it back. Elsewhere, and on Windows, a second thread watches. The interrupt that Jupyter sends
    is another signal, and works as always.
    """
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        limit = _by_alarm(seconds)
    else:
        limit = _by_thread(seconds)
    with limit:
        yield


@contextmanager
def _by_alarm(seconds: float) -> Iterator[None]:
    armed, rung, tracer = True, 0, sys.gettrace()

    def ring(_: int, frame: types.FrameType | None) -> None:
        nonlocal rung
        if not armed:
            return
        rung += 1
        if rung > 1:  # the first was caught: raise once more, in the line that catches it
            sys.settrace(trip)
            while frame:
                frame.f_trace, frame = trip, frame.f_back
        raise TooLong

    def trip(frame: types.FrameType, event: str, _: object) -> Callable | None:
        if armed and event == "line" and frame.f_code.co_filename != __file__:
            raise TooLong
        return trip if armed else None

    handler = signal.signal(signal.SIGALRM, ring)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        armed = False  # first, as an alarm may ring between the lines below
        sys.settrace(tracer)
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    watched = ctypes.c_ulong(threading.get_ident())
    interrupt = ctypes.pythonapi.PyThreadState_SetAsyncExc
    done = threading.Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            interrupt(watched, ctypes.py_object(TooLong))
            wait = AGAIN

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        try:
            done.set()
        except TooLong:  # it came between the last line of the function and this one
            done.set()
        watcher.join()
        interrupt(watched, None)  # one that was sent and has not arrived


@contextmanager
def memory_limit(more: int = MEMORY) -> Iterator[None]:
    """Let the code inside ask for so much more memory; beyond it there is MemoryError.

    A hub's machine would rather kill the kernel. Where the system cannot limit a process, or does
    not tell what it has, nothing is limited.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        before = resource.getrlimit(resource.RLIMIT_AS)
        most = pages * resource.getpagesize() + more
        limits = [limit for limit in before if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min([most, *limits]), before[1]))
    except (AttributeError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
