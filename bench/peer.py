"""The same briefs in Typst; started as a program, where its wheel is installed: `python peer.py FOLDER FONTS`."""

# mypy: ignore-errors
# The wheel is no dependency of the project, so it may be missing.

from __future__ import annotations

import sys
from pathlib import Path

import typst


def main(folder: Path, fonts: str) -> None:
    (folder / "out").mkdir(exist_ok=True)
    for document in sorted(folder.glob("*.typ")):
        pdf = folder / "out" / f"{document.stem}.pdf"
        typst.compile(str(document), output=pdf, font_paths=[fonts], ignore_system_fonts=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
