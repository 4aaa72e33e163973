"""Numbers in English words, and the ends of sentences in any language."""

from __future__ import annotations

__all__ = ["count", "numeral", "sentence"]

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def numeral(number: int) -> str:
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"


def count(number: int, one: str, many: str = "") -> str:
    """`one fact`, `12 facts`."""
    return f"{numeral(number)} {one if number == 1 else many or one + 's'}"


def sentence(text: str) -> str:
    """Text with a full stop, unless it has an end."""
    return text if text.rstrip("”’»“").endswith((".", "?", "!")) else f"{text}."
