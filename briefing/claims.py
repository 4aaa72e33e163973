"""What a claim's prose says against the facts it names: its speakers, figures, dates and quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.errors import Level
from briefing.facts import Fact, Facts, pieces
from briefing.mentions import Mentions, mentions_in, qualifier
from briefing.prose import is_within, quotations
from briefing.quantities import quantity_words

__all__ = ["QUANTITY", "claim_problems", "fact_mentions", "is_quoted"]

# What stands for a quantity in the prose of a claim that is checked.
QUANTITY = "\ufdd4"
# A verb of saying, judging or demanding, in any form; what else can stand between a speaker and what is said.
_REPORTING = re.compile(
    r"\b(?:accord|accus|acknowledg|add|admit|advis|agre|alleg|announc|answer|argu|ask|assert|assess|assum|believ|blam|call|cit|claim"
    r"|compar|conclud|confirm|consider|contend|count|critici|declar|declin|defin|demand|den[iy]|describ|dismiss|doubt|emphasi|estimat"
    r"|expect|explain|express|fear|find|forecast|found|giv|gave|highlight|hold|held|hope|identif|impl|infer|insist|interpret|judg|list"
    r"|maintain|mention|nam|not[ei]|oppos|point|portray|prais|predict|present|pledg|promis|propos|put|question|quot|rais|read|reckon"
    r"|refus|regard|reject|remark|repl|report|requir|reserv|rul|sa[iy]|saw|see|sets?|stat|stress|suggest|support|take|told|tell|think"
    r"|thought|took|treat|underlin|underscor|urg|view|vow|want|warn|welcom|writ|wrote|frame|framing|rate|rating|ties|tied|sees)\w*\b",
    re.IGNORECASE,
)


def claim_problems(
    facts: Facts, ids: tuple[str, ...], typed: str, named: set[str]
) -> Iterator[tuple[Level, str, str]]:
    """Level, rule and message of what is wrong with a claim on the facts `ids`.

    `typed` is its prose as a reader sees it, without its people, who are `named`, and without quantities.
    """
    used = [facts.facts[id] for id in ids]
    yield from _speakers(facts, used, named, typed)
    for before in typed.split(QUANTITY)[:-1]:
        if qualifier(before):
            message = f'"{qualifier(before)}" stands before a quantity, which prints its own qualifier'
            yield Level.ERROR, "template-figure", message
    for words in quotations(typed):
        if not is_quoted(words, used):
            yield (
                Level.ERROR,
                "template-quotation",
                f"“{words}” stands in none of the facts that this claim names",
            )
    for mention in mentions_in(typed).missing_from(fact_mentions(facts, used)):
        yield Level.ERROR, "template-figure", f'"{mention}" stands in none of the facts that this claim names'


def _speakers(
    facts: Facts, used: list[Fact], named: set[str], prose: str
) -> Iterator[tuple[Level, str, str]]:
    attributed = [fact for fact in used if facts.is_attributed(fact)]
    for fact in attributed:
        if not named & set(fact.by):
            who = " or ".join(f"{{{name}}}" for name in fact.by)
            article = "an" if fact.kind[0] in "aeiou" else "a"
            message = f'"{fact.id}" is {article} {fact.kind}: name {who} in the claim, as the one who says so'
            yield Level.ERROR, "template-speaker", message
    if attributed and not _REPORTING.search(prose):
        message = "the claim names a speaker but has no verb of saying, such as said, expects or rejects"
        yield Level.WARNING, "template-reporting-verb", message


def is_quoted(words: str, used: list[Fact]) -> bool:
    """Whether the words stand in the text or in a quotation of one of the facts."""
    texts = [text for fact in used for text in (fact.text, *(cite.quote for cite in fact.cite))]
    return any(is_within(words, text) for text in texts)


def fact_mentions(facts: Facts, used: list[Fact]) -> Mentions:
    """The figures and dates that stand in facts: in their texts, quotations, quantities, dates and names."""
    texts = [
        text
        for fact in used
        for text in (
            "".join(piece for piece in pieces(fact.text) if isinstance(piece, str)),
            *(quantity_words(quantity) for quantity in fact.quantities.values()),
            *(cite.quote for cite in fact.cite),
            *(date.words() for date in (fact.date, fact.horizon) if date),
            *(facts.people[name].name for name in fact.placeholders if name in facts.people),
            fact.instrument,
            fact.label,
            fact.settled_by,
            fact.if_wrong,
            *(quantity.period for quantity in fact.quantities.values()),
        )
        if text
    ]
    return mentions_in("\n;\n".join(texts))  # no number goes on from one text into the next
