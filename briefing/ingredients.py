"""A brief → fingerprints of what it was made from, each under a name; two lists of them → why it was built anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from briefing.brief import Brief
from briefing.extract import kept
from briefing.fingerprint import short

__all__ = ["PROGRAM", "ingredients", "reason"]

PROGRAM = "briefing itself"
"""The name of the program among what a brief was made from."""

_MOST_NAMED = 3
# Fingerprints of texts, which mean the same to any version of the program; those of its values do not.
_TEXTS = (
    "template ",
    "the file's title",
    "as_of",
    "the number of facts",
    "the style",
    "the page template",
    PROGRAM,
)


def ingredients(brief: Brief, house: Mapping[str, str]) -> dict[str, str]:
    """Name → fingerprint: the facts, sources and people that it carries, its templates, contract, and the house.

    `house` are texts by the name that a reason gives them.
    """
    facts = brief.facts
    carried = kept(brief)
    parts = {f"fact {one.fact.id}": short(repr(one.fact)) for one in brief.used}
    parts |= {f"fact {id}": short(repr(fact)) for id, fact in facts.facts.items() if id in carried["facts"]}
    parts |= {
        f"source {id}": short(repr(source))
        for id, source in facts.sources.items()
        if id in carried["sources"]
    }
    parts |= {
        f"person {id}": short(repr(person)) for id, person in facts.people.items() if id in carried["people"]
    }
    parts |= {f"template {file.path}": short(file.front, file.body) for file in brief.templates.values()}
    parts["the contract"] = short(repr(brief.audience.contract))
    parts["the file's title"] = short(facts.title)
    parts["as_of"] = short(facts.as_of.isoformat(), facts.dated.isoformat())
    parts["the number of facts on file"] = short(str(facts.on_file))
    return parts | {name: short(text) for name, text in house.items()}


def reason(before: Mapping[str, str], now: Mapping[str, str], others: Iterable[str] = ()) -> str:
    """`fact aid-since-2022 changed`, `source gao is new`; the first few, and how many more. Empty: nothing differs.

    Another version of the program may write the same fact in another way, so between two only texts are compared.
    """
    if before.get(PROGRAM) != now.get(PROGRAM):
        before, now = (
            {name: value for name, value in parts.items() if name.startswith(_TEXTS)}
            for parts in (before, now)
        )
    changes = [
        *others,
        *(f"{name} changed" for name in now if name in before and before[name] != now[name]),
        *(f"{name} is new" for name in now if name not in before),
        *(f"{name} is gone" for name in before if name not in now),
    ]
    more = len(changes) - _MOST_NAMED
    return "; ".join(changes[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
