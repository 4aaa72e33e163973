"""A project that was read → its briefs as the browser shows them; where one cannot be made, the last that could."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

from briefing.addressing import addressed
from briefing.cards import cards
from briefing.desk.board import Shown, View
from briefing.errors import BriefingError, Problem
from briefing.fingerprint import fingerprint
from briefing.outcome import Wish
from briefing.page import page
from briefing.printing import as_printed
from briefing.project import Project
from briefing.recipients import Recipient
from briefing.selection import selected
from briefing.typeset import page_html

__all__ = ["MOST_SHOWN", "stale", "views"]

MOST_SHOWN = 40
"""Of a mailing to thousands, a few show whether it is right; each takes as long to select as to build."""


def views(project: Project, wish: Wish, before: Shown, problems: tuple[Problem, ...], why: str) -> Shown:
    """What to show of a project once it was built, with the `problems` that the build found."""
    names = list(dict.fromkeys(wish.audiences)) or project.audiences
    rows = wish.recipients.rows if wish.recipients else (None,)
    orders = [(name, row) for name in names for row in rows]
    shown = tuple(_views(project, wish, orders[:MOST_SHOWN], before))
    return Shown(
        title=project.facts.title if project.facts else before.title,
        why=why,
        views=shown,
        problems=problems,
        more=max(0, len(orders) - MOST_SHOWN),
    )


def stale(before: Shown, problems: tuple[Problem, ...], why: str) -> Shown:
    """What to show where the project could not even be read: all as it was, and the problems."""
    kept = tuple(replace(view, is_current=False) for view in before.views)
    return replace(before, views=kept, problems=problems, why=why, is_building=False)


def _views(
    project: Project, wish: Wish, orders: list[tuple[str, Recipient | None]], before: Shown
) -> Iterator[View]:
    for audience, row in orders:
        name = f"{audience}/{row.slug}" if row else audience
        made = _view(project, wish, name, audience, row)
        last = before.view(name)
        if made:
            yield made
        elif last:
            yield replace(last, is_current=False)


def _view(project: Project, wish: Wish, name: str, audience: str, row: Recipient | None) -> View | None:
    """The brief, or None where an error bars it; what is wrong the build has told."""
    values = row.values if row else None
    try:
        found = selected(project, audience, values, allow_suspect=wish.allow_suspect)
        if found.brief is None:
            return None
        brief = found.brief if values is None else addressed(found.brief, values)
        if brief.columns and values is None:
            return None
        _, printed = as_printed(project, wish, found, brief, values)
        made = page_html(
            page(printed, screen=True, traced=True),
            css=project.house_text("brief.css") + _style(),
            page_template=project.house_text("page.html.j2"),
        ).encode()
    except BriefingError:
        return None
    told = cards(found.brief, project.loaded.places)
    title = brief.audience.contract.title + (f" · {row.slug}" if row else "")
    version = fingerprint([made.decode(), repr(told)])[:16]
    return View(name, title, made, told, version)


def _style() -> str:
    """How what can be clicked looks in a brief."""
    return files("briefing.desk").joinpath("brief.css").read_text("utf-8")
