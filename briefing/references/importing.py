"""References + a facts file → the facts file with those that it has not, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from briefing import dates
from briefing.errors import Level, LoadError, Location, Problem, UsageError
from briefing.facts import Facts, Source
from briefing.load import Loaded, load, read_facts
from briefing.references.entries import entry_lines
from briefing.references.ids import Ids
from briefing.references.inserting import Insertion, Unwritable, insertion, unified
from briefing.references.model import Reference
from briefing.scalars import TODO
from briefing.works import is_another_edition, marks_of_a_work

__all__ = ["Import", "Outcome", "imported", "imported_into", "refuse_faulty", "source_of"]

_BOM = "\ufeff"
# Works of one title that are compared, one by one.
_MOST_OF_ONE_TITLE = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reference and the id under which it was added; or of the source that is the `same` work, by that key.

    Of what is no work at all the key is `settings`, and there is no source.
    """

    reference: Reference
    id: str
    same: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """What an import makes of a facts file: its bytes before and after, the change, what became of each reference."""

    path: str
    outcomes: tuple[Outcome, ...]
    before: bytes
    content: bytes
    change: Insertion | None

    @property
    def added(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if not outcome.same)

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty where there is none."""
        return unified(self.change, self.path) if self.change else ""


def imported(path: str, references: Iterable[Reference]) -> Import:
    """The facts file at `path` with the references; nothing is written. LoadError where it does not load."""
    if path == "-":
        raise UsageError(
            Problem(
                Location("command line"), Level.ERROR, "--facts - cannot be written; name a file", "usage"
            )
        )
    return imported_into(read_facts(path), path, references)


def imported_into(content: bytes, path: str, references: Iterable[Reference]) -> Import:
    """The same for the bytes of a facts file; `path` is how it is called in problems."""
    before = load(content, path)
    refuse_faulty(before.problems, "sources", "facts")
    outcomes = tuple(_outcomes(before.facts, tuple(references)))
    added = [outcome for outcome in outcomes if not outcome.same]
    if not added:
        return Import(path, outcomes, content, content, None)
    text = content.decode()
    mark = _BOM if text.startswith(_BOM) else ""

    def entries(outer: str, step: str) -> list[list[str]]:
        return [entry_lines(outcome.id, outcome.reference, outer, step) for outcome in added]

    try:
        change = insertion(text.removeprefix(_BOM), before.places.tree, entries)
    except Unwritable as error:
        problem = Problem(Location(path, error.line), Level.ERROR, str(error), "import-section")
        raise LoadError(problem) from None
    after = (mark + change.text).encode()
    _hold_to_it(before, load(after, path), added)
    return Import(path, outcomes, content, after, change)


def refuse_faulty(problems: Iterable[Problem], *may_lack: str) -> None:
    """LoadError with what is wrong with a facts file, but that it has nothing yet in the sections that it may lack.

    So somebody begins who has no more than works to read.
    """
    nothing_yet = {
        message
        for section in may_lack
        for message in (f'the file has no "{section}", which it must have', f"{section} is empty")
    }
    errors = [one for one in problems if one.level is Level.ERROR and one.message not in nothing_yet]
    if errors:
        raise LoadError(errors)


def _outcomes(facts: Facts, references: Sequence[Reference]) -> Iterator[Outcome]:
    known = _Known(facts)
    ids = Ids(facts.sources, (reference.key for reference in references))
    for reference in references:
        if reference.settings:
            yield Outcome(reference, "", "settings")
            continue
        source = source_of(reference)
        if same := known.same(source, reference.key):
            yield Outcome(reference, *same)
            continue
        id = ids.new(reference)
        known.add(replace(source, id=id))
        yield Outcome(reference, id)


def source_of(reference: Reference) -> Source:
    """The source that its entry will be read as, without id and number."""
    keys = (
        "type",
        "title",
        "author",
        "publisher",
        "container_title",
        "volume",
        "issue",
        "designation",
        "page",
        "url",
        "doi",
        "isbn",
    )
    return Source(
        id="",
        number=0,
        **{key: getattr(reference, key) for key in keys},
        level=TODO,
        descriptor=TODO,
        published=dates.parse(reference.published) if reference.published else None,
        accessed=dates.day(reference.accessed) if reference.accessed else None,
    )


class _Known:
    """The works that are there already, by what they are known by."""

    def __init__(self, facts: Facts) -> None:
        self.sources = facts.sources
        self.by_mark: dict[tuple[str, str], list[Source]] = {}
        for source in facts.sources.values():
            self.add(source)

    def add(self, source: Source) -> None:
        for mark in _marks(source):
            self.by_mark.setdefault(mark, []).append(source)

    def same(self, source: Source, key: str) -> tuple[str, str] | None:
        """The id of the source that is the same work, and the key that says so; `key` is its name in its file."""
        namesake = self.sources.get(key)
        if namesake and not any(_marks(source)) and not any(_marks(namesake)):
            return key, "id"  # the untitled work that was exported from here
        for by, mark in _marks(source):
            for other in self.by_mark.get((by, mark), [])[:_MOST_OF_ONE_TITLE]:
                if by not in _UNLESS or not _UNLESS[by](source, other):
                    return other.id, by
        return None


def _marks(source: Source) -> Iterator[tuple[str, str]]:
    """What a work is known by; the address of a DOI is that DOI."""
    _, _, doi = source.url.partition("doi.org/")
    if doi and not source.doi:
        yield "doi", doi.casefold()
    yield from marks_of_a_work(source)


def _are_two_of_one_title(one: Source, other: Source) -> bool:
    return is_another_edition(one, other) or _have_other_numbers(one, other) or _have_other_makers(one, other)


def _are_two_at_one_address(one: Source, other: Source) -> bool:
    titles = [dict(marks_of_a_work(source)).get("title") for source in (one, other)]
    years = [source.published.text[:4] if source.published else "" for source in (one, other)]
    return (
        all(titles)
        and titles[0] != titles[1]
        and (
            _have_other_makers(one, other)
            or _have_other_numbers(one, other)
            or (all(years) and years[0] != years[1])
        )
    )


def _have_other_makers(one: Source, other: Source) -> bool:
    """Whether none of the authors of one wrote the other."""
    makers = [{(name.literal or name.family).casefold() for name in source.author} for source in (one, other)]
    return all(makers) and not makers[0] & makers[1]


def _have_other_numbers(one: Source, other: Source) -> bool:
    numbers = [(getattr(one, key), getattr(other, key)) for key in ("doi", "isbn")]
    return any(all(pair) and pair[0].casefold() != pair[1].casefold() for pair in numbers)


# When two that are known by the same are two works all the same.
_UNLESS: Mapping[str, Callable[[Source, Source], bool]] = MappingProxyType(
    {"title": _are_two_of_one_title, "url": _are_two_at_one_address}
)


def _hold_to_it(before: Loaded, after: Loaded, added: Iterable[Outcome]) -> None:
    """Refuse a result that does not load, or in which anything but the added sources is other than it was."""
    refuse_faulty(after.problems, "sources", "facts")
    expected = dict(before.facts.sources)
    for outcome in added:
        expected[outcome.id] = replace(source_of(outcome.reference), id=outcome.id, number=len(expected) + 1)
    old, new = before.facts, after.facts
    if new.sources != expected or (new.people, new.facts, new.title) != (old.people, old.facts, old.title):
        message = "sources cannot be added to this file without changing what it says; put them in by hand"
        raise LoadError(Problem(Location(new.path), Level.ERROR, message, "import-section"))
