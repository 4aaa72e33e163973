"""Who is said to say something, in the prose of a claim."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.errors import Level
from briefing.rules.briefs import BriefDesk, BriefFinding, rule_over_brief
from briefing.speech import says_so

__all__ = ["template_reporting_verb", "template_speaker"]


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
