"""`templates/house/house.yaml` → what an office puts on its paper: name, logo, address, marking, size; language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator

from briefing.drawings import why_no_drawing
from briefing.errors import Level, Problem
from briefing.files import Unusable, read_ordinary
from briefing.points import why_no_points
from briefing.scalars import Moment, Text, one_of
from briefing.schema import Shape
from briefing.settings import read_settings
from briefing.tongues import LOCALES

__all__ = [
    "FILE",
    "PAPERS",
    "PLAIN",
    "Letterhead",
    "Locale",
    "Logo",
    "Marking",
    "Office",
    "Paper",
    "read_letterhead",
    "why_no_logo",
]

FILE = "house.yaml"
PAPERS = ("letter", "a4")
# A drawing larger than this is no logo; it would go into every document.
_MOST_BYTES = 500_000
_MOST_BYTES_OF_TEXT = 100_000
# What a marking has room for above a page; "EMBARGOED UNTIL 6 A.M. EST, WEDNESDAY, JANUARY 28, 2026" has 52.
_LONGEST_MARKING = 70
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Logo:
    """A drawing, and what it shows, for readers who do not see it."""

    media_type: str
    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Empty texts are not printed. `marking` stands on every page; `paper` is one of PAPERS, `locale` one of LOCALES or
    empty, where the office does not say; `embargo` is a moment (`dates.instant`) before which nobody may have it.
    """

    office: str = ""
    address: str = ""
    marking: str = ""
    paper: str = "letter"
    locale: str = ""
    logo: Logo | None = None
    embargo: str = ""


def _short(most: int) -> Any:
    def check(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"has {len(text)} characters; {most} is the most that has room")
        return text

    return AfterValidator(check)


Marking = Annotated[Text, _short(_LONGEST_MARKING)]
Office = Annotated[Text, _short(_LONGEST_NAME)]
Paper = Annotated[str, AfterValidator(one_of(PAPERS))]
Locale = Annotated[str, AfterValidator(one_of(LOCALES))]


class LogoModel(Shape):
    """The logo: a file beside this one, and its text."""

    file: Text
    alt: Office


class LetterheadModel(Shape):
    """What stands on every brief of the project."""

    office: Office = ""
    address: Office = ""
    marking: Marking = ""
    paper: Paper = ""
    locale: Locale = ""
    logo: LogoModel | None = None
    embargo: Moment = ""


def read_letterhead(folder: Path, shown: str, *, within: Path) -> tuple[Letterhead, tuple[Problem, ...]]:
    """The letterhead in `folder`, an empty one where there is none; and what is wrong with it. Never raises.

    `shown` is how the folder is printed, `within` that of the project, out of which no link may lead.
    """
    found = read_settings(
        folder / FILE, f"{shown}/{FILE}", LetterheadModel, _MOST_BYTES_OF_TEXT, "office: …", within=within
    )
    model, problems, logo = found.model, found.problems, None
    if model is None:
        return Letterhead(), problems
    if model.logo and found.places:
        try:
            logo = _logo(folder, model.logo)
        except ValueError as error:
            place = found.places.of(("logo", "file"))
            problems = (Problem(place, Level.ERROR, str(error), "template-house"),)
    return (
        Letterhead(
            model.office,
            model.address,
            model.marking,
            model.paper or PAPERS[0],
            model.locale,
            logo,
            model.embargo,
        ),
        problems,
    )


def _logo(folder: Path, model: LogoModel) -> Logo:
    """The drawing. ValueError where it is none that can be printed."""
    if "/" in model.file or "\\" in model.file:
        raise ValueError(f'there is no file "{model.file[:80]}" beside house.yaml')
    try:
        content = read_ordinary(folder / model.file, _MOST_BYTES, within=folder)
    except FileNotFoundError:
        raise ValueError(f'there is no file "{model.file[:80]}" beside house.yaml') from None
    except Unusable as error:
        raise ValueError(f"the logo {error}") from None
    why = why_no_logo(content)
    if why:
        raise ValueError(f"the logo {why}")
    media_type = next(name for begin, name in _TYPES if re.match(begin, content, re.DOTALL))
    return Logo(media_type, content, model.alt)


_TYPES = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:svg[\s>]|!DOCTYPE svg\b)", "image/svg+xml"),
)


def why_no_logo(content: bytes) -> str:
    """Why it cannot be printed; empty where it can. Whoever made it, what it takes is bounded."""
    if len(content) > _MOST_BYTES:  # a document that `verify` reads may have a larger one
        return f"has more than {_MOST_BYTES:,} bytes"
    found = next((name for begin, name in _TYPES if re.match(begin, content, re.DOTALL)), None)
    if found is None:
        return "is no PNG, JPEG or SVG"
    return why_no_drawing(content) if found == "image/svg+xml" else why_no_points(content)


PLAIN = Letterhead()
