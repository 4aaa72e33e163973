"""The nodes that a YAML text is made of, each with its place in the file; lines and columns count from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar, dataclass_transform

from briefing.errors import Location, Problem

__all__ = ["Mapping", "Node", "Scalar", "Sequence", "Tree"]


_Node = TypeVar("_Node")


@dataclass_transform(frozen_default=True)
def _node(cls: type[_Node]) -> type[_Node]:
    """A dataclass that is frozen to type checkers alone: made frozen, it takes four times as long to make."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@_node
class Scalar:
    """A text as it was written; `style` is `>`, `|`, `'`, `"`, or nothing for plain.

    A block scalar comes without its final newlines.
    """

    value: str
    line: int
    column: int
    end_line: int
    style: str


@_node
class Sequence:
    """A list; `flow` when it was written as `[a, b]`."""

    items: tuple[Node, ...]
    line: int
    column: int
    flow: bool


@_node
class Mapping:
    """Keys and values in the order of the file, no key twice; `flow` when it was written as `{a: b}`."""

    by_key: dict[str, tuple[Scalar, Node]]
    line: int
    column: int
    flow: bool

    @property
    def entries(self) -> tuple[tuple[Scalar, Node], ...]:
        return tuple(self.by_key.values())

    def get(self, key: str) -> Node | None:
        entry = self.by_key.get(key)
        return entry[1] if entry else None

    def key_node(self, key: str) -> Scalar | None:
        entry = self.by_key.get(key)
        return entry[0] if entry else None


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Tree:
    """What a text holds. `root` is None when the text is empty, or when reading stopped at a problem.

    `lines` is the text as it was written, without a byte order mark; empty when it could not be decoded.
    """

    root: Node | None
    problems: tuple[Problem, ...]
    lines: tuple[str, ...]
    path: str
    first_line: int

    def location(self, node: Node) -> Location:
        return Location(self.path, node.line, node.column)

    def locate(self, scalar: Scalar, fragment: str, occurrence: int = 0) -> Location:
        """Where `fragment` stands within `scalar` in the file; where it is not found, the scalar's start.

        A space in it may be a line break in the file. Where the file holds an escape, it is not found.
        """
        top = scalar.line - self.first_line
        raw = "\n".join(self.lines[top : scalar.end_line - self.first_line + 1])
        # What follows a block scalar's indicator on its line is a comment.
        begin = len(self.lines[top]) if scalar.style in ("|", ">") else scalar.column - 1
        words = r"\s+".join(map(re.escape, fragment.split()))
        matches = re.finditer(words, raw[begin:]) if words else iter(())
        match = next(islice(matches, occurrence, None), None)
        if match is None:
            return self.location(scalar)
        before = raw[: begin + match.start()]
        return Location(self.path, scalar.line + before.count("\n"), len(before) - before.rfind("\n"))
