"""Blocks → the same blocks with some inline parts changed; what does not change is the very same object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from briefing.document import (
    Block,
    Cell,
    Emphasis,
    Entry,
    Figure,
    Heading,
    Inline,
    Inlines,
    Items,
    Link,
    Paragraph,
    Quotation,
    Revised,
    Rule,
    Strong,
    Table,
    merged,
)

__all__ = ["rewritten"]

_Whole = TypeVar("_Whole")
_Part = TypeVar("_Part")
Change = Callable[[Inline], Inline]


def rewritten(blocks: tuple[Block, ...], change: Change) -> tuple[Block, ...]:
    """The blocks, with `change` asked for each part that holds no others. Pictures and entries are left as they are."""
    return _each(blocks, lambda block: _block(block, change))


def _block(block: Block, change: Change) -> Block:
    match block:
        case Heading() | Paragraph():
            return _with(block, "children", _inlines(block.children, change))
        case Items():
            return _with(block, "items", _each(block.items, lambda item: rewritten(item, change)))
        case Quotation():
            return _with(block, "blocks", rewritten(block.blocks, change))
        case Table():
            found = _with(block, "caption", _inlines(block.caption, change))
            found = _with(found, "header", _cells(block.header, change))
            return _with(found, "rows", _each(block.rows, lambda cells: _cells(cells, change)))
        case Figure() | Rule() | Entry():
            return block


def _cells(cells: tuple[Cell, ...], change: Change) -> tuple[Cell, ...]:
    return _each(cells, lambda cell: _with(cell, "children", _inlines(cell.children, change)))


def _inlines(parts: Inlines, change: Change) -> Inlines:
    found = _each(parts, lambda part: _inline(part, change))
    return parts if found is parts else merged(found)


def _inline(part: Inline, change: Change) -> Inline:
    if isinstance(part, Emphasis | Strong | Link | Revised):
        return _with(part, "children", _inlines(part.children, change))
    return change(part)


def _with(whole: _Whole, name: str, part: object) -> _Whole:
    """The whole with another part of that name; the same one where it has this part."""
    return (
        whole if getattr(whole, name) is part else cast("_Whole", replace(cast("Any", whole), **{name: part}))
    )


def _each(parts: tuple[_Part, ...], change: Callable[[_Part], _Part]) -> tuple[_Part, ...]:
    """The parts, each changed; the same tuple where none is."""
    found = tuple(map(change, parts))
    return parts if all(one is other for one, other in zip(found, parts, strict=True)) else found
