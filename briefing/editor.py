"""A place in a file → the user's editor, there."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from briefing.errors import Level, Location, Problem, UsageError

__all__ = ["open_editor"]

# Those that take the line in front of the file, as `vi +12 file` does.
_TAKE_A_LINE = frozenset("vi vim nvim view nano pico emacs emacsclient micro joe jed kak ne mcedit".split())


def open_editor(place: Location) -> None:
    """Open the file in $VISUAL, $EDITOR or vi, and wait. UsageError where there is no such program or no such file."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    if not Path(place.path).is_file():
        message = "comes with briefing; copy it into templates/ to change it"
        raise UsageError(Problem(place, Level.ERROR, message, "file"))
    line = [f"+{place.line}"] if Path(command[0]).name in _TAKE_A_LINE else []
    try:
        subprocess.run([*command, *line, place.path], check=False)
    except OSError as error:
        message = f"{command[0]} cannot be run: {error.strerror}; set EDITOR to your editor"
        raise UsageError(Problem(place, Level.ERROR, message, "usage")) from None
