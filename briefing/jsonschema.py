"""The models of the facts file → its JSON Schema, with which an editor completes, explains and checks the file.

Draft 7, with words that the YAML language server adds to it: `errorMessage`, `enumDescriptions`, `doNotSuggest`,
`markdownDescription`, `defaultSnippets`. Nothing is refused that `check` takes; what needs a look at the calendar or
at another entry is left to `check`.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, WithJsonSchema

from briefing import schema
from briefing.errors import Level
from briefing.meanings import MEANINGS
from briefing.rules.base import FactsRule, ProjectRule, rules_of
from briefing.scalars import (
    Count,
    Day,
    DayOrTodo,
    Digits,
    Edtf,
    Id,
    Ids,
    Number,
    OneOf,
    OrJust,
    Reason,
    Sha256,
    Text,
    Truth,
    Url,
)
from briefing.schema import FactModel, HeaderModel, PersonModel, Shape, SourceModel
from briefing.vocabulary import KINDS, ONLY_OF, QUALIFIERS, Kind

__all__ = ["facts_schema", "schema_text"]

Json = dict[str, Any]

_SCALARS = {
    "text": Text,
    "reason": Reason,
    "id": Id,
    "ids": Ids,
    "number": Number,
    "digits": Digits,
    "date": Edtf,
    "count": Count,
    "day": Day,
    "day_or_todo": DayOrTodo,
    "truth": Truth,
    "url": Url,
    "sha256": Sha256,
}
_SECTIONS: Mapping[str, type[Shape]] = {"people": PersonModel, "sources": SourceModel, "facts": FactModel}


def schema_text() -> str:
    """The schema as JSON, in the order of the models; in ASCII, so that no shell can spoil it on its way to a file."""
    return json.dumps(facts_schema(), indent=2) + "\n"


def facts_schema() -> Json:
    """The schema of a facts file, a new dict at each call."""
    top = {**_shape(HeaderModel), "title": "briefing facts file"}
    for name, model in _SECTIONS.items():
        top["properties"][name] |= _mapping(_reference(_name(model)), minProperties=1, **_new_entries(name))
    return {"$schema": "http://json-schema.org/draft-07/schema#", **top, "definitions": _definitions()}


def _definitions() -> Json:
    scalars = {name: _told_apart(_own_json(get_args(type))) for name, type in _SCALARS.items()}
    shapes = {_name(model): _shape(model) for model in _models()}
    shapes["source"] |= _read_or_not()
    shapes["quantity"] |= _one_number()
    shapes["fact"] |= {"allOf": [*map(_needs, KINDS.values()), *map(_only, ONLY_OF)]}
    shapes["fact"]["properties"]["cite"]["minItems"] = 1
    return {**scalars, "accept": _accept(), **shapes}


# ---- What the models say


def _models() -> list[type[Shape]]:
    """The models of what stands below the top of the file, in the order of their module."""
    return [
        model
        for model in Shape.__subclasses__()
        if model.__module__ == schema.__name__ and model is not HeaderModel
    ]


def _name(model: type[Shape]) -> str:
    return model.__name__.removesuffix("Model").lower()


def _shape(model: type[Shape]) -> Json:
    """A mapping with the keys of a model, each with its docstring, and with no other key."""
    said = _docstrings()[model.__name__]
    fields = {field.alias or name: (name, field) for name, field in model.model_fields.items()}
    return {
        "title": _name(model),
        **_description(said[""]),
        "type": "object",
        "properties": {
            key: _value(field.annotation, field.metadata) | _description(said[name])
            for key, (name, field) in fields.items()
        },
        "required": [
            key for key, (_, field) in fields.items() if field.is_required() or key in model.required
        ],
        "additionalProperties": False,
    }


def _value(type: Any, metadata: Iterable[Any] = ()) -> Json:
    """The schema of a type as the models have them, `Annotated[list[CitationModel], AfterValidator(…)]`."""
    if get_origin(type) is Annotated:
        type, *inner = get_args(type)
        return _value(type, [*inner, *metadata])
    others = [_value(item.type) for item in metadata if isinstance(item, OrJust)]
    itself = _scalar(metadata) or _container(type)
    return _told_apart({"anyOf": [*others, itself]}) if others else itself


def _scalar(metadata: Iterable[Any]) -> Json:
    """The schema of a text that is converted or one of some words, by what its type carries; empty for other types."""
    own = _own_json(metadata)
    if own:
        return _reference(next(name for name, type in _SCALARS.items() if _own_json(get_args(type)) == own))
    validators = (item.func for item in metadata if isinstance(item, AfterValidator))
    return next((_words(func.words) for func in validators if isinstance(func, OneOf)), {})


def _own_json(metadata: Iterable[Any]) -> Json:
    return next((item.json_schema or {} for item in metadata if isinstance(item, WithJsonSchema)), {})


def _container(type: Any) -> Json:
    """A list, a mapping by id or by rule, or one of the models."""
    origin, arguments = get_origin(type), get_args(type)
    if origin in (Union, UnionType):  # `Day | None`: the key may be left out
        return _value(arguments[0])
    if origin is list:
        return {"type": "array", "items": _value(arguments[0])}
    if origin is dict and arguments[1] is Any:  # a section, which facts_schema completes
        return {}
    if origin is dict:
        return _reference("accept") if arguments[0] is str else _mapping(_value(arguments[1]))
    return _reference(_name(type))


def _reference(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


def _mapping(item: Json, **more: Any) -> Json:
    """Ids with what each stands for; the server shall not offer its word `property` where an id is wanted."""
    ids = {"allOf": [_reference("id")], "doNotSuggest": True}
    return {"type": "object", "additionalProperties": item, "propertyNames": ids, **more}


def _words(words: tuple[str, ...]) -> Json:
    """One of some words, with what each means; or as it stands in block form, a digit also in quotation marks."""
    listed: Json = {"enum": [int(word) if word.isdecimal() else word for word in words]}
    if words in MEANINGS:
        listed["enumDescriptions"] = [MEANINGS[words][word] for word in words]
    newlines = "*" if words[0].isdecimal() else "+"
    return _told_apart({"anyOf": [listed, _in_any_form(words, newlines)]})


def _in_any_form(words: Iterable[str], newlines: str = "*") -> Json:
    """One of the words; a text in block form ends in a newline. None has a character that is special in a pattern."""
    return {"type": "string", "pattern": rf"^(?:{'|'.join(words)})\n{newlines}$"}


def _told_apart(schema: Json) -> Json:
    """The schema with alternatives that the server does not take for one: a hover would show them all.

    It compares their titles, descriptions and properties; of these only the last are not shown.
    """
    if "anyOf" not in schema:
        return schema
    # What stands beside `$ref` is not read in draft 7.
    alternatives = ({"allOf": [item]} if "$ref" in item else item for item in schema["anyOf"])
    return {**schema, "anyOf": [{**item, "properties": {}} for item in alternatives]}


def _description(text: str) -> Json:
    plain = text.replace("`", "")
    return {"description": plain} | ({"markdownDescription": text} if plain != text else {})


@cache
def _docstrings() -> Mapping[str, Mapping[str, str]]:
    """Model → key → docstring; that of the model itself is under "".

    Read from the source when they are asked for: pydantic's `use_attribute_docstrings` reads it whenever the models
    are imported, which costs every command 35 ms.
    """
    tree = ast.parse(inspect.getsource(schema))
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return {node.name: {"": _one_line(ast.get_docstring(node)), **dict(_of_fields(node))} for node in classes}


def _of_fields(model: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement, following in pairwise(model.body):
        match statement, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, _one_line(text)


def _one_line(text: str | None) -> str:
    """The first paragraph."""
    return " ".join((text or "").partition("\n\n")[0].split())


# ---- What the rules and the loader add


def _read_or_not() -> Json:
    """A source that was not read must have other keys than one that was."""
    unread = _told_apart({"anyOf": [{"const": False}, _in_any_form(["false"])]})
    common = [key for key in SourceModel.required if key in SourceModel.required_unread]
    return {
        "required": common,
        "if": {"properties": {"consulted": unread}, "required": ["consulted"]},
        "then": {"required": list(SourceModel.required_unread)},
        "else": {"required": list(SourceModel.required)},
    }


def _one_number() -> Json:
    """One qualifier, a formula, or both ends of a range.

    Not `oneOf`: the server would say that "multiple schemas" match.
    """
    single = (*QUALIFIERS, "computed")
    message = f"must have exactly one of {', '.join(single)}; or low together with high"
    words = [*single, "low", "high"]
    alternatives = [*([word] for word in single), ["low", "high"]]
    rounded = "round is for a computed quantity; write the number as it is printed"
    return {
        "anyOf": [{"required": keys, "errorMessage": message} for keys in alternatives],
        "allOf": [
            {
                "if": {"required": [word]},
                "then": {"properties": dict.fromkeys(words[place:], False), "errorMessage": message},
            }
            for place, word in enumerate(single, start=1)
        ]
        + [{"if": {"required": ["round"]}, "then": {"required": ["computed"], "errorMessage": rounded}}],
    }


def _needs(kind: Kind) -> Json:
    """Rule kind-needs: what a fact of this kind must have."""
    article = "an" if kind.name[0] in "aeiou" else "a"
    must = [
        {"required": [key], "errorMessage": f'{article} {kind.name} must have "{key}"'} for key in kind.needs
    ]
    # A list or mapping with nothing in it is as good as none.
    several = (key for key in kind.needs if key in ("by", "quantities"))
    filled = {key: {"minItems": 1, "minProperties": 1, "doNotSuggest": True} for key in several}
    return {"if": _is_of([kind.name]), "then": {"allOf": must, "properties": filled}}


def _only(key: str) -> Json:
    """Rule kind-forbids: a key that facts of other kinds must not have."""
    others = [name for name in KINDS if name not in ONLY_OF[key]]
    message = f'only {" and ".join(ONLY_OF[key])} can have "{key}"'
    return {"if": _is_of(others), "then": {"properties": {key: False}, "errorMessage": message}}


def _is_of(kinds: list[str]) -> Json:
    return {"properties": {"kind": _in_any_form(kinds)}, "required": ["kind"]}


def _accept() -> Json:
    """Warnings that can be accepted, with what each finds."""
    found = (*rules_of(FactsRule), *rules_of(ProjectRule))
    warnings = (rule for rule in found if rule.level < Level.ERROR)
    known = {rule.id: _reference("reason") | _description(_one_line(rule.doc)) for rule in warnings}
    return {"type": "object", "properties": known, "additionalProperties": _reference("reason")}


# ---- What can be inserted


def _new_entries(section: str) -> Json:
    """Snippets for a new entry, within `then`: beside `type` the server would offer them behind `facts:`, too."""
    if section == "facts":
        snippets = [_snippet(f"new {kind.name}", kind.meaning, _new_fact(kind)) for kind in KINDS.values()]
    elif section == "sources":
        snippets = [
            _snippet("new source", "a work that was read", _NEW_SOURCE),
            _snippet("new source, not read", "a work that a source rests on", _NEW_UNREAD),
        ]
    else:
        return {}
    return {"if": {"type": "object"}, "then": {"defaultSnippets": snippets}}


def _snippet(label: str, meaning: str, text: str) -> Json:
    """`<name>` in a text is a place to fill in; those of one name are filled in at once."""
    names = list(dict.fromkeys(re.findall("<([a-z]+)>", text)))
    numbered = re.sub("<([a-z]+)>", lambda found: f"${names.index(found[1]) + 1}", text)
    return {"label": label, "description": meaning, "bodyText": numbered}


_NEW_SOURCE = """\
<id>:
  type: <type>
  level: <level>
  title: >
    <title>
  descriptor: >
    <descriptor>
  accessed: <accessed>"""
_NEW_UNREAD = """\
<id>:
  type: <type>
  title: >
    <title>
  consulted: false"""
_NEEDED = {
    "by": "by: <by>",
    "date": "date: <date>",
    "quantities": "quantities:\n    <name>: {value: <value>, unit: <unit>}",
    "instrument": "instrument: >\n    <instrument>",
    "force": "force: <force>",
    "if_wrong": "if_wrong: >\n    <wrong>",
    "settled_by": "settled_by: >\n    <settled>",
}


def _new_fact(kind: Kind) -> str:
    """A fact with what its kind must have, every text in block form."""
    needed = "".join(f"  {_NEEDED[key]}\n" for key in kind.needs)
    named = "{<by>} " if kind.attributed else "{<name>} " if "quantities" in kind.needs else ""
    return (
        f"<id>:\n  kind: {kind.name}\n{needed}  text: >\n    {named}<text>\n"
        "  cite:\n    - source: <source>\n      quote: >\n        <quote>"
    )
