"""A table's words → how wide its columns are. Word's own way differs from other programs', so each is told."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

__all__ = ["column_widths"]

# Twentieths of a point: a letter of the style Table Text, on average, in the font of the house; in wider ones that take
# its place where it is missing, and these in bold; and what stands empty on both sides of a cell.
_LETTER = 80
_WIDE_LETTER = 92
_BOLD_LETTER = 115
_EMPTY = 210
_STEP = 20
# No column has to be wider than this part of the line for the sake of one long word, which is broken then.
_LARGEST_WORD = 0.4


def column_widths(rows: Sequence[Sequence[str]], width: int, whole: Sequence[bool]) -> list[int]:
    """Widths that add up to `width`, in twentieths of a point; cells of a column that is `whole` are not broken.

    The first row is the header. Every column gets what its longest cell needs. Where there is no room for that, the
    widest of those that can be broken get less; where there is more, each gets its part of it.
    """
    columns = list(zip(*rows, strict=True))
    words = [
        max([_longest_word(header, _BOLD_LETTER), *(_longest_word(cell, _WIDE_LETTER) for cell in cells)])
        for header, *cells in columns
    ]
    widths = [
        min(width, max(word, *(_needed(cell, _WIDE_LETTER if kept else _LETTER) for cell in column)))
        for column, word, kept in zip(columns, words, whole, strict=True)
    ]
    least = [wide if kept else word for wide, word, kept in zip(widths, words, whole, strict=True)]
    least = [min(each, max(int(width * _LARGEST_WORD), width // len(least))) for each in least]
    while sum(widths) > width:
        narrower = [place for place, wide in enumerate(widths) if wide > least[place]]
        if not narrower:
            break
        widest = max(narrower, key=lambda place: widths[place])
        widths[widest] = max(least[widest], widths[widest] - _STEP)
    return _filling(widths, width)


def _needed(text: str, letter: int) -> int:
    return _EMPTY + letter * cell_len(text)


def _longest_word(text: str, letter: int) -> int:
    return max(_needed(word, letter) for word in text.split(" "))


def _filling(widths: Sequence[int], width: int) -> list[int]:
    """The same proportions in whole numbers that add up."""
    ends = [sum(widths[: place + 1]) * width // sum(widths) for place in range(len(widths))]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
