"""CSL's marks of rich text, as `<i>`: a text with them → what a reader sees, and back."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["with_letters", "without_marks"]

_MARK: Final = re.compile(r"</?(?:i|b|sc|sub|sup)>|<span(?: [^<>]{0,100})?>|</span>", re.IGNORECASE)
# CSL has no sign for the letter `<`: a mark around nothing, behind it, keeps it from beginning one.
_LETTER: Final = '<<span class="nocase"></span>'


def without_marks(text: str) -> str:
    """The text without marks, which readers would see as letters."""
    return _MARK.sub("", text)


def with_letters(text: str) -> str:
    """The text so that all of it is letters, also what looks like a mark."""
    return _MARK.sub(lambda found: _LETTER + found[0][1:], text)
