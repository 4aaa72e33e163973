"""A table, timeline or chart that a template asks for, and its facts → its block."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from briefing.citing import Citing
from briefing.document import Block, Cell, Cites, Figure, Inlines, Table, Text, flat
from briefing.draft import Figure as Asked
from briefing.facts import Fact, Quantity
from briefing.figures.model import Bar, Bars, Drawing, End, Event, Timeline
from briefing.figures.words import alternative
from briefing.prose import capitalised
from briefing.quantities import quantity_words

__all__ = ["MOST_EVENTS", "figure", "in_order"]

MOST_EVENTS = 40
# A picture must fit on a page. So many lines and letters do, in the widths that its columns have (`briefing.figures`).
_MOST_LINES = 52
_LETTERS_BESIDE_A_DATE = 56
_LETTERS_BESIDE_A_BAR = 34
_END: dict[str, End] = {"over": "open", "at_least": "open", "under": "hollow", "at_most": "hollow"}


def in_order(asked: Asked, facts: Sequence[Fact]) -> list[Fact]:
    """The facts in the order in which the figure shows them: a timeline's by date."""
    if asked.form != "timeline":
        return list(facts)
    return sorted(
        (fact for fact in facts if fact.date), key=lambda fact: fact.date.sort_key if fact.date else ()
    )


def figure(asked: Asked, facts: Sequence[Fact], labels: Sequence[str], citing: Citing, name: str) -> Block:
    """The block: a picture for a timeline and bars, where it has room, else a table; facts and labels in order."""
    make = _dated_row if asked.form == "timeline" else _amount_row
    third = ("Date", "What", "Source") if asked.form == "timeline" else ("What", "How much", "Source")
    header = tuple(Cell((Text(word),), number=word == "How much") for word in third)
    caption = (Text(asked.caption),) if asked.caption else ()
    quantities = [_quantity(fact, asked) for fact in facts]
    if asked.form == "table" or not _fits(asked.form, labels):
        cites = citing.cites
        rows = zip(facts, labels, quantities, strict=True)
        return Table(caption, header, tuple(make(*row, _unled(cites([row[0]]))) for row in rows))
    told = [_unled(citing.beside_sources(fact)) for fact in facts]
    table = Table(
        caption, header, tuple(make(*row) for row in zip(facts, labels, quantities, told, strict=True))
    )
    drawing = _timeline(facts, labels, told) if asked.form == "timeline" else _bars(labels, quantities, told)
    sources = (Text("Sources:"), citing.sources(facts), Text("."))
    return Figure(name, drawing, alternative(drawing, asked.caption), table, sources)


def _fits(form: str, labels: Sequence[str]) -> bool:
    """Whether a picture has room for its rows on one page."""
    letters = _LETTERS_BESIDE_A_DATE if form == "timeline" else _LETTERS_BESIDE_A_BAR
    lines = sum(math.ceil((len(label) + 1) / letters) for label in labels)
    return len(labels) <= MOST_EVENTS and lines <= _MOST_LINES


def _quantity(fact: Fact, asked: Asked) -> Quantity | None:
    return fact.quantities[asked.quantity or next(iter(fact.quantities))] if fact.quantities else None


# --- tables -----------------------------------------------------------------------------------------------


def _dated_row(fact: Fact, label: str, quantity: Quantity | None, cites: Inlines) -> tuple[Cell, ...]:
    return Cell((Text(_when(fact)),)), Cell((Text(label),)), Cell(cites)


def _amount_row(fact: Fact, label: str, quantity: Quantity | None, cites: Inlines) -> tuple[Cell, ...]:
    assert quantity is not None
    name = Text(_named(label, quantity))
    return Cell((name,)), Cell((Text(quantity_words(quantity)),), number=True), Cell(cites)


def _when(fact: Fact) -> str:
    return capitalised(fact.date.words()) if fact.date else ""


def _named(label: str, quantity: Quantity) -> str:
    """The label, the stage of money that it does not name, the period."""
    stage = quantity.stage if quantity.stage not in label.casefold() else ""
    return ", ".join(filter(None, (label, stage, quantity.period)))


def _unled(parts: Inlines) -> Inlines:
    """Citations at the head of a cell, which need no space in front."""
    if not parts:
        return parts
    first, *rest = parts
    if isinstance(first, Text):
        return (Text(first.text.lstrip()), *rest)
    return (replace(first, lead=False) if isinstance(first, Cites) else first, *rest)


# --- pictures ---------------------------------------------------------------------------------------------


def _timeline(facts: Sequence[Fact], labels: Sequence[str], cites: Sequence[Inlines]) -> Drawing:
    events = (
        _event(fact, label, _kept_together(flat(cited)))
        for fact, label, cited in zip(facts, labels, cites, strict=True)
    )
    return Timeline(tuple(events))


def _event(fact: Fact, label: str, cites: str) -> Event:
    assert fact.date is not None
    return Event(
        first=fact.date.earliest,
        last=fact.date.latest,
        lasting="/" in fact.date.text,
        about=fact.date.is_approximate or fact.date.is_uncertain,
        when=_when(fact),
        what=label,
        cites=cites,
    )


def _bars(labels: Sequence[str], quantities: Sequence[Quantity | None], cites: Sequence[Inlines]) -> Drawing:
    known = [quantity for quantity in quantities if quantity]
    bars = (
        Bar(
            what=_named(label, quantity),
            amount=quantity_words(quantity),
            low=quantity.low,
            high=quantity.low if quantity.high is None else quantity.high,
            end=_END.get(quantity.qualifier, ""),
            cites=_kept_together(flat(cited)),
        )
        for label, quantity, cited in zip(labels, known, cites, strict=True)
    )
    return Bars(known[0].unit, tuple(bars))


def _kept_together(cites: str) -> str:
    """`[3] [5]` on one line; words about them may be broken."""
    return cites.replace("] [", "]\N{NO-BREAK SPACE}[")
