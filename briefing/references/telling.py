"""What an import did, or would do → a line for each reference, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from briefing.prose import shortened
from briefing.references.importing import Import, Outcome
from briefing.report.visible import visible
from briefing.wording import count

__all__ = ["import_json", "import_lines", "import_summary"]

_TITLE = 60
_KEYS = {"doi": "DOI", "url": "address", "title": "title", "id": "id"}


def import_lines(done: Import) -> Iterator[str]:
    """One line for each reference: its id and title and what was left behind, or why it was skipped."""
    width = max((len(outcome.id) for outcome in done.added), default=0)
    for outcome in done.outcomes:
        yield visible(_line(outcome, width))


def _line(outcome: Outcome, width: int) -> str:
    reference = outcome.reference
    title = shortened(reference.title, _TITLE) or "(no title)"
    if reference.settings:
        return f"skipped  {title}: settings for BibTeX, and no work"
    if outcome.same:
        return f"skipped  {title}: the {_KEYS[outcome.same]} of {outcome.id}"
    lost = f"; left behind: {', '.join(reference.lost)}" if reference.lost else ""
    return f"added    {outcome.id:{width}}  {title}{lost}"


def import_summary(done: Import, *, dry: bool) -> str:
    """How many, and what is to be done next."""
    added, skipped = len(done.added), len(done.outcomes) - len(done.added)
    if not done.outcomes:
        return f"there was nothing to import; {done.path} is as it was"
    told = f"{count(added, 'source')} {'would be ' if dry else ''}added to {done.path}, {skipped} skipped"
    if not added:
        return f"{told}; it is as it was"
    return f"{told}; say there what is TODO: briefing check lists it"


def import_json(done: Import, *, dry: bool) -> str:
    """The same for programs."""
    added = [
        {
            "id": one.id,
            "key": one.reference.key,
            "title": one.reference.title,
            "lost": list(one.reference.lost),
        }
        for one in done.added
    ]
    skipped = [
        {"key": one.reference.key, "title": one.reference.title, "same_as": one.id, "by": one.same}
        for one in done.outcomes
        if one.same
    ]
    whole = {"facts": done.path, "written": bool(added) and not dry, "added": added, "skipped": skipped}
    return json.dumps(whole, ensure_ascii=False, indent=2)
