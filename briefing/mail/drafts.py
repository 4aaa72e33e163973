"""Messages → `.eml` files that open in a mail program as drafts, in a folder that holds those of the last dry run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from briefing.mail.parcels import Parcel
from briefing.publish import publish

__all__ = ["clear_drafts", "write_drafts"]

_MARK = b"\r\nX-Unsent: 1\r\n"
_MOST_BYTES_OF_A_HEAD = 100_000


def write_drafts(folder: Path, parcels: Sequence[Parcel]) -> dict[str, str]:
    """Write the drafts; the path of each, by recipient. UsageError where they cannot be written."""
    files = {folder / f"{parcel.envelope.name}.eml": parcel.envelope.content for parcel in parcels}
    publish(files)
    return {
        stub.recipient: str(path)
        for path, parcel in zip(files, parcels, strict=True)
        for stub in parcel.stubs.values()
    }


def clear_drafts(folder: Path) -> None:
    """Remove the drafts of an earlier run: somebody might send one by hand that is out of date by now."""
    for path in sorted(folder.glob("*.eml")):
        if not path.is_symlink() and path.is_file() and _MARK in path.read_bytes()[:_MOST_BYTES_OF_A_HEAD]:
            path.unlink()
