"""Sources: read before they are cited, described, not resting on themselves, and at an address one can trust."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from briefing.errors import Level
from briefing.facts import Facts, Source
from briefing.links import is_look_alike, shown_url
from briefing.places import Path
from briefing.rules.base import Desk, Finding, rule
from briefing.scalars import TODO
from briefing.works import is_another_edition, marks_of_a_work

__all__ = [
    "source_accessed",
    "source_circular",
    "source_duplicate",
    "source_grade",
    "source_insecure",
    "source_look_alike",
    "source_no_archive",
    "source_published",
    "source_support",
    "source_todo",
    "source_todo_unused",
    "source_unread",
    "source_unused",
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
    for id in desk.facts.sources:
        if id in desk.facts.descent.circular:
            yield Finding(("sources", id, "derived_from"), f'"{id}" rests on itself')


@rule("source-todo", Level.ERROR)
def source_todo(desk: Desk) -> Iterator[Finding]:
    """`TODO` stands where somebody has to say: the level, the descriptor or the day of reading of an imported source.

    A reference manager knows neither what a source is worth nor whether it was read. Of a work that was not, write
    `consulted: false` and take out all three. Sources on which no fact rests can wait: source-todo-unused.
    """
    rested_on = _rested_on(desk.facts)
    for source in desk.facts.sources.values():
        for key in _still_to_say(source) if source.id in rested_on else ():
            path: Path = ("sources", source.id, key)
            if key == "accessed":
                yield Finding(path, "accessed is still TODO; say when it was read, or consulted: false")
            else:
                yield Finding(path, f"{key} is still TODO; say what this source is")


@rule("source-todo-unused", Level.WARNING)
def source_todo_unused(desk: Desk) -> Iterator[Finding]:
    """`TODO` stands in a source on which no fact rests yet, as after the import of a library.

    As soon as a fact cites it, or a source that rests on it, it is an error: source-todo.
    """
    rested_on = _rested_on(desk.facts)
    for source in desk.facts.sources.values():
        if source.id not in rested_on and (keys := _still_to_say(source)):
            said = f"{' and '.join(keys[-2:])} {'is' if len(keys) == 1 else 'are'} still TODO"
            message = f"{', '.join((*keys[:-2], said))}; say it before a fact cites this source"
            yield Finding(("sources", source.id, keys[0]), message)


def _still_to_say(source: Source) -> list[str]:
    """The keys at which TODO stands."""
    keys = [key for key in ("level", "descriptor") if getattr(source, key) == TODO]
    return [*keys, "accessed"] if source.consulted and source.accessed is None else keys


def _rested_on(facts: Facts) -> set[str]:
    """The sources that facts cite, and those on which these rest."""
    found: set[str] = set()
    ahead = [cite.source for fact in facts.facts.values() for cite in fact.cite]
    while ahead:
        id = ahead.pop()
        if id in facts.sources and id not in found:
            found.add(id)
            ahead += facts.sources[id].derived_from
    return found


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
    """A source was accessed before it was published, or on a day that is still to come."""
    for source in desk.facts.sources.values():
        published = source.published.earliest if source.published else None
        if source.accessed and published and source.accessed < published:
            message = f"accessed {source.accessed}, before it was published ({source.published})"
            yield Finding(("sources", source.id, "accessed"), message)
        elif source.accessed and desk.today and source.accessed > desk.today:
            yield Finding(
                ("sources", source.id, "accessed"), f"accessed {source.accessed}, after today ({desk.today})"
            )


@rule("source-published", Level.ERROR)
def source_published(desk: Desk) -> Iterator[Finding]:
    """A source was published after the file's information cut-off.

    Every brief says "Information as of" that day; what was published later cannot be part of it. Move `as_of`, or
    leave the source out.
    """
    for source in desk.facts.sources.values():
        published = source.published.earliest if source.published else None
        if source.consulted and published and _is_known(desk) and published > desk.facts.as_of:
            message = (
                f"published {source.published}, after as_of {desk.facts.as_of}; move as_of, or leave it out"
            )
            yield Finding(("sources", source.id, "published"), message)


def _is_known(desk: Desk) -> bool:
    """Whether `as_of` could be read."""
    return desk.facts.as_of > datetime.date.min


@rule("source-unused", Level.WARNING)
def source_unused(desk: Desk) -> Iterator[Finding]:
    """No fact cites a source, and no other source rests on it.

    It takes a number that no reader meets. Numbers are places in the file, so leave the entry where it stands once a
    brief went out, and accept the finding.
    """
    facts, sources = desk.facts.facts.values(), desk.facts.sources.values()
    used = {cite.source for fact in facts for cite in fact.cite}
    used |= {below for source in sources for below in source.derived_from}
    for source in sources:
        if source.id not in used:
            message = f'no fact cites "{source.id}"' + (
                "" if source.consulted else ", and no source that was read rests on it"
            )
            yield Finding(("sources", source.id), message)


@rule("source-duplicate", Level.WARNING)
def source_duplicate(desk: Desk) -> Iterator[Finding]:
    """Two sources have one address, DOI or title: one work under two numbers.

    It would count twice where sources are counted. Titles are compared without regard to capitals and punctuation; two
    editions of one title, with other dates and other addresses, are two works.
    """
    seen: dict[tuple[str, str], Source] = {}
    for source in desk.facts.sources.values():
        for key, mark in marks_of_a_work(source):
            first = seen.setdefault((key, mark), source)
            if first is not source and not (key == "title" and is_another_edition(first, source)):
                path: Path = ("sources", source.id, key)
                yield Finding(
                    path,
                    f'"{source.id}" has the {_KEY_WORDS.get(key, key)} of "{first.id}"; make one source of them',
                )
                break


_KEY_WORDS = {"url": "address", "doi": "DOI"}


@rule("source-no-archive", Level.NOTE)
def source_no_archive(desk: Desk) -> Iterator[Finding]:
    """A source that is quoted has no `archive`: nobody can tell later whether it still says what it said.

    `briefing keep` puts its text into `archive/<id>.txt`, and the file's SHA-256 under `archive:`.
    """
    quoted = {cite.source for fact in desk.facts.facts.values() for cite in fact.cite if cite.quote}
    for source in desk.facts.sources.values():
        if source.consulted and source.id in quoted and source.archive is None:
            message = f'"{source.id}" is quoted, but has no archive; keep its text: briefing keep {source.id}'
            yield Finding(("sources", source.id), message)


@rule("source-insecure", Level.WARNING)
def source_insecure(desk: Desk) -> Iterator[Finding]:
    """An address begins with `http:`. What comes from there can be changed on the way, and no brief links to it."""
    for path, url in _addresses(desk):
        if url.casefold().startswith("http:"):
            yield Finding(path, f"{shown_url(url)} is not https; give the https address, where there is one")


def _addresses(desk: Desk) -> Iterator[tuple[Path, str]]:
    for source in desk.facts.sources.values():
        if source.url:
            yield ("sources", source.id, "url"), source.url
        if source.archive and source.archive.url:
            yield ("sources", source.id, "archive", "url"), source.archive.url


@rule("source-look-alike", Level.WARNING)
def source_look_alike(desk: Desk) -> Iterator[Finding]:
    """The host of an address mixes scripts, so that it can look like another one (a Cyrillic а in apple.gov)."""
    for path, url in _addresses(desk):
        if is_look_alike(url):
            message = f"the address mixes alphabets and may imitate another; it is shown as {shown_url(url)}"
            yield Finding(path, message)
