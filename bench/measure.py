"""Programs, started one after the other in turns → how long each took, and its memory.

Turns are interleaved, because other work on the machine then falls on all of them; every second round goes backwards,
so that none is always the one after the heaviest. What is reported is the median. Nothing is left out of a measured
time but what `before` does.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Contender", "Failed", "Taken", "interleaved"]


class Failed(Exception):
    """A program ended badly, so there is nothing to compare."""


@dataclass(frozen=True)
class Contender:
    """A program to be measured. `before` is done before each start, unmeasured."""

    command: Sequence[str]
    folder: Path
    before: Callable[[], object] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)
    # A program can measure a part of its work by itself: then it prints the seconds.
    prints_seconds: bool = False


@dataclass(frozen=True)
class Taken:
    """The median of seconds; and of the largest of the program's processes the largest memory, in MiB.

    Linux counts a program from the process that starts it, so no memory is less than that of this one (25 MiB).
    """

    seconds: float
    memory: float
    rounds: int


def interleaved(rounds: int, contenders: Sequence[Contender], *, warm: bool = True) -> list[Taken]:
    """What each took. `warm` starts each once before, unmeasured, for whatever the system keeps in memory."""
    seconds: list[list[float]] = [[] for _ in contenders]
    memory = [0.0 for _ in contenders]
    for turn in range(-int(warm), rounds):
        order = range(len(contenders))
        for place in order if turn % 2 == 0 else reversed(order):
            took, peak = _run(contenders[place])
            if turn >= 0:
                seconds[place].append(took)
                memory[place] = max(memory[place], peak)
    return [Taken(statistics.median(s), m, rounds) for s, m in zip(seconds, memory, strict=True)]


def _run(contender: Contender) -> tuple[float, float]:
    contender.before()
    environment = {**os.environ, **contender.environment}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(
            contender.command, cwd=contender.folder, env=environment, stdout=out, stderr=errors
        )
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            raise Failed(f"ended with {process.returncode}: {''.join(last)}")
        if contender.prints_seconds:
            out.seek(0)
            took = float(out.read())
    return took, used.ru_maxrss / 1024
