"""A facts file and what is to stand in the `archive` of a source → the same file with that; not another byte changes.

The file is somebody's writing: its comments, its order, its quotation marks, the ends of its lines. So nothing is
written anew from what was read. A few stretches are replaced where they stand, and what comes of it is read again: were
it to say anything else than before, but for that one mapping, nothing is changed at all.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from briefing.errors import Level, LoadError, Location, Problem, UsageError
from briefing.load import plain
from briefing.yamltree import parse

__all__ = ["with_archive"]

_KEY = "archive"
_BOM = b"\xef\xbb\xbf"
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What is a text in YAML as it stands, between brackets as well.
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_./~?=&%+@;-]|:(?=[A-Za-z0-9/]))*")
_BLOCK_HEADER = re.compile(r"[>|][0-9+-]*")


def with_archive(data: bytes, path: str, source: str, values: Mapping[str, str]) -> bytes:
    """The bytes of a facts file with these values under `archive` of a source; other keys that stand there stay.

    LoadError with what is wrong where the file is no YAML that can be changed; UsageError where the source is not
    there, or where the file is written in a way that cannot be changed without disturbing it: then by hand.
    """
    before = parse(data, path)
    if before.problems:
        raise LoadError(before.problems)
    text = _plain_text(data)
    entry = _mapping_at(text, ("sources", source))
    if entry is None:
        raise _refused(Location(path), f'there is no source "{source}" that holds keys and values')
    place = Location(path, entry.line + 1, entry.column + 1)
    by_hand = f"{_KEY}: {_flow(values)}"
    try:
        edits = list(_edits(text, entry, values))
    except ValueError as error:
        raise _refused(place, f'the {_KEY} of "{source}" {error}; write it by hand: {by_hand}') from None
    changed = _edited(data, text, edits)
    if not _says_the_same(plain(before.root), changed, path, source, values):
        message = (
            f'cannot be changed here without disturbing it; write it by hand under "{source}": {by_hand}'
        )
        raise _refused(place, message)
    return changed


def _refused(place: Location, message: str) -> UsageError:
    return UsageError(Problem(place, Level.ERROR, message, "keep-entry"))


def _says_the_same(before: Any, changed: bytes, path: str, source: str, values: Mapping[str, str]) -> bool:
    """Whether a changed file says what it said before, but for these values."""
    after = parse(changed, path)
    if after.problems:
        return False
    entry = before["sources"][source]
    entry[_KEY] = {**(entry.get(_KEY) or {}), **values}
    return bool(plain(after.root) == before)


# --- the text that the parser sees, and the bytes of the file ----------------------------------------------


def _plain_text(data: bytes) -> str:
    """As `yamltree` reads it: without a byte order mark, each end of a line a line feed."""
    return data.removeprefix(_BOM).decode().replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class _Edit:
    """What is to stand in the place of a stretch of the plain text."""

    start: int
    end: int
    text: str


def _edited(data: bytes, text: str, edits: Sequence[_Edit]) -> bytes:
    """The bytes with the edits, each put where its stretch stands in the file; ends of lines are the file's own."""
    head = _BOM if data.startswith(_BOM) else b""
    whole = data.removeprefix(_BOM).decode()
    # The offset, in the plain text, of each line feed that has a carriage return before it in the file.
    pairs = [found.start() - number for number, found in enumerate(re.finditer("\r\n", whole))]
    end_of_line = "\r\n" if pairs else "\n" if "\n" in whole or "\r" not in whole else "\r"
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        start, end = (offset + bisect_left(pairs, offset) for offset in (edit.start, edit.end))
        parts += [whole[done:start], edit.text.replace("\n", end_of_line)]
        done = end
    return head + "".join([*parts, whole[done:]]).encode()


# --- what stands where -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Node:
    """A part of the file: from `start` to `end` in the plain text; a mapping with its keys and values, in order.

    `indent` is the column of the block around it, beyond which the lines of a block of text are set in.
    """

    sort: type
    start: int
    end: int
    line: int
    column: int
    indent: int
    flow: bool = False
    style: str = ""
    value: str = ""
    children: list[_Node] = field(default_factory=list)

    @property
    def is_mapping(self) -> bool:
        return self.sort is MappingStartEvent

    @property
    def is_nothing(self) -> bool:
        return self.sort is ScalarEvent and self.start == self.end

    @property
    def is_block(self) -> bool:
        """Whether it is a mapping or list with its entries on lines of their own."""
        return self.sort is not ScalarEvent and not self.flow

    def get(self, key: str) -> _Node | None:
        pairs = zip(self.children[::2], self.children[1::2], strict=True)
        return next((value for name, value in pairs if name.value == key), None)


def _mapping_at(text: str, path: tuple[str, ...]) -> _Node | None:
    node: _Node | None = _tree(text)
    for key in path:
        node = node.get(key) if node and node.is_mapping else None
    return node if node and node.is_mapping else None


def _tree(text: str) -> _Node | None:
    """The file as nodes with both their ends, which `yamltree` has no use for. It was read before, and is no danger."""
    top: list[_Node] = []
    stack: list[_Node] = []
    events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
    for event in events:
        sort = type(event)
        if sort in (MappingEndEvent, SequenceEndEvent):
            stack.pop().end = event.end_mark.index
        elif sort in (ScalarEvent, MappingStartEvent, SequenceStartEvent):
            begin = event.start_mark
            around = stack[-1] if stack else None
            indent = around.column if around and around.is_block else around.indent if around else -1
            node = _Node(sort, begin.index, event.end_mark.index, begin.line, begin.column, indent)
            if sort is ScalarEvent:
                node.style, node.value = event.style or "", event.value
            else:
                node.flow = bool(event.flow_style)
            (around.children if around else top).append(node)
            if sort is not ScalarEvent:
                stack.append(node)
    return top[0] if top else None


def _last_of(text: str, node: _Node) -> int:
    """The offset behind the last character of a node; a block's own end is where the next one begins."""
    if node.is_block:
        return _last_of(text, node.children[-1]) if node.children else node.start
    if node.style in (">", "|"):
        return _last_of_block_text(text, node)
    return node.end


def _last_of_block_text(text: str, node: _Node) -> int:
    """Its lines are those that are set in, and what is empty between them."""
    last = position = _end_of_line(text, node.start)
    while position < len(text):
        begin, position = position + 1, _end_of_line(text, position + 1)
        line = text[begin:position]
        if line.strip(" "):
            if len(line) - len(line.lstrip(" ")) <= node.indent:
                break
            last = position
    return last


def _end_of_line(text: str, offset: int) -> int:
    found = text.find("\n", offset)
    return len(text) if found < 0 else found


# --- what is to change -------------------------------------------------------------------------------------


def _edits(text: str, entry: _Node, values: Mapping[str, str]) -> Iterator[_Edit]:
    """The edits that put the values under `archive`. ValueError, in words, where something else stands there."""
    archive = entry.get(_KEY)
    if archive is None:
        yield _added(text, entry, {_KEY: values})
    elif archive.is_nothing and entry.flow:
        yield _instead_of_nothing(text, archive, _flow(values))
    elif archive.is_nothing:
        behind = _end_of_line(text, archive.start)
        yield _Edit(behind, behind, _lines(values, entry.column + _step(entry)))
    elif archive.is_mapping:
        yield from _in_mapping(text, archive, values)
    else:
        raise ValueError("holds no keys and values")


def _in_mapping(text: str, archive: _Node, values: Mapping[str, str]) -> Iterator[_Edit]:
    missing: dict[str, str] = {}
    for key, value in values.items():
        node = archive.get(key)
        if node is None:
            missing[key] = value
        elif node.sort is not ScalarEvent:
            raise ValueError(f'has something else than a text under "{key}"')
        elif node.value.strip() != value:
            yield _replaced(text, node, value)
    if missing:
        yield _added(text, archive, missing)


def _replaced(text: str, node: _Node, value: str) -> _Edit:
    if node.is_nothing:
        return _instead_of_nothing(text, node, _scalar(value))
    if node.style in (">", "|"):
        line = text[node.start : _end_of_line(text, node.start)]
        return _Edit(node.start, _last_of(text, node), _scalar(value) + _BLOCK_HEADER.sub("", line, count=1))
    if node.style == '"' or (node.style == "'" and "'" not in value):
        inner = json.dumps(value, ensure_ascii=False)[1:-1] if node.style == '"' else value
        return _Edit(node.start, node.end, f"{node.style}{inner}{node.style}")
    return _Edit(node.start, node.end, _scalar(value))


def _instead_of_nothing(text: str, node: _Node, written: str) -> _Edit:
    space = "" if text[node.start - 1 : node.start].isspace() else " "
    return _Edit(node.start, node.start, space + written)


def _added(text: str, mapping: _Node, values: Mapping[str, str | Mapping[str, str]]) -> _Edit:
    """New keys behind the last one of a mapping."""
    if not mapping.flow:
        behind = _end_of_line(text, _last_of(text, mapping))
        return _Edit(behind, behind, _lines(values, mapping.column, _step(mapping)))
    inner = _flow(values)[1:-1]
    if not mapping.children:
        return _Edit(mapping.start + 1, mapping.start + 1, inner)
    behind = _last_of(text, mapping.children[-1])
    return _Edit(behind, behind, f", {inner}")


def _step(mapping: _Node) -> int:
    """How far the file sets in what is within something else."""
    return max(2, mapping.column - mapping.indent)


def _lines(values: Mapping[str, str | Mapping[str, str]], column: int, step: int = 2) -> str:
    """Keys and values as lines, each with the end of the line before it."""
    margin = "\n" + " " * column
    return "".join(
        f"{margin}{key}: {_scalar(value)}"
        if isinstance(value, str)
        else f"{margin}{key}:{_lines(value, column + step)}"
        for key, value in values.items()
    )


def _flow(values: Mapping[str, str | Mapping[str, str]]) -> str:
    pairs = (
        f"{key}: {_scalar(value) if isinstance(value, str) else _flow(value)}"
        for key, value in values.items()
    )
    return f"{{{', '.join(pairs)}}}"


def _scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
