"""Comparison → JSON, for machines; docs/changes.md says what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from briefing.changes import Altered, Change
from briefing.comparison import ComparedBrief, Comparison
from briefing.diffwriters.outline import field_name
from briefing.errors import Problem
from briefing.redlining import Run
from briefing.report.data import as_json, problem_data
from briefing.snapshots import Snapshot
from briefing.touching import PlacedSentence, TouchedSentence

__all__ = ["diff_json", "refusal_json"]


def diff_json(comparison: Comparison) -> str:
    """One object; `changed` is true or false."""
    found = comparison.changes
    value = {
        "changed": bool(found),
        "problems": [],
        "old": _snapshot(comparison.old),
        "new": _snapshot(comparison.new),
        "facts": [_fact(one) for one in found.facts],
        "sources": [_altered(one) for one in found.sources],
        "people": [_altered(one) for one in found.people],
        "file": [_change(change) for change in found.head],
        "read_again": [{"id": one.id, "because": list(one.because)} for one in found.reread],
        "briefs": [_brief(brief) for brief in comparison.briefs],
    }
    return as_json(value) + "\n"


def refusal_json(problems: Iterable[Problem]) -> str:
    """What stands in the place of a comparison that could not be made: `changed` is null, and `problems` say why."""
    return as_json({"changed": None, "problems": [problem_data(problem) for problem in problems]}) + "\n"


def _snapshot(one: Snapshot) -> dict[str, object]:
    commit, extract = one.commit, one.facts.extract
    return {
        "name": one.name,
        "commit": {"hash": commit.hash, "day": commit.day, "subject": commit.subject} if commit else None,
        "as_of": one.facts.as_of.isoformat(),
        "facts": len(one.facts.facts),
        "audience": one.brief.audience if one.brief else None,
        "on_file": extract.on_file if extract else None,
    }


def _altered(one: Altered) -> dict[str, object]:
    return {
        "id": one.id,
        "was": one.was or one.id,
        "change": one.sort,
        "name": one.name,
        "words": one.words,
        "fields": [_change(change) for change in one.changes],
    }


def _fact(one: Altered) -> dict[str, object]:
    return {**_altered(one), "kind": one.kind, "superseded_by": one.by or None, "why": one.why}


def _change(change: Change) -> dict[str, object]:
    return {
        "field": ".".join(change.path),
        "name": field_name(change.path),
        "old": change.old,
        "new": change.new,
        "words": _runs(change.runs),
        "through": list(change.through),
    }


def _runs(runs: Sequence[Run]) -> list[dict[str, str]]:
    """`[{"kept": "over "}, {"deleted": "$100"}, {"inserted": "$113.4"}]`"""
    return [{run.sort: run.text} for run in runs]


def _brief(brief: ComparedBrief) -> dict[str, object]:
    touches = brief.touches
    return {
        "audience": brief.audience,
        "title": brief.title,
        "touched": brief.is_touched,
        "facts": list(touches.facts),
        "sources": list(touches.sources),
        "people": list(touches.people),
        "file": list(touches.head),
        "sentences": [_sentence(sentence) for sentence in touches.sentences],
        "renumbered": touches.renumbered,
        "errors": {
            name: [problem_data(problem) for problem in problems]
            for name, problems in zip(("old", "new"), brief.errors, strict=True)
        },
    }


def _sentence(touched: TouchedSentence) -> dict[str, object]:
    return {
        "change": touched.sort,
        "because": list(touched.because),
        "old": _placed(touched.old),
        "new": _placed(touched.new),
        "words": _runs(touched.runs),
    }


def _placed(sentence: PlacedSentence | None) -> dict[str, object] | None:
    if sentence is None:
        return None
    return {
        "number": sentence.number,
        "heading": sentence.heading,
        "sentence": sentence.text,
        "facts": list(sentence.facts),
    }
