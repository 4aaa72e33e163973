"""Dates that cannot be: events that have not happened yet, documents older than what they report."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator, Sequence

from briefing.dates import Date
from briefing.ears import Ear
from briefing.errors import Level
from briefing.facts import Fact, Facts
from briefing.places import Path
from briefing.rules.base import Desk, Finding, own_words, rule

__all__ = ["date_dated", "date_future", "date_horizon", "date_impossible", "date_stale", "date_typed"]


@rule("date-impossible", Level.ERROR)
def date_impossible(desk: Desk) -> Iterator[Finding]:
    """A text or label names a day that there is not: February 31, or Monday, January 27, 2026, which was a Tuesday."""
    for fact in desk.facts.facts.values():
        for key, text in (("text", own_words(fact)), ("label", fact.label)):
            path = ("facts", fact.id, key)
            told: set[int] = set()
            for words, numbers in desk.ear.full_dates(text):
                day = _day(numbers)
                if day is None:
                    told.add(numbers[2])
                    yield Finding(path, f'there is no "{words}"', words.split()[0])
                else:
                    yield from _other_weekday(desk.ear, path, text, words, day)
            for month, number in desk.ear.mentions(text).days:
                if number > _LENGTHS[month] and number not in told:
                    yield Finding(path, f'there is no "{month} {number}"')


_LENGTHS = {
    f"{datetime.date(2024, month, 1):%B}": calendar.monthrange(2024, month)[1] for month in range(1, 13)
}


def _other_weekday(ear: Ear, path: Path, text: str, words: str, day: datetime.date) -> Iterator[Finding]:
    for weekday, number, end in ear.weekdays(text):
        if text[end:].lstrip(", ").startswith(words) and number != day.weekday():
            yield Finding(path, f'"{weekday}, {words}" is a {day:%A}', weekday)


@rule("date-typed", Level.WARNING)
def date_typed(desk: Desk) -> Iterator[Finding]:
    """A full date in a text is neither that of the fact (`date`, `horizon`), nor in what it cites, nor of its sources.

    One slip is found here: `date: 2026-01-12` and "January 21, 2026". A quotation that gives no year ("from
    January 12") bears out a year of the fact's or its sources' dates. So is a time of day ("06:43") that stands in no
    quotation of a fact that has one for each citation. Gaps aside.
    """
    for fact in desk.facts.facts.values():
        for words in _strange_times(desk.ear, fact) if fact.kind != "gap" else ():
            message = f'"{words}" stands in none of the quotations that the fact cites'
            yield Finding(("facts", fact.id, "text"), message, words.split()[0])
        for words, day in _strange_days(desk.ear, desk.facts, fact) if fact.kind != "gap" else ():
            if not _is_to_come(desk.facts, fact, day):
                message = f'"{words}" is neither the date of the fact nor in its quotations, nor a date of its sources'
                yield Finding(("facts", fact.id, "text"), message, words.split()[0])


def _strange_times(ear: Ear, fact: Fact) -> Iterator[str]:
    """The times of day in a text that stand in none of its quotations; of a citation without one nobody knows."""
    quotes = [cite.quote for cite in fact.cite if cite.role == "supports"]
    times = ear.mentions(own_words(fact)).times() if all(quotes) else {}
    if times:
        known = {time for quote in quotes for time in ear.mentions(quote).times()}
        yield from (words for time, words in times.items() if time not in known)


def _day(numbers: tuple[int, int, int]) -> datetime.date | None:
    try:
        return datetime.date(*numbers)
    except ValueError:
        return None


def _strange_days(ear: Ear, facts: Facts, fact: Fact) -> Iterator[tuple[str, datetime.date]]:
    """The full dates of a text, with their words, that nothing in the fact bears out."""
    named = [(words, day) for words, numbers in ear.full_dates(own_words(fact)) if (day := _day(numbers))]
    if not named:
        return
    sources = [facts.sources[cite.source] for cite in fact.cite if cite.source in facts.sources]
    dates = [date for date in (fact.date, fact.horizon, *(source.published for source in sources)) if date]
    days = {day for source in sources for day in (source.accessed,) if day} | {facts.as_of}
    named = [(words, day) for words, day in named if day not in days and not _is_within(day, dates)]
    if named:
        yield from _unquoted(ear, facts, fact, dates, named)


def _is_within(day: datetime.date, dates: Sequence[Date]) -> bool:
    """Whether one of the dates is that day, or a month or span around it; a year says too little."""
    return any(
        (date.earliest or day) <= day <= (date.latest or day) for date in dates if date.precision != "year"
    )


def _unquoted(
    ear: Ear,
    facts: Facts,
    fact: Fact,
    dates: Sequence[Date],
    named: Sequence[tuple[str, datetime.date]],
) -> Iterator[tuple[str, datetime.date]]:
    """Those of the days that are in no quotation of the fact."""
    quotes = [text for cite in fact.cite for text in (cite.quote, cite.at)]
    quoted = ear.known(quotes)
    dated = {numbers for _, numbers in ear.full_dates("\n;\n".join(quotes))}
    years = {int(value) for value, unit in quoted.figures if not unit and value.isdigit() and len(value) == 4}
    for date in dates:
        ends = [day.year for day in (date.earliest, date.latest or facts.as_of) if day]
        years |= set(range(min(ends), max(ends) + 1))
    with_year = {numbers[1:] for numbers in dated}
    for words, day in named:
        said = (f"{day:%B}", day.day) in quoted.days and (
            (day.year, day.month, day.day) in dated
            or ((day.month, day.day) not in with_year and (not years or day.year in years))
        )
        if not said:
            yield words, day


def _is_to_come(facts: Facts, fact: Fact, day: datetime.date) -> bool:
    return fact.kind == "event" and day > facts.as_of > datetime.date.min


@rule("date-future", Level.ERROR)
def date_future(desk: Desk) -> Iterator[Finding]:
    """An event begins after the file's `as_of`, or its text has a later day or month that stands in no quotation.

    What is yet to come is a projection or a statement.
    """
    for fact in desk.facts.facts.values():
        begins = fact.date.earliest if fact.date else None
        known = desk.facts.as_of > datetime.date.min  # what stands for one that could not be read
        if fact.kind == "event" and begins and known and begins > desk.facts.as_of:
            message = (
                f"an event of {fact.date} cannot be known as of {desk.facts.as_of}; make it a projection"
            )
            yield Finding(("facts", fact.id, "date"), message)
        for words, day in _strange_days(desk.ear, desk.facts, fact) if fact.kind == "event" else ():
            if _is_to_come(desk.facts, fact, day):
                message = f'"{words}" is after {desk.facts.as_of}; what is yet to come is no event'
                yield Finding(("facts", fact.id, "text"), message, words.split()[0])
        if fact.kind == "event" and known:
            quoted = [month for cite in fact.cite for _, month in desk.ear.months(cite.quote)]
            for words, month in desk.ear.months(own_words(fact)):
                if (*month, 1) > desk.facts.as_of.timetuple()[:3] and month not in quoted:
                    message = f'"{words}" is after {desk.facts.as_of}; what is yet to come is no event'
                    yield Finding(("facts", fact.id, "text"), message, words.split()[0])


@rule("date-horizon", Level.WARNING)
def date_horizon(desk: Desk) -> Iterator[Finding]:
    """The horizon of a projection has passed by `as_of`: say what came of it, or make it a statement of its time."""
    for fact in desk.standing():
        last = fact.horizon.latest if fact.horizon else None
        if fact.kind == "projection" and last and last < desk.facts.as_of:
            message = f"the horizon {fact.horizon} has passed as of {desk.facts.as_of}; say what came of it"
            yield Finding(("facts", fact.id, "horizon"), message)


@rule("date-dated", Level.ERROR)
def date_dated(desk: Desk) -> Iterator[Finding]:
    """The documents are dated before the information cut-off `as_of`."""
    if desk.facts.dated < desk.facts.as_of:
        yield Finding(("dated",), f"dated {desk.facts.dated} is before as_of {desk.facts.as_of}")


@rule("date-stale", Level.WARNING)
def date_stale(desk: Desk) -> Iterator[Finding]:
    """A fact's `review_by` has passed: read its sources again, then move the day or mend the fact.

    Compared with `--today`, by default the day on which `check` runs. A build does not ask: no output depends on a
    clock.
    """
    for fact in desk.standing():
        if desk.today and fact.review_by and fact.review_by < desk.today:
            message = f'"{fact.id}" was to be reviewed by {fact.review_by}; read its sources again, then move the day'
            yield Finding(("facts", fact.id, "review_by"), message)
