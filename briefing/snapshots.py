"""What a user names as OLD or NEW → the facts as they stand there: a file, a git revision, a built document.

A file that exists is that file, whatever git has under its name; anything else is a revision of the facts file. What a
file is, is told by what is in it: a PDF, a document that bears a fingerprint, or facts.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TypeVar

from briefing import __version__
from briefing.audience import SUFFIX, TemplateFile, template_file
from briefing.errors import Level, LoadError, Location, Problem, UsageError
from briefing.facts import Facts
from briefing.history import Commit, History, is_range
from briefing.load import Loaded, load, read_file
from briefing.pdffiles import MOST_BYTES, attached_files, is_pdf
from briefing.tracing import MOST_EDITIONS, traced

__all__ = ["BuiltBrief", "Snapshot", "snapshots"]

_Found = TypeVar("_Found")
_FACTS, _ABOUT = "facts.yaml", "brief.json"
# The last words of a document, or in HTML the first ones: who built it, and from what.
_FINGERPRINT = rb"(?P<identifier>sha256:[0-9a-f]{64})"
_STAMPS = (
    re.compile(rb"<!-- briefing (?P<version>\S{1,40}) " + _FINGERPRINT + rb" -->\s*\Z"),
    re.compile(rb"^briefing (?P<version>\S{1,40}) " + _FINGERPRINT + rb"\s*\Z", re.MULTILINE),
    re.compile(
        rb"\A\s*<!doctype html>.{1,2000}<meta name=\"dcterms.identifier\" content=\"" + _FINGERPRINT + rb'">',
        re.DOTALL | re.IGNORECASE,
    ),
)
_DOCUMENTS = (".md", ".html", ".txt")


@dataclass(frozen=True, slots=True)
class BuiltBrief:
    """What a built document says of itself: its audience, and by their names the office's own templates in it.

    `row` are the columns of its recipient that it uses, where it was built for one.
    """

    audience: str
    templates: Mapping[str, TemplateFile]
    row: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Facts as they stand or stood somewhere; `name` is what the user calls that.

    `path` is that of a facts file on this disk, else empty. `brief` is set for a document. `commit` is where a revision
    stood, or what a document was built from that was `traced`; without one, that is the facts file as it is.
    """

    name: str
    loaded: Loaded
    content: bytes
    path: str = ""
    commit: Commit | None = None
    brief: BuiltBrief | None = None
    traced: bool = False

    @property
    def facts(self) -> Facts:
        return self.loaded.facts


def snapshots(old: str, new: str | None, facts: str) -> tuple[Snapshot, Snapshot]:
    """The two that are to be compared; without `new` the second end of a range, else the facts file at `facts`.

    UsageError for what cannot be read, LoadError for facts that are faulty; all that is wrong with both at once.
    """
    if new is None and not _is_file(old) and is_range(old):
        history = History(Path(facts).parent)
        first, second = _revision(old, lambda: history.range(old))
        found = _all(
            lambda: _stored(history, first, first.short, facts),
            lambda: _stored(history, second, second.short, facts),
        )
    else:
        now = facts if new is None else new
        if old == now == "-":
            raise _unusable("-", "standard input is read once; name a file or a revision for one of the two")
        found = _all(
            lambda: _named(old, facts), lambda: _of_file(now, facts) if new is None else _named(now, facts)
        )
    faults = [problem for one in found for problem in one.loaded.problems if problem.level is Level.ERROR]
    if faults:
        raise LoadError(faults)
    return found[0], found[1]


def _all(*wanted: Callable[[], Snapshot]) -> list[Snapshot]:
    """Each of them; what keeps any from being read is told of all."""
    found: list[Snapshot] = []
    problems: list[Problem] = []
    for one in wanted:
        try:
            found.append(one())
        except UsageError as error:
            problems += error.problems
    if problems:
        raise UsageError(problems)
    return found


def _named(name: str, facts: str) -> Snapshot:
    if name == "-" or _is_file(name):
        return _of_file(name, facts)
    history = History(Path(facts).parent)
    return _stored(history, _revision(name, lambda: history.commit(name)), name, facts)


def _is_file(name: str) -> bool:
    """Whether something stands there that is no folder."""
    return os.path.exists(name) and not os.path.isdir(name)


# --- revisions ----------------------------------------------------------------------------------------


def _revision(name: str, found: Callable[[], _Found]) -> _Found:
    try:
        return found()
    except UsageError as error:
        what = "is a folder" if os.path.isdir(name) else "is no file"
        raise _unusable(name, f"{what}, and {error.problems[0].message}") from None


def _stored(history: History, commit: Commit, name: str, facts: str) -> Snapshot:
    file = Path(facts).name
    data = history.file(commit, file)
    if data is None:
        message = f"there was no {file} in this folder then"
        raise _unusable(
            name, f"{message}; save one that stood elsewhere with git show {name}:PATH, and name that file"
        )
    return Snapshot(f"{file} at {name}", load(data, f"{name}:{file}"), data, commit=commit)


# --- files --------------------------------------------------------------------------------------------


def _of_file(name: str, facts: str) -> Snapshot:
    data = read_file(name, MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _unusable(name, f"has more than {MOST_BYTES:,} bytes")
    if is_pdf(data):
        return _document(name, attached_files(data, name, (_FACTS, _ABOUT, SUFFIX)))
    stamp = next(filter(None, (form.search(data) for form in _STAMPS)), None)
    if stamp:
        return _traced(name, stamp, facts)
    if PurePath(name).suffix in _DOCUMENTS:
        message = "bears no fingerprint, so that nobody can tell what it was built from"
        raise _unusable(name, f"{message}; name that edition of the facts instead")
    shown = "standard input" if name == "-" else name
    return Snapshot(shown, load(data, name), data, path="" if name == "-" else name)


def _traced(name: str, stamp: re.Match[bytes], facts: str) -> Snapshot:
    """What a document without attached files was built from, as if it carried that."""
    identifier = stamp["identifier"].decode()
    version = stamp.groupdict().get("version", __version__.encode()).decode("utf-8", "replace")
    found = traced(identifier, version, PurePath(name).stem, facts)
    if found is None:
        other = (
            f", with briefing {version}, which is not this one ({__version__})"
            if version != __version__
            else ""
        )
        message = (
            f"cannot be traced: neither {facts} as it is, nor one of the last {MOST_EDITIONS} commits that changed it"
            f" or its templates, gives the fingerprint {identifier[:19]}…; it was built from what was never"
            f" committed, on another branch, or for a recipient{other}; name that edition of the facts instead"
        )
        raise _unusable(name, message)
    carried = {file.name: file.content for file in found.carried.files}
    return replace(_document(name, carried), commit=found.commit, traced=True)


# --- what a document carries --------------------------------------------------------------------------


def _document(name: str, files: Mapping[str, bytes]) -> Snapshot:
    if _FACTS not in files or _ABOUT not in files:
        message = (
            "carries no facts: it was not built by briefing, or was saved again without its attached files"
        )
        raise _unusable(name, message)
    data = files[_FACTS]
    return Snapshot(name, load(data, f"{name}/{_FACTS}"), data, brief=_built(name, files))


def _built(name: str, files: Mapping[str, bytes]) -> BuiltBrief:
    try:
        about = json.loads(files[_ABOUT])
        templates, row = about["templates"], about["recipient"]
        return BuiltBrief(
            str(about["audience"]),
            {str(one): template_file(files[str(file)], f"{name}/{file}") for one, file in templates.items()},
            None if row is None else {str(column): str(cell) for column, cell in row.items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = f"carries a {_ABOUT} that no briefing wrote, so that nobody can tell for whom it is"
        raise _unusable(name, message) from None


def _unusable(name: str, message: str) -> UsageError:
    return UsageError(Problem(Location(name), Level.ERROR, message, "file"))
