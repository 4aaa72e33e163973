"""CSL-JSON, as Zotero and most others export it → references."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from briefing.errors import Location
from briefing.facts import Name
from briefing.references.dating import edtf, of_parts
from briefing.references.faulty import MOST_REFERENCES, Faults, Lines, refused
from briefing.references.kinds import UNKNOWN, csl_type
from briefing.references.model import Reference
from briefing.references.rich import without_marks
from briefing.references.taking import Taking

__all__ = ["read_csl_json"]

_SPACE: Final = re.compile(r"[ \t\r\n]*")
# Never missed: names of the entry itself, other forms of what is taken, and where the program has it from.
_UNMISSED: Final = frozenset(
    "id type citation-key categories container-title-short journalAbbreviation shortTitle title-short".split()
)
_NOTHING: Final[tuple[Any, ...]] = (None, "", [], {})
_ZOTERO: Final = (
    'is Zotero\'s own JSON (an item has "itemType"), which is not read; export it from there as CSL JSON'
)
_MOST_TWICE: Final = 20
_TEXTS: Final = {
    "title": "title",
    "publisher": "publisher",
    "container-title": "container_title",
    "volume": "volume",
    "issue": "issue",
    "number": "designation",
    "page": "page",
    "ISBN": "isbn",
}


def read_csl_json(text: str, path: str) -> tuple[Reference, ...]:
    """The references in their order. LoadError with all that is wrong with the file."""
    faults, lines = Faults(path), Lines(text)
    found = []
    for number, (item, offset) in enumerate(_items(text, lines, path)):
        if number == MOST_REFERENCES:
            raise refused(path, f"has more than {MOST_REFERENCES:,} references; import a part", "import-size")
        if _is_of_zotero(item):
            raise refused(path, _ZOTERO, "import-format", *lines.place(offset))
        if isinstance(item, _Object) and not any(value not in _NOTHING for value in item.values()):
            faults.report(f"item {number + 1} is empty; take it out, or say what it is", *lines.place(offset))
        elif isinstance(item, _Object):
            found.append(_reference(item, faults.at(*lines.place(offset))))
        else:
            message = f"item {number + 1} is no reference; each is an object between braces, with a type"
            faults.report(message, *lines.place(offset))
    faults.raise_any()
    return tuple(found)


def _is_of_zotero(item: object) -> bool:
    """Whether an item is as Zotero keeps it itself, or as its web service gives it, inside `data`."""
    inside = item.get("data") if isinstance(item, dict) else None
    return any(isinstance(one, dict) and "itemType" in one and "type" not in one for one in (item, inside))


def _items(text: str, lines: Lines, path: str) -> Iterator[tuple[Any, int]]:
    """Each item of the list with its place; one object is a list of one, and Zotero's `items` are as well one."""
    # A number is taken as it is written: as a float, 1e3 would be 1000.0, and 1e400 inf.
    decoder = json.JSONDecoder(object_pairs_hook=_object, parse_float=str, parse_constant=_no_number)
    place = _after_space(text, 0)
    try:
        if not text.startswith("[", place):
            whole, end = decoder.raw_decode(text, place)
            _nothing_after(text, end, lines, path)
            items = whole.get("items") if isinstance(whole, dict) else None
            yield from ((item, place) for item in (items if isinstance(items, list) else [whole]))
            return
        place = _after_space(text, place + 1)
        while not text.startswith("]", place):
            item, end = decoder.raw_decode(text, place)
            yield item, place
            place = _after_space(text, end)
            if text.startswith(",", place):
                place = _after_space(text, place + 1)
            elif not text.startswith("]", place):
                raise json.JSONDecodeError("Expecting ',' delimiter", text, place)
        _nothing_after(text, place + 1, lines, path)
    except json.JSONDecodeError as error:
        message = f"is no JSON: {error.msg}; export it anew as CSL JSON"
        raise refused(path, message, "import-syntax", *lines.place(error.pos)) from None
    except RecursionError:
        message = "an item is nested deeper than any reference; export it anew as CSL JSON"
        raise refused(path, message, "import-syntax", *lines.place(place)) from None
    except ValueError:  # NaN, or a number of more than 4,300 digits
        message = "an item has a number that no reference has; export it anew as CSL JSON"
        raise refused(path, message, "import-syntax", *lines.place(place)) from None


def _no_number(name: str) -> float:
    """`NaN` and `Infinity` are none, in JSON or in a bibliography."""
    raise ValueError(name)


class _Object(dict[str, Any]):
    """An object, and which keys it has twice, in itself or in what it holds; only the last of them counts."""

    twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    inside = (one for _, value in pairs for one in (value if isinstance(value, list) else [value]))
    twice = {name for one in inside if isinstance(one, _Object) for name in one.twice}
    if len(found) < len(pairs):
        twice.update(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    found.twice = tuple(sorted(twice)[:_MOST_TWICE])
    return found


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _nothing_after(text: str, end: int, lines: Lines, path: str) -> None:
    end = _after_space(text, end)
    if end < len(text):
        message = "something follows the end of the JSON; export it anew as CSL JSON"
        raise refused(path, message, "import-syntax", *lines.place(end))


def _reference(item: _Object, at: Location) -> Reference:
    said = _text(item.get("type"))
    type = csl_type(said)
    key = _text(item.get("citation-key"))
    taking = Taking(at, key or _text(item.get("id")), type or UNKNOWN, cited=bool(key))
    if not type:
        taking.lose(f"type {said}" if said else "type", "unknown" if said else "there is none")
    for name in item.twice:
        taking.lose(name, "given twice")
    for name, value in item.items():
        if value in _NOTHING:
            continue
        if name in _TEXTS:
            _take_text(taking, name, value)
        elif name == "URL":
            taking.url(name, _text(value))
        elif name == "DOI":
            taking.doi(name, _text(value))
        elif name == "author":
            taking.author(name, _names(taking, name, value))
        elif name == "issued":
            taking.published(name, _date(taking, name, value))
        elif name == "accessed":
            taking.accessed(name, _date(taking, name, value))
        elif name not in _UNMISSED:
            taking.lose(name)
    return taking.reference()


def _take_text(taking: Taking, name: str, value: Any) -> None:
    if isinstance(value, (dict, list)):
        taking.lose(name, "no text")
    else:
        taking.text(_TEXTS[name], name, without_marks(_text(value)))


def _text(value: Any) -> str:
    """A text or a number as text; of all else nothing."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return value if isinstance(value, str) else str(value)


def _names(taking: Taking, name: str, value: Any) -> Iterator[Name]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield Name(literal=one)
        elif isinstance(one, dict):
            yield _name(one)
        else:
            taking.lose(name, "no name")


def _name(one: Mapping[str, Any]) -> Name:
    """A name with its particles and its suffix, none of which is lost: `King`, `Martin Luther, Jr.`."""

    def part(key: str) -> str:
        return without_marks(_text(one.get(key))).strip()

    literal, family, given = part("literal"), part("family"), part("given")
    if not family:
        return Name(literal=literal or given)
    family = _beside(part("non-dropping-particle"), family)
    given = " ".join(filter(None, (given, part("dropping-particle"))))
    return Name(family, ", ".join(filter(None, (given, part("suffix")))))


def _beside(particle: str, family: str) -> str:
    """`van` and `Gogh` are two words, `d’` and `Aubignac` one."""
    return particle + ("" if not particle or particle.endswith(("'", "’", "-")) else " ") + family


def _date(taking: Taking, name: str, value: Any) -> str:
    """A date as text: EDTF where it could be read, else as it was written."""
    if not isinstance(value, dict):
        return _text(value)
    if season := _text(value.get("season")):
        taking.lose(f"{name}: season", season)
    about = "~" if value.get("circa") not in (None, False, 0, "", "0", "false") else ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        said = [[_text(part) for part in point] for point in parts if isinstance(point, list)]
        if date := _of_points(taking, name, said, about):
            return date
    written = next(filter(None, (_text(value.get(key)) for key in ("edtf", "raw", "literal"))), "")
    if not written and parts:
        return f"date-parts {parts}"[:60]
    return about + written if edtf(written) else written


def _of_points(taking: Taking, name: str, said: list[list[str]], about: str) -> str:
    """One date, or two as an interval; empty where the first cannot be read. What is not in it is named."""
    said = [said[0], *(point for point in said[1:] if any(part.strip("0 ") for part in point))]
    points = [of_parts(point) for point in said]
    first, *others = (date + about if date else "" for date, _ in points)
    if not first:
        return ""
    both = f"{first}/{others[0]}" if len(others) == 1 and others[0] else ""
    date = both if both and edtf(both) == both else first
    if not all(whole for _, whole in points) or (others and date == first):
        written = "/".join("-".join(point) for point in said)
        taking.lose(name, f'of "{written[:40]}" only {date} can be read')
    return date
