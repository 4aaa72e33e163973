"""What a build did → a table for people, JSON for machines."""

from __future__ import annotations

from collections.abc import Sequence

from briefing.outcome import Outcome, Report
from briefing.report.data import as_json, problem_data
from briefing.report.order import worst_first
from briefing.report.visible import visible

__all__ = ["outcome_table", "report_json"]


def report_json(report: Report) -> str:
    """`{"briefs": […], "problems": […]}`, the worst problem first"""
    briefs = [
        {
            "audience": outcome.audience,
            "format": outcome.format,
            "path": str(outcome.path),
            "status": outcome.status,
            "pages": outcome.pages,
            "facts": outcome.facts,
            "sources": outcome.sources,
            **({"recipient": outcome.recipient} if outcome.recipient else {}),
        }
        for outcome in report.outcomes
    ]
    problems = [problem_data(problem) for problem in worst_first(report.problems)]
    return as_json({"briefs": briefs, "problems": problems})


def outcome_table(outcomes: Sequence[Outcome]) -> list[str]:
    """What was written and why, in columns."""
    rows = [
        (visible(str(outcome.path)), visible(outcome.status), visible(outcome.why), _size(outcome))
        for outcome in outcomes
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _size(outcome: Outcome) -> str:
    numbers = (
        _count(outcome.pages, "page"),
        _count(outcome.facts, "fact"),
        _count(outcome.sources, "source"),
    )
    return ", ".join(filter(None, numbers))


def _count(number: int | None, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}" if number else ""
