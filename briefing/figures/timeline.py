"""Timeline → picture: a time axis that runs down the page, true to scale, and a row of words for each event.

Rows stand as near to their day as those around them allow, and a line leads from each to its place on the axis.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefing.figures import scales
from briefing.figures.lettering import LINE, SIZE, lines, width
from briefing.figures.model import Event, Timeline
from briefing.figures.placing import lanes, spread
from briefing.figures.shapes import WIDTH, Label, Line, Mark, Picture, Shape
from briefing.tongues import Tongue

__all__ = ["timeline"]

_GAP = 6.0
_LANE = 6.0
_BAR = 3.6
_DOT = 2.4
_BETWEEN_ROWS = 3.4
_LEADER = 30.0
_MOST_FOR_DATES = 108.0
_LEAST_AXIS = 40.0
_BETWEEN_TICKS = 20.0
# What is too short for a bar is drawn as long as this.
_SHORTEST = 4.0


@dataclass(frozen=True, slots=True)
class _Row:
    event: Event
    when: list[str]
    what: list[str]

    @property
    def height(self) -> float:
        return max(len(self.when), len(self.what)) * LINE + _BETWEEN_ROWS


def timeline(drawing: Timeline, tongue: Tongue) -> Picture:
    """The picture; as high as its rows need."""
    return _Plan(drawing.events, tongue).picture()


class _Plan:
    def __init__(self, events: Sequence[Event], tongue: Tongue) -> None:
        self.events = events
        self.tongue = tongue
        known = [day for event in events for day in (event.first, event.last) if day]
        self.first, self.last = min(known), max(known)
        self.top = SIZE / 2
        in_lanes = [event for event in events if not event.is_day]
        rough = {id(event): lane for event, lane in zip(in_lanes, self.lanes(in_lanes), strict=True)}
        self.lane = rough
        self.ticks = _Ticks(self.first, self.last, tongue)
        self.axis = self.ticks.width + _GAP
        right_of_axis = self.axis + _GAP + _LANE * (max(rough.values(), default=-1) + 1)
        self.words_at = right_of_axis + _LEADER
        widest = max(width(event.when, True) for event in events)
        self.for_dates = min(widest, _MOST_FOR_DATES)
        self.what_at = self.words_at + self.for_dates + 2 * _GAP
        self.rows = [self.row(event) for event in events]
        self.height = max(
            _LEAST_AXIS if self.first < self.last else 0.0, sum(row.height for row in self.rows)
        )

    def lanes(self, events: Sequence[Event]) -> list[int]:
        """Lanes are shared by what is a twentieth of the whole time apart."""
        gap = max(1, (self.last - self.first).days // 20)
        return lanes([(self.day(event.first, 0), self.day(event.last, 1)) for event in events], gap)

    def day(self, day: datetime.date | None, side: int) -> float:
        return (day or (self.last if side else self.first)).toordinal() + side

    def row(self, event: Event) -> _Row:
        words = f"{event.what} {event.cites}".strip()
        return _Row(event, lines(event.when, self.for_dates, True), lines(words, WIDTH - self.what_at))

    def at(self, day: datetime.date) -> float:
        """Where a day begins on the axis."""
        span = (self.last - self.first).days
        return self.top + (self.height * (day - self.first).days / span if span else self.height / 2)

    def picture(self) -> Picture:
        legend = list(self.legend(self.top + self.height + 1.7 * LINE))
        bottom = self.top + self.height + (2.0 if legend else 0.5) * LINE
        return Picture(bottom, (*self.axis_shapes(), *self.marks(), *self.words(), *legend))

    # --- the axis ---------------------------------------------------------------------------------

    def axis_shapes(self) -> Iterator[Shape]:
        yield Line(((self.axis, self.top), (self.axis, self.top + self.height)), "axis")
        last = -_BETWEEN_TICKS
        for day, words in self.ticks.labels:
            y = self.at(day)
            yield Line(((self.axis - 3, y), (self.axis, y)), "axis")
            if y - last >= LINE:
                yield Label(self.axis - _GAP, y + SIZE * 0.34, words, "quiet", anchor="end")
                last = y

    # --- what is on it ----------------------------------------------------------------------------

    def marks(self) -> Iterator[Shape]:
        for event in self.events:
            if event.is_day and event.first:
                y = self.at(event.first)
                look = "hollow" if event.about else "solid"
                yield Mark(self.axis - _DOT, y - _DOT, 2 * _DOT, 2 * _DOT, look, round=True)
            else:
                yield from self.span(event)

    def span(self, event: Event) -> Iterator[Shape]:
        """What lasts is filled; a time within which something lies has an outline, as what is only about then."""
        begin = self.at(event.first) if event.first else self.top
        end = self.at(event.last) if event.last else self.top + self.height
        if end - begin < _SHORTEST:
            begin, end = (begin + end - _SHORTEST) / 2, (begin + end + _SHORTEST) / 2
        x = self.lane_at(event)
        look = "hollow" if event.about or not event.lasting else "solid"
        yield Mark(x, begin, _BAR, end - begin, look)
        for day, y, way in ((event.first, begin, -1), (event.last, end, 1)):
            if day is None:
                tip = (x + _BAR / 2, y + way * 5)
                yield Line(((x - 2, y), tip, (x + _BAR + 2, y)), "leader")

    def lane_at(self, event: Event) -> float:
        return self.axis + _GAP + _LANE * self.lane[id(event)]

    # --- its words --------------------------------------------------------------------------------

    def words(self) -> Iterator[Shape]:
        wanted = [self.anchor(row.event)[1] - self.top - LINE / 2 for row in self.rows]
        tops = spread(_ascending(wanted), [row.height for row in self.rows], self.height)
        for row, top in zip(self.rows, tops, strict=True):
            y = self.top + top + LINE / 2
            x, anchor = self.anchor(row.event)
            edge = self.words_at - _GAP / 2
            turn = self.words_at - _LEADER + 4
            yield Line(((x, anchor), (max(x, turn), anchor), (edge - 4, y), (edge, y)), "leader")
            for number, line in enumerate(row.when):
                yield Label(self.words_at, y + SIZE * 0.34 + number * LINE, line, "ink", bold=True)
            for number, line in enumerate(row.what):
                yield Label(self.what_at, y + SIZE * 0.34 + number * LINE, line, "ink")

    def anchor(self, event: Event) -> tuple[float, float]:
        """Where the line to the words begins: at the day, or beside the beginning of a span."""
        if event.is_day and event.first:
            return self.axis + _DOT, self.at(event.first)
        begin = self.at(event.first) if event.first else self.top
        end = self.at(event.last) if event.last else self.top + self.height
        return self.lane_at(event) + _BAR, min(begin + 2, (begin + end) / 2)

    # --- what the marks mean ----------------------------------------------------------------------

    def legend(self, y: float) -> Iterator[Shape]:
        """Of the marks that are there; none where all events are days."""
        x = self.axis
        for name, words in self.tongue.legend.items():
            if not any(_means(event) == name for event in self.events) or self.is_plain:
                continue
            middle = y - SIZE * 0.34
            if name in ("day", "about-day"):
                look = "solid" if name == "day" else "hollow"
                yield Mark(x - _DOT, middle - _DOT, 2 * _DOT, 2 * _DOT, look, round=True)
            else:
                look = "solid" if name == "lasts" else "hollow"
                yield Mark(x - _BAR / 2, middle - 4, _BAR, 8, look)
            yield Label(x + _GAP, y, words, "quiet")
            x += 4 * _GAP + width(words)

    @property
    def is_plain(self) -> bool:
        return all(_means(event) == "day" for event in self.events)


def _means(event: Event) -> str:
    if event.is_day:
        return "about-day" if event.about else "day"
    return "lasts" if event.lasting and not event.about else "within"


def _ascending(values: Sequence[float]) -> list[float]:
    """Each at least as great as the one before it: rows stand in the order of their events."""
    found: list[float] = []
    for value in values:
        found.append(max(value, found[-1]) if found else value)
    return found


class _Ticks:
    """The days that the axis names."""

    def __init__(self, first: datetime.date, last: datetime.date, tongue: Tongue) -> None:
        self.labels = [(day, tongue.day_on_axis(day, part)) for day, part in scales.days(first, last, 10)]
        self.width = max((width(words) for _, words in self.labels), default=0.0)
