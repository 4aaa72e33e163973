"""A fact's text with its people and quantities in place: who is named in full, and who by the short name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from briefing.facts import Fact, Facts, Placeholder, pieces
from briefing.prose import capitalised, opens_sentence
from briefing.tongues import Tongue

__all__ = ["Voice", "opening"]

_OPENING_WORDS = 9


@dataclass
class Voice:
    """The words of one brief, in the order in which a reader meets them; it remembers who was mentioned."""

    facts: Facts
    tongue: Tongue
    mentioned: set[str] = field(default_factory=set)

    def words(self, fact: Fact, before: str = "") -> str:
        """A fact's text with its people and quantities in place."""
        text = ""
        for piece in pieces(fact.text):
            if isinstance(piece, str):
                text += piece
                continue
            word = self.word(fact, piece)
            text += capitalised(word) if opens_sentence(before + " " + text if text else before) else word
        return text

    def word(self, fact: Fact, placeholder: Placeholder) -> str:
        if placeholder.name in fact.quantities:
            return self.tongue.quantity(fact.quantities[placeholder.name])
        return self.name(placeholder.name)

    def name(self, person: str) -> str:
        """The full name at first mention in this brief, the short one afterwards."""
        who = self.facts.people[person]
        first = person not in self.mentioned
        self.mentioned.add(person)
        return who.name if first else who.short

    def quiet_words(self, fact: Fact) -> str:
        """A fact's text for the appendix, without counting as a mention of anybody."""
        before = set(self.mentioned)
        self.mentioned.update(fact.placeholders)
        text = self.words(fact)
        self.mentioned = before
        return text

    def name_of(self, fact: Fact) -> str:
        """What the appendix calls a fact: its label; without one its id, or its first words where that is no word."""
        if fact.label or self.tongue.shows_ids:
            return fact.label or fact.id
        return opening(self.tongue, self.quiet_words(fact)).rstrip(".")


def opening(tongue: Tongue, sentence: str) -> str:
    """The first words of a sentence, or all of a short one."""
    words = re.split(r"[ \n]+", sentence)  # what a no-break space ties stays whole
    if len(words) <= _OPENING_WORDS + 2:
        return sentence
    words = words[:_OPENING_WORDS]
    while len(words) > 4 and words[-1].casefold().rstrip(",;:") in tongue.loose_words:
        words.pop()
    return " ".join(words).rstrip(",;:–—") + "\N{NO-BREAK SPACE}…"
