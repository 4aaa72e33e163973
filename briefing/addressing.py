"""A brief that asks for columns of a recipient's row → the same brief for that recipient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

from briefing.audience import with_columns
from briefing.brief import Brief
from briefing.document import (
    Block,
    Cell,
    Column,
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
    Text,
    merged,
)

__all__ = ["addressed"]

_Whole = TypeVar("_Whole")
_Part = TypeVar("_Part")


def addressed(brief: Brief, row: Mapping[str, str]) -> Brief:
    """The brief with the row's values as literal text where it asks for columns. KeyError for one that is not there."""
    if not brief.columns:
        return brief
    contract = brief.audience.contract
    memo = {key: with_columns(text, row.__getitem__) for key, text in contract.memo.items()}
    audience = replace(brief.audience, contract=replace(contract, memo=memo))
    return replace(brief, audience=audience, body=_blocks(brief.body, row), columns={})


def _block(block: Block, row: Mapping[str, str]) -> Block:
    """The block; the same one where nothing changes."""
    match block:
        case Heading() | Paragraph():
            return _with(block, "children", _inlines(block.children, row))
        case Items():
            return _with(block, "items", _each(block.items, lambda item: _blocks(item, row)))
        case Quotation():
            return _with(block, "blocks", _blocks(block.blocks, row))
        case Table():
            found = _with(block, "caption", _inlines(block.caption, row))
            found = _with(found, "header", _cells(block.header, row))
            return _with(found, "rows", _each(block.rows, lambda cells: _cells(cells, row)))
        case (
            Figure() | Rule() | Entry()
        ):  # no column stands in one: a caption that looks at a row is that row's text
            return block


def _blocks(blocks: tuple[Block, ...], row: Mapping[str, str]) -> tuple[Block, ...]:
    return _each(blocks, lambda block: _block(block, row))


def _cells(cells: tuple[Cell, ...], row: Mapping[str, str]) -> tuple[Cell, ...]:
    return _each(cells, lambda cell: _with(cell, "children", _inlines(cell.children, row)))


def _inlines(parts: Inlines, row: Mapping[str, str]) -> Inlines:
    found = _each(parts, lambda part: _inline(part, row))
    return parts if found is parts else merged(found)


def _inline(part: Inline, row: Mapping[str, str]) -> Inline:
    if isinstance(part, Column):
        return Text(row[part.name])
    if isinstance(part, Emphasis | Strong | Link | Revised):
        return _with(part, "children", _inlines(part.children, row))
    return part


def _with(whole: _Whole, name: str, part: object) -> _Whole:
    """The whole with another part of that name; the same one where it has this part."""
    return (
        whole if getattr(whole, name) is part else cast("_Whole", replace(cast("Any", whole), **{name: part}))
    )


def _each(parts: tuple[_Part, ...], change: Callable[[_Part], _Part]) -> tuple[_Part, ...]:
    """The parts, each changed; the same tuple where none is."""
    found = tuple(map(change, parts))
    return parts if all(one is other for one, other in zip(found, parts, strict=True)) else found
