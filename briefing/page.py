"""Edition → HTML fragments for the page: header, body, appendix. Text is escaped here and nowhere else."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from briefing.bibliography import source_line
from briefing.document import (
    Block,
    Break,
    Cell,
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
from briefing.edition import Edition
from briefing.figures import drawn
from briefing.letterhead import Letterhead
from briefing.sentences import divided, facts_under
from briefing.tongues import Tongue
from briefing.typeset import LOGO, Page

__all__ = ["fragment", "page"]

Pages = Mapping[str, tuple[int, ...]]
# Citations that share a line; more of them may be broken over two.
_MOST_TOGETHER = 4


def page(edition: Edition, *, screen: bool = False, traced: bool = False) -> Page:
    """The brief as a page; its appendix is written once the pages of the citations are known.

    For a `screen`, where nobody turns pages, a citation holds a line on its source, which the style shows while it is
    pointed at or has the focus; a table can be scrolled by itself, from the keyboard too; and pictures are in the page
    itself, with a table in their place where it is narrow. Where it is to be `traced`, each sentence, row and figure
    holds the ids of the facts it rests on, and so does each row of evidence.
    """
    sources = (
        {source.number: source_line(edition.tongue, source) for source in edition.numbered}
        if screen
        else None
    )
    writer = _Writer(edition.tongue, sources=sources, traced=traced)
    body = writer.sections(edition.body)
    return Page(
        lang=edition.lang,
        title=edition.document_title,
        running_title=edition.running_title,
        description=edition.description,
        as_of=edition.as_of,
        as_of_words=edition.as_of_line,
        author=edition.author,
        header=_header(edition),
        body=f"<main>\n{body}</main>",
        appendix=lambda pages: _appendix(edition, _Writer(edition.tongue, pages, sources, traced)),
        page_of=edition.tongue.page_of,
        carried=edition.carried,
        letterhead=edition.letterhead,
        pictures=writer.pictures,
    )


def fragment(tongue: Tongue, blocks: Sequence[Block]) -> str:
    """Some blocks by themselves, as they stand in a mail; no picture may be among them."""
    return _Writer(tongue).blocks(blocks)


def _header(edition: Edition) -> str:
    memo = "".join(f"<dt>{_text(label)}</dt><dd>{_text(text)}</dd>\n" for label, text in edition.memo)
    return (
        '<header class="frame">\n'
        f"{_letterhead(edition.letterhead)}"
        f'<p class="office">{_text(edition.kicker)}</p>\n'
        f"<h1>{_text(edition.title)}</h1>\n"
        f'<p class="stance {edition.stance}">{_text(edition.stance_line)}</p>\n'
        f'<p class="as-of">{_text(edition.as_of_line)}</p>\n'
        + (f'<dl class="memo">\n{memo}</dl>\n' if memo else "")
        + "</header>"
    )


def _letterhead(letterhead: Letterhead) -> str:
    """Who writes, and the marking; on later pages the marking stands in the margin."""
    marking = f'<p class="marking">{_text(letterhead.marking)}</p>\n' if letterhead.marking else ""
    logo = f'<img class="logo" src="{LOGO}" alt="{_text(letterhead.logo.alt)}">' if letterhead.logo else ""
    name = f"<strong>{_text(letterhead.office)}</strong>" if letterhead.office else ""
    address = f"<span>{_text(letterhead.address)}</span>" if letterhead.address else ""
    words = f'<p class="sender">{name}{" " * bool(name and address)}{address}</p>' if name or address else ""
    return marking + (f'<div class="letterhead">{logo}{words}</div>\n' if logo or words else "")


def _appendix(edition: Edition, writer: _Writer) -> str:
    return f'<section class="appendix" id="sources">\n{writer.blocks(edition.appendix)}</section>'


def _text(text: str) -> str:
    return html.escape(text, quote=True)


@dataclass
class _Writer:
    """Blocks → HTML. `pages` says on which pages an anchor stands; empty where there are no pages.

    `sources` are the lines on the sources, by number; None where the page is for paper. `traced`: what rests on facts
    says on which. `pictures` are those that were
    met there, by the address at which the page asks for them.
    """

    tongue: Tongue
    pages: Pages = field(default_factory=dict)
    sources: Mapping[int, str] | None = None
    traced: bool = False
    slugs: set[str] = field(default_factory=set)
    tables: int = 0
    pictures: dict[str, str] = field(default_factory=dict)

    @property
    def on_screen(self) -> bool:
        return self.sources is not None

    def sections(self, blocks: Sequence[Block]) -> str:
        """Blocks, each with what follows a heading of level two in a section of its own."""
        parts: list[str] = []
        opened = False
        for group in _grouped(blocks):
            first = group[0]
            if isinstance(first, Heading) and first.level == 2:
                parts.append("</section>\n" * opened + self._section(first))
                opened = True
            parts.append(self._group(group))
        return "".join(parts) + "</section>\n" * opened

    def _section(self, heading: Heading) -> str:
        # The style sheet knows the sections of the house by their names in English.
        name = self.tongue.in_english(flat(heading.children)).casefold()
        words = re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "section"
        slug = words
        while slug in self.slugs:
            slug = f"{words}-{len(self.slugs)}"
        self.slugs.add(slug)
        return f'<section id="s-{slug}" class="{words}">\n'

    def blocks(self, blocks: Sequence[Block]) -> str:
        return "".join(self._group(group) for group in _grouped(blocks))

    def _group(self, group: Sequence[Block]) -> str:
        first = group[0]
        if not isinstance(first, Entry):
            return self._block(first) + "\n"
        entries = [entry for entry in group if isinstance(entry, Entry)]
        if isinstance(first.marker[0], Cites):
            return '<ul class="sources">\n' + "".join(map(self._source, entries)) + "</ul>\n"
        return '<ol class="evidence">\n' + "".join(map(self._evidence, entries)) + "</ol>\n"

    def _block(self, block: Block) -> str:
        if isinstance(block, Heading):
            return f"<h{block.level}>{self._leaf(block.children)}</h{block.level}>"
        if isinstance(block, Paragraph):
            return f"<p>{self._leaf(block.children)}</p>"
        if isinstance(block, Items):
            return self._items(block)
        if isinstance(block, Quotation):
            return f"<blockquote>\n{self.blocks(block.blocks)}</blockquote>"
        if isinstance(block, Table):
            return f'<figure class="table">\n{self._caption(block)}{self._table(block)}\n</figure>'
        if isinstance(block, Figure):
            return self._figure(block)
        assert isinstance(block, Rule)
        return "<hr>"

    def _items(self, block: Items) -> str:
        tag = "ul" if block.start is None else "ol"
        start = f' start="{block.start}"' if block.start not in (None, 1) else ""
        if start and block.start is not None and not self.on_screen:  # WeasyPrint 70 reads the style alone
            start += f' style="counter-reset: list-item {block.start - 1}"'
        return (
            f"<{tag}{start}>\n"
            + "".join(f"<li>{self._item(item)}</li>\n" for item in block.items)
            + f"</{tag}>"
        )

    def _item(self, blocks: Sequence[Block]) -> str:
        """An item's blocks; a single paragraph needs no element of its own."""
        first, *rest = blocks
        lead = self._leaf(first.children) if isinstance(first, Paragraph) else self.blocks([first])
        return lead + ("\n" + self.blocks(rest) if rest else "")

    def _table(self, block: Table) -> str:
        head = "".join(self._cell(cell, "col") for cell in block.header)
        # Below an empty head stand the names of the rows.
        first = "row" if self.on_screen and not flat(block.header[0].children).strip() else ""
        rows = "".join(
            f"<tr{self._facts(_cited_in(row))}>"
            + "".join(self._cell(cell, first if place == 0 else "") for place, cell in enumerate(row))
            + "</tr>\n"
            for row in block.rows
        )
        table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"
        if not self.on_screen:
            return table
        self.tables += 1
        name = _text(": ".join(filter(None, [self.tongue.nth_table(self.tables), flat(block.caption)])))
        return f'<div class="scroll" role="region" aria-label="{name}" tabindex="0">\n{table}\n</div>'

    def _caption(self, block: Table) -> str:
        return f"<figcaption>{self._leaf(block.caption)}</figcaption>\n" if block.caption else ""

    def _figure(self, block: Figure) -> str:
        svg = drawn(block.drawing, block.alternative, self.tongue, outlined=self.on_screen)
        if self.on_screen:
            address = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
        else:
            address = f"asset:{block.name}"
            self.pictures[address] = svg
        facts = dict.fromkeys(id for row in block.table.rows for id in _cited_in(row))
        return (
            f'<figure class="drawn"{self._facts(facts)}>\n{self._caption(block.table)}'
            f'<img class="picture" src="{address}" alt="{_text(block.alternative)}">\n'
            + (f'<div class="instead">{self._table(block.table)}</div>\n' if self.on_screen else "")
            + f'<p class="drawn-from">{self._inline(block.sources)}</p>\n</figure>'
        )

    def _cell(self, cell: Cell, scope: str) -> str:
        """A cell; with a `scope` the head of a column or row. On a screen no head is empty."""
        text = self._inline(cell.children)
        is_head = scope and not (self.on_screen and not text.strip())
        tag, attributes = ("th", f' scope="{scope}"') if is_head else ("td", "")
        only_cites = self.on_screen and all(isinstance(part, Cites) for part in cell.children)
        kind = ' class="number"' if cell.number else ' class="cited"' if only_cites else ""
        return f"<{tag}{attributes}{kind}>{text}</{tag}>"

    def _source(self, entry: Entry) -> str:
        names = ["citation", *["descriptor"] * (len(entry.lines) - 1)]
        lines = []
        for name, line in zip(names, entry.lines, strict=True):
            text = self._inline(line)
            kind = "cited-on" if isinstance(line[0], PageRefs) else name
            lines.append(f'<p class="{kind}">{text}</p>\n' if text else "")
        return (
            f'<li id="{entry.id}" class="source{_long(entry, plain=True)}">'
            f'<span class="marker">{self._inline(entry.marker)}</span>\n'
            f"<div>\n{''.join(lines)}</div>\n</li>\n"
        )

    def _evidence(self, entry: Entry) -> str:
        opening, kind, *rest = entry.lines
        details = []
        for line in rest:
            text = self._inline(line)
            back = isinstance(line[0], PageRefs)
            details.append(f'<span class="back">{text}</span>' if back and text else text)
        detail = " ".join(filter(None, details))
        # On a screen the number is that of the list, which is all there is where a mail program drops the style.
        number = f'<span class="row">{"" if self.on_screen else self._inline(entry.marker)}</span> '
        return (
            f'<li id="{entry.id}"{_long(entry)}{self._facts([entry.id.removeprefix("e-")])}>\n'
            f'<div class="fact"><p class="opening">{number}{self._inline(opening)}</p>\n'
            f'<p class="kind">{self._inline(kind)}</p></div>\n<p class="detail">{detail}</p>\n</li>\n'
        )

    def _leaf(self, parts: Inlines) -> str:
        """A paragraph or the like; where it is traced, each sentence that rests on facts in an element of its own."""
        if not self.traced:
            return self._inline(parts)
        return "".join(
            f'<span class="sentence"{self._facts(facts)}>{self._inline(sentence)}</span>'
            if facts
            else self._inline(sentence)
            for sentence, facts in divided(parts)
        )

    def _facts(self, ids: Iterable[str]) -> str:
        """What rests on these facts, as an attribute of its element."""
        named = " ".join(ids) if self.traced else ""
        return f' data-facts="{named}"' if named else ""

    def _inline(self, parts: Sequence[Inline]) -> str:
        return "".join(map(self._piece, parts))

    def _piece(self, part: Inline) -> str:
        if isinstance(part, Text):
            return _text(part.text)
        if isinstance(part, Jump):
            return f'<a href="#{part.target}">{_text(part.text)}</a>'
        if isinstance(part, Cites):
            return self._cites(part)
        if isinstance(part, Emphasis):
            return f"<em>{self._inline(part.children)}</em>"
        if isinstance(part, Strong):
            return f"<strong>{self._inline(part.children)}</strong>"
        if isinstance(part, Link):
            return f'<a href="{_text(part.address)}">{self._inline(part.children)}</a>'
        if isinstance(part, Break):
            return "<br>\n"
        if isinstance(part, Revised):
            return self._revised(part)
        return self._page_refs(part)

    def _revised(self, part: Revised) -> str:
        """What is deleted or inserted, in words too for who hears it: screen readers pass over the tags."""
        inner = self._inline(part.children)
        if part.sort == "note":
            return f'<span class="revised">{inner}</span>'
        tag = "del" if part.sort == "deleted" else "ins"
        begin, end = (f'<span class="told">{_text(said)}</span>' for said in self.tongue.redline[part.sort])
        return f"<{tag}>{begin}{inner}{end}</{tag}>"

    def _cites(self, part: Cites) -> str:
        """`[3] [5]`; the first stays on the line of the word before it."""
        links = []
        for cite in part.cites:
            anchor = f' id="{cite.anchor}"' if cite.anchor else ""
            kind = ' class="cite"' if cite.anchor else ""
            text = f"[{cite.number}]"
            line = self.sources and self.sources.get(cite.number)
            source = f' data-source="{text} {_text(line)}"' if line else ""
            links.append(
                f'<a{kind}{anchor}{source} href="#{cite.target}">{text}</a>' if cite.target else text
            )
        gap = "\N{NO-BREAK SPACE}" if len(links) <= _MOST_TOGETHER else " "
        return ("\N{NO-BREAK SPACE}" if part.lead else "") + gap.join(links)

    def _page_refs(self, part: PageRefs) -> str:
        """Each page once, as a link to the first citation on it; without pages, the places in order."""
        first_on: dict[int, str] = {}
        for anchor in part.anchors:
            for number in self.pages.get(anchor, ())[:1]:
                first_on.setdefault(number, anchor)
        if first_on:
            lead = part.lead[len(first_on) > 1]
            links = (f'<a href="#{anchor}">{number}</a>' for number, anchor in sorted(first_on.items()))
            return _text(lead.rstrip()) + "\N{NO-BREAK SPACE}" + ", ".join(links) + "."
        links = (f'<a href="#{anchor}">{place}</a>' for place, anchor in enumerate(part.anchors, start=1))
        return f'<span class="way-back">{self.tongue.back_to_text}{", ".join(links)}.</span>'


def _cited_in(row: Sequence[Cell]) -> tuple[str, ...]:
    return facts_under([part for cell in row for part in cell.children])


# About half a page: an entry that is longer may be broken over two, others are kept whole.
_LONG = 1_500


def _long(entry: Entry, *, plain: bool = False) -> str:
    """The class of an entry that may be broken."""
    if sum(len(flat(line)) for line in entry.lines) <= _LONG:
        return ""
    return " long" if plain else ' class="long"'


def _grouped(blocks: Sequence[Block]) -> list[list[Block]]:
    """Neighbouring entries of one kind together, every other block alone."""
    groups: list[list[Block]] = []
    for block in blocks:
        last = groups[-1][0] if groups else None
        same = isinstance(block, Entry) and isinstance(last, Entry)
        if same and type(block.marker[0]) is type(last.marker[0]):  # type: ignore[union-attr] # both are entries
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups
