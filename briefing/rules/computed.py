"""Computed quantities: formulas that can be worked out, of like with like, on facts that can carry the result."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.errors import Level
from briefing.facts import Fact, Quantity
from briefing.formulas import parse
from briefing.rules.base import Desk, Finding, rule
from briefing.vocabulary import KINDS

__all__ = [
    "kind_computed",
    "number_computed",
    "number_mixed_stages",
    "number_mixed_units",
    "number_zero",
    "unknown_quantity",
]


def _faults(desk: Desk, rule: str) -> Iterator[Finding]:
    """The faults that working out the formulas left behind (`briefing.computing`), of one rule."""
    for fact in desk.facts.facts.values():
        for name, quantity in fact.quantities.items():
            fault = quantity.computed.fault if quantity.computed else None
            if fault and fault.rule == rule:
                path = ("facts", fact.id, "quantities", name, fault.key)
                yield Finding(path, fault.message, fault.fragment)


@rule("number-computed", Level.ERROR)
def number_computed(desk: Desk) -> Iterator[Finding]:
    """A formula cannot be read or worked out, or its result cannot be stated.

    It has quantities (`amount`, or `fact-id.amount` for one of another fact), numbers, `+ - * /` and parentheses; what
    it rests on is neither its own result, nor superseded or retracted. The result is exact: where its digits never end,
    `round` says how many are kept. "over", "at least" and ranges are carried through (a quarter of over $100 billion is
    over $25 billion); where nothing follows, as from over less over, nothing is printed. A unit, stage or period that
    is given must be the one that follows.
    """
    yield from _faults(desk, "number-computed")


@rule("unknown-quantity", Level.ERROR)
def unknown_quantity(desk: Desk) -> Iterator[Finding]:
    """A formula names a fact that is not in the file, or a quantity that the fact does not have."""
    yield from _faults(desk, "unknown-quantity")


@rule("number-mixed-units", Level.ERROR)
def number_mixed_units(desk: Desk) -> Iterator[Finding]:
    """A formula mixes units, currencies or periods.

    What is added, subtracted or set in proportion has one unit and one period; only a number without a unit multiplies
    or divides anything. A ratio has no unit, or is in percent where the formula multiplies it by 100.
    """
    yield from _faults(desk, "number-mixed-units")


@rule("number-mixed-stages", Level.ERROR)
def number_mixed_stages(desk: Desk) -> Iterator[Finding]:
    """A formula adds, subtracts or sets in proportion money of different stages.

    Appropriated, obligated and disbursed are different sums of the same money: added up, it would be counted twice.
    """
    yield from _faults(desk, "number-mixed-stages")


@rule("number-zero", Level.ERROR)
def number_zero(desk: Desk) -> Iterator[Finding]:
    """A formula divides by zero, or by what may be zero, as "under 5" may."""
    yield from _faults(desk, "number-zero")


@rule("kind-computed", Level.ERROR)
def kind_computed(desk: Desk) -> Iterator[Finding]:
    """A fact is computed from what its kind cannot rest on.

    What is computed from somebody's statement, assessment, projection or assumption is no better known than that: the
    fact is `by` the same person, named in its text, or is itself an assessment or the like, whose holder is named. What
    happened cannot be computed from an assumption, and from an opinion only another opinion.
    """
    for fact in desk.facts.facts.values():
        for name, quantity in fact.quantities.items():
            for other in _operands(desk, fact, quantity):
                why = _unfit(desk, fact, other)
                if why:
                    yield Finding(("facts", fact.id, "quantities", name, "computed"), why, other.id)


def _operands(desk: Desk, fact: Fact, quantity: Quantity) -> Iterator[Fact]:
    """The other facts that a quantity's formula names."""
    if quantity.computed and quantity.computed.basis:
        named = dict.fromkeys(reference.fact for reference in parse(quantity.computed.formula).references)
        yield from (desk.facts.facts[id] for id in named if id in desk.facts.facts and id != fact.id)


def _unfit(desk: Desk, fact: Fact, other: Fact) -> str:
    """Why a fact cannot be computed from another, or nothing."""
    article = "an" if other.kind[:1] in tuple("aeo") else "a"
    if other.kind == "opinion" and fact.kind != "opinion":
        return f'"{other.id}" is an opinion; no {fact.kind} can be computed from one'
    if other.kind == "assumption" and fact.kind in ("event", "figure"):
        return f'"{other.id}" is an assumption; no {fact.kind} may be computed from one'
    held = fact.kind in KINDS and KINDS[fact.kind].attributed
    if held or not desk.facts.is_attributed(other) or not other.by or set(fact.by) & set(other.by):
        return ""
    return (
        f'"{other.id}" is {article} {other.kind} by {" and ".join(other.by)}: say so with by: {other.by[0]}, '
        f"and {{{other.by[0]}}} in the text; or make this an assessment"
    )
