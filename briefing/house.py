"""Where what the tool brings stands: frame, style, fonts, generic audiences, the files of a new project."""

from __future__ import annotations

from pathlib import Path

__all__ = ["documents", "shipped_house", "starter_kit"]


def shipped_house() -> Path:
    """The shipped `house/` folder: inside the package when it was installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "house"
    return inside if inside.is_dir() else package.parent / "templates" / "house"


def documents() -> Path:
    """The pages of the documentation: inside the package when that came from a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "docs"
    return inside if inside.is_dir() else package.parent / "docs"


def starter_kit() -> Path:
    """The shipped `starter/` folder: the files of a new project."""
    return Path(__file__).parent / "starter"
