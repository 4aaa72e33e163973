"""The words in brackets that stand beside citations, in each language of the house: `(not found in [1])`.

Who looks for the end of a sentence must know them all, whatever language a text is in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["ASIDES", "Asides", "aside_pattern"]


@dataclass(frozen=True, slots=True)
class Asides:
    """`disputed`, `computed` and `partly_computed` stand alone, the others in front of citations."""

    not_found: str
    computed: str
    partly_computed: str
    computed_from: str
    partly_computed_from: str
    but_see: str
    disputed: str


ASIDES = {
    "en": Asides(
        not_found="not found in",
        computed="computed",
        partly_computed="partly computed",
        computed_from="computed from",
        partly_computed_from="partly computed from",
        but_see="but see",
        disputed="disputed",
    ),
    "uk": Asides(
        not_found="не знайдено в",
        computed="обчислено",
        partly_computed="частково обчислено",
        computed_from="обчислено з",
        partly_computed_from="частково обчислено з",
        but_see="але дивіться",  # no abbreviation: a full stop in front of a citation ends a sentence
        disputed="оспорюється",
    ),
}


def aside_pattern(citations: str) -> str:
    """A pattern for one aside, its brackets included; `citations` is one for those within it."""

    def any_of(*names: str) -> str:
        return "|".join(re.escape(getattr(asides, name)) for asides in ASIDES.values() for name in names)

    leading = any_of("not_found", "partly_computed_from", "computed_from", "but_see")
    alone = any_of("partly_computed", "computed", "disputed")
    return rf"\((?:(?:{leading}){citations}(?:;\s(?:{any_of('disputed')}))?|{alone})\)"
