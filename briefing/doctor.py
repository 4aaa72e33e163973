"""A machine and a folder → what a project needs of them: what works, what does not, and what mends it.

Whatever is broken may be broken here, too: nothing is imported before it was looked at, and what a look runs into is
what it found.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import BriefingError
from briefing.house import shipped_house, starter_kit
from briefing.publish import keep_inside
from briefing.report.visible import visible

if TYPE_CHECKING:
    from briefing.mail.settings import Server

__all__ = ["EXTRAS", "NEEDED", "Finding", "Patient", "findings", "findings_json", "told", "works"]

NEEDED = {
    "typer": "typer",
    "pydantic": "pydantic",
    "PyYAML": "yaml",
    "jinja2": "jinja2",
    "markdown-it-py": "markdown_it",
    "babel": "babel",
    "fonttools": "fontTools",
    "pillow": "PIL",
    "rich": "rich",
    "pypdf": "pypdf",
    "email-validator": "email_validator",
    "webencodings": "webencodings",
    "anyascii": "anyascii",
    "weasyprint": "weasyprint",
}
"""Each package that everything needs, and the name it is imported by."""

EXTRAS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "bib": ("import from BibTeX", {"bibtexparser": "bibtexparser"}),
    "docx": ("--format docx", {"python-docx": "docx", "resvg-py": "resvg_py"}),
    "cluster": ("--cluster", {"distributed": "distributed"}),
    "keep": (
        "keep of web pages",
        {"trafilatura": "trafilatura", "lxml-html-clean": "lxml_html_clean"},
    ),
    "watch": ("build --watch", {"watchfiles": "watchfiles"}),
    "keyring": ("passwords in the keyring of the system", {"keyring": "keyring"}),
}
"""What an extra is for, and its packages."""

_OLDEST = (3, 11)
_SECONDS = 20
"""For a server to answer: somebody waits."""
_ANEW = "Install briefing anew, and run this again."
_ELSEWHERE = "Set TMPDIR to a folder that you may write to."
_LEAST = 65_536
"""Bytes that a folder must take: less than any PDF has."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Where it does not work, `mend` is what to do; `needed`: by every project."""

    part: str
    works: bool
    words: str
    mend: str = ""
    needed: bool = True

    @property
    def state(self) -> str:
        return "works" if self.works else "broken" if self.needed else "missing"


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at: the folder of a project, where it builds to, and the environment of its commands.

    `connect`: whether the mail server is asked, too.
    """

    folder: Path
    out: Path
    environment: Mapping[str, str]
    connect: bool = False
    python: Sequence[int] = tuple(sys.version_info[:3])


def findings(patient: Patient) -> list[Finding]:
    """Everything, in the order in which one rests on another."""
    found: list[Finding] = []
    for look in (_python, _packages, _fonts, _pdf, _extras, _letterhead, _mail, _folders, _git):
        if look in (_pdf, _letterhead, _mail) and not all(
            one.works for one in found if one.part == "packages"
        ):
            continue
        found += _seen(look, patient)
    return found


def works(found: Sequence[Finding]) -> bool:
    """Whether all works that is needed."""
    return all(one.works or not one.needed for one in found)


def findings_json(found: Sequence[Finding]) -> str:
    return json.dumps(
        {"works": works(found), "findings": [{"state": one.state, **asdict(one)} for one in found]},
        indent=2,
        ensure_ascii=False,
    )


def told(found: Sequence[Finding]) -> list[str]:
    """A line for each; under one that does not work, what mends it."""
    wide = max(len(one.part) for one in found)
    lines: list[str] = []
    for one in found:
        lines.append(f"{one.state:<7}  {one.part:<{wide}}  {visible(one.words)}")
        if one.mend:
            lines.append(f"{'':<7}  {'':<{wide}}  → {visible(one.mend)}")
    return lines


def _seen(look: Callable[[Patient], Iterator[Finding]], patient: Patient) -> list[Finding]:
    """What was found; a look that fails has found that."""
    part = look.__name__.strip("_")
    found: list[Finding] = []
    try:
        found.extend(look(patient))
    except BriefingError as error:
        found.append(_not(part, error))
    except Exception as error:  # whatever is broken may raise anything, and the other looks go on
        found.append(Finding(part, False, _words(error), _ANEW))
    return found


def _not(part: str, error: BriefingError, mend: str = "") -> Finding:
    """What a problem says, with what it says to do."""
    messages = [problem.message for problem in error.problems]
    words, _, command = messages[0].partition("; run: ") if messages else ("", "", "")
    more = f" (and {len(messages) - 1} more)" if len(messages) > 1 else ""
    return Finding(part, False, words + more, command or mend)


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


# --- the program --------------------------------------------------------------------------------------


def _python(patient: Patient) -> Iterator[Finding]:
    number = ".".join(map(str, patient.python))
    if tuple(patient.python[:2]) < _OLDEST:
        least = ".".join(map(str, _OLDEST))
        yield Finding(
            "Python", False, f"{number}, and {least} is needed", f"Install Python {least} or newer."
        )
    else:
        yield Finding("Python", True, number)


def _packages(patient: Patient) -> Iterator[Finding]:
    asked = _requirements()
    broken = {name: why for name, module in NEEDED.items() if (why := _why_not_imported(module))}
    if not broken:
        yield Finding("packages", True, f"all {len(NEEDED)} are there")
    for name, why in broken.items():
        command = f"pip install --force-reinstall '{asked.get(name.lower(), name)}'"
        yield Finding("packages", False, f"{name} cannot be used: {why}", command)


def _why_not_imported(module: str) -> str:
    try:
        if module == "weasyprint":  # it is tried by drawing, in a process of its own
            return "" if importlib.util.find_spec(module) else "it is not installed"
        importlib.import_module(module)
    except ImportError as error:
        return "it is not installed" if error.name == module else _words(error)
    except Exception as error:  # a package that is broken may raise anything
        return _words(error)
    return ""


def _requirements() -> Mapping[str, str]:
    """Package → what pip is told to install it, as this program asks for it."""
    try:
        lines = metadata.requires("briefing") or []
    except metadata.PackageNotFoundError:  # started from a folder of its source
        return {}
    texts = [line.partition(";")[0].strip() for line in lines]
    return {re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0].lower(): text for text in texts}


def _extras(patient: Patient) -> Iterator[Finding]:
    asked = _requirements()
    for extra, (use, packages) in EXTRAS.items():
        broken = [name for name, module in packages.items() if _why_not_imported(module)]
        if broken:
            wanted = " ".join(f"'{asked.get(name, name)}'" for name in broken)
            words = f"not installed; needed only for {use}"
            yield Finding(extra, False, words, f"pip install {wanted}", needed=False)
        else:
            yield Finding(extra, True, f"for {use}", needed=False)


# --- drawing ------------------------------------------------------------------------------------------


def _fonts(patient: Patient) -> Iterator[Finding]:
    from briefing.weasyimport import check_fonts

    folder = shipped_house() / "fonts"
    try:
        check_fonts(folder)
    except BriefingError as error:
        yield _not("fonts", error, "Install briefing anew: its fonts come with it.")
        return
    names = [path.name for path in folder.iterdir() if path.suffix.lower() in (".otf", ".ttf")]
    yield Finding("fonts", True, f"{len(names)} of the house")


def _pdf(patient: Patient) -> Iterator[Finding]:
    """Draw a brief of the starter kit, in a process of its own: a library that crashes takes no more with it."""
    from briefing.edition import edition
    from briefing.errors import Level, Location
    from briefing.libraries import of_pdf
    from briefing.limits import Limits
    from briefing.pressroom import Pressroom
    from briefing.presswork import Job
    from briefing.project import open_project
    from briefing.selection import briefs
    from briefing.weasyimport import pango_command

    project = open_project(str(starter_kit() / "facts.yaml"))
    selected = briefs(project, ["neutral-summary"])
    limits = Limits(cpu=60, time=60)
    with Pressroom(1, limits) as press:
        for brief in selected.briefs:
            style = {
                "css": project.house_text("brief.css"),
                "page_template": project.house_text("page.html.j2"),
            }
            press.submit("trial", Job(edition(brief), **style, where=Location("PDF"), limits=limits))
        pressed = [result for _, result in press.finished(None)]
    problems = [*selected.problems, *(problem for one in pressed for problem in one.problems)]
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    if errors or not pressed:
        yield _not("PDF", BriefingError(errors), _ANEW)
        return
    versions = of_pdf()
    words = f"a brief was drawn, with WeasyPrint {versions['weasyprint']} and Pango {versions['Pango']}"
    yield Finding("PDF", True, words)
    if any(problem.rule == "system-harfbuzz-subset" for problem in problems):
        words = "missing: PDFs have other bytes than elsewhere"
        yield Finding("HarfBuzz-Subset", False, words, pango_command(), needed=False)


# --- a project ----------------------------------------------------------------------------------------


def _mail(patient: Patient) -> Iterator[Finding]:
    from briefing.mail.secrets import password_of
    from briefing.mail.settings import FILE, read_mail_settings, settings_problems

    settings, _ = read_mail_settings(patient.folder, FILE)
    problems = settings_problems(patient.folder, _audiences(patient.folder))
    for problem in problems:
        yield Finding("mail", False, f"{problem.location}: {problem.message}", "briefing help mail")
    if settings is None:
        if not problems:
            yield Finding("mail", True, f"no {FILE} here, so nothing is mailed", needed=False)
    elif settings.sendmail:
        yield _program(settings.sendmail)
    elif settings.server is None:
        yield Finding("mail", True, f"{FILE} names no server: drafts alone", needed=False)
    else:
        server = settings.server
        try:
            password = password_of(server, patient.folder, patient.environment)
        except BriefingError as error:
            yield _not("mail", error, "briefing help mail")
            return
        kept = f"the password of {server.user} is there" if password else "no password is needed"
        yield Finding("mail", True, f"{FILE} is read, and {kept}")
        if patient.connect:
            yield _answering(server, password, patient.folder)


def _audiences(folder: Path) -> list[str]:
    from briefing.audience import audience_names, read_templates

    templates = read_templates(folder / "templates", "templates", shipped_house())
    return [*audience_names(templates, generic=False), *audience_names(templates, generic=True)]


def _letterhead(patient: Patient) -> Iterator[Finding]:
    """What is wrong with it; where nothing is, there is nothing to tell."""
    from briefing.letterhead import read_letterhead

    house = patient.folder / "templates" / "house"
    _, problems = read_letterhead(house, "templates/house", within=patient.folder)
    for problem in problems:
        yield Finding(
            "letterhead", False, f"{problem.location}: {problem.message}", "briefing help audiences"
        )


def _program(path: str) -> Finding:
    if os.access(path, os.X_OK) and os.path.isfile(path):
        return Finding("mail", True, f"{path} is there")
    mend = "Install a mailer, or name a server in mail.yaml: briefing help mail"
    return Finding("mail", False, f"{path} is no program that can be run", mend)


def _answering(server: Server, password: str, folder: Path) -> Finding:
    from dataclasses import replace

    from briefing.mail.transport import Smtp, Unreachable

    smtp = Smtp(replace(server, timeout=min(server.timeout, _SECONDS)), password, folder)
    try:
        smtp.greet()
    except Unreachable as error:
        return Finding("mail server", False, error.words, "See host, port, security and user in mail.yaml.")
    finally:
        smtp.close()
    user = f" and lets {server.user} in" if server.user else ""
    return Finding("mail server", True, f"{smtp.name} answers{user}; nothing was sent")


def _folders(patient: Patient) -> Iterator[Finding]:
    for part, folder, mend in (
        ("output", patient.out, "Make it a folder that you may write to, or build with --out FOLDER."),
        ("memory", patient.folder / ".briefing", "Delete it: builds make it anew."),
    ):
        try:
            keep_inside([folder], patient.folder)
        except BriefingError as error:
            yield _not(part, error, "Put a folder there, not a link.")
        else:
            yield _writable(part, folder, mend)
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError as error:
        yield Finding("temporary files", False, error.strerror or str(error), _ELSEWHERE)
        return
    yield _writable("temporary files", temporary, _ELSEWHERE, made=False)


def _writable(part: str, folder: Path, mend: str, *, made: bool = True) -> Finding:
    """Whether a file can be written there; where it would be `made`, whether the folder above takes one."""
    above = (folder, *folder.absolute().parents) if made else (folder,)
    stands = next((path for path in above if os.path.lexists(path)), folder)
    try:
        with tempfile.TemporaryFile(dir=stands) as file:
            file.write(b"\0" * _LEAST)
            file.flush()
    except OSError as error:
        return Finding(part, False, f"{stands} cannot be written to: {error.strerror or error}", mend)
    return Finding(part, True, f"{folder} can be written to")


def _git(patient: Patient) -> Iterator[Finding]:
    from briefing.history import History

    if not shutil.which("git"):
        words, mend = "not installed; only comparing with earlier editions needs it", "Install git."
        yield Finding("git", False, words, mend, needed=False)
        return
    try:
        commit = History(patient.folder).commit("HEAD")
    except BriefingError as error:
        words = f"no editions to compare with: {error.problems[0].message}"
        yield Finding("git", False, words, "git init && git add --all && git commit", needed=False)
        return
    yield Finding("git", True, f"the last edition is {commit.short}", needed=False)
