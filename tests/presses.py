"""A press that typesets nothing: its PDFs are hashes of all that a PDF would be drawn from, and it counts them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefing.fingerprint import fingerprint
from briefing.page import page
from briefing.presswork import Job, Pressed


class CountingPress:
    """`tickets` are those of the jobs that it was given, in their order; with another `ink` it makes other bytes."""

    def __init__(self, ink: str = "") -> None:
        self.ink = ink
        self.tickets: list[str] = []
        self._done: list[tuple[str, Pressed]] = []

    @property
    def busy(self) -> int:
        return len(self._done)

    @property
    def crowded(self) -> bool:
        return False

    def doing(self) -> Sequence[tuple[str, str, float]]:
        return ()

    def submit(self, ticket: str, job: Job) -> None:
        self.tickets.append(ticket)
        self._done.append((ticket, Pressed(_hashed(job, self.ink), pages=2, body_pages=1)))

    def finished(self, wait: float | None = 0.0) -> Iterator[tuple[str, Pressed]]:
        done, self._done = self._done, []
        yield from done


def _hashed(job: Job, ink: str) -> bytes:
    """What `typeset` reads of a job, and no more: what no PDF shows must not be missed."""
    set_ = page(job.edition)
    # The appendix as it is where each citation stands on another page.
    ids = re.findall(r'\bid="([^"]*)"', set_.header + set_.body)
    appendix = set_.appendix({id: (number,) for number, id in enumerate(ids, start=1)})
    said = [set_.lang, set_.title, set_.running_title, set_.description, set_.as_of, set_.as_of_words]
    carried = [set_.carried.identifier, set_.carried.version]
    files = [part for file in set_.carried.files for part in (file.name, file.description, file.content)]
    whole = [
        *said,
        set_.author,
        set_.header,
        set_.body,
        appendix,
        *carried,
        *files,
        job.css,
        job.page_template,
    ]
    return b"%PDF of " + fingerprint([*whole, ink]).encode()
