"""Picture → SVG, with the house's letters: as text where the fonts are at hand, as outlines where they may not be."""

from __future__ import annotations

import html

from briefing.figures.lettering import SIZE, glyphs, outline, scale, width
from briefing.figures.shapes import WIDTH, Label, Line, Mark, Picture, Shape

__all__ = ["svg"]

_STYLE = """\
.paper{fill:#fff}
.ink{fill:#1b1d21}
.quiet{fill:#565d66}
.solid{fill:#1f3b5c;stroke:#1f3b5c;stroke-width:.8}
.hollow{fill:#fff;stroke:#1f3b5c;stroke-width:.8;stroke-dasharray:2 1.2}
.axis{fill:none;stroke:#565d66;stroke-width:.8}
.leader{fill:none;stroke:#7d858e;stroke-width:.5}
.grid{fill:none;stroke:#c3c9d0;stroke-width:.5}
.whisker{fill:none;stroke:#1f3b5c;stroke-width:1.2}
"""
_DARK = """\
@media (prefers-color-scheme:dark){
.paper,.hollow{fill:#12161b}
.ink{fill:#ebedf0}
.quiet{fill:#a8b0ba}
.solid{fill:#a8c8ec;stroke:#a8c8ec}
.hollow,.whisker{stroke:#a8c8ec}
.axis{stroke:#a8b0ba}
.leader{stroke:#7d858e}
.grid{stroke:#3d4651}
}
"""
_TEXT = "text{{font-family:'Source Sans 3';font-size:{size}px}}\n.bold{{font-weight:600}}\n"


def svg(picture: Picture, alternative: str, *, outlined: bool) -> str:
    """One SVG file. `alternative` says what the picture says; ids are the same in each picture.

    With `outlined` letters are shapes and the picture is a file of its own, on paper and in the dark; else they are
    text in Source Sans 3, whose fonts the reader must have.
    """
    writer = _Writer(outlined)
    body = "".join(map(writer.shape, picture.shapes))
    height = _number(picture.height)
    words = html.escape(alternative, quote=False)
    paper = f'<rect class="paper" width="{_number(WIDTH)}" height="{height}"/>\n' if outlined else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_number(WIDTH)}pt" height="{height}pt"'
        f' viewBox="0 0 {_number(WIDTH)} {height}" role="img" aria-labelledby="words">\n'
        f'<title id="words">{words}</title>\n<style>\n{_STYLE}{writer.style}</style>\n'
        f"{writer.definitions()}{paper}{body}</svg>\n"
    )


class _Writer:
    def __init__(self, outlined: bool) -> None:
        self.outlined = outlined
        self.used: dict[tuple[str, bool], None] = {}
        self.style = (_DARK if outlined else "") + _TEXT.format(size=_number(SIZE))

    def shape(self, shape: Shape) -> str:
        if isinstance(shape, Line):
            points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
            return f'<polyline class="{shape.look}" points="{points}"/>\n'
        if isinstance(shape, Mark):
            return _mark(shape)
        return self.label(shape)

    def label(self, label: Label) -> str:
        letters = glyphs(label.text, label.bold) if self.outlined else None
        if letters is None:
            bold = " bold" if label.bold else ""
            anchor = f' text-anchor="{label.anchor}"' if label.anchor != "start" else ""
            place = f'x="{_number(label.x)}" y="{_number(label.y)}"'
            return f'<text class="{label.look}{bold}" {place}{anchor}>{html.escape(label.text)}</text>\n'
        return self.outlines(label, letters)

    def outlines(self, label: Label, letters: list[tuple[str, float]]) -> str:
        size = scale(label.bold)
        x = label.x - _shift(label)
        uses = []
        for character, begin in letters:
            if outline(character, label.bold):
                self.used[(character, label.bold)] = None
                uses.append(f'<use href="#{_id(character, label.bold)}" x="{begin / size:.0f}"/>')
        place = f"translate({_number(x)} {_number(label.y)}) scale({size:.5f} {-size:.5f})"
        return f'<g class="{label.look}" transform="{place}">{"".join(uses)}</g>\n'

    def definitions(self) -> str:
        """The letters that are used, by number."""
        paths = (f'<path id="{_id(*letter)}" d="{outline(*letter)}"/>\n' for letter in sorted(self.used))
        return f"<defs>\n{''.join(paths)}</defs>\n" if self.used else ""


def _shift(label: Label) -> float:
    """How far left of `x` the label begins."""
    return width(label.text, label.bold) * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor]


def _id(character: str, bold: bool) -> str:
    return f"{'b' if bold else 'r'}{ord(character):x}"


def _mark(mark: Mark) -> str:
    if mark.round:
        centre = f'cx="{_number(mark.x + mark.width / 2)}" cy="{_number(mark.y + mark.height / 2)}"'
        return f'<circle class="{mark.look}" {centre} r="{_number(mark.width / 2)}"/>\n'
    place = f'x="{_number(mark.x)}" y="{_number(mark.y)}"'
    return (
        f'<rect class="{mark.look}" {place} width="{_number(mark.width)}" height="{_number(mark.height)}"/>\n'
    )


def _number(value: float) -> str:
    """Hundredths of a point, without zeros at the end."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")  # + 0.0: never minus zero
