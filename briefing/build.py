"""Project → briefs in the output folder: `publish(typeset(render(select(facts, audience))))` for each of them.

Three questions, each dearer than the one before, keep it from doing that again: has any input changed (by fingerprint)?
has this brief changed (once it is selected and written)? and has the page that its PDF was typeset from?
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

from briefing import libraries
from briefing.addressing import addressed
from briefing.audience import Audience
from briefing.brief import Brief
from briefing.edition import Edition
from briefing.errors import (
    BriefingError,
    Level,
    Location,
    Problem,
    SystemLibraryMissing,
    UsageError,
    did_you_mean,
)
from briefing.fingerprint import fingerprint, fingerprint_of_program, short
from briefing.ingredients import PROGRAM, ingredients
from briefing.manifest import Made
from briefing.outcome import Outcome, Report, Standing, Wish
from briefing.page import page
from briefing.plaintext import plain_text
from briefing.presswork import Job, Pressed
from briefing.printing import as_printed
from briefing.project import Project
from briefing.recipients import Recipient
from briefing.render import pictures, render
from briefing.selection import Selected, selected
from briefing.shelf import Shelf
from briefing.typeset import page_html

__all__ = ["Press", "build"]

# How often who waits is told how far it is.
_SECONDS_BETWEEN_LOOKS = 0.2
_NOTHING = "errors; nothing was written"


class Press(Protocol):
    """What typesets: jobs go in under a ticket, and come out when they are done. `Pressroom` is one on this machine."""

    @property
    def busy(self) -> int: ...

    @property
    def crowded(self) -> bool: ...

    def doing(self) -> Sequence[tuple[str, str, float]]: ...

    def submit(self, ticket: str, job: Job) -> None: ...

    def finished(self, wait: float | None = 0.0) -> Iterator[tuple[str, Pressed]]: ...


def build(
    project: Project, wish: Wish, press: Press, watch: Callable[[Standing], None] = lambda standing: None
) -> Report:
    """Build what is wished for. PDFs are typeset by `press`, whose limits are its own; `watch` hears how far it is."""
    return _Build(project, wish, press, watch).report()


@dataclass
class _Order:
    """One brief in the making: what its files hold so far, and what was found.

    `name` is that of its files, below the output folder. A format that needs no making anew has its former `Made`, and
    no content.
    """

    name: str
    audience: str
    recipient: Recipient | None = None
    found: Audience | None = None
    contents: dict[str, bytes] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    exit_code: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    def fail(self, error: BriefingError) -> None:
        self.problems += error.problems
        self.exit_code = max(self.exit_code, error.exit_code)


class _Build:
    def __init__(self, project: Project, wish: Wish, press: Press, watch: Callable[[Standing], None]) -> None:
        self.watch = watch
        self.project = project
        self.wish = wish
        self.press = press
        self.shelf = Shelf(project.folder, wish)
        self.orders: dict[str, _Order] = {}
        self.begun = 0
        self.same_for_all: dict[str, Selected] = {}
        self.audiences = {*project.own_audiences, *project.generic_audiences}

    def report(self) -> Report:
        names = list(dict.fromkeys(self.wish.audiences)) or self.project.audiences
        self.shelf.sweep(*(name for name in names if self.wish.recipients and name in self.audiences))
        every = list(self.every_order(names))
        self.orders = {order.name: order for order in every[self.wish.shard.number - 1 :: self.wish.shard.of]}
        for order in self.orders.values():
            self.begin(order)
            self.begun += 1
            self.collect(0.0)
            while self.press.crowded:
                self.collect(_SECONDS_BETWEEN_LOOKS)
        while self.press.busy:
            self.collect(_SECONDS_BETWEEN_LOOKS)
        self.shelf.save()
        outcomes = [outcome for order in self.orders.values() for outcome in order.outcomes]
        return self.judged(outcomes, *self.strays(names))

    def every_order(self, names: Sequence[str]) -> Iterator[_Order]:
        """All briefs that are wished for, of all shards."""
        for name in names:
            if self.wish.recipients is None:
                yield _Order(name, name)
                continue
            for row in self.wish.recipients.rows:
                yield _Order(f"{name}/{row.slug}", name, row)

    def judged(
        self, outcomes: Sequence[Outcome], stray: Sequence[Outcome], problems: Sequence[Problem]
    ) -> Report:
        found = {
            *self.project.problems,
            *problems,
            *self.shelf.problems(),
            *(one for order in self.orders.values() for one in order.problems),
        }
        failed = any(outcome.status in ("failed", "stale") for outcome in (*outcomes, *stray))
        failed = failed or any(problem.level is Level.ERROR for problem in found)
        exit_code = max([int(failed), *(order.exit_code for order in self.orders.values())])
        problems = tuple(sorted(found, key=Problem.sort_key))
        right = [outcome.path for outcome in outcomes if outcome.status in ("written", "current")]
        return Report((*outcomes, *stray), problems, exit_code, self.shelf.held(right))

    def strays(self, names: Sequence[str]) -> tuple[list[Outcome], list[Problem]]:
        """Files that no brief makes any more: when checking as stale, of a mailing always as warnings."""
        table = self.wish.recipients
        if table is None:
            if not self.wish.check or self.wish.audiences:
                return [], []
            known = {*names, *self.project.generic_audiences}
            why = "no audience makes this file; delete it"
            strays = [Outcome(*one, "stale", why) for one in self.shelf.strays(known)]
            made = {
                name: order.made["md"].beside for name, order in self.orders.items() if "md" in order.made
            }
            why = "no figure of the brief is this file; delete it"
            return [*strays, *(Outcome(*one, "stale", why) for one in self.shelf.stray_pictures(made))], []
        slugs = {row.slug for row in table.rows}
        found = [(name, *one) for name in names for one in self.shelf.strays(slugs, name)]
        why = f"no row of {table.path} makes this file; delete it"
        if self.wish.check:
            return [
                Outcome(name, format, path, "stale", why, recipient=slug)
                for name, slug, format, path in found
            ], []
        return [], [
            Problem(Location(str(path)), Level.WARNING, why, "recipients-stray") for *_, path in found
        ]

    # --- one brief --------------------------------------------------------------------------------

    def begin(self, order: _Order) -> None:
        """Everything but the typesetting, which `press` does when it is needed."""
        try:
            self.take_up(order)
        except BriefingError as error:
            order.fail(error)
            self.give_up(order)

    def take_up(self, order: _Order) -> None:
        # "../note" is no audience, though files of that name are remembered.
        there = order.audience in self.audiences
        known = {
            format: self.shelf.known(order.name, format) if there else None for format in self.wish.formats
        }
        untouched = {
            format: made for format, made in known.items() if made and self.is_untouched(order, format, made)
        }
        if len(untouched) == len(known):
            order.made = dict(untouched)
            for made in untouched.values():
                order.made |= self.shelf.beside(order.name, made)
            order.problems += (
                p for made in untouched.values() for p in (*made.problems, *made.press_problems)
            )
            self.settle(order)
            return
        found = self.selected(order)
        order.found = found.audience
        order.problems += found.problems
        order.exit_code = found.exit_code
        if found.brief is None:
            self.give_up(order)
            return
        if found.brief.columns and order.recipient is None:
            order.problems.append(
                _for_recipients(found.brief, Level.ERROR if self.wish.audiences else Level.WARNING)
            )
            if self.wish.audiences:
                self.give_up(order)
            return
        self.write(order, found.brief, found)

    def selected(self, order: _Order) -> Selected:
        """The brief of an order. One selection serves all recipients, unless the template looks at who they are."""
        row = order.recipient
        if row is None:
            return selected(self.project, order.audience, allow_suspect=self.wish.allow_suspect)
        shared = self.same_for_all.get(order.audience)
        found = shared or selected(
            self.project, order.audience, row.values, allow_suspect=self.wish.allow_suspect
        )
        if found.brief is None:
            return found
        if found.brief.looked is None:
            self.same_for_all[order.audience] = found
        return replace(found, brief=self.addressed(found.brief, row))

    def addressed(self, brief: Brief, row: Recipient) -> Brief:
        missing = [
            Problem(
                at,
                Level.ERROR,
                f'the table of recipients has no column "{name}"{did_you_mean(name, row.values)}',
                "template-recipient",
            )
            for name, at in brief.columns.items()
            if name not in row.values
        ]
        if missing:
            raise BriefingError(missing)
        return addressed(brief, row.values)

    def write(self, order: _Order, brief: Brief, found: Selected) -> None:
        row = order.recipient.values if order.recipient else None
        brief, printed = as_printed(self.project, self.wish, found, brief, row)
        parts = ingredients(brief, {**self.house, PROGRAM: self.program})
        parts["the letterhead"] = short(repr(printed.letterhead))
        if self.wish.since:
            parts["the edition to compare with"] = short(repr(self.wish.since.snapshot.content))
        made = Made("", self.inputs_of(order), len(brief.used), len(brief.sources), parts, found.problems)
        if row is not None:
            made = replace(made, row=short(repr(row)))
        order.made = dict.fromkeys(self.wish.formats, made)
        if "md" in order.made:
            self.write_markdown(order, printed)
        if "txt" in order.made:
            order.contents["txt"] = plain_text(printed).encode()
        if "docx" in order.made:
            order.contents["docx"] = _word(printed)
            order.made["docx"] = replace(made, libraries=libraries.of_docx())
        if "html" in order.made:
            order.contents["html"] = page_html(page(printed, screen=True), **self.house_style).encode()
        if "pdf" in order.made and not self.is_typeset(order, printed):
            where = Location(brief.audience.path)
            job = Job(printed, **self.house_style, where=where, limits=self.wish.limits)
            self.press.submit(order.name, job)
            return
        self.settle(order)

    def write_markdown(self, order: _Order, printed: Edition) -> None:
        """The text, and its pictures as files beside it."""
        drawings = pictures(printed)
        order.contents["md"] = render(printed, order.name.rpartition("/")[2]).encode()
        order.contents |= {ending: svg.encode() for ending, svg in drawings.items()}
        made = order.made["md"]
        order.made |= {"md": replace(made, beside=tuple(drawings)), **dict.fromkeys(drawings, made)}

    def is_typeset(self, order: _Order, printed: Edition) -> bool:
        """Whether the PDF that stands there was typeset from the same page; notes what is known of it."""
        set_ = page(printed)
        key = fingerprint([page_html(set_, **self.house_style), *set_.pictures.values(), self.program])
        made = replace(order.made["pdf"], key=key, libraries=libraries.of_pdf())
        order.made["pdf"] = made
        known = self.shelf.known(order.name, "pdf")
        if known is None or known.key != key:
            return False
        if known.libraries != made.libraries and not self.wish.check:
            return False
        order.made["pdf"] = replace(
            made,
            content=known.content,
            libraries=known.libraries,
            pages=known.pages,
            body_pages=known.body_pages,
            press_problems=known.press_problems,
        )
        order.problems += known.press_problems
        return True

    def collect(self, wait: float | None) -> None:
        """Take what the press has finished."""
        for name, pressed in self.press.finished(wait):
            order = self.orders[name]
            order.problems += pressed.problems
            order.exit_code = max(order.exit_code, pressed.exit_code)
            if pressed.pdf is not None:
                order.contents["pdf"] = pressed.pdf
                order.made["pdf"] = replace(
                    order.made["pdf"],
                    pages=pressed.pages,
                    body_pages=pressed.body_pages,
                    press_problems=pressed.problems,
                )
            self.settle(order)
            self.shelf.save_now_and_then()
        standing = Standing(self.begun - self.press.busy, len(self.orders), tuple(self.press.doing()))
        self.watch(standing)

    # --- its files --------------------------------------------------------------------------------

    def settle(self, order: _Order) -> None:
        """Put the brief's files where they belong: all of them or none, but for a PDF that this machine cannot draw."""
        self.hold_to_length(order)
        missing_library = order.exit_code == SystemLibraryMissing.exit_code
        beside = order.made["md"].beside if "md" in order.made else ()
        ready = [format for format in self.wish.formats if self.is_ready(order, format)]
        if len(ready) < len(self.wish.formats) and not missing_library:
            self.give_up(order)
            return
        try:
            ready += beside
            put = self.shelf.put(order.name, {format: order.made[format] for format in ready}, order.contents)
        except UsageError as error:
            order.fail(error)
            put = dict.fromkeys(ready, ("failed", "could not be written"))
        for format in (*self.wish.formats, *beside):
            status, why = put.get(format, ("failed", "a system library is missing"))
            made = None if status == "failed" else order.made[format]
            order.outcomes.append(self.outcome(order, format, status, why, made))
        order.contents.clear()

    def is_ready(self, order: _Order, format: str) -> bool:
        return format in order.contents or bool(format in order.made and order.made[format].content)

    def hold_to_length(self, order: _Order) -> None:
        made = order.made.get("pdf")
        most = order.found.contract.max_pages if order.found else None
        if made and order.found and most is not None and made.body_pages > most:
            message = f"the body has {made.body_pages} pages; the contract allows {most}"
            place = order.found.at("max_pages")
            order.fail(BriefingError(Problem(place, Level.ERROR, message, "template-max-pages")))
            del order.made["pdf"]
            order.contents.pop("pdf", None)

    def give_up(self, order: _Order) -> None:
        order.contents.clear()
        order.outcomes += [self.outcome(order, format, "failed", _NOTHING) for format in self.wish.formats]

    def outcome(self, order: _Order, format: str, status: str, why: str, made: Made | None = None) -> Outcome:
        return Outcome(
            order.audience,
            format.rpartition(".")[2],
            self.shelf.path(order.name, format),
            status,
            why,
            pages=made.pages if made else None,
            facts=made.facts if made else 0,
            sources=made.sources if made else 0,
            recipient=order.recipient.slug if order.recipient else "",
        )

    # --- what it is made from ---------------------------------------------------------------------

    def is_untouched(self, order: _Order, format: str, made: Made) -> bool:
        """Whether nothing that the file could have been made from has changed."""
        return made.libraries == libraries.of_format(format) and made.inputs == self.inputs_of(order)

    def inputs_of(self, order: _Order) -> str:
        row = order.recipient
        return fingerprint([self.inputs, repr(row.values)]) if row else self.inputs

    @cached_property
    def inputs(self) -> str:
        """The fingerprint of all that any brief of the project could be made from, recipients aside."""
        words = sorted(libraries.of_markdown().items())
        allowed = repr(self.wish.allow_suspect)
        since = repr(self.wish.since and self.wish.since.snapshot.content)
        return fingerprint(
            [self.project.fingerprint, *self.house.values(), self.program, repr(words), allowed, since]
        )

    @cached_property
    def program(self) -> str:
        return fingerprint_of_program()

    @cached_property
    def house(self) -> Mapping[str, str]:
        return {"the style": self.house_style["css"], "the page template": self.house_style["page_template"]}

    @cached_property
    def house_style(self) -> dict[str, str]:
        return {
            "css": self.project.house_text("brief.css"),
            "page_template": self.project.house_text("page.html.j2"),
        }


def _word(printed: Edition) -> bytes:
    from briefing.word import word  # its packages are an extra, and take 160 ms to import

    return word(printed)


def _for_recipients(brief: Brief, level: Level) -> Problem:
    """What to say of a template that prints columns of a table, and got none."""
    name, at = next(iter(brief.columns.items()))
    message = (
        f'"{brief.audience.name}" prints the recipient\'s column "{name}":'
        f" build it alone, with a table of recipients: briefing build {brief.audience.name} --for recipients.csv"
    )
    return Problem(at, level, message, "template-recipient")
