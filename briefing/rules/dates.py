"""Dates that cannot be: events that have not happened yet, documents older than what they report."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from briefing.errors import Level
from briefing.rules.base import Desk, Finding, rule

__all__ = ["date_dated", "date_future", "date_stale"]


@rule("date-future", Level.ERROR)
def date_future(desk: Desk) -> Iterator[Finding]:
    """An event begins after the file's `as_of`. What is yet to come is a projection or a statement."""
    for fact in desk.facts.facts.values():
        begins = fact.date.earliest if fact.date else None
        known = desk.facts.as_of > datetime.date.min  # what stands for one that could not be read
        if fact.kind == "event" and begins and known and begins > desk.facts.as_of:
            message = (
                f"an event of {fact.date} cannot be known as of {desk.facts.as_of}; make it a projection"
            )
            yield Finding(("facts", fact.id, "date"), message)


@rule("date-dated", Level.ERROR)
def date_dated(desk: Desk) -> Iterator[Finding]:
    """The documents are dated before the information cut-off `as_of`."""
    if desk.facts.dated < desk.facts.as_of:
        yield Finding(("dated",), f"dated {desk.facts.dated} is before as_of {desk.facts.as_of}")


@rule("date-stale", Level.WARNING)
def date_stale(desk: Desk) -> Iterator[Finding]:
    """A fact's `review_by` has passed: read its sources again, then move the day or mend the fact.

    Compared with `--today`, by default the day on which `check` runs. A build does not ask: no output depends on a
    clock.
    """
    for fact in desk.standing():
        if desk.today and fact.review_by and fact.review_by < desk.today:
            message = f'"{fact.id}" was to be reviewed by {fact.review_by}; read its sources again, then move the day'
            yield Finding(("facts", fact.id, "review_by"), message)
