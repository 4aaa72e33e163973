"""Where something is wrong, what is wrong, and the exceptions that carry it.

Rules yield a `Problem`; a file that cannot be used raises a `BriefingError`, which carries all its problems.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

__all__ = [
    "BriefingError",
    "Level",
    "LoadError",
    "Location",
    "PackageMissing",
    "Problem",
    "SystemLibraryMissing",
    "UsageError",
    "did_you_mean",
]


class Level(IntEnum):
    """How bad a problem is; the higher the worse."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; line and column count from 1, as editors do."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: where, how bad, what and what to do, by which rule.

    `subject` is what it is about, as a path into the facts file (`("facts", "aid-since-2022")`); a build
    refuses a brief when an error's subject is part of it. Empty: the file as a whole.
    """

    location: Location
    level: Level
    message: str
    rule: str
    subject: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.location}: {self.level}: {self.message} [{self.rule}]"

    def sort_key(self) -> tuple[object, ...]:
        return (self.location, -self.level, self.rule, self.message)


class BriefingError(Exception):
    """A failure that a user can do something about; `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = tuple(sorted(set(found), key=Problem.sort_key))
        super().__init__("\n".join(map(str, self.problems)))


class LoadError(BriefingError):
    """A file was read and is faulty."""


class UsageError(BriefingError):
    """Wrong arguments, or a file that is absent or cannot be read."""

    exit_code = 2


class SystemLibraryMissing(BriefingError):
    """A library that Python packages do not bring (Pango) is not there."""

    exit_code = 3


class PackageMissing(BriefingError):
    """A Python package that only what was asked for needs is not installed."""

    exit_code = 3


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean "imf-24"?`, or nothing when no existing name is near."""
    near = difflib.get_close_matches(name, _likeliest(name, known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def _likeliest(name: str, known: Iterable[str]) -> list[str]:
    """Of many names the few that begin or end alike: comparing 2,000 misspelt names with 2,000 took minutes."""
    names = tuple(known)
    if len(names) <= _MOST_COMPARED:
        return list(names)
    beginning, ending = _by_ends(names)
    alike = [*beginning.get(name[:3], ()), *ending.get(name[-3:], ())]
    close = [other for other in alike if abs(len(other) - len(name)) <= 2]
    letters = set(enumerate(name))
    return sorted(close, key=lambda other: -len(letters.intersection(enumerate(other))))[:_MOST_COMPARED]


@functools.lru_cache(maxsize=4)
def _by_ends(names: tuple[str, ...]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The names by their first and by their last three letters; no more of each than can be compared at once."""
    beginning: dict[str, list[str]] = {}
    ending: dict[str, list[str]] = {}
    for name in names:
        for ends, key in ((beginning, name[:3]), (ending, name[-3:])):
            if len(ends.setdefault(key, [])) < 5 * _MOST_COMPARED:
                ends[key].append(name)
    return beginning, ending


_MOST_COMPARED = 40
