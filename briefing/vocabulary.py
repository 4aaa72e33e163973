"""The fixed words of the facts file: kinds, stages, grades, likelihood bands, types of source.

Likelihood and confidence are those of ICD 203 (2015), section D.6.e; grades are the Admiralty system's (NATO
STANAG 2511); source types are CSL 1.0.2 item types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "CONFIDENCE",
    "CREDIBILITY",
    "CSL_TYPES",
    "FORCES",
    "KINDS",
    "LEVELS",
    "LIKELIHOOD",
    "ONLY_OF",
    "QUALIFIERS",
    "RELIABILITY",
    "STAGES",
    "STANCES",
    "STATUSES",
    "Kind",
]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of fact is, and what a fact of it must and must not have.

    `needs` and `bars` are keys of the facts file; `attributed` kinds name in the sentence who says so.
    """

    name: str
    meaning: str
    needs: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    attributed: bool = False


_KINDS = (
    Kind("event", "something that happened", needs=("date",), bars=("likelihood",)),
    Kind("figure", "a reported quantity", needs=("quantities",)),
    Kind("provision", "what a text says or a law requires", needs=("instrument", "force")),
    Kind("statement", "what somebody said", needs=("by",), attributed=True),
    Kind("assessment", "somebody's judgement of what is or why", needs=("by",), attributed=True),
    Kind("projection", "what somebody expects", needs=("by",), attributed=True),
    Kind("assumption", "what is taken as given", needs=("by", "if_wrong"), attributed=True),
    Kind("opinion", "a value judgement", needs=("by",), attributed=True),
    Kind("gap", "what is not known", needs=("settled_by",)),
)
KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in _KINDS})

# What only facts of some kinds can have; on another it would be read by nobody.
ONLY_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "instrument": ("provision",),
        "force": ("provision",),
        "confidence": ("assessment", "projection"),
        "likelihood": ("assessment", "projection"),
        "horizon": ("projection",),
        "if_wrong": ("assumption",),
        "settled_by": ("gap",),
    }
)

LEVELS = ("primary", "secondary", "tertiary")
STANCES = ("neutral", "advocacy")
STATUSES = ("current", "disputed", "superseded", "retracted")
FORCES = ("draft", "agreed", "signed", "ratified", "in-force", "unknown")
STAGES = ("announced", "authorized", "appropriated", "committed", "obligated", "disbursed")
CONFIDENCE = ("low", "moderate", "high")

# ICD 203's two rows of words and the band in percent that each stands for.
LIKELIHOOD: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {
        word: (row, low, high)
        for words, low, high in (
            (("almost no chance", "remote"), 1, 5),
            (("very unlikely", "highly improbable"), 5, 20),
            (("unlikely", "improbable"), 20, 45),
            (("roughly even chance", "roughly even odds"), 45, 55),
            (("likely", "probable"), 55, 80),
            (("very likely", "highly probable"), 80, 95),
            (("almost certain", "nearly certain"), 95, 99),
        )
        for row, word in enumerate(words)
    }
)

RELIABILITY: Mapping[str, str] = MappingProxyType(
    {
        "A": "completely reliable",
        "B": "usually reliable",
        "C": "fairly reliable",
        "D": "not usually reliable",
        "E": "unreliable",
        "F": "reliability cannot be judged",
    }
)
CREDIBILITY: Mapping[str, str] = MappingProxyType(
    {
        "1": "confirmed by other sources",
        "2": "probably true",
        "3": "possibly true",
        "4": "doubtful",
        "5": "improbable",
        "6": "truth cannot be judged",
    }
)

# The key in the facts file and the word that is printed before the number.
QUALIFIERS: Mapping[str, str] = MappingProxyType(
    {
        "value": "",
        "over": "over",
        "under": "under",
        "about": "about",
        "at_least": "at least",
        "at_most": "at most",
    }
)

CSL_TYPES = (
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "bill",
    "book",
    "broadcast",
    "chapter",
    "classic",
    "collection",
    "dataset",
    "document",
    "entry",
    "entry-dictionary",
    "entry-encyclopedia",
    "event",
    "figure",
    "graphic",
    "hearing",
    "interview",
    "legal_case",
    "legislation",
    "manuscript",
    "map",
    "motion_picture",
    "musical_score",
    "pamphlet",
    "paper-conference",
    "patent",
    "performance",
    "periodical",
    "personal_communication",
    "post",
    "post-weblog",
    "regulation",
    "report",
    "review",
    "review-book",
    "software",
    "song",
    "speech",
    "standard",
    "thesis",
    "treaty",
    "webpage",
)
