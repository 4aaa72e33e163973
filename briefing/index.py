"""Facts + briefs → `Index`: what each sentence rests on, and which brief uses which fact.

This is what somebody who checks a brief against its sources takes to the table, to tick off sentence by sentence.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace

from briefing.brief import Brief
from briefing.document import Cites, Text
from briefing.facts import Citation, Fact, Facts, Grade, Source
from briefing.prose import shortened
from briefing.sentences import Sentence, cited_sentences
from briefing.voice import Voice

__all__ = [
    "Index",
    "IndexedBrief",
    "IndexedCitation",
    "IndexedFact",
    "IndexedSentence",
    "MatrixRow",
    "Use",
    "about",
    "index",
    "indexed_fact",
    "short_title",
]

_LONGEST_TITLE = 72


@dataclass(frozen=True, slots=True)
class IndexedCitation:
    """A passage to look up: `number` and `source` (its id) say where, `title` is that of the source, cut to a line.

    `role`: supports; contradicts; or searched, where a gap was looked for and not found. `at` and `quote` are empty
    where the facts file gives none.
    """

    number: int
    source: str
    title: str
    at: str
    quote: str
    role: str


@dataclass(frozen=True, slots=True)
class IndexedFact:
    """A fact under a sentence. `text` is its own sentence, `by` are the names of those who say so.

    `corroboration` is the number of independent sources that support it, for a gap of those that were searched;
    `credibility` is None where nobody has judged it; `why` is the reason of a status other than current.
    """

    id: str
    kind: str
    status: str
    why: str
    text: str
    by: tuple[str, ...]
    corroboration: int
    credibility: Grade | None
    citations: tuple[IndexedCitation, ...]


@dataclass(frozen=True, slots=True)
class IndexedSentence:
    """A sentence (or row of a table) of a brief; `number` counts from 1, `heading` is what stands above it."""

    number: int
    heading: str
    parts: tuple[Text | Cites, ...]
    text: str
    facts: tuple[IndexedFact, ...]


@dataclass(frozen=True, slots=True)
class IndexedBrief:
    """The cited sentences of one brief, in order; `used` is the number of facts under them."""

    audience: str
    title: str
    used: int
    sentences: tuple[IndexedSentence, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """What a brief does with a fact. `status`: used (in the `sentences` of these numbers), left out, or barred."""

    status: str
    sentences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A fact on file, and what each brief (by the name of its audience, in the order asked for) does with it."""

    id: str
    kind: str
    status: str
    label: str
    corroboration: int
    audiences: Mapping[str, Use]


@dataclass(frozen=True, slots=True)
class Index:
    """What the briefs rest on. `sources` are those behind a sentence, by number; `facts` are all, in file order."""

    title: str
    as_of: datetime.date | None
    sources: tuple[Source, ...]
    briefs: tuple[IndexedBrief, ...]
    facts: tuple[MatrixRow, ...]


def index(facts: Facts | None, briefs: Sequence[Brief], faulty: Container[str] = ()) -> Index:
    """The index of briefs of these facts, which are None where the file cannot be used.

    `faulty` are the ids of facts that an error of `check` bars from every brief.
    """
    if facts is None:
        return Index("", None, (), (), ())
    done = tuple(map(_brief, briefs))
    cited = {id for brief in done for sentence in brief.sentences for id in _source_ids(sentence)}
    return Index(
        title=facts.title,
        as_of=facts.as_of,
        sources=tuple(source for source in facts.sources.values() if source.id in cited),
        briefs=done,
        facts=_matrix(facts, briefs, done, faulty),
    )


def about(index: Index, ids: Collection[str]) -> Index:
    """What of it is about these facts: the sentences that rest on one of them, what each brief does with them."""
    briefs = tuple(_brief_about(brief, ids) for brief in index.briefs)
    cited = {id for brief in briefs for sentence in brief.sentences for id in _source_ids(sentence)}
    return replace(
        index,
        sources=tuple(source for source in index.sources if source.id in cited),
        briefs=briefs,
        facts=tuple(row for row in index.facts if row.id in ids),
    )


def _brief_about(brief: IndexedBrief, ids: Collection[str]) -> IndexedBrief:
    found = tuple(one for one in brief.sentences if any(fact.id in ids for fact in one.facts))
    return replace(brief, sentences=found, used=len({fact.id for one in found for fact in one.facts}))


def short_title(source: Source) -> str:
    """A source's title, or in brackets what it is, cut to a line."""
    title = source.title or f"[{source.descriptor.rstrip('.')}]"
    return shortened(title, _LONGEST_TITLE, "…" if source.title else "…]")


def _brief(brief: Brief) -> IndexedBrief:
    # Those that are used, and no others: a fact with an unknown source or person cannot be followed up.
    indexed = {used.fact.id: indexed_fact(brief, used.fact) for used in brief.used}
    sentences = tuple(
        _sentence(number, sentence, indexed)
        for number, sentence in enumerate(cited_sentences(brief.body), start=1)
    )
    return IndexedBrief(brief.audience.name, brief.audience.contract.title, len(brief.used), sentences)


def _sentence(number: int, sentence: Sentence, indexed: Mapping[str, IndexedFact]) -> IndexedSentence:
    facts = tuple(indexed[id] for id in sentence.facts)
    return IndexedSentence(number, sentence.heading, sentence.parts, sentence.text, facts)


def indexed_fact(brief: Brief, fact: Fact) -> IndexedFact:
    """A fact of a brief, as whoever follows it up needs it."""
    facts = brief.facts
    # What a computed fact is computed from is to be looked up as well.
    cites = [cite for one in (fact, *facts.basis(fact)) for cite in one.cite]
    by_number = sorted(dict.fromkeys(cites), key=lambda cite: facts.sources[cite.source].number)
    return IndexedFact(
        id=fact.id,
        kind=fact.kind,
        status=fact.status,
        why=fact.why,
        text=Voice(facts, brief.tongue).quiet_words(fact),
        by=tuple(facts.people[name].short for name in fact.by),
        corroboration=facts.corroboration(fact),
        credibility=fact.credibility if fact.credibility.grade != "6" else None,
        citations=tuple(_citation(facts, fact, cite) for cite in by_number),
    )


def _citation(facts: Facts, fact: Fact, cite: Citation) -> IndexedCitation:
    source = facts.sources[cite.source]
    role = "searched" if fact.kind == "gap" and cite.role == "supports" else cite.role
    return IndexedCitation(source.number, source.id, short_title(source), cite.at, cite.quote, role)


def _source_ids(sentence: IndexedSentence) -> set[str]:
    return {cite.source for fact in sentence.facts for cite in fact.citations}


# --- the matrix ---------------------------------------------------------------------------------------


def _matrix(
    facts: Facts, briefs: Sequence[Brief], done: Sequence[IndexedBrief], faulty: Container[str]
) -> tuple[MatrixRow, ...]:
    numbers = [_numbers(brief) for brief in done]
    return tuple(
        MatrixRow(
            id=fact.id,
            kind=fact.kind,
            status=fact.status,
            label=fact.label,
            corroboration=facts.corroboration(fact),
            audiences={
                brief.audience.name: _use(fact, brief, found.get(fact.id, ()), faulty)
                for brief, found in zip(briefs, numbers, strict=True)
            },
        )
        for fact in facts.facts.values()
    )


def _numbers(brief: IndexedBrief) -> dict[str, tuple[int, ...]]:
    """Fact → the numbers of the sentences that rest on it."""
    numbers: dict[str, tuple[int, ...]] = {}
    for sentence in brief.sentences:
        for fact in sentence.facts:
            numbers[fact.id] = (*numbers.get(fact.id, ()), sentence.number)
    return numbers


def _use(fact: Fact, brief: Brief, numbers: tuple[int, ...], faulty: Container[str]) -> Use:
    if numbers:
        return Use("used", numbers)
    barred = (
        fact.kind not in brief.audience.contract.kinds
        or fact.status in ("retracted", "superseded")
        or fact.id in faulty
        or not any(cite.role == "supports" for cite in fact.cite)
    )
    return Use("barred" if barred else "left out")
