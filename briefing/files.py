"""Ordinary files, and nothing else: a pipe without a writer never ends, a device has no end, a link leads anywhere."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

__all__ = ["NO_FILE", "Unusable", "append_text", "is_within", "read_head", "read_ordinary", "stay_in_folder"]

NO_FILE = "is no ordinary file"

# Opening a pipe waits for its other end; with this flag it does not. Windows has no such pipes.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Unusable(Exception):
    """Something stands where a file is looked for, and cannot be used; the message says why, as "is a folder"."""


def read_ordinary(path: Path, most: int, within: Path) -> bytes:
    """The bytes of an ordinary file, `most` of them at most, that stands within a folder when links are followed.

    FileNotFoundError where nothing stands there; Unusable for all else that keeps it from being read.
    """
    if not is_within(path, within):
        raise Unusable("is a link to a file outside; put the file itself here")
    data = read_head(path, most + 1)
    if len(data) > most:
        raise Unusable(f"has more than {most:,} bytes")
    return data


def read_head(path: str | Path, most: int) -> bytes:
    """The first bytes of an ordinary file. FileNotFoundError where nothing stands there; else Unusable."""
    try:
        _refuse(os.stat(path).st_mode)  # before it is opened, which some devices feel
        handle = os.open(path, os.O_RDONLY | _AT_ONCE)
        with os.fdopen(handle, "rb") as file:
            _refuse(os.fstat(handle).st_mode)  # what was opened, whatever stood there a moment ago
            return file.read(most)
    except (FileNotFoundError, NotADirectoryError):
        if os.path.islink(path):
            raise Unusable("is a link that leads nowhere") from None
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from None
    except OSError as error:
        raise Unusable(_words(error, "read")) from None


def append_text(path: str, text: str) -> None:
    """Add to an ordinary file, or make one. Unusable when it cannot be done."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _AT_ONCE, 0o666)
        with os.fdopen(handle, "wb") as file:
            _refuse(os.fstat(handle).st_mode)
            file.write(text.encode("utf-8", "replace"))
    except OSError as error:
        # ENXIO: a pipe from which nobody reads
        raise Unusable(NO_FILE if error.errno == errno.ENXIO else _words(error, "written")) from None


def is_within(path: Path, folder: Path) -> bool:
    """Whether a path leads into a folder once links are followed; Unusable when it leads in a circle."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (
        RuntimeError
    ):  # so before Python 3.13; from then on it is the error of the system, when the file is opened
        raise Unusable(_CIRCLE) from None


def stay_in_folder(path: str) -> None:
    """Unusable for a link that leads out of the folder in which it stands."""
    if os.path.islink(path) and not is_within(Path(path), Path(path).parent):
        raise Unusable(
            "is a link to a file outside its folder; put the file itself here, or name the one that it leads to with"
            " --facts"
        )


_CIRCLE = "is a link that leads in a circle"


def _refuse(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Unusable("is a folder")
    if not stat.S_ISREG(mode):
        raise Unusable(NO_FILE)


def _words(error: OSError, what: str) -> str:
    if error.errno == errno.ELOOP:
        return _CIRCLE
    return f"cannot be {what}: {error.strerror or error}"
