"""Problems and outcomes → text, JSON, and what CI services read. Nothing here prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefing.errors import Level, Problem
from briefing.report.lines import problem_lines
from briefing.report.order import worst_first

__all__ = ["FORMATS", "check_output"]

FORMATS = ("text", "json", "github", "sarif", "junit")


def check_output(
    format: str,
    problems: Sequence[Problem],
    least: Level,
    docs: Callable[[str], str],
    *,
    strict: bool = False,
) -> str:
    """The problems of level `least` and worse in one of FORMATS, the worst first, without a last line feed.

    `docs(rule)` is the documentation of a rule, empty where it has none (for sarif); `strict` makes warnings fail
    (for junit). Text and github are empty when there is nothing to show; the others are whole documents.
    """
    # Each writer is imported where it is wanted: a build wants none of these, and together they take 30 ms.
    from briefing.report.data import check_json
    from briefing.report.github import annotation_lines
    from briefing.report.junit import as_junit
    from briefing.report.sarif import as_sarif

    shown = worst_first(problems, least)
    match format:
        case "text":
            return "\n".join(problem_lines(shown, least))
        case "json":
            return check_json(shown)
        case "github":
            return "\n".join(annotation_lines(shown))
        case "sarif":
            return as_sarif(shown, docs)
        case "junit":
            return as_junit(shown, strict=strict)
    raise ValueError(f"{format!r} is none of {FORMATS}")
