"""The bytes of a message → what another program reads in it: postal-mime, through tests/node."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from npm import NODE, node_module

__all__ = ["Attachment", "Person", "ReadMail", "read"]


@dataclass(frozen=True)
class Person:
    """One address; `name` is empty where none stands beside it."""

    name: str
    address: str


@dataclass(frozen=True)
class Attachment:
    filename: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ReadMail:
    """A message as its reader has it. `headers` are those of the whole message, with their values decoded.

    A text that is not there is empty. Lines of `text` end in a line feed, however they were sent.
    """

    headers: tuple[tuple[str, str], ...]
    sender: tuple[Person, ...]
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]

    def header(self, name: str) -> list[str]:
        """All values of a header: two of one that may stand once are a fault, and not to be overlooked."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


def read(content: bytes) -> ReadMail:
    """Reads a message; where postal-mime is missing, the test is skipped."""
    node_module("postal-mime")
    ended = subprocess.run(
        ["node", NODE / "mail.mjs"], input=content, capture_output=True, timeout=60, check=False
    )
    assert ended.stderr == b""
    return _mail(json.loads(ended.stdout))


def _mail(seen: dict[str, Any]) -> ReadMail:
    return ReadMail(
        tuple((key, value) for key, value in seen["headers"]),
        _people(seen["sender"]),
        _people(seen["to"]),
        _people(seen["cc"]),
        seen["subject"],
        seen["text"],
        seen["html"],
        tuple(Attachment(**one) for one in seen["attachments"]),
    )


def _people(seen: list[dict[str, str]]) -> tuple[Person, ...]:
    return tuple(Person(**one) for one in seen)
