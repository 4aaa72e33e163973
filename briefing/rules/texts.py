"""The sentence of a fact as a sentence; labels, names and titles, which are printed with it and say nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from briefing.ears import Ear
from briefing.errors import Level
from briefing.facts import Fact, Source, pieces
from briefing.lookalikes import mixed_words
from briefing.naming import is_named, stands_in, typed_names
from briefing.places import Path
from briefing.prose import ends_in_abbreviation, ends_sentence, is_within, quotations
from briefing.rules.base import Desk, Finding, rule
from briefing.tongues import Tongue

__all__ = ["text_label", "text_mixed_script", "text_name", "text_one_sentence", "text_unfinished"]


@rule("text-unfinished", Level.WARNING)
def text_unfinished(desk: Desk) -> Iterator[Finding]:
    """A text does not end as a sentence does, with a full stop, a question mark or an exclamation mark."""
    for fact in desk.facts.facts.values():
        if fact.text and not ends_sentence(fact.text):
            yield Finding(("facts", fact.id, "text"), "the text is one sentence and ends with a full stop")


_NEXT_SENTENCE = re.compile(r"[.?!][”’»“\")\]]*\s+(?=[“‘«„\"({]*[A-ZА-ЯЄІЇҐ{])")


@rule("text-one-sentence", Level.WARNING)
def text_one_sentence(desk: Desk) -> Iterator[Finding]:
    """A text seems to hold more than one sentence; each needs a source of its own, so make a fact of each."""
    for fact in desk.facts.facts.values():
        for found in _NEXT_SENTENCE.finditer(fact.text):
            if not ends_in_abbreviation(fact.text[: found.start() + 1]):
                yield Finding(
                    ("facts", fact.id, "text"), "the text holds more than one sentence; make a fact of each"
                )
                break


@rule("text-mixed-script", Level.WARNING)
def text_mixed_script(desk: Desk) -> Iterator[Finding]:
    """A word of a text or name mixes scripts, such as a Cyrillic і within Latin letters: it reads as another word.

    A search does not find it, nor do the rules that look for words.
    """
    texts = [
        (("facts", fact.id, key), getattr(fact, key)) for fact in desk.facts.facts.values() for key in _KEYS
    ]
    texts += [
        (("people", id, key), getattr(person, key))
        for id, person in desk.facts.people.items()
        for key in _NAMES
    ]
    for path, text in texts:
        for word, _ in mixed_words(text):
            yield Finding(path, f'"{word}" mixes letters of two scripts that look alike', word)


_KEYS = ("text", "label", "why", "instrument", "settled_by", "if_wrong")
_NAMES = ("name", "short")


def _evidence(tongue: Tongue, fact: Fact) -> list[str]:
    """The texts in which a figure or date of a fact's label must stand."""
    texts = ["".join(piece for piece in pieces(fact.text) if isinstance(piece, str)), fact.instrument]
    texts += map(tongue.quantity, fact.quantities.values())
    texts += map(tongue.date, filter(None, (fact.date, fact.horizon)))
    return [*texts, *(cite.quote for cite in fact.cite)]


@rule("text-label", Level.WARNING)
def text_label(desk: Desk) -> Iterator[Finding]:
    """A label, or the period of a quantity, says what its fact does not: a figure, a date, a person of the file.

    Tables and timelines print it with the citation of the fact. A year may stand in a period, and a count up to ten in
    words in both ("the four acts").
    """
    for fact in desk.facts.facts.values():
        said: list[tuple[Path, str]] = [(("facts", fact.id, "label"), fact.label)]
        said += [
            (("facts", fact.id, "quantities", name, "period"), desk.ear.without_years(quantity.period))
            for name, quantity in fact.quantities.items()
        ]
        for path, words in said:
            for strange in _strange(desk, fact, words) if words else ():
                yield Finding(path, f'"{strange}" stands neither in the fact nor in what it cites')


def _strange(desk: Desk, fact: Fact, words: str) -> Iterator[str]:
    ear = desk.ear
    mentioned = ear.mentions(ear.without_counts(ear.without_designations(words)))
    # Most stand in a quotation; what else bears them out is the dearer question.
    if any(mentioned.missing_from(ear.known(cite.quote for cite in fact.cite))):
        yield from mentioned.missing_from(ear.known(_evidence(desk.tongue, fact)))
    people, known = desk.facts.people, (*fact.by, *fact.placeholders)
    for id, typed in typed_names(people, words, ear.name_forms, known):
        if not stands_in(people[id], "\n;\n".join(_evidence(desk.tongue, fact)), ear.name_forms):
            yield typed


@rule("text-name", Level.WARNING)
def text_name(desk: Desk) -> Iterator[Finding]:
    """A name, a title or a descriptor says something: an amount that no fact has, or words in quotation marks.

    Looked at are `name` and `short` of people, the file's `title`, and the descriptors of sources, whose quotations
    must stand in what is cited of them and whose dates, years and small numbers are left alone.
    """
    facts = desk.facts
    for id, person in facts.people.items():
        for key in ("name", "short"):
            name = getattr(person, key)
            for words in _says(desk.ear, name, partial(_own_quotations, desk.ear, name)):
                yield Finding(("people", id, key), f"{words}: a name says nothing; make a fact of it", "")
    for words in _says(desk.ear, facts.title, partial(_behind_title, desk)):
        yield Finding(("title",), f"{words} stands in no fact; a title says nothing more than they do")
    quoted: dict[str, list[str]] = {}
    for cite in (cite for fact in facts.facts.values() for cite in fact.cite):
        quoted.setdefault(cite.source, []).append(cite.quote)
    for source in facts.sources.values():
        known = partial(_behind_descriptor, desk, source, quoted.get(source.id, ()))
        for words in _says(desk.ear, source.descriptor, known, whole=False):
            yield Finding(
                ("sources", source.id, "descriptor"), f"{words} stands in nothing that is cited of the source"
            )


def _own_quotations(ear: Ear, text: str) -> list[str]:
    """What stands in quotation marks, where a language sets names so."""
    return quotations(text) if ear.quotes_names else []


def _names(desk: Desk, text: str) -> list[str]:
    """What stands in quotation marks and is a name of the facts file, where a language sets names so."""
    marked = _own_quotations(desk.ear, text)
    return [words for words in marked if is_named(words, desk.facts, desk.ear.name_forms)]


def _behind_title(desk: Desk) -> list[str]:
    every = [text for fact in desk.facts.facts.values() for text in _evidence(desk.tongue, fact)]
    return [*every, *_names(desk, desk.facts.title)]


def _behind_descriptor(desk: Desk, source: Source, quoted: Sequence[str]) -> list[str]:
    return [source.title, *quoted, *_names(desk, source.descriptor)]


def _says(ear: Ear, text: str, known: Callable[[], list[str]], *, whole: bool = True) -> Iterator[str]:
    """The amounts, dates and quotations of a text that stand in none of the known texts; dates where `whole`."""
    for words in quotations(text):
        if not any(is_within(words, other) for other in known()):
            yield f"“{words}”"
    bare = ear.without_designations(text)
    if not whole:
        bare = ear.without_small_numbers(ear.without_years(bare))
    mentioned = ear.mentions(bare)
    if mentioned.figures or (whole and mentioned.days):
        for words in mentioned.missing_from(ear.known(known())):
            if whole or (re.search(r"\d", words) and words not in mentioned.days.values()):
                yield f'"{words}"'
