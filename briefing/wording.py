"""English of the house's own: numbers in words, ends and beginnings of sentences."""

from __future__ import annotations

__all__ = ["count", "lowered", "numeral", "sentence"]

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def numeral(number: int) -> str:
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"


def count(number: int, one: str, many: str = "") -> str:
    """`one fact`, `12 facts`."""
    return f"{numeral(number)} {one if number == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """Text with a full stop, unless it has an end."""
    return text if text.endswith((".", "?", "!", ".”", "?”", "!”")) else f"{text}."


# Words that have a capital only because they open a sentence.
_OPENERS = frozenset(
    "a an the this that these those it its in on at by for from to of with without under over after before if when"
    " while as one both each every no any all some neither either there they"
    " two three four five six seven eight nine ten".split()
)


def lowered(text: str) -> str:
    """A sentence as it goes on behind a colon: with a small letter, where its first word is no name."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first.lower() in _OPENERS else text
