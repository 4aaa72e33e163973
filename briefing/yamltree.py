"""YAML text → a tree of nodes with their places; every scalar is kept as the text that was written.

The tree is built from libyaml's events while they stream, never by its loader: 414 bytes of aliases hang
whoever walks what the loader builds from them, and 30,000 levels of brackets end the process (SIGSEGV). What
a facts file has no use for (anchors, aliases, tags, `<<`, directives, a second document) is refused.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from briefing.textguard import forbidden_characters, stacked_marks
from briefing.yamlinput import ProblemLog, StopReadingError, decoded, parseable
from briefing.yamlmistakes import Failure, Finding, block_form, excerpt, explain
from briefing.yamlnodes import Mapping, Node, Scalar, Sequence, Tree

__all__ = ["Mapping", "Node", "Scalar", "Sequence", "Tree", "parse"]

MAX_NODES: Final = 400_000
MAX_DEPTH: Final = 16
MAX_KEY: Final = 200

# PyYAML may have been built without libyaml; its own parser is many times slower.
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What may stand behind the end of the document.
_NOTHING: Final = re.compile(r"[ \t]*(?:#.*)?(?:\n[ \t]*(?:#.*)?)*+")


def parse(text: str | bytes, path: str, *, first_line: int = 1) -> Tree:
    """The tree of a YAML text; never raises. `first_line`: where the text begins in the file at `path`."""
    log = ProblemLog(path, first_line)
    root = None
    lines: list[str] = []
    try:
        plain = decoded(text, log)
        lines = plain.split("\n")
        with _garbage_collection_off():
            root = _root(parseable(plain, log), lines, log)
    except StopReadingError:
        pass
    return Tree(root, log.in_order(), tuple(lines), path, first_line)


@contextmanager
def _garbage_collection_off() -> Iterator[None]:
    """Nothing built here is garbage, and looking for it takes a sixth of the time or more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _root(text: str, lines: list[str], log: ProblemLog) -> Node | None:
    builder = _Builder(log)
    try:
        end = builder.take_document(_LOADER(text).get_event)
    except yaml.MarkedYAMLError as error:
        finding = explain(_failure(error, lines, builder))
        line = lines[finding[0]] if finding[0] < len(lines) else ""
        if _is_to_be_removed(line):
            raise StopReadingError from None
        log.stop("syntax", *_as_arguments(finding))
    except (yaml.YAMLError, ValueError, OverflowError):
        # What escapes and tags decode to is not checked by the parsers: "!%ED%A0%80" is half a character.
        log.stop("syntax", "what follows here cannot be read", *builder.last_place())
    if type(end) is DocumentEndEvent:
        _refuse_more(text, end, lines, builder)
    return builder.root


def _refuse_more(text: str, end: Any, lines: list[str], builder: _Builder) -> None:
    """Anything behind the end of the document is either a second one or more text where none can be."""
    nothing = _NOTHING.match(text, end.end_mark.index)
    assert nothing
    rest = nothing.end()
    if rest == len(text):
        return
    line = text.count("\n", 0, rest)
    column = rest - text.rfind("\n", 0, rest) - 1
    if end.explicit or text.startswith(("---", "%"), rest):
        builder.log.stop("document", "a second document begins here; one file holds one", line, column)
    failure = Failure(lines, "expected a document", line, column, closed=builder.closed_on(line))
    builder.log.stop("syntax", *_as_arguments(explain(failure)))


def _is_to_be_removed(line: str) -> bool:
    """Whether nothing stands on a line but what was told of already as characters that may not stand in the file."""
    forbidden = {offset for offset, _ in forbidden_characters(line)}
    return bool(forbidden) and all(offset in forbidden or sign.isspace() for offset, sign in enumerate(line))


def _failure(error: yaml.MarkedYAMLError, lines: list[str], builder: _Builder) -> Failure:
    mark, opened = error.problem_mark, error.context_mark
    assert mark
    return Failure(
        lines,
        f"{error.context or ''} {error.problem}",
        mark.line,
        mark.column,
        (opened.line, opened.column) if opened else None,
        builder.closed_on(mark.line),
    )


def _as_arguments(finding: Finding) -> tuple[str, int, int]:
    line, column, message = finding
    return message, line, column


Entries = dict[str, tuple[Scalar, Node]]


class _OpenList:
    """A list that has begun and not yet ended."""

    __slots__ = ("items", "start")

    def __init__(self, start: Any) -> None:
        self.start = start
        self.items: list[Node] = []

    def add(self, node: Node) -> None:
        self.items.append(node)

    def node(self, line: int, column: int, flow: bool) -> Node:
        return Sequence(tuple(self.items), line, column, flow)


class _OpenMapping:
    """A mapping that has begun and not yet ended."""

    __slots__ = ("awaits_value", "entries", "key", "start", "usable")

    def __init__(self, start: Any, usable: Callable[[Node, Entries], Scalar | None]) -> None:
        self.start = start
        self.usable = usable
        self.entries: Entries = {}
        self.awaits_value = False
        self.key: Scalar | None = (
            None  # None when a value is awaited: the key was refused, its value goes too
        )

    def add(self, node: Node) -> None:
        if self.awaits_value:
            key = self.key
            if key is not None:
                self.entries[key.value] = (key, node)
            self.awaits_value = False
        else:
            self.key = self.usable(node, self.entries)
            self.awaits_value = True

    def node(self, line: int, column: int, flow: bool) -> Node:
        return Mapping(self.entries, line, column, flow)


class _Builder:
    """The nodes of one document, made from the events of a YAML parser."""

    def __init__(self, log: ProblemLog) -> None:
        self.log = log
        self.first_line = log.first_line
        self.top = _OpenList(None)  # what holds the root
        self.stack: list[_OpenList | _OpenMapping] = [self.top]
        self.event: Any = None
        self.last_flow: tuple[tuple[int, int], tuple[int, int]] | None = None

    @property
    def root(self) -> Node | None:
        return self.top.items[0] if self.top.items else None

    def take_document(self, next_event: Callable[[], Any]) -> Any:
        """Build the first document, and return the event of its end; nothing after it is looked at."""
        stack = self.stack
        room = MAX_NODES
        while True:
            event = self.event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                stack[-1].add(self.scalar(event))
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                node = self.finished()
                stack[-1].add(node)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self.begin(event)
                continue
            elif kind is AliasEvent:
                stack[-1].add(self.alias(event))
            elif kind is DocumentEndEvent or kind is StreamEndEvent:
                return event
            else:
                continue
            room -= 1
            if room < 0:
                self.log.stop("nodes", f"this holds more than {MAX_NODES:,} values", *self.last_place())

    def scalar(self, event: Any) -> Scalar:
        start = event.start_mark
        end = event.end_mark
        value = event.value
        style = event.style or ""
        last = end.line
        if style == '"':
            self.check_escapes(value, start)
        elif style in (">", "|"):
            value = value.rstrip("\n")
            last -= end.column == 0
        if event.tag or event.anchor:
            self.check_plain_data(event)
        first = self.first_line
        return Scalar(value, first + start.line, start.column + 1, first + last, style)

    def alias(self, event: Any) -> Scalar:
        mark = event.start_mark
        name = f"*{event.anchor}"
        message = f"{excerpt(name)} stands for a value elsewhere; write the value itself, or if this is text,"
        self.report("alias", f"{message} {self.block_form()}", mark)
        line = self.first_line + mark.line
        return Scalar(name, line, mark.column + 1, line, "")

    def begin(self, event: Any) -> None:
        if len(self.stack) > MAX_DEPTH:
            mark = event.start_mark
            self.log.stop("depth", f"this is more than {MAX_DEPTH} levels deep", mark.line, mark.column)
        if event.tag or event.anchor:
            self.check_plain_data(event)
        is_list = type(event) is SequenceStartEvent
        self.stack.append(_OpenList(event) if is_list else _OpenMapping(event, self.usable_key))

    def finished(self) -> Node:
        done = self.stack.pop()
        mark = done.start.start_mark
        if done.start.flow_style:
            self.last_flow = (mark.line, mark.column), self.last_place()
        return done.node(self.first_line + mark.line, mark.column + 1, done.start.flow_style)

    def usable_key(self, node: Node, entries: Entries) -> Scalar | None:
        """The key, unless it is none; what was refused is left out together with its value."""
        if (
            type(node) is Scalar
            and node.value not in entries
            and node.value != "<<"
            and len(node.value) <= MAX_KEY
        ):
            return node
        if not isinstance(node, Scalar):
            kind = "list" if isinstance(node, Sequence) else "mapping"
            rule, message = "key", f"a {kind} stands here as a key; if this is text, {self.block_form()}"
        elif node.value in entries:
            first = entries[node.value][0].line
            rule, message = "duplicate-key", f"{excerpt(node.value)} is already a key on line {first}"
        elif len(node.value) > MAX_KEY:
            rule, message = "key", f"the key {excerpt(node.value)} is longer than {MAX_KEY} characters"
        else:
            rule, message = "merge", '"<<" would copy another mapping to here; write its keys out'
        self.log.report(rule, message, node.line - self.first_line, node.column - 1)
        return None

    def check_plain_data(self, event: Any) -> None:
        """Anchors and tags; a text that begins with & or ! loses its first word to them."""
        if event.anchor:
            message = f"{excerpt('&' + event.anchor)} gives a name to what follows it; remove it"
            self.report("anchor", f"{message}, or if this is text, {self.block_form()}", event.start_mark)
        if event.tag:
            message = 'an exclamation mark at the beginning of a value names a type; remove "!"'
            self.report("tag", f"{message}, or if this is text, {self.block_form()}", event.start_mark)

    def check_escapes(self, value: str, mark: Any) -> None:
        """What must not stand in a text must not be written as an escape either."""
        for _, description in islice(forbidden_characters(value), 1):
            self.report("character", f"an escape in this text stands for {description}; remove it", mark)
        if stacked_marks(value) is not None:
            self.report("marks", "more than eight marks are stacked on one character in this text", mark)

    def report(self, rule: str, message: str, mark: Any) -> None:
        self.log.report(rule, message, mark.line, mark.column)

    def block_form(self) -> str:
        """How to write the value that is being read as a text."""
        for around in self.stack[:0:-1]:
            if isinstance(around, _OpenMapping) and around.awaits_value and around.key:
                return block_form(around.key.value)
            if isinstance(around, _OpenList) and not around.start.flow_style:
                return block_form(None)
        return block_form("key")

    def last_place(self) -> tuple[int, int]:
        mark = self.event.end_mark
        return mark.line, mark.column

    def closed_on(self, line: int) -> tuple[int, int] | None:
        """Where a value in quotes or brackets began, if it was the last thing read and ended on this line."""
        event = self.event
        if event is None or self.last_place()[0] != line:
            return None
        if isinstance(event, CollectionEndEvent):
            begun, ended = self.last_flow or (None, None)
            return begun if ended == self.last_place() else None
        if isinstance(event, AliasEvent) or getattr(event, "style", None) in ("'", '"'):
            mark: Any = event.start_mark
            return mark.line, mark.column
        return None
