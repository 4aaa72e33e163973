"""Problems → GitHub Actions workflow commands, which become annotations beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.errors import Level, Problem
from briefing.report.order import counts
from briefing.report.visible import visible

__all__ = ["annotation_lines"]

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def annotation_lines(problems: Sequence[Problem]) -> list[str]:
    """`::error file=…,line=…,col=…,title=rule::message [rule]` for each problem; then a line of counts.

    GitHub shows ten annotations of a kind for a step, so the worst come first; the log holds them all.
    """
    return [*map(_annotation, problems), *filter(None, [counts(problems)])]


def _annotation(problem: Problem) -> str:
    place = problem.location
    properties = {"file": place.path, "line": place.line, "col": place.column, "title": problem.rule}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[problem.level]} {listed}::{_data(f'{problem.message} [{problem.rule}]')}"


def _data(text: str) -> str:
    # The toolkit writes line breaks as %0D and %0A, too. They are made visible before: the runner writes the data
    # to the log, where a second line could pass for another program's.
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
