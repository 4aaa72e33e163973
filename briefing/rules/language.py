"""What the rules cannot hear in a language: said once, so that nobody takes silence for approval."""

from __future__ import annotations

from collections.abc import Iterator

from briefing.ears import Ear
from briefing.errors import Level
from briefing.rules.base import Desk, Finding, rule
from briefing.rules.briefs import BriefDesk, BriefFinding, rule_over_brief

__all__ = ["language_limits", "template_language", "template_locale"]


@rule("language-limits", Level.NOTE)
def language_limits(desk: Desk) -> Iterator[Finding]:
    """The project is in a language of which the rules hear less than of English (`locale: uk`).

    In Ukrainian, figures, amounts and dates, in digits or words, quotations, citations and whom a claim names are
    looked at as in English, and nothing may stand uncited; names are found in their cases, and those of firms and
    papers may stand in quotation marks where the facts file has them. Verbs of saying, hedges and words of likelihood
    are known by short lists. Not looked at are fractions in words ("половина"), loaded words, but for those of the
    project's own list, and `template-max-grade`, whose formula is made for English.
    """
    if desk.ear.limits:
        yield Finding(("title",), _limits(desk.ear))


@rule_over_brief("template-language", Level.NOTE)
def template_language(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A contract chooses a language of which the rules hear less than of English: see `language-limits`."""
    if desk.ear.limits and desk.audience.contract.locale:
        yield BriefFinding(desk.audience.at("locale"), _limits(desk.ear))


@rule_over_brief("template-locale", Level.WARNING)
def template_locale(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A contract chooses another language than that of the facts, so that the brief would be in two.

    What the house says itself is in the language of the contract, the facts are as they were written. `en-GB` beside
    facts in `en-US` is one language. What the facts are written in is said in `templates/house/house.yaml`.
    """
    facts, brief = desk.audience.facts_locale, desk.audience.contract.locale
    if brief and _language(brief) != _language(facts):
        yield BriefFinding(
            desk.audience.at("locale"),
            f"the brief would be in two languages: what the house says in {brief}, the facts in {facts}; take this line"
            " off, or, if that is what they are written in, move it to templates/house/house.yaml",
        )


def _language(locale: str) -> str:
    return locale.partition("-")[0]


def _limits(ear: Ear) -> str:
    silent = f"{', '.join(sorted(ear.unheard))} does not run, " if ear.unheard else ""
    return f"in the language {ear.locale}, {silent}{ear.limits} (docs/rules.md, language-limits)"
