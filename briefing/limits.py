"""Bounds on time, memory and pages, so that no template and no document can hang a build or take a machine's memory."""

from __future__ import annotations

import contextlib
import re
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import FrameType

__all__ = [
    "DEFAULT",
    "MEMORY",
    "OUT_OF_MEMORY",
    "Limits",
    "TimeLimit",
    "cpu_limit",
    "file_limits",
    "limits_from",
    "memory_limit",
    "memory_within",
    "processor_time_limit",
    "size_words",
    "time_limit",
]

MEMORY = 6 * 1024**3
OUT_OF_MEMORY = 77
"""How a worker ends that has no memory left, also to say so."""
_AGAIN = 0.5
_SIZES = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: bytes of address space, seconds of processor and of wall time, pages.

    A brief of 5,000 facts and 155 pages was typeset within a quarter of each.
    """

    memory: int = MEMORY
    cpu: int = 600
    time: int = 600
    pages: int = 1_000


DEFAULT = Limits()


def limits_from(said: Sequence[str]) -> Limits:
    """`["memory=2G", "time=60"]` → limits; ValueError in words for anything else."""
    limits = DEFAULT
    for one in said:
        name, _, text = one.partition("=")
        if name not in Limits.__slots__:
            raise ValueError(f'knows no "{name}"; it is one of {", ".join(Limits.__slots__)}, as in time=60')
        found = re.fullmatch(r"([1-9][0-9]{0,11})([kmg]?)", text.strip().casefold())
        if not found or (found[2] and name != "memory"):
            example = "2G or 800M" if name == "memory" else "a whole number above zero"
            raise ValueError(f'{name} cannot be "{text[:40]}"; write {example}')
        most = int(found[1]) * _SIZES[found[2]]
        if most > sys.maxsize:  # no system can be told such a bound
            raise ValueError(f'{name} cannot be "{text[:40]}": no machine has so much; write 2G or 800M')
        limits = replace(limits, **{name: most})
    return limits


def size_words(bytes: int) -> str:
    """So much memory in the largest unit that has no fraction, so as a limit was given: `1 KiB`, `200 MiB`."""
    for unit in ("bytes", "KiB", "MiB"):
        if bytes % 1024:
            return f"{bytes:,} {unit}"
        bytes //= 1024
    return f"{bytes:,} GiB"


class TimeLimit(Exception):
    """Something took longer than it may."""


def time_limit(seconds: float) -> contextlib.AbstractContextManager[None]:
    """Raise TimeLimit inside the block once it has taken so long.

    By a signal, so in the main thread of a POSIX system only; elsewhere there is no limit.
    """
    return _limit(seconds, "ITIMER_REAL", "SIGALRM", "seconds")


def processor_time_limit(seconds: float) -> contextlib.AbstractContextManager[None]:
    """As `time_limit`, by the time that this process computes: what else a busy machine does is not its fault."""
    return _limit(seconds, "ITIMER_PROF", "SIGPROF", "seconds of processor time")


@contextlib.contextmanager
def _limit(seconds: float, timer: str, ring: str, of: str) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeLimit(f"took more than {seconds:g} {of} and was stopped")

    clock, number = getattr(signal, timer), getattr(signal, ring)
    before = signal.signal(number, stop)
    # Again and again: one that is raised while a destructor or a hook of the collector runs is lost.
    signal.setitimer(clock, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(clock, 0)
        signal.signal(number, before)


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
    """Let allocations of this process fail beyond so much address space, where the system can do that.

    A worker inherits `MEMORY`, the bound that its build set itself, and may be given more than that.
    """
    _lower("RLIMIT_AS", bytes, ours=MEMORY)


def cpu_limit(seconds: int) -> None:
    """Let this process be killed once it has taken so much more processor time than until now."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(
            resource.RLIMIT_CPU, (spent + seconds + 1, resource.getrlimit(resource.RLIMIT_CPU)[1])
        )


def file_limits(bytes: int) -> None:
    """Let no file that this process writes grow larger, and let it leave no memory dump."""
    _lower("RLIMIT_FSIZE", bytes)
    _lower("RLIMIT_CORE", 0)


def _lower(name: str, most: int, ours: int | None = None) -> None:
    try:
        import resource

        number = getattr(resource, name)
        soft, hard = resource.getrlimit(number)
        if soft in (resource.RLIM_INFINITY, ours) or soft > most:
            resource.setrlimit(number, (most, hard))
    except (ImportError, OSError, ValueError):
        return
