"""Template files → `Audience`: the contract from the front matter, and the templates it extends.

A template is found in the project's `templates/` first, then among the shipped ones; both are read once, into
memory, so that nothing outside these folders can be reached from a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from briefing.comments import comment_spans
from briefing.errors import Level, LoadError, Location, Problem, UsageError, did_you_mean
from briefing.files import Unusable, read_ordinary
from briefing.letterhead import Letterhead, Locale, Marking, Office, Paper
from briefing.load import plain, shape_problem
from briefing.places import Places
from briefing.scalars import Id, Moment, Text, one_of
from briefing.schema import Shape
from briefing.textguard import forbidden_characters
from briefing.tongues import Tongue, tongue_of
from briefing.vocabulary import KINDS, STANCES
from briefing.yamltree import parse

__all__ = [
    "Audience",
    "Contract",
    "TemplateFile",
    "Templates",
    "audience_names",
    "columns_in",
    "contract_of",
    "is_audience_name",
    "load_audience",
    "over_house",
    "read_templates",
    "template_file",
    "with_columns",
]

SUFFIX = ".md.j2"
LETTER = ".mail"
"""Before the suffix of the template of the mail to an audience."""

GENERIC = "house/audiences/"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# Read as one: a template larger than this is no template.
_MAX_BYTES = 1_000_000
# Two layers, as the house has, need two. Jinja reads the whole chain anew for each of its members: 400 took minutes.
_MOST_EXTENDED = 10


@dataclass(frozen=True, slots=True)
class Contract:
    """What an audience promises its readers; the build holds it to that."""

    title: str
    stance: str
    readers: str = ""
    kinds: tuple[str, ...] = ()
    memo: Mapping[str, str] = field(default_factory=dict)
    max_pages: int | None = None
    max_words: int | None = None
    max_grade: int | None = None
    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    office: str = ""
    address: str = ""
    marking: str = ""
    paper: str = ""
    locale: str = ""
    embargo: str = ""

    def printed_on(self, paper: Letterhead) -> Letterhead:
        """The letterhead of this audience: the office's, with what the contract says otherwise."""
        names = ("office", "address", "marking", "paper", "locale", "embargo")
        said = {name: getattr(self, name) for name in names}
        return replace(paper, **{name: text for name, text in said.items() if text})


# A column of the recipient's row, in the block at the head of a memo.
_COLUMN = re.compile(r"\{\s*recipient\.([A-Za-z0-9_]+)\s*\}")


def columns_in(text: str) -> list[str]:
    """The columns that a text of the memo block asks for: `{recipient.name}`."""
    return _COLUMN.findall(text)


def with_columns(text: str, value: Callable[[str], str]) -> str:
    """The text with the value of each column in its place."""
    return _COLUMN.sub(lambda found: value(found[1]), text)


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template: where it stands, its front matter, its body with the front matter's lines left blank.

    `problems` say why a file cannot be used; whoever uses it fails, the others do not. `shipped`: word for word as the
    tool brings it.
    """

    path: str
    front: str
    body: str
    problems: tuple[Problem, ...] = ()
    shipped: bool = False


Templates = Mapping[str, TemplateFile]


@dataclass(frozen=True, slots=True)
class Audience:
    """One kind of reader. `template` is its name in `templates`; `places` are those of its contract's keys; `tongue` is
    the language it is written to in, `facts_locale` that of the facts.
    """

    name: str
    template: str
    contract: Contract
    places: Mapping[str, Location]
    templates: Templates
    tongue: Tongue
    facts_locale: str

    @property
    def path(self) -> str:
        return self.templates[self.template].path

    def at(self, key: str) -> Location:
        """Where a key of the contract was said."""
        return self.places.get(key, Location(self.path))


def _positive(value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch("[1-9][0-9]{0,5}", value):
        raise ValueError("must be a whole number above zero")
    return int(value)


Count = Annotated[int, BeforeValidator(_positive)]


class MemoModel(Shape):
    """The block at the head of a memo; the date is the facts' own."""

    to: Text = ""
    from_: Text = Field("", alias="from")
    cc: Text = ""
    subject: Text = ""


class ContractModel(Shape):
    """The front matter of a template."""

    title: Text = ""
    readers: Text = ""
    stance: Annotated[str, AfterValidator(one_of(STANCES))] = ""
    kinds: list[Annotated[str, AfterValidator(one_of(KINDS))]] = []
    memo: MemoModel | None = None
    max_pages: Count | None = None
    max_words: Count | None = None
    max_grade: Count | None = None
    require: list[Id] = []
    forbid: list[Text] = []
    office: Office = ""
    address: Office = ""
    marking: Marking = ""
    paper: Paper = ""
    locale: Locale = ""
    embargo: Moment = ""


def read_templates(folder: Path, shown: str, house: Path, *, within: Path | None = None) -> Templates:
    """All templates: the project's folder of them (`shown` is how its paths are printed) over the shipped house.

    `within` is the folder of the project, out of which no link may lead; where it is left out, `folder`.
    """
    return over_house(_files(folder, shown, within or folder), house)


def over_house(own: Iterable[tuple[str, TemplateFile]], house: Path) -> Templates:
    """All templates: those of an office, by the names that they have in its folder, over the shipped house."""
    templates = {
        f"house/{name}": replace(file, shipped=True)
        for name, file in _files(house, "house", house)
        if name.startswith("audiences/")
    }
    for name, file in own:
        ours = templates.get(name)
        same = ours is not None and (ours.front, ours.body) == (file.front, file.body)
        templates[name] = replace(file, shipped=same)
    return templates


def _files(folder: Path, shown: str, within: Path) -> Iterator[tuple[str, TemplateFile]]:
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        name = path.relative_to(folder).as_posix()
        try:
            yield name, template_file(read_ordinary(path, _MAX_BYTES, within=within), f"{shown}/{name}")
        except FileNotFoundError:
            yield name, _unusable(f"{shown}/{name}", "is gone")
        except Unusable as error:
            yield name, _unusable(f"{shown}/{name}", str(error))


def _unusable(shown: str, why: str) -> TemplateFile:
    return TemplateFile(shown, "", "", (Problem(Location(shown), Level.ERROR, why, "template-text"),))


def template_file(data: bytes, shown: str) -> TemplateFile:
    """The template in a file of these bytes, whose path is printed as `shown`. Never raises: see its `problems`."""
    try:
        return _template(data, shown)
    except LoadError as error:
        return TemplateFile(shown, "", "", error.problems)


def _template(data: bytes, shown: str) -> TemplateFile:
    def fail(message: str, line: int = 1, column: int = 1) -> LoadError:
        return LoadError(Problem(Location(shown, line, column), Level.ERROR, message, "template-text"))

    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise fail("is not UTF-8; save it with that encoding") from None
    for offset, what in forbidden_characters(text):
        line = text.count("\n", 0, offset) + 1
        raise fail(f"holds {what}", line, offset - text.rfind("\n", 0, offset))
    return _split_front_matter(shown, text)


def _split_front_matter(shown: str, text: str) -> TemplateFile:
    if not text.startswith("---\n"):
        return TemplateFile(shown, "", text)
    end = re.search(r"^---[ \t]*$", text[4:], re.MULTILINE)
    if not end:
        problem = Problem(
            Location(shown), Level.ERROR, "the front matter has no closing line ---", "template-front-matter"
        )
        raise LoadError(problem)
    front, body = text[4 : 4 + end.start()], text[4 + end.end() :]
    return TemplateFile(shown, front, "\n" * (front.count("\n") + 1) + body)


def audience_names(templates: Templates, *, generic: bool) -> list[str]:
    """The audiences of the project, or the generic ones."""
    prefix = GENERIC if generic else ""
    names = (name[len(prefix) : -len(SUFFIX)] for name in templates if name.startswith(prefix))
    return sorted(name for name in names if "/" not in name and not name.endswith(LETTER))


def is_audience_name(name: str) -> bool:
    """Whether a file of that name would be an audience."""
    return _SLUG.fullmatch(name) is not None


def load_audience(name: str, templates: Templates, locale: str) -> Audience:
    """The audience of that name: the project's own, else the generic one. LoadError with all that is wrong.

    `locale` is that of the project, where the contract says no other.
    """
    own, generic = name + SUFFIX, GENERIC + name + SUFFIX
    template = own if own in templates else generic
    if template not in templates:
        known = sorted({*audience_names(templates, generic=False), *audience_names(templates, generic=True)})
        message = f'there is no audience "{name}"{did_you_mean(name, known)}'
        raise UsageError(Problem(Location("templates"), Level.ERROR, message, "unknown-audience"))
    if not is_audience_name(name):
        message = "an audience's name is small letters, digits and hyphens, 64 at most; rename the file"
        raise LoadError(Problem(Location(templates[template].path), Level.ERROR, message, "template-name"))
    said: dict[str, Any] = {}
    places: dict[str, Location] = {}
    problems: list[Problem] = []
    files = [
        (file, *contract_of(file, ContractModel)) for file in reversed(list(_extended(template, templates)))
    ]
    spoken = [model["locale"] for _, model, _, _ in files if model.get("locale")]
    tongue = tongue_of(spoken[-1] if spoken else locale)
    for file, model, found, where in files:
        problems += found
        if file.shipped:
            model = _translated(model, tongue)
        memo = {
            **said.get("memo", {}),
            **{key: text for key, text in (model.get("memo") or {}).items() if text},
        }
        said.update(model)
        said["memo"] = memo
        places.update(where)
    path = templates[template].path
    problems += _unfit(said, places, path)
    if problems:
        raise LoadError(problems)
    kinds = said.pop("kinds", None) or [
        kind for kind in KINDS if said["stance"] == "advocacy" or kind != "opinion"
    ]
    lists: dict[str, Any] = {key: tuple(said.pop(key, ())) for key in ("require", "forbid")}
    contract = Contract(kinds=tuple(kinds), **lists, **said)
    return Audience(name, template, contract, places, templates, tongue, locale)


def _translated(model: Mapping[str, Any], tongue: Tongue) -> dict[str, Any]:
    """The contract of a generic audience, its words in the language of the brief."""

    def word(text: Any) -> Any:
        return tongue.headings.get(text, text) if isinstance(text, str) else text

    memo = {key: word(text) for key, text in (model.get("memo") or {}).items()}
    return {key: memo if key == "memo" else word(text) for key, text in model.items()}


def _extended(name: str, templates: Templates) -> Iterator[TemplateFile]:
    """The template and those it extends, the nearest first."""
    seen: list[str] = []
    current: str | None = name
    while current is not None:
        file = templates.get(current)
        if file is None or current in seen:
            what = f'extends "{current}", which ' + ("extends it in turn" if file else "does not exist")
            hint = "" if file else did_you_mean(current, templates)
            last = templates[seen[-1]]
            place = Location(last.path, _extends(last)[1])
            raise LoadError(Problem(place, Level.ERROR, what + hint, "template-extends"))
        if len(seen) > _MOST_EXTENDED:
            message = (
                f"extends another that extends another, more than {_MOST_EXTENDED} deep; join some of them"
            )
            place = Location(templates[name].path, _extends(templates[name])[1])
            raise LoadError(Problem(place, Level.ERROR, message, "template-extends"))
        if file.problems:
            raise LoadError(file.problems)
        yield file
        seen.append(current)
        current = _extends(file)[0]


def _extends(file: TemplateFile) -> tuple[str | None, int]:
    """The name in `{% extends … %}` and its line, or None."""
    parts, end = [], 0
    for begin, close in comment_spans(file.body):
        parts += [file.body[end:begin], "\n" * file.body.count("\n", begin, close)]
        end = close
    body = "".join([*parts, file.body[end:]])
    found = re.search(r"\{%[-+]?\s*extends\b\s*(?:\"([^\"]+)\"\s*[-+]?%|'([^']+)'\s*[-+]?%)?", body)
    if not found:
        return None, 1
    line = body.count("\n", 0, found.start()) + 1
    if not (found[1] or found[2]):
        message = "extends names its template between quotation marks, and nothing else"
        raise LoadError(Problem(Location(file.path, line), Level.ERROR, message, "template-extends"))
    return found[1] or found[2], line


def contract_of(
    file: TemplateFile, model_of: type[Shape]
) -> tuple[dict[str, Any], list[Problem], dict[str, Location]]:
    """The keys that this file says at its head, as the model has them; what is wrong with them; where they stand."""
    if not file.front.strip():
        return {}, [], {}
    tree = parse(file.front, file.path, first_line=2)
    data = plain(tree.root)
    problems = list(tree.problems)
    if not isinstance(data, dict):
        data = {}
    view = Places(tree)
    try:
        model = model_of.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        problems += [shape_problem(view, (), fault, model_of) for fault in faults]
        faulty = {fault["loc"][0] for fault in faults}
        # What is left of the contract is still looked at, so that one run tells all.
        model = model_of.model_validate({key: value for key, value in data.items() if key not in faulty})
    places = {key: view.of_key((key,)) for key in data}
    said = model.model_dump(include=set(data), by_alias=True) | {
        key: "?" for key in ("title", "stance") if key in data and not getattr(model, key, "?")
    }
    return said, problems, places


def _unfit(said: Mapping[str, Any], places: Mapping[str, Location], path: str) -> Iterator[Problem]:
    """What is wrong with the contract as a whole."""
    for key in ("title", "stance"):
        if not said.get(key):
            yield Problem(
                Location(path),
                Level.ERROR,
                f'the contract has no "{key}", which it must have',
                "schema-missing-key",
            )
    if said.get("stance") == "neutral" and "opinion" in said.get("kinds", ()):
        place = places.get("kinds", Location(path))
        yield Problem(
            place,
            Level.ERROR,
            "a neutral brief cannot print opinions; take opinion out of kinds",
            "kind-neutral-opinion",
        )
