"""The sources of a facts file → CSL-JSON or BibTeX, for reference managers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from briefing.dates import Date, Point
from briefing.facts import Name, Source
from briefing.references.kinds import NUMBERED, bibtex_type
from briefing.references.latex import as_latex
from briefing.references.rich import with_letters

__all__ = ["LEFT_OUT", "WRITERS"]

LEFT_OUT: Final = ("level", "descriptor", "reliability", "consulted", "derived_from", "archive", "accept")
"""Keys of a source for which neither format has a place."""

Json = dict[str, Any]


def _csl_json(sources: Iterable[Source]) -> str:
    """A list of items, the same for the same sources."""
    return json.dumps([_item(source) for source in sources], ensure_ascii=False, indent=2) + "\n"


def _item(source: Source) -> Json:
    said = {
        "title": with_letters(source.title),
        "author": [_csl_name(name) for name in source.author],
        "publisher": with_letters(source.publisher),
        "container-title": with_letters(source.container_title),
        "volume": with_letters(source.volume),
        "issue": with_letters(source.issue),
        "number": with_letters(source.designation),
        "page": with_letters(source.page),
        "issued": _csl_date(source.published) if source.published else None,
        "accessed": {"date-parts": [list(source.accessed.timetuple()[:3])]} if source.accessed else None,
        "URL": source.url,
        "DOI": source.doi,
        "ISBN": with_letters(source.isbn),
    }
    kept = {key: value for key, value in said.items() if value}
    return {"id": source.id, "citation-key": source.id, "type": source.type, **kept}


def _csl_name(name: Name) -> Json:
    literal, family, given = map(with_letters, (name.literal, name.family, name.given))
    if literal or not family:
        return {"literal": literal or given}
    return {"family": family, **({"given": given} if given else {})}


def _csl_date(date: Date) -> Json:
    """In parts, as most programs read them; as EDTF, where a side is open or uncertain."""
    sides = [date.start, date.end] if "/" in date.text else [date.start]
    points = [side for side in sides if side]
    marks = {point.qualifier for point in points}
    if len(points) < len(sides) or len(marks) > 1 or not marks <= {"", "~"}:
        return {"edtf": date.text, "raw": date.text}
    circa = {"circa": True} if marks == {"~"} else {}
    return {"date-parts": [_parts(point) for point in points], **circa}


def _parts(point: Point) -> list[int]:
    return [part for part in (point.year, point.month, point.day) if part is not None]


_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_PLAIN_NAME: Final = re.compile(r"[^\W\d_][\w.’ -]*")
_PUBLISHER_OF: Final = {"report": "institution", "thesis": "school", "manual": "organization"}
_JOURNALS: Final = ("article", "periodical", "review")


def _bibtex(sources: Iterable[Source]) -> str:
    """An entry for each source; BibLaTeX reads the same."""
    return "\n".join(_entry(source) for source in sources)


def _entry(source: Source) -> str:
    type, subtype = bibtex_type(source.type)
    lines = [f"  {name} = {value}," for name, value in _fields(source, type, subtype) if value]
    return "\n".join((f"@{type}{{{source.id},", *lines, "}", ""))


def _fields(source: Source, type: str, subtype: str) -> Iterator[tuple[str, str]]:
    yield "entrysubtype", _braced(subtype)
    yield "author", f"{{{' and '.join(map(_bibtex_name, source.author))}}}" if source.author else ""
    yield "title", _braced(_braced(as_latex(source.title)))  # twice, or BibTeX makes its capitals small
    yield "journal" if type in _JOURNALS else "booktitle", _braced(as_latex(source.container_title))
    yield _PUBLISHER_OF.get(type, "publisher"), _braced(as_latex(source.publisher))
    yield "volume", _braced(as_latex(source.volume))
    yield "number" if type in _JOURNALS else "issue", _braced(as_latex(source.issue))
    yield ("number" if source.type in NUMBERED else "reportnumber"), _braced(as_latex(source.designation))
    yield "pages", _braced(re.sub(r"(?<=[0-9])-(?=[0-9])", "--", as_latex(source.page)))
    if source.published:
        yield from _bibtex_date(source.published)
    yield "url", _braced(_balanced(source.url))
    yield "doi", _braced(_balanced(source.doi))
    yield "isbn", _braced(as_latex(source.isbn))
    yield "urldate", _braced(source.accessed.isoformat() if source.accessed else "")


def _braced(text: str) -> str:
    return f"{{{text}}}" if text else ""


def _balanced(address: str) -> str:
    """An address whose braces, where one alone would end the field, are written as in addresses."""
    if address.count("{") == address.count("}"):
        return address
    return address.replace("{", "%7B").replace("}", "%7D")


def _bibtex_name(name: Name) -> str:
    if name.literal or not name.family:
        return _braced(as_latex(name.literal or name.given))
    if not name.given:
        return _part(name.family) if " " not in name.family else _braced(as_latex(name.family))
    return f"{_part(name.family)}, {_part(name.given)}"


def _part(text: str) -> str:
    """A part of a name, in braces where BibTeX would part it once more."""
    plain = _PLAIN_NAME.fullmatch(text) and "and" not in text.split()
    return as_latex(text) if plain else _braced(as_latex(text))


def _bibtex_date(date: Date) -> Iterator[tuple[str, str]]:
    """Year and month; and the whole of it for BibLaTeX, where it says more."""
    start = date.start
    if start:
        yield "year", _braced(str(start.year))
        if start.month:
            yield "month", _MONTHS[start.month - 1]
    if not re.fullmatch(r"[0-9]{4}(?:-[0-9]{2})?", date.text):
        yield "date", _braced(date.text)


WRITERS: Mapping[str, Callable[[Iterable[Source]], str]] = MappingProxyType(
    {"csl-json": _csl_json, "bibtex": _bibtex}
)
"""Format → what writes sources in it."""
