"""Problems → JUnit XML, which GitLab, Jenkins and others show as failed tests.

There is no standard. This is within what the schema of Jenkins's xunit plugin (junit-10.xsd) allows; no times.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from briefing.errors import Level, Problem
from briefing.report.order import by_file

__all__ = ["as_junit"]

# All but the characters of XML 1.0, 2.2.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A parser turns these into spaces or line feeds unless they are written as references (XML 1.0, 2.11 and 3.3.3).
_REFERENCES = {ord(character): f"&#{ord(character)};" for character in "\t\n\r\x7f"}


def as_junit(problems: Sequence[Problem], *, strict: bool = False) -> str:
    """One suite a file, one case a problem: errors fail, when `strict` also warnings; the others pass with a text.

    Without any problem there is one case, which passes, so that CI shows that something was looked at.
    """
    failing = Level.WARNING if strict else Level.ERROR
    suites = [line for path, found in by_file(problems).items() for line in _suite(path, found, failing)]
    totals = _totals(max(len(problems), 1), _failures(problems, failing))
    lines = _within("testsuites", {"name": "briefing check", **totals}, suites or _CLEAN)
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *lines])


def _suite(path: str, problems: Sequence[Problem], failing: Level) -> list[str]:
    totals = _totals(len(problems), _failures(problems, failing))
    cases = [
        line
        for name, problem in zip(_names(problems), problems, strict=True)
        for line in _case(name, problem, failing)
    ]
    return _within("testsuite", {"name": path, **totals}, cases)


def _names(problems: Iterable[Problem]) -> Iterator[str]:
    """`rule 12:5`, and `rule 12:5 (2)` for the next of that rule at that place: GitLab shows one case of a name."""
    seen: Counter[str] = Counter()
    for problem in problems:
        name = f"{problem.rule} {problem.location.line}:{problem.location.column}"
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _case(name: str, problem: Problem, failing: Level) -> list[str]:
    text = _text(str(problem))
    if problem.level >= failing:
        what = _attributes({"type": str(problem.level), "message": problem.message})
        content = f"<failure{what}>{text}</failure>"
    else:
        content = f"<system-out>{text}</system-out>"
    return _within("testcase", {"classname": problem.location.path, "name": name}, [content])


def _failures(problems: Iterable[Problem], failing: Level) -> int:
    return sum(1 for problem in problems if problem.level >= failing)


def _totals(tests: int, failures: int) -> dict[str, str]:
    return {"tests": str(tests), "failures": str(failures), "errors": "0"}


def _within(name: str, attributes: Mapping[str, str], content: Iterable[str]) -> list[str]:
    return [f"<{name}{_attributes(attributes)}>", *(f"  {line}" for line in content), f"</{name}>"]


def _attributes(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{_text(value)}"' for name, value in attributes.items())


def _text(text: str) -> str:
    """Text for an element or an attribute, ASCII only, which a parser reads as the same text.

    What XML cannot hold is shown as `\\u{…}`. `##` is written `#&#35;`, for CI logs obey commands that begin
    with it anywhere in a line.
    """
    possible = _NO_XML.sub(lambda match: f"\\u{{{ord(match[0]):x}}}", text)
    escaped = html.escape(possible).translate(_REFERENCES).replace("##", "#&#35;")
    return escaped.encode("ascii", "xmlcharrefreplace").decode("ascii")


_CLEAN = _within(
    "testsuite",
    {"name": "briefing check", **_totals(1, 0)},
    [f"<testcase{_attributes({'classname': 'briefing check', 'name': 'no problems'})}/>"],
)
