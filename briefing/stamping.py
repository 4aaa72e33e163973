"""A build that was done → its stamp: written only when what is sealed is what was built."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from briefing import libraries, stamp
from briefing.errors import BriefingError
from briefing.fingerprint import fingerprint_of_file
from briefing.publish import publish, sweep
from briefing.stamp import Watched

__all__ = ["Stamping"]

# One for each command line and folder that it is called in; a desk has a handful.
_MOST_KEPT = 20


class Stamping:
    """Begin it before the project is read.

    `read_from` is all that the build will read beside the program and what is installed in Python; `draws` says
    whether it wants PDFs, which the system's libraries draw.
    """

    def __init__(
        self, arguments: Sequence[str], facts: str, read_from: Sequence[Watched], *, draws: bool
    ) -> None:
        self._path: Path | None = None
        with contextlib.suppress(OSError, ValueError, IndexError):
            # Here, where the command line was read in full: a stamp that nobody writes, nobody believes.
            again = all(stamp.can_be_read_again(path) for _, path in read_from)
            if again and stamp.facts_named(list(arguments)) == facts:
                program = [("program", folder) for folder in stamp.program_folders()]
                installed = [("distributions", folder or ".") for folder in sys.path]
                system = [("system", path) for path in libraries.files_of_pdf()] if draws else []
                self._inputs = [*program, *installed, *system, *read_from]
                self._before = stamp.seal(self._inputs)
                self._path = Path(stamp.stamps_folder(facts), stamp.key(list(arguments)))

    def keep(self, files: Mapping[str, str], said: tuple[str, str]) -> None:
        """Write the stamp of a build that ended well, unless something changed meanwhile.

        `files` are those that it left, with the fingerprints of the bytes that it knows of; `said` is what the next
        one says on standard error and standard output, when it has nothing to do.
        """
        # Without its stamp a build costs time, and nothing else.
        with contextlib.suppress(OSError, ValueError, BriefingError):
            if self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                _drop_old(self._path.parent)
                results = _results(files)
                sealed = stamp.seal(results)
                # In this order: what changes after its seal was taken is found by the next build.
                as_built = all(fingerprint_of_file(path) == content for path, content in files.items())
                if as_built and stamp.seal(self._inputs) == self._before:
                    inputs = (self._before, self._inputs)
                    publish({self._path: stamp.written(self._path.name, inputs, (sealed, results), said)})


def _results(files: Mapping[str, str]) -> list[Watched]:
    """The files and, of each folder, the names: a build removes what a killed one left unfinished there."""
    folders = dict.fromkeys(os.path.dirname(path) or "." for path in files)
    return [*(("file", path) for path in files), *(("names", folder) for folder in folders)]


def _drop_old(folder: Path) -> None:
    sweep(folder)
    found = sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name))
    for path in found[: 1 - _MOST_KEPT]:
        path.unlink(missing_ok=True)
