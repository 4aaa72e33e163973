"""Bars → picture: lengths from zero on one axis, which is never cut; a range as a whisker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from briefing.figures import scales
from briefing.figures.lettering import LINE, SIZE, lines, width
from briefing.figures.model import Bar, Bars
from briefing.figures.shapes import WIDTH, Label, Line, Mark, Picture, Shape
from briefing.tongues import Tongue

__all__ = ["bars"]

_GAP = 6.0
_BAR = 10.0
_BETWEEN = 6.0
_MOST_FOR_NAMES = 176.0
_LEAST_FOR_BARS = 120.0
_MOST_PARTS = 5
# From a bar to its amount; an open end is drawn there.
_BEHIND = 9.0


@dataclass(frozen=True, slots=True)
class _Row:
    bar: Bar
    name: list[str]
    amount: list[str]

    @property
    def height(self) -> float:
        return max(_BAR, len(self.name) * LINE, len(self.amount) * LINE) + _BETWEEN


def bars(drawing: Bars, tongue: Tongue) -> Picture:
    """The picture; as high as its rows need."""
    return _Plan(drawing, tongue).picture()


class _Plan:
    def __init__(self, drawing: Bars, tongue: Tongue) -> None:
        self.tongue = tongue
        names = max(width(bar.what) for bar in drawing.bars)
        self.left = min(names, _MOST_FOR_NAMES) + 2 * _GAP
        amounts = [f"{bar.amount} {bar.cites}".strip() for bar in drawing.bars]
        room = WIDTH - self.left - _BEHIND - _LEAST_FOR_BARS
        for_amounts = min(max(width(amount, True) for amount in amounts), room)
        self.rows = [
            _Row(bar, lines(bar.what, self.left - 2 * _GAP), lines(amount, for_amounts, True))
            for bar, amount in zip(drawing.bars, amounts, strict=True)
        ]
        self.height = sum(row.height for row in self.rows)
        for parts in range(_MOST_PARTS, 0, -1):
            self.ticks = self.round_amounts(drawing, parts)
            self.left = max(self.left, width(self.ticks[0][1]) / 2)
            self.right = self.right_end()
            if self.have_room():
                break

    def round_amounts(self, drawing: Bars, parts: int) -> list[tuple[Decimal, str]]:
        least = min(bar.low for bar in drawing.bars)
        most = max(bar.high for bar in drawing.bars)
        return [
            (amount, self.tongue.on_axis(amount, drawing.unit))
            for amount in scales.amounts(least, most, parts)
        ]

    def right_end(self) -> float:
        """As far right as the words behind each bar, and the last number of the axis, allow."""
        ends = [WIDTH - width(self.ticks[-1][1]) / 2]
        for row in self.rows:
            share = self.share(max(row.bar.high, Decimal(0)))
            room = WIDTH - self.left - _BEHIND - max(width(line, True) for line in row.amount)
            ends += [self.left + room / share] if share else []
        return min(ends)

    def have_room(self) -> bool:
        """Whether the numbers of the axis stand clear of each other."""
        places = [(self.at(amount), width(words) / 2) for amount, words in self.ticks]
        return all(x + half + _GAP <= y - next_half for (x, half), (y, next_half) in pairwise(places))

    def share(self, amount: Decimal) -> float:
        """How far along the axis an amount is, from 0 to 1."""
        least, most = self.ticks[0][0], self.ticks[-1][0]
        return float((amount - least) / (most - least)) if most > least else 0.0

    def at(self, amount: Decimal) -> float:
        return self.left + (self.right - self.left) * self.share(amount)

    def picture(self) -> Picture:
        return Picture(self.height + 2 * LINE, (*self.axis(), *self.all_rows()))

    def axis(self) -> Iterator[Shape]:
        for amount, words in self.ticks:
            x = self.at(amount)
            yield Line(((x, 0), (x, self.height)), "grid" if amount else "axis")
            yield Label(x, self.height + LINE, words, "quiet", anchor="middle")

    def all_rows(self) -> Iterator[Shape]:
        top = 0.0
        for row in self.rows:
            middle = top + (row.height - _BETWEEN) / 2 + _BETWEEN / 2
            yield from self.bar(row.bar, middle)
            yield from _words(row.name, self.left - _GAP, middle, bold=False)
            x = max(self.at(row.bar.high), self.at(Decimal(0))) + _BEHIND
            wide, high = max(width(line, True) for line in row.amount), LINE * len(row.amount)
            yield Mark(
                x - 1, middle - high / 2, wide + 2, high, "paper"
            )  # no line of the axis crosses the words
            yield from _words(row.amount, x, middle, bold=True)
            top += row.height

    def bar(self, bar: Bar, middle: float) -> Iterator[Shape]:
        zero, low, high = (self.at(amount) for amount in (Decimal(0), bar.low, bar.high))
        near, far = (low, high) if bar.high > 0 else (high, low)
        y = middle - _BAR / 2
        yield Mark(min(zero, near), y, abs(near - zero), _BAR, "hollow" if bar.end == "hollow" else "solid")
        if far != near:
            yield Line(((near, middle), (far, middle)), "whisker")
            for x in (near, far):
                yield Line(((x, y), (x, y + _BAR)), "whisker")
        elif bar.end == "open":
            way = 1 if bar.high >= 0 else -1
            yield Line(((far + way, y), (far + way * 5, middle), (far + way, y + _BAR)), "whisker")


def _words(words: list[str], x: float, middle: float, *, bold: bool) -> Iterator[Shape]:
    """Lines around a height; names end at `x`, amounts begin there."""
    first = middle + SIZE * 0.34 - LINE * (len(words) - 1) / 2
    for number, line in enumerate(words):
        yield Label(x, first + number * LINE, line, "ink", bold=bold, anchor="start" if bold else "end")
