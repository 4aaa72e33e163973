"""The files that a build makes: where they stand, what is known of them, whether they hold, putting new ones there."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from briefing import libraries
from briefing.errors import Level, Location, Problem
from briefing.files import Unusable, read_head
from briefing.fingerprint import fingerprint_of_bytes, fingerprint_of_file
from briefing.ingredients import reason
from briefing.manifest import Made, Manifest
from briefing.outcome import CURRENT, Wish
from briefing.publish import holds, keep_apart, keep_inside, publish, sweep

__all__ = ["Shelf"]

# A build that is killed after an hour has not typeset for nothing.
_SECONDS_BETWEEN_SAVES = 5


class Shelf:
    """The output folder of one build. A file's name is that of its brief: `neutral-summary`, `memo/ann-lee`."""

    def __init__(self, folder: Path, wish: Wish) -> None:
        own = folder / ".briefing"
        mailing = [wish.out / name for name in wish.audiences] if wish.recipients else []
        keep_inside((own, own / "stamps", wish.out, *mailing), folder)
        keep_apart(wish.out, folder)
        self.folder = folder
        self.wish = wish
        self.manifest = Manifest(own / "manifest.json")
        self.saved = time.monotonic()
        self.forgotten = ""

    def path(self, name: str, format: str) -> Path:
        return self.wish.out / f"{name}.{format}"

    def entry(self, name: str, format: str) -> str:
        """The name of a file in the manifest: its path from the facts file, whatever folder the build is called in."""
        return self._entry(self.path(name, format))

    def _entry(self, path: Path) -> str:
        return os.path.relpath(path, self.folder).replace(os.sep, "/")

    def known(self, name: str, format: str) -> Made | None:
        """What the manifest says of a file, if the file still is what it says."""
        made = None if self.wish.force else self._right(name, format)
        return made if made and all(self._right(name, other) for other in made.beside) else None

    def _right(self, name: str, format: str) -> Made | None:
        made = self.manifest.files.get(self.entry(name, format))
        return made if made and fingerprint_of_file(str(self.path(name, format))) == made.content else None

    def beside(self, name: str, made: Made) -> dict[str, Made]:
        """What the manifest says of the files that belong to one that is known."""
        return {other: self.manifest.files[self.entry(name, other)] for other in made.beside}

    def put(
        self, name: str, made: Mapping[str, Made], contents: Mapping[str, bytes]
    ) -> dict[str, tuple[str, str]]:
        """Have the formats of a brief on the shelf; of each the status and why.

        Where one has no content, what stands there is right. UsageError when they cannot be written; then none is.
        When only checking, nothing is written.
        """
        found = {
            format: self._standing(name, format, each, contents.get(format)) for format, each in made.items()
        }
        stale = [format for format, (status, _) in found.items() if status == "written"]
        publish({self.path(name, format): contents[format] for format in stale})
        self._clear(name, made)
        for format, (status, _) in found.items():
            if status != "stale":
                content = contents.get(format)
                known = made[format]
                if content is not None:
                    known = replace(known, content=fingerprint_of_bytes(content))
                self.manifest.files[self.entry(name, format)] = known
        return found

    def _clear(self, name: str, made: Mapping[str, Made]) -> None:
        """Remove pictures that were built and belong to nothing any more, unless somebody changed them."""
        former = [self.manifest.files.get(self.entry(name, format)) for format in made]
        for other in {ending for one in former if one for ending in one.beside} - set(made):
            if not self.wish.check and self._right(name, other):
                self.path(name, other).unlink(missing_ok=True)

    def _standing(self, name: str, format: str, made: Made, content: bytes | None) -> tuple[str, str]:
        """What becomes of a file, and why."""
        if content is None:
            other = libraries.differences(made.libraries, libraries.of_pdf()) if format == "pdf" else []
            return "current", CURRENT + (f"; made with {', '.join(other)}" if other else "")
        if holds(self.path(name, format), content):
            return "current", CURRENT
        return ("stale" if self.wish.check else "written"), self.why(name, format, made)

    def why(self, name: str, format: str, made: Made) -> str:
        """Why a file is not what it should be."""
        path = self.path(name, format)
        before = self.manifest.files.get(self.entry(name, format))
        try:
            read_head(path, 1)
        except FileNotFoundError:
            return "is missing" if before or self.wish.check else "new"
        except Unusable as error:
            return str(error)
        if before is None:
            return "would change" if self.wish.check else "content changed"
        if fingerprint_of_file(str(path)) != before.content:
            return "was changed by hand"
        others = libraries.differences(before.libraries, made.libraries)
        return reason(before.ingredients, made.ingredients, others) or "content changed"

    def held(self, paths: Iterable[Path]) -> dict[str, str]:
        """The files, and the manifest, each with the fingerprint of the bytes that it is known to have."""
        files = self.manifest.files
        entries = {str(path): files.get(self._entry(path)) for path in paths}
        known = {path: made.content if made else "" for path, made in entries.items()}
        return {**known, str(self.manifest.path): self.manifest.content}

    def strays(self, names: set[str], within: str = "") -> Iterator[tuple[str, str, Path]]:
        """Name, format and path of files that look like briefs and are none of these: somebody might send them."""
        folder = self.wish.out / within
        for format in self.wish.formats:
            for path in sorted(folder.glob(f"*.{format}")):
                # "~$" begins what Word keeps beside a document that is open.
                if path.stem not in names and not path.name.startswith((".", "~$")):
                    yield path.stem, format, path

    def stray_pictures(self, made: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str, Path]]:
        """Pictures beside briefs of these names that no longer have them; `made` has the endings of those they have."""
        for name, endings in made.items():
            path = self.path(name, "md")
            for picture in sorted(path.parent.glob(f"{path.stem}.figure-*.svg")):
                if picture.name.removeprefix(f"{path.stem}.") not in endings:
                    yield name, "svg", picture

    # --- leaving it in order ----------------------------------------------------------------------

    def sweep(self, *within: str) -> None:
        """Remove what builds that were killed left unfinished, also in these folders of mailings."""
        if not self.wish.check:
            for folder in (self.wish.out, *map(self.wish.out.joinpath, within), self.manifest.path.parent):
                sweep(folder)

    def save(self) -> None:
        """Keep what is known of the files that are there, for the next build."""
        if not self.wish.check:
            files = self.manifest.files
            self.manifest.files = {name: made for name, made in files.items() if self._is_there(name)}
            self.forgotten = self.manifest.save()
            self.saved = time.monotonic()

    def _is_there(self, entry: str) -> bool:
        """The way back from `_entry`: by names alone, since `link/..` is not the folder that the link stands in."""
        return os.path.isfile(os.path.abspath(self.folder / entry))

    def problems(self) -> list[Problem]:
        """Why the next build will not know what this one made."""
        if not self.forgotten:
            return []
        message = f"{self.forgotten}; so the next build does not know what this one made, and makes all anew"
        return [Problem(Location(str(self.manifest.path)), Level.WARNING, message, "system-memory")]

    def save_now_and_then(self) -> None:
        if time.monotonic() - self.saved > _SECONDS_BETWEEN_SAVES:
            self.save()
