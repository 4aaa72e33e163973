"""Who is said to say something, in the prose of a claim."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.errors import Level
from briefing.hedges import hedges
from briefing.reading import CITED
from briefing.rules.base import SOMEBODY
from briefing.rules.briefs import QUANTITY, BriefDesk, BriefFinding, rule_over_brief
from briefing.speech import says_so

__all__ = ["template_hedge", "template_reporting_verb", "template_speaker"]


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
        if any(desk.facts.is_attributed(fact) for fact in claim.facts) and not says_so(claim.typed):
            message = "the claim names a speaker but has no verb of saying, such as said, expects or rejects"
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
        for phrase in hedges(typed)[:1]:
            yield BriefFinding(claim, f'"{phrase}": who says so? name the holder, as {{id}}, in the claim')
