"""A file that a user names → its references; the format is told by what stands in it, or by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from briefing.load import read_file
from briefing.references.bibtex import read_bibtex
from briefing.references.csljson import read_csl_json
from briefing.references.faulty import Lines, refused
from briefing.references.model import Reference
from briefing.references.ris import read_ris

__all__ = ["READERS", "read_references"]

# Ten thousand references with their abstracts have so much.
_MOST_BYTES: Final = 20_000_000

READERS: Mapping[str, Callable[[str, str], tuple[Reference, ...]]] = MappingProxyType(
    {"csl-json": read_csl_json, "bibtex": read_bibtex, "biblatex": read_bibtex, "ris": read_ris}
)
"""Format → what reads its text, from the file at a path."""

_SUFFIXES: Final = {".json": "csl-json", ".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris"}
_HEAD: Final = 200_000
_SIGNS: Final = (
    ("csl-json", re.compile(r"\s*+[\[{]")),
    ("ris", re.compile(r"(?:.*\n)??[ \t]*TY  ?-", re.MULTILINE)),
    ("bibtex", re.compile(r"[ \t]*@[A-Za-z]+\s*[{(]", re.MULTILINE)),
)


def read_references(path: str, format: str | None = None) -> tuple[Reference, ...]:
    """The references in a file, `-` for standard input. UsageError, LoadError with all that is wrong with it."""
    shown = "standard input" if path == "-" else path
    text = _text(read_file(path, _MOST_BYTES + 1), shown)
    return READERS[format or _format(text, path, shown)](text, shown)


def _text(data: bytes, path: str) -> str:
    if len(data) > _MOST_BYTES:
        message = f"is larger than {_MOST_BYTES // 1_000_000} MB; export only the works that you need"
        raise refused(path, message, "import-size")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        raise refused(path, "is UTF-16 or UTF-32, or no text at all; export it as UTF-8", "import-encoding")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Lines(data[: error.start].decode("utf-8", "replace")).place(error.start)
        message = f"byte {data[error.start]:#04x} is not UTF-8; export it as UTF-8"
        raise refused(path, message, "import-encoding", place[0]) from None


def _format(text: str, path: str, shown: str) -> str:
    head = text[:_HEAD]
    if _SIGNS[0][1].match(head):
        return "csl-json"
    for format, sign in _SIGNS[1:]:
        if any(sign.match(line) for line in head.splitlines()):
            return format
    suffix = PurePath(path).suffix.lower()
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    message = "is neither CSL-JSON, BibTeX nor RIS as far as can be told; say which with --from"
    raise refused(shown, message, "import-format")
