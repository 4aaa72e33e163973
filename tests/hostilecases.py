"""The corpus of hostile input: a case is files in a small project that is otherwise in order, and what becomes of them.

Single cases stand in `hostile/*.yaml`, by what they must come to; here are the families that are generated, and the
project around them.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hostilepdfs import hostile_pdfs

__all__ = ["KINDS", "ONLY", "Case", "cases_of", "commands_of", "prepare"]

HERE = Path(__file__).parent
TABLES = HERE / "hostile"

FACTS = """\
schema: 1
title: TITLE
as_of: 2026-01-27
people:
  mayor: {name: Mayor Ann Lee, short: Lee}
sources:
  minutes:
    type: report
    level: primary
    title: WORK
    descriptor: The record of the council.
    url: URL
    accessed: 2026-01-20
facts:
  opened:
    kind: event
    date: 1931
    label: LABEL
    text: TEXT
    cite: [{source: minutes, quote: QUOTE}]
  said:
    kind: statement
    by: mayor
    date: 2026-01-10
    text: >
      {mayor} said on January 10, 2026, that the bridge is safe.
    cite: [{source: minutes, quote: the bridge is safe}]
"""
PLAIN = {
    "TITLE": "The bridge at Middleton",
    "WORK": "Minutes of the council",
    "URL": "https://middleton.example/minutes",
    "LABEL": "Bridge opened",
    "TEXT": "The bridge opened in 1931.",
    "QUOTE": "opened in 1931",
}
FRONT = "---\ntitle: Note\nstance: neutral\n---\n"
NOTE = FRONT + '{{ fact("opened") }}\n\n{{ fact("said") }}\n'
MAIL = """\
sender: Policy desk <desk@example.org>
server: {host: mail.example.org, security: starttls, user: desk}
lists:
  members: {audience: note, format: md, to: [Ann Lee <ann@example.org>]}
"""
HOUSE = "office: Office of Policy\nlogo: {file: logo.svg, alt: Seal}\n"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
TABLE = "name,email\nAnn Lee,ann@example.org\n"
KEPT = "The bridge opened in 1931, and the mayor says that the bridge is safe.\n"
REVIEWS = "schema: 1\nreviewed: {}\n"
WORDS = "regime: {because: it takes a side, instead: government}\n"
MAIL_NOTE = '---\nsubject: "{title}"\n---\n{{ fact("opened") }}\n'

# --- cases --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """Files over those of the project, and the outcome of the first command of its kind.

    `told` is the rule that refuses it, or several with | between; `literal` is what the brief prints in its place.
    Where there is neither, all is in order. `code` is the exit code.
    """

    kind: str
    name: str
    files: Mapping[str, bytes]
    told: str = ""
    literal: str = ""
    code: int = 0

    @property
    def path(self) -> str:
        """The file that is hostile."""
        return next(iter(self.files))


def prepare(project: Path, case: Case) -> None:
    """Write the project of a case."""
    files = {
        "facts.yaml": facts_with(),
        "old.yaml": facts_with(TITLE="The old bridge"),
        "templates/note.md.j2": NOTE,
        "templates/house/house.yaml": HOUSE,
        "templates/house/logo.svg": SVG,
        "templates/loaded-words.yaml": WORDS,
        "mail.yaml": MAIL,
        "reviews.yaml": REVIEWS,
        "archive/minutes.txt": KEPT,
    }
    for name, content in {**{name: text.encode() for name, text in files.items()}, **case.files}.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def facts_with(**texts: str) -> str:
    """The facts file with other texts, each in double quotation marks, as YAML wants them."""
    made = FACTS
    for name, text in {**PLAIN, **texts}.items():
        made = made.replace(f" {name}\n", f" {json.dumps(text, ensure_ascii=False)}\n")
        made = made.replace(f" {name}}}", f" {json.dumps(text, ensure_ascii=False)}}}")
    return made


# --- which commands read what -------------------------------------------------------------------------

CHECK = ["check"]
BUILD = ["build", "--format", "md,html"]
SEND = ["send", "--list", "members"]
PAPER = ["build", "--format", "md,txt,html,pdf"]
WORD = ["build", "--format", "docx"]
READING = [["index", "--format", "json"], ["show", "note"], ["review", "--json"], ["diff", "old.yaml"]]
MORE = [["index", "--format", "md"], ["diff", "old.yaml", "--format", "html"], ["export"], ["schema"]]
MEMOS = ["build", "note", "--for", "people.csv", "--format", "md"]
SEND_MEMOS = ["send", "note", "--for", "people.csv", "--format", "md"]


def commands_of(case: Case, *, whole: bool) -> list[list[str]]:
    """The command that says what becomes of the case; and, where `whole` is wanted, all others that read it."""
    if case.kind in ("pdfs", "documents"):
        name = case.path
        return [["verify", name], *([["diff", name], ["verify", "--json", name]] if whole else [])]
    if case.kind == "recipients":
        return [MEMOS, *([SEND_MEMOS, [*MEMOS, "--check"]] if whole else [])]
    first = (
        BUILD if case.literal or "house/page.html.j2" in case.path or case.path.endswith(".css") else CHECK
    )
    if case.kind == "paper-logos":
        return [PAPER, *([WORD] if whole else [])]
    mail = [BUILD, SEND] if whole or case.kind.startswith("mail") else []
    if not whole:
        return [first, *mail]
    more = READING[:2] if case.code else [PAPER, WORD, *READING, *MORE]
    return [first, *mail, *more]


# --- tables -------------------------------------------------------------------------------------------


def table(kind: str) -> Iterator[tuple[str, str, str]]:
    """The single cases of a kind: name, text, and the outcome that they stand under."""
    for outcome, texts in tables(kind).items():
        for text in texts:
            yield f"{text[:160]!r}, of {len(text)}", text, outcome


def tables(kind: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = yaml.load((TABLES / f"{kind}.yaml").read_text("utf-8"), yaml.CSafeLoader)
    return {outcome: list(map(_written, texts)) for outcome, texts in found.items()}


def _written(text: Any) -> Any:
    """A long text is written as `{times: 1000, of: a}`, perhaps with what stands before it."""
    return text.get("behind", "") + text["times"] * text["of"] if isinstance(text, dict) else text


def single(kind: str, path: str, frame: str = "{}", *, code: int = 1) -> Iterator[Case]:
    """Cases whose text is, or stands within, one file."""
    for name, text, outcome in table(kind):
        files = {path: frame.replace("{}", text).encode("utf-8", "surrogatepass")}
        fine = outcome == "fine"
        yield Case(kind, name, files, "" if fine else outcome, code=0 if fine else code)


# --- families -----------------------------------------------------------------------------------------

# Whatever the office reads that is YAML, and a line of it.
YAML_FILES = {
    "facts.yaml": "title: ",
    "templates/note.md.j2": "---\nstance: neutral\ntitle: ",
    "templates/house/house.yaml": "office: ",
    "templates/loaded-words.yaml": "regime: ",
    "mail.yaml": "sender: ",
    "reviews.yaml": "reviewed: ",
}
HIDDEN = {
    "NUL": "\x00",
    "bell": "\x07",
    "backspace": "\x08",
    "escape": "\x1b",
    "delete": "\x7f",
    "next line": "\x85",
    "C1": "\x9b",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "left-to-right mark": "\u200e",
    "embedding": "\u202b",
    "override": "\u202e",
    "isolate": "\u2067",
    "zero-width space": "\u200b",
    "joiner between digits": "1\u200d1",
    "word joiner": "\u2060",
    "soft hyphen": "\u00ad",
    "byte order mark": "a\ufeff",
    "variation selector": "e\ufe0f",
    "tag": "\U000e0041",
    "noncharacter": "\ufdd0",
    "last of a plane": "\U0003fffe",
    "private": "\ue000",
    "unassigned": "\U00050000",
    "surrogate": "\ud800",
    "marks": "o" + "\u0301" * 9,
}


def character_cases() -> Iterator[Case]:
    """Every control and every character that changes the order, in a text; and a member of each class everywhere."""
    controls = [chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)] if chr(code) not in "\t\n\r"]
    order = [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
    nobody = [chr(code) for plane in range(17) for code in (plane << 16 | 0xFFFE, plane << 16 | 0xFFFF)]
    for character in [*controls, *order, *nobody, *map(chr, range(0xFDD0, 0xFDF0))]:
        name = f"U+{ord(character):04X} in a text"
        yield case_of("characters", name, "facts.yaml", facts_text(f"a{character}b"), "yaml-character")
    for what, text in HIDDEN.items():
        for path, head in YAML_FILES.items():
            rule = (
                "yaml-marks"
                if what == "marks"
                else "yaml-encoding"
                if what == "surrogate"
                else "yaml-character"
            )
            if path.endswith(".j2"):
                rule = "schema-value" if what == "marks" else "template-text"
            yield case_of("characters", f"{what} in {path}", path, f'{head}"a{text}b"\n---\n', rule)
        yield case_of(
            "characters", f"{what} in a body", "templates/note.md.j2", f"{NOTE}\na{text}b\n", "template-text"
        )


def case_of(kind: str, name: str, path: str, text: str | bytes, told: str, code: int = 1) -> Case:
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return Case(kind, name, {path: content}, told, code=code)


def facts_text(text: str) -> str:
    """The facts file with a text that stands there as it is, not escaped."""
    return facts_with().replace("The bridge opened", f"The {text} opened")


def yaml_cases() -> Iterator[Case]:
    """What YAML allows and no file of an office has, in each of its files."""
    tricks = {
        "anchor": ("&a b", "yaml-anchor"),
        "alias": ("*a", "yaml-alias"),
        "tag": ("!!python/object/apply:os.system [id]", "yaml-tag"),
        "binary": ("!!binary aWQ=", "yaml-tag"),
        "own tag": ("!x b", "yaml-tag"),
        "merge": ("{<<: {a: b}}", "yaml-merge"),
        "key twice": ("{a: b, a: c}", "yaml-duplicate-key"),
        "list as a key": ("{[a]: b}", "yaml-key"),
        "long key": (f"{{{'k' * 201}: b}}", "yaml-key"),
        "unfinished": ('"a', "yaml-syntax"),
        "bomb": ("[&a [x,x,x], &b [*a,*a,*a], &c [*b,*b,*b], &d [*c,*c,*c]]", "yaml-anchor"),
        **{
            f"{depth} × {step}": (step * depth, "yaml-depth")
            for depth in (17, 1000)
            for step in ("[", "{", "{? ", "[{")
        },
        "90,000 × [": ("[" * 90_000, "yaml-depth"),
        "escape of a control": (r'"\x1b[31m"', "yaml-character"),
        "escape of an override": (r'"\u202e"', "yaml-character"),
        "escape of half a character": (r'"\ud83d\ude00"', "yaml-syntax"),
    }
    for path, head in YAML_FILES.items():
        for name, (text, rule) in tricks.items():
            yield case_of("yaml", f"{name} in {path}", path, f"{head}{text}\n---\n", rule)
    for path, head in YAML_FILES.items():
        if not path.endswith(".j2"):
            yield case_of(
                "yaml",
                f"document after document in {path}",
                path,
                f"{head}a\n---\n{head}b\n",
                "yaml-document",
            )
            yield case_of(
                "yaml", f"directive in {path}", path, f"%TAG ! tag:x,2000:\n---\n{head}a\n", "yaml-directive"
            )


ENCODINGS = {
    "Latin-1": "Café".encode("latin-1"),
    "UTF-16": "Cafe".encode("utf-16"),
    "UTF-32": "Ca".encode("utf-32"),
    "cut off": "Café".encode()[:-1],
    "overlong": b"a\xc0\xafb",
    "surrogates": b"\xed\xa0\xbd\xed\xb8\x80",
    "beyond Unicode": b"\xf5\x80\x80\x80",
    "compressed": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
}
TEXT_FILES = {
    **dict.fromkeys(YAML_FILES, "yaml-encoding"),
    "templates/note.md.j2": "template-text",
    "archive/minutes.txt": "quote-not-found",
    "templates/house/page.html.j2": "template-house",
    "templates/house/brief.css": "template-house",
}


def encoding_cases() -> Iterator[Case]:
    for path, rule in TEXT_FILES.items():
        for name, content in ENCODINGS.items():
            yield case_of(
                "encodings", f"{name} in {path}", path, YAML_FILES.get(path, "").encode() + content, rule
            )


# Whatever Markdown or HTML could fetch or lead to something by.
WAYS = {
    "image": "![x](URL)",
    "image with a title": '![x](URL "y")',
    "image by reference": "![x][y]\n\n[y]: URL",
    "image in a link": "[![x](URL)](https://example.org)",
    "img": "<img src='URL'>",
    "script": "<script src='URL'></script>",
    "iframe": "<iframe src='URL'></iframe>",
    "embed": "<embed src='URL'>",
    "object": "<object data='URL'></object>",
    "stylesheet": "<link rel=stylesheet href='URL'>",
    "style": "<style>@import url(URL);</style>",
    "attribute": "<p style='background: url(URL)'>x</p>",
    "svg": "<svg><image href='URL'/></svg>",
    "base": "<base href='URL'>",
    "refresh": "<meta http-equiv=refresh content='0;url=URL'>",
    "form": "<form action='URL'><button>x</button></form>",
}
LINKS = {"link": "[x](URL)", "link by reference": "[x][y]\n\n[y]: URL", "autolink": "<URL>"}
ADDRESSES = {
    "http": "http://169.254.169.254/latest",
    "https": "https://tracker.example/p.png",
    "file": "file:///etc/passwd",
    "path": "/etc/passwd",
    "up": "../../../../etc/passwd",
    "no scheme": "//tracker.example/x",
    "data": "data:text/html;base64,PHNjcmlwdD4=",
    "javascript": "javascript:alert(1)",
    "capitals": "JaVaScRiPt:alert(1)",
    "ftp": "ftp://example.org/x",
    "vbscript": "vbscript:msgbox(1)",
    "blob": "blob:https://example.org/x",
    "split": "fi&#10;le:///etc/passwd",
}


def channel_cases() -> Iterator[Case]:
    """Every way to fetch × every address; and every way to lead somewhere × the addresses that no brief leads to.

    HTML is text here, and what Markdown would fetch or define is: it says something that no fact bears out.
    """
    for way, markup in {**WAYS, **LINKS}.items():
        for scheme, address in ADDRESSES.items():
            if way in ("image", "link", "autolink") and scheme == "https":
                continue  # a link to the web, which a brief may have; of an image it is the same behind a "!"
            if way == "autolink" and ":" not in address:
                continue  # that is text
            text = f"{NOTE}\n{markup.replace('URL', address)}\n"
            told = "template-link" if way in ("image", "image with a title", "link") else UNCITED
            files = {"templates/note.md.j2": text.encode()}
            yield Case("channels", f"{way} × {scheme}", files, told, code=1)


# The first that is found of text without a fact: words, or a figure in them.
UNCITED = "template-uncited|template-figure|template-link"


def template_cases() -> Iterator[Case]:
    yield from single("templates", "templates/note.md.j2", f"{NOTE}\n{{}}\n")


def text_cases() -> Iterator[Case]:
    """Texts that are markup elsewhere, as every text of a project; they are printed as they stand."""
    for name, text, outcome in table("texts"):
        said = text.replace("{", "{{").replace("}", "}}")
        facts = facts_with(
            TITLE=f"About {text} it", WORK=f"On {text} it", LABEL=f"As {text} it", TEXT=f"It is {said} here."
        )
        if outcome == "fine":
            yield Case("texts", name, {"facts.yaml": facts.encode()}, literal=f"It is {text} here")
        else:
            yield Case("texts", name, {"facts.yaml": facts.encode()}, outcome, code=1)


def url_cases() -> Iterator[Case]:
    for name, text, outcome in table("urls"):
        files = {"facts.yaml": facts_with(URL=text).encode()}
        yield Case(
            "urls", name, files, "" if outcome == "fine" else outcome, code=0 if outcome == "fine" else 1
        )


def facts_cases() -> Iterator[Case]:
    """One place of the facts file that is written otherwise: what stands there, and what takes its place."""
    for outcome, edits in tables("facts").items():
        for old, new in edits:
            assert old in FACTS, old
            text = FACTS.replace(old, new)
            for name, plain in PLAIN.items():
                text = text.replace(f" {name}\n", f" {plain}\n").replace(f" {name}}}", f" {plain}}}")
            fine = outcome == "fine"
            name = new if len(new) < 70 else f"{new[:69]}…"
            yield case_of("facts", name, "facts.yaml", text, "" if fine else outcome, code=0 if fine else 1)


PNG = b"\x89PNG\r\n\x1a\n"
LOGOS = {
    "empty": b"",
    "text": b"no picture",
    "GIF": b"GIF89a\x01\x00\x01\x00\x00\xff\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;",
    "BMP": b"BM\x1e\x00\x00\x00",
    "WebP": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "PostScript": b"%!PS\n(/etc/passwd) (r) file",
    "PDF": b"%PDF-1.7",
    "HTML": b"<html><svg></svg></html>",
    "compressed SVG": b"\x1f\x8b\x08\x00",
    "SVG in UTF-16": SVG.encode("utf-16"),
    "SVG that ends": b"<svg xmlns='http://www.w3.org/2000/svg'>",
    "SVG in no space": b"<svg width='9' height='9'/>",
    "SVG in an encoding that there is not": b"<?xml version='1.0' encoding='utf-7'?>" + SVG.encode(),
    "ELF": b"\x7fELF",
}


def points(wide: int, high: int, rows: bytes = b"", note: bytes = b"") -> bytes:
    """A PNG of grey points that says so much of its size, and holds these rows and a note."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = part(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
    noted = part(b"zTXt", b"a\0\0" + note) if note else b""
    return PNG + size + noted + part(b"IDAT", rows) + part(b"IEND", b"")


# Within an SVG, each of them alone.
IN_SVG = {
    "script": "<script>alert(1)</script>",
    "script of another space": "<x:script xmlns:x='http://www.w3.org/2000/svg'/>",
    "script of a space with a digit": "<s1:script xmlns:s1='http://www.w3.org/2000/svg'>alert(1)</s1:script>",
    "script of a space with a hyphen": "<s-a.é:script xmlns:s-a.é='http://www.w3.org/2000/svg'/>",
    "script of HTML": "<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>",
    "text": "<text y='9'>The bridge cost 9 billion.</text>",
    "text between shapes": "<g>The bridge cost 9 billion.</g>",
    "hidden characters in its title": "<title>a&#x202e;b</title>",
    "hidden characters in an attribute": "<rect id='a&#x200b;'/>",
    "fill by references": "<rect fill='url&#40;https://evil.example/x#a&#41;'/>",
    "style by references": "<rect style='fill:u&#114;l(file:///etc/passwd)'/>",
    "style by an escape of CSS": "<rect style='fill:u\\72l(file:///etc/passwd)'/>",
    "base": "<g xml:base='https://evil.example/'/>",
    "handler": "<rect onload='alert(1)'/>",
    "handler in capitals": "<rect ONCLICK = 'x'/>",
    "link": "<a href='https://example.org'/>",
    "image": "<image href='file:///etc/passwd'/>",
    "image by xlink": "<image xlink:href='http://169.254.169.254/'/>",
    "use": "<g id='a'><use href='#a'/></g>",
    "style": "<style>@import 'x'</style>",
    "style of a part": "<rect style='fill: url(file:///etc/passwd)'/>",
    "fill": "<rect fill='url(https://example.org/#a)'/>",
    "foreign": "<foreignObject><iframe/></foreignObject>",
    "animation": "<animate attributeName='x'/>",
    "setting": "<set attributeName='href' to='javascript:x'/>",
    "pattern": "<pattern id='p'><rect fill='url(#p)'/></pattern>",
    "filter": "<filter id='f'><feImage href='x'/></filter>",
    "mask": "<mask id='m'/>",
    "markers that unfold": "<marker id='m'/><path marker-mid='url(#m)'/>",
    "clips that unfold": "<clipPath id='a'><rect/></clipPath><clipPath id='b'><g clip-path='url(#a)'/></clipPath>",
    "a clip that is clipped": "<clipPath id='a' style='clip-path: URL (#a)'/>",
    "more clips than are drawn": "<clipPath id='a'>"
    + "<rect/>" * 400
    + "</clipPath>"
    + "<g clip-path='url(#a)'/>" * 400,
    "more colours than are drawn": "<linearGradient id='a'>"
    + "<stop offset='0'/>" * 5_000
    + "</linearGradient>"
    + "<rect fill='url(#a)'/>" * 30,
    "a gradient from elsewhere": "<linearGradient x:href='#a' xmlns:x='http://www.w3.org/1999/xlink'/>",
    "a set of images": "<rect style='fill: image-set(\"x\" 1x)'/>",
    "an address behind a comment": "<rect style='fill: url/**/(x)'/>",
    "an import": "<rect style='@import x'/>",
    "entity": "&a;",
    "data": "<![CDATA[x]]>",
    "instruction": "<?php x ?>",
    "no number": "<rect x='NaN'/>",
    "no number in a style": "<rect style='stroke-width: 1e999'/>",
    "no numbers in a path": "<path d='M 0 0 L nan inf A x'/>",
    "no numbers in a list": "<polygon points='0,0 a,b'/>",
    "no numbers in a transformation": "<g transform='scale(infinity)'/>",
    "numbers without end": f"<path d='M0 0L{'9' * 400} 9'/>",
}


def logo_cases() -> Iterator[Case]:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{}</svg>"
    found = {
        **LOGOS,
        **{f"SVG with {name}": drawing.replace("{}", part).encode() for name, part in IN_SVG.items()},
    }
    found["SVG with entities"] = b"<!DOCTYPE svg [<!ENTITY a 'x'>]>" + SVG.encode()
    found["SVG with a stylesheet"] = b"<?xml-stylesheet href='file:///etc/passwd'?>" + SVG.encode()
    found["SVG behind a comment"] = b"<!-- " + b"-" * 100_000 + b"<svg>"
    found["PNG that ends"] = PNG
    found["PNG of a billion points"] = points(0x7FFFFFFF, 0x7FFFFFFF)
    found["PNG that unfolds"] = points(8_000, 5_000, zlib.compress(bytes(8_001 * 5_000)))
    found["PNG that lacks its last rows"] = points(64, 64, zlib.compress(bytes(65 * 32)))
    found["PNG whose notes unfold"] = points(9, 9, zlib.compress(bytes(90)), zlib.compress(bytes(30_000_000)))
    found["JPEG that ends"] = b"\xff\xd8\xff"
    found["JPEG of endless passes"] = b"\xff\xd8\xff" + b"\xff\xda\x00\x00" * 20_000
    for size in ("0", "-9", "NaN", "inf", "1e30", "1e999", "9" * 400, "x"):
        found[f"SVG of {size[:9]} width"] = SVG.replace("'9'", f"'{size}'", 1).encode()
    found["SVG of a box of letters"] = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='a b c d'/>"
    found["SVG of a box of three"] = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9'/>"
    found["SVG 5,000 levels deep"] = drawing.replace("{}", "<g>" * 5_000 + "</g>" * 5_000).encode()
    found["too large"] = SVG.encode() + b" " * 500_000
    for name, content in found.items():
        yield case_of("logos", name, "templates/house/logo.svg", content, "template-house")


def paper_logo_cases() -> Iterator[Case]:
    """What is a drawing as far as it was read, and cannot be drawn: found when a page is set."""
    broken = {
        "SVG that is no number visible": (
            SVG.replace("<rect", "<rect opacity='auto'").encode(),
            "template-house",
        ),
        "SVG with a path without end": (
            b"<svg xmlns='http://www.w3.org/2000/svg'><path d='" + b"M0 0L9 9" * 20_000 + b"'/></svg>",
            "",
        ),
    }
    for name, (content, told) in broken.items():
        yield Case("paper-logos", name, {"templates/house/logo.svg": content}, told, code=1 if told else 0)


def recipient_cases() -> Iterator[Case]:
    for case in single("recipients", "people.csv"):
        yield replace(
            case,
            files={**case.files, "templates/note.md.j2": f"{NOTE}\n*{{{{ recipient.name }}}}*\n".encode()},
        )


def pdf_cases() -> Iterator[Case]:
    for name, content in hostile_pdfs():
        yield Case("pdfs", name, {"a.pdf": content}, "unknown", code=1)


def document_cases() -> Iterator[Case]:
    for name, text, outcome in table("documents"):
        yield Case("documents", name, {"a.md": text.encode()}, outcome, code=1)


_FAMILIES = {
    "characters": character_cases,
    "yaml": yaml_cases,
    "encodings": encoding_cases,
    "channels": channel_cases,
    "templates": template_cases,
    "texts": text_cases,
    "urls": url_cases,
    "facts": facts_cases,
    "fronts": lambda: single("fronts", "templates/note.md.j2", '---\n{}\n---\n{{ fact("opened") }}\n'),
    "recipients": recipient_cases,
    "mail": lambda: single("mail", "mail.yaml"),
    "mail-templates": lambda: single("mail-templates", "templates/note.mail.md.j2"),
    "house": lambda: single("house", "templates/house/house.yaml"),
    "logos": logo_cases,
    "paper-logos": paper_logo_cases,
    "reviews": lambda: single("reviews", "reviews.yaml"),
    "words": lambda: single("words", "templates/loaded-words.yaml"),
    "kept": lambda: single("kept", "archive/minutes.txt"),
    "pdfs": pdf_cases,
    "documents": document_cases,
}
KINDS = tuple(_FAMILIES)


# Parts of the names of the cases that are wanted, one a line; of no other is anything tried.
ONLY = os.environ.get("HOSTILE_ONLY", "").splitlines()


@cache
def cases_of(kind: str) -> Sequence[Case]:
    cases = tuple(_FAMILIES[kind]())
    return tuple(case for case in cases if any(part in case.name for part in ONLY)) if ONLY else cases
