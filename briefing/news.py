"""A brief and its edition of some time ago → the brief with what changed since, in front and behind each sentence.

The section follows ICD 203, standard 7: it says what is new, and how it changes or confirms what was said before.
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.brief import Brief
from briefing.changes import Altered, Changes
from briefing.document import Block, Cites, Heading, Inline, Inlines, Items, Paragraph, Revised, Strong, Text
from briefing.load import Loaded
from briefing.sentences import Sentence, annotated, cited_sentences
from briefing.tongues import Tongue
from briefing.touching import TouchedSentence, touches

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
    told = [one for one in touches(earlier.changes, earlier.brief, brief).sentences if _matters(one)]
    rows = {number for number, one in enumerate(sentences, start=1) if one.is_row}
    noted = brief.tongue.noted
    notes: dict[int, Inlines] = {
        one.new.number: (Text(" "), Revised("note", (Text(noted[one.sort]),)))
        for one in told
        if one.new and one.sort in noted
    }
    section = _section(brief.tongue, earlier, list(_once(told, rows)), sentences)
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


def _section(
    tongue: Tongue, earlier: Earlier, told: Sequence[TouchedSentence], sentences: Sequence[Sentence]
) -> tuple[Block, ...]:
    heading = Heading(2, (Text(tongue.changed_since(earlier.as_of)),))
    if not told:
        return (heading, Paragraph((Text(tongue.nothing_new),)))
    facts = {fact.id: fact for fact in earlier.changes.facts}
    items = (tuple(_item(tongue, one, facts, sentences)) for one in told)
    return (heading, Items(tuple((Paragraph(parts),) for parts in items)))


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
        yield Text(tongue.quoted(one.old.words.strip()))
    if sort == "gone":
        whys = dict.fromkeys(each.why for each in altered if each.why)
        yield Text("".join(f" {why}" for why in whys))


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
