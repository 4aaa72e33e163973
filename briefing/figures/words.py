"""The house's words in pictures."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from briefing.figures.model import Bars, Drawing

__all__ = ["LEGEND", "alternative", "day_words", "picture_words"]

_MONTHS = "Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec".split()

LEGEND: Mapping[str, str] = {
    "day": "on that day",
    "about-day": "about that day",
    "lasts": "all that time",
    "within": "within, or about, that time",
}


def day_words(day: datetime.date, part: str) -> str:
    """A day on an axis, of which a day, a month or a year begins."""
    if part == "year":
        return str(day.year)
    month = _MONTHS[day.month - 1]
    return f"{month} {day.day}" if part == "day" else f"{month} {day.year}"


def picture_words(drawing: Drawing) -> str:
    """What the picture is, where a table that says the same follows it."""
    return f"{_kind(drawing)} of the table below"


def _kind(drawing: Drawing) -> str:
    return "Bar chart" if isinstance(drawing, Bars) else "Timeline"


def alternative(drawing: Drawing, caption: str) -> str:
    """What the picture says, for readers who do not see it."""
    if isinstance(drawing, Bars):
        rows = [f"{bar.what}: {bar.amount} {bar.cites}" for bar in drawing.bars]
    else:
        rows = [f"{event.when}: {event.what} {event.cites}" for event in drawing.events]
    what = _kind(drawing)
    head = f"{what}: {caption}" if caption and caption != what else what
    return f"{head}. {'; '.join(row.strip() for row in rows)}.".replace("\N{NO-BREAK SPACE}", " ")
