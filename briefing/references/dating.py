"""A date as reference managers write it → EDTF, and whether that says all of it."""

from __future__ import annotations

import re
from typing import Final

from briefing import dates

__all__ = ["edtf", "exact_day", "of_parts", "read_date"]

_LONGEST: Final = 80
_MONTHS: Final = {name[:3].lower(): number for number, name in enumerate(dates.MONTHS, 1)}
_MONTH: Final = r"(?P<word>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_YEAR: Final = r"(?P<year>[12][0-9]{3})"
# Of the day, in the rest behind it; nobody misses it.
_TIME: Final = re.compile(r"[0-9]{1,2}:[0-9:.]+ ?(?:Z|UTC|GMT|[-+][0-9:]+)?|/?", re.IGNORECASE)
_ABOUT: Final = re.compile(r"(?:about|around|circa|ca?\.?|~) ?", re.IGNORECASE)
# BibLaTeX's open ends; `2020-2022` of many programs.
_OPEN_END: Final = re.compile(r"([^/]+)/")
_OPEN_START: Final = re.compile(r"/([^/]+)")
_YEARS: Final = re.compile(r"([12][0-9]{3}) ?[-–] ?([12][0-9]{3})")
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}[-/.](?P<month>[0-9]{{1,2}})(?:[-/.](?P<day>[0-9]{{1,2}}))?(?:[T/ ](?P<rest>.*))?",
        rf"{_YEAR}/(?P<month>[0-9]{{0,2}})/(?P<day>[0-9]{{0,2}})(?:/(?P<rest>.*))?",  # 2020///Spring of RIS
        rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
        rf"{_YEAR}/*",
        rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\.? {_MONTH},? {_YEAR}",
        rf"{_MONTH} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_MONTH},? {_YEAR}",
        rf"{_YEAR},? {_MONTH}(?: (?P<day>[0-9]{{1,2}}))?",
    )
)


def edtf(text: str) -> str:
    """The date that a text writes, in any of the usual ways that can be read in one way; empty where it cannot."""
    return read_date(text)[0]


def read_date(text: str) -> tuple[str, bool]:
    """The same, and whether it says all that the text does: of February 30 only the month is left."""
    text = " ".join(text[: _LONGEST + 1].split())
    if len(text) > _LONGEST:
        return "", False
    for written in (text, _OPEN_END.sub(r"\1/..", text), _OPEN_START.sub(r"../\1", text)):
        if date := _checked(written):
            return date, True
    if about := _ABOUT.match(text):
        point, whole = read_date(text[about.end() :])
        return (f"{point}~" if point and point[-1].isdigit() and "/" not in point else point), whole
    if years := _YEARS.fullmatch(text):
        return _checked(f"{years[1]}/{years[2]}"), True
    for form in _FORMS:
        if found := form.fullmatch(text):
            parts = {"month": "", "day": "", "word": "", "rest": "", **found.groupdict("")}
            month = parts["month"] or str(_MONTHS[parts["word"][:3].lower()] if parts["word"] else "")
            date, whole = of_parts([parts["year"], month, parts["day"]])
            return date, whole and bool(_TIME.fullmatch(parts["rest"]))
    return "", False


def exact_day(date: str) -> str:
    """An EDTF date, where it is one exact day; else empty."""
    try:
        dates.day(date)
    except ValueError:
        return ""
    return date


def of_parts(parts: list[str]) -> tuple[str, bool]:
    """Year, month, day → a date, and whether it has them all; one that does not exist ends it.

    What is empty or zero is none. Without a year there is no date.
    """
    if not parts or not re.fullmatch(r"\+?[0-9]{1,9}", parts[0]):
        return "", False
    date, used = "", 0
    numbers = [int(part) if re.fullmatch("[0-9]{1,9}", part) else 0 for part in parts[:3]]
    for number, digits in zip(numbers, (4, 2, 2), strict=False):
        longer = f"{date}-{number:0{digits}}" if date else f"{number:0{digits}}"
        if not number or not _checked(longer):
            break
        date, used = longer, used + 1
    return date, not any(part.strip("0 ") for part in parts[used:3])


def _checked(text: str) -> str:
    """The text, where it is an EDTF date of the facts file."""
    try:
        return dates.parse(text).text
    except ValueError:
        return ""
