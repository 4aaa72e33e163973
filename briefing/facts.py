"""The types of a facts file: people, sources, facts and what they consist of. Frozen, and without I/O."""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache, reduce

from briefing.dates import Date
from briefing.descent import Descent
from briefing.links import same_address
from briefing.vocabulary import KINDS

__all__ = [
    "Archive",
    "Citation",
    "Comparison",
    "Computation",
    "Extract",
    "Fact",
    "Facts",
    "Fault",
    "Grade",
    "Name",
    "Person",
    "Placeholder",
    "Quantity",
    "Source",
    "mistyped",
    "pieces",
    "with_names",
]

_BRACES = re.compile(r"\{\{|\}\}|\{([a-z0-9]+(?:-[a-z0-9]+)*)\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`{name}` in a text: a person or a quantity of the fact."""

    name: str


@lru_cache(maxsize=20_000)  # each rule asks for them anew
def pieces(text: str) -> tuple[str | Placeholder, ...]:
    """Split a text at its placeholders; `{{` and `}}` are one brace, any other brace is itself."""
    end = 0
    parts: list[str | Placeholder] = []
    for found in _BRACES.finditer(text):
        parts += (text[end : found.start()], Placeholder(found[1]) if found[1] else found[0][0])
        end = found.end()
    return (*parts, text[end:])


@lru_cache(maxsize=20_000)
def _placeholders(text: str) -> tuple[str, ...]:
    return tuple(piece.name for piece in pieces(text) if isinstance(piece, Placeholder))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The text with other names in its braces: those that `names` gives another one."""
    return _BRACES.sub(lambda found: f"{{{names.get(found[1], found[1])}}}" if found[1] else found[0], text)


def mistyped(text: str, known: Container[str]) -> Iterator[str]:
    """What stands in braces and is no placeholder, but nearly: `{ mayor }`, `{Mayor}`, `{aid.amount}`."""
    for found in re.finditer(r"\{([^{}]{1,80})\}", text):
        name = found[1].strip().casefold().replace("_", "-").replace(" ", "-")
        parts = (name.partition(".")[0], name.rpartition(".")[2])
        if not _BRACES.fullmatch(found[0]) and any(part in known for part in parts):
            yield found[0]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks: `name` at first mention in a brief, `short` afterwards."""

    id: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Name:
    """An author: family and given name, or one literal name (a body)."""

    family: str = ""
    given: str = ""
    literal: str = ""

    def __str__(self) -> str:
        if self.literal:
            return self.literal
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True, slots=True)
class Grade:
    """An Admiralty grade with its reason: A–F for a source's reliability, 1–6 for a fact's credibility."""

    grade: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """The kept text of a source: sha256 of `archive/<id>.txt`, when it was captured, where a copy is public."""

    sha256: str
    captured: datetime.date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A work. `number` is its place in the file, from 1, and the `[n]` of every brief; `designation` is the number that
    it bears itself, as a report or a law does: `number` in the file."""

    id: str
    number: int
    type: str
    level: str = ""
    descriptor: str = ""
    title: str = ""
    author: tuple[Name, ...] = ()
    publisher: str = ""
    container_title: str = ""
    volume: str = ""
    issue: str = ""
    designation: str = ""
    page: str = ""
    published: Date | None = None
    accessed: datetime.date | None = None
    url: str = ""
    doi: str = ""
    isbn: str = ""
    reliability: Grade = Grade("F")
    consulted: bool = True
    derived_from: tuple[str, ...] = ()
    archive: Archive | None = None
    accept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a fact stands in a source; `role` is supports or contradicts."""

    source: str
    quote: str = ""
    at: str = ""
    role: str = "supports"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a formula has no result: the rule that says so, in words, at which key and words of the quantity.

    Without a rule it is an echo of what was already reported.
    """

    rule: str
    message: str
    key: str = "computed"
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Computation:
    """How a quantity was computed: the formula as it was written, and the significant digits kept (0: all).

    `basis` are the quantities that it rests on, each as (fact, quantity), before those that rest on it in turn.
    `rounded` says that digits were dropped. With a `fault` the quantity is not known, and its number is none.
    """

    formula: str
    digits: int = 0
    basis: tuple[tuple[str, str], ...] = ()
    rounded: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `qualifier` is a key of QUALIFIERS, or `range` (then `high` is set).

    `unit` is an ISO 4217 code, `percent`, a word, or empty; money may have the stage it has reached. `computed` says
    how it was reached, where it is not a source's own number.
    """

    qualifier: str
    low: Decimal
    high: Decimal | None = None
    unit: str = ""
    period: str = ""
    stage: str = ""
    computed: Computation | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Another fact that differs from this one, and why (another stage, another scope)."""

    fact: str
    because: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence with its sources."""

    id: str
    kind: str
    text: str
    cite: tuple[Citation, ...]
    by: tuple[str, ...] = ()
    date: Date | None = None
    label: str = ""
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    status: str = "current"
    why: str = ""
    supersedes: str = ""
    contradicts: tuple[str, ...] = ()
    compare: tuple[Comparison, ...] = ()
    depends_on: tuple[str, ...] = ()
    review_by: datetime.date | None = None
    credibility: Grade = Grade("6")
    accept: Mapping[str, str] = field(default_factory=dict)
    instrument: str = ""
    force: str = ""
    confidence: str = ""
    likelihood: str = ""
    horizon: Date | None = None
    if_wrong: str = ""
    settled_by: str = ""

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names in braces, in order."""
        return _placeholders(self.text)

    @property
    def basis(self) -> tuple[str, ...]:
        """The other facts that its computed quantities rest on, directly or not; it depends on each."""
        computations = (quantity.computed for quantity in self.quantities.values())
        named = (fact for made in computations if made for fact, _ in made.basis)
        return tuple(dict.fromkeys(id for id in named if id != self.id))


@dataclass(frozen=True, slots=True)
class Extract:
    """Of what a facts file that a document carries is an extract: the number of facts there, the numbers of sources.

    `elsewhere` are ids of facts that stand there and not here, `locale` is the language of that file, where it says.
    """

    on_file: int
    numbers: Mapping[str, int]
    elsewhere: tuple[str, ...]
    locale: str = ""


@dataclass(frozen=True)
class Facts:
    """A whole facts file, or an extract of one. The mappings keep the file's order."""

    path: str
    title: str
    as_of: datetime.date
    dated: datetime.date
    people: Mapping[str, Person]
    sources: Mapping[str, Source]
    facts: Mapping[str, Fact]
    extract: Extract | None = None

    @property
    def on_file(self) -> int:
        """How many facts the office has on file."""
        return self.extract.on_file if self.extract else len(self.facts)

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Facts that are on file and not in this extract."""
        return self.extract.elsewhere if self.extract else ()

    def basis(self, fact: Fact) -> tuple[Fact, ...]:
        """The facts that a fact's computed quantities rest on, as far as they are in the file."""
        return tuple(self.facts[id] for id in fact.basis if id in self.facts)

    def is_attributed(self, fact: Fact) -> bool:
        """Whether the sentence must name who says so: by its kind, or because it is computed from what somebody says.

        So must a provision that rests on no primary text.
        """
        return self._is_said(fact) or any(map(self._is_said, self.basis(fact)))

    def _is_said(self, fact: Fact) -> bool:
        if fact.kind == "provision":
            cited = (self.sources.get(cite.source) for cite in fact.cite)
            return not any(source and source.level == "primary" for source in cited)
        kind = KINDS.get(fact.kind)
        return kind is not None and kind.attributed

    @cached_property
    def successors(self) -> Mapping[str, str]:
        """Superseded fact → the fact that supersedes it."""
        return {fact.supersedes: fact.id for fact in self.facts.values() if fact.supersedes}

    @cached_property
    def descent(self) -> Descent:
        """Which source rests on which; entries for one address or DOI rest on it, since they are one work."""
        works: dict[str, list[str]] = {}
        for id, source in self.sources.items():
            for work in filter(None, (same_address(source.url or ""), source.doi.casefold())):
                works.setdefault(work, []).append(id)
        shared: dict[str, list[str]] = {}
        for work, ids in works.items():
            for id in ids if len(ids) > 1 else ():
                shared.setdefault(id, []).append(work)
        below = {id: (*source.derived_from, *shared.get(id, ())) for id, source in self.sources.items()}
        return Descent({**below, **{work: () for named in shared.values() for work in named}})

    def corroboration(self, fact: Fact) -> int:
        """How many independent sources support a fact.

        Consulted sources that share a root, or of which one rests on the other, count as one. A computed fact is as
        well supported as the worst supported of the facts that it is computed from, and no better than it is itself.
        """
        return min(self._supports(each) for each in (fact, *self.basis(fact)))

    def _supports(self, fact: Fact) -> int:
        """How many groups its supporting sources fall into, of which no two share a root."""
        groups: list[int] = []
        together = 0
        for cite in fact.cite:
            source = self.sources.get(cite.source)
            if cite.role != "supports" or source is None or not source.consulted:
                continue
            below = self.descent.of(source.id)
            if below & together:
                related = [group for group in groups if group & below]
                groups = [group for group in groups if not group & below]
                groups.append(reduce(operator.or_, related, below))
            else:
                groups.append(below)
            together |= below
        return len(groups)
