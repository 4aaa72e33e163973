"""What the rules must understand of a language: figures and dates in prose, who says so, how likely, what connects.

They ask the ear of the language that a text is written in: `Desk.ear` that of the project, `BriefDesk.ear` that of the
brief.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from briefing.connectives import Connectives
from briefing.mentions import Mentions

__all__ = ["Ear", "Likelihood"]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A word of ICD 203 in prose: as it stands there, the band in percent, and whether it is negated."""

    words: str
    band: tuple[int, int]
    negated: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Ear(ABC):
    """A language, heard. `unheard` are the ids of rules that do not run, since they know nothing of it; `limits` says
    what else the rules do not hear, or nothing.

    Words are in small letters. `headings` are those of the appendix, `beside_headings` what may stand with them.
    `name_forms` gives a pattern for a name in every form that it takes; `quotes_names`: names of firms and papers stand
    in quotation marks. `little` words say nothing, and `ending` are ends of words that two sentences on one thing may
    differ in. The other patterns find: `comparing` what adds or compares sums, `past` the past verb behind a person,
    `speaks` a person, as X, who says something, `said_that` that somebody did, `bare_hedge` a hedge behind a person
    that this holder does not excuse.
    """

    locale: str
    unheard: frozenset[str]
    limits: str
    connectives: Connectives
    courtesies: frozenset[str]
    headings: frozenset[str]
    beside_headings: frozenset[str]
    name_forms: Callable[[str], str]
    quotes_names: bool
    comparing: re.Pattern[str]
    past: re.Pattern[str]
    bare_hedge: re.Pattern[str]
    speaks: re.Pattern[str]
    said_that: re.Pattern[str]
    little: frozenset[str]
    ending: re.Pattern[str]

    # --- figures and dates ------------------------------------------------------------------------

    @abstractmethod
    def mentions(self, text: str) -> Mentions:
        """The figures and dates in a text of this language."""

    @abstractmethod
    def known(self, texts: Iterable[str]) -> Mentions:
        """The figures and dates in texts of which some may be of another language, as quotations are."""

    @abstractmethod
    def qualifier(self, before: str) -> str:
        """What the words before a quantity say of it ("over"), in this language; or nothing."""

    @abstractmethod
    def full_dates(self, text: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
        """The dates that have day, month and year: the words, and year, month and day as numbers."""

    @abstractmethod
    def months(self, text: str) -> Iterator[tuple[str, tuple[int, int]]]:
        """The months that have a year and no day: the words, and year and month as numbers."""

    @abstractmethod
    def weekdays(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The days of the week in a text: the word, its number (Monday is 0), and where it ends."""

    @abstractmethod
    def plain(self, text: str) -> str:
        """The text with what its digits, brackets and letters look like; as long as before."""

    @abstractmethod
    def without_designations(self, text: str) -> str:
        """The text without the numbers in names of articles, acts and documents."""

    @abstractmethod
    def without_years(self, text: str) -> str: ...

    @abstractmethod
    def without_references(self, text: str) -> str:
        """The text without small numbers that refer back to what was counted: "the last two"."""

    @abstractmethod
    def without_counted_parts(self, text: str) -> str:
        """The text without what counts or numbers the parts of the document: "Three questions"."""

    @abstractmethod
    def without_counts(self, text: str) -> str:
        """The text without counts up to ten in words."""

    @abstractmethod
    def without_small_numbers(self, text: str) -> str:
        """The text without numbers up to 999 that are no part of a larger one."""

    # --- who says so, and how sure ----------------------------------------------------------------

    @abstractmethod
    def says_so(self, text: str) -> bool:
        """Whether a verb of saying, judging or demanding stands in a text."""

    @abstractmethod
    def hedges(self, text: str) -> list[str]:
        """The phrases by which sentences say something without saying who holds it."""

    @abstractmethod
    def judgement_words(self, text: str) -> list[str]:
        """The words of likelihood in a text."""

    @abstractmethod
    def degree(self, word: str) -> str:
        """What is the same judgement: "probably" and "probable"."""

    @abstractmethod
    def confidence_words(self, text: str) -> list[str]:
        """The words that say how sure somebody is of a judgement."""

    @abstractmethod
    def confidence_levels(self, text: str) -> list[str]:
        """Those of them that are levels of ICD 203: low, moderate, high."""

    @abstractmethod
    def likelihoods(self, text: str) -> Iterator[Likelihood]:
        """The words of ICD 203 in a text."""

    # --- what names, and what states ---------------------------------------------------------------

    @abstractmethod
    def states(self, text: str, *, among_names: bool = False) -> bool:
        """Whether words that should name something are a sentence; `among_names` a verb with a capital is a name."""

    # --- names ------------------------------------------------------------------------------------

    @abstractmethod
    def knows(self, word: str, known: Collection[str]) -> bool:
        """Whether one of the known words is a form of this one; both without their possessives, in small letters."""

    @abstractmethod
    def opens(self, word: str) -> bool:
        """Whether a word is one that opens a sentence, and then has a capital, but is no name."""

    @abstractmethod
    def acts(self, word: str, behind: str) -> bool:
        """Whether the first word of a sentence can be nothing but a name, as far as grammar shows."""
