"""An audience that there is → the template of another one like it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from briefing.audience import (
    GENERIC,
    SUFFIX,
    ContractModel,
    Templates,
    audience_names,
    contract_of,
    is_audience_name,
    read_templates,
    template_file,
)
from briefing.comments import comment_spans
from briefing.errors import Level, LoadError, Location, Problem, UsageError, did_you_mean
from briefing.house import shipped_house

__all__ = ["NewAudience", "new_audience"]

_KEY = re.compile(r"^title[ \t]*:.*\n(?:[ \t]+.*\n|\n)*", re.MULTILINE)
_CLAIM = re.compile(r"\{%[-+]?\s*claim\b")
_HINT = """\
# Made like {like}. Edit the title, who reads it (readers), and what it may print (stance, kinds,
# require, max_pages); then the sections below. All that can be said here: briefing help audiences
"""


@dataclass(frozen=True, slots=True)
class NewAudience:
    """A template to be written: `like` is the audience that it was made from, `claims` whether it has any of that."""

    path: Path
    content: bytes
    like: str
    claims: bool


def new_audience(folder: Path, name: str, like: str | None = None) -> NewAudience:
    """The template of the audience `name`, made from that of `like`, or of the nearest by name.

    UsageError for a name that cannot be, and for one to be like that there is not; LoadError where its file is faulty.
    """
    if not is_audience_name(name):
        message = f'"{name[:80]}" is no name for an audience: small letters, digits and hyphens, 64 at most'
        raise UsageError(Problem(Location("command line"), Level.ERROR, message, "usage"))
    templates = read_templates(folder / "templates", str(folder / "templates"), shipped_house())
    names = audience_names(templates, generic=False)
    own = [other for other in names if other != name and is_audience_name(other)]
    known = sorted({*own, *audience_names(templates, generic=True)})
    if like is not None and like not in known:
        message = f'there is no audience "{like}"{did_you_mean(like, known)}'
        raise UsageError(Problem(Location("command line"), Level.ERROR, message, "unknown-audience"))
    chosen = like or max(known, key=lambda other: _likeness(name, other))
    text = _copied(templates, chosen, name) if chosen in own else _extending(chosen, name)
    path = folder / "templates" / f"{name}{SUFFIX}"
    return NewAudience(path, text.encode(), chosen, _has_claims(text))


def _has_claims(text: str) -> bool:
    found = [match.start() for match in _CLAIM.finditer(text)]
    spans = list(comment_spans(text))
    return any(not any(begin <= at < end for begin, end in spans) for at in found)


def _likeness(name: str, other: str) -> float:
    """`staff-memo` is nearer to `congressional-memo`, with which it shares a word, than to `staff-wide`."""
    words = set(name.split("-")) & set(other.split("-"))
    return len(words) + difflib.SequenceMatcher(None, name, other, autojunk=False).ratio()


def _title(name: str) -> str:
    return name.replace("-", " ").strip().capitalize()


def _extending(like: str, name: str) -> str:
    """A generic audience stays where it is; what is new is what the new one says otherwise."""
    front = f"title: {_title(name)}\n{_HINT.format(like=like)}"
    return f'---\n{front}---\n{{% extends "{GENERIC}{like}{SUFFIX}" %}}\n'


def _copied(templates: Templates, like: str, name: str) -> str:
    file = templates[like + SUFFIX]
    faults = file.problems or contract_of(file, ContractModel)[1]
    if faults:
        raise LoadError(faults)
    line = f"title: {_title(name)}\n"
    front, changed = _KEY.subn(lambda found: line, file.front, count=1)
    front = (front if changed else line + front) + _HINT.format(like=like)
    blank = file.front.count("\n") + 1 if file.front else 0
    text = f"---\n{front}---{_body(file.body, blank)}"
    said, problems, _ = contract_of(template_file(text.encode(), file.path), ContractModel)
    if problems or said.get("title") != _title(name):  # a contract in braces, or a title in a form of its own
        message = f"its title cannot be changed by a program; copy it to {name}{SUFFIX} by hand"
        raise UsageError(Problem(Location(file.path), Level.ERROR, message, "template-front-matter"))
    return text


def _body(body: str, blank: int) -> str:
    """The body without the lines that were left blank for the contract."""
    return body[blank:] if blank else f"\n{body}"
