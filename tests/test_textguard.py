"""Characters that may not stand in any input; a row per class, and those that scripts and emoji need."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from briefing.textguard import forbidden_characters, stacked_marks

CONTROL = "a control character, often left by a wrong text encoding"
ORDER = "an invisible character that changes the order of what is read"
INVISIBLE = "an invisible character"
JOINER = "an invisible character where nothing is to be joined"
VARIATION = "an invisible character where nothing has variants"
PRIVATE = "a private character, which no font shows"
UNASSIGNED = "no character at all"

REFUSED = [
    ("\x00", f"U+0000, {CONTROL}"),
    ("\x0b", f"U+000B, {CONTROL}"),
    ("\x1b", f"U+001B, {CONTROL}"),
    ("\x7f", f"U+007F, {CONTROL}"),
    ("\x85", f"U+0085, {CONTROL}"),
    ("\x92", f"U+0092, {CONTROL}"),
    ("\u061c", f"U+061C ARABIC LETTER MARK, {ORDER}"),
    ("\u200e", f"U+200E LEFT-TO-RIGHT MARK, {ORDER}"),
    ("\u200f", f"U+200F RIGHT-TO-LEFT MARK, {ORDER}"),
    ("\u202a", f"U+202A LEFT-TO-RIGHT EMBEDDING, {ORDER}"),
    ("\u202e", f"U+202E RIGHT-TO-LEFT OVERRIDE, {ORDER}"),
    ("\u2066", f"U+2066 LEFT-TO-RIGHT ISOLATE, {ORDER}"),
    ("\u2069", f"U+2069 POP DIRECTIONAL ISOLATE, {ORDER}"),
    ("\u2028", "U+2028 LINE SEPARATOR, an invisible line break; press Enter instead"),
    ("\u2029", "U+2029 PARAGRAPH SEPARATOR, an invisible line break; press Enter instead"),
    ("\ud800", "U+D800, half of a character, left by a broken conversion"),
    ("\udfff", "U+DFFF, half of a character, left by a broken conversion"),
    ("\ufdd0", f"U+FDD0, {UNASSIGNED}"),
    ("\ufffe", f"U+FFFE, {UNASSIGNED}"),
    ("\U0001ffff", f"U+1FFFF, {UNASSIGNED}"),
    ("\U000effff", f"U+EFFFF, {UNASSIGNED}"),
    ("\U0010ffff", f"U+10FFFF, {UNASSIGNED}"),
    ("\U00050000", f"U+50000, {UNASSIGNED}"),
    ("\u00ad", f"U+00AD SOFT HYPHEN, {INVISIBLE}"),
    ("\u200b", f"U+200B ZERO WIDTH SPACE, {INVISIBLE}"),
    ("\u2060", f"U+2060 WORD JOINER, {INVISIBLE}"),
    ("\u2064", f"U+2064 INVISIBLE PLUS, {INVISIBLE}"),
    ("\u180e", f"U+180E MONGOLIAN VOWEL SEPARATOR, {INVISIBLE}"),
    ("\u3164", f"U+3164 HANGUL FILLER, {INVISIBLE}"),
    ("\u17b4", f"U+17B4 KHMER VOWEL INHERENT AQ, {INVISIBLE}"),
    ("\u17b5", f"U+17B5 KHMER VOWEL INHERENT AA, {INVISIBLE}"),
    ("\u2800", f"U+2800 BRAILLE PATTERN BLANK, {INVISIBLE}"),
    ("\ufffc", f"U+FFFC OBJECT REPLACEMENT CHARACTER, {INVISIBLE}"),
    ("\U00013430", f"U+13430 EGYPTIAN HIEROGLYPH VERTICAL JOINER, {INVISIBLE}"),
    ("\U00016fe4", f"U+16FE4 KHITAN SMALL SCRIPT FILLER, {INVISIBLE}"),
    ("\U0001d159", f"U+1D159 MUSICAL SYMBOL NULL NOTEHEAD, {INVISIBLE}"),
    ("\ufeff", f"U+FEFF ZERO WIDTH NO-BREAK SPACE, {INVISIBLE}"),
    ("\U0001d173", f"U+1D173 MUSICAL SYMBOL BEGIN BEAM, {INVISIBLE}"),
    ("\U000e0041", f"U+E0041 TAG LATIN CAPITAL LETTER A, {INVISIBLE}"),
    ("\ue000", f"U+E000, {PRIVATE}"),
    ("\U000f0000", f"U+F0000, {PRIVATE}"),
    ("\U0010fffd", f"U+10FFFD, {PRIVATE}"),
    ("\u034f", f"U+034F COMBINING GRAPHEME JOINER, {INVISIBLE}"),
    ("\ufe0f", f"U+FE0F VARIATION SELECTOR-16, {VARIATION}"),
    ("\u180b", f"U+180B MONGOLIAN FREE VARIATION SELECTOR ONE, {VARIATION}"),
    ("\U000e0100", f"U+E0100 VARIATION SELECTOR-17, {VARIATION}"),
    ("\u200c", f"U+200C ZERO WIDTH NON-JOINER, {JOINER}"),
    ("\u200d", f"U+200D ZERO WIDTH JOINER, {JOINER}"),
]


@pytest.mark.parametrize(("character", "description"), REFUSED, ids=lambda value: ascii(value)[:12])
def test_refused(character: str, description: str) -> None:
    assert list(forbidden_characters(f"in {character} a text")) == [(3, description)]


@pytest.mark.parametrize(
    "text",
    [
        "Plain text, with a tab\t, a newline\n and a carriage return\r\n",
        "“Quotes” – and — dashes… at 20 °C, €5, 5 % and a no-break\u00a0space, a thin\u2009one\u202ftoo",
        "Zażółć gęślą jaźń; Ελληνικά; Україна; עברית; العربية; 中文; 日本語; 한국어; हिन्दी",
        "می\u200cخواهم",  # Persian: ZWNJ between letters
        "क्\u200dष",  # Devanagari: ZWJ between a virama and a letter
        "ന്\u200d",  # Malayalam: ZWJ after a virama ends the word
        "👨\u200d👩\u200d👧",  # a family
        "👩🏽\u200d🚀",  # an astronaut with a skin tone
        "❤️\u200d🔥",  # a variation selector before the joiner
        "葛\U000e0100城市",  # a variant of an ideograph
        "1\ufe0f\u20e3 #\ufe0f\u20e3",  # keycaps
        "☎\ufe0e ℹ\ufe0f ‼\ufe0f ™\ufe0f 、\ufe00",  # symbols and punctuation, as text and as emoji
        "ᠠ\u180b",  # Mongolian
    ],
)
def test_allowed(text: str) -> None:
    assert list(forbidden_characters(text)) == []


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("a \u200db", 2),
        ("1\u200d0", 1),
        ("\u200da", 0),
        ("a\u200d", 1),
        ("a^\u200db", 2),
        ("ന്\u200d\u200d", 2),
    ],
)
def test_a_joiner_that_joins_nothing_is_refused(text: str, offset: int) -> None:
    assert next(forbidden_characters(text))[0] == offset


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("brid\ufe0fge", 4),
        ("міст\ufe00", 4),
        ("e\u0301\ufe0f", 2),
        ("葛\U000e0100\U000e0100", 2),
        ("$1\ufe0f0", 2),
        ("\ufe0f", 0),
        ("かな\U000e0100", 2),
        ("-\ufe0f", 1),
    ],
)
def test_a_selector_behind_what_has_no_variants_is_refused(text: str, offset: int) -> None:
    assert next(forbidden_characters(text))[0] == offset


def test_each_of_several_is_found_in_order() -> None:
    assert [offset for offset, _ in forbidden_characters("\u202ea\u200b\U000e0041")] == [0, 2, 3]


def test_no_format_character_control_or_surrogate_is_forgotten() -> None:
    """Whatever Unicode counts among them is refused, but for those that show, or that emoji need."""
    shown = {
        *range(0x600, 0x606),
        0x6DD,
        0x70F,
        0x890,
        0x891,
        0x8E2,
        0x110BD,
        0x110CD,
        *range(0x13430, 0x13440),
    }
    passed = {
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        and not list(forbidden_characters(f" {chr(code)} "))
    }
    assert passed - shown == {9, 10, 13}


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", None),
        ("plain", None),
        ("e\u0301" * 100, None),
        ("नमस्ते दुनिया", None),
        ("עִבְרִית", None),
        ("o" + "\u0301" * 8, None),
        ("o" + "\u0301" * 9, 1),
        ("Привіт, o" + "\u0301" * 9 + "!", 9),
        ("中" * 20 + "\u20dd" * 9, 20),
        ("か" + "\u3099" * 9, 1),
        ("o" + "\u0301\u200d" * 5, 1),  # joiners do not cut a stack into short ones
        ("o" + "\U000e0100" * 9, 1),  # nor can selectors carry a hidden message
        ("👩" + "🏽" * 9, 1),
        ("👩🏽\u200d🚀" * 9, None),
        ("👨\u200d👩\u200d👧" * 9, None),
    ],
)
def test_stacked_marks(text: str, offset: int | None) -> None:
    assert stacked_marks(text) == offset


def test_the_limit_of_stacked_marks_can_be_set() -> None:
    assert stacked_marks("o\u0301\u0301\u0301", limit=2) == 1
    assert stacked_marks("o\u0301\u0301\u0301", limit=3) is None
