"""Letters, digits and brackets that look like others → those others, one for one; words that mix scripts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["mixed_words", "plain", "plain_but_letters"]

# Cyrillic and Greek letters that a font draws as it draws Latin ones.
_CYRILLIC = ("АВЕЅІЈКМНОРСТУХасеѕіјорухԁԛԝһ", "ABESIJKMHOPCTYXacesijopyxdqwh")
_GREEK = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιν", "ABEZHIKMNOPTYXoiv")
_BRACKETS = ("【〔〖［⟦❲⁅】〕〗］⟧❳⁆", "[[[[[[[]]]]]]]")
_LIKE = {
    ord(one): other
    for ones, others in (_CYRILLIC, _GREEK, _BRACKETS)
    for one, other in zip(ones, others, strict=True)
}
_OTHERS = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]{2,}")
# The script is the first word of a letter's name. Only these have letters that look like those of another one.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})


def plain(text: str) -> str:
    """The text with what it looks like: digits of any script or size, brackets, Latin letters; as long as before."""
    if text.isascii():
        return text
    return _OTHERS.sub(lambda found: _plain(found[0]), text)


def plain_but_letters(text: str) -> str:
    """The text with what it looks like, its letters aside: those of a language that is not written in Latin ones."""
    return _OTHERS.sub(lambda found: found[0] if found[0].isalpha() else _plain(found[0]), text)


def _plain(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    like = _LIKE.get(ord(character)) or unicodedata.normalize("NFKC", character)
    return like if len(like) == 1 else character


def mixed_words(text: str) -> Iterator[tuple[str, int]]:
    """The words in which a letter looks like one of another script that the word has too, with their offsets.

    Not "μm" or "ΔT": a letter that looks like itself alone deceives nobody.
    """
    if text.isascii():
        return
    for found in _WORD.finditer(text):
        word = found[0]
        if not word.isascii() and any(ord(letter) in _LIKE for letter in word):
            scripts = {unicodedata.name(letter, "?").split()[0] for letter in word} & _ALIKE
            if len(scripts) > 1:
                yield word, found.start()
