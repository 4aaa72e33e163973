"""What the browser is shown, as values, and where its threads wait for the next of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from briefing.cards import Card
from briefing.errors import Problem

__all__ = ["Board", "Shown", "View"]


@dataclass(frozen=True, slots=True)
class View:
    """A brief as it was built last: the page, and the cards of its facts, both of the same build.

    `is_current` is False where something has changed since and it could not be built again.
    """

    name: str
    title: str
    page: bytes
    cards: Mapping[str, Card]
    version: str
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown at one moment. `why` says what changed; `more` counts the briefs that are not among `views`."""

    title: str = ""
    why: str = ""
    is_building: bool = False
    views: tuple[View, ...] = ()
    problems: tuple[Problem, ...] = ()
    more: int = 0

    def view(self, name: str) -> View | None:
        return next((view for view in self.views if view.name == name), None)


@dataclass
class Board:
    """The last that there is to show, for any number of threads; each state has a number, counted from 1."""

    _shown: Shown = field(default_factory=Shown)
    _number: int = 1
    _is_closed: bool = False
    _news: threading.Condition = field(default_factory=threading.Condition)

    def show(self, shown: Shown) -> None:
        with self._news:
            self._shown, self._number = shown, self._number + 1
            self._news.notify_all()

    def building(self, why: str) -> None:
        """Say that a build has begun; what there is stays as it is."""
        self.show(replace(self.now(), is_building=True, why=why))

    def now(self) -> Shown:
        with self._news:
            return self._shown

    def after(self, number: int, seconds: float) -> tuple[int, Shown | None]:
        """The state after that of this number, and its own number; None where there is none within so many seconds."""
        with self._news:
            self._news.wait_for(lambda: self._number > number or self._is_closed, seconds)
            return (self._number, self._shown) if self._number > number else (number, None)

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def close(self) -> None:
        """Nothing follows: whoever waits goes home."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()
