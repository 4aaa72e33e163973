"""What a brief may print: which facts, by its contract, and which of them may share a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from briefing.audience import Contract
from briefing.errors import Problem
from briefing.facts import Fact, Facts

__all__ = ["Refusal", "has_row", "left_out", "refusal", "refusal_of_axis"]

Refusal = tuple[str, str]
"""The id of a rule, and what is said."""

_MOST_NAMED = 5


def refusal(fact: Fact, facts: Facts, contract: Contract, faulty: Mapping[str, Problem]) -> Refusal | None:
    """Why a brief may not print the fact."""
    if fact.id in faulty:
        problem = faulty[fact.id]
        return "template-faulty-fact", f'"{fact.id}" cannot be used: {problem.message} ({problem.location})'
    for quantity in fact.quantities.values():
        if quantity.computed and quantity.computed.fault:
            return "template-faulty-fact", f'"{fact.id}" cannot be used: {quantity.computed.fault.message}'
    if not any(cite.role == "supports" for cite in fact.cite):
        return "template-unsupported", f'"{fact.id}" has no source that supports it'
    if fact.kind not in contract.kinds:
        allowed = ", ".join(contract.kinds)
        return "template-kind", f'"{fact.id}" is of kind {fact.kind}; this brief prints {allowed} only'
    if fact.status in ("retracted", "superseded"):
        successor = facts.successors.get(fact.id)
        instead = f'; use "{successor}"' if successor else ""
        return "template-status", f'"{fact.id}" is {fact.status}: {fact.why.rstrip(".")}{instead}'
    return None


def has_row(form: str, fact: Fact, quantity: str) -> bool | Refusal:
    """Whether a figure has a row for the fact: where it has a date, a quantity, or for a table a likelihood."""
    if form == "timeline":
        return fact.date is not None
    if len(fact.quantities) > 1 and not quantity:
        names = " or ".join(f'quantity="{name}"' for name in fact.quantities)
        return "template-table", f'"{fact.id}" has several quantities; say which: {form}(…, {names})'
    counted = quantity in fact.quantities if quantity else bool(fact.quantities)
    return counted or (form == "table" and bool(fact.likelihood))


def left_out(form: str, ids: Sequence[str], quantity: str) -> str:
    """What to say of facts that a figure has no row for; of none at all, that nothing is printed."""
    if not ids:
        return f"{form}() is given no facts, and nothing is printed here"
    what = {"timeline": "a date", "bars": "a quantity", "table": "a quantity or likelihood"}[form]
    if quantity:
        what = f'a quantity "{quantity}"' + (" or a likelihood" if form == "table" else "")
    some = ", ".join(f'"{id}"' for id in ids[:_MOST_NAMED])
    if len(ids) > _MOST_NAMED:
        some += f" and {len(ids) - _MOST_NAMED} more"
    return f"{form}() leaves out {some}, without {what}; give it only facts that have one"


def refusal_of_axis(facts: Sequence[Fact], quantity: str) -> Refusal | None:
    """Why the amounts of these facts may not be drawn on one axis: they are not more and less of the same."""
    shown = {fact.id: fact.quantities[quantity or next(iter(fact.quantities))] for fact in facts}
    for rule, what, kinds in (
        ("template-bars-unit", "units", {id: one.unit for id, one in shown.items()}),
        ("template-bars-stage", "stages of money", {id: one.stage for id, one in shown.items()}),
    ):
        firsts: dict[str, str] = {}
        for id, kind in kinds.items():
            firsts.setdefault(kind, id)
        if len(firsts) > 1:
            each = ", ".join(f"{kind or 'none'} ({id})" for kind, id in firsts.items())
            return (
                rule,
                f"bars of different {what} would stand on one axis: {each}; use table(), or bars() for each",
            )
    return None
