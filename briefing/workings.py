"""Computed fact → how its numbers were reached: “Aid since 2022” (over $100 billion [1]) ÷ 4 = over $25 billion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from briefing.document import Cite, Cites, Inline, Inlines, Text
from briefing.facts import Citation, Computation, Fact, Facts, Quantity
from briefing.formulas import Part, Reference, parse
from briefing.tongues import Tongue
from briefing.voice import Voice

__all__ = ["workings"]

# As a reader knows them; a minus that no line can begin a list with.
_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}


def workings(tongue: Tongue, facts: Facts, fact: Fact) -> Iterator[Inlines]:
    """A line for each computed quantity; before it the steps to those of other facts that it rests on.

    Each quantity is shown with its value and the sources of its fact, which the brief need not use itself.
    """
    told: set[tuple[str, str]] = set()
    for name, quantity in fact.quantities.items():
        if quantity.computed is None:
            continue
        steps = [key for key in quantity.computed.basis if key[0] != fact.id and key not in told]
        told.update(steps)
        parts: list[Inline] = [Text(tongue.computed)]
        for id, other in (*steps, (fact.id, name)):
            holder = facts.facts[id]
            made = holder.quantities[other]
            if made.computed:
                parts += [*_equation(tongue, facts, fact, holder, made, made.computed), Text("; ")]
        yield (*parts[:-1], Text("."))


def _equation(
    tongue: Tongue, facts: Facts, shown: Fact, holder: Fact, quantity: Quantity, made: Computation
) -> Iterator[Inline]:
    """`… ÷ 4 = over $25 billion, rounded down to two significant digits`."""
    for part in parse(made.formula).parts:
        yield from _part(tongue, facts, shown, holder, part)
    rounded = f", {tongue.rounded(quantity.qualifier, made.digits)}" if made.rounded else ""
    yield Text(f" = {tongue.quantity(quantity)}{rounded}")


def _part(tongue: Tongue, facts: Facts, shown: Fact, holder: Fact, part: Part) -> Iterator[Inline]:
    if isinstance(part, Decimal):
        yield Text(tongue.number(part))
    elif isinstance(part, Reference):
        yield from _operand(tongue, facts, shown, facts.facts[part.fact or holder.id], part.quantity)
    else:
        yield Text(_SIGNS.get(part, part))


def _operand(tongue: Tongue, facts: Facts, shown: Fact, fact: Fact, name: str) -> Iterator[Inline]:
    """`“Aid since 2022” (over $100 billion, according to Lee [1])`; of the fact that is shown, `“amount” ($5)`."""
    value = tongue.quantity(fact.quantities[name])
    if fact is shown:
        yield Text(f"{tongue.quoted(_spaced(name))} ({value})" if tongue.shows_ids else value)
        return
    title = fact.label or (_spaced(fact.id) if tongue.shows_ids else Voice(facts, tongue).name_of(fact))
    if len(fact.quantities) > 1 and tongue.shows_ids:
        title = f"{title}: {_spaced(name)}"
    said = [value]
    if fact.by:
        said.append(tongue.according_to([facts.people[id].short for id in fact.by]))
    if fact.status == "disputed":
        said.append(tongue.workings_disputed)
    yield Text(f"{tongue.quoted(title)} ({', '.join(said)}")
    yield _numbers(facts, (cite for cite in fact.cite if cite.role == "supports"))
    against = [cite for cite in fact.cite if cite.role == "contradicts"]
    if against:
        yield from (Text(tongue.workings_but_see), _numbers(facts, against))
    yield Text(")")


def _numbers(facts: Facts, cited: Iterable[Citation]) -> Cites:
    """`[1] [4]`, leading to the sources."""
    numbers = sorted({facts.sources[cite.source].number for cite in cited})
    return Cites(tuple(Cite(number, f"source-{number}") for number in numbers))


def _spaced(id: str) -> str:
    return id.replace("-", " ")
