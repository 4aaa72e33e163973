"""Brief → Markdown that reads well as plain text and is clickable on a forge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
    figures_in,
    flat,
)
from briefing.edition import Edition
from briefing.figures import drawn
from briefing.links import is_safe_link
from briefing.markdown import GLUE, escaped, filled

__all__ = ["pictures", "render", "render_blocks"]

WIDTH = 100


def render(edition: Edition, stem: str) -> str:
    """The whole document; every line ends in a newline. References for `[n]` close it, and what it was made of.

    `stem` is the name of its file without `.md`, by which it finds its pictures (`pictures`).
    """
    body = render_blocks(edition.body, stem=stem)
    parts = [*_frame(edition), body, render_blocks(edition.appendix)]
    made = edition.carried
    closing = f"\n<!-- briefing {made.version} {made.identifier} -->\n" if made.identifier else ""
    return "\n\n".join(parts) + f"\n\n{_references(edition)}{closing}"


def pictures(edition: Edition) -> dict[str, str]:
    """The pictures that the document shows, as SVG, by the ending that each file's name has behind the stem."""
    return {
        f"{figure.name}.svg": drawn(figure.drawing, figure.alternative, edition.tongue, outlined=True)
        for figure in figures_in(edition.body)
    }


def render_blocks(blocks: Sequence[Block], width: int = WIDTH, stem: str = "") -> str:
    """Blocks as Markdown, paragraphs filled to `width` columns; no newline at the end."""
    return "\n\n".join(_Writer(width, stem).blocks(blocks, "", ""))


def _frame(edition: Edition) -> Iterator[str]:
    head = edition.letterhead
    if head.marking:
        yield filled(f"**{escaped(head.marking)}**", WIDTH)
    if head.office or head.address:
        yield filled(escaped(" · ".join(filter(None, (head.office, head.address)))), WIDTH)
    yield f"# {_heading(escaped(edition.title))}"
    yield filled(escaped(f"{edition.kicker} · {edition.stance_line}"), WIDTH)
    if edition.memo:
        yield "\n".join(f"- {label}: {escaped(text)}" for label, text in edition.memo)
    yield filled(escaped(edition.as_of_line), WIDTH)


def _heading(text: str) -> str:
    """A heading's text; number signs at its end would be taken for its close."""
    text = text.replace("\n", " ").replace(GLUE, " ")
    return f"{text[:-1]}\\#" if text.endswith("#") else text


@dataclass(frozen=True, slots=True)
class _Writer:
    """Blocks → lines. `first` and `rest` are what stands in front of a block's first line and of the others."""

    width: int
    stem: str = ""

    def blocks(self, blocks: Sequence[Block], first: str, rest: str) -> Iterator[str]:
        for number, block in enumerate(blocks):
            yield self.block(block, rest if number else first, rest)

    def block(self, block: Block, first: str, rest: str) -> str:
        if isinstance(block, Heading):
            return f"{first}{'#' * block.level} {_heading(_inline(block.children))}"
        if isinstance(block, Paragraph):
            return filled(_inline(block.children), self.width, first, rest)
        if isinstance(block, Items):
            return self.items(block, first, rest)
        if isinstance(block, Quotation):
            return f"\n{rest}>\n".join(self.blocks(block.blocks, f"{first}> ", f"{rest}> "))
        if isinstance(block, Table):
            return self.table(block, first, rest)
        if isinstance(block, Figure):
            return self.figure(block, first, rest)
        if isinstance(block, Entry):
            return self.entry(block, first, rest)
        assert isinstance(block, Rule)
        return f"{first}* * *"

    def items(self, block: Items, first: str, rest: str) -> str:
        """A list, tight when no item has a second paragraph."""
        tight = not any(isinstance(part, Paragraph) for item in block.items for part in item[1:])
        gap = "\n" if tight else f"\n{rest.rstrip()}\n"
        parts: list[str] = []
        for number, item in enumerate(block.items):
            marker = "- " if block.start is None else f"{block.start + number}. "
            lead = (rest if number else first) + marker
            parts.append(gap.join(self.blocks(item, lead, rest + " " * len(marker))))
        return gap.join(parts)

    def table(self, block: Table, first: str, rest: str) -> str:
        def row(cells: Sequence[Cell]) -> str:
            return "| " + " | ".join(_cell(cell) for cell in cells) + " |"

        rule = "|" + "|".join(" ---: " if cell.number else " --- " for cell in block.header) + "|"
        lines = [row(block.header), rule, *map(row, block.rows)]
        if not block.caption:
            return "\n".join((rest if number else first) + line for number, line in enumerate(lines))
        return "\n".join([self.caption(block, first, rest), rest.rstrip(), *(rest + line for line in lines)])

    def caption(self, block: Table, first: str, rest: str) -> str:
        return filled(f"**{_inline(block.caption)}**", self.width, first, rest)

    def figure(self, block: Figure, first: str, rest: str) -> str:
        """The picture, which is a file beside this one, and the table, which says what it says."""
        above = [self.caption(block.table, first, rest), rest.rstrip()] if block.table.caption else []
        picture = f"{rest if above else first}![{block.above_table}]({self.stem}.{block.name}.svg)"
        table = self.table(replace(block.table, caption=()), rest, rest)
        return "\n".join([*above, picture, rest.rstrip(), table])

    def entry(self, block: Entry, first: str, rest: str) -> str:
        """`[3] Citation …` as one paragraph; a row of evidence, whose marker is `1.`, as an item of an ordered list."""
        marker = _inline(block.marker)
        text = " ".join(line for line in map(_inline, block.lines) if line)
        if marker.endswith("."):
            return filled(text, self.width, f"{first}{marker} ", rest + " " * (len(marker) + 1))
        return filled(f"{marker} {text}", self.width, first, rest)


def _cell(cell: Cell) -> str:
    return _inline(cell.children).replace("\\\n", " ").replace(GLUE, " ")


def _inline(parts: Sequence[Inline], *, in_link: bool = False) -> str:
    """Inline parts side by side; what would act across the border of two is escaped there."""
    found: list[str] = []
    cited = False
    for part in parts:
        piece = _piece(part, in_link)
        if not piece:
            continue
        if found and piece.startswith("["):
            if found[-1].endswith("!"):  # "!" and a link are an image
                found[-1] = f"{found[-1][:-1]}\\!"
            elif cited:  # [1][2](…) is a link to source 2; in its long form [1][1] takes no more brackets
                number = found[-1].rpartition("[")[2]
                found[-1] += f"[{number}"
        elif cited and piece.startswith("("):  # [1](…) is a link of the template's own
            piece = f"\\{piece}"
        found.append(piece)
        cited = isinstance(part, Cites)
    return "".join(found)


def _piece(part: Inline, in_link: bool) -> str:
    if isinstance(part, Text | Jump):
        return escaped(part.text, brackets=in_link)
    if isinstance(part, Cites):
        return GLUE * part.lead + GLUE.join(f"[{cite.number}]" for cite in part.cites)
    if isinstance(part, Emphasis | Strong):
        mark = "*" if isinstance(part, Emphasis) else "**"
        return f"{mark}{_inline(part.children)}{mark}" if flat(part.children).strip() else ""
    if isinstance(part, Link):
        return _link(part)
    if isinstance(part, Revised):
        mark = {"deleted": "~~", "inserted": "**", "note": ""}[part.sort]
        return f"{mark}{_inline(part.children)}{mark}" if flat(part.children).strip() else ""
    if isinstance(part, Break):
        return "\\\n"
    assert isinstance(part, PageRefs)
    return ""


def _link(link: Link) -> str:
    """`<https://…>` where the address is its own text."""
    if flat(link.children) == link.address:
        return f"<{link.address}>"
    return f"[{_inline(link.children, in_link=True)}](<{_destination(link.address)}>)"


def _destination(address: str) -> str:
    """An address between angle brackets, where Markdown reads `&copy;` as a character."""
    return address.replace("&", "&amp;")


def _references(edition: Edition) -> str:
    """Where `[n]` leads on a forge: to the source itself, or to the appendix where it has no address."""
    # As a forge names the heading.
    appendix = f"#{edition.tongue.sources_heading.lower()}"
    lines = []
    for source in edition.numbered:
        address = f"https://doi.org/{source.doi}" if source.doi else source.url
        lines.append(
            f"[{source.number}]: {f'<{_destination(address)}>' if address and is_safe_link(address) else appendix}\n"
        )
    return "".join(lines)
