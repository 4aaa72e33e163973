"""What the rules understand of a text, by the locale of its language."""

from __future__ import annotations

from briefing.ears.base import Ear, Likelihood
from briefing.ears.english import ENGLISH

__all__ = ["Ear", "Likelihood", "ear_of"]


def ear_of(locale: str) -> Ear:
    """The ear for one of `tongues.LOCALES`; American and British English are heard alike."""
    if locale == "uk":
        from briefing.ears.ukrainian import UKRAINIAN  # imported here: who checks English needs none of it

        return UKRAINIAN
    return ENGLISH
