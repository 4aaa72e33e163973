"""What must hold of a template's own words and of a whole brief: nothing uncited, the contract, both sides shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from briefing.audience import Audience, Contract
from briefing.claims import fact_mentions, is_quoted
from briefing.errors import Level, Location, Problem
from briefing.facts import Fact, Facts
from briefing.mentions import Mentions, mentions_in
from briefing.prose import ends_in_abbreviation, ends_sentence, quotations
from briefing.reading import CITED, Leaf

__all__ = ["Beside", "contract_problems", "facts_beside", "own_words_problems", "typed_problems"]

_SENTENCE_END = re.compile(r"(?<=[.?!…])[”’\")\]]*(?:\s+|$)")
_TYPED_CITATION = re.compile(r"\[\d+\]")
# Years, and the numbers that are names: "Step 1", "Article 5", "Grade 7".
_NUMBERED = re.compile(
    r"\b(?:19|20)\d\d(?:[–-]\d{2,4})?\b"
    r"|\b(?:Steps?|Articles?|Tables?|Sections?|Parts?|Grades?|Figures?|Chapters?|Titles?|Phases?|Annex|No\.|§)\s*\d+",
    re.IGNORECASE,
)
# Connecting words, and what a paragraph may say without a fact; a list item or a cell may not say anything.
_MOST_LOOSE_WORDS = 8
_MOST_WORDS = {"item": 2, "cell": 2}
# A lead or a heading names what follows; one that is longer says something.
_MOST_LEAD_WORDS = 12
_OF_THE_HOUSE = ("sources", "evidence", "evidence, in order of use")


def own_words_problems(facts: Facts, leaf: Leaf, beside: list[Fact]) -> Iterator[tuple[str, str]]:
    """What a template says in its own words, outside facts and claims, and must not: rule and message."""
    yield from typed_problems(leaf.own.replace(CITED, " "), facts_beside(facts, beside))
    if leaf.place == "heading" and leaf.own.strip().casefold() in _OF_THE_HOUSE:
        yield "template-heading", f'the heading "{leaf.own.strip()}" belongs to the appendix; choose another'
    if leaf.place == "heading" and _count(leaf.own) > _MOST_LEAD_WORDS and CITED not in leaf.own:
        yield "template-uncited", f"“{leaf.own.strip()[:80]}” says more than a heading or lead may"
        return
    for sentence in _sentences(leaf.own):
        problem = _uncited(sentence.strip(), leaf.place)
        if problem:
            yield "template-uncited", problem


def _sentences(text: str) -> Iterator[str]:
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        if not ends_in_abbreviation(text[begin : end.start()]):
            yield text[begin : end.end()]
            begin = end.end()
    yield text[begin:]


def _uncited(words: str, place: str) -> str:
    """Why these words, a sentence of a template's own or with facts in it, cannot stand; or nothing."""
    own = [_count(part) for part in words.split(CITED)]
    if CITED in words:
        if max(own) > _MOST_LEAD_WORDS:
            return f"more than {_MOST_LEAD_WORDS} words beside a fact rest on none; make them part of a claim"
        return ""
    if place in ("heading", "header") or words.endswith(":"):
        return f"“{words[:80]}” says more than a heading or lead may" if own[0] > _MOST_LEAD_WORDS else ""
    statement = (
        ends_sentence(words) and own[0] > 1 and not (words.endswith("?") and own[0] <= _MOST_LOOSE_WORDS)
    )
    if statement or own[0] > _MOST_WORDS.get(place, _MOST_LOOSE_WORDS):
        return f'“{words[:80]}” rests on no fact; make it a claim: {{% claim "fact-id" %}}…{{% endclaim %}}'
    return ""


def _count(words: str) -> int:
    return len(re.findall(r"\w[\w’'-]*", words))


@dataclass(frozen=True, slots=True)
class Beside:
    """The facts beside some words of a template, and what they mention."""

    facts: list[Fact]
    mentions: Mentions


def facts_beside(facts: Facts, beside: list[Fact]) -> Beside:
    """What words beside these facts may mention."""
    return Beside(beside, fact_mentions(facts, beside))


def typed_problems(words: str, beside: Beside) -> Iterator[tuple[str, str]]:
    """Citations, quotations and amounts that are typed, and stand in none of the facts beside them."""
    if _TYPED_CITATION.search(words):
        yield (
            "template-typed-citation",
            "a citation is printed with its fact, never typed; use fact() or a claim",
        )
    for quoted in quotations(words):
        if not is_quoted(quoted, beside.facts):
            yield "template-quotation", f"“{quoted}” stands in none of the facts beside it"
    mentioned = mentions_in(_NUMBERED.sub(" ", _TYPED_CITATION.sub(" ", words)))
    amounts = set(mentioned.amounts())
    for mention in mentioned.missing_from(beside.mentions):
        # Without a fact beside it, a bare number may be that of an article or a year; an amount may not.
        if beside.facts or any(mention.endswith(amount) for amount in amounts):
            yield "template-figure", f'"{mention}" stands in none of the facts beside it'


def contract_problems(
    facts: Facts, audience: Audience, used: Mapping[str, Location], text: str, words: int
) -> Iterator[Problem]:
    """Where a brief breaks its contract, or shows one side of a contradiction."""
    contract = audience.contract
    tags = {tag for id in used for tag in facts.facts[id].tags}
    for need in contract.require:
        if need not in used and need not in tags:
            message = f'the contract requires "{need}", but no fact of that tag or id is used'
            yield Problem(audience.at("require"), Level.ERROR, message, "template-require")
    bare = re.sub(r"“[^”]*”|\"[^\"]*\"", " ", text)
    for word in contract.forbid:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", bare, re.IGNORECASE):
            yield Problem(
                audience.at("forbid"), Level.ERROR, f'the brief uses the word "{word}"', "template-forbid"
            )
    if contract.max_words is not None and words > contract.max_words:
        message = f"the body has {words:,} words; the contract allows {contract.max_words:,}"
        yield Problem(audience.at("max_words"), Level.ERROR, message, "template-max-words")
    for key, said in (("title", contract.title), ("readers", contract.readers), *_memo_words(contract)):
        for rule, message in typed_problems(said, Beside([], Mentions({}, {}))):
            message = message.replace(
                "the facts beside it", "the facts; the contract names, and claims nothing"
            )
            yield Problem(audience.at(key), Level.ERROR, message, rule)
    if not used:
        barred = sum(1 for fact in facts.facts.values() if fact.kind not in contract.kinds)
        why = f"; {barred} on file are of kinds that its contract does not allow" if barred else ""
        yield Problem(Location(audience.path), Level.ERROR, f"the brief uses no fact{why}", "template-empty")
    yield from _one_sided(facts, audience, used)


def _memo_words(contract: Contract) -> Iterator[tuple[str, str]]:
    return (("memo", words) for words in contract.memo.values())


def _one_sided(facts: Facts, audience: Audience, used: Mapping[str, Location]) -> Iterator[Problem]:
    against = {(fact.id, other) for fact in facts.facts.values() for other in fact.contradicts}
    beside = {(fact.id, other.fact) for fact in facts.facts.values() for other in fact.compare}
    for pairs, level, word, rule in (
        (against, Level.ERROR, "contradicts", "template-contradiction"),
        (beside, Level.WARNING, "is compared with", "template-compare"),
    ):
        for one, other in sorted(pairs | {(b, a) for a, b in pairs}):
            partner = facts.facts.get(other)
            if one not in used or other in used or partner is None:
                continue
            # What was retracted is no other side. A contradiction must be shown, whatever the contract bars; a
            # comparison with what it bars cannot be, and a warning would help nobody.
            stands = partner.status in ("current", "disputed")
            barred = partner.kind not in audience.contract.kinds
            if stands and not (barred and level is Level.WARNING):
                yield Problem(
                    used[one], level, f'"{one}" {word} "{other}", which this brief leaves out', rule
                )
