"""A passage and how a quotation differs from it → one line of plain words."""

from __future__ import annotations

import unicodedata
from itertools import islice

from briefing.passages.finding import Difference, Passage, same_letters
from briefing.passages.words import fold, letters

__all__ = ["difference_words"]

# How much is printed: differences, and characters of each stretch of words.
_MOST_SHOWN = 3
_MOST_CHARACTERS = 120


def difference_words(passage: Passage) -> str:
    """A passage and how the quotation differs from it, in one line.

    `nearest, line 12: “the bridge is safe for now”; the source has “safe for now” where the quote has “unsafe”`
    """
    if passage.parts:
        return _parts_words(passage.parts)
    if not passage.differences:
        return f"line {passage.line}: {_shown(passage.words)}"
    return f"nearest, line {passage.line}: {_marked(_excerpt(passage))}; {_told(passage)}"


def _parts_words(parts: tuple[tuple[str, Passage | None], ...]) -> str:
    said = [_part_words(quoted, passage) for quoted, passage in islice(parts, _MOST_SHOWN)]
    more = f" and {len(parts) - _MOST_SHOWN} more" if len(parts) > _MOST_SHOWN else ""
    number = "two" if len(parts) == 2 else len(parts)
    joined = f"{', '.join(said[:-1])} and {said[-1]}" if not more else ", ".join(said) + more
    return f"it joins {number} places with an ellipsis; quote them as {number} quotations: {joined}"


def _part_words(quoted: str, passage: Passage | None) -> str:
    said = _shown(quoted)
    if passage is None:
        return f"{said} (nothing near it is in the source)"
    if not passage.differences:
        return f"{said} (line {passage.line})"
    return f"{said} (nearest, line {passage.line}: {_told(passage, 1)})"


def _told(passage: Passage, most: int = _MOST_SHOWN) -> str:
    """The differences, what they have in common first."""
    differences = passage.differences
    told = "; ".join(_clause(passage, difference) for difference in differences[:most])
    more = len(differences) - most
    if more > 0:
        told += f"; and {more} more difference{'s' if more > 1 else ''}"
    return _common_nature(differences) + told


def _common_nature(differences: tuple[Difference, ...]) -> str:
    if all(_without_spaces(found.quote) == _without_spaces(found.source) for found in differences):
        return "only white space differs: "
    if all(_folded_all(found.quote) == _folded_all(found.source) for found in differences):
        return "only capitals differ: "
    if all(letters(found.quote) == letters(found.source) for found in differences):
        return "only punctuation differs: "
    if all(map(same_letters, differences)):
        return "only capitals and punctuation differ: "
    return ""


def _clause(passage: Passage, difference: Difference) -> str:
    if not difference.source:
        return f"the quote adds {_shown(difference.quote)} {_beside(passage, difference)}"
    if not difference.quote:
        return f"the quote leaves out {_shown(difference.source)} {_beside(passage, difference)}"
    odd = _odd_character(difference)
    return f"the source has {_shown(difference.source)} where the quote has {_shown(difference.quote)}{odd}"


def _beside(passage: Passage, difference: Difference) -> str:
    """Next to which word of the passage something was added or left out."""
    before = passage.words[: difference.start].split()
    if before:
        return f"after {_shown(before[-1])}"
    after = passage.words[difference.start + len(difference.source) :].split()
    return f"before {_shown(after[0])}" if after else "to it"


def _odd_character(difference: Difference) -> str:
    """The name of a character that makes words differ which look alike on a screen, or nothing."""
    for one, other, whose in (
        (difference.source, difference.quote, "source"),
        (difference.quote, difference.source, "quote"),
    ):
        odd = next((mark for mark in one if not mark.isascii() and mark not in other), None)
        if odd and _look(one) == _look(other):
            name = unicodedata.name(odd, "a character without a name")
            return f" (the {whose}’s has U+{ord(odd):04X}, {name})"
    return ""


# Small letters of other alphabets that are drawn as Latin ones.
_DRAWN_ALIKE = str.maketrans("авеіјорсухѕԁԛԝοαν", "abeijopcyxsdqwoav")


def _look(words: str) -> str:
    """Roughly what is seen of words: ligatures apart, invisible characters gone, look-alike letters in Latin."""
    seen = unicodedata.normalize("NFKC", words[:_MOST_CHARACTERS]).casefold().translate(_DRAWN_ALIKE)
    return "".join(mark for mark in seen if unicodedata.category(mark) != "Cf")


def _without_spaces(words: str) -> str:
    return fold(words).replace(" ", "")


def _folded_all(words: str) -> str:
    return fold(words).lower()


def _excerpt(passage: Passage) -> str:
    """The passage's words; of a long one, those around its first differences."""
    if len(passage.words) <= 2 * _MOST_CHARACTERS:
        return passage.words
    shown = passage.differences[:_MOST_SHOWN]
    start = shown[0].start - _MOST_CHARACTERS // 3
    end = min(shown[-1].start + len(shown[-1].source), start + 2 * _MOST_CHARACTERS) + _MOST_CHARACTERS // 3
    return _cut(passage.words, start, end)


def _cut(words: str, start: int, end: int) -> str:
    """The words from `start` to `end`, an ellipsis where something is cut off."""
    if start > 0:
        space = words.find(" ", start, start + 30)
        start = space + 1 if space >= 0 else start
    if end < len(words):
        space = words.rfind(" ", max(start, end - 30), end)
        end = space if space >= 0 else end
    return f"{'…' if start > 0 else ''}{words[max(0, start) : end]}{'…' if end < len(words) else ''}"


def _shown(words: str) -> str:
    return _marked(_shortened(words))


def _marked(words: str) -> str:
    """Words in quotation marks of the kind that they do not hold themselves."""
    return f'"{words}"' if "“" in words or "”" in words else f"“{words}”"


def _shortened(words: str) -> str:
    """Words on a line of bounded length: the middle of a long run is left out."""
    if len(words) <= _MOST_CHARACTERS:
        return words
    half = _MOST_CHARACTERS // 2
    return f"{_cut(words, 0, half)} {_cut(words, len(words) - half, len(words))}".replace("… …", " … ")
