"""What a figure shows: the values behind a picture, and the words beside each, as a reader sees them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

__all__ = ["Bar", "Bars", "Drawing", "End", "Event", "Timeline"]

End = Literal["", "open", "hollow"]
"""How a bar ends: at its amount, "open" where it is more than that, "hollow" where it is less."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something dated. `first` and `last` are the days it lasts, or one of which it is on; None: that side is open.

    `lasting` tells the two apart; `about`: the days are approximate or uncertain.
    """

    first: datetime.date | None
    last: datetime.date | None
    lasting: bool
    about: bool
    when: str
    what: str
    cites: str

    @property
    def is_day(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in order of their dates; at least one, each with a day at one of its sides."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """An amount; `high` is another than `low` where a range is known. `amount` is it in words."""

    what: str
    amount: str
    low: Decimal
    high: Decimal
    end: End
    cites: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Amounts of one unit, in the order in which they are drawn; at least one. The axis begins at zero."""

    unit: str
    bars: tuple[Bar, ...]


Drawing = Timeline | Bars
