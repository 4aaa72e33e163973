"""Bytes → files, whole or not at all, and those that belong together together."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from briefing.errors import Level, Location, Problem, UsageError
from briefing.files import Unusable, is_within, read_head

__all__ = [
    "holds",
    "keep_apart",
    "keep_inside",
    "locked",
    "publish",
    "publish_new",
    "publish_unless_changed",
    "sweep",
]

_UNFINISHED = ".part"
_DIGITS = 16
# Nobody else's file is called so, and no such file is swept that somebody keeps.
_IS_UNFINISHED = re.compile(rf"\..+\.[0-9a-f]{{{_DIGITS}}}{re.escape(_UNFINISHED)}")
_ATTEMPTS = 3
_MAY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def holds(path: Path, content: bytes) -> bool:
    """Whether the file is there and has exactly these bytes."""
    try:
        return path.stat().st_size == len(content) and read_head(path, len(content) + 1) == content
    except (OSError, Unusable):
        return False


_NOT_FOR_DOCUMENTS = {
    ".briefing": "what builds remember",
    ".git": "the files of git",
    "archive": "the kept texts of sources",
    "templates": "the templates",
}


def keep_apart(out: Path, project: Path) -> None:
    """UsageError where documents would go among files of the project's own: taken for these, or lost with them."""
    asked, own = Path(os.path.realpath(out)), Path(os.path.realpath(project))
    within = asked.relative_to(own).parts[:1] if asked.is_relative_to(own) else ()
    within += (".git",) if ".git" in asked.parts else ()
    for name in within:
        if held := _NOT_FOR_DOCUMENTS.get(name.casefold()):
            message = (
                f"--out {out}: {name} is for {held}, and documents there would be taken for these or lost with them;"
                " name a folder of their own, such as out"
            )
            raise UsageError(Problem(Location("command line"), Level.ERROR, message, "usage"))


def keep_inside(folders: Iterable[Path], project: Path) -> None:
    """UsageError where a folder whose name lies in the project is led out of it by a link.

    The link may come from a stranger, in a pull request, and what is replaced and removed there would be somebody's.
    """
    for folder in folders:
        try:
            named = Path(os.path.abspath(folder)).is_relative_to(os.path.abspath(project))
            leads_out = named and not is_within(folder, project)
        except Unusable as error:
            raise UsageError(Problem(Location(str(folder)), Level.ERROR, str(error), "file")) from None
        except OSError:  # a folder that cannot be entered; whoever writes there is told
            continue
        if leads_out:
            message = (
                "is a link to a folder outside the project; put a folder here, or name that one with --out"
            )
            raise UsageError(Problem(Location(str(folder)), Level.ERROR, message, "file"))


def publish(files: Mapping[Path, bytes]) -> None:
    """Replace each file in one step: temporary files beside them, all written and synced, then renamed over them.

    So the formats of a brief change together, or none does, even when the disk is full. A link is replaced, not
    followed. UsageError with the system's reason when it cannot be done; the old files stay.
    """
    with contextlib.ExitStack() as unfinished:
        written = [(unfinished.enter_context(_written(path, files[path])), path) for path in files]
        for temporary, path in written:
            with _told(path):
                os.replace(temporary, path)


def publish_unless_changed(read: Path, content: bytes, files: Mapping[Path, bytes]) -> None:
    """Publish what was made from a file that people save as they like, unless it has other bytes by now.

    Where `read` itself is among the files and is a link, it stays one. UsageError where nothing was written.
    """
    files = {path.resolve() if path == read else path: data for path, data in files.items()}
    with _alone(read) as alone:
        if not alone or not holds(read, content):
            message = "was changed while this was at work, and nothing was written; run the same again"
            raise UsageError(Problem(Location(str(read)), Level.ERROR, message, "file"))
        if read.resolve() in files and not read.stat().st_mode & _MAY_WRITE:
            message = "may not be written, and nothing was; give yourself the right to, as with chmod u+w"
            raise UsageError(Problem(Location(str(read)), Level.ERROR, message, "file"))
        for folder in dict.fromkeys(path.parent for path in files):
            sweep(folder)
        publish(files)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether no other process is about to replace the file; none begins to meanwhile, where the system has locks."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:  # it is gone
        yield False
        return
    try:
        yield not _is_others(handle)
    finally:
        os.close(handle)


def publish_new(files: Mapping[Path, bytes], within: Path) -> None:
    """Write files that are not there yet, below a folder: all of them, or none. UsageError that names all in the way.

    What came there a moment ago is not overwritten either: a link to a file is made only where nothing has its name.
    """
    problems = [problem for path in files for problem in _in_the_way(path, within)]
    if problems:
        raise UsageError(problems)
    folders = [above for path in files for above in path.parents if not above.exists()]
    placed: list[Path] = []
    try:
        with contextlib.ExitStack() as unfinished:
            written = [(unfinished.enter_context(_written(path, files[path])), path) for path in files]
            for temporary, path in written:
                with _told(path):
                    _linked(temporary, path)
                placed.append(path)
    except BaseException:
        for path in placed:
            with contextlib.suppress(OSError):
                path.unlink()
        for folder in sorted(set(folders), key=lambda one: -len(one.parts)):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _in_the_way(path: Path, within: Path) -> Iterator[Problem]:
    """What stands where the file would, or where a folder above it would."""
    for above in reversed(path.parents):
        if above == within or within in above.parents:
            below = above != within
            if os.path.lexists(above) and (not above.is_dir() or (below and above.is_symlink())):
                message = "is a link" if above.is_symlink() else "is no folder"
                yield Problem(Location(str(above)), Level.ERROR, f"{message}; nothing was written", "file")
                return
    if os.path.lexists(path):
        message = "is there already, and stays as it is; nothing was written"
        yield Problem(Location(str(path)), Level.ERROR, message, "file")


def _linked(temporary: Path, path: Path) -> None:
    """Give a file its name, where nothing has it."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without such links
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        os.replace(temporary, path)


@contextlib.contextmanager
def _written(path: Path, content: bytes) -> Iterator[Path]:
    """The content in a temporary file, which is this process's alone until it ends, and is gone then."""
    with _told(path):
        if not path.is_symlink():  # before anything is replaced
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            if path.is_char_device() or path.is_block_device():  # root would put a file in its place
                raise OSError(errno.EINVAL, "is a device")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary, handle = _opened(path)
    try:
        with _told(path), os.fdopen(handle, "wb", closefd=False) as file:
            _as_private(path, handle)
            file.write(content)
            file.flush()
            os.fsync(handle)
        yield temporary
    finally:
        os.close(handle)
        if os.path.exists(temporary):  # not renamed
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _as_private(path: Path, handle: int) -> None:
    """Let those read and write the new file who may the one in whose place it comes."""
    with contextlib.suppress(OSError, AttributeError):  # there is none; a system without
        if not path.is_symlink():
            os.fchmod(handle, stat.S_IMODE(path.stat().st_mode) & 0o777)


def _opened(path: Path) -> tuple[Path, int]:
    """A new file beside the path, locked; another build may sweep it in the moment before it is."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    for _ in range(_ATTEMPTS):
        temporary = path.parent / f".{path.name}.{secrets.token_hex(_DIGITS // 2)}{_UNFINISHED}"
        handle = os.open(temporary, flags, 0o666)
        locked(handle)
        if os.path.exists(temporary):
            return temporary, handle
        os.close(handle)
    raise FileNotFoundError(errno.ENOENT, "another build removes what this one writes")


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in a problem what the system has against the file."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        if isinstance(error, FileExistsError | NotADirectoryError):  # said of a folder that is to be made
            why = next((f"{one} is no folder" for one in path.parents if _is_no_folder(one)), why)
        message = f"cannot be written: {why}"
        raise UsageError(Problem(Location(str(path)), Level.ERROR, message, "file")) from None


def _is_no_folder(path: Path) -> bool:
    return os.path.lexists(path) and not os.path.isdir(path)


def sweep(folder: Path) -> None:
    """Remove what builds left unfinished that were killed. What another build is at work on is locked, and stays."""
    for path in _unfinished(folder):
        with contextlib.suppress(OSError):
            flags = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            handle = os.open(path, flags)  # at once, even where a pipe has such a name
            try:
                if locked(handle):
                    os.unlink(path)
            finally:
                os.close(handle)


def _unfinished(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if _IS_UNFINISHED.fullmatch(path.name):
                yield path


def locked(handle: int) -> bool:
    """Whether the file or folder is this process's alone now. The system lets go of it when the process ends."""
    try:
        _lock(handle)
    except (ImportError, OSError):  # a system or a file system without locks
        return False
    return True


def _is_others(handle: int) -> bool:
    """Whether another process has locked it; else it is this one's, where there are locks."""
    try:
        _lock(handle)
    except BlockingIOError:
        return True
    except (ImportError, OSError):
        return False
    return False


def _lock(handle: int) -> None:
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
