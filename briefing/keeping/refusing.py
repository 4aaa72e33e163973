"""Why nothing was kept → the error that says so."""

from __future__ import annotations

from briefing.errors import Level, Location, Problem, UsageError

__all__ = ["refused"]


def refused(message: str) -> UsageError:
    return UsageError(Problem(Location("command line"), Level.ERROR, message, "keep-refused"))
