"""A reference of another program, in the words of the facts file: what both have, and what was left behind."""

from __future__ import annotations

from dataclasses import dataclass

from briefing.errors import Location
from briefing.facts import Name

__all__ = ["Reference"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A work as a reference manager knows it; what it does not say is empty.

    `key` is its name there and `at` its place in the file; `cited` says that people cite it by that key, as in BibTeX.
    `type` is one of CSL's. Dates are EDTF, `accessed` one exact day. `lost` names what the facts file has no place
    for, or what could not be read, in the words of that file. `settings`: it is none, but tells a program what to do.
    """

    at: Location
    key: str
    type: str
    title: str = ""
    author: tuple[Name, ...] = ()
    publisher: str = ""
    container_title: str = ""
    volume: str = ""
    issue: str = ""
    designation: str = ""
    page: str = ""
    published: str = ""
    accessed: str = ""
    url: str = ""
    doi: str = ""
    isbn: str = ""
    cited: bool = False
    settings: bool = False
    lost: tuple[str, ...] = ()
