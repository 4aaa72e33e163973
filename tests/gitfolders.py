"""Git in a folder of a test, as on a machine on which nobody has configured it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

__all__ = ["git", "needs_git"]

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on the PATH")


def git(folder: Path, *arguments: str) -> str:
    surroundings = {
        **os.environ,
        **dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"), os.devnull),
        **{
            f"GIT_{who}_{what}": "x@y.example"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
        **{f"GIT_{who}_DATE": "2026-02-03T12:00:00Z" for who in ("AUTHOR", "COMMITTER")},
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=surroundings, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()
