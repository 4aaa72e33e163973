"""RIS, the lines of tag and value that databases and EndNote export → references.

Own code, since it is lines of a tag and a value: a reader of them that says no line numbers would save little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from briefing.facts import Name
from briefing.references.dating import edtf
from briefing.references.faulty import MOST_REFERENCES, Faults, refused
from briefing.references.kinds import UNKNOWN, type_of_ris
from briefing.references.model import Reference
from briefing.references.taking import Taking

__all__ = ["read_ris"]

_LINE: Final = re.compile(r"[ \t]*([A-Z][A-Z0-9])  ?-(?: (.*)|)")
_TEXTS: Final = {"PB": "publisher", "VL": "volume", "IS": "issue"}
_TITLES: Final = ("TI", "T1", "CT")
_CONTAINERS: Final = ("T2", "JO", "JF", "BT", "J2", "JA", "J1")
_PARTS_OF_A_BOOK: Final = ("chapter", "paper-conference", "entry-encyclopedia", "entry-dictionary")
_DATES: Final = ("DA", "Y1", "PY")
# Where Zotero and EndNote write what a work is called by.
_NUMBERS: Final = {
    **dict.fromkeys(("report", "standard"), ("SN", "M1")),
    **dict.fromkeys(("bill", "hearing", "legislation", "regulation", "treaty"), ("M1",)),
    "legal_case": ("SV",),
    "patent": ("SN",),
}
# What stands in journals and papers; their `SN` is an ISSN, or several.
_SERIAL: Final = (
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "periodical",
    "review",
    "review-book",
)
_JOURNALS: Final = re.compile(r"(?:ISSN:? *)?[0-9]{4}-[0-9]{3}[0-9Xx]")
# Not what a longer run of digits begins with: two ISSNs have more of them than an ISBN.
_BOOKS: Final = re.compile(r"(?<![0-9-])(?:97[89][- ]?)?[0-9](?:[- ]?[0-9]){8}[- ]?[0-9Xx](?![0-9Xx-])")
# Two addresses in one value, as EndNote writes them; one that goes on in the next line has no scheme there.
_BETWEEN_ADDRESSES: Final = re.compile(r"[;,]?\s+(?=https?://)", re.IGNORECASE)
# Of a value that goes on over many lines; no field that is taken is longer.
_LONGEST: Final = 5_000
_UNMISSED: Final = frozenset(("ID", "ER", "TY", "ST"))


@dataclass(frozen=True, slots=True)
class _Line:
    tag: str
    value: str
    number: int


def read_ris(text: str, path: str) -> tuple[Reference, ...]:
    """The references in their order. LoadError with all that is wrong with the file."""
    faults = Faults(path)
    found: list[Reference] = []
    for lines in _records(text, faults):
        if len(found) == MOST_REFERENCES:
            raise refused(path, f"has more than {MOST_REFERENCES:,} references; import a part", "import-size")
        found.append(_reference(lines, faults))
    if not found and not faults.problems:
        faults.report('has no reference; in RIS each begins with a line such as "TY  - RPRT"')
    faults.raise_any()
    return tuple(found)


def _records(text: str, faults: Faults) -> Iterator[list[_Line]]:
    """The lines of each reference, from TY to the line before ER."""
    record: list[_Line] = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        found = _LINE.fullmatch(line)
        if found and found[1] == "TY":
            if record:
                faults.report('no "ER  - " ends the reference before this one', number)
            record = [_Line("TY", (found[2] or "").strip(), number)]
        elif found and found[1] == "ER":
            if record:
                yield record
            record = []
        elif record and found:
            record.append(_Line(found[1], (found[2] or "").strip(), number))
        elif record and line.strip():  # a value goes on
            last = record[-1]
            if len(last.value) < _LONGEST:
                record[-1] = _Line(last.tag, f"{last.value} {line.strip()}", last.number)
        elif found:
            faults.report(f'"{found[1]}" stands before a reference has begun with "TY  - "', number)
    if record:
        faults.report(
            f'no "ER  - " ends the reference that begins on line {record[0].number}', record[-1].number
        )


def _reference(lines: list[_Line], faults: Faults) -> Reference:
    values: dict[str, list[str]] = {}
    for line in lines:
        if line.value:
            values.setdefault(line.tag, []).append(line.value)
    said = lines[0].value
    type = type_of_ris(said)
    taking = Taking(faults.at(lines[0].number), values.get("ID", [""])[0], type or UNKNOWN)
    if not type:
        taking.lose(f"TY {said}" if said else "TY", "unknown" if said else "there is none")
    _take(taking, values)
    return taking.reference()


def _take(taking: Taking, values: dict[str, list[str]]) -> None:
    for tag, field in _TEXTS.items():
        _first(taking, values, (tag,), partial(taking.text, field))
    titles = _TITLES if taking.type in _PARTS_OF_A_BOOK else (*_TITLES, "BT")
    _first(taking, values, titles, partial(taking.text, "title"))
    _first(taking, values, _CONTAINERS, partial(taking.text, "container_title"), quiet=True)
    _take_address(taking, values)
    _first(taking, values, ("DO", "DI"), taking.doi)
    _first(taking, values, ("Y2",), taking.accessed)
    _take_date(taking, values)
    _take_pages(taking, values)
    _take_numbers(taking, values)
    taking.author("AU", map(_name, (*values.pop("AU", ()), *values.pop("A1", ()))))
    for tag in values:
        if tag not in _UNMISSED:
            taking.lose(tag)


def _first(
    taking: Taking,
    values: dict[str, list[str]],
    tags: tuple[str, ...],
    take: Callable[[str, str], None],
    *,
    quiet: bool = False,
) -> None:
    """Take the first value of the first tag that has one; what else says the same is not missed."""
    kept = ""
    for tag in tags:
        for value in values.pop(tag, ()):
            if not kept:
                kept = value
                take(tag, value)
            elif value != kept and not quiet:
                taking.lose(tag, "another one")


def _take_address(taking: Taking, values: dict[str, list[str]]) -> None:
    """The first that is a web address."""
    kept = ""
    for tag in ("UR", "LK"):
        for one in (one for value in values.pop(tag, ()) for one in _BETWEEN_ADDRESSES.split(value)):
            if not kept:
                taking.url(tag, "".join(one.split()))  # its lines were put together with blanks
                kept = one if "url" in taking.fields else ""
            elif one != kept:
                taking.lose(tag, "another one")


def _take_date(taking: Taking, values: dict[str, list[str]]) -> None:
    """The date that says most, of those that can be read."""
    said = {tag: found[0] for tag in _DATES if (found := values.pop(tag, None))}
    if said:
        tag = max(said, key=lambda tag: len(edtf(said[tag])))
        taking.published(tag, said[tag])


def _take_pages(taking: Taking, values: dict[str, list[str]]) -> None:
    first, last = (values.pop(tag, [""])[0] for tag in ("SP", "EP"))
    taking.text(
        "page", "SP", first if not last or "-" in first or first == last else f"{first}-{last}".strip("-")
    )


def _take_numbers(taking: Taking, values: dict[str, list[str]]) -> None:
    """`SN` is an ISBN, an ISSN, for which there is no place, or a report's number; laws have theirs elsewhere."""
    tags = _NUMBERS.get(taking.type, ())
    is_book = _BOOKS.fullmatch if "SN" in tags else _BOOKS.search
    may_be_book = taking.type not in _SERIAL
    for value in values.pop("SN", ()):
        if may_be_book and (found := is_book(value)) and "isbn" not in taking.fields:
            taking.text("isbn", "SN", found[0])
        elif "SN" in tags and not _JOURNALS.fullmatch(value):
            values.setdefault("SN", []).append(value)
        else:
            taking.lose("SN")
    _first(taking, values, tags, partial(taking.text, "designation"))


def _name(value: str) -> Name:
    """A person, where something stands behind a comma; EndNote ends the name of a body with one."""
    family, _, given = value.partition(",")
    given = " ".join(given.split()).strip(" ,")
    return Name(family, given) if given else Name(literal=family)
