"""A walk through the paraphrases that must be read: for each what was, what is, the prose, and a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Protocol

from briefing.errors import Location
from briefing.report.visible import visible
from briefing.reviewing import Reading

__all__ = ["Talk", "told", "walk"]

_INDENT = "  "
_QUESTION = "Does the prose say what the facts say? [k]eep, [e]dit, [s]kip, [q]uit"


class Decision(Enum):
    """What is decided of one paraphrase."""

    KEEP = "k"
    EDIT = "e"
    SKIP = "s"
    QUIT = "q"


class Talk(Protocol):
    """Who is asked, and what is done with the answers."""

    def say(self, line: str) -> None: ...

    def ask(self, question: str) -> str: ...

    def keep(self, reading: Reading) -> None: ...

    def edit(self, place: Location) -> None: ...

    def again(self) -> Sequence[Reading]:
        """All paraphrases as they are now, after an edit."""
        ...


def walk(readings: Sequence[Reading], talk: Talk) -> None:
    """Ask for each that must be read, what is suspect first, until there is no more or one has had enough.

    What is kept is kept at once. After an edit what became of the prose is asked next.
    """
    passed: set[tuple[str, str]] = set()
    waiting = _to_read(readings)
    while waiting:
        reading = waiting[0]
        passed.add(_key(reading))
        talk.say("")
        for line in told(reading):
            talk.say(line)
        decision = _decided(talk)
        if decision is Decision.QUIT:
            return
        if decision is Decision.KEEP:
            talk.keep(reading)
        if decision is Decision.EDIT:
            talk.edit(reading.paraphrase.at)
            readings = talk.again()
            passed.discard(_key(reading))
        waiting = [one for one in _to_read(readings) if _key(one) not in passed]


def _key(reading: Reading) -> tuple[str, str]:
    return reading.audience, reading.paraphrase.id


def _decided(talk: Talk) -> Decision:
    """The answer, by its first letter; asked again until it is one."""
    while True:
        answer = talk.ask(_QUESTION).strip().casefold()[:1]
        if answer in {decision.value for decision in Decision}:
            return Decision(answer)


def _to_read(readings: Sequence[Reading]) -> list[Reading]:
    order = {"suspect": 0, "unreviewed": 1}
    return sorted((one for one in readings if one.state in order), key=lambda one: order[one.state])


def told(reading: Reading) -> Iterator[str]:
    """Where a paraphrase stands, its prose, and its facts: those that changed as they were, too."""
    one = reading.paraphrase
    yield visible(f"{one.at}: {reading.state} ({one.id})")
    yield visible(f"{_INDENT}prose  {one.prose}")
    for id, sentence in reading.now.items():
        if id in reading.changed:
            yield visible(f"{_INDENT}was    {reading.was.get(id) or 'not known here'}")
            yield visible(f"{_INDENT}now    {sentence} ({id})")
        else:
            yield visible(f"{_INDENT}fact   {sentence} ({id})")
