"""Two texts → the runs of words that stand in both, in the old one alone, in the new one alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from briefing.passages.aligning import aligned
from briefing.passages.words import TOKEN

__all__ = ["Run", "kept_in", "redline"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row. Kept and deleted runs, one after the other, are the old text; kept and inserted ones the new."""

    sort: Literal["kept", "deleted", "inserted"]
    text: str


# Words, and the white space between them.
_Words = list[str]


def redline(old: str, new: str) -> tuple[Run, ...]:
    """What became of a text, word by word; what is deleted stands before what is inserted in its place."""
    before, after = _words(old), _words(new)
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    same, end = before[:head], before[len(before) - tail :]
    inner, other = before[head : len(before) - tail], after[head : len(after) - tail]
    islands = [*(_Island(*island) for island in _islands(inner, other))]
    return _runs(same, _readable(islands), end)


def kept_in(runs: tuple[Run, ...]) -> bool:
    """Whether any word of the old text stands in the new one."""
    return any(run.sort == "kept" and run.text.strip() for run in runs)


def _words(text: str) -> _Words:
    words, end = _Words(), 0
    for found in TOKEN.finditer(text):
        if found.start() > end:
            words.append(text[end : found.start()])
        words.append(found[0])
        end = found.end()
    return [*words, text[end:]] if end < len(text) else words


def _alike(one: _Words, other: _Words) -> int:
    """How many words at the beginning are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@dataclass(slots=True)
class _Island:
    """What was deleted and inserted, and the kept words behind it."""

    deleted: _Words
    inserted: _Words
    kept: _Words

    @property
    def changed(self) -> int:
        return max(_letters(self.deleted), _letters(self.inserted))


def _islands(before: _Words, after: _Words) -> list[tuple[_Words, _Words, _Words]]:
    spaces = frozenset(word for word in {*before, *after} if word.isspace())
    found: list[tuple[_Words, _Words, _Words]] = []
    here = there = 0
    for block in aligned(before, after, spaces):
        kept = before[block.a : block.a + block.size]
        found.append((before[here : block.a], after[there : block.b], kept))
        here, there = block.a + block.size, block.b + block.size
    return [*found, (before[here:], after[there:], [])]


def _readable(islands: list[_Island]) -> list[_Island]:
    """Without kept words that are shorter than what changed on both sides: a lone "of the" breaks up the reading."""
    done: list[_Island] = []
    for island in islands:
        while done and _letters(done[-1].kept) <= min(done[-1].changed, island.changed):
            last = done.pop()
            deleted = [*last.deleted, *last.kept, *island.deleted]
            inserted = [*last.inserted, *last.kept, *island.inserted]
            island = _Island(deleted, inserted, island.kept)
        done.append(island)
    return done


def _letters(words: _Words) -> int:
    return sum(len(word) for word in words if not word.isspace())


def _runs(same: _Words, islands: list[_Island], end: _Words) -> tuple[Run, ...]:
    pieces: list[tuple[Literal["kept", "deleted", "inserted"], _Words]] = [("kept", same)]
    for island in islands:
        pieces += [("deleted", island.deleted), ("inserted", island.inserted), ("kept", island.kept)]
    pieces.append(("kept", end))
    runs: list[Run] = []
    for sort, words in pieces:
        text = "".join(words)
        if not text:
            continue
        if runs and runs[-1].sort == sort:
            text = runs.pop().text + text
        runs.append(Run(sort, text))
    return tuple(runs)
