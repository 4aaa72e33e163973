"""Messages between a build and its workers: a value → bytes with their length in front, and back."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

__all__ = ["Inbox", "packed"]

# Only what the same program wrote into a pipe of its own is ever unpickled.
_HEAD = 4


def packed(value: object) -> bytes:
    """The value, ready for a pipe."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_HEAD, "big") + data


class Inbox:
    """Bytes as they come in; values as soon as they are whole."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def taken(self, data: bytes) -> Iterator[Any]:
        """The values that these bytes complete."""
        self._bytes += data
        while len(self._bytes) >= _HEAD:
            end = _HEAD + int.from_bytes(self._bytes[:_HEAD], "big")
            if len(self._bytes) < end:
                return
            value = pickle.loads(self._bytes[_HEAD:end])
            del self._bytes[:end]
            yield value
