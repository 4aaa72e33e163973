"""A brief → the facts file that its document carries: what it rests on, and nothing else of the office's file.

Written from the texts of the file and not from what was made of them, so that whoever loads it gets the same facts.
Comments stay at home, and so do facts that the brief does not use: where one is only referred to, its id is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from briefing.brief import Brief
from briefing.facts import Fact, Facts
from briefing.load import Loaded, plain
from briefing.schema import FactModel, PersonModel, Shape, SourceModel
from briefing.tongues import DEFAULT

__all__ = ["extract", "kept"]

_MODELS: Mapping[str, type[Shape]] = {"people": PersonModel, "sources": SourceModel, "facts": FactModel}
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def extract(loaded: Loaded, brief: Brief, locale: str) -> str:
    """YAML of schema 1, the same for the same facts: keys in the order of the format, texts on single lines.

    `locale` is that of the project.
    """
    facts = brief.facts
    ids = kept(brief)
    data = plain(loaded.places.tree.root)
    head = {key: _tidy(data[key]) for key in ("schema", "title", "as_of", "dated") if key in data}
    numbers = {id: str(source.number) for id, source in facts.sources.items() if id in ids["sources"]}
    elsewhere = sorted({id for fact in _with_their_basis(brief) for id in _named(fact)} - ids["facts"])
    sections = {
        name: {id: _entry(_MODELS[name], data[name][id]) for id in data.get(name, {}) if id in those}
        for name, those in ids.items()
        if those
    }
    if "people" in sections:  # alone among these, their order says nothing
        sections["people"] = dict(sorted(sections["people"].items()))
    said = {
        "facts": str(facts.on_file),
        "numbers": numbers,
        **({"elsewhere": elsewhere} if elsewhere else {}),
        **({"locale": locale} if locale != DEFAULT else {}),
    }
    return as_yaml({**head, "extract": said, **sections})


def as_yaml(data: Any) -> str:
    """Texts, lists and mappings as YAML, in their order."""
    text: str = yaml.dump(
        data, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100, default_flow_style=False
    )
    return text


def kept(brief: Brief) -> Mapping[str, set[str]]:
    """The ids of the people, sources and facts that a document carries."""
    included = _with_their_basis(brief)
    return {
        "people": _people(brief, included),
        "sources": _sources(brief.facts, included),
        "facts": {fact.id for fact in included},
    }


def _with_their_basis(brief: Brief) -> list[Fact]:
    """The facts used or named as gone, and those that computed quantities are computed from, in the file's order."""
    wanted = {*(one.fact.id for one in brief.used), *brief.gone}
    wanted |= {fact.id for id in wanted for fact in brief.facts.basis(brief.facts.facts[id])}
    return [fact for fact in brief.facts.facts.values() if fact.id in wanted]


def _people(brief: Brief, included: Iterable[Fact]) -> set[str]:
    named = {name for fact in included for name in (*fact.by, *fact.placeholders)}
    return {*brief.named, *named} & brief.facts.people.keys()


def _sources(facts: Facts, included: Iterable[Fact]) -> set[str]:
    """Those that the facts cite, and all that these rest on."""
    wanted: set[str] = set()
    todo = [cite.source for fact in included for cite in fact.cite]
    while todo:
        id = todo.pop()
        if id in facts.sources and id not in wanted:
            wanted.add(id)
            todo += facts.sources[id].derived_from
    return wanted


def _named(fact: Fact) -> Iterator[str]:
    """The ids of other facts that a fact refers to."""
    yield from filter(None, (fact.supersedes,))
    yield from (*fact.contradicts, *fact.depends_on)
    yield from (one.fact for one in fact.compare)


def _entry(model: type[Shape], item: Any) -> Any:
    order = [field.alias or name for name, field in model.model_fields.items()]
    return {key: _tidy(item[key], named=key == "quantities") for key in order if key in item}


def _tidy(value: Any, *, named: bool = False) -> Any:
    """The value with its keys in order, but for those that are `named` by the office: there the first counts."""
    if isinstance(value, dict):
        keys = list(value) if named else sorted(value)
        return {key: _tidy(value[key]) for key in keys}
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    return " ".join(value.split())
