"""American prose → the dates typed in it: "January 12, 2026", "the twentieth of May", "1–3 May", 2026-01-12."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator

__all__ = ["MONTHS", "as_ascii", "full_dates", "months", "without_dates"]

MONTHS = "January February March April May June July August September October November December".split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth"
    " twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()
_NTH = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_MONTH = "|".join([*MONTHS, *(rf"{name[:3]}\b\.?" for name in MONTHS), r"Sept\b\.?"])
_DATE = re.compile(
    r"\b(?:(?:(?P<first>\d{1,2})(?:st|nd|rd|th)?"
    # "24–25 January 2026", "24 and 25 January"
    r"(?:(?:[–-]|\s(?:to|through|and)\s)(?P<until>\d{1,2})(?:st|nd|rd|th)?)?"
    rf"(?:\sof)?|(?P<nth>{_NTH})(?:\sday)?\sof)\s)?(?P<month>{_MONTH})"
    r"(?:\s(?:the\s)?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    # "May 1–3", "May 1 to 3, 2025"; not "on May 1 and 3 people"
    r"(?:(?:[–-]|\s(?:to|through|and)\s(?=\d{1,2}(?:[,.;)]|\s(?:19|20)\d\d|$)))(?P<last>\d{1,2}))?(?!\d)|(?P<word>"
    rf"{_NTH})\b))?(?:,?\s(?:of\s)?(?P<year>\d{{4}})(?!\d))?",
    re.IGNORECASE,
)
# Looked for first, in small letters, and the pattern only from as far before as a day may stand: ten times as fast.
_NEAR = re.compile(rf"\b(?:{'|'.join(name[:3].casefold() for name in MONTHS)})")
_LONGEST_DAY = len("twenty-seventh day of ")
_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d\d)-(\d\d)(?![\w-])")
# In small letters these are verbs and adjectives, and without a full stop names: then a whole date is wanted.
_OTHER_WORDS = frozenset("may march mar jan dec august".split())
_IN = re.compile(
    r"\b(?:in|since|until|till|by|from|through|during|of|last|next|this|late|early|mid|before|after|between|on|and|to)[\s-]$",
    re.IGNORECASE,
)

# Letters that `re.IGNORECASE` takes for i, s and k and no table of words has; digits set small or in circles, hyphens.
_DRAWN_AS_ASCII = str.maketrans("ıİſK‐‑⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉①②③④⑤⑥⑦⑧⑨", "iIsK--01234567890123456789123456789")


def as_ascii(text: str) -> str:
    """The text, as long as before, with such letters and digits as the plain ones."""
    return text if text.isascii() else text.translate(_DRAWN_AS_ASCII)


def without_dates(text: str, dated: Callable[[str, Iterable[int]], None]) -> str:
    """The text with the year of each date in its place, if any; `dated` hears its month and its days."""

    def date(found: re.Match[str]) -> str:
        month = _month(found)
        if not month:
            return found[0]
        dated(month, _days(found))
        return f" {found['year'] or ''} "

    def iso(found: re.Match[str]) -> str:
        year, month, day = map(int, found.groups())
        if not 1 <= month <= 12:
            return found[0]
        dated(MONTHS[month - 1], (day,))
        return f" {year} "

    text = _ISO.sub(iso, text)
    rest: list[str] = []
    end = 0
    for found in _dates(text):
        rest += (text[end : found.start()], date(found))
        end = found.end()
    return "".join((*rest, text[end:]))


def _dates(text: str) -> Iterator[re.Match[str]]:
    """What looks like a date, in a text that is plain (`as_ascii`)."""
    place, small = 0, text.lower()
    while near := _NEAR.search(small, place):
        found = _DATE.search(text, max(place, near.start() - _LONGEST_DAY))
        if not found:
            return
        yield found
        place = found.end()


@functools.lru_cache(maxsize=1 << 16)  # four rules ask for the dates of each text
def full_dates(text: str) -> tuple[tuple[str, tuple[int, int, int]], ...]:
    """The dates of a text that have day, month and year: the words, and year, month and day as numbers."""
    return tuple(_full_dates(as_ascii(text)))


def months(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The months of a text that have a year and no day: the words, and year and month as numbers."""
    for found in _dates(as_ascii(text)):
        month = _month(found)
        if month and found["year"] and not any(True for _ in _days(found)):
            yield found[0], (int(found["year"]), MONTHS.index(month) + 1)


def _full_dates(text: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    for found in _dates(text):
        month = _month(found)
        if month and found["year"]:
            for day in _days(found):
                yield found[0], (int(found["year"]), MONTHS.index(month) + 1, day)
    for iso in _ISO.finditer(text):
        yield iso[0], (int(iso[1]), int(iso[2]), int(iso[3]))


def _month(found: re.Match[str]) -> str:
    """The month of what looks like a date, or nothing where it is another word."""
    typed = found["month"]
    bare = typed.rstrip(".")
    month = next(name for name in MONTHS if name[:3].casefold() == bare[:3].casefold())
    days = bool(found["first"] or found["nth"] or found["day"] or found["word"])
    if days and found["year"]:
        return month
    if bare[0].islower() and bare in _OTHER_WORDS:  # "may 5", "march 2000 miles"
        return ""
    if days or found["year"] or bare.casefold() == month.casefold() != "may" or typed.endswith("."):
        return month
    before = found.string[max(0, found.start() - 12) : found.start()]
    return month if bare == "May" and _IN.search(before) else ""  # else the verb, at the head of a question


def _days(found: re.Match[str]) -> Iterator[int]:
    for day in filter(None, (found["first"], found["until"], found["day"], found["last"])):
        yield int(day)
    for word in filter(None, (found["nth"], found["word"])):
        yield _ORDINALS.index(word.casefold()) + 1
