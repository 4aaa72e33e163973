"""Used fact → its row of evidence: opening words, kind, date, source and place, quoted words, what relates to it."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.brief import Brief
from briefing.document import Cite, Cites, Emphasis, Entry, Inline, Inlines, Jump, PageRefs, Text
from briefing.facts import Fact, Facts
from briefing.tongues import FactLine, Tongue
from briefing.voice import Voice, opening
from briefing.workings import workings

__all__ = ["evidence_entries"]


def evidence_entries(brief: Brief) -> Iterator[Entry]:
    """A row for each fact, in order of use. How two facts differ is said once, in the row that comes first."""
    said: set[frozenset[str]] = set()
    tongue = brief.tongue
    rows = {used.fact.id: place for place, used in enumerate(brief.used, start=1)}
    for place, used in enumerate(brief.used, start=1):
        fact = used.fact
        lines: list[Inlines] = [
            (Text(opening(tongue, used.sentence)),),
            (Emphasis((Text(tongue.fact_line(_line(brief.facts, fact))),)),),
        ]
        lines += _cited(tongue, brief.facts, fact)
        lines += workings(tongue, brief.facts, fact)
        remarks = " ".join((*_remarks(tongue, brief.facts, fact), *_relations(brief, fact, said)))
        if remarks:
            lines.append((Text(remarks),))
        if used.companions:
            lines.append(_shared(tongue, used.companions, rows))
        lines.append((PageRefs(used.anchors, tongue.on_pages),))
        yield Entry(f"e-{fact.id}", (Text(f"{place}."),), tuple(lines))


def _shared(tongue: Tongue, companions: tuple[str, ...], rows: dict[str, int]) -> Inlines:
    """The rows of the other facts on which the same citation rests."""
    numbers = sorted((rows[id], id) for id in companions)
    parts: list[Inline] = [Text(tongue.together[len(numbers) > 1])]
    for place, (row, id) in enumerate(numbers):
        parts += [Text(", ") if place else Text(""), Jump(str(row), f"e-{id}")]
    return (*parts, Text("."))


def _line(facts: Facts, fact: Fact) -> FactLine:
    return FactLine(
        kind=fact.kind,
        by=tuple(facts.people[name].short for name in fact.by if name in facts.people),
        instrument=fact.instrument,
        force=fact.force,
        date=fact.date,
        horizon=fact.horizon,
        likelihood=fact.likelihood,
        confidence=fact.confidence,
    )


def _cited(tongue: Tongue, facts: Facts, fact: Fact) -> Iterator[Inlines]:
    """`[1] Story Snapshot: “100% ready”; “next week”.`, a line for each source and place of it, by number."""
    if fact.kind == "gap":
        numbers = sorted({facts.sources[cite.source].number for cite in fact.cite})
        yield (
            Text(tongue.looked_for),
            Cites(tuple(Cite(number, f"source-{number}") for number in numbers)),
            Text("."),
        )
    places: dict[tuple[str, int, str], list[str]] = {}
    for cite in sorted(fact.cite, key=lambda cite: facts.sources[cite.source].number):
        if fact.kind != "gap" or cite.quote or cite.at:
            key = (cite.role, facts.sources[cite.source].number, cite.at)
            places.setdefault(key, []).extend(filter(None, [cite.quote]))
    for (role, number, at), quotes in places.items():
        against = (Text(tongue.against),) if role == "contradicts" else ()
        said = "; ".join(map(tongue.quoted, quotes))
        text = ": ".join(filter(None, [at, said]))
        lead = f" {text}" if text else ""
        yield (*against, Cites((Cite(number, f"source-{number}"),), lead=False), Text(_stopped(lead)))


def _stopped(text: str) -> str:
    """Text with a full stop, unless its last quotation ends with one."""
    return text if text.rstrip("”’»“").endswith((".", "?", "!")) else f"{text}."


def _remarks(tongue: Tongue, facts: Facts, fact: Fact) -> Iterator[str]:
    independent = facts.corroboration(fact)
    # A judgement that weighs two sources is not confirmed by them.
    if independent > 1 and fact.kind in ("event", "figure", "provision", "statement"):
        yield tongue.independent(independent)
    if fact.credibility.grade != "6":
        yield tongue.credible(fact.credibility)
    if fact.status != "current":
        yield tongue.standing(fact.status, fact.why)
    if fact.if_wrong:
        yield tongue.if_wrong(fact.if_wrong)
    if fact.settled_by:
        yield tongue.settled_by(fact.settled_by)


def _relations(brief: Brief, fact: Fact, said: set[frozenset[str]]) -> Iterator[str]:
    """Which facts of this brief differ from this one or contradict it, with the reason where a pair comes up first.

    A fact that the brief does not use is not named: its words would stand without their holder and source.
    """
    facts = brief.facts
    voice = Voice(facts, brief.tongue)
    shown = {used.fact.id for used in brief.used}
    reasons = {other.fact: other.because for other in fact.compare}
    for other in facts.facts.values():
        for back in other.compare:
            if back.fact == fact.id:
                reasons.setdefault(other.id, back.because)
    for name, because in reasons.items():
        if name in shown:
            pair = frozenset((fact.id, name))
            yield brief.tongue.compared(voice.name_of(facts.facts[name]), "" if pair in said else because)
            said.add(pair)
    against = {
        *fact.contradicts,
        *(other.id for other in facts.facts.values() if fact.id in other.contradicts),
    }
    for name in sorted(against & shown):
        yield brief.tongue.contradicted_by(voice.name_of(facts.facts[name]))
