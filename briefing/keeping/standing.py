"""A facts file and the text of a source → which quotations stand in it, found by the rules of `check` itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from briefing.errors import Location, Problem
from briefing.load import Loaded
from briefing.prose import folded, times_quoted
from briefing.rules.acceptance import accepted_in
from briefing.rules.base import Desk
from briefing.rules.quotes import quote_ambiguous, quote_not_found, quote_place
from briefing.tongues import Tongue

__all__ = ["Standing", "standings"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A quotation of a fact: where it is in the facts file, whether it stands in the text, and what `check` says of it.

    `outside`: it does not stand in what was kept of a page, and does in the rest of it.
    """

    fact: str
    quote: str
    place: Location
    stands: bool
    problems: tuple[Problem, ...]
    outside: bool = False


def standings(
    loaded: Loaded, source: str, text: bytes, tongue: Tongue, whole: str = ""
) -> tuple[Standing, ...]:
    """Of all facts that quote the source, in the order of the file; `whole` is all of the page, or nothing."""
    desk = Desk(loaded.facts, lambda id: text if id == source else None, tongue)
    said: defaultdict[tuple[str, ...], list[Problem]] = defaultdict(list)
    for rule in (quote_not_found, quote_ambiguous, quote_place):
        for problem in rule.problems(desk, loaded.places):
            if accepted_in(loaded.facts, problem) is None:
                said[problem.subject].append(problem)
    page = folded(whole)
    return tuple(
        Standing(
            str(path[1]),
            cite.quote,
            loaded.places.of(path),
            times > 0,
            tuple(said[tuple(map(str, path))]),
            times == 0 and times_quoted(folded(cite.quote), page) > 0,
        )
        for path, cite, times in desk.looked_up
    )
