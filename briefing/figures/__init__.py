"""Facts as pictures: an SVG that says what the table beside it says."""

from __future__ import annotations

import functools

from briefing.figures.bars import bars
from briefing.figures.drawing import svg
from briefing.figures.model import Bar, Bars, Drawing, End, Event, Timeline
from briefing.figures.telling import above_table, alternative
from briefing.figures.timeline import timeline
from briefing.tongues import Tongue

__all__ = ["Bar", "Bars", "Drawing", "End", "Event", "Timeline", "above_table", "alternative", "drawn"]


@functools.lru_cache(maxsize=32)
def drawn(drawing: Drawing, alternative: str, tongue: Tongue, *, outlined: bool) -> str:
    """The drawing as SVG, which has `alternative` for readers who do not see it.

    With `outlined` letters are shapes, for where the house's fonts may not be, and there are colours for the dark.
    """
    picture = timeline(drawing, tongue) if isinstance(drawing, Timeline) else bars(drawing, tongue)
    return svg(picture, alternative, outlined=outlined)
