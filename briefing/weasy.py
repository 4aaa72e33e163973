"""WeasyPrint, ready for use: fonts of one folder only, no network, no files, no clock, silent on stdout.

Everything that leans on WeasyPrint's inner parts stands here. Nothing is imported until `press` is called: the
import costs about 400 ms, which Markdown and a build that has nothing to do must not pay.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import logging
import os
import shutil
import sys
import tempfile
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from briefing.errors import BriefingError, Level, Location, Problem, SystemLibraryMissing

__all__ = ["Log", "Press", "press"]

_INSTALL = {
    "darwin": "brew install pango",
    "linux": "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
}
_HERE = Location("PDF")


@dataclass(slots=True)
class Log:
    """What was logged and what was asked for while one document was made, as problems."""

    where: Location = _HERE
    problems: list[Problem] = field(default_factory=list)
    missing_characters: set[int] = field(default_factory=set)

    def add(self, level: Level, message: str, rule: str) -> None:
        problem = Problem(self.where, level, message, rule)
        if problem not in self.problems:
            self.problems.append(problem)

    def refused(self, url: str) -> None:
        shown = url if len(url) <= 80 else url[:79] + "…"
        self.add(
            Level.ERROR, f"{shown!r} was asked for; a brief can hold nothing from outside", "typeset-fetch"
        )

    def record(self, record: logging.LogRecord) -> None:
        """One line of WeasyPrint's log: an error fails the brief, though WeasyPrint itself would go on."""
        if str(record.msg).startswith(".notdef glyph") and isinstance(record.args, tuple):
            self.missing_characters.add(ord(str(record.args[0])[0]))
        elif str(record.msg).startswith("Using fontTools instead of HarfBuzz-Subset"):
            return  # said once, by `Press.problems`
        elif not any(
            str(p.rule) == "typeset-fetch" and p.message[1:60] in record.getMessage() for p in self.problems
        ):
            level = Level.ERROR if record.levelno >= logging.ERROR else Level.WARNING
            self.add(level, " ".join(record.getMessage().split()), "typeset-log")


class _Fetcher:
    """Gives what was registered in memory, refuses everything else and writes it down.

    WeasyPrint asks for no more than a callable with `_fail_on_errors`; not inheriting from its `URLFetcher`
    leaves no handler behind that could open a file or a connection.
    """

    _fail_on_errors = False

    def __init__(self, response: Any, assets: Mapping[str, tuple[str, bytes]], log: Log) -> None:
        self._response, self._assets, self._log = response, assets, log

    def __call__(self, url: str) -> Any:
        if url not in self._assets:
            self._log.refused(url)
            raise ValueError("refused")
        kind, content = self._assets[url]
        return self._response(url, body=content, headers={"Content-Type": kind})

    fetch = open = __call__


class _Listener(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log.record(record)


@dataclass(frozen=True, slots=True)
class Press:
    """WeasyPrint with one set of fonts, made once per process."""

    weasyprint: Any
    response: Any
    font_config: Any
    can_subset: bool
    sheets: dict[str, tuple[Any, tuple[Problem, ...]]] = field(default_factory=dict)

    def render(
        self, html: str, css: str, log: Log, assets: Mapping[str, tuple[str, bytes]], variant: str
    ) -> Any:
        """The laid out document."""
        with _listening(log):
            document = self.weasyprint.HTML(string=html, url_fetcher=_Fetcher(self.response, assets, log))
            # pdf_variant is said here too: it fills in options that layout reads.
            return document.render(
                font_config=self.font_config, stylesheets=[self._sheet(css, log)], pdf_variant=variant
            )

    def write(self, document: Any, log: Log, **options: Any) -> bytes:
        """The document as PDF."""
        with _listening(log), _fixed_clock():
            pdf: bytes = document.write_pdf(**options)
            return pdf

    def _sheet(self, css: str, log: Log) -> Any:
        """The parsed style sheet; parsing it for each document would cost 20% and leak 0.27 MiB."""
        if css not in self.sheets:
            told = Log(log.where)
            with _listening(told):
                sheet = self.weasyprint.CSS(
                    string=css, font_config=self.font_config, url_fetcher=_Fetcher(self.response, {}, told)
                )
            self.sheets[css] = sheet, tuple(told.problems)
        sheet, problems = self.sheets[css]
        for problem in problems:
            log.add(problem.level, problem.message, problem.rule)
        return sheet


@functools.cache
def press(fonts: Path) -> Press:
    """WeasyPrint with the fonts of this folder and no others."""
    _check_fonts(fonts)
    _use_only(fonts)
    weasyprint = _imported()
    from weasyprint.text.ffi import harfbuzz_subset  # type: ignore[import-untyped]
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
    from weasyprint.urls import URLFetcherResponse  # type: ignore[import-untyped]

    return Press(weasyprint, URLFetcherResponse, FontConfiguration(), harfbuzz_subset is not None)


def missing_glyph(character: int, where: Location, context: str) -> Problem:
    """The problem that no font of the house can draw this character."""
    name = unicodedata.name(chr(character), "without a name")
    message = f"the fonts of the house have no U+{character:04X} {name}{context}"
    return Problem(where, Level.ERROR, message, "typeset-missing-glyph")


def _check_fonts(fonts: Path) -> None:
    """Pango does not raise, it crashes the process, when it finds no font, or one packed as WOFF."""
    names = sorted(path.name for path in fonts.glob("*")) if fonts.is_dir() else []
    packed = [name for name in names if name.lower().endswith((".woff", ".woff2"))]
    if packed:
        message = f"{packed[0]} cannot be used for PDF: put OTF or TTF files in this folder"
    elif not any(name.lower().endswith((".otf", ".ttf")) for name in names):
        message = "holds no font: put OTF or TTF files in this folder"
    else:
        return
    raise BriefingError(Problem(Location(fonts.name), Level.ERROR, message, "typeset-fonts"))


def _use_only(fonts: Path) -> None:
    """Point fontconfig to these fonts, so that no font of the system gets into a brief.

    The variable stays set: Pango reads it again, from a thread of its own, when it first draws. Fontconfig
    complains on stderr unless it has a cache folder it may write to; both live in one temporary folder.
    """
    folder = tempfile.mkdtemp(prefix="briefing-fonts-")
    atexit.register(_remove, folder, os.getpid())
    configuration = Path(folder, "fonts.conf")
    configuration.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>'
        f"<dir>{escape(str(fonts.resolve()))}</dir><cachedir>{escape(folder)}</cachedir></fontconfig>\n",
        "utf-8",
    )
    os.environ["FONTCONFIG_FILE"] = str(configuration)


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker ends too, and must not take the folder with it
        shutil.rmtree(folder, ignore_errors=True)


def _imported() -> Any:
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), _no_library_search():
            warnings.simplefilter("ignore")  # that HarfBuzz-Subset is missing is told by `Press.can_subset`
            import weasyprint  # type: ignore[import-untyped]
    except OSError as error:
        library = str(error).split("'")[1] if "'" in str(error) else "Pango"
        command = _INSTALL.get(sys.platform, "install Pango 1.44 or later")
        message = f"PDF needs the system library {library}; run: {command}"
        raise SystemLibraryMissing(Problem(_HERE, Level.ERROR, message, "system-pango")) from None
    return weasyprint


@contextlib.contextmanager
def _no_library_search() -> Iterator[None]:
    """Without this, the import starts gcc and ld 22 times to look for libraries under names of other systems.

    On Linux the loader finds them under their own names (`libpango-1.0.so.0`); elsewhere the search is needed.
    """
    import ctypes.util

    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = search


@contextlib.contextmanager
def _listening(log: Log) -> Iterator[None]:
    """Hear what WeasyPrint and fontTools log, and keep it from reaching the terminal."""
    listener = _Listener(log)
    loggers = [
        (logging.getLogger(name), least) for name, least in (("weasyprint", 0), ("fontTools", logging.ERROR))
    ]
    before = [(logger, logger.propagate, logger.level) for logger, _ in loggers]
    for logger, least in loggers:
        logger.propagate = False
        logger.setLevel(max(least, logging.WARNING))
        logger.addHandler(listener)
    try:
        yield
    finally:
        for logger, propagate, level in before:
            logger.removeHandler(listener)
            logger.propagate = propagate
            logger.setLevel(level)


@contextlib.contextmanager
def _fixed_clock() -> Iterator[None]:
    """Where HarfBuzz-Subset is missing, fontTools cuts the fonts and would write the time into each."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
