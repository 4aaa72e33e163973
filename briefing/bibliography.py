"""Cited source → its entry: full citation, level, descriptor, reliability in words, what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefing.brief import Brief
from briefing.document import Cite, Cites, Emphasis, Entry, Inline, Inlines, Link, PageRefs, Text
from briefing.facts import Source
from briefing.links import is_safe_link, shown_url
from briefing.prose import ends_in_abbreviation, shortened
from briefing.tongues import Tongue
from briefing.wording import sentence

__all__ = ["address_of", "citation", "short_entry", "source_entry", "source_line"]


def source_entry(brief: Brief, source: Source) -> Entry:
    tongue = brief.tongue
    lines = [citation(tongue, source), (Text(_judgement(tongue, source)),)]
    if source.archive:
        lines.append(_archived(tongue, source))
    lines += _rests_on(brief, source)
    lines.append((PageRefs(brief.anchors[source.id], tongue.cited_on),))
    return Entry(f"source-{source.number}", _marker(source.number), tuple(lines))


def short_entry(tongue: Tongue, source: Source) -> Entry:
    """The citation alone, as it stands below a mail."""
    return Entry(f"source-{source.number}", _marker(source.number), (citation(tongue, source),))


def source_line(tongue: Tongue, source: Source) -> str:
    """Author. Title. Where it appeared, when: of each as much as a reader takes in at a glance."""
    author = "; ".join(map(str, source.author))
    title = (source.title or _untitled(source)[0]) + _number(source)
    return " ".join(_glance(part) for part in (author, title, ", ".join(_where(tongue, source))) if part)


# Characters of one part of a source's line: three lines on a telephone.
_GLANCE = 130


def _glance(text: str) -> str:
    """A sentence, cut where it is too long."""
    return sentence(text) if len(text) <= _GLANCE else shortened(text, _GLANCE)


def _marker(number: int) -> Inlines:
    return (Cites((Cite(number, ""),), lead=False),)


def citation(tongue: Tongue, source: Source) -> Inlines:
    """Author. *Title* (number). Where it appeared, when. Address. When it was read."""
    parts: list[Inline] = []
    if source.author:
        parts.append(Text(sentence("; ".join(map(str, source.author))) + " "))
    parts += _title(source)
    where = list(_where(tongue, source))
    if where:
        parts.append(Text(tongue.appeared(where) + " "))
    address = address_of(source)
    if address:
        shown = (Text(shown_url(address)),)
        parts += [Link(address, shown) if is_safe_link(address) else shown[0], Text(". ")]
    if source.accessed:
        parts.append(Text(tongue.read_on(source.accessed)))
    return tuple(parts)


def address_of(source: Source) -> str:
    """Where it stands on the web; empty where that is not known."""
    return f"https://doi.org/{source.doi}" if source.doi else source.url


def _title(source: Source) -> Inlines:
    """The title; for an untitled work what it is, in brackets: the first sentence of its descriptor."""
    number = _number(source)
    if not source.title:
        return (Text(f"[{_untitled(source)[0]}]{number}. "),)
    ends = not number and source.title.endswith((".", "?", "!", "…"))
    return (Emphasis((Text(source.title),)), Text(f"{number}{'' if ends else '.'} "))


def _number(source: Source) -> str:
    """The number that a report or a law bears itself, where the title does not say it."""
    said = not source.designation or source.designation.casefold() in source.title.casefold()
    return "" if said else f" ({source.designation})"


def _untitled(source: Source) -> tuple[str, str]:
    """The descriptor's first sentence, without its full stop, and the rest."""
    for end in re.finditer(r"\.\s+(?=[A-ZА-ЯЄІЇҐ])", source.descriptor):
        if not ends_in_abbreviation(source.descriptor[: end.start() + 1]):
            return source.descriptor[: end.start()], source.descriptor[end.end() :]
    return source.descriptor.rstrip("."), ""


def _where(tongue: Tongue, source: Source) -> Iterator[str]:
    if source.container_title:
        yield source.container_title
    if source.volume or source.issue:
        yield source.volume + (f"({source.issue})" if source.issue and source.volume else source.issue)
    if source.publisher:
        yield source.publisher
    if source.page:
        yield tongue.pages(source.page)
    if source.published:
        yield tongue.published(source.published)
    if source.isbn:
        yield f"ISBN {source.isbn}"


def _judgement(tongue: Tongue, source: Source) -> str:
    """The level, the descriptor (what is left of it, where it stands for the title) and the reliability in words."""
    grade = source.reliability
    descriptor = source.descriptor if source.title else _untitled(source)[1]
    said = [tongue.levels[source.level], sentence(descriptor) if descriptor else "", tongue.reliable(grade)]
    said.append(sentence(grade.because) if grade.because else "")
    return " ".join(filter(None, said))


def _archived(tongue: Tongue, source: Source) -> Inlines:
    assert source.archive is not None
    parts: list[Inline] = [Text(tongue.kept(source.archive.captured, source.archive.sha256[:12]))]
    if source.archive.url:
        shown = (Text(shown_url(source.archive.url)),)
        parts += [
            Text(tongue.kept_at),
            Link(source.archive.url, shown) if is_safe_link(source.archive.url) else shown[0],
        ]
    return (*parts, Text("."))


def _rests_on(brief: Brief, source: Source) -> Iterator[Inlines]:
    """The works it rests on: those that stand in this appendix, by number; others, read or not, by number and title."""
    tongue, sources = brief.tongue, brief.facts.sources
    below = [sources[id] for id in source.derived_from if id in sources]
    here = [work for work in below if work in brief.sources]
    elsewhere = [work for work in below if work.consulted and work not in brief.sources]
    unread = [work for work in below if not work.consulted]
    if here:
        yield (
            Text(tongue.rests_on),
            Cites(tuple(Cite(work.number, f"source-{work.number}") for work in here)),
            Text("."),
        )
    if elsewhere:
        yield (Text(tongue.rests_on), *_named(tongue, elsewhere))
    if unread:
        yield (Text(tongue.rests_on_unread(len(unread))), *_named(tongue, unread))


def _named(tongue: Tongue, works: Sequence[Source]) -> Iterator[Inline]:
    for place, work in enumerate(works, start=1):
        author = "".join(f"{name}, " for name in work.author)
        where = "".join(f", {part}" for part in _where(tongue, work))
        yield Cites((Cite(work.number, ""),))
        yield Text(f" {author}")
        yield Emphasis((Text(work.title or _untitled(work)[0]),))
        yield Text(_number(work) + where + ("." if place == len(works) else ";"))
