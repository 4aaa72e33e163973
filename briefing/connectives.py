"""A template's own words beside a fact: connecting words, and leads, which name what follows and claim nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["ENGLISH", "Connectives", "words_in"]

# What joins sentences and says nothing itself. No word that negates, doubts or attributes is here, and none may be:
# "It is false that …", "X denies that …" in front of a fact turn it round, with its citation behind. Nor is one that
# makes a fact the cause or the condition of another ("because", "therefore", "if"): no source says so.
_CONNECTING = frozenset(
    "a an the this that these those it its they them their there here and or but nor yet so then"
    " also too still moreover further furthermore besides however nevertheless nonetheless meanwhile"
    " likewise similarly though although while whereas when where which who whom whose as since in on"
    " to of for from with by at under over within after afterwards before beforehand during between among both each"
    " all same other others another one more most again now later earlier next last first second third finally"
    " lastly firstly secondly thirdly short brief sum summary addition particular general contrast comparison turn time"
    " example instance end beginning hand side part forth namely"
    " see compare is are was were".split()
)
# "Who decides?" names what follows as a heading does; "Did the mayor take bribes?" asserts by asking.
_ASKS_WHAT = re.compile(r"\W*(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_JUDGING = re.compile(
    r"\b(?:un)?true\b|\bfalse\w*|\b(?:un)?truth\w*|\bwrong\w*|\bincorrect\w*|\blie[sd]?\b|\blying\b|\bliars?\b|\bhoax\w*"
    r"|\bfake\w*|\bmyths?\b|\bfictions?\b|\bnonsense\b|\bfabricat\w*|\binvented\b|\bdisproved\b|\bdebunk\w*|\brefut\w*"
    r"|\bsadly\b|\b(?:un)?fortunately\b|\bregrettably\b|\bshame\w*|\btragic\w*|\balas\b|\boutrageous\w*|\bdisgrace\w*"
    r"|\bluckily\b|\bthankfully\b|\bdespite the facts?\b|\bin (?:truth|reality)\b|\bwasted\b|\bsquander\w*"
    r"|\bnope\b|\bbogus\b|\bfairy.?tales?\b|\brumou?rs?\b|\bpropaganda\b|\bsham\b|\bphon(?:e)?y\b|\bspurious\b|\bbaseless\b"
    r"|\bunfounded\b|\bdiscredit\w*|\bha ha\b"
    r"|\bmisl(?:ed|ead)\w*|\bcheat\w*|\bbetray\w*|\bstole\b",
    re.IGNORECASE,
)
_OWNING_UP = re.compile(
    r"\badmit\w*|\badmission\w*|\bconfess\w*|\bden(?:y|ies|ied|ials?|ying)\b|\bconced\w*",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|cannot|\w+n[’']t|hardly|supposed|alleged|purported|so-called"
    r"|(?:supposed|alleged|purported|reported)ly"
    r"|says?|said|saying|tells?|told|insists?|insisted|argues?|argued|asserts?|asserted|alleges?|believes?|believed"
    r"|thinks?|thought|knows?|knew|claimed|declares?|declared|announces|announced|confirms?|confirmed|stated"
    r"|maintains?|maintained|acknowledges?|acknowledged|according to|writes?|wrote)\b",
    re.IGNORECASE,
)


_WORD = re.compile(r"\w[\w’'-]*")
_PART = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[^\W\d_])(?=[A-ZА-ЯЄІЇҐ][a-zа-яєіїґ])")
# Written without spaces; one sign is a word or a part of one.
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# "up-to-date" is a word, "The-mayor-stole-the-money" are five; "McDonald" is one, "TheMayorStole" are three.
_MOST_PARTS = 3
_QUESTION = re.compile(r"[^.?!:]*\?")
_MOST_ASKED = 8
_MOST_NAMED = 12


def words_in(text: str) -> list[str]:
    """The words of a text; of what is written together to be counted as one word, its parts."""
    return [part for word in _WORD.findall(text) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    parts = _PART.findall(word)
    if "_" in word or len(parts) > _MOST_PARTS:
        return parts
    humps = _HUMP.split(word)
    if len(humps) >= _MOST_PARTS:
        return humps
    return [word] if word.isascii() else _IDEOGRAPH.findall(word) or [word]


@dataclass(frozen=True, slots=True)
class Connectives:
    """The words of a language that connect, and those of a lead that do more.

    `asks_what` matches the head of a question for who, what or how; `judging` is what judges truth, `owning_up` what
    admits or denies, `saying` what negates or says who says so.
    """

    connecting: frozenset[str]
    asks_what: re.Pattern[str]
    judging: re.Pattern[str]
    owning_up: re.Pattern[str]
    saying: re.Pattern[str]

    def content_words(self, text: str) -> list[str]:
        """The words of a text that do more than connect."""
        return [word for word in words_in(text) if word.casefold() not in self.connecting]

    def is_lead(self, text: str) -> bool:
        """Whether words name what follows: up to twelve with a colon at the end, or a question for who, what or how."""
        text = text.rstrip()
        length = len(words_in(text))
        if text.endswith("?"):
            return length <= _MOST_ASKED and self.asks_what.match(text) is not None
        return text.endswith(":") and length <= _MOST_NAMED

    def without_leads(self, text: str) -> str:
        """Words in front of a fact without the lead and the question that stand among them: "Money: in short, "."""
        while found := _QUESTION.search(text):
            if not self.is_lead(found[0]):
                break
            text = text[: found.start()] + text[found.end() :]
        head, colon, tail = text.rpartition(":")
        if not colon:  # a dash does as well, where nothing stands between it and the fact: "**Money** – "
            found = re.search(r"\s[–—]\s*$", text)
            head, tail = (text[: found.start()], "") if found else ("", text)
        return tail if len(words_in(head)) <= _MOST_NAMED else text

    def judging_word(self, text: str) -> str:
        """The word of a lead by which it negates what follows, doubts it, or says who says so; or nothing.

        "What is not known:" and "Who says what:" only ask; what judges truth, or admits and denies, is found there too.
        """
        found = (
            self.judging.search(text)
            or self.owning_up.search(text)
            or (None if self.asks_what.match(text) else self.saying.search(text))
        )
        return found[0] if found else ""

    def only_judges(self, text: str) -> bool:
        """Whether a heading is nothing but a judgement of what follows: "Untrue", "What is not true".

        "False claims of the mayor" names something.
        """
        said = [word for word in self.content_words(text) if not self.asks_what.fullmatch(word)]
        judging = [word for word in said if not self.saying.fullmatch(word)]
        return bool(judging) and all(map(self.judging.fullmatch, judging))


ENGLISH = Connectives(_CONNECTING, _ASKS_WHAT, _JUDGING, _OWNING_UP, _SAYING)
