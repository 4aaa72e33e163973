"""American and British English."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from briefing.asides import ASIDES
from briefing.currencies import is_currency
from briefing.dates import MONTHS, Date, Point, zone
from briefing.facts import Grade, Quantity
from briefing.prose import capitalised
from briefing.tongues.base import HEADINGS, FactLine, Tally, Tongue, in_scale
from briefing.vocabulary import CREDIBILITY, LEVELS, LIKELIHOOD, QUALIFIERS, RELIABILITY, STAGES
from briefing.wording import count, numeral, sentence

__all__ = ["AMERICAN", "BRITISH"]

_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SCALES = {12: " trillion", 9: " billion", 6: " million", 0: ""}
# Words that have a capital only because they open a sentence.
_OPENERS = frozenset(
    "a an the this that these those it its in on at by for from to of with without under over after before if when"
    " while as one both each every no any all some neither either there they"
    " two three four five six seven eight nine ten".split()
)
_SHORT_MONTHS = "Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec".split()
_ROUNDED = {
    "over": "rounded down",
    "at_least": "rounded down",
    "under": "rounded up",
    "at_most": "rounded up",
    "range": "rounded outward",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class English(Tongue):
    """`percent` is the word for it; `day_first`: the day stands in front of the month; `marks` are those of a quotation
    and of one within it.
    """

    percent: str
    day_first: bool
    marks: tuple[str, str, str, str]

    # --- values -----------------------------------------------------------------------------------

    def day(self, day: datetime.date) -> str:
        return self._whole(day.year, day.month, day.day)

    def date(self, date: Date) -> str:
        if date.end is None:
            return f"since {self._point(date.start)}" if date.start else ""
        if date.start is None:
            return f"until {self._point(date.end)}"
        return self._point(date.end) if date.start == date.end else self._interval(date.start, date.end)

    def _whole(self, year: int, month: int | None, day: int | None) -> str:
        if month is None:
            return str(year)
        if day is None:
            return f"{MONTHS[month - 1]} {year}"
        return f"{self._month_and_day(month, day)}{' ' if self.day_first else ', '}{year}"

    def _month_and_day(self, month: int, day: int | str | None) -> str:
        if day is None:
            return MONTHS[month - 1]
        return f"{day} {MONTHS[month - 1]}" if self.day_first else f"{MONTHS[month - 1]} {day}"

    def _point(self, point: Point) -> str:
        return _qualified(self._plain(point), point.qualifier)

    def _plain(self, point: Point) -> str:
        return self._whole(point.year, point.month, point.day)

    def _interval(self, start: Point, end: Point) -> str:
        if start.qualifier != end.qualifier:
            return f"from {self._point(start)} to {self._point(end)}"
        return _qualified(self._plain_interval(start, end), start.qualifier)

    def _plain_interval(self, start: Point, end: Point) -> str:
        """Both sides joined by an en dash; what they share is said once, where both are equally precise."""
        if start.precision != end.precision or start.year != end.year or start.month is None:
            return f"{self._plain(start)}–{self._plain(end)}"
        if start.day and end.month and start.month == end.month:
            days = self._month_and_day(end.month, f"{start.day}–{end.day}")
            return f"{days}{' ' if self.day_first else ', '}{end.year}"
        return f"{self._month_and_day(start.month, start.day)}–{self._plain(end)}"

    def number(self, number: Decimal) -> str:
        return ("−" if number < 0 else "") + _grouped(abs(number))

    def quantity(self, quantity: Quantity) -> str:
        if quantity.high is not None:
            return (
                f"{self._amount(quantity.low, quantity.unit)} to {self._amount(quantity.high, quantity.unit)}"
            )
        return f"{QUALIFIERS[quantity.qualifier]} {self._amount(quantity.low, quantity.unit)}".strip()

    def _amount(self, number: Decimal, unit: str) -> str:
        sign, size = ("−", -number) if number < 0 else ("", number)
        if is_currency(unit):
            return f"{sign}{_symbol(unit)}{_scaled(size)}"
        if unit == "percent":
            return f"{sign}{_grouped(size)} {self.percent}"
        if not sign and size < 10 and size == size.to_integral_value() and "." not in f"{size:f}":
            return _SMALL[int(size)]
        return sign + _scaled(size)

    def on_axis(self, number: Decimal, unit: str) -> str:
        sign, size = ("−", -number) if number < 0 else ("", number + 0)
        if is_currency(unit):
            return f"{sign}{_symbol(unit)}{_scaled(size)}"
        return f"{sign}{_grouped(size)}%" if unit == "percent" else f"{sign}{_scaled(size)}"

    def day_on_axis(self, day: datetime.date, part: str) -> str:
        if part == "year":
            return str(day.year)
        month = _SHORT_MONTHS[day.month - 1]
        if part == "month":
            return f"{month} {day.year}"
        return f"{day.day} {month}" if self.day_first else f"{month} {day.day}"

    def nth_table(self, number: int) -> str:
        return f"Table {number}"

    def of_table_below(self, drawing: str) -> str:
        return f"{self.drawings[drawing]} of the table below"

    def names_stage(self, stage: str, text: str) -> bool:
        small = text.lower()
        return any(stem in small and re.search(rf"\b{stem}", small) for stem in _STEMS[stage])

    def quoted(self, words: str) -> str:
        begin, end, inner_begin, inner_end = self.marks
        if begin == "“":
            inner = words.replace("“", inner_begin).replace("”", inner_end)
        else:
            inner = _SINGLE.sub(lambda found: f"{inner_begin}{found[1]}{inner_end}", words)
        return f"{begin}{inner.strip()}{end}"

    # --- the frame --------------------------------------------------------------------------------

    def readers(self, readers: str) -> str:
        return f"For {readers}"

    def as_of(self, day: datetime.date) -> str:
        return f"Information as of {self.day(day)}"

    def greeting(self, name: str) -> str:
        return f"Dear {name}," if name else "Good day,"

    def attached(self, file: str) -> str:
        return f"Attached, with all sources and the evidence for each sentence: {file}"

    def embargoed(self, until: datetime.datetime) -> str:
        hour = f"{(until.hour - 1) % 12 + 1}:{until:%M} {'a.m.' if until.hour < 12 else 'p.m.'}"
        return f"Embargoed until {hour} {zone(until)}, {self.day(until.date())}".upper()

    # --- sources ----------------------------------------------------------------------------------

    def summary(self, tally: Tally) -> Iterator[str]:
        yield f"This brief rests on {count(tally.facts, 'fact')} from {_sources(tally.levels)}."
        if tally.gaps:
            states = "states" if tally.gaps == 1 else "state"
            yield capitalised(f"{numeral(tally.gaps)} of them {states} what is not known.")
        if tally.single:
            share = _share(tally.single, tally.facts - tally.gaps, "the others" if tally.gaps else "them")
            yield capitalised(f"{share} on one independent source.")
        if tally.disputed:
            are = "is" if tally.disputed == 1 else "are"
            yield capitalised(f"{numeral(tally.disputed)} of them {are} disputed.")
        if tally.contradicted:
            yield capitalised(
                f"Another fact of this brief contradicts {numeral(tally.contradicted)} of them."
            )
        if tally.compared:
            yield (
                f"For {numeral(tally.compared)} of them, another fact of this brief differs and is compared below."
            )
        if tally.unused:
            are = "is" if tally.unused == 1 else "are"
            yield f"A further {count(tally.unused, 'fact')} on file {are} not used here."

    def reliable(self, grade: Grade) -> str:
        words = self.reliability[grade.grade]
        return capitalised(words if grade.grade == "F" else f"{words} ({grade.grade})") + "."

    def read_on(self, day: datetime.date) -> str:
        return f"Read {self.day(day)}."

    def pages(self, pages: str) -> str:
        return f"{'pp.' if any(sign in pages for sign in '-–,') else 'p.'} {pages}"

    def kept(self, captured: datetime.date | None, digest: str) -> str:
        when = f" {self.day(captured)}" if captured else ""
        return f"Text kept{when} (SHA-256 {digest}…)"

    def rests_on_unread(self, works: int) -> str:
        return f"Rests on {count(works, 'work')} that {'was' if works == 1 else 'were'} not consulted:"

    def changed_since(self, day: datetime.date) -> str:
        return f"What changed since {self.day(day)}"

    def redlined(self, old: datetime.date, new: datetime.date) -> str:
        days = (
            f"of {self.day(old)} to that of {self.day(new)}"
            if old != new
            else f"to another of {self.day(new)}"
        )
        return f"Changes from the edition {days}: what is gone is struck through, what is new is underlined."

    def likely(self, likelihood: str) -> str:
        _, low, high = LIKELIHOOD[likelihood]
        return f"{likelihood} ({low}–{high} {self.percent})"

    # --- evidence ---------------------------------------------------------------------------------

    def fact_line(self, line: FactLine) -> str:
        by = " and ".join(line.by)
        if line.kind == "provision":
            force = "force unknown" if line.force == "unknown" else line.force.replace("-", " ")
            said = [f"Provision: {line.instrument} ({force})", f"as reported by {by}" if by else ""]
        else:
            said = [f"{line.kind.capitalize()} by {by}" if by else line.kind.capitalize()]
        said += [
            self.date(line.date) if line.date else "",
            f"horizon {self.date(line.horizon)}" if line.horizon else "",
            line.likelihood,
            f"{line.confidence} confidence" if line.confidence else "",
        ]
        return sentence(", ".join(filter(None, said)))

    def independent(self, sources: int) -> str:
        return capitalised(f"{count(sources, 'independent source')}.")

    def credible(self, grade: Grade) -> str:
        words = f"{CREDIBILITY[grade.grade]} ({grade.grade}): {_lowered(grade.because)}"
        return capitalised(sentence(words))

    def standing(self, status: str, why: str) -> str:
        return sentence(f"{status.capitalize()}: {_lowered(why)}")

    def if_wrong(self, what: str) -> str:
        return sentence(f"If wrong: {_lowered(what)}")

    def settled_by(self, what: str) -> str:
        return sentence(f"Would be settled by {_lowered(what)}")

    def compared(self, label: str, because: str) -> str:
        reason = f": {_lowered(because)}" if because else ", above"
        return sentence(f"Compare {self.quoted(label)}{reason}")

    def contradicted_by(self, label: str) -> str:
        return sentence(f"Contradicted by {self.quoted(label)}")

    # --- workings ---------------------------------------------------------------------------------

    def rounded(self, qualifier: str, digits: int) -> str:
        how = _ROUNDED.get(qualifier, "rounded")
        return f"{how} to {numeral(digits)} significant digit{'s' if digits > 1 else ''}"

    def according_to(self, names: Sequence[str]) -> str:
        return "according to " + " and ".join(names)


# A quotation within another, in single marks: not the apostrophe of "don’t" or "the states’ rights".
_SINGLE = re.compile(r"(?<!\w)‘([^‘’]*(?:(?<=\w)’(?=\w)[^‘’]*)*)’(?!\w)")


def _lowered(text: str) -> str:
    """A sentence as it goes on behind a colon: with a small letter, where its first word is no name."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first.lower() in _OPENERS else text


@cache
def _symbol(currency: str) -> str:
    from babel.numbers import get_currency_symbol  # imported here: costs 35 ms

    # For British readers, too: The Economist's style guide has "$" for the American dollar alone.
    symbol = get_currency_symbol(currency, locale="en_US")
    return symbol if not symbol[-1].isalpha() else f"{currency} "


def _scaled(number: Decimal) -> str:
    """With million, billion or trillion where few decimals are left; every digit otherwise."""
    text, scale = in_scale(number)
    return _group_digits(text) + _SCALES[scale]


def _grouped(number: Decimal) -> str:
    return _group_digits(f"{number:f}")


def _group_digits(text: str) -> str:
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}"


def _qualified(words: str, qualifier: str) -> str:
    about = "about " if qualifier in ("~", "%") else ""
    uncertain = " (uncertain)" if qualifier in ("?", "%") else ""
    return f"{about}{words}{uncertain}"


def _share(some: int, whole: int, whom: str) -> str:
    """`of them, 33 rest`, `each of the others rests`, `it rests`."""
    if some == whole:
        return "it rests" if whole == 1 and whom == "them" else f"each of {whom} rests"
    return f"of {whom}, {numeral(some)} {'rests' if some == 1 else 'rest'}"


def _sources(levels: Sequence[tuple[str, int]]) -> str:
    """`four sources, two of them primary and two secondary`, `four sources, all secondary`, `one primary source`."""
    whole = sum(number for _, number in levels)
    if whole == 1:
        return f"one {levels[0][0]} source"
    if len(levels) == 1:
        return f"{numeral(whole)} sources, all {levels[0][0]}"
    words = [f"{numeral(number)} {level}" for level, number in levels]
    words[0] = words[0].replace(" ", " of them ", 1)
    return f"{numeral(whole)} sources, {', '.join(words[:-1])} and {words[-1]}"


_STAGES: Mapping[str, str] = {stage: stage for stage in STAGES}
# "appropriates", "an appropriation of", "authorised", "commits"
_STEMS = {
    stage: tuple({stem, stem.replace("z", "s")})
    for stage in STAGES
    for stem in (stage.removesuffix("ed").replace("tt", "t"),)
}

AMERICAN = English(
    locale="en-US",
    percent="percent",
    day_first=False,
    marks=("“", "”", "‘", "’"),
    stances={"neutral": "Neutral brief", "advocacy": "This brief argues a position"},
    memo_to="To",
    memo_from="From",
    memo_cc="Cc",
    memo_date="Date",
    memo_subject="Subject",
    headings={heading: heading for heading in HEADINGS},
    captions={"timeline": "Timeline", "bars": "Amounts", "table": "Overview"},
    columns={
        "date": "Date",
        "event": "What",
        "named": "What",
        "amount": "How much",
        "likelihood": "How likely",
        "source": "Source",
    },
    stages=_STAGES,
    drawings={"timeline": "Timeline", "bars": "Bar chart"},
    legend={
        "day": "on that day",
        "about-day": "about that day",
        "lasts": "all that time",
        "within": "within, or about, that time",
    },
    drawn_from="Sources:",
    asides=ASIDES["en"],
    sources_heading="Sources",
    levels={level: f"{level.capitalize()} source." for level in LEVELS},
    reliability=dict(RELIABILITY),
    kept_at=" at ",
    rests_on="Rests on",
    cited_on=("Cited on page ", "Cited on pages "),
    evidence_heading="Evidence, in order of use",
    looked_for="Looked for in",
    against="Against it: ",
    together=("Cited together with row ", "Cited together with rows "),
    on_pages=("Page ", "Pages "),
    loose_words=frozenset(
        "a an and as at by for from had has have if in into is its no not nor of on or so than that the their this to"
        " was were which who will with would".split()
    ),
    computed="Computed: ",
    workings_disputed="disputed",
    workings_but_see=", but see",
    shows_ids=True,
    news={
        "new": "New:",
        "reworded": "Changed:",
        "before": "Before:",
        "gone": "No longer said:",
        "confirmed": "Confirmed by a further source:",
        "same words": "As before, on other grounds:",
        "source": "Told of otherwise:",
    },
    noted={"new": "[new]", "reworded": "[changed]"},
    nothing_new="Nothing that this brief says has changed since then.",
    not_all_known=(
        "Facts have been retracted or replaced since then; whether this brief said them is not on record."
    ),
    redline={
        "deleted": ("[deleted:\N{NO-BREAK SPACE}", "]"),
        "inserted": ("[inserted:\N{NO-BREAK SPACE}", "]"),
    },
    mail_subject="{title} – {audience}, as of {as_of}",
    suspect="NOT READ AGAIN SINCE A FACT CHANGED",
    back_to_text="Back to the text: ",
    page_of=("Page", "of"),
    carried_facts="The facts of this brief, with their sources",
    carried_template="The template of this brief",
    carried_contract="What this brief promises, and what made it",
    carried_letterhead="The letterhead of the office",
    carried_before="The facts of the edition that this brief is compared with",
)
BRITISH = replace(
    AMERICAN,
    locale="en-GB",
    percent="per cent",
    day_first=True,
    marks=("‘", "’", "“", "”"),
    stages={**_STAGES, "authorized": "authorised"},
)
