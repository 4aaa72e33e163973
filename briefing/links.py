"""Web addresses: which may be linked, and how one is shown so that it cannot pass for another."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

__all__ = ["is_look_alike", "is_safe_link", "same_address", "shown_url"]

_SAFE = re.compile(r"(?:https://|mailto:)[^\s<>\"\\]+", re.IGNORECASE)


def is_safe_link(address: str) -> bool:
    """Whether a document may link there: https and mailto, nothing that runs or reads a file."""
    return _SAFE.fullmatch(address) is not None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _scripts(label: str) -> set[str]:
    """The scripts of a label's letters, by the first word of their Unicode names."""
    return {unicodedata.name(character, "?").split()[0] for character in label if character.isalpha()}


def is_look_alike(url: str) -> bool:
    """Whether a label of the host mixes scripts, or is none of ours in a domain that is Latin."""
    labels = _host(url).split(".")
    return any(len(_scripts(label)) > 1 for label in labels) or len(set().union(*map(_scripts, labels))) > 1


def shown_url(url: str) -> str:
    """The address as it may be printed: a host that mixes scripts in its ASCII form (punycode)."""
    host = _host(url)
    if not host or not is_look_alike(url):
        return url
    try:
        plain = host.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ".".join("xn--" + label.encode("punycode").decode("ascii") for label in host.split("."))
    return re.sub(re.escape(host), lambda _: plain, url, count=1, flags=re.IGNORECASE)


def same_address(url: str) -> str:
    """An address without scheme, www, fragment and last slash: then two that lead to one page are equal."""
    bare = url.partition("#")[0].partition("://")[2]
    host, slash, path = bare.partition("/")
    return host.casefold().removeprefix("www.") + (slash + path).rstrip("/")
