"""What is known of two numbers (exactly, about, or by bounds) → what is known of their sum, product and so on.

A number that is known by bounds is the set of all it may be, and so is the result: it holds every value that the
operands allow, exactly (fractions, no floats). An end that does not belong to the set is open; infinity always is.

| qualifier               | the set           | operation                         | the result           |
|-------------------------|-------------------|-----------------------------------|----------------------|
| value v                 | [v, v]            | value with value                  | value                |
| about v                 | v, marked         | about with value, about           | about                |
| over v, at_least v      | (v, ∞), [v, ∞)    | over + value, over - value        | over                 |
| under v, at_most v      | (-∞, v), (-∞, v]  | value - over, over * -2           | under                |
| low to high             | [low, high]       | value / over (both above zero)    | under                |
|                         |                   | over + at_least                   | over                 |
|                         |                   | range with value, with range      | range                |

Nothing follows, and none is given, of over - over, over + under and under * under, which can be any number; of
over / over, of which only the sign is known; and of about with a bound or a range, for which no word would be true.
Division by what may be zero is refused; "under 5" may be.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

__all__ = ["End", "Interval", "Undetermined", "between", "claim", "decimal_of", "exactly"]

# Numerators of a formula's 100 operands multiplied; beyond it Python would not even print them.
_MOST_BITS = 12_000
_MOST_DECIMALS = 30
_TOO_LARGE = 10**18


class Undetermined(ValueError):
    """No statement about the result would be both true and worth printing; the message says why."""


@dataclass(frozen=True, slots=True)
class End:
    """An end of a set of numbers; `at` is a fraction or an infinity."""

    at: Fraction | float
    open: bool = False

    def __add__(self, other: End) -> End:
        for end in (self, other):
            if isinstance(end.at, float):
                return end
        return End(self.at + other.at, self.open or other.open)

    def __mul__(self, other: End) -> End:
        if self.at == 0 or other.at == 0:  # nought times whatever the other comes near
            attained = (self.at == 0 and not self.open) or (other.at == 0 and not other.open)
            return End(Fraction(0), not attained)
        if isinstance(self.at, float) or isinstance(other.at, float):
            return End(math.inf if (self.at > 0) == (other.at > 0) else -math.inf, True)
        return End(self.at * other.at, self.open or other.open)

    def __neg__(self) -> End:
        return End(-self.at, self.open)

    def inverse(self, side: int) -> End:
        """One divided by it; `side` is the sign of the numbers beside it, which tells the infinity from nought."""
        if self.at == 0:
            return End(side * math.inf, True)
        return End(Fraction(0), True) if isinstance(self.at, float) else End(1 / self.at, self.open)


_NOWHERE = End(math.inf, True)


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from `low` to `high`; or one number that is known roughly, `about`."""

    low: End
    high: End
    about: bool = False

    @property
    def is_point(self) -> bool:
        return self.low == self.high

    def _ends(self) -> tuple[End, ...]:
        return (self.low,) if self.is_point else (self.low, self.high)

    def __contains__(self, number: Fraction) -> bool:
        above = number > self.low.at or (number == self.low.at and not self.low.open)
        below = number < self.high.at or (number == self.high.at and not self.high.open)
        return above and below

    def __add__(self, other: Interval) -> Interval:
        return _checked(self.low + other.low, self.high + other.high, self, other)

    def __sub__(self, other: Interval) -> Interval:
        return _checked(self.low + -other.high, self.high + -other.low, self, other)

    def __mul__(self, other: Interval) -> Interval:
        corners = [end * beside for end in self._ends() for beside in other._ends()]
        low = min(corners, key=lambda end: (end.at, end.open))
        high = max(corners, key=lambda end: (end.at, not end.open))
        return _checked(low, high, self, other)

    def __truediv__(self, other: Interval) -> Interval:
        """ZeroDivisionError where the divisor is or may be zero."""
        if Fraction(0) in other:
            raise ZeroDivisionError("divides by zero" if other.is_point else "divides by what may be zero")
        side = 1 if other.high.at > 0 else -1
        inverse = Interval(other.high.inverse(side), other.low.inverse(side), other.about)
        return self * inverse


def _checked(low: End, high: End, *operands: Interval) -> Interval:
    """The result of an operation on these operands, or Undetermined."""
    about = any(operand.about for operand in operands)
    if about and not all(operand.is_point for operand in operands):
        raise Undetermined(
            'mixes "about" with a bound, such as "over", or a range; no such word would be true of the result'
        )
    for end in (low, high):
        if isinstance(end.at, Fraction) and end.at.numerator.bit_length() > _MOST_BITS:
            raise Undetermined("gives larger numbers on the way than anything that is counted here")
        if isinstance(end.at, Fraction) and end.at.denominator.bit_length() > _MOST_BITS:
            raise Undetermined("gives smaller fractions on the way than anything that is counted here")
    return Interval(low, high, about)


def exactly(number: Decimal) -> Interval:
    """A number that is known."""
    return Interval(End(Fraction(number)), End(Fraction(number)))


def between(qualifier: str, low: Decimal, high: Decimal | None) -> Interval:
    """What a quantity says: a key of QUALIFIERS with its number, or `range` with both."""
    at = End(Fraction(low))
    bound = End(Fraction(low), qualifier in ("over", "under"))
    if qualifier in ("over", "at_least"):
        return Interval(bound, _NOWHERE)
    if qualifier in ("under", "at_most"):
        return Interval(-_NOWHERE, bound)
    return Interval(at, End(Fraction(high)) if high is not None else at, qualifier == "about")


def claim(known: Interval) -> tuple[str, tuple[Fraction, ...]]:
    """The qualifier of what is known, and its number or, of a `range`, its two; Undetermined where nothing is.

    What lies between nought and a bound is "under" it. Bounds that do not belong to a range are given as if they did.
    """
    low, high = known.low, known.high
    if known.is_point:
        assert isinstance(low.at, Fraction)  # no infinity is a low and a high end
        return ("about" if known.about else "value"), (low.at,)
    if isinstance(high.at, Fraction) and (isinstance(low.at, float) or low == End(Fraction(0), True)):
        return _bound(high, "under", "at_most")
    if isinstance(low.at, Fraction) and isinstance(high.at, float):
        return _bound(low, "over", "at_least")
    if isinstance(low.at, Fraction) and isinstance(high.at, Fraction):
        return "range", (low.at, high.at)
    raise Undetermined("leaves the result open: it could be any number")


def _bound(end: End, open: str, closed: str) -> tuple[str, tuple[Fraction, ...]]:
    assert isinstance(end.at, Fraction)
    if end.at == 0:
        raise Undetermined("leaves the result open: only its sign follows")
    return (open if end.open else closed), (end.at,)


# To the nearest, half to even; a lower bound down and an upper bound up, so that what was true of it stays true.
_ROUNDINGS: dict[str, tuple[Callable[[Fraction], int], ...]] = {
    "value": (round,),
    "about": (round,),
    "over": (math.floor,),
    "at_least": (math.floor,),
    "under": (math.ceil,),
    "at_most": (math.ceil,),
    "range": (math.floor, math.ceil),
}


def decimal_of(qualifier: str, numbers: tuple[Fraction, ...], digits: int) -> tuple[Decimal, ...]:
    """The numbers of a claim as decimals of so many significant digits (0: exact); Undetermined if there are none."""
    return tuple(
        _decimal(number, digits, how) for number, how in zip(numbers, _ROUNDINGS[qualifier], strict=True)
    )


def _decimal(number: Fraction, digits: int, how: Callable[[Fraction], int]) -> Decimal:
    if abs(number) >= _TOO_LARGE:
        raise Undetermined("gives a larger number than anything that is counted here")
    places = _places(number.denominator)
    if digits and number:
        unit = _exponent(number) - digits + 1
        if -unit > _MOST_DECIMALS:
            raise Undetermined("gives a smaller fraction than anything that is counted here")
        shortened = how(number / Fraction(10) ** unit)
        if shortened * Fraction(10) ** unit != number:
            return Decimal(f"{shortened}e{unit}")
    if places is None:
        raise Undetermined(
            "gives a number whose digits never end; add round: 3, or as many digits as shall be kept"
        )
    if places > _MOST_DECIMALS:
        raise Undetermined(
            f"gives a number with {places} decimals; add round: 3, or as many digits as shall be kept"
        )
    return Decimal(f"{number.numerator * 10**places // number.denominator}e{-places}")


def _places(denominator: int) -> int | None:
    """How many decimals a fraction in lowest terms has; None where they never end."""
    powers = []
    for factor in (2, 5):
        power = 0
        while denominator % factor == 0:
            denominator //= factor
            power += 1
        powers.append(power)
    return max(powers) if denominator == 1 else None


def _exponent(number: Fraction) -> int:
    """The power of ten of the first significant digit."""
    size = abs(number)
    exponent = len(str(size.numerator)) - len(str(size.denominator))
    return exponent if size >= Fraction(10) ** exponent else exponent - 1
