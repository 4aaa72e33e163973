"""The paraphrases of a project, each with whether it must be read; and what was read, written down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.errors import BriefingError, Level, Location, Problem, UsageError, did_you_mean
from briefing.paraphrases import Paraphrase
from briefing.project import Project
from briefing.reviews import State, changed, keep, state, then
from briefing.selection import briefs, former, with_letters
from briefing.voice import Voice

__all__ = ["Reading", "Readings", "accept", "readings", "readings_json"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One paraphrase of an audience. `now` are the sentences of its facts; `changed` are those that changed since.

    `was` are their sentences when it was read, as far as git knows them.
    """

    audience: str
    paraphrase: Paraphrase
    state: State
    now: Mapping[str, str]
    changed: tuple[str, ...]
    was: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Readings:
    """All paraphrases of the briefs that could be selected; `audiences` are these, `problems` what bars others."""

    readings: tuple[Reading, ...]
    audiences: tuple[str, ...]
    problems: tuple[Problem, ...]


def readings(project: Project, audiences: Sequence[str]) -> Readings:
    """The paraphrases of these audiences, of all when none is named, in the order in which a reader meets them."""
    found = with_letters(project, briefs(project, audiences, allow_suspect=True))
    all_: list[Reading] = []
    for brief in found.briefs:
        name = brief.audience.name
        read = (project.reviews or {}).get(name, {})
        before = former(project, brief, read)
        for one in brief.paraphrases:
            how = state(one, read)
            now = {
                id: Voice(brief.facts, brief.tongue).quiet_words(brief.facts.facts[id]) for id in one.facts
            }
            moved = tuple(changed(one, read[one.id])) if how == "suspect" else ()
            was = {id: before[id, meant] for id, meant in then(one, read)} if how == "suspect" else {}
            all_.append(Reading(name, one, how, now, moved, was))
    all_ = list({(one.audience, one.paraphrase.id): one for one in reversed(all_)}.values())[::-1]
    errors = tuple(problem for problem in found.problems if problem.level is Level.ERROR)
    names = dict.fromkeys(brief.audience.name for brief in found.briefs)
    return Readings(tuple(all_), tuple(names), errors)


def accept(project: Project, found: Readings, ids: Sequence[str]) -> None:
    """Write down that these were read. What is no paraphrase of a brief any more is dropped.

    UsageError for an id that there is not, BriefingError where the file is faulty; then nothing is written.
    """
    if project.reviews is None:
        raise BriefingError(found.problems)
    known = {one.paraphrase.id for one in found.readings}
    unknown = [id for id in ids if id not in known]
    if unknown:
        place = Location("command line")
        raise UsageError(
            [
                Problem(
                    place, Level.ERROR, f'no paraphrase has the id "{id}"{did_you_mean(id, known)}', "usage"
                )
                for id in unknown
            ]
        )
    reviews = {audience: dict(read) for audience, read in project.reviews.items()}
    for audience in found.audiences:
        mine = [one.paraphrase for one in found.readings if one.audience == audience]
        before = reviews.get(audience, {})
        reviews[audience] = {
            one.id: " ".join(one.meanings) if one.id in ids else before[one.id]
            for one in mine
            if one.id in ids or one.id in before
        }
    keep(project.folder, reviews)


def readings_json(found: Readings) -> str:
    """All of it as JSON, for scripts."""
    listed = [
        {
            "audience": one.audience,
            "id": one.paraphrase.id,
            "path": one.paraphrase.at.path,
            "line": one.paraphrase.at.line,
            "state": one.state,
            "prose": one.paraphrase.prose,
            "facts": [
                {"id": id, "text": sentence, "changed": id in one.changed, "was": one.was.get(id) or None}
                for id, sentence in one.now.items()
            ],
        }
        for one in found.readings
    ]
    return json.dumps({"paraphrases": listed}, ensure_ascii=False, indent=2)
