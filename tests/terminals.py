"""Whether the system gives pseudo-terminals: a machine within a machine may have none."""

from __future__ import annotations

import os
import pty

import pytest

__all__ = ["needs_terminals"]


def _has_terminals() -> bool:
    try:
        ends = pty.openpty()
    except OSError:
        return False
    for end in ends:
        os.close(end)
    return True


needs_terminals = pytest.mark.skipif(
    not _has_terminals(), reason="the system gives no pseudo-terminal (/dev/pts)"
)
