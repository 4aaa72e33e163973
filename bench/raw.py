"""The raw stack: the shortest honest script that makes the same briefs of the same libraries; started as a program.

    python raw.py FOLDER [--markdown] [--for] [--variant NAME] [--page-references]

FOLDER holds what `bench.rawinputs` prepared. No command line to speak of, no validation, no tags unless asked for by a
variant of PDF. `--for` makes a brief per row of recipients.csv. `--page-references` lays out twice, as the product
does, to name the pages on which a source is cited.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import yaml


def main(folder: Path, options: list[str]) -> None:
    data = yaml.load((folder / "facts.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), trim_blocks=True)
    publish = (
        None if "--markdown" in options else publisher(templates.get_template("page.html"), folder, options)
    )
    for template in sorted(folder.glob("*.md.j2")):
        name = template.name.removesuffix(".md.j2")
        for file, row in rows(folder, name) if "--for" in options else [(name, None)]:
            out = folder / "out" / file
            out.parent.mkdir(parents=True, exist_ok=True)
            markdown = templates.get_template(template.name).render(data, recipient=row)
            out.with_suffix(".md").write_text(markdown, "utf-8")
            if publish:
                out.with_suffix(".pdf").write_bytes(publish(data, name, markdown))


def rows(folder: Path, name: str) -> list[tuple[str, dict[str, str]]]:
    with open(folder / "recipients.csv", encoding="utf-8", newline="") as file:
        return [(f"{name}/{row['slug']}", row) for row in csv.DictReader(file)]


def publisher(page: Any, folder: Path, options: list[str]) -> Callable[[Any, str, str], bytes]:
    """What makes a PDF of Markdown. Imported here, for whoever wants Markdown alone."""
    from markdown_it import MarkdownIt
    from weasyprint import CSS, HTML

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    variant = options[options.index("--variant") + 1] if "--variant" in options else None

    def publish(data: Any, name: str, markdown: str) -> bytes:
        html = page.render(data["page"][name], content=parser.render(markdown))
        if "--page-references" in options:
            html = with_page_references(html, lambda text: lay_out(text).pages)
        pdf: bytes = lay_out(html).write_pdf(pdf_variant=variant, pdf_tags=variant is not None)
        return pdf

    def lay_out(html: str) -> Any:
        return HTML(string=html).render(stylesheets=[CSS(folder / "style.css")], pdf_variant=variant)

    return publish


def with_page_references(html: str, pages: Callable[[str], Any]) -> str:
    """The page with numbers of pages where it has numbers of places, found by a first layout of the body."""
    body = re.sub(r"<footer>.*</footer>", "<footer></footer>", html, flags=re.DOTALL)
    found = {anchor: number for number, page in enumerate(pages(body), 1) for anchor in page.anchors}

    def cited_on(match: re.Match[str]) -> str:
        first: dict[int, str] = {}
        for anchor in re.findall(r'href="#([^"]+)"', match[1]):
            first.setdefault(found[anchor], anchor)
        return "Cited on page " + ", ".join(f'<a href="#{a}">{n}</a>' for n, a in sorted(first.items())) + "."

    return re.sub(r"Back to the text: ((?:<a [^>]*>\d+</a>(?:, )?)+)\.", cited_on, html)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
