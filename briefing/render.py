"""Brief → Markdown that reads well as plain text and is clickable on a forge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefing.document import (
    Block,
    Break,
    Cell,
    Cites,
    Emphasis,
    Entry,
    Heading,
    Inline,
    Items,
    Link,
    PageRefs,
    Paragraph,
    Quotation,
    Rule,
    Strong,
    Table,
    Text,
    flat,
)
from briefing.edition import Edition
from briefing.links import is_safe_link
from briefing.markdown import GLUE, escaped, filled

__all__ = ["render"]

WIDTH = 100


def render(edition: Edition) -> str:
    """The whole document; every line ends in a newline, and a reference for each `[n]` closes it."""
    blocks = "\n\n".join([*_frame(edition), *_blocks(edition.body), *_blocks(edition.appendix)])
    return f"{blocks}\n\n{_references(edition)}"


def _frame(edition: Edition) -> Iterator[str]:
    yield f"# {escaped(edition.title)}"
    yield filled(escaped(f"{edition.kicker} · {edition.stance_line}"), WIDTH)
    if edition.memo:
        yield "\n".join(f"- {label}: {escaped(text)}" for label, text in edition.memo)
    yield filled(escaped(edition.as_of_line), WIDTH)


def _blocks(blocks: Sequence[Block], first: str = "", rest: str = "") -> Iterator[str]:
    for number, block in enumerate(blocks):
        yield _block(block, first if number == 0 else rest, rest)


def _block(block: Block, first: str, rest: str) -> str:
    if isinstance(block, Heading):
        return f"{first}{'#' * block.level} {_inline(block.children)}"
    if isinstance(block, Paragraph):
        return filled(_inline(block.children), WIDTH, first, rest)
    if isinstance(block, Items):
        return _items(block, first, rest)
    if isinstance(block, Quotation):
        return "\n\n".join(_blocks(block.blocks, f"{first}> ", f"{rest}> ")).replace("\n\n", f"\n{rest}>\n")
    if isinstance(block, Table):
        return _table(block, first, rest)
    if isinstance(block, Entry):
        return _entry(block, first, rest)
    assert isinstance(block, Rule)
    return f"{first}* * *"


def _items(block: Items, first: str, rest: str) -> str:
    """A list; tight when each item is one paragraph."""
    tight = all(
        len(item) == 1 or not any(isinstance(part, Paragraph) for part in item[1:]) for item in block.items
    )
    parts: list[str] = []
    for number, item in enumerate(block.items):
        marker = "- " if block.start is None else f"{block.start + number}. "
        lead = (first if number == 0 else rest) + marker
        parts.append(("\n" if tight else "\n\n").join(_blocks(item, lead, rest + " " * len(marker))))
    return ("\n" if tight else "\n\n").join(parts)


def _table(block: Table, first: str, rest: str) -> str:
    def row(cells: Sequence[Cell]) -> str:
        return "| " + " | ".join(_inline(cell.children).replace("\n", " ") for cell in cells) + " |"

    rule = "|" + "|".join(" ---: " if cell.number else " --- " for cell in block.header) + "|"
    lines = [row(block.header), rule, *map(row, block.rows)]
    table = "\n".join(
        (rest if number or block.caption else first) + line for number, line in enumerate(lines)
    )
    if not block.caption:
        return table
    return filled(f"**{_inline(block.caption)}**", WIDTH, first, rest) + f"\n\n{table}"


def _entry(block: Entry, first: str, rest: str) -> str:
    """`[3] Citation …` as one paragraph; a row of evidence, whose marker is `1.`, as an item of an ordered list."""
    marker = _inline(block.marker)
    text = " ".join(line for line in map(_inline, block.lines) if line)
    if marker.endswith("."):
        return filled(text, WIDTH, f"{first}{marker} ", rest + " " * (len(marker) + 1))
    return filled(f"{marker} {text}", WIDTH, first, rest)


def _inline(parts: Sequence[Inline], *, in_link: bool = False) -> str:
    return "".join(_piece(part, in_link) for part in parts)


def _piece(part: Inline, in_link: bool) -> str:
    if isinstance(part, Text):
        return escaped(part.text, brackets=in_link)
    if isinstance(part, Cites):
        return GLUE * part.lead + GLUE.join(f"[{cite.number}]" for cite in part.cites)
    if isinstance(part, Emphasis):
        return f"*{_inline(part.children)}*" if flat(part.children).strip() else ""
    if isinstance(part, Strong):
        return f"**{_inline(part.children)}**" if flat(part.children).strip() else ""
    if isinstance(part, Link):
        return (
            f"[{_inline(part.children, in_link=True)}](<{part.address}>)"
            if not _bare(part)
            else f"<{part.address}>"
        )
    if isinstance(part, Break):
        return "\\\n"
    assert isinstance(part, PageRefs)
    return ""


def _bare(link: Link) -> bool:
    """Whether the address is its own text, and can be written as such."""
    return flat(link.children) == link.address and not set(link.address) & set("<> ")


def _references(edition: Edition) -> str:
    """Where `[n]` leads on a forge: to the source itself, or to the appendix where it has no address."""
    lines = []
    for source in edition.numbered:
        address = f"https://doi.org/{source.doi}" if source.doi else source.url
        lines.append(
            f"[{source.number}]: {f'<{address}>' if address and is_safe_link(address) else '#sources'}\n"
        )
    return "".join(lines)
