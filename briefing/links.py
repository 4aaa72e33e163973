"""Web addresses: which may be linked, and how one is shown so that it cannot pass for another."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from briefing.textguard import forbidden_characters

__all__ = ["has_plain_host", "is_look_alike", "is_safe_link", "same_address", "shown_url"]

_SAFE = re.compile(r"(?:https://|mailto:)[^\s<>\"\\]+", re.IGNORECASE)
# One address, without fields: these can name further recipients, and files.
_MAIL = re.compile(r"mailto:[^\s@?&%:,;]+@([^@?&%:,;/]+)", re.IGNORECASE)


def is_safe_link(address: str) -> bool:
    """Whether a document may link there: https and mailto, nothing that runs or reads a file.

    Nor what leads elsewhere than it seems to: past a user's name, to a host with signs that look like the end of it, to
    further recipients; nor what hides characters behind `%`.
    """
    if not _SAFE.fullmatch(address) or any(forbidden_characters(unquote(address))):
        return False
    mail = _MAIL.fullmatch(address)
    return _is_plain(mail[1]) if mail else address[:8].casefold() == "https://" and has_plain_host(address)


def has_plain_host(url: str) -> bool:
    """Whether a web address names a host by letters, digits, hyphens and full stops, and perhaps a port; no user."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return _is_plain(parts.hostname or "") and "@" not in parts.netloc and port != 0


def _is_plain(host: str) -> bool:
    """Letters of any script with their marks, digits, hyphens, and full stops between labels."""
    signs = host.replace(".", "").replace("-", "").replace("_", "")
    return all(host.removesuffix(".").split(".")) and all(
        sign.isalnum() or unicodedata.category(sign).startswith("M") for sign in signs
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


# Scripts with letters that are drawn as those of another of them are.
_ALIKE = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN"}
# Latin letters of phonetics, small capitals and signs, which no name of a place is written with: ɡ, ɑ, ᴏ, ⅼ, ℊ.
_PHONETIC = re.compile(
    "[\u0250-\u02ff\u1d00-\u1dbf\u2100-\u218f\u2c60-\u2c7f\ua720-\ua7ff\uff00-\uffef\U0001d400-\U0001d7ff]"
)
# What one language writes in several scripts.
_TOGETHER = ({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}, {"CJK", "HANGUL"}, {"CJK", "BOPOMOFO"})


def _scripts(label: str) -> set[str]:
    """The scripts of a label's letters, by the first word of their Unicode names; those of one language are one."""
    letters = _decoded(label)
    found = {unicodedata.name(character, "?").split()[0] for character in letters if character.isalpha()}
    return {"CJK"} if len(found) > 1 and any(found <= together for together in _TOGETHER) else found


def _decoded(label: str) -> str:
    """The letters that a label of ASCII stands for: `xn--exmple-4nf` is exаmple with a Cyrillic а."""
    if not label.casefold().startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def is_look_alike(url: str) -> bool:
    """Whether a label of the host mixes scripts, is none of ours in a domain that is Latin, or has phonetic letters."""
    labels = _host(url).split(".")
    scripts = list(map(_scripts, labels))
    mixed = any(len(found) > 1 for found in scripts) or len(_ALIKE & set().union(*scripts)) > 1
    return mixed or any(_PHONETIC.search(_decoded(label)) for label in labels)


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
    """An address without scheme, www, usual port, fragment, last slash and what only tells where a reader came from.

    Two that lead to one page are then equal. A fragment that is a route, as `#/bill/12` or `#!bill`, leads to one
    of its own.
    """
    bare, _, fragment = url.partition("://")[2].partition("#")
    host, slash, path = bare.partition("/")
    path, _, query = path.partition("?")
    asked = "&".join(part for part in query.split("&") if part and not _TRACKING.match(part))
    host = re.sub(r":(?:80|443)$", "", host.casefold()).removeprefix("www.")
    route = fragment.rstrip("/") if fragment.startswith(("/", "!")) else ""
    return host + (slash + path).rstrip("/") + (f"?{asked}" if asked else "") + (f"#{route}" if route else "")


_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid|ref)(?:=|$)")
