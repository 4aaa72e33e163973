"""How facts hang together: status, supersession, what rests on an assumption, one row of likelihood words."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.descent import Descent
from briefing.errors import Level
from briefing.rules.base import Desk, Finding, rule
from briefing.vocabulary import LIKELIHOOD

__all__ = ["kind_assumption", "kind_likelihood_rows", "status_successor", "status_why"]


@rule("status-why", Level.ERROR)
def status_why(desk: Desk) -> Iterator[Finding]:
    """A fact is disputed, superseded or retracted without `why`."""
    for fact in desk.facts.facts.values():
        if fact.status != "current" and not fact.why:
            yield Finding(("facts", fact.id, "status"), f'a {fact.status} fact needs "why"')


@rule("status-successor", Level.ERROR)
def status_successor(desk: Desk) -> Iterator[Finding]:
    """A fact is superseded by another but not marked so, supersession runs in a circle, or two facts claim one."""
    facts = desk.facts.facts
    claimed: dict[str, str] = {}
    circular = Descent({id: [fact.supersedes] for id, fact in facts.items()}).circular
    for fact in facts.values():
        old = facts.get(fact.supersedes)
        if old is None or old is fact:
            continue
        path = ("facts", fact.id, "supersedes")
        if old.status not in ("superseded", "retracted"):
            yield Finding(path, f'"{old.id}" is still {old.status}; give it status: superseded and why')
        if old.id in claimed:
            yield Finding(path, f'"{old.id}" is already superseded by "{claimed[old.id]}"')
        claimed.setdefault(old.id, fact.id)
        if fact.id in circular:
            yield Finding(path, f'"{fact.id}" supersedes itself, by way of "{old.id}"')


@rule("kind-assumption", Level.ERROR)
def kind_assumption(desk: Desk) -> Iterator[Finding]:
    """An event or a figure depends on an assumption; what happened cannot hang on what is taken as given."""
    facts = desk.facts.facts
    for fact in facts.values():
        for number, name in enumerate(fact.depends_on):
            if fact.kind in ("event", "figure") and name in facts and facts[name].kind == "assumption":
                message = f'"{name}" is an assumption; no {fact.kind} may depend on one'
                yield Finding(("facts", fact.id, "depends_on", number), message)


@rule("kind-likelihood-rows", Level.WARNING)
def kind_likelihood_rows(desk: Desk) -> Iterator[Finding]:
    """The file mixes ICD 203's two rows of likelihood words; choose one, so that readers compare like with like."""
    used = [fact for fact in desk.facts.facts.values() if fact.likelihood in LIKELIHOOD]
    for fact in used[1:]:
        if LIKELIHOOD[fact.likelihood][0] != LIKELIHOOD[used[0].likelihood][0]:
            message = f'"{fact.likelihood}" is of another row of words than "{used[0].likelihood}" in "{used[0].id}"'
            yield Finding(("facts", fact.id, "likelihood"), message)
