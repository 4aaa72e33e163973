"""What must hold of a template's own words and of a whole brief: nothing uncited, the contract, both sides shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from briefing.audience import Audience
from briefing.claims import fact_mentions
from briefing.errors import Level, Location, Problem
from briefing.facts import Fact, Facts
from briefing.mentions import mentions_in
from briefing.reading import CITED, Leaf

__all__ = ["contract_problems", "own_words_problems"]

_SENTENCE_END = re.compile(r"(?<=[.?!])[”’\")\]]*(?:\s+|$)")
_TYPED_CITATION = re.compile(r"\[\d+\]")
# Connecting words and list leads are shorter than a statement.
_MOST_LOOSE_WORDS = 8


def own_words_problems(facts: Facts, leaf: Leaf, beside: list[Fact]) -> Iterator[tuple[str, str]]:
    """Sentences of the template that no fact bears out, and figures in them that stand in no fact beside them."""
    if leaf.heading:
        return
    if _TYPED_CITATION.search(leaf.own):
        yield (
            "template-typed-citation",
            "a citation is printed with its fact, never typed; use fact() or a claim",
        )
    for sentence in _SENTENCE_END.split(leaf.own):
        words = sentence.strip()
        if not words or CITED in words or words.endswith(":"):
            continue
        if (words[-1] in ".?!" and len(words.split()) > 1) or len(words.split()) > _MOST_LOOSE_WORDS:
            yield (
                "template-uncited",
                f'“{words[:80]}” rests on no fact; make it a claim: {{% claim "fact-id" %}}…{{% endclaim %}}',
            )
    if CITED in leaf.own:
        known = fact_mentions(facts, beside)
        for mention in mentions_in(_TYPED_CITATION.sub(" ", leaf.own)).missing_from(known):
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
    if not used:
        barred = sum(1 for fact in facts.facts.values() if fact.kind not in contract.kinds)
        why = f"; {barred} on file are of kinds that its contract does not allow" if barred else ""
        yield Problem(Location(audience.path), Level.ERROR, f"the brief uses no fact{why}", "template-empty")
    yield from _one_sided(facts, used)


def _one_sided(facts: Facts, used: Mapping[str, Location]) -> Iterator[Problem]:
    against = {(fact.id, other) for fact in facts.facts.values() for other in fact.contradicts}
    beside = {(fact.id, other.fact) for fact in facts.facts.values() for other in fact.compare}
    for pairs, level, word, rule in (
        (against, Level.ERROR, "contradicts", "template-contradiction"),
        (beside, Level.WARNING, "is compared with", "template-compare"),
    ):
        for one, other in sorted(pairs | {(b, a) for a, b in pairs}):
            stands = other in facts.facts and facts.facts[other].status in ("current", "disputed")
            if one in used and other not in used and stands:
                yield Problem(
                    used[one], level, f'"{one}" {word} "{other}", which this brief leaves out', rule
                )
