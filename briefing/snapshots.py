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
from itertools import islice
from pathlib import Path, PurePath
from typing import TypeVar

from briefing import __version__
from briefing.audience import SUFFIX, TemplateFile, template_file
from briefing.carrying import ABOUT, BEFORE, CARRIED_LOGOS, FACTS, identifier_of
from briefing.dates import instant
from briefing.errors import Level, LoadError, Location, Problem, UsageError
from briefing.facts import Facts
from briefing.history import Commit, History, is_range
from briefing.letterhead import PLAIN, Letterhead, Logo
from briefing.load import Loaded, load, read_file
from briefing.pdffiles import MOST_BYTES, PdfContents, attached_files, is_pdf, pdf_contents
from briefing.tracing import MOST_EDITIONS, Tracer

__all__ = [
    "BuiltBrief",
    "Document",
    "Snapshot",
    "carried_snapshot",
    "document",
    "facts_now",
    "read_pdf",
    "read_whole",
    "snapshots",
]

_Found = TypeVar("_Found")
# The last words of a document, or in HTML the first ones: who built it, and from what.
_FINGERPRINT = rb"(?P<identifier>sha256:[0-9a-f]{64})"
_STAMPS = (
    re.compile(rb"<!-- briefing (?P<version>\S{1,40}) " + _FINGERPRINT + rb" -->"),
    re.compile(rb"^briefing (?P<version>\S{1,40}) " + _FINGERPRINT + rb"\s*$", re.MULTILINE),
    re.compile(
        rb"\A(?:\xef\xbb\xbf)?\s*<!doctype html>.{1,2000}<meta name=\"dcterms.identifier\" content=\""
        + _FINGERPRINT
        + rb'">',
        re.DOTALL | re.IGNORECASE,
    ),
)
_DOCUMENTS = (".md", ".html", ".txt")
_MOST_STAMPS = 1_000


@dataclass(frozen=True, slots=True)
class BuiltBrief:
    """What a built document says of itself: its audience, and by their names the office's own templates in it.

    `row` are the columns of its recipient that it uses, where it was built for one; `version` is that of the tool. The
    `letterhead` is without its logo, of which only the words are carried. `before` is the facts file of the edition
    since which it says what changed, and `gone` what only the template of then asked for, as far as that is known
    (`knows_all`).
    """

    audience: str
    templates: Mapping[str, TemplateFile]
    row: Mapping[str, str] | None = None
    version: str = ""
    letterhead: Letterhead = PLAIN
    before: bytes | None = None
    gone: tuple[str, ...] = ()
    knows_all: bool = True


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


@dataclass(frozen=True, slots=True)
class Document:
    """A built document: what it was built from, its `text` as it was read, and its `format`, a suffix without the dot.

    `version` is that of the tool that built it. `sound` says whether its fingerprint is that of what it carries,
    `contents` are what was read in a PDF.
    """

    snapshot: Snapshot
    brief: BuiltBrief
    format: str
    text: str
    version: str
    identifier: str
    sound: bool = True
    contents: PdfContents | None = None


def document(name: str, data: bytes, contents: PdfContents | None, tracer: Tracer) -> Document:
    """The document in a file of these bytes; `contents` is what is in it where it is a PDF.

    UsageError where nobody can tell what it was built from.
    """
    if contents:
        snapshot, text = carried_snapshot(name, contents.files), contents.text
        form, identifier = "pdf", contents.identifier
        sound = identifier == _identifier(contents.files)
    else:
        stamp = _stamp(data)
        if stamp is None:
            raise _unusable(name, "bears no fingerprint, so that nobody can tell what it was built from")
        snapshot, text = _traced(name, stamp, tracer), data.decode("utf-8", "replace")
        form = "html" if "version" not in stamp.groupdict() else "md" if stamp.re is _STAMPS[0] else "txt"
        identifier, sound = stamp["identifier"].decode(), True
    assert snapshot.brief is not None
    version = snapshot.brief.version
    return Document(snapshot, snapshot.brief, form, text, version, identifier, sound=sound, contents=contents)


def _identifier(files: Mapping[str, bytes]) -> str:
    """The fingerprint of what a PDF carries, in the order in which it was taken."""
    try:
        templates = json.loads(files[ABOUT])["templates"].values()
        before = [BEFORE] if BEFORE in files else []
        return identifier_of({name: files[name] for name in (FACTS, ABOUT, *templates, *before)})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""


def read_pdf(name: str, data: bytes) -> PdfContents:
    """What is in a PDF, its text too."""
    return pdf_contents(data, name, (FACTS, ABOUT, BEFORE, SUFFIX, *CARRIED_LOGOS))


def read_whole(name: str) -> bytes:
    """The bytes of a file; UsageError where there are none, or too many."""
    data = read_file(name, MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _unusable(name, f"has more than {MOST_BYTES:,} bytes")
    return data


def facts_now(facts: str) -> Snapshot:
    """The facts file as it is. UsageError where it cannot be read, LoadError where it is faulty."""
    now = _of_file(facts, facts)
    faults = [problem for problem in now.loaded.problems if problem.level is Level.ERROR]
    if faults:
        raise LoadError(faults)
    return now


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
    data = read_whole(name)
    if data.startswith(b"PK\x03\x04"):
        raise _unusable(
            name, "is a Word document or an archive, and carries no facts; name the PDF or Markdown of it"
        )
    if is_pdf(data):
        return carried_snapshot(name, attached_files(data, name, (FACTS, ABOUT, BEFORE, SUFFIX)))
    stamp = _stamp(data)
    if stamp:
        return _traced(name, stamp, Tracer(facts))
    if PurePath(name).suffix in _DOCUMENTS:
        message = "bears no fingerprint, so that nobody can tell what it was built from"
        raise _unusable(name, f"{message}; name that edition of the facts instead")
    shown = "standard input" if name == "-" else name
    return Snapshot(shown, load(data, name), data, path="" if name == "-" else name)


def _stamp(data: bytes) -> re.Match[bytes] | None:
    """The fingerprint of a document. What somebody wrote below it is compared with the rest of its words."""
    for form in _STAMPS:
        found = list(islice(form.finditer(data), _MOST_STAMPS))
        if found:
            return found[-1]
    return None


def _traced(name: str, stamp: re.Match[bytes], tracer: Tracer) -> Snapshot:
    """What a document without attached files was built from, as if it carried that."""
    identifier = stamp["identifier"].decode()
    version = stamp.groupdict().get("version", __version__.encode()).decode("utf-8", "replace")
    found = tracer.traced(identifier, version, PurePath(name).stem)
    if found is None:
        other = (
            f", with briefing {version}, which is not this one ({__version__})"
            if version != __version__
            else ""
        )
        message = (
            f"cannot be traced: neither {tracer.facts} as it is, nor one of the last {MOST_EDITIONS} commits that"
            f" changed it or its templates, gives the fingerprint {identifier[:19]}…; it was built from what was never"
            f" committed, on another branch, or for a recipient{other}; name that edition of the facts instead"
        )
        raise _unusable(name, message)
    carried = {file.name: file.content for file in found.carried.files}
    return replace(carried_snapshot(name, carried), commit=found.commit, traced=True)


# --- what a document carries --------------------------------------------------------------------------


def carried_snapshot(name: str, files: Mapping[str, bytes]) -> Snapshot:
    """The edition in the files that a document carries; `name` is what it is called. UsageError where there is none."""
    if FACTS not in files or ABOUT not in files:
        message = (
            "carries no facts: it was not built by briefing, or was saved again without its attached files"
        )
        raise _unusable(name, message)
    data = files[FACTS]
    return Snapshot(name, load(data, f"{name}/{FACTS}"), data, brief=_built(name, files))


def _built(name: str, files: Mapping[str, bytes]) -> BuiltBrief:
    try:
        about = json.loads(files[ABOUT])
        templates, row = about["templates"], about["recipient"]
        return BuiltBrief(
            str(about["audience"]),
            {str(one): template_file(files[str(file)], f"{name}/{file}") for one, file in templates.items()},
            None if row is None else {str(column): str(cell) for column, cell in row.items()},
            str(about["briefing"]),
            _letterhead(about.get("letterhead", {})),
            files.get(BEFORE),
            tuple(map(str, about.get("gone", ()))),
            about.get("knows_all", True) is True,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = f"carries a {ABOUT} that no briefing wrote, so that nobody can tell for whom it is"
        raise _unusable(name, message) from None


def _letterhead(said: Mapping[str, str]) -> Letterhead:
    words = {name: str(said.get(name, "")) for name in ("office", "address", "marking", "embargo")}
    words["paper"] = str(said.get("paper", "")) or PLAIN.paper
    if words["embargo"]:
        instant(words["embargo"])  # ValueError, where it is no moment
    logo = Logo("", b"", str(said["logo"])) if "logo" in said else None
    return Letterhead(**words, logo=logo)


def _unusable(name: str, message: str) -> UsageError:
    return UsageError(Problem(Location(name), Level.ERROR, message, "file"))
