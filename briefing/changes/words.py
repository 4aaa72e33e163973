"""Values of a facts file → words, in the language of the file. All that depends on a language is asked for here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from briefing.currencies import is_currency
from briefing.dates import Date
from briefing.facts import Citation, Fact, Facts, Name, Person, Quantity, Source
from briefing.formulas import FormulaError, parse
from briefing.tongues import Tongue
from briefing.vocabulary import CREDIBILITY, LIKELIHOOD, RELIABILITY
from briefing.voice import Voice
from briefing.wording import numeral, sentence

__all__ = [
    "Words",
    "authors",
    "cited",
    "credibility",
    "likelihood",
    "listed",
    "mark",
    "people",
    "person",
    "reliability",
    "status",
    "told_apart",
]


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in the language of the facts file."""

    tongue: Tongue

    def date(self, date: Date | None) -> str:
        return self.tongue.date(date) if date else ""

    def day(self, date: datetime.date | None) -> str:
        return self.tongue.day(date) if date else ""

    def amount(self, quantity: Quantity) -> str:
        """As it is printed: "over $100 billion"; or why it is not known."""
        if quantity.computed and quantity.computed.fault:
            return f"not known: {quantity.computed.fault.message}"
        return self.tongue.quantity(quantity)

    def described(self, quantity: Quantity) -> str:
        """With what is not printed of it: `4,200 (cars, per day in 2025)`."""
        unit = "" if quantity.unit == "percent" or is_currency(quantity.unit) else quantity.unit
        rest = listed(filter(None, (unit, quantity.stage, quantity.period)))
        return f"{self.equation(quantity)}{f' ({rest})' if rest else ''}"

    def equation(self, quantity: Quantity) -> str:
        """`over $25 billion, computed as aid-2022.amount / 4`; the amount alone, where it is a source's own."""
        how = self.made(quantity)
        return f"{self.amount(quantity)}, computed as {how}" if how else self.amount(quantity)

    def made(self, quantity: Quantity) -> str:
        """`aid-2022.amount / 4 (three significant digits)`, one space between its parts, however it was written."""
        computed = quantity.computed
        if computed is None:
            return ""
        try:
            parts = parse(computed.formula).parts
            text = " ".join(
                self.tongue.number(part) if isinstance(part, Decimal) else str(part) for part in parts
            )
        except FormulaError:
            text = computed.formula
        digits = f"{numeral(computed.digits)} significant digit{'s' if computed.digits > 1 else ''}"
        return f"{text} ({digits})" if computed.digits else text

    def source_entry(self, source: Source) -> str:
        """`[3] U.S. Government Accountability Office. Status and Use of Funding, May 30, 2024`"""
        title = source.title or f"[{source.descriptor.rstrip('.')}]"
        by = f"{sentence(authors(source.author))} " if source.author else ""
        when = self.date(source.published)
        return f"{mark(source.number)} {by}{title}{f', {when}' if when else ''}"

    def fact_sentence(self, facts: Facts, fact: Fact) -> str:
        """The sentence as a brief would print it first; as it was written, where something in it is not known."""
        known = all(name in facts.people or name in fact.quantities for name in fact.placeholders)
        computed = (quantity.computed for quantity in fact.quantities.values())
        if not known or any(made and made.fault for made in computed):
            return fact.text
        return Voice(facts, self.tongue).words(fact)


def listed(items: Iterable[str]) -> str:
    """`cost, status`"""
    return ", ".join(items)


def likelihood(said: str) -> str:
    """`likely (55–80%)`"""
    if said not in LIKELIHOOD:
        return said
    _, low, high = LIKELIHOOD[said]
    return f"{said} ({low}–{high}%)"


def reliability(grade: str) -> str:
    return f"{grade} ({RELIABILITY[grade]})"


def credibility(grade: str) -> str:
    return f"{grade} ({CREDIBILITY[grade]})"


def mark(number: int) -> str:
    """As a citation prints it: `[3]`."""
    return f"[{number}]"


def authors(names: Sequence[Name]) -> str:
    return "; ".join(map(str, names))


def status(fact: Fact) -> str:
    """`disputed: the auditors count otherwise`"""
    return f"{fact.status}: {fact.why}" if fact.status != "current" and fact.why else fact.status


def people(facts: Facts, ids: Iterable[str]) -> tuple[str, str]:
    """The short names of people, and their ids; who is not in the file goes by the id."""
    known = sorted(ids)
    names = (facts.people[id].short if id in facts.people else id for id in known)
    return " and ".join(names), listed(known)


def told_apart(old: tuple[str, str], new: tuple[str, str]) -> tuple[str, str]:
    """The old and the new words; the second ones, where the first are the same."""
    return (old[0], new[0]) if old[0] != new[0] else (old[1], new[1])


def cited(cite: Citation) -> str:
    """`speaks against it, page 3: “the bridge is closed”`"""
    role = "speaks against it" if cite.role == "contradicts" else ""
    place = listed(filter(None, (role, cite.at)))
    quote = f"“{cite.quote}”" if cite.quote else "" if place else "without a passage"
    return ": ".join(filter(None, (place, quote)))


def person(person: Person) -> str:
    """`Ukrainian President Volodymyr Zelensky; Zelensky`"""
    return person.name if person.short == person.name else f"{person.name}; {person.short}"
