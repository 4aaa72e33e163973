"""A small YAML file of an office's own → its model, with every problem at its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from briefing.errors import Level, Location, Problem
from briefing.files import Unusable, read_ordinary
from briefing.load import plain, shape_problem
from briefing.places import Places
from briefing.schema import Shape
from briefing.yamltree import parse

__all__ = ["read_settings"]

_Model = TypeVar("_Model", bound=Shape)


def read_settings(
    path: Path, shown: str, model: type[_Model], most_bytes: int, example: str
) -> tuple[_Model | None, tuple[Problem, ...]]:
    """What the file says, None where there is none or it cannot be used; and what is wrong with it. Never raises.

    `shown` is how its path is printed, `example` a line such as it holds. A key of `required` must be there.
    """
    where = Location(shown)
    try:
        data: Any = read_ordinary(path, most_bytes, within=path.parent)
    except FileNotFoundError:
        return None, ()
    except Unusable as error:
        return None, (Problem(where, Level.ERROR, str(error), "file"),)
    tree = parse(data, shown)
    values = plain(tree.root)
    if tree.problems:
        return None, tree.problems
    if not isinstance(values, dict):
        message = f"must hold keys and values, such as {example}"
        return None, (Problem(where, Level.ERROR, message, "schema-value"),)
    missing = [key for key in model.required if key not in values]
    problems = [
        Problem(where, Level.ERROR, f'has no "{key}", which it must have', "schema-missing-key")
        for key in missing
    ]
    try:
        found = model.model_validate(values)
    except ValidationError as error:
        places = Places(tree)
        problems += [shape_problem(places, (), fault, model) for fault in error.errors(include_url=False)]
    return (None, tuple(problems)) if problems else (found, ())
