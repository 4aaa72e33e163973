"""Problems → a page of GitHub-flavoured Markdown for a CI job's summary, in which no text of theirs is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from briefing.errors import Level, Problem
from briefing.report.order import by_file, counts, worst_first
from briefing.report.visible import visible

__all__ = ["job_summary"]

# GitHub refuses a step's summary above 1 MiB; what other programs of the step write counts, too.
_MOST_BYTES = 900_000
_LONGEST_CELL = 2_000  # characters

_HEAD = "| Level | Line | Problem | Rule |\n| --- | --- | --- | --- |\n"


def job_summary(problems: Sequence[Problem], least: Level = Level.NOTE) -> str:
    """Counts, then a table for each file; ends in a line feed, for it is appended to the file of the summary.

    At most 900 kB: the problems that no longer fit, the least bad, are counted instead.
    """
    shown = worst_first(problems, least)
    kept = _fitting(shown)
    parts = ["## briefing check\n", f"{counts(shown) or 'No problems.'}\n"]
    parts += [
        f"{_heading(path)}\n{_HEAD}{''.join(map(_row, found))}" for path, found in by_file(kept).items()
    ]
    if left := shown[len(kept) :]:
        parts.append(f"Left out here: {counts(left)}. The log lists all of them.\n")
    return "\n".join(parts)


def _fitting(problems: Sequence[Problem]) -> Sequence[Problem]:
    """As many of the first problems as fit, with the tables they open."""
    size = 0
    for number, more in enumerate(_sizes(problems)):
        size += more
        if size > _MOST_BYTES:
            return problems[:number]
    return problems


def _sizes(problems: Iterable[Problem]) -> Iterator[int]:
    """The bytes that each problem adds to the page."""
    files: set[str] = set()
    for problem in problems:
        path = problem.location.path
        opens = "" if path in files else f"\n{_heading(path)}\n{_HEAD}"
        files.add(path)
        yield len(f"{opens}{_row(problem)}".encode())


def _heading(path: str) -> str:
    return f"### {_code(path)}\n"


def _row(problem: Problem) -> str:
    cells = (str(problem.level), str(problem.location.line), _cell(problem.message), _cell(problem.rule))
    return f"| {' | '.join(cells)} |\n"


def _cell(text: str) -> str:
    # A table is cut into cells before code is read, so a bar is escaped inside of code, too (GFM, 4.10).
    return _code(text).replace("|", "\\|")


def _code(text: str) -> str:
    """Text as a code span, in which Markdown, HTML, links, mentions and emoji names are only characters."""
    shown = visible(text)
    if len(shown) > _LONGEST_CELL:
        shown = f"{shown[:_LONGEST_CELL]}…"
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    # One space at each end is taken off again, if both are there (CommonMark, 6.1).
    pad = " " * (shown[:1] in ("`", " ") or shown[-1:] in ("`", " "))
    return f"{fence}{pad}{shown}{pad}{fence}" if shown.strip(" ") else ""
