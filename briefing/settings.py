"""A small YAML file of an office's own → its model, with every problem at its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from briefing.errors import Level, Location, Problem
from briefing.files import Unusable, read_ordinary
from briefing.load import plain, shape_problem
from briefing.places import Places
from briefing.schema import Shape
from briefing.yamltree import parse

__all__ = ["Settings", "read_settings"]

_Model = TypeVar("_Model", bound=Shape)


@dataclass(frozen=True, slots=True)
class Settings(Generic[_Model]):
    """What a file says, None where there is none or it cannot be used; what is wrong with it; where its keys stand."""

    model: _Model | None = None
    problems: tuple[Problem, ...] = ()
    places: Places | None = None


def read_settings(
    path: Path, shown: str, model: type[_Model], most_bytes: int, example: str, *, within: Path
) -> Settings[_Model]:
    """Read the file; never raises. `shown` is how its path is printed, `example` a line such as it holds.

    It stands within the project's folder `within`, when links are followed.

    A key of the model's `required` must be there.
    """
    where = Location(shown)
    try:
        data: Any = read_ordinary(path, most_bytes, within=within)
    except FileNotFoundError:
        return Settings()
    except Unusable as error:
        return Settings(problems=(Problem(where, Level.ERROR, str(error), "file"),))
    tree = parse(data, shown)
    values = plain(tree.root)
    if tree.problems:
        return Settings(problems=tuple(tree.problems))
    if not isinstance(values, dict):
        message = f"must hold keys and values, such as {example}"
        return Settings(problems=(Problem(where, Level.ERROR, message, "schema-value"),))
    missing = [key for key in model.required if key not in values]
    problems = [
        Problem(where, Level.ERROR, f'has no "{key}", which it must have', "schema-missing-key")
        for key in missing
    ]
    places = Places(tree)
    try:
        found = model.model_validate(values)
    except ValidationError as error:
        problems += [shape_problem(places, (), fault, model) for fault in error.errors(include_url=False)]
    return Settings(problems=tuple(problems)) if problems else Settings(found, (), places)
