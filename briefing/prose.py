"""Sentences: where one ends, where its citation goes, what is quoted in it, and when two say the same words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from briefing.asides import aside_pattern
from briefing.textguard import stacked_marks

__all__ = [
    "LONG_ENOUGH",
    "TYPED_CITATION",
    "capitalised",
    "ends_in_abbreviation",
    "ends_sentence",
    "folded",
    "is_name_no_more",
    "is_within",
    "opens_sentence",
    "quotations",
    "quoted_at",
    "shortened",
    "split_full_stop",
    "times_quoted",
    "unclosed_mark",
    "without_citations",
    "without_quotations",
]

# "U.S.", "e.g.", "J.", and the few abbreviations that end American prose; "Т. Г.", "і т. д.", "2025 р." of Ukrainian.
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]\.){2,}|\b[A-Z]\.|\b(?:etc|et al|Inc|Corp|Co|Ltd|Jr|Sr|No|Nos|vs?|Dr|Mr|Mrs|Ms|St|Gen|Sen|Rep"
    r"|Gov|Lt|Col|Sgt|Prof|Rev|Sec|Art|approx|est|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)\."
    # Not what is a word as well: "лист.", "вид.", "рис." may end a sentence.
    r"|\b(?:[А-ЯЄІЇҐ]|(?i:[бгґдежклмнпрстфхцчшщ]|рр|ст|ім|обл|вул|просп|кв|оф|див|пор|напр|тис|млн|млрд|трлн|грн|коп"
    r"|дол|шт|ред|упоряд|вип|заст|акад|проф|доц|канд|ін|зв|табл|розд|абз|арк|св|гр|укр|англ|год|хв|сек|січ|лют|берез"
    r"|квіт|серп|верес|жовт|листоп|груд))\.)$"
)
_LONGEST_ABBREVIATION = 40
# A name with a full stop after more words is a sentence.
_MOST_WORDS_OF_A_NAME = 3
# What tells whether a sentence ends: a word, its marks, and two hundred citations behind it.
LONG_ENOUGH = 1_000
_CITATIONS = re.compile(rf"(?:\s*(?:\[\d+\]|{aside_pattern('[^()]*')}))+$")
TYPED_CITATION = re.compile(r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
"""A citation as documents print it: `[3]`, `[3, 4]`."""

# Of scripts that have their own, too.
_SENTENCE_MARKS = (".", "?", "!", "…", "。", "｡", "．", "！", "？", "؟", "۔", "।")
_CLOSERS = '”’»“")]'
_OPENERS = "“‘«„\"'(["


def ends_in_abbreviation(text: str) -> bool:
    """Whether the full stop at the end belongs to an abbreviation ("the U.S.")."""
    # Its end alone: "a.a.a.…" of 40,000 letters took 6 seconds.
    return _ABBREVIATION.search(text[-_LONGEST_ABBREVIATION:]) is not None


def ends_sentence(text: str) -> bool:
    """Whether text ends as a sentence does."""
    return text.rstrip().rstrip(_CLOSERS).endswith(_SENTENCE_MARKS)


def is_name_no_more(text: str) -> bool:
    """Whether what should be a name ends in a full stop after so many words that it is a sentence.

    Not "Hon. Ann Lee, House of Representatives, Washington, D.C."
    """
    ends = ends_sentence(text) and not ends_in_abbreviation(text)
    return ends and len(text.split()) > _MOST_WORDS_OF_A_NAME


def shortened(text: str, most: int, end: str = "…") -> str:
    """The text, where it has more than `most` characters cut after a word, or within one that alone is longer."""
    if len(text) <= most:
        return text
    cut = text[:most]
    return (cut.rsplit(" ", 1)[0].rstrip(" ,;:.–—") or cut) + end


def split_full_stop(text: str) -> tuple[str, str]:
    """The text before its citation, and the full stop that follows the citation.

    The full stop stays in front where it belongs to a quotation, a bracket or an abbreviation; so do `?` and `!`.
    """
    if text.endswith(".") and not text.endswith("..") and not ends_in_abbreviation(text):
        return text[:-1], "."
    return text, ""


def without_citations(text: str) -> str:
    """The text without the citations at its end.

    ` [1] [4]`, ` (not found in [1])`, ` (computed from [1] [4])`, ` (partly computed)`, ` (but see [2]; disputed)`.
    """
    return _CITATIONS.sub("", text)


def opens_sentence(before: str) -> bool:
    """Whether what follows `before` opens a sentence."""
    # Its end alone: with all that stands before, a paragraph of 10,000 facts took 20 seconds.
    before = before[-LONG_ENOUGH:]
    bare = without_citations(before.rstrip())
    cited = bare != before.rstrip()
    bare = bare.rstrip().rstrip(_OPENERS).rstrip()
    if not bare:
        return True
    # A citation stands behind the full stop of an abbreviation only where the sentence ends with it.
    return ends_sentence(bare) and (cited or not ends_in_abbreviation(bare.rstrip(_CLOSERS)))


def capitalised(text: str) -> str:
    """The text with its first letter in upper case, quotation marks before it aside."""
    for place, character in enumerate(text):
        if character.isalpha():
            return text[:place] + character.upper() + text[place + 1 :]
        if character not in _OPENERS:
            break
    return text


# Double marks pair as they are typed in any tradition, and where they do not fit each other («…”): whoever reads them
# takes the words for somebody's. Behind a digit ″ and ” are inches.
_ANY_DOUBLE = '“”„‟«»"″＂❝❞〝〞〟'
_DOUBLE = (
    rf"«((?:[^{_ANY_DOUBLE}]|„[^{_ANY_DOUBLE}]+[“”])+)»"  # which alone holds another of double marks
    rf"|[“❝〝]([^{_ANY_DOUBLE}]+)[”\"»″＂❞‟〞〟]|[\"＂‟]([^{_ANY_DOUBLE}]+)[\"＂‟”»″❞〞〟]|«([^{_ANY_DOUBLE}]+)[»”\"″＂❞‟〞〟]"
    rf"|„([^{_ANY_DOUBLE}]+)[“”‟\"″＂❞〞〟»]|»([^{_ANY_DOUBLE}]+)[«»]|(?<!\d)[″”]([^{_ANY_DOUBLE}]+)[″”\"]"
    r"|(?:``|‘‘|'')([^`'’]+(?:['’]\w[^`'’]*)*)(?:''|’’)|[「『]([^「『」』]+)[」』]"
)
# Single marks are apostrophes as well. One opens a quotation where no word stands in front of it and none that begins
# with an apostrophe behind ('tis, ’90s), and closes it where no word goes on (the states’ rights).
_SINGLE = (
    r"(?<![\w’'])(?:[‘‚‛❛`＇]|[’'](?!(?i:tis|twas|twere|twill|em|til|till|cause|bout|round|cept|n|neath|s)\b|\d))(?=\S)"
    r"((?:[^‘’'‚‛❛❜`＇´\n]|(?<=\w)[’'](?=\w))+)[’'‘❜´＇](?!\w)|[‹›]([^‹›]+)[‹›]"
)
_QUOTATION = re.compile(rf"{_DOUBLE}|(?:{_SINGLE})")
_MARK = re.compile(rf"[{_ANY_DOUBLE}‘‚‛❛`＇‹›「『]|(?<!\w)['’]")
# ‘binding’ may be a word that is only spoken of, 'n' a letter left out.
_FEWEST_IN_SINGLE = 2
_OF_SINGLE = "‘’'‚‛❛`＇"


def _is_quotation(found: re.Match[str]) -> bool:
    """Whether marks that fit each other quote: double ones always, single ones two words and more."""
    if found[0][0] not in _OF_SINGLE or found[0][:2] in ("``", "‘‘", "''"):
        return True
    return len(re.findall(r"\w+(?:[’']\w+)*", found[0])) >= _FEWEST_IN_SINGLE


def times_quoted(words: str, text: str) -> int:
    """How often folded words stand in a folded text as whole words: not "able" in "unable", not "$17" in "$174"."""
    return sum(1 for _ in quoted_at(words, text))


def quoted_at(words: str, text: str, begin: int = 0) -> Iterator[int]:
    """The offsets at which folded words stand in a folded text as whole words."""
    # By find, not by a pattern: with a look-behind in front, `re` tries every letter of the text.
    head, tail = _is_of_a_word(words[:1]), _is_of_a_word(words[-1:])
    while words and (begin := text.find(words, begin)) >= 0:
        end = begin + len(words)
        if not (head and _GOES_ON_BEFORE.search(text, max(0, begin - 2), begin)) and not (
            tail and _GOES_ON_BEHIND.match(text, end)
        ):
            yield begin
            begin = end
        else:
            begin += 1


def _is_of_a_word(letter: str) -> bool:
    """Whether a word may go on beside the letter; scripts without spaces between words do not say."""
    return letter.isalnum() and not _UNSPACED.match(letter)


# Thai, Lao, Khmer, Myanmar, kana, ideographs.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_GOES_ON_BEFORE = re.compile(r"(?:\w|\d[.,])\Z")
_GOES_ON_BEHIND = re.compile(r"\w|[.,]\d")


def is_within(quotation: str, text: str) -> bool:
    """Whether the quoted words stand in a text, the letter they begin with and the mark they end with aside.

    Both are those of the sentence that quotes: “Out of choices,” she said, where the source has "out of choices.".
    """
    words, whole = folded(quotation).rstrip(".,;:?!"), folded(text)
    return any(times_quoted(first + words[1:], whole) > 0 for first in {words[:1].lower(), words[:1].upper()})


def without_quotations(text: str) -> str:
    """The text outside quotation marks, with spaces for what stands within."""
    if not _MARK.search(text):
        return text
    return _QUOTATION.sub(lambda found: " " * len(found[0]) if _is_quotation(found) else found[0], text)


def unclosed_mark(text: str) -> str:
    """The double quotation mark that nothing closes, or nothing: the rest would pass for nobody's words.

    An opening mark without its fellow before the next one, or a straight one too many (inches aside).
    """
    if not _MARK.search(text):
        return ""
    rest = without_quotations(text)
    opening = re.search(r"[“«„]", rest)
    if opening:
        return opening[0]
    straight = re.sub(r'(?<=\d)"', " ", rest)
    return '"' if straight.count('"') % 2 else ""


def quotations(text: str) -> list[str]:
    """The words between quotation marks of any kind, in order; between single ones, two words and more."""
    found = filter(_is_quotation, _QUOTATION.finditer(text) if _MARK.search(text) else ())
    words = (next(filter(None, each.groups())) for each in found)
    return [quoted for quoted in words if re.search(r"\w", quoted)]


_QUOTES = str.maketrans({**dict.fromkeys("“”„‟«»″＂❝❞〝〞〟", '"'), **dict.fromkeys("‘’‚‛‹›′`´❛❜＇", "'")})
# A quotation within another has the other marks. Between letters it is an apostrophe.
_MARK_OF_ONE = re.compile(r"(?<!\w)'|'(?!\w)")
_DASHES = re.compile("[‐‑‒–—―−]")


def folded(text: str) -> str:
    """Text with Unicode forms (NFC), quotation marks, dashes and white space made alike, and nothing else."""
    if stacked_marks(text) is None:
        text = unicodedata.normalize("NFC", text)
    else:  # which takes quadratic time: 32,000 marks on one letter are a second
        text = " ".join(
            word if len(word) > 200 else unicodedata.normalize("NFC", word) for word in text.split()
        )
    text = _MARK_OF_ONE.sub('"', text.translate(_QUOTES))
    return " ".join(_DASHES.sub("-", text).split())
