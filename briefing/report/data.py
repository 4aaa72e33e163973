"""Values and problems → JSON that any channel carries and no CI log acts on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from briefing.errors import Problem
from briefing.report.order import worst_first

__all__ = ["as_json", "check_json", "problem_data"]


def as_json(value: object) -> str:
    """The value as JSON, ASCII only.

    A surrogate or a terminal escape from a hostile file stays inside its quotation marks; and `##`, with which
    CI commands begin that are obeyed anywhere in a line, is written `#\\u0023`: the same text to any parser. In
    JSON a `#` stands only inside of strings.
    """
    return json.dumps(value, indent=2, ensure_ascii=True).replace("##", "#\\u0023")


def problem_data(problem: Problem) -> dict[str, object]:
    return {
        "path": problem.location.path,
        "line": problem.location.line,
        "column": problem.location.column,
        "level": str(problem.level),
        "rule": problem.rule,
        "message": problem.message,
    }


def check_json(problems: Sequence[Problem]) -> str:
    """`{"problems": [{"path", "line", "column", "level", "rule", "message"}, …]}`, the worst first."""
    return as_json({"problems": [problem_data(problem) for problem in worst_first(problems)]})
