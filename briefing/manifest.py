"""What was built, from what: `.briefing/manifest.json`, read and written.

It is a memory and never the truth: whatever it says of a file is believed only while the file has the bytes it names.
A damaged one, or one of another form, is as good as none, and all is built anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing.errors import BriefingError, Level, Location, Problem
from briefing.files import Unusable, read_head
from briefing.publish import publish

__all__ = ["Made", "Manifest"]

# Raise it when the meaning of an entry changes.
_FORM = 3
# 100,000 files need half of it.
_MOST_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class Made:
    """One file that was built.

    Fingerprints: `content` of its bytes, `inputs` of all input that it could have been made from. Of a PDF, `key` is
    that of the page it was typeset from, and `libraries` are the versions of those that drew it. `parts` are those of
    what it was in fact made from, each under the name it has in a reason; `row`, apart from what all memos of a mailing
    share, is the recipient's. `problems` are those of its brief and `press_problems` those of typesetting it, to be
    told again while it stands. `beside` are the endings of files that belong to it, the pictures of a Markdown file.
    """

    content: str
    inputs: str
    facts: int
    sources: int
    parts: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    key: str = ""
    libraries: Mapping[str, str] = field(default_factory=dict)
    pages: int | None = None
    body_pages: int = 0
    press_problems: tuple[Problem, ...] = ()
    row: str = ""
    beside: tuple[str, ...] = ()

    @property
    def ingredients(self) -> Mapping[str, str]:
        return {**self.parts, **({"the recipient's row": self.row} if self.row else {})}


class Manifest:
    """What is known of each file, by its path from the folder of the facts file.

    `content` is the fingerprint of the bytes that were written, empty where none were.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, Made] = _read(path)
        self.content = ""

    def save(self) -> str:
        """Write it, whole or not at all; why it could not be, or nothing. Then the next build builds all again."""
        text = json.dumps({"form": _FORM, **_written(self.files)}, separators=(",", ":"), sort_keys=True)
        whole = f"{_checksum(text)}\n{text}\n"
        self.content = ""
        try:
            publish({self.path: whole.encode()})
        except BriefingError as error:
            return error.problems[0].message
        self.content = _checksum(whole)
        return ""


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(path: Path) -> dict[str, Made]:
    try:
        checksum, _, text = read_head(path, _MOST_BYTES).decode("utf-8").rstrip("\n").partition("\n")
        if checksum != _checksum(text):
            return {}
        data = json.loads(text)
        if data["form"] != _FORM:
            return {}
        return {name: _made(made, data["shared"]) for name, made in data["files"].items()}
    except (OSError, Unusable, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _written(files: Mapping[str, Made]) -> dict[str, Any]:
    """As JSON. The memos of one mailing are made from the same parts, so these are written once."""
    shared: dict[str, Any] = {}

    def keep(value: Mapping[str, str]) -> str:
        name = _checksum(json.dumps(dict(value), sort_keys=True))[:16]
        shared[name] = dict(value)
        return name

    written = {
        name: {
            **{key: getattr(made, key) for key in _PLAIN},
            **{key: list(map(_problem_data, getattr(made, key))) for key in _PROBLEMS},
            **{key: keep(getattr(made, key)) for key in _SHARED},
            "beside": list(made.beside),
        }
        for name, made in files.items()
    }
    return {"shared": shared, "files": written}


_PLAIN: Mapping[str, tuple[type, ...]] = {
    "content": (str,),
    "inputs": (str,),
    "facts": (int,),
    "sources": (int,),
    "key": (str,),
    "pages": (int, type(None)),
    "body_pages": (int,),
    "row": (str,),
}
# What is removed when it belongs to nothing any more is never anything but this.
_PICTURE = re.compile(r"figure-\d+\.svg")
_SHARED = ("parts", "libraries")
_PROBLEMS = ("problems", "press_problems")


def _made(data: Any, shared: Any) -> Made:
    """TypeError where a value is not of its type: whoever uses it later would stumble."""
    values: dict[str, Any] = {key: _typed(data[key], *types) for key, types in _PLAIN.items()}
    values |= {key: _texts(shared[data[key]]) for key in _SHARED}
    values |= {key: tuple(map(_problem, _typed(data[key], list))) for key in _PROBLEMS}
    return Made(**values, beside=tuple(map(_ending, _typed(data["beside"], list))))


def _ending(value: Any) -> str:
    ending = _typed(value, str)
    if not _PICTURE.fullmatch(ending):
        raise ValueError
    return str(ending)


def _typed(value: Any, *types: type) -> Any:
    if type(value) not in types:
        raise TypeError
    return value


def _texts(data: Any) -> Mapping[str, str]:
    return {name: _typed(text, str) for name, text in data.items()}


def _problem_data(problem: Problem) -> list[Any]:
    place = problem.location
    at = [place.path, place.line, place.column]
    return [*at, int(problem.level), problem.message, problem.rule, list(problem.subject)]


def _problem(data: Any) -> Problem:
    path, line, column, level, message, rule, subject = data
    at = Location(_typed(path, str), _typed(line, int), _typed(column, int))
    words, rule, *about = (_typed(text, str) for text in (message, rule, *_typed(subject, list)))
    return Problem(at, Level(_typed(level, int)), words, rule, tuple(about))
