"""Axes: round steps of numbers, and of days, months and years."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

__all__ = ["amounts", "days"]

_ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
# In months; a step of days lies below one of them.
_STEPS_OF_DAYS = (1, 2, 7, 14)
_STEPS_OF_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
_MOST_YEAR = 9999


def amounts(least: Decimal, most: Decimal, parts: int) -> list[Decimal]:
    """Round numbers from at or below `least` to at or above `most`, zero among them, in about `parts` steps."""
    span = max(most, Decimal(0)) - min(least, Decimal(0))
    rough = span / parts if span else Decimal(1)
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * size for size in _ROUND if power * size >= rough).normalize()
    first = (min(least, Decimal(0)) / step).to_integral_value(rounding="ROUND_FLOOR")
    last = (max(most, Decimal(0)) / step).to_integral_value(rounding="ROUND_CEILING")
    return [step * number for number in range(int(first), int(last) + 1)] or [Decimal(0)]


def days(first: datetime.date, last: datetime.date, most: int) -> list[tuple[datetime.date, str]]:
    """At most `most` days from `first` to `last`, at equal steps, each with what it begins: a day, month or year."""
    span = (last - first).days
    for step in _STEPS_OF_DAYS:
        if span // step < most and span < 62:
            return [
                (first + datetime.timedelta(days=number), "day")
                for number in range(-first.toordinal() % step if step > 1 else 0, span + 1, step)
            ]
    for step in _STEPS_OF_MONTHS:
        found = list(_months(first, last, step, most))
        if len(found) <= most:
            return [(day, "year" if step >= 12 else "month") for day in found]
    return [(first, "year")]


def _months(first: datetime.date, last: datetime.date, step: int, most: int) -> Iterator[datetime.date]:
    """The first days of months whose number since year 0 is a multiple of `step`; one more than `most` at most."""
    number = -(-(first.year * 12 + first.month - (first.day == 1)) // step) * step
    for _ in range(most + 1):
        year, month = divmod(number, 12)
        if year > _MOST_YEAR or datetime.date(year, month + 1, 1) > last:
            return
        yield datetime.date(year, month + 1, 1)
        number += step
