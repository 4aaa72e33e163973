"""Text → the places of characters that may not stand in any input: invisible, reordering, or no characters.

Whoever reviews a pull request sees the text as their editor shows it, whoever reads the brief sees it
typeset; a character that looks different in the two, or in none, can turn one text into another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["forbidden_characters", "stacked_marks"]

_INVISIBLE = "an invisible character"
_UNASSIGNED = "no character at all"
_PRIVATE = "a private character, which no font shows"
_VARIATION = "an invisible character where nothing has variants"
_JOINER = "an invisible character where nothing is to be joined"

# Members of a character class, and what is wrong with them; the first that holds a character counts.
_PLANE_0 = (
    (r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f", "a control character, often left by a wrong text encoding"),
    (
        r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
        "an invisible character that changes the order of what is read",
    ),
    (r"\u2028\u2029", "an invisible line break; press Enter instead"),
    (r"\ud800-\udfff", "half of a character, left by a broken conversion"),
    (r"\ue000-\uf8ff", _PRIVATE),
    (r"\ufdd0-\ufdef\ufffe\uffff", _UNASSIGNED),
    (r"\u200c\u200d", _JOINER),
    (r"\u180b-\u180d\u180f\ufe00-\ufe0f", _VARIATION),
    # Beside the well-known ones: the combining grapheme joiner, which joins nothing, Hangul fillers, Khmer vowels
    # that are not written, the blank of Braille, what stands for an object that is not there, deprecated and
    # reserved formatting characters.
    (
        r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffc",
        _INVISIBLE,
    ),
)
_HIGHER_PLANES = (
    (r"\U000e0100-\U000e01ef", _VARIATION),
    # Joiners of hieroglyphs and fillers of Khitan: where no font has them, nothing is drawn.
    (r"\U00013430-\U0001343f\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a", _INVISIBLE),
    # Planes 4 to 13 are empty, and every plane ends in two noncharacters.
    (r"\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe-\U000dffff", _UNASSIGNED),
    (r"\U000efffe\U000effff\U000ffffe\U000fffff\U0010fffe\U0010ffff", _UNASSIGNED),
    # Tag characters can carry a whole hidden sentence; the rest of the plane is reserved for their like.
    (r"\U000e0000-\U000e00ff\U000e01f0-\U000efffd", _INVISIBLE),
    (r"\U000f0000-\U0010fffd", _PRIVATE),
)


def _character_class(*tables: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    return re.compile(f"[{''.join(members for table in tables for members, _ in table)}]")


# One class for all takes 38 ms per MB of clean text, for `re` tries its higher ranges one by one; these two
# searches take 3 ms each, and texts with neither emoji nor joiners need no more.
_SUSPECT_IN_PLANE_0 = _character_class(_PLANE_0)
_SUSPECT_ABOVE = re.compile(r"[\U00013430-\U0010ffff]")
_SUSPECT = _character_class(_PLANE_0, _HIGHER_PLANES)

_JOINERS = ("\u200c", "\u200d")
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_A_MARK = "\u0301"
_SELECTOR = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Ideographs, and letters with standardized variants: Myanmar, Mongolian, letterlike and mathematical ones, Phags-pa,
# Manichaean, Egyptian.
_HAS_VARIANTS = re.compile(
    "[\u1000-\u109f\uaa60-\uaa7f\u1800-\u18af\u2100-\u214f\ua840-\ua87f\u3400-\u9fff\uf900-\ufaff"
    "\U00010ac0-\U00010aff\U00013000-\U0001345f\U0001d400-\U0001d7ff\U00020000-\U0003ffff]"
)
_OF_KEYCAPS = "0123456789#*"
_KEYCAP = "\u20e3"
_VIRAMA = 9  # its canonical combining class

# A combining mark is no ASCII, Latin-1, punctuation, ideograph or Hangul syllable, so that most text needs no
# look at its characters one by one (130 ms per MB).
_MAYBE_MARK = r"[\u0300-\u1fff\u200c\u200d\u20d0-\u33ff\ua000-\uabff\uf900-\U0010ffff]"


def forbidden_characters(text: str) -> Iterator[tuple[int, str]]:
    """The offset of each character that may not stand in an input, and its description."""
    if not (_SUSPECT_IN_PLANE_0.search(text) or _SUSPECT_ABOVE.search(text)):
        return
    for match in _SUSPECT.finditer(text):
        character, offset = match[0], match.start()
        joins = character in _JOINERS and _joins(text, offset)
        if not joins and not (_is_selector(character) and _varies(text, offset)):
            yield offset, _description(character)


def stacked_marks(text: str, limit: int = 8) -> int | None:
    """The offset of the first run of more than `limit` combining marks; 100,000 hang the typesetter.

    Joiners and skin tones count: they too pile up on one character, and could cut a run into short ones.
    """
    if text.isascii():
        return None
    for stretch in re.finditer(f"{_MAYBE_MARK}{_MAYBE_MARK}{{{limit},}}", text):
        marks = stretch[0]
        for extender in (*_JOINERS, *_SKIN_TONES):
            marks = marks.replace(extender, _A_MARK)
        # One category is two letters, of which only the first is a capital, so that a match is aligned.
        categories = "".join(map(unicodedata.category, marks))
        if run := re.search(f"(?:M[nce]){{{limit + 1}}}", categories):
            return stretch.start() + run.start() // 2
    return None


def _joins(text: str, offset: int) -> bool:
    """Whether a ZWNJ or ZWJ stands where scripts and emoji need one.

    That is between letters, marks and emoji, and after a virama, where it also ends a word (RFC 5892, A.1
    and A.2).
    """
    before, after = text[offset - 1 : offset], text[offset + 1 : offset + 2]
    if before and unicodedata.combining(before) == _VIRAMA:
        return after not in _JOINERS
    return _joinable(before) and _joinable(after)


def _is_selector(character: str) -> bool:
    return _SELECTOR.match(character) is not None


def _varies(text: str, offset: int) -> bool:
    """Whether a variation selector stands behind a character that can have variants.

    That is an ideograph, a letter of one of the few scripts with variants, a symbol or a mark of punctuation that is no
    ASCII, as emoji are, and a digit of a keycap. Within a word of letters it makes a word that no search finds.
    """
    before, after = text[offset - 1 : offset], text[offset + 1 : offset + 2]
    if not before or _is_selector(before):
        return False
    if before.isascii():
        return before in _OF_KEYCAPS and after == _KEYCAP
    return _HAS_VARIANTS.match(before) is not None or unicodedata.category(before)[0] in "SP"


def _joinable(character: str) -> bool:
    if not character:
        return False
    category = unicodedata.category(character)
    # Skin tones are Sk, like the circumflex, which is nothing to be joined.
    return category[0] in "LM" or category == "So" or character in _SKIN_TONES


def _description(character: str) -> str:
    classes = _PLANE_0 + _HIGHER_PLANES
    reason = next(reason for members, reason in classes if re.match(f"[{members}]", character))
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}{' ' + name if name else ''}, {reason}"
