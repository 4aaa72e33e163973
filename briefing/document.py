"""A document as blocks of inline parts. Every format is written from these, so all say the same words.

Frozen and without any markup: a `Text` is what a reader sees, letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from briefing.figures.model import Drawing

__all__ = [
    "REVISED_SIGNS",
    "Block",
    "Break",
    "Cell",
    "Cite",
    "Cites",
    "Column",
    "Emphasis",
    "Entry",
    "Figure",
    "Heading",
    "Inline",
    "Inlines",
    "Items",
    "Jump",
    "Link",
    "PageRefs",
    "Paragraph",
    "Quotation",
    "Revised",
    "Rule",
    "Strong",
    "Table",
    "Text",
    "figures_in",
    "flat",
    "merged",
]


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text."""

    text: str


@dataclass(frozen=True, slots=True)
class Column(Text):
    """Stands for a column of the recipient's row until the recipient is known (`briefing.addressing`)."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Emphasis:
    children: Inlines


@dataclass(frozen=True, slots=True)
class Strong:
    children: Inlines


@dataclass(frozen=True, slots=True)
class Link:
    """A link to https or mailto."""

    address: str
    children: Inlines


@dataclass(frozen=True, slots=True)
class Break:
    """A line break within a paragraph."""


@dataclass(frozen=True, slots=True)
class Cite:
    """`[number]`. `target` is the id it leads to; `anchor` its own id, where something leads back to it."""

    number: int
    target: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Cites:
    """Citations in a row: `[3] [5]`, kept on the line of the word before them (`lead`: with a space after it).

    `facts` are the ids of the facts they stand for, in the order in which the sentence names them.
    """

    cites: tuple[Cite, ...]
    lead: bool = True
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRefs:
    """In a format with pages: on which of them the `anchors` stand, as links; elsewhere nothing.

    `lead` is the text before the numbers, for one page and for several.
    """

    anchors: tuple[str, ...]
    lead: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Jump:
    """Text that leads to another place in the document."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Revised:
    """Words against an earlier edition: that it alone has, that it has not, or that say so of the words before them."""

    sort: Literal["deleted", "inserted", "note"]
    children: Inlines


REVISED_SIGNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"deleted": ("[-", "-]"), "inserted": ("{+", "+}"), "note": ("", "")}
)
"""What stands around words of each sort where a format has no marks for them."""

Inline = Text | Emphasis | Strong | Link | Break | Cites | PageRefs | Jump | Revised
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    children: Inlines


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: Inlines


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `start` is the first number of an ordered one, None for bullets."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """A block set off from the text."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    children: Inlines
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    caption: Inlines
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, and the table that says the same where there are none.

    `name` is its own within the brief (`figure-1`), `alternative` its words for who does not see it, `above_table`
    what it is where the table follows it. Where it is drawn, `sources` stand below it; their citations alone have
    anchors.
    """

    name: str
    drawing: Drawing
    alternative: str
    above_table: str
    table: Table
    sources: Inlines


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A source (`[3]` is its `marker`) or a row of evidence, in the appendix. `id` is what citations lead to."""

    id: str
    marker: Inlines
    lines: tuple[Inlines, ...]


Block = Heading | Paragraph | Items | Quotation | Table | Figure | Rule | Entry


def figures_in(blocks: Iterable[Block]) -> Iterator[Figure]:
    """The figures among the blocks and within them."""
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Quotation):
            yield from figures_in(block.blocks)
        elif isinstance(block, Items):
            for item in block.items:
                yield from figures_in(item)


def flat(parts: Iterable[Inline]) -> str:
    """What a reader sees of inline parts, as one line of text."""
    return "".join(_words(parts))


def _words(parts: Iterable[Inline]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Text | Jump):
            yield part.text
        elif isinstance(part, Cites):
            yield " " * part.lead + " ".join(f"[{cite.number}]" for cite in part.cites)
        elif isinstance(part, Break):
            yield " "
        elif not isinstance(part, PageRefs):
            yield from _words(part.children)


def merged(parts: Iterable[Inline]) -> Inlines:
    """Neighbouring texts as one."""
    found: list[Inline] = []
    for part in parts:
        if type(part) is Text and found and type(found[-1]) is Text:
            found[-1] = Text(found[-1].text + part.text)
        elif not (isinstance(part, Text) and not part.text):
            found.append(part)
    return tuple(found)
