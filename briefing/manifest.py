"""What was built, from what: `.briefing/manifest.json`, read and written.

It is a memory and never the truth: whatever it says of a file is believed only while the file has the bytes it names.
A damaged one, or one of another form, is as good as none, and all is built anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing.errors import BriefingError, Level, Location, Problem
from briefing.files import Unusable, read_head
from briefing.publish import publish

__all__ = ["Made", "Manifest"]

# Raise it when the meaning of an entry changes.
_FORM = 1
# A mailing of 20,000 memos has 20 MB.
_MOST_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """One file that was built.

    Fingerprints: `content` of its bytes, `inputs` of all input that it could have been made from. Of a PDF, `key` is
    that of the page it was typeset from, and `libraries` are the versions of those that drew it. `parts` are those of
    what it was in fact made from, each under the name it has in a reason. `problems` are those of its brief and
    `press_problems` those of typesetting it, to be told again while it stands.
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


class Manifest:
    """What is known of each file, by its path from the folder of the facts file.

    `content` is the fingerprint of the bytes that were written, empty where none were.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, Made] = _read(path)
        self.content = ""

    def save(self) -> None:
        """Write it, whole or not at all. Where it cannot be written, the next build builds all again."""
        text = json.dumps({"form": _FORM, **_written(self.files)}, separators=(",", ":"), sort_keys=True)
        whole = f"{_checksum(text)}\n{text}\n"
        self.content = ""
        with contextlib.suppress(BriefingError):
            publish(self.path, whole.encode())
            self.content = _checksum(whole)


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
    except (OSError, Unusable, ValueError, KeyError, TypeError, AttributeError):
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
        }
        for name, made in files.items()
    }
    return {"shared": shared, "files": written}


_PLAIN = ("content", "inputs", "facts", "sources", "key", "pages", "body_pages")
_SHARED = ("parts", "libraries")
_PROBLEMS = ("problems", "press_problems")


def _made(data: Any, shared: Any) -> Made:
    values: dict[str, Any] = {key: data[key] for key in _PLAIN}
    values |= {key: shared[data[key]] for key in _SHARED}
    values |= {key: tuple(map(_problem, data[key])) for key in _PROBLEMS}
    return Made(**values)


def _problem_data(problem: Problem) -> list[Any]:
    place = problem.location
    at = [place.path, place.line, place.column]
    return [*at, int(problem.level), problem.message, problem.rule, list(problem.subject)]


def _problem(data: Any) -> Problem:
    path, line, column, level, message, rule, subject = data
    return Problem(Location(path, line, column), Level(level), message, rule, tuple(subject))
