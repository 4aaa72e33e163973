"""A dictionary of a PDF → the drawings in it whose words a viewer shows, and pypdf's `extract_text` passes over.

What is drawn is told by where it is named, not by what it calls itself. It reads the words of a page and of the
drawings that are shown on it, with the fonts that each of them names. It does not read those of patterns, of masks and
of letters that are drawings; and a viewer looks for a font that is not named among those of the page, or takes
Helvetica.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from briefing.pdfobjects import is_stream, resolved

__all__ = ["unread_drawings"]

# Without bounds of words: what ends one, viewers do not agree on. WeasyPrint's names of colours and states have none.
_WRITES = re.compile(rb"BT|Tj|TJ|['\"]")
_SAYS = re.compile(_WRITES.pattern + rb"|BDC|DP")
_SHOWS = re.compile(rb"/([A-Za-z0-9_.-]+)\s+Do\b")


def unread_drawings(one: Mapping[str, Any]) -> Iterator[str]:
    """The sorts of those that one dictionary of the file names; LimitReachedError where one unfolds."""
    if "/Contents" in one:
        named = _resources_of_page(one)
        if not resolved(named.get("/Font")) and _goes_unread(named, _content(one["/Contents"])):
            yield "/Page with no fonts of its own"
    if "/CharProcs" in one:
        yield "/Type3 font"
    for drawing in filter(is_stream, resolved(one.get("/XObject")).values()):
        own = resolved(drawing)
        if own.get("/Subtype") != "/Image" and _goes_unread(
            resolved(own.get("/Resources")), drawing.get_data()
        ):
            yield "/Form with the fonts of others"
    for pattern in filter(is_stream, resolved(one.get("/Pattern")).values()):
        if _has_words(pattern, set()):
            yield "/Pattern that has words"
    mask = resolved(one.get("/SMask")).get("/G")
    if is_stream(mask) and _has_words(mask, set()):
        yield "/SMask that has words"


def _goes_unread(resources: Mapping[str, Any], content: bytes) -> bool:
    """Whether words are shown with fonts that are named elsewhere or nowhere."""
    if not resources:  # nothing of it is read
        return bool(_SAYS.search(content)) or b"Do" in content
    return not resolved(resources.get("/Font")) and bool(_WRITES.search(content))


def _has_words(drawing: Any, seen: set[int]) -> bool:
    """Whether a drawing, or one that it shows, can write. Told, too, where it shows what it does not name itself."""
    if id(drawing) in seen:
        return False
    seen.add(id(drawing))
    data = drawing.get_data()
    named = resolved(resolved(resolved(drawing).get("/Resources")).get("/XObject"))
    shown = {f"/{name.decode()}" for name in _SHOWS.findall(data)}
    if _SAYS.search(data) or len(_SHOWS.findall(data)) != data.count(b"Do") or not named.keys() >= shown:
        return True
    further = (named[name] for name in shown if resolved(named[name]).get("/Subtype") != "/Image")
    return any(_has_words(one, seen) for one in further if is_stream(one))


def _resources_of_page(page: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a page, or of what it stands under."""
    seen: set[int] = set()
    while "/Resources" not in page and "/Parent" in page and id(page["/Parent"]) not in seen:
        seen.add(id(page["/Parent"]))
        page = resolved(page["/Parent"])
    return resolved(page.get("/Resources"))


def _content(value: Any) -> bytes:
    pieces = [piece.get_object() for piece in value] if isinstance(value, list) else [value]
    return b"\n".join(piece.get_data() for piece in pieces if is_stream(piece))
