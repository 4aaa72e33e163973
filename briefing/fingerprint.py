"""Content → fingerprints: of texts, of files, of this program. Nothing here looks at a clock or a file's times."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable

from briefing.stamp import program_folders

__all__ = ["fingerprint", "fingerprint_of_bytes", "fingerprint_of_file", "fingerprint_of_program", "short"]


def fingerprint(parts: Iterable[bytes | str]) -> str:
    """SHA-256 over the parts, each with its length in front, so that no two lists of parts are alike."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


def short(*parts: bytes | str) -> str:
    """Sixteen digits of it: enough to see that something changed, where nobody gains by forging it."""
    return fingerprint(parts)[:16]


def fingerprint_of_bytes(content: bytes) -> str:
    """What `fingerprint_of_file` is of a file with these bytes."""
    return hashlib.sha256(content).hexdigest()


def fingerprint_of_file(path: str) -> str:
    """SHA-256 of a file's bytes, `absent` where there is none."""
    try:
        # A pipe in the place of a file is opened at once, and is found to be none.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        return "absent"
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "absent"
        whole = hashlib.sha256()
        while piece := os.read(handle, 1 << 22):
            whole.update(piece)
        return whole.hexdigest()
    except OSError:
        return "absent"
    finally:
        os.close(handle)


def fingerprint_of_program() -> str:
    """Of all files of the package and the shipped house, the same in a checkout and in a wheel of it.

    In a checkout the version stays while the code changes.
    """
    package, house = program_folders()
    files = {f"house{path[len(house) :]}": path for path in _files(house)}
    # In a wheel the house and the documentation stand inside the package; it is the same program.
    apart = (house + os.sep, os.path.join(package, "docs") + os.sep)
    files |= {path[len(package) :]: path for path in _files(package) if not path.startswith(apart)}
    return fingerprint(
        part for name, path in sorted(files.items()) for part in (name, fingerprint_of_file(path))
    )


def _files(folder: str) -> list[str]:
    """All files below a folder, in order, without what Python makes of them."""
    found: list[str] = []
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        folders.append(entry.path)
                else:
                    found.append(entry.path)
    return sorted(found)
