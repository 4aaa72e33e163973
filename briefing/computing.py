"""Facts whose computed quantities are formulas → facts in which they have values, or a fault that says why not.

Quantities are worked out in the order in which they rest on each other, each once. What is added, subtracted or set in
proportion has one unit, one stage of money and one period; a number without a unit multiplies and divides anything. The
result is in the unit of the operands; a ratio has none, but may be said to be in percent when the formula multiplies it
by 100, so that whoever works out the formula as it is printed gets the number as it is printed.

A number that was rounded is no longer exact: what is computed from it in turn is "about".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import NoReturn

from briefing.errors import did_you_mean
from briefing.facts import Computation, Fact, Facts, Fault, Quantity
from briefing.formulas import Formula, FormulaError, Reference, parse
from briefing.intervals import Interval, Undetermined, between, claim, decimal_of, exactly
from briefing.places import Path

__all__ = ["computed"]

# A fact, and the name of one of its quantities.
_Key = tuple[str, str]
# More than a reader can retrace; it bounds what a fact inherits, too.
_MOST_QUANTITIES = 100


class _Uncomputable(Exception):
    def __init__(self, rule: str, message: str, *, key: str = "computed", fragment: str = "") -> None:
        self.fault = Fault(rule, message, key, fragment)


# What was reported where it is wrong, and would be an echo here.
_ECHO = "rests on a quantity that has an error of its own"


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number on the way, and what it counts."""

    known: Interval
    unit: str = ""
    stage: str = ""
    period: str = ""


def computed(facts: Facts, damaged: Iterable[Path]) -> Facts:
    """The facts with each computed quantity worked out. `damaged` are the paths of what could not be read."""
    formulas = {
        (fact.id, name): _parsed(quantity.computed.formula)
        for fact in facts.facts.values()
        for name, quantity in fact.quantities.items()
        if quantity.computed
    }
    if not formulas:
        return facts
    work = _Work(facts, frozenset(filter(None, map(_damaged_key, damaged))))
    for key, formula in _in_order(formulas):
        work.done[key] = work.result(key, formula)
    return replace(facts, facts={id: _with(fact, work.done) for id, fact in facts.facts.items()})


def _damaged_key(path: Path) -> _Key | None:
    """The quantity that a damaged path is about; (fact, "") where all quantities of a fact are gone."""
    if path[:1] != ("facts",) or path[2:3] not in ((), ("quantities",)) or len(path) < 2:
        return None
    return (str(path[1]), str(path[3]) if len(path) > 3 else "")


def _with(fact: Fact, done: Mapping[_Key, Quantity]) -> Fact:
    """The fact with what was worked out of its quantities."""
    if not any(quantity.computed for quantity in fact.quantities.values()):
        return fact
    quantities = {name: done.get((fact.id, name), old) for name, old in fact.quantities.items()}
    return replace(fact, quantities=quantities)


def _parsed(text: str) -> Formula | Fault:
    try:
        return parse(text)
    except FormulaError as error:
        return Fault("number-computed", f"the formula {error}", fragment=error.fragment)


# --- order --------------------------------------------------------------------------------------------


def _in_order(formulas: Mapping[_Key, Formula | Fault]) -> list[tuple[_Key, Formula | Fault]]:
    """Each formula after those that it rests on; those that go round in a circle at the end, as faults."""
    graph = {
        key: tuple(k for k in _operands(key, formula) if k in formulas) for key, formula in formulas.items()
    }
    order = _sorted(graph)
    left = (
        {key: operands for key, operands in graph.items() if key not in set(order)}
        if len(order) < len(graph)
        else {}
    )
    return [(key, formulas[key]) for key in order] + [(key, fault) for key, fault in _circular(left)]


def _operands(key: _Key, formula: Formula | Fault) -> list[_Key]:
    if isinstance(formula, Fault):
        return []
    return [_key(key[0], reference) for reference in formula.references]


def _key(holder: str, reference: Reference) -> _Key:
    return (reference.fact or holder, reference.quantity)


def _sorted(graph: Mapping[_Key, Iterable[_Key]]) -> list[_Key]:
    """The keys, each after those it points to; without those that point in a circle, or to one."""
    sorter = TopologicalSorter(graph)
    with suppress(CycleError):  # it goes on as far as it can
        sorter.prepare()
    order: list[_Key] = []
    while ready := sorter.get_ready():
        order += ready
        sorter.done(*ready)
    return order


def _circular(graph: Mapping[_Key, Iterable[_Key]]) -> list[tuple[_Key, Fault]]:
    """The fault of each that rests on itself; what only rests on one of them is an echo."""
    back: dict[_Key, list[_Key]] = {key: [] for key in graph}
    for key, operands in graph.items():
        for operand in operands:
            if operand in back:
                back[operand].append(key)
    outside = set(_sorted(back))
    return [(key, Fault("", _ECHO) if key in outside else _round_trip(key, graph, outside)) for key in graph]


def _round_trip(key: _Key, graph: Mapping[_Key, Iterable[_Key]], outside: set[_Key]) -> Fault:
    way = next(operand for operand in graph[key] if operand in graph and operand not in outside)
    by = f', by way of "{".".join(way)}"' if way != key else ""
    return Fault("number-computed", f'"{".".join(key)}" is computed from itself{by}')


# --- one quantity -------------------------------------------------------------------------------------


@dataclass
class _Work:
    """The quantities that are worked out so far, and which cannot be trusted, because they could not be read whole."""

    facts: Facts
    damaged: frozenset[_Key]
    done: dict[_Key, Quantity] = field(default_factory=dict)

    def result(self, key: _Key, formula: Formula | Fault) -> Quantity:
        """The quantity with its value, or with the fault that it has."""
        holder = self.facts.facts[key[0]]
        quantity = holder.quantities[key[1]]
        assert quantity.computed
        if isinstance(formula, Fault):
            return _without_value(quantity.computed, formula)
        made = replace(quantity.computed, basis=self.basis(holder, formula))
        try:
            amounts = {name: self.operand(holder, name) for name in formula.references}
            if len(made.basis) > _MOST_QUANTITIES:
                message = f"the formula rests on more than {_MOST_QUANTITIES} quantities, one upon the other"
                raise _Uncomputable("number-computed", message)
            return _valued(replace(quantity, computed=made), formula, _evaluated(formula, amounts))
        except _Uncomputable as error:
            made = replace(made, basis=made.basis[:_MOST_QUANTITIES])
            return _without_value(made, error.fault)

    def basis(self, holder: Fact, formula: Formula) -> tuple[_Key, ...]:
        """What a formula rests on: before each quantity that it names, those that this one rests on."""
        found: dict[_Key, None] = {}
        for key in _operands((holder.id, ""), formula):
            below = self.done[key].computed if key in self.done else None
            found.update(dict.fromkeys(below.basis if below else ()))
            found[key] = None
        return tuple(found)

    def operand(self, holder: Fact, name: Reference) -> _Amount:
        """The quantity that a formula names, which must be there, sound and in force."""
        key = _key(holder.id, name)
        if not {key, (key[0], "")}.isdisjoint(self.damaged):
            raise _Uncomputable("", _ECHO)
        quantity = self.done.get(key) or self._found(holder, name)
        if quantity.computed and quantity.computed.fault:
            raise _Uncomputable("", _ECHO)
        old = self.facts.facts[key[0]]
        if holder.status not in _OUTDATED and old.status in _OUTDATED:
            newer = self.facts.successors.get(old.id)
            what = f'"{old.id}" is {old.status}' + (f'; compute with "{newer}"' if newer else "")
            raise _Uncomputable("number-computed", what, fragment=str(name))
        return _amount(quantity)

    def _found(self, holder: Fact, name: Reference) -> Quantity:
        facts = self.facts.facts
        fact = facts.get(name.fact) if name.fact else holder
        if fact is None:
            message = f'unknown fact "{name.fact}"{did_you_mean(name.fact, facts)}'
        elif name.quantity in fact.quantities:
            return fact.quantities[name.quantity]
        elif not name.fact and name.quantity in facts:
            example = f"{name.quantity}.{next(iter(facts[name.quantity].quantities), 'amount')}"
            message = f'"{name.quantity}" is a fact; a formula names one of its quantities, such as {example}'
        else:
            message = f'"{fact.id}" has no quantity "{name.quantity}"{_meant(name, fact)}'
        raise _Uncomputable("unknown-quantity", message, fragment=str(name))


def _without_value(made: Computation, fault: Fault) -> Quantity:
    """What stands for a quantity that is not known; no unit or stage of it can be wrong."""
    return Quantity("value", Decimal(0), computed=replace(made, fault=fault))


_OUTDATED = ("superseded", "retracted")


def _meant(name: Reference, fact: Fact) -> str:
    """What is probably meant by a name that no quantity of the fact has."""
    if any(name.quantity.startswith(f"{known}-") for known in fact.quantities):
        return "; a minus needs a space on both sides"
    return did_you_mean(name.quantity, fact.quantities)


def _amount(quantity: Quantity) -> _Amount:
    rounded = quantity.computed is not None and quantity.computed.rounded and quantity.qualifier == "value"
    known = between("about" if rounded else quantity.qualifier, quantity.low, quantity.high)
    return _Amount(known, quantity.unit, quantity.stage, quantity.period)


def _evaluated(formula: Formula, amounts: Mapping[Reference, _Amount]) -> _Amount:
    stack: list[_Amount] = []
    for step in formula.steps:
        if isinstance(step, Reference):
            stack.append(amounts[step])
        elif isinstance(step, Decimal):
            stack.append(_Amount(exactly(step)))
        else:
            second, first = stack.pop(), stack.pop()
            stack.append(_combined(step, first, second))
    return stack.pop()


_OPERATIONS: Mapping[str, Callable[[Interval, Interval], Interval]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _combined(sign: str, first: _Amount, second: _Amount) -> _Amount:
    """The result of one step."""
    in_proportion = sign == "/" and second.unit
    if sign in "+-" or in_proportion:
        _check_alike(sign, first, second)
    elif first.unit and second.unit:
        _mixed(sign, first.unit, second.unit, "one of the two must be a plain number")
    elif first.period and second.period and first.period != second.period:
        _mixed(sign, _period(first), _period(second), "they must share a period")
    try:
        known = _OPERATIONS[sign](first.known, second.known)
    except ZeroDivisionError as error:
        raise _Uncomputable("number-zero", f"the formula {error}") from None
    except Undetermined as error:
        raise _Uncomputable("number-computed", f"the formula {error}") from None
    unit, stage = ("", "") if in_proportion else (first.unit or second.unit, first.stage or second.stage)
    return _Amount(known, unit, stage, first.period or second.period)


def _check_alike(sign: str, first: _Amount, second: _Amount) -> None:
    """That two amounts can be added, subtracted or set in proportion."""
    if first.unit != second.unit:
        asked = "they must have one unit" if sign in "+-" else "they must have one unit, or the second none"
        _mixed(sign, first.unit or "a plain number", second.unit or "a plain number", asked)
    if first.stage != second.stage:
        _mixed(sign, _stage(first), _stage(second), "they must be at one stage", rule="number-mixed-stages")
    if first.period != second.period and (first.unit or (first.period and second.period)):
        _mixed(sign, _period(first), _period(second), "they must share a period")


def _stage(amount: _Amount) -> str:
    return f"money {amount.stage}" if amount.stage else "money of no stage"


def _period(amount: _Amount) -> str:
    return f'what covers "{amount.period[:60]}"' if amount.period else "what has no period"


_VERBS = {
    "+": "adds {second} to {first}",
    "-": "subtracts {second} from {first}",
    "*": "multiplies {first} by {second}",
    "/": "divides {first} by {second}",
}


def _mixed(sign: str, first: str, second: str, asked: str, rule: str = "number-mixed-units") -> NoReturn:
    said = _VERBS[sign].format(first=first[:80], second=second[:80])
    raise _Uncomputable(rule, f"the formula {said}; {asked}")


# --- the result ---------------------------------------------------------------------------------------


def _valued(stated: Quantity, formula: Formula, amount: _Amount) -> Quantity:
    """The quantity with the result in it; what is stated of it must agree."""
    assert stated.computed
    unit = _unit(stated, formula, amount)
    for key, found in (("stage", amount.stage), ("period", amount.period)):
        if getattr(stated, key) not in ("", found):
            follows = f': it is "{found[:80]}"' if found else ", whose quantities have none"
            message = f"the {key} follows from the formula{follows}; leave it out"
            raise _Uncomputable("number-computed", message, key=key)
    try:
        qualifier, numbers = claim(amount.known)
        low, *high = decimal_of(qualifier, numbers, stated.computed.digits)
    except Undetermined as error:
        raise _Uncomputable("number-computed", f"the formula {error}") from None
    return Quantity(
        qualifier,
        low,
        high[0] if high else None,
        unit,
        amount.period,
        amount.stage,
        replace(stated.computed, rounded=(low, *high) != numbers),
    )


def _unit(stated: Quantity, formula: Formula, amount: _Amount) -> str:
    if stated.unit in ("", amount.unit):
        return amount.unit
    if amount.unit or stated.unit != "percent":
        known = (
            f"the result is in {amount.unit[:80]}"
            if amount.unit
            else "the result is a plain number, or percent"
        )
        raise _Uncomputable("number-mixed-units", f"{known}; leave the unit out", key="unit")
    beside = ((one, other) for pair in pairwise(formula.parts) for one, other in (pair, pair[::-1]))
    if not any(one == "*" and other == Decimal(100) for one, other in beside):
        message = 'a ratio in percent is multiplied by 100: write "* 100" in the formula'
        raise _Uncomputable("number-mixed-units", message)
    return "percent"
