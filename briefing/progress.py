"""How far a build or a send is → what somebody who waits sees: live lines on a terminal, a plain one at times in CI.

A build of under a second shows nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

from briefing.outcome import Standing
from briefing.report.visible import visible

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

__all__ = ["Watcher", "counter", "watcher"]

_SILENT_SECONDS = 1.0
_SECONDS_BETWEEN_LINES = 10.0
# Fewer say little about the rest.
_ENOUGH_TO_GO_BY = 3


class Watcher(Protocol):
    def __call__(self, standing: Standing) -> None: ...


@contextmanager
def watcher(stream: TextIO, *, quiet: bool) -> Iterator[Watcher]:
    """What to tell while it runs; at its end nothing of the live lines is left on the terminal."""
    if quiet:
        yield lambda standing: None
    elif stream.isatty():
        with _OnTerminal(stream) as live:
            yield live
    else:
        yield _InLines(stream)


@contextmanager
def counter(stream: TextIO, *, quiet: bool) -> Iterator[Callable[[int, int, str], None]]:
    """What to tell a send: how many messages are done, of how many, and who is next; one line on a terminal."""
    if quiet or not stream.isatty():
        yield lambda done, total, who: None
        return
    from rich.console import Console  # rich takes 100 ms
    from rich.live import Live
    from rich.text import Text

    with Live(console=Console(file=stream), auto_refresh=False, transient=True) as live:

        def told(done: int, total: int, who: str) -> None:
            words = f"{done:,} of {total:,} done, now {visible(who)}"
            live.update(Text(words, no_wrap=True, overflow="ellipsis"), refresh=True)

        yield told


class _Clock:
    """When it began, and how long it may go on."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.first: tuple[float, int] | None = None

    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def words(self, standing: Standing) -> str:
        """`12 of 535 briefs, 0:41 left`; what was up to date says nothing about the speed of what is not."""
        now = self.elapsed()
        if self.first is None:
            self.first = now, standing.done
        since, before = self.first
        done, left = standing.done - before, standing.total - standing.done
        text = f"{standing.done:,} of {standing.total:,} briefs"
        if done < _ENOUGH_TO_GO_BY or not left:
            return text
        seconds = round((now - since) / done * left)
        return f"{text}, {seconds // 60}:{seconds % 60:02} left"


class _InLines:
    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.clock = _Clock()
        self.last = 0.0

    def __call__(self, standing: Standing) -> None:
        words, now = self.clock.words(standing), self.clock.elapsed()
        if now - self.last >= _SECONDS_BETWEEN_LINES:
            self.last = now
            self.stream.write(words + "\n")
            self.stream.flush()


class _OnTerminal:
    """One line for the whole, and one for each brief in work."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.clock = _Clock()
        self.live: Live | None = None

    def __enter__(self) -> _OnTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.live.stop()

    def __call__(self, standing: Standing) -> None:
        words = self.clock.words(standing)
        if self.live is None and self.clock.elapsed() < _SILENT_SECONDS:
            return
        if self.live is None:
            self.live = self.started()
        self.live.update(_lines(words, standing), refresh=True)

    def started(self) -> Live:
        # Imported where it is wanted: rich takes 100 ms.
        from rich.console import Console
        from rich.live import Live

        live = Live(console=Console(file=self.stream), auto_refresh=False, transient=True)
        live.start()
        return live


def _lines(words: str, standing: Standing) -> Text:
    from rich.text import Text

    rows = [words, *(f"  {visible(name)}: {what}, {seconds:.0f} s" for name, what, seconds in standing.doing)]
    return Text("\n", no_wrap=True, overflow="ellipsis").join(map(Text, rows))
