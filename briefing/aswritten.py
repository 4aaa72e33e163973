"""What a document that is text should be → where the one at hand is something else, to the letter.

Markup counts as words do: `10⁰`, a `<bdo>` or four blanks before a line make another document of the same words. Only
the ends of lines may be others, which programs that keep and send texts change: CR and LF, and a blank before them. Two
blanks break a line in Markdown, and so does none of the other characters that Unicode has for it.
"""

from __future__ import annotations

import re
from itertools import zip_longest

from briefing.asprinted import Difference

__all__ = ["unlike"]

_SHOWN = 12
_ENDS = re.compile(r"(?:(?<![ \t])[ \t])?(?:\r\n|\r|\n)")


def unlike(expected: str, text: str) -> Difference | None:
    """The first place at which a text is not what it should be; None where it is all of it."""
    lines, found = _lines(expected), _lines(text)
    if lines == found:
        return None
    place = next(place for place, (one, other) in enumerate(zip_longest(lines, found)) if one != other)
    # Of lines that are broken elsewhere the words are the same for a while.
    words, others = (" ".join(some[place:]).split() for some in (lines, found))
    same = next((at for at, (one, other) in enumerate(zip_longest(words, others)) if one != other), None)
    if same is None:
        line = found[place] if place < len(found) else ""
        return Difference(
            "", lines[place] if place < len(lines) else "", line, f"line {place + 1} is laid out otherwise"
        )
    before = [*" ".join(found[:place]).split()[-_SHOWN:], *others[:same]][-_SHOWN:]
    return Difference(" ".join(before), _first(words[same:]), _first(others[same:]))


def _first(words: list[str]) -> str:
    return " ".join(words[:_SHOWN])


def _lines(text: str) -> list[str]:
    return _ENDS.split(text.removeprefix("\ufeff").rstrip(" \t\r\n"))
