"""Bytes → a file, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from briefing.errors import Level, Location, Problem, UsageError
from briefing.files import Unusable, read_head

__all__ = ["holds", "publish", "sweep"]

_UNFINISHED = ".part"
_ATTEMPTS = 3


def holds(path: Path, content: bytes) -> bool:
    """Whether the file is there and has exactly these bytes."""
    try:
        return path.stat().st_size == len(content) and read_head(path, len(content) + 1) == content
    except (OSError, Unusable):
        return False


def publish(path: Path, content: bytes) -> None:
    """Replace the file in one step: a temporary file beside it, synced, then renamed over it.

    A link is replaced, not followed. UsageError with the system's reason when it cannot be done; the old file stays.
    """
    for again in range(_ATTEMPTS):
        temporary = path.parent / f".{path.name}.{secrets.token_hex(8)}{_UNFINISHED}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, temporary, content)
            return
        except BaseException as error:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            if not isinstance(error, OSError):
                raise
            if isinstance(error, FileNotFoundError) and again < _ATTEMPTS - 1:
                continue  # another build swept the file in the moment before it was locked
            message = f"cannot be written: {error.strerror or error}"
            raise UsageError(Problem(Location(str(path)), Level.ERROR, message, "file")) from None


def _replace(path: Path, temporary: Path, content: bytes) -> None:
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    with os.fdopen(handle, "wb") as file:
        _lock(file.fileno())
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.replace(temporary, path)


def sweep(folder: Path) -> None:
    """Remove what builds left unfinished that were killed. What another build is at work on is locked, and stays."""
    for path in _unfinished(folder):
        with contextlib.suppress(OSError):
            flags = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            handle = os.open(path, flags)  # at once, even where a pipe has such a name
            try:
                if _lock(handle):
                    os.unlink(path)
            finally:
                os.close(handle)


def _unfinished(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(".") and path.name.endswith(_UNFINISHED):
                yield path


def _lock(handle: int) -> bool:
    """Whether the file is this process's alone now. The system lets go of it when the process ends, however it ends."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):  # a system or a file system without locks
        return False
    return True
