"""BibTeX and BibLaTeX → references. The file is split into entries by bibtexparser; no LaTeX is run."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from briefing.errors import Level, Location, PackageMissing, Problem
from briefing.facts import Name
from briefing.references.dating import edtf
from briefing.references.faulty import MOST_REFERENCES, Faults, refused
from briefing.references.kinds import NUMBERED, UNKNOWN, type_of_bibtex
from briefing.references.latex import plain_text, verbatim
from briefing.references.model import Reference
from briefing.references.taking import Taking

__all__ = ["PACKAGE", "read_bibtex"]

PACKAGE: Final = "'bibtexparser>=2.1,<3'"
"""What pip installs for this format: the extra `bib`."""

# What it says of each entry that it cannot parse is said here, with the place.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
# Of one field once its strings are put together.
_LONGEST: Final = 20_000
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# What parts a value, as bibtexparser sees it.
_SIGNS: Final = re.compile(r"(?<!\\)[{}\"#]")
# Entries, strings and comments; each that does not end takes the parser a moment.
_MOST_BLOCKS: Final = 50_000
_BLOCK: Final = re.compile(r"@\w*[ \t]*[{(]")
_MOST_FIELDS: Final = 200
# Entries in which styles of BibTeX are told what to do.
_CONTROLS: Final = ("control", "ieeetranbstctl")
_CONTAINERS: Final = ("journaltitle", "journal", "booktitle", "maintitle")
_PUBLISHERS: Final = ("publisher", "institution", "school", "organization", "holder")
# Never missed: what only BibTeX and its programs need.
_UNMISSED: Final = frozenset(
    "crossref xref xdata ids options key bibsource biburl timestamp owner entrysubtype sortname sorttitle sortyear"
    " sortkey presort label langid hyphenation shorttitle shortjournal eprinttype archiveprefix primaryclass"
    " eprintclass urldate year month day date date-added date-modified".split()
)


def read_bibtex(text: str, path: str) -> tuple[Reference, ...]:
    """The references in their order. LoadError with all that is wrong with the file; PackageMissing."""
    if sum(1 for _ in _BLOCK.finditer(text)) > _MOST_BLOCKS:
        raise refused(
            path, f"has more than {_MOST_BLOCKS:,} entries and strings; import a part", "import-size"
        )
    faults = Faults(path)
    entries = list(_entries(text, faults))
    if len(entries) > MOST_REFERENCES:
        raise refused(path, f"has more than {MOST_REFERENCES:,} references; import a part", "import-size")
    if not entries and not faults.problems:
        faults.report("has no entry; in BibTeX each begins with a line such as @report{key,")
    faults.raise_any()
    by_key = {entry.key.casefold(): entry for entry in reversed(entries)}
    return tuple(_reference(entry, by_key, faults) for entry in entries)


# --- the file -----------------------------------------------------------------------------------------------


class _Entry:
    """An entry whose strings are put together: type, key, line, and field → LaTeX."""

    def __init__(self, type: str, key: str, line: int) -> None:
        self.type, self.key, self.line = type, key, line
        self.fields: dict[str, str] = {}
        self.twice: list[str] = []
        self.overlong: list[str] = []
        self.malformed: list[tuple[str, int]] = []


def _entries(text: str, faults: Faults) -> Iterator[_Entry]:
    strings: dict[str, str] = {}
    for block, line, failed in _blocks(text, faults.path):
        if failed:
            faults.report(_why(block), line)
        elif hasattr(block, "fields"):
            entry = _entry(block, line, strings)
            for name, at in entry.malformed:
                faults.report(_not_a_value(name, entry), at)
            yield entry
        elif hasattr(block, "key") and hasattr(block, "value"):  # a string
            strings[block.key.casefold()] = _joined(block.value, strings)[0]


def _blocks(text: str, path: str) -> Iterator[tuple[Any, int, bool]]:
    """Entries, strings and what else there is, each with its line, and whether it could not be parsed."""
    try:
        from bibtexparser import model  # an extra; it costs 25 ms
        from bibtexparser.splitter import Splitter
    except ImportError:
        message = f"BibTeX needs a Python package that is missing; run: pip install {PACKAGE}"
        raise PackageMissing(Problem(Location(path), Level.ERROR, message, "system-bib")) from None
    for block in Splitter(text).split().blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, (model.DuplicateBlockKeyBlock, model.DuplicateFieldKeyBlock)):
            yield block.ignore_error_block, line, False  # whether two works are one, their fields tell
        else:
            yield block, line, isinstance(block, model.ParsingFailedBlock)


def _not_a_value(name: str, entry: _Entry) -> str:
    return (
        f"the value of {name[:40]} in @{entry.type}{{{entry.key[:60]} is no text in braces or quotation marks, number"
        " or name; put a comma after each field"
    )


def _why(block: Any) -> str:
    """What the parser had against an entry, and what to do."""
    name = re.match(r"\s*@\s*(\w{1,40})\s*[{(]\s*([^\s,{}()]{0,60})", block.raw or "")
    which = f"@{name[1]}{{{name[2]}" if name else "an entry"
    return (
        f"{which} does not end, or a field of it does not: put a comma after each field, and braces in pairs"
    )


def _entry(block: Any, line: int, strings: Mapping[str, str]) -> _Entry:
    entry = _Entry(str(block.entry_type), str(block.key), line)
    for field in block.fields:
        name = str(field.key).strip().casefold()
        if len(entry.fields) == _MOST_FIELDS:
            entry.overlong.append(f"all after the first {_MOST_FIELDS} fields")
            break
        if name in entry.fields:
            entry.twice.append(name)
            continue
        if not all(map(_is_value, _parts(str(field.value)))):
            entry.malformed.append((name, (field.start_line or 0) + 1))
        entry.fields[name], whole = _joined(str(field.value), strings)
        if not whole:
            entry.overlong.append(name)
    return entry


def _joined(value: str, strings: Mapping[str, str]) -> tuple[str, bool]:
    """The parts of a value between `#`, names of strings replaced by what these say; and whether that is all of it.

    Strings that double one another thirty times are a billion letters, so no more than a field's length is kept.
    """
    found = ""
    for part in _parts(value):
        if part[:1] in ('"', "{"):
            found += part[1:-1]
        elif part.casefold() in strings:
            found += strings[part.casefold()]
        else:
            found += part
        if len(found) > _LONGEST:
            return found[:_LONGEST], False
    return found, True


def _parts(value: str) -> Iterator[str]:
    depth, quoted, start = 0, False, 0
    for found in _SIGNS.finditer(value):
        sign = found[0]
        depth += (sign == "{") - (sign == "}")
        if sign == '"' and not depth:
            quoted = not quoted
        elif sign == "#" and not depth and not quoted:
            yield value[start : found.start()].strip()
            start = found.end()
    yield value[start:].strip()


def _is_value(part: str) -> bool:
    """Whether a part is one: bibtexparser takes what follows a forgotten comma for a part of the value before."""
    if part.startswith("{"):
        return _is_one_group(part)
    if part.startswith('"'):
        return len(part) > 1 and part.endswith('"')
    return not re.search(r"[\s\"{}=]", part)


# --- an entry -----------------------------------------------------------------------------------------------


def _reference(entry: _Entry, by_key: Mapping[str, _Entry], faults: Faults) -> Reference:
    if entry.type in _CONTROLS:
        return Reference(faults.at(entry.line), entry.key, UNKNOWN, f"@{entry.type}", settings=True)
    fields = {name: value for name, value in _inherited(entry, by_key).items() if value.strip()}
    type = type_of_bibtex(entry.type, fields.get("entrysubtype", ""))
    taking = Taking(faults.at(entry.line), entry.key, type or UNKNOWN, cited=True)
    if not type:
        taking.lose(f"@{entry.type}", "unknown")
    for name in entry.twice:
        taking.lose(name, "given twice")
    for name in entry.overlong:
        taking.lose(name, "more than any entry has")
        fields.pop(name, None)
    _take(taking, fields)
    return taking.reference()


def _inherited(entry: _Entry, by_key: Mapping[str, _Entry]) -> dict[str, str]:
    """The fields with those of the book that `crossref` names, whose title is this one's booktitle."""
    parent = by_key.get(entry.fields.get("crossref", "").strip().casefold())
    if parent is None or parent is entry:
        return entry.fields
    above = {
        name: value for name, value in parent.fields.items() if name not in ("crossref", "author", "doi")
    }
    above["booktitle"] = above.pop("title", "")
    if {"date", "year"} & entry.fields.keys():
        above = {name: value for name, value in above.items() if name not in ("date", "year", "month", "day")}
    return {**above, **entry.fields}


def _take(taking: Taking, fields: dict[str, str]) -> None:
    _take_title(taking, fields)
    _take_first(taking, fields, _CONTAINERS, "container_title")
    _take_first(taking, fields, _PUBLISHERS, "publisher")
    for name in ("volume", "isbn"):
        _take_text(taking, name, name, fields.pop(name, ""))
    _take_issue(taking, fields)
    _take_pages(taking, fields)
    _take_addresses(taking, fields)
    _take_dates(taking, fields)
    if "author" in fields:
        taking.author("author", _names(taking, "author", fields.pop("author")))
    for name in fields:
        if name not in _UNMISSED:
            taking.lose(name)


def _take_text(taking: Taking, field: str, name: str, latex: str) -> None:
    text = plain_text(latex)
    if text is None:
        taking.lose(name, "its LaTeX cannot be read")
    else:
        taking.text(field, name, text)


def _take_first(taking: Taking, fields: dict[str, str], names: tuple[str, ...], field: str) -> None:
    """The first of several fields that say nearly the same; the others are missed."""
    name = next((name for name in names if name in fields), "")
    if name:
        _take_text(taking, field, name, fields.pop(name))


def _take_title(taking: Taking, fields: dict[str, str]) -> None:
    title, subtitle = fields.pop("title", ""), fields.pop("subtitle", "")
    if title and subtitle:
        stop = "" if re.search(r"[?!:.]\}*\s*$", title) else ":"
        title = f"{title}{stop} {subtitle}"
    _take_text(taking, "title", "title", title or subtitle)


def _take_issue(taking: Taking, fields: dict[str, str]) -> None:
    """`issue`; and `number`, which is one in a journal, or what a report or a law is called by."""
    if taking.type.startswith("article") or taking.type in ("periodical", "review", "review-book"):
        _take_first(taking, fields, ("number", "issue"), "issue")
    else:
        _take_first(taking, fields, ("issue",), "issue")
    names = ("reportnumber", "number") if taking.type in NUMBERED else ("reportnumber",)
    _take_first(taking, fields, names, "designation")


def _take_pages(taking: Taking, fields: dict[str, str]) -> None:
    pages = next((fields.pop(name) for name in ("pages", "page") if name in fields), "")
    _take_text(taking, "page", "pages", re.sub(r"\s*-{2,3}\s*", "-", pages))


def _take_addresses(taking: Taking, fields: dict[str, str]) -> None:
    taking.doi("doi", verbatim(fields.pop("doi", "")))
    noted = fields.get("howpublished", "")
    if "url" in fields:
        taking.url("url", verbatim(fields.pop("url")))
    elif re.search(r"\\url|^\s*(?i:https?:)", noted):
        taking.url("howpublished", verbatim(fields.pop("howpublished")))
    kind = fields.get("eprinttype", fields.get("archiveprefix", "")).casefold()
    if "url" not in taking.fields and kind == "arxiv" and "eprint" in fields:
        taking.url("eprint", f"https://arxiv.org/abs/{verbatim(fields.pop('eprint'))}")


def _take_dates(taking: Taking, fields: dict[str, str]) -> None:
    read = partial(_date, taking)
    written = read(fields.get("date", ""))
    year, month, day = (read(fields.get(name, "")).strip() for name in ("year", "month", "day"))
    if written:
        taking.published("date", written)
    if "published" not in taking.fields:
        _take_parts(taking, year, month, day)
    taking.accessed("urldate", read(fields.get("urldate", "")))


def _take_parts(taking: Taking, year: str, month: str, day: str) -> None:
    """As many of them as make a date; the others are named."""
    said = {"month": _month(month), "day": day, "year": year}
    for names in (("month", "day", "year"), ("month", "year"), ("year",)):
        written = " ".join(filter(None, (said[name] for name in names)))
        if edtf(written):
            break
    taking.published("year", written)
    for name, value in said.items():
        if value and name not in names:
            taking.lose(name, f'"{value[:40]}" is no {name} that can be read')


def _date(taking: Taking, latex: str) -> str:
    return latex.strip() if re.fullmatch(r"[0-9~?%/.\- ]*", latex) else plain_text(latex) or ""


def _month(month: str) -> str:
    """`jan`, `January`, `1` and `01` as a word; of `12~jan` of the strings the words as they are."""
    if re.fullmatch("0?[1-9]|1[0-2]", month):
        return _MONTHS[int(month) - 1]
    return month.replace("\u00a0", " ")


def _names(taking: Taking, name: str, latex: str) -> Iterator[Name]:
    from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

    if len(latex) > _LONGEST:
        taking.lose(name, "longer than any list of authors")
        return
    for one in split_multiple_persons_names(latex):
        if one.strip() == "others":
            taking.lose(name, "et al.")
            continue
        if _is_one_group(one):
            parts = [one[1:-1], "", ""]
        else:
            found = parse_single_name_into_parts(one, strict=False)
            parts = [
                "",
                " ".join((*found.von, *found.last)),
                ", ".join(filter(None, (" ".join(found.first), " ".join(found.jr)))),
            ]
        texts = [plain_text(part) for part in parts]
        if None in texts:
            taking.lose(name, "its LaTeX cannot be read")
        else:
            literal, family, given = (text or "" for text in texts)
            yield Name(family, given, literal)


def _is_one_group(text: str) -> bool:
    """Whether braces hold the whole text together; such a name is a body."""
    depth = 0
    if not text.startswith("{"):
        return False
    for found in _SIGNS.finditer(text):
        depth += (found[0] == "{") - (found[0] == "}")
        if not depth:
            return found.end() == len(text)
    return False
