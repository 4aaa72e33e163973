"""Project → briefs in the output folder: `publish(typeset(render(select(facts, audience))))` for each audience.

Three questions, each dearer than the one before, keep it from doing that again: has any input changed (by fingerprint)?
has this brief changed (once it is selected and written)? and has the page that its PDF was typeset from?
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from briefing import libraries
from briefing.audience import Audience
from briefing.edition import Edition, edition
from briefing.errors import BriefingError, Level, Location, Problem, SystemLibraryMissing
from briefing.fingerprint import fingerprint, fingerprint_of_file, fingerprint_of_program
from briefing.ingredients import ingredients, reason
from briefing.limits import DEFAULT, Limits
from briefing.manifest import Made, Manifest
from briefing.page import page
from briefing.presswork import Job, Pressed
from briefing.project import Project
from briefing.publish import holds, publish, sweep
from briefing.render import render
from briefing.selection import Selected, selected
from briefing.typeset import page_html

__all__ = ["FORMATS", "Outcome", "Press", "Report", "Wish", "build"]

FORMATS = ("md", "pdf", "html")
_NOTHING = "errors; nothing was written"
# A build that is killed after an hour has not typeset for nothing.
_SECONDS_BETWEEN_SAVES = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `status`: written, current, stale (only when checking) or failed; `why` in words.

    `pages` is the number of pages of a PDF, None for other formats.
    """

    audience: str
    format: str
    path: Path
    status: str
    why: str
    pages: int | None = None
    facts: int = 0
    sources: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All that a build did and found."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    exit_code: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: audiences (none: all), formats, and into which folder.

    `check`: compare and write nothing; `force`: believe nothing that was built before.
    """

    audiences: Sequence[str]
    out: Path
    formats: Sequence[str]
    check: bool = False
    force: bool = False
    limits: Limits = DEFAULT


class Press(Protocol):
    """What typesets: jobs go in under a ticket, and come out when they are done. `Pressroom` is one on this machine."""

    @property
    def busy(self) -> int: ...

    @property
    def crowded(self) -> bool: ...

    def submit(self, ticket: str, job: Job) -> None: ...

    def finished(self, wait: float | None = 0.0) -> Iterator[tuple[str, Pressed]]: ...


def build(project: Project, wish: Wish, press: Press) -> Report:
    """Build what is wished for. PDFs are typeset by `press`, whose limits are its own."""
    return _Build(project, wish, press).report()


@dataclass
class _Order:
    """One brief in the making: what its files hold so far, and what was found.

    A format that needs no making anew has its former `Made`, and no content.
    """

    name: str
    place: int
    audience: Audience | None = None
    contents: dict[str, bytes] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    exit_code: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    def fail(self, error: BriefingError) -> None:
        self.problems += error.problems
        self.exit_code = max(self.exit_code, error.exit_code)


class _Build:
    def __init__(self, project: Project, wish: Wish, press: Press) -> None:
        self.project = project
        self.wish = wish
        self.press = press
        self.manifest = Manifest(project.folder / ".briefing" / "manifest.json")
        self.orders: dict[str, _Order] = {}
        self.saved = time.monotonic()

    def report(self) -> Report:
        names = list(dict.fromkeys(self.wish.audiences)) or self.project.audiences
        if not self.wish.check:
            sweep(self.wish.out)
            sweep(self.manifest.path.parent)
        for place, name in enumerate(names):
            self.orders[name] = _Order(name, place)
            self.begin(self.orders[name])
            self.collect(None if self.press.crowded else 0.0)
        while self.press.busy:
            self.collect(None)
        if not self.wish.check:
            self.manifest.save()
        outcomes = [outcome for order in self.orders.values() for outcome in order.outcomes]
        if self.wish.check and not self.wish.audiences:
            outcomes += _strays({*names, *self.project.generic_audiences}, self.wish.out, self.wish.formats)
        return self.judged(outcomes)

    def judged(self, outcomes: Sequence[Outcome]) -> Report:
        problems = [
            *self.project.problems,
            *(one for order in self.orders.values() for one in order.problems),
        ]
        failed = any(outcome.status in ("failed", "stale") for outcome in outcomes)
        failed = failed or any(problem.level is Level.ERROR for problem in problems)
        exit_code = max([int(failed), *(order.exit_code for order in self.orders.values())])
        return Report(tuple(outcomes), tuple(sorted(set(problems), key=Problem.sort_key)), exit_code)

    # --- one brief --------------------------------------------------------------------------------

    def begin(self, order: _Order) -> None:
        """Everything but the typesetting, which `press` does when it is needed."""
        try:
            self.take_up(order)
        except BriefingError as error:
            order.fail(error)
            self.give_up(order)

    def take_up(self, order: _Order) -> None:
        known = {format: self.known(order.name, format) for format in self.wish.formats}
        untouched = {
            format: made for format, made in known.items() if made and self.is_untouched(format, made)
        }
        if len(untouched) == len(known):
            order.made = untouched
            order.problems += (
                p for made in untouched.values() for p in (*made.problems, *made.press_problems)
            )
            self.settle(order)
            return
        found = selected(self.project, order.name)
        order.audience = found.audience
        order.problems += found.problems
        order.exit_code = found.exit_code
        if found.brief is None:
            self.give_up(order)
            return
        self.write(order, found)

    def write(self, order: _Order, found: Selected) -> None:
        assert found.brief is not None
        assert found.audience is not None
        brief, printed = found.brief, edition(found.brief)
        parts = ingredients(brief, printed, {**self.house, "briefing itself": self.program})
        made = Made("", self.inputs, len(brief.used), len(brief.sources), parts, found.problems)
        order.made = dict.fromkeys(self.wish.formats, made)
        if "md" in order.made:
            order.contents["md"] = render(printed).encode()
        if "html" in order.made:
            order.contents["html"] = page_html(page(printed), **self.house_style).encode()
        if "pdf" in order.made and not self.is_typeset(order, printed):
            where = Location(found.audience.path)
            self.press.submit(
                order.name, Job(printed, **self.house_style, where=where, limits=self.wish.limits)
            )
            return
        self.settle(order)

    def is_typeset(self, order: _Order, printed: Edition) -> bool:
        """Whether the PDF that stands there was typeset from the same page; notes what is known of it."""
        html = page_html(page(printed), **self.house_style)
        key = fingerprint([html, self.program])
        made = replace(order.made["pdf"], key=key, libraries=libraries.of_pdf())
        order.made["pdf"] = made
        known = self.known(order.name, "pdf")
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
            if time.monotonic() - self.saved > _SECONDS_BETWEEN_SAVES and not self.wish.check:
                self.manifest.save()
                self.saved = time.monotonic()

    # --- files ------------------------------------------------------------------------------------

    def settle(self, order: _Order) -> None:
        """Put the brief's files where they belong: all of them or none, but for a PDF that this machine cannot draw."""
        self.hold_to_length(order)
        missing_library = order.exit_code == SystemLibraryMissing.exit_code
        ready = [format for format in self.wish.formats if self.is_ready(order, format)]
        if len(ready) < len(self.wish.formats) and not missing_library:
            self.give_up(order)
            return
        for format in self.wish.formats:
            if format in ready:
                order.outcomes.append(self.placed(order, format))
            else:
                order.outcomes.append(self.failed(order, format, "a system library is missing"))
        order.contents.clear()

    def is_ready(self, order: _Order, format: str) -> bool:
        return format in order.contents or bool(format in order.made and order.made[format].content)

    def hold_to_length(self, order: _Order) -> None:
        made = order.made.get("pdf")
        most = order.audience.contract.max_pages if order.audience else None
        if made and order.audience and most is not None and made.body_pages > most:
            message = f"the body has {made.body_pages} pages; the contract allows {most}"
            place = order.audience.at("max_pages")
            order.fail(BriefingError(Problem(place, Level.ERROR, message, "template-max-pages")))
            del order.made["pdf"]
            order.contents.pop("pdf", None)

    def placed(self, order: _Order, format: str) -> Outcome:
        path, made = self.path(order.name, format), order.made[format]
        content = order.contents.get(format)
        status, why = "current", "up to date"
        if content is None:
            other = libraries.differences(made.libraries, libraries.of_pdf()) if format == "pdf" else []
            why += f"; made with {', '.join(other)}" if other else ""
        elif not holds(path, content):
            status, why = ("stale" if self.wish.check else "written"), self.why(order, format)
        if status == "written":
            assert content is not None
            try:
                publish(path, content)
            except BriefingError as error:
                order.fail(error)
                return self.failed(order, format, "could not be written")
        if content is not None and status != "stale":
            made = replace(made, content=fingerprint_of_file(str(path)))
        if status != "stale":
            self.manifest.files[self.entry(order.name, format)] = made
        return Outcome(order.name, format, path, status, why, made.pages, made.facts, made.sources)

    def why(self, order: _Order, format: str) -> str:
        """Why a file is not what it should be."""
        path = self.path(order.name, format)
        before = self.manifest.files.get(self.entry(order.name, format))
        if not path.exists():
            return "is missing" if before or self.wish.check else "new"
        if before is None:
            return "would change" if self.wish.check else "content changed"
        if fingerprint_of_file(str(path)) != before.content:
            return "was changed by hand"
        made = order.made[format]
        others = libraries.differences(before.libraries, made.libraries) if format == "pdf" else []
        return reason(before.parts, made.parts, others) or "content changed"

    def give_up(self, order: _Order) -> None:
        order.contents.clear()
        order.outcomes += [self.failed(order, format, _NOTHING) for format in self.wish.formats]

    def failed(self, order: _Order, format: str, why: str) -> Outcome:
        return Outcome(order.name, format, self.path(order.name, format), "failed", why)

    def path(self, name: str, format: str) -> Path:
        return self.wish.out / f"{name}.{format}"

    # --- what is known ----------------------------------------------------------------------------

    def entry(self, name: str, format: str) -> str:
        """The name of a file in the manifest: its path from the facts file, whatever folder the build is called in."""
        return Path(os.path.relpath(self.path(name, format), self.project.folder)).as_posix()

    def known(self, name: str, format: str) -> Made | None:
        """What the manifest says of a file, if the file still is what it says."""
        made = None if self.wish.force else self.manifest.files.get(self.entry(name, format))
        if made is None or fingerprint_of_file(str(self.path(name, format))) != made.content:
            return None
        return made

    def is_untouched(self, format: str, made: Made) -> bool:
        """Whether nothing that the file could have been made from has changed."""
        if format == "pdf" and made.libraries != libraries.of_pdf():
            return False
        return made.inputs == self.inputs

    @cached_property
    def inputs(self) -> str:
        """The fingerprint of all that any brief of the project could be made from."""
        house = "".join(self.house.values())
        words = sorted(libraries.of_markdown().items())
        return fingerprint([self.project.fingerprint, house, self.program, repr(words)])

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


def _strays(names: set[str], out: Path, formats: Sequence[str]) -> Iterator[Outcome]:
    """Files that look like briefs and belong to no audience: somebody might send them."""
    for format in formats:
        for path in sorted(out.glob(f"*.{format}")):
            if path.stem not in names and not path.name.startswith("."):
                yield Outcome(path.stem, format, path, "stale", "no audience makes this file; delete it")
