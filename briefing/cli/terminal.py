"""What every command says, and how: on standard output, on standard error, in a terminal. No other module prints."""

from __future__ import annotations

import errno
import sys
from typing import Annotated, TextIO

import typer

from briefing.errors import Level, Location, Problem, UsageError

__all__ = [
    "Facts",
    "ask",
    "confirm",
    "hint",
    "is_answered",
    "is_broken_pipe",
    "is_conversation",
    "is_screen",
    "named",
    "say",
    "tell",
    "usage",
]


def named(option: typer.CallbackParam, value: str | None) -> str | None:
    """The value of an option that names a file or folder; in a script, "" is a variable that nobody has set."""
    if value == "":
        raise usage(f"{option.opts[0]} names nothing; write what it is to be, or leave the option out")
    return value


Facts = Annotated[str, typer.Option("--facts", metavar="FILE", help="The facts file.", callback=named)]


def say(text: str | bytes) -> None:
    """Print to standard output: a text and a line feed, bytes as they are. OSError where it is closed or takes nothing.

    A closed one is None, into which `echo` prints without a word.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    typer.echo(text, nl=isinstance(text, str))


def hint(text: str, *, end: bool = True) -> None:
    """Print to standard error, with a line feed unless not wanted."""
    typer.echo(text, err=True, nl=end)


def tell(problems: tuple[Problem, ...], least: Level) -> None:
    """Print problems to standard error, those of `least` and worse."""
    from briefing.report.lines import problem_lines

    for line in problem_lines(problems, least):
        hint(line)


def usage(message: str, rule: str = "usage") -> UsageError:
    """What is wrong with the command line."""
    return UsageError(Problem(Location("command line"), Level.ERROR, message, rule))


def ask(question: str, default: str) -> str:
    """The answer of whoever sits there."""
    return str(typer.prompt(question, default=default))


def confirm(question: str) -> bool:
    """Whether whoever sits there says yes."""
    return bool(typer.confirm(question, default=False, err=True))


def is_answered() -> bool:
    """Whether somebody can be asked, on standard error, and answers."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def is_screen() -> bool:
    """Whether somebody reads standard output as it comes."""
    return _is_terminal(sys.stdout)


def is_conversation() -> bool:
    """Whether somebody reads and can answer."""
    return _is_terminal(sys.stdin) and is_screen()


def _is_terminal(stream: TextIO | None) -> bool:
    """Python has None for a stream that is closed."""
    return stream is not None and stream.isatty()


def is_broken_pipe() -> bool:
    """Whether whoever reads our output has gone; Typer then puts a stream there that says no more of it."""
    return type(sys.stdout).__name__ == "PacifyFlushWrapper"
