"""The git history of a folder: what a revision names, and the files that stood there. Nothing is written or fetched.

Git is asked by commands that are meant for scripts, with lists of arguments; no name that a user types is ever taken
for an option.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import Level, Location, Problem, UsageError

__all__ = ["Commit", "History", "StoredFile", "is_range"]

# A commit is found in milliseconds; a history of 100,000 commits is searched in seconds.
_SECONDS = 60
_MOST_BYTES = 10_000_000
_FORMAT = "--format=%H%x00%cs%x00%s"
_FILES = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Commit:
    """`day` is that of the commit, as `2026-01-27`; `subject` the first line of its message."""

    hash: str
    day: str
    subject: str

    @property
    def short(self) -> str:
        return self.hash[:10]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a commit, by its path in the folder that was asked for; two with one `key` have the same bytes."""

    path: str
    key: str
    size: int


def is_range(text: str) -> bool:
    """Whether it names two revisions: `v1..v2`, `main...topic`."""
    return ".." in text


class History:
    """What git knows of the folder; UsageError, in words, where it knows nothing of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def commit(self, revision: str) -> Commit:
        """The commit that a revision names: a branch, a tag, `HEAD~1`, digits of its hash."""
        if revision.startswith("-") or ":" in revision:
            raise _problem(revision, 'no git revision begins with "-" or has a ":" in it')
        found = self._run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if found.returncode:
            raise _problem(revision, f"there is no such git revision here{self._how_to_get_more()}")
        (commit,) = self._log("-1", _text(found.stdout).strip())
        return commit

    def range(self, text: str) -> tuple[Commit, Commit]:
        """The two ends of `A..B`; of `A...B` the commit at which B left A, and B. A side that is left out is HEAD."""
        apart = "..." if "..." in text else ".."
        old, new = (self.commit(side or "HEAD") for side in text.split(apart, 1))
        if apart == "...":
            found = self._run("merge-base", old.hash, new.hash)
            if found.returncode:
                raise _problem(text, f"the two have no commit that both come from{self._how_to_get_more()}")
            old = self.commit(_text(found.stdout).split("\n")[0])
        return old, new

    def file(self, commit: Commit, name: str) -> bytes | None:
        """The bytes of a file of the folder, as it stood in a commit; None where none did."""
        stored = next((file for file in self.files(commit, name) if file.path == name), None)
        return self.contents([stored])[stored.key] if stored else None

    def files(self, commit: Commit, path: str) -> list[StoredFile]:
        """The file at a path of the folder, or the ordinary files below it, as they stood in a commit."""
        found = self._done("ls-tree", "-r", "-l", "-z", commit.hash, "--", path)
        return list(_stored(found))

    def contents(self, files: Sequence[StoredFile]) -> Mapping[str, bytes]:
        """The bytes of files, by their key."""
        for file in files:
            if file.size > _MOST_BYTES:
                raise _problem(file.path, f"has more than {_MOST_BYTES:,} bytes in git")
        keys = list(dict.fromkeys(file.key for file in files))
        answer = self._done("cat-file", "--batch", input="".join(f"{key}\n" for key in keys).encode())
        return dict(zip(keys, _blobs(answer), strict=True))

    def editions(self, paths: Sequence[str], most: int) -> list[Commit]:
        """The commits before HEAD in which one of the paths changed, those of merged branches too, newest first."""
        if self._run("rev-parse", "--verify", "--quiet", "HEAD").returncode:
            return []
        return self._log("--full-history", f"--max-count={most}", "HEAD", "--", *paths)

    # --- git --------------------------------------------------------------------------------------

    def _log(self, *arguments: str) -> list[Commit]:
        lines = _text(self._done("log", "--no-show-signature", "--encoding=UTF-8", _FORMAT, *arguments))
        return [Commit(*line.split("\0", 2)) for line in lines.splitlines() if line.count("\0") >= 2]

    def _how_to_get_more(self) -> str:
        """Builds in CI get the last commit alone, unless they ask for more."""
        shallow = _text(self._run("rev-parse", "--is-shallow-repository").stdout).strip() == "true"
        how = "git fetch --unshallow --tags, or in GitHub Actions fetch-depth: 0"
        return f"; this clone has only a part of the history: {how}" if shallow else ""

    def _done(self, *arguments: str, input: bytes = b"") -> bytes:
        done = self._run(*arguments, input=input)
        if done.returncode:
            raise _problem("git", f"git says: {_words(done.stderr)}")
        return done.stdout

    def _run(self, *arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        if not self.folder.is_dir():
            raise _problem(
                str(self.folder), f"there is no folder {self.folder} that could have a git history"
            )
        try:
            done = subprocess.run(
                ["git", "-C", str(self.folder), "--no-pager", *arguments],
                input=input,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                env={**os.environ, **_SURROUNDINGS},
            )
        except FileNotFoundError:
            raise _problem(
                "git", "git is not installed, and revisions are read with it; name files instead"
            ) from None
        except subprocess.TimeoutExpired:
            raise _problem("git", f"git took more than {_SECONDS} seconds and was stopped") from None
        except OSError as error:
            raise _problem("git", f"git cannot be run: {error.strerror or error}") from None
        if done.returncode == _NO_REPOSITORY and not done.stdout and done.stderr:
            raise _problem("git", f"git says: {_words(done.stderr)}")
        return done


_NO_REPOSITORY = 128
# Its messages are read here, its paths are names and no patterns, and it asks nobody for anything.
_SURROUNDINGS = {
    "LC_ALL": "C",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
}


def _stored(listing: bytes) -> Iterator[StoredFile]:
    for line in listing.split(b"\0"):
        about, tab, path = line.partition(b"\t")
        mode, *_, key, size = _text(about).split() if tab else ("", "", "")
        if mode in _FILES and size.isdigit():
            yield StoredFile(path.decode("utf-8", "surrogateescape"), key, int(size))


def _blobs(answer: bytes) -> Iterator[bytes]:
    """What `git cat-file --batch` says, one after the other: a line with the size, the bytes, a line feed."""
    begin = 0
    while begin < len(answer):
        end = answer.index(b"\n", begin)
        size = answer[begin:end].rsplit(b" ", 1)[1]
        if not size.isdigit():
            raise _problem("git", "git lacks a file of this history; fetch it whole, without a filter")
        yield answer[end + 1 : end + 1 + int(size)]
        begin = end + int(size) + 2


def _words(said: bytes) -> str:
    """The first line of what git complains of."""
    lines = _text(said).strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else "failed, and did not say why"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _problem(where: str, message: str) -> UsageError:
    return UsageError(Problem(Location(where), Level.ERROR, message, "git"))
