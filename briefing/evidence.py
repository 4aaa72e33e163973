"""Used fact → its row of evidence: opening words, kind, date, source and place, quoted words, what relates to it."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.brief import Brief
from briefing.document import Cite, Cites, Emphasis, Entry, Inline, Inlines, Jump, PageRefs, Text
from briefing.facts import Fact, Facts
from briefing.prose import capitalised
from briefing.vocabulary import CREDIBILITY
from briefing.wording import count, lowered, sentence
from briefing.workings import workings

__all__ = ["evidence_entries"]

_OPENING_WORDS = 9


def evidence_entries(brief: Brief) -> Iterator[Entry]:
    """A row for each fact, in order of use. How two facts differ is said once, in the row that comes first."""
    said: set[frozenset[str]] = set()
    rows = {used.fact.id: place for place, used in enumerate(brief.used, start=1)}
    for place, used in enumerate(brief.used, start=1):
        fact = used.fact
        lines: list[Inlines] = [
            (Text(_opening(used.sentence)),),
            (Emphasis((Text(_kind(brief.facts, fact)),)),),
        ]
        lines += _cited(brief.facts, fact)
        lines += workings(brief.facts, fact)
        remarks = " ".join((*_remarks(brief.facts, fact), *_relations(brief, fact, said)))
        if remarks:
            lines.append((Text(remarks),))
        if used.companions:
            lines.append(_shared(used.companions, rows))
        lines.append((PageRefs(used.anchors, ("Page ", "Pages ")),))
        yield Entry(f"e-{fact.id}", (Text(f"{place}."),), tuple(lines))


def _shared(companions: tuple[str, ...], rows: dict[str, int]) -> Inlines:
    """The rows of the other facts on which the same citation rests."""
    numbers = sorted((rows[id], id) for id in companions)
    parts: list[Inline] = [
        Text("Cited together with row " if len(numbers) == 1 else "Cited together with rows ")
    ]
    for place, (row, id) in enumerate(numbers):
        parts += [Text(", ") if place else Text(""), Jump(str(row), f"e-{id}")]
    return (*parts, Text("."))


# Words at which a cut sentence should not end.
_LOOSE = frozenset(
    "a an and as at by for from had has have if in into is its no not nor of on or so than that the their this to"
    " was were which who will with would".split()
)


def _opening(sentence: str) -> str:
    """The first words of a sentence, or all of a short one."""
    words = sentence.split()
    if len(words) <= _OPENING_WORDS + 2:
        return sentence
    words = words[:_OPENING_WORDS]
    while len(words) > 4 and words[-1].casefold().rstrip(",;:") in _LOOSE:
        words.pop()
    return " ".join(words).rstrip(",;:–—") + "\N{NO-BREAK SPACE}…"


def _kind(facts: Facts, fact: Fact) -> str:
    """`Statement by Zelensky, January 26, 2026.`"""
    by = " and ".join(facts.people[name].short for name in fact.by if name in facts.people)
    if fact.kind == "provision":
        force = "force unknown" if fact.force == "unknown" else fact.force.replace("-", " ")
        said = [f"Provision: {fact.instrument} ({force})"]
        if by:
            said.append(f"as reported by {by}")
    else:
        said = [f"{fact.kind.capitalize()} by {by}" if by else fact.kind.capitalize()]
    if fact.date:
        said.append(fact.date.words())
    if fact.horizon:
        said.append(f"horizon {fact.horizon.words()}")
    if fact.likelihood:
        said.append(fact.likelihood)
    if fact.confidence:
        said.append(f"{fact.confidence} confidence")
    return sentence(", ".join(said))


def _cited(facts: Facts, fact: Fact) -> Iterator[Inlines]:
    """`[1] Story Snapshot: “100% ready”; “next week”.`, a line for each source and place of it, by number."""
    if fact.kind == "gap":
        numbers = sorted({facts.sources[cite.source].number for cite in fact.cite})
        yield (
            Text("Looked for in"),
            Cites(tuple(Cite(number, f"source-{number}") for number in numbers)),
            Text("."),
        )
    places: dict[tuple[str, int, str], list[str]] = {}
    for cite in sorted(fact.cite, key=lambda cite: facts.sources[cite.source].number):
        if fact.kind != "gap" or cite.quote or cite.at:
            key = (cite.role, facts.sources[cite.source].number, cite.at)
            places.setdefault(key, []).extend(filter(None, [cite.quote]))
    for (role, number, at), quotes in places.items():
        against = (Text("Against it: "),) if role == "contradicts" else ()
        said = "; ".join(f"“{_inner_quotes(quote)}”" for quote in quotes)
        text = ": ".join(filter(None, [at, said]))
        lead = f" {text}" if text else ""
        yield (*against, Cites((Cite(number, f"source-{number}"),), lead=False), Text(_stopped(lead)))


def _stopped(text: str) -> str:
    """Text with a full stop, unless its last quotation ends with one."""
    return text if text.rstrip("”’").endswith((".", "?", "!")) else f"{text}."


def _inner_quotes(quote: str) -> str:
    """Quotation marks within a quotation, as American usage has them."""
    return quote.replace("“", "‘").replace("”", "’").strip()


def _remarks(facts: Facts, fact: Fact) -> Iterator[str]:
    independent = facts.corroboration(fact)
    # A judgement that weighs two sources is not confirmed by them.
    if independent > 1 and fact.kind in ("event", "figure", "provision", "statement"):
        yield capitalised(f"{count(independent, 'independent source')}.")
    if fact.credibility.grade != "6":
        grade = fact.credibility
        yield capitalised(sentence(f"{CREDIBILITY[grade.grade]} ({grade.grade}): {lowered(grade.because)}"))
    if fact.status != "current":
        yield sentence(f"{fact.status.capitalize()}: {lowered(fact.why)}")
    if fact.if_wrong:
        yield sentence(f"If wrong: {lowered(fact.if_wrong)}")
    if fact.settled_by:
        yield sentence(f"Would be settled by {lowered(fact.settled_by)}")


def _relations(brief: Brief, fact: Fact, said: set[frozenset[str]]) -> Iterator[str]:
    """Which facts of this brief differ from this one or contradict it, with the reason where a pair comes up first.

    A fact that the brief does not use is not named: its words would stand without their holder and source.
    """
    facts = brief.facts
    shown = {used.fact.id for used in brief.used}
    reasons = {other.fact: other.because for other in fact.compare}
    for other in facts.facts.values():
        for back in other.compare:
            if back.fact == fact.id:
                reasons.setdefault(other.id, back.because)
    for name, because in reasons.items():
        if name in shown:
            pair = frozenset((fact.id, name))
            reason = ", above" if pair in said else f": {lowered(because)}"
            said.add(pair)
            yield sentence(f"Compare “{_name(facts.facts[name])}”{reason}")
    against = {
        *fact.contradicts,
        *(other.id for other in facts.facts.values() if fact.id in other.contradicts),
    }
    for name in sorted(against & shown):
        yield sentence(f"Contradicted by “{_name(facts.facts[name])}”")


def _name(fact: Fact) -> str:
    return fact.label or fact.id
