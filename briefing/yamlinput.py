"""Bytes or text from anywhere → text that may be handed to a YAML parser, and the problems found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import Final, NoReturn

from briefing.errors import Level, Location, Problem
from briefing.textguard import forbidden_characters, stacked_marks
from briefing.yamlmistakes import excerpt

__all__ = ["ProblemLog", "StopReadingError", "decoded", "parseable"]

MAX_BYTES: Final = 8_000_000
MAX_CHARACTERS_REPORTED: Final = 20
MAX_PROBLEMS_REPORTED: Final = 200
# Counting on to the end of 8 MB that are nothing but problems takes seconds.
MAX_PROBLEMS_COUNTED: Final = 500

# Blank lines, comments and directives before anything else.
_HEAD: Final = re.compile(r"(?:\n++|[ \t]*(?:#.*)?\n|%.*\n)*+(?:%.*)?")


class StopReadingError(Exception):
    """Reading cannot or must not go on; the reason is among the problems."""


class ProblemLog:
    """The problems of one text that stands in the file at `path` from `first_line` on."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.problems: list[Problem] = []

    def report(self, rule: str, message: str, line: int = 0, column: int = 0) -> None:
        """Note a problem; line and column count from 0, as YAML's parsers do."""
        location = Location(self.path, self.first_line + line, column + 1)
        self.problems.append(Problem(location, Level.ERROR, message, f"yaml-{rule}"))
        if len(self.problems) > MAX_PROBLEMS_COUNTED:
            raise StopReadingError

    def stop(self, rule: str, message: str, line: int = 0, column: int = 0) -> NoReturn:
        self.report(rule, message, line, column)
        raise StopReadingError

    def in_order(self) -> tuple[Problem, ...]:
        """The first 200 problems by place, and how many more there are."""
        problems = sorted(self.problems, key=Problem.sort_key)
        rest = problems[MAX_PROBLEMS_REPORTED:]
        if not rest:
            return tuple(problems)
        message = f"and {_count(len(rest), len(problems))} more problems from here on"
        closing = Problem(rest[0].location, Level.ERROR, message, "yaml-more")
        return (*problems[:MAX_PROBLEMS_REPORTED], closing)


def decoded(text: str | bytes, log: ProblemLog) -> str:
    """The text without a byte order mark and with plain newlines, as libyaml and editors count lines."""
    if _is_too_large(text):
        log.stop("size", f"this is larger than {MAX_BYTES // 1_000_000} MB; a facts file is prose, not data")
    return _with_plain_newlines(text if isinstance(text, str) else _unicode(text, log))


def parseable(text: str, log: ProblemLog) -> str:
    """The text with a stand-in for all that a parser should not see; every place in it stays the same."""
    return _without_directives(_without_forbidden(text, log), log)


def _is_too_large(text: str | bytes) -> bool:
    if len(text) > MAX_BYTES or isinstance(text, bytes) or text.isascii():
        return len(text) > MAX_BYTES
    return len(text.encode(errors="surrogatepass")) > MAX_BYTES


def _unicode(text: bytes, log: ProblemLog) -> str:
    if text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in text[:4]:
        log.stop("encoding", "this is UTF-16 or UTF-32, or no text at all; save the file as UTF-8")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        before = _with_plain_newlines(text[: error.start].decode())
        message = f"byte {text[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        log.stop("encoding", message, *next(_places(before, [len(before)])))


def _without_forbidden(text: str, log: ProblemLog) -> str:
    found = list(islice(forbidden_characters(text), MAX_PROBLEMS_COUNTED + 1))
    rest = len(found) - MAX_CHARACTERS_REPORTED
    places = _places(text, (offset for offset, _ in found))
    for (_, description), place in zip(found[:MAX_CHARACTERS_REPORTED], places, strict=False):
        log.report("character", f"remove {description}", *place)
    if rest > 0:
        log.report(
            "character", f"and {_count(rest, len(found))} more such characters from here on", *next(places)
        )
    if len(found) > MAX_PROBLEMS_COUNTED:
        raise StopReadingError
    if (stack := stacked_marks(text)) is not None:
        place = next(_places(text, [stack]))
        log.report("marks", "more than eight marks are stacked on one character here", *place)
    edges = [-1, *(offset for offset, _ in found), len(text)]
    return "\ufffd".join(text[left + 1 : right] for left, right in pairwise(edges))


def _without_directives(text: str, log: ProblemLog) -> str:
    """Directives become comments: 20,000 take libyaml half a second, twice as many four times that."""
    head = _HEAD.match(text)
    assert head
    directives = re.compile(r"^%.*", re.MULTILINE)
    places = _places(text, (match.start() for match in directives.finditer(head[0])))
    for match, place in zip(directives.finditer(head[0]), places, strict=True):
        message = f"remove {excerpt(match[0])}; a line that begins with % instructs a YAML program"
        log.report("directive", message, *place)
    return re.sub("(?m)^%", "#", head[0]) + text[head.end() :]


def _with_plain_newlines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _places(text: str, offsets: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Line and column of each of the ascending offsets; every line is counted once."""
    line = counted = 0
    for offset in offsets:
        line += text.count("\n", counted, offset)
        counted = offset
        yield line, offset - text.rfind("\n", 0, offset) - 1


def _count(rest: int, found: int) -> str:
    return f"at least {rest}" if found > MAX_PROBLEMS_COUNTED else str(rest)
