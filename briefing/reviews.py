"""`reviews.yaml`: which paraphrases were read, against which facts. One short line each, so that branches merge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from briefing.errors import Level, Problem
from briefing.paraphrases import Paraphrase
from briefing.publish import publish
from briefing.scalars import Id, Text, one_of
from briefing.schema import Shape
from briefing.settings import read_settings

__all__ = [
    "FILE",
    "SUSPECT",
    "Reviews",
    "State",
    "changed",
    "keep",
    "read_reviews",
    "review_problems",
    "state",
    "then",
]

FILE = "reviews.yaml"

Reviews = Mapping[str, Mapping[str, str]]
"""Audience → id of a paraphrase → the meanings of its facts when it was read, with spaces between."""

SUSPECT = "template-suspect"
"""The rule that finds what was not read since a fact under it changed."""

State = Literal["reviewed", "unreviewed", "suspect"]

# 10,000 paraphrases have half of it.
_MOST_BYTES = 1_000_000
_HEAD = """\
# Paraphrases that were read beside their facts: the id of each, and a fingerprint of each fact that it rests on.
# Written by `briefing review`. Where two branches conflict, keep the lines of both, and of two with the same id
# either: what that loses is suspect, and `briefing review` asks for it again.
schema: 1
reviewed:
"""


def _meanings(text: str) -> str:
    if not all(len(one) == 8 and set(one) <= set("0123456789abcdef") for one in text.split(" ")):
        raise ValueError("must be fingerprints of facts; let briefing review write this file")
    return text


class ReviewsModel(Shape):
    """What stands in the file."""

    required = ("schema",)

    schema_: Annotated[str, AfterValidator(one_of(["1"]))] = Field("1", alias="schema")
    reviewed: dict[Id, dict[Text, Annotated[Text, AfterValidator(_meanings)]]] = {}


def read_reviews(folder: Path, shown: str) -> tuple[Reviews | None, tuple[Problem, ...]]:
    """What was reviewed in the project in `folder`; None, and what is wrong, where its file is faulty. Never raises."""
    found = read_settings(folder / FILE, shown, ReviewsModel, _MOST_BYTES, "schema: 1", within=folder)
    if found.model is None:
        return (None if found.problems else {}), found.problems
    return found.model.reviewed, ()


def keep(folder: Path, reviews: Reviews) -> None:
    """Write the file. UsageError when it cannot be written; then the old one stays."""
    lines = [_HEAD.rstrip("\n")]
    for audience, read in sorted(reviews.items()):
        if read:
            lines += [f"  {audience}:", *(f"    {id}: {meanings}" for id, meanings in sorted(read.items()))]
    publish({folder / FILE: ("\n".join(lines) + "\n").encode()})


# --- what they mean for a brief -----------------------------------------------------------------------------


def state(paraphrase: Paraphrase, read: Mapping[str, str]) -> State:
    """Whether it was read beside its facts as they are, never, or as they were."""
    before = read.get(paraphrase.id)
    if before is None:
        return "unreviewed"
    return "suspect" if changed(paraphrase, before) else "reviewed"


def changed(paraphrase: Paraphrase, before: str) -> list[str]:
    """The facts of a paraphrase that have changed since it was read."""
    then = before.split(" ")
    if len(then) != len(paraphrase.facts):  # somebody edited the line
        return list(paraphrase.facts)
    pairs = zip(paraphrase.facts, paraphrase.meanings, then, strict=True)
    return [id for id, now, before in pairs if now != before]


def then(paraphrase: Paraphrase, read: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Of the facts of a suspect paraphrase that changed, the ids and their meanings when it was read."""
    before = read[paraphrase.id].split(" ")
    if len(before) == len(paraphrase.facts):
        moved = changed(paraphrase, read[paraphrase.id])
        yield from (pair for pair in zip(paraphrase.facts, before, strict=True) if pair[0] in moved)


def review_problems(
    paraphrases: Iterable[Paraphrase],
    read: Mapping[str, str],
    told: Callable[[Paraphrase], str],
    *,
    allowed: bool,
) -> Iterator[Problem]:
    """What of a brief must be read: what is suspect is an error, a warning where that is `allowed`.

    `told` says of a suspect one how its facts changed.
    """
    for one in paraphrases:
        how = state(one, read)
        if how == "suspect":
            facts = ", ".join(f'"{id}"' for id in changed(one, read[one.id]))
            message = (
                f"{facts} changed since this was read{told(one)}; read it again: briefing review ({one.id})"
            )
            yield Problem(one.at, Level.WARNING if allowed else Level.ERROR, message, SUSPECT)
        elif how == "unreviewed":
            message = f"nobody has read this beside its facts yet: briefing review ({one.id})"
            yield Problem(one.at, Level.WARNING, message, "template-unreviewed")
