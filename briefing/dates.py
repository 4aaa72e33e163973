"""A date as a facts file writes it (EDTF, the part needed here) → its first and last day.

`2026`, `2026-01`, `2026-01-26`; with `~` (about), `?` (uncertain) or `%` (both) at its end; two of them with
a slash between, one of which may be `..` for an open side.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["MONTHS", "Date", "Point", "Precision", "day", "instant", "parse", "zone"]

Precision = Literal["day", "month", "year"]

_FORM: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?(?P<qualifier>[~?%])?"
)
_OPEN: Final = ".."
_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH_WORD: Final = "(?P<word>(?i:" + "|".join(f"{name[:3]}[a-z]*" for name in MONTHS) + r"))\.?"


@dataclass(frozen=True, slots=True)
class Point:
    """One side of an interval, or a date by itself: a year, a month or a day."""

    year: int
    month: int | None
    day: int | None
    qualifier: str

    @property
    def first(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> datetime.date:
        month = self.month or 12
        return datetime.date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def precision(self) -> Precision:
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"


@dataclass(frozen=True, slots=True)
class Date:
    """A date or an interval; `text` is what was written. Without `start` or `end` that side is open."""

    text: str
    start: Point | None
    end: Point | None

    def __str__(self) -> str:
        return self.text

    @property
    def earliest(self) -> datetime.date | None:
        """The first day it can mean, taking `about 2022` for 2022; None where the start is open."""
        return self.start.first if self.start else None

    @property
    def latest(self) -> datetime.date | None:
        """The last day it can mean, taking `about 2022` for 2022; None where the end is open."""
        return self.end.last if self.end else None

    @property
    def precision(self) -> Precision:
        """The coarser one of its two sides."""
        written = {point.precision for point in (self.start, self.end) if point}
        return "year" if "year" in written else "month" if "month" in written else "day"

    @property
    def is_single_day(self) -> bool:
        return self.precision == "day" and self.earliest == self.latest

    @property
    def is_approximate(self) -> bool:
        return any(point and point.qualifier in ("~", "%") for point in (self.start, self.end))

    @property
    def is_uncertain(self) -> bool:
        return any(point and point.qualifier in ("?", "%") for point in (self.start, self.end))

    @property
    def sort_key(self) -> tuple[datetime.date, datetime.date]:
        """By the first day, then by the last; what has an open start comes first."""
        return (self.earliest or datetime.date.min, self.latest or datetime.date.max)


def parse(text: str) -> Date:
    """The date that `text` writes; a ValueError says what is wrong with it and what to write."""
    first, slash, second = text.partition("/")
    if not slash:
        point = _point(text, text)
        return Date(text, point, point)
    if first == second == _OPEN:
        raise ValueError('"../.." has neither a beginning nor an end')
    start, end = (None if side == _OPEN else _point(side, text) for side in (first, second))
    if start and end and end.last < start.first:
        raise ValueError(f'"{_shown(text)}" ends before it begins')
    return Date(text, start, end)


def day(text: str) -> datetime.date:
    """The one exact day that `text` writes, for a field that allows nothing else."""
    date = parse(text)
    if "/" in text or date.start is None or date.start.day is None or date.start.qualifier:
        raise ValueError(f'"{_shown(text)}" is not one exact day; write it like 2026-01-26')
    return date.start.first


def instant(text: str) -> datetime.datetime:
    """The moment that `text` writes: a day, an hour, and how far that is from UTC (EDTF level 0, RFC 3339)."""
    found = _INSTANT.fullmatch(text)
    if not found:
        raise ValueError(
            f'"{_shown(text)}" is no moment; write day, hour and distance from UTC: 2026-01-28T06:00-05:00'
        )
    date, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        clock = datetime.time(int(hour), int(minute), int(second or 0))
        away = datetime.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        zone = datetime.timezone(-away if sign == "-" else away)
    except ValueError:
        raise ValueError(f'"{_shown(text)}" is no hour of a day') from None
    return datetime.datetime.combine(day(date), clock, zone)


def zone(moment: datetime.datetime) -> str:
    """How far the clock of a moment is from UTC, in any language: `UTC−5`, `UTC+5:30`."""
    minutes = int((moment.utcoffset() or datetime.timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def _point(side: str, text: str) -> Point:
    match = _FORM.fullmatch(side)
    if not match:
        raise ValueError(f'"{_shown(text)}" cannot be read as a date: {_advice(text)}')
    year, month, day = (int(match[part]) if match[part] else None for part in ("year", "month", "day"))
    assert year is not None
    _check_calendar(text, year, month, day)
    return Point(year, month, day, match["qualifier"] or "")


def _check_calendar(text: str, year: int, month: int | None, day: int | None) -> None:
    if not 1000 <= year <= 2999:
        raise ValueError(f'"{_shown(text)}": a year lies between 1000 and 2999')
    if month is None:
        return
    if not 1 <= month <= 12:
        raise ValueError(
            f'"{_shown(text)}": there is no month {month}; write year-month-day, like 2026-01-26'
        )
    days = monthrange(year, month)[1]
    if day is not None and not 1 <= day <= days:
        raise ValueError(f'"{_shown(text)}": {MONTHS[month - 1]} {year} has {days} days')


# What people write instead, and what they are told. The first pattern that fits the whole text counts; a
# group that names a year, a month and a day makes the advice say the very date.
_NEAR_MISSES: Final = tuple(
    (re.compile(pattern), advice)
    for pattern, advice in (
        (r"\s*", "write it like 2026-01-26, 2026-01 or 2026"),
        (r"\s+.*|.*\s+", "remove the spaces around it"),
        (rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.? {_MONTH_WORD},? (?P<year>\d{{4}})", ""),
        (rf"{_MONTH_WORD} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})", ""),
        (rf"{_MONTH_WORD},? (?P<year>\d{{4}})", ""),
        (r"(?P<one>\d{1,2})[./-](?P<two>\d{1,2})[./-](?P<year>\d{4})", ""),
        (r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)", ""),
        (r"(?P<year>\d{4})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})", ""),
        (r"(?P<year>\d{4})[./-](?P<month>\d{1,2})", ""),
        (r"\d{4}-\d\d-\d\d[T ]\d\d?:.*", "write the day alone, without the time"),
        (r"\d{4}-?[Ww]\d.*", "write days instead of weeks, like 2026-01-26/2026-02-01"),
        (r"\d{1,3}|\d{2}-\d{2}-\d{2}", "a year has four digits"),
        (r"\d{3}[0Xxu]s?", "for a decade write its first and last year, like 2020/2029"),
        (r"\d{4}-\d\d-\d\d/\d\d(?:-\d\d)?", "write both dates in full, like 2026-01-24/2026-01-25"),
        (r"(?P<year>\d{4})(?:-|/|–| ?- ?present|/now|/present|/open)", "write {year}/.. for an open end"),
        (r"(?:/|-|–)(?P<year>\d{4})", "write ../{year} for an open beginning"),
        (r"(?i:since|after|from) (?P<year>\d{4})", "write {year}/.."),
        (r"(?i:until|till|before|to) (?P<year>\d{4})", "write ../{year}"),
        (r"(?i:about|around|circa|approx\.?|ca?\.?|~) ?(?P<year>\d{4})", "write {year}~"),
        (r".*(?:~\?|\?~)", 'write "%" for both about and uncertain'),
        (r"\S+ ?(?:–|—|--| - | to |\.\.) ?\S+|\S+ / \S+", "write an interval like 2026-01-24/2026-01-25"),
        (r"(?i:today|yesterday|tomorrow|now)", "write the day itself, like 2026-01-26"),
        (r".*/.*/.*", "write an interval with one slash, like 2026-01-24/2026-01-25"),
    )
)


def _advice(text: str) -> str:
    for pattern, advice in _NEAR_MISSES:
        if match := pattern.fullmatch(text[:80]):
            parts = {name: _in_ascii(value or "") for name, value in match.groupdict().items()}
            return advice.format_map(parts) if advice else f"write {_as_edtf(parts)}"
    return "write it like 2026-01-26, 2026-01 or 2026"


def _in_ascii(text: str) -> str:
    """The text with the digits of any script as those that EDTF has: else the advice would be what is written."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def _as_edtf(parts: dict[str, str]) -> str:
    if "one" in parts:
        return _either_order(int(parts["one"]), int(parts["two"]), parts["year"])
    month = parts.get("month") or _month_number(parts["word"])
    return "-".join([parts["year"], *(f"{int(part):02}" for part in (month, parts.get("day")) if part)])


def _either_order(one: int, two: int, year: str) -> str:
    """`1/26/2026` can be read in one way, `3/4/2026` in two."""
    orders = {f"{year}-{month:02}-{day:02}" for month, day in ((one, two), (two, one)) if month <= 12}
    if len(orders) == 2:
        return " or ".join(sorted(orders)) + ", whichever is meant"
    return orders.pop() if orders else "it like 2026-01-26"


def _month_number(word: str) -> str:
    word = word.lower().replace("ı", "i").replace("ſ", "s")  # which `re.IGNORECASE` takes for i and s
    return str(next((n for n, name in enumerate(MONTHS, 1) if name[:3].lower() == word[:3]), 1))


def _shown(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 40 else one_line[:39] + "…"
