"""All parts of a PDF, one by one → what acts, what is drawn over its pages, where it leads, what it calls itself.

A viewer obeys an action wherever it stands: behind a bookmark, a link, or another action. So no place is looked up
where one may be; every dictionary of the file is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from briefing.pdfdrawings import unread_drawings
from briefing.pdfmetadata import Unread, metadata_texts
from briefing.pdfobjects import dictionaries, is_stream, resolved

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["Parts", "parts_of", "strange_operation"]

# ISO 32000-2, table 201, without the two that lead somewhere.
_ACTIONS = frozenset(
    "/GoTo3DView /GoToDp /GoToE /GoToR /Hide /ImportData /JavaScript /Launch /Movie /Named /Rendition /ResetForm"
    " /RichMediaExecute /SetOCGState /Sound /SubmitForm /Thread /Trans".split()
)
_LEADING = ("/GoTo", "/URI")
# What acts, is filled in, drawn over a page, or read instead of what stands there.
_STRANGE = frozenset(
    "/AA /AcroForm /ActualText /Base /Collection /Dur /JS /JavaScript /OpenAction /PA /PageLabels /Phoneme /PresSteps"
    " /Renditions /RichMediaContent /Threads /Trans /XFA".split()
)
# What a brief has; whoever writes on one adds another.
_OWN_ANNOTATIONS = ("/Link",)
# Between two letters of a line, in thousandths of their size. In a brief that is 100 at most, where they are spaced; a
# digit is wider than 450.
_WIDEST_MOVE = 300
# What viewers show, read out, or write into the title of a window.
_LABELS = (
    *("/Alt", "/Author", "/Contents", "/E", "/Keywords", "/Lang"),
    *("/Subject", "/Summary", "/T", "/Title"),
)


@dataclass
class Parts:
    """`notes` are the sorts of what no brief has, `links` addresses, `labels` the texts beside those of the pages,
    `described` what attached files are said to be.

    `surplus` are names of attached files that viewers show and that no list of the PDF has.
    """

    notes: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    labels: dict[str, None] = field(default_factory=dict)
    described: dict[str, None] = field(default_factory=dict)
    surplus: tuple[str, ...] = ()


def parts_of(reader: PdfReader, attached: list[str]) -> Parts:
    """What a PDF has; `attached` are the names of its files by its own list."""
    parts = Parts()
    try:
        parts.labels |= dict.fromkeys(_noted(reader))
    except Unread as why:
        parts.notes[f"metadata that cannot be read ({why})"] = None
    shown: tuple[Counter[str], ...] = (Counter(), Counter())
    for one in dictionaries(reader):
        parts.notes |= dict.fromkeys((*_strange(one), *unread_drawings(one)))
        parts.links |= dict.fromkeys(_said(one, "/URI"))
        parts.described |= dict.fromkeys(_said(one, "/Desc"))
        parts.labels |= dict.fromkeys(text for key in _LABELS for text in _said(one, key))
        if "/EF" in one:
            for names, key in zip(shown, ("/F", "/UF"), strict=True):
                names.update([str(one[key])] if key in one else [])
    parts.surplus = tuple(dict.fromkeys(name for names in shown for name in names - Counter(attached)))
    return parts


def _said(one: Mapping[str, Any], key: str) -> Iterator[str]:
    """The text that stands there, also where it is in no encoding that a PDF knows."""
    value = one.get(key)
    if isinstance(value, (str, bytes)):
        yield value if isinstance(value, str) else value.decode("latin-1")


def _strange(one: Mapping[str, Any]) -> Iterator[str]:
    yield from sorted(_STRANGE & one.keys())
    if len({id(content) for content in resolved(one.get("/EF")).values()}) > 1:
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
        width = resolved(one["/BS"]).get("/W", 1) if "/BS" in one else 0
        if width or {"/AP", "/C"} & one.keys() or any(one.get("/Border") or ()):
            yield f"{sort} that is drawn"


def strange_operation(operator: bytes, operands: Sequence[Any]) -> Iterator[str]:
    """What no page of a brief has among its drawing: what is read instead, is moved, or can hide words from the reader.

    Of a marked part a brief has the number alone; one that has a name for the rest has it in a dictionary elsewhere.
    """
    if operator == b"INLINE IMAGE":
        yield "a picture in the midst of the text"
    elif operator in (b"BDC", b"DP"):
        said = operands[1] if len(operands) > 1 else None
        yield from sorted(said.keys() - {"/MCID"}) if isinstance(said, Mapping) else ["/Properties"]
    elif operator == b"TJ":
        # 375 is read where 5 and 3 have changed places on the page.
        moves = (one for one in operands[0] if isinstance(one, (int, float)))
        yield from ["letters that are moved"] if any(abs(one) > _WIDEST_MOVE for one in moves) else []


def _noted(reader: PdfReader) -> list[str]:
    """Title, author and subject in the metadata, and what else stands there; Unread where that cannot be told."""
    metadata = resolved(reader.root_object).get("/Metadata")
    return metadata_texts(metadata.get_data()) if is_stream(metadata) else []
