"""Jinja2 as a template may use it: sandboxed, without what leaks, hangs, or prints what nobody wrote."""

from __future__ import annotations

import contextlib
import functools
import re
import sys
import traceback
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, MutableMapping
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import Any, NoReturn, Protocol, cast

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from briefing.captures import Capture, captured, cut
from briefing.errors import did_you_mean
from briefing.marks import Mark

__all__ = ["MOST_TURNS", "TOO_DEEP", "TOO_LONG", "Run", "Sandbox", "raised_line", "running_line"]

# What selects, counts and sorts. Left out: whatever emits markup, addresses or chance (safe, tojson, urlize,
# random, pprint), and whatever makes much out of little (batch, slice, center, indent, format).
_FILTERS = frozenset(
    "abs capitalize count d default dictsort first groupby int items join last length list lower map max min"
    " reject rejectattr replace reverse round select selectattr sort sum title trim unique upper".split()
)
# Those of them that make another text of one.
_TEXT_FILTERS = frozenset("capitalize lower replace title trim upper".split())
_COUNTS = ("count", "length")
_TEXT_TESTS = ("lower", "upper")
_GLOBALS = frozenset({"dict", "namespace"})
# Methods and parts of plain values; of others, all that the sandbox of Jinja allows. Left out is what makes much out of
# little (`"{:>999999999}".format(1)`, ljust, zfill, expandtabs, replace, join, to_bytes): a second of it is a gigabyte.
_OF_PLAIN_VALUES: tuple[tuple[type, frozenset[str]], ...] = (
    (
        str,
        frozenset(
            "capitalize casefold count endswith find index isalnum isalpha isascii isdecimal isdigit islower isnumeric"
            " isspace istitle isupper lower lstrip partition removeprefix removesuffix rfind rindex rpartition rsplit"
            " rstrip split splitlines startswith strip swapcase title upper".split()
        ),
    ),
    (dict, frozenset({"get", "items", "keys", "values"})),
    (
        tuple,
        frozenset({"count", "grouper", "index", "list"}),
    ),  # the filter groupby makes tuples with two names
    (list, frozenset({"count", "index"})),
    *((kind, frozenset[str]()) for kind in (int, float, complex, bytes)),
)
# To compare, hash or sort what holds much, or to look for one long text in another, is a single call that no time limit
# can stop. So a template makes nothing that is large, nor a list that is small and holds itself twice, again and again.
# A brief of 5,000 facts in groups holds a tenth; no call takes more than some seconds.
_MOST_HELD = 100_000
_MOST_LETTERS = 100_000
_CONTAINERS = (list, tuple, dict)
# So many letters within a list count as one thing more that it holds.
_LETTERS_AS_ONE = 100
# More than any brief rounds to; a power of ten of as many digits would be computed.
_MOST_DIGITS = 100
# More than any brief needs in one loop, few enough to end at once.
MOST_TURNS = 10_000
# A brief of 5,000 facts makes as many. A macro that calls itself twice would double them with each step.
_MOST_CALLS = 500_000


class Run(Protocol):
    """What the sandbox asks of the run that it serves."""

    def claim(self, template: str, line: int, ids: list[object], prose: str) -> Markup:
        """`{% claim "id", … %}prose{% endclaim %}`, and where it stands."""

    def printed(self, value: object) -> Markup:
        """What `{{ value }}` becomes."""

    def words(self, mark: Mark) -> str | None:
        """The words that a mark stands for; None where they are known only after the run."""


class _ClaimTag(Extension):
    """`{% claim "id", … %}prose{% endclaim %}`"""

    tags = {"claim"}

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        # A claim ends within a sentence: unlike after other tags, the line break behind it is the writer's.
        return re.sub(r"(?<=endclaim)\s*%}", " +%}", source)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        ids: list[nodes.Expr] = [parser.parse_expression()]
        while parser.stream.skip_if("comma"):
            ids.append(parser.parse_expression())
        body = parser.parse_statements(("name:endclaim",), drop_needle=True)
        place = [nodes.Const(parser.name or ""), nodes.Const(line)]
        call = self.call_method("_claim", [*place, nodes.List(ids)], lineno=line)
        return nodes.CallBlock(call, [], [], body, lineno=line)

    def _claim(self, template: str, line: int, ids: list[object], caller: Callable[[], Markup]) -> Markup:
        assert isinstance(self.environment, Sandbox)
        return self.environment.run.claim(template, line, ids, str(caller()))


@jinja2.pass_context
def _finalize(context: Context, value: object) -> Markup:
    # Taking the context keeps Jinja from printing constants when it compiles, before the run has begun.
    assert isinstance(context.environment, Sandbox)
    return context.environment.run.printed(value)


class _Code(CodeGenerator):
    """Compiles lists, tuples and dicts so that each is weighed when it is made."""

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802 # Jinja names it
        self._weighed(super().visit_List, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802 # Jinja names it
        if node.ctx == "load":
            self._weighed(super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802 # Jinja names it
        self._weighed(super().visit_Dict, node, frame)

    def _weighed(self, visit: Callable[[Any, Frame], None], node: nodes.Expr, frame: Frame) -> None:
        self.write("environment.weighed(")
        visit(node, frame)
        self.write(")")


class _Template(jinja2.Template):
    """A compiled template. What it takes for printed text of its own making may have marks in it (`captures`)."""

    @classmethod
    def from_code(
        cls,
        environment: jinja2.Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],
        uptodate: Callable[[], bool] | None = None,
    ) -> jinja2.Template:
        assert isinstance(environment, Sandbox)
        template = super().from_code(environment, code, globals, uptodate)
        # The names by which the code makes such text: of `{% set %}` and `{% filter %}`, and of `~`.
        names = cast(FunctionType, template.root_render_func).__globals__
        names["Markup"] = environment.captured
        names["markup_join"] = environment.joined
        return template


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one run; `sources` are all templates that can be reached from it."""

    template_class = _Template
    code_generator_class = _Code
    intercepted_binops = frozenset({"+", "*", "**", "%", "//", "/"})

    def __init__(self, run: Run, sources: Mapping[str, str]) -> None:
        super().__init__(
            # A template's name is its file name, too, so that tracebacks tell which one it was.
            loader=jinja2.FunctionLoader(
                lambda name: (self.source(name), name, None) if name in sources else None
            ),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            finalize=_finalize,
            extensions=[_ClaimTag],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.run = run
        self.sources = sources
        self.loaded: list[str] = []
        self.trees: dict[str, nodes.Template] = {}
        self.calls = 0
        self.filters = {
            name: self._capturing(name, value) for name, value in self.filters.items() if name in _FILTERS
        }
        self.filters |= dict.fromkeys(_COUNTS, _of_words(len)) | {"round": _rounded(self.filters["round"])}
        self.tests = {**self.tests, **{name: _of_words(cast(Any, self.tests[name])) for name in _TEXT_TESTS}}
        self.globals = {name: value for name, value in self.globals.items() if name in _GLOBALS}

    def source(self, name: str) -> str:
        """The text of a template that is about to run; noted as one that the draft was made from."""
        self.loaded.append(name)
        return self.sources[name]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse each template once; it is asked what it says in vain (`unprinted`), and compiled."""
        if name is None or name not in self.trees:
            with _placed(name, filename):
                tree = super()._parse(source, name, filename)
                escaping = tree.find(nodes.ScopedEvalContextModifier)
            if escaping is not None:
                message = "all that is printed is text, letter by letter; leave {% autoescape %} out"
                raise jinja2.TemplateSyntaxError(message, escaping.lineno, name, filename)
            if name is None:
                return tree
            self.trees[name] = tree
        return self.trees[name]

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        with _placed(name, filename):
            return super()._generate(source, name, filename, defer_init)

    def _compile(self, source: str, filename: str) -> CodeType:
        """Python's word on the code that Jinja made of a template, with the line of the template."""
        try:
            return super()._compile(source, filename)
        except (SyntaxError, RecursionError, MemoryError) as error:
            lines = re.findall(r"(\d+)=(\d+)", source.rpartition("debug_info = ")[2])
            code = getattr(error, "lineno", None) or 0
            line = next((int(line) for line, begin in reversed(lines) if int(begin) <= code), 1)
            raise jinja2.TemplateSyntaxError(TOO_DEEP, line, filename, filename) from None

    def unprinted(self, name: str, sources: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
        """What a template that extends another says in vain: template, line, message.

        Jinja drops, without a word, a block that the other has not, and whatever stands outside blocks.
        """
        tree = self.parse(sources[name], name)
        extends = tree.find(nodes.Extends)
        if extends is None or not isinstance(extends.template, nodes.Const):
            return
        parent = str(extends.template.value)
        known = self._blocks(parent, sources)
        for block in tree.find_all(nodes.Block):
            if block.name not in known:
                hint = did_you_mean(block.name, known)
                yield (
                    name,
                    block.lineno,
                    f'"{parent}" has no block "{block.name}", so this is never printed{hint}',
                )
        for node in tree.body:
            said = isinstance(node, nodes.Output) and any(
                not isinstance(part, nodes.TemplateData) or part.data.strip() for part in node.nodes
            )
            if said or isinstance(
                node, nodes.For | nodes.If | nodes.CallBlock | nodes.FilterBlock | nodes.With | nodes.Include
            ):
                yield (
                    name,
                    node.lineno,
                    "this stands outside the blocks, so it is never printed; put it into one",
                )
        yield from self.unprinted(parent, sources)

    def _blocks(self, name: str, sources: Mapping[str, str]) -> set[str]:
        """The names of the blocks of a template and of those it extends."""
        tree = self.parse(sources[name], name)
        names = {block.name for block in tree.find_all(nodes.Block)}
        extends = tree.find(nodes.Extends)
        if extends is not None and isinstance(extends.template, nodes.Const):
            names |= self._blocks(str(extends.template.value), sources)
        return names

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may have it; a method is judged by what it belongs to."""
        owner = getattr(value, "__self__", obj)
        for kind, known in _OF_PLAIN_VALUES:
            if isinstance(owner, kind):
                return attr in known
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """Nothing: `format` of texts is no method that a template has."""

    def call(self, context: Context, called: Any, /, *arguments: Any, **named: Any) -> Any:
        """Every call of a macro, function or method, so many and no more."""
        self.calls += 1
        if self.calls > _MOST_CALLS:
            raise jinja2.TemplateRuntimeError(f"more than {_MOST_CALLS:,} calls of macros and functions")
        self.weighed((arguments, named))  # which a macro has as `varargs` and `kwargs`
        made = super().call(context, called, *arguments, **named)
        return self.captured(made) if isinstance(made, Markup) else self.weighed(made)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic with small numbers: `9**9**9` and `"a" * 10**9` would hang. Sums of anything."""
        if operator == "+":
            return self.weighed(super().call_binop(context, operator, left, right))
        numbers = isinstance(left, int) and isinstance(right, int)
        if not numbers or abs(left) > MOST_TURNS or abs(right) > MOST_TURNS or operator == "**":
            raise jinja2.TemplateRuntimeError(f'"{operator}" is for small whole numbers here')
        return super().call_binop(context, operator, left, right)

    def weighed(self, made: Any) -> Any:
        """What was made, where it is not too large: a list with all that it holds, counted as often as it is met."""
        if isinstance(made, str) and len(made) > _MOST_LETTERS:
            raise jinja2.TemplateRuntimeError(f"a text of more than {_MOST_LETTERS:,} characters")
        held, within = 0, [made] if isinstance(made, _CONTAINERS) else []
        while within:
            parts = _parts(within.pop())
            held += len(parts)
            for part in parts:
                if isinstance(part, _CONTAINERS):
                    within.append(part)
                elif isinstance(part, str):
                    held += len(part) // _LETTERS_AS_ONE
            if held > _MOST_HELD:
                raise jinja2.TemplateRuntimeError(f"a list that holds more than {_MOST_HELD:,} things")
        return made

    # --- printed text that a template makes something of -----------------------------------------------

    def captured(self, text: str) -> Markup | Capture:
        made = captured(text, self.run.words)
        return cast(Markup, self.weighed(made)) if isinstance(made, Markup) else made

    def concat(self, parts: Iterable[Any]) -> str:
        """The pieces of a printed text; `{% filter %}` prints what its filter made as it is."""
        return "".join(part.__html__() if isinstance(part, Capture) else part for part in parts)

    def joined(self, parts: Iterable[object]) -> str | Markup | Capture:
        """What `~` makes of them: plain text of plain texts."""
        texts = [part.__html__() if isinstance(part, Capture) else part for part in parts]
        text = markup_join(texts)
        return self.captured(text) if isinstance(text, Markup) else cast(str, self.weighed(text))

    def _capturing(self, name: str, filter: Callable[..., Any]) -> Callable[..., Any]:
        """A filter, so that it neither cuts printed text nor takes what it makes of it for words."""

        @functools.wraps(filter)
        def filtered(*arguments: Any, **named: Any) -> Any:
            given = [*arguments, *named.values()]
            if name == "trim" and len(given) == 1 and isinstance(given[0], Capture):
                return given[0].trimmed()  # a macro has space around its words
            if name in _TEXT_FILTERS and any(isinstance(one, Capture) for one in given):
                return cut()
            made = filter(*arguments, **named)
            return self.captured(made) if isinstance(made, Markup) else self.weighed(made)

        return filtered

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Raise what was raised, as Jinja does, with lines of the template in its traceback.

        Jinja fails at that where a time limit stopped code between two lines, which Python gives no number.
        """
        raised = sys.exc_info()[1]
        try:
            super().handle_exception(source)
        except TypeError as error:
            if raised is None or isinstance(raised, TypeError):
                raise
            setattr(raised, _STOPPED_AT, _stopped_line(raised.__traceback__))
            raise raised from error


@contextlib.contextmanager
def _placed(name: str | None, filename: str | None) -> Iterator[None]:
    """Where Python gives up on what a template is read or compiled by, say so, with the line that was being read."""
    try:
        yield
    except RecursionError as error:
        raise jinja2.TemplateSyntaxError(TOO_DEEP, _line_read(error), name, filename) from None
    except ValueError as error:  # from Python, which reads no number of more digits
        raise jinja2.TemplateSyntaxError(TOO_LONG, _line_read(error), name, filename) from None


def _line_read(error: Exception) -> int:
    """The innermost line that a parser or compiler of Jinja was at."""
    line = 1
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for known in map(frame.f_locals.get, ("self", "node")):
            if isinstance(known, Parser):
                line = known.stream.current.lineno
            elif isinstance(known, nodes.Node) and known.lineno:
                line = known.lineno
    return line


def _parts(container: Any) -> list[Any]:
    """What a list, tuple or dict holds; of a dict its keys, too."""
    return [*container, *container.values()] if isinstance(container, dict) else list(container)


def _rounded(filter: Callable[..., float]) -> Callable[..., float]:
    def rounded(value: float, precision: int = 0, method: Any = "common") -> float:
        if abs(precision) > _MOST_DIGITS:
            raise jinja2.TemplateRuntimeError(f"round takes {_MOST_DIGITS} digits at most")
        return filter(value, precision, method)

    return rounded


def _of_words(look: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What looks at a text, and at the words of printed text."""
    return lambda value: look(value.said() if isinstance(value, Capture) else value)


TOO_DEEP = (
    "what stands here is too deep or too long to be read: write less within one another, or make several of it by"
    " {% set %} or a macro"
)
TOO_LONG = "a number of so many digits cannot be read; no fact has one"
# Where an error has it that Jinja could not rewrite the traceback of.
_STOPPED_AT = "stopped_at"


def _stopped_line(trace: TracebackType | None) -> tuple[str, int] | None:
    """The template in which code was stopped, and the last line before that place."""
    found = None
    for frame, _ in traceback.walk_tb(trace):
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            passed = [line for begin, _, line in frame.f_code.co_lines() if line and begin <= frame.f_lasti]
            here = passed[-1] if passed else frame.f_code.co_firstlineno
            found = template.name, next((line for line, code in _lines(template) if code <= here), 1)
    return found


def running_line() -> tuple[str, int] | None:
    """The template that is running, and the line it is at."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return template.name, next(
                (line for line, code in _lines(template) if code <= (frame.f_lineno or 0)), 1
            )
        frame = frame.f_back
    return None


@functools.lru_cache(maxsize=64)  # Jinja reads them from a text anew each time, which a loop feels
def _lines(template: jinja2.Template) -> tuple[tuple[int, int], ...]:
    """Lines of the template and of the code made of it, the last first."""
    return tuple(reversed(template.debug_info))


def raised_line(error: Exception, names: Container[str]) -> tuple[str, int] | None:
    """The innermost line of one of these templates in an error's traceback, which Jinja rewrites to their lines."""
    found = getattr(error, _STOPPED_AT, None)
    if found:
        return found if found[0] in names else None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename in names:
            found = frame.filename, frame.lineno or 1
    return found
