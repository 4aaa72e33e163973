"""A brief and its edition of some time ago → the brief with what changed since, in front and behind each sentence.

The section follows ICD 203, standard 7: it says what is new, and how it changes or confirms what was said before.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from briefing.asides import aside_pattern
from briefing.brief import Brief
from briefing.changes import Altered, Changes, changes
from briefing.changes.words import Words
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
from briefing.extract import kept
from briefing.load import load
from briefing.sentences import Sentence, annotated, cited_sentences
from briefing.tongues import Tongue, tongue_of
from briefing.touching import PlacedSentence, TouchedSentence, Touches, touches

__all__ = ["Earlier", "news_section", "with_gone", "with_news"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier edition: its brief, and as YAML the facts that this rests on, which are all that is looked at.

    The brief names facts, sources and people by the ids of today. Its `gone` are facts that it printed then, and
    today's template does not ask for any more. Without `knows_all` some that left the file may have been printed.
    """

    brief: Brief
    facts: str
    knows_all: bool = True


def with_gone(brief: Brief, earlier: Earlier) -> Brief:
    """The brief with the facts of then that it does not rest on any more, as far as they are on file."""
    before, now = kept(earlier.brief)["facts"], kept(brief)["facts"]
    gone = [id for id in earlier.brief.facts.facts if id in before - now and id in brief.facts.facts]
    return replace(brief, gone=tuple(gone))


def with_news(brief: Brief, earlier: Earlier, facts: str) -> Brief:
    """The brief with a section in front on what matters to its readers, and a note behind each sentence that is new.

    `facts` are those that it rests on, as its document carries them: of a document, all that there is.
    """
    section, notes = _news(brief, earlier, facts)
    return replace(brief, body=(*section, *annotated(brief.body, notes)))


def news_section(brief: Brief, earlier: Earlier, facts: str) -> tuple[Block, ...]:
    """That section alone."""
    return _news(brief, earlier, facts)[0]


def _news(brief: Brief, earlier: Earlier, facts: str) -> tuple[tuple[Block, ...], dict[int, Inlines]]:
    """The section, and the notes behind sentences, by their number."""
    found = _compared(earlier.facts, facts, brief.tongue.locale)
    sentences = list(cited_sentences(brief.body))
    touched = touches(found, earlier.brief, brief)
    altered = {fact.id: fact for fact in found.facts}
    gone = _gone(brief, earlier)
    told = [_in_place_of(one, gone, altered) for one in touched.sentences if _matters(one)]
    rows = {number for number, one in enumerate(sentences, start=1) if one.is_row}
    noted = brief.tongue.noted
    notes: dict[int, Inlines] = {
        one.new.number: (Text(" "), Revised("note", (Text(noted[one.sort]),)))
        for one in told
        if one.new and one.sort in noted
    }
    items = [tuple(_item(brief.tongue, one, altered, sentences)) for one in _once(told, rows)]
    replaced = {id for one in told if one.old and one.old.number == 0 for id in one.old.facts}
    items += [
        _dropped(brief.tongue, said, altered.get(id)) for id, said in gone.items() if id not in replaced
    ]
    items += _sources(brief, touched, found)
    section = _section(brief.tongue, earlier.brief.facts.as_of, items)
    if not earlier.knows_all:
        section = (*section[: len(section) - (not items)], Paragraph((Text(brief.tongue.not_all_known),)))
    return section, notes


@lru_cache(maxsize=16)
def _compared(before: str, after: str, locale: str) -> Changes:
    """What changed; once for all recipients."""
    old, new = (load(text.encode(), "facts.yaml").facts for text in (before, after))
    return changes(old, new, tongue_of(locale))


def _gone(brief: Brief, earlier: Earlier) -> Mapping[str, str]:
    """The sentences of facts that only the template of then asked for, by their ids.

    Who took a fact off the file had to take it out of the template.
    """
    used = {one.fact.id for one in brief.used}
    say, before = Words(brief.tongue), earlier.brief.facts
    return {
        id: say.fact_sentence(before, before.facts[id])
        for id in earlier.brief.gone
        if id not in used and id in before.facts
    }


def _in_place_of(
    one: TouchedSentence, gone: Mapping[str, str], altered: Mapping[str, Altered]
) -> TouchedSentence:
    """A new sentence, as one that reads otherwise, where its fact supersedes one that is gone."""
    if one.sort != "new" or one.new is None:
        return one
    facts = one.new.facts
    was = next((id for id in gone if id in altered and altered[id].by in facts), None)
    if was is None:
        return one
    old = PlacedSentence(0, "", gone[was], gone[was], (was,), ())
    return replace(one, sort="reworded", old=old, because=(*one.because, was))


def _dropped(tongue: Tongue, sentence: str, altered: Altered | None) -> Inlines:
    why = f" {altered.why}" if altered and altered.why else ""
    return (Strong((Text(tongue.news["gone"]),)), Text(f" {tongue.quoted(sentence)}{why}"))


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


def _section(tongue: Tongue, since: datetime.date, items: Sequence[Inlines]) -> tuple[Block, ...]:
    heading = Heading(2, (Text(tongue.changed_since(since)),))
    if not items:
        return (heading, Paragraph((Text(tongue.nothing_new),)))
    return (heading, Items(tuple((Paragraph(parts),) for parts in items)))


# What only says where a source is found, or how it was kept.
_FOUND = frozenset(("accessed", "archive", "doi", "number", "place", "url"))


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
    facts: Mapping[str, Altered],
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
