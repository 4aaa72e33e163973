"""A quotation that does not stand in a text: the nearest passage of that text, and the words that differ."""

from __future__ import annotations

from briefing.passages.finding import Difference, Passage, nearest
from briefing.passages.telling import difference_words

__all__ = ["Difference", "Passage", "difference_words", "nearest"]
