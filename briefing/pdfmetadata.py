"""XMP, the metadata of a PDF → the texts in it that viewers show, such as a title.

It is read as XML, so that what a prefix, a reference or a section stands for is what counts. A document type, which
could unfold, is refused.
"""

from __future__ import annotations

from xml.parsers import expat

__all__ = ["MOST_BYTES", "Unread", "metadata_texts"]

MOST_BYTES = 1_000_000
"""Of metadata. Those of a brief have 3,000."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_XMP = "http://ns.adobe.com/xap/1.0/"
# What is no text for readers: what a file is, and what programs write when it is saved. All else is shown somewhere.
_OF_PROGRAMS = frozenset(
    (
        "http://ns.adobe.com/xap/1.0/mm/",
        "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
        "http://ns.adobe.com/xap/1.0/sType/ResourceRef#",
        "http://www.aiim.org/pdfa/ns/extension/",
        "http://www.aiim.org/pdfa/ns/id/",
        "http://www.aiim.org/pdfa/ns/property#",
        "http://www.aiim.org/pdfa/ns/schema#",
        "http://www.aiim.org/pdfua/ns/id/",
    )
)
_NO_TEXT = frozenset(
    (
        *(f"{_RDF} {name}" for name in ("about", "datatype", "ID", "nodeID", "parseType", "resource")),
        *(f"{_DUBLIN_CORE} {name}" for name in ("date", "format", "identifier")),
        *(f"{_XMP} {name}" for name in ("CreateDate", "CreatorTool", "MetadataDate", "ModifyDate")),
        "adobe:ns:meta/ xmptk",
        "http://ns.adobe.com/pdf/1.3/ PDFVersion",
        "http://ns.adobe.com/pdf/1.3/ Producer",
        "http://www.w3.org/XML/1998/namespace lang",
        "about",
    )
)


class Unread(Exception):
    """Why these metadata are none that can be read."""


def metadata_texts(data: bytes) -> list[str]:
    """The texts, each once; Unread where it is no XML, or more than any brief has."""
    if len(data) > MOST_BYTES:
        raise Unread("too large")
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data.strip(b"\0"), True)
    except expat.ExpatError as error:
        raise Unread("no XML") from error
    except (LookupError, ValueError) as error:  # an encoding that Python does not know
        raise Unread("no XML") from error
    return [*reader.found]


class _Reader:
    def __init__(self) -> None:
        self.open: list[tuple[bool, list[str]]] = []
        self.found: dict[str, None] = {}

    def doctype(self, *_: object) -> None:
        raise Unread("a document type")

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        # A list is what its property is.
        of_programs = (name.startswith(_RDF) and bool(self.open) and self.open[-1][0]) or _is_of_programs(
            name
        )
        self.open.append((of_programs, []))
        for key, value in attributes.items():
            if not (of_programs or _is_of_programs(key)):
                self.note(value)

    def end(self, _: str) -> None:
        of_programs, pieces = self.open.pop()
        if not of_programs:
            self.note("".join(pieces))

    def text(self, piece: str) -> None:
        self.open[-1][1].append(piece)

    def note(self, text: str) -> None:
        if text.strip():
            self.found[text.strip()] = None


def _is_of_programs(name: str) -> bool:
    return name in _NO_TEXT or name.rpartition(" ")[0] in _OF_PROGRAMS
