"""Index → Markdown that prints well and has check boxes on a forge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from briefing.document import Block, Cell, Heading, Inline, Link, Paragraph, Strong, Table, Text
from briefing.facts import Source
from briefing.index import Index, IndexedBrief, IndexedFact, IndexedSentence, short_title
from briefing.indexwriters import words
from briefing.links import is_safe_link, shown_url
from briefing.markdown import escaped, filled
from briefing.render import render_blocks

__all__ = ["index_markdown", "matrix_markdown"]

WIDTH = 100


def index_markdown(index: Index) -> str:
    """The sources, the sentences of each brief, and the matrix; nothing, where there is no brief."""
    if not index.briefs:
        return ""
    parts = [_block(Heading(1, (Text("Index of sentences"),))), _paragraph(words.as_of(index))]
    parts += [_block(Heading(2, (Text("Sources"),))), "\n".join(map(_source, index.sources))]
    for brief in index.briefs:
        parts += _brief(brief)
    return "\n\n".join([*parts, matrix_markdown(index)])


def matrix_markdown(index: Index) -> str:
    """Which brief uses which fact, as a table; nothing, where there is no brief."""
    if not index.briefs:
        return ""
    names = (brief.audience for brief in index.briefs)
    header = _cells(["Fact", "Kind", "Independent sources", *names])
    rows = tuple(_cells(words.row(row)) for row in index.facts)
    blocks: list[Block] = [Heading(2, (Text(words.MATRIX_TITLE),)), Table((), header, rows)]
    return render_blocks(blocks, WIDTH) + "\n"


def _source(source: Source) -> str:
    parts: list[Inline] = [Text(f"{source.id}: {short_title(source)}")]
    address = f"https://doi.org/{source.doi}" if source.doi else source.url
    if address:
        shown = (Text(shown_url(address)),)
        parts += [Text("; "), Link(address, shown) if is_safe_link(address) else shown[0]]
    if words.kept(source):
        parts.append(Text(f"; {words.kept(source)}"))
    return filled(f"[{source.number}] {render_blocks([Paragraph(tuple(parts))], 10**9)}", WIDTH, "- ", "  ")


def _brief(brief: IndexedBrief) -> Iterator[str]:
    yield _block(Heading(2, (Text(f"{brief.audience}: {brief.title}"),)))
    yield _paragraph(words.about(brief))
    for heading, sentences in groupby(brief.sentences, lambda sentence: sentence.heading):
        if heading:
            yield _block(Heading(3, (Text(heading),)))
        for sentence in sentences:
            yield _sentence(sentence)


def _sentence(sentence: IndexedSentence) -> str:
    number = Strong((Text(f"{sentence.number}."),))
    facts = "\n".join(line for fact in sentence.facts for line in _fact(fact))
    return _block(Paragraph((number, Text(" "), *sentence.parts))) + "\n\n" + facts


def _fact(fact: IndexedFact) -> Iterator[str]:
    yield filled(f"**{escaped(fact.id)}**, {escaped(words.fact(fact))}", WIDTH, "- ", "  ")
    for cite in fact.citations:
        yield filled(f"[{cite.number}] {escaped(words.passage(cite))}", WIDTH, "  - [ ] ", "    ")


def _block(block: Block) -> str:
    return render_blocks([block], WIDTH)


def _paragraph(text: str) -> str:
    return _block(Paragraph((Text(text),)))


def _cells(texts: Sequence[str]) -> tuple[Cell, ...]:
    """A row; its third cell is a number."""
    return tuple(Cell((Text(text),), number=place == 2) for place, text in enumerate(texts))
