"""The files of a project: where they stand, the facts with all problems, the templates."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from briefing.audience import GENERIC, SUFFIX, Templates, audience_names, read_templates
from briefing.errors import BriefingError, Level, Location, Problem
from briefing.facts import Fact, Facts
from briefing.files import Unusable, read_ordinary
from briefing.fingerprint import fingerprint
from briefing.formerly import FormerSentences
from briefing.house import shipped_house
from briefing.letterhead import PLAIN, Letterhead, read_letterhead
from briefing.load import Loaded, load, read_facts
from briefing.loaded import FILE, LoadedWord, read_loaded_words
from briefing.reviews import FILE as REVIEWS
from briefing.reviews import Reviews, read_reviews
from briefing.rules import check_facts
from briefing.scalars import check_id
from briefing.stamp import Watched
from briefing.tongues import DEFAULT, Tongue, tongue_of
from briefing.unread import unread_templates

__all__ = [
    "MOST_BYTES_OF_A_TEXT",
    "Project",
    "audiences_ahead",
    "kept_texts_beside",
    "open_project",
    "project_of",
    "read_from",
    "tongue_beside",
]

# A report of 1,000 pages has 3 million characters; folding and searching 50 million took 26 seconds and 700 MB.
MOST_BYTES_OF_A_TEXT = 20_000_000
# The shipped style has 9 kB.
_MOST_BYTES_OF_STYLE = 1_000_000


@dataclass(frozen=True)
class Project:
    """A facts file that was read, and what stands beside it.

    `facts` is None when the file cannot be used; `loaded` is what could be read of it. `problems` are those of the
    facts file and of the office's own small files, all of them. `content` is the fingerprint of the facts file's bytes.
    """

    path: Path
    loaded: Loaded
    facts: Facts | None
    loaded_words: tuple[LoadedWord, ...]
    problems: tuple[Problem, ...]
    templates: Templates
    house: Path
    content: str
    letterhead: Letterhead = PLAIN
    reviews: Reviews | None = None

    @property
    def locale(self) -> str:
        """The language of the facts, and of briefs whose contract says no other."""
        return _locale(self.letterhead, self.loaded)

    @cached_property
    def formerly(self) -> FormerSentences:
        """What the facts said in earlier editions of the file."""
        return FormerSentences(str(self.path), tongue_of(self.locale))

    @property
    def folder(self) -> Path:
        return self.path.parent

    @cached_property
    def own_audiences(self) -> list[str]:
        return audience_names(self.templates, generic=False)

    @cached_property
    def audiences(self) -> list[str]:
        """The project's own audiences; where there are none, the generic ones."""
        return self.own_audiences or self.generic_audiences

    @cached_property
    def generic_audiences(self) -> list[str]:
        return audience_names(self.templates, generic=True)

    def house_text(self, name: str) -> str:
        """The text of a file of the house: the project's own where it has one. BriefingError when it cannot be read."""
        own = self.folder / "templates" / "house" / name
        try:
            try:
                data = read_ordinary(own, _MOST_BYTES_OF_STYLE, within=self.folder)
            except FileNotFoundError:
                data = (self.house / name).read_bytes()
            return data.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            why = "is not UTF-8"
        except Unusable as error:
            why = str(error)
        except OSError as error:
            why = f"cannot be read: {error.strerror}"
        place = Location(f"templates/house/{name}")
        raise BriefingError(Problem(place, Level.ERROR, why, "template-house"))

    @cached_property
    def fingerprint(self) -> str:
        """Of all that a brief can be made from: facts, what kept texts bar, templates, loaded words, reviews."""
        barred = [repr(problem) for problem in self.problems if problem.level is Level.ERROR]
        templates = [
            part for name, file in self.templates.items() for part in (name, file.path, file.front, file.body)
        ]
        own = [repr(self.loaded_words), repr(self.letterhead), repr(self.reviews)]
        return fingerprint([self.content, *barred, *templates, *own])

    @cached_property
    def faulty(self) -> Mapping[str, Problem]:
        """Facts that an error bars from every brief: their own, or one of a source, person or fact they need."""
        errors: dict[tuple[str, ...], Problem] = {}
        for problem in self.problems:
            if problem.level is Level.ERROR and len(problem.subject) >= 2:
                errors.setdefault(problem.subject[:2], problem)
        faulty: dict[str, Problem] = {}
        if self.facts is None:
            return {}
        for fact in self.facts.facts.values():
            needs = [need for each in (fact, *self.facts.basis(fact)) for need in _needs(each)]
            found = next((errors[need] for need in needs if need in errors), None)
            if found:
                faulty[fact.id] = found
        return faulty

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """Errors of the file as a whole, which bar every brief."""
        return tuple(p for p in self.problems if p.level is Level.ERROR and len(p.subject) < 2)


def _needs(fact: Fact) -> list[tuple[str, str]]:
    """The parts of the file that a fact's sentence and citations are made of."""
    return [
        ("facts", fact.id),
        *(("sources", cite.source) for cite in fact.cite),
        *(("people", name) for name in (*fact.by, *fact.placeholders)),
    ]


def open_project(path: str, today: datetime.date | None = None) -> Project:
    """Read the facts file at `path` and the templates beside it. UsageError when the file cannot be read.

    `today` is the day that dates of review are compared with; without it they are not.
    """
    data = read_facts(path)
    return project_of(load(data, path), data, path, kept_texts_beside(path), today)


def project_of(
    loaded: Loaded,
    content: bytes,
    path: str,
    kept_text: Callable[[str], bytes | None] = lambda id: None,
    today: datetime.date | None = None,
) -> Project:
    """The project of facts that were read from `content`, wherever that stood, with the templates beside `path`."""
    file = Path(path)
    broken = any(problem.level is Level.ERROR for problem in loaded.problems)
    house = shipped_house()
    shown = str(file.parent / "templates")
    words, word_problems = _loaded_words(house, file.parent / "templates", shown)
    letterhead, faults = read_letterhead(
        file.parent / "templates" / "house", f"{shown}/house", within=file.parent
    )
    reviews, more_faults = read_reviews(file.parent, str(file.parent / REVIEWS))
    return Project(
        path=file,
        loaded=loaded,
        facts=None if broken else loaded.facts,
        loaded_words=words,
        problems=(
            *check_facts(loaded, kept_text, tongue_of(_locale(letterhead, loaded)), today),
            *word_problems,
            *faults,
            *more_faults,
            *unread_templates(file.parent / "templates", shown),
        ),
        templates=read_templates(file.parent / "templates", shown, house, within=file.parent),
        house=house,
        content=fingerprint([content]),
        letterhead=letterhead,
        reviews=reviews,
    )


def _locale(letterhead: Letterhead, loaded: Loaded) -> str:
    """What the letterhead says; in what a document carries, the language of the file that it was made from."""
    extract = loaded.facts.extract
    return (extract.locale if extract else letterhead.locale) or DEFAULT


def kept_texts_beside(path: str) -> Callable[[str], bytes | None]:
    """What `archive/<id>.txt` beside a facts file holds, for the id of a source; None where it is not kept there."""
    return lambda id: _kept_text(Path(path).parent, id)


def tongue_beside(path: str, loaded: Loaded) -> Tongue:
    """The language of facts, as `project_of` has it: that of the letterhead beside a facts file at `path`."""
    house = Path(path).parent / "templates" / "house"
    return tongue_of(_locale(read_letterhead(house, str(house), within=Path(path).parent)[0], loaded))


def audiences_ahead(path: str) -> int:
    """How many audiences the project of the facts file at `path` will have, by the names of its templates alone."""
    own, generic = Path(path).parent / "templates", shipped_house() / GENERIC.removeprefix("house/")
    return len(list(own.glob(f"*{SUFFIX}"))) or len(list(generic.glob(f"*{SUFFIX}")))


def read_from(path: str) -> list[Watched]:
    """What `open_project` reads of a project, as a stamp looks at it. Keep it in step with what stands above."""
    folder = Path(path).parent
    return [
        ("file", path),
        ("file", str(folder / REVIEWS)),
        ("tree", str(folder / "templates")),
        ("texts", str(folder / "archive")),
    ]


def _loaded_words(
    house: Path, templates: Path, shown: str
) -> tuple[tuple[LoadedWord, ...], tuple[Problem, ...]]:
    """The words that no neutral brief uses: those of the house, and the project's own list over them."""
    text = (house / FILE).read_text(encoding="utf-8")
    words, problems = read_loaded_words(text, f"templates/house/{FILE}")
    own = templates / FILE
    try:
        data = read_ordinary(own, _MOST_BYTES_OF_STYLE, within=templates.parent)
    except FileNotFoundError:
        return words, problems
    except Unusable as error:
        return words, (*problems, Problem(Location(f"{shown}/{FILE}"), Level.ERROR, str(error), "file"))
    words, more = read_loaded_words(data, f"{shown}/{FILE}", words)
    return words, problems + more


def _kept_text(folder: Path, id: str) -> bytes | None:
    """The text of a source as it was read: `archive/<id>.txt`, or None where it is not kept here.

    Unusable where something stands there that is no such text.
    """
    try:
        return read_ordinary(folder / "archive" / f"{check_id(id)}.txt", MOST_BYTES_OF_A_TEXT, within=folder)
    except (FileNotFoundError, ValueError):
        return None
