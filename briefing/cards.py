"""A brief → a card for each fact under its sentences: what stands on file, who says so where, in which line."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.bibliography import address_of, citation
from briefing.brief import Brief
from briefing.document import flat
from briefing.errors import Location
from briefing.facts import Fact
from briefing.index import IndexedCitation, indexed_fact
from briefing.links import is_safe_link
from briefing.places import Places

__all__ = ["Card", "Passage", "card", "cards"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Where to look a fact up: its source in full, the place in it, the words there. `role` as in the index.

    `address` is empty where nobody should follow it. `place` is that of the source in the facts file.
    """

    number: int
    source: str
    citation: str
    descriptor: str
    address: str
    at: str
    quote: str
    role: str
    place: Location


@dataclass(frozen=True, slots=True)
class Card:
    """A fact of a brief as it stands on file; `place` is that of its id."""

    id: str
    kind: str
    status: str
    why: str
    text: str
    by: tuple[str, ...]
    corroboration: int
    place: Location
    passages: tuple[Passage, ...]


def cards(brief: Brief, places: Places) -> dict[str, Card]:
    """Those of all facts that it uses, by id, in order of use."""
    return {used.fact.id: card(brief, used.fact, places) for used in brief.used}


def card(brief: Brief, fact: Fact, places: Places) -> Card:
    """That of one fact; `places` are those of the facts file."""
    found = indexed_fact(brief, fact)
    return Card(
        id=found.id,
        kind=found.kind,
        status=found.status,
        why=found.why,
        text=found.text,
        by=found.by,
        corroboration=found.corroboration,
        place=places.of_key(("facts", fact.id)),
        passages=tuple(_passage(brief, cite, places) for cite in found.citations),
    )


def _passage(brief: Brief, cite: IndexedCitation, places: Places) -> Passage:
    source = brief.facts.sources[cite.source]
    address = address_of(source)
    return Passage(
        number=cite.number,
        source=cite.source,
        citation=flat(citation(brief.tongue, source)).strip(),
        descriptor=source.descriptor if source.title else "",
        address=address if address and is_safe_link(address) else "",
        at=cite.at,
        quote=cite.quote,
        role=cite.role,
        place=places.of_key(("sources", cite.source)),
    )
