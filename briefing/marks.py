"""What stands in a text for a fact, a claim or a literal while Jinja and Markdown are at work.

A mark is two noncharacters with a name and a check sum between them. Noncharacters are refused in all input, so
nobody can type one; a mark that was cut or changed by a filter does not match any more and is found.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["BROKEN", "Mark", "broken_mark", "has_mark", "split_marks", "without_marks"]

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
BROKEN = _OPEN
"""What is no whole mark, whatever follows."""
_MARK = re.compile(f"{_OPEN}([a-z]+)([0-9]+)\\.([0-9a-f]{{12}}){_CLOSE}")
# The words a mark can begin with: what it stands for.
_KINDS = frozenset({"fact", "claim", "literal", "person", "quantity", "figure", "recipient"})
# New in each process: what a template does not know it cannot forge. No mark gets into an output.
_SECRET = secrets.token_bytes(16)


@dataclass(frozen=True, slots=True)
class Mark:
    """`kind` says what it stands for, `number` which one of these."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{_OPEN}{self.kind}{self.number}.{_check(self.kind, self.number)}{_CLOSE}"


def _check(kind: str, number: int) -> str:
    return hashlib.blake2s(f"{kind} {number}".encode(), key=_SECRET, digest_size=6).hexdigest()


def has_mark(text: str) -> bool:
    """Whether a mark stands in it, or what is left of one."""
    return _OPEN in text or _CLOSE in text


def split_marks(text: str) -> Iterator[str | Mark]:
    """The text between marks, and the marks, in order."""
    end = 0
    for found in _MARK.finditer(text):
        yield text[end : found.start()]
        yield Mark(found[1], int(found[2]))
        end = found.end()
    yield text[end:]


def without_marks(text: str, instead: str = "") -> str:
    """The text with each mark replaced."""
    return _MARK.sub(instead, text)


def broken_mark(text: str) -> str | None:
    """The beginning of a mark that is not whole, or None."""
    for found in _MARK.finditer(text):
        if found[1] not in _KINDS or found[3] != _check(found[1], int(found[2])):
            return found[0]
    rest = without_marks(text)
    place = min((rest.find(end) for end in (_OPEN, _CLOSE) if end in rest), default=-1)
    return rest[place : place + 20] if place >= 0 else None
