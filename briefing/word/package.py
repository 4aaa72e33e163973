"""Parts of a document, as XML → the bytes of a .docx file, the same for the same parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.oxml.parser import parse_xml
from docx.package import Package

from briefing.word.picture import Picture

__all__ = ["Piece", "packed"]

# The first day that a ZIP archive can name.
_DAY = (1980, 1, 1, 0, 0, 0)
_KINDS = {
    "styles": (CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES),
    "numbering": (CONTENT_TYPE.WML_NUMBERING, RELATIONSHIP_TYPE.NUMBERING),
    "settings": (CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS),
    "fontTable": (CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE),
    "theme": (CONTENT_TYPE.OFC_THEME, RELATIONSHIP_TYPE.THEME),
    "header": (CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER),
    "footer": (CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the document: the name of its file, by which the document refers to it, what it is, and its XML."""

    name: str
    kind: str
    xml: str


def packed(
    document: str,
    pieces: Sequence[Piece],
    links: Mapping[str, str],
    pictures: Mapping[str, Picture],
    properties: str,
) -> bytes:
    """The whole document. `links` are addresses; they and the pictures have the ids by which it refers to them.

    It is put together from nothing: python-docx's own template has an author, a preview and 160 styles of no use here.
    """
    package = Package()
    main = _part(package, "/word/document.xml", CONTENT_TYPE.WML_DOCUMENT_MAIN, document)
    package.relate_to(main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    core = _part(package, "/docProps/core.xml", CONTENT_TYPE.OPC_CORE_PROPERTIES, properties)
    package.relate_to(core, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    for piece in pieces:
        content_type, relationship = _KINDS[piece.kind]
        part = _part(package, f"/word/{piece.name}.xml", content_type, piece.xml)
        main.load_rel(relationship, part, piece.name)
    for id, picture in pictures.items():
        name = PackURI(f"/word/media/{id}.{picture.media_type.partition('/')[2]}")
        image = Part(name, picture.media_type, picture.content, package)
        main.load_rel(RELATIONSHIP_TYPE.IMAGE, image, id)
    for id, address in links.items():
        main.load_rel(RELATIONSHIP_TYPE.HYPERLINK, address, id, is_external=True)
    file = io.BytesIO()
    package.save(file)
    return _plain(file)


def _part(package: Package, name: str, content_type: str, xml: str) -> XmlPart:
    return XmlPart(PackURI(name), content_type, parse_xml(xml), package)


def _plain(file: io.BytesIO) -> bytes:
    """The archive without times, in one order, and not compressed: zlib and its replacements differ in their bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist(), key=lambda name: (not name.startswith("[Content_Types]"), name)):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.create_system = 0  # else that of this machine
            new.writestr(entry, old.read(name))
    return made.getvalue()
