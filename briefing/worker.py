"""A process that typesets: jobs come in by a pipe, one at a time, PDFs go out by another.

It is started anew, not forked: WeasyPrint's libraries have crashed in forks (WeasyPrint issues 167 and 684). The import
costs 300 ms, which pass while the build that started it reads its facts.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys

from briefing.house import shipped_house
from briefing.limits import OUT_OF_MEMORY, cpu_limit, file_limits, memory_limit
from briefing.wire import Inbox, packed

__all__ = ["serve"]

_PIECE = 65_536
# No PDF and no file of fonts is larger.
_LARGEST_FILE = 256 * 1024**2
_PR_SET_PDEATHSIG = 1


def serve(memory: int) -> None:
    """Typeset what is asked for until nobody asks any more. `memory` is the most address space, in bytes."""
    jobs, answers = os.dup(0), os.dup(1)
    _keep_to_itself()
    file_limits(_LARGEST_FILE)
    gc.disable()  # layout makes a million objects and drops few; collected between documents
    _warm_up()
    try:
        _serve(jobs, answers, memory)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _serve(jobs: int, answers: int, memory: int) -> None:
    from briefing.presswork import pressed

    # Not before: an import that gets no memory says that a library is missing. What is mapped by now counts.
    memory_limit(memory)
    inbox = Inbox()
    while piece := os.read(jobs, _PIECE):
        for job in inbox.taken(piece):
            cpu_limit(job.limits.cpu)
            done = pressed(job, lambda stage: _answer(answers, ("stage", stage)))
            _answer(answers, ("done", done))
            del job, done
            gc.collect()


def _keep_to_itself() -> None:
    """Nothing that a library prints reaches the terminal, no Ctrl-C this process; it ends with its parent."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # a C library of another kind
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _warm_up() -> None:
    """What every job needs. What is missing is told by the first job."""
    from briefing import weasy
    from briefing.errors import BriefingError

    with contextlib.suppress(BriefingError):
        weasy.press(shipped_house() / "fonts")
    gc.freeze()  # what was imported stays: without it, each collection between documents takes 80 ms


def _answer(answers: int, value: object) -> None:
    data = memoryview(packed(value))
    while data:
        data = data[os.write(answers, data) :]
