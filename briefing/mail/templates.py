"""`templates/<audience>.mail.md.j2`, beside the audience's own template → what the mail to its readers says.

The front matter has the subject and the words before and after the text; the body is a template as that of an audience,
held to the same contract. Without a body, the mail has the first section of the brief.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator

from briefing.audience import LETTER, SUFFIX, Audience, Contract, TemplateFile, Templates, contract_of
from briefing.comments import comment_spans
from briefing.errors import Level, LoadError, Location, Problem, did_you_mean
from briefing.mail.courtesies import strange_words
from briefing.scalars import Text
from briefing.schema import Shape

__all__ = ["filled", "has_own_body", "letter_audience", "letter_template", "stray_templates"]

_PLACEHOLDERS = ("title", "audience", "as_of")
_PLACEHOLDER = re.compile(r"\{\s*([^{}\s]*)\s*\}")


def _known(text: str) -> str:
    for name in _PLACEHOLDER.findall(text):
        if name not in _PLACEHOLDERS and not re.fullmatch(r"recipient\.[a-z][a-z0-9_]*", name):
            hint = did_you_mean(name, _PLACEHOLDERS) or "; it is title, audience, as_of, or recipient.COLUMN"
            raise ValueError(f"has {{{name}}}, which stands for nothing{hint}")
    return text


_Line = Annotated[Text, AfterValidator(_known)]


class LetterModel(Shape):
    """The front matter of a mail's template."""

    subject: _Line = ""
    greeting: _Line = ""
    closing: _Line = ""


def letter_template(audience: str) -> str:
    """The name of the template of the mail to an audience."""
    return f"{audience}{LETTER}{SUFFIX}"


def stray_templates(templates: Templates, audiences: list[str]) -> list[Problem]:
    """Templates of mails to audiences that there are not."""
    ending = LETTER + SUFFIX
    names = [name.removesuffix(ending) for name in templates if name.endswith(ending) and "/" not in name]
    return [
        Problem(
            Location(templates[letter_template(name)].path),
            Level.ERROR,
            f'there is no audience "{name}" that this is the mail to{did_you_mean(name, audiences)}',
            "unknown-audience",
        )
        for name in sorted(names)
        if name not in audiences
    ]


def letter_audience(audience: Audience) -> Audience:
    """The audience as the mail to it is written. LoadError with all that is wrong with the mail's template."""
    name = letter_template(audience.name)
    file = audience.templates.get(name)
    said: Mapping[str, str] = {}
    places: Mapping[str, Location] = {}
    if file:
        if file.problems:
            raise LoadError(file.problems)
        said, problems, places = contract_of(file, LetterModel)
        problems += _stating(said, places, audience)
        if problems:
            raise LoadError(problems)
    memo = {"subject": audience.tongue.mail_subject, "greeting": "", "closing": "", **said}
    contract = replace(audience.contract, memo=memo, **_UNBOUND)
    found = replace(
        audience,
        contract=contract,
        places={**audience.places, "memo": next(iter(places.values()), _head(audience))},
    )
    return replace(found, template=name) if file and _says(file) else found


def _stating(
    said: Mapping[str, str], places: Mapping[str, Location], audience: Audience
) -> Iterator[Problem]:
    for key, text in said.items():
        strange = strange_words(text, audience.tongue.locale, audience.contract.title)
        if strange:
            said_more = ", ".join(f"“{word}”" for word in strange)
            message = (
                f"the {key} only names, greets or signs; {said_more}: what is to be said stands in the body, below the"
                " second ---, on a fact"
                " (names begin with a capital)"
            )
            yield Problem(places.get(key, _head(audience)), Level.ERROR, message, "mail-courtesy")


# What a contract asks of a whole brief, and not of a mail that points to it.
_UNBOUND = {
    name: getattr(Contract("", ""), name) for name in ("max_pages", "max_words", "max_grade", "require")
}


def _head(audience: Audience) -> Location:
    return Location(audience.path)


def has_own_body(audience: Audience) -> bool:
    """Whether the audience of a mail has a text of its own, and not the first section of the brief."""
    return audience.template.endswith(LETTER + SUFFIX)


def _says(file: TemplateFile) -> bool:
    body = file.body
    for begin, end in reversed(list(comment_spans(body))):
        body = body[:begin] + body[end:]
    return bool(body.strip())


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what its placeholders stand for. KeyError for a column that the recipient has not."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)
