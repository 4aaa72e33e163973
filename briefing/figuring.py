"""A table, timeline or chart that a template asks for, and its facts → its block."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefing.citing import Citing
from briefing.document import Block, Cell, Cites, Figure, Inlines, Table, Text, flat
from briefing.draft import Figure as Asked
from briefing.facts import Fact, Quantity
from briefing.figures.model import Bar, Bars, Drawing, End, Event, Timeline
from briefing.figures.telling import above_table, alternative
from briefing.prose import capitalised
from briefing.tongues import Tongue

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


def figure(
    asked: Asked, facts: Sequence[Fact], labels: Sequence[str], citing: Citing, tongue: Tongue, name: str
) -> Block:
    """The block: a picture for a timeline and bars, where it has room, else a table; facts and labels in order."""
    shown = [
        _Shown(fact, label, _quantity(fact, asked), tongue) for fact, label in zip(facts, labels, strict=True)
    ]
    if asked.form == "table" or not _fits(asked.form, labels):
        return _table(asked, shown, [_unled(citing.cites([fact])) for fact in facts], tongue)
    cites = [_unled(citing.beside_sources(fact)) for fact in facts]
    table = _table(asked, shown, cites, tongue)
    drawing = _timeline(shown, cites) if asked.form == "timeline" else _bars(shown, cites)
    sources = (Text(tongue.drawn_from), citing.sources(facts), Text("."))
    return Figure(
        name,
        drawing,
        alternative(drawing, asked.caption, tongue),
        above_table(drawing, tongue),
        table,
        sources,
    )


def _fits(form: str, labels: Sequence[str]) -> bool:
    """Whether a picture has room for its rows on one page."""
    letters = _LETTERS_BESIDE_A_DATE if form == "timeline" else _LETTERS_BESIDE_A_BAR
    lines = sum(math.ceil((len(label) + 1) / letters) for label in labels)
    return len(labels) <= MOST_EVENTS and lines <= _MOST_LINES


def _quantity(fact: Fact, asked: Asked) -> Quantity | None:
    return fact.quantities.get(asked.quantity or next(iter(fact.quantities), ""))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A fact in a figure, and its words."""

    fact: Fact
    label: str
    quantity: Quantity | None
    tongue: Tongue

    @property
    def date(self) -> str:
        return capitalised(self.tongue.date(self.fact.date)) if self.fact.date else ""

    @property
    def event(self) -> str:
        return self.label

    @property
    def named(self) -> str:
        """The label, the stage of money that it does not name, the period."""
        if self.quantity is None:
            return self.label
        stage = self.quantity.stage
        told = self.tongue.stages[stage] if stage and not self.tongue.names_stage(stage, self.label) else ""
        return ", ".join(filter(None, (self.label, told, self.quantity.period)))

    @property
    def amount(self) -> str:
        return self.tongue.quantity(self.quantity) if self.quantity else ""

    @property
    def likelihood(self) -> str:
        return self.tongue.likely(self.fact.likelihood) if self.fact.likelihood else ""


def _table(asked: Asked, shown: Sequence[_Shown], cites: Sequence[Inlines], tongue: Tongue) -> Table:
    names = ("date", "event") if asked.form == "timeline" else ("named", "amount", "likelihood")
    columns = [name for name in names if any(getattr(one, name) for one in shown)]
    rows = (
        (*(Cell((Text(getattr(one, name)),), number=name == "amount") for name in columns), Cell(cited))
        for one, cited in zip(shown, cites, strict=True)
    )
    heads = (Cell((Text(tongue.columns[name]),), number=name == "amount") for name in (*columns, "source"))
    return Table((Text(asked.caption),) if asked.caption else (), tuple(heads), tuple(rows))


def _unled(parts: Inlines) -> Inlines:
    """Citations at the head of a cell, which need no space in front."""
    if not parts:
        return parts
    first, *rest = parts
    if isinstance(first, Text):
        return (Text(first.text.lstrip()), *rest)
    return (replace(first, lead=False) if isinstance(first, Cites) else first, *rest)


# --- pictures ---------------------------------------------------------------------------------------------


def _timeline(shown: Sequence[_Shown], cites: Sequence[Inlines]) -> Drawing:
    return Timeline(
        tuple(_event(one, _kept_together(flat(cited))) for one, cited in zip(shown, cites, strict=True))
    )


def _event(shown: _Shown, cites: str) -> Event:
    date = shown.fact.date
    assert date is not None
    return Event(
        first=date.earliest,
        last=date.latest,
        lasting="/" in date.text,
        about=date.is_approximate or date.is_uncertain,
        when=shown.date,
        what=shown.label,
        cites=cites,
    )


def _bars(shown: Sequence[_Shown], cites: Sequence[Inlines]) -> Drawing:
    bars = [
        Bar(
            what=one.named,
            amount=one.amount,
            low=one.quantity.low,
            high=one.quantity.low if one.quantity.high is None else one.quantity.high,
            end=_END.get(one.quantity.qualifier, ""),
            cites=_kept_together(flat(cited)),
        )
        for one, cited in zip(shown, cites, strict=True)
        if one.quantity
    ]
    return Bars(next(one.quantity.unit for one in shown if one.quantity), tuple(bars))


def _kept_together(cites: str) -> str:
    """`[3] [5]` on one line; words about them may be broken."""
    return cites.replace("] [", "]\N{NO-BREAK SPACE}[")
