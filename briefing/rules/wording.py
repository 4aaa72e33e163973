"""What a template says in its own words: nothing uncited, no figure, name or quotation that its facts do not have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from briefing.connectives import words_in
from briefing.ears import Ear
from briefing.errors import Level, Location
from briefing.loaded import loaded_in
from briefing.lookalikes import mixed_words, plain
from briefing.naming import is_named
from briefing.prose import (
    TYPED_CITATION,
    ends_in_abbreviation,
    ends_sentence,
    is_name_no_more,
    quotations,
    unclosed_mark,
    without_quotations,
)
from briefing.reading import CITED, COLUMN
from briefing.rules.briefs import QUANTITY, BriefDesk, BriefFinding, Words, is_quoted, rule_over_brief

__all__ = [
    "template_figure",
    "template_heading",
    "template_loaded_word",
    "template_mixed_script",
    "template_quotation",
    "template_typed_citation",
    "template_uncited",
]

# Begins a clause of a name, in the one language whose verbs are known from participles (`Ear.states`).
_RELATES = re.compile(r"\b(?:who|whom|whose|which|that|what|where|when|how)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.?!…])[”’\")\]]*(?:\s+|$)")
_ENDLESS = re.compile(r"\d[\d.,]{39,}\d")
# What a paragraph or cell may say on no fact ("Sincerely,"); a list item may not say anything.
_MOST_WORDS = {"item": 0, "paragraph": 2, "cell": 2, "label": 8}
# A heading names what follows; one that is longer says something.
_MOST_HEADING_WORDS = 12
# Where a template says something in words of its own, outside claims.
_LOOSE = ("heading", "paragraph", "item", "header", "cell", "label", "caption")


@rule_over_brief("template-typed-citation", Level.ERROR)
def template_typed_citation(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A citation such as `[3]` is typed. It would stay when the fact goes, and lead to what does not say so.

    So is one that only looks like it, as `[³]` and `【3】` do.
    """
    for words in desk.own_words():
        # What stands in a column may be a number.
        if TYPED_CITATION.search(plain(words.bare.replace(COLUMN, "0"))):
            message = "a citation is printed with its fact, never typed; use fact() or a claim"
            yield BriefFinding(words, message)


@rule_over_brief("template-quotation", Level.ERROR)
def template_quotation(desk: BriefDesk) -> Iterator[BriefFinding]:
    """Words in quotation marks, of any kind, that stand in no quotation of the facts beside them, word for word.

    Between single marks two words and more are taken for a quotation. A mark that nothing closes is found, too.
    """
    for words in desk.own_words():
        for quoted in quotations(words.bare):
            named = desk.ear.quotes_names and is_named(quoted, desk.facts, desk.ear.name_forms)
            if not named and not is_quoted(quoted, words.facts):
                yield BriefFinding(words, f"“{quoted}” stands in none of {words.beside}")
        mark = unclosed_mark(words.bare)
        if mark:
            yield BriefFinding(words, f"{mark} begins a quotation, and nothing ends it")


@rule_over_brief("template-figure", Level.ERROR)
def template_figure(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A figure or date is typed that stands in none of the facts beside it, or without its qualifier.

    So a changed fact breaks the sentence that has become wrong. "$5 million" does not stand in "over $5 million". Where
    no fact stands beside it, as in a heading or lead, it must stand in a fact of the same section; in the title or
    subject of the contract, in one that the brief uses. Left alone are numbers of articles and acts, and what counts or
    numbers the parts of the document ("Three questions", "Part Two"). A number in another form than that of the facts
    (➉, Ⅷ, fifty digits) is found as such.
    """
    for words in desk.own_words():
        for before in words.typed.split(QUANTITY)[:-1]:
            said = desk.ear.qualifier(before)
            if said:
                message = f'"{said}" stands before a quantity, which prints its own qualifier'
                yield BriefFinding(words, message)
        for number in _incomparable(words.typed):
            message = (
                f'"{number}" is no number that can be compared with those of the facts; write it as they do'
            )
            yield BriefFinding(words, message)
        for mention in _strange_figures(desk, words):
            yield BriefFinding(words, f'"{mention}" stands in none of {words.beside}')
    for at, said in _letterhead(desk):
        for amount in desk.ear.mentions(said).amounts():
            yield BriefFinding(at, f'"{amount}" is an amount; the contract names, and claims nothing')


def _incomparable(text: str) -> Iterator[str]:
    """Numbers of more digits than anybody counts with, and signs that stand for a number without being its digits."""
    for found in _ENDLESS.finditer(text):
        yield f"{found[0][:20]}…"
    for sign in "" if text.isascii() else text:
        plain_digit = unicodedata.digit(sign, None) is not None or "<fraction>" in unicodedata.decomposition(
            sign
        )
        if unicodedata.category(sign) in ("Nl", "No") and not plain_digit:
            yield sign


def _strange_figures(desk: BriefDesk, words: Words) -> Iterator[str]:
    ear = desk.ear
    typed = TYPED_CITATION.sub(" ", ear.plain(words.bare))
    if words.place == "claim":
        yield from ear.mentions(typed).missing_from(desk.mentions(words))
        # "2025 households" is no year, and the year of a fact does not bear it out.
        counted = ear.mentions(ear.without_years(typed)).years_that_count()
        if counted.figures:
            yield from counted.missing_from(desk.counts(words))
        said = {number: word for word, number, _ in ear.weekdays(typed)}
        for number in said.keys() - desk.weekdays(words) if said else ():
            yield said[number]
        return
    bare = ear.without_counted_parts(ear.without_designations(typed))
    if words.place == "address":  # "Ward 5", "Class of 2026": only an amount says something of whom it is for
        bare = ear.without_small_numbers(ear.without_years(bare))
    mentioned = ear.mentions(bare)
    if mentioned.figures or mentioned.days:
        yield from mentioned.missing_from(desk.mentions(words))


@rule_over_brief("template-heading", Level.ERROR)
def template_heading(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A heading of the template is one of the appendix's, so that a reader would take its section for the sources.

    Capitals, punctuation and look-alike letters aside; and "Sources and evidence" is one, too.
    """
    for words in desk.own_words():
        said = set(re.findall(r"[^\W\d_]+", desk.ear.plain(words.typed).casefold()))
        of_the_house = desk.ear.headings
        if (
            words.place == "heading"
            and said & of_the_house
            and said <= of_the_house | desk.ear.beside_headings
        ):
            message = f'the heading "{words.typed.strip()}" belongs to the appendix; choose another'
            yield BriefFinding(words, message)


@rule_over_brief("template-uncited", Level.ERROR)
def template_uncited(desk: BriefDesk) -> Iterator[BriefFinding]:
    """Words of the template's own rest on no fact, or stand beside a fact and do more than connect.

    Outside facts and claims a template holds headings of twelve words at most, which are no sentences ("The board
    misled the public"), and leads: what names the facts that follow, with a colon at its end, or a question for who,
    what, when, where, why or how. Beside a fact stand leads and connecting words ("In short,", "but", "; and so on"),
    so that nothing in front of it or behind takes its citation. No lead is a sentence ("The council was bribed:"),
    negates what follows ("It is false:"), or says who says so ("The mayor admits:"); no sign does (`≠`, `❌`), and no
    word makes one fact the cause or condition of another ("because", "therefore", "if"). Labels of rows, headers and
    captions name something; with a heading, they have no full stop at the end. The contract names whom a brief is for,
    and says nothing of them. Sentences are known by English verbs; a noun phrase ("Corruption of the mayor") is none.
    """
    words = list(desk.words)
    headings = [place for place, each in enumerate(words) if each.place == "heading"]
    first = headings[0] if headings else 0
    followed = False
    leads_on: list[bool] = []
    for place in reversed(range(len(words))):
        leads_on.append(followed or place < first)  # "Dear members:" above the first heading leads to all
        followed = words[place].place != "heading" and (followed or bool(words[place].facts))
    for at, said in _letterhead(desk):
        if _is_statement(desk.ear, said):
            yield BriefFinding(at, f"“{said[:80]}” is a sentence; the contract names, and claims nothing")
    for each, leads in zip(words, reversed(leads_on), strict=True):
        if each.place == "address" and _is_statement(desk.ear, each.typed):
            message = f"“{each.typed.strip()[:80]}” is a sentence; the contract names, and claims nothing"
            yield BriefFinding(each, message.replace(COLUMN, "‹…›"))
        if each.place in _LOOSE:
            for message in _uncited(desk.ear, each.typed, each.place, leads):
                yield BriefFinding(each, message.replace(COLUMN, "‹…›"))


def _is_statement(ear: Ear, typed: str) -> bool:
    """Whether a name has become a sentence: "The mayor stole it", not "Washington, D.C." or "who asks what it is"."""
    says = ear.states(typed, among_names=True)
    return is_name_no_more(typed) or (says and (ends_sentence(typed) or not _RELATES.search(typed)))


def _letterhead(desk: BriefDesk) -> Iterator[tuple[Location, str]]:
    """What the contract puts on the paper, with its place."""
    for key in ("office", "address", "marking"):
        if said := getattr(desk.audience.contract, key):
            yield desk.audience.at(key), said


def _uncited(ear: Ear, typed: str, place: str, leads: bool) -> Iterator[str]:
    if place in ("heading", "caption", "header") and CITED not in typed:
        if len(words_in(typed)) > _MOST_HEADING_WORDS:
            yield f"“{typed.strip()[:80]}” says more than a heading or lead may"
        elif ear.states(without_quotations(typed)) or ear.connectives.only_judges(typed):
            yield f"“{typed.strip()[:80]}” says something; a {place} names what follows; {_MAKE_A_CLAIM}"
        elif _ends_a_statement(typed):
            yield f"“{typed.strip()[:80]}” ends as a sentence does; a {place} names what follows; take its mark off"
        return
    left = typed.count(CITED)
    for sentence in map(str.strip, _sentences(typed)):
        left -= sentence.count(CITED)
        if CITED in sentence:
            message = _why_not_beside(ear, sentence)
        elif ear.connectives.is_lead(sentence):
            asked = CITED in typed and sentence.endswith("?")  # "{{ fact }} Who is right?"
            message = _why_no_lead(ear, sentence, leads or left > 0 or asked)
        else:
            message = _why_not(ear, sentence, place, before=left > 0, beside=CITED in typed)
        if message:
            yield message


def _ends_a_statement(typed: str) -> bool:
    """Whether words end as a sentence that states; a question asks, and "Washington, D.C." is shortened."""
    marked = re.sub(r"\W+$", lambda found: "?" if set("?？؟") & set(found[0]) else found[0], typed)
    return not marked.endswith("?") and ends_sentence(typed) and not ends_in_abbreviation(typed.strip())


def _sentences(text: str) -> Iterator[str]:
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        if not ends_in_abbreviation(text[begin : end.start()]):
            yield text[begin : end.end()]
            begin = end.end()
    yield text[begin:]


_MAKE_A_CLAIM = 'make it a claim: {% claim "fact-id" %}…{% endclaim %}'


def _why_not_beside(ear: Ear, sentence: str) -> str:
    """Why the words between the facts of a sentence cannot stand; or nothing."""
    *between, behind = sentence.split(CITED)
    for words in between:
        rest = ear.connectives.without_leads(words)
        judging = ear.connectives.judging_word(words) if rest != words else ""
        if judging:
            return f'"{judging}" in front of a fact judges it, or says who says so; {_MAKE_A_CLAIM}'
        if rest != words and _lead_states(ear, words):
            return _more_than_names(words)
        if ear.connectives.content_words(rest) or _judges_by_signs(rest):
            return _more_than_connects(rest)
    more = ear.connectives.content_words(behind) or _judges_by_signs(behind)
    return _more_than_connects(behind) if more else ""


def _judges_by_signs(words: str) -> bool:
    """Whether signs say what words may not: `≠`, `¬` and `❌` in front of a fact, `(?)` behind it."""
    return any(
        sign == "?" or unicodedata.category(sign) == "So" or "NOT" in unicodedata.name(sign, "").split()
        for sign in re.findall(r"[^\w\s.,;:]", words)
    )


def _more_than_connects(words: str) -> str:
    shown = re.sub(r"\s+", " ", words).strip(" ,;.")[:80]
    return f"“{shown}” does more than connect, and rests on no fact; {_MAKE_A_CLAIM}"


def _lead_states(ear: Ear, lead: str) -> bool:
    """Whether a lead is a sentence, or goes on from what stands in front of it: "{{ fact }} was corrupt:"."""
    begins_small = lead.lstrip()[:1].islower() and not ear.connectives.asks_what.match(lead)
    return ear.states(without_quotations(CITED + lead if begins_small else lead))


def _more_than_names(lead: str) -> str:
    shown = re.sub(r"\s+", " ", lead).strip()[:80]
    return f"“{shown}” says something; a lead names what follows; {_MAKE_A_CLAIM}"


def _why_no_lead(ear: Ear, sentence: str, leads: bool) -> str:
    judging = ear.connectives.judging_word(sentence)
    if judging:
        return f'"{judging}" in a lead judges what follows, or says who says so; {_MAKE_A_CLAIM}'
    if _lead_states(ear, sentence):
        return _more_than_names(sentence)
    return (
        "" if leads or not ear.connectives.content_words(sentence) else f"“{sentence[:80]}” leads to no fact"
    )


def _why_not(ear: Ear, sentence: str, place: str, *, before: bool, beside: bool) -> str:
    """Why a sentence without a fact in it cannot stand; or nothing. `before`: a fact follows; `beside`: one is near."""
    if sentence.endswith(":") and len(words_in(sentence)) > _MOST_HEADING_WORDS:
        return f"“{sentence[:80]}” says more than a heading or lead may"
    said = ear.connectives.content_words(sentence) if beside or place == "paragraph" else words_in(sentence)
    if beside:  # "Money." in front of a fact is a heading that runs in
        most = int(before and sentence.endswith("."))
    else:
        most = min(_MOST_WORDS[place], 1) if ends_sentence(sentence) else _MOST_WORDS[place]
    judges = ear.connectives.judging_word if beside else ear.states
    if len(said) > most or (said and judges(sentence)):
        return f"“{sentence[:80]}” rests on no fact; {_MAKE_A_CLAIM}"
    return _more_than_connects(sentence) if beside and _judges_by_signs(sentence) else ""


@rule_over_brief("template-mixed-script", Level.WARNING)
def template_mixed_script(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A word of the template mixes scripts, such as a Cyrillic і within Latin letters: it reads as another word.

    What looks for words, such as `forbid` and the loaded words, does not find it. A fact's own words are looked at in
    the facts file.
    """
    for words in desk.own_words():
        for word, offset in mixed_words(words.bare):
            yield BriefFinding(words, f'"{word}" mixes letters of two scripts that look alike', offset)


@rule_over_brief("template-loaded-word", Level.WARNING)
def template_loaded_word(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A neutral brief uses a word that takes sides. In quotation marks it may stand: then somebody said it.

    The words are in `templates/house/loaded-words.yaml`, each with its reason; a project adds to them, or takes one
    off, in `templates/loaded-words.yaml`. Looked at are the names of people, the file's title and the descriptors of
    sources as well, where the brief prints them.
    """
    for words in (*desk.words, *desk.printed) if desk.is_neutral else ():
        for found, entry, offset in loaded_in(words.bare, desk.loaded):
            of = f' (in the fact "{words.facts[0].id}")' if words.place == "fact" else ""
            of = f" (in {words.source})" if words.source else of
            yield BriefFinding(words, f'"{found}"{of} takes sides: it {entry.advice}', offset)
