"""An SVG file → why it is no logo. It is read as XML, so that what a reference or a prefix stands for is what counts.

A document carries the drawing into other programs, and some of these run, load and link what an SVG tells them to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from xml.parsers import expat

from briefing.textguard import forbidden_characters

__all__ = ["why_no_drawing"]

_SVG = "http://www.w3.org/2000/svg"
# Shapes, and what paints and groups them. Not `use`, `pattern`, `mask` and `marker`, which draw without end; nor
# `text`: the words of a document are looked at, and those of a drawing are not.
_ELEMENTS = frozenset(
    "circle clipPath defs desc ellipse g line linearGradient metadata path polygon polyline radialGradient rect"
    " stop svg switch title".split()
)
# What names the drawing for who does not see it, and what programs note; no reader is shown it.
_NAMED = frozenset(("title", "desc", "a note"))
# What programs that draw note for themselves, in spaces of their own.
_NOTES = frozenset(
    (
        "http://creativecommons.org/ns#",
        "http://purl.org/dc/elements/1.1/",
        "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
        "http://web.resource.org/cc/",
        "http://www.inkscape.org/namespaces/inkscape",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    )
)
# In any value: an address of something else than a part of the drawing, and what CSS hides one behind.
_ADDRESS = re.compile(r"url\s*\(\s*[\"']?(?!#)|\\|/\*|@import|image-set", re.IGNORECASE)

_REFERENCE = re.compile(r"url\s*\(\s*[\"']?#([^\"')\s]*)", re.IGNORECASE)
# All that is clipped and painted times what clips and paints it: as much is drawn, and 450 KB could take 6 GB.
_MOST_DRAWN = 100_000
_REFERRED_TO = ("clipPath", "linearGradient", "radialGradient")
# What draws goes down one call in another.
_DEEPEST = 100

# "NaN" and "inf" are numbers for Python alone, and so many digits are one without end.
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_MANY_DIGITS = re.compile("[0-9]{40}")
_LENGTH = re.compile(_NUMBER.pattern + "(?:%|px|pt|pc|mm|cm|in|q|em|ex|rem|ch|vw|vh)?", re.IGNORECASE)
_LENGTHS = frozenset(
    "x y width height r rx ry cx cy fx fy fr x1 y1 x2 y2 offset opacity fill-opacity stroke-opacity stop-opacity"
    " stroke-width stroke-miterlimit stroke-dashoffset".split()
)
_WORDS = ("auto", "inherit", "initial", "none", "unset")
# Attributes that are lists: what may stand there beside numbers.
_BESIDE_NUMBERS = {
    "d": re.compile(r"[\sMmZzLlHhVvCcSsQqTtAa,]*"),
    "points": re.compile(r"[\s,]*"),
    "transform": re.compile(r"(?:matrix|translate|scale|rotate|skew[XY]|none|[\s,()])*"),
    "stroke-dasharray": re.compile(r"(?:none|inherit|px|[\s,%])*"),
}
_BESIDE_NUMBERS["gradienttransform"] = _BESIDE_NUMBERS["transform"]
# A drawing of more is no logo; it is drawn as large as there is room, whatever it says.
_LARGEST = 1_000_000


class _Unfit(Exception):
    """Why it is no logo, as `holds …`."""


class _NoNumber(Exception):
    """What stands where SVG has a number, or one that can be drawn."""


def why_no_drawing(content: bytes) -> str:
    """Why the bytes of an SVG are no drawing of shapes alone; empty where they are."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.ProcessingInstructionHandler = reader.instruction
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(content, True)
        reader.close()
    except expat.ExpatError as error:
        return f"is no SVG that can be read: line {error.lineno}, {expat.ErrorString(error.code)}"
    except _Unfit as error:
        return f"{error}: a logo is shapes only; save it as plain SVG, its text as paths"
    except _NoNumber as error:
        return f"{error}: open it in a program for drawings and save it as plain SVG"
    except (LookupError, ValueError) as error:  # an encoding that Python does not know
        return f"is no SVG that can be read: {error}"
    return ""


class _Reader:
    """What the parser tells, in its order. Raises _Unfit at the first that no logo has."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.asked: Counter[str] = Counter()
        self.sizes: Counter[str] = Counter()
        self.within = ""

    def doctype(self, *_: object) -> None:
        raise _Unfit('holds "<!DOCTYPE"')

    def instruction(self, target: str, _: str) -> None:
        raise _Unfit(f'holds "<?{target[:40]}"')

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if space != _SVG and space not in _NOTES:
            raise _Unfit(f'holds "<{local[:40]}", which is none of SVG')
        if space == _SVG and local not in _ELEMENTS:
            raise _Unfit(f'holds "<{local[:40]}"')
        for attribute, value in attributes.items():
            short = attribute.rpartition(" ")[2].casefold()
            if short.startswith("on") or short in ("href", "base"):
                raise _Unfit(f'holds "{short[:40]}="')
            if found := _ADDRESS.search(value):
                raise _Unfit(f'holds "{found[0].strip()}"')
            _refuse_hidden(value)
            if space == _SVG and " " not in attribute:
                _refuse_no_numbers(short, value)
            self.refer(_REFERENCE.findall(value), local)
        if not self.open:
            _refuse_sizes(attributes)
        if len(self.open) == _DEEPEST:
            raise _Unfit(f"has shapes within shapes more than {_DEEPEST} deep")
        self.open.append("a note" if space in _NOTES else local)
        if local in _REFERRED_TO:
            self.within = attributes.get("id", "")
        elif any(name in self.open for name in _REFERRED_TO):
            self.sizes[self.within] += 1

    def refer(self, names: Sequence[str], element: str) -> None:
        """To gradients and clips: from outside of clips, so that none leads to another."""
        if names and "clipPath" in (*self.open, element):
            raise _Unfit('holds a "clipPath" that refers to another part')
        self.asked.update(names)

    def close(self) -> None:
        """Where all is known that is referred to."""
        if sum(times * self.sizes[name] for name, times in self.asked.items()) > _MOST_DRAWN:
            raise _Unfit(f"clips or paints more than {_MOST_DRAWN:,} parts")

    def end(self, _: str) -> None:
        self.open.pop()

    def text(self, text: str) -> None:
        if text.strip() and self.open[-1] not in _NAMED:
            raise _Unfit(f'holds "{text.strip()[:40]}"')
        _refuse_hidden(text)


def _refuse_no_numbers(name: str, value: str) -> None:
    """Of an attribute, or of each part of a style."""
    if name == "style":
        for part in value.split(";"):
            named, _, said = part.partition(":")
            if named.strip().casefold() != "style":
                _refuse_no_numbers(named.strip().casefold(), said.replace("!important", ""))
        return
    said = value.strip()
    if name in _LENGTHS:
        fits = not said or said in _WORDS or _LENGTH.fullmatch(said)
    elif name in _BESIDE_NUMBERS:
        fits = _BESIDE_NUMBERS[name].fullmatch(_NUMBER.sub(" ", said))
    else:
        return
    if not fits or _MANY_DIGITS.search(said):
        raise _NoNumber(f'has {name}="{said[:40]}", which cannot be read as numbers')


def _refuse_sizes(attributes: Mapping[str, str]) -> None:
    """Of the whole drawing: what is nothing, or without end."""
    sizes = [_LENGTH.fullmatch(attributes.get(name, "").strip()) for name in ("width", "height")]
    found = [_NUMBER.match(size[0]) for size in sizes if size]
    box = attributes.get("viewBox")
    if box is not None:
        numbers = [_NUMBER.fullmatch(part) for part in re.split(r"[\s,]+", box.strip())]
        if len(numbers) != 4 or not all(numbers):
            raise _NoNumber(f'has viewBox="{box.strip()[:40]}", which is not four numbers')
        found += numbers[2:]
    for number in found:
        if number and not 0 < float(number[0]) <= _LARGEST:
            raise _NoNumber(f"is to be {number[0][:40]} wide or high")


def _refuse_hidden(text: str) -> None:
    for _, what in forbidden_characters(text):
        raise _Unfit(f"holds {what}")
