"""All parts of a PDF, one by one → what acts, what is drawn over its pages, where it leads, what it calls itself.

A viewer obeys an action wherever it stands: behind a bookmark, a link, or another action. So no place is looked up
where one may be; every dictionary of the file is looked at.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["Parts", "parts_of"]

# ISO 32000-2, table 201, without the two that lead somewhere.
_ACTIONS = frozenset(
    "/GoTo3DView /GoToDp /GoToE /GoToR /Hide /ImportData /JavaScript /Launch /Movie /Named /Rendition /ResetForm"
    " /RichMediaExecute /SetOCGState /Sound /SubmitForm /Thread /Trans".split()
)
_LEADING = ("/GoTo", "/URI")
# What acts, is filled in, drawn over a page, or read instead of what stands there.
_STRANGE = frozenset(
    "/AA /AcroForm /ActualText /Base /Collection /Dur /JS /JavaScript /OpenAction /PA /PresSteps /Renditions"
    " /RichMediaContent /Threads /Trans /XFA".split()
)
# What a brief has; whoever writes on one adds another.
_OWN_ANNOTATIONS = ("/Link",)
# What viewers show, read out, or write into the title of a window.
_LABELS = ("/Alt", "/Author", "/Contents", "/Keywords", "/Lang", "/Subject", "/Title")
_WRITES = re.compile(rb"\bBT\b")
_NOTED = re.compile(rb"<rdf:li[^>]*>([^<]*)</rdf:li>")


@dataclass
class Parts:
    """`notes` are the sorts of what no brief has, `links` addresses, `labels` the texts beside those of the pages.

    `surplus` are names of attached files that viewers show and that no list of the PDF has.
    """

    notes: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    labels: dict[str, None] = field(default_factory=dict)
    surplus: tuple[str, ...] = ()


def parts_of(reader: PdfReader, attached: list[str]) -> Parts:
    """What a PDF has; `attached` are the names of its files by its own list."""
    parts = Parts(labels=dict.fromkeys(_noted(reader)))
    shown: tuple[Counter[str], ...] = (Counter(), Counter())
    for one in _dictionaries(reader):
        parts.notes |= dict.fromkeys((*_strange(one), *_unread(one)))
        if "/URI" in one and one.get("/S") == "/URI":
            parts.links[str(one["/URI"])] = None
        if "/EF" in one:
            for names, key in zip(shown, ("/F", "/UF"), strict=True):
                names.update([str(one[key])] if key in one else [])
        parts.labels |= dict.fromkeys(str(one[key]) for key in _LABELS if isinstance(one.get(key), str))
    parts.surplus = tuple(dict.fromkeys(name for names in shown for name in names - Counter(attached)))
    return parts


def _strange(one: Any) -> Iterator[str]:
    yield from sorted(_STRANGE & one.keys())
    held = one.get("/EF")
    if held and len({value.idnum for value in map(held.get_object().raw_get, held.get_object())}) > 1:
        yield "/EF of two contents"
    does = str(one.get("/S"))
    if does in _ACTIONS:
        yield does
    elif does in _LEADING and ("/Next" in one or "/F" in one):
        yield f"{does} that goes on"
    sort = str(one.get("/Subtype"))
    if "/Rect" in one and "/Subtype" in one:
        if sort not in _OWN_ANNOTATIONS:
            yield sort
        # A link of ours is a rectangle that nobody sees: one that is drawn can cover the words below it.
        border = one.get("/BS")
        width = border.get_object().get("/W", 1) if border else 0
        if width or {"/AP", "/C"} & one.keys() or any(one.get("/Border") or ()):
            yield f"{sort} that is drawn"


def _unread(one: Any) -> Iterator[str]:
    """Drawings whose words a viewer shows and `extract_text` passes over; LimitReachedError where one unfolds."""
    if one.get("/Subtype") == "/Form":
        one.get_data()
        if "/Resources" not in one:
            yield "/Form with the fonts of others"
    elif one.get("/PatternType") == 1 and _WRITES.search(one.get_data()):
        yield "/Pattern that has words"


def _dictionaries(reader: PdfReader) -> Iterator[Any]:
    """Every dictionary of the file, those within others, too; what one points at is an object of its own."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    numbers = {number for numbers in reader.xref.values() for number in numbers} | set(reader.xref_objStm)
    for number in sorted(numbers):
        within = [reader.get_object(IndirectObject(number, 0, reader))]
        while within:
            one = within.pop()
            if isinstance(one, DictionaryObject):
                yield one
                within += (value for _, value in one.items() if not isinstance(value, IndirectObject))
            elif isinstance(one, ArrayObject):
                within += (value for value in list.__iter__(one) if not isinstance(value, IndirectObject))


def _noted(reader: PdfReader) -> Iterator[str]:
    """Title, author and subject in the metadata. Looked for as bytes: XML from anywhere can unfold."""
    stream = reader.root_object.get("/Metadata")
    for found in _NOTED.findall(stream.get_object().get_data() if stream else b""):
        yield html.unescape(found.decode("utf-8", "replace"))
