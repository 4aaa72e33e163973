"""A PDF that is read → what in it other programs may read in another way than pypdf did.

Of a key that stands twice, pypdf takes the first and most viewers the last; of a part that is listed twice, too. What
else is against the rules it mends as it sees fit, and says so to its log, and others mend it otherwise. So all that it
says there is a reason for doubt.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["doubts", "doubts_of", "reader_of"]

_MOST = 20
_TWICE = "Multiple definitions"
_LISTED_TWICE = "a part is listed twice"
# In a table of parts: where a run of them begins, and how many they are; or a part, which has a letter behind it.
_RUN = re.compile(rb"(\d+)\s+(\d+)\s+([nf]?)")
_BLANK = b"\0\t\n\f\r "


@contextmanager
def doubts() -> Iterator[dict[str, None]]:
    """What pypdf says while it reads. It reads each part when it is asked for, so whoever asks must be within this."""
    said: dict[str, None] = {}
    log = logging.getLogger("pypdf")
    listener = _Listener(said)
    log.addHandler(listener)
    try:
        yield said
    finally:
        log.removeHandler(listener)


class _Listener(logging.Handler):
    def __init__(self, said: dict[str, None]) -> None:
        super().__init__(logging.WARNING)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.said) >= _MOST:
            return
        key = str(record.args.get("key", "")) if isinstance(record.args, dict) else ""
        twice = str(record.msg).startswith(_TWICE)
        self.said[f"{key.lstrip('/')} stands twice in one part" if twice else record.getMessage()] = None


def reader_of(data: bytes, said: dict[str, None]) -> PdfReader:
    """One that looks at the lists of parts, too, when it reads them: what it remembers has each part once."""
    from pypdf import PdfReader

    class Reader(PdfReader):
        def _read_standard_xref_table(self, stream: Any) -> None:
            begin = stream.tell()
            super()._read_standard_xref_table(stream)
            table = data[begin : stream.tell()].removeprefix(b"ref")
            runs = [(int(first), int(many)) for first, many, letter in _RUN.findall(table) if not letter]
            # A comment would hide a run.
            if b"%" in table or _overlap(runs):
                said[_LISTED_TWICE] = None

        def _read_xref_subsections(self, idx_pairs: list[int], *arguments: Any) -> None:
            if _overlap(list(zip(idx_pairs[::2], idx_pairs[1::2], strict=False))):
                said[_LISTED_TWICE] = None
            super()._read_xref_subsections(idx_pairs, *arguments)

    return Reader(BytesIO(data))


def _overlap(runs: Sequence[tuple[int, int]]) -> bool:
    ends = 0
    for first, many in sorted(runs):
        if first < ends:
            return True
        ends = first + many
    return False


def _twice_in_a_stream(reader: PdfReader) -> bool:
    """Whether a stream of parts has one twice: some take that of its number, and some that of its place."""
    for number in sorted({stream for stream, _ in reader.xref_objStm.values()}):
        stream: Any = reader.get_object(number)
        pairs = stream.get_data()[: stream["/First"]].split()[: 2 * stream["/N"]]
        try:
            numbers = [int(one) for one in pairs[::2]]
        except ValueError:
            return True
        if len(numbers) > len(set(numbers)):
            return True
    return False


def doubts_of(reader: PdfReader, data: bytes) -> Iterator[str]:
    """What pypdf takes as it stands, and other programs look for elsewhere."""
    if not data.rstrip(_BLANK).endswith(b"%%EOF"):
        yield "something stands behind its end"
    if _twice_in_a_stream(reader):
        yield "a part stands twice in a stream of parts"
    if "/XRefStm" in reader.trailer:
        yield "it has two lists of its parts"
    of_others = (
        number
        for generation, numbers in reader.xref.items()
        for number in numbers
        if generation and not reader.xref_free_entry.get(generation, {}).get(number, False)
    )
    if any(True for _ in of_others):
        yield "its parts are of several generations"
