"""The name of an npm package → the folder it is installed in; tests that need it skip, with the reason, elsewhere."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

__all__ = ["NODE", "missing", "node_module"]

NODE = Path(__file__).parent / "node"


def node_module(name: str) -> Path:
    """The folder of an installed package, `node_module("yaml-language-server")`; `node` itself is there, too.

    Where something is missing the test is skipped; with `CI=true` it fails, so that no CI run passes
    by skipping.
    """
    if shutil.which("node") is None:
        missing("node is not on the PATH")
    folder = NODE / "node_modules" / name
    if not (folder / "package.json").is_file():
        missing(f"{name} is not installed; `npm ci --prefix tests/node` installs it")
    return folder


def missing(reason: str) -> NoReturn:
    """Skips the test, with the reason; with `CI=true` fails it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
