"""A folder for what processes have in hand. It goes with the build; of one that is killed, with the next one."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from briefing.publish import locked

__all__ = ["Scraps"]

_PREFIX = "briefing-scraps-"
_DIGITS = 16
# Nobody else's folder is called so.
_IS_OURS = re.compile(rf"{_PREFIX}[0-9a-f]{{{_DIGITS}}}")
_ATTEMPTS = 3
# A folder for temporary files may hold a great many; what is behind these is for another build.
_MOST_LOOKED_AT = 20_000
_MOST_SWEPT = 100
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Scraps:
    """A new folder where temporary files go, this process's alone: locked while it lives, however it ends.

    Those of processes that are gone are removed first.
    """

    def __init__(self) -> None:
        above = Path(tempfile.gettempdir())
        _sweep(above)
        self.path, self._handle = _made(above)

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        if self._handle is not None:
            os.close(self._handle)


def _made(above: Path) -> tuple[Path, int | None]:
    """A folder and what holds its lock; another build may sweep it in the moment before it is locked."""
    for _ in range(_ATTEMPTS):
        path = above / f"{_PREFIX}{secrets.token_hex(_DIGITS // 2)}"
        path.mkdir(mode=0o700)
        try:
            handle = os.open(path, _FOLDER)
        except OSError:  # swept already; or Windows, which opens no folder, and where nothing is swept
            if path.exists():
                return path, None
            continue
        locked(handle)
        if path.exists():
            return path, handle
        os.close(handle)
    raise FileNotFoundError(f"another build removes what this one makes in {above}")


def _sweep(above: Path) -> None:
    for path in islice(_gone(above), _MOST_SWEPT):
        shutil.rmtree(path, ignore_errors=True)


def _gone(above: Path) -> Iterator[Path]:
    """The folders of this user whose process has ended, each locked while it is looked at."""
    with contextlib.suppress(OSError), os.scandir(above) as entries:
        for entry in islice(entries, _MOST_LOOKED_AT):
            if not _IS_OURS.fullmatch(entry.name):
                continue
            with contextlib.suppress(OSError):
                handle = os.open(entry.path, _FOLDER)
                try:
                    found = os.fstat(handle)
                    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and locked(handle):
                        yield Path(entry.path)
                finally:
                    os.close(handle)
