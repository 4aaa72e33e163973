"""What the contract of an audience promises its readers: what a brief must have, must not say, and how long it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.errors import Level, Location
from briefing.prose import without_quotations
from briefing.readability import flesch_kincaid_grade
from briefing.rules.briefs import BriefDesk, BriefFinding, Words, rule_over_brief

__all__ = [
    "template_empty",
    "template_forbid",
    "template_max_grade",
    "template_max_words",
    "template_require",
]


@rule_over_brief("template-empty", Level.ERROR, whole=True)
def template_empty(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A brief uses no fact at all."""
    if not desk.used:
        kinds = desk.audience.contract.kinds
        barred = sum(1 for fact in desk.facts.facts.values() if fact.kind not in kinds)
        why = f"; {barred} on file are of kinds that its contract does not allow" if barred else ""
        yield BriefFinding(Location(desk.audience.path), f"the brief uses no fact{why}")


@rule_over_brief("template-require", Level.ERROR, whole=True)
def template_require(desk: BriefDesk) -> Iterator[BriefFinding]:
    """The contract requires a fact of a tag, or a certain fact, and the brief uses none."""
    tags = {tag for id in desk.used for tag in desk.facts.facts[id].tags}
    for need in desk.audience.contract.require:
        if need not in desk.used and need not in tags:
            message = f'the contract requires "{need}", but no fact of that tag or id is used'
            yield BriefFinding(desk.audience.at("require"), message)


@rule_over_brief("template-forbid", Level.ERROR, whole=True)
def template_forbid(desk: BriefDesk) -> Iterator[BriefFinding]:
    """The body uses a word that the contract forbids, outside quotation marks."""
    body = without_quotations(desk.body)
    for word in desk.audience.contract.forbid:
        forbidden = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        if not forbidden.search(body):
            continue
        message = f'the contract forbids the word "{word}"'
        said = [*_where_said(desk, forbidden)]
        for words, offset in said:
            of = f' (in the fact "{words.facts[0].id}")' if words.place == "fact" else ""
            yield BriefFinding(words, f"{message}{of}", offset)
        if not said:  # it stands in a name or a quantity, or in more than one part of the template
            yield BriefFinding(desk.audience.at("forbid"), f"{message}, and the brief uses it")


def _where_said(desk: BriefDesk, forbidden: re.Pattern[str]) -> Iterator[tuple[Words, int]]:
    for words in desk.words:
        if words.place not in ("contract", "address"):
            for found in forbidden.finditer(without_quotations(words.bare)):
                yield words, found.start()


@rule_over_brief("template-max-words", Level.ERROR, whole=True)
def template_max_words(desk: BriefDesk) -> Iterator[BriefFinding]:
    """The body has more words than the contract allows."""
    most = desk.audience.contract.max_words
    if most is not None and desk.length > most:
        message = f"the body has {desk.length:,} words; the contract allows {most:,}"
        yield BriefFinding(desk.audience.at("max_words"), message)


@rule_over_brief("template-max-grade", Level.ERROR, whole=True)
def template_max_grade(desk: BriefDesk) -> Iterator[BriefFinding]:
    """The body reads harder than the contract allows (`max_grade`), by the Flesch–Kincaid grade level.

    0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid, Fishburne, Rogers and Chissom 1975): the
    year of school in which such prose is read. Headings, tables and citations do not count, nor bodies below 100 words.
    """
    most = desk.audience.contract.max_grade
    grade = flesch_kincaid_grade(desk.prose) if most is not None else None
    if most is not None and grade is not None and grade > most:
        message = (
            f"the body reads at grade {grade} (Flesch–Kincaid); the contract allows {most}:"
            " shorten sentences and words"
        )
        yield BriefFinding(desk.audience.at("max_grade"), message)
