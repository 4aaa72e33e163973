"""Problems → SARIF 2.1.0, the format in which code scanning services read findings (OASIS, 27 March 2020)."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import quote

from briefing import __version__
from briefing.errors import Level, Problem
from briefing.prose import ends_in_abbreviation
from briefing.report.data import as_json

__all__ = ["as_sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SURROGATE = re.compile("[\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.?!](?=\s|$)")


def as_sarif(problems: Sequence[Problem], docs: Callable[[str], str]) -> str:
    """One run with its rules and results; `docs(rule)` is a rule's documentation, empty where it has none."""
    rules = sorted({problem.rule for problem in problems})
    run = {
        "tool": {
            "driver": {
                "name": "briefing",
                "version": __version__,
                "rules": [_rule(rule, docs(rule), _worst(rule, problems)) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": list(_results(problems, {rule: index for index, rule in enumerate(rules)})),
    }
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: str, doc: str, level: Level) -> dict[str, object]:
    text = _message(inspect.cleandoc(doc) or rule)
    return {
        "id": _characters(rule),
        "shortDescription": {"text": _first_sentence(text)},
        "fullDescription": {"text": text},
        # Code scanning on GitHub shows this text beside a finding, not the two above.
        "help": {"text": text},
        "defaultConfiguration": {"level": str(level)},
    }


def _worst(rule: str, problems: Iterable[Problem]) -> Level:
    return max(problem.level for problem in problems if problem.rule == rule)


def _results(problems: Iterable[Problem], indices: dict[str, int]) -> Iterator[dict[str, object]]:
    seen: Counter[str] = Counter()
    for problem in problems:
        fingerprint = _fingerprint(problem)
        seen[fingerprint] += 1
        yield {
            "ruleId": _characters(problem.rule),
            "ruleIndex": indices[problem.rule],
            "level": str(problem.level),
            "message": {"text": _message(problem.message)},
            "locations": [{"physicalLocation": _place(problem)}],
            "partialFingerprints": {"ruleAndMessage/v1": f"{fingerprint}:{seen[fingerprint]}"},
        }


def _fingerprint(problem: Problem) -> str:
    """What stays the same when lines move: rule, path and message."""
    what = "\0".join((problem.rule, problem.location.path, problem.message))
    return hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _place(problem: Problem) -> dict[str, object]:
    return {
        "artifactLocation": {"uri": _uri(problem.location.path)},
        "region": {"startLine": problem.location.line, "startColumn": problem.location.column},
    }


def _uri(path: str) -> str:
    """A path as a URI reference (RFC 3986), relative where the path is; a colon in it makes no scheme."""
    escaped = quote(_path_bytes(path), safe="/")
    return f"file:///{escaped.lstrip('/')}" if path.startswith("/") else escaped


def _path_bytes(path: str) -> bytes:
    """The bytes of a file name, also of one that is no UTF-8 (Python holds its bytes as surrogates)."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def _message(text: str) -> str:
    """Text as a plain text message, in which `[words](target)` would be a link (SARIF 3.11.6).

    Brackets alone are only brackets there. Braces stay, too: what SARIF 3.11.5 has them doubled for, placeholders,
    readers fill in only in messages that come with arguments.
    """
    return _characters(text).replace("](", "]\\u{28}")


def _characters(text: str) -> str:
    """Text without halves of characters, which stricter JSON readers refuse (RFC 8259, 8.2)."""
    return _SURROGATE.sub(lambda match: f"\\u{{{ord(match[0]):x}}}", text)


def _first_sentence(text: str) -> str:
    paragraph = re.split(r"\n\s*\n", text, maxsplit=1)[0]
    line = " ".join(paragraph.split())
    ends = (match.end() for match in _SENTENCE_END.finditer(line))
    return next((line[:end] for end in ends if not ends_in_abbreviation(line[:end])), line)
