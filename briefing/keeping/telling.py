"""What was kept of a source, or would be, and what stands in it → text, JSON."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from briefing.diffwriters.text import marked_run
from briefing.keeping.deciding import Kept
from briefing.keeping.since import Change, Since
from briefing.keeping.standing import Standing
from briefing.prose import shortened
from briefing.redlining import Run
from briefing.report.visible import visible

__all__ = ["keeping_json", "keeping_lines"]

_AROUND = 60
_MOST_OF_A_RUN = 300
_MOST_OF_A_QUOTE = 60


def keeping_lines(
    kept: Kept, found: Sequence[Standing], hops: Sequence[str], notes: Sequence[str], *, dry: bool
) -> Iterator[str]:
    """What a user reads, line by line; what does not stand is told as `check` tells it."""
    yield from (visible(f"{here} leads to {there}") for here, there in pairwise(hops))
    yield from map(visible, notes)
    yield from map(visible, _what(kept, dry=dry))
    if kept.since:
        yield from _changes(kept.since)
    if dry and kept.facts[0] != kept.facts[1]:
        yield from _lines_of_facts(kept)
    yield from (visible(line) for one in found for line in _standing(one))
    yield _count(found)


def _what(kept: Kept, *, dry: bool) -> Iterator[str]:
    day = f", captured {kept.captured}" if kept.captured else ""
    about = f"{len(kept.text.decode()):,} characters, sha256 {kept.sha256[:12]}…{day}"
    verb = "would keep" if dry else "kept"
    if kept.state == "same" and not kept.files:
        yield f"{kept.path} is the same text as before: {about}; nothing was written"
        return
    yield f"{verb} {kept.path}: {about}"
    if kept.state == "same":
        yield "the same text as before"
    if kept.state == "unseen":
        yield f"not the text on record; that one is not kept here, so nobody can say what changed in {kept.source}"
    if kept.copy_before:
        yield f"its archive.url is where the text before had a copy; see whether it still fits: {kept.copy_before}"
    if kept.read_before:
        was = kept.read_before
        yield f"accessed: {was} is when the text before was read; once you have read this one, write that day"
    if kept.older:
        yield f"{'would move' if dry else 'moved'} the text before to {kept.older}"


def _changes(changed: Since) -> Iterator[str]:
    if changed.only_layout:
        yield "what changed in it: white space, quotation marks and dashes alone, which quotations may have otherwise"
    elif not changed.changes:
        yield "what changed in it: too much to be shown"
    else:
        number = len(changed.changes) + changed.more
        yield f"what changed in it, {number} place{'s' if number > 1 else ''}:"
        yield from (f"  line {one.line}: {_marked(one)}" for one in changed.changes)
        if changed.more:
            yield f"  and {changed.more} more"


def _marked(change: Change) -> str:
    last = len(change.runs) - 1
    return "".join(_run(run, place == 0, place == last) for place, run in enumerate(change.runs)).strip()


def _run(run: Run, first: bool, last: bool) -> str:
    """A run with its marks; of words that stayed only those beside what did not."""
    text = re.sub(r"\s+", " ", run.text)
    if run.sort != "kept":
        return marked_run(Run(run.sort, shortened(text, _MOST_OF_A_RUN)))
    if len(text) <= 2 * _AROUND:
        return marked_run(Run("kept", text))
    head = "" if first else _head(text)
    tail = "" if last else _head(text[::-1])[::-1]
    return marked_run(Run("kept", f"{head}…{tail}"))


def _head(text: str) -> str:
    return text[:_AROUND].rpartition(" ")[0] or text[:_AROUND]


def _lines_of_facts(kept: Kept) -> Iterator[str]:
    before, after = (data.decode().removeprefix("\ufeff").splitlines() for data in kept.facts)
    found = difflib.unified_diff(before, after, str(kept.facts_path), str(kept.facts_path), n=2, lineterm="")
    yield from map(visible, found)


def _standing(one: Standing) -> Iterator[str]:
    if one.stands:
        yield f"{one.place}: {one.fact}: stands: “{shortened(one.quote, _MOST_OF_A_QUOTE)}”"
    for problem in one.problems:
        yield str(problem)
    if one.outside:
        yield f"{one.place}: {one.fact}: these words stand on the page, outside its article; --whole keeps all of it"


def _count(found: Sequence[Standing]) -> str:
    if not found:
        return "no fact quotes it"
    stand = sum(one.stands for one in found)
    missing = len(found) - stand
    if not missing:
        return "the one quotation stands" if stand == 1 else f"all {stand} quotations stand"
    return f"{stand} of {len(found)} quotations stand, {missing} {'does' if missing == 1 else 'do'} not"


def keeping_json(
    kept: Kept, found: Sequence[Standing], hops: Sequence[str], notes: Sequence[str], *, dry: bool
) -> str:
    """All of it as JSON, for scripts."""
    changed = kept.since
    told = {
        "source": kept.source,
        "state": kept.state,
        "written": [] if dry else [str(path) for path in kept.files],
        "path": str(kept.path),
        "sha256": kept.sha256,
        "captured": kept.captured.isoformat() if kept.captured else None,
        "older": str(kept.older) if kept.older else None,
        "addresses": list(hops),
        "notes": list(notes),
        "changes": [
            {"line": one.line, "runs": [{"sort": run.sort, "text": run.text} for run in one.runs]}
            for one in (changed.changes if changed else ())
        ],
        "more_changes": changed.more if changed else 0,
        "quotes": [
            {
                "fact": one.fact,
                "quote": one.quote,
                "path": one.place.path,
                "line": one.place.line,
                "column": one.place.column,
                "stands": one.stands,
                "problems": [
                    {"rule": p.rule, "level": str(p.level), "message": p.message} for p in one.problems
                ],
                "outside": one.outside,
            }
            for one in found
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)
