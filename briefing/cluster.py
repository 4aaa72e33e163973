"""Jobs in, PDFs out, as they are ready: typeset on a Dask cluster, whose workers have this same program.

The scheduler needs no briefing: jobs and results pass through it as bytes. On a worker, each thread of Dask's has its
jobs done by a process of its own (`pressroom`). So the limits on one document hold there as they do here, threads do
not share WeasyPrint, and nothing that typesetting does to a process is done to one that others use. Imported by the
build and by the workers.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import logging
import pickle
import queue
import re
import sys
import threading
import time
import uuid
import warnings
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from briefing import __version__, libraries
from briefing.errors import Level, Location, PackageMissing, Problem, UsageError
from briefing.fingerprint import fingerprint_of_program
from briefing.limits import Limits
from briefing.pressroom import Pressroom
from briefing.presswork import Job, Pressed

__all__ = ["Cluster"]

_NEEDED = "distributed>=2025.1"
_TOPIC = "briefing"
_CONNECT = 6.0  # what is refused is tried again until then: a scheduler may be starting
_ANSWER = 30.0
_LEAVE = 1.0
_BEAT = 0.5
_LOOK = 5.0
# A nanny starts a worker again within seconds, and Dask connects again.
_ALONE = 60.0
# A worker itself ends what takes too long; this is for one that hangs.
_GRACE = 60.0


# --- the build's side ------------------------------------------------------------------------------------------------


class Cluster:
    """The workers of a Dask scheduler. Use it as a context manager: at its end none works for this build any more."""

    def __init__(self, address: str, limits: Limits) -> None:
        if not re.fullmatch(r"(?:tcp|tls)://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}", address, re.ASCII):
            raise UsageError(
                _problem(
                    f'--cluster cannot be "{address[:80]}"; write tcp://host:port, as Dask prints it', "usage"
                )
            )
        self.address = address
        self.limits = limits
        self.jobs = 1
        self._build = uuid.uuid4().hex
        self._client: Any = None
        self._fit: Mapping[str, str] = {}
        self._numbers = itertools.count()
        self._waiting: dict[str, tuple[Job, Any]] = {}
        self._landed: queue.SimpleQueue[tuple[str, Pressed]] = queue.SimpleQueue()
        self._told: dict[str, tuple[str, float, str, float]] = {}
        self._looked = self._answered = 0.0

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        with _hushed(), contextlib.suppress(Exception):  # whoever leaves does not mind that something is gone
            futures = [future for _, future in self._waiting.values()]
            with contextlib.suppress(Exception):
                _asked(client, _LEAVE, client.cancel, futures)
            with contextlib.suppress(Exception):
                _asked(client, _LEAVE, client.run, leave, self._build, on_error="ignore")
            client.close(timeout=_LEAVE)

    def warm(self, workers: int) -> None:
        """Connect, and see that every worker makes the same bytes as this machine; BriefingError otherwise."""
        if self._client is not None:
            return
        distributed = _imported()
        with _hushed():
            self._client = self._connected(distributed)
            self._client.subscribe_topic(_TOPIC, self._hear)
            self._check_workers()
        self._looked = self._answered = time.monotonic()

    def _connected(self, distributed: Any) -> Any:
        """Tried in a thread: for a server that says nothing, Dask would wait without end."""
        result: queue.SimpleQueue[Any] = queue.SimpleQueue()

        def connect() -> None:
            try:
                result.put(
                    distributed.Client(self.address, timeout=_CONNECT, set_as_default=False, name="briefing")
                )
            except BaseException as error:  # what answers there may be anything
                result.put(error)

        threading.Thread(target=connect, daemon=True).start()
        try:
            client = result.get(timeout=_CONNECT + 1)
        except queue.Empty:
            client = TimeoutError("what listens there does not answer as a scheduler does")
        if isinstance(client, BaseException):
            message = f"the Dask scheduler at {self.address} cannot be reached: {_first_line(client)}"
            raise UsageError(_problem(message, "cluster-unreachable")) from None
        return client

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT)
            found = _asked(self._client, _ANSWER, self._client.run, what_is_here, on_error="return")
            self.jobs = sum(_asked(self._client, _ANSWER, self._client.nthreads).values()) or 1
        except (
            Exception
        ) as error:  # of asyncio, of sockets, or of Dask's own kinds, which no base class unites
            message = f"the Dask scheduler at {self.address} has no worker that answers: {_first_line(error)}"
            raise UsageError(_problem(message, "cluster-unreachable")) from None
        self._fit = what_is_here()
        unfit = []
        for address, there in sorted(found.items()):
            if isinstance(there, Exception):
                unfit.append(f"the worker {address} cannot run briefing ({_first_line(there)})")
            elif different := _differences(self._fit, there):
                unfit.append(f"the worker {address} would make other bytes: it has {', '.join(different)}")
        if unfit:
            raise UsageError(_problem(f"{message}; {_ALIKE}", "cluster-differs") for message in unfit)

    def submit(self, ticket: str, job: Job) -> None:
        """Have the job done; its result comes from `finished`, under its ticket."""
        self.warm(1)
        errand = pickle.dumps(
            _Call(typeset_here, self._build, ticket, dict(self._fit), job), pickle.HIGHEST_PROTOCOL
        )
        key = f"briefing-{self._build}-{next(self._numbers)}"
        future = None
        with _hushed():
            try:
                # Of what the scheduler unpickles nothing is ours, so it needs no briefing.
                future = self._client.submit(pickle.loads, errand, key=key, pure=False)
            except Exception as error:  # the connection is closed for good
                self._landed.put(
                    (ticket, _failed(job, "typeset-died", f"could not be sent: {_first_line(error)}"))
                )
        self._waiting[ticket] = (job, future)
        if future is not None:
            self._client.loop.add_callback(self._follow, ticket, job, future)

    async def _follow(self, ticket: str, job: Job, future: Any) -> None:
        """Each job by itself, in Dask's thread: the result of one that hangs must not keep others waiting."""
        try:
            pressed: Pressed = await future.result()
        except (Exception, asyncio.CancelledError) as error:
            pressed = self._lost(ticket, job, error, future.status)
        self._landed.put((ticket, pressed))

    @property
    def busy(self) -> int:
        """How many jobs are not finished."""
        return len(self._waiting)

    @property
    def crowded(self) -> bool:
        """Whether more jobs are waiting than there will soon be workers for; each holds a brief in memory."""
        return len(self._waiting) >= 3 * self.jobs

    def doing(self) -> list[tuple[str, str, float]]:
        """Each job in work: its ticket, what is being done, for how many seconds."""
        now = time.monotonic()
        told = [(ticket, self._told.get(ticket)) for ticket in list(self._waiting)]
        return [(ticket, one[2], now - one[3]) for ticket, one in told if one]

    def finished(self, wait: float | None = 0.0) -> Iterator[tuple[str, Pressed]]:
        """What was finished within `wait` seconds; None: wait until something is."""
        until = None if wait is None else time.monotonic() + wait
        while self._waiting:
            left = _BEAT if until is None else min(_BEAT, max(0.0, until - time.monotonic()))
            done = [*self._fetched(left), *self._given_up()]
            for ticket, _ in done:
                self._told.pop(ticket, None)
            yield from done
            if done or (until is not None and time.monotonic() >= until):
                return

    def _fetched(self, wait: float) -> Iterator[tuple[str, Pressed]]:
        """What landed; without waiting for more once something has."""
        with contextlib.suppress(queue.Empty):
            while True:
                ticket, pressed = self._landed.get(timeout=wait) if wait else self._landed.get_nowait()
                wait = 0.0
                if ticket not in self._waiting:  # given up before it landed
                    continue
                del self._waiting[ticket]
                yield ticket, pressed

    def _lost(self, ticket: str, job: Job, error: BaseException, status: str) -> Pressed:
        """Why nothing came of a job, though Dask has tried again where that helps."""
        import distributed

        if isinstance(error, distributed.KilledWorker):
            deaths, last = error.allowed_failures + 1, getattr(error.last_worker, "address", "unknown")
            workers = "the worker that had it died," if deaths == 1 else f"{deaths} workers that had it died,"
            why = f"“{ticket}” was lost: {workers} at last {last},"
            return _failed(job, "typeset-died", why, self._stage(ticket))
        if status == "error":
            return _failed(job, "typeset-died", f"could not be made on the cluster: {_first_line(error)}")
        why = f"was lost: the connection to the Dask scheduler at {self.address} ended"
        return _failed(job, "typeset-died", why, self._stage(ticket))

    def _given_up(self) -> Iterator[tuple[str, Pressed]]:
        """Jobs of which nothing will come any more."""
        now = time.monotonic()
        for ticket in [
            t for t, (_, begun, _, _) in list(self._told.items()) if now - begun > self.limits.time + _GRACE
        ]:
            if ticket in self._waiting:
                why = f"took more than {self.limits.time} seconds (--limit time=…) and was stopped"
                yield ticket, self._give_up(ticket, "typeset-time", why)
        if now - self._looked < _LOOK:
            return
        with contextlib.suppress(Exception):
            if threads := _asked(self._client, _LOOK, self._client.nthreads):
                self.jobs, self._answered = sum(threads.values()), time.monotonic()
        self._looked = time.monotonic()
        if self._looked - self._answered > _ALONE:
            for ticket in list(self._waiting):
                why = f"was lost: the Dask scheduler at {self.address} has had no worker for {_ALONE:.0f} seconds,"
                yield ticket, self._give_up(ticket, "typeset-died", why)

    def _give_up(self, ticket: str, rule: str, why: str) -> Pressed:
        job, future = self._waiting.pop(ticket)
        with _hushed(), contextlib.suppress(Exception):
            _asked(self._client, _LEAVE, self._client.cancel, [future])
        return _failed(job, rule, why, self._stage(ticket))

    def _hear(self, event: tuple[float, Mapping[str, str]]) -> None:
        """A worker says what it is at. Called in Dask's thread."""
        said, now = event[1], time.monotonic()
        if said.get("build") != self._build:
            return
        worker, begun, _, _ = self._told.get(said["ticket"], ("", now, "", now))
        if worker != said["worker"]:  # another had it before, and died
            begun = now
        self._told[said["ticket"]] = (said["worker"], begun, said["stage"], begun)

    def _stage(self, ticket: str) -> str:
        told = self._told.get(ticket)
        return f"{told[2]} on {told[0]}" if told else ""


_ALIKE = "install the same briefing and libraries there as here, and start the worker anew"


def _imported() -> Any:
    try:
        with _hushed():
            import distributed
    except ImportError as error:
        # Not `pip install briefing[cluster]`: the package of that name in the public index is another program.
        message = f"--cluster needs a Python package ({error.name or error} is missing); run: pip install '{_NEEDED}'"
        raise PackageMissing(_problem(message, "cluster-package")) from None
    _silence()
    return distributed


def _silence() -> None:
    """Take back the handlers that `distributed` sets up when it is imported: a build says itself what is wrong."""
    for name in ("distributed", "tornado", "asyncio", "bokeh"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
    for name, child in logging.root.manager.loggerDict.items():
        if name.startswith(("distributed.", "tornado.")) and isinstance(child, logging.Logger):
            child.handlers.clear()
            child.propagate = True


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Without Dask's warnings, of versions that differ or of large jobs: what matters is checked and told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _asked(
    client: Any, wait: float, call: Callable[..., Awaitable[Any]], *arguments: Any, **options: Any
) -> Any:
    """What the cluster answers, or TimeoutError: Dask itself would wait for a hung worker without end."""

    async def ask() -> Any:
        return await asyncio.wait_for(call(*arguments, **options), wait)

    return client.sync(ask)


def _failed(job: Job, rule: str, why: str, stage: str = "") -> Pressed:
    message = f"the PDF {why} while it was {stage}" if stage else f"the PDF {why.rstrip(',')}"
    return Pressed(None, problems=(Problem(job.where, Level.ERROR, message, rule),), exit_code=1)


def _problem(message: str, rule: str) -> Problem:
    return Problem(Location("command line"), Level.ERROR, message, rule)


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0][:300] if text else type(error).__name__


def _differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    return [
        f"{name} {there.get(name, 'missing')} (here {here.get(name, 'missing')})"
        for name in sorted({*here, *there})
        if here.get(name) != there.get(name)
    ]


# --- the workers' side -----------------------------------------------------------------------------------------------


class _Call:
    """Pickled, a call; unpickled, what it returns.

    So a worker is asked for nothing but `pickle.loads`, and only there the bytes are opened.
    """

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self._parts = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._parts


# Of the code that this process has loaded; it may have been replaced on the disk since.
_LOADED = fingerprint_of_program()


def what_is_here() -> dict[str, str]:
    """All that shapes a document's bytes, and its version on this machine."""
    now = fingerprint_of_program()
    program = now[:16] if now == _LOADED else "replaced since the worker was started"
    return {"briefing": f"{__version__} ({program})", **libraries.of_pdf()}


_wanted: set[str] = set()
_idle: dict[tuple[str, Limits], list[Pressroom]] = {}


def typeset_here(build: str, ticket: str, fit: Mapping[str, str], job: Job) -> Pressed:
    """The job's PDF, made by a process of this worker's. Called in a thread of Dask's, in several at a time."""
    press = _taken(fit["briefing"], job.limits)
    if press is None:
        # One that came after the build had looked; the process would have the program that is on the disk now.
        if different := _differences(fit, what_is_here()):
            other = f"would make other bytes: it has {', '.join(different)}"
            why = f"was refused by the worker {_worker().address}, which {other}; {_ALIKE}"
            return _failed(job, "cluster-differs", why)
        press = Pressroom(1, job.limits)
    _wanted.add(build)
    try:
        pressed = _done(press, build, ticket, job)
    except BaseException:
        press.__exit__()
        raise
    if pressed is None:
        press.__exit__()
        return Pressed(None)
    _idle.setdefault((fit["briefing"], job.limits), []).append(press)
    return pressed


def _done(press: Pressroom, build: str, ticket: str, job: Job) -> Pressed | None:
    """None when the build is not there any more."""
    tell = functools.partial(_tell, build, ticket)
    stage = ""
    press.submit(ticket, job)
    while build in _wanted:
        for _, _stage, _ in press.doing():
            if _stage != stage:
                stage = _stage
                tell(stage)
        for _, pressed in press.finished(_BEAT):
            return pressed
    return None


def _taken(program: str, limits: Limits) -> Pressroom | None:
    """A process that is ready; it belongs to whoever took it."""
    with contextlib.suppress(KeyError, IndexError):
        return _idle[program, limits].pop()
    return None


def leave(build: str) -> None:
    """Stop what is done for a build, and keep no process ready: others use this machine too."""
    _wanted.discard(build)
    for presses in list(_idle.values()):
        while presses:
            with contextlib.suppress(IndexError):
                presses.pop().__exit__()


def _worker() -> Any:
    return sys.modules["distributed"].get_worker()


def _tell(build: str, ticket: str, stage: str) -> None:
    with contextlib.suppress(Exception):  # that nobody hears it costs no brief
        worker = _worker()
        worker.log_event(_TOPIC, {"build": build, "ticket": ticket, "stage": stage, "worker": worker.address})
