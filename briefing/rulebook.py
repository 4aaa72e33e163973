"""The rules as a book: one explained, all as a page, some chosen for a run."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from briefing.errors import Level, Location, Problem, UsageError, did_you_mean
from briefing.rules import rules
from briefing.rules.base import Rule

__all__ = ["chosen", "doc", "explained", "of_rules", "page", "rule_names"]

_FAMILIES = {
    "source": "Sources: read before they are cited, described, each once, at an address one can trust.",
    "archive": "The kept texts of sources.",
    "quote": "Quotations, word for word.",
    "kind": "Kinds of facts, and who says so.",
    "status": "Facts that were disputed, superseded or retracted.",
    "corroboration": "How many independent sources a fact rests on.",
    "number": "Quantities.",
    "date": "Dates.",
    "text": "The sentence of a fact.",
    "language": "The language of the project.",
    "unknown": "Names that lead nowhere.",
    "accept": "Findings that were accepted.",
    "template": "Templates and the briefs they make.",
    "selection": "What a brief leaves out.",
    "import": "References of other programs (`briefing import`).",
    "recipients": "Tables of recipients (`--for`).",
    "keep": "Keeping the text of a source (`briefing keep`).",
    "mail": "Mail (`briefing send`, `mail.yaml`).",
    "schema": "The shape of the facts file and of contracts.",
    "yaml": "YAML.",
    "typeset": "Setting the page.",
    "cluster": "Setting the page on other machines (`--cluster`).",
    "system": "The machine.",
    "file": "Files.",
    "usage": "The command line.",
}
# What keeps a file from being read is always told: what was chosen could not be looked for.
_ALWAYS = ("yaml", "schema")


def doc(id: str) -> str:
    """What a rule finds, and why that matters; nothing for an id that is no rule's."""
    rule = rules().get(id)
    return rule.doc if rule else ""


def rule_names() -> list[str]:
    """Every rule, and every family that has any."""
    return list(dict.fromkeys([*rules(), *(rule.family for rule in rules().values())]))


def explained(name: str) -> str:
    """A rule, or a family of them, as text. UsageError for a name that is neither."""
    return "\n\n".join(f"{rule.id} ({rule.level})\n\n{rule.doc}" for rule in _named(name, "--explain"))


def _named(name: str, option: str) -> list[Rule]:
    book = rules()
    if name in book:
        return [book[name]]
    family = [rule for rule in book.values() if rule.family == name.rstrip("-*")]
    if not family:
        hint = did_you_mean(name, [*book, *_FAMILIES])
        message = f'{option}: there is no rule and no family "{name}"{hint}'
        raise UsageError(Problem(Location("command line"), Level.ERROR, message, "unknown-rule"))
    return family


def chosen(select: Sequence[str] | None, ignore: Sequence[str] | None) -> frozenset[str]:
    """The rules that are `select`ed (all, when none is) and not `ignore`d.

    Each entry is a list of rules or families with commas between. UsageError for a name that is neither.
    """
    wanted = set(_ids(select, "--select")) or set(rules())
    return frozenset(wanted.difference(_ids(ignore, "--ignore")))


def of_rules(wanted: Container[str], problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """What leaves of some problems those of these rules, and those that no choice of rules hides."""
    return tuple(
        problem for problem in problems if problem.rule in wanted or problem.rule.startswith(_ALWAYS)
    )


def _ids(names: Sequence[str] | None, option: str) -> Iterator[str]:
    for name in ",".join(names or ()).split(","):
        if name.strip():
            yield from (rule.id for rule in _named(name.strip(), option))


def page() -> str:
    """All rules as Markdown, by family: what `docs/rules.md` holds."""
    return _HEAD + "\n".join(_section(family, words) for family, words in _FAMILIES.items())


_HEAD = """\
# Rules

What `briefing check` and `briefing build` look for, made from the rules themselves (`briefing check --explain RULE`
prints one). An error bars what it is about from every brief. A warning or note can be accepted where it stands,
with a reason:

- in the facts file, `accept: {rule: reason}` on the fact or source;
- in a template, `{# accept rule: reason #}` on the line or the line above; at the head of a template, for all of it.

"""


def _section(family: str, words: str) -> str:
    entries = [rule for rule in rules().values() if rule.family == family]
    rows = "\n".join(f"### {rule.id}\n\n*{str(rule.level).capitalize()}.* {rule.doc}\n" for rule in entries)
    return f"## {family.capitalize()}\n\n{words}\n\n{rows}"
