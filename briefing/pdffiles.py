"""PDF → the files attached to it, its text and its fingerprint, read by a process of its own.

A PDF comes from anywhere. Its streams can unfold to a thousand times their size, and its parts can point at each other
in circles; so whoever reads it has bounds on time and memory, and hands over plain bytes, or a word that says why not.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.errors import Level, Location, Problem, UsageError
from briefing.limits import OUT_OF_MEMORY, cpu_limit, file_limits, memory_limit
from briefing.pdfdoubts import doubts, doubts_of, reader_of
from briefing.pdfparts import parts_of, strange_operation

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["MOST_BYTES", "PdfContents", "attached_files", "is_pdf", "pdf_contents", "serve"]

MOST_BYTES = 64_000_000
"""Of a PDF. One of 155 pages has 2 MB."""

# What the reader of facts files takes, and more templates than extend one another.
_MOST_BYTES_OF_A_FILE = 8_000_000
_MOST_BYTES_OF_ALL = 24_000_000
_MOST_FILES = 20
_MEMORY = 1024**3
_CPU_SECONDS = 20
_SECONDS = 60
# `-P`: else a file called pypdf.py in the folder where the user stands would be run.
_START = (
    *("-P", "-c"),
    "import sys; sys.path.insert(0, sys.argv[1]); from briefing.pdffiles import serve; serve(sys.argv[2:])",
)
_TOO_MUCH = "takes more time or memory than a PDF may, and was not read"
_MOST_LETTERS = 10_000_000
_BESIDE = ("notes", "links", "others", "labels", "described", "doubts")
_WHY = {
    "encrypted": "is encrypted, so that what it carries cannot be read; save a copy without a password",
    "limit": _TOO_MUCH,
    "unreadable": "is no PDF that can be read: it is damaged or cut off",
    "large": f"has an attached file of more than {_MOST_BYTES_OF_A_FILE:,} bytes; no facts file is so large",
    "all": f"has attached files of more than {_MOST_BYTES_OF_ALL:,} bytes together; no brief has",
    "twice": "has two attached files of one name, and nobody can tell which of them it was built from",
    "many": f"has more than {_MOST_FILES} attached files of these names; no brief has",
}


def is_pdf(data: bytes) -> bool:
    """Whether a file says that it is a PDF, if not at once: readers skip what stands before."""
    return b"%PDF-" in data[:1024]


@dataclass(frozen=True, slots=True)
class PdfContents:
    """`files` are those attached, by name; `text` is what stands on the pages, where it was asked for.

    `identifier` is the fingerprint in its metadata, or empty; `notes` are the sorts of what was put on its pages
    (`/FreeText`, `/Stamp`) or into it, form fields and actions included. `links` are the addresses it leads to,
    `others` the names of attached files that were not asked for, `labels` the texts beside those of its pages: title,
    bookmarks, what pictures are said to show. `described` is what its files are said to be, and `doubts` what other
    programs may read in another way.
    """

    files: Mapping[str, bytes]
    text: str = ""
    identifier: str = ""
    notes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def attached_files(data: bytes, path: str, endings: Sequence[str]) -> Mapping[str, bytes]:
    """The files attached to a PDF with these names or endings (`.md.j2`); UsageError where they cannot be read.

    `path` is what messages call the PDF.
    """
    return pdf_contents(data, path, endings, text=False).files


def pdf_contents(data: bytes, path: str, endings: Sequence[str], *, text: bool = True) -> PdfContents:
    """What is in a PDF, as `attached_files` reads it; with its `text`, which takes a second for seven pages."""
    root = str(Path(__file__).resolve().parents[1])
    try:
        done = subprocess.run(
            [sys.executable, *_START, root, *(["--text"] if text else []), *endings],
            input=data[: MOST_BYTES + 1],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):  # it was killed, or had no memory left
        answer = "limit"
    if isinstance(answer, str):
        raise UsageError(Problem(Location(path), Level.ERROR, _WHY[answer], "file"))
    files = {name: b64decode(content) for name, content in answer["files"].items()}
    return PdfContents(
        files, answer["text"], answer["identifier"], *(tuple(answer[name]) for name in _BESIDE)
    )


# --- in the process of its own ------------------------------------------------------------------------


def serve(arguments: Sequence[str]) -> None:
    """Write what is in the PDF on standard input, or why that cannot be read, to standard output."""
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _bounded()
    try:
        endings = tuple(argument for argument in arguments if argument != "--text")
        answer = _read(sys.stdin.buffer.read(), endings, text="--text" in arguments)
        with open(answers, "w", encoding="ascii") as file:
            json.dump(answer, file)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _bounded() -> None:
    memory_limit(_MEMORY)
    with contextlib.suppress(ImportError):  # a system without such limits; the clock is left
        cpu_limit(_CPU_SECONDS)
    file_limits(0)


def _read(data: bytes, endings: tuple[str, ...], *, text: bool) -> Mapping[str, object] | str:
    from pypdf import apply_configuration  # imported here: costs 200 ms, and nobody else needs it
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    # The program would be run for an attached file that says it is a fax.
    with apply_configuration(jbig2dec_binary=None), doubts() as doubted:
        try:
            reader = reader_of(data, doubted)
            files = _attached(reader, endings)
            if isinstance(files, str) or not text:
                return files if isinstance(files, str) else _answer(files)
            attached = [str(file.name) for file in reader.attachment_list]
            parts = parts_of(reader, attached)
            words = _text(reader, parts.notes)
            others = [*(name for name in attached if name not in files), *parts.surplus]
            beside = {
                "notes": [*parts.notes],
                "links": [*parts.links],
                "labels": [*parts.labels],
                "described": [*parts.described],
                "others": others,
                "text": words,
                "identifier": _identifier(reader),
            }
            return {**_answer(files), **beside, "doubts": [*doubted, *doubts_of(reader, data)]}
        except FileNotDecryptedError:
            return "encrypted"
        except DependencyError:  # for the newer ciphers, or another filter
            return "encrypted" if b"/Encrypt" in data else "unreadable"
        except LimitReachedError:
            return "limit"
        except MemoryError:
            raise
        except Exception:  # of a damaged file any, from KeyError to RecursionError
            return "unreadable"


def _answer(files: Mapping[str, str]) -> dict[str, object]:
    nothing: list[str] = []
    beside = dict.fromkeys(_BESIDE, nothing)
    return {"files": files, "text": "", "identifier": "", **beside}


def _attached(reader: PdfReader, endings: tuple[str, ...]) -> Mapping[str, str] | str:
    found: dict[str, str] = {}
    left = _MOST_BYTES_OF_ALL
    for file in reader.attachment_list:
        if not _is_asked_for(str(file.name), endings):
            continue
        if str(file.name) in found:
            return "twice"
        if len(found) == _MOST_FILES:
            return "many"
        content = file.content
        if len(content) > _MOST_BYTES_OF_A_FILE:
            return "large"
        left -= len(content)
        if left < 0:
            return "all"
        found[str(file.name)] = b64encode(content).decode()
    return found


def _is_asked_for(name: str, endings: Sequence[str]) -> bool:
    """By its whole name, or by its ending where a full stop begins that; none of ours has a folder in its name."""
    return "/" not in name and any(name == one or (one[0] == "." and name.endswith(one)) for one in endings)


def _text(reader: PdfReader, notes: dict[str, None]) -> str:
    """The words of all pages, in the order in which they are drawn; what no page has is added to the `notes`."""
    from pypdf.errors import LimitReachedError

    pages: list[str] = []
    letters = 0

    def note(operator: bytes, operands: Sequence[object], *_: object) -> None:
        notes.update(dict.fromkeys(strange_operation(operator, operands)))

    for page in reader.pages:
        pages.append(page.extract_text(visitor_operand_before=note))
        letters += len(pages[-1])
        if letters > _MOST_LETTERS:
            raise LimitReachedError
    return "\n".join(pages)


def _identifier(reader: PdfReader) -> str:
    """The fingerprint in the metadata. Looked for as bytes: XML from anywhere can unfold, too."""
    stream = reader.root_object.get("/Metadata")
    data = stream.get_object().get_data() if stream else b""
    found = re.search(rb"<dc:identifier>(sha256:[0-9a-f]{64})</dc:identifier>", data)
    return found[1].decode() if found else ""
