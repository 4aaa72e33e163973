"""The HTML of the briefs → the same briefs as Typst, with their words, links, table, frame and running headers.

The style is the house's as far as it costs anything to set: fonts, sizes, page, columns of the evidence. Nobody would
mistake the pages for each other, and that is not what they are for.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from bench.rawinputs import for_paper

__all__ = ["prepare"]

_HEAD = """\
#set page(paper: "us-letter", margin: (x: 1in, top: 0.88in, bottom: 0.84in),
  header: context if counter(page).get().first() > 1 [#set text(8.4pt, font: "Source Sans 3"); TITLE #h(1fr) DATE],
  footer: context [#set text(8.4pt, font: "Source Sans 3"); #h(1fr) Page #counter(page).display() of
    #counter(page).final().first()])
#set text(10.5pt, font: "Source Serif 4", lang: "en")
#set par(leading: 0.55em)
#set table(stroke: none)
#show heading: set text(font: "Source Sans 3", fill: rgb("#1f3b5c"))
#show link: set text(fill: rgb("#346ca2"))
#set document(title: "TITLE")
#let evidence(first, second) = block(breakable: false, grid(columns: (40%, 59%), first, second))
"""
_SPECIAL = re.compile(r"([\\#$*_`<>@\[\]~=/+\-.:\"'])")
# How an element opens and closes; of others the text alone is kept.
_FORMS = {
    "h1": ("\n\n= ", "\n\n"),
    "h2": ("\n\n== ", "\n\n"),
    "h3": ("\n\n=== ", "\n\n"),
    "p": ("\n\n", "\n\n"),
    "dt": ("\n\n#box(width: 5.4em)[", "]"),
    "dd": ("", "\n\n"),
    "em": ("#emph[", "]"),
    "strong": ("#strong[", "]"),
    "figcaption": ("\n\n#strong[", "]\n\n"),
    "table": ("#table(columns: (1fr, auto, auto),\n", ")\n\n"),
    "th": ("[#strong[", "]],\n"),
    "td": ("[", "],\n"),
}


def prepare(html: Path, folder: Path) -> None:
    """Write to `folder` a Typst document for each brief in `html`."""
    folder.mkdir(parents=True)
    for path in sorted(html.glob("*.html")):
        (folder / f"{path.stem}.typ").write_text(_typst(for_paper(path.read_text("utf-8"))), "utf-8")


def _typst(html: str) -> str:
    writer = _Writer()
    opening, _, content = html.partition("<body")[2].partition(">\n")
    titles = re.findall(r'data-[a-z-]+="([^"]*)"', opening)
    writer.feed(content.partition("</body>")[0])
    head = _HEAD.replace("TITLE", titles[0]).replace("DATE", titles[1])
    return head + re.sub(r"\n{3,}", "\n\n", "".join(writer.parts))


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.closing: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append(" \\\n")
            return
        if tag in ("hr", "meta"):
            return
        opening, closing = self._form(tag, {name: value or "" for name, value in attrs})
        self.parts.append(opening)
        self.closing.append(closing)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(self.closing.pop())

    def handle_data(self, data: str) -> None:
        in_table_or_row = bool(self.closing) and self.closing[-1] in (")\n\n", ")")
        if data.strip() or not in_table_or_row:
            self.parts.append(_SPECIAL.sub(r"\\\1", data) if data.strip() else data)

    def _form(self, tag: str, attributes: dict[str, str]) -> tuple[str, str]:
        kind, id = attributes.get("class", ""), attributes.get("id", "")
        label = f" <{id}>" if id else ""
        if tag == "a":
            target = attributes.get("href", "")
            leads = f"<{target[1:]}>" if target.startswith("#") else f'"{target}"'
            return f"#box[#link({leads})[", f"]{label}]"
        if tag == "section" and id == "sources":
            return "\n\n#pagebreak()\n#set text(9.2pt)\n", ""
        if tag == "li" and id.startswith("e-"):
            return "\n\n#[#evidence(", f"){label}]\n\n"
        if tag == "li":
            return ("\n\n#block[", f"]{label}\n\n") if id else ("\n\n- ", "\n\n")
        if tag == "div" and kind == "fact":
            return "[", "], "
        if kind == "detail":
            return "[", "]"
        if tag in ("tr", "thead", "tbody"):
            return "", ""
        return _FORMS.get(tag, ("", ""))
