"""Where the house stands: the frame, style, fonts and generic audiences that are shipped with the tool."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped_house"]


def shipped_house() -> Path:
    """The shipped `house/` folder: inside the package when it was installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "house"
    return inside if inside.is_dir() else package.parent / "templates" / "house"
