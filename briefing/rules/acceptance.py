"""Accepted findings: `accept: {rule: reason}` on a fact or source, `{# accept rule: reason #}` in a template."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from briefing.comments import comment_spans
from briefing.errors import Level, Location, Problem, did_you_mean
from briefing.facts import Fact, Facts, Source
from briefing.places import Places
from briefing.rules.base import Desk, Rule, fault, rules
from briefing.scalars import gives_reason

__all__ = ["Comment", "accepted_in", "comments", "heard", "unheard_comments", "unused_acceptances"]

fault(
    "accept-unused",
    """
    An acceptance (`accept:`, or `{# accept rule: reason #}` in a template) that suppresses nothing.

    What it excused has been mended, or was never found: take it out, so that it does not excuse the next mistake. An
    error cannot be accepted.
    """,
    Level.WARNING,
)
fault("unknown-rule", "An acceptance, `--select` or `--ignore` names a rule that does not exist.")

_Holder = Fact | Source
# Section and id of a fact or source, and the rule it accepts.
Acceptance = tuple[str, str, str]


def _holder(facts: Facts, problem: Problem) -> tuple[str, str, _Holder] | None:
    """The fact or source that a problem is about."""
    sections: Mapping[str, Mapping[str, _Holder]] = {"facts": facts.facts, "sources": facts.sources}
    section, *rest = problem.subject or ("",)
    holder = sections.get(section, {}).get(rest[0]) if rest else None
    return (section, rest[0], holder) if holder else None


def accepted_in(facts: Facts, problem: Problem) -> Acceptance | None:
    """The acceptance in the facts file that covers a problem. An error cannot be accepted."""
    found = _holder(facts, problem) if problem.level < Level.ERROR else None
    if found is None or problem.rule not in found[2].accept:
        return None
    return found[0], found[1], problem.rule


def unused_acceptances(
    desk: Desk, places: Places, asked: Collection[str], used: Collection[Acceptance]
) -> Iterator[Problem]:
    """Acceptances in the facts file that suppressed nothing, of the rules that were `asked`; and of no rule at all."""
    known = rules()
    sections: Mapping[str, Mapping[str, _Holder]] = {"facts": desk.facts.facts, "sources": desk.facts.sources}
    for section, holders in sections.items():
        for id, holder in holders.items():
            for name in holder.accept:
                place = places.of_key((section, id, "accept", name))
                if name not in known:
                    message = f'unknown rule "{name}"{did_you_mean(name, known)}'
                    yield Problem(place, Level.ERROR, message, "unknown-rule", (section, id, "accept", name))
                elif (section, id, name) not in used:
                    why = _why_unused(known[name], asked)
                    if why and not _cannot_tell(desk, holder, name):
                        yield Problem(
                            place, Level.WARNING, why, "accept-unused", (section, id, "accept", name)
                        )


def _why_unused(rule: Rule, asked: Collection[str]) -> str:
    if rule.id.startswith(("template-", "selection-", "typeset-")):
        return f"{rule.id} is found in a template; accept it there: {{# accept {rule.id}: reason #}}"
    if rule.level is Level.ERROR:
        return f"{rule.id} is an error, which cannot be accepted; mend what it finds"
    return "nothing is left of what was accepted here; take it out" if rule.id in asked else ""


def _cannot_tell(desk: Desk, holder: _Holder, rule: str) -> bool:
    """Whether the rule depends on what is not here: a day to come, a kept text."""
    if isinstance(holder, Source):
        return rule == "quote-unverified" and holder.id in desk.kept
    if rule == "date-stale":
        return holder.review_by is not None
    return rule in ("quote-ambiguous", "quote-place") and any(
        cite.quote and cite.source not in desk.kept for cite in holder.cite
    )


# --- in templates -------------------------------------------------------------------------------------------------

_COMMENT = re.compile(r"accept\s+([\w-]+)\s*(?::\s*(.*))?", re.DOTALL)
_NOTHING_MORE = re.compile(r"[ \t]*(?:\n|\Z)")
_NOTHING_SAID = re.compile(r"(?:\s|\{#.*?#\}|\{%[-+]?\s*extends\b.*?%\})*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Comment:
    """`{# accept rule: reason #}`: it covers its own lines, and the next where it stands alone; at the head, all."""

    at: Location
    rule: str
    reason: str
    last_line: int
    whole: bool

    def covers(self, problem: Problem) -> bool:
        """Whether it accepts a problem; an error cannot be accepted."""
        place = problem.location
        return (
            problem.level < Level.ERROR
            and gives_reason(self.reason)
            and (problem.rule, place.path) == (self.rule, self.at.path)
            and (self.whole or self.at.line <= place.line <= self.last_line)
        )


def comments(path: str, body: str) -> tuple[Comment, ...]:
    """The acceptances in the body of a template."""
    head = _NOTHING_SAID.match(body)
    found = []
    end, line = 0, 1
    for start, close in comment_spans(body):
        line += body.count("\n", end, start)
        end = close
        match = _COMMENT.fullmatch(body[start + 2 : end - 2].removeprefix("-").removesuffix("-").strip())
        if match:
            begin = body.rfind("\n", 0, start) + 1
            alone = not body[begin:start].strip() and _NOTHING_MORE.match(body, end)
            found.append(
                Comment(
                    Location(path, line, start - begin + 1),
                    match[1],
                    " ".join((match[2] or "").split()),
                    line + body.count("\n", start, end) + bool(alone),
                    head is not None and end <= head.end(),
                )
            )
        line += body.count("\n", start, end)
    return tuple(found)


def heard(
    problems: Iterable[Problem], accepting: Collection[Comment], guessed: Collection[Location]
) -> tuple[list[Problem], set[Comment]]:
    """The problems that no comment accepts, and the comments that accepted one.

    A place that was `guessed` may be that of other words: there, only a comment accepts that is for the whole template.
    """
    by_rule: dict[tuple[str, str], list[Comment]] = {}
    for comment in accepting:
        by_rule.setdefault((comment.rule, comment.at.path), []).append(comment)
    used: set[Comment] = set()
    left: list[Problem] = []
    for problem in problems:
        unsure = problem.location in guessed
        covering = {
            comment
            for comment in by_rule.get((problem.rule, problem.location.path), ())
            if comment.covers(problem) and (comment.whole or not unsure)
        }
        used |= covering
        left += [] if covering else [problem]
    return left, used


def unheard_comments(accepting: Iterable[Comment], used: Collection[Comment]) -> Iterator[Problem]:
    """What is wrong with acceptances in templates: no reason, no such rule, nothing suppressed."""
    known = rules()
    for comment in accepting:
        if comment.rule not in known:
            message = f'unknown rule "{comment.rule}"{did_you_mean(comment.rule, known)}'
            yield Problem(comment.at, Level.ERROR, message, "unknown-rule")
        elif not gives_reason(comment.reason):
            message = f"say why, in words: {{# accept {comment.rule}: reason #}}"
            yield Problem(comment.at, Level.WARNING, message, "accept-unused")
        elif comment not in used:
            why = (
                f"{comment.rule} is an error, which cannot be accepted; mend what it finds"
                if known[comment.rule].level is Level.ERROR
                else "nothing is left of what was accepted here; take it out"
            )
            yield Problem(comment.at, Level.WARNING, why, "accept-unused")
