"""What somebody sees who waits for a build: nothing when it is quick or asked to be quiet, live lines or plain ones."""

from __future__ import annotations

import io
import time

import pytest

from briefing.outcome import Standing
from briefing.progress import watcher


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the monotonic clock says; a test sets it."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def told(stream: io.StringIO, clock: list[float], *, quiet: bool = False, name: str = "memo/ann") -> str:
    """What is written during a minute in which one of sixty briefs is done each second."""
    with watcher(stream, quiet=quiet) as watch:
        for second in range(60):
            clock[0] = 100.0 + second
            watch(Standing(second, 60, ((name, "laying out the pages", 0.5),)))
    return stream.getvalue()


def test_plain_lines_now_and_then(clock: list[float]) -> None:
    lines = told(io.StringIO(), clock).splitlines()
    assert lines == [
        "10 of 60 briefs, 0:50 left",
        "20 of 60 briefs, 0:40 left",
        "30 of 60 briefs, 0:30 left",
        "40 of 60 briefs, 0:20 left",
        "50 of 60 briefs, 0:10 left",
    ]


def test_a_terminal_shows_what_is_in_work_and_is_left_clean(clock: list[float]) -> None:
    shown = told(Terminal(), clock)
    assert "30 of 60 briefs, 0:30 left" in shown
    assert "memo/ann: laying out the pages, 0 s" in shown
    last = shown.rpartition("laying out the pages")[2]
    assert "\x1b[2K" in last  # the lines are erased


def test_nothing_when_quiet_or_quick(clock: list[float]) -> None:
    assert told(Terminal(), clock, quiet=True) == ""
    stream = Terminal()
    with watcher(stream, quiet=False) as watch:
        clock[0] += 0.9
        watch(Standing(1, 2))
    assert stream.getvalue() == ""


def test_a_name_cannot_write_to_the_terminal(clock: list[float]) -> None:
    shown = told(Terminal(), clock, name="[red]\x1b]0;x\x07[/]")
    assert "\x1b]0;" not in shown
    assert "[red]" in shown
