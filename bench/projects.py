"""Folders that `briefing` can build: three briefs, a memo for each of many recipients, one long brief."""

from __future__ import annotations

import re
from pathlib import Path

from bench.subjects import facts_file

__all__ = [
    "NAME",
    "RECIPIENTS",
    "change_fact",
    "change_recipient",
    "long_brief",
    "mailing",
    "three_briefs",
    "without_recipient",
]

RECIPIENTS = "recipients.csv"
NAME = "Representative Jane Public"
"""Stands for a recipient where the tool is asked for the text of a memo, to prepare the raw stack's."""

_AUDIENCES = ("critique", "memo", "summary")
_FACTS, _SOURCES = 40, 8
# Four facts are in all three briefs, then come some that are in none, and each brief has seven of its own.
_SHARED, _OWN = 4, 7

_CONTRACT = """\
---
title: {title}
readers: readers of the {audience}
stance: neutral
{more}---
"""
_BODY = """\
{lead}## In brief

{{{{ facts(tag="shared")|join(" ") }}}}

## What is on record

{{% for f in facts(tag="{audience}", kind=["event", "figure", "provision", "statement"]) %}}
- {{{{ f }}}}
{{% endfor %}}

## What is expected

{{{{ facts(tag="{audience}", kind=["assessment", "projection"])|join(" ") }}}}

## Figures

{{{{ table((facts(tag="{audience}")|list)[:4], caption="Amounts by stage") }}}}
"""
_LONG = """\
---
title: Everything on file
stance: neutral
---
## What is known

{% for f in facts() %}
- {{ f }}
{% endfor %}
"""


def three_briefs(folder: Path) -> None:
    """The workload: 40 facts, 8 sources, three briefs of about 1,070 words on a page of text and two of sources."""
    _write(folder, "facts.yaml", _short_facts())
    for audience in _AUDIENCES:
        _write(folder, f"templates/{audience}.md.j2", _template(audience))


def mailing(folder: Path, count: int) -> None:
    """The memo of the workload, addressed to each of `count` recipients."""
    _write(folder, "facts.yaml", _short_facts())
    _write(folder, "templates/memo.md.j2", _template("memo", lead="For {{ recipient.name }}:\n\n"))
    rows = "".join(f"Representative {_word(number)} {number},office-{number}\n" for number in range(count))
    _write(folder, RECIPIENTS, f"name,slug\n{rows}")


def without_recipient(folder: Path) -> None:
    """The mailing's memo as a brief of its own, written out for one recipient: the text of all of them."""
    _write(folder, "facts.yaml", _short_facts())
    _write(folder, "templates/memo.md.j2", _template("memo", lead=f"For {NAME}:\n\n"))


def long_brief(folder: Path, count: int) -> None:
    """One brief that prints all of `count` facts."""
    _write(folder, "facts.yaml", facts_file(count))
    _write(folder, "templates/everything.md.j2", _LONG)


def change_fact(folder: Path) -> None:
    """Change the wording of a fact that one of the three briefs uses; a second change undoes the first."""
    path = folder / "facts.yaml"
    head, text, rest = path.read_text(encoding="utf-8").rpartition("    text: >\n")
    sentence, newline, rest = rest.partition("\n")
    sentence = (
        sentence.replace(" plot ", " lot ") if " plot " in sentence else sentence.replace(" lot ", " plot ")
    )
    path.write_text(f"{head}{text}{sentence}{newline}{rest}", encoding="utf-8")


def change_recipient(folder: Path) -> None:
    """Change the name of the recipient in the middle of the table; a second change undoes the first."""
    path = folder / RECIPIENTS
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    middle = len(lines) // 2
    title = "Senator" if lines[middle].startswith("Representative") else "Representative"
    lines[middle] = re.sub(r"^\w+", title, lines[middle])
    path.write_text("".join(lines), encoding="utf-8")


def _short_facts() -> str:
    return facts_file(_FACTS, sources=_SOURCES, tags=_audience_of)


def _audience_of(fact: int) -> str:
    from_the_end = (_FACTS - 1 - fact) // _OWN
    if from_the_end < len(_AUDIENCES):
        return _AUDIENCES[-1 - from_the_end]
    return "shared" if fact < _SHARED else "spare"


def _template(audience: str, lead: str = "") -> str:
    more = "memo: {to: Members and staff, from: Policy staff}\n" if audience == "memo" else ""
    head = _CONTRACT.format(title=f"The {audience} on the works", audience=audience, more=more)
    return head + _BODY.format(audience=audience, lead=lead)


def _word(number: int) -> str:
    """A made-up family name, so that memos differ in more than a number."""
    return "".join(chr(ord("a") + (number * step + step) % 26) for step in (3, 5, 7, 11)).capitalize()


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
