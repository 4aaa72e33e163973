"""Dates in Ukrainian: months in two cases, prepositions, spans."""

from __future__ import annotations

import datetime

from briefing.dates import Date, Point

__all__ = ["MONTHS", "day_in_words", "day_on_axis", "in_citation", "in_words"]

# Nominative, and the genitive that stands behind a day.
MONTHS = (
    ("січень", "січня"),
    ("лютий", "лютого"),
    ("березень", "березня"),
    ("квітень", "квітня"),
    ("травень", "травня"),
    ("червень", "червня"),
    ("липень", "липня"),
    ("серпень", "серпня"),
    ("вересень", "вересня"),
    ("жовтень", "жовтня"),
    ("листопад", "листопада"),
    ("грудень", "грудня"),
)
_SHORT_MONTHS = "січ. лют. бер. квіт. трав. черв. лип. серп. вер. жовт. лист. груд.".split()
_TIED = "\N{NO-BREAK SPACE}"


def day_in_words(day: datetime.date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][1]} {day.year} року"


def in_words(date: Date) -> str:
    if date.end is None:
        return f"{_from(date.start)} {_genitive(date.start)}" if date.start else ""
    if date.start is None:
        return f"до {_genitive(date.end)}"
    if date.start == date.end:
        return _qualified(_nominative(date.end), _genitive_of(date.end), date.end.qualifier)
    if date.start.qualifier != date.end.qualifier:
        return f"{_from(date.start)} {_genitive(date.start)} до {_genitive(date.end)}"
    return _qualified(*_interval(date.start, date.end), date.start.qualifier)


def in_citation(date: Date) -> str:
    """A year stands alone in a citation."""
    if date.precision == "year" and date.start == date.end and date.start and not date.start.qualifier:
        return str(date.start.year)
    return in_words(date)


def day_on_axis(day: datetime.date, part: str) -> str:
    if part == "year":
        return str(day.year)
    month = _SHORT_MONTHS[day.month - 1]
    return f"{day.day}{_TIED}{month}" if part == "day" else f"{month} {day.year}"


def _nominative(point: Point) -> str:
    if point.month is None:
        return f"{point.year} рік"
    return _genitive_of(point) if point.day else f"{MONTHS[point.month - 1][0]} {point.year} року"


def _genitive_of(point: Point) -> str:
    year = f"{point.year} року"
    if point.month is None:
        return year
    day = f"{point.day} " if point.day else ""
    return f"{day}{MONTHS[point.month - 1][1]} {year}"


def _genitive(point: Point) -> str:
    """Behind a preposition, with what is said of the date behind it: `2022 року (приблизно)`."""
    about = " (приблизно)" if point.qualifier in ("~", "%") else ""
    return _genitive_of(point) + about + _uncertain(point.qualifier)


def _from(point: Point) -> str:
    """`з 2022 року`, `із січня`: no preposition of one consonant stands in front of its like."""
    return "із" if point.day is None and point.month in (1, 8) else "з"


def _uncertain(qualifier: str) -> str:
    return " (дата непевна)" if qualifier in ("?", "%") else ""


def _qualified(nominative: str, genitive: str, qualifier: str) -> str:
    words = f"близько {genitive}" if qualifier in ("~", "%") else nominative
    return words + _uncertain(qualifier)


def _interval(start: Point, end: Point) -> tuple[str, str]:
    """Both sides joined by a dash, in the nominative and the genitive; what they share is said once."""
    if start.precision == end.precision == "year":
        return f"{start.year}–{end.year} роки", f"{start.year}–{end.year} років"
    if start.precision == end.precision and start.year == end.year and start.month and end.month:
        if start.day is None:
            one, other = MONTHS[start.month - 1], MONTHS[end.month - 1]
            nominative, genitive = (f"{one[case]}–{other[case]} {end.year} року" for case in (0, 1))
            return nominative, genitive
        first = str(start.day) if start.month == end.month else f"{start.day} {MONTHS[start.month - 1][1]} "
        dash = "–" if start.month == end.month else "– "
        days = f"{first}{dash}{_genitive_of(end)}"
        return days, days
    return f"{_nominative(start)} – {_nominative(end)}", f"{_genitive_of(start)} – {_genitive_of(end)}"
