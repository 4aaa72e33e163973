"""Brief → the Sources section: a computed summary, the cited sources, the evidence in order of use."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.bibliography import source_entry
from briefing.brief import Brief
from briefing.document import Block, Heading, Paragraph, Text
from briefing.evidence import evidence_entries
from briefing.facts import Fact
from briefing.prose import capitalised
from briefing.vocabulary import LEVELS
from briefing.wording import count, numeral

__all__ = ["appendix"]


def appendix(brief: Brief) -> tuple[Block, ...]:
    """The same in form and numbering for every brief of a facts file."""
    sources = tuple(source_entry(brief, source) for source in brief.sources)
    return (
        Heading(2, (Text("Sources"),)),
        Paragraph((Text(" ".join(_summary(brief))),)),
        *sources,
        Heading(3, (Text("Evidence, in order of use"),)),
        *evidence_entries(brief),
    )


def _summary(brief: Brief) -> Iterator[str]:
    facts = [used.fact for used in brief.used]
    levels = [source.level for source in brief.sources]
    yield f"This brief rests on {count(len(facts), 'fact')} from {_sources(levels)}."
    known = [fact for fact in facts if fact.kind != "gap"]
    gaps = len(facts) - len(known)
    if gaps:
        yield capitalised(f"{numeral(gaps)} of them {'states' if gaps == 1 else 'state'} what is not known.")
    single = sum(1 for fact in known if brief.facts.corroboration(fact) == 1)
    if single:
        yield capitalised(
            f"{_share(single, len(known), 'the others' if gaps else 'them')} on one independent source."
        )
    yield from _standing(brief, facts)
    if brief.unused:
        yield f"A further {count(brief.unused, 'fact')} on file {'is' if brief.unused == 1 else 'are'} not used here."


def _share(some: int, whole: int, whom: str) -> str:
    """`of them, 33 rest`, `each of the others rests`, `it rests`."""
    if some == whole:
        return "it rests" if whole == 1 and whom == "them" else f"each of {whom} rests"
    return f"of {whom}, {numeral(some)} {'rests' if some == 1 else 'rest'}"


def _sources(levels: list[str]) -> str:
    """`four sources, two of them primary and two secondary`, `four sources, all secondary`, `one primary source`."""
    counts = [(levels.count(level), level) for level in LEVELS if level in levels]
    if len(levels) == 1:
        return f"one {counts[0][1]} source"
    if len(counts) == 1:
        return f"{numeral(len(levels))} sources, all {counts[0][1]}"
    words = [f"{numeral(number)} {level}" for number, level in counts]
    words[0] = words[0].replace(" ", " of them ", 1)
    return f"{numeral(len(levels))} sources, {', '.join(words[:-1])} and {words[-1]}"


def _standing(brief: Brief, facts: list[Fact]) -> Iterator[str]:
    """What is disputed, contradicted or compared."""
    shown = {fact.id for fact in facts}
    against = _pairs({(fact.id, name) for fact in facts for name in fact.contradicts if name in shown})
    beside = _pairs(
        {(fact.id, other.fact) for fact in facts for other in fact.compare if other.fact in shown}
    )
    disputed = sum(1 for fact in facts if fact.status == "disputed")
    contradicted = sum(1 for fact in facts if fact.id in against)
    compared = sum(1 for fact in facts if fact.id in beside)
    if disputed:
        yield capitalised(f"{numeral(disputed)} of them {'is' if disputed == 1 else 'are'} disputed.")
    if contradicted:
        yield capitalised(f"Another fact of this brief contradicts {numeral(contradicted)} of them.")
    if compared:
        yield f"For {numeral(compared)} of them, another fact of this brief differs and is compared below."


def _pairs(pairs: set[tuple[str, str]]) -> set[str]:
    """The ids in pairs."""
    return {id for pair in pairs for id in pair}
