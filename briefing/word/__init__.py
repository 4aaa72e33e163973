"""Edition → a document for Word: its own headings, lists, tables and links, in styles that an office can change."""

from __future__ import annotations

import re
from urllib.parse import quote

from babel.core import get_global

from briefing.edition import Edition
from briefing.errors import BriefingError, Level, Location, Problem
from briefing.letterhead import FILE, Letterhead, Logo
from briefing.word.look import WIDTH, font_table, numbering, settings, styles, theme
from briefing.word.markup import NAMESPACES, Look, escaped, paragraph, run
from briefing.word.package import Piece, packed
from briefing.word.picture import Picture, picture, shown_picture
from briefing.word.writing import Writer

__all__ = ["word"]

_PAPER = {"letter": (12_240, 15_840), "a4": (11_906, 16_838)}
_LOGO = "logo"
# Inches, as in the style sheet of the house.
_LARGEST_LOGO = (2.2, 0.7)
# Letters of stance and date; a date is not broken over two lines.
_ON_ONE_LINE = 84
_TAB = "<w:r><w:tab/></w:r>"
_LINE = "<w:r><w:br/></w:r>"


def word(edition: Edition) -> bytes:
    """The whole document. BriefingError where the logo cannot be drawn."""
    head = edition.letterhead
    language, width = _language(edition.lang), WIDTH[head.paper]
    logo = _logo(head.logo) if head.logo else None
    writer = Writer(width, edition.tongue)
    body = _frame(edition, logo) + writer.body(edition.body) + writer.appendix(edition.appendix)
    pieces = (
        Piece("styles", "styles", styles(language, width)),
        Piece("numbering", "numbering", numbering(writer.starts)),
        Piece("settings", "settings", settings(language)),
        Piece("fontTable", "fontTable", font_table()),
        Piece("theme1", "theme", theme()),
        Piece("header1", "header", _header(paragraph("Marking", run(head.marking)) if head.marking else "")),
        Piece("header2", "header", _header(_running_head(edition))),
        Piece("footer1", "footer", _footer(head, edition.tongue.page_of)),
        Piece("footer2", "footer", _footer(head, edition.tongue.page_of)),
    )
    links = {id: _address(address) for address, id in writer.links.items()}
    document = f"<w:document {NAMESPACES}><w:body>{body}{_section(head)}</w:body></w:document>"
    pictures = {**({_LOGO: logo} if logo else {}), **writer.pictures}
    return packed(document, pieces, links, pictures, _properties(edition, language))


def _language(lang: str) -> str:
    """A language with its country, `en-US`: Word checks spelling by both."""
    if "-" in lang:
        return lang
    likely = get_global("likely_subtags").get(lang, lang).split("_")
    return f"{likely[0]}-{likely[-1]}"


def _address(address: str) -> str:
    """An address as RFC 3986 has it: Word refuses a whole document for one that it cannot read."""
    return re.sub("%(?![0-9A-Fa-f]{2})", "%25", quote(address, safe="-._~:/?#[]@!$&'()*+,;=%"))


def _logo(logo: Logo) -> Picture:
    try:
        return picture(logo.media_type, logo.content, *_LARGEST_LOGO)
    except ValueError as error:
        place = Location(f"templates/house/{FILE}")
        raise BriefingError(Problem(place, Level.ERROR, f"the logo {error}", "template-house")) from None


# --- the frame ------------------------------------------------------------------------------------


def _frame(edition: Edition, logo: Picture | None) -> str:
    together = len(edition.stance_line) + len(edition.as_of_line) <= _ON_ONE_LINE
    gap = run("\N{EM SPACE}") if together else _LINE
    stance = run(edition.stance_line) + gap + run(edition.as_of_line, Look("AsOf"))
    memo = (
        paragraph("Memo", run(label, Look("MemoLabel")) + _TAB + run(text)) for label, text in edition.memo
    )
    return (
        _sender(edition.letterhead, logo)
        + paragraph("Subtitle", run(edition.kicker))
        + paragraph("Title", run(edition.title))
        + paragraph("Stance", stance)
        + "".join(memo)
    )


def _sender(head: Letterhead, logo: Picture | None) -> str:
    """Who writes. Name and address are one paragraph, below which a line stands."""
    shown = paragraph("Logo", shown_picture(logo, _LOGO, 1, head.logo.alt)) if logo and head.logo else ""
    name = run(head.office, Look("Office")) if head.office else ""
    words = _LINE.join(filter(None, (name, run(head.address) if head.address else "")))
    return shown + (paragraph("Letterhead", words) if words else "")


# --- every page -----------------------------------------------------------------------------------


def _section(head: Letterhead) -> str:
    """The pages: their size, their margins, and what stands above and below; the first has another head."""
    wide, high = _PAPER[head.paper]
    return (
        "<w:sectPr>"
        '<w:headerReference w:type="first" r:id="header1"/><w:headerReference w:type="default" r:id="header2"/>'
        '<w:footerReference w:type="first" r:id="footer1"/><w:footerReference w:type="default" r:id="footer2"/>'
        f'<w:pgSz w:w="{wide}" w:h="{high}"/><w:pgMar w:top="1130" w:right="1440" w:bottom="1210" w:left="1440"'
        ' w:header="620" w:footer="650" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )


def _header(content: str) -> str:
    return f"<w:hdr {NAMESPACES}>{content or paragraph('Header', '')}</w:hdr>"


def _running_head(edition: Edition) -> str:
    return paragraph("Header", run(edition.document_title) + _TAB + run(edition.as_of_line))


def _footer(head: Letterhead, page_of: tuple[str, str]) -> str:
    marking = run(head.marking, Look("MarkingBelow")) if head.marking else ""
    page_word, of = page_of
    page = run(f"{page_word} ") + _counted("PAGE") + run(f" {of} ") + _counted("NUMPAGES")
    return f"<w:ftr {NAMESPACES}>{paragraph('Footer', marking + _TAB + page)}</w:ftr>"


def _counted(what: str) -> str:
    """A number that Word works out when it shows the page."""
    return f'<w:fldSimple w:instr=" {what} ">{run("1")}</w:fldSimple>'


# --- what the file says about itself --------------------------------------------------------------


def _properties(edition: Edition, language: str) -> str:
    made = edition.carried
    said = {
        "dc:title": edition.document_title,
        "dc:subject": edition.description,
        "dc:creator": edition.author,
        "dc:description": f"briefing {made.version} {made.identifier}" if made.identifier else "",
        "dc:identifier": made.identifier,
        "dc:language": language,
    }
    elements = "".join(f"<{name}>{escaped(text)}</{name}>" for name, text in said.items() if text)
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{edition.as_of}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{elements}{times}</cp:coreProperties>'
    )
