"""The shape of schema 1 as pydantic models: every key of the facts file, its type and the words it may hold.

All scalars arrive as text, exactly as written, and are converted here; what needs more than one field is a rule's
business (`briefing.rules`). Top-level keys are optional in the models and listed in `required`, so that a fact with
one key missing is still checked in everything else.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from briefing.facts import Archive, Citation, Comparison, Fact, Grade, Name, Person, Quantity, Source
from briefing.scalars import (
    TODO,
    Day,
    Edtf,
    Id,
    Ids,
    Number,
    Sha256,
    Text,
    Truth,
    Url,
    check_id,
    listed,
    one_of,
)
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

__all__ = ["FactModel", "HeaderModel", "PersonModel", "Shape", "SourceModel"]


class Shape(BaseModel):
    """A mapping of the facts file; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, populate_by_name=False)
    required: ClassVar[tuple[str, ...]] = ()


class HeaderModel(Shape):
    """The top of the file."""

    required = ("schema", "title", "as_of", "sources", "facts")

    schema_: Annotated[str, AfterValidator(one_of(["1"]))] = Field("1", alias="schema")
    title: Text = ""
    as_of: Day = datetime.date.min
    dated: Day | None = None
    people: dict[str, Any] = {}
    sources: dict[str, Any] = {}
    facts: dict[str, Any] = {}


class PersonModel(Shape):
    """Somebody who speaks; `short` is what is printed after the first mention, `name` when left out."""

    required = ("name",)

    name: Text = ""
    short: Text = ""

    def build(self, id: str, _: int) -> Person:
        return Person(id, self.name, self.short or self.name)


class NameModel(Shape):
    family: Text = ""
    given: Text = ""
    literal: Text = ""

    def build(self) -> Name:
        return Name(self.family, self.given, self.literal)


def _named(value: object) -> object:
    return {"literal": value} if isinstance(value, str) else value


class ReliabilityModel(Shape):
    grade: Annotated[str, AfterValidator(one_of(RELIABILITY))]
    because: Text = ""


class CredibilityModel(Shape):
    grade: Annotated[str, AfterValidator(one_of(CREDIBILITY))]
    because: Text = ""


class ArchiveModel(Shape):
    sha256: Sha256
    captured: Day | None = None
    url: Url = ""


class SourceModel(Shape):
    """A work; `required` is for one that was read."""

    required = ("type", "level", "descriptor", "accessed")
    required_unread: ClassVar[tuple[str, ...]] = ("type", "title")

    type: Annotated[str, AfterValidator(one_of(CSL_TYPES))] = ""
    level: Annotated[str, AfterValidator(one_of([*LEVELS, TODO]))] = ""
    descriptor: Text = ""
    title: Text = ""
    author: Annotated[
        list[Annotated[NameModel, BeforeValidator(_named)]],
        BeforeValidator(lambda value: value if isinstance(value, list) else [value]),
    ] = []
    publisher: Text = ""
    container_title: Text = Field("", alias="container-title")
    volume: Text = ""
    issue: Text = ""
    page: Text = ""
    published: Edtf | None = None
    accessed: Day | None = None
    url: Url = ""
    doi: Text = ""
    isbn: Text = ""
    reliability: ReliabilityModel | None = None
    consulted: Truth = True
    derived_from: Ids = []
    archive: ArchiveModel | None = None
    accept: dict[str, Text] = {}

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
    source: Id
    quote: Text = ""
    at: Text = ""
    role: Annotated[str, AfterValidator(one_of(["supports", "contradicts"]))] = "supports"


def _cited(value: object) -> object:
    return {"source": value} if isinstance(value, str) else value


def _some(citations: list[CitationModel]) -> list[CitationModel]:
    if not citations:
        raise ValueError("names no source; a fact needs at least one")
    return citations


class ComparisonModel(Shape):
    with_: Id = Field(alias="with")
    because: Text


class QuantityModel(Shape):
    """One of `value`, `over`, `under`, `about`, `at_least`, `at_most`, or `low` with `high`."""

    value: Number | None = None
    over: Number | None = None
    under: Number | None = None
    about: Number | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Text = ""
    period: Text = ""
    stage: Annotated[str, AfterValidator(one_of(STAGES))] = ""

    def build(self) -> Quantity:
        rest: dict[str, Any] = {"unit": self.unit, "period": self.period, "stage": self.stage}
        if self.low is not None and self.high is not None:
            return Quantity("range", self.low, self.high, **rest)
        qualifier = next(word for word in QUALIFIERS if getattr(self, word) is not None)
        return Quantity(qualifier, getattr(self, qualifier), **rest)


def _one_number(quantity: QuantityModel) -> QuantityModel:
    given = [word for word in (*QUALIFIERS, "low", "high") if getattr(quantity, word) is not None]
    if (len(given) != 1 and given != ["low", "high"]) or given in (["low"], ["high"]):
        raise ValueError("must have exactly one of " + ", ".join(QUALIFIERS) + "; or low together with high")
    if given == ["low", "high"] and quantity.low >= quantity.high:  # type: ignore[operator] # both are given here
        raise ValueError("has a low that is not below its high")
    return quantity


class FactModel(Shape):
    """One sentence with its sources."""

    required = ("kind", "text", "cite")

    kind: Annotated[str, AfterValidator(one_of(KINDS))] = ""
    text: Text = ""
    cite: Annotated[list[Annotated[CitationModel, BeforeValidator(_cited)]], AfterValidator(_some)] = []
    by: Annotated[Ids, BeforeValidator(listed)] = []
    date: Edtf | None = None
    label: Text = ""
    quantities: dict[Id, Annotated[QuantityModel, AfterValidator(_one_number)]] = {}
    tags: Ids = []
    status: Annotated[str, AfterValidator(one_of(STATUSES))] = "current"
    why: Text = ""
    supersedes: Annotated[str, AfterValidator(check_id)] = ""
    contradicts: Ids = []
    compare: list[ComparisonModel] = []
    depends_on: Ids = []
    review_by: Day | None = None
    credibility: CredibilityModel | None = None
    accept: dict[str, Text] = {}
    instrument: Text = ""
    force: Annotated[str, AfterValidator(one_of(FORCES))] = ""
    confidence: Annotated[str, AfterValidator(one_of(CONFIDENCE))] = ""
    likelihood: Annotated[str, AfterValidator(one_of(LIKELIHOOD))] = ""
    horizon: Edtf | None = None
    if_wrong: Text = ""
    settled_by: Text = ""

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
