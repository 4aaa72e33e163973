"""What a quotation says otherwise than the fact that cites it: who speaks, how likely, how sure, at which stage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.errors import Level
from briefing.facts import Fact, Person
from briefing.naming import stands_in, typed_names
from briefing.rules.base import Desk, Finding, rule
from briefing.vocabulary import CONFIDENCE, LIKELIHOOD, STAGES

__all__ = [
    "kind_confidence_quoted",
    "kind_likelihood_quoted",
    "kind_speaker_quoted",
    "number_period_quoted",
    "number_stage_quoted",
]


def _supporting(fact: Fact) -> list[str]:
    return [cite.quote for cite in fact.cite if cite.role == "supports" and cite.quote]


@rule("kind-speaker-quoted", Level.WARNING)
def kind_speaker_quoted(desk: Desk) -> Iterator[Finding]:
    """A fact is `by` somebody, and its quotation has it that somebody else on file says so.

    Looked for is the name of another person of the file with a verb of saying right behind it or in front ("Ibarra
    said"), in a quotation that does not name whom the fact is by.
    """
    people, forms = desk.facts.people, desk.ear.name_forms
    for fact in desk.facts.facts.values():
        holders = [people[name] for name in fact.by if name in people]
        if not holders:
            continue
        for number, cite in enumerate(fact.cite):
            if cite.role != "supports" or any(stands_in(holder, cite.quote, forms) for holder in holders):
                continue
            for id, _ in typed_names(people, cite.quote, forms, fact.by):
                if _speaks(desk, people[id], cite.quote):
                    message = f"here {people[id].name} speaks, and the fact is by {' and '.join(fact.by)}"
                    yield Finding(("facts", fact.id, "cite", number, "quote"), message)


def _speaks(desk: Desk, person: Person, quote: str) -> bool:
    name = stands_in(person, quote, desk.ear.name_forms)
    return bool(name) and any(
        desk.ear.speaks.search(f"{quote[: found.start()]}X{quote[found.end() :]}")
        for found in re.finditer(desk.ear.name_forms(name), quote)
    )


@rule("kind-likelihood-quoted", Level.WARNING)
def kind_likelihood_quoted(desk: Desk) -> Iterator[Finding]:
    """The quotations of a fact have words of likelihood, and none of the band that `likelihood` says."""
    for fact in desk.facts.facts.values():
        if fact.likelihood not in LIKELIHOOD:
            continue
        found = [said for quote in _supporting(fact) for said in desk.ear.likelihoods(quote)]
        own = LIKELIHOOD[fact.likelihood][1:]
        if found and not any(said.band == own and not said.negated for said in found):
            words = f"{'not ' if found[0].negated else ''}{found[0].words}"
            message = f'the quotation says "{words}", likelihood "{fact.likelihood}"'
            yield Finding(("facts", fact.id, "likelihood"), message)


@rule("kind-confidence-quoted", Level.WARNING)
def kind_confidence_quoted(desk: Desk) -> Iterator[Finding]:
    """The quotations of a fact say how sure a judgement is, in ICD 203's words, and otherwise than `confidence`."""
    for fact in desk.facts.facts.values():
        if fact.confidence not in CONFIDENCE:
            continue
        said = [level for quote in _supporting(fact) for level in desk.ear.confidence_levels(quote)]
        if said and fact.confidence not in said:
            message = f"the quotation says {said[0]} confidence, the fact {fact.confidence}"
            yield Finding(("facts", fact.id, "confidence"), message)


# What is announced may have reached any stage, and who reports it announces it.
_TELLING_STAGES = tuple(stage for stage in STAGES if stage != "announced")


@rule("number-period-quoted", Level.WARNING)
def number_period_quoted(desk: Desk) -> Iterator[Finding]:
    """A quotation gives years, and none of them is one of the years in the `period` of a quantity."""
    for fact in desk.facts.facts.values():
        periods = {name: _years(each.period) for name, each in fact.quantities.items() if not each.computed}
        quoted = (
            {year for quote in _supporting(fact) for year in _years(quote)}
            if any(periods.values())
            else set()
        )
        for name, years in periods.items():
            if years and quoted and not years & quoted:
                here, there = (", ".join(sorted(some)) for some in (quoted, years))
                message = f"the quotation speaks of {here}, the period of {there}"
                yield Finding(("facts", fact.id, "quantities", name, "period"), message)


def _years(text: str) -> set[str]:
    return set(re.findall(r"(?<![\d.,$€£₴])(?:19|20)\d\d(?![\d.,]\d|\d)", text))


@rule("number-stage-quoted", Level.WARNING)
def number_stage_quoted(desk: Desk) -> Iterator[Finding]:
    """A quotation says that money has come to another stage than `stage` does: obligated is not disbursed.

    Asked of facts with one sum of money, where no quotation has the word of its own stage.
    """
    tongue = desk.tongue
    for fact in desk.facts.facts.values():
        staged = {
            name: each.stage for name, each in fact.quantities.items() if each.stage and not each.computed
        }
        if len(staged) != 1:
            continue
        ((name, own),) = staged.items()
        quotes = " ".join(_supporting(fact))
        said = [stage for stage in _TELLING_STAGES if stage != own and tongue.names_stage(stage, quotes)]
        if said and not tongue.names_stage(own, quotes):
            message = f'the quotation says "{tongue.stages[said[0]]}", the stage is "{tongue.stages[own]}"'
            yield Finding(("facts", fact.id, "quantities", name, "stage"), message)
