"""Facts as pictures: an SVG that says what the table beside it says."""

from __future__ import annotations

import functools

from briefing.figures.bars import bars
from briefing.figures.drawing import svg
from briefing.figures.model import Bar, Bars, Drawing, End, Event, Timeline
from briefing.figures.timeline import timeline
from briefing.figures.words import alternative

__all__ = ["Bar", "Bars", "Drawing", "End", "Event", "Timeline", "alternative", "drawn"]


@functools.lru_cache(maxsize=32)
def drawn(drawing: Drawing, alternative: str, *, outlined: bool) -> str:
    """The drawing as SVG, which has `alternative` for readers who do not see it.

    With `outlined` letters are shapes, for where the house's fonts may not be, and there are colours for the dark.
    """
    picture = timeline(drawing) if isinstance(drawing, Timeline) else bars(drawing)
    return svg(picture, alternative, outlined=outlined)
