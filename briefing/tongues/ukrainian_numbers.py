"""Numbers, money and percent in Ukrainian: digits, and words behind them in the number that they ask for."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache

from briefing.currencies import is_currency
from briefing.facts import Quantity
from briefing.tongues.base import in_scale

__all__ = ["amount", "counted", "form", "in_digits", "on_axis"]

_TIED = "\N{NO-BREAK SPACE}"
_SCALES = {12: "трлн", 9: "млрд", 6: "млн", 0: ""}
_QUALIFIERS = {
    "value": "",
    "over": "понад",
    "under": "менш ніж",
    "about": "приблизно",
    "at_least": "щонайменше",
    "at_most": "щонайбільше",
}
# Where CLDR's name of a currency is not the one in use: for one, few, many and a fraction.
_OWN_NAMES = {
    "UAH": ("гривня", "гривні", "гривень", "гривні"),
    "GBP": ("фунт стерлінгів", "фунти стерлінгів", "фунтів стерлінгів", "фунта стерлінгів"),
}
_PLURALS = ("one", "few", "many", "other")
# Any number of the category, to ask CLDR for the name of a currency behind it.
_EXAMPLES = {"one": "1", "few": "2", "many": "5", "other": "1.5"}


def in_digits(number: Decimal) -> str:
    return ("−" if number < 0 else "") + _grouped(f"{abs(number):f}")


def amount(quantity: Quantity) -> str:
    if quantity.high is not None:
        return _range(quantity.low, quantity.high, quantity.unit)
    digits, scale = _scaled(quantity.low, quantity.unit)
    words = _with_unit(digits, scale, quantity.unit, _plural(quantity.low))
    return f"{_QUALIFIERS[quantity.qualifier]} {words}".strip()


def on_axis(number: Decimal, unit: str) -> str:
    """With the code of a currency, whose name is too long for an axis."""
    digits, scale = _scaled(number + 0, unit)
    words = digits + (_TIED + _SCALES[scale] if scale else "")
    if unit == "percent":
        return f"{words}{_TIED}%"
    return f"{words}{_TIED}{unit}" if is_currency(unit) else words


@lru_cache(maxsize=1_000)
def _plural(number: Decimal) -> str:
    """`one` (21), `few` (2 to 4), `many` (5, 11) or `other` (1.5), by the rule of CLDR."""
    from babel import Locale  # imported here: costs 35 ms

    form: str = Locale.parse("uk").plural_form(abs(number))
    return form


def form(number: int, one: str, few: str, many: str) -> str:
    return {"one": one, "few": few}.get(_plural(Decimal(number)), many)


def counted(number: int, one: str, few: str, many: str) -> str:
    return f"{_grouped(str(number))} {form(number, one, few, many)}"


def _grouped(text: str) -> str:
    """Digits with a comma and, from five on, with spaces between the thousands."""
    whole, _, decimals = text.partition(".")
    whole = str(int(whole)) if len(whole) < 5 else f"{int(whole):,}".replace(",", _TIED)
    return f"{whole},{decimals}" if decimals else whole


def _scaled(number: Decimal, unit: str) -> tuple[str, int]:
    """The digits of a number with its sign, and the power of ten that is said in a word."""
    sign, size = ("−", -number) if number < 0 else ("", number)
    text, scale = (f"{size:f}", 0) if unit == "percent" else in_scale(size)
    return sign + _grouped(text), scale


def _with_unit(digits: str, scale: int, unit: str, plural: str) -> str:
    words = digits + (_TIED + _SCALES[scale] if scale else "")
    if unit == "percent":
        return f"{words}{_TIED}%"
    return f"{words} {_currency(unit, 'many' if scale else plural)}" if is_currency(unit) else words


def _range(low: Decimal, high: Decimal, unit: str) -> str:
    """`2,5–3 млн доларів США`; with a minus or two scales `від … до …`, which wants the genitive."""
    first, scale = _scaled(low, unit)
    last, other = _scaled(high, unit)
    if scale == other and low >= 0:
        return _with_unit(f"{first}–{last}", scale, unit, _plural(high))
    first += _TIED + _SCALES[scale] if scale and scale != other else ""
    return f"від {first} до {_with_unit(last, other, unit, 'many')}"


@cache
def _currency(code: str, plural: str) -> str:
    if code in _OWN_NAMES:
        return _OWN_NAMES[code][_PLURALS.index(plural)]
    from babel.numbers import get_currency_name  # imported here: costs 35 ms

    return get_currency_name(code, count=Decimal(_EXAMPLES[plural]), locale="uk")
