"""A brief → what the mail says that brings it: its first section, what changed for this reader, and the sources.

Made of the same blocks as a brief, so that the plain text and the HTML of a mail say the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from briefing.bibliography import short_entry
from briefing.brief import Brief
from briefing.document import (
    Block,
    Break,
    Cites,
    Figure,
    Heading,
    Inline,
    Items,
    Paragraph,
    Quotation,
    Text,
)
from briefing.mail.templates import filled, has_own_body
from briefing.page import fragment
from briefing.plaintext import plain_blocks
from briefing.rewriting import rewritten
from briefing.tongues import Tongue

__all__ = ["Letter", "letter"]

_STYLE = (
    "body{font:16px/1.5 Georgia,serif;color:#1a1a1a;max-width:42em;margin:1em}"
    "h2,h3{font:bold 1.1em/1.3 Arial,sans-serif;margin:1.4em 0 .4em}"
    "table{border-collapse:collapse}th,td{border:1px solid #ccc;padding:.25em .5em;text-align:left;vertical-align:top}"
    "ul.sources{list-style:none;padding:0;font-size:.85em}ul.sources p{margin:0 0 .5em;display:inline}"
    "ul.sources div{display:inline}"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: its subject, and its blocks."""

    subject: str
    tongue: Tongue
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        return plain_blocks(self.blocks)

    @property
    def html(self) -> str:
        """A page that mail programs show: no script, no picture, nothing from elsewhere."""
        return (
            f'<!doctype html>\n<html lang="{self.tongue.locale}">\n<head><meta charset="utf-8">'
            f"<style>{_STYLE}</style></head>\n<body>\n{fragment(self.tongue, self.blocks)}</body>\n</html>\n"
        )


def letter(brief: Brief, news: Sequence[Block], attached: str, row: Mapping[str, str], sender: str) -> Letter:
    """The mail to the recipient of that row.

    `brief` is that of the mail's audience (`selection.selected_letter`), already addressed; `news` is the section on
    what changed since the last edition that this recipient was sent; `attached` is the name of the file.
    KeyError names a column that the subject, greeting or closing asks for, and the row has not.
    """
    tongue, said = brief.tongue, brief.audience.contract.memo
    values = {
        "title": brief.facts.title,
        "audience": brief.audience.contract.title,
        "as_of": tongue.day(brief.facts.as_of),
        **{f"recipient.{name}": value for name, value in row.items() if value},
    }
    body = brief.body if has_own_body(brief.audience) else _first_section(brief.body)
    cited: set[int] = set()

    def led_to_entries(part: Inline) -> Inline:
        """Citations lead to the entries below the mail, not to the evidence, which is in the attached file."""
        if not isinstance(part, Cites):
            return part
        cited.update(cite.number for cite in part.cites)
        cites = tuple(replace(cite, anchor="", target=f"source-{cite.number}") for cite in part.cites)
        return replace(part, cites=cites)

    text = rewritten(_without_pictures([*body, *news]), led_to_entries)
    greeting = filled(said["greeting"], values) or tongue.greeting(row.get("name", ""))
    closing = filled(said["closing"], values) or sender
    blocks = (
        _lines(greeting),
        *text,
        _lines(tongue.attached(attached)),
        _lines(closing),
        *_sources(brief, cited),
    )
    return Letter(" ".join(filled(said["subject"], values).split()), tongue, blocks)


def _first_section(body: Sequence[Block]) -> Sequence[Block]:
    """What stands first in a brief: the bottom line, or what is there in its place."""
    begins = [place for place, block in enumerate(body) if isinstance(block, Heading) and block.level <= 2]
    if not begins:
        return body
    if begins[0] > 0:  # an introduction
        return body[: begins[0]]
    return body[: begins[1]] if len(begins) > 1 else body


def _without_pictures(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Pictures as tables: many mail programs show none."""
    return tuple(map(_as_table, blocks))


def _as_table(block: Block) -> Block:
    match block:
        case Figure():
            return block.table
        case Items():
            return replace(block, items=tuple(map(_without_pictures, block.items)))
        case Quotation():
            return replace(block, blocks=_without_pictures(block.blocks))
        case _:
            return block


def _lines(text: str) -> Paragraph:
    parts: list[Inline] = []
    for line in text.split("\n"):
        parts += [*([Break()] if parts else []), Text(line)]
    return Paragraph(tuple(parts))


def _sources(brief: Brief, cited: set[int]) -> Iterator[Block]:
    found = [source for source in brief.facts.sources.values() if source.number in cited]
    if found:
        yield Heading(3, (Text(brief.tongue.sources_heading),))
        yield from (short_entry(brief.tongue, one) for one in sorted(found, key=lambda one: one.number))
