"""People of the facts file, named in prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from briefing.facts import Facts, Person
from briefing.prose import quotations

__all__ = ["is_named", "stands_in", "typed_name"]

# A name → a pattern for it, in every form that it takes in a language.
Forms = Callable[[str], str]


def stands_in(person: Person, text: str, forms: Forms) -> str:
    """The form in which a person's name stands in a text, or nothing. A name has a capital letter: not "the office"."""
    for name in _names(person):
        if re.search(rf"(?<!\w){forms(name)}(?!\w)", text):
            return name
    return ""


def typed_name(person: Person, text: str, forms: Forms) -> str:
    """The form in which a person's name is typed, or nothing; not as the beginning of another name (Lee County).

    In capitals ("ADEYEMI") and in small letters, too, unless it is a word as well ("may", "the council").
    """
    lower = text.casefold()
    for name in _names(person):
        if name[:_SAME_IN_ALL_FORMS].casefold() not in lower:
            continue
        for found in re.finditer(rf"(?<!\w){forms(name)}(?!\w)", text, re.IGNORECASE):
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


_NEXT_CAPITAL = re.compile(r"\s+[A-ZА-ЯЄІЇҐ]")
_SAME_IN_ALL_FORMS = 3


def _names(person: Person) -> Iterator[str]:
    for form in (person.name, person.short):
        name = re.sub(r"^(?:[a-zа-яєіїґ][\w’']*\s+)+", "", form)
        if name[:1].isupper():
            yield name


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
