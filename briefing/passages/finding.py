"""A quotation and a text → the nearest passage of that text, its line, and the words that differ.

For showing only: whether a quotation stands in a text is decided by `prose.times_quoted` and nothing else.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import Match
from functools import lru_cache
from itertools import islice

from briefing.passages.aligning import fitted, moved
from briefing.passages.words import (
    CORE,
    TOKEN,
    IndexedWords,
    closes_sentence,
    folded_word,
    indexed_words,
    letters,
    punctuation_around,
)

__all__ = ["Difference", "Passage", "nearest", "same_letters"]

# A passage must have a third of the quotation's words, each counted by how rare it is in the text: less is what
# any two stretches on one subject share, and would send a reader to a place that has nothing to do with it.
_NEAR = 1 / 3
# Nobody quotes a thousand words; comparing them takes longer than anybody wants to wait.
_MOST_WORDS = 1000
# A bound on time, far above what prose needs: the places of a quotation's words that are looked at, rare first.
_MOST_PLACES = 1000
# A passage may have so many words more than the quotation, or as many again where the quotation is longer.
_MORE_WORDS = 10
_ELLIPSIS = re.compile(r"[\[(]? ?(?:…|\.(?: ?\.){2,3}) ?[\])]?")


@dataclass(frozen=True, slots=True)
class Difference:
    """A run of words that differs: the quotation's and the source's, one of which may be empty.

    `start` is where the source's stand in the passage's words, or would stand.
    """

    quote: str
    source: str
    start: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text: its words as they stand there, on which line it begins, and how a quotation differs.

    Without differences the quotation stands there. `parts` are those of a quotation that joins several places with
    an ellipsis, each with its own passage, or None where there is none; then `words` and `line` are the first one's.
    """

    words: str
    line: int
    differences: tuple[Difference, ...] = ()
    parts: tuple[tuple[str, Passage | None], ...] = ()


def nearest(quote: str, text: str) -> Passage | None:
    """The passage of `text` that comes nearest to `quote`, or None when nothing is near, or the quote too long.

    The last few texts are kept in words, so ask for all quotations of one text before those of the next.
    """
    if next(islice(TOKEN.finditer(quote), _MOST_WORDS, None), None):
        return None
    asked, known = indexed_words(quote), _indexed(text)
    whole = _nearest(asked, known)
    if whole and (not whole.differences or all(map(same_letters, whole.differences))):
        return whole
    return _joined(quote, known) or whole


def _joined(quote: str, known: IndexedWords) -> Passage | None:
    """Of a quotation with an ellipsis inside it, the passages of its parts; None where it has none or they have."""
    quoted = [part.strip() for part in _ELLIPSIS.split(" ".join(quote.split())) if CORE.search(part)]
    if len(quoted) < 2:
        return None
    parts = tuple((part, _nearest(indexed_words(part), known)) for part in quoted)
    first = next((passage for _, passage in parts if passage), None)
    return Passage(first.words, first.line, (), parts) if first else None


@lru_cache(maxsize=2)
def _indexed(text: str) -> IndexedWords:
    return indexed_words(text)


def _nearest(asked: IndexedWords, known: IndexedWords) -> Passage | None:
    rarity = _rarity(asked, known)
    wanted = sum(rarity[key] for key in asked.keys)
    best, most = None, 0.0
    for start, end in _windows(asked, known, rarity):
        blocks = moved(fitted(asked.keys, known.keys[start:end]), 0, start)
        found = sum(rarity[key] for block in blocks for key in asked.keys[block.a : block.a + block.size])
        if found > most:
            best, most = blocks, found
    if best is None or most < wanted * _NEAR:
        return None
    return _passage(asked, known, best)


def _rarity(asked: IndexedWords, known: IndexedWords) -> dict[str, float]:
    """What each word of the quotation counts: the more, the fewer places of the text have it; marks nothing."""
    total = len(known.keys) + 1
    return {
        key: math.log(1 + total / (len(known.places.get(key, ())) + 1)) if CORE.search(key) else 0.0
        for key in set(asked.keys)
    }


def _windows(asked: IndexedWords, known: IndexedWords, rarity: dict[str, float]) -> list[tuple[int, int]]:
    """The stretches of the text that have most of the quotation's words in any order, best first; three at most."""
    length = len(asked.keys) + max(_MORE_WORDS, len(asked.keys))
    scored = sorted(_scored_windows(asked, known, rarity, length), key=lambda found: (-found[0], found[1]))
    chosen: list[tuple[float, int]] = []
    for score, place in scored:
        if len(chosen) == 3 or score < scored[0][0] * 0.8:
            break
        if all(abs(place - other) > length // 2 for _, other in chosen):
            chosen.append((score, place))
    last = len(known.keys)
    return [(max(0, place - _MORE_WORDS), min(last, place + length)) for _, place in chosen]


def _scored_windows(
    asked: IndexedWords, known: IndexedWords, rarity: dict[str, float], length: int
) -> Iterator[tuple[float, int]]:
    """For each place of a word of the quotation: what the words from there on count, none more often than quoted."""
    anchors = _anchors(asked, known)
    need, inside = Counter(asked.keys), Counter[str]()
    score, end = 0.0, 0
    for place, key in anchors:
        while end < len(anchors) and anchors[end][0] < place + length:
            entering = anchors[end][1]
            score += rarity[entering] * (inside[entering] < need[entering])
            inside[entering] += 1
            end += 1
        yield score, place
        inside[key] -= 1
        score -= rarity[key] * (inside[key] < need[key])


def _anchors(asked: IndexedWords, known: IndexedWords) -> list[tuple[int, str]]:
    """Places in the text of the quotation's words, the rarest first until there are enough; in order of the text."""
    rarest = sorted((len(known.places[key]), key) for key in set(asked.keys) if key in known.places)
    found: list[tuple[int, str]] = []
    for count, key in rarest:
        if found and len(found) + count > _MOST_PLACES:
            break
        found += ((place, key) for place in islice(known.places[key], _MOST_PLACES))
    return sorted(found)


_Run = tuple[int, int, int, int]  # the words of the quotation from and to, and those of the text


def _passage(asked: IndexedWords, known: IndexedWords, blocks: list[Match]) -> Passage:
    first, last = _reach(asked, known, blocks)
    quoted = [asked.surface(number) for number in range(len(asked.keys))]
    there = _trimmed(quoted, [known.surface(number) for number in range(first, last)])
    offsets, words = _laid_out(there, [known.spaced(number) for number in range(first, last)])
    inner = [Match(block.a, block.b - first, block.size) for block in blocks]
    runs = _runs(inner, [folded_word(word) for word in quoted], [folded_word(word) for word in there])
    differences = tuple(_difference(run, asked, words, offsets) for run in runs)
    quote = " ".join(asked.text.split())
    if not runs and _spaces(quoted, asked) != _spaces(there, known, first):
        differences = (Difference(quote, words, 0),)
    return Passage(words, known.line(first), differences)


def _spaces(surfaces: list[str], words: IndexedWords, first: int = 0) -> list[bool]:
    """Between which words white space stands; it can be missing beside ideographs."""
    return [words.spaced(first + number) for number in range(1, len(surfaces))]


def _reach(asked: IndexedWords, known: IndexedWords, blocks: list[Match]) -> tuple[int, int]:
    """The first word of the passage, and the one after its last.

    Where the quotation's own beginning or end is not in the text, as many words of the same sentence stand for it.
    """
    head, tail = blocks[0], blocks[-1]
    first, last = head.b, tail.b + tail.size
    for _ in range(min(head.a, first)):
        if closes_sentence(known.surface(first - 1)):
            break
        first -= 1
    at_its_end = closes_sentence(known.surface(last - 1)) and not closes_sentence(
        asked.surface(tail.a + tail.size - 1)
    )
    left = 0 if at_its_end else len(asked.keys) - tail.a - tail.size
    for _ in range(min(left, len(known.keys) - last)):
        last += 1
        if closes_sentence(known.surface(last - 1)):
            break
    return first, last


def _trimmed(quoted: list[str], there: list[str]) -> list[str]:
    """The passage's words without the punctuation around them that the quotation does not begin or end with.

    A quotation stands in a text whatever stands before its first and after its last character.
    """
    before, after = punctuation_around(there[0])[0], punctuation_around(there[-1])[1]
    keep_before, keep_after = punctuation_around(quoted[0])[0], punctuation_around(quoted[-1])[1]
    if before.endswith(keep_before):
        there = [there[0][len(before) - len(keep_before) :], *there[1:]]
    if after.startswith(keep_after) and after != keep_after:
        there = [*there[:-1], there[-1][: len(keep_after) - len(after)]]
    return there


def _laid_out(there: list[str], spaced: list[bool]) -> tuple[list[tuple[int, int]], str]:
    """Where each word begins and ends in the passage, and the passage: single spaces where white space stands."""
    offsets, parts, length = [], list[str](), 0
    for word, space in zip(there, spaced, strict=True):
        if space and parts:
            parts.append(" ")
            length += 1
        offsets.append((length, length + len(word)))
        parts.append(word)
        length += len(word)
    return offsets, "".join(parts)


def _runs(blocks: list[Match], quoted: list[str], there: list[str]) -> list[_Run]:
    """The runs of words that differ; those that touch are one."""
    runs: list[_Run] = []
    for run in _single_runs(blocks, quoted, there):
        if runs and runs[-1][1] == run[0] and runs[-1][3] == run[2]:
            run = (runs[-1][0], run[1], runs.pop()[2], run[3])
        runs.append(run)
    return runs


def _single_runs(blocks: list[Match], quoted: list[str], there: list[str]) -> Iterator[_Run]:
    """What stands between the blocks, and the aligned words that differ in case or punctuation."""
    at_quoted = at_there = 0
    for block in [*blocks, Match(len(quoted), len(there), 0)]:
        if block.a > at_quoted or block.b > at_there:
            yield at_quoted, block.a, at_there, block.b
        for step in range(block.size):
            ours, theirs = block.a + step, block.b + step
            if quoted[ours] != there[theirs]:
                yield ours, ours + 1, theirs, theirs + 1
        at_quoted, at_there = block.a + block.size, block.b + block.size


def _difference(run: _Run, asked: IndexedWords, words: str, offsets: list[tuple[int, int]]) -> Difference:
    from_quoted, to_quoted, from_there, to_there = run
    quote = ""
    if to_quoted > from_quoted:
        end = asked.starts[to_quoted - 1] + len(asked.surface(to_quoted - 1))
        quote = " ".join(asked.text[asked.starts[from_quoted] : end].split())
    if to_there > from_there:
        start, end = offsets[from_there][0], offsets[to_there - 1][1]
        return Difference(quote, words[start:end], start)
    return Difference(quote, "", offsets[from_there][0] if from_there < len(offsets) else len(words))


def same_letters(difference: Difference) -> bool:
    return letters(difference.quote).lower() == letters(difference.source).lower()
