"""Claims of a template, as they are told from each other and compared with the facts that they were read against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from briefing.draft import Claim, Draft
from briefing.errors import Location
from briefing.facts import Fact, Facts
from briefing.fingerprint import short
from briefing.marks import Mark, split_marks

__all__ = ["Paraphrase", "meaning", "paraphrases"]

_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """The prose of one claim, as it is written, and the facts it rests on, each with its `meaning`.

    `id` is the same as long as the prose and the ids of the facts are: `no-concessions.3f2a91c0`.
    """

    facts: tuple[str, ...]
    prose: str
    meanings: tuple[str, ...]
    at: Location

    @property
    def id(self) -> str:
        return f"{self.facts[0]}.{short(*self.facts, self.prose)[:_DIGITS]}"


def paraphrases(facts: Facts, draft: Draft) -> tuple[Paraphrase, ...]:
    """The claims of a draft, in order; one that a loop prints again and again is one."""
    found = {one.id: one for one in reversed([*_all(facts, draft)])}
    return tuple(reversed(found.values()))


def _all(facts: Facts, draft: Draft) -> Iterator[Paraphrase]:
    for claim in draft.claims:
        meanings = tuple(meaning(facts, facts.facts[id]) for id in claim.facts)
        yield Paraphrase(claim.facts, _prose(draft, claim), meanings, claim.at)


def _prose(draft: Draft, claim: Claim) -> str:
    """The prose as it is written in the template, white space aside."""
    parts = (_written(draft, part) if isinstance(part, Mark) else part for part in split_marks(claim.prose))
    return " ".join("".join(parts).split())


def _written(draft: Draft, mark: Mark) -> str:
    if mark.kind == "person":
        return f"{{{draft.names[mark.number]}}}"
    if mark.kind == "quantity":
        return f"{{{draft.quantities[mark.number][1]}}}"
    return draft.literals[mark.number]


def meaning(facts: Facts, fact: Fact) -> str:
    """The fingerprint of all that a paraphrase of the fact may rest on.

    Its text, who says it, when, how likely, its numbers, what its sources say; not how it is sorted, labelled, graded
    or when it is read again.
    """
    return short(*_said(facts, fact))[:_DIGITS]


def _said(facts: Facts, fact: Fact) -> Iterable[str]:
    yield from (fact.kind, fact.text, fact.status, fact.why, fact.likelihood, fact.confidence)
    yield from (fact.instrument, fact.force, fact.if_wrong, fact.settled_by)
    yield from (str(fact.date or ""), str(fact.horizon or ""))
    for id in (*fact.by, *fact.placeholders):
        if id in facts.people:
            yield from (id, facts.people[id].name, facts.people[id].short)
    for name, quantity in fact.quantities.items():
        yield from (
            name,
            quantity.qualifier,
            f"{quantity.low:f}",
            "" if quantity.high is None else f"{quantity.high:f}",
        )
        yield from (quantity.unit, quantity.period, quantity.stage, "computed" if quantity.computed else "")
    for cite in sorted(fact.cite, key=lambda cite: (cite.source, cite.role, cite.quote)):
        yield from (cite.source, cite.role, " ".join(cite.quote.split()))
