"""What a document carries with it, so that it can be checked years later."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NOTHING", "Attachment", "Carried"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within a PDF; its type is told by the ending of its name."""

    name: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Carried:
    """`identifier` is the fingerprint of all that a brief was made from, the same in every format: `sha256:…`.

    `files` are that, and go where files can go: into the PDF. `version` is that of the tool.
    """

    identifier: str = ""
    version: str = ""
    files: tuple[Attachment, ...] = ()


NOTHING = Carried()
