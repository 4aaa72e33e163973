"""What a picture is made of. Lengths are points; y grows downwards; `look` names a class of the style (`drawing`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["WIDTH", "Label", "Line", "Mark", "Picture", "Shape"]

WIDTH = 468.0
"""The text of a page in Letter: 6.5 inches."""


@dataclass(frozen=True, slots=True)
class Line:
    """Straight from point to point."""

    points: tuple[tuple[float, float], ...]
    look: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An area: a rectangle, a circle in it where `round`."""

    x: float
    y: float
    width: float
    height: float
    look: str
    round: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Text on one line; `x` is where it begins or ends, `y` its baseline."""

    x: float
    y: float
    text: str
    look: str
    bold: bool = False
    anchor: Literal["start", "end", "middle"] = "start"


Shape = Line | Mark | Label


@dataclass(frozen=True, slots=True)
class Picture:
    """WIDTH wide and `height` high."""

    height: float
    shapes: tuple[Shape, ...]
