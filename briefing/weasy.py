"""WeasyPrint, ready for use: fonts of one folder only, no network, no files, no clock, silent on stdout.

Everything that leans on WeasyPrint's inner parts stands here. Nothing is imported until `press` is called:
the import costs about 400 ms, which Markdown and a build that has nothing to do must not pay.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import html
import importlib
import importlib.util
import io
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from briefing.errors import BriefingError, Level, Location, Problem, SystemLibraryMissing

__all__ = ["HERE", "Assets", "Log", "Press", "no_garbage_collection", "press"]

HERE = Location("PDF")
VARIANT = "pdf/ua-1"

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
        with _guarded(log):
            page = self.weasyprint.HTML(string=document, url_fetcher=_Fetcher(self.response, assets, log))
            sheets = [self._sheet(css, log)]
            return page.render(font_config=self.fonts, stylesheets=sheets, pdf_variant=VARIANT)

    def draw(self, document: Any, log: Log) -> bytes:
        """The document as PDF, tagged."""
        for page in document.pages:
            # WeasyPrint makes a link of each emphasis inside a link, too, and PDF/UA wants none but the link.
            page.links = [link for link in page.links if link[-1].element_tag == "a"]
        # Where HarfBuzz-Subset is missing, fontTools cuts the fonts, and would write the time into each.
        with _guarded(log), _environment("SOURCE_DATE_EPOCH", "0"):
            pdf: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, finisher=_describe_links)
            return pdf

    def _sheet(self, css: str, log: Log) -> Any:
        if css not in self.sheets:
            heard = Log(log.where)
            fetcher = _Fetcher(self.response, {}, heard)
            with _guarded(heard):
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
    _check_fonts(fonts)
    with _only(fonts):
        weasyprint = _imported()
        from weasyprint.text.ffi import ffi, fontconfig, harfbuzz_subset  # type: ignore[import-untyped]
        from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
        from weasyprint.urls import URLFetcherResponse  # type: ignore[import-untyped]

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


def _check_fonts(fonts: Path) -> None:
    """Pango does not raise: it crashes the process when it finds no font, or one that is packed as WOFF."""
    names = sorted(path.name.lower() for path in fonts.glob("*")) if fonts.is_dir() else []
    packed = [name for name in names if name.endswith((".woff", ".woff2"))]
    if packed:
        message = f"{packed[0]} cannot be used in a PDF; put OTF or TTF files into this folder"
    elif not any(name.endswith((".otf", ".ttf")) for name in names):
        message = "holds no fonts; put OTF or TTF files into this folder"
    else:
        return
    raise BriefingError(Problem(Location(fonts.name), Level.ERROR, message, "typeset-fonts"))


@contextlib.contextmanager
def _only(fonts: Path) -> Iterator[None]:
    """Let fontconfig load these fonts and no others, so that none of the system gets into a brief.

    It complains on stderr where it has no cache folder to write to, so it gets one. Once loaded, neither the
    configuration nor the cache is needed: a worker that is killed leaves nothing behind.
    """
    with tempfile.TemporaryDirectory(prefix="briefing-fonts-") as folder:
        configuration = Path(folder, "fonts.conf")
        configuration.write_text(
            '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>'
            f"<dir>{html.escape(str(fonts.resolve()))}</dir><cachedir>{html.escape(folder)}</cachedir></fontconfig>\n",
            "utf-8",
        )
        with _environment("FONTCONFIG_FILE", str(configuration)):
            yield


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _imported() -> Any:
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), _quick_import():
            warnings.simplefilter("ignore")  # that HarfBuzz-Subset is missing is known as `has_subsetter`
            import weasyprint  # type: ignore[import-untyped]

            if _is_tried():
                _break_lines_before_their_last_word()
    except OSError as error:
        raise SystemLibraryMissing(
            Problem(HERE, Level.ERROR, _how_to_install(error), "system-pango")
        ) from None
    return weasyprint


def _how_to_install(error: OSError) -> str:
    library = re.search(r"'([^']+)'", str(error))
    named = f" ({library[1]} cannot be loaded)" if library else ""
    command = (
        "brew install pango"
        if sys.platform == "darwin"
        else "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    )
    return f"PDF needs the system library Pango{named}; run: {command}"


@functools.cache
def _is_tried() -> bool:
    """Whether this is the WeasyPrint whose inner parts the functions below were tried with."""
    found = importlib.util.find_spec("weasyprint")
    return (
        found is not None
        and Path(str(found.origin)).parents[1].joinpath("weasyprint-70.0.dist-info").is_dir()
    )


@functools.cache
def _break_lines_before_their_last_word() -> None:
    """Repair a line that WeasyPrint ends after its first word, though many more would fit.

    It happens to a run of text that fits into the line, but for the space it ends with, when what follows (a
    citation) does not fit either: Pango lets the space hang over the edge, WeasyPrint does not, and takes the
    run for a single word too long for the line. With less room than the space takes, Pango breaks the line.
    """
    from weasyprint.layout import inline  # type: ignore[import-untyped]

    split = inline.split_first_line

    def split_first_line(
        text: str, style: Any, context: Any, width: Any, *rest: Any, **options: Any
    ) -> tuple[Any, ...]:
        line: tuple[Any, ...] = split(text, style, context, width, *rest, **options)
        hanging = len(text) - len(text.rstrip(" \u00a0\u202f"))
        if hanging and width is not None and line[_RESUME_AT] is not None:
            room = width - hanging * 0.4 * style["font_size"]
            if room > line[_WIDTH]:
                again: tuple[Any, ...] = split(text, style, context, room, *rest, **options)
                return max(line, again, key=lambda result: result[_LENGTH])
        return line

    inline.split_first_line = split_first_line


_LENGTH, _RESUME_AT, _WIDTH = 1, 2, 3  # of what `split_first_line` gives


@contextlib.contextmanager
def _quick_import() -> Iterator[None]:
    """Import in a third of the time, where that was tried."""
    if not _is_tried() or sys.platform != "linux":
        yield
        return
    with _no_library_search(), _later("fontTools.subset"), _later("fontTools.varLib.instancer"):
        yield


@contextlib.contextmanager
def _no_library_search() -> Iterator[None]:
    """Keep cffi from starting gcc and ld 22 times, to find libraries under their names on other systems.

    The loader finds them by itself under the names they have on Linux (`libpango-1.0.so.0`).
    """
    import ctypes.util

    search = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = search


@contextlib.contextmanager
def _later(name: str) -> Iterator[None]:
    """Let what is imported from a module now be a function that imports the module when it is called.

    Both parts of fontTools take 100 ms to import and are not called for plain OTF where HarfBuzz cuts the fonts.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = _Later(name)
    try:
        yield
    finally:
        del sys.modules[name]


class _Later(ModuleType):
    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)

        def call(*arguments: Any, **options: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), attribute)(*arguments, **options)

        return call


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
def _guarded(log: Log) -> Iterator[None]:
    """Listen; and where WeasyPrint stops on a style or markup it cannot read, say so and why."""
    try:
        with _listening(log):
            yield
    except Exception as error:  # it has no exception of its own: ValueError, AttributeError, IndexError, …
        said = f": {error}" if str(error) else ""
        message = f"WeasyPrint cannot make this page ({type(error).__name__}{said})"
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


def _describe_links(document: Any, pdf: Any) -> None:
    """Let a link's description be its words; WeasyPrint writes the name of its target (`e-ready-to-sign`)."""
    from pydyf import String  # type: ignore[import-untyped]

    for page in document.pages:
        for _, _, _, box in page.links:
            words = " ".join("".join(box.element.itertext()).split())
            if words and box.link_annotation is not None:  # None: it leads nowhere, and the log says so
                box.link_annotation["Contents"] = String(words)
