"""Body of a brief → its sentences that carry citations, each with the heading it stands under.

No word of a cited paragraph is lost: what stands uncited in front of a cited sentence is listed with that sentence (a
claim of several sentences is cited at the end of the last), what stands behind the last one with that one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from briefing.asides import aside_pattern
from briefing.document import (
    Block,
    Cell,
    Cites,
    Emphasis,
    Figure,
    Heading,
    Inline,
    Inlines,
    Items,
    Link,
    Paragraph,
    Quotation,
    Revised,
    Strong,
    Table,
    Text,
    flat,
)
from briefing.prose import ends_in_abbreviation

__all__ = ["Sentence", "annotated", "cited_sentences", "divided", "facts_under"]

# What stands for a citation while a text is split: a noncharacter, which no input can hold.
_CITE = "\ufdd5"
_CLOSERS = '”’»“")\\]'
_CITATIONS = rf"(?P<cited>(?:\s*(?:{_CITE}|{aside_pattern(_CITE)}))*+)"
# A mark that can end a sentence, the citations behind it, and the first letter of what follows.
_END = re.compile(rf"[.?!…][{_CLOSERS}]*+{_CITATIONS}(?=\s+[“‘«„\"'(\[]*(?P<next>\S))")
# The longest abbreviation that `ends_in_abbreviation` knows is far shorter.
_ABBREVIATION_REACH = 40
_BETWEEN = " › "
_CELLS = " · "


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a brief, or a row of a table, as `parts` of text and citations.

    `heading` is what stands above it: headings, leads and captions, the outermost first, with ` › ` between.
    """

    heading: str
    parts: tuple[Text | Cites, ...]
    is_row: bool = False

    @property
    def text(self) -> str:
        """The sentence as a reader sees it, citations included."""
        return flat(self.parts)

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts it rests on, in the order of its citations."""
        return tuple(dict.fromkeys(id for part in self.parts if isinstance(part, Cites) for id in part.facts))


def cited_sentences(blocks: Sequence[Block], above: tuple[str, ...] = ()) -> Iterator[Sentence]:
    """The sentences with citations, in the order in which a reader meets them."""
    headings: dict[int, str] = {}
    lead = ""
    for block in blocks:
        if isinstance(block, Heading):
            headings = {level: words for level, words in headings.items() if level < block.level}
        where = (*above, *headings.values())
        if isinstance(block, Heading):
            yield from _of_leaf(block.children, where)
            headings[block.level] = _uncited(block.children)
        elif isinstance(block, Paragraph):
            yield from _of_leaf(block.children, where)
        else:
            yield from _within(block, (*where, lead) if lead else where)
        lead = _lead(block)


def _within(block: Block, where: tuple[str, ...]) -> Iterator[Sentence]:
    if isinstance(block, Items):
        for item in block.items:
            yield from cited_sentences(item, where)
    elif isinstance(block, Quotation):
        yield from cited_sentences(block.blocks, where)
    elif isinstance(block, Figure):
        yield from _of_table(block.table, where)
    elif isinstance(block, Table):
        yield from _of_table(block, where)


def _lead(block: Block) -> str:
    """The words of an uncited paragraph that ends in a colon: they say what the list or table below it is."""
    if not isinstance(block, Paragraph) or any(isinstance(part, Cites) for part in _leaves(block.children)):
        return ""
    words = flat(block.children).strip()
    return words[:-1] if words.endswith(":") else ""


# --- rows of tables -----------------------------------------------------------------------------------


def _of_table(table: Table, where: tuple[str, ...]) -> Iterator[Sentence]:
    yield from _of_leaf(table.caption, where)
    caption = _uncited(table.caption)
    within = (*where, caption) if caption else where
    yield from _of_row(table.header, [""] * len(table.header), within)
    labels = [_uncited(cell.children) for cell in table.header]
    for row in table.rows:
        yield from _of_row(row, labels, within)


def _of_row(row: Sequence[Cell], labels: Sequence[str], where: tuple[str, ...]) -> Iterator[Sentence]:
    """`Date: 1931 · What: Bridge opened · Source: [1]`, where a citation stands in one of the cells."""
    parts: list[Inline] = []
    for cell, label in zip(row, labels, strict=True):
        if flat(cell.children).strip():
            parts += [Text(_CELLS if parts else ""), Text(f"{label}: " if label else ""), *cell.children]
    if any(isinstance(part, Cites) for part in _leaves(parts)):
        yield replace(_sentence(_marked(parts), iter(_cites(parts)), where), is_row=True)


# --- text with citations ------------------------------------------------------------------------------


def _of_leaf(children: Inlines, where: tuple[str, ...]) -> Iterator[Sentence]:
    cites = iter(_cites(children))
    for text in _chunks(_marked(children)):
        yield _sentence(text, cites, where)


def _chunks(text: str) -> list[str]:
    """The text in parts that begin and end with a sentence and have a citation each; none where there is none."""
    chunks: list[str] = []
    waiting = ""
    for sentence in _split(text):
        waiting += sentence
        if _CITE in sentence:
            chunks.append(waiting)
            waiting = ""
    if chunks:
        chunks[-1] += waiting
    return chunks


def _split(text: str) -> Iterator[str]:
    """The text at the ends of its sentences; a small letter begins none."""
    begin = 0
    for end in _END.finditer(text):
        if end["next"].islower():
            continue
        # Behind the full stop of an abbreviation a citation stands only where the sentence ends with it.
        tail = text[max(begin, end.end() - _ABBREVIATION_REACH) : end.end()]
        if end["cited"] or not ends_in_abbreviation(tail):
            yield text[begin : end.end()]
            begin = end.end()
    yield text[begin:]


def _sentence(text: str, cites: Iterator[Cites], where: tuple[str, ...]) -> Sentence:
    """The sentence of a text in which each mark stands for the next of the citations."""
    first, *others = text.strip().split(_CITE)
    parts: list[Text | Cites] = [Text(first)]
    for words in others:
        parts += [next(cites), Text(words)]
    told = tuple(part for part in parts if isinstance(part, Cites) or part.text)
    return Sentence(_BETWEEN.join(where), told)


def _marked(parts: Sequence[Inline]) -> str:
    return "".join(_CITE if isinstance(part, Cites) else flat((part,)) for part in _leaves(parts))


def _cites(parts: Sequence[Inline]) -> list[Cites]:
    return [part for part in _leaves(parts) if isinstance(part, Cites)]


def _uncited(parts: Sequence[Inline]) -> str:
    return re.sub(_CITATIONS, "", _marked(parts)).strip()


def _leaves(parts: Sequence[Inline]) -> Iterator[Inline]:
    """The parts without what only emphasises or links them."""
    for part in parts:
        if isinstance(part, Emphasis | Strong | Link | Revised):
            yield from _leaves(part.children)
        else:
            yield part


# --- each sentence by itself ---------------------------------------------------------------------------


def divided(children: Inlines) -> Iterator[tuple[Inlines, tuple[str, ...]]]:
    """The parts of a paragraph or the like, sentence by sentence, each with the ids of the facts it rests on.

    What is emphasised or linked across the end of a sentence is so on both sides of it.
    """
    text = _marked(children)
    for chunk in _chunks(text) or [text]:
        sentence, children = _cut(children, len(chunk))
        yield sentence, facts_under(sentence)


def facts_under(parts: Sequence[Inline]) -> tuple[str, ...]:
    """The ids of the facts that are cited in the parts, in order."""
    return tuple(dict.fromkeys(id for cites in _cites(parts) for id in cites.facts))


def _cut(parts: Inlines, letters: int) -> tuple[Inlines, Inlines]:
    """So many letters of the parts, a citation being one, and the rest."""
    for place, part in enumerate(parts):
        size = len(_marked((part,)))
        if size > letters:
            front, back = _halves(part, letters) if letters else ((), (part,))
            return (*parts[:place], *front), (*back, *parts[place + 1 :])
        letters -= size
    return parts, ()


def _halves(part: Inline, letters: int) -> tuple[Inlines, Inlines]:
    if isinstance(part, Text):
        return (replace(part, text=part.text[:letters]),), (replace(part, text=part.text[letters:]),)
    if isinstance(part, Emphasis | Strong | Link | Revised):
        front, back = _cut(part.children, letters)
        return (replace(part, children=front),), (replace(part, children=back),)
    return (part,), ()


# --- sentences with notes behind them -----------------------------------------------------------------


def annotated(blocks: Sequence[Block], notes: Mapping[int, Inlines]) -> tuple[Block, ...]:
    """The blocks with notes behind some of the cited sentences, by their number from 1; of a row in its first cell."""
    numbers = itertools.count(1)

    def leaf(children: Inlines) -> Inlines:
        text, end = _marked(children), 0
        places: list[tuple[int, Inlines]] = []
        for chunk in _chunks(text):
            end += len(chunk)
            note = notes.get(next(numbers))
            if note:
                places.append((len(text[:end].rstrip()), note))
        return _with_notes(children, places)

    def row(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        if not any(_cites(cell.children) for cell in cells):
            return cells
        note = notes.get(next(numbers))
        first, *others = cells
        return (replace(first, children=(*first.children, *note)), *others) if note else cells

    def table(block: Table) -> Table:
        caption, header = leaf(block.caption), row(block.header)
        return replace(block, caption=caption, header=header, rows=tuple(map(row, block.rows)))

    def block(one: Block) -> Block:
        match one:
            case Heading() | Paragraph():
                return replace(one, children=leaf(one.children))
            case Items():
                return replace(one, items=tuple(tuple(map(block, item)) for item in one.items))
            case Quotation():
                return replace(one, blocks=tuple(map(block, one.blocks)))
            case Figure():
                noted = table(one.table)
                # A picture has no place for notes: they stand behind its sources, with the labels they are about.
                below = (
                    part
                    for old, new in zip(one.table.rows, noted.rows, strict=True)
                    for part in _below(old, new)
                )
                return replace(one, table=noted, sources=(*one.sources, *below))
            case Table():
                return table(one)
            case _:
                return one

    return tuple(map(block, blocks))


def _below(old: tuple[Cell, ...], new: tuple[Cell, ...]) -> Iterator[Inline]:
    """` [new] January 26, 2026: Agreement called ready`, where the row has got a note."""
    note = new[0].children[len(old[0].children) :]
    if note:
        yield from note
        yield Text(" " + ": ".join(flat(cell.children) for cell in old[:2]) + ".")


def _with_notes(children: Inlines, places: Sequence[tuple[int, Inlines]]) -> Inlines:
    """The parts with notes behind so many letters of them, a citation being one; a part is never divided but a text."""
    found: list[Inline] = []
    waiting = list(places)
    begin = 0
    for part in children:
        end = begin + len(_marked((part,)))
        while waiting and isinstance(part, Text) and waiting[0][0] < end:
            place, note = waiting.pop(0)
            found += [Text(part.text[: place - begin]), *note]
            part, begin = Text(part.text[place - begin :]), place
        found.append(part)
        while waiting and waiting[0][0] <= end:
            found += waiting.pop(0)[1]
        begin = end
    return tuple(part for part in found if not isinstance(part, Text) or part.text)
