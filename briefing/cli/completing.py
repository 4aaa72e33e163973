"""What a shell asks for while a user types: names of the project that the line so far is about."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

__all__ = [
    "SHELLS",
    "VARIABLE",
    "any_audience",
    "audience",
    "claim",
    "completed",
    "completion_script",
    "fact",
    "mailing_list",
    "one_of",
    "rule",
    "rules",
    "several_of",
    "source",
    "topic",
]

SHELLS = ("bash", "zsh", "fish")

VARIABLE = "_BRIEFING_COMPLETE"
"""Set by the scripts of `briefing --show-completion`, to what the shell wants."""


def completed(complete: Callable[[], Any]) -> int:
    """Answer a shell; the exit code. Whatever is wrong, nothing is said: it would stand in the line of the user."""
    from typer.completion import completion_init  # type: ignore[attr-defined] # it says so of none of its names

    completion_init()
    try:
        complete()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except Exception:  # anything at all: the user is not done typing
        return 1
    return 0


def completion_script(shell: str) -> str:
    """What a shell reads to complete this program's words."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined] # as above

    return str(get_completion_script(prog_name="briefing", complete_var=VARIABLE, shell=shell))


def _beginning(names: list[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _facts(ctx: typer.Context) -> Path:
    """The facts file of the line: --facts, or the one in the folder that `init` is about."""
    return Path(ctx.params.get("facts") or os.path.join(ctx.params.get("folder") or "", "facts.yaml"))


def audience(ctx: typer.Context, incomplete: str) -> list[str]:
    from briefing.completing import audiences

    return _beginning(audiences(_facts(ctx).parent), incomplete)


def any_audience(ctx: typer.Context, incomplete: str) -> list[str]:
    """Those that the tool brings, too."""
    from briefing.completing import audiences, generic_audiences

    names = {*audiences(_facts(ctx).parent), *generic_audiences()}
    return _beginning(sorted(names), incomplete)


def source(ctx: typer.Context, incomplete: str) -> list[str]:
    from briefing.completing import entries

    return _beginning(entries(_facts(ctx), "sources"), incomplete)


def fact(ctx: typer.Context, incomplete: str) -> list[str]:
    from briefing.completing import entries

    return _beginning(entries(_facts(ctx), "facts"), incomplete)


def claim(ctx: typer.Context, incomplete: str) -> list[str]:
    from briefing.completing import claims_read

    return _beginning(claims_read(_facts(ctx).parent), incomplete)


def mailing_list(ctx: typer.Context, incomplete: str) -> list[str]:
    from briefing.completing import mailing_lists

    return _beginning(mailing_lists(_facts(ctx).parent), incomplete)


def topic(incomplete: str) -> list[str]:
    from briefing.completing import topics

    return _beginning(topics(), incomplete)


def rule(incomplete: str) -> list[str]:
    from briefing.completing import rules

    return _beginning(rules(), incomplete)


def rules(incomplete: str) -> list[str]:
    """Rules with commas between."""
    return _after_comma(rule, incomplete)


def one_of(*names: str) -> Callable[[str], list[str]]:
    """One of a few words, such as the formats of a command."""

    def word(incomplete: str) -> list[str]:
        return _beginning(list(names), incomplete)

    return word


def several_of(*names: str) -> Callable[[str], list[str]]:
    """A few words with commas between."""

    def words(incomplete: str) -> list[str]:
        return _after_comma(one_of(*names), incomplete)

    return words


def _after_comma(complete: Callable[[str], list[str]], incomplete: str) -> list[str]:
    done, comma, begun = incomplete.rpartition(",")
    return [f"{done}{comma}{name}" for name in complete(begun) if name not in done.split(",")]
