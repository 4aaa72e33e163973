"""Who is said to say something, in the prose of a claim."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.ears import Ear
from briefing.errors import Level
from briefing.facts import Fact
from briefing.reading import CITED
from briefing.rules.base import SOMEBODY
from briefing.rules.briefs import QUANTITY, BriefDesk, BriefFinding, rule_over_brief

__all__ = [
    "template_hedge",
    "template_likelihood",
    "template_likelihood_lost",
    "template_reporting_verb",
    "template_speaker",
]


@rule_over_brief("template-speaker", Level.ERROR)
def template_speaker(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim rests on a fact that somebody says, and does not name who, as `{person}`."""
    for claim in desk.claims():
        for fact in claim.facts:
            if desk.facts.is_attributed(fact) and not claim.named & set(fact.by):
                who = " or ".join(f"{{{name}}}" for name in fact.by)
                article = "an" if fact.kind[0] in "aeiou" else "a"
                message = (
                    f'"{fact.id}" is {article} {fact.kind}: name {who} in the claim, as the one who says so'
                )
                yield BriefFinding(claim, message)


@rule_over_brief("template-reporting-verb", Level.WARNING)
def template_reporting_verb(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim names who says something, and has no verb of saying: what is said reads as what is so."""
    for claim in desk.claims():
        if any(desk.facts.is_attributed(fact) for fact in claim.facts) and not desk.ear.says_so(claim.typed):
            message = "the claim names a speaker but has no verb of saying, such as said, expects or rejects"
            yield BriefFinding(claim, message)


@rule_over_brief("template-likelihood", Level.ERROR)
def template_likelihood(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim says how likely or how certain something is in words that none of its facts has.

    "Almost certain" is not "likely": a claim cannot make a judgement stronger, weaker, or of what happened.
    """
    for claim in desk.claims():
        known = {desk.ear.degree(word) for fact in claim.facts for word in _judged(desk.ear, fact)}
        for word in desk.ear.judgement_words(claim.typed.replace(QUANTITY, "5")):
            if desk.ear.degree(word) not in known:
                yield BriefFinding(claim, f'"{word}" is a judgement that stands in none of {claim.beside}')


def _judged(ear: Ear, fact: Fact) -> Iterator[str]:
    yield from (fact.likelihood,) if fact.likelihood else ()
    for text in (fact.text, *(cite.quote for cite in fact.cite)):
        yield from ear.judgement_words(text)


@rule_over_brief("template-likelihood-lost", Level.WARNING)
def template_likelihood_lost(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim rests on one fact that its source calls likely or unlikely, and does not say so: it reads as certain."""
    for claim in desk.claims():
        likelihoods = [fact.likelihood for fact in claim.facts if fact.likelihood]
        if (
            len(claim.facts) == 1
            and likelihoods
            and not desk.ear.judgement_words(claim.typed.replace(QUANTITY, "5"))
        ):
            message = f'the fact says how likely it is, "{likelihoods[0]}", and the claim does not'
            yield BriefFinding(claim, message)


@rule_over_brief("template-hedge", Level.WARNING)
def template_hedge(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim says something without saying who holds it: "reportedly", "critics fear", "is believed to".

    The same as kind-hedge, for words of the template's own. Name the holder as `{person}`, or leave the hedge out.
    """
    for claim in desk.claims():
        if any(claim.named & set(fact.by) for fact in claim.facts):
            continue
        typed = claim.typed.replace(CITED, SOMEBODY).replace(QUANTITY, "5")
        for phrase in desk.ear.hedges(typed)[:1]:
            yield BriefFinding(claim, f'"{phrase}": who says so? name the holder, as {{id}}, in the claim')
