"""Brief → the Sources section: a computed summary, the cited sources, the evidence in order of use."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.brief import Brief, UsedFact
from briefing.dates import day_words
from briefing.document import (
    Block,
    Cite,
    Cites,
    Emphasis,
    Entry,
    Heading,
    Inline,
    Inlines,
    Link,
    PageRefs,
    Paragraph,
    Text,
)
from briefing.facts import Fact, Facts, Source
from briefing.links import is_safe_link, shown_url
from briefing.prose import capitalised
from briefing.vocabulary import CREDIBILITY, LEVELS, RELIABILITY

__all__ = ["appendix"]

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_OPENING_WORDS = 9


def appendix(brief: Brief) -> tuple[Block, ...]:
    """The same in form and numbering for every brief of a facts file."""
    sources = tuple(_source_entry(brief, source) for source in brief.sources)
    evidence = tuple(
        _evidence_entry(brief.facts, used, place) for place, used in enumerate(brief.used, start=1)
    )
    return (
        Heading(2, (Text("Sources"),)),
        Paragraph((Text(" ".join(_summary(brief))),)),
        *sources,
        Heading(3, (Text("Evidence, in order of use"),)),
        *evidence,
    )


# --- summary ------------------------------------------------------------------------------------------


def _count(number: int, one: str, many: str = "") -> str:
    """`one fact`, `12 facts`."""
    return f"{_SMALL[number] if number < len(_SMALL) else f'{number:,}'} {one if number == 1 else many or one + 's'}"


def _summary(brief: Brief) -> Iterator[str]:
    facts = [used.fact for used in brief.used]
    levels = [source.level for source in brief.sources]
    yield f"This brief rests on {_count(len(facts), 'fact')} from {_count(len(levels), 'source')}, {_levels(levels)}."
    independent = [brief.facts.corroboration(fact) for fact in facts if fact.kind != "gap"]
    single = sum(1 for number in independent if number <= 1)
    if single and single == len(independent):
        yield "None of them is corroborated by a second independent source."
    elif single:
        yield f"{_count(single, 'of them rests', 'of them rest')} on one independent source.".capitalize()
    yield from _standing(brief, facts)
    if brief.unused:
        yield capitalised(
            f"{_count(brief.unused, 'fact')} on file {'is' if brief.unused == 1 else 'are'} not used here."
        )


def _levels(levels: list[str]) -> str:
    """`two of them primary and three secondary`, `all of them secondary`."""
    counts = [(levels.count(level), level) for level in LEVELS if level in levels]
    if len(counts) == 1:
        return counts[0][1] if len(levels) == 1 else f"all of them {counts[0][1]}"
    words = [f"{_SMALL[n] if n < len(_SMALL) else n} {level}" for n, level in counts]
    words[0] = words[0].replace(" ", " of them ", 1)
    return " and ".join(words) if len(words) == 2 else f"{words[0]}, {words[1]} and {words[2]}"


def _standing(brief: Brief, facts: list[Fact]) -> Iterator[str]:
    contradicted = {
        name
        for fact in brief.facts.facts.values()
        for name in (fact.contradicts and (fact.id, *fact.contradicts))
    }
    compared = {
        name
        for fact in brief.facts.facts.values()
        for other in fact.compare
        for name in (fact.id, other.fact)
    }
    for number, word in (
        (sum(1 for fact in facts if fact.kind == "gap"), "is a gap: not known|are gaps: not known"),
        (sum(1 for fact in facts if fact.status == "disputed"), "is disputed|are disputed"),
        (
            sum(1 for fact in facts if fact.id in contradicted),
            "is contradicted by another|are contradicted by others",
        ),
        (
            sum(1 for fact in facts if fact.id in compared),
            "differs from another and is compared with it|differ from others and are compared with them",
        ),
    ):
        if number:
            one, many = word.split("|")
            yield capitalised(f"{_count(number, one, many)}.")


# --- sources ------------------------------------------------------------------------------------------


def _source_entry(brief: Brief, source: Source) -> Entry:
    lines = [_citation(source), (Text(_judgement(source)),)]
    if source.archive:
        lines.append(_archived(source))
    lines += _rests_on(brief.facts, source)
    lines.append((PageRefs(brief.anchors[source.id], ("Cited on page ", "Cited on pages ")),))
    return Entry(f"source-{source.number}", _marker(source.number), tuple(lines))


def _marker(number: int) -> Inlines:
    return (Cites((Cite(number, ""),), lead=False),)


def _sentence(text: str) -> str:
    """Text with a full stop, unless it has an end."""
    return text if text.endswith((".", "?", "!", ".”", "?”", "!”")) else f"{text}."


def _citation(source: Source) -> Inlines:
    """Author. *Title*. Where it appeared, when. Address. When it was read."""
    parts: list[Inline] = []
    if source.author:
        parts.append(Text(_sentence("; ".join(map(str, source.author))) + " "))
    if source.title:
        parts += [Emphasis((Text(source.title),)), Text(" " if source.title.endswith(("?", "!")) else ". ")]
    else:
        parts.append(Text(f"[{source.descriptor.rstrip('.')}]. "))
    where = ", ".join(_where(source))
    if where:
        parts.append(Text(_sentence(where) + " "))
    if source.doi:
        address = f"https://doi.org/{source.doi}"
        parts += [Link(address, (Text(address),)) if is_safe_link(address) else Text(address), Text(". ")]
    elif source.url:
        shown = (Text(shown_url(source.url)),)
        parts += [Link(source.url, shown) if is_safe_link(source.url) else shown[0], Text(". ")]
    if source.accessed:
        parts.append(Text(f"Read {day_words(source.accessed)}."))
    return tuple(parts)


def _where(source: Source) -> Iterator[str]:
    if source.container_title:
        yield source.container_title
    if source.volume or source.issue:
        yield source.volume + (f"({source.issue})" if source.issue and source.volume else source.issue)
    if source.publisher:
        yield source.publisher
    if source.page:
        yield f"{'pp.' if any(sign in source.page for sign in '-–,') else 'p.'} {source.page}"
    if source.published:
        yield source.published.words()
    if source.isbn:
        yield f"ISBN {source.isbn}"


def _judgement(source: Source) -> str:
    """The level, the descriptor (unless it stands for the title) and the reliability in words."""
    grade = source.reliability
    words = RELIABILITY[grade.grade]
    reliability = words if grade.grade == "F" else f"{words} ({grade.grade})"
    said = [f"{source.level.capitalize()} source."]
    if source.title:
        said.append(_sentence(source.descriptor))
    reason = f": {grade.because}" if grade.because else ""
    said.append(capitalised(_sentence(reliability + reason)))
    return " ".join(said)


def _archived(source: Source) -> Inlines:
    assert source.archive is not None
    when = f" {day_words(source.archive.captured)}" if source.archive.captured else ""
    parts: list[Inline] = [Text(f"Text kept{when}, SHA-256 {source.archive.sha256[:12]}…")]
    if source.archive.url:
        shown = (Text(shown_url(source.archive.url)),)
        parts += [
            Text(" at "),
            Link(source.archive.url, shown) if is_safe_link(source.archive.url) else shown[0],
        ]
    return (*parts, Text("."))


def _rests_on(facts: Facts, source: Source) -> Iterator[Inlines]:
    """The works it rests on: those that were read, by number, and those that were not, by number and title."""
    below = [facts.sources[id] for id in source.derived_from if id in facts.sources]
    read = [work for work in below if work.consulted]
    unread = [work for work in below if not work.consulted]
    if read:
        yield (
            Text("Rests on"),
            Cites(tuple(Cite(work.number, f"source-{work.number}") for work in read)),
            Text("."),
        )
    if unread:
        parts: list[Inline] = [
            Text(
                "Rests on "
                + _count(len(unread), "work")
                + " that "
                + ("was" if len(unread) == 1 else "were")
                + " not consulted:"
            )
        ]
        for place, work in enumerate(unread):
            tail = ", ".join([*map(str, work.author), work.title, *_where(work)])
            parts += [
                Cites((Cite(work.number, ""),)),
                Text(f" {tail}" + (";" if place < len(unread) - 1 else ".")),
            ]
        yield tuple(parts)


# --- evidence -----------------------------------------------------------------------------------------


def _evidence_entry(facts: Facts, used: UsedFact, place: int) -> Entry:
    fact = used.fact
    lines: list[Inlines] = [(Text(f"{_opening(used.sentence)} "), Emphasis((Text(_kind(facts, fact)),)))]
    lines += _cited(facts, fact)
    remarks = " ".join(_remarks(facts, fact))
    if remarks:
        lines.append((Text(remarks),))
    lines.append((PageRefs(used.anchors, ("Page ", "Pages ")),))
    return Entry(f"e-{fact.id}", (Text(f"{place}."),), tuple(lines))


def _opening(sentence: str) -> str:
    words = sentence.split()
    return (
        sentence if len(words) <= _OPENING_WORDS else " ".join(words[:_OPENING_WORDS]).rstrip(",;:–—") + " …"
    )


def _kind(facts: Facts, fact: Fact) -> str:
    """`Statement by Zelensky, January 26, 2026.`"""
    by = " and ".join(facts.people[name].short for name in fact.by if name in facts.people)
    said = [f"{fact.kind.capitalize()} by {by}" if by else fact.kind.capitalize()]
    if fact.date:
        said.append(fact.date.words())
    if fact.instrument:
        said.append(fact.instrument)
        said.append("force unknown" if fact.force == "unknown" else fact.force.replace("-", " "))
    if fact.horizon:
        said.append(f"horizon {fact.horizon.words()}")
    if fact.likelihood:
        said.append(fact.likelihood)
    if fact.confidence:
        said.append(f"{fact.confidence} confidence")
    return ", ".join(said) + "."


def _cited(facts: Facts, fact: Fact) -> Iterator[Inlines]:
    """`[1] Story Snapshot: “100% ready”; “next week”.`, a line for each source and place of it."""
    if fact.kind == "gap":
        numbers = sorted({facts.sources[cite.source].number for cite in fact.cite})
        yield (
            Text("Looked for in"),
            Cites(tuple(Cite(number, f"source-{number}") for number in numbers)),
            Text("."),
        )
    places: dict[tuple[str, str, str], list[str]] = {}
    for cite in fact.cite:
        if fact.kind != "gap" or cite.quote or cite.at:
            places.setdefault((cite.role, cite.source, cite.at), []).extend(filter(None, [cite.quote]))
    for (role, source, at), quotes in places.items():
        number = facts.sources[source].number
        against = (Text("Against it: "),) if role == "contradicts" else ()
        said = ": " * bool(at and quotes) + "; ".join(f"“{_inner_quotes(quote)}”" for quote in quotes)
        text = f" {at}{said}" if at else f" {said}" if said else ""
        yield (*against, Cites((Cite(number, f"source-{number}"),), lead=False), Text(f"{text}."))


def _inner_quotes(quote: str) -> str:
    """Quotation marks within a quotation, as American usage has them."""
    return quote.replace("“", "‘").replace("”", "’").strip()


def _remarks(facts: Facts, fact: Fact) -> Iterator[str]:
    independent = facts.corroboration(fact)
    if independent > 1 and fact.kind != "gap":
        yield capitalised(f"{_count(independent, 'independent source')}.")
    if fact.credibility.grade != "6":
        grade = fact.credibility
        yield capitalised(_sentence(f"{CREDIBILITY[grade.grade]} ({grade.grade}): {grade.because}"))
    if fact.status != "current":
        yield _sentence(f"{fact.status.capitalize()}: {fact.why}")
    for other in fact.compare:
        if other.fact in facts.facts:
            yield _sentence(f"Compare “{_name(facts.facts[other.fact])}”: {other.because}")
    for name in fact.contradicts:
        if name in facts.facts:
            yield _sentence(f"Contradicts “{_name(facts.facts[name])}”")
    if fact.if_wrong:
        yield _sentence(f"If wrong: {fact.if_wrong}")
    if fact.settled_by:
        yield _sentence(f"Would be settled by: {fact.settled_by}")


def _name(fact: Fact) -> str:
    return fact.label or fact.id
