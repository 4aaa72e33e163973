"""Every check over the facts. `check_facts` runs them all; each family is a module."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from briefing.errors import Level, Problem
from briefing.facts import Fact, Facts, Source
from briefing.load import Loaded
from briefing.rules import dates, kinds, names, quantities, quotes, relations, sources, texts
from briefing.rules.base import Desk, Rule, rules

__all__ = ["Rule", "check_facts", "rules"]

FAMILIES = (dates, kinds, names, quantities, quotes, relations, sources, texts)


def check_facts(loaded: Loaded, kept_text: Callable[[str], bytes | None]) -> tuple[Problem, ...]:
    """The problems of shape and those that the rules find, in the order of the file.

    `kept_text` gives the bytes of `archive/<id>.txt`, or None. What a rule says about a part that was already
    reported as damaged is left out: it would only be an echo.
    """
    desk = Desk(loaded.facts, kept_text)
    found = [problem for rule in rules() for problem in rule.problems(desk, loaded.places)]
    damaged = {tuple(map(str, path)) for path in loaded.damaged}
    fresh = (
        problem
        for problem in found
        if not _is_echo(problem, damaged) and not _accepted(loaded.facts, problem)
    )
    return tuple(sorted({*loaded.problems, *fresh}, key=Problem.sort_key))


def _is_echo(problem: Problem, damaged: set[tuple[str, ...]]) -> bool:
    """Whether it is about a part that was reported as damaged; or warns of what a damaged part within it may be."""
    subject = problem.subject
    within = any(subject[: length + 1] in damaged for length in range(len(subject)))
    return within or (
        problem.level < Level.ERROR and any(path[: len(subject)] == subject for path in damaged)
    )


def _accepted(facts: Facts, problem: Problem) -> bool:
    """Whether a fact or source accepts a warning about it, with a reason (`accept:`). An error cannot be accepted."""
    holders: dict[str, Mapping[str, Fact] | Mapping[str, Source]] = {
        "facts": facts.facts,
        "sources": facts.sources,
    }
    section, *rest = problem.subject or ("",)
    holder = holders.get(section, {}).get(rest[0]) if rest else None
    return problem.level < Level.ERROR and holder is not None and problem.rule in holder.accept
