"""A facts file, a source of it and the text that the source has now → what is to be written; and writing it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from briefing.errors import Level, Location, Problem, UsageError, did_you_mean
from briefing.facts import Archive, Source
from briefing.files import Unusable, is_within
from briefing.keeping.mapping import with_archive
from briefing.keeping.refusing import refused
from briefing.keeping.since import Since, since
from briefing.load import Loaded
from briefing.project import kept_texts_beside
from briefing.publish import holds, publish_unless_changed

__all__ = ["Kept", "decided", "source_to_keep", "write"]

State = Literal["new", "changed", "same", "unseen"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be written of a source, `files`, all of them or none.

    `state` compares the text with the one before: `unseen` where that is on record, and not here. `older` is where the
    text before goes, `since` what changed, `copy_before` the address on record for it. `read_before` is the day on
    which the source was read, where that was not this text. `facts` are the bytes of the facts file before and after.
    """

    source: str
    path: Path
    text: bytes
    sha256: str
    captured: datetime.date | None
    state: State
    older: Path | None
    since: Since | None
    copy_before: str
    read_before: datetime.date | None
    facts_path: Path
    facts: tuple[bytes, bytes]
    files: Mapping[Path, bytes]


def source_to_keep(loaded: Loaded, id: str) -> Source:
    """The source of that id; UsageError where there is none whose text can be kept."""
    sources = loaded.facts.sources
    if id not in sources:
        raise refused(f'there is no source "{id}"{did_you_mean(id, sources)}')
    if not sources[id].consulted:
        raise refused(
            f'"{id}" says consulted: false, that nobody read it; once you have, take that out, and add level,'
            " descriptor and accessed"
        )
    return sources[id]


def decided(facts: Path, data: bytes, source: Source, words: str, url: str, day: datetime.date) -> Kept:
    """What is written when `words` are the text of the source as of that day; `url` is where else than at its own.

    UsageError or LoadError where something stands in the way.
    """
    path = facts.parent / "archive" / f"{source.id}.txt"
    before = _before(facts, path, source.id)
    text = words.encode()
    sha256 = hashlib.sha256(text).hexdigest()
    files: dict[Path, bytes] = {}
    older = None
    if before != text:
        if before is not None:
            older = path.with_name(_older_name(source.id, source.archive, before))
            if not holds(older, before):
                files[older] = before  # first of all: whoever is killed on the way must not lose it
        files[path] = text
    captured, after = source.archive.captured if source.archive else None, data
    if source.archive is None or source.archive.sha256 != sha256:
        captured = day
        values = {"sha256": sha256, "captured": day.isoformat()} | ({"url": url} if url else {})
        after = with_archive(data, str(facts), source.id, values)
        files[facts] = after
    changed = since(before.decode("utf-8", "replace"), words) if before is not None and older else None
    copy = source.archive.url if source.archive and after != data and not url else ""
    state = _state(source.archive, before, text, sha256)
    is_older = source.archive and after != data and source.accessed and source.accessed < day
    return Kept(
        source.id,
        path,
        text,
        sha256,
        captured,
        state,
        older,
        changed,
        copy,
        source.accessed if is_older else None,
        facts,
        (data, after),
        files,
    )


def _state(recorded: Archive | None, before: bytes | None, text: bytes, sha256: str) -> State:
    if before is not None:
        return "same" if before == text else "changed"
    if recorded is None:
        return "new"
    return "same" if recorded.sha256 == sha256 else "unseen"


def _before(facts: Path, path: Path, id: str) -> bytes | None:
    """The text that is kept here now."""
    try:
        if not is_within(path.parent, facts.parent):
            raise Unusable("is in a folder that is a link to one outside; put the folder itself here")
        return kept_texts_beside(str(facts))(id)
    except Unusable as error:
        raise UsageError(Problem(Location(str(path)), Level.ERROR, str(error), "file")) from None


def _older_name(id: str, recorded: Archive | None, before: bytes) -> str:
    """`minutes.2026-01-20.58d0a1b2.txt`: the day, where the record is of this text, and the first of its digits."""
    sha256 = hashlib.sha256(before).hexdigest()
    of_this = recorded is not None and recorded.sha256 == sha256 and recorded.captured
    return f"{id}.{recorded.captured if recorded and of_this else 'undated'}.{sha256[:8]}.txt"


def write(kept: Kept) -> None:
    """Write all of it, or nothing. UsageError when that cannot be done, or somebody changed the facts meanwhile."""
    if kept.files:
        publish_unless_changed(kept.facts_path, kept.facts[0], kept.files)
