"""YAML text → a tree of nodes with their places; every scalar is kept as the text that was written.

The tree is built from libyaml's events while they stream, never by its loader: 414 bytes of aliases hang
whoever walks what the loader builds from them, and 30,000 levels of brackets end the process (SIGSEGV). What
a facts file has no use for (anchors, aliases, tags, `<<`, directives, a second document) is refused.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

import yaml

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
    """Nothing built here is garbage, and looking for it takes two thirds of the time."""
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
        end = builder.take_document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        log.stop("syntax", *_as_arguments(explain(_failure(error, lines, builder))))
    except (yaml.YAMLError, ValueError, OverflowError):
        # What escapes and tags decode to is not checked by the parsers: "!%ED%A0%80" is half a character.
        log.stop("syntax", "what follows here cannot be read", *builder.last_place())
    if end is not None:
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


class _Open:
    """A list or mapping that has begun and not yet ended."""

    __slots__ = ("column", "end", "entries", "flow", "has_key", "items", "key", "keys", "line")

    def __init__(self, event: Any, keys: dict[str, Scalar] | None) -> None:
        self.line: int = event.start_mark.line
        self.column: int = event.start_mark.column
        self.flow: bool = event.flow_style
        self.end: tuple[int, int] | None = None
        self.keys = keys  # None: a list
        self.items: list[Node] = []
        self.entries: list[tuple[Scalar, Node]] = []
        self.has_key = False
        self.key: Scalar | None = None  # None with `has_key`: one that was refused, and its value with it


class _Builder:
    """The nodes of one document, made from the events of a YAML parser."""

    def __init__(self, log: ProblemLog) -> None:
        self.log = log
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.count = 0
        self.event: Any = None
        self.last_flow: _Open | None = None

    def take_document(self, events: Iterable[Any]) -> Any:
        """Build the first document, and return the event of its end; nothing after it is looked at."""
        takers = {
            yaml.ScalarEvent: self.take_scalar,
            yaml.AliasEvent: self.take_alias,
            yaml.SequenceStartEvent: self.begin_sequence,
            yaml.MappingStartEvent: self.begin_mapping,
            yaml.SequenceEndEvent: self.end_sequence,
            yaml.MappingEndEvent: self.end_mapping,
        }
        for event in events:
            self.event = event
            taker = takers.get(type(event))
            if taker:
                taker(event)
            elif type(event) is yaml.DocumentEndEvent:
                return event
        return None

    def take_scalar(self, event: Any) -> None:
        start = event.start_mark
        style = event.style or ""
        value = event.value
        end = event.end_mark
        end_line = end.line
        if style == '"':
            self.check_escapes(value, start)
        elif style in (">", "|"):
            value = value.rstrip("\n")
            end_line -= end.column == 0
        if event.tag or event.anchor:
            self.check_plain_data(event)
        first = self.log.first_line
        self.add(Scalar(value, first + start.line, start.column + 1, first + end_line, style))

    def take_alias(self, event: Any) -> None:
        mark = event.start_mark
        name = f"*{event.anchor}"
        message = f"{excerpt(name)} stands for a value elsewhere; write the value itself, or if this is text,"
        self.report("alias", f"{message} {self.block_form()}", mark)
        line = self.log.first_line + mark.line
        self.add(Scalar(name, line, mark.column + 1, line, ""))

    def begin_sequence(self, event: Any) -> None:
        self.begin(event, None)

    def begin_mapping(self, event: Any) -> None:
        self.begin(event, {})

    def begin(self, event: Any, keys: dict[str, Scalar] | None) -> None:
        if len(self.stack) == MAX_DEPTH:
            mark = event.start_mark
            self.log.stop("depth", f"this is more than {MAX_DEPTH} levels deep", mark.line, mark.column)
        if event.tag or event.anchor:
            self.check_plain_data(event)
        self.stack.append(_Open(event, keys))

    def end_sequence(self, _: Any) -> None:
        done = self.stack.pop()
        first = self.log.first_line
        self.end(done, Sequence(tuple(done.items), first + done.line, done.column + 1, done.flow))

    def end_mapping(self, _: Any) -> None:
        done = self.stack.pop()
        first = self.log.first_line
        self.end(done, Mapping(tuple(done.entries), first + done.line, done.column + 1, done.flow))

    def end(self, done: _Open, node: Node) -> None:
        if done.flow:
            self.last_flow = done
            done.end = self.last_place()
        self.add(node)

    def add(self, node: Node) -> None:
        """Put a finished node where it belongs: into the list or mapping around it, or at the root."""
        self.count += 1
        if self.count > MAX_NODES:
            self.log.stop("nodes", f"this holds more than {MAX_NODES:,} values", *self.last_place())
        if not self.stack:
            self.root = node
            return
        around = self.stack[-1]
        if around.keys is None:
            around.items.append(node)
        elif not around.has_key:
            around.key = self.usable_key(node, around.keys)
            around.has_key = True
        else:
            if around.key:
                around.entries.append((around.key, node))
            around.has_key = False

    def usable_key(self, node: Node, keys: dict[str, Scalar]) -> Scalar | None:
        """The key, unless it is none; what was refused is left out together with its value."""
        if not isinstance(node, Scalar):
            kind = "list" if isinstance(node, Sequence) else "mapping"
            message = f"a {kind} stands here as a key; if this is text, {self.block_form()}"
        elif node.value == "<<" and not node.style:
            self.report_node("merge", '"<<" would copy another mapping to here; write its keys out', node)
            return None
        elif first := keys.get(node.value):
            self.report_node(
                "duplicate-key", f"{excerpt(node.value)} is already a key on line {first.line}", node
            )
            return None
        elif len(node.value) > MAX_KEY:
            message = f"the key {excerpt(node.value)} is longer than {MAX_KEY} characters"
        else:
            keys[node.value] = node
            return node
        self.report_node("key", message, node)
        return None

    def check_plain_data(self, event: Any) -> None:
        """Anchors and tags; a text that begins with & or ! loses its first word to them."""
        if event.anchor:
            message = f"{excerpt('&' + event.anchor)} gives a name to what follows it; remove it"
            self.report("anchor", f"{message}, or if it is text, {self.block_form()}", event.start_mark)
        if event.tag:
            message = 'an exclamation mark at the beginning of a value names a type; remove "!"'
            self.report("tag", f"{message}, or if it is text, {self.block_form()}", event.start_mark)

    def check_escapes(self, value: str, mark: Any) -> None:
        """What must not stand in a text must not be written as an escape either."""
        for _, description in islice(forbidden_characters(value), 1):
            self.report("character", f"an escape in this text stands for {description}; remove it", mark)
        if stacked_marks(value) is not None:
            self.report("marks", "more than eight marks are stacked on one character in this text", mark)

    def report(self, rule: str, message: str, mark: Any) -> None:
        self.log.report(rule, message, mark.line, mark.column)

    def report_node(self, rule: str, message: str, node: Node) -> None:
        self.log.report(rule, message, node.line - self.log.first_line, node.column - 1)

    def block_form(self) -> str:
        """How to write the value that is being read as a text."""
        for around in reversed(self.stack):
            if around.keys is None and not around.flow:
                return block_form(None)
            if around.has_key and around.key:
                return block_form(around.key.value)
        return block_form("key")

    def last_place(self) -> tuple[int, int]:
        mark = self.event.end_mark
        return mark.line, mark.column

    def closed_on(self, line: int) -> tuple[int, int] | None:
        """Where a value in quotes or brackets began, if it was the last thing read and ended on this line."""
        event = self.event
        if event is None or self.last_place()[0] != line:
            return None
        if isinstance(event, yaml.CollectionEndEvent):
            flow = self.last_flow
            return (flow.line, flow.column) if flow and flow.end == self.last_place() else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "style", None) in ("'", '"'):
            mark: Any = event.start_mark
            return mark.line, mark.column
        return None
