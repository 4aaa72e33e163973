"""Problems → one line each, as compilers print them, and a line of counts."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.errors import Level, Problem
from briefing.report.order import counts, worst_first
from briefing.report.visible import visible

__all__ = ["problem_lines"]


def problem_lines(problems: Sequence[Problem], least: Level) -> list[str]:
    """`path:line:col: level: message [rule]` for each problem of level `least` and worse, the worst first.

    The last line counts them; no problem, no line.
    """
    shown = worst_first(problems, least)
    return [*(visible(str(problem)) for problem in shown), *filter(None, [counts(shown)])]
