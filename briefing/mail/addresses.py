"""A text as people write it → a mail address, with the name in front of it: `Ann Lee <ann@example.org>`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import email_validator

from briefing.lookalikes import mixed_words
from briefing.textguard import forbidden_characters

__all__ = ["Address", "header_fault", "parse_address"]

# Offices have mail servers of their own, in networks of their own, and tests have them too.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()

_NAMED = re.compile(r"(?P<name>[^<>]*?)\s*<\s*(?P<address>[^<>]*?)\s*>")
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.[^\s@<>\"'(),;:.]+")
_LONGEST_NAME = 120
# RFC 5322, 2.1.1: no line of a message is longer. What is not in ASCII takes up to nine letters for one.
_LONGEST_HEADER = 250


@dataclass(frozen=True, slots=True)
class Address:
    """A recipient or sender. `ascii` is the address as every server takes it; empty where only SMTPUTF8 can say it."""

    name: str
    address: str
    ascii: str

    @property
    def key(self) -> str:
        """What is the same for the same mailbox, however it is written: `weiß` and `weiss` are two."""
        return self.on_wire.lower()

    @property
    def on_wire(self) -> str:
        """The address as a server is told it."""
        return self.ascii or self.address

    @property
    def domain(self) -> str:
        return self.on_wire.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def parse_address(text: str) -> Address:
    """The address that `text` writes; ValueError says what is wrong with it."""
    named = _NAMED.fullmatch(text.strip())
    name, address = (named["name"], named["address"]) if named else ("", text.strip())
    name = _unquoted(name)
    fault = header_fault(name, _LONGEST_NAME) or header_fault(address, _LONGEST_HEADER)
    if fault:
        raise ValueError(f"“{_shown(text)}” {fault}")
    name = " ".join(name.split())  # tables have two blanks where somebody left out a middle name
    if address.count("@") > 1 and re.search(r"[,;]", address):
        raise ValueError(f"“{_shown(text)}” is more than one address; write each by itself")
    try:
        found = email_validator.validate_email(
            address, check_deliverability=False, globally_deliverable=False, strict=True
        )
    except email_validator.EmailNotValidError as error:
        raise ValueError(f"“{_shown(text)}” is no mail address: {_lowered(str(error))}") from None
    another = next((one for one in _ADDRESS.findall(name) if one.casefold() != address.casefold()), "")
    if another:
        raise ValueError(
            f"“{_shown(text)}” goes to {address}, and its name is another address, “{another}”: which?"
        )
    mixed = next((word for word, _ in mixed_words(found.normalized)), "")
    if mixed:
        raise ValueError(f"“{_shown(text)}” mixes letters of two alphabets in “{mixed}”; type it anew")
    if unicodedata.normalize("NFKC", found.normalized) != found.normalized:
        raise ValueError(f"“{_shown(text)}” has letters in another form, such as full width; type it anew")
    return Address(name, found.normalized, found.ascii_email or "")


def header_fault(text: str, longest: int = _LONGEST_HEADER) -> str:
    """Why a text may not stand in the head of a message, or nothing.

    Python 3.11 decodes `=?utf-8?q?…?=` in it, and writes the line break that may hide there, so that a title could
    forge a header (CVE-2024-6923).
    """
    if re.search(r"[\r\n]", text):
        return "holds a line break; the head of a message is made of lines"
    for _, what in forbidden_characters(text):
        return f"holds {what}"
    if "=?" in text:
        return "holds “=?”, with which encoded words begin in the head of a message; leave it out"
    if len(text) > longest:
        return f"has {len(text)} characters; {longest} is the most in the head of a message"
    return ""


def _unquoted(name: str) -> str:
    """A name without the quotation marks that mail programs put around one with a comma."""
    name = name.strip()
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        return re.sub(r"\\(.)", r"\1", name[1:-1]).strip()
    return name


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:].removesuffix(".")


def _shown(text: str) -> str:
    one_line = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", "�", text).split())
    return one_line if len(one_line) <= 80 else one_line[:79] + "…"
