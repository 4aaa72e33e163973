"""The sentence of a fact as a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.errors import Level
from briefing.prose import ends_in_abbreviation, ends_sentence
from briefing.rules.base import Desk, Finding, rule

__all__ = ["text_one_sentence", "text_unfinished"]


@rule("text-unfinished", Level.WARNING)
def text_unfinished(desk: Desk) -> Iterator[Finding]:
    """A text does not end as a sentence does, with a full stop, a question mark or an exclamation mark."""
    for fact in desk.facts.facts.values():
        if fact.text and not ends_sentence(fact.text):
            yield Finding(("facts", fact.id, "text"), "the text is one sentence and ends with a full stop")


_NEXT_SENTENCE = re.compile(r"[.?!][”’\")\]]*\s+(?=[“‘\"({]*[A-Z{])")


@rule("text-one-sentence", Level.WARNING)
def text_one_sentence(desk: Desk) -> Iterator[Finding]:
    """A text seems to hold more than one sentence; each needs a source of its own, so make a fact of each."""
    for fact in desk.facts.facts.values():
        for found in _NEXT_SENTENCE.finditer(fact.text):
            if not ends_in_abbreviation(fact.text[: found.start() + 1]):
                yield Finding(
                    ("facts", fact.id, "text"), "the text holds more than one sentence; make a fact of each"
                )
                break
