"""Markdown with marks → blocks. Marks are expanded on the way, in the order a reader meets them.

No HTML, no code, no images, no link definitions: a brief is prose, lists and tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefing.document import (
    Block,
    Break,
    Cell,
    Cites,
    Emphasis,
    Heading,
    Inline,
    Inlines,
    Items,
    Link,
    Paragraph,
    Quotation,
    Revised,
    Rule,
    Strong,
    Table,
    Text,
    flat,
    merged,
)
from briefing.links import is_safe_link
from briefing.marks import Mark, split_marks, without_marks
from briefing.prose import LONG_ENOUGH, ends_sentence, without_citations
from briefing.textguard import forbidden_characters, stacked_marks

__all__ = ["CITED", "COLUMN", "Expander", "Leaf", "one_line", "read_inline", "read_markdown"]

# What stands for a fact or a claim in the text of a leaf.
CITED = "\ufdd3"
# What stands for a column of a recipient's row, whatever it holds.
COLUMN = "\ufdd6"
# Lists within lists, of two levels each: markdown-it, here and at a reader, drops text below level 20 without a word.
_MOST_NESTED = 8
# What a list may begin with that goes on after a heading: a larger number is a year, or counts something.
_LARGEST_NUMBER = 100
_SPACES = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")


def one_line(text: str) -> str:
    """The text as a reader sees it: all white space is a space."""
    return _SPACES.sub(" ", text)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The text of one heading, paragraph or cell as the template wrote it, with CITED for each fact and claim.

    `place` is where it stands: heading (then it has a `level`), paragraph, item, header (of a table), cell, or label (a
    cell beside one that holds a fact; then `row` has the marks of the whole row).
    """

    own: str
    marks: tuple[Mark, ...]
    place: str
    level: int = 0
    row: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Expander:
    """What a mark becomes. `before` is the end of the text in front of it in the same block."""

    inline: Callable[[Mark, str], Inlines]
    figure: Callable[[Mark], Block | None]
    leaf: Callable[[Leaf], None]
    report: Callable[[str, str, Sequence[Mark], str], None]


@cache
def _parser() -> MarkdownIt:
    off = [
        "autolink",
        "backticks",
        "code",
        "fence",
        "html_block",
        "html_inline",
        "image",
        "lheading",
        "reference",
    ]
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(off)
    # markdown-it prints a link it refuses as text, silently; here every link is read, and reported if unsafe.
    parser.validateLink = lambda url: True  # type: ignore[method-assign] # as its own documentation says to
    return parser


def read_inline(text: str, expander: Expander, before: str) -> Inlines:
    """The inline parts of a claim's prose, in which the same holds as in a paragraph."""
    tokens = _parser().parseInline(text)
    return _Line(expander, before=before).read(tokens[0].children or []) if tokens else ()


def read_markdown(text: str, expander: Expander) -> tuple[Block, ...]:
    """The blocks of a draft; what cannot be used is reported to the expander."""
    tokens = _parser().parse(text)
    deepest = max((token.level for token in tokens), default=0)
    if deepest > 2 * _MOST_NESTED + 1:
        message = (
            f"lists are nested more than {_MOST_NESTED} deep, or quotations more than {2 * _MOST_NESTED}"
        )
        expander.report("template-nesting", message, (), "")
        return ()
    return _Reader(tokens, expander).blocks("")


@dataclass
class _Reader:
    tokens: list[Token]
    expander: Expander
    place: int = 0
    in_items: int = 0

    def blocks(self, closing: str) -> tuple[Block, ...]:
        """Blocks up to the closing token, which is taken too."""
        found: list[Block] = []
        while self.place < len(self.tokens):
            token = self._next()
            if token.type == closing:
                break
            block = self._block(token)
            if block is not None:
                found.append(block)
        return tuple(found)

    def _next(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def _block(self, token: Token) -> Block | None:
        if token.type == "heading_open":
            level = int(token.tag[1])
            return Heading(max(level, 2), self._inlines("heading_close", "heading", level))
        if token.type == "paragraph_open":
            return self._paragraph()
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None
            if start is not None and start > _LARGEST_NUMBER:
                message = f'"{start}." begins a list, and reads as a figure; a list goes on with'
                self.expander.report(
                    "template-figure", f"{message} {_LARGEST_NUMBER} at most", (), f"{start}."
                )
            return Items(self._items(token.type.replace("open", "close")), start)
        if token.type == "blockquote_open":
            return Quotation(self.blocks("blockquote_close"))
        if token.type == "table_open":
            return self._table()
        return Rule() if token.type == "hr" else None

    def _paragraph(self) -> Block | None:
        marks = [part for part in split_marks(self.tokens[self.place].content) if isinstance(part, Mark)]
        drawn = [mark for mark in marks if mark.kind == "figure"]
        if not drawn:
            children = self._inlines("paragraph_close", "item" if self.in_items else "paragraph")
            return Paragraph(children) if flat(children).strip() else None
        content = self._next().content
        self._next()
        if len(marks) > 1 or content.strip() != str(drawn[0]):
            self.expander.report(
                "template-figure-place", "a timeline or table stands on a line of its own", drawn, ""
            )
            return None
        return self.expander.figure(drawn[0])

    def _items(self, closing: str) -> tuple[tuple[Block, ...], ...]:
        items: list[tuple[Block, ...]] = []
        self.in_items += 1
        while self._next().type != closing:
            items.append(self.blocks("list_item_close"))
        self.in_items -= 1
        return tuple(item for item in items if item)

    def _table(self) -> Table:
        rows: list[tuple[Cell, ...]] = []
        cells: list[Cell] = []
        leaves: list[Leaf] = []
        while (token := self._next()).type != "table_close":
            if token.type in ("th_open", "td_open"):
                right = "right" in str(token.attrGet("style") or "")
                children, leaf = self._leaf(
                    token.type.replace("open", "close"), "header" if token.type == "th_open" else "cell"
                )
                cells.append(Cell(children, right))
                leaves.append(leaf)
            elif token.type == "tr_close":
                # Beside a fact, a cell may be the label of its row.
                facts = any(CITED in leaf.own for leaf in leaves)
                row = tuple(mark for leaf in leaves for mark in leaf.marks)
                for leaf in leaves:
                    self.expander.leaf(
                        replace(leaf, place="label", row=row) if facts and leaf.place == "cell" else leaf
                    )
                rows.append(tuple(cells))
                cells, leaves = [], []
        return Table((), rows[0], tuple(rows[1:]))

    def _inlines(self, closing: str, place: str, level: int = 0) -> Inlines:
        children, leaf = self._leaf(closing, place)
        self.expander.leaf(replace(leaf, level=level))
        return children

    def _leaf(self, closing: str, place: str) -> tuple[Inlines, Leaf]:
        inline = self._next() if self.tokens[self.place].type == "inline" else None
        while self._next().type != closing:
            pass
        tokens = (inline.children if inline else None) or []
        if max((child.level for child in tokens), default=0) > _MOST_NESTED:
            self.expander.report(
                "template-nesting", f"emphasis is nested more than {_MOST_NESTED} deep", (), ""
            )
            tokens = []
        line = _Line(self.expander)
        children = line.read(tokens)
        return children, Leaf("".join(line.own), tuple(line.marks), place)


@dataclass
class _Line:
    """The inline parts of one block."""

    expander: Expander
    own: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    before: str = ""

    def read(self, tokens: list[Token]) -> Inlines:
        parts = self._until(iter(tokens), "")
        if stacked_marks(flat(parts)) is not None:  # each piece of it may have a few
            message = "the template prints more combining marks on one letter than any script stacks"
            self.expander.report("template-text", message, self.marks, "")
        return parts

    def _until(self, tokens: Iterator[Token], closing: str) -> Inlines:
        parts: list[Inline] = []
        for token in tokens:  # nested calls go on with the same iterator
            if token.type == closing:
                break
            if token.type == "text":
                self._text(token.content, parts)
            elif token.type == "softbreak":
                self._add(parts, (Text(" "),), " ")
            elif token.type == "hardbreak":
                self._add(parts, (Break(),), " ")
            elif token.type in ("em_open", "strong_open"):
                kind = Emphasis if token.type == "em_open" else Strong
                parts.append(kind(self._until(tokens, token.type.replace("open", "close"))))
            elif token.type == "link_open":
                parts.append(self._link(token, tokens))
        return merged(parts)

    def _link(self, token: Token, tokens: Iterator[Token]) -> Inline:
        address = str(token.attrGet("href") or "")
        shown = unquote(address)
        children = self._until(tokens, "link_close")
        if token.attrGet("title") or without_marks(shown) != shown:
            message = "a link has an address and text, no title; and nothing of a fact stands in its address"
            self.expander.report("template-link", message, self.marks, "")
        elif not is_safe_link(address):
            message = f'"{address[:80]}" is no https or mailto address, or hides where it leads'
            self.expander.report("template-link", message, self.marks, address)
        if any(isinstance(part, Cites) for part in _all_parts(children)):
            message = "a fact or claim cannot stand within a link; its citation is one"
            self.expander.report("template-link", message, self.marks, address)
        return Link(address, children)

    def _text(self, text: str, parts: list[Inline]) -> None:
        for part in split_marks(text):
            if isinstance(part, Mark):
                self._mark(part, parts)
            elif part:
                typed = self._typed(part)
                self._add(parts, (Text(typed),), typed)

    def _typed(self, text: str) -> str:
        """What stands between marks, on one line. Entities stand for all that no input may hold as it is."""
        for offset, what in islice(forbidden_characters(text), 1):
            self.expander.report(
                "template-text", f"an entity (&…;) stands for {what}", self.marks, text[:offset]
            )
        return one_line(text)

    def _mark(self, mark: Mark, parts: list[Inline]) -> None:
        if mark.kind == "figure":
            self.expander.report(
                "template-figure-place", "a timeline or table stands on a line of its own", [mark], ""
            )
            return
        self.marks.append(mark)
        children = self.expander.inline(mark, self.before)
        own = flat(children)
        if mark.kind in ("fact", "claim"):
            own = f"{CITED}." if ends_sentence(without_citations(own)) else CITED
        elif mark.kind == "recipient":
            own = COLUMN
        self._add(parts, children, own)

    def _add(self, parts: list[Inline], children: Inlines, own: str) -> None:
        parts.extend(children)
        self.before = (self.before + flat(children))[-LONG_ENOUGH:]
        self.own.append(own)


def _all_parts(parts: Inlines) -> Iterator[Inline]:
    for part in parts:
        yield part
        if isinstance(part, Emphasis | Strong | Link | Revised):
            yield from _all_parts(part.children)
