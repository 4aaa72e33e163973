"""Figures and dates mentioned in prose, in a form that can be compared: "$100 billion" = "100 billion dollars"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from briefing.designations import CURRENCY_CODES

__all__ = ["Mentions", "mentions_in", "qualifier"]

_MONTHS = "January February March April May June July August September October November December".split()
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_SMALL = {word: n for n, word in enumerate(f"{_UNITS} seventeen eighteen nineteen".split())}
_TENS = {
    word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "bn": 10**9,
    "dozen": 12,
}
_SHORT = {"k": 1000, "m": 10**6, "mn": 10**6, "tn": 10**12}
_CURRENCIES = {
    "$": "USD",
    "dollar": "USD",
    "€": "EUR",
    "euro": "EUR",
    "£": "GBP",
    "pound": "GBP",
    "₴": "UAH",
    "hryvnia": "UAH",
}

_WORD = "|".join([*_SMALL, *_TENS, *_SCALES])
_FRACTION = re.compile(
    r"\b(?:(?:one|two|three|four|five)[- ](?:half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|tenths?)"
    r"|half|twice|thrice|double|triple)\b",
    re.IGNORECASE,
)
_OF_FRACTIONS = re.compile("hal[fv]|ird|uart|ourth|ifth|ixth|enth|wice|rice|ouble|iple", re.IGNORECASE)
_FIGURE = re.compile(
    r"(?P<sign>[$€£₴]|\b(?-i:[A-Z]{3})\s)?\s?"
    r"(?:(?<![\w.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?(?!\d))"
    rf"(?:[\s-]?(?P<scale>{'|'.join(_SCALES)})\b|(?P<short>mn|m|k|tn)\b)?"
    rf"|\b(?P<words>(?:{_WORD})(?:(?:[\s-]|\sand\s)(?:{_WORD}))*)\b)"
    r"(?:\s(?P<name>dollar|euro|pound|hryvnia)s?)?(?P<percent>\s?%|[\s-]percent\b|\sper\scent\b)?",
    re.IGNORECASE,
)
_FIRST_LETTERS = "".join(sorted({word[0] for word in _WORD.split("|")}))
_BEGINS = re.compile(
    rf"[$€£₴]|(?-i:\b[A-Z]{{3}}\s(?=\d))|\d|\b(?=[{_FIRST_LETTERS}])(?:{_WORD})\b", re.IGNORECASE
)
_GLUED = re.compile(rf"\b({CURRENCY_CODES})(?=\d)")  # "USD5 million"
_MONTH = "|".join([*_MONTHS, *(rf"{name[:3]}\." for name in _MONTHS), r"Sept\."])
_DATE = re.compile(
    rf"\b(?:(?P<first>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s)?(?P<month>{_MONTH})"
    r"(?:\s(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:[–-](?P<last>\d{1,2}))?(?!\d))?(?:,?\s(?P<year>\d{4}))?"
)

# A word of one of these may begin a figure or date; a sentence without them and without digits mentions none.
_TELLING = frozenset(
    word.casefold()
    for word in (
        *_SMALL,
        *_TENS,
        *_SCALES,
        *_MONTHS,
        *(name[:3] for name in (*_MONTHS, "Sept")),
        *"half halves third thirds quarter quarters fourth fourths fifth fifths sixth sixths tenth tenths".split(),
        *"twice thrice double triple sept".split(),
    )
)


# Letters that `re.IGNORECASE` takes for i, s and k, and no table of words has.
_DRAWN_AS_ASCII = str.maketrans("ıİſK", "iIsK")


def _may_mention(text: str) -> bool:
    """Whether it is worth looking for figures and dates: most sentences have none."""
    return bool(re.search(r"\d", text)) or not _TELLING.isdisjoint(re.split(r"\W+", text.casefold()))


# The words before a figure that change what it says, and what they mean.
_QUALIFIER_WORDS = {
    "over": "over|more than|above|exceeding|in excess of|upwards of",
    "under": "under|less than|below|fewer than|short of",
    "nearly": "nearly|almost|close to",
    "about": "about|around|roughly|approximately|approx\\.|some|circa|ca\\.|an estimated|estimated",
    "at least": "at least|no less than|no fewer than|a minimum of",
    "at most": "at most|up to|no more than|not more than|a maximum of|as much as|as many as",
}
_QUALIFIER = re.compile(
    r"\b(?:"
    + "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _QUALIFIER_WORDS.items())
    + r")(?:\s+an?)?\s*$",
    re.IGNORECASE,
)


_LONGEST_QUALIFIER = 30
_LAST_WORDS = tuple(
    {
        phrase.replace("\\", "").rpartition(" ")[2]
        for phrases in _QUALIFIER_WORDS.values()
        for phrase in phrases.split("|")
    }
)


@dataclass(frozen=True, slots=True)
class Mentions:
    """What prose mentions, each with its words.

    `figures`: value and unit (ISO code, percent, or empty) → the qualifiers it has ("over", or empty) → the words;
    `days`: month and day (or 0) → the words.
    """

    figures: dict[tuple[str, str], dict[str, str]]
    days: dict[tuple[str, int], str]

    def missing_from(self, known: Mentions) -> Iterator[str]:
        """The words of what is mentioned here and not there.

        A figure without a unit matches any unit there. One with a unit must have the same qualifier: "under $5
        million" and "$5 million" are not in "over $5 million".
        """
        for (value, unit), said in self.figures.items():
            there = known.figures.get((value, unit), {}) if unit else _any_unit(known, value)
            for said_of, words in said.items():
                if not there or (said_of not in there and (unit or said_of)):
                    yield f"{said_of} {words}".strip()
        strange = {day: words for day, words in self.days.items() if day not in known.days}
        for (month, number), words in strange.items():
            if number or not any(month == other and day for other, day in strange):
                yield words

    def numbers(self) -> Iterator[str]:
        """The words of all figures."""
        for said in self.figures.values():
            yield from said.values()

    def amounts(self) -> Iterator[str]:
        """The words of the figures that have a unit."""
        for (_, unit), said in self.figures.items():
            if unit:
                yield from said.values()


def _any_unit(known: Mentions, value: str) -> dict[str, str]:
    """The qualifiers that a value has there, whatever its unit."""
    return {
        q: words for (other, _), said in known.figures.items() if other == value for q, words in said.items()
    }


def mentions_in(text: str) -> Mentions:
    """All figures and dates in a text. The word "one" alone is no figure."""
    figures: dict[tuple[str, str], dict[str, str]] = {}
    days: dict[tuple[str, int], str] = {}
    text = text.translate(_DRAWN_AS_ASCII)
    if not _may_mention(text):
        return Mentions(figures, days)

    def date(found: re.Match[str]) -> str:
        month = next(name for name in _MONTHS if name[:3] == found["month"][:3])
        if month == "May" and not (found["first"] or found["day"] or found["year"]):
            return found[0]  # the verb, at the head of a question
        days[(month, 0)] = month
        for day in filter(None, (found["first"], found["day"], found["last"])):
            days[(month, int(day))] = f"{month} {day}"
        return f" {found['year'] or ''} "

    def fraction(found: re.Match[str]) -> str:
        figures.setdefault((found[0].casefold().replace(" ", "-"), ""), {})[""] = found[0]
        return " "

    rest = _DATE.sub(date, _GLUED.sub(r"\1 ", text))
    if _OF_FRACTIONS.search(rest):
        rest = _FRACTION.sub(fraction, rest)
    for found in _figures(rest):
        value = _value(found)
        if value is not None:
            unit = _unit(found)
            said = figures.setdefault((f"{value.normalize():f}", unit), {})
            said[qualifier(rest[: found.start()])] = found[0].strip()
    return Mentions(figures, days)


def _figures(text: str) -> Iterator[re.Match[str]]:
    """The figures of a text. Places where one can begin are looked for first: five times as fast as trying each."""
    place = 0
    while begin := _BEGINS.search(text, place):
        found = _FIGURE.match(text, begin.start())
        if found:
            yield found
        place = max(found.end() if found else 0, begin.end())


def qualifier(before: str) -> str:
    """What the words in front of a figure say of it: a key of _QUALIFIER_WORDS, or nothing."""
    before = before[-_LONGEST_QUALIFIER:]
    if not re.sub(r"\san?$", "", before.casefold().rstrip()).endswith(_LAST_WORDS):
        return ""
    found = _QUALIFIER.search(before)
    return found.lastgroup.replace("_", " ") if found and found.lastgroup else ""


def _value(found: re.Match[str]) -> Decimal | None:
    if len(found["digits"] or "") > 40 or len(found["words"] or "") > 200:
        return None  # no number that anybody counts with
    if found["digits"]:
        short = _SHORT.get((found["short"] or "").casefold(), 1)
        scale = _SCALES[found["scale"].casefold()] if found["scale"] else short
        return Decimal(found["digits"].replace(",", "")) * scale
    words = re.split(r"[\s-]+(?:and\s+)?", found["words"].casefold())
    if words == ["one"]:
        return None
    return Decimal(_spelled(words))


def _spelled(words: list[str]) -> int:
    """The number that words spell: ["one", "hundred", "billion"] → 100,000,000,000."""
    total = group = 0
    for word in words:
        if word in _SCALES and _SCALES[word] >= 1000:
            total += (group or 1) * _SCALES[word]
            group = 0
        elif word in _SCALES:
            group = (group or 1) * _SCALES[word]
        else:
            group += _SMALL.get(word, _TENS.get(word, 0))
    return total + group


def _unit(found: re.Match[str]) -> str:
    if found["percent"]:
        return "percent"
    sign = (found["sign"] or "").strip()
    name = (found["name"] or "").casefold()
    if name or sign in _CURRENCIES:
        return _CURRENCIES[name or sign]
    return sign if sign.isupper() else ""
