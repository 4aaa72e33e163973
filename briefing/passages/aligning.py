"""Two runs of words → the blocks of words that they share, as a reader would lay one beside the other."""

from __future__ import annotations

from collections import Counter
from difflib import Match, SequenceMatcher
from itertools import pairwise

__all__ = ["aligned", "fitted", "moved"]

# A bound on time, far above what prose needs: the pairs of equal words, commonest words last, out of which the
# alignment is chosen.
_MOST_PAIRS = 4000


def fitted(quoted: list[str], there: list[str]) -> list[Match]:
    """Blocks of equal words, without those that are far from all others.

    Words that stand once in both come first, as in a patience diff, and the rest is filled in between them: else the
    longest block of all may be an "and that the" of another clause.
    """
    core = _densest(aligned(quoted, there, _repeated(quoted) | _repeated(there)))
    core = core or _densest(aligned(quoted, there))
    if not core:
        return []
    head, tail = core[0], core[-1]
    # Read backwards, so that of several places the one nearest to the core is found first.
    before = [
        Match(head.a - block.a - block.size, head.b - block.b - block.size, block.size)
        for block in reversed(aligned(quoted[: head.a][::-1], there[: head.b][::-1]))
    ]
    filled = [
        block for here, after in pairwise(core) for block in (here, *_between(quoted, there, here, after))
    ]
    end = Match(len(quoted), len(there), 0)
    return _densest([*before, *filled, tail, *_between(quoted, there, tail, end)])


def _between(quoted: list[str], there: list[str], here: Match, after: Match) -> list[Match]:
    """Blocks between the end of one block and the beginning of another."""
    a, b = here.a + here.size, here.b + here.size
    return moved(aligned(quoted[a : after.a], there[b : after.b]), a, b)


def moved(blocks: list[Match], a: int, b: int) -> list[Match]:
    return [Match(block.a + a, block.b + b, block.size) for block in blocks]


def aligned(quoted: list[str], there: list[str], aside: frozenset[str] = frozenset()) -> list[Match]:
    """Blocks of equal words, in order; words that are set aside count only next to others."""
    if not (quoted and there):
        return []
    aside |= _too_common(quoted, there)
    matcher = SequenceMatcher(aside.__contains__, quoted, there, autojunk=False)
    return [block for block in matcher.get_matching_blocks() if block.size]


def _repeated(words: list[str]) -> frozenset[str]:
    return frozenset(key for key, count in Counter(words).items() if count > 1)


def _too_common(quoted: list[str], there: list[str]) -> frozenset[str]:
    """Words that stand so often in both that looking at all their pairs would take too long."""
    ours, theirs = Counter(quoted), Counter(there)
    pairs, common = 0, set()
    for count, key in sorted((ours[key] * theirs[key], key) for key in ours):
        pairs += count
        if pairs > _MOST_PAIRS:
            common.add(key)
    return frozenset(common)


def _densest(blocks: list[Match]) -> list[Match]:
    """The neighbouring blocks with most words, less half the words of the text that they draw in between them."""
    best, most = (0, 0), 0.0
    first, worth = 0, 0.0
    for number, block in enumerate(blocks):
        if number > first:
            before = blocks[number - 1]
            drawn_in = (block.b - before.b) - (block.a - before.a)
            worth -= max(0, drawn_in) / 2
        if worth <= 0:
            first, worth = number, 0.0
        worth += block.size
        if worth > most:
            best, most = (first, number + 1), worth
    return blocks[slice(*best)]
