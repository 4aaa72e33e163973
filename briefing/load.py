"""YAML text → `Facts`, every problem of shape with its place.

    parse (yamltree) → plain data → pydantic models (schema) → frozen types (facts) → formulas worked out (computing)

A part that is faulty is reported and left out of its fact, so that the rules can still look at all the rest.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from briefing import schema, yamltree
from briefing.computing import computed
from briefing.errors import Level, Location, Problem, UsageError, did_you_mean
from briefing.facts import Fact, Facts, Person, Source
from briefing.files import NO_FILE, Unusable, read_head, stay_in_folder
from briefing.places import Path, Places
from briefing.scalars import check_id

__all__ = ["Loaded", "load", "plain", "read_facts", "read_file", "shape_problem"]

_Built = TypeVar("_Built", Person, Source, Fact)
_Model = Any  # a Shape with required and build()

# More than the YAML reader takes, so that it says so.
_MOST_BYTES = 10_000_000
# What is read where no file is named, which is said by who stands in another folder or has no project yet.
_UNNAMED = "facts.yaml"
_NO_PROJECT = "; go to the folder of a project, name its file with --facts, or start one: briefing init"
_ONE_OF = {"people": "person", "sources": "source", "facts": "fact"}
# The keys that hold prose: what YAML took for something else is explained there.
_BLOCK_FORM = 'write "{key}: >" and put the text on the next line, indented'


@dataclass(frozen=True, slots=True)
class Loaded:
    """What could be read of a facts file, and what was wrong with its shape.

    `facts` holds a fact with a faulty part as well (without that part): build nothing from it while `problems`
    has an error. `damaged` are the paths that were left out.
    """

    facts: Facts
    problems: tuple[Problem, ...]
    places: Places
    damaged: frozenset[Path]


def read_file(path: str, most: int = _MOST_BYTES) -> bytes:
    """The bytes of a file that the user named, `-` for standard input; UsageError when there are none to be had.

    Of a larger one, the first `most`.
    """
    try:
        if path == "-":
            return sys.stdin.buffer.read(most)
        return read_head(path, most)
    except Unusable as error:
        reason = f"{error}; write - for standard input" if str(error) == NO_FILE else str(error)
    except FileNotFoundError:
        reason = "cannot be read: there is no such file" + (_NO_PROJECT if path == _UNNAMED else "")
    except AttributeError:  # it is None
        reason = "cannot be read: standard input is closed"
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
    raise UsageError(Problem(Location(path), Level.ERROR, reason, "file"))


def read_facts(path: str) -> bytes:
    """The bytes of a facts file, as `read_file` gives them; UsageError for a link that leads out of its folder.

    Such a link can come with a pull request; what it leads to would be told in messages, and written by `keep`.
    """
    try:
        stay_in_folder(path)
    except Unusable as error:
        raise UsageError(Problem(Location(path), Level.ERROR, str(error), "file")) from None
    return read_file(path)


def load(data: bytes | str, path: str) -> Loaded:
    """Read a facts file. Never raises for what is in it: all is told in `problems`."""
    tree = yamltree.parse(data, path)
    return _Loader(tree).loaded()


def plain(node: yamltree.Node | None) -> Any:
    """A tree as dicts, lists and text."""
    if isinstance(node, yamltree.Mapping):
        return {key.value: plain(value) for key, value in node.entries}
    if isinstance(node, yamltree.Sequence):
        return [plain(item) for item in node.items]
    return node.value if node else {}


class _Loader:
    def __init__(self, tree: yamltree.Tree) -> None:
        self.places = Places(tree)
        self.problems = list(tree.problems)
        self.damaged: set[Path] = set()
        self.broken = any(problem.rule.startswith("yaml-") for problem in tree.problems)

    def loaded(self) -> Loaded:
        data = plain(self.places.tree.root)
        if not isinstance(data, dict):
            self._report((), "must hold keys and values, beginning with schema: 1", "schema-value")
            data = {}
        # A file whose parsing ended early has lost its later keys; they are not missing.
        whole = not self.broken
        header = self._header(data if whole or data else {}, whole)
        facts = Facts(
            path=self.places.tree.path,
            title=header.title,
            as_of=header.as_of,
            dated=header.dated or header.as_of,
            people=self._section("people", header.people, schema.PersonModel),
            sources=_numbered(self._section("sources", header.sources, schema.SourceModel), header.extract),
            extract=header.extract.build() if header.extract else None,
            facts=self._section("facts", header.facts, schema.FactModel),
        )
        if header.extract and header.extract.facts < len(facts.facts):
            message = f"is less than the {len(facts.facts):,} facts that stand here"
            self._report(("extract", "facts"), message, "schema-value")
            facts = replace(facts, extract=None)
        facts = computed(facts, self.damaged)
        return Loaded(facts, tuple(self.problems), self.places, frozenset(self.damaged))

    def _header(self, data: dict[str, Any], whole: bool) -> schema.HeaderModel:
        empty = [
            section for section in ("people", "sources", "facts") if section in data and not data[section]
        ]
        there = {key: value for key, value in data.items() if key not in empty}
        header = self._validated((), there, schema.HeaderModel)
        if whole:
            self._missing((), data, schema.HeaderModel.required)
        for section in empty:
            self._report((section,), "is empty", "schema-value")
            self.damaged.add((section,))
        assert isinstance(header, schema.HeaderModel)
        return header

    def _section(self, name: str, items: Mapping[str, Any], model: _Model) -> dict[str, Any]:
        built = {}
        for number, (id, data) in enumerate(items.items(), start=1):
            path: Path = (name, id)
            if isinstance(data, dict):
                built[id] = self._item(path, data, model).build(id, number)
            else:
                self._report(path, f'"{id}" must hold keys and values', "schema-value")
                built[id] = model().build(id, number)
                self.damaged.add(path)
            try:
                check_id(id)
            except ValueError as error:
                self._report(path, f'"{id[:80]}" {error}', "schema-id", key=True)
        return built

    def _item(self, path: Path, data: dict[str, Any], model: _Model) -> _Model:
        item = self._validated(path, data, model)
        unread = model is schema.SourceModel and not item.consulted
        self._missing(path, data, model.required_unread if unread else model.required)
        return item

    def _missing(self, path: Path, data: dict[str, Any], required: tuple[str, ...]) -> None:
        for key in required:
            if key not in data:
                what = f'{_ONE_OF[str(path[0])]} "{path[1]}"' if path else "the file"
                self._report(path, f'{what} has no "{key}", which it must have', "schema-missing-key")
                self.damaged.add((*path, key))

    def _validated(self, path: Path, data: dict[str, Any], model: _Model) -> _Model:
        """The model of `data` without its faulty parts, each of which is reported."""
        data = copy.deepcopy(data)
        for attempt in range(_MOST_ATTEMPTS):
            try:
                return model.model_validate(data)
            except ValidationError as error:
                faults = error.errors(include_url=False)
            if not attempt:
                self._tell(path, faults, model)
            for fault in faults:
                steps = tuple(step for step in fault["loc"] if step != "[key]")
                missing = fault["type"] == "missing"
                self.damaged.add((*path, *(steps[:-1] if missing else steps)))
                _remove(data, fault)
            if attempt > 1:  # what was taken out left a hole one level up: drop that part as a whole
                for fault in faults:
                    self.damaged.add((*path, fault["loc"][0]))
                    data.pop(str(fault["loc"][0]), None)
        return model()

    def _tell(self, path: Path, faults: list[ErrorDetails], model: _Model) -> None:
        told = [shape_problem(self.places, path, fault, model) for fault in faults[:_MOST_TOLD]]
        self.problems += told
        if len(faults) > len(told):
            message = f"and {len(faults) - len(told):,} more problems in this part of the file"
            self.problems.append(replace(told[-1], message=message, rule="schema-more"))

    def _report(self, path: Path, message: str, rule: str, *, key: bool = False) -> None:
        place = self.places.of_key(path) if key else self.places.of(path)
        subject = tuple(str(step) for step in path[:2])
        where = f"{path[0]} " if len(path) == 1 else ""
        self.problems.append(Problem(place, Level.ERROR, where + message, rule, subject))


def _numbered(sources: dict[str, Source], extract: schema.ExtractModel | None) -> dict[str, Source]:
    """The sources with the numbers that they bear in the file of which this is an extract."""
    numbers = extract.numbers if extract else {}
    return {id: replace(source, number=numbers.get(id, source.number)) for id, source in sources.items()}


# Each takes out what the one before left open; a model's parts are nested three deep.
_MOST_ATTEMPTS = 5
# Of one fact, source or person; a mapping of 190,000 unknown keys was told in 14 MB.
_MOST_TOLD = 200


def _remove(data: Any, fault: ErrorDetails) -> None:
    """Take out the value that a fault is about; for a missing key, what should have held it.

    What has a name or a place is kept by a stand-in, so that nothing else is reported because it is gone: a quantity
    by one of zero, an item of a list by a name that is nobody's.
    """
    key_itself = "[key]" in fault["loc"]
    steps = [step for step in fault["loc"] if step != "[key]"]
    *way, last = steps[:-1] if fault["type"] == "missing" and len(steps) > 1 else steps
    for step in way:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(data, list) and isinstance(last, int) and last < len(data):
        data[last] = f"faulty-{last}"
    elif isinstance(data, dict) and way == ["quantities"] and not key_itself:
        data[last] = {"value": "0"}
    elif isinstance(data, dict):
        data.pop(last, None)


def shape_problem(places: Places, path: Path, fault: ErrorDetails, model: _Model) -> Problem:
    """A pydantic error in the words of the facts format, at its place in the file."""
    steps: Path = (*path, *(step for step in fault["loc"] if step != "[key]"))
    key = str(next((step for step in reversed(steps) if isinstance(step, str)), ""))
    say = _SAY.get(fault["type"])
    rule, message = (
        say(places, steps, key, fault, model) if say else ("schema-value", f"{key} {fault['msg']}")
    )
    of = places.of_key if rule == "schema-unknown-key" else places.of
    return Problem(of(steps), Level.ERROR, message, rule, tuple(str(step) for step in path[:2]))


_Saying = Callable[[Places, Path, str, ErrorDetails, _Model], tuple[str, str]]


def _say_unknown(
    places: Places, steps: Path, key: str, fault: ErrorDetails, model: _Model
) -> tuple[str, str]:
    parent = places.node(steps[:-1])
    value = places.node(steps)
    split = isinstance(parent, yamltree.Mapping) and parent.flow and isinstance(value, yamltree.Scalar)
    if split and value is not None and not value.value:  # type: ignore[union-attr] # a scalar, as `split` says
        return "schema-unknown-key", (
            f'unknown key "{key[:80]}": YAML splits text between braces at every comma; '
            "put the text in quotation marks, or each key on a line of its own"
        )
    return "schema-unknown-key", f'unknown key "{key[:80]}"' + did_you_mean(key, _keys(model, steps))


def _say_text(places: Places, steps: Path, key: str, fault: ErrorDetails, model: _Model) -> tuple[str, str]:
    node = places.node(steps)
    if isinstance(node, yamltree.Mapping) and node.flow:
        took = "YAML reads text that begins with an unquoted { as a mapping"
    elif isinstance(node, yamltree.Sequence) and node.flow:
        took = "YAML reads text that begins with an unquoted [ as a list"
    else:
        took = f"YAML reads a {'list' if isinstance(node, yamltree.Sequence) else 'mapping'} here"
    return "schema-value", f"{key} must be text, but {took}; " + _BLOCK_FORM.format(key=key)


def _say_list(places: Places, steps: Path, key: str, fault: ErrorDetails, model: _Model) -> tuple[str, str]:
    node = places.node(steps)
    example = (
        f": write {key}: [{node.value[:60]}]" if isinstance(node, yamltree.Scalar) and node.value else ""
    )
    return "schema-value", f"{key} must be a list{example}"


def _say_mapping(
    places: Places, steps: Path, key: str, fault: ErrorDetails, model: _Model
) -> tuple[str, str]:
    node = places.node(steps)
    if key in ("credibility", "reliability") and isinstance(node, yamltree.Scalar) and node.value:
        example = f": write {key}: {{grade: {node.value[:60]}, because: the reason}}"
        return "schema-value", f"{key} must hold keys and values{example}"
    return "schema-value", f"{key} must hold keys and values"


def _say_missing(
    places: Places, steps: Path, key: str, fault: ErrorDetails, model: _Model
) -> tuple[str, str]:
    holder = next((str(step) for step in reversed(steps[:-1]) if isinstance(step, str)), "this")
    return "schema-missing-key", f'{holder} has no "{key}", which it must have'


def _say_value(places: Places, steps: Path, key: str, fault: ErrorDetails, model: _Model) -> tuple[str, str]:
    reason = fault["ctx"]["error"]
    return "schema-value", f"{key} {reason}"


_SAY: dict[str, _Saying] = {
    "extra_forbidden": _say_unknown,
    "string_type": _say_text,
    "list_type": _say_list,
    "dict_type": _say_mapping,
    "model_type": _say_mapping,
    "model_attributes_type": _say_mapping,
    "missing": _say_missing,
    "value_error": _say_value,
}


def _keys(model: _Model, steps: Path) -> list[str]:
    """The keys that the mapping around the last of `steps` may have."""
    holder = model
    for step in steps[:-1]:
        field = next((f for name, f in holder.model_fields.items() if step in (name, f.alias)), None)
        holder = (_shape_in(field.annotation) if field else None) or holder
    return [field.alias or name for name, field in holder.model_fields.items()]


def _shape_in(annotation: object) -> _Model | None:
    """The model within `list[Annotated[CitationModel, …]]` and the like, or None."""
    if isinstance(annotation, type) and issubclass(annotation, schema.Shape):
        return annotation
    return next((shape for part in get_args(annotation) if (shape := _shape_in(part))), None)
