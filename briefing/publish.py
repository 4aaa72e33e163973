"""Bytes → a file, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from briefing.errors import Level, Location, Problem, UsageError

__all__ = ["holds", "publish"]


def holds(path: Path, content: bytes) -> bool:
    """Whether the file is there and has exactly these bytes."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def publish(path: Path, content: bytes) -> None:
    """Replace the file in one step: a temporary file beside it, synced, then renamed over it.

    A link is replaced, not followed. UsageError with the system's reason when it cannot be done; the old file stays.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644 & ~_umask())
        os.replace(temporary, path)
    except BaseException as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        if not isinstance(error, OSError):
            raise
        message = f"cannot be written: {error.strerror or error}"
        raise UsageError(Problem(Location(str(path)), Level.ERROR, message, "file")) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
