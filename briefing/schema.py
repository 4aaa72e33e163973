"""The shape of schema 1 as pydantic models: every key of the facts file, its type and the words it may hold.

All scalars arrive as text, exactly as written, and are converted here; what needs more than one field is a rule's
business (`briefing.rules`). Top-level keys are optional in the models and listed in `required`, so that a fact with
one key missing is still checked in everything else. The docstrings are printed, as they stand: `briefing.jsonschema`
gives them to editors.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from briefing.facts import (
    Archive,
    Citation,
    Comparison,
    Computation,
    Extract,
    Fact,
    Grade,
    Name,
    Person,
    Quantity,
    Source,
)
from briefing.scalars import (
    TODO,
    Count,
    Day,
    DayOrTodo,
    Digits,
    Edtf,
    Id,
    Ids,
    Number,
    OrJust,
    Reason,
    Sha256,
    Text,
    Truth,
    Url,
    listed,
    one_of,
)
from briefing.tongues import LOCALES
from briefing.vocabulary import (
    CONFIDENCE,
    CREDIBILITY,
    CSL_TYPES,
    FORCES,
    KINDS,
    LEVELS,
    LIKELIHOOD,
    QUALIFIERS,
    RELIABILITY,
    STAGES,
    STATUSES,
)

__all__ = ["ExtractModel", "FactModel", "HeaderModel", "PersonModel", "Shape", "SourceModel"]


class Shape(BaseModel):
    """A mapping of the facts file; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, populate_by_name=False)
    required: ClassVar[tuple[str, ...]] = ()


class ExtractModel(Shape):
    """In a facts file that a document carries: what it is an extract of. An office's own file has none."""

    facts: Count
    """How many facts are on file there, such as `57`."""
    numbers: dict[Id, Count] = {}
    """The number that each source bears there, and so in the document: `{minutes: 3}`."""
    elsewhere: Ids = []
    """The ids of facts that stand there, are referred to here, and were not used."""
    locale: Annotated[str, AfterValidator(one_of(LOCALES))] = ""
    """The language of that file, where it is not `en-US`."""

    def build(self) -> Extract:
        return Extract(self.facts, dict(self.numbers), tuple(self.elsewhere), self.locale)


class HeaderModel(Shape):
    """What an office knows about one subject: one sentence per fact, each with its sources."""

    required = ("schema", "title", "as_of", "sources", "facts")

    schema_: Annotated[str, AfterValidator(one_of(["1"]))] = Field("1", alias="schema")
    """The version of this format: `1`."""
    title: Text = ""
    """What the file is about. Printed as the title of every brief."""
    as_of: Day = datetime.date.min
    """The day up to which information was taken in, such as `2026-01-27`. Printed on every brief; no event
    can be later."""
    dated: Day | None = None
    """The day that the briefs bear as their date, `as_of` when it is left out; it cannot be earlier."""
    extract: ExtractModel | None = None
    """Only in a file that a document carries: what it is an extract of."""
    people: dict[str, Any] = {}
    """Whoever speaks in a fact, by id: a person, a body, a newspaper that speaks in its own voice, your
    own office."""
    sources: dict[str, Any] = {}
    """The works that were read, and those that these rest on, by id. The third is `[3]` in every brief:
    add new ones at the end; never insert, move or delete one."""
    facts: dict[str, Any] = {}
    """The facts, by id: one sentence each, with its sources. None is deleted: the old one gets a `status`,
    the new one says `supersedes`."""


class PersonModel(Shape):
    """Somebody who speaks; `short` is what is printed after the first mention, `name` when left out."""

    required = ("name",)

    name: Text = ""
    """As printed where a brief first mentions them, in running text: `Elmford Mayor Ruth Adeyemi`. It must
    read well with a possessive."""
    short: Text = ""
    """As printed after the first mention, such as `Adeyemi`; `name` when it is left out."""

    def build(self, id: str, _: int) -> Person:
        return Person(id, self.name, self.short or self.name)


class NameModel(Shape):
    """An author: a person by `family` and `given` name, or a body by its `literal` name."""

    family: Text = ""
    """The family name of a person, such as `Okafor`."""
    given: Text = ""
    """The given name of a person, such as `Chidi`. Printed behind the family name and a comma."""
    literal: Text = ""
    """The name of a body, or one that has no parts, such as `Elm Valley Institute`. Printed as it stands."""

    def build(self) -> Name:
        return Name(self.family, self.given, self.literal)


def _named(value: object) -> object:
    return {"literal": value} if isinstance(value, str) else value


class ReliabilityModel(Shape):
    """How far a source can be trusted, as the Admiralty system grades it, and why."""

    grade: Annotated[str, AfterValidator(one_of(RELIABILITY))]
    """A letter of the Admiralty system, `A` to `F`. Printed in words with the source."""
    because: Reason = ""
    """Why this grade: one sentence, printed with it. Every grade but `F` needs it."""


class CredibilityModel(Shape):
    """How far a fact can be believed, as the Admiralty system grades it, and why."""

    grade: Annotated[str, AfterValidator(one_of(CREDIBILITY))]
    """A digit of the Admiralty system, `1` to `6`. Printed in words with the evidence."""
    because: Reason = ""
    """Why this grade: one sentence, printed with it. Every grade but `6` needs it."""


class ArchiveModel(Shape):
    """The text that was read, kept as `archive/<id>.txt` outside git: its fingerprint, and where a copy is public."""

    sha256: Sha256
    """The SHA-256 of the file `archive/<id>.txt`: 64 digits and letters a to f, as `sha256sum` prints it.
    It tells a colleague whether their text is the same."""
    captured: Day | None = None
    """The day on which the text was kept, such as `2026-03-22`. Printed with the source."""
    url: Url = ""
    """The address of a public copy of the text, such as `https://example.org/copy`. Printed with the
    source."""


class SourceModel(Shape):
    """A work that was read, or (`consulted: false`) one that such a work rests on."""

    required = ("type", "level", "descriptor", "accessed")  # of a work that was read
    required_unread: ClassVar[tuple[str, ...]] = ("type", "title")

    type: Annotated[str, AfterValidator(one_of(CSL_TYPES))] = ""
    """What it is, in the words of reference managers (CSL): `report`, `article-newspaper`, `webpage`,
    `treaty`, …"""
    level: Annotated[str, AfterValidator(one_of([*LEVELS, TODO]))] = ""
    """How near it is to what it tells of: `primary`, `secondary` or `tertiary`. Printed with the source;
    needed where it was read."""
    descriptor: Text = ""
    """What it is, how it can be had, what its maker wants, where it may be biased. Printed with the
    source; needed where it was read. For an untitled work its first sentence stands in the place of the
    title, in brackets."""
    title: Text = ""
    """The title as the work has it; left out where there is none or it is not known. A work that was not
    read needs one."""
    author: Annotated[
        list[Annotated[NameModel, BeforeValidator(_named), OrJust(Text)]],
        BeforeValidator(lambda value: value if isinstance(value, list) else [value]),
        OrJust(NameModel),
        OrJust(Text),
    ] = []
    """Who wrote it: a list of `{family: Okafor, given: Chidi}` for persons and `{literal: Elm Valley
    Institute}` for bodies."""
    publisher: Text = ""
    """Who published it, as far as it is known: a house, an office, a newspaper."""
    container_title: Text = Field("", alias="container-title")
    """What it appeared in: the journal, newspaper, website or book."""
    volume: Text = ""
    """The volume of the journal, such as `12`."""
    issue: Text = ""
    """The issue of the journal, such as `3`. Printed behind the volume, in brackets."""
    designation: Text = Field("", alias="number")
    """The number that it bears itself, of a report, a law or a patent: `GAO-24-106`, `Public Law 118-50`.
    Printed behind the title, in brackets."""
    page: Text = ""
    """The page or pages, such as `7` or `12-15`. Printed with `p.` or `pp.` before them."""
    published: Edtf | None = None
    """When it was published, no more exactly than is known: `2025-11-03`, `2025-11` or `2025`."""
    accessed: DayOrTodo = None
    """The day on which you read it, such as `2026-03-20`; not before it was `published`. Printed with the
    source; needed where it was read."""
    url: Url = ""
    """Its address, such as `https://example.org/crossings`. Printed with the source, unless there is a
    `doi`."""
    doi: Text = ""
    """Its DOI without an address before it, such as `10.1234/elm.5`. Printed as a link, in place of `url`."""
    isbn: Text = ""
    """The ISBN of a book, as it stands there. Printed with the source."""
    reliability: ReliabilityModel | None = None
    """How far the source can be trusted: a grade with its reason. `F`, cannot be judged, when it is left
    out."""
    consulted: Truth = True
    """`false` for a work that was not read and is only named by another: it needs no more than `type` and
    `title`, and no fact can cite it. `true` when it is left out."""
    derived_from: Ids = []
    """The ids of the sources that this one rests on or repeats, such as a press release. Those that rest
    on one another count as one where support is counted."""
    archive: ArchiveModel | None = None
    """The fingerprint of the text that was read and is kept as `archive/<id>.txt`: quotes are compared
    with it, word for word."""
    accept: dict[str, Reason] = {}
    """Warnings about this source that were looked at and can be defended: the name of the rule, which
    stands in brackets behind the warning, with the reason."""

    def build(self, id: str, number: int) -> Source:
        grade, kept = self.reliability, self.archive
        return Source(
            id=id,
            number=number,
            **_plain(self, "author", "reliability", "archive", "derived_from"),
            author=tuple(name.build() for name in self.author),
            reliability=Grade(grade.grade, grade.because) if grade else Grade("F"),
            derived_from=tuple(self.derived_from),
            archive=Archive(kept.sha256, kept.captured, kept.url) if kept else None,
        )


class CitationModel(Shape):
    """A source of the fact, with the words that say it and their place."""

    source: Id
    """The id of a source that was read."""
    quote: Text = ""
    """The words of the source that say it, exactly as they stand there; only quotation marks, dashes and
    line breaks may differ. Best 2 to 15 words that stand there once. Printed with the evidence; without
    one there is a warning, gaps aside."""
    at: Text = ""
    """Where the words stand: a heading, paragraph or page. Printed before the quote."""
    role: Annotated[str, AfterValidator(one_of(["supports", "contradicts"]))] = "supports"
    """`contradicts` for a source that speaks against the fact; `supports` when it is left out. One must
    support it."""


def _cited(value: object) -> object:
    return {"source": value} if isinstance(value, str) else value


def _some(citations: list[CitationModel]) -> list[CitationModel]:
    if not citations:
        raise ValueError("names no source; a fact needs at least one")
    return citations


class ComparisonModel(Shape):
    """Another fact that differs from this one, and why."""

    with_: Id = Field(alias="with")
    """The id of the other fact."""
    because: Reason
    """Why they differ: another stage, another scope, another day. Printed where a brief uses both."""


class QuantityModel(Shape):
    """One of `value`, `over`, `under`, `about`, `at_least`, `at_most`, `computed`, or `low` with `high`; the first
    six words are printed too."""

    value: Number | None = None
    """The number, exactly: `{value: 4200}` is printed as "4,200"."""
    over: Number | None = None
    """A number that is exceeded: `{over: 100e9, unit: USD}` is printed as "over $100 billion"."""
    under: Number | None = None
    """A number that is not reached: `{under: 5e6, unit: USD}` is printed as "under $5 million"."""
    about: Number | None = None
    """A number that is not exact: `{about: 41, unit: percent}` is printed as "about 41 percent"."""
    at_least: Number | None = None
    """The lowest number that it can be: `{at_least: 5}` is printed as "at least five"."""
    at_most: Number | None = None
    """The highest number that it can be: `{at_most: 12}` is printed as "at most 12"."""
    low: Number | None = None
    """The lower end of a range, together with `high`: printed as "$2.5 million to $3 million"."""
    high: Number | None = None
    """The upper end of a range, together with `low`, and larger."""
    computed: Text = ""
    """A formula over other quantities, such as `repair-estimate.estimate / 7`: numbers, `+ - * /`, parentheses, names
    of quantities of this fact or, behind an id and a point, of another. A minus has a space on both sides."""
    round: Digits | None = None
    """How many significant digits a computed number keeps, such as `3`."""
    unit: Text = ""
    """A currency of ISO 4217 (`USD`, `EUR`), `percent`, or a word such as `cracks`. A word is not printed;
    the text says it."""
    period: Text = ""
    """Which time the number covers, in free words: `fiscal year 2026`, `per day in 2025`. For checking;
    not printed."""
    stage: Annotated[str, AfterValidator(one_of(STAGES))] = ""
    """For money: which stage it has reached. The word must also stand in the text; left out where the
    source is loose."""

    def build(self) -> Quantity:
        rest: dict[str, Any] = {"unit": self.unit, "period": self.period, "stage": self.stage}
        if self.low is not None and self.high is not None:
            return Quantity("range", self.low, self.high, **rest)
        if self.computed:  # its value is worked out once all facts are read
            return Quantity("value", Decimal(0), **rest, computed=Computation(self.computed, self.round or 0))
        qualifier = next(word for word in QUALIFIERS if getattr(self, word) is not None)
        return Quantity(qualifier, getattr(self, qualifier), **rest)


def _one_number(quantity: QuantityModel) -> QuantityModel:
    given = [word for word in (*QUALIFIERS, "low", "high") if getattr(quantity, word) is not None]
    given += ["computed"] * bool(quantity.computed)
    if (len(given) != 1 and given != ["low", "high"]) or given in (["low"], ["high"]):
        known = ", ".join((*QUALIFIERS, "computed"))
        raise ValueError(f"must have exactly one of {known}; or low together with high")
    if quantity.round and not quantity.computed:
        raise ValueError("has a round, which is for a computed quantity; write the number as it is printed")
    if given == ["low", "high"] and quantity.low >= quantity.high:  # type: ignore[operator] # both are given here
        raise ValueError("has a low that is not below its high")
    return quantity


class FactModel(Shape):
    """One sentence with its sources."""

    required = ("kind", "text", "cite")

    kind: Annotated[str, AfterValidator(one_of(KINDS))] = ""
    """What sort of fact it is. The kind decides what the fact must have, and which briefs may print it."""
    text: Text = ""
    """One sentence in your own words, with a full stop. `{id}` prints a person or a quantity of this fact;
    everything else is printed as it stands. Write `text: >` and the sentence on the next line, indented.
    """
    cite: Annotated[
        list[Annotated[CitationModel, BeforeValidator(_cited), OrJust(Id)]], AfterValidator(_some)
    ] = []
    """The sources that say it, at least one: each a source id, or `source` with `quote` and `at`. For a
    gap, where it was looked for."""
    by: Annotated[Ids, BeforeValidator(listed), OrJust(Id)] = []
    """Who says it: an id from `people`, or a list of ids. The text must name each as `{id}`. Needed for a
    statement, assessment, projection, assumption and opinion, and for a provision that rests on no primary
    source."""
    date: Edtf | None = None
    """When it happened, was said or was counted: `2026-01-26`, `2026-01`, `2026`, `2026-01-24/2026-01-25`,
    `2022~` (about), `2022/..` (since). Needed for an event."""
    label: Text = ""
    """A short name without a date, for timelines, tables and charts."""
    quantities: dict[Id, Annotated[QuantityModel, AfterValidator(_one_number)]] = {}
    """The numbers of the sentence, by name: printed where the text says `{name}`. A name is an id that no
    person has. Needed for a figure."""
    tags: Ids = []
    """Words of your own, as ids, by which templates choose facts."""
    status: Annotated[str, AfterValidator(one_of(STATUSES))] = "current"
    """`current` when it is left out. Any other needs `why`; superseded and retracted facts cannot be
    printed."""
    why: Text = ""
    """Why the fact is disputed, superseded or retracted. Printed with the evidence."""
    supersedes: Id = ""
    """The id of the fact that this one replaces; that one gets `status: superseded`."""
    contradicts: Ids = []
    """The ids of facts that cannot be true together with this one: a brief that uses one must use the
    other. Write it in both."""
    compare: list[ComparisonModel] = []
    """Facts that differ from this one and are also true, each with the reason: `{with: id, because: …}`.
    To use one alone is a warning."""
    depends_on: Ids = []
    """The ids of facts that this one rests on: when one of them changes, this one is to be read again."""
    review_by: Day | None = None
    """The day by which to look at it again, such as `2026-06-30`."""
    credibility: CredibilityModel | None = None
    """How far the fact itself can be believed: a grade with its reason. `6`, cannot be judged, when it is
    left out."""
    accept: dict[str, Reason] = {}
    """Warnings about this fact that were looked at and can be defended: the name of the rule, which stands
    in brackets behind the warning, with the reason."""
    instrument: Text = ""
    """The act, contract, treaty or clause. Printed with the evidence. A provision needs it; no other kind
    has one."""
    force: Annotated[str, AfterValidator(one_of(FORCES))] = ""
    """How far the instrument has come. Printed with the evidence. A provision needs it; no other kind has
    one."""
    confidence: Annotated[str, AfterValidator(one_of(CONFIDENCE))] = ""
    """How sure those who judge say they are; only where the source states it, and never beside
    `likelihood`. For an assessment or a projection."""
    likelihood: Annotated[str, AfterValidator(one_of(LIKELIHOOD))] = ""
    """How likely they say it is, in words of ICD 203; only where the source states it. Keep to one of its
    two rows in a file. For an assessment or a projection."""
    horizon: Edtf | None = None
    """When it is expected: a date such as `2027` or `2027-06`. Printed with the evidence. For a
    projection."""
    if_wrong: Text = ""
    """What falls if the assumption is wrong. Printed with the evidence. An assumption needs it; no other
    kind has one."""
    settled_by: Text = ""
    """What would settle the question, such as `The town's budget for 2027`. Printed with the evidence. A
    gap needs it; no other kind has one."""

    def build(self, id: str, _: int) -> Fact:
        listed = ("by", "tags", "contradicts", "depends_on")
        lists: dict[str, Any] = {name: tuple(getattr(self, name)) for name in listed}
        grade = self.credibility
        return Fact(
            id=id,
            **_plain(self, *listed, "cite", "quantities", "compare", "credibility"),
            **lists,
            cite=tuple(Citation(c.source, c.quote, c.at, c.role) for c in self.cite),
            quantities={name: quantity.build() for name, quantity in self.quantities.items()},
            compare=tuple(Comparison(c.with_, c.because) for c in self.compare),
            credibility=Grade(grade.grade, grade.because) if grade else Grade("6"),
        )


def _plain(model: Shape, *built: str) -> dict[str, Any]:
    """The model's fields that the frozen type takes over as they are: all but those named."""
    return {name: value for name, value in model if name not in built}
