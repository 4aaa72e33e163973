"""CSV text → rows of cells with their places, and what is wrong with its form.

The standard library's reader says no columns and takes a stray quotation mark without a word; people who mend a table
in a spreadsheet need the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Cell", "read_rows"]

_PLAIN = re.compile(r"[^,\n]*+")
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, and where it begins; line and column count from 1."""

    text: str
    line: int
    column: int


def read_rows(text: str, report: Callable[[str, int, int], None]) -> Iterator[tuple[Cell, ...]]:
    r"""The rows that hold something, by RFC 4180: commas between cells; a cell with a comma stands within "…".

    Lines end in `\n`. `report` gets what is wrong with the form: message, line, column.
    """
    place, line, line_start = 0, 1, 0
    row: list[Cell] = []
    while place <= len(text):
        column = place - line_start + 1
        quoted = _QUOTED.match(text, place)
        if quoted:
            content, end = quoted[1].replace('""', '"'), quoted.end()
        elif text.startswith('"', place):
            report("this cell begins with a quotation mark and none ends it", line, column)
            return
        else:
            content, end = text[place : _end_of_plain(text, place)], _end_of_plain(text, place)
            if '"' in content:
                message = 'a quotation mark within a cell: put the cell into "…", and double the mark there'
                report(message, line, column + content.index('"'))
        row.append(Cell(content.strip(), line, column))
        breaks = text.count("\n", place, end)
        if breaks:
            line, line_start = line + breaks, text.rindex("\n", place, end) + 1
        if end < len(text) and text[end] not in ",\n":
            report("something follows the quotation mark that ends the cell", line, end - line_start + 1)
            end = _end_of_plain(text, end)
        if text[end : end + 1] != ",":
            if any(cell.text for cell in row):
                yield tuple(row)
            row, line, line_start = [], line + 1, end + 1
        place = end + 1


def _end_of_plain(text: str, place: int) -> int:
    found = _PLAIN.match(text, place)
    return found.end() if found else place
