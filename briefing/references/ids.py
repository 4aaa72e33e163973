"""A reference → its id in the facts file: who, when, about what, as in `crs-2025-ukraine`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from briefing.facts import Name
from briefing.references.model import Reference
from briefing.scalars import check_id

__all__ = ["Ids"]

# An id is typed again with every citation.
_LONGEST_KEY: Final = 40
_LONGEST: Final = 60
_LONGEST_WORD: Final = 20
_LEAST_LETTERS: Final = 4
_NUMBERED: Final = re.compile(r"(?:item|ref|reference|entry|source|zotero|key)-?[0-9]*")
_BRACKETED: Final = re.compile(r"\(([A-Z][A-Za-z]{1,9})\)")
_OF_A_COUNTRY: Final = re.compile(r"^(?:The |U\.? ?S\.? |US |UK |United States |United Kingdom )+")
_SMALL: Final = frozenset(
    "a an and at by for from in of on the to with und der die das et de la le les du des".split()
)
# Words of titles that say nothing of the subject.
_COMMON: Final = frozenset(
    "about after analysis annual article background before between brief chapter congress current evidence from"
    " introduction issues memo note notes overview part policy recent report reports review section select selected"
    " some status study summary table that their this through toward towards under update updated upon what when"
    " where which will with".split()
)


class Ids:
    """The ids of a facts file, and new ones that are none of them.

    `keys` are those of all works that come in: one that is made here may not be what another work is cited by there.
    """

    def __init__(self, taken: Iterable[str], keys: Iterable[str] = ()) -> None:
        self.taken = set(taken)
        self.keys = frozenset(keys)
        self.numbers: dict[str, int] = {}

    def new(self, reference: Reference) -> str:
        """The reference's own key, where that is an id and free; else an id made of its fields."""
        own = _is_id(reference) and reference.key not in self.taken
        id = reference.key if own else self._made(reference)
        self.taken.add(id)
        return id

    def _made(self, reference: Reference) -> str:
        *words, last = _candidates(reference)
        id = next(filter(self._is_free, (*words, last)), "")
        number = self.numbers.get(last, 1)
        while not self._is_free(id):
            number += 1
            id = f"{last}-{number}"
        self.numbers[last] = number
        return id

    def _is_free(self, id: str) -> bool:
        return id not in self.taken and id not in self.keys and id != ""


def _candidates(reference: Reference) -> Iterator[str]:
    """Ids made of its fields, the best first; to the last of them a number can be added."""
    maker, year = _maker(reference), reference.published[:4] if reference.published[:4].isdigit() else ""
    about = [word for word in _subject(reference.title) if word != maker]
    base = [part for part in (maker or reference.type.replace("_", "-"), year) if part]
    for words in range(1, min(3, len(about)) + 1):
        if len(longer := _id([*base, *about[:words]])) <= _LONGEST:
            yield longer
    yield _id([*base, *about[:1]])


def _id(parts: list[str]) -> str:
    return "-".join(parts)


def _is_id(reference: Reference) -> bool:
    """Whether the key in the reference's file is an id: any by which people cite, else one that somebody chose."""
    key = reference.key
    try:
        check_id(key)
    except ValueError:
        return False
    return reference.cited or (
        2 < len(key) <= _LONGEST_KEY and not key.isdigit() and not _NUMBERED.fullmatch(key)
    )


def _maker(reference: Reference) -> str:
    """The first author, of a report the body that gave it out; without one, who published it or where it appeared."""
    if reference.type == "report" and (short := _initials(reference.publisher)):
        return short
    if reference.author:
        return _of_name(reference.author[0])
    return next(filter(None, map(_of_body, (reference.publisher, reference.container_title))), "")


def _of_name(name: Name) -> str:
    if name.literal:
        return _of_body(name.literal)
    words = [word for word in map(_ascii_words, name.family.split()) if word]
    return _short("-".join(words[-1])) if words else ""


def _of_body(body: str) -> str:
    """A body by its short form in brackets, or by its first letters: `gao` for Government Accountability Office."""
    return _initials(body) or _short("-".join(_telling(body)[:2]))


def _initials(body: str) -> str:
    """The short form of a body of three words and more, or one that stands in brackets; else nothing."""
    if short := _BRACKETED.search(body):
        return short[1].lower()
    telling = _telling(body)
    return "".join(word[0] for word in telling) if 3 <= len(telling) <= 6 else ""


def _telling(body: str) -> list[str]:
    return [word for word in _ascii_words(_OF_A_COUNTRY.sub("", body)) if word not in _SMALL]


def _subject(title: str) -> list[str]:
    """The words of a title that tell it from others: names and abbreviations first, where it is not all in capitals."""
    found = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", title)
    telling = [
        (word, place)
        for place, word in enumerate(found[:30])
        if (len(word) >= _LEAST_LETTERS or (word.isupper() and len(word) > 2))
        and word.lower() not in _COMMON
        and not word.isdigit()
    ]
    made = [(_short("".join(_ascii_words(re.split("['’]", word)[0]))), place) for word, place in telling]
    return list(dict.fromkeys(word for word, _ in made if word))


def _ascii_words(text: str) -> list[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    if not text.isascii():
        from anyascii import anyascii  # 15 ms, and most names are Latin

        text = anyascii(text)
    return re.findall("[a-z0-9]+", text.replace("'", "").replace(".", "").lower())


def _short(word: str) -> str:
    return word[:_LONGEST_WORD].strip("-")
