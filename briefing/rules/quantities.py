"""Quantities: used in the text, in a unit that exists, and money with the stage it has reached."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from briefing.currencies import alike, currency, is_currency
from briefing.ears import Ear
from briefing.errors import Level
from briefing.facts import Fact, Quantity, pieces
from briefing.mentions import Mentions, names_a_thing
from briefing.prose import folded
from briefing.rules.base import Desk, Finding, own_words, rule
from briefing.vocabulary import QUALIFIERS

__all__ = [
    "number_not_quoted",
    "number_stage",
    "number_stages",
    "number_two_values",
    "number_typed",
    "number_unit",
    "number_unused",
]


@rule("number-unused", Level.WARNING)
def number_unused(desk: Desk) -> Iterator[Finding]:
    """A fact has a quantity that its text does not print."""
    for fact in desk.facts.facts.values():
        for name in fact.quantities:
            if name not in fact.placeholders:
                message = f"the text does not print this quantity: put {{{name}}} into the sentence"
                yield Finding(("facts", fact.id, "quantities", name), message)


_MEANT = {
    **dict.fromkeys(("%", "percent", "per cent", "pct", "percentage", "percents"), "percent"),
    **dict.fromkeys(("відсоток", "відсотки", "відсотків", "процент", "процентів"), "percent"),
    **dict.fromkeys(("$", "us$", "usd", "dollar", "dollars", "us dollars", "u.s. dollars"), "USD"),
    **dict.fromkeys(("долар", "долари", "доларів", "дол. сша", "доларів сша"), "USD"),
    **dict.fromkeys(("€", "eur", "euro", "euros", "євро"), "EUR"),
    **dict.fromkeys(("£", "gbp"), "GBP"),
    **dict.fromkeys(("₴", "uah", "hryvnia", "hryvnias", "грн", "гривня", "гривні", "гривень"), "UAH"),
}


@rule("number-unit", Level.ERROR)
def number_unit(desk: Desk) -> Iterator[Finding]:
    """A unit looks like a currency and is none in ISO 4217, or is a sign or word for one that is meant."""
    for fact in desk.facts.facts.values():
        for name, quantity in fact.quantities.items():
            if quantity.computed:  # in the unit of those it is computed from
                continue
            path = ("facts", fact.id, "quantities", name, "unit")
            meant = _MEANT.get(quantity.unit.casefold())
            if meant and quantity.unit != meant:
                yield Finding(path, f"write unit: {meant}")
            elif re.fullmatch("[A-Z]{3,4}", quantity.unit) and not is_currency(quantity.unit):
                yield Finding(path, f"{quantity.unit} is not a currency of ISO 4217, such as USD, EUR or UAH")


@rule("number-typed", Level.WARNING)
def number_typed(desk: Desk) -> Iterator[Finding]:
    """A number is typed into a text.

    Make it a quantity of the fact and print it as `{name}`, so that the same number stands everywhere and a change
    is seen. Dates, years, words in quotation marks, and numbers in the names of articles, acts and documents are
    left alone ("Unit 500 soldiers" may be soldiers of Unit 500); so are "tripled", "twice", "hundreds of thousands"
    and their like where a quotation that the fact cites has them.
    """
    for fact in desk.facts.facts.values():
        bare = desk.ear.without_references(own_words(fact))
        if re.search(r"\d", bare):
            bare = desk.ear.without_years(desk.ear.without_designations(bare))
        mentioned = desk.ear.mentions(bare)
        vague = [key for key, _ in mentioned.figures if _VAGUE.search(key)]
        quoted = desk.ear.known(cite.quote for cite in fact.cite).figures if vague else {}
        for (key, unit), said in mentioned.figures.items():
            if key in vague and (key, unit) in quoted:
                continue
            for words in said.values():
                message = f'"{words}" is typed into the text; make it a quantity and print it as {{name}}'
                yield Finding(("facts", fact.id, "text"), message, words.split()[0])


# What no quantity can hold.
_VAGUE = re.compile(
    r"(?:hundreds|thousands|[mbr]illions|tens|dozens|scores|fold)(?:-of-\w+)?$|^(?:\w+(?:bl|pl)e|halve|twice|thrice)$"
)


@rule("number-not-quoted", Level.WARNING)
def number_not_quoted(desk: Desk) -> Iterator[Finding]:
    """A quantity stands in none of the quotations that support its fact: not the number, or not with that qualifier.

    One slip of a zero is found here: the source says "over one hundred billion dollars", the fact has `over: 10e9`.
    "Not over $5 million" and "$5 million or less" are at most that much, one end of "$2 million to $5 million" is not
    the sum, and "5 million people" or "5 million rubles" are no dollars. Not asked of a fact with a citation without a
    quotation.
    """
    for fact in desk.facts.facts.values():
        quotes = [cite.quote for cite in fact.cite if cite.role == "supports"]
        if not quotes or not all(quotes):
            continue
        quoted = desk.ear.known(quotes)
        for name, quantity in fact.quantities.items():
            if not quantity.computed and not _is_quoted(
                quantity, _counting(desk.ear, quantity, quotes, quoted)
            ):
                message = (
                    f'"{desk.tongue.quantity(quantity)}" stands in none of the quotations that the fact cites'
                )
                yield Finding(("facts", fact.id, "quantities", name), message)


# The qualifiers of a quotation that a fact's own renders: "nearly $5 million" is under it, or about it; of "from $2
# million to $5 million" each may be the sum.
_RENDERS = {
    "under": {"under", "nearly"},
    "about": {"about", "nearly", "", "span"},
    "": {"", "exactly", "span"},
}


def _counting(ear: Ear, quantity: Quantity, quotes: Sequence[str], quoted: Mentions) -> Mentions:
    """What may bear out a quantity: one that is no money is not counted by a year, a time of day, an article."""
    if quantity.unit == "percent" or is_currency(quantity.unit):
        return quoted
    return ear.known(ear.without_years(ear.without_designations(quote)) for quote in quotes)


# The qualifiers that the ends of a range may have: both of one range, or each said by itself.
_ENDS = (
    ({"range", "span"}, {"range", "span"}),
    ({"", "exactly", "at least", "over"}, {"", "exactly", "at most", "under"}),
)


def _is_quoted(quantity: Quantity, quoted: Mentions) -> bool:
    if quantity.high is not None:
        low, high = (_qualifiers(bound, quantity, quoted) for bound in (quantity.low, quantity.high))
        return any(low & least and high & most for least, most in _ENDS)
    own = QUALIFIERS[quantity.qualifier]
    return bool(_RENDERS.get(own, {own}) & _qualifiers(quantity.low, quantity, quoted))


def _qualifiers(number: Decimal, quantity: Quantity, quoted: Mentions) -> set[str]:
    """The qualifiers with which a quotation has this number, in a unit that may be that of the quantity."""
    return {
        said_of
        for (value, unit), said in quoted.figures.items()
        if _same_number(value, number) and _may_be(unit, value, quantity.unit, quoted)
        for said_of in said
    }


def _same_number(value: str, number: Decimal) -> bool:
    """Whether a figure is this number; a fall by five percent may be minus five, and minus five is never five."""
    return re.fullmatch(r"-?[\d.]+", value) is not None and Decimal(value) in (
        number,
        abs(number) if number < 0 else number,
    )


def _may_be(unit: str, value: str, own: str, quoted: Mentions) -> bool:
    """Whether a figure of a quotation, in that unit, may be a quantity in its own; money counts no people."""
    if unit:
        money = unit != "percent"
        if own == "percent" or is_currency(own):
            return own in alike(unit)
        return not own or not money or currency(own.split()[0]) != ""
    things = quoted.things.get(value, set())
    if own == "percent" or is_currency(own):
        return not things or not all(map(names_a_thing, things))
    # "3,000 meters and 12 pumps" are not 3,000 pumps.
    counted = {thing for other in quoted.things.values() for thing in other}
    return not things or own in things or own not in counted or not all(map(names_a_thing, things))


@rule("number-stage", Level.ERROR)
def number_stage(desk: Desk) -> Iterator[Finding]:
    """Money has a stage whose word does not stand in the text, or something that is no money has a stage.

    Appropriated, obligated and disbursed are different sums of the same money; the reader must see which one it is.
    """
    for fact in desk.facts.facts.values():
        text = " ".join(piece for piece in pieces(fact.text) if isinstance(piece, str))
        for name, quantity in fact.quantities.items():
            if not quantity.stage:
                continue
            path = ("facts", fact.id, "quantities", name, "stage")
            if not is_currency(quantity.unit):
                yield Finding(path, "only money has a stage; give the unit as a currency, such as USD")
            elif not desk.tongue.names_stage(quantity.stage, text):
                yield Finding(path, f'the word "{desk.tongue.stages[quantity.stage]}" must stand in the text')


@rule("number-stages", Level.WARNING)
def number_stages(desk: Desk) -> Iterator[Finding]:
    """Money of different stages is added up, compared, or said to contradict.

    Appropriated, obligated and disbursed money is one sum on its way, not three: no total can be made of it, and two
    stages cannot contradict each other. Make a fact of each stage, and say with `compare` how they differ.
    """
    facts = desk.facts.facts
    for fact in facts.values():
        stages = _stages(fact)
        words = desk.ear.comparing.search(own_words(fact)) if len(stages) > 1 else None
        if words:
            message = (
                f'"{words[0]}" relates money that is {" and ".join(stages)}; these are stages of one sum'
            )
            yield Finding(("facts", fact.id, "text"), message, words[0].split()[0])
        for number, name in enumerate(fact.contradicts):
            other = facts.get(name)
            if other and stages and _stages(other) and not set(stages) & set(_stages(other)):
                both = f"{stages[0]} and {_stages(other)[0]}"
                message = f"money that is {both} does not contradict: these are two stages; use compare"
                yield Finding(("facts", fact.id, "contradicts", number), message)


def _stages(fact: Fact) -> list[str]:
    """The stages of a fact's money, in order."""
    return list(dict.fromkeys(q.stage for q in fact.quantities.values() if q.stage and is_currency(q.unit)))


@rule("number-two-values", Level.WARNING)
def number_two_values(desk: Desk) -> Iterator[Finding]:
    """Two facts give the same quantity two values: the same unit, stage and period, in sentences of the same words.

    One of them is wrong, or something that tells them apart is not said: then give it (`period`, `stage`), or say with
    `compare` or `contradicts` how they relate.
    """
    told: set[tuple[str, str]] = set()
    for one, other in _likes(desk.ear, list(desk.standing())):
        if _related(one[0], other[0]) or _same_value(one[2], other[2]) or (other[0].id, other[1]) in told:
            continue
        (fact, name, quantity), (second, _, another) = other, one
        told.add((fact.id, name))
        message = (
            f'"{second.id}" says {desk.tongue.quantity(another)} of what is {desk.tongue.quantity(quantity)} here;'
            " mend one, or say how they relate (compare, contradicts)"
        )
        yield Finding(("facts", fact.id, "quantities", name), message)


_Stated = tuple[Fact, str, Quantity]
# Sentences that share as many of their words say the same thing with another number. On pairs made up for it, those on
# one sum shared 67% to all, those on two sums (meals and buses, county and city) 67% at most: some are missed rather
# than wrongly taken for the same.
_LIKE = 0.7
_MOST_ALIKE = 40


def _likes(ear: Ear, facts: list[Fact]) -> Iterator[tuple[_Stated, _Stated]]:
    """Pairs of quantities that say the same of the same, the earlier one first."""
    groups: dict[tuple[str, ...], list[tuple[frozenset[str], _Stated]]] = {}
    for fact in facts:
        words = _content(ear, fact)
        for name, quantity in fact.quantities.items():
            if quantity.computed and quantity.computed.fault:
                continue
            key = (
                quantity.unit,
                quantity.stage,
                folded(quantity.period).casefold(),
                " ".join(fact.by),
                str(fact.date or ""),
            )
            groups.setdefault(key, []).append((words, (fact, name, quantity)))
    for group in groups.values():
        yield from _alike(group)


def _alike(group: Sequence[tuple[frozenset[str], _Stated]]) -> Iterator[tuple[_Stated, _Stated]]:
    # Only sentences that share a rare word are compared: 5,000 facts would be 12 million pairs. Two sets of words that
    # are alike share at least one of the rarest few of either.
    often = Counter(word for words, _ in group for word in words)
    by_word: dict[str, list[int]] = {}
    for place, (words, stated) in enumerate(group):
        rarest = sorted(words, key=lambda word: (often[word], word))[: int(len(words) * (1 - _LIKE)) + 1]
        near = {earlier for word in rarest for earlier in by_word.get(word, [])[:_MOST_ALIKE]}
        for earlier in sorted(near):
            said, first = group[earlier]
            shared = len(said & words)
            if first[0] is not stated[0] and shared >= _LIKE * (len(said) + len(words) - shared):
                yield first, stated
        for word in rarest:
            by_word.setdefault(word, []).append(place)


def _content(ear: Ear, fact: Fact) -> frozenset[str]:
    """The words of a fact's sentence that say something, and its placeholders for people."""
    text = " ".join(
        piece if isinstance(piece, str) else piece.name
        for piece in pieces(fact.text)
        if isinstance(piece, str) or piece.name not in fact.quantities
    )
    stems = ear.ending.sub("", text.casefold().replace("united states", "u.s."))
    return frozenset(re.findall(r"\w[\w.-]*\w|\w", stems)) - ear.little


def _related(one: Fact, other: Fact) -> bool:
    """Whether one of two facts says how it relates to the other."""
    return any(
        second.id in (first.supersedes, *first.contradicts, *(compared.fact for compared in first.compare))
        for first, second in ((one, other), (other, one))
    )


def _same_value(one: Quantity, other: Quantity) -> bool:
    return (one.qualifier, one.low, one.high) == (other.qualifier, other.low, other.high)
