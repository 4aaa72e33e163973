"""Quantities: used in the text, in a unit that exists, and money with the stage it has reached."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.errors import Level
from briefing.facts import pieces
from briefing.mentions import mentions_in
from briefing.prose import without_quotations
from briefing.quantities import is_currency
from briefing.rules.base import Desk, Finding, rule

__all__ = ["number_stage", "number_typed", "number_unit", "number_unused"]


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
    **dict.fromkeys(("$", "us$", "usd", "dollar", "dollars", "us dollars", "u.s. dollars"), "USD"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "EUR"),
    **dict.fromkeys(("£", "gbp"), "GBP"),
    **dict.fromkeys(("₴", "uah", "hryvnia", "hryvnias"), "UAH"),
}


@rule("number-unit", Level.ERROR)
def number_unit(desk: Desk) -> Iterator[Finding]:
    """A unit looks like a currency and is none in ISO 4217, or is a sign or word for one that is meant."""
    for fact in desk.facts.facts.values():
        for name, quantity in fact.quantities.items():
            path = ("facts", fact.id, "quantities", name, "unit")
            meant = _MEANT.get(quantity.unit.casefold())
            if meant and quantity.unit != meant:
                yield Finding(path, f"write unit: {meant}")
            elif re.fullmatch("[A-Z]{3,4}", quantity.unit) and not is_currency(quantity.unit):
                yield Finding(path, f"{quantity.unit} is not a currency of ISO 4217, such as USD, EUR or UAH")


@rule("number-typed", Level.WARNING)
def number_typed(desk: Desk) -> Iterator[Finding]:
    """An amount of money, a percentage, or a number in millions is typed into a text.

    Make it a quantity of the fact and print it as `{name}`, so that the same number stands everywhere. Words in
    quotation marks are left alone.
    """
    for fact in desk.facts.facts.values():
        typed = without_quotations(
            "".join(piece if isinstance(piece, str) else " " for piece in pieces(fact.text))
        )
        for words in mentions_in(typed).amounts():
            message = f'"{words}" is typed into the text; make it a quantity and print it as {{name}}'
            yield Finding(("facts", fact.id, "text"), message, words.split()[0])


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
            elif not re.search(rf"\b{quantity.stage}\b", text, re.IGNORECASE):
                yield Finding(path, f'the word "{quantity.stage}" must stand in the text')
