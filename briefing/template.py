"""Audience + facts → draft: the template's Markdown with marks for facts, claims and literals.

What a template receives for a fact is an opaque token; the text of the fact takes its place together with its
citation after Jinja has run (`briefing.brief`). Nothing is raised for what a template does: a run goes on as long as
it can, and all that was wrong is in the draft's problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import jinja2
from jinja2.runtime import Undefined
from markupsafe import Markup

from briefing.admission import has_row, left_out, refusal, refusal_of_axis
from briefing.audience import Audience
from briefing.captures import Capture
from briefing.draft import Asked, Claim, Draft, Figure, Use
from briefing.errors import Level, Location, Problem, did_you_mean
from briefing.facts import Fact, Facts, Placeholder, mistyped, pieces
from briefing.limits import TimeLimit
from briefing.marks import Mark, broken_mark, split_marks, without_marks
from briefing.sandbox import MOST_TURNS, TOO_DEEP, TOO_LONG, Sandbox, raised_line, running_line
from briefing.scalars import MAX_TEXT
from briefing.textguard import forbidden_characters, stacked_marks
from briefing.tokens import Absent, Column, Day, Row, Token, Tokens
from briefing.tongues import HEADINGS
from briefing.vocabulary import KINDS, STATUSES

__all__ = ["draft"]


# Ten times what a brief of 5,000 facts prints; a loop within a loop would go on until the memory is full.
_MOST_MARKS = 100_000
# The text of a brief of 5,000 facts has a million characters, and most of them are the facts', which do not count here.
_MOST_CHARACTERS = 2_000_000


class _Run:
    """One run of one template: what it asked for, and what was wrong with it."""

    def __init__(
        self, facts: Facts, audience: Audience, faulty: Mapping[str, Problem], row: Mapping[str, str]
    ) -> None:
        self.facts = facts
        self.row = row
        self.audience = audience
        self.faulty = faulty
        self.shipped = {file.path for file in audience.templates.values() if file.shipped}
        self.uses: list[Use] = []
        self.claims: list[Claim] = []
        self.literals: list[str] = []
        self.printed_at: dict[str, Location] = {}
        self.names: list[str] = []
        self.quantities: list[tuple[str, str]] = []
        self.figures: list[Figure] = []
        self.asked: list[Asked] = []
        self.looked: Location | None = None
        self.touched: set[str] = set()
        self.templates: tuple[str, ...] = ()
        self.problems: list[Problem] = []
        self.used: dict[str, object] = {}
        self.turns = 0
        self.characters = 0

    # --- what a template can call -----------------------------------------------------------------

    def context(self) -> dict[str, object]:
        return {
            "fact": self.fact,
            "facts": self.select,
            "timeline": self.timeline,
            "table": self.table,
            "bars": self.bars,
            "range": self.range,
            "title": self.facts.title,
            "say": self.say,
            "recipient": Row(self.row, self.look, self.touched),
        }

    def look(self) -> None:
        """A template does more with a column of the recipient's row than print it."""
        self.looked = self.looked or self.here()

    def fact(self, id: str) -> object:
        """The sentence of a fact, with its citation."""
        id = _plain(id)
        if not self.knows(id):
            return Absent()
        return self.token(self.facts.facts[id])

    def knows(self, id: object, place: Location | None = None) -> bool:
        """Whether it is the id of a fact. What is no text is not repeated: it may be an object with an address."""
        if isinstance(id, str) and id in self.facts.facts:
            return True
        if isinstance(id, str | jinja2.Undefined):  # to print which raises what Jinja says of it
            self.report(
                "unknown-fact", f'unknown fact "{id}"{did_you_mean(str(id), self.facts.facts)}', place
            )
        else:
            self.report("unknown-fact", "a fact is named by its id, a text in quotation marks", place)
        return False

    def select(self, tag: Any = None, kind: Any = None, status: Any = None) -> Tokens:
        """The facts that match and that the contract allows, in file order; of no status, what holds today."""
        tags, kinds, statuses = (_wanted(value) for value in (tag, kind, status))
        for wanted, known in ((kinds, tuple(KINDS)), (statuses, STATUSES)):
            for name in sorted((wanted or set()) - set(known)):
                self.report("template-select", f'facts() knows no "{name}"{did_you_mean(name, known)}')
        found = [
            self.token(fact)
            for fact in self.facts.facts.values()
            if (fact.kind in self.audience.contract.kinds)
            and (tags is None or tags & set(fact.tags))
            and (kinds is None or fact.kind in kinds)
            and (fact.status in statuses if statuses else fact.status in ("current", "disputed"))
        ]
        return Tokens(found, {id: fact.date for id, fact in self.facts.facts.items()}, self.used)

    def say(self, heading: str) -> str:
        """A heading of the house, given in American English, in the language of the brief."""
        heading = str(_plain(heading))
        said = self.audience.tongue.headings.get(heading)
        if said is None:
            hint = did_you_mean(heading, HEADINGS)
            self.report(
                "template-undefined",
                f'say() knows no "{heading}"{hint}; write a heading of your own as it is',
            )
        return said or ""

    def timeline(self, facts: Any, caption: str | None = None) -> Markup:
        """The dated facts among those given, drawn on an axis of time."""
        return self.figure("timeline", facts, caption)

    def table(self, facts: Any, caption: str | None = None, quantity: str = "") -> Markup:
        """The quantity of each of the facts given, one a row, and how likely it is; of several, that which is named."""
        return self.figure("table", facts, caption, quantity)

    def bars(self, facts: Any, caption: str | None = None, quantity: str = "") -> Markup:
        """The quantity of each of the facts given, drawn from zero; all of one unit, and money of one stage."""
        return self.figure("bars", facts, caption, quantity)

    def range(self, *bounds: int) -> range:
        turns = range(*bounds)
        self.turns += len(turns)
        if self.turns > MOST_TURNS:
            raise jinja2.TemplateRuntimeError(f"more than {MOST_TURNS:,} turns of a loop")
        return turns

    # --- marks ------------------------------------------------------------------------------------

    def token(self, fact: Fact) -> Token:
        return Token(fact, self.print_fact, self.dated)

    def dated(self) -> None:
        """A template makes a text of a fact's date."""
        self.report("template-date", "a date is printed with its fact, as by timeline(), never alone")

    def print_fact(self, id: str) -> Markup:
        place = self.here()
        if not self.allows(id, place):
            return Markup("")
        self.used[id] = place
        return self.mark("fact", self.uses, Use(id, place))

    def figure(self, form: str, facts: Any, caption: str | None, quantity: str = "") -> Markup:
        place = self.here()
        tokens = [facts] if isinstance(facts, Token) else facts
        tokens = [facts] if isinstance(facts, Absent) else tokens
        tokens = list(tokens) if isinstance(tokens, Iterable) else [None]
        tokens = [token for token in tokens if not isinstance(token, Absent)]
        if not all(isinstance(token, Token) for token in tokens):
            raise jinja2.TemplateRuntimeError(f'{form}() takes facts, as in {form}(facts(tag="cost"))')
        if caption is None:
            caption = self.audience.tongue.captions[form]
        if not isinstance(caption, str):
            raise jinja2.TemplateRuntimeError("a caption is text")
        allowed = tuple(
            id for id in self.drawn(form, [token.id for token in tokens], quantity) if self.allows(id, place)
        )
        self.used.update(dict.fromkeys(allowed, place))
        if not allowed or (form == "bars" and not self.shares_axis(allowed, quantity, place)):
            return Markup("")
        mark = self.mark("figure", self.figures, Figure(form, allowed, str(caption), quantity, place))
        return Markup("\n\n") + mark + Markup("\n\n")  # a block of its own

    def drawn(self, form: str, ids: Sequence[str], quantity: str) -> list[str]:
        """The facts that a figure has a row for; reports the others."""
        rows: list[str] = []
        others: list[str] = []
        for id in ids:
            found = has_row(form, self.facts.facts[id], quantity)
            if isinstance(found, bool):
                (rows if found else others).append(id)
            else:
                self.report(*found)
        if others or not ids:
            self.report("template-figure-left-out", left_out(form, others, quantity), level=Level.WARNING)
        return rows

    def shares_axis(self, ids: Sequence[str], quantity: str, place: Location) -> bool:
        """Whether one axis may hold the amounts of these facts; reports why not."""
        why = refusal_of_axis([self.facts.facts[id] for id in ids], quantity)
        if why:
            self.report(*why, place)
        return not why

    def claim(self, template: str, line: int, ids: list[object], prose: str) -> Markup:
        place = self.location(template, line)
        ids = list(map(_plain, ids))
        known = [str(id) for id in ids if self.knows(id, place)]
        allowed = tuple(id for id in dict.fromkeys(known) if self.allows(id, place))
        text = prose.strip()
        kinds = {part.kind for part in split_marks(text) if isinstance(part, Mark)}
        if "recipient" in kinds:
            message = "a claim says what its facts say, to everybody; a recipient's column stands outside it"
            self.report("template-claim", message, place)
            return Markup("")
        if "\n\n" in text or kinds - {"literal"}:
            self.report(
                "template-claim",
                "a claim is prose within one paragraph, without facts or claims in it",
                place,
            )
            return Markup("")
        if not re.search(r"\w", without_marks(text, "x")):
            self.report("template-claim", "a claim without words; write what the facts say", place)
            return Markup("")
        if len(text) > MAX_TEXT:
            self.report(
                "template-claim", f"a claim of more than {MAX_TEXT:,} characters; make several of it", place
            )
            return Markup("")
        if len(allowed) < len(set(map(str, ids))):
            return Markup("")
        self.used.update(dict.fromkeys(allowed, place))
        return self.mark("claim", self.claims, Claim(allowed, self.marked(text, allowed, place), place))

    def marked(self, text: str, ids: tuple[str, ...], place: Location) -> str:
        """Claim prose with a mark for each `{person}` and `{quantity}`."""
        return "".join(
            str(part) if isinstance(part, Mark) else self._marked(part, ids, place)
            for part in split_marks(text)
        )

    def _marked(self, text: str, ids: tuple[str, ...], place: Location) -> str:
        quantities = {name for id in ids for name in self.facts.facts[id].quantities}
        for braces in mistyped(text, {*self.facts.people, *quantities}):
            owner, _, name = braces[1:-1].partition(".")
            asked = "a person or quantity is written {name}, as its id is"
            if owner in ids and name in self.facts.facts[owner].quantities:
                asked = f"the claim names its fact already, so write {{{name}}}"
                if sum(name in self.facts.facts[id].quantities for id in ids) > 1:
                    asked = (
                        f'other facts of this claim have {{{name}}}, too: write it in one on "{owner}" alone'
                    )
            self.report("unknown-placeholder", f"{braces} stands for nothing; {asked}", place)
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

    def mark(self, kind: str, entries: list[Any], entry: object) -> Markup:
        if len(entries) >= _MOST_MARKS:
            raise jinja2.TemplateRuntimeError(f"more than {_MOST_MARKS:,} facts, claims or texts are printed")
        entries.append(entry)
        return Markup(str(Mark(kind, len(entries) - 1)))

    def printed(self, value: object) -> Markup:
        """A fact's mark, a text as a literal, a whole number; whatever else is printed was not meant to be."""
        if isinstance(value, Absent):
            return Markup("")
        if isinstance(value, Token):
            return value.__html__()
        if isinstance(value, Capture):
            value = value.__html__()
        if isinstance(value, str):
            self.count(len(value))
        if isinstance(value, Markup):
            return value
        if isinstance(value, Day):
            self.dated()
        elif isinstance(value, Column):
            return self.mark("recipient", self.asked, Asked(value.name_of_column(), self.here()))
        elif isinstance(value, str):
            return self.mark("literal", self.literals, self.noted(value)) if value else Markup("")
        elif isinstance(value, int) and not isinstance(value, bool):
            return Markup(self.noted(str(value)))
        elif isinstance(value, Undefined):
            self.report("template-undefined", self.undefined(value._undefined_message))
            if isinstance(
                value._undefined_obj, Row
            ):  # as with a table that has it: the words around it are right
                return self.mark("recipient", self.asked, Asked(str(value._undefined_name), self.here()))
        else:
            what = {type(None): "nothing", Tokens: "a list of facts"}.get(
                type(value), f"a {type(value).__name__}"
            )
            self.report("template-print", f"{{{{ … }}}} prints {what} here; print facts, one by one, or text")
        return Markup("")

    def noted(self, text: str) -> str:
        """A text that an expression prints, and where it does so first: no line of the template has it as it is."""
        if text not in self.printed_at:
            self.printed_at[text] = self.here()
        return text

    def words(self, mark: Mark) -> str | None:
        """The words that a mark stands for; None for those of the facts file."""
        if mark.kind == "literal":
            return self.literals[mark.number]
        if mark.kind == "recipient":
            self.look()
            column = self.asked[mark.number].column
            if column not in self.row:  # which was told where it was printed
                return ""
            return self.row[column]
        return None

    def count(self, characters: int) -> None:
        """Add to what is printed; a text that was doubled thirty times is not printed."""
        self.characters += characters
        if self.characters > _MOST_CHARACTERS:
            raise jinja2.TemplateRuntimeError(f"prints more than {_MOST_CHARACTERS:,} characters")

    def undefined(self, message: str) -> str:
        """Jinja's word on a name that does not exist, with the nearest that does."""
        message = message.replace("'briefing.tokens.Token object'", "a fact")
        name = message.partition("'")[2].partition("'")[0]
        if message.startswith("'briefing.tokens.Row object'"):
            name = message.rpartition(" ")[2].strip("'")
            return f'the table of recipients has no column "{name}"{did_you_mean(name, self.row)}'
        if name in self.context():  # a file that is imported has what was handed to it, and nothing else
            return (
                f"this file does not have {name} where it is imported so; write"
                " {% from … import … with context %} in the template that imports it"
            )
        return f"{message}{did_you_mean(name, [*self.context(), 'loop'])}"

    # --- what is allowed --------------------------------------------------------------------------

    def allows(self, id: str, place: Location) -> bool:
        """Whether this brief may print the fact; reports why not."""
        if id in self.faulty and place.path in self.shipped:
            self.problems.append(
                self.faulty[id]
            )  # told once, where it can be mended: nobody has a shipped file
            return False
        why = refusal(self.facts.facts[id], self.facts, self.audience.contract, self.faulty)
        if why:
            self.report(*why, place)
        return not why

    # --- places -----------------------------------------------------------------------------------

    def location(self, template: str, line: int) -> Location:
        file = self.audience.templates.get(template)
        return Location(file.path if file else template, line)

    def here(self) -> Location:
        """The line of the template that is running."""
        place = running_line()
        return self.location(*place) if place else Location(self.audience.path)

    def report(
        self, rule: str, message: str, place: Location | None = None, level: Level = Level.ERROR
    ) -> None:
        self.problems.append(Problem(place or self.here(), level, message, rule))

    def raised_at(self, error: Exception) -> Location:
        """The innermost line of a template in an error's traceback."""
        place = raised_line(error, self.audience.templates)
        return self.location(*place) if place else Location(self.audience.path)


def _wanted(value: Any) -> set[str] | None:
    if value is None:
        return None
    value = _plain(value)
    return {value} if isinstance(value, str) else {str(_plain(one)) for one in value}


def _plain(value: Any) -> Any:
    """A text as such, where a template has it as a column or as what a macro made; whatever else it is, as it is."""
    if isinstance(value, Capture):
        return value.said()
    return str(value) if isinstance(value, Column) else value


def draft(
    facts: Facts, audience: Audience, faulty: Mapping[str, Problem], row: Mapping[str, str] | None = None
) -> Draft:
    """Run the audience's template.

    `faulty` are facts that an error of `check` bars, each with that error; `row` the columns of a recipient. Without
    it, every column stands for itself.
    """
    run = _Run(facts, audience, faulty, _AnyColumn() if row is None else row)
    text = _rendered(run)
    broken = broken_mark(text)
    if broken is not None:
        place = run.uses[0].at if run.uses else Location(audience.path)
        run.report(
            "template-token", "a fact or claim was cut or changed by a filter; print it as it is", place
        )
    own = Location(audience.path)
    said = [(without_marks(text), own), *((words, run.printed_at[words]) for words in run.literals)]
    said += [(figure.caption, figure.at) for figure in run.figures]
    said += [(without_marks(claim.prose), claim.at) for claim in run.claims]
    for typed, at in said if broken is None else ():
        if stacked_marks(typed) is not None:  # by a loop, too, whose marks stand in the file one by one
            what = "more combining marks on one letter than any script stacks"
            run.report("template-text", f"the template prints {what}", at)
            broken = what
        for _, what in forbidden_characters(typed):
            run.report("template-text", f"the template prints {what}", at)
            broken = what
    return Draft(
        text="" if broken is not None else text,
        uses=run.uses,
        claims=run.claims,
        literals=run.literals,
        printed_at=run.printed_at,
        names=run.names,
        quantities=run.quantities,
        figures=run.figures,
        asked=run.asked,
        looked=run.looked,
        touched=tuple(sorted(run.touched)),
        templates=run.templates,
        problems=tuple(run.problems),
    )


class _AnyColumn(dict[str, str]):
    """The row of nobody, with every column."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return name


def _rendered(run: _Run) -> str:
    """The template's text, or nothing when the run could not go on."""
    audience = run.audience
    sources = {name: file.body for name, file in audience.templates.items() if not file.problems}
    try:
        sandbox = Sandbox(run, sources)
        for name, line, message in sandbox.unprinted(audience.template, sources):
            run.report("template-unprinted", message, run.location(name, line))
        text = sandbox.get_template(audience.template).render(run.context())
        run.templates = tuple(dict.fromkeys(sandbox.loaded))
        run.characters = 0
        run.count(len(text))  # with what stands in the template itself, in a loop or a macro
        return text
    except jinja2.TemplateSyntaxError as error:
        run.report(
            "template-syntax", _words(error), run.location(error.name or audience.template, error.lineno)
        )
    except jinja2.TemplateNotFound as error:
        message = f'there is no template "{error.name}"{did_you_mean(str(error.name), sources)}'
        run.report("template-missing", message, run.raised_at(error))
    except jinja2.UndefinedError as error:
        run.report("template-undefined", run.undefined(error.message or ""), run.raised_at(error))
    except (
        Exception
    ) as error:  # a template can raise anything: TypeError, RecursionError, MemoryError, OverflowError
        run.report("template-error", _words(error), run.raised_at(error))
    return ""


def _words(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "takes more memory than a brief may: a text or list that doubles in a loop?"
    if isinstance(error, RecursionError):
        return f"{TOO_DEEP}; or a macro calls itself without an end"
    if isinstance(error, ValueError) and "set_int_max_str_digits" in str(error):
        return TOO_LONG
    text = without_marks(str(error), "…") or type(error).__name__
    text = text.replace("_Run.select()", "facts()").replace("_Run.", "")
    return (
        text
        if isinstance(error, jinja2.TemplateError | TimeLimit)
        else f"{type(error).__name__}: {text}"[:300]
    )
