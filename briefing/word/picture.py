"""A drawing → a picture that Word shows, and its size.

PNG and JPEG stay as they are. SVG is drawn as PNG: Word before 2016 and LibreOffice before 24.2 show none.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from xml.etree import ElementTree

from briefing.house import shipped_house
from briefing.word.markup import escaped

__all__ = ["Picture", "picture", "shown_picture"]

_EMU = 914_400
"""English Metric Units in an inch, Word's measure of pictures."""
_SCREEN = 96  # dots per inch of a picture, as in CSS
_PRINT = 600  # of what is drawn here
# resvg goes down one call in another, and 60,000 groups in each other end the process.
_DEEPEST = 100
# A font that is not there would leave its text out without a word.
_FONT = 'text, tspan, textPath { font-family: "Source Sans 3" !important }'


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG; how wide and high it is shown, in EMU."""

    media_type: str
    content: bytes
    width: int
    height: int


def picture(media_type: str, content: bytes, wide: float, high: float) -> Picture:
    """A drawing, no larger than so many inches. ValueError where it cannot be read or drawn."""
    try:
        if media_type == "image/svg+xml":
            content, media_type = _drawn(content, round(wide * _PRINT), round(high * _PRINT)), "image/png"
            dots = _PRINT
        else:
            dots = _SCREEN
        width, height = (_png_size if media_type == "image/png" else _jpeg_size)(content)
    except (struct.error, IndexError, ElementTree.ParseError, UnicodeError) as error:
        raise ValueError(f"cannot be read: {error}") from None
    if not (width and height):
        raise ValueError("has no size")
    scale = min(1 / dots, wide / width, high / height) * _EMU
    return Picture(media_type, content, round(width * scale), round(height * scale))


def shown_picture(picture: Picture, relationship: str, number: int, alt: str) -> str:
    """A run that shows the picture of a relationship: the `number`-th of the document, what it shows in words."""
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    size = f'cx="{picture.width}" cy="{picture.height}"'
    named = f'id="{number}" name="Picture {number}" descr="{escaped(alt)}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing" xmlns:a="{drawing}/main"'
        f' xmlns:pic="{drawing}/picture" distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {named}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{drawing}/picture"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _drawn(content: bytes, wide: int, high: int) -> bytes:
    """A drawing as PNG that is as large as fits, its text in the font of the house. ValueError where it is none."""
    import resvg_py

    _check_depth(content)
    return resvg_py.svg_to_bytes(
        svg_string=content.decode("utf-8-sig"),
        width=wide,
        height=high,
        dpi=_SCREEN,  # without it a size in points, inches or millimeters is none
        skip_system_fonts=True,
        font_dirs=[str(shipped_house() / "fonts")],
        style_sheet=_FONT,
    )


def _check_depth(content: bytes) -> None:
    depth = 0
    for event, _ in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise ValueError(f"has shapes within shapes more than {_DEEPEST} deep")


def _png_size(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """From the first header of a frame, before which stand segments of other kinds."""
    file = io.BytesIO(content)
    file.seek(2)
    while True:
        mark, kind, length = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:
            raise ValueError("cannot be read: its parts are not those of a JPEG")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            _, height, width = struct.unpack(">BHH", file.read(5))
            return width, height
        file.seek(length - 2, io.SEEK_CUR)
