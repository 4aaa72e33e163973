"""Where a mail server's password is kept → the password. It never stands in arguments, settings, output or logs."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

from briefing.errors import Level, Location, PackageMissing, Problem, UsageError
from briefing.files import Unusable, read_head
from briefing.mail.settings import Server

__all__ = ["VARIABLE", "password_of", "without_secret"]

VARIABLE = "BRIEFING_MAIL_PASSWORD"
_MOST_BYTES = 10_000
_HIDDEN = "•••"


def password_of(server: Server, folder: Path, environment: Mapping[str, str]) -> str:
    """The password of the server's user; empty where there is no user. UsageError where there is none to be had.

    `folder` is where a path in the settings begins.
    """
    if not server.user:
        return ""
    if server.password_file:
        return _in_file(folder / server.password_file)
    if server.keyring:
        return _in_keyring(server)
    found = environment.get(VARIABLE, "")
    if not found:
        raise _none(
            f"{server.user} needs a password for {server.host}: set {VARIABLE} in the environment, or name a"
            " password_file, or say keyring: true"
        )
    try:
        found.encode("utf-8")
    except UnicodeEncodeError:  # whose words would tell a letter of it
        raise _none(f"the password in {VARIABLE} is not UTF-8") from None
    return found


def _in_file(path: Path) -> str:
    try:
        data = read_head(path, _MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise Unusable(f"has more than {_MOST_BYTES:,} bytes")
        text = data.decode("utf-8-sig").strip("\r\n")
    except FileNotFoundError:
        raise _none(f"there is no password_file {path}") from None
    except (Unusable, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, Unusable) else "is not UTF-8"
        raise _none(f"the password_file {path} {why}") from None
    if not text or "\n" in text:
        raise _none(f"the password_file {path} must hold the password on one line, and nothing else")
    return text


def _in_keyring(server: Server) -> str:
    try:
        import keyring  # an extra, and it looks for its backends for 100 ms
        from keyring.errors import KeyringError
    except ImportError:
        message = "keyring: true needs a Python package that is missing; run: pip install 'keyring>=25,<26'"
        raise PackageMissing(Problem(Location("mail.yaml"), Level.ERROR, message, "mail-password")) from None
    try:
        found = keyring.get_password(server.host, server.user)
    except KeyringError as error:
        raise _none(f"the keyring of this system cannot be read: {error}") from None
    if not found:
        raise _none(f"the keyring has no password; run: keyring set {server.host} {server.user}")
    return found


def _none(why: str) -> UsageError:
    return UsageError(Problem(Location("mail.yaml"), Level.ERROR, why, "mail-password"))


def without_secret(text: str, secret: str, user: str = "") -> str:
    """A server's words without the password, in any form in which it went there: a server may say back what it got.

    Its blanks may be fewer in the answer: lines of one are stripped.
    """
    if not secret:
        return text
    one_line = " ".join(secret.split()) or secret
    sent = [form for said in (secret, one_line) for form in (said, f"\0{user}\0{said}", f"{user}\0{said}")]
    forms = [form for plain in sent for form in (plain, base64.b64encode(plain.encode()).decode())]
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, _HIDDEN)
    return text
