"""What each kind of fact must have and must not have, and that who speaks is named in the sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from briefing.errors import Level
from briefing.facts import Placeholder, pieces
from briefing.places import Path
from briefing.rules.base import Desk, Finding, rule
from briefing.vocabulary import KINDS, ONLY_OF

__all__ = ["kind_forbids", "kind_needs", "kind_past_projection", "kind_speaker"]


@rule("kind-needs", Level.ERROR)
def kind_needs(desk: Desk) -> Iterator[Finding]:
    """A fact lacks what its kind must have: an event its date, a statement its speaker, a gap what would settle it."""
    for fact in desk.facts.facts.values():
        kind = KINDS.get(fact.kind)
        if kind is None:
            continue
        needs = list(kind.needs)
        if fact.kind == "provision" and desk.facts.is_attributed(fact):
            needs.append("by")
        for key in needs:
            if not getattr(fact, key):
                why = " (no cited source is primary)" if key == "by" and fact.kind == "provision" else ""
                article = "an" if kind.name[0] in "aeiou" else "a"
                yield Finding(
                    ("facts", fact.id, key),
                    f'"{fact.id}" has no "{key}", which {article} {kind.name} must have{why}',
                )


@rule("kind-forbids", Level.ERROR)
def kind_forbids(desk: Desk) -> Iterator[Finding]:
    """A fact has what its kind must not have: an event a likelihood, a statement a horizon."""
    for fact in desk.facts.facts.values():
        for key, kinds in ONLY_OF.items():
            if fact.kind in KINDS and fact.kind not in kinds and getattr(fact, key):
                yield Finding(
                    ("facts", fact.id, key),
                    f'a fact of kind {fact.kind} cannot have "{key}"; only {" and ".join(kinds)} can',
                )


@rule("kind-speaker", Level.ERROR)
def kind_speaker(desk: Desk) -> Iterator[Finding]:
    """A fact that needs attribution does not name in its text, as `{id}`, each of those it is `by`."""
    for fact in desk.facts.facts.values():
        if not desk.facts.is_attributed(fact):
            continue
        for name in fact.by:
            if name in desk.facts.people and name not in fact.placeholders:
                message = f"the text does not name who says it: put {{{name}}} into the sentence"
                yield Finding(("facts", fact.id, "text"), message)


@rule("kind-past-projection", Level.ERROR)
def kind_past_projection(desk: Desk) -> Iterator[Finding]:
    """A projection is worded in the past tense: "{imf} expected", where "{imf} expects" is meant.

    What somebody expected once and expects no longer is a statement. Only a past verb right behind the person is
    recognised.
    """
    for fact in desk.facts.facts.values():
        if fact.kind != "projection":
            continue
        parts = list(pieces(fact.text))
        for part, after in pairwise(parts):
            if not isinstance(part, Placeholder) or part.name not in fact.by or not isinstance(after, str):
                continue
            found = desk.ear.past.match(after)
            if found:
                path: Path = ("facts", fact.id, "text")
                message = f'a projection is in the present tense; "{found[0].strip()}" is past'
                yield Finding(path, message, found[0].strip())
