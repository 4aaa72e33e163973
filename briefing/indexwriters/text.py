"""Index → plain text for a terminal or a printer: a box to tick for each passage, and the matrix."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from briefing.document import Cites, Text
from briefing.index import Index, IndexedBrief, IndexedFact, IndexedSentence, short_title
from briefing.indexwriters import words
from briefing.report.visible import visible

__all__ = ["index_text", "matrix_text"]

WIDTH = 92
# The longest word of most ids and audiences: a table with three audiences is no wider than the text.
_WIDEST_ID = 30
_WIDEST_CELL = 14
# A space at which no line is broken, between a word and its citation: a noncharacter, which no input can hold.
_GLUE = "\ufdd2"


def index_text(index: Index) -> str:
    """The sources, the sentences of each brief, and the matrix; nothing, where there is no brief."""
    if not index.briefs:
        return ""
    parts = [_wrapped(words.as_of(index)), *_sources(index)]
    for brief in index.briefs:
        parts += ["", *_brief(brief)]
    return "\n".join([*parts, "", matrix_text(index)])


def matrix_text(index: Index) -> str:
    """Which brief uses which fact, as a table; nothing, where there is no brief."""
    if not index.briefs:
        return ""
    names = [brief.audience for brief in index.briefs]
    rows = [["fact", "kind", "independent sources", *names], *map(words.row, index.facts)]
    return "\n".join([*_headed(words.MATRIX_TITLE, "="), *_table(rows)]) + "\n"


def _sources(index: Index) -> Iterator[str]:
    yield from ("", *_headed("Sources", "="))
    for source in index.sources:
        address = f"https://doi.org/{source.doi}" if source.doi else source.url
        said = [short_title(source), address, words.kept(source)]
        yield _wrapped(f"{source.id}: {'; '.join(filter(None, said))}", f"[{source.number}] ", " " * 4)


def _brief(brief: IndexedBrief) -> Iterator[str]:
    yield from _headed(f"{brief.audience}: {brief.title}", "=")
    yield words.about(brief)
    for heading, sentences in groupby(brief.sentences, lambda sentence: sentence.heading):
        if heading:
            yield from ("", *_headed(heading, "-"))
        for sentence in sentences:
            yield ""
            yield from _sentence(sentence)


def _sentence(sentence: IndexedSentence) -> Iterator[str]:
    yield _wrapped(_glued(sentence.parts), f"{sentence.number:>3}. ", " " * 5)
    for fact in sentence.facts:
        yield from _fact(fact)


def _fact(fact: IndexedFact) -> Iterator[str]:
    yield _wrapped(f"{fact.id}, {words.fact(fact)}", " " * 7, " " * 11)
    for cite in fact.citations:
        yield _wrapped(f"[{cite.number}] {words.passage(cite)}", " " * 9 + "[ ] ", " " * 17)


def _headed(title: str, line: str) -> list[str]:
    shown = _wrapped(title)
    return [shown, line * max(map(len, shown.split("\n")))]


def _glued(parts: Sequence[Text | Cites]) -> str:
    """A sentence whose citations stay on the line of the word before them."""
    return "".join(
        part.text
        if isinstance(part, Text)
        else _GLUE * part.lead + _GLUE.join(f"[{cite.number}]" for cite in part.cites)
        for part in parts
    )


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    """A paragraph, wrapped at spaces; `first` and `rest` stand in front of its lines."""
    shown = _GLUE.join(visible(part) for part in text.split(_GLUE))
    filled = textwrap.fill(
        shown,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    # Once more by line: words that were harmless within a text may stand at the head of a line now.
    return "\n".join(visible(line) for line in filled.replace(_GLUE, " ").split("\n"))


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as their widest word; cells with several are wrapped."""
    cells = [
        [
            textwrap.wrap(visible(text), _WIDEST_CELL if place else _WIDEST_ID) or [""]
            for place, text in enumerate(row)
        ]
        for row in rows
    ]
    widths = [max(len(line) for cell in column for line in cell) for column in zip(*cells, strict=True)]
    for number, row in enumerate(cells):
        for lines in zip_longest(*row, fillvalue=""):
            cells_of_line = (line.ljust(width) for line, width in zip(lines, widths, strict=True))
            yield visible("  ".join(cells_of_line).rstrip())
        if not number:
            yield "  ".join("-" * width for width in widths)
