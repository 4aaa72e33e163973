"""The libraries that shape a document's bytes, and their versions: what may differ from machine to machine.

Read without importing any of them: a build that has nothing to typeset does not load WeasyPrint.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import sys
import zlib
from collections.abc import Callable, Mapping

__all__ = ["differences", "of_markdown", "of_pdf"]

_MARKDOWN = ("babel", "jinja2", "markdown-it-py")
_PDF = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "fonttools")


@functools.cache
def of_markdown() -> Mapping[str, str]:
    """What the words of every format are made with."""
    return {name: _installed(name) for name in _MARKDOWN}


@functools.cache
def of_pdf() -> Mapping[str, str]:
    """What a PDF is drawn with, besides."""
    system = {
        "Pango": _said("libpango-1.0.so.0", "pango_version_string"),
        "HarfBuzz": _said("libharfbuzz.so.0", "hb_version_string"),
        "HarfBuzz-Subset": _said("libharfbuzz-subset.so.0", "hb_version_string"),
        "Fontconfig": _number("libfontconfig.so.1", "FcGetVersion"),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }
    return {name: _installed(name) for name in _PDF} | system


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """`["Pango 1.50.12, now 1.52.0"]`"""
    names = sorted({*before, *now})
    return [
        f"{name} {before.get(name, 'missing')}, now {now.get(name, 'missing')}"
        for name in names
        if before.get(name) != now.get(name)
    ]


def _installed(name: str) -> str:
    return _distributions().get(name, "missing")


@functools.cache
def _distributions() -> Mapping[str, str]:
    """Package → version, by the names of their `.dist-info` folders: to read what is in them takes 70 ms."""
    found: dict[str, str] = {}
    for folder in reversed(sys.path):
        with contextlib.suppress(OSError):
            for entry in os.listdir(folder or "."):
                if entry.endswith(".dist-info"):
                    name, _, number = entry.removesuffix(".dist-info").partition("-")
                    found[name.lower().replace("_", "-")] = number
    return found


def _called(library: str, function: str, result: type) -> object:
    """What a function of a system library says; None where the library is not there (or has another name here)."""
    try:
        asked: Callable[[], object] = getattr(ctypes.CDLL(library), function)
    except (OSError, AttributeError):
        return None
    asked.restype = result  # type: ignore[attr-defined] # a function of ctypes
    return asked()


def _said(library: str, function: str) -> str:
    text = _called(library, function, ctypes.c_char_p)
    return text.decode("ascii", "replace") if isinstance(text, bytes) else "missing"


def _number(library: str, function: str) -> str:
    return str(_called(library, function, ctypes.c_int) or "missing")
