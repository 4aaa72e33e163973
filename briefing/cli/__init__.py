"""The command line: parse, call one function, print, exit. Each command stands in a module of its own."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from briefing import __version__
from briefing.cli.building import build_command
from briefing.cli.checking import check_command
from briefing.cli.completing import SHELLS, VARIABLE, completed, completion_script
from briefing.cli.differences import diff_command, verify_command
from briefing.cli.helping import help_command
from briefing.cli.keeping import keep_command
from briefing.cli.machine import doctor_command
from briefing.cli.reading import index_command, schema_command, show_command
from briefing.cli.references import export_command, import_command
from briefing.cli.reviews import review_command
from briefing.cli.sending import send_command
from briefing.cli.starting import init_command
from briefing.cli.terminal import is_broken_pipe, say, tell, usage
from briefing.errors import BriefingError, Level, Problem, UsageError

__all__ = ["app", "failed", "run", "with_port"]

app = typer.Typer(
    name="briefing",
    help="One file of sourced facts becomes briefs for different readers, each with the same source appendix.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,  # it would import what finds out which shell this is; --show-completion is told
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for _name, _command in (
    ("init", init_command),
    ("build", build_command),
    ("check", check_command),
    ("show", show_command),
    ("keep", keep_command),
    ("review", review_command),
    ("index", index_command),
    ("diff", diff_command),
    ("verify", verify_command),
    ("send", send_command),
    ("import", import_command),
    ("export", export_command),
    ("schema", schema_command),
    ("doctor", doctor_command),
    ("help", help_command),
):
    app.command(_name)(_command)

# 128 and the number of SIGPIPE: what a shell shows of a program whose reader has gone (`briefing schema | head -1`).
_BROKEN_PIPE = 141


def run(arguments: list[str]) -> int:
    """Run the command line; the exit code."""
    if VARIABLE in os.environ:
        return completed(lambda: app(arguments, prog_name="briefing", complete_var=VARIABLE))
    try:
        app(with_port(arguments), prog_name="briefing", obj=arguments)
    except SystemExit as end:
        if is_broken_pipe():
            return _BROKEN_PIPE
        return end.code if isinstance(end.code, int) else 1
    except BriefingError as error:
        _tell(error.problems)
        return error.exit_code
    except OSError as error:
        return failed(error)
    return 0


def with_port(arguments: list[str]) -> list[str]:
    """The arguments with a port behind `--serve` where none was written.

    Typer knows no option whose value is optional.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return [
        f"{word}=0" if word == "--serve" and place < end and not following.isdecimal() else word
        for place, (word, following) in enumerate(zip(arguments, [*arguments[1:], ""], strict=True))
    ]


def failed(error: OSError) -> int:
    """Say that the disk is full, standard output closed, or no folder there for temporary files; the exit code."""
    about = f"{error.filename}: " if error.filename else ""
    _tell(usage(f"{about}{error.strerror or error}", "system").problems)
    return UsageError.exit_code


def _tell(problems: tuple[Problem, ...]) -> None:
    """Tell problems; where standard error takes nothing, the exit code alone tells."""
    try:
        tell(problems, Level.NOTE)
    except OSError:  # what is left of it would fail again when Python ends, which then says 120
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 # until then


def _version(wanted: bool) -> None:
    if wanted:
        say(f"briefing {__version__}")
        raise typer.Exit


def _completion(shell: str | None) -> None:
    if shell is None:
        return
    if shell not in SHELLS:
        raise usage(f'"{shell}" is no shell that is known here; it is {", ".join(SHELLS)}')
    say(completion_script(shell))
    raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    completion: Annotated[
        str | None,
        typer.Option(
            "--show-completion",
            metavar="SHELL",
            callback=_completion,
            is_eager=True,
            autocompletion=lambda: list(SHELLS),
            help="Print what has bash, zsh or fish complete words, and exit.",
            show_default=False,
        ),
    ] = None,
) -> None:
    pass
