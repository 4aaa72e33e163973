"""Where and how YAML gave up on a text → the place of the mistake, and what to write instead.

The writers of facts files know no YAML. So a message says which characters made it read the text as something
else, and shows the block form, in which a text needs no quoting at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from briefing.textguard import forbidden_characters

__all__ = ["Failure", "Finding", "block_form", "excerpt", "explain"]

Finding = tuple[int, int, str]  # line and column, counted from 0 as YAML's parsers do, and a message


@dataclass(frozen=True, slots=True)
class Failure:
    """What is known when a parser gives up; lines and columns count from 0."""

    lines: Sequence[str]
    wording: str  # its own words
    line: int
    column: int
    opened: tuple[int, int] | None = None  # where that begins which it was reading
    closed: tuple[int, int] | None = None  # where a quoted or bracketed value begins that ended on this line


@dataclass(frozen=True, slots=True)
class _Value:
    """What stands behind a key or a dash, from where it begins to the end of its line."""

    line: int
    column: int
    text: str
    key: str | None  # None: an item of a list


# Indentation and dashes, a key with its colon, and a value.
_STATEMENT: Final = re.compile(
    r"(?P<lead>\s*+)(?P<dashes>(?:-\s++)*+)(?:(?P<key>[\w$][^:#]*+(?::\S[^:#]*+)*+):(?:\s++|$))?(?P<value>.*)"
)

# How a value begins, and what YAML makes of it.
_BEGINNINGS: Final = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"\{", "begins with a brace, so YAML reads it as a mapping"),
        (r"\[", "begins with a bracket, so YAML reads it as a list"),
        (r"[\"']", "begins with a quotation mark, so YAML takes the text to end at the next one"),
        (r"\*", "begins with an asterisk, which YAML reads as a reference to another value"),
        (r"&", "begins with an ampersand, which YAML reads as a name for what follows"),
        (r"!", "begins with an exclamation mark, which YAML reads as the name of a type"),
        (r"[|>]", "begins on the line of the > or |, where YAML expects nothing more"),
        (r"-\s", "begins with a dash, so YAML reads it as an item of a list"),
        (r"\?\s", "begins with a question mark and a space, which YAML keeps for itself"),
        (r":\s", "begins with a colon, and no key stands before it"),
        (r"%", "begins with a percent sign, which YAML keeps for itself"),
        (r"[@`]", "begins with a character that YAML keeps for itself"),
        (r"[\]},]", "begins with a character that YAML keeps for lists and mappings"),
    )
)

# A parser's words, whether the mistake lies where that began which it was reading or where it gave up, and
# the message. libyaml and PyYAML's own parser word things differently.
_WORDINGS: Final = tuple(
    (re.compile(pattern), at_its_beginning, message)
    for pattern, at_its_beginning, message in (
        (
            "could not find expected ':'",
            True,
            "{text} is neither a key with a colon nor indented as part of a text above it; {repair}",
        ),
        (
            "block collection.*expected",
            False,
            '{text} stands where the next item of a list is expected; begin it with "- ", or begin it in the '
            "same column as the key that it belongs with",
        ),
        (
            "block sequence entries are not allowed",
            False,
            "{text} is an item of a list where no list can begin; put every item on its own line, indented",
        ),
        (
            "block mapping.*expected",
            False,
            "{text} does not fit under the lines above it; begin it in the same column as the lines that it "
            "belongs with",
        ),
    )
)
_MOST_OF_A_KEY: Final = 1024
_GENERAL: Final = (
    "{text} cannot be read; look at the quotation marks, colons and indentation here, or {repair}"
)


def explain(failure: Failure) -> Finding:
    """The place of the mistake and a message in plain English."""
    rules = (_tab, _endless_key, _bad_escape, _unclosed_quote, _unclosed_bracket, _beginning, _colon, _worded)
    findings = (rule(failure) for rule in rules)
    return next((finding for finding in findings if finding), _general(failure))


def block_form(key: str | None) -> str:
    """How to write a text so that nothing in it means anything to YAML; `key`: None for an item of a list."""
    opening = "- >" if key is None else f"{_cut(key)}: >"
    return f'write "{opening}" and put the text on the next line, indented'


def excerpt(text: str) -> str:
    """The beginning of a text in quotation marks, if it holds none itself."""
    shown = _cut(text.lstrip())
    return shown if '"' in shown else f'"{shown}"'


def _cut(text: str, length: int = 40) -> str:
    """The beginning of a text, as far as it can be shown: escapes for a terminal must not reach one from here."""
    shown = " ".join(text[: 2 * length].split())
    for offset, _ in forbidden_characters(shown):
        shown = f"{shown[:offset]}\ufffd{shown[offset + 1 :]}"
    return shown if len(shown) <= length else shown[: length - 1].rstrip() + "…"


def _tab(failure: Failure) -> Finding | None:
    line = _line(failure, failure.line)
    statement = _statement(line)
    indentation = line[: statement.end("dashes")]
    if "\t" not in indentation or failure.column > len(indentation):
        return None
    return failure.line, indentation.index("\t"), "this line is indented with a tab; indent it with spaces"


def _endless_key(failure: Failure) -> Finding | None:
    """A key of more characters than YAML looks for its colon in; a parser tells it of that line, or of the next."""
    for number in (failure.line, failure.line - 1):
        text = _line(failure, number) if number >= 0 else ""
        if len(text) > _MOST_OF_A_KEY and (key := _statement(text)["key"]) and len(key) > _MOST_OF_A_KEY:
            message = f"{excerpt(key)} is a key of {len(key):,} characters, and YAML reads {_MOST_OF_A_KEY:,} at most"
            return number, _indentation(text), f"{message}; write a shorter one"
    return None


def _bad_escape(failure: Failure) -> Finding | None:
    if not re.search("quoted scalar.*(escape|hexdecimal)", failure.wording):
        return None
    repair = block_form(_value(failure, failure.line).key)
    message = f"between double quotation marks a backslash begins a code, and this is none; {repair}"
    # libyaml points at the backslash or at the digits of its code, PyYAML's own parser behind the backslash.
    return failure.line, _line(failure, failure.line).rfind("\\", 0, failure.column + 1), message


def _unclosed_quote(failure: Failure) -> Finding | None:
    if "unexpected end of stream" not in failure.wording or not failure.opened:
        return None
    line, column = failure.opened
    value = _value(failure, line)
    if value.column < column and _reason(value):
        return _misread(value)
    text = _line(failure, line)[column + 1 :]
    message = f"the quotation mark before {excerpt(text)} is never closed; {block_form(value.key)}"
    return line, column, message


def _unclosed_bracket(failure: Failure) -> Finding | None:
    """A list or mapping on one line that is not closed, or holds a text that needs quoting."""
    if "expected ',' or" in failure.wording and failure.opened:
        line, column = failure.opened
    else:
        value = _value(failure, failure.line)
        line, column = value.line, value.column
        read = value.text[: max(failure.column - column, 0)]
        if not any(read.startswith(a) and read.count(a) > read.count(z) for a, z in ("[]", "{}")):
            return None
    opening = _line(failure, line)[column : column + 1]
    repair = block_form(_value(failure, line).key)
    return line, column, f"{_UNCLOSED.get(opening, _UNCLOSED['['])}, or if this is text, {repair}"


_UNCLOSED: Final = {
    "[": "this bracket is not closed as YAML expects, with commas between the items; write one item "
    "per line, each behind a dash",
    "{": "this brace is not closed as YAML expects, with commas between the items; write one key per line",
}


def _beginning(failure: Failure) -> Finding | None:
    """A value on this line, or one that ended on it, that YAML took for something else than text."""
    if failure.closed:
        line, column = failure.closed
        value = _Value(line, column, _line(failure, line)[column:], _value(failure, line).key)
    else:
        value = _value(failure, failure.line)
    if (value.line, value.column) > (failure.line, failure.column) or not _reason(value):
        return None
    return _misread(value)


def _colon(failure: Failure) -> Finding | None:
    """A second colon in one line, or a line with a colon that YAML reads as part of the text above it."""
    if not failure.wording.strip().startswith("mapping values are not allowed"):
        return None
    value = _value(failure, failure.line)
    if value.column <= failure.column:
        text = value.text or _line(failure, value.line)
        message = f"{excerpt(text)} contains a colon and a space, which YAML reads as the end of a key"
        return failure.line, failure.column, f"{message}; {block_form(value.key)}"
    return _deeper_than_its_key(failure) or _no_colon_above(failure)


def _deeper_than_its_key(failure: Failure) -> Finding | None:
    owner = _owner(failure, failure.line)
    if not owner or not owner.text.strip():
        return None
    text = _line(failure, failure.line)
    message = (
        f"{excerpt(text)} is indented deeper than what stands above it, so YAML reads it as more of the text "
        f"there; begin a key in the same column as the key above, or if this is text, {block_form(owner.key)}"
    )
    return failure.line, _indentation(text), message


def _no_colon_above(failure: Failure) -> Finding | None:
    above = next(_lines_above(failure, failure.line), None)
    if above is None:
        return None
    text = _line(failure, above)
    return (
        above,
        _indentation(text),
        f"{excerpt(text)} is no key, for it has no colon behind it, and no text of one",
    )


def _worded(failure: Failure) -> Finding | None:
    for pattern, at_its_beginning, message in _WORDINGS:
        if pattern.search(failure.wording):
            here = failure.line, failure.column
            line, column = failure.opened if at_its_beginning and failure.opened else here
            return line, column, _filled(failure, message, line, column)
    return None


def _general(failure: Failure) -> Finding:
    line, column = failure.line, failure.column
    return line, column, _filled(failure, _GENERAL, line, column)


def _filled(failure: Failure, message: str, line: int, column: int) -> str:
    text = _line(failure, line)[column:].strip() or _line(failure, line).strip()
    repair = block_form(_value(failure, line).key)
    return message.format(text=excerpt(text) if text else "this", repair=repair)


def _misread(value: _Value) -> Finding:
    text = value.text.lstrip("|> ") if value.text[:1] in ("|", ">") else value.text
    return value.line, value.column, f"{excerpt(text)} {_reason(value)}; {block_form(value.key)}"


def _reason(value: _Value) -> str | None:
    return next((reason for pattern, reason in _BEGINNINGS if pattern.match(value.text)), None)


def _value(failure: Failure, line: int) -> _Value:
    """The value on a line; its key may stand on a line above it."""
    statement = _statement(_line(failure, line))
    key = statement["key"]
    if key is None and not statement["dashes"]:
        owner = _owner(failure, line)
        key = owner.key if owner else "key"
    return _Value(line, statement.start("value"), statement["value"], key)


def _owner(failure: Failure, line: int) -> _Value | None:
    """The key or the list item that a line is indented under."""
    indentation = _indentation(_line(failure, line))
    for number in _lines_above(failure, line):
        text = _line(failure, number)
        if _indentation(text) < indentation:
            statement = _statement(text)
            known = statement["key"] is not None or statement["dashes"]
            return _Value(
                number, statement.start("value"), statement["value"], statement["key"] if known else "key"
            )
    return None


def _statement(line: str) -> re.Match[str]:
    statement = _STATEMENT.match(line)
    assert statement
    return statement


def _lines_above(failure: Failure, line: int) -> Iterator[int]:
    """The numbers of the lines with text above this one, from below; not many, for there may be millions."""
    numbers = range(min(line, len(failure.lines)) - 1, -1, -1)
    return (number for number in islice(numbers, 1000) if failure.lines[number].strip())


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip())


def _line(failure: Failure, number: int) -> str:
    return failure.lines[number] if number < len(failure.lines) else ""
