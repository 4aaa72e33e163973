"""`briefing build --watch`: builds again whenever something was saved, and says what came of it; until Ctrl-C."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from briefing.cli.terminal import hint, say, usage
from briefing.errors import Level

if TYPE_CHECKING:
    from briefing.build import Press
    from briefing.desk.board import Board
    from briefing.outcome import Wish
    from briefing.project import Project
    from briefing.rebuilding import Round

__all__ = ["port_of", "watch_builds"]

_MOST_PORT = 65_535


def watch_builds(
    facts: str,
    read: Sequence[tuple[str, str]],
    wish: Callable[[Project], Wish],
    press: Press,
    *,
    port: int | None,
    least: Level,
) -> None:
    """Build until somebody ends it. `read` is what a build reads; with a `port` the briefs are shown in a browser.

    Problems below `least` are not told. Only what makes the first build impossible ends it: UsageError, PackageMissing.
    """
    from briefing.progress import watcher
    from briefing.rebuilding import Rebuilding
    from briefing.watching import Watch, waiting

    gc.enable()
    quiet = least is Level.ERROR
    rebuilding = Rebuilding(facts, wish, press)
    with waiting() as wait, _shown_on(port) as board:
        watch = Watch(lambda: read, wait)
        for number, why in enumerate(watch.rounds()):
            if why and not quiet:
                hint(_visible(f"{why}:"))
            if board:
                board.building(why)
            with watcher(sys.stderr, quiet=quiet) as progress:
                done = rebuilding.again(progress)
            if done.built:
                watch.leave_out(str(outcome.path) for outcome in done.built.report.outcomes)
            _tell(done, least)
            if board:
                _show(board, done, why)
            if number == 0 and not quiet:
                hint("watching for changes; Ctrl-C ends it")


def port_of(text: str) -> int:
    """The port that --serve names; 0 is any that is free."""
    if not text.isascii() or not text.isdecimal() or len(text) > 5 or int(text) > _MOST_PORT:
        raise usage(
            f'--serve "{text[:40]}" names no port; write a whole number, 1024 to {_MOST_PORT}, or nothing'
        )
    return int(text)


@contextlib.contextmanager
def _shown_on(port: int | None) -> Iterator[Board | None]:
    if port is None:
        yield None
        return
    from briefing.desk.board import Board
    from briefing.desk.server import served

    board = Board()
    with served(board, port) as address:
        hint(f"the briefs are shown at {address}")
        yield board


def _show(board: Board, done: Round, why: str) -> None:
    from briefing.desk.viewing import stale, views

    before, built = board.now(), done.built
    if built is None:
        board.show(stale(before, done.problems, why))
    else:
        board.show(views(built.project, built.wish, before, done.problems, why))


def _tell(done: Round, least: Level) -> None:
    """What was built or failed; every error, and of the rest what is new; how it stands."""
    from briefing.report.lines import problem_lines
    from briefing.report.order import counts
    from briefing.report.outcomes import outcome_table

    heard = [problem for problem in done.problems if problem.level >= least]
    told = [problem for problem in heard if problem.level is Level.ERROR or problem in done.fresh]
    for line in problem_lines(told, least)[: len(told)]:  # without their number
        hint(line)
    if least is Level.ERROR:
        return
    outcomes = done.built.report.outcomes if done.built else ()
    for line in outcome_table([outcome for outcome in outcomes if outcome.status != "current"]):
        say(line)
    numbers = {
        "mended": done.mended,
        "written": sum(outcome.status == "written" for outcome in outcomes),
        "up to date": sum(outcome.status == "current" for outcome in outcomes),
    }
    parts = [
        counts(heard),
        *(f"{number} {word}" for word, number in numbers.items() if number),
        *([] if outcomes else ["nothing was built"]),
    ]
    hint("; ".join(filter(None, parts)))


def _visible(text: str) -> str:
    from briefing.report.visible import visible

    return visible(text)
