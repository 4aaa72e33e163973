"""Rules over one brief: what they look at (`BriefDesk`), and how one is registered and run."""

from __future__ import annotations

import datetime
import inspect
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from briefing.audience import Audience
from briefing.ears import Ear, ear_of
from briefing.errors import Level, Location, Problem
from briefing.facts import Fact, Facts, pieces
from briefing.loaded import LoadedWord
from briefing.mentions import Mentions
from briefing.origins import Origin, letters_of
from briefing.prose import is_within, quotations
from briefing.reading import CITED
from briefing.rules.base import Rule, register, rules_of

__all__ = [
    "QUANTITY",
    "BriefDesk",
    "BriefFinding",
    "BriefRule",
    "Words",
    "brief_problems",
    "in_sections",
    "is_quoted",
    "rule_over_brief",
]

# What stands for a quantity in the words of a claim.
QUANTITY = "\ufdd4"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of a brief, and the facts beside them.

    `typed` is what a reader sees, with CITED for each fact or claim in it and QUANTITY for a quantity. `place`: fact
    (a fact's own sentence), claim, heading, paragraph, item, header (of a table), cell, label (a cell beside one that
    holds a fact), caption, contract (its title and subject), or address (whom it is for). `level` is that of a heading.
    `at` is where it was said. `around` are the facts of its section, for what stands beside no fact. Of a claim,
    `speakers` are the people that stand in it as `{person}`, in order, each of which is a CITED; `named` are the same,
    and `given` the fact and name of each quantity that it prints. `origins` are those of the parts of a template's own
    words, each with its offset. `source` says where in the facts file words of place `name` stand.
    """

    typed: str
    place: str
    at: Location
    facts: tuple[Fact, ...] = ()
    named: frozenset[str] = frozenset()
    origins: tuple[tuple[int, Origin], ...] = ()
    level: int = 0
    around: tuple[Fact, ...] = ()
    source: str = ""
    speakers: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()

    @property
    def bare(self) -> str:
        """The typed words, without what stands for facts; as long as they are."""
        return self.typed.replace(CITED, " ")

    @property
    def known(self) -> tuple[Fact, ...]:
        """The facts in which a figure, date or person of these words must stand."""
        return self.facts or self.around

    def location(self, offset: int) -> Location:
        """Where the word at that offset was said."""
        number = bisect_right(self.origins, offset, key=lambda origin: origin[0]) - 1
        if number < 0:
            return self.at
        begin, origin = self.origins[number]
        return origin.of_letter(len(letters_of(self.typed[begin:offset])))

    @property
    def beside(self) -> str:
        """What these facts are to these words, for messages."""
        if self.place in ("contract", "address"):
            return "the facts that the brief uses; the contract names, and claims nothing"
        if self.place == "claim":
            return "the facts that this claim names"
        return "the facts beside it" if self.facts else "the facts of its section"


def in_sections(words: Sequence[Words]) -> list[Words]:
    """The words of a body, in order, each with the facts of its section around it.

    A section goes up to the next heading of the same or a higher level; what stands above the first introduces all.
    """
    ends = [len(words)] * len(words)
    open_headings: list[int] = []
    begins: list[int] = []
    for place, said in enumerate(words):
        if said.place == "heading":
            while open_headings and words[open_headings[-1]].level >= said.level:
                ends[open_headings.pop()] = place
            open_headings.append(place)
        begins.append(open_headings[-1] if open_headings else -1)
    found: dict[int, tuple[Fact, ...]] = {}
    for begin in set(begins):
        inside = words if begin < 0 else words[begin : ends[begin]]
        found[begin] = tuple({fact.id: fact for said in inside for fact in said.facts}.values())
    return [replace(said, around=found[begin]) for said, begin in zip(words, begins, strict=True)]


@dataclass(frozen=True)
class BriefDesk:
    """What the rules over a brief look at.

    `used` gives, for each fact of the brief, where it is printed first; `body` is the text of the whole body,
    `prose` that of its paragraphs and list items, `length` the body's number of words, `loaded` the loaded words of
    the house, `printed` what it prints of the facts file beside facts: names, descriptors, the title.
    """

    facts: Facts
    audience: Audience
    words: Sequence[Words]
    used: Mapping[str, Location]
    body: str
    prose: str
    length: int
    loaded: tuple[LoadedWord, ...] = ()
    printed: Sequence[Words] = ()
    _mentions: dict[tuple[str, ...], Mentions] = field(default_factory=dict)

    @cached_property
    def ear(self) -> Ear:
        """The language of the template's own words."""
        return ear_of(self.audience.tongue.locale)

    def own_words(self) -> Iterator[Words]:
        """The words that the template itself says: all but the sentences of facts."""
        return (words for words in self.words if words.place != "fact")

    def claims(self) -> Iterator[Words]:
        return (words for words in self.words if words.place == "claim")

    def mentions(self, words: Words) -> Mentions:
        """The figures and dates that stand in the facts beside some words, or else of their section.

        Words of a template's own know what the file is about, and as of which day, too.
        """
        own = words.place != "claim"
        key = (str(own), *(fact.id for fact in words.known))
        if key not in self._mentions:
            texts = [*self._texts(words.known)]
            if own:
                texts += [
                    self.facts.title,
                    *map(self.audience.tongue.day, (self.facts.as_of, self.facts.dated)),
                ]
            self._mentions[key] = self.ear.known(texts)
        return self._mentions[key]

    def counts(self, words: Words) -> Mentions:
        """The same without years: what counts something."""
        return self.ear.known(map(self.ear.without_years, self._texts(words.known)))

    def weekdays(self, words: Words) -> set[int]:
        """The days of the week that the facts beside some words name, or on which a day of theirs fell; Monday is 0."""
        texts = list(self._texts(words.known))
        found = {number for text in texts for _, number, _ in self.ear.weekdays(text)}
        days = [numbers for text in texts for _, numbers in self.ear.full_dates(text)]
        for numbers in days:
            with suppress(ValueError):
                found.add(datetime.date(*numbers).weekday())
        return found

    def _texts(self, used: Iterable[Fact]) -> Iterator[str]:
        for fact in used:
            yield "".join(piece for piece in pieces(fact.text) if isinstance(piece, str))
            yield from map(self.audience.tongue.quantity, fact.quantities.values())
            yield from map(self.audience.tongue.date, filter(None, (fact.date, fact.horizon)))
            yield from self.names_beside(fact)

    def names_beside(self, fact: Fact) -> Iterator[str]:
        """The texts of a fact in which names stand: quotations, people, instrument, label, and what is said of it."""
        yield from (cite.quote for cite in fact.cite)
        yield from (self.facts.people[name].name for name in fact.placeholders if name in self.facts.people)
        yield from (fact.instrument, fact.label, fact.settled_by, fact.if_wrong)
        yield from (quantity.period for quantity in fact.quantities.values())

    @cached_property
    def is_neutral(self) -> bool:
        return self.audience.contract.stance == "neutral"


def is_quoted(quotation: str, used: Iterable[Fact]) -> bool:
    """Whether the words stand in a quotation that one of the facts cites, or that stands in its text.

    Not in its text alone: that is the editor's, and in quotation marks would be put into the speaker's mouth.
    """
    texts = (text for fact in used for text in (*(cite.quote for cite in fact.cite), *quotations(fact.text)))
    return any(is_within(quotation, text) for text in texts)


@dataclass(frozen=True, slots=True)
class BriefFinding:
    """What a rule found: the words or the place that it is about, what is wrong, and what to do.

    `offset` is that of one word among the words.
    """

    where: Words | Location
    message: str
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class BriefRule(Rule):
    """A rule over one brief. One over the `whole` runs only when nothing else is wrong with the brief: of half a brief
    it would be an echo, for a fact is missing because its line failed.
    """

    find: Callable[[BriefDesk], Iterator[BriefFinding]]
    whole: bool


def rule_over_brief(
    id: str, level: Level, *, whole: bool = False
) -> Callable[[Callable[[BriefDesk], Iterator[BriefFinding]]], BriefRule]:
    """Register a generator function over a `BriefDesk` as the rule `id`."""
    return lambda find: register(BriefRule(id, level, inspect.getdoc(find) or "", find, whole))


def brief_problems(desk: BriefDesk, *, whole: bool) -> Iterator[Problem]:
    """What the rules over a brief find."""
    for rule in rules_of(BriefRule):
        if rule.whole is whole and rule.id not in desk.ear.unheard:
            for found in rule.find(desk):
                where = found.where
                if not isinstance(where, Location):
                    where = where.at if found.offset is None else where.location(found.offset)
                yield Problem(where, rule.level, found.message, rule.id)
