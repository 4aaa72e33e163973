"""A reference → the lines of its entry under `sources:`, in the keys' order of the format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from briefing.facts import Name
from briefing.references.model import Reference
from briefing.scalars import TODO

__all__ = ["entry_lines"]

_BEFORE: Final = tuple("title author publisher container-title volume issue number page published".split())
_BEHIND: Final = ("url", "doi", "isbn")
_NAMES: Final = {"container-title": "container_title", "number": "designation"}
_WIDTH: Final = 100
# A text that every reader of YAML takes for that text: it begins with a letter, and has nothing that ends a value or
# begins a comment.
_PLAIN: Final = re.compile(r"[^\W\d_](?:[^:#]|:(?=[^\s:])|(?<=\S)#)*")
_NUMBER: Final = r"[0-9]{1,9}(?:[.-][0-9]{1,9})*"
_POINT: Final = r"[0-9]{4}(?:-[0-9]{2}){0,2}[~?%]?"
_PLAIN_TOO: Final = re.compile(
    rf"{_NUMBER}|{_POINT}(?:/(?:{_POINT}|\.\.))?|\.\./{_POINT}|10\.[0-9]{{4,9}}/[A-Za-z0-9./_-]*[A-Za-z0-9]"
)
_IN_BRACES: Final = re.compile(r"[^\W\d_][\w .’-]*")
_WORDS: Final = re.compile(r"true|false|null|yes|no|on|off|y|n|~|\.inf|\.nan", re.IGNORECASE)


def entry_lines(id: str, reference: Reference, outer: str, step: str) -> list[str]:
    """The lines of one source, without line ends. `outer` is the white space before the id, `step` one level more."""
    inner = outer + step
    lines = [f"{outer}{id}:"]
    for key, value in _values(reference):
        lines += _pair(inner, step, key, value)
    return lines


def _values(reference: Reference) -> Iterator[tuple[str, str | tuple[Name, ...]]]:
    """What is known; where somebody has to say, TODO."""
    yield "type", reference.type
    yield "level", TODO
    yield from _known(reference, _BEFORE)
    yield "accessed", reference.accessed or TODO
    yield from _known(reference, _BEHIND)
    yield "descriptor", TODO


def _known(reference: Reference, keys: Sequence[str]) -> Iterator[tuple[str, str | tuple[Name, ...]]]:
    for key in keys:
        if value := getattr(reference, _NAMES.get(key, key)):
            yield key, value


def _pair(indent: str, step: str, key: str, value: str | tuple[Name, ...]) -> Iterator[str]:
    if isinstance(value, tuple):
        yield f"{indent}{key}:"
        for name in value:
            yield from _author(indent + step, name)
    elif _is_plain(value):
        yield f"{indent}{key}: {value}"
    else:
        yield f"{indent}{key}: >"
        yield from _wrapped(indent + step, value)


def _author(indent: str, name: Name) -> Iterator[str]:
    parts = [(key, part) for key in ("family", "given", "literal") if (part := getattr(name, key))]
    if len(parts) > 1 and all(_IN_BRACES.fullmatch(part) and _is_plain(part) for _, part in parts):
        yield f"{indent}- {{{', '.join(f'{key}: {part}' for key, part in parts)}}}"
        return
    before = "- "
    for key, part in parts:
        first, *more = _pair(f"{indent}  ", "  ", key, part)
        yield f"{indent}{before}{first.strip()}"
        yield from more
        before = "  "


def _is_plain(text: str) -> bool:
    if len(text) > _WIDTH and " " in text:
        return False
    if _PLAIN_TOO.fullmatch(text):
        return True
    return bool(_PLAIN.fullmatch(text)) and not _WORDS.fullmatch(text) and not text.endswith((":", " "))


def _wrapped(indent: str, text: str) -> Iterator[str]:
    """The words of a folded block; its lines are joined again by one space."""
    line = ""
    for word in text.split(" "):
        if line and len(indent) + len(line) + len(word) >= _WIDTH:
            yield indent + line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield indent + line
