"""The house's look in Word's terms → the parts of a document that hold it: styles, numbering, fonts, settings, as XML.

Colours and fonts are those of `templates/house/brief.css`; the styles themselves stand in `styles.xml`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from string import Template

from briefing.word.markup import NAMESPACES

__all__ = [
    "DEEPEST_STYLE",
    "WIDTH",
    "font_table",
    "list_indent",
    "list_style",
    "numbered",
    "numbering",
    "settings",
    "styles",
    "theme",
]

WIDTH = {"letter": 9360, "a4": 9026}
"""How wide a line is, in twentieths of a point: the paper less an inch on either side."""

DEEPEST_STYLE = 5
"""Word has styles for lists within lists down to this depth."""
_DEEPEST = 9  # levels of numbering in Word

_COLOURS = {
    "ink": "1B1D21",
    "quiet": "565D66",
    "house": "1F3B5C",
    "link": "346CA2",
    "rule": "C3C9D0",
    "tint": "EEF3F8",
    "alert": "9B1C1C",
    "paper": "FFFFFF",
}
# Where a theme has room for colours, in the order of the schema; and which are six times an accent.
_SLOTS = ("dk1", "lt1", "dk2", "lt2", *(f"accent{place}" for place in range(1, 7)), "hlink", "folHlink")
_ACCENTS = ("house", "link", "quiet", "alert", "rule", "tint")
# What Word takes where one is missing: the first of the alternatives that is there, else one of the same family.
_FONTS = (
    ("Source Serif 4", "roman", "Source Serif Pro,Charter,Georgia"),
    ("Source Sans 3", "swiss", "Source Sans Pro,Segoe UI,Helvetica Neue,Arial"),
)
_BOX = (
    "<w:pBdr>"
    '<w:top w:val="single" w:sz="4" w:space="7" w:color="$tint"/>'
    '<w:left w:val="single" w:sz="24" w:space="10" w:color="$house"/>'
    '<w:bottom w:val="single" w:sz="4" w:space="3" w:color="$tint"/>'
    '<w:right w:val="single" w:sz="4" w:space="10" w:color="$tint"/>'
    '</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="$tint"/>'
)
_BULLETS = "•–"
_OUTDENT = {"Bullet": 200, "Number": 345}


def styles(language: str, width: int) -> str:
    """The styles; `language` as in `en-US`."""
    values = {
        **_COLOURS,
        "serif": _font(_FONTS[0][0]),
        "sans": _font(_FONTS[1][0]),
        "box": Template(_BOX).substitute(_COLOURS),
        "language": language,
        "width": str(width),
        "lists": "".join(map(_list_style, range(1, DEEPEST_STYLE + 1))),
    }
    return Template(_sheet()).substitute(values)


@functools.cache
def _sheet() -> str:
    """The style sheet, without its remarks."""
    text = Path(__file__).with_name("styles.xml").read_text(encoding="utf-8")
    return re.sub(r"<!--.*?-->|<\?xml.*?\?>", "", text, flags=re.DOTALL)


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


def list_style(kind: str, depth: int) -> str:
    """The id of the style of a list's items (`Bullet`, `Number`) or of what follows in an item (`Continue`)."""
    level = min(depth, DEEPEST_STYLE)
    return f"List{kind}{level if level > 1 else ''}"


def list_indent(depth: int) -> int:
    """Where the text of a list's items begins, from the margin, in twentieths of a point; depths count from 1."""
    return 345 * min(depth, _DEEPEST)


def _list_style(depth: int) -> str:
    """The three styles of a depth. An item's indentation is that of its level of numbering."""
    indent = f'<w:ind w:left="{list_indent(depth)}"/>'
    numbers = {kind: place for place, kind in enumerate(_OUTDENT, start=1)}
    return "".join(
        f'<w:style w:type="paragraph" w:styleId="{list_style(kind, depth)}">'
        f'<w:name w:val="List {kind}{f" {depth}" if depth > 1 else ""}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>'
        + (numbered(numbers[kind], depth) if kind in numbers else "")
        + f'<w:spacing w:after="45"/>{"" if kind in numbers else indent}</w:pPr></w:style>'
        for kind in (*_OUTDENT, "Continue")
    )


def numbered(number: int, depth: int) -> str:
    """What makes a paragraph an item of that numbering."""
    return f'<w:numPr><w:ilvl w:val="{min(depth, _DEEPEST) - 1}"/><w:numId w:val="{number}"/></w:numPr>'


def numbering(starts: Sequence[tuple[int, int]]) -> str:
    """Bullets are numbering 1, plain numbers 2; then one for each ordered list: (depth, first number)."""
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{place}"><w:multiLevelType w:val="multilevel"/>'
        + "".join(_level(kind, depth) for depth in range(1, _DEEPEST + 1))
        + "</w:abstractNum>"
        for place, kind in enumerate(_OUTDENT)
    )
    plain = "".join(
        f'<w:num w:numId="{place + 1}"><w:abstractNumId w:val="{place}"/></w:num>'
        for place in range(len(_OUTDENT))
    )
    own = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="{min(depth, _DEEPEST) - 1}">'
        f'<w:startOverride w:val="{first}"/></w:lvlOverride></w:num>'
        for number, (depth, first) in enumerate(starts, start=len(_OUTDENT) + 1)
    )
    return f"<w:numbering {NAMESPACES}>{kinds}{plain}{own}</w:numbering>"


def _level(kind: str, depth: int) -> str:
    form, text = ("bullet", _BULLETS[(depth - 1) % 2]) if kind == "Bullet" else ("decimal", f"%{depth}.")
    style = f'<w:pStyle w:val="{list_style(kind, depth)}"/>' if depth <= DEEPEST_STYLE else ""
    return (
        f'<w:lvl w:ilvl="{depth - 1}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{style}<w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{list_indent(depth)}" w:hanging="{_OUTDENT[kind]}"/></w:pPr>'
        "</w:lvl>"
    )


def font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, family, others in _FONTS
    )
    return f"<w:fonts {NAMESPACES}>{fonts}</w:fonts>"


def theme() -> str:
    """What Word offers whoever edits: the colours of the house in its palettes, and its fonts for headings and text."""
    said = {"dk1": "ink", "lt1": "paper", "dk2": "house", "lt2": "tint", "hlink": "link", "folHlink": "link"}
    said |= {f"accent{place}": name for place, name in enumerate(_ACCENTS, start=1)}
    colours = "".join(f'<a:{slot}><a:srgbClr val="{_COLOURS[said[slot]]}"/></a:{slot}>' for slot in _SLOTS)
    serif, sans = (name for name, *_ in _FONTS)
    fonts = "".join(
        f'<a:{use}><a:latin typeface="{name}"/><a:ea typeface=""/><a:cs typeface=""/></a:{use}>'
        for use, name in (("majorFont", sans), ("minorFont", serif))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="briefing"><a:themeElements>'
        f'<a:clrScheme name="briefing">{colours}</a:clrScheme><a:fontScheme name="briefing">{fonts}</a:fontScheme>'
        # Three of each must be there, for shapes that no brief has.
        f'<a:fmtScheme name="briefing"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def settings(language: str) -> str:
    """What Word 2013 and later count as their own form (15), without "Compatibility Mode" in the title."""
    said = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
            ("differentiateMultirowTableHeaders", 1),
        )
    )
    return (
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{said}</w:compat>'
        f'<w:themeFontLang w:val="{language}"/></w:settings>'
    )
