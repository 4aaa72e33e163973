"""The letters of pictures: how wide a text is in the house's sans, its lines within a width, its outlines."""

from __future__ import annotations

import functools
import itertools
import unicodedata
from collections.abc import Iterator
from typing import Any

from briefing.house import shipped_house

__all__ = ["LINE", "SIZE", "glyphs", "lines", "outline", "scale", "width"]

SIZE = 8.6
"""Points, as in tables."""
LINE = 11.2
_FACES = {False: "SourceSans3-Regular.otf", True: "SourceSans3-Semibold.otf"}
# What a character is taken for that the font does not have.
_UNKNOWN = 0.6


class _Face:
    def __init__(self, file: str) -> None:
        from fontTools.ttLib import TTFont  # imported here: costs 100 ms

        font = TTFont(shipped_house() / "fonts" / file, lazy=True)
        self.names: dict[int, str] = font.getBestCmap()
        self.em: int = font["head"].unitsPerEm
        self.advances = font["hmtx"]
        self.glyphs = font.getGlyphSet()

    def advance(self, character: str) -> float:
        """In em."""
        name = self.names.get(ord(character))
        return self.advances[name][0] / self.em if name else _UNKNOWN


@functools.cache
def _face(bold: bool) -> Any:
    return _Face(_FACES[bold])


@functools.cache
def _advance(character: str, bold: bool) -> float:
    advance: float = _face(bold).advance(character)
    return advance


def width(text: str, bold: bool = False) -> float:
    """In points, without kerning, which makes a text a little narrower."""
    return SIZE * sum(_advance(character, bold) for character in text)


def lines(text: str, most: float, bold: bool = False) -> list[str]:
    """The text in lines of `most` points; a word that is longer is broken."""
    found: list[str] = []
    line = ""
    for word in itertools.chain.from_iterable(_parts(word, most, bold) for word in text.split(" ")):
        longer = f"{line} {word}" if line else word
        if line and width(longer, bold) > most:
            found.append(line)
            line = word
        else:
            line = longer
    return [*found, line]


def _parts(word: str, most: float, bold: bool) -> Iterator[str]:
    part = ""
    for character in word:
        if part and width(part + character, bold) > most:
            yield part
            part = ""
        part += character
    yield part


def glyphs(text: str, bold: bool) -> list[tuple[str, float]] | None:
    """The characters, each with where it begins, in points; None where letters act on each other or one is missing."""
    face = _face(bold)
    if not all(ord(character) in face.names and _stands_alone(character) for character in text):
        return None
    begins = itertools.accumulate((width(character, bold) for character in text), initial=0.0)
    return list(zip(text, begins, strict=False))


def _stands_alone(character: str) -> bool:
    return not unicodedata.combining(character) and unicodedata.bidirectional(character) not in ("R", "AL")


def scale(bold: bool) -> float:
    """Points for one unit of the font."""
    return SIZE / float(_face(bold).em)


@functools.cache
def outline(character: str, bold: bool) -> str:
    """The letter as an SVG path in units of the font, y upwards; empty for a space."""
    from fontTools.pens.svgPathPen import SVGPathPen

    face = _face(bold)
    pen = SVGPathPen(face.glyphs)
    face.glyphs[face.names[ord(character)]].draw(pen)
    return str(pen.getCommands())
