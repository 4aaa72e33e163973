"""The sentence of a fact as a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.errors import Level
from briefing.lookalikes import mixed_words
from briefing.prose import ends_in_abbreviation, ends_sentence
from briefing.rules.base import Desk, Finding, rule

__all__ = ["text_mixed_script", "text_one_sentence", "text_unfinished"]


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


@rule("text-mixed-script", Level.WARNING)
def text_mixed_script(desk: Desk) -> Iterator[Finding]:
    """A word of a text or name mixes scripts, such as a Cyrillic і within Latin letters: it reads as another word.

    A search does not find it, nor do the rules that look for words.
    """
    texts = [
        (("facts", fact.id, key), getattr(fact, key)) for fact in desk.facts.facts.values() for key in _KEYS
    ]
    texts += [
        (("people", id, key), getattr(person, key))
        for id, person in desk.facts.people.items()
        for key in _NAMES
    ]
    for path, text in texts:
        for word, _ in mixed_words(text):
            yield Finding(path, f'"{word}" mixes letters of two scripts that look alike', word)


_KEYS = ("text", "label", "why", "instrument", "settled_by", "if_wrong")
_NAMES = ("name", "short")
