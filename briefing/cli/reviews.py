"""`briefing review`: claims beside their facts, in a terminal or listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from briefing.cli.completing import audience, claim
from briefing.cli.terminal import Facts, ask, hint, is_conversation, say, tell
from briefing.errors import Level, Location

if TYPE_CHECKING:
    from briefing.project import Project
    from briefing.reviewing import Reading, Readings

__all__ = ["review_command"]


def review_command(
    audiences: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[AUDIENCE]...", help="Which briefs; all, when left out.", autocompletion=audience
        ),
    ] = None,
    facts: Facts = "facts.yaml",
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            metavar="ID",
            autocompletion=claim,
            help="Note that this claim was read, and holds; again for more.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; ask nothing.")] = False,
) -> None:
    """Read claims beside facts that changed, and note that they hold.

    In a terminal it asks for each; elsewhere it lists them. What was read is kept in reviews.yaml beside the facts.
    """
    from briefing import reviewing
    from briefing.project import open_project
    from briefing.walkthrough import told, walk

    def now() -> tuple[Project, reviewing.Readings]:
        project = open_project(facts)
        return project, reviewing.readings(project, audiences or [])

    project, found = now()
    if accept:
        reviewing.accept(project, found, accept)
        project, found = now()
    tell(found.problems, Level.ERROR)
    if as_json:
        say(reviewing.readings_json(found))
    elif not accept and is_conversation():
        walk(found.readings, _Conversation(now))
        _, found = now()
    elif not accept:
        for reading in found.readings:
            if reading.state != "reviewed":
                say("\n".join(told(reading)))
    _say_of_reviews(found)
    suspect = any(reading.state == "suspect" for reading in found.readings)
    raise typer.Exit(1 if suspect or found.problems else 0)


class _Conversation:
    """A walk through claims, in a terminal; `now` opens the project anew."""

    def __init__(self, now: Callable[[], tuple[Project, Readings]]) -> None:
        self.now = now

    def say(self, line: str) -> None:
        say(line)

    def ask(self, question: str) -> str:
        return ask(question, "s")

    def keep(self, reading: Reading) -> None:
        from briefing.reviewing import accept

        accept(*self.now(), [reading.paraphrase.id])

    def edit(self, place: Location) -> None:
        from briefing.editor import open_editor

        open_editor(place)

    def again(self) -> Sequence[Reading]:
        return self.now()[1].readings


def _say_of_reviews(found: Readings) -> None:
    """How many claims are in which state, on standard error."""
    states = [reading.state for reading in found.readings]
    counts = ", ".join(f"{states.count(state)} {state}" for state in ("suspect", "unreviewed", "reviewed"))
    hint(f"{len(states)} claim{'' if len(states) == 1 else 's'}: {counts}")
