"""A brief → what its document carries: the facts used, the contract, the template, and the fingerprint of all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict

from briefing import __version__
from briefing.audience import TemplateFile
from briefing.brief import Brief
from briefing.carried import Attachment, Carried
from briefing.extract import as_yaml, extract
from briefing.fingerprint import fingerprint
from briefing.load import Loaded, plain
from briefing.yamltree import parse

__all__ = ["carried_templates", "carry"]

# Jinja drops the line of such a comment, too; a blank one would end a paragraph.
_LINES_OF_COMMENT = re.compile(
    r"^[ \t]*\{#(?![-+])(?:(?!#\}).)*(?<![-+])#\}(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def carry(
    loaded: Loaded,
    brief: Brief,
    locale: str,
    row: Mapping[str, str] | None = None,
    version: str = __version__,
) -> Carried:
    """What the document of this brief carries; `row` are the columns of its recipient, of which those used are kept.

    `locale` is that of the project. `version` is another one where the question is what that version's document
    carried.
    """
    tongue = brief.tongue
    facts = Attachment("facts.yaml", tongue.carried_facts, extract(loaded, brief, locale).encode())
    # One that looks has words for other recipients.
    templates = {} if brief.looked else carried_templates(brief)
    made = {
        "briefing": version,
        "audience": brief.audience.name,
        "locale": tongue.locale,
        "templates": {name: file.name for name, file in templates.items()},
        "contract": asdict(brief.audience.contract),
        "recipient": {name: row[name] for name in sorted(brief.touched) if name in row} if row else None,
    }
    about = Attachment(
        "brief.json",
        tongue.carried_contract,
        (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode(),
    )
    files = (facts, about, *templates.values())
    digest = fingerprint(part for file in files for part in (file.name, file.content))
    return Carried(f"sha256:{digest}", version, files)


def carried_templates(brief: Brief) -> Mapping[str, Attachment]:
    """The office's own templates that a brief was written with, by their names, as its document carries them."""
    return {
        name: Attachment(_flat(name), brief.tongue.carried_template, _without_comments(file).encode())
        for name, file in brief.templates.items()
        if not file.shipped
    }


def _flat(name: str) -> str:
    """Programs that save attachments make no folders, or refuse."""
    return name.replace("/", "__")


def _without_comments(file: TemplateFile) -> str:
    """The template as it was written, its comments aside, those in the contract too: they are the office's own."""
    body = (
        file.body[file.front.count("\n") + 1 :] if file.front else file.body
    )  # less the lines of the contract
    said = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), _LINES_OF_COMMENT.sub("", body))
    return f"---\n{as_yaml(plain(parse(file.front, file.path).root))}---{said}" if file.front else said
