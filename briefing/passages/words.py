"""A text → its words, where each stands, and the key by which it is compared."""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass

from briefing.prose import ends_in_abbreviation, ends_sentence, folded

__all__ = [
    "CORE",
    "LONGEST_WORD",
    "TOKEN",
    "IndexedWords",
    "closes_sentence",
    "fold",
    "folded_word",
    "indexed_words",
    "letters",
    "punctuation_around",
]

# More than any word has; longer runs of marks take Unicode's normalization quadratic time.
LONGEST_WORD = 200

# Scripts that set no spaces between words: ideographs and kana are words of their own here.
_IDEOGRAPHS = (
    r"\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
TOKEN = re.compile(rf"[{_IDEOGRAPHS}]|[^\s{_IDEOGRAPHS}]+")
CORE = re.compile(r"\w(?:.*\w)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class IndexedWords:
    """A text in words: where each begins, its key (how it is compared), and the places of each key."""

    text: str
    starts: array[int]
    keys: list[str]
    places: dict[str, array[int]]

    def surface(self, number: int) -> str:
        """The word as it stands in the text."""
        found = TOKEN.match(self.text, self.starts[number])
        assert found
        return found[0]

    def spaced(self, number: int) -> bool:
        """Whether white space stands before the word."""
        return self.text[self.starts[number] - 1 : self.starts[number]].isspace()

    def line(self, number: int) -> int:
        return self.text.count("\n", 0, self.starts[number]) + 1


def indexed_words(text: str) -> IndexedWords:
    memo: dict[str, str] = {}
    starts, keys = array("l"), list[str]()
    places: dict[str, array[int]] = {}
    for number, found in enumerate(TOKEN.finditer(text)):
        word = found[0]
        key = memo.get(word)
        if key is None:
            key = memo[word] = key_of(word)
        starts.append(found.start())
        keys.append(key)
        if key in places:
            places[key].append(number)
        else:
            places[key] = array("l", (number,))
    return IndexedWords(text, starts, keys, places)


def key_of(word: str) -> str:
    """What makes words alike for alignment: neither case nor the punctuation around them."""
    plain = folded_word(word)
    core = CORE.search(plain)
    return core[0].casefold() if core else plain.replace("...", "…")


def folded_word(word: str) -> str:
    return folded(word) if len(word) <= LONGEST_WORD else word


def fold(words: str) -> str:
    return " ".join(map(folded_word, words.split()))


def letters(words: str) -> str:
    """The words without spaces, punctuation and signs; invisible characters stay."""
    return "".join(mark for mark in fold(words) if unicodedata.category(mark)[0] not in "PSZ")


def closes_sentence(word: str) -> bool:
    """Whether a sentence ends with the word."""
    end = word[-LONGEST_WORD:]
    return ends_sentence(end) and not ends_in_abbreviation(end)


def punctuation_around(word: str) -> tuple[str, str]:
    """The punctuation before and after a word; none around what is punctuation only."""
    core = CORE.search(word)
    return (word[: core.start()], word[core.end() :]) if core else ("", "")
