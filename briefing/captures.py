"""What a template makes of printed text, by `{% set %}`, a macro or a filter, while marks stand in it.

Nobody must take a mark for the words that will stand in its place: an empty column would be something, and a name that
is compared would be nobody's. So such a text is no text for the template. It is printed, whole; asked whether it is
empty or what it says, it answers as its words would, or says why it cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import total_ordering
from typing import Any

from jinja2 import TemplateRuntimeError
from markupsafe import Markup, escape

from briefing.marks import BROKEN, Mark, broken_mark, has_mark, split_marks

__all__ = ["Capture", "captured", "cut"]

Words = Callable[[Mark], str | None]
"""The words that a mark stands for; None where they are known only after the template has run."""


def captured(text: str, words: Words) -> Markup | Capture:
    """Printed text as a template may have it: without marks it is what it seems to be."""
    return Capture(text, words) if has_mark(text) else Markup(text)


def cut() -> Capture:
    """What a filter makes of printed text that it would cut or change: an error where it is printed or looked at."""
    return Capture(BROKEN, lambda mark: None)


@total_ordering
class Capture:
    """Printed text with marks in it. It is no `str`, since C code takes the characters of one without asking.

    White space at its ends is the template's layout, and does not count.
    """

    __slots__ = ("_text", "_words")

    def __init__(self, text: str, words: Words) -> None:
        self._text = str(text)
        self._words = words

    # --- to be printed ------------------------------------------------------------------------------

    def __html__(self) -> Markup:
        return Markup(self._text)

    def trimmed(self) -> Markup | Capture:
        return captured(self._text.strip(), self._words)

    def __add__(self, other: object) -> Markup | Capture:
        return captured(self._text + escape(other), self._words)

    def __radd__(self, other: object) -> Markup | Capture:
        return captured(escape(other) + self._text, self._words)

    def __str__(self) -> str:
        """For code that would cut or change it; whoever may know what it says asks for `said`."""
        return Markup(BROKEN)

    # --- to be looked at ----------------------------------------------------------------------------

    def said(self) -> str:
        """Its words, as they will be printed."""
        known = self._known()
        if known is None:
            raise TemplateRuntimeError(
                "what {% set %}, a macro or a filter made here holds a fact, claim or figure, or a piece of one, and"
                " cannot be compared or counted: print it as it is, and choose by what facts() finds or a column holds"
            )
        return known

    def _known(self) -> str | None:
        if broken_mark(self._text) is not None:
            return None
        words = [part if isinstance(part, str) else self._words(part) for part in split_marks(self._text)]
        return None if None in words else "".join(filter(None, words)).strip()

    def __bool__(self) -> bool:
        """Whether a reader will see anything; columns are looked at only where nothing else is there."""
        if broken_mark(self._text) is not None:
            self.said()
        parts = list(split_marks(self._text))
        if any(part.strip() for part in parts if isinstance(part, str)):
            return True
        words = (self._words(part) for part in parts if isinstance(part, Mark))
        return any(word is None or word for word in words)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Capture):
            return self.said() == other.said()
        return self.said() == other.strip() if isinstance(other, str) else NotImplemented

    def __lt__(self, other: object) -> bool:
        if isinstance(other, Capture | str):
            return self.said() < (other.said() if isinstance(other, Capture) else other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.said())

    def __contains__(self, part: object) -> bool:
        return (part.said() if isinstance(part, Capture) else str(part)) in self.said()

    def __int__(self) -> int:
        return int(self.said())

    def __float__(self) -> float:
        return float(self.said())

    def __iter__(self) -> Iterator[str | Capture]:
        """Its letters; a fact is not taken apart."""
        known = self._known()
        yield from (self,) if known is None else known

    def __getitem__(self, place: Any) -> str | Capture:
        """A piece; one of a fact is broken, which shows where it is printed or looked at."""
        if isinstance(place, str):
            raise TemplateRuntimeError(
                f'what {{% set %}} or a macro made here has no "{place}"; ask the column or text that is in it'
            )
        known = self._known()
        return cut() if known is None else known[place]
