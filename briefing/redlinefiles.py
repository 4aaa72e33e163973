"""Two snapshots of the facts and an audience → its brief with what is gone and what is new, as HTML and PDF."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from briefing.brief import Brief
from briefing.build import Press
from briefing.comparison import project_at
from briefing.edition import edition
from briefing.errors import BriefingError, Level, Location, Problem, UsageError
from briefing.history import History
from briefing.limits import DEFAULT
from briefing.page import page
from briefing.presswork import Job
from briefing.project import Project
from briefing.redlined import redlined
from briefing.selection import selected
from briefing.snapshots import Snapshot
from briefing.tracing import edition_at
from briefing.typeset import page_html

__all__ = ["redline_files"]


def redline_files(
    old: Snapshot, new: Snapshot, audience: str, facts: str, press: Press, tell: Callable[[str], None]
) -> Mapping[str, bytes]:
    """`html` and `pdf` of the brief. BriefingError where one of the two has no such brief, or no PDF can be set.

    `tell` hears of a side that has an error, and is shown as far as it can be told.
    """
    beside = facts if os.path.exists(facts) else new.path or facts
    projects = [_project(one, beside) for one in (old, new)]
    before, after = (
        _brief(one, project, audience, tell) for one, project in zip((old, new), projects, strict=True)
    )
    note = after.tongue.redlined(old.facts.as_of, new.facts.as_of)
    was, now = (
        edition(brief, letterhead=project.letterhead)
        for brief, project in zip((before, after), projects, strict=True)
    )
    printed = redlined(was, now, note)
    style = {
        "css": projects[1].house_text("brief.css"),
        "page_template": projects[1].house_text("page.html.j2"),
    }
    html = page_html(page(printed, screen=True), **style).encode()
    press.submit(audience, Job(printed, **style, where=Location(after.audience.path), limits=DEFAULT))
    pressed = next(found for _, found in press.finished(None))
    if pressed.pdf is None:
        raise BriefingError(pressed.problems)
    return {"html": html, "pdf": pressed.pdf}


def _project(one: Snapshot, beside: str) -> Project:
    """The project as it stood, with the templates of then where git has them: a reader holds what was sent then."""
    if one.commit and not one.brief:
        then = edition_at(History(Path(beside).parent), one.commit, beside)
        if then:
            return then
    return project_at(one, beside)


def _brief(one: Snapshot, project: Project, audience: str, tell: Callable[[str], None]) -> Brief:
    """The brief of one side; with an error in it, too, as far as it can be told."""
    found = selected(project, audience, one.brief.row if one.brief else None, allow_suspect=True)
    brief = found.brief or found.barred
    if brief is None:
        raise (UsageError if found.exit_code == UsageError.exit_code else BriefingError)(found.problems)
    if found.brief is None:
        why = next(problem.message for problem in found.problems if problem.level is Level.ERROR)
        tell(f"{audience} cannot be built from {one.name}, and is shown as far as it can be told: {why}")
    if brief.columns and not (one.brief and one.brief.row):
        message = f'"{audience}" is printed for recipients; compare two of its PDFs'
        raise BriefingError(Problem(brief.audience.at("memo"), Level.ERROR, message, "template-recipient"))
    return brief
