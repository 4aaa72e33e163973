"""Bounds on time and memory, so that no template and no document can hang a build or take a machine's memory."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

__all__ = ["MEMORY", "TimeLimit", "memory_limit", "memory_within", "time_limit"]

# A brief of 5,000 facts and 155 pages was typeset within a quarter of it.
MEMORY = 6 * 1024**3


_AGAIN = 0.5


class TimeLimit(Exception):
    """Something took longer than it may."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimit inside the block once it has taken so long.

    By a signal, so in the main thread of a POSIX system only; elsewhere there is no limit.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeLimit(f"took more than {seconds:g} seconds and was stopped")

    before = signal.signal(signal.SIGALRM, stop)
    # Again and again: one that is raised while a destructor or a hook of the collector runs is lost.
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def memory_within(bytes: int) -> Iterator[None]:
    """Let allocations inside the block fail once this process has taken so much more than before it.

    Where the system does not say what a process has (/proc), there is no limit but that of `memory_limit`.
    """
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = taken + bytes if soft == resource.RLIM_INFINITY else min(soft, taken + bytes)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def memory_limit(bytes: int = MEMORY) -> None:
    """Let allocations of this process fail beyond so much address space, where the system can do that."""
    try:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft == resource.RLIM_INFINITY or soft > bytes:
            resource.setrlimit(resource.RLIMIT_AS, (bytes, hard))
    except (ImportError, OSError, ValueError):
        return
