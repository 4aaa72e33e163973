"""What a build reads from → what of it changed since it was last looked at, by content; waiting until something has.

The system's word that a file changed only wakes it up; what has changed it sees for itself. So nothing is built for a
file that was touched, or for what a build writes, and nothing is missed where the system does not tell (a network
drive, a folder that was away for a while).
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from briefing.errors import Level, Location, PackageMissing, Problem
from briefing.fingerprint import fingerprint_of_file
from briefing.stamp import Watched

__all__ = ["Sight", "Waiting", "Watch", "changed", "folders_of", "look", "waiting"]

# As many as a large office has templates and kept texts, and a folder named by mistake does not have.
_MOST_FILES = 20_000
# A file that is larger is looked at by its size and times.
_MOST_BYTES = 1 << 26
# Clocks of file systems tick slowly: a file that changed just now may change again and look the same.
_SECONDS_TO_SETTLE = 2.0
# An editor writes a file in several steps, within a tenth of a second; a checkout of a branch takes longer.
_STEP_MILLISECONDS = 50
_SECONDS_OF_A_STEP = 0.1
_MOST_STEPS = 15
_SECONDS_BETWEEN_LOOKS = 1.0
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file: what the system says of it, its fingerprint, and whether the first says that the second still holds."""

    identity: tuple[int, ...]
    content: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """The files that there are, by path, as they were at one moment."""

    files: Mapping[str, _Seen] = field(default_factory=dict)

    @property
    def contents(self) -> dict[str, str]:
        return {path: seen.content for path, seen in self.files.items()}


def look(watched: Sequence[Watched], before: Sight, without: Collection[str] = ()) -> Sight:
    """The files that a build reads, but those `without` (which it writes itself). Never raises for what is there.

    A file is read only where the system does not vouch for it that it is the same as `before`.
    """
    paths = (path for how, name in watched for path in _paths(how, name))
    found: dict[str, _Seen] = {}
    for path in paths:
        if os.path.normpath(path) not in without:
            seen = _seen(path, before.files.get(path))
            if seen:
                found[path] = seen
        if len(found) >= _MOST_FILES:
            break
    return Sight(found)


def changed(before: Sight, now: Sight) -> str:
    """`facts.yaml changed; templates/memo.md.j2 is gone`, the first few; nothing where all is the same."""
    was, is_ = before.contents, now.contents
    told = [
        *(f"{path} changed" for path in is_ if path in was and was[path] != is_[path]),
        *(f"{path} is new" for path in is_ if path not in was),
        *(f"{path} is gone" for path in was if path not in is_),
    ]
    more = len(told) - _MOST_NAMED
    return "; ".join(told[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")


def folders_of(watched: Sequence[Watched]) -> tuple[str, ...]:
    """The folders that there are in which a change would be one of these files, each to be heard by itself."""
    found: dict[str, None] = {}
    for how, path in watched:
        if how == "tree":
            found |= dict.fromkeys(folder for folder, _ in _walk(path))
        elif how == "texts" and os.path.isdir(path):
            found[path] = None
        parent = os.path.dirname(path) or "."
        if os.path.isdir(parent):
            found[parent] = None
    return tuple(found)


def _paths(how: str, path: str) -> Iterator[str]:
    if how == "file":
        yield path
    elif how == "tree":
        yield from (name for _, names in _walk(path) for name in names)
    else:
        yield from (
            name for _, names in _walk(path, deep=False) for name in names if name.casefold().endswith(".txt")
        )


def _walk(folder: str, *, deep: bool = True) -> Iterator[tuple[str, list[str]]]:
    """Each folder with its files, in order; a link to a folder is not followed, since it may lead in a circle."""
    folders = [folder]
    left = _MOST_FILES
    while folders and left > 0:
        here = folders.pop()
        try:
            with os.scandir(here) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
                below = [entry.path for entry in found if entry.is_dir(follow_symlinks=False)]
                names = [entry.path for entry in found if not entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        left -= len(found) + 1
        yield here, names
        if deep:
            folders += reversed(below)


def _seen(path: str, before: _Seen | None) -> _Seen | None:
    try:
        found = os.stat(path)
    except OSError:
        # A link that leads nowhere is there, and is told of.
        return _Seen((), "a link", settled=False) if os.path.islink(path) else None
    if stat.S_ISDIR(found.st_mode):
        return _Seen((), "a folder", settled=False)
    identity = (
        found.st_dev,
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
        found.st_mode,
    )
    settled = time.time() - max(found.st_mtime, found.st_ctime) > _SECONDS_TO_SETTLE
    if before and before.settled and before.identity == identity:
        return before
    if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
        return _Seen(identity, repr(identity), settled)
    return _Seen(identity, fingerprint_of_file(path), settled)


class Watch:
    """The files that a build reads, as `watched` says each time, with what its own outputs are left out of."""

    def __init__(
        self,
        watched: Callable[[], Sequence[Watched]],
        wait: Waiting,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._watched = watched
        self._wait = wait
        self._pause = pause
        self._own: set[str] = set()

    def leave_out(self, paths: Iterable[str]) -> None:
        """Files that the build writes itself, wherever they stand."""
        self._own.update(map(os.path.normpath, paths))

    def rounds(self) -> Iterator[str]:
        """Why to build, each time that there is a reason: what has changed; at first nothing, as nobody knows."""
        sight = self._look(Sight())
        yield ""
        while True:
            before, sight = sight, self._settled(sight)
            why = changed(before, sight)
            if why:
                yield why
            else:
                self._wait(folders_of(self._watched()))

    def _look(self, before: Sight) -> Sight:
        return look(self._watched(), before, self._own)

    def _settled(self, before: Sight) -> Sight:
        """The files as they are once whoever writes them has done so: two looks, a step apart, see the same."""
        now = self._look(before)
        for _ in range(_MOST_STEPS):
            if now.contents == before.contents:
                break
            self._pause(_SECONDS_OF_A_STEP)
            last, now = now, self._look(now)
            if last.contents == now.contents:
                break
        return now


# --- waiting ------------------------------------------------------------------------------------------

Waiting = Callable[[Sequence[str]], None]
"""Comes back when something may have changed in one of these folders, or after a moment."""


@contextlib.contextmanager
def waiting(told: Callable[[Sequence[str]], Iterator[object]] | None = None) -> Iterator[Waiting]:
    """What waits, by the watchfiles package. PackageMissing where that is not installed.

    `told` gives the folders' changes as they come, in the place of that package.
    """
    hears = _Ears(told or _watchfiles())
    try:
        yield hears.wait
    finally:
        hears.close()


class _Ears:
    def __init__(self, told: Callable[[Sequence[str]], Iterator[object]]) -> None:
        self._told = told
        self._changes: Iterator[object] | None = None
        self._folders: Sequence[str] = ()

    def wait(self, folders: Sequence[str]) -> None:
        if folders != self._folders:
            self.close()
            self._folders = folders
        try:
            if self._changes is None:
                self._changes = self._told(folders)
            next(self._changes)
        except (OSError, StopIteration, RuntimeError):
            # A folder went away meanwhile, or the system hears no more of them: then it is looked at now and then.
            self.close()
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def close(self) -> None:
        close = getattr(self._changes, "close", None)
        self._changes = None
        if close:
            close()


def _watchfiles() -> Callable[[Sequence[str]], Iterator[object]]:
    try:
        from watchfiles import watch  # an extra
    except ImportError:
        message = "--watch needs a Python package that is missing; run: pip install 'watchfiles>=1.1,<2'"
        problem = Problem(Location("command line"), Level.ERROR, message, "system-watch")
        raise PackageMissing(problem) from None

    def told(folders: Sequence[str]) -> Iterator[object]:
        return watch(
            *folders,
            watch_filter=None,
            recursive=False,  # the folder of the facts may hold anything, and every folder costs the system something
            step=_STEP_MILLISECONDS,
            rust_timeout=int(_SECONDS_BETWEEN_LOOKS * 1_000),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )

    return told
