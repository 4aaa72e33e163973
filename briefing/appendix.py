"""Brief → the Sources section: a computed summary, the cited sources, the evidence in order of use."""

from __future__ import annotations

from briefing.bibliography import source_entry
from briefing.brief import Brief
from briefing.document import Block, Heading, Paragraph, Text
from briefing.evidence import evidence_entries
from briefing.tongues import Tally
from briefing.vocabulary import LEVELS

__all__ = ["appendix"]


def appendix(brief: Brief) -> tuple[Block, ...]:
    """The same in form and numbering for every brief of a facts file."""
    sources = tuple(source_entry(brief, source) for source in brief.sources)
    return (
        Heading(2, (Text(brief.tongue.sources_heading),)),
        Paragraph((Text(" ".join(brief.tongue.summary(_tally(brief)))),)),
        *sources,
        Heading(3, (Text(brief.tongue.evidence_heading),)),
        *evidence_entries(brief),
    )


def _tally(brief: Brief) -> Tally:
    facts = [used.fact for used in brief.used]
    levels = [source.level for source in brief.sources]
    known = [fact for fact in facts if fact.kind != "gap"]
    shown = {fact.id for fact in facts}
    against = _pairs({(fact.id, name) for fact in facts for name in fact.contradicts if name in shown})
    beside = _pairs(
        {(fact.id, other.fact) for fact in facts for other in fact.compare if other.fact in shown}
    )
    return Tally(
        facts=len(facts),
        levels=tuple((level, levels.count(level)) for level in LEVELS if level in levels),
        gaps=len(facts) - len(known),
        single=sum(1 for fact in known if brief.facts.corroboration(fact) == 1),
        disputed=sum(1 for fact in facts if fact.status == "disputed"),
        contradicted=sum(1 for fact in facts if fact.id in against),
        compared=sum(1 for fact in facts if fact.id in beside),
        unused=brief.unused,
    )


def _pairs(pairs: set[tuple[str, str]]) -> set[str]:
    """The ids in pairs."""
    return {id for pair in pairs for id in pair}
