"""The subject, greeting and closing of a mail → the words in them that are none of courtesy.

They name, greet and sign. Whatever else is to be said belongs into the body, where it needs a fact; so only the words
of letters may be used here, and names, which begin with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from briefing.ears import ear_of

__all__ = ["strange_words"]

# Placeholders, addresses of mail and of pages.
_ASIDE = re.compile(r"\{[^{}]*\}|\S+@\S+|\b(?:https?://|www\.)\S+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")


def strange_words(text: str, locale: str, known: str = "") -> list[str]:
    """The words that are neither of courtesy nor names, nor stand in the `known` text; each once, in order.

    All of them, where they are a sentence, though each has a capital: "Mayor Stole The Money".
    """
    ear = ear_of(locale)
    allowed: Collection[str] = ear.courtesies | {word.casefold() for word in _WORD.findall(known)}
    bare = _ASIDE.sub(" ", text)
    said = _WORD.findall(bare)
    strange = dict.fromkeys(word for word in said if word[0].islower() and word.casefold() not in allowed)
    return [*strange] or ([bare.strip()] if ear.states(bare, among_names=True) else [])
