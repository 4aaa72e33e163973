"""`briefing doctor`: what works on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from briefing.cli.terminal import Facts, say

__all__ = ["doctor_command"]


def doctor_command(
    facts: Facts = "facts.yaml",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="Where the briefs go; out/ beside the facts file.",
            show_default=False,
        ),
    ] = None,
    mail: Annotated[
        bool, typer.Option("--mail", help="Connect to the mail server and log in, too; nothing is sent.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what works on this machine, and what mends the rest."""
    from briefing.doctor import Patient, findings, findings_json, told, works

    folder = Path(facts).parent
    found = findings(Patient(folder, out or folder / "out", os.environ, mail))
    say(findings_json(found) if as_json else "\n".join(told(found)))
    raise typer.Exit(0 if works(found) else 1)
