"""A figure in words, for readers who do not see the picture."""

from __future__ import annotations

from briefing.figures.model import Bars, Drawing
from briefing.tongues import Tongue

__all__ = ["above_table", "alternative"]


def above_table(drawing: Drawing, tongue: Tongue) -> str:
    """What the picture is, where a table that says the same follows it."""
    return tongue.of_table_below(_kind(drawing))


def alternative(drawing: Drawing, caption: str, tongue: Tongue) -> str:
    """What the picture says."""
    if isinstance(drawing, Bars):
        rows = [f"{bar.what}: {bar.amount} {bar.cites}" for bar in drawing.bars]
    else:
        rows = [f"{event.when}: {event.what} {event.cites}" for event in drawing.events]
    what = tongue.drawings[_kind(drawing)]
    head = f"{what}: {caption}" if caption and caption != what else what
    return f"{head}. {'; '.join(row.strip() for row in rows)}.".replace("\N{NO-BREAK SPACE}", " ")


def _kind(drawing: Drawing) -> str:
    return "bars" if isinstance(drawing, Bars) else "timeline"
