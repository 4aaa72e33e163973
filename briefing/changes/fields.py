"""A person, source or fact as it was and as it is → the fields that say something else.

What is compared is what a field means: order where it says nothing, the form of a number or date where it prints the
same, and what is left out because it says the usual, are no change.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from briefing.changes import words
from briefing.changes.model import Change
from briefing.changes.words import Words
from briefing.dates import Date
from briefing.facts import Archive, Citation, Fact, Facts, Grade, Person, Quantity, Source
from briefing.redlining import kept_in, redline

__all__ = ["fact_changes", "head_changes", "person_changes", "source_changes"]

_One = TypeVar("_One")
_Path = tuple[str, ...]


# --- one field ----------------------------------------------------------------------------------------


def _prose(path: _Path, old: str, new: str) -> Iterator[Change]:
    """A text, its words marked. Two ways to encode the same letters are one."""
    if unicodedata.normalize("NFC", old) != unicodedata.normalize("NFC", new):
        runs = redline(old, new) if old and new else ()
        yield Change(path, old, new, runs if kept_in(runs) else ())


def _value(path: _Path, old: _One, new: _One, shown: Callable[[_One], str] = str) -> Iterator[Change]:
    """A value that is one whole."""
    if old != new:
        yield Change(path, shown(old), shown(new))


def _date(say: Words, path: _Path, old: Date | None, new: Date | None) -> Iterator[Change]:
    if (old and (old.start, old.end)) != (new and (new.start, new.end)):
        yield Change(path, say.date(old), say.date(new))


def _names(path: _Path, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    """Names whose order says nothing."""
    yield from _prose(path, words.listed(sorted(old)), words.listed(sorted(new)))


def _reasons(key: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """A reason for each name."""
    for name in dict.fromkeys((*old, *new)):
        yield from _prose((key, name), old.get(name, ""), new.get(name, ""))


def _grade(key: str, old: Grade, new: Grade, shown: Callable[[str], str]) -> Iterator[Change]:
    yield from _value((key, "grade"), old.grade, new.grade, shown)
    yield from _prose((key, "because"), old.because, new.because)


# --- the file, people, sources ------------------------------------------------------------------------


def head_changes(say: Words, old: Facts, new: Facts) -> tuple[Change, ...]:
    """What the file says of itself."""
    found = [*_prose(("title",), old.title, new.title), *_value(("as_of",), old.as_of, new.as_of, say.day)]
    if old.dated != old.as_of or new.dated != new.as_of:  # else it is left out, and follows
        found += _value(("dated",), old.dated, new.dated, say.day)
    return tuple(found)


def person_changes(old: Person, new: Person) -> tuple[Change, ...]:
    found = [*_prose(("name",), old.name, new.name)]
    if old.short != old.name or new.short != new.name:  # else it is left out, and follows
        found += _prose(("short",), old.short, new.short)
    return tuple(found)


_TEXTS_OF_SOURCE = {"title": "title", "descriptor": "descriptor", "publisher": "publisher"} | {
    "container-title": "container_title"
}
_WORDS_OF_SOURCE = {
    key: key for key in ("type", "level", "volume", "issue", "page", "url", "doi", "isbn")
} | {"number": "designation"}


def source_changes(say: Words, old: Source, new: Source) -> tuple[Change, ...]:
    """`[3]` → `[4]`, too: every brief prints the number."""
    return tuple(_source_changes(say, old, new))


def _source_changes(say: Words, old: Source, new: Source) -> Iterator[Change]:
    yield from _value(("place",), old.number, new.number, words.mark)
    yield from _value(
        ("consulted",), old.consulted, new.consulted, lambda read: "read" if read else "not read"
    )
    for key, name in _WORDS_OF_SOURCE.items():
        yield from _value((key,), getattr(old, name), getattr(new, name))
    for key, name in _TEXTS_OF_SOURCE.items():
        yield from _prose((key,), getattr(old, name), getattr(new, name))
    yield from _value(("author",), old.author, new.author, words.authors)
    yield from _date(say, ("published",), old.published, new.published)
    yield from _value(("accessed",), old.accessed, new.accessed, say.day)
    yield from _grade("reliability", old.reliability, new.reliability, words.reliability)
    yield from _names(("derived_from",), old.derived_from, new.derived_from)
    kept, keeps = old.archive or Archive(""), new.archive or Archive("")
    yield from _value(("archive", "sha256"), kept.sha256, keeps.sha256)
    yield from _value(("archive", "captured"), kept.captured, keeps.captured, say.day)
    yield from _value(("archive", "url"), kept.url, keeps.url)
    yield from _reasons("accept", old.accept, new.accept)


# --- facts --------------------------------------------------------------------------------------------

_TEXTS_OF_FACT = ("text", "label", "instrument", "if_wrong", "settled_by")
_WORDS_OF_FACT = ("kind", "force", "confidence", "supersedes")


def fact_changes(say: Words, old: Facts, before: Fact, new: Facts, after: Fact) -> tuple[Change, ...]:
    """What a fact of the old file says otherwise in the new one. Ids of the old file that have become others are
    those of the new one here (`renaming.translated`)."""
    return tuple(_fact_changes(say, old, before, new, after))


def _fact_changes(say: Words, old: Facts, before: Fact, new: Facts, after: Fact) -> Iterator[Change]:
    if before.status != after.status:
        yield Change(("status",), words.status(before), words.status(after))
    else:
        yield from _prose(("why",), before.why, after.why)
    for key in _WORDS_OF_FACT:
        yield from _value((key,), getattr(before, key), getattr(after, key))
    if set(before.by) != set(after.by):
        yield Change(("by",), *words.told_apart(words.people(old, before.by), words.people(new, after.by)))
    for key in _TEXTS_OF_FACT:
        yield from _prose((key,), getattr(before, key), getattr(after, key))
    yield from _date(say, ("date",), before.date, after.date)
    yield from _date(say, ("horizon",), before.horizon, after.horizon)
    yield from _value(("likelihood",), before.likelihood, after.likelihood, words.likelihood)
    for name in dict.fromkeys((*before.quantities, *after.quantities)):
        yield from _quantity(say, old, before, new, after, name)
    yield from _citations(before.cite, after.cite)
    yield from _grade("credibility", before.credibility, after.credibility, words.credibility)
    for key in ("contradicts", "depends_on", "tags"):
        yield from _names((key,), getattr(before, key), getattr(after, key))
    compared = ({one.fact: one.because for one in fact.compare} for fact in (before, after))
    yield from _reasons("compare", *compared)
    yield from _value(("review_by",), before.review_by, after.review_by, say.day)
    yield from _reasons("accept", before.accept, after.accept)


# --- quantities ---------------------------------------------------------------------------------------


def _quantity(say: Words, old: Facts, before: Fact, new: Facts, after: Fact, name: str) -> Iterator[Change]:
    path = ("quantities", name)
    was, now = before.quantities.get(name), after.quantities.get(name)
    if was is None or now is None:
        yield Change(path, say.described(was) if was else "", say.described(now) if now else "")
        return
    if say.made(was) != say.made(now):
        yield Change((*path, "computed"), say.equation(was), say.equation(now))
        return
    through = _through(say, old, before, new, after, name)
    if through or not _same_number(say, was, now):
        yield Change(path, say.amount(was), say.amount(now), through=through)
    if not through and _is_known(was) and _is_known(now):  # else they follow from what it is computed from
        for key in ("unit", "stage", "period"):
            yield from _value((*path, key), getattr(was, key), getattr(now, key))


def _is_known(quantity: Quantity) -> bool:
    return not (quantity.computed and quantity.computed.fault)


def _same_number(say: Words, was: Quantity, now: Quantity) -> bool:
    """Whether both print the same number: 1e9 and 1000000000 do, 41.1 and 41.10 do not. Of units is told apart."""
    return say.amount(was) == say.amount(replace(now, unit=was.unit))


def _through(say: Words, old: Facts, before: Fact, new: Facts, after: Fact, name: str) -> tuple[str, ...]:
    """The quantities that changed and that this one is computed from; those that were typed, where there are any."""
    computed = after.quantities[name].computed
    if computed is None:
        return ()
    changed: list[tuple[str, bool]] = []
    for holder, operand in computed.basis:
        was = _operand(old, before, holder, operand)
        now = _operand(new, after, holder, operand)
        if was is None or now is None or _differ(say, was, now):
            typed = was is None or now is None or say.made(was) != say.made(now) or not say.made(now)
            changed.append((operand if holder == after.id else f"{holder}.{operand}", typed))
    return tuple(shown for shown, typed in changed if typed) or tuple(shown for shown, _ in changed)


def _operand(facts: Facts, fact: Fact, holder: str, name: str) -> Quantity | None:
    """A quantity that a fact rests on: one of its own, or of another fact."""
    other = fact if holder == fact.id else facts.facts.get(holder)
    return other.quantities.get(name) if other else None


def _differ(say: Words, was: Quantity, now: Quantity) -> bool:
    aspects = ((one.unit, one.stage, one.period, say.made(one)) for one in (was, now))
    return len(set(aspects)) > 1 or not _same_number(say, was, now)


# --- citations ----------------------------------------------------------------------------------------

# What makes two citations that differ one that was changed, the nearest first; None: nothing does.
_ALIKE: tuple[Callable[[Citation], object], ...] = (
    lambda cite: (cite.source, cite.quote, cite.at),
    lambda cite: (cite.source, cite.quote) if cite.quote else None,
    lambda cite: (cite.source, cite.at, cite.role),
    lambda cite: (cite.quote, cite.at, cite.role) if cite.quote else None,
    lambda cite: cite.source,
)


def _citations(old: tuple[Citation, ...], new: tuple[Citation, ...]) -> Iterator[Change]:
    same = Counter(old) & Counter(new)
    before, after = (list((Counter(cites) - same).elements()) for cites in (old, new))
    for alike in _ALIKE:
        for was in list(before):
            key = alike(was)
            now = next((cite for cite in after if key is not None and alike(cite) == key), None)
            if now:
                before.remove(was)
                after.remove(now)
                yield from _citation(was, now)
    for cite in before:
        yield Change(("cite", cite.source), words.cited(cite), "")
    for cite in after:
        yield Change(("cite", cite.source), "", words.cited(cite))


def _citation(was: Citation, now: Citation) -> Iterator[Change]:
    path = ("cite", now.source)
    yield from _value((*path, "source"), was.source, now.source)
    yield from _prose((*path, "quote"), was.quote, now.quote)
    yield from _prose((*path, "at"), was.at, now.at)
    yield from _value((*path, "role"), was.role, now.role)
