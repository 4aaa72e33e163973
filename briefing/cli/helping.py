"""`briefing help`: what the documentation says of a topic, a rule or a command."""

from __future__ import annotations

import pydoc
import shutil
from typing import Annotated

import typer

from briefing.cli.completing import topic as topic_name
from briefing.cli.terminal import is_screen, say

__all__ = ["help_command"]

_WIDTH = 79


def help_command(
    context: typer.Context,
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="[TOPIC]", help="What about; without it, the topics.", autocompletion=topic_name
        ),
    ] = None,
) -> None:
    """Print what the documentation says of a topic, a rule, a command."""
    from briefing.manual import manual, topic_lines

    if topic is None:
        say("\n".join(topic_lines()))
        return
    text = _of_command(context, topic) or manual(
        topic, max(30, min(_WIDTH, shutil.get_terminal_size().columns - 1))
    )
    if is_screen():
        pydoc.pager(text)
    else:
        say(text.encode())


def _of_command(context: typer.Context, name: str) -> str:
    """The help of a command, as its own option prints it; nothing for another name."""
    group = context.parent and context.parent.command
    command = getattr(group, "commands", {}).get(name)
    if command is None:
        return ""
    with command.make_context(name, [], parent=context.parent, resilient_parsing=True) as about:
        return str(about.get_help()) + "\n"
