"""The text of a facts file and entries → the text with them at the end of `sources:`; every line of it stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from briefing.yamltree import Mapping, Scalar, Tree

__all__ = ["Insertion", "Unwritable", "insertion", "unified"]

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_STEP: Final = "  "
_CONTEXT: Final = 3


class Unwritable(Exception):
    """The section is written so that no lines can be added to it; the message says why, and what to do."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Insertion:
    """Lines with their ends that come in before line `place` (from 0) of the old ones.

    `closed`: the old last line had no end; it gets one, and the last of the new lines has none.
    """

    old: tuple[str, ...]
    place: int
    new: tuple[str, ...]
    closed: bool

    @property
    def text(self) -> str:
        """The whole new text."""
        before, after = list(self.old[: self.place]), self.old[self.place :]
        if self.closed and before:
            before[-1] += _ending(self.old)
        return "".join((*before, *self.new, *after))


def insertion(text: str, tree: Tree, entries: Callable[[str, str], list[list[str]]]) -> Insertion:
    """Where and how the entries come in; `entries` gives their lines for the indentation of the section.

    `text` is the file without a byte order mark, `tree` what stands in it. Raises Unwritable.
    """
    old = tuple(_LINE.findall(text))
    root = tree.root
    if not isinstance(root, Mapping) or root.flow:
        raise Unwritable("the file is written in braces; write a key on each line", 1)
    key, section = root.key_node("sources"), root.get("sources")
    if key is None:
        place, lines = _new_section(root, old, entries)
    elif isinstance(section, Mapping) and not section.flow:
        place, lines = _at_the_end(root, section, key, old, entries)
    elif isinstance(section, Scalar) and not section.value and not section.style:
        place, lines = key.line, [line for entry in entries(_STEP, _STEP) for line in entry]
    elif isinstance(section, Mapping) and not section.entries:
        raise Unwritable("sources are empty braces; take out the braces, and leave the key", key.line)
    else:
        raise Unwritable("sources are written in braces; write each on lines of its own, indented", key.line)
    closed = place == len(old) and bool(old) and not old[-1].endswith(("\n", "\r"))
    end = _ending(old)
    new = [line + end for line in lines]
    if closed and new:
        new[-1] = new[-1].removesuffix(end)
    return Insertion(old, place, tuple(new), closed)


def _ending(lines: tuple[str, ...]) -> str:
    """The line end of the file: that of its first line."""
    found = re.search(r"\r\n|\n|\r", lines[0]) if lines else None
    return found[0] if found else "\n"


def _at_the_end(
    root: Mapping,
    section: Mapping,
    key: Scalar,
    old: tuple[str, ...],
    entries: Callable[[str, str], list[list[str]]],
) -> tuple[int, list[str]]:
    """Behind the last line of the section; comments that stand at the margin belong to what follows it."""
    ids = [id for id, _ in section.entries]
    outer = old[ids[0].line - 1][: ids[0].column - 1]
    nested = (entry for _, entry in section.entries if isinstance(entry, Mapping) and not entry.flow)
    inner = next((entry.column - 1 - len(outer) for entry in nested), len(_STEP))
    last_id = ids[-1]
    place = _next_key(root, key, len(old))
    while place > last_id.line and _is_outside(old[place - 1], outer):
        place -= 1
    made = entries(outer, " " * inner)
    gap = [""] if len(ids) > 1 and _stands_apart(old, last_id.line - 1) else []
    return place, [line for entry in made for line in (*gap, *entry)]


def _next_key(root: Mapping, key: Scalar, end: int) -> int:
    """How many lines stand before the key at the top of the file that follows this one."""
    later = [other.line - 1 for other, _ in root.entries if other.line > key.line]
    return min(later, default=end)


def _is_outside(line: str, outer: str) -> bool:
    """Whether a line before the next key is empty, or a comment that is less indented than the ids."""
    text = line.strip()
    return (
        not text
        or text in ("---", "...")
        or (text.startswith("#") and len(line) - len(line.lstrip()) < len(outer))
    )


def _stands_apart(old: tuple[str, ...], line: int) -> bool:
    """Whether an empty line stands before an id and the comments above it."""
    line -= 1
    while line > 0 and old[line].strip().startswith("#"):
        line -= 1
    return line > 0 and not old[line].strip()


def _new_section(
    root: Mapping, old: tuple[str, ...], entries: Callable[[str, str], list[list[str]]]
) -> tuple[int, list[str]]:
    """Before the facts and the comments that stand above them; at the end of a file that has none."""
    made = ["sources:", *(line for entry in entries(_STEP, _STEP) for line in entry)]
    facts = root.key_node("facts")
    if facts is None:
        return len(old), made
    place = facts.line - 1
    while place > 0 and old[place - 1].startswith("#"):
        place -= 1
    return place, [*made, ""]


def unified(change: Insertion, path: str) -> str:
    """The change as a unified diff, with three lines around it."""
    start, end = max(0, change.place - _CONTEXT), min(len(change.old), change.place + _CONTEXT)
    before, after = change.old[start : change.place], change.old[change.place : end]
    had, has = end - start, end - start + len(change.new)
    head = f"--- {path}\n+++ {path}\n@@ -{_span(start, had)} +{_span(start, has)} @@\n"
    body = []
    if change.closed and before:
        *before_last, last = before
        body += [_marked(" ", line) for line in before_last]
        body += [_marked("-", last), _marked("+", last + _ending(change.old))]
    else:
        body += [_marked(" ", line) for line in before]
    body += [_marked("+", line) for line in change.new]
    body += [_marked(" ", line) for line in after]
    return head + "".join(body)


def _span(start: int, count: int) -> str:
    return f"{start + 1 if count else start},{count}"


def _marked(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"
