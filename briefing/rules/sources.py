"""Sources: read before they are cited, described, not resting on themselves, and at an address one can trust."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.errors import Level
from briefing.links import is_look_alike, shown_url
from briefing.rules.base import Desk, Finding, rule
from briefing.scalars import TODO

__all__ = [
    "source_accessed",
    "source_circular",
    "source_grade",
    "source_look_alike",
    "source_support",
    "source_todo",
    "source_unread",
]


@rule("source-unread", Level.ERROR)
def source_unread(desk: Desk) -> Iterator[Finding]:
    """A fact cites a work that was not consulted.

    Cite the source in which it was read; the unread work stands in that source's `derived_from`. A gap may not cite
    it either: one does not look for something in a work that was not read.
    """
    for fact in desk.facts.facts.values():
        for number, cite in enumerate(fact.cite):
            source = desk.facts.sources.get(cite.source)
            if source and not source.consulted:
                message = (
                    f'"{cite.source}" was not consulted, so nothing can be cited from it; cite what was read'
                )
                yield Finding(("facts", fact.id, "cite", number, "source"), message)


@rule("source-support", Level.ERROR)
def source_support(desk: Desk) -> Iterator[Finding]:
    """All sources of a fact speak against it (`role: contradicts`), and none for it."""
    for fact in desk.facts.facts.values():
        if fact.cite and all(cite.role == "contradicts" for cite in fact.cite):
            message = f'no source supports "{fact.id}"; cite one that says so, or record what the sources say'
            yield Finding(("facts", fact.id, "cite"), message)


@rule("source-circular", Level.ERROR)
def source_circular(desk: Desk) -> Iterator[Finding]:
    """A source rests on itself, directly or through others (`derived_from`)."""
    sources = desk.facts.sources
    for source in sources.values():
        seen: set[str] = set()
        waiting = list(source.derived_from)
        while waiting:
            below = waiting.pop()
            if below == source.id:
                yield Finding(("sources", source.id, "derived_from"), f'"{source.id}" rests on itself')
                break
            if below not in seen and below in sources:
                seen.add(below)
                waiting.extend(sources[below].derived_from)


@rule("source-todo", Level.ERROR)
def source_todo(desk: Desk) -> Iterator[Finding]:
    """`TODO` stands where somebody has to judge: the level or the descriptor of an imported source."""
    for source in desk.facts.sources.values():
        for key in ("level", "descriptor"):
            if getattr(source, key) == TODO:
                yield Finding(("sources", source.id, key), f"{key} is still TODO; say what this source is")


@rule("source-grade", Level.ERROR)
def source_grade(desk: Desk) -> Iterator[Finding]:
    """An Admiralty grade other than F (of a source) or 6 (of a fact) comes without its reason."""
    for source in desk.facts.sources.values():
        if source.reliability.grade != "F" and not source.reliability.because:
            yield Finding(
                ("sources", source.id, "reliability"),
                f'reliability {source.reliability.grade} needs "because": why this grade',
            )
    for fact in desk.facts.facts.values():
        if fact.credibility.grade != "6" and not fact.credibility.because:
            yield Finding(
                ("facts", fact.id, "credibility"),
                f'credibility {fact.credibility.grade} needs "because": why this grade',
            )


@rule("source-accessed", Level.ERROR)
def source_accessed(desk: Desk) -> Iterator[Finding]:
    """A source was accessed before it was published."""
    for source in desk.facts.sources.values():
        published = source.published.earliest if source.published else None
        if source.accessed and published and source.accessed < published:
            message = f"accessed {source.accessed}, before it was published ({source.published})"
            yield Finding(("sources", source.id, "accessed"), message)


@rule("source-look-alike", Level.WARNING)
def source_look_alike(desk: Desk) -> Iterator[Finding]:
    """The host of an address mixes scripts, so that it can look like another one (a Cyrillic а in apple.gov)."""
    for source in desk.facts.sources.values():
        if source.url and is_look_alike(source.url):
            message = (
                f"the address mixes alphabets and may imitate another; it is shown as {shown_url(source.url)}"
            )
            yield Finding(("sources", source.id, "url"), message)
