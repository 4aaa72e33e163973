"""WeasyPrint, ready for use: fonts of one folder only, no network, no files, no clock, silent on stdout.

Nothing is imported until `press` is called: the import costs about 400 ms, which Markdown and a build that has nothing
to do must not pay.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import logging
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing.carried import Carried
from briefing.errors import BriefingError, Level, Location, Problem
from briefing.pdfdetails import attached, describe, finish
from briefing.weasyimport import check_fonts, environment, imported, only_fonts

__all__ = ["HERE", "Assets", "Log", "Press", "no_garbage_collection", "press"]

HERE = Location("PDF")
VARIANT = "pdf/a-3a"  # and PDF/UA-1, see pdfdetails

Assets = Mapping[str, tuple[str, bytes]]
"""What a page may show besides text: address → (media type, content)."""


@dataclass(slots=True)
class Log:
    """What WeasyPrint asked for and complained of while it made one document."""

    where: Location = HERE
    problems: list[Problem] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    missing_characters: set[str] = field(default_factory=set)

    def add(self, level: Level, message: str, rule: str) -> None:
        self.problems.append(Problem(self.where, level, message, rule))

    def refuse(self, url: str) -> None:
        if url not in self.refused:
            self.refused.append(url)
            shown = url if len(url) <= 80 else url[:79] + "…"
            self.add(Level.ERROR, f"asks for {shown!r}; a brief takes nothing from outside", "typeset-fetch")

    def hear(self, record: logging.LogRecord) -> None:
        """One line of the log. WeasyPrint goes on after an error and ends well; a brief does not."""
        text = " ".join(record.getMessage().split())
        if missing := re.match(r"\.notdef glyph .*\(U\+([0-9A-F]{4,6})\)$", text):
            self.missing_characters.add(chr(int(missing[1], 16)))
        elif text.startswith("Using fontTools instead of HarfBuzz-Subset"):
            return  # known since the import: `Press.has_subsetter`
        elif not any(url in record.getMessage() for url in self.refused):
            level = Level.ERROR if record.levelno >= logging.ERROR else Level.WARNING
            self.add(level, text, "typeset-log")


@dataclass(frozen=True, slots=True)
class Press:
    """WeasyPrint with one set of fonts. One per process: fonts and style sheet are read once (20%, and
    a new set of fonts for each document would leak 0.27 MiB)."""

    weasyprint: Any
    response: Any
    fonts: Any
    has_subsetter: bool
    sheets: dict[str, tuple[Any, Log]] = field(default_factory=dict)
    remembered: dict[tuple[str, ...], Mapping[str, tuple[int, ...]]] = field(default_factory=dict)

    def lay_out(self, document: str, css: str, assets: Assets, log: Log) -> Any:
        """The document with its pages, not yet drawn."""
        sheets = [self._sheet(css, log)]
        with _guarded(log):
            page = self.weasyprint.HTML(string=document, url_fetcher=_Fetcher(self.response, assets, log))
            return page.render(font_config=self.fonts, stylesheets=sheets, pdf_variant=VARIANT)

    def draw(self, document: Any, log: Log, carried: Carried, day: str) -> bytes:
        """The document as PDF, tagged, with the files it carries, which bear the date of that day."""
        describe(document, carried.identifier)
        for page in document.pages:
            # WeasyPrint makes a link of each emphasis inside a link, too, and PDF/UA wants none but the link.
            page.links = [link for link in page.links if link[-1].element_tag == "a"]
        # Where HarfBuzz-Subset is missing, fontTools cuts the fonts, and would write the time into each.
        with _guarded(log), environment("SOURCE_DATE_EPOCH", "0"), warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", ResourceWarning
            )  # WeasyPrint 70 does not close its colour profile
            files = attached(self.weasyprint, carried.files, day)
            pdf: bytes = document.write_pdf(
                pdf_variant=VARIANT, pdf_tags=True, attachments=files, finisher=finish
            )
            return pdf

    def _sheet(self, css: str, log: Log) -> Any:
        if css not in self.sheets:
            heard = Log(log.where)
            fetcher = _Fetcher(self.response, {}, heard)
            with _guarded(heard, "read the style sheet brief.css"):
                sheet = self.weasyprint.CSS(string=css, font_config=self.fonts, url_fetcher=fetcher)
            self.sheets[css] = sheet, heard
        sheet, heard = self.sheets[css]
        for problem in heard.problems:
            log.add(problem.level, problem.message, problem.rule)  # again, at the place of this document
        log.refused += heard.refused
        return sheet


@functools.cache
def press(fonts: Path) -> Press:
    """WeasyPrint with the fonts of this folder and no others."""
    check_fonts(fonts)
    with only_fonts(fonts):
        weasyprint = imported()
        from weasyprint.text.ffi import ffi, fontconfig, harfbuzz_subset
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcherResponse

        # Pango would load the default configuration later, in a thread of its own; this loads it now.
        fontconfig.FcConfigGetFonts(ffi.NULL, fontconfig.FcSetSystem)
        return Press(weasyprint, URLFetcherResponse, FontConfiguration(), harfbuzz_subset is not None)


class _Fetcher:
    """Gives what was registered in memory, refuses everything else and writes it down.

    WeasyPrint asks for no more than a callable with `_fail_on_errors`. Not inheriting from its `URLFetcher`
    means that there is no handler which could open a file or a connection.
    """

    _fail_on_errors = False  # with True, what is refused would end in an error that is no Exception

    def __init__(self, response: Any, assets: Assets, log: Log) -> None:
        self._response, self._assets, self._log = response, assets, log

    def __call__(self, url: str) -> Any:
        if url not in self._assets:
            self._log.refuse(url)
            raise ValueError("refused")
        media_type, content = self._assets[url]
        return self._response(url, body=content, headers={"Content-Type": media_type})


class _Listener(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log.hear(record)


@contextlib.contextmanager
def _listening(log: Log) -> Iterator[None]:
    """Hear what WeasyPrint and fontTools log, and keep it from the terminal."""
    listener = _Listener(log)
    loggers = [logging.getLogger("weasyprint"), logging.getLogger("fontTools")]
    before = [(logger.propagate, logger.level) for logger in loggers]
    for logger, level in zip(loggers, (logging.WARNING, logging.ERROR), strict=True):
        logger.propagate = False
        logger.setLevel(level)
        logger.addHandler(listener)
    try:
        yield
    finally:
        for logger, (propagate, level) in zip(loggers, before, strict=True):
            logger.removeHandler(listener)
            logger.propagate = propagate
            logger.setLevel(level)


@contextlib.contextmanager
def _guarded(log: Log, task: str = "make this page") -> Iterator[None]:
    """Listen; and where WeasyPrint stops on a style or markup it cannot read, say so and why."""
    try:
        with _listening(log):
            yield
    except MemoryError:
        raise
    except SystemError as error:  # C code that got no memory, and returned without saying so
        raise MemoryError from error
    except Exception as error:  # it has no exception of its own: ValueError, AttributeError, IndexError, …
        said = f": {error}" if str(error) else ""
        message = f"WeasyPrint cannot {task} ({type(error).__name__}{said})"
        log.add(Level.ERROR, " ".join(message.split()), "typeset-failed")
        raise BriefingError(log.problems) from error


@contextlib.contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Layout makes a million objects and drops few: looking through them would take 15% of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
