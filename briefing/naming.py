"""People of the facts file, named in prose."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Container, Iterator, Mapping

from briefing.facts import Facts, Person
from briefing.prose import quotations

__all__ = ["is_named", "stands_in", "typed_name", "typed_names"]

# A name → a pattern for it, in every form that it takes in a language.
Forms = Callable[[str], str]
# All are asked for in each text; to compile a pattern takes ten times as long as to look for it.
_MOST_KEPT = 1 << 14
_WORD = re.compile(r"\w+")
_LENGTHS = (1, 2, 3)
_NEXT_CAPITAL = re.compile(r"\s+[A-ZА-ЯЄІЇҐ]")


def stands_in(person: Person, text: str, forms: Forms) -> str:
    """The form in which a person's name stands in a text, or nothing. A name has a capital letter: not "the office"."""
    for name in _names(person.name, person.short):
        if re.search(rf"(?<!\w){forms(name)}(?!\w)", text):
            return name
    return ""


def typed_names(
    people: Mapping[str, Person], text: str, forms: Forms, known: Container[str] = ()
) -> Iterator[tuple[str, str]]:
    """The people whose names are typed in a text, by id, each with the form; those who are known there aside."""
    said = {word[:length] for word in _WORD.findall(text.casefold()) for length in _LENGTHS}
    for id, person in people.items():
        if id not in known and any(start <= said for start in _starts(person.name, person.short)):
            typed = typed_name(person, text, forms)
            if typed:
                yield id, typed


def typed_name(person: Person, text: str, forms: Forms) -> str:
    """The form in which a person's name is typed, or nothing; not as the beginning of another name (Lee County).

    In capitals ("ADEYEMI") and in small letters, too, unless it is a word as well ("may", "the council").
    """
    for name in _names(person.name, person.short):
        for found in _pattern(name, forms).finditer(text):
            typed = found[0]
            goes_on = _NEXT_CAPITAL.match(text, found.end()) is not None
            if typed == name and goes_on:
                continue
            if typed[0].isupper() or (len(name.split()) == 1 and _is_surname(person, name)):
                return typed
    return ""


def is_named(words: str, facts: Facts, forms: Forms) -> bool:
    """Whether words are a name of the facts file: of a person, a work, who published it; or stand in marks there."""
    names = [name for person in facts.people.values() for name in (person.name, person.short)]
    names += [
        name
        for source in facts.sources.values()
        for name in (source.title, source.publisher, source.container_title, *map(str, source.author))
    ]
    known = {name for each in filter(None, names) for name in (each, *quotations(each))}
    return any(re.fullmatch(forms(name), words, re.IGNORECASE) for name in known)


@functools.lru_cache(maxsize=_MOST_KEPT)
def _names(*forms: str) -> tuple[str, ...]:
    """The forms of a name that begin with a capital letter, without the words before it."""
    names = (re.sub(r"^(?:[a-zа-яєіїґ][\w’']*\s+)+", "", form) for form in forms)
    return tuple(name for name in names if name[:1].isupper())


@functools.lru_cache(maxsize=_MOST_KEPT)
def _starts(*forms: str) -> tuple[frozenset[str], ...]:
    """Of each form of a name how its words begin in every case, in small letters; looked for before the pattern.

    That is three letters, of a short word all but the last two: Київ, Києва.
    """
    return tuple(
        frozenset(word[: max(1, min(3, len(word) - 2))] for word in _WORD.findall(name.casefold()))
        for name in _names(*forms)
    )


@functools.lru_cache(maxsize=_MOST_KEPT)
def _pattern(name: str, forms: Forms) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){forms(name)}(?!\w)", re.IGNORECASE)


def _is_surname(person: Person, name: str) -> bool:
    """Whether a short name is the last one of a person, and no word as well."""
    return person.name.endswith(f" {name}") and name.casefold() not in _ALSO_WORDS


# Surnames and institutions that are words in small letters.
_ALSO_WORDS = frozenset(
    "baker bank banks bell bishop bond brown bush carter church congress cook council court day"
    " department field fields fisher ford forest fox frost gates gold grant gray green hall hill house"
    " hunt hunter judge justice king knight lake lane law long love marsh marshall mason may mayor miller"
    " ministry noble office page paper park parliament pope power powers president price public rice rich"
    " rose ross senate short sharp singer small stone strong swift treasury wall ward waters wells west"
    " white will wise wolf wood woods young commission committee agency authority board party company"
    " union bureau service state association institute university school police army".split()
)
