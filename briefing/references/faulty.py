"""What keeps a file of references from being read: collected, told at once, each at its place."""

from __future__ import annotations

import bisect
import re

from briefing.errors import Level, LoadError, Location, Problem

__all__ = ["MOST_REFERENCES", "Faults", "Lines", "refused"]

MOST_REFERENCES = 10_000
"""More than any facts file cites; a library of all that somebody ever kept is to be parted first."""
_MOST_PROBLEMS = 50


class Faults:
    """The problems of the file at `path`."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def report(self, message: str, line: int = 1, column: int = 1, rule: str = "import-syntax") -> None:
        """Note what is wrong, and where; lines and columns count from 1."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(self.at(line, column), Level.ERROR, message, rule))

    def at(self, line: int, column: int = 1) -> Location:
        """A place in the file."""
        return Location(self.path, line, column)

    def raise_any(self) -> None:
        """LoadError, where something was wrong."""
        if self.problems:
            raise LoadError(self.problems)


def refused(
    path: str, message: str, rule: str = "import-syntax", line: int = 1, column: int = 1
) -> LoadError:
    """One thing that is wrong, and is enough."""
    return LoadError(Problem(Location(path, line, column), Level.ERROR, message, rule))


class Lines:
    """Where the lines of a text begin: an offset → line and column, both from 1."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of a character."""
        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1
