"""A quantity as it is printed: "over $100 billion", "about 41 percent", "at least five"."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from briefing.facts import Quantity
from briefing.vocabulary import QUALIFIERS

__all__ = ["amount_on_axis", "is_currency", "plain_number", "quantity_words"]

_LOCALE = "en_US"
_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SCALES = ((Decimal("1e12"), "trillion"), (Decimal("1e9"), "billion"), (Decimal("1e6"), "million"))
# "$113.4 billion" can be read aloud; "$113.4567 billion" cannot, and is printed in full.
_MOST_DECIMALS = 3


@cache
def is_currency(unit: str) -> bool:
    """Whether the unit is an ISO 4217 code."""
    if len(unit) != 3 or not unit.isupper():
        return False
    from babel.numbers import is_currency as known  # imported here: costs 35 ms

    return known(unit)


@cache
def _symbol(currency: str) -> str:
    from babel.numbers import get_currency_symbol  # imported here: costs 35 ms

    symbol = get_currency_symbol(currency, locale=_LOCALE)
    return symbol if not symbol[-1].isalpha() else f"{currency} "


def quantity_words(quantity: Quantity) -> str:
    """The quantity in running text; the qualifier is the key that was used in the facts file."""
    if quantity.high is not None:
        return f"{_amount(quantity.low, quantity.unit)} to {_amount(quantity.high, quantity.unit)}"
    return f"{QUALIFIERS[quantity.qualifier]} {_amount(quantity.low, quantity.unit)}".strip()


def plain_number(number: Decimal) -> str:
    """A number without a unit, in digits: 4, 1,000, −0.25."""
    return ("−" if number < 0 else "") + _grouped(abs(number))


def amount_on_axis(number: Decimal, unit: str) -> str:
    """A number on the axis of a chart, always in digits: $50 billion, 20%, 1,000."""
    sign, size = ("−", -number) if number < 0 else ("", number + 0)
    if is_currency(unit):
        return f"{sign}{_symbol(unit)}{_scaled(size)}"
    return f"{sign}{_grouped(size)}%" if unit == "percent" else f"{sign}{_scaled(size)}"


def _amount(number: Decimal, unit: str) -> str:
    sign, size = ("−", -number) if number < 0 else ("", number)
    if is_currency(unit):
        return f"{sign}{_symbol(unit)}{_scaled(size)}"
    if unit == "percent":
        return f"{sign}{_grouped(size)} percent"
    if not sign and size < 10 and size == size.to_integral_value() and "." not in f"{size:f}":
        return _SMALL[int(size)]
    return sign + _scaled(size)


def _scaled(number: Decimal) -> str:
    """With million, billion or trillion where few decimals are left; every digit otherwise."""
    for scale, word in _SCALES:
        if number >= scale:
            rest = number / scale
            text = f"{rest:f}"
            if "." in text and len(text.split(".")[1]) > _MOST_DECIMALS:
                text = f"{rest.normalize():f}"
            if len(text.partition(".")[2]) <= _MOST_DECIMALS and rest * scale == number:
                return f"{_group_digits(text)} {word}"
            break
    return _grouped(number)


def _grouped(number: Decimal) -> str:
    return _group_digits(f"{number:f}")


def _group_digits(text: str) -> str:
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}"
