"""Problems and outcomes → text and JSON. Nothing here prints."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence

from briefing.build import Outcome, Report
from briefing.errors import Level, Problem

__all__ = ["check_json", "outcome_table", "problem_lines", "report_json"]


def visible(text: str) -> str:
    """Text with what a terminal would act on, or a reader not see, as `\\u{…}`: one line stays one line."""
    return "".join(
        character
        if unicodedata.category(character)[0] != "C" and character not in "\u2028\u2029"
        else f"\\u{{{ord(character):x}}}"
        for character in text
    )


def problem_lines(problems: Sequence[Problem], least: Level) -> list[str]:
    """One line a problem, in the order of files and lines; then how many there are of each level."""
    shown = [visible(str(problem)) for problem in problems if problem.level >= least]
    counts = []
    for level in (Level.ERROR, Level.WARNING, Level.NOTE):
        number = sum(1 for problem in problems if problem.level is level)
        if number and level >= least:
            counts.append(f"{number} {level}{'s' if number > 1 else ''}")
    return [*shown, ", ".join(counts)] if counts else shown


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "path": problem.location.path,
        "line": problem.location.line,
        "column": problem.location.column,
        "level": str(problem.level),
        "rule": problem.rule,
        "message": problem.message,
    }


def check_json(problems: Sequence[Problem]) -> str:
    """`{"problems": […]}`"""
    return _json({"problems": [_problem(problem) for problem in problems]})


def report_json(report: Report) -> str:
    """`{"briefs": […], "problems": […]}`"""
    briefs = [
        {
            "audience": outcome.audience,
            "format": outcome.format,
            "path": str(outcome.path),
            "status": outcome.status,
            "pages": outcome.pages,
            "facts": outcome.facts,
            "sources": outcome.sources,
        }
        for outcome in report.outcomes
    ]
    return _json({"briefs": briefs, "problems": [_problem(problem) for problem in report.problems]})


def _json(value: object) -> str:
    # ASCII only: a surrogate or a terminal escape from a hostile file stays inside its quotation marks.
    return json.dumps(value, indent=2, ensure_ascii=True)


def outcome_table(outcomes: Sequence[Outcome]) -> list[str]:
    """What was written and why, in columns."""
    rows = [
        (
            visible(str(outcome.path)),
            outcome.status,
            outcome.why,
            ", ".join(
                part
                for part in (
                    _count(outcome.pages, "page"),
                    _count(outcome.facts, "fact"),
                    _count(outcome.sources, "source"),
                )
                if part
            ),
        )
        for outcome in outcomes
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _count(number: int | None, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}" if number else ""
