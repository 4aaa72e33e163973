"""A date as reference managers write it → EDTF."""

from __future__ import annotations

import re
from typing import Final

from briefing import dates

__all__ = ["edtf", "exact_day", "of_parts"]

_LONGEST: Final = 80
_MONTHS: Final = {name[:3].lower(): number for number, name in enumerate(dates.MONTHS, 1)}
_MONTH: Final = r"(?P<word>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_YEAR: Final = r"(?P<year>[12][0-9]{3})"
_ABOUT: Final = re.compile(r"(?:about|around|circa|ca?\.?|~) ?", re.IGNORECASE)
# BibLaTeX's open ends; `2020-2022` of many programs.
_OPEN_END: Final = re.compile(r"([^/]+)/")
_OPEN_START: Final = re.compile(r"/([^/]+)")
_YEARS: Final = re.compile(r"([12][0-9]{3}) ?[-–] ?([12][0-9]{3})")
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}[-/.](?P<month>[0-9]{{1,2}})(?:[-/.](?P<day>[0-9]{{1,2}}))?(?:[T/ ].*)?",  # 2020/05/03/ of RIS
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
    text = " ".join(text[: _LONGEST + 1].split())
    if len(text) > _LONGEST:
        return ""
    for written in (text, _OPEN_END.sub(r"\1/..", text), _OPEN_START.sub(r"../\1", text)):
        if date := _checked(written):
            return date
    if about := _ABOUT.match(text):
        point = edtf(text[about.end() :])
        return f"{point}~" if point and point[-1].isdigit() and "/" not in point else point
    if years := _YEARS.fullmatch(text):
        return _checked(f"{years[1]}/{years[2]}")
    for form in _FORMS:
        if found := form.fullmatch(text):
            parts = {"month": "", "day": "", "word": "", **found.groupdict()}
            month = parts["month"] or str(_MONTHS[parts["word"][:3].lower()] if parts["word"] else "")
            return of_parts([parts["year"], month, parts["day"] or ""])
    return ""


def exact_day(date: str) -> str:
    """An EDTF date, where it is one exact day; else empty."""
    try:
        dates.day(date)
    except ValueError:
        return ""
    return date


def of_parts(parts: list[str]) -> str:
    """Year, month, day → a date; what is empty, zero or no such month or day ends it. Empty where there is no year."""
    if not parts or not re.fullmatch(r"\+?[0-9]{1,9}", parts[0]):
        return ""
    date = ""
    numbers = [int(part) if re.fullmatch("[0-9]{1,9}", part) else 0 for part in parts[:3]]
    for number, digits in zip(numbers, (4, 2, 2), strict=False):
        longer = f"{date}-{number:0{digits}}" if date else f"{number:0{digits}}"
        if not number or not _checked(longer):
            break
        date = longer
    return date


def _checked(text: str) -> str:
    """The text, where it is an EDTF date of the facts file."""
    try:
        return dates.parse(text).text
    except ValueError:
        return ""
