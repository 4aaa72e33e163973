"""A brief → what its document carries: the facts used, the contract, the template, and the fingerprint of all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from briefing import __version__
from briefing.audience import TemplateFile
from briefing.brief import Brief
from briefing.carried import Attachment, Carried
from briefing.extract import as_yaml, extract
from briefing.fingerprint import fingerprint
from briefing.letterhead import FILE as HOUSE
from briefing.letterhead import PLAIN, Letterhead
from briefing.load import Loaded, plain
from briefing.tongues import Tongue
from briefing.yamltree import parse

if TYPE_CHECKING:
    from briefing.news import Earlier

__all__ = [
    "ABOUT",
    "BEFORE",
    "CARRIED_LOGOS",
    "CARRIED_PAPER",
    "FACTS",
    "as_carried",
    "carried_templates",
    "carry",
    "descriptions",
    "identifier_of",
]

FACTS, ABOUT = "facts.yaml", "brief.json"
"""What the files are called that every document carries."""

BEFORE = "facts-before.yaml"
"""What the facts of an earlier edition are called, in a document that says what changed since."""

_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/svg+xml": ".svg"}
CARRIED_LOGOS = tuple(f"logo{ending}" for ending in _ENDINGS.values())
CARRIED_PAPER = (HOUSE, *CARRIED_LOGOS)
"""What the files of a letterhead are called, in a document that has one."""


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
    letterhead: Letterhead = PLAIN,
    version: str = __version__,
    earlier: Earlier | None = None,
) -> Carried:
    """What the document of this brief carries; `row` are the columns of its recipient, of which those used are kept.

    `locale` and `letterhead` are those of the project. The fingerprint is without the letterhead: that is the paper,
    not what stands on it. `version` is another one to ask what its document carried.

    Where the brief says what changed since an `earlier` edition, what that rests on is carried, too.

    The letterhead is told twice: as its own file, from which the document can be made again, and as it was printed.
    """
    tongue = brief.tongue
    facts = Attachment(FACTS, tongue.carried_facts, extract(loaded, brief, locale).encode())
    # One that looks has words for other recipients.
    templates = {} if brief.looked else carried_templates(brief)
    made: dict[str, object] = {
        "briefing": version,
        "audience": brief.audience.name,
        "locale": tongue.locale,
        "templates": {name: file.name for name, file in templates.items()},
        "contract": asdict(brief.audience.contract),
        "recipient": {name: row[name] for name in sorted(brief.touched) if name in row} if row else None,
    }
    if earlier:
        made["gone"] = list(earlier.brief.gone)
        made |= {} if earlier.knows_all else {"knows_all": False}
    about = Attachment(ABOUT, tongue.carried_contract, _json(made))
    before = [Attachment(BEFORE, tongue.carried_before, earlier.facts.encode())] if earlier else []
    files = (facts, about, *templates.values(), *before)
    identifier = identifier_of({file.name: file.content for file in files})
    printed = _words_of(brief.audience.contract.printed_on(letterhead))
    told = replace(about, content=_json({**made, "letterhead": printed}))
    paper = _paper(letterhead, tongue.carried_letterhead)
    return Carried(identifier, version, (facts, told, *templates.values(), *before, *paper))


def descriptions(tongue: Tongue, letterhead: Letterhead) -> tuple[str, ...]:
    """What the files are said to be that a document of this language carries."""
    about = (tongue.carried_facts, tongue.carried_contract, tongue.carried_template, tongue.carried_before)
    logo = (letterhead.logo.alt,) if letterhead.logo else ()
    return (*about, tongue.carried_letterhead, *logo)


def _words_of(letterhead: Letterhead) -> Mapping[str, str]:
    words = {name: getattr(letterhead, name) for name in ("office", "address", "marking", "paper")}
    words |= {"embargo": letterhead.embargo} if letterhead.embargo else {}
    return {**words, "logo": letterhead.logo.alt} if letterhead.logo else words


def _paper(letterhead: Letterhead, description: str) -> Iterator[Attachment]:
    """The office's file of its letterhead, and its logo, where it has either; what it leaves out is as in PLAIN."""
    keys = ("office", "address", "marking", "paper", "embargo")
    said: dict[str, object] = {
        key: getattr(letterhead, key) for key in keys if getattr(letterhead, key) != getattr(PLAIN, key)
    }
    logo = letterhead.logo
    if logo:
        drawing = Attachment(f"logo{_ENDINGS[logo.media_type]}", logo.alt, logo.content)
        said["logo"] = {"file": drawing.name, "alt": logo.alt}
        yield drawing
    if said:
        yield Attachment(HOUSE, description, as_yaml(said).encode())


def identifier_of(files: Mapping[str, bytes]) -> str:
    """The fingerprint of a document that carries these, in this order, by their names.

    ValueError where they are none that a document of ours carries.
    """
    said = {name: content for name, content in files.items() if name not in CARRIED_PAPER}
    said[ABOUT] = _json(_without_letterhead(files[ABOUT]))
    return f"sha256:{fingerprint(part for name, content in said.items() for part in (name, content))}"


def _without_letterhead(about: bytes) -> dict[str, object]:
    made = json.loads(about)
    if not isinstance(made, dict):
        raise ValueError("is no JSON object")
    return {key: value for key, value in made.items() if key != "letterhead"}


def _json(value: Mapping[str, object]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def carried_templates(brief: Brief) -> Mapping[str, Attachment]:
    """The office's own templates that a brief was written with, by their names, as its document carries them."""
    return {
        name: Attachment(_flat(name), brief.tongue.carried_template, as_carried(file))
        for name, file in brief.templates.items()
        if not file.shipped
    }


def _flat(name: str) -> str:
    """Programs that save attachments make no folders, or refuse."""
    return name.replace("/", "__")


def as_carried(file: TemplateFile) -> bytes:
    """The template as it was written, its comments aside, those in the contract too: they are the office's own."""
    body = (
        file.body[file.front.count("\n") + 1 :] if file.front else file.body
    )  # less the lines of the contract
    said = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), _LINES_OF_COMMENT.sub("", body))
    front = f"---\n{as_yaml(plain(parse(file.front, file.path).root))}---" if file.front else ""
    return f"{front}{said}".encode()
