"""How many independent sources a fact rests on: computed from where its sources come from, never typed."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.descent import Descent
from briefing.errors import Level
from briefing.facts import Fact
from briefing.places import Path
from briefing.rules.base import Desk, Finding, ProjectDesk, rule, rule_over_briefs
from briefing.wording import count, numeral

__all__ = [
    "archive_twice",
    "corroboration_circular",
    "corroboration_credibility",
    "corroboration_shared_root",
    "corroboration_single",
    "corroboration_unshown",
]

_NAMED_AT_MOST = 5


@rule("corroboration-single", Level.NOTE)
def corroboration_single(desk: Desk) -> Iterator[Finding]:
    """Events, figures and provisions that rest on one independent source, and that source is not the record itself.

    One note for the whole file: whom to ask for a second source. `briefing index` says it fact by fact.
    """
    told = [fact for fact in desk.standing() if fact.kind in ("event", "figure", "provision")]
    single = [fact for fact in told if desk.facts.corroboration(fact) == 1 and not _is_record(desk, fact)]
    if single:
        names = ", ".join(fact.id for fact in single[:_NAMED_AT_MOST])
        more = f" and {numeral(len(single) - _NAMED_AT_MOST)} more" if len(single) > _NAMED_AT_MOST else ""
        rest = "rests" if len(single) == 1 else "rest"
        of = count(len(told), "event, figure or provision", "events, figures and provisions")
        message = (
            f"of {of}, {numeral(len(single))} {rest} on one independent source that is not the record:"
            f" {names}{more}"
        )
        yield Finding(("facts",), message)


def _is_record(desk: Desk, fact: Fact) -> bool:
    cited = (desk.facts.sources.get(cite.source) for cite in fact.cite if cite.role == "supports")
    return any(source and source.level == "primary" for source in cited)


def _supporting(desk: Desk, fact: Fact) -> list[str]:
    """The consulted sources that support a fact, each once."""
    cited = dict.fromkeys(cite.source for cite in fact.cite if cite.role == "supports")
    return [id for id in cited if id in desk.facts.sources and desk.facts.sources[id].consulted]


@rule("corroboration-circular", Level.WARNING)
def corroboration_circular(desk: Desk) -> Iterator[Finding]:
    """Circular reporting: a fact cites a source together with one that rests on it.

    A reader sees two numbers and takes them for two witnesses; they are one. Cite the one that knows.
    """
    for fact in desk.facts.facts.values():
        cited = _supporting(desk, fact)
        together = desk.facts.descent.bits(cited)
        for id in cited:
            below = desk.facts.descent.first_below(id, together)
            if below and not desk.facts.descent.rests(below, id):  # a circle is source-circular's
                message = f'"{id}" rests on "{below}", which is cited as well: circular reporting; cite "{below}" alone'
                yield Finding(_cite_path(fact, id), message)


@rule("corroboration-shared-root", Level.WARNING)
def corroboration_shared_root(desk: Desk) -> Iterator[Finding]:
    """A fact cites several sources that all go back to one work: ten outlets that repeat one press release are one.

    The number of independent sources counts them as one. Say so by citing one of them, or find a source of its own.
    """
    descent = desk.facts.descent
    for fact in desk.facts.facts.values():
        before: list[str] = []
        together = 0
        for second in _supporting(desk, fact):
            related = before if together & descent.of(second) else []
            first = next((first for first in related if _shares_a_root(descent, first, second)), None)
            if first:
                shared = descent.shared(first, second)
                message = f'"{second}" and "{first}" both rest on "{shared}": they count as one source'
                yield Finding(_cite_path(fact, second), message)
                break
            before.append(second)
            together |= descent.of(second)


def _shares_a_root(descent: Descent, one: str, other: str) -> bool:
    """Whether both go back to a third; where one rests on the other it is circular reporting."""
    return (
        bool(descent.shared(one, other)) and not descent.rests(one, other) and not descent.rests(other, one)
    )


def _cite_path(fact: Fact, source: str) -> Path:
    number = next(place for place, cite in enumerate(fact.cite) if cite.source == source)
    return ("facts", fact.id, "cite", number, "source")


@rule("corroboration-credibility", Level.ERROR)
def corroboration_credibility(desk: Desk) -> Iterator[Finding]:
    """A fact is graded `credibility: 1`, confirmed by other sources, and its sources go back to one.

    The appendix prints that grade in words. It needs two independent sources at least.
    """
    for fact in desk.facts.facts.values():
        independent = desk.facts.corroboration(fact)
        if fact.credibility.grade == "1" and independent < 2:
            on = count(independent, "independent source")
            message = f'grade 1 says "confirmed by other sources", but the fact rests on {on}'
            yield Finding(("facts", fact.id, "credibility"), message)


@rule("archive-twice", Level.ERROR)
def archive_twice(desk: Desk) -> Iterator[Finding]:
    """The same text is kept under two sources, so that one work counts as two witnesses; white space aside.

    Make one source of them; or say with `derived_from` which rests on the other, or on what both rest.
    """
    seen: dict[str, str] = {}
    for source in desk.facts.sources.values():
        if source.archive is None:
            continue
        kept = desk.folded.get(source.id)  # where it is not kept here, its sum tells
        first = seen.setdefault(source.archive.sha256 if kept is None else kept, source.id)
        if first != source.id and not desk.facts.descent.shared(first, source.id):
            message = f'the text is that of "{first}"; make one source of them, or give derived_from'
            yield Finding(("sources", source.id, "archive", "sha256"), message)


@rule_over_briefs("corroboration-unshown", Level.WARNING)
def corroboration_unshown(desk: ProjectDesk) -> Iterator[Finding]:
    """Two facts contradict each other, and no brief shows them side by side."""
    facts = desk.facts.facts
    for fact in facts.values():
        for number, other in enumerate(fact.contradicts):
            stand = other in facts and all(
                facts[id].status in ("current", "disputed") for id in (fact.id, other)
            )
            if stand and not any({fact.id, other} <= used for used in desk.used.values()):
                message = f'no brief shows "{fact.id}" beside "{other}", which it contradicts'
                yield Finding(("facts", fact.id, "contradicts", number), message)
