"""Messages → `.eml` files that open in a mail program as drafts, in a folder that holds those of the last dry run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from briefing.errors import Level, Location, Problem, UsageError
from briefing.files import Unusable, read_head
from briefing.mail.message import DRAFT
from briefing.mail.parcels import Parcel
from briefing.publish import publish

__all__ = ["clear_drafts", "write_drafts"]

_MARK = f"\r\n{DRAFT}: 1\r\n".encode()
_MOST_BYTES_OF_A_HEAD = 100_000


def write_drafts(folder: Path, parcels: Sequence[Parcel]) -> dict[str, str]:
    """Write the drafts; the path of each, by recipient. UsageError where they cannot be written."""
    files = {folder / f"{parcel.envelope.name}.eml": parcel.envelope for parcel in parcels}
    for (
        path,
        envelope,
    ) in files.items():  # one by one: each that is being written takes a handle of the system
        publish({path: envelope.content})
    return {
        stub.recipient: str(path)
        for path, parcel in zip(files, parcels, strict=True)
        for stub in parcel.stubs.values()
    }


def clear_drafts(folder: Path) -> None:
    """Remove the drafts of an earlier run: somebody might send one by hand that is out of date by now.

    Other files stay, drafts of a mail program among them. UsageError where the folder is a link to elsewhere.
    """
    for path in (folder.parent, folder):
        if path.is_symlink():
            message = "is a link, and drafts are written and removed there; make it a folder"
            raise UsageError(Problem(Location(str(path)), Level.ERROR, message, "file"))
    for path in sorted(folder.glob("*.eml")):
        if not path.is_symlink() and path.is_file() and _is_draft(path):
            path.unlink()


def _is_draft(path: Path) -> bool:
    try:
        head, _, _ = read_head(path, _MOST_BYTES_OF_A_HEAD).partition(b"\r\n\r\n")
    except Unusable:
        return False
    return _MARK in head + b"\r\n"
