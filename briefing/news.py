"""A brief and its edition of some time ago → the brief with what changed since, in front and behind each sentence.

The section follows ICD 203, standard 7: it says what is new, and how it changes or confirms what was said before.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.asides import aside_pattern
from briefing.brief import Brief
from briefing.changes import Altered, Changes
from briefing.document import (
    Block,
    Cite,
    Cites,
    Heading,
    Inline,
    Inlines,
    Items,
    Paragraph,
    Revised,
    Strong,
    Text,
)
from briefing.load import Loaded
from briefing.sentences import Sentence, annotated, cited_sentences
from briefing.tongues import Tongue
from briefing.touching import PlacedSentence, TouchedSentence, Touches, touches

__all__ = ["Earlier", "with_news"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier edition: the day up to which it was informed, its facts and brief, and what changed since."""

    as_of: datetime.date
    loaded: Loaded
    brief: Brief
    changes: Changes


def with_news(brief: Brief, earlier: Earlier) -> Brief:
    """The brief with a section in front on what matters to its readers, and a note behind each sentence that is new."""
    sentences = list(cited_sentences(brief.body))
    touched = touches(earlier.changes, earlier.brief, brief)
    told = [one for one in touched.sentences if _matters(one)]
    rows = {number for number, one in enumerate(sentences, start=1) if one.is_row}
    noted = brief.tongue.noted
    notes: dict[int, Inlines] = {
        one.new.number: (Text(" "), Revised("note", (Text(noted[one.sort]),)))
        for one in told
        if one.new and one.sort in noted
    }
    facts = {fact.id: fact for fact in earlier.changes.facts}
    items = [tuple(_item(brief.tongue, one, facts, sentences)) for one in _once(told, rows)]
    items += _sources(brief, touched, earlier.changes)
    section = _section(brief.tongue, earlier, items)
    gone = [id for one in told if one.sort == "gone" for id in one.because if id in brief.facts.facts]
    body = (*section, *annotated(brief.body, notes))
    return replace(brief, body=body, gone=tuple(dict.fromkeys(gone)))


def _matters(one: TouchedSentence) -> bool:
    """Whether a reader is told: not where a sentence reads otherwise only for what stands before it now."""
    return bool(one.because) or one.sort in ("new", "gone")


def _once(told: Sequence[TouchedSentence], rows: Container[int]) -> Iterator[TouchedSentence]:
    """Without rows, and sentences that read as before, on facts of which readers were told already."""
    known: set[str] = set()
    for one in told:
        again = one.sort == "same words" or (one.new is not None and one.new.number in rows)
        if not (again and one.because and known.issuperset(one.because)):
            yield one
        known.update(one.because)


def _section(tongue: Tongue, earlier: Earlier, items: Sequence[Inlines]) -> tuple[Block, ...]:
    heading = Heading(2, (Text(tongue.changed_since(earlier.as_of)),))
    if not items:
        return (heading, Paragraph((Text(tongue.nothing_new),)))
    return (heading, Items(tuple((Paragraph(parts),) for parts in items)))


# What only says where a source is found, or how it was kept.
_FOUND = frozenset(("accessed", "archive", "doi", "number", "url"))


def _sources(brief: Brief, touched: Touches, changes: Changes) -> Iterator[Inlines]:
    """The sources of the brief of which its Sources say something else now."""
    altered = {one.id: one for one in changes.sources if one.sort == "changed"}
    for source in brief.sources:
        one = altered.get(source.id)
        if (
            one
            and source.id in touched.sources
            and any(change.path[0] not in _FOUND for change in one.changes)
        ):
            cites = Cites((Cite(source.number, f"source-{source.number}"),))
            title = source.title or source.descriptor.rstrip(".")
            yield (Strong((Text(brief.tongue.news["source"]),)), Text(f" {title}"), cites, Text("."))


def _item(
    tongue: Tongue,
    one: TouchedSentence,
    facts: dict[str, Altered],
    sentences: Sequence[Sentence],
) -> Iterator[Inline]:
    """`Changed: the sentence [3]. Before: “the old one.”`"""
    altered = [facts[id] for id in one.because if id in facts]
    sort = "confirmed" if one.sort == "same words" and _are_confirmed(altered) else one.sort
    yield Strong((Text(tongue.news[sort]),))
    yield Text(" ")
    if one.new:
        yield from _without_anchors(sentences[one.new.number - 1].parts)
    if one.old and sort == "reworded":
        yield Text(" ")
        yield Strong((Text(tongue.news["before"]),))
        yield Text(" ")
    if one.old and sort in ("reworded", "gone"):
        yield Text(tongue.quoted(_uncited(one.old)))
    if sort == "gone":
        whys = dict.fromkeys(each.why for each in altered if each.why)
        yield Text("".join(f" {why}" for why in whys))


# Its numbers are those of the former edition's sources.
_NUMBERS = r"(?:\s?\[\d+\])+"
_CITED = re.compile(rf"\s*(?:{aside_pattern(_NUMBERS)}|\[\d+\])")


def _uncited(sentence: PlacedSentence) -> str:
    """A former sentence without its citations; of a row, without the cells that had nothing else."""
    cells = _CITED.sub("", sentence.text).split(" · ")
    return " · ".join(cell for cell in cells if not (len(cells) > 1 and cell.endswith(":")))


def _are_confirmed(altered: Sequence[Altered]) -> bool:
    """Whether all that changed is that more sources say so."""
    changes = [change for one in altered for change in one.changes]
    return bool(changes) and all(change.path[0] == "cite" and not change.old for change in changes)


def _without_anchors(parts: Sequence[Text | Cites]) -> Iterator[Inline]:
    """The sentence, to be printed once more: nothing leads back to its citations."""
    for part in parts:
        if isinstance(part, Cites):
            part = replace(part, cites=tuple(replace(cite, anchor="") for cite in part.cites))
        yield part
