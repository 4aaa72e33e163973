"""A brief that was selected → the brief and the edition that a build prints of it, with all that was wished for."""

from __future__ import annotations

from collections.abc import Mapping

from briefing.brief import Brief
from briefing.carrying import carry
from briefing.edition import Edition, edition, marked_suspect
from briefing.extract import extract
from briefing.outcome import Wish
from briefing.project import Project
from briefing.selection import Selected

__all__ = ["as_printed"]


def as_printed(
    project: Project, wish: Wish, found: Selected, brief: Brief, row: Mapping[str, str] | None = None
) -> tuple[Brief, Edition]:
    """The `brief` that was found, with its news where an earlier edition is named; and its words, on the letterhead."""
    earlier = wish.since.of(brief.audience.name, row) if wish.since else None
    if earlier:
        from briefing.news import with_gone, with_news  # what only this needs takes a while to import

        brief = with_gone(brief, earlier)
        carried = extract(project.loaded, brief, project.locale)
        brief = with_news(brief, earlier, carried)
    letterhead = project.letterhead
    made_of = carry(project.loaded, brief, project.locale, row, letterhead, earlier=earlier)
    printed = edition(brief, made_of, letterhead)
    return brief, marked_suspect(printed) if found.is_suspect else printed
