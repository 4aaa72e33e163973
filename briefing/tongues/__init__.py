"""The languages of the house, by locale."""

from __future__ import annotations

from briefing.tongues.base import HEADINGS, FactLine, Tally, Tongue
from briefing.tongues.english import AMERICAN, BRITISH

__all__ = ["DEFAULT", "HEADINGS", "LOCALES", "FactLine", "Tally", "Tongue", "tongue_of"]

DEFAULT = "en-US"
LOCALES = ("en-US", "en-GB", "uk")


def tongue_of(locale: str) -> Tongue:
    """The tongue of one of LOCALES."""
    if locale == "uk":
        from briefing.tongues.ukrainian import UKRAINIAN  # imported here: who writes English needs none of it

        return UKRAINIAN
    return BRITISH if locale == "en-GB" else AMERICAN
