"""Audience + facts → draft: the template's Markdown with marks for facts, claims and literals.

Templates run in Jinja's sandbox with undefined names forbidden. What they receive for a fact is an opaque `Token`;
the text of a fact takes its place together with its citation, after Jinja has run (`briefing.brief`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from briefing.audience import Audience
from briefing.claims import claim_problems
from briefing.dates import Date
from briefing.errors import BriefingError, Level, Location, Problem, did_you_mean
from briefing.facts import Fact, Facts, Placeholder, pieces
from briefing.marks import Mark, broken_mark, split_marks, without_marks

__all__ = ["Claim", "Draft", "Figure", "Use", "draft"]

# What selects, counts and sorts. Left out: whatever emits markup, addresses or chance (safe, tojson, urlize,
# random, pprint), and whatever makes much out of little (batch, slice, center, indent, format).
_FILTERS = frozenset(
    "abs count default d dictsort first groupby int items join last length list lower map max min reject rejectattr"
    " replace reverse round select selectattr sort sum title trim unique upper capitalize".split()
)
_GLOBALS = frozenset({"namespace", "dict"})
# More turns than any brief needs, few enough to end at once.
_MOST_TURNS = 10_000
_KINDS_OF_NOTHING = (bool, float, type(None))


@dataclass(frozen=True, slots=True)
class Use:
    """A fact that is printed as its own sentence, and where the template asks for it."""

    fact: str
    at: Location


@dataclass(frozen=True, slots=True)
class Claim:
    """Prose of the template's own that rests on facts. `prose` has marks for people and quantities."""

    facts: tuple[str, ...]
    prose: str
    at: Location


@dataclass(frozen=True, slots=True)
class Figure:
    """A table or timeline drawn from facts."""

    form: str
    facts: tuple[str, ...]
    caption: str
    at: Location


@dataclass(frozen=True, slots=True)
class Draft:
    """Markdown with marks; a mark's number is an index into the list for its kind."""

    text: str
    uses: Sequence[Use]
    claims: Sequence[Claim]
    literals: Sequence[str]
    names: Sequence[str]
    quantities: Sequence[tuple[str, str]]
    figures: Sequence[Figure]
    problems: tuple[Problem, ...]


class _Day(str):
    """A fact's date, for sorting and grouping; it is printed with the fact, never alone."""

    __slots__ = ()


class Token:
    """What a template receives for a fact: id, kind, date and tags; its sentence only when printed."""

    __slots__ = ("_print", "date", "id", "kind", "tags")

    def __init__(self, fact: Fact, print: Callable[[str], Markup]) -> None:
        self.id = fact.id
        self.kind = fact.kind
        self.date = _Day(fact.date or "")
        self.tags = fact.tags
        self._print = print

    def __html__(self) -> Markup:
        return self._print(self.id)

    def __str__(self) -> str:
        raise jinja2.TemplateRuntimeError(
            f'the fact "{self.id}" is printed whole; a filter cannot cut or change it, so print it as it is'
        )


class Tokens(Sequence[Token]):
    """Several facts, in order."""

    __slots__ = ("_by_id", "_tokens", "_used")

    def __init__(
        self, tokens: Sequence[Token], dates: Mapping[str, Date | None], used: Mapping[str, object]
    ) -> None:
        self._tokens = tuple(tokens)
        self._by_id = dates
        self._used = used

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, place: Any) -> Any:
        found = self._tokens[place]
        return Tokens(found, self._by_id, self._used) if isinstance(place, slice) else found

    def by_date(self) -> Tokens:
        """In order of their dates; those without one at the end."""

        def key(token: Token) -> tuple[bool, Any]:
            date = self._by_id[token.id]
            return (date is None, date.sort_key if date else ())

        return Tokens(sorted(self._tokens, key=key), self._by_id, self._used)

    def unused(self) -> Tokens:
        """Those that this brief has not printed so far."""
        return Tokens(
            [token for token in self._tokens if token.id not in self._used], self._by_id, self._used
        )

    def __str__(self) -> str:
        raise jinja2.TemplateRuntimeError(
            "a list of facts cannot be printed; print each: {% for f in … %}{{ f }}{% endfor %}"
        )


class _ClaimTag(Extension):
    """`{% claim "id", … %}prose{% endclaim %}`"""

    tags = {"claim"}  # noqa: RUF012 – Jinja's interface

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
        run: _Run = self.environment.run  # type: ignore[attr-defined] # set by _Environment
        return run.claim(run.location(template, line), ids, caller())


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, without what leaks, hangs or prints what nobody wrote."""

    intercepted_binops = frozenset({"*", "**", "%", "//", "/"})

    def __init__(self, run: _Run, sources: Mapping[str, str]) -> None:
        super().__init__(
            loader=jinja2.DictLoader(sources),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            finalize=run.finalize,
            extensions=[_ClaimTag],
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
        )
        self.run = run
        self.filters = {name: value for name, value in self.filters.items() if name in _FILTERS}
        self.globals = {name: value for name, value in self.globals.items() if name in _GLOBALS}

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int) and isinstance(right, int)
        if not numbers or abs(left) > _MOST_TURNS or abs(right) > _MOST_TURNS or operator == "**":
            raise jinja2.TemplateRuntimeError(f'"{operator}" is for small whole numbers here')
        return super().call_binop(context, operator, left, right)


class _Run:
    """One run of one template: what it asked for, and what was wrong with it."""

    def __init__(self, facts: Facts, audience: Audience, faulty: Mapping[str, Problem]) -> None:
        self.facts = facts
        self.audience = audience
        self.faulty = faulty
        self.uses: list[Use] = []
        self.claims: list[Claim] = []
        self.literals: list[str] = []
        self.names: list[str] = []
        self.quantities: list[tuple[str, str]] = []
        self.figures: list[Figure] = []
        self.problems: list[Problem] = []
        self.used: dict[str, object] = {}
        self.turns = 0

    # --- what a template can call -----------------------------------------------------------------

    def context(self) -> dict[str, object]:
        return {
            "fact": self.fact,
            "facts": self.select,
            "timeline": self.timeline,
            "table": self.table,
            "range": self.range,
            "title": self.facts.title,
        }

    def fact(self, id: str) -> object:
        """The sentence of a fact, with its citation."""
        if not isinstance(id, str) or id not in self.facts.facts:
            self.report("unknown-fact", f'unknown fact "{id}"{did_you_mean(str(id), self.facts.facts)}')
            return Markup("")
        return self.token(self.facts.facts[id])

    def select(self, tag: Any = None, kind: Any = None, status: Any = None) -> Tokens:
        """The facts that match and that the contract allows, in file order; of no status, what holds today."""
        tags, kinds, statuses = (_wanted(value) for value in (tag, kind, status))
        found = [
            self.token(fact)
            for fact in self.facts.facts.values()
            if (fact.kind in self.audience.contract.kinds)
            and (tags is None or tags & set(fact.tags))
            and (kinds is None or fact.kind in kinds)
            and (fact.status in statuses if statuses else fact.status in ("current", "disputed"))
        ]
        return Tokens(found, {id: fact.date for id, fact in self.facts.facts.items()}, self.used)

    def timeline(self, facts: Any, caption: str = "Timeline") -> Markup:
        """The dated facts among those given, as a table in order of their dates."""
        return self.figure("timeline", facts, caption)

    def table(self, facts: Any, caption: str = "") -> Markup:
        """The quantities of the facts given, one a row."""
        return self.figure("table", facts, caption)

    def range(self, *bounds: int) -> range:
        turns = range(*bounds)
        self.turns += len(turns)
        if self.turns > _MOST_TURNS:
            raise jinja2.TemplateRuntimeError(f"more than {_MOST_TURNS:,} turns of a loop")
        return turns

    # --- marks ------------------------------------------------------------------------------------

    def token(self, fact: Fact) -> Token:
        return Token(fact, self.print_fact)

    def print_fact(self, id: str) -> Markup:
        place = self.here()
        if not self.allows(id, place):
            return Markup("")
        self.used[id] = place
        return self.mark("fact", self.uses, Use(id, place))

    def figure(self, form: str, facts: Any, caption: str) -> Markup:
        place = self.here()
        tokens = list(facts) if isinstance(facts, Tokens | list | tuple) else []
        if not all(isinstance(token, Token) for token in tokens):
            raise jinja2.TemplateRuntimeError(f'{form}() takes facts, as in {form}(facts(tag="cost"))')
        allowed = tuple(token.id for token in tokens if self.allows(token.id, place))
        self.used.update(dict.fromkeys(allowed, place))
        if not allowed:
            return Markup("")
        return self.mark("figure", self.figures, Figure(form, allowed, str(caption), place))

    def claim(self, place: Location, ids: list[object], prose: Markup) -> Markup:
        known = [str(id) for id in ids if id in self.facts.facts]
        for id in ids:
            if id not in self.facts.facts:
                hint = did_you_mean(str(id), self.facts.facts)
                self.report("unknown-fact", f'unknown fact "{id}"{hint}', place)
        allowed = tuple(dict.fromkeys(id for id in known if self.allows(id, place)))
        text = str(prose).strip()
        if "\n\n" in text or any(
            isinstance(part, Mark) and part.kind != "literal" for part in split_marks(text)
        ):
            self.report(
                "template-claim",
                "a claim is prose within one paragraph, without facts or claims in it",
                place,
            )
            return Markup("")
        if len(allowed) < len(ids):
            return Markup("")
        marked = self.marked(text, allowed, place)
        for level, rule, message in claim_problems(self.facts, allowed, self.flat(marked)):
            self.report(rule, message, place, level)
        self.used.update(dict.fromkeys(allowed, place))
        self.claims.append(Claim(allowed, marked, place))
        number = len(self.claims) - 1
        return Markup(f"{Mark('begin', number)}{marked}{Mark('end', number)}")  # noqa: S704

    def marked(self, text: str, ids: tuple[str, ...], place: Location) -> str:
        """Claim prose with a mark for each `{person}` and `{quantity}`."""
        return "".join(
            str(part) if isinstance(part, Mark) else self._marked(part, ids, place)
            for part in split_marks(text)
        )

    def _marked(self, text: str, ids: tuple[str, ...], place: Location) -> str:
        parts: list[str] = []
        for part in pieces(text):
            if not isinstance(part, Placeholder):
                parts.append(part)
                continue
            holders = [id for id in ids if part.name in self.facts.facts[id].quantities]
            if part.name in self.facts.people:
                parts.append(str(self.mark("person", self.names, part.name)))
            elif len(holders) == 1:
                parts.append(str(self.mark("quantity", self.quantities, (holders[0], part.name))))
            elif holders:
                both = " and ".join(f'"{id}"' for id in holders)
                self.report(
                    "unknown-placeholder",
                    f"{{{part.name}}} is a quantity of {both}; make two claims of it",
                    place,
                )
            else:
                known = [
                    *self.facts.people,
                    *(name for id in ids for name in self.facts.facts[id].quantities),
                ]
                hint = did_you_mean(part.name, known)
                self.report(
                    "unknown-placeholder",
                    f"{{{part.name}}} is neither a person nor a quantity of the facts of this claim{hint}",
                    place,
                )
        return "".join(parts)

    def flat(self, marked: str) -> str:
        """Claim prose with `{person}` again and nothing for a quantity, for the checks of what was typed."""

        def text(part: str | Mark) -> str:
            if not isinstance(part, Mark):
                return part
            if part.kind == "person":
                return f"{{{self.names[part.number]}}}"
            return self.literals[part.number] if part.kind == "literal" else "{}"

        return "".join(map(text, split_marks(marked)))

    def mark(self, kind: str, entries: list[Any], entry: object) -> Markup:
        entries.append(entry)
        return Markup(str(Mark(kind, len(entries) - 1)))  # noqa: S704 – a mark is ours

    def finalize(self, value: Any) -> Any:
        return value

    # --- what is allowed --------------------------------------------------------------------------

    def allows(self, id: str, place: Location) -> bool:
        """Whether this brief may print the fact; reports why not."""
        why = self.forbidden(self.facts.facts[id])
        if why:
            rule, message = why
            self.report(rule, message, place)
        return not why

    def forbidden(self, fact: Fact) -> tuple[str, str] | None:
        contract = self.audience.contract
        if fact.id in self.faulty:
            problem = self.faulty[fact.id]
            return (
                "template-faulty-fact",
                f'"{fact.id}" cannot be used: {problem.message} ({problem.location})',
            )
        if fact.kind not in contract.kinds:
            allowed = ", ".join(contract.kinds)
            return "template-kind", f'"{fact.id}" is of kind {fact.kind}; this brief prints {allowed} only'
        if fact.status in ("retracted", "superseded"):
            successor = self.facts.successors.get(fact.id)
            instead = f'; use "{successor}"' if successor else ""
            return "template-status", f'"{fact.id}" is {fact.status}: {fact.why}{instead}'
        return None

    # --- places -----------------------------------------------------------------------------------

    def location(self, template: str, line: int) -> Location:
        file = self.audience.templates.get(template)
        return Location(file.path if file else template, line)

    def here(self) -> Location:
        """The line of the template that is running."""
        frame = sys._getframe(1)
        while frame is not None:
            template = frame.f_globals.get("__jinja_template__")
            if template is not None:
                return self.location(template.name, template.get_corresponding_lineno(frame.f_lineno))
            frame = frame.f_back  # type: ignore[assignment] # None ends the loop
        return Location(self.audience.path)

    def report(
        self, rule: str, message: str, place: Location | None = None, level: Level = Level.ERROR
    ) -> None:
        self.problems.append(Problem(place or self.here(), level, message, rule))


def _wanted(value: Any) -> set[str] | None:
    if value is None:
        return None
    return {value} if isinstance(value, str) else set(value)


@jinja2.pass_context
def _finalized(context: Context, value: Any) -> Any:
    """What `{{ … }}` prints: a fact's mark, a text as a literal, a whole number. `pass_context` keeps Jinja from
    printing constants when it compiles, before the run has begun."""
    run: _Run = context.environment.run  # type: ignore[attr-defined] # set by _Environment
    if isinstance(value, Token):
        return value.__html__()
    if isinstance(value, Markup):
        return value
    if isinstance(value, _Day):
        run.report("template-date", "a date is printed with its fact, as by timeline(), never alone")
        return Markup("")
    if isinstance(value, str):
        return run.mark("literal", run.literals, value) if value else Markup("")
    if isinstance(value, int) and not isinstance(value, _KINDS_OF_NOTHING):
        return str(value)
    if isinstance(value, Undefined):
        run.report("template-undefined", _undefined(run, str(value._undefined_message)))
        return Markup("")
    what = (
        "a list of facts"
        if isinstance(value, Tokens)
        else "nothing"
        if value is None
        else f"a {type(value).__name__}"
    )
    raise jinja2.TemplateRuntimeError(f"{{{{ … }}}} prints {what} here; print facts, one by one, or text")


def _undefined(run: _Run, message: str) -> str:
    name = message.partition("'")[2].partition("'")[0]
    return f"{message}{did_you_mean(name, [*run.context(), 'loop'])}"


def draft(facts: Facts, audience: Audience, faulty: Mapping[str, Problem]) -> Draft:
    """Run the audience's template. `faulty` are facts that an error of `check` bars, each with that error.

    Problems are in the result, all that could be found in one run; nothing is raised for what a template does.
    """
    run = _Run(facts, audience, faulty)
    sources = {name: file.body for name, file in audience.templates.items() if not file.problems}
    text = ""
    try:
        environment = _Environment(run, sources)
        environment.finalize = _finalized
        text = environment.get_template(audience.template).render(run.context())
    except BriefingError as error:
        run.problems += error.problems
    except jinja2.TemplateSyntaxError as error:
        place = run.location(error.name or audience.template, error.lineno)
        run.report("template-syntax", _plain_message(error), place)
    except jinja2.TemplatesNotFound as error:
        run.report("template-missing", f"there is no template {error.message}", _raised_at(run, error))
    except jinja2.TemplateNotFound as error:
        hint = did_you_mean(error.name or "", sources)
        run.report("template-missing", f'there is no template "{error.name}"{hint}', _raised_at(run, error))
    except jinja2.UndefinedError as error:
        run.report("template-undefined", _undefined(run, error.message or ""), _raised_at(run, error))
    except (
        Exception
    ) as error:  # a template can raise anything: TypeError, RecursionError, MemoryError, OverflowError
        run.report("template-error", _plain_message(error), _raised_at(run, error))
    broken = broken_mark(text)
    if broken is not None:
        run.report(
            "template-token", "a fact was cut or changed by a filter; print it as it is", _first_use(run)
        )
    return Draft(
        text="" if broken else text,
        uses=run.uses,
        claims=run.claims,
        literals=run.literals,
        names=run.names,
        quantities=run.quantities,
        figures=run.figures,
        problems=tuple(run.problems),
    )


def _plain_message(error: BaseException) -> str:
    text = without_marks(str(error), "…") or type(error).__name__
    return text if isinstance(error, jinja2.TemplateError) else f"{type(error).__name__}: {text}"[:300]


def _raised_at(run: _Run, error: BaseException) -> Location:
    """The innermost line of a template in an error's traceback, which Jinja has rewritten to template lines."""
    place = Location(run.audience.path)
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            place = run.location(template.name, template.get_corresponding_lineno(trace.tb_lineno))
        elif name == "<template>" or name in run.audience.templates:
            place = run.location(
                name if name in run.audience.templates else run.audience.template, trace.tb_lineno
            )
        trace = trace.tb_next
    return place


def _first_use(run: _Run) -> Location:
    return run.uses[0].at if run.uses else Location(run.audience.path)
