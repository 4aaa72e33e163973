"""Blocks → WordprocessingML: paragraphs, lists, tables, links and what they lead to."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from briefing.document import (
    REVISED_SIGNS,
    Block,
    Break,
    Cell,
    Cite,
    Cites,
    Emphasis,
    Entry,
    Figure,
    Heading,
    Inline,
    Inlines,
    Items,
    Jump,
    Link,
    PageRefs,
    Paragraph,
    Quotation,
    Revised,
    Rule,
    Strong,
    Table,
    Text,
    flat,
)
from briefing.figures import drawn
from briefing.tongues import Tongue
from briefing.word.columns import column_widths
from briefing.word.look import DEEPEST_STYLE, list_indent, list_style, numbered
from briefing.word.markup import PLAIN, Look, escaped, paragraph, run
from briefing.word.picture import Picture, picture, shown_picture

__all__ = ["Writer"]

# Citations that share a line; more of them may be broken over two.
_MOST_TOGETHER = 4
_QUOTE_INDENT = 420  # of the style Quote
_LONGEST_NAME = 40  # of a bookmark
_LARGEST_NUMBER = 32_767  # that Word counts to
_LINKED = Look("Hyperlink")
_TWIPS = 1_440  # in an inch
_HIGHEST = 8.0  # of a picture, in inches


@dataclass
class Writer:
    """Writes one document. `width` is that of a line, in twentieths of a point.

    `links` are the addresses that it led to, each with the id of its relationship, `starts` the ordered lists, each
    with its depth and first number, `pictures` what it shows: what the other parts of the document have to hold.
    """

    width: int
    tongue: Tongue
    links: dict[str, str] = field(default_factory=dict)
    starts: list[tuple[int, int]] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    bookmarks: int = 0

    def body(self, blocks: Sequence[Block]) -> str:
        """The body. A bottom line stands in a box, as far as it is paragraphs."""
        parts: list[str] = []
        boxed = False
        for block, following in itertools.zip_longest(blocks, blocks[1:]):
            if isinstance(block, Heading):
                boxed = self.is_bottom_line(block) and isinstance(following, Paragraph)
            else:
                boxed = boxed and isinstance(block, Paragraph)
            if boxed and isinstance(block, Heading | Paragraph):
                style = "BottomLineHeading" if isinstance(block, Heading) else "BottomLine"
                parts.append(paragraph(style, self.inline(block.children)))
            else:
                parts.append(self.block(block))
        return "".join(parts)

    def appendix(self, blocks: Sequence[Block]) -> str:
        """Sources and evidence, on a new page."""
        parts = []
        for place, block in enumerate(blocks):
            if isinstance(block, Heading) and not place:
                parts.append(self.heading(block, "<w:pageBreakBefore/>"))
            elif isinstance(block, Paragraph):
                parts.append(paragraph("SourceSummary", self.inline(block.children)))
            else:
                parts.append(self.block(block))
        return "".join(parts)

    def blocks(self, blocks: Sequence[Block], depth: int) -> str:
        return "".join(self.block(block, depth) for block in blocks)

    def block(self, block: Block, depth: int = 0) -> str:
        """A block that stands in so many lists and quotations."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                style = list_style("Continue", depth) if depth else "BodyText"
                return paragraph(style, self.inline(block.children))
            case Items():
                return self.items(block, depth + 1)
            case Quotation():
                return self.quotation(block, depth)
            case Table():
                return self.table(block, list_indent(depth) if depth else 0)
            case Figure():
                return self.figure(block, list_indent(depth) if depth else 0)
            case Entry():
                return self.entry(block)
            case Rule():
                return paragraph("Rule", "")

    def is_bottom_line(self, heading: Heading) -> bool:
        words = flat(heading.children).strip().casefold()
        return heading.level == 2 and words == self.tongue.headings["Bottom line"].casefold()

    def heading(self, block: Heading, properties: str = "") -> str:
        """The title stands above Word's headings, so a heading of level two is its first."""
        return paragraph(f"Heading{block.level - 1}", self.inline(block.children), properties)

    def items(self, block: Items, depth: int) -> str:
        """A list. Word counts no further than to 32,767; greater numbers are text."""
        first, kind, properties = block.start, "Bullet", ""
        if first is None:
            properties = numbered(1, depth) if depth > DEEPEST_STYLE else ""
        elif first + len(block.items) <= _LARGEST_NUMBER:
            self.starts.append((depth, first))
            kind, properties = "Number", numbered(2 + len(self.starts), depth)
        else:
            kind = "Continue"
        style = list_style(kind, depth)
        return "".join(
            self.item(item, style, properties, f"{first}. " if first and kind == "Continue" else "", depth)
            for first, item in enumerate(block.items, start=first or 0)
        )

    def item(self, blocks: Sequence[Block], style: str, properties: str, lead: str, depth: int) -> str:
        """Its bullet or number stands beside a paragraph, an empty one where the item begins with something else."""
        head, rest = Paragraph(()), blocks
        if blocks and isinstance(blocks[0], Paragraph):
            head, rest = blocks[0], blocks[1:]
        text = self.inline((Text(lead), *head.children))
        return paragraph(style, text, properties) + self.blocks(rest, depth)

    def quotation(self, block: Quotation, depth: int) -> str:
        indent = f'<w:ind w:left="{_QUOTE_INDENT + list_indent(depth)}"/>' if depth else ""
        return "".join(
            paragraph("Quote", self.inline(each.children), indent)
            if isinstance(each, Paragraph)
            else self.block(each, depth + 1)
            for each in block.blocks
        )

    def figure(self, block: Figure, indent: int) -> str:
        """The picture, and the table that says the same, for whoever edits; its citations lead back to the rows."""
        wide = (self.width - indent) / _TWIPS
        svg = drawn(block.drawing, block.alternative, self.tongue, outlined=False)
        self.pictures[block.name] = shown = picture("image/svg+xml", svg.encode(), wide, _HIGHEST)
        number = len(self.pictures) + 1  # the first is the logo's
        inset = f'<w:ind w:left="{indent}"/>' if indent else ""
        caption = paragraph("Caption", self.inline(block.table.caption), inset) if block.table.caption else ""
        above = paragraph("Figure", shown_picture(shown, block.name, number, block.alternative), inset)
        return caption + above + self.table(_anchored(block), indent)

    def table(self, block: Table, indent: int) -> str:
        rows = [block.header, *block.rows]
        numbers = [any(cell.number for cell in column) for column in zip(*rows, strict=True)]
        widths = column_widths(
            [[flat(cell.children) for cell in row] for row in rows], self.width - indent, numbers
        )
        inset = f'<w:ind w:left="{indent}"/>' if indent else ""
        caption = paragraph("Caption", self.inline(block.caption), inset) if block.caption else ""
        named = f'<w:tblCaption w:val="{escaped(flat(block.caption))}"/>' if block.caption else ""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        # Neither the header nor the last row stands alone on a page.
        written = (
            self.row(row, widths, header=not place, keep=place in (0, len(rows) - 2))
            for place, row in enumerate(rows)
        )
        return (
            f'{caption}<w:tbl><w:tblPr><w:tblStyle w:val="PlainTable2"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblInd w:w="{indent}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1"'
            f' w:noVBand="1"/>{named}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(written)}</w:tbl>'
            + paragraph("TableEnd", "")
        )

    def row(self, cells: Sequence[Cell], widths: Sequence[int], *, header: bool, keep: bool) -> str:
        written = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            + paragraph(
                "TableNumber" if cell.number else "TableText",
                self.inline(cell.children),
                "<w:keepNext/>" * keep,
            )
            + "</w:tc>"
            for cell, width in zip(cells, widths, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * header}</w:trPr>{written}</w:tr>"

    # --- the appendix -----------------------------------------------------------------------------

    def entry(self, block: Entry) -> str:
        return self.source(block) if isinstance(block.marker[0], Cites) else self.evidence(block)

    def source(self, block: Entry) -> str:
        citation, *details = block.lines
        return paragraph("Source", self.marker(block, "SourceNumber") + self.inline(citation)) + "".join(
            paragraph("SourceDetail", text) for text in map(self.inline, details) if text
        )

    def evidence(self, block: Entry) -> str:
        """Two paragraphs: what the fact says and is, and all that it rests on."""
        opening, kind, *details = block.lines
        lead = self.marker(block, "EvidenceNumber") + self.inline((*opening, Text(" "), *kind))
        detail = run(" ").join(filter(None, map(self.inline, details)))
        return paragraph("Evidence", lead) + paragraph("EvidenceDetail", detail)

    def marker(self, block: Entry, style: str) -> str:
        return self.bookmark(block.id, run(flat(block.marker).strip(), Look(style))) + "<w:r><w:tab/></w:r>"

    # --- inline parts -----------------------------------------------------------------------------

    def inline(self, parts: Inlines, look: Look = PLAIN) -> str:
        """Neighbouring parts that lead to one place are one link."""
        pieces = itertools.groupby(self.pieces(parts, look, ""), lambda piece: piece[0])
        return "".join(
            f"{link}{''.join(content for _, content in group)}{'</w:hyperlink>' * bool(link)}"
            for link, group in pieces
        )

    def pieces(self, parts: Sequence[Inline], look: Look, link: str) -> Iterator[tuple[str, str]]:
        """Runs, each with the opening tag of the link in which it stands. A citation within a link stands beside it."""
        for part in parts:
            match part:
                case Text():
                    if part.text:
                        yield link, run(part.text, look)
                case Jump():
                    yield _to(part.target), run(part.text, _LINKED)
                case Cites():
                    yield from self.cites(part, look)
                case Emphasis():
                    yield from self.pieces(part.children, replace(look, italic=True), link)
                case Strong():
                    yield from self.pieces(part.children, replace(look, bold=True), link)
                case Link():
                    yield from self.pieces(part.children, replace(look, style="Hyperlink"), self.away(part))
                case Revised():
                    begin, end = REVISED_SIGNS[part.sort]
                    marked = (Text(begin), *part.children, Text(end))
                    yield from self.pieces(marked, replace(look, bold=look.bold or part.sort == "note"), link)
                case Break():
                    yield link, "<w:r><w:br/></w:r>"
                case PageRefs():
                    yield from _back(part, self.tongue)
                case _:
                    assert_never(part)

    def cites(self, part: Cites, look: Look) -> Iterator[tuple[str, str]]:
        """`[3] [5]`; the first stays on the line of the word before it."""
        gap = "\N{NO-BREAK SPACE}" if len(part.cites) <= _MOST_TOGETHER else " "
        for place, cite in enumerate(part.cites):
            if place or part.lead:
                yield "", run(gap if place else "\N{NO-BREAK SPACE}", replace(look, style=""))
            yield "", self.cite(cite, look)

    def cite(self, cite: Cite, look: Look) -> str:
        text = f"[{cite.number}]"
        if not cite.target:
            return run(text, look)
        link = f"{_to(cite.target)}{run(text, replace(look, style='Hyperlink'))}</w:hyperlink>"
        return self.bookmark(cite.anchor, link) if cite.anchor else link

    def away(self, link: Link) -> str:
        id = self.links.setdefault(link.address, f"link{len(self.links) + 1}")
        return f'<w:hyperlink r:id="{id}" w:history="1">'

    def bookmark(self, id: str, content: str) -> str:
        self.bookmarks += 1
        return (
            f'<w:bookmarkStart w:id="{self.bookmarks}" w:name="{_name(id)}"/>{content}'
            f'<w:bookmarkEnd w:id="{self.bookmarks}"/>'
        )


def _to(id: str) -> str:
    return f'<w:hyperlink w:anchor="{_name(id)}" w:history="1">'


def _name(id: str) -> str:
    """An id as the name of a bookmark: letters, digits and `_`, 40 at most."""
    name = id.replace("-", "_")
    if len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(id.encode()).hexdigest()[:10]
    return f"{name[: _LONGEST_NAME - len(digest) - 1]}_{digest}"


def _back(part: PageRefs, tongue: Tongue) -> Iterator[tuple[str, str]]:
    """Word sets pages when it opens a document, and none are known before: so the places in order, as in HTML."""
    if part.anchors:
        yield "", run(f"{tongue.back_to_text.rstrip()}\N{NO-BREAK SPACE}")
        for place, anchor in enumerate(part.anchors, start=1):
            if place > 1:
                yield "", run(", ")
            yield _to(anchor), run(str(place), _LINKED)
        yield "", run(".")


def _anchored(block: Figure) -> Table:
    """A figure's table without its caption, whose citations have the anchors of the sources below the picture."""
    waiting = {
        cite.number: cite.anchor for part in block.sources if isinstance(part, Cites) for cite in part.cites
    }

    def anchored(part: Inline) -> Inline:
        if not isinstance(part, Cites):
            return part
        cites = tuple(replace(cite, anchor=waiting.pop(cite.number, "")) for cite in part.cites)
        return replace(part, cites=cites)

    rows = tuple(
        tuple(replace(cell, children=tuple(map(anchored, cell.children))) for cell in row)
        for row in block.table.rows
    )
    return replace(block.table, caption=(), rows=rows)
