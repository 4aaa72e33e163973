"""Jobs in, PDFs out, as they are ready: the processes that typeset on this machine.

A worker that dies, hangs or takes too much costs the job it had and nothing else: another takes its place.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import Level, Problem
from briefing.limits import OUT_OF_MEMORY, Limits, size_words
from briefing.scraps import Scraps
from briefing.wire import Inbox, packed

if TYPE_CHECKING:
    from briefing.presswork import Job, Pressed

__all__ = ["Pressroom"]

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from briefing.worker import serve; serve(int(sys.argv[2]))"
)
_PIECE = 1 << 20


@dataclass
class _Worker:
    """A process and what it has to do: the job under its ticket, what it said it is at, and until when it may."""

    process: subprocess.Popen[bytes]
    inbox: Inbox = field(default_factory=Inbox)
    outbox: bytearray = field(default_factory=bytearray)
    ticket: str | None = None
    job: Job | None = None
    stage: str = ""
    since: float = 0.0
    late: bool = False

    @property
    def hears(self) -> int:
        assert self.process.stdin
        return self.process.stdin.fileno()

    @property
    def speaks(self) -> int:
        assert self.process.stdout
        return self.process.stdout.fileno()


class Pressroom:
    """Up to `jobs` workers. Use it as a context manager: at its end no process is left."""

    def __init__(self, jobs: int, limits: Limits) -> None:
        self.jobs = jobs
        self.limits = limits
        self._selector = selectors.DefaultSelector()
        self._workers: list[_Worker] = []
        # A worker that is killed cannot remove what it has in hand, such as the fonts' configuration while it starts.
        self._scraps: Scraps | None = None
        self._waiting: deque[tuple[str, Job]] = deque()

    def __enter__(self) -> Pressroom:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in list(self._workers):
            self._dismiss(worker)
        self._selector.close()
        if self._scraps:
            self._scraps.remove()

    def warm(self, workers: int) -> None:
        """Start so many workers now, so that they are ready when the first job comes."""
        while len(self._workers) < min(workers, self.jobs):
            self._hire()

    def submit(self, ticket: str, job: Job) -> None:
        """Have the job done; its result comes from `finished`, under its ticket."""
        self._waiting.append((ticket, job))
        self._hand_out()

    @property
    def busy(self) -> int:
        """How many jobs are not finished."""
        return len(self._waiting) + sum(worker.ticket is not None for worker in self._workers)

    @property
    def crowded(self) -> bool:
        """Whether more jobs are waiting than there will soon be workers for; each holds a brief in memory."""
        return len(self._waiting) >= 2 * self.jobs

    def doing(self) -> list[tuple[str, str, float]]:
        """Each job in work: its ticket, what is being done, for how many seconds."""
        now = time.monotonic()
        return [(w.ticket, w.stage, now - w.since) for w in self._workers if w.ticket is not None]

    def finished(self, wait: float | None = 0.0) -> Iterator[tuple[str, Pressed]]:
        """What was finished within `wait` seconds; None: wait until something is."""
        while self.busy:
            done = list(self._heard(self._patience(wait)))
            yield from done
            if done or wait is not None:
                return

    # --- workers ----------------------------------------------------------------------------------

    def _hire(self) -> None:
        root = str(Path(__file__).resolve().parents[1])
        if self._scraps is None:
            self._scraps = Scraps()
        process = subprocess.Popen(
            # -P: else Python looks for modules in the folder of the user first, where anybody may have put one.
            [sys.executable, "-P", "-c", _START, root, str(self.limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "TMPDIR": str(self._scraps.path)},
            start_new_session=True,  # Ctrl-C is for the build, which ends its workers
        )
        worker = _Worker(process)
        os.set_blocking(worker.hears, False)
        os.set_blocking(worker.speaks, False)
        self._selector.register(worker.speaks, selectors.EVENT_READ, worker)
        self._workers.append(worker)

    def _dismiss(self, worker: _Worker) -> int:
        """End a worker and forget it; how it ended, as `Popen.returncode` says it."""
        for pipe in (worker.hears, worker.speaks):
            with contextlib.suppress(KeyError):
                self._selector.unregister(pipe)
        if worker.process.poll() is None:
            worker.process.kill()
        code = worker.process.wait()
        for stream in filter(None, (worker.process.stdin, worker.process.stdout)):
            stream.close()
        self._workers.remove(worker)
        return code

    def _hand_out(self) -> None:
        while self._waiting:
            worker = next((worker for worker in self._workers if worker.ticket is None), None)
            if worker is None:
                if len(self._workers) >= self.jobs:
                    return
                self._hire()
                continue
            if worker.process.poll() is not None:  # it ended while it had nothing to do: that costs no brief
                self._dismiss(worker)
                continue
            worker.ticket, worker.job = self._waiting.popleft()
            worker.stage, worker.since, worker.late = "starting WeasyPrint", time.monotonic(), False
            worker.outbox += packed(worker.job)
            self._selector.register(worker.hears, selectors.EVENT_WRITE, worker)

    # --- what they say ----------------------------------------------------------------------------

    def _patience(self, wait: float | None) -> float:
        """How long to listen: not past the moment at which a worker is late, and never long in one go."""
        now = time.monotonic()
        late = [w.since + self.limits.time - now for w in self._workers if w.ticket is not None]
        return max(0.0, min([1.0 if wait is None else wait, *late]))

    def _heard(self, wait: float) -> Iterator[tuple[str, Pressed]]:
        for key, events in self._selector.select(wait):
            worker: _Worker = key.data
            if worker not in self._workers:  # dismissed for what the event before said
                continue
            if events & selectors.EVENT_WRITE:
                self._write(worker)
            elif events & selectors.EVENT_READ:
                yield from self._read(worker)
        for worker in list(self._workers):
            if worker.ticket is not None and time.monotonic() - worker.since > self.limits.time:
                worker.late = True
                yield from self._lost(worker)
        self._hand_out()

    def _write(self, worker: _Worker) -> None:
        try:
            del worker.outbox[: os.write(worker.hears, memoryview(worker.outbox)[:_PIECE])]
        except BlockingIOError:
            return
        except OSError:  # it died; reading from it says so
            worker.outbox.clear()
        if not worker.outbox:
            self._selector.unregister(worker.hears)

    def _read(self, worker: _Worker) -> Iterator[tuple[str, Pressed]]:
        try:
            data = os.read(worker.speaks, _PIECE)
        except BlockingIOError:
            return
        if not data:
            yield from self._lost(worker)
            return
        for sort, value in worker.inbox.taken(data):
            if sort == "stage":
                worker.stage = value
            else:
                yield from self._done(worker, value)

    def _done(self, worker: _Worker, value: Pressed) -> Iterator[tuple[str, Pressed]]:
        ticket, worker.ticket, worker.job = worker.ticket, None, None
        self._hand_out()
        if ticket is not None:
            yield ticket, value

    def _lost(self, worker: _Worker) -> Iterator[tuple[str, Pressed]]:
        """A worker that ended, or is late: its job has failed, and the next one gets another worker."""
        from briefing.presswork import Pressed

        code = self._dismiss(worker)
        if worker.ticket is not None and worker.job is not None:
            rule, why = _cause(code, worker, self.limits)
            message = f"the PDF {why} while it was {worker.stage}"
            yield (
                worker.ticket,
                Pressed(None, problems=(Problem(worker.job.where, Level.ERROR, message, rule),), exit_code=1),
            )


def _cause(code: int, worker: _Worker, limits: Limits) -> tuple[str, str]:
    if worker.late:
        return "typeset-time", f"took more than {limits.time} seconds (--limit time=…) and was stopped"
    if code == -signal.SIGXCPU:
        return (
            "typeset-cpu",
            f"took more than {limits.cpu} seconds of processor time (--limit cpu=…) and was stopped",
        )
    if code in (OUT_OF_MEMORY, -signal.SIGTRAP):  # by a trap GLib ends what gets no memory
        most = size_words(limits.memory)
        return "typeset-memory", f"took more than {most} of memory (--limit memory=…) and was stopped"
    if code == -signal.SIGKILL:
        return (
            "typeset-died",
            "was lost: its process was killed, as happens when a machine runs out of memory,",
        )
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    return "typeset-died", f"was lost: its process ended ({how})"
