"""Problems → those to be shown, the worst first, and how many there are of each level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from briefing.errors import Level, Problem

__all__ = ["by_file", "counts", "worst_first"]


def worst_first(problems: Iterable[Problem], least: Level = Level.NOTE) -> list[Problem]:
    """The problems of level `least` and worse: errors, warnings, notes; within each by file, line, column, rule."""
    shown = (problem for problem in problems if problem.level >= least)
    return sorted(shown, key=lambda problem: (-problem.level, *problem.sort_key()))


def by_file(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """The problems by path, in the order in which they come."""
    files: dict[str, list[Problem]] = {}
    for problem in problems:
        files.setdefault(problem.location.path, []).append(problem)
    return files


def counts(problems: Sequence[Problem]) -> str:
    """`2 errors, 1 warning, 3 notes`, levels without a problem left out; nothing when there is none."""
    numbers = [(sum(1 for problem in problems if problem.level is level), level) for level in reversed(Level)]
    return ", ".join(f"{number} {level}{'s' * (number != 1)}" for number, level in numbers if number)
