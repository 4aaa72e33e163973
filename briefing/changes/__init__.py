"""Two facts files → `Changes`: what is added, removed, superseded, retracted, renamed, and what says something else.

renames (renaming) → the old file under the new ids → field by field (fields), each in words (words)

The order of facts and people says nothing; that of sources is their number. Where one of the two is the extract that a
document carries, what it does not carry is not compared: whether that stood on file then cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from briefing.changes import words
from briefing.changes.fields import fact_changes, head_changes, person_changes, source_changes
from briefing.changes.model import SORTS, Altered, Change, Changes, Reread, Sort
from briefing.changes.renaming import renames, translated
from briefing.changes.words import Words
from briefing.facts import Fact, Facts, Person, Source
from briefing.tongues import Tongue

__all__ = ["SORTS", "Altered", "Change", "Changes", "Reread", "Sort", "changes"]

_One = TypeVar("_One", Person, Source, Fact)


def changes(old: Facts, new: Facts, tongue: Tongue) -> Changes:
    """What changed from the old file to the new one, in the language of both; nothing, where they mean the same."""
    say = Words(tongue)
    to = renames(say, old, new)
    before = translated(old, to)

    def facts_differ(was: Fact, now: Fact) -> tuple[Change, ...]:
        return fact_changes(say, before, was, new, now)

    sides = (before, new)
    people = _section(say, sides, (before.people, new.people), to.people, person_changes)
    sources = _section(say, sides, (before.sources, new.sources), to.sources, partial(source_changes, say))
    facts = _section(say, sides, (before.facts, new.facts), to.facts, facts_differ)
    told = tuple(_with_status(before, new, one) for one in facts)
    superseded = _superseded_by_others(say, before, new, {one.id for one in told})
    in_order = {id: place for place, id in enumerate(new.facts)}
    told = tuple(sorted((*told, *superseded), key=lambda one: in_order.get(one.id, len(in_order))))
    return Changes(
        head_changes(say, before, new), tuple(people), tuple(sources), told, tuple(_reread(new, told))
    )


def _section(
    say: Words,
    sides: tuple[Facts, Facts],
    sections: tuple[Mapping[str, _One], Mapping[str, _One]],
    to: Mapping[str, str],
    differences: Callable[[_One, _One], tuple[Change, ...]],
) -> Iterator[Altered]:
    """What is altered of the new file, in its order; then what is gone, in the order of the old one."""
    (old, new), (before, after) = sides, sections
    was = {now: id for id, now in to.items()}
    for id, one in after.items():
        if id in was:
            yield replace(_altered(say, new, one, "renamed"), was=was[id])
        elif id in before:
            found = differences(before[id], one)
            if found:
                yield replace(_altered(say, new, one, "changed"), changes=found)
        elif not old.extract or new.extract:
            yield _altered(say, new, one, "carried anew" if old.extract else "added")
    for id, one in before.items():
        if id not in after and (not new.extract or old.extract):
            yield _altered(say, old, one, "not carried" if new.extract else "removed")


def _altered(say: Words, facts: Facts, one: Person | Source | Fact, sort: Sort) -> Altered:
    match one:
        case Person():
            return Altered(one.id, sort, one.short, words.person(one))
        case Source():
            return Altered(one.id, sort, one.title, say.source_entry(one))
        case Fact():
            return Altered(one.id, sort, one.label, say.fact_sentence(facts, one), kind=one.kind)


# --- what becomes of facts ----------------------------------------------------------------------------


def _with_status(old: Facts, new: Facts, altered: Altered) -> Altered:
    """A changed fact as retracted or superseded, where that is what changed."""
    if altered.sort != "changed":
        return altered
    was, now = old.facts[altered.id], new.facts[altered.id]
    became = now.status if now.status != was.status else ""
    if became == "retracted":
        return replace(altered, sort="retracted", why=now.why)
    if became == "superseded" or _is_superseded_now(old, new, altered.id):
        return replace(altered, sort="superseded", why=now.why, by=new.successors.get(now.id, ""))
    return altered


def _superseded_by_others(say: Words, old: Facts, new: Facts, told: set[str]) -> Iterator[Altered]:
    """Facts that say what they said, and are superseded by what another fact says of them now."""
    for id, fact in new.facts.items():
        if id not in told and id in old.facts and _is_superseded_now(old, new, id):
            yield replace(_altered(say, new, fact, "superseded"), by=new.successors[id])


def _is_superseded_now(old: Facts, new: Facts, id: str) -> bool:
    return id in new.successors and id not in old.successors


def _reread(new: Facts, told: Sequence[Altered]) -> Iterator[Reread]:
    """Facts that rest on changed ones, without those that are new or out of use themselves."""
    changed = {one.id for one in told if one.of_meaning and one.sort not in ("added", "carried anew")}
    aside = {one.id for one in told if one.sort not in ("changed", "renamed")}
    for fact in new.facts.values():
        because = tuple(id for id in fact.depends_on if id in changed)
        if because and fact.id not in aside and fact.status not in ("retracted", "superseded"):
            yield Reread(fact.id, fact.label, because)
