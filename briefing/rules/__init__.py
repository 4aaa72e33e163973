"""Every check. `check_facts` runs those over the facts file, `check_briefs` those over all briefs together; each
family is a module, and those over one brief run where it is selected (`briefing.brief`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from briefing.errors import Level, Problem
from briefing.load import Loaded
from briefing.rules import (
    attribution,
    claims,
    computed,
    contract,
    corroboration,
    dates,
    faults,
    kinds,
    language,
    names,
    quantities,
    quoted,
    quotes,
    relations,
    selection,
    sources,
    strangers,
    texts,
    wording,
)
from briefing.rules.acceptance import Acceptance, accepted_in, unused_acceptances
from briefing.rules.base import Desk, FactsRule, ProjectDesk, ProjectRule, Rule, rules, rules_of
from briefing.tongues import Tongue

__all__ = ["Rule", "check_briefs", "check_facts", "rules"]

FAMILIES = (
    attribution,
    claims,
    computed,
    contract,
    corroboration,
    dates,
    faults,
    kinds,
    language,
    names,
    quantities,
    quoted,
    quotes,
    relations,
    selection,
    sources,
    texts,
    strangers,
    wording,
)


def check_facts(
    loaded: Loaded,
    kept_text: Callable[[str], bytes | None],
    tongue: Tongue,
    today: datetime.date | None = None,
) -> tuple[Problem, ...]:
    """The problems of shape and those that the rules find, in the order of the file.

    `kept_text` gives the bytes of `archive/<id>.txt`, or None; `tongue` is that of the project. What a rule says about
    a part that was already reported as damaged is left out: it would only be an echo.
    """
    desk = Desk(loaded.facts, kept_text, tongue, today)
    asked = [rule for rule in rules_of(FactsRule) if rule.id not in desk.ear.unheard]
    found, used = _unaccepted(
        loaded, (problem for rule in asked for problem in rule.problems(desk, loaded.places))
    )
    unused = _unused(loaded, desk, asked, used)
    return tuple(sorted({*loaded.problems, *_fresh([*found, *unused], loaded)}, key=Problem.sort_key))


def check_briefs(loaded: Loaded, used: Mapping[str, frozenset[str]], tongue: Tongue) -> tuple[Problem, ...]:
    """What is wrong with all briefs together; `used` are, per audience, the facts that its brief uses."""
    desk = ProjectDesk(loaded.facts, used)
    asked = rules_of(ProjectRule)
    found, accepted = _unaccepted(
        loaded, (problem for rule in asked for problem in rule.problems(desk, loaded.places))
    )
    unused = _unused(loaded, Desk(loaded.facts, lambda id: None, tongue), asked, accepted)
    ids = {rule.id for rule in asked}
    return tuple(_fresh([*found, *(problem for problem in unused if problem.subject[-1] in ids)], loaded))


def _unused(
    loaded: Loaded, desk: Desk, asked: Sequence[Rule], used: Collection[Acceptance]
) -> Iterator[Problem]:
    """Acceptances that suppressed nothing; a damaged fact or source is not asked, for it was not wholly looked at."""
    damaged = {path[:2] for path in loaded.damaged}
    found = unused_acceptances(desk, loaded.places, {rule.id for rule in asked}, used)
    return (problem for problem in found if problem.subject[:2] not in damaged)


def _unaccepted(loaded: Loaded, found: Iterable[Problem]) -> tuple[list[Problem], set[Acceptance]]:
    """The problems that no fact or source accepts, and the acceptances that were used."""
    left: list[Problem] = []
    used: set[Acceptance] = set()
    for problem in found:
        acceptance = accepted_in(loaded.facts, problem)
        if acceptance:
            used.add(acceptance)
        else:
            left.append(problem)
    return left, used


def _fresh(problems: Iterable[Problem], loaded: Loaded) -> Iterator[Problem]:
    """The problems that are no echo of a part reported as damaged."""
    damaged = {tuple(map(str, path)) for path in loaded.damaged}
    return (problem for problem in problems if not damaged or not _is_echo(problem, damaged))


def _is_echo(problem: Problem, damaged: Collection[tuple[str, ...]]) -> bool:
    """Whether it is about a part that was reported as damaged; or warns of what a damaged part within it may be."""
    subject = problem.subject
    within = any(subject[: length + 1] in damaged for length in range(len(subject)))
    return within or (
        problem.level < Level.ERROR and any(path[: len(subject)] == subject for path in damaged)
    )
