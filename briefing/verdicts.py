"""Verdicts on documents → lines of text, or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefing.report.data import as_json
from briefing.report.visible import visible
from briefing.verifying import Statement, Verified
from briefing.wording import count

__all__ = ["verdict_lines", "verdicts_json"]


def verdict_lines(one: Verified) -> Iterator[str]:
    """The verdict with the path in front, then each reason, and each statement as it is and as it would be now."""
    many = f": {count(len(one.statements), 'statement')}" if one.verdict == "outdated" else ""
    yield visible(f"{one.path}: {one.verdict}{many}")
    for reason in one.reasons:
        yield visible(f"  {reason}")
    for statement in one.statements:
        yield visible(f"  {statement.why}")
        yield visible(f"    says  {statement.says}")
        yield visible(f"    now   {_now(statement)}")
    for note in one.notes:
        yield visible(f"  ({note})")


def _now(statement: Statement) -> str:
    if statement.says == statement.now:
        return "the same words, on what is no longer the same; read them again"
    return statement.now or "nothing"


def verdicts_json(all_: Sequence[Verified]) -> str:
    """`{"files": [{"path", "verdict", "reasons", "statements": [{"facts", "says", "now", "why"}], "notes"}]}`"""
    files = [
        {
            "path": one.path,
            "verdict": one.verdict,
            "reasons": one.reasons,
            "statements": [
                {"facts": said.facts, "says": said.says, "now": said.now, "why": said.why}
                for said in one.statements
            ],
            "notes": one.notes,
        }
        for one in all_
    ]
    return as_json({"files": files})
