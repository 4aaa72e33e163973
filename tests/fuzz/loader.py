"""Any bytes as a facts file: it is read and checked, or refused with a LoadError; nothing else is raised."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))
with atheris.instrument_imports(include=["briefing"]):
    from briefing.errors import LoadError
    from briefing.load import load
    from briefing.rules import check_facts
    from briefing.tongues import tongue_of


def read(data: bytes) -> None:
    try:
        loaded = load(data, "facts.yaml")
    except LoadError:
        return
    check_facts(loaded, lambda id: None, tongue_of("en-US"))


atheris.Setup(sys.argv, read)
atheris.Fuzz()
