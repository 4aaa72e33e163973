"""The text that was kept of a source and the one that it has now → what changed, place by place, within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from briefing.passages.aligning import aligned
from briefing.prose import folded
from briefing.redlining import Run, redline

__all__ = ["Change", "Since", "since"]

_MOST_SHOWN = 20
# Lines in which two texts differ from the first to the last, and words of one place: more takes seconds to align.
_MOST_LINES = 5_000
_MOST_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Change:
    """A place where the texts differ: its line in the new one, and the words there; none where they are too many."""

    line: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """The first places, and how many `more` there are; `only_layout` where no quotation could tell the two apart.

    Without any of these the texts differ too much to be laid side by side.
    """

    changes: tuple[Change, ...] = ()
    more: int = 0
    only_layout: bool = False


def since(old: str, new: str) -> Since:
    if folded(old) == folded(new):
        return Since(only_layout=True)
    before, after = old.splitlines(), new.splitlines()
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    before, after = before[head : len(before) - tail], after[head : len(after) - tail]
    if max(len(before), len(after)) > _MOST_LINES:
        return Since()
    places = [place for place in _places(before, after) if folded(place[1]) != folded(place[2])]
    shown = places[:_MOST_SHOWN]
    changes = tuple(Change(head + line + 1, _runs(was, now)) for line, was, now in shown)
    return Since(changes, len(places) - len(shown))


def _alike(one: list[str], other: list[str]) -> int:
    """How many lines at the beginning are the same."""
    for number, (line, counterpart) in enumerate(zip(one, other, strict=False)):
        if line != counterpart:
            return number
    return min(len(one), len(other))


def _places(before: list[str], after: list[str]) -> Iterator[tuple[int, str, str]]:
    """Where lines differ: the line in the new text, counted from 0, and the lines of both."""
    here = there = 0
    blank = frozenset(line for line in {*before, *after} if not line.strip())
    ends = [(block.a, block.b, block.size) for block in aligned(before, after, blank)]
    for begin, counterpart, size in [*ends, (len(before), len(after), 0)]:
        if begin > here or counterpart > there:
            yield there, "\n".join(before[here:begin]), "\n".join(after[there:counterpart])
        here, there = begin + size, counterpart + size


def _runs(was: str, now: str) -> tuple[Run, ...]:
    if max(len(was.split()), len(now.split())) <= _MOST_WORDS:
        return redline(was, now)
    return tuple(filter(lambda run: run.text, (Run("deleted", was), Run("inserted", now))))
