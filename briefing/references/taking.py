"""The fields of a reference, one by one, as another program wrote them → a `Reference` that the facts file can hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from briefing.errors import Location
from briefing.facts import Name
from briefing.references.dating import edtf, exact_day, read_date
from briefing.references.model import Reference
from briefing.scalars import MAX_TEXT, check_text, check_url
from briefing.textguard import forbidden_characters

__all__ = ["Taking"]

_MOST_AUTHORS: Final = 200
_MOST_LOST: Final = 20
# Before it is cleaned; what is longer is no text for a source, however much of it is seen.
_LONGEST_SEEN: Final = 20_000
_BREAKS: Final = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
# Those that programs and web pages leave in titles, in one go; `forbidden_characters` looks for all others.
_INVISIBLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_LINES: Final = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_SCHEME: Final = re.compile(r"^https?://", re.IGNORECASE)
_DOI: Final = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)


class Taking:
    """A reference while it is read. What cannot be taken over is noted by the name that it has in its file."""

    def __init__(self, at: Location, key: str, type: str, *, cited: bool = False) -> None:
        self.at = at
        self.key = _shown_key(key)
        self.cited = cited
        self.type = type
        self.fields: dict[str, Any] = {}
        self.notes: list[str] = []

    def lose(self, name: str, why: str = "") -> None:
        """Note that a field is left behind."""
        name = _seen(name)[0][:60] or "?"
        self.notes.append(f"{name} ({why})" if why else name)

    def text(self, field: str, name: str, value: str) -> None:
        """A text; an empty one is as good as none."""
        long = len(value) > _LONGEST_SEEN
        value, cleaned = _seen(value)
        if not value:
            return
        if long or len(value) > MAX_TEXT:
            self.lose(name, f"longer than {MAX_TEXT:,} characters")
        elif self._checked(field, name, value, check_text) and cleaned:
            self.lose(f"invisible characters in {name}")

    def url(self, name: str, value: str) -> None:
        """A web address, its scheme in small letters as a facts file has it; of any other nothing is kept."""
        # Lines of a bibliography break in the midst of one; a blank within a line belongs to no address.
        value, cleaned = _seen(_LINES.sub("", value))
        value = _SCHEME.sub(lambda found: found[0].lower(), value)
        if value and self._checked("url", name, value, check_url, "no web address") and cleaned:
            self.lose(f"invisible characters in {name}")

    def doi(self, name: str, value: str) -> None:
        """A DOI, with or without an address before it."""
        value = _seen(value)[0]
        if found := _DOI.fullmatch(value):
            self._checked("doi", name, found[1], check_text)
        elif value:
            self.lose(name, "no DOI")

    def published(self, name: str, value: str) -> None:
        """A date in any form that `edtf` reads."""
        date, whole = read_date(value)
        shown = f'"{_seen(value)[0][:40]}"'
        if date:
            self.fields["published"] = date
        if date and not whole:
            self.lose(name, f"of {shown} only {date} can be read")
        elif not date and value.strip():
            self.lose(name, f"{shown} is no date that can be read")

    def accessed(self, name: str, value: str) -> None:
        """The day on which it was read."""
        if day := exact_day(edtf(value)):
            self.fields["accessed"] = day
        elif value.strip():
            self.lose(name, "no exact day")

    def author(self, name: str, names: Iterable[Name]) -> None:
        """Who wrote it; names without letters are none."""
        kept: list[Name] = []
        for one in names:
            if len(kept) == _MOST_AUTHORS:
                self.lose(name, f"all after the first {_MOST_AUTHORS}")
                break
            if clean := self._name(name, one):
                kept.append(clean)
        if kept:
            self.fields["author"] = tuple(kept)

    def _name(self, name: str, one: Name) -> Name | None:
        family, given, literal = (_seen(part)[0] for part in (one.family, one.given, one.literal))
        for part in filter(None, (family, given, literal)):
            if not self._checked("", name, part, check_text):
                return None
        if literal or not family:
            literal = literal or given
            return Name(literal=literal) if literal else None
        return Name(family, given)

    def _checked(self, field: str, name: str, value: str, check: Callable[[str], str], why: str = "") -> bool:
        """Keep a value that passes; else note why not."""
        try:
            value = check(value)
        except ValueError as error:
            self.lose(name, why or str(error).partition(";")[0])
            return False
        if field:
            self.fields[field] = value
        return True

    def reference(self) -> Reference:
        """All that was taken."""
        notes = list(dict.fromkeys(self.notes))
        rest = notes[_MOST_LOST:]
        lost = (*notes[:_MOST_LOST], *([f"{len(rest)} more"] if rest else ()))
        return Reference(self.at, self.key, self.type, **self.fields, cited=self.cited, lost=lost)


def _seen(text: str) -> tuple[str, bool]:
    """The text on one line without what no reader sees; and whether there was any of that but white space."""
    text = " ".join(_BREAKS.split(text[:_LONGEST_SEEN])).strip()
    shown = _INVISIBLE.sub("", text)
    offsets = {offset for offset, _ in forbidden_characters(shown)}
    if not offsets and shown == text:
        return text, False
    kept = "".join(character for place, character in enumerate(shown) if place not in offsets)
    # What was joined by one of them may now stand alone: a joiner beside it.
    offsets = {offset for offset, _ in forbidden_characters(kept)}
    kept = "".join(character for place, character in enumerate(kept) if place not in offsets)
    return " ".join(kept.split(" ")).strip(), True


def _shown_key(key: str) -> str:
    return _seen(key[:200])[0]
