"""Briefs whose contract bounds their pages → what is wrong with them as pages: most of all, that there are too many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from briefing.brief import Brief
from briefing.build import Press, build
from briefing.errors import Level, Problem
from briefing.limits import DEFAULT
from briefing.outcome import Wish
from briefing.project import Project

__all__ = ["LIMITS", "bounded", "page_problems"]

# Somebody waits; a brief of 155 pages takes 20 s.
LIMITS = replace(DEFAULT, time=60, cpu=60)


def bounded(briefs: Iterable[Brief]) -> list[str]:
    """The audiences among these whose pages are bounded and can be counted; in a mailing they differ by row."""
    return [one.audience.name for one in briefs if one.audience.contract.max_pages and not one.columns]


def page_problems(project: Project, audiences: list[str], press: Press) -> Iterator[Problem]:
    """What a build finds when it sets the pages of these audiences, which takes no time where it has done so before.

    Nothing is written. A machine without Pango counts no pages, and says so in a note.
    """
    report = build(
        project, Wish(audiences, project.folder / "out", ("pdf",), check=True, limits=LIMITS), press
    )
    for problem in report.problems:
        if problem.rule == "system-pango":
            message = f"pages are not counted here: {problem.message}"
            problem = replace(problem, level=Level.NOTE, message=message)
        yield problem
