"""A fact's text with its people and quantities in place: who is named in full, and who by the short name."""

from __future__ import annotations

from dataclasses import dataclass, field

from briefing.facts import Fact, Facts, Placeholder, pieces
from briefing.prose import capitalised, opens_sentence
from briefing.tongues import Tongue

__all__ = ["Voice"]


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
