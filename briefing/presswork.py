"""One document to be typeset, as plain values → its PDF, as plain values: what a worker does, wherever it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from briefing.edition import Edition
from briefing.errors import BriefingError, Location, Problem
from briefing.house import shipped_house
from briefing.limits import Limits
from briefing.page import page
from briefing.typeset import typeset

__all__ = ["Job", "Pressed", "pressed"]


@dataclass(frozen=True, slots=True)
class Job:
    """An edition to be typeset; `css` and `page_template` are texts, and problems are reported at `where`."""

    edition: Edition
    css: str
    page_template: str
    where: Location
    limits: Limits


@dataclass(frozen=True, slots=True)
class Pressed:
    """A PDF with its pages, or why there is none: then `problems` has an error, and `exit_code` says of which sort."""

    pdf: bytes | None
    pages: int = 0
    body_pages: int = 0
    problems: tuple[Problem, ...] = ()
    exit_code: int = 0


def pressed(job: Job, tell: Callable[[str], None] = lambda stage: None) -> Pressed:
    """The job's PDF. Whatever is wrong with the document is told in the result; only MemoryError is raised."""
    try:
        made = typeset(
            page(job.edition),
            css=job.css,
            page_template=job.page_template,
            fonts=shipped_house() / "fonts",
            where=job.where,
            most_pages=job.limits.pages,
            tell=tell,
        )
    except BriefingError as error:
        return Pressed(None, problems=error.problems, exit_code=error.exit_code)
    return Pressed(made.pdf, made.pages, made.body_pages, made.problems)
