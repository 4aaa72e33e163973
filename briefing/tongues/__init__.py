"""The languages of the house, by locale."""

from __future__ import annotations

from briefing.tongues.base import HEADINGS, FactLine, Tally, Tongue
from briefing.tongues.english import AMERICAN, BRITISH

__all__ = ["DEFAULT", "HEADINGS", "LOCALES", "FactLine", "Tally", "Tongue", "tongue_of"]

DEFAULT = "en-US"
LOCALES = ("en-US", "en-GB")


def tongue_of(locale: str) -> Tongue:
    """The tongue of one of LOCALES."""
    return BRITISH if locale == "en-GB" else AMERICAN
