"""Edition → plain text for the body of a mail and for terminals: no markup, lines of a width that programs keep."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from briefing.document import (
    REVISED_SIGNS,
    Block,
    Break,
    Cell,
    Cites,
    Emphasis,
    Entry,
    Figure,
    Heading,
    Inline,
    Items,
    Jump,
    Link,
    PageRefs,
    Paragraph,
    Quotation,
    Revised,
    Rule,
    Strong,
    Table,
    Text,
    flat,
)
from briefing.edition import Edition

__all__ = ["WIDTH", "plain_blocks", "plain_text"]

WIDTH = 72
"""Columns that leave room for `> > ` in answers to a mail, within the 78 that RFC 5322, 2.1.1 asks for."""

_GAP = 2
# A column is not made narrower than this for the sake of others.
_NARROWEST = 12
# Stands for a space at which no line is broken.
_GLUE = "\xa0"


def plain_text(edition: Edition, width: int = WIDTH) -> str:
    """The whole document; every line ends in a newline. No line is wider, but that of a longer address."""
    writer = _Writer(width)
    made = edition.carried
    parts = [
        *_frame(edition, writer),
        *writer.blocks(edition.body),
        *writer.blocks(edition.appendix),
        *([f"briefing {made.version} {made.identifier}"] if made.identifier else []),
    ]
    return "\n\n".join(parts) + "\n"


def plain_blocks(blocks: Sequence[Block], width: int = WIDTH) -> str:
    """Some blocks, as they stand in the text of a mail."""
    return "\n\n".join(_Writer(width).blocks(blocks)) + "\n"


def _frame(edition: Edition, writer: _Writer) -> Iterator[str]:
    head = edition.letterhead
    if head.marking:
        yield writer.filled(head.marking)
    if head.office or head.address:
        yield "\n".join(writer.filled(text) for text in (head.office, head.address) if text)
    yield writer.underlined(edition.title, "=")
    yield writer.filled(f"{edition.kicker} · {edition.stance_line}")
    if edition.memo:
        lead = max(cell_len(label) for label, _ in edition.memo) + 2
        yield "\n".join(
            writer.filled(text, f"{label}:{' ' * (lead - cell_len(label) - 1)}", " " * lead)
            for label, text in edition.memo
        )
    yield writer.filled(edition.as_of_line)


@dataclass(frozen=True, slots=True)
class _Writer:
    width: int

    def blocks(self, blocks: Sequence[Block]) -> Iterator[str]:
        return map(self.block, blocks)

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                words = _inline(block.children)
                return self.underlined(words, "-") if block.level == 2 else self.filled(words)
            case Paragraph():
                return self.filled(_inline(block.children))
            case Items():
                return self.items(block)
            case Quotation():
                return _indented("\n\n".join(_Writer(self.width - 4).blocks(block.blocks)), "    ", "    ")
            case Table():
                return self.table(block)
            case Figure():
                return self.table(block.table)
            case Entry():
                return self.entry(block)
            case Rule():
                return "-" * min(self.width, 20)

    def underlined(self, words: str, line: str) -> str:
        text = self.filled(words)
        return f"{text}\n{line * max(map(cell_len, text.splitlines()))}"

    def filled(self, text: str, first: str = "", rest: str = "") -> str:
        """One paragraph; a line break in the text stays one."""
        lines = [line for part in text.split("\n") for line in _wrapped(part, self.width - cell_len(rest))]
        lead = itertools.chain([first], itertools.repeat(rest))
        return "\n".join((before + line).rstrip() for before, line in zip(lead, lines or [""], strict=False))

    def items(self, block: Items) -> str:
        """A list, tight when no item has a second paragraph."""
        tight = not any(isinstance(part, Paragraph) for item in block.items for part in item[1:])
        parts = []
        for number, item in enumerate(block.items):
            marker = "- " if block.start is None else f"{block.start + number}. "
            inner = _Writer(self.width - len(marker))
            text = ("\n" if tight else "\n\n").join(inner.blocks(item))
            parts.append(_indented(text, marker, " " * len(marker)))
        return ("\n" if tight else "\n\n").join(parts)

    def entry(self, block: Entry) -> str:
        """`[3] Citation …` or `1. Evidence …`, its lines below each other."""
        marker = _inline(block.marker).lstrip() + " "
        inner = _Writer(self.width - cell_len(marker))
        lines = (inner.filled(text) for text in map(_inline, block.lines) if text.strip())
        return _indented("\n".join(lines), marker, " " * cell_len(marker))

    def table(self, block: Table) -> str:
        """In columns, cells wrapped where the table is wider than the page."""
        rows = [block.header, *block.rows]
        texts = [[_inline(cell.children).replace("\n", " ").strip() for cell in row] for row in rows]
        widths = _widths(texts, self.width)
        lines = [line for row, cells in zip(texts, rows, strict=True) for line in _row(row, cells, widths)]
        head = len(list(_row(texts[0], rows[0], widths)))
        rule = (" " * _GAP).join("-" * width for width in widths)
        caption = [self.filled(_inline(block.caption)), ""] if block.caption else []
        return "\n".join([*caption, *lines[:head], rule, *lines[head:]])


def _widths(texts: Sequence[Sequence[str]], width: int) -> list[int]:
    """The width of each column: as wide as its widest cell, the widest made narrower until all fit."""
    widths = [max(1, *(cell_len(cell) for cell in column)) for column in zip(*texts, strict=True)]
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(texts: Sequence[str], cells: Sequence[Cell], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [_wrapped(text, width) or [""] for text, width in zip(texts, widths, strict=True)]
    for line in itertools.zip_longest(*wrapped, fillvalue=""):
        parts = (
            _padded(text, width, cell.number) for text, width, cell in zip(line, widths, cells, strict=True)
        )
        yield (" " * _GAP).join(parts).rstrip()


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in (piece for part in re.split(" +", text.strip(" ")) for piece in _pieces(part, width)):
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        elif word:
            lines.append(word)
    return [line.replace(_GLUE, " ") for line in lines]


def _pieces(word: str, width: int) -> list[str]:
    """A word as it fits into lines; an address stays whole, since a mail program links it as far as its line goes."""
    if cell_len(word) <= width or "://" in word:
        return [word]
    if _GLUE in word:
        return [piece for part in word.split(_GLUE) for piece in _pieces(part, width)]
    return chop_cells(word, width)


def _indented(text: str, first: str, rest: str) -> str:
    head, *lines = text.split("\n")
    return "\n".join([first + head, *(rest + line if line else "" for line in lines)])


def _inline(parts: Sequence[Inline]) -> str:
    return "".join(map(_piece, parts))


def _piece(part: Inline) -> str:
    match part:
        case Text() | Jump():
            return part.text
        case Cites():
            return _GLUE * part.lead + _GLUE.join(f"[{cite.number}]" for cite in part.cites)
        case Emphasis() | Strong():
            return _inline(part.children)
        case Revised():
            begin, end = REVISED_SIGNS[part.sort]
            return f"{begin}{_inline(part.children)}{end}"
        case Link():
            words = flat(part.children)
            return (
                part.address if words == part.address else f"{words} <{part.address.removeprefix('mailto:')}>"
            )
        case Break():
            return "\n"
        case PageRefs():
            return ""
