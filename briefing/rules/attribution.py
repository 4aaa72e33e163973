"""Who says so: judgements worded as events, hedges that nobody holds, likelihood beside confidence."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.errors import Level
from briefing.facts import Fact
from briefing.naming import typed_names
from briefing.prose import without_quotations
from briefing.rules.base import Desk, Finding, own_words, rule
from briefing.vocabulary import KINDS, LIKELIHOOD

__all__ = [
    "kind_both_words",
    "kind_event_judged",
    "kind_event_said",
    "kind_hedge",
    "kind_likelihood_text",
    "kind_worded_as_event",
]


def _is_held(fact: Fact) -> bool:
    """Whether the sentence names who says so."""
    return any(name in fact.by for name in fact.placeholders)


@rule("kind-both-words", Level.ERROR)
def kind_both_words(desk: Desk) -> Iterator[Finding]:
    """An assessment or projection has likelihood and confidence both, under their keys or in its words.

    ICD 203, D.6.e.2.a: to avoid confusion, degrees of likelihood and confidence are not mixed in one sentence.
    """
    for fact in desk.facts.facts.values():
        if fact.likelihood and fact.confidence:
            message = (
                "likelihood and confidence cannot both be given in one fact (ICD 203); make two facts of it"
            )
            yield Finding(("facts", fact.id, "confidence"), message)
        elif fact.kind in ("assessment", "projection"):
            words = own_words(fact)
            sure, likely = desk.ear.confidence_words(words), desk.ear.judgement_words(words)
            if (sure or fact.confidence) and (likely or (sure and fact.likelihood)):
                said = " and ".join(f'"{word}"' for word in (*likely[:1], *sure[:1]))
                message = (
                    f"{said}: likelihood and confidence do not go into one sentence (ICD 203); make two facts"
                )
                yield Finding(("facts", fact.id, "text"), message, (likely or sure)[0])


@rule("kind-likelihood-text", Level.WARNING)
def kind_likelihood_text(desk: Desk) -> Iterator[Finding]:
    """The text has a likelihood word of another band than `likelihood` says: one of the two is wrong."""
    for fact in desk.facts.facts.values():
        for found in desk.ear.likelihoods(own_words(fact)) if fact.likelihood in LIKELIHOOD else ():
            low, high = found.band
            if found.negated:
                message = f'"not {found.words}" is no word of ICD 203, and not "{fact.likelihood}" either'
                yield Finding(("facts", fact.id, "text"), message, found.words)
            elif found.band != LIKELIHOOD[fact.likelihood][1:]:
                message = (
                    f'"{found.words}" stands for {low}–{high} percent; likelihood says "{fact.likelihood}"'
                )
                yield Finding(("facts", fact.id, "text"), message, found.words)


@rule("kind-worded-as-event", Level.WARNING)
def kind_worded_as_event(desk: Desk) -> Iterator[Finding]:
    """A statement, assessment, projection, assumption or opinion is worded as if it had happened: nobody says it.

    The sentence has its speaker, but no verb of saying or judging, such as says, assesses, expects or holds.
    """
    for fact in desk.facts.facts.values():
        kind = KINDS.get(fact.kind)
        if kind and kind.attributed and _is_held(fact) and not desk.ear.says_so(own_words(fact)):
            article = "an" if kind.name[0] in "aeiou" else "a"
            message = (
                f"{article} {kind.name} is worded as an event: say that somebody says, judges or expects it"
            )
            yield Finding(("facts", fact.id, "text"), message)


@rule("kind-event-judged", Level.WARNING)
def kind_event_judged(desk: Desk) -> Iterator[Finding]:
    """An event, figure or provision is worded as a judgement ("probably", "very likely"): then it is an assessment.

    Make it one, with who judges so.
    """
    for fact in desk.facts.facts.values():
        if fact.kind in ("event", "figure", "provision") and not _is_held(fact):
            for words in desk.ear.judgement_words(own_words(fact))[:1]:
                message = f'"{words}" is a judgement; make the fact an assessment, with who judges so'
                yield Finding(("facts", fact.id, "text"), message, words)


@rule("kind-event-said", Level.WARNING)
def kind_event_said(desk: Desk) -> Iterator[Finding]:
    """An event, figure or provision is worded as what somebody said: "Ibarra said that …". Then it is a statement.

    Make it one, with who says so. Looked for are a person of the file with a verb of saying right behind it, and
    "said that" and its like.
    """
    for fact in desk.facts.facts.values():
        if fact.kind not in ("event", "figure", "provision") or fact.by:
            continue
        words = without_quotations(own_words(fact))
        for _, typed in typed_names(desk.facts.people, words, desk.ear.name_forms):
            words = words.replace(typed, "X")
        found = desk.ear.speaks.search(words) or desk.ear.said_that.search(words)
        if found and "call" not in found[0]:  # "what {crs} calls “renewed”" gives a word to whom it belongs
            verb = found[0].replace("X", "").strip()
            message = f'"{verb}" tells what somebody said; make the fact a statement, with who says so'
            yield Finding(("facts", fact.id, "text"), message)


@rule("kind-hedge", Level.WARNING)
def kind_hedge(desk: Desk) -> Iterator[Finding]:
    """A sentence says something without saying who holds it: "reportedly", "some say", "critics fear".

    Name the holder: who reports it, which critics. Where a source does not name them, the source is the holder:
    "{paper} says critics, whom it does not name, fear …".
    """
    for fact in desk.facts.facts.values():
        words = own_words(fact)
        bare = (match[1] for match in desk.ear.bare_hedge.finditer(words))
        found = list(bare) if _is_held(fact) else desk.ear.hedges(words)
        for phrase in found[:1]:
            message = f'"{phrase}": who says so? name the holder, with by and {{id}} in the sentence'
            yield Finding(("facts", fact.id, "text"), message, phrase.split()[0])
