"""What WeasyPrint leaves out of a PDF that shall be PDF/UA-1 and PDF/A-3a at once and carry its facts.

Each function says what it mends; all of it was found with validators of both standards.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from briefing.carried import Attachment

__all__ = ["attached", "describe", "finish"]

# ISO 19005-3, 6.6.2.3.3: a property that its own schemas do not have must be explained in the file.
_ABOUT = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">\
<dc:identifier>{identifier}</dc:identifier></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def attached(weasyprint: Any, files: Sequence[Attachment], day: str) -> list[Any]:
    """The files as WeasyPrint takes them, of a fixed date (`2026-01-27`): by default it writes the time into them."""
    date = datetime.datetime.fromisoformat(day)
    return [
        weasyprint.Attachment(
            string=file.content,
            name=file.name,
            description=file.description,
            created=date,
            modified=date,
            relationship="Source",
        )
        for file in sorted(files, key=lambda file: file.name)  # readers search the names by halves
    ]


def describe(document: Any, identifier: str) -> None:
    """Let the document say that it is PDF/UA as well, which a variant of PDF/A does not, and what it was made of."""
    plain = document.metadata.generate_rdf_metadata

    def with_more(*arguments: Any) -> bytes:
        rdf: bytes = plain(*arguments)
        body, end, _ = rdf.rpartition(b"</")
        return (
            body + _ABOUT.format(identifier=escape(identifier)).encode() + end + rdf[len(body) + len(end) :]
        )

    document.metadata.generate_rdf_metadata = with_more


def finish(document: Any, pdf: Any) -> None:
    """What can only be mended in the finished file."""
    _describe_links(document)
    _name_files_once(pdf)
    _keep_metadata_readable(pdf)


def _describe_links(document: Any) -> None:
    """Let a link's description be its words; WeasyPrint writes the name of its target (`e-ready-to-sign`)."""
    from pydyf import String

    for page in document.pages:
        for _, _, _, box in page.links:
            words = " ".join("".join(box.element.itertext()).split())
            if words and box.link_annotation is not None:  # None: it leads nowhere, and the log says so
                box.link_annotation["Contents"] = String(words)


def _name_files_once(pdf: Any) -> None:
    """WeasyPrint lists each attached file twice among those that belong to the document."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def _keep_metadata_readable(pdf: Any) -> None:
    """ISO 14289-1, 7.1 wants nothing of it, but tools that sort files look for metadata without unpacking them."""
    number = int(pdf.catalog["Metadata"].split()[0])
    pdf.objects[number].compress = False
