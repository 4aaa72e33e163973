"""Two facts files → what has another id in the new one and is the same in all else; the old file under the new ids."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from briefing.changes.fields import fact_changes, person_changes, source_changes
from briefing.changes.words import Words
from briefing.facts import Computation, Fact, Facts, Quantity, with_names
from briefing.formulas import FormulaError, Reference, parse

__all__ = ["Renames", "renames", "translated"]

_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class Renames:
    """Old id → new id, in each section of the file."""

    people: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


def renames(say: Words, old: Facts, new: Facts) -> Renames:
    """Who and what was renamed. People first, since facts name them, then sources, then facts."""
    people = _renamed(
        old.people,
        new.people,
        lambda one: (one.name, one.short),
        lambda was, now: not person_changes(was, now),
    )
    found = Renames(people)
    sources = _until_nothing_more(
        lambda known: _renamed(
            translated(old, replace(found, sources=known)).sources,
            new.sources,
            lambda one: (one.title, one.descriptor),
            lambda was, now: not source_changes(say, was, now),
        )
    )
    found = replace(found, sources=sources)
    facts = _until_nothing_more(
        lambda known: _renamed_facts(say, translated(old, replace(found, facts=known)), new)
    )
    return replace(found, facts=facts)


def _renamed_facts(say: Words, old: Facts, new: Facts) -> dict[str, str]:
    return _renamed(
        old.facts,
        new.facts,
        lambda one: (one.kind, one.text),
        lambda was, now: not fact_changes(say, old, was, new, now),
    )


def _until_nothing_more(found_with: Callable[[Mapping[str, str]], dict[str, str]]) -> dict[str, str]:
    """What is named by what was renamed itself can be told only then."""
    known: dict[str, str] = {}
    while more := found_with(known):
        known |= more
    return known


def _renamed(
    old: Mapping[str, _One],
    new: Mapping[str, _One],
    key: Callable[[_One], Hashable],
    same: Callable[[_One, _One], bool],
) -> dict[str, str]:
    """Of what each file has alone, those that are the same; `key` finds those that are worth comparing."""
    waiting: dict[Hashable, list[str]] = {}
    for id, one in new.items():
        if id not in old:
            waiting.setdefault(key(one), []).append(id)
    found: dict[str, str] = {}
    for id, one in old.items():
        if id in new:
            continue
        near = waiting.get(key(one), [])
        now = next((other for other in near[:_MOST_COMPARED] if same(one, new[other])), None)
        if now is not None:
            near.remove(now)
            found[id] = now
    return found


_MOST_COMPARED = 20


# --- the old file under the new ids -------------------------------------------------------------------


def translated(facts: Facts, to: Renames) -> Facts:
    """The facts with the new ids in all places in which ids stand."""
    if not (to.people or to.sources or to.facts):
        return facts
    return replace(
        facts,
        people={to.people.get(id, id): one for id, one in facts.people.items()},
        sources={
            to.sources.get(id, id): replace(one, derived_from=_each(one.derived_from, to.sources))
            for id, one in facts.sources.items()
        },
        facts={to.facts.get(id, id): _fact(one, to) for id, one in facts.facts.items()},
    )


def _fact(fact: Fact, to: Renames) -> Fact:
    people = {was: now for was, now in to.people.items() if was not in fact.quantities}
    return replace(
        fact,
        id=to.facts.get(fact.id, fact.id),
        text=with_names(fact.text, people),
        by=_each(fact.by, to.people),
        cite=tuple(replace(cite, source=to.sources.get(cite.source, cite.source)) for cite in fact.cite),
        supersedes=to.facts.get(fact.supersedes, fact.supersedes),
        contradicts=_each(fact.contradicts, to.facts),
        depends_on=_each(fact.depends_on, to.facts),
        compare=tuple(replace(one, fact=to.facts.get(one.fact, one.fact)) for one in fact.compare),
        quantities={name: _quantity(quantity, to.facts) for name, quantity in fact.quantities.items()},
    )


def _quantity(quantity: Quantity, to: Mapping[str, str]) -> Quantity:
    made = quantity.computed
    if made is None:
        return quantity
    basis = tuple((to.get(fact, fact), name) for fact, name in made.basis)
    return replace(quantity, computed=replace(made, formula=_formula(made, to), basis=basis))


def _formula(made: Computation, to: Mapping[str, str]) -> str:
    try:
        parts = parse(made.formula).parts
    except FormulaError:
        return made.formula
    if not any(isinstance(part, Reference) and part.fact in to for part in parts):
        return made.formula
    return " ".join(
        str(replace(part, fact=to.get(part.fact, part.fact)))
        if isinstance(part, Reference)
        else f"{part:f}"
        if isinstance(part, Decimal)
        else part
        for part in parts
    )


def _each(ids: Iterable[str], to: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(to.get(id, id) for id in ids)
