"""English words that state something, told from words that only name: "The bridge fell" from "The fall of the bridge".

Nobody parses here. A clause states where a verb that is nothing else follows its subject and says something of it.
Short lists do for the verbs that need no ending; what may be a participle ("Money pledged to the town") counts in front
of an object alone. A noun phrase may say as much ("Corruption of the mayor"), and is not heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefing.connectives import words_in
from briefing.lookalikes import plain
from briefing.prose import ends_in_abbreviation

__all__ = ["states"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AUXILIARY = _set(
    "is are was were has have had would does did must should cannot could shall ought isn't aren't wasn't weren't"
    " hasn't haven't hadn't wouldn't doesn't don't didn't mustn't shouldn't can't couldn't won't ain't"
)
# Nouns, names and months as well: "the will of the people", "May 2026".
_AUXILIARY_OR_NOUN = _set("will can may might do")
_NAMES_TOO = _set("are did had must")  # "Nils Are Dahl"
_BEFORE_A_NOUN = _set(
    "a an the this that these those our their his her its my your every each some any no free good political last"
    " living of in on at by for from to with without under over into"
)
# The past of verbs whose participle is another. Some need no object.
_PAST = _set(
    "took gave knew wrote broke stole spoke threw chose drove drew forgot ate drank began swore wore tore shook"
    " forbade forgave overcame withdrew undertook mistook oversaw flew grew blew froze fell went came ran sank fled"
    " slept wept arose awoke shrank became lied"
)
_PAST_ALONE = _set("stole spoke froze broke fell went came ran sank fled slept wept arose awoke shrank lied")
# A participle of these stands in front of its noun alone: "The collapsed bridge", and not "the bridge collapsed".
_PAST_ALONE_REGULAR = _set(
    "collapsed cheated died drowned vanished disappeared happened resigned crashed exploded erupted starved perished"
    " laughed wept"
)
_PRESENT = _set(
    "takes gives goes comes knows steals fails loses keeps gets brings sells tells says thinks believes proves deceives"
    " destroys endangers threatens ignores refuses denies admits accepts owes becomes seems appears belongs deserves"
    " agrees betrays rejects opposes protects prevents allows enables contains begins eats writes lets misleads robs"
    " kills cheats lies corrupts wants hides breaks pays makes buys spends"
)
_PRESENT_ALONE = _set("kills cheats lies steals fails")
# Participles as well, or of regular verbs: then an object behind them tells.
_PARTICIPLE = _set(
    "made got won lost paid led built kept left met sold sent said held found cut put hid bought caught fought brought"
    " misled spent burnt shut told saw let hit hurt"
)
# "Best paid jobs", "purpose-built homes" and "U.S. led forces" are none.
_PARTICIPLE_BEFORE_PLURAL = _set(
    "bought kept spent sold lost won sent brought caught fought put hid threw told met misled hurt hit"
)
_OBJECT = _set(
    "the a an our their his her its this that these those us them him it everyone everybody everything nobody nothing"
    " no themselves himself herself itself somebody someone anyone money bribes people taxpayers voters residents"
    " citizens millions thousands hundreds"
)
_PERIODS = _set("day week month year quarter decade session spring summer fall autumn winter time")
_PERIOD_BEGINS = _set("the this that these those last next every each")
# Behind a verb that has no object: "Steps the council took in May".
_NO_OBJECT = _set(
    "of in on at by for from to with without under over into onto after before during since until through between"
    " among against about across along around behind below beneath beside beyond despite off out up down back away as"
    " than like per via within and or but nor then when where while because so again today yesterday twice once now"
    " here there together forward aside home abroad overseas"
)
_ADVERBS_IN_S = _set(
    "always perhaps sometimes overseas abroad towards afterwards besides upwards downwards across"
)
_RELATIVE = _set("that which who what")
_ASKS = _set("what who whom whose when where why which how if whether")
_WITHIN = _set("where when why how")
_ALL = _set("he she they we it i you")
_ANYBODY = _set("nobody everybody everyone somebody someone anybody anyone everything nothing something none")
_BEHIND_PRONOUN = _set(
    "and or nor who whom that the of for in on to from with else alone only less besides across as"
)
_CONCERNED = _set("involved affected concerned named invited interested listed injured killed harmed")
_ADVERB = _set("never also still just even always often now then once again all both later first only")
_OPENS = _set("and but or so yet then")
_ARTICLES = _set("the this that our their a an")
_TITLES = _set("honorable honourable hon rt reverend rev venerable lord lady congressman congresswoman")
_POINTING = _set("this these those the as follows following here below so far only")
_CONTRACTED = re.compile(
    r"\b(?:he|she|it|that|there|they|we|you|i)['](?:s|re|ve|ll|d|m)\b|\w['’]s\s(?:an?|the|not|never|been|going|gone)\b",
    re.IGNORECASE,
)
# "What is known is that …", "What a crook the mayor is".
_CLAIMS = re.compile(
    r"\b(?:is|was) that\b|^what an? .*\b(?:the|our|this|he|she|it|they) .*\b(?:is|are|was|were|been)$",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"^\s*(?:(?:here\s(?:is|are|was|were)|here[']s)\s|to whom it may concern\b)", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[:;–—()\[\]…!?。।۔؟]|\s-+\s|\.(?=\W{0,3}(?:\s|$))")
# What only names is shorter; more is refused for its length.
_MOST_WORDS = 100
_LONGEST_ABBREVIATION = 40
# What stands for facts, people and columns in the words of a template.
_PLACEHOLDER = re.compile("[\ufdd0-\ufdef]+")


def states(text: str, *, among_names: bool = False) -> bool:
    """Whether a clause of a text states something.

    A question for who, what or how asks, and "What is known" names. Where names are expected, `among_names`, a verb
    with a capital is one ("John Fell"), unless an article shows that it is none ("The Mayor Stole It").
    """
    text = _PLACEHOLDER.sub(" Xx ", plain(text).replace("’", "'").replace("ʼ", "'"))
    return any(_clause_states(clause, among_names) for clause in _clauses(text))


def _clauses(text: str) -> Iterator[str]:
    begin = 0
    for end in _CLAUSE_END.finditer(text):
        if end[0] == "." and ends_in_abbreviation(
            text[max(begin, end.end() - _LONGEST_ABBREVIATION) : end.end()]
        ):
            continue
        yield text[begin : end.start()]
        begin = end.end()
    yield text[begin:]


def _clause_states(clause: str, among_names: bool) -> bool:
    clause = _HERE.sub("", clause, count=1)
    head, *parts = clause.split(",")
    if not _asks(head):
        return _says(clause, among_names) or any(_says(part, among_names) for part in parts)
    return _CLAIMS.search(" ".join(words_in(head)[:_MOST_WORDS])) is not None or any(
        _says(part, among_names) for part in parts if not _asks(part)
    )


def _asks(words: str) -> bool:
    """Whether words begin a question for what, or name by one: "and who is right"."""
    said = [word.casefold() for word in words_in(words)[:_MOST_WORDS]]
    while said and said[0] in ("and", "but", "or"):
        del said[0]
    return bool(said) and said[0] in _ASKS


def _says(clause: str, among_names: bool) -> bool:
    if _CONTRACTED.search(clause):
        return True
    written = words_in(clause)[:_MOST_WORDS]
    words = [word.casefold() for word in written]
    if _pronoun_acts(written, words):
        return True
    with_article = words[:1] and words[0] in _ARTICLES and not _TITLES & set(words[1:3])
    for at in range(1, len(words)):
        named = among_names and written[at][0].isupper() and not with_article
        if _is_verb_at(words, at, named=named):
            return True
    return False


def _pronoun_acts(written: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a pronoun and its verb begin a clause: "Nobody cares", not "Nobody else", "Everyone involved"."""
    at = 0
    while at < len(words) and words[at] in _OPENS:
        at += 1
    subject = words[at] if at < len(words) else ""
    if subject not in _ALL and subject not in _ANYBODY:
        return False
    behind = at + 1
    while behind < len(words) and (words[behind] in _ADVERB or words[behind].endswith("ly")):
        behind += 1
    if behind == len(words) or words[behind] in _BEHIND_PRONOUN or not written[behind][0].islower():
        return False
    verb = words[behind]
    if subject in _ALL - {"it"}:
        return verb not in ("her", "him", "them", "hers", "his", "theirs")  # "she/her"
    if verb.endswith("ed"):
        return verb not in _CONCERNED
    in_s = verb.endswith("s") and not verb.endswith("ss") and len(verb) > 3 and "'" not in verb
    return in_s or verb in _PAST or verb in _PARTICIPLE


def _is_verb_at(words: Sequence[str], at: int, *, named: bool) -> bool:
    """Whether the word at a place is a verb that says something of what stands in front of it."""
    verb, before = words[at], words[at - 1]
    behind = words[at + 1] if at + 1 < len(words) else ""
    if verb in _AUXILIARY:
        if (named and verb in _NAMES_TOO) or (before in _RELATIVE and at > 1):
            return False
        return any(word not in _POINTING for word in words[at + 1 :])
    if verb in _AUXILIARY_OR_NOUN:
        noun = before in _BEFORE_A_NOUN or behind in _NO_OBJECT or behind.isdigit() or not behind
        return not (named or noun or before in _RELATIVE or (verb == "may" and before.isdigit()))
    if verb.endswith("n't"):
        return True
    # "the officials who secretly took it", "reasons why the bridge fell"
    near = next(
        (word for word in reversed(words[:at]) if not word.endswith("ly") and word not in _ADVERB), ""
    )
    if near in _RELATIVE and at > 1:
        return False
    regular = verb.endswith("ed") and len(verb) > 3
    if (regular or verb in _PARTICIPLE or verb in _PAST) and _is_object(words, at + 1):
        return True
    of_a_day = words[0] == "the" and at > 3 and words[1] in _PERIODS  # "The day the bridge fell"
    if named or of_a_day or _WITHIN & set(words[:at]):
        return False
    if verb in _PARTICIPLE_BEFORE_PLURAL and _is_subject(before) and _is_plural(behind):
        return True
    follows = not behind or behind in _NO_OBJECT or behind.endswith("ly")
    if verb in _PAST:
        return verb in _PAST_ALONE or not (follows or _is_period(words, at + 1))
    if verb in _PAST_ALONE_REGULAR:
        return follows and _is_subject(before)
    if verb in _PRESENT and _is_subject(before):
        alone = verb in _PRESENT_ALONE and at > 1 and words[at - 2] in ("the", "a", "this", "that", "our")
        return alone or not (follows or _is_period(words, at + 1))
    return False


def _is_subject(word: str) -> bool:
    """Whether a word may be what acts, and is no article, number, adverb or preposition."""
    return not (word in _BEFORE_A_NOUN or word in _NO_OBJECT or word.endswith("ly") or word.isdigit())


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word not in _ADVERBS_IN_S


def _is_object(words: Sequence[str], at: int) -> bool:
    return at < len(words) and words[at] in _OBJECT and not _is_period(words, at)


def _is_period(words: Sequence[str], at: int) -> bool:
    """Whether "this year", "the same year", "last month" begins here."""
    return words[at] in _PERIOD_BEGINS and any(
        word.removesuffix("s") in _PERIODS for word in words[at + 1 : at + 3]
    )
