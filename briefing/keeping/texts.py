"""The bytes of a text, a web page or a PDF → the words to be kept, in UTF-8 with line feeds.

What `check` compares stays as it is: quotation marks, dashes, Unicode forms, white space within lines of a text.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import webencodings

from briefing.errors import Level, Location, PackageMissing, Problem
from briefing.keeping.pages import MOST_BYTES_OF_A_PAGE, page_text
from briefing.keeping.refusing import refused
from briefing.libraries import missing_for_keep
from briefing.pdffiles import is_pdf, pdf_contents
from briefing.project import MOST_BYTES_OF_A_TEXT

__all__ = ["Material", "Words", "known_encoding", "words_of"]

_HTML = ("text/html", "application/xhtml+xml")
_NO_TEXT = re.compile(r"(?:image|audio|video|font)/|application/(?:zip|gzip|msword|vnd\.)")
_PAGE_ENDINGS = (".html", ".htm", ".xhtml")
_OPENS_A_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_IN_PAGE = re.compile(
    rb"<meta\b[^>]{0,500}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})|<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9_:.-]{1,40})",
    re.IGNORECASE,
)
# As far as a browser looks for it.
_HEAD = 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# One such character in so many is a slip of whoever wrote the page.
_RARE = 1_000
_ELSEWHERE = "save it as text or PDF, and name that file"


@dataclass(frozen=True, slots=True)
class Material:
    """What was read, and what is known of it: `type` and `charset` are a server's, `encoding` is what a user says."""

    data: bytes
    name: str
    type: str = ""
    charset: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """`kept` is the text; `whole` is all of a page, where `kept` is only its article. `notes` are for the reader."""

    kept: str
    whole: str = ""
    notes: tuple[str, ...] = ()


def known_encoding(name: str) -> bool:
    """Whether an encoding has such a name, on the web or in Python."""
    if webencodings.lookup(name):
        return True
    try:
        b"text".decode(name)
    except LookupError:
        return False
    except UnicodeDecodeError:  # one in which it says nothing
        return True
    return True


def words_of(material: Material, *, whole: bool = False) -> Words:
    """The words to be kept; with `whole` all of a page, not its article alone. UsageError where there are none."""
    if is_pdf(material.data):
        return _checked(
            _of_pdf(material),
            material,
            "it may be pictures of pages: have their text recognised (OCR), and name what comes of it",
        )
    sort = material.type.lower()
    if _NO_TEXT.match(sort) or material.data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refused(f"{material.name} is {sort or 'a document of a program'}, and no text; {_ELSEWHERE}")
    if _is_page(material, sort):
        return _of_page(material, whole=whole)
    text, notes = _decoded(material, b"")
    if "\0" in text[:10_000]:
        raise refused(f"{material.name} is no text; {_ELSEWHERE}")
    return _checked(Words(text, notes=notes), material, "")


def _is_page(material: Material, sort: str) -> bool:
    if sort:
        return sort in _HTML
    return material.name.lower().endswith(_PAGE_ENDINGS) or (
        not material.name.lower().endswith(".txt") and _OPENS_A_PAGE.match(material.data[:10_000]) is not None
    )


def _of_pdf(material: Material) -> Words:
    return Words(
        re.sub("[\u00ad\u200b\u2060\ufeff\0]", "", pdf_contents(material.data, material.name, ()).text)
    )


def _of_page(material: Material, *, whole: bool) -> Words:
    missing = missing_for_keep()
    if missing:
        install = " ".join(f"'{name}'" for name in missing)
        message = (
            f"to keep a web page, Python packages are needed that are missing; run: pip install {install}"
        )
        raise PackageMissing(Problem(Location("command line"), Level.ERROR, message, "system-keep"))
    if len(material.data) > MOST_BYTES_OF_A_PAGE:
        raise refused(
            f"{material.name} has more than {MOST_BYTES_OF_A_PAGE // 1_000_000} MB, too much for a web page"
        )
    html, notes = _decoded(material, material.data[:_HEAD])
    found = page_text(html)
    if whole or not found.whole:
        return _checked(
            Words(found.whole, notes=notes),
            material,
            "a script may make it, as the page is shown: copy its text in the browser into a file, and name that",
        )
    if not found.article:
        raise refused(
            f"{material.name} has no article that could be told from the rest; --whole keeps all of its text"
        )
    return _checked(Words(found.article, found.whole, notes), material, "")


def _checked(words: Words, material: Material, advice: str) -> Words:
    """The words with plain ends of lines; UsageError where there are none, or too many."""
    kept = words.kept.replace("\r\n", "\n").replace("\r", "\n")
    if not kept.strip():
        raise refused(f"{material.name} has no text in it" + (f"; {advice}" if advice else ""))
    kept = kept if kept.endswith("\n") else kept + "\n"
    if len(kept.encode()) > MOST_BYTES_OF_A_TEXT:
        raise refused(
            f"{material.name} has more than {MOST_BYTES_OF_A_TEXT // 1_000_000} MB of text; keep the part that is cited"
        )
    return Words(kept, words.whole, words.notes)


# --- encodings -----------------------------------------------------------------------------------------------


def _decoded(material: Material, head: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of bytes, and what a reader should know of how it was read; `head` is where a page says its encoding.

    What a user says counts first, then a byte order mark. Bytes that are UTF-8 are read as that, whatever a server
    says: no other text of any length looks like it. Then what the server says, then the page.
    """
    data = material.data
    if material.encoding:
        return _as_said(data, material)
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], name, material), ()
    found = _IN_PAGE.search(head)
    said = [material.charset, (found[1] or found[2]).decode() if found else ""]
    names = [name for name in map(_python_name, said) if name]
    if not data.isascii():
        names = ["utf-8", *names]
    for name in dict.fromkeys(names or ["utf-8"]):
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        return text, _note(name, names)
    text = data.decode("utf-8", "replace")
    odd = text.count("\ufffd")
    if set(filter(None, map(_python_name, said))) == {"utf-8"} and odd * _RARE <= len(text):
        return text, (f"said to be in UTF-8, which it is but for {odd} characters; each stands as \ufffd",)
    raise refused(
        f"{material.name} is not in {' or '.join(dict.fromkeys(names or ['utf-8']))}; say what it is in, such as"
        " --encoding windows-1252"
    )


def _note(name: str, names: list[str]) -> tuple[str, ...]:
    others = [other for other in names if other not in ("utf-8", "ascii")]
    if name == "utf-8" and others:
        return (f"said to be in {others[0]}, and read as UTF-8, which it is",)
    return ()


def _python_name(label: str) -> str:
    """An encoding by what the web calls it: "iso-8859-1" is windows-1252 there, and "utf-16" in a page is not."""
    found = webencodings.lookup(label.strip()) if label else None
    if found is None or found.name in ("x-user-defined", "replacement"):
        return ""
    return str(found.codec_info.name)


def _as_said(data: bytes, material: Material) -> tuple[str, tuple[str, ...]]:
    name = _python_name(material.encoding) or material.encoding
    return _strictly(data, name, material).removeprefix("\ufeff"), ()


def _strictly(data: bytes, name: str, material: Material) -> str:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        raise refused(f"{material.name} is not in {name}") from None
