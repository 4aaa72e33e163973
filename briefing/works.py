"""Two sources that are one work: the same DOI, address or title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.facts import Source
from briefing.links import same_address
from briefing.prose import folded

__all__ = ["is_another_edition", "marks_of_a_work"]


def marks_of_a_work(source: Source) -> Iterator[tuple[str, str]]:
    """By which key of the source it is known, and what that says, comparable."""
    if source.doi:
        yield "doi", source.doi.casefold()
    if source.url:
        yield "url", same_address(source.url)
    title = re.sub(r"\W+", " ", folded(source.title).casefold()).strip()
    if title:
        yield "title", title


def is_another_edition(one: Source, other: Source) -> bool:
    """Whether two works of one title have other dates and other addresses."""

    def differ(key: str) -> bool:
        values = getattr(one, key), getattr(other, key)
        return all(values) and values[0] != values[1]

    return differ("published") and not (one.url and one.url == other.url)
