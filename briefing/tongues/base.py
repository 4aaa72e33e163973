"""What a language must say for the house: every word that it prints of its own, and how dates and numbers are written.

Whole sentences, never glued from words, since languages differ in order, case and number. Who writes a part of a brief
gets its tongue from the brief (`Brief.tongue`) or the edition (`Edition.tongue`): there is no other, and no default.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from briefing.asides import Asides
from briefing.dates import Date
from briefing.facts import Grade, Quantity
from briefing.wording import sentence

__all__ = ["HEADINGS", "FactLine", "Tally", "Tongue", "in_scale"]

# "113.4 billion" can be read aloud; "113.4567 billion" cannot, and is printed in full.
_MOST_DECIMALS = 3

# The headings of the generic audiences, and the words of their contracts.
HEADINGS = (
    "Congressional memo",
    "Fiscal critique",
    "Neutral summary",
    "Members and staff of Congress",
    "readers who weigh the cost",
    "general readers",
    "Members and staff",
    "Policy staff",
    "Bottom line",
    "In brief",
    "Status",
    "What Congress would decide",
    "What the texts provide",
    "Money",
    "Figures",
    "Positions",
    "Assessments and expectations",
    "Open questions",
    "Timeline",
    "The cost",
    "The commitment",
    "The case against",
    "Opinions",
    "Who decides",
    "The strongest case on the other side",
    "What is said and expected",
    "What happened",
    "Who says what",
    "What is not known",
    "What is taken as given",
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the summary of the sources counts. `levels` are (level, number of sources), in the order of LEVELS.

    `single` facts rest on one independent source; gaps are none of them.
    """

    facts: int
    levels: tuple[tuple[str, int], ...]
    gaps: int
    single: int
    disputed: int
    contradicted: int
    compared: int
    unused: int


@dataclass(frozen=True, slots=True)
class FactLine:
    """What a row of evidence says of a fact's kind: the fact's keys of the same names; `by` are short names."""

    kind: str
    by: tuple[str, ...]
    instrument: str
    force: str
    date: Date | None
    horizon: Date | None
    likelihood: str
    confidence: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Tongue(ABC):
    """A language. Its fields are texts that stand as they are, its methods make sentences of what they are given.

    `locale` is also the language of HTML and PDF. What ends in a space is followed by citations or numbers. Mappings
    have the words of the facts file as keys.
    """

    locale: str

    # The frame
    stances: Mapping[str, str]
    memo_to: str
    memo_from: str
    memo_cc: str
    memo_date: str
    memo_subject: str
    headings: Mapping[str, str]
    """Each of HEADINGS in this language."""

    # Tables
    captions: Mapping[str, str]
    """Of a figure that the template gives none: `timeline`, `bars` and `table`."""
    columns: Mapping[str, str]
    """The heads of columns: `date`, `event`; `named`, `amount`, `likelihood`; `source`."""
    stages: Mapping[str, str]

    # Figures
    drawings: Mapping[str, str]
    """What a picture is: `timeline` and `bars`."""
    legend: Mapping[str, str]
    """What a mark on a timeline means: day, about-day, lasts, within."""
    drawn_from: str
    """In front of the sources of a picture."""

    # Citations
    asides: Asides

    # Sources
    sources_heading: str
    levels: Mapping[str, str]
    reliability: Mapping[str, str]
    kept_at: str
    rests_on: str
    cited_on: tuple[str, str]
    """In front of the number of one page, and of several."""

    # Evidence
    evidence_heading: str
    looked_for: str
    against: str
    together: tuple[str, str]
    """In front of the number of one row, and of several."""
    on_pages: tuple[str, str]
    """In front of the number of one page, and of several."""
    loose_words: frozenset[str]
    """Words at which a sentence that is cut should not end, in small letters."""

    # Workings
    computed: str
    workings_disputed: str
    workings_but_see: str
    shows_ids: bool
    """Whether ids, which have Latin letters, read as words of this language."""

    # Against an earlier edition
    news: Mapping[str, str]
    """In front of what is `new`, `reworded`, was so `before`, is `gone`, is `confirmed` or has the `same words`; of a
    `source` that is told of otherwise."""
    noted: Mapping[str, str]
    """Behind a sentence that is `new` or `reworded`."""
    nothing_new: str
    not_all_known: str
    """In its place, or behind what is new, where nobody knows whether facts were printed that left the file."""
    redline: Mapping[str, tuple[str, str]]
    """Before and after what is `deleted` or `inserted`, for who hears it."""

    # The mail that a document goes with
    mail_subject: str
    """With {title}, {audience} and {as_of}, the day in words."""

    # The page, and what a PDF carries
    suspect: str
    """The marking of a brief in which claims were not read again since a fact changed."""
    back_to_text: str
    page_of: tuple[str, str]
    """`Page` and `of`, as in `Page 2 of 5`."""
    carried_facts: str
    carried_template: str
    carried_contract: str
    carried_letterhead: str
    carried_before: str

    def in_english(self, heading: str) -> str:
        """The name in HEADINGS of a heading in this language; another heading as it is."""
        return next((name for name, words in self.headings.items() if words == heading), heading)

    # --- values -----------------------------------------------------------------------------------

    @abstractmethod
    def likely(self, likelihood: str) -> str:
        """A word of likelihood and the band that it stands for: `unlikely (20–45 percent)`."""

    @abstractmethod
    def day(self, day: datetime.date) -> str:
        """One day in running text: `January 26, 2026`."""

    @abstractmethod
    def date(self, date: Date) -> str:
        """In running text: `January 24–25, 2026`, `about 2022`, `since 2022`."""

    def published(self, date: Date) -> str:
        """As a date stands in a citation."""
        return self.date(date)

    @abstractmethod
    def number(self, number: Decimal) -> str:
        """A number without a unit, in digits: 4, 1,000, −0.25."""

    @abstractmethod
    def quantity(self, quantity: Quantity) -> str:
        """In running text; the qualifier is the key that was used in the facts file: `over $100 billion`."""

    @abstractmethod
    def on_axis(self, number: Decimal, unit: str) -> str:
        """A number on the axis of a chart, always in digits: $50 billion, 20%, 1,000."""

    @abstractmethod
    def day_on_axis(self, day: datetime.date, part: str) -> str:
        """The beginning of a day, month or year (`part`) on an axis of time: Jan 26, Jan 2026, 2026."""

    @abstractmethod
    def nth_table(self, number: int) -> str:
        """The name of a table for who hears it: `Table 2`."""

    @abstractmethod
    def of_table_below(self, drawing: str) -> str:
        """What a picture is (a key of `drawings`), where a table that says the same follows it."""

    @abstractmethod
    def names_stage(self, stage: str, text: str) -> bool:
        """Whether the word for a stage of money stands in a text."""

    @abstractmethod
    def quoted(self, words: str) -> str:
        """Words in quotation marks; marks within them become those of a quotation in another."""

    # --- the frame --------------------------------------------------------------------------------

    @abstractmethod
    def readers(self, readers: str) -> str:
        """For whom a brief is, behind its stance: `For members of the board`."""

    @abstractmethod
    def as_of(self, day: datetime.date) -> str:
        """`Information as of January 27, 2026`, without a full stop."""

    @abstractmethod
    def greeting(self, name: str) -> str:
        """The first line of a mail to somebody of that name; of a name that nobody knows, where it is empty."""

    @abstractmethod
    def attached(self, file: str) -> str:
        """The line of a mail that says which file it brings, and that its sources are in there."""

    @abstractmethod
    def embargoed(self, until: datetime.datetime) -> str:
        """The marking of a brief that nobody may have before that moment, in capitals, with its distance from UTC."""

    # --- sources ----------------------------------------------------------------------------------

    @abstractmethod
    def summary(self, tally: Tally) -> Iterator[str]:
        """Sentences on what a brief rests on."""

    @abstractmethod
    def reliable(self, grade: Grade) -> str:
        """A sentence on the reliability of a source, with its grade unless it cannot be judged."""

    @abstractmethod
    def read_on(self, day: datetime.date) -> str:
        """A sentence: when a source was read."""

    def appeared(self, parts: Sequence[str]) -> str:
        """A sentence without a verb: in what a work appeared, where, on which pages and when."""
        return sentence(", ".join(parts))

    @abstractmethod
    def pages(self, pages: str) -> str:
        """The pages of a work that an article has: `pp. 3–5`."""

    @abstractmethod
    def kept(self, captured: datetime.date | None, digest: str) -> str:
        """That the text is kept, since when, with its SHA-256; without a full stop."""

    @abstractmethod
    def rests_on_unread(self, works: int) -> str:
        """`Rests on three works that were not consulted:`, the works follow."""

    @abstractmethod
    def changed_since(self, day: datetime.date) -> str:
        """The heading of what changed since the edition of that day."""

    @abstractmethod
    def redlined(self, old: datetime.date, new: datetime.date) -> str:
        """What a document is that shows the changes from one edition to another."""

    # --- evidence ---------------------------------------------------------------------------------

    @abstractmethod
    def fact_line(self, line: FactLine) -> str:
        """A sentence without a verb: `Statement by Zelensky, January 26, 2026.`"""

    @abstractmethod
    def independent(self, sources: int) -> str:
        """A sentence: by how many independent sources a fact is supported, two at least."""

    @abstractmethod
    def credible(self, grade: Grade) -> str:
        """A sentence on the credibility of a fact, with its reason."""

    @abstractmethod
    def standing(self, status: str, why: str) -> str:
        """A sentence: that a fact is disputed, superseded or retracted, and why."""

    @abstractmethod
    def if_wrong(self, what: str) -> str:
        """A sentence: what falls if an assumption is wrong."""

    @abstractmethod
    def settled_by(self, what: str) -> str:
        """A sentence: what would settle a gap."""

    @abstractmethod
    def compared(self, label: str, because: str) -> str:
        """A sentence: with which fact another is to be compared, and why; without a reason, it stands above."""

    @abstractmethod
    def contradicted_by(self, label: str) -> str:
        """A sentence: which fact contradicts another."""

    # --- workings ---------------------------------------------------------------------------------

    @abstractmethod
    def rounded(self, qualifier: str, digits: int) -> str:
        """`rounded down to two significant digits`, behind a comma. `qualifier` is that of the quantity, or `range`."""

    @abstractmethod
    def according_to(self, names: Sequence[str]) -> str:
        """Who says so, within brackets."""


def in_scale(number: Decimal) -> tuple[str, int]:
    """The digits to be printed, and the power of ten that a word behind them says: ("113.4", 9), or 0."""
    for scale in (12, 9, 6):
        whole = Decimal(1).scaleb(scale)
        if number >= whole:
            rest = number / whole
            text = f"{rest:f}"
            if "." in text and len(text.split(".")[1]) > _MOST_DECIMALS:
                text = f"{rest.normalize():f}"
            if len(text.partition(".")[2]) <= _MOST_DECIMALS and rest * whole == number:
                return text, scale
            break
    return f"{number:f}", 0
