"""Who is said to say something, in the prose of a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from briefing.ears import Ear
from briefing.errors import Level
from briefing.facts import Fact
from briefing.prose import quotations
from briefing.reading import CITED
from briefing.rules.base import SOMEBODY
from briefing.rules.briefs import QUANTITY, BriefDesk, BriefFinding, Words, is_quoted, rule_over_brief
from briefing.tongues import Tongue
from briefing.vocabulary import STAGES

__all__ = [
    "template_confidence",
    "template_hedge",
    "template_likelihood",
    "template_likelihood_lost",
    "template_quoted_speaker",
    "template_reporting_verb",
    "template_speaker",
    "template_stage",
    "template_stage_lost",
]


@rule_over_brief("template-speaker", Level.ERROR)
def template_speaker(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim rests on a fact that somebody says, and does not name who, as `{person}`."""
    for claim in desk.claims():
        for fact in claim.facts:
            if desk.facts.is_attributed(fact) and not claim.named & set(fact.by):
                who = " or ".join(f"{{{name}}}" for name in fact.by)
                article = "an" if fact.kind[0] in "aeiou" else "a"
                message = (
                    f'"{fact.id}" is {article} {fact.kind}: name {who} in the claim, as the one who says so'
                )
                yield BriefFinding(claim, message)


@rule_over_brief("template-reporting-verb", Level.WARNING)
def template_reporting_verb(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim names who says something, and has no verb of saying: what is said reads as what is so."""
    for claim in desk.claims():
        if any(desk.facts.is_attributed(fact) for fact in claim.facts) and not desk.ear.says_so(claim.typed):
            message = "the claim names a speaker but has no verb of saying, such as said, expects or rejects"
            yield BriefFinding(claim, message)


@rule_over_brief("template-likelihood", Level.ERROR)
def template_likelihood(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim says how likely or how certain something is in words that none of its facts has.

    "Almost certain" is not "likely": a claim cannot make a judgement stronger, weaker, or of what happened.
    """
    for claim in desk.claims():
        known = {desk.ear.degree(word) for fact in claim.facts for word in _judged(desk.ear, fact)}
        for word in desk.ear.judgement_words(claim.typed.replace(QUANTITY, "5")):
            if desk.ear.degree(word) not in known:
                yield BriefFinding(claim, f'"{word}" is a judgement that stands in none of {claim.beside}')


def _judged(ear: Ear, fact: Fact) -> Iterator[str]:
    yield from (fact.likelihood,) if fact.likelihood else ()
    for text in (fact.text, *(cite.quote for cite in fact.cite)):
        yield from ear.judgement_words(text)


@rule_over_brief("template-likelihood-lost", Level.WARNING)
def template_likelihood_lost(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim rests on one fact that its source calls likely or unlikely, and does not say so: it reads as certain."""
    for claim in desk.claims():
        likelihoods = [fact.likelihood for fact in claim.facts if fact.likelihood]
        if (
            len(claim.facts) == 1
            and likelihoods
            and not desk.ear.judgement_words(claim.typed.replace(QUANTITY, "5"))
        ):
            message = f'the fact says how likely it is, "{likelihoods[0]}", and the claim does not'
            yield BriefFinding(claim, message)


@rule_over_brief("template-confidence", Level.ERROR)
def template_confidence(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim says how sure somebody is in words that none of its facts has: "high confidence" is not "moderate"."""
    for claim in desk.claims():
        said = desk.ear.confidence_words(claim.typed.replace(QUANTITY, "5"))
        known = {fact.confidence for fact in claim.facts} if said else set()
        for fact in claim.facts if said else ():
            for text in (fact.text, *(cite.quote for cite in fact.cite)):
                there = desk.ear.confidence_words(text)
                known.update(*map(desk.ear.confidence_levels, there), map(str.casefold, there))
        for words in said:
            levels = set(desk.ear.confidence_levels(words))
            if words.casefold() not in known and not (levels and levels <= known):
                yield BriefFinding(claim, f'"{words}" stands in none of {claim.beside}')


@rule_over_brief("template-stage", Level.ERROR)
def template_stage(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim gives money of a fact another stage: "disbursed", where the fact has it appropriated."""
    tongue = desk.audience.tongue
    for claim, staged in _with_money(desk):
        texts = " ".join(
            text for fact in claim.facts for text in (fact.text, *(cite.quote for cite in fact.cite))
        )
        said = [stage for stage in STAGES if stage not in staged and tongue.names_stage(stage, claim.typed)]
        strange = [stage for stage in said if not tongue.names_stage(stage, texts)]
        if strange and len(said) == len(strange) and _names_none(tongue, staged, claim):
            words = f'"{tongue.stages[strange[0]]}", and its facts {_stages(tongue, staged)}'
            yield BriefFinding(claim, f"the claim says of money that it is {words}")


@rule_over_brief("template-stage-lost", Level.WARNING)
def template_stage_lost(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim gives money of a fact and not its stage: "spent" may be appropriated or disbursed.

    In a table whose head names the stage the finding can be accepted.
    """
    tongue = desk.audience.tongue
    for claim, staged in _with_money(desk):
        if _names_none(tongue, STAGES, claim):
            message = f"the claim gives money and not its stage: say that it is {_stages(tongue, staged)}"
            yield BriefFinding(claim, message)


def _with_money(desk: BriefDesk) -> Iterator[tuple[Words, tuple[str, ...]]]:
    """The claims that print or type money which has a stage, and the stages that it has."""
    for claim in desk.claims():
        printed = [desk.facts.facts[fact].quantities[name] for fact, name in claim.given]
        if any(unit not in ("", "percent") for _, unit in desk.ear.mentions(claim.bare).figures):
            printed += [quantity for fact in claim.facts for quantity in fact.quantities.values()]
        staged = {quantity.stage for quantity in printed if quantity.stage and not quantity.computed}
        if staged:
            yield claim, tuple(stage for stage in STAGES if stage in staged)


def _names_none(tongue: Tongue, stages: Iterable[str], claim: Words) -> bool:
    return not any(tongue.names_stage(stage, claim.typed) for stage in stages)


def _stages(tongue: Tongue, stages: Iterable[str]) -> str:
    return " or ".join(f'"{tongue.stages[stage]}"' for stage in stages)


@rule_over_brief("template-quoted-speaker", Level.ERROR)
def template_quoted_speaker(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim names several speakers, and puts the quoted words of one into the mouth of another.

    A quotation is taken for the words of whoever is said behind it to have said so (“…,” {mayor} said), or else of the
    last person named in front of it.
    """
    for claim in desk.claims():
        if len(set(claim.speakers)) < 2:
            continue
        for quoted in quotations(claim.bare):
            facts = [fact for fact in claim.facts if is_quoted(quoted, (fact,))]
            holders = {name for fact in facts for name in (*fact.by, *fact.placeholders)}
            speaker = _speaker(desk.ear, claim, quoted)
            if speaker and holders & claim.named and speaker not in holders:
                whose = " and ".join(f"{{{name}}}" for name in sorted(holders))
                message = f"“{quoted}” are words of {whose}, and read as words of {{{speaker}}}"
                yield BriefFinding(claim, message)


def _speaker(ear: Ear, claim: Words, quoted: str) -> str:
    """Whose words a quotation of a claim reads as; nothing where nobody stands beside it."""
    begin = claim.bare.find(quoted)
    before, behind = claim.typed[:begin], claim.typed[begin + len(quoted) :]
    number = before.count(CITED)
    if number < len(claim.speakers) and ear.speaks.match(behind.lstrip("”’»“\"', ").replace(CITED, "X")):
        return claim.speakers[number]
    return claim.speakers[number - 1] if number else ""


@rule_over_brief("template-hedge", Level.WARNING)
def template_hedge(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim says something without saying who holds it: "reportedly", "critics fear", "is believed to".

    The same as kind-hedge, for words of the template's own. Name the holder as `{person}`, or leave the hedge out.
    """
    for claim in desk.claims():
        if any(claim.named & set(fact.by) for fact in claim.facts):
            continue
        typed = claim.typed.replace(CITED, SOMEBODY).replace(QUANTITY, "5")
        for phrase in desk.ear.hedges(typed)[:1]:
            yield BriefFinding(claim, f'"{phrase}": who says so? name the holder, as {{id}}, in the claim')
