"""Two editions of a brief → one that shows what is gone and what is new, its tables and citations intact.

Blocks are laid side by side by what they say; of two that stand for each other the words are compared, a citation
counting as one. Pictures are shown as the tables that say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, TypeVar

from briefing.carried import NOTHING
from briefing.document import (
    Block,
    Cell,
    Cites,
    Emphasis,
    Entry,
    Figure,
    Heading,
    Inline,
    Inlines,
    Items,
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
    merged,
)
from briefing.edition import Edition

__all__ = ["redlined"]

_Change = Literal["deleted", "inserted"]
_Sort = _Change | Literal["kept"]
_One = TypeVar("_One")
# Blocks and rows with less in common are no two states of one.
_ALIKE = 0.4


def redlined(old: Edition, new: Edition, note: str) -> Edition:
    """The new edition with the words of the old one that are gone; it carries no facts, for it is no document to keep.

    `note` says above the text what the marks mean.
    """
    title = () if old.title == new.title else (Paragraph(_inlines((Text(old.title),), (Text(new.title),))),)
    body = (*title, *_blocks(_tabled(old.body), _tabled(new.body)))
    return replace(
        new,
        body=(Paragraph((Emphasis((Text(note),)),)), *body),
        appendix=tuple(_blocks(old.appendix, new.appendix)),
        carried=NOTHING,
    )


# --- blocks -------------------------------------------------------------------------------------------


def _tabled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Figures as tables, within other blocks, too."""

    def tabled(block: Block) -> Block:
        match block:
            case Figure():
                return block.table
            case Quotation():
                return replace(block, blocks=_tabled(block.blocks))
            case Items():
                return replace(block, items=tuple(map(_tabled, block.items)))
            case _:
                return block

    return tuple(map(tabled, blocks))


def _blocks(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Block]:
    for before, after in _paired(old, new, _typed, lambda one, other: type(one) is type(other)):
        if before is not None and after is not None:
            yield _block(before, after)
        elif before is not None:
            yield _whole(before, "deleted")
        elif after is not None:
            yield _whole(after, "inserted")


def _block(old: Block, new: Block) -> Block:
    """Two blocks of one type as one."""
    match old, new:
        case Heading(), Heading():
            return replace(new, children=_inlines(old.children, new.children))
        case Paragraph(), Paragraph():
            return replace(new, children=_inlines(old.children, new.children))
        case Items(), Items():
            return replace(new, items=tuple(_items(old.items, new.items)))
        case Quotation(), Quotation():
            return replace(new, blocks=tuple(_blocks(old.blocks, new.blocks)))
        case Table(), Table():
            header = _row(old.header, new.header, len(new.header))
            rows = _rows(old.rows, new.rows, len(new.header))
            return Table(_inlines(old.caption, new.caption), header, tuple(rows))
        case Entry(), Entry():
            return replace(new, lines=tuple(_lines(old.lines, new.lines)))
        case _:
            return new


def _items(old: Sequence[tuple[Block, ...]], new: Sequence[tuple[Block, ...]]) -> Iterator[tuple[Block, ...]]:
    for before, after in _paired(old, new, lambda item: " ".join(map(_text, item)), lambda *_: True):
        yield tuple(_blocks(before or (), after or ()))


def _rows(
    old: Sequence[tuple[Cell, ...]], new: Sequence[tuple[Cell, ...]], width: int
) -> Iterator[tuple[Cell, ...]]:
    """Rows of the new table's width, each with what became of its cells."""

    def text(row: Sequence[Cell]) -> str:
        return " ".join(flat(cell.children) for cell in row)

    for before, after in _paired(old, new, text, lambda *_: True):
        yield _row(before or (), after or (), width)


def _row(old: tuple[Cell, ...], new: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    before, after = _fitted(old, width), _fitted(new, width)
    shown = after if new else before
    return tuple(
        replace(cell, children=_inlines(was.children, now.children))
        for cell, was, now in zip(shown, before, after, strict=True)
    )


def _fitted(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    """A row of another table with as many cells: its last cell has what is left."""
    if len(row) <= width:
        return (*row, *[Cell(())] * (width - len(row)))
    rest = tuple(part for cell in row[width - 1 :] for part in (*cell.children, Text(" ")))
    return (*row[: width - 1], Cell(rest))


def _lines(old: Sequence[Inlines], new: Sequence[Inlines]) -> Iterator[Inlines]:
    """The lines of an entry; on which pages it is cited is that of this document."""
    before, after = ([line for line in lines if not _is_place(line)] for lines in (old, new))
    for was, now in _paired(before, after, flat, lambda *_: True):
        yield _inlines(was or (), now or ())
    yield from (line for line in new if _is_place(line))


def _is_place(line: Inlines) -> bool:
    return bool(line) and isinstance(line[0], PageRefs)


def _whole(block: Block, sort: _Change) -> Block:
    """A block that is gone or new altogether."""
    match block:
        case Heading() | Paragraph():
            return replace(block, children=_revised(block.children, sort))
        case Items():
            items = tuple(tuple(_whole(one, sort) for one in item) for item in block.items)
            return replace(block, items=items)
        case Quotation():
            return replace(block, blocks=tuple(_whole(one, sort) for one in block.blocks))
        case Table():
            rows = tuple(
                tuple(replace(cell, children=_revised(cell.children, sort)) for cell in row)
                for row in (block.header, *block.rows)
            )
            return Table(_revised(block.caption, sort), rows[0], rows[1:])
        case Entry():
            lines = tuple(
                _revised(line, sort) for line in block.lines if sort == "inserted" or not _is_place(line)
            )
            # What is gone has no place of its own to which anything leads.
            id = block.id if sort == "inserted" else f"former-{block.id}"
            return replace(block, id=id, lines=lines)
        case Figure() | Rule():
            return block


def _typed(block: Block) -> str:
    """Its text behind its type: a paragraph is no list of one item."""
    return f"{type(block).__name__} {_text(block)}"


def _text(block: Block) -> str:
    match block:
        case Heading() | Paragraph():
            return flat(block.children)
        case Items():
            return " ".join(_text(one) for item in block.items for one in item)
        case Quotation():
            return " ".join(map(_text, block.blocks))
        case Table():
            rows = (flat(cell.children) for row in (block.header, *block.rows) for cell in row)
            return " ".join((flat(block.caption), *rows))
        case Entry():
            return " ".join(flat(line) for line in block.lines if not _is_place(line))
        case Figure():
            return _text(block.table)
        case Rule():
            return "—"


# --- pairs --------------------------------------------------------------------------------------------


def _paired(
    old: Sequence[_One], new: Sequence[_One], text: Callable[[_One], str], fit: Callable[[_One, _One], bool]
) -> Iterator[tuple[_One | None, _One | None]]:
    """Each with its counterpart, in order: the same text, or between two that are the same the most alike."""
    before, after = list(map(text, old)), list(map(text, new))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(old[i:i_end], new[j:j_end], strict=True)
            continue
        yield from _nearest(old[i:i_end], new[j:j_end], before[i:i_end], after[j:j_end], fit)


def _nearest(
    old: Sequence[_One],
    new: Sequence[_One],
    before: Sequence[str],
    after: Sequence[str],
    fit: Callable[[_One, _One], bool],
) -> Iterator[tuple[_One | None, _One | None]]:
    words = [[text.split() for text in texts] for texts in (before, after)]
    begin = 0
    for place, one in enumerate(new):
        best, found = _ALIKE, None
        for other in range(begin, len(old)):
            if fit(old[other], one):
                alike = SequenceMatcher(None, words[0][other], words[1][place], autojunk=False).ratio()
                if alike > best:
                    best, found = alike, other
        if found is None:
            yield None, one
            continue
        yield from ((gone, None) for gone in old[begin:found])
        yield old[found], one
        begin = found + 1
    yield from ((gone, None) for gone in old[begin:])


# --- words --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, the space between two, or a part that is not divided, and the emphasis and links that it stands in."""

    key: str
    part: Inline
    within: tuple[Inline, ...] = ()


def _inlines(old: Inlines, new: Inlines) -> Inlines:
    """The words of both, those that are in one of them alone marked."""
    before, after = list(_tokens(old)), list(_tokens(new))
    keys = [[(one.key, one.within) for one in tokens] for tokens in (before, after)]
    runs: list[tuple[_Sort, Sequence[_Token]]] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(("kept", after[j:j_end]))
            continue
        runs += [("deleted", before[i:i_end]), ("inserted", after[j:j_end])]
    return merged(part for sort, tokens in _readable(runs) if tokens for part in _marked(tokens, sort))


def _readable(runs: Sequence[tuple[_Sort, Sequence[_Token]]]) -> list[tuple[_Sort, list[_Token]]]:
    """Without kept spaces alone between two changes: what is gone and what is new stand together."""
    done: list[tuple[_Sort, list[_Token]]] = []
    for sort, tokens in runs:
        lone = sort == "kept" and all(one.key.isspace() for one in tokens) and len(done) > 1
        if lone and {one for one, _ in done[-2:]} == {"deleted", "inserted"}:
            for _, found in done[-2:]:
                found.extend(tokens)
        elif done and len(done) > 1 and sort in ("deleted", "inserted") and done[-1][0] != "kept":
            same = next((found for one, found in done[-2:] if one == sort), None)
            if same is None:
                done.append((sort, list(tokens)))
            else:
                same.extend(tokens)
        else:
            done.append((sort, list(tokens)))
    return done


# "18,500" and "U.S." are one word each.
_WORD = re.compile(r"\s+|\w+(?:[.,’'-]\w+)*|[^\w\s]")


def _tokens(parts: Inlines, within: tuple[Inline, ...] = ()) -> Iterator[_Token]:
    for part in parts:
        if isinstance(part, Emphasis | Strong | Link):
            yield from _tokens(part.children, (*within, replace(part, children=())))
        elif type(part) is Text:
            for word in _WORD.findall(part.text):
                yield _Token(word, Text(word), within)
        else:
            yield _Token(flat((part,)) or repr(part), part, within)


def _marked(tokens: Sequence[_Token], sort: _Sort) -> Inlines:
    found: list[Inline] = []
    for within, group in groupby(tokens, key=lambda one: one.within):
        parts: Inlines = merged(one.part for one in group)
        for around in reversed(within):
            parts = (replace(around, children=parts),)
        found += parts
    return tuple(found) if sort == "kept" else _revised(tuple(found), sort)


def _revised(parts: Inlines, sort: _Change) -> Inlines:
    if sort == "deleted":
        parts = tuple(map(_without_target, parts))
    return (Revised(sort, parts),) if flat(parts).strip() else parts


def _without_target(part: Inline) -> Inline:
    """What is gone leads nowhere: its source may not be cited any more."""
    if isinstance(part, Cites):
        return replace(part, cites=tuple(replace(cite, target="", anchor="") for cite in part.cites))
    if isinstance(part, Emphasis | Strong | Link):
        return replace(part, children=tuple(map(_without_target, part.children)))
    return part
