"""Messages → a transport, one after the other, each written down before it goes and after it went."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from briefing.errors import BriefingError, Level, Location, Problem
from briefing.mail.addresses import Address
from briefing.mail.ledger import Ledger, State, Stub
from briefing.mail.parcels import Held, Mailing, Parcel
from briefing.mail.settings import FILE
from briefing.mail.transport import Answer, Transport, Unreachable

__all__ = ["Clock", "Fate", "Pace", "Result", "Sent", "passed_over", "send"]

Fate = Literal["sent", "skipped", "refused", "unknown", "waiting"]
"""`waiting`: not begun, since the send ended before."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a send is: `attempts` for each message, the seconds of the first `pause` between rounds, of which
    each is twice as long as the one before, and the seconds `between` one message and the next."""

    attempts: int = 1
    pause: float = 0
    between: float = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one recipient, and the words for it."""

    recipient: str
    state: Fate
    message_id: str
    content: str
    why: str
    parcel: Parcel | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of all; `problems` say why a send ended early, `stopped` that somebody asked for it."""

    results: tuple[Result, ...]
    problems: tuple[Problem, ...] = ()
    stopped: bool = False


class Clock(Protocol):
    """The moment, and waiting. `wait` ends early when somebody stops the send, and then `stopped` says so."""

    @property
    def stopped(self) -> bool: ...

    def now(self) -> datetime.datetime: ...

    def wait(self, seconds: float) -> None: ...


def send(
    mailing: Mailing,
    transport: Transport,
    ledger: Ledger,
    pace: Pace,
    clock: Clock,
    watch: Callable[[int, int, str], None] = lambda done, total, words: None,
) -> Sent:
    """Send all messages. It stops only between two of them; whoever was not reached is *waiting* in the ledger."""
    return _Send(transport, ledger, pace, clock, watch).all(mailing)


def passed_over(held: Held) -> Result:
    """What is said of somebody who gets nothing."""
    when, stub = held.entry.at[:16].replace("T", " "), held.stub
    if held.entry.state == "sent":
        why = f"has it since {when} UTC"
        if not held.last:
            why += f", and was sent another edition after it; if this one holds again: {held.again}"
        return Result(stub.recipient, "skipped", stub.message_id, stub.content, why)
    why = f"nobody knows whether it arrived ({when} UTC); ask, then: {held.again}"
    return Result(stub.recipient, "unknown", stub.message_id, stub.content, why)


_LATER = "; run the same again later"
_RUN_AGAIN = "; who was not reached is still to be sent: run the same again"


class _Send:
    """One send. `results` are final, by the key and content of a recipient; `begun` are those that were taken,
    `put_off` those that were refused for now when the message had gone out, with the words for it."""

    def __init__(
        self,
        transport: Transport,
        ledger: Ledger,
        pace: Pace,
        clock: Clock,
        watch: Callable[[int, int, str], None],
    ) -> None:
        self.transport = transport
        self.ledger = ledger
        self.pace = pace
        self.clock = clock
        self.watch = watch
        self.results: dict[_Key, Result] = {}
        self.begun: set[_Key] = set()
        self.put_off: dict[_Key, str] = {}
        self.seen: dict[_Key, str] = {}
        self.tried = 0
        self.total = 0

    def all(self, mailing: Mailing) -> Sent:
        self.total = sum(len(parcel.stubs) for parcel in mailing.parcels)
        self.ledger.plan([stub for one in mailing.parcels for stub in one.stubs.values()], self.now())
        self.ledger.held([held.stub for held in mailing.held])
        problems: tuple[Problem, ...] = ()
        try:
            self.rounds(mailing.parcels)
        except Unreachable as error:
            problem = Problem(Location(FILE), Level.ERROR, error.words + _RUN_AGAIN, error.rule)
            problems = (problem,)
        except BriefingError as error:  # the ledger can be written no more
            told = [one.state for one in self.told(mailing.parcels)]
            went = f"; {told.count('sent')} of {self.total} were sent before that"
            problems = tuple(replace(one, message=one.message + went) for one in error.problems)
        self.transport.close(
            at_once=self.clock.stopped
        )  # whoever interrupts does not want to wait for goodbyes
        results = (*map(passed_over, mailing.held), *self.told(mailing.parcels))
        return Sent(results, problems, self.clock.stopped)

    # --- rounds ---------------------------------------------------------------------------------------

    def rounds(self, parcels: Sequence[Parcel]) -> None:
        """Each message, and after growing pauses those that were refused for now. Unreachable where none goes."""
        left = list(parcels)
        for attempt in range(self.pace.attempts):
            last = attempt + 1 == self.pace.attempts
            if attempt:
                self.clock.wait(self.pace.pause * 2 ** (attempt - 1))
            try:
                for parcel in left:
                    self.deliver(parcel, last=last)
            except Unreachable as error:
                if error.lasting or last:
                    raise
            left = [parcel for parcel in left if self.open_in(parcel)]
            if not left or self.clock.stopped:
                return

    def open_in(self, parcel: Parcel) -> list[Address]:
        """The recipients of a message about whom nothing is known yet."""
        return [one for one in parcel.envelope.recipients if _key(parcel, one) not in self.results]

    def deliver(self, parcel: Parcel, *, last: bool) -> None:
        to = self.open_in(parcel)
        if self.tried and self.pace.between and not self.clock.stopped:
            self.clock.wait(self.pace.between)
        if not to or self.clock.stopped:
            return
        self.watch(len(self.results), self.total, to[0].address)
        self.tried += 1
        envelope = replace(parcel.envelope, recipients=tuple(to))
        answers = self.transport.deliver(envelope, lambda accepted: self.begin(parcel, accepted))
        for one in to:
            self.note(parcel, one, answers[one.key], last=last)

    # --- the ledger -----------------------------------------------------------------------------------

    def begin(self, parcel: Parcel, to: Sequence[Address]) -> bool:
        """Take the message for these, in the moment before it goes out."""
        stubs = [parcel.stubs[one.key] for one in to]
        seen = {
            **parcel.seen,
            **{key: at for (key, content), at in self.seen.items() if content == stubs[0].content},
        }
        if not self.ledger.take(stubs, parcel.carried, self.now(), seen):
            return False
        self.begun.update(_key(parcel, one) for one in to)
        return True

    def note(self, parcel: Parcel, one: Address, answer: Answer, *, last: bool) -> None:
        """Write down what became of a message for a recipient."""
        stub, key, fate, now = parcel.stubs[one.key], _key(parcel, one), answer.fate, self.now()
        if fate == "taken":
            self.results[key] = self.taken(parcel, stub)
            return
        state: State = "refused" if fate == "later" else fate
        if key in self.begun:
            self.ledger.answered(stub, state, answer.words, now)
            if state == "refused":  # it is free again, and whoever gets it once more is known by this moment
                self.begun.discard(key)
                self.put_off[key] = answer.words
                self.seen |= {key: now} if stub.mailbox in parcel.seen else {}
        elif fate == "refused" or last:
            self.ledger.turned_away(stub, answer.words, now)
        if fate != "later" or last:
            again = _LATER if fate == "later" else ""
            self.results[key] = _result(parcel, stub, state, answer.words + again)

    def taken(self, parcel: Parcel, stub: Stub) -> Result:
        """What became of a message that another send took first."""
        entry = self.ledger.states(stub.content, [stub.mailbox]).get(stub.mailbox)
        if entry and entry.state == "sent":
            return _result(parcel, stub, "skipped", "another send was first")
        if entry and entry.state != "unknown":  # of a message for all, another recipient was taken
            return _result(parcel, stub, "waiting", "another send was at it; run the same again")
        return _result(parcel, stub, "unknown", "another send is at it; see --status")

    def told(self, parcels: Sequence[Parcel]) -> Iterator[Result]:
        """What became of all, in order."""
        for parcel in parcels:
            for one in parcel.envelope.recipients:
                key, stub = _key(parcel, one), parcel.stubs[one.key]
                if key in self.results:
                    yield self.results[key]
                elif key in self.begun:
                    yield _result(parcel, stub, "unknown", "the answer could not be written down")
                elif key in self.put_off:
                    yield _result(parcel, stub, "refused", self.put_off[key] + _LATER)
                else:
                    yield _result(parcel, stub, "waiting", "was not begun")

    def now(self) -> str:
        return self.clock.now().astimezone(datetime.UTC).isoformat(timespec="microseconds")


_Key = tuple[str, str]


def _key(parcel: Parcel, one: Address) -> _Key:
    return one.key, parcel.stubs[one.key].content


def _result(parcel: Parcel, stub: Stub, state: Fate, why: str) -> Result:
    return Result(stub.recipient, state, stub.message_id, stub.content, why, parcel)
