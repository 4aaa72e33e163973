"""What the tool prints → the inputs with which the raw stack prints the same.

The raw stack's author would have written them by hand: the facts with their sentences in YAML, a Jinja template for
each brief, which is Markdown with the HTML that Markdown has no signs for, and one page. They are taken from the HTML
that `briefing build --format html` writes, so that both typeset the same words under the same style.
"""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from bench.projects import NAME, RECIPIENTS

__all__ = ["for_paper", "prepare"]

_CITE = re.compile(r'([^<>]{12,}?)([\u00a0 ]<a class="cite" id="[^"]+" href="#e-([a-z0-9-]+)">)')
_EVIDENCE = re.compile(
    r'<li id="e-([^"]+)"(.*?)>\n<div class="fact"><p class="opening"><span class="row">(\d+\.)</span> (.*?)</p>\n'
    r'<p class="kind">(.*?)</p></div>\n<p class="detail">(.*?)(?: <span class="back">(.*?)</span>)?</p>\n</li>\n'
)
_SOURCE = re.compile(r'<li id="(source-\d+)" class="source">.*?</li>\n', re.DOTALL)

_ROWS = """\
{{% for id, row, kind, back in {rows} %}}
<li id="e-{{{{ id }}}}"{{{{ kind }}}}>
<div class="fact"><p class="opening"><span class="row">{{{{ row }}}}</span> {{{{ facts[id].opening }}}}</p>
<p class="kind">{{{{ facts[id].shown_kind }}}}</p></div>
<p class="detail">{{{{ facts[id].evidence }}}} <span class="back">{{{{ back }}}}</span></p>
</li>
{{% endfor %}}
"""


def prepare(html: Path, project: Path, house: Path, folder: Path) -> None:
    """Write to `folder` what the raw stack needs to print the briefs in `html`, made from the facts in `project`."""
    folder.mkdir(parents=True)
    data = yaml.load((project / "facts.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    for fact in data["facts"].values():
        del fact["cite"]  # its words come back as the fact's evidence
    data["page"] = {}
    for path in sorted(html.glob("*.html")):
        text = for_paper(path.read_text("utf-8"))
        head, _, rest = text.partition("<body")
        opening, _, content = rest.partition(">\n")
        data["page"][path.stem] = _page(head, opening)
        template = _template(content.partition("</body>")[0], data["facts"])
        (folder / f"{path.stem}.md.j2").write_text(template.replace(NAME, "{{ recipient.name }}"), "utf-8")
    for fact in data["facts"].values():
        if "sentence" in fact:
            del fact["text"]  # it stands there as it is printed
    _write_rest(folder, data, head, house)
    if (project / RECIPIENTS).exists():
        shutil.copy(project / RECIPIENTS, folder)


def for_paper(html: str) -> str:
    """The tool's HTML without what only screens have; its lists have their numbers, as on paper."""
    rows = itertools.count(1)
    html = re.sub(r' data-source="[^"]*"', "", html)
    html = re.sub(r'<span class="way-back">(.*?)</span>', r"\1", html)
    html = re.sub(r'<div class="scroll"[^>]*>\n(.*?)\n</div>', r"\1", html, flags=re.DOTALL)
    return re.sub(r'(?<=<span class="row">)(?=</span>)', lambda _: f"{next(rows)}.", html)


def _write_rest(folder: Path, data: Any, head: str, house: Path) -> None:
    (folder / "facts.yaml").write_text(
        yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=110), "utf-8"
    )
    shutil.copy(house / "brief.css", folder / "style.css")
    (folder / "page.html").write_text(_page_template(head), "utf-8")
    # As if the fonts were installed: they are known to fontconfig, whose cache is kept.
    (folder / "fonts.conf").write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{(house / "fonts").resolve()}</dir>'
        f"<cachedir>{folder.resolve() / 'cache'}</cachedir></fontconfig>\n"
    )


def _page(head: str, opening: str) -> dict[str, str]:
    found = re.search(r"<title>(.*?)</title>", head)
    return {"title": found[1] if found else "", "opening": opening}


def _page_template(head: str) -> str:
    """The head of the tool's page without the style, which the raw stack keeps in a file."""
    head = re.sub(r"<style>.*?</style>\n", "", head, flags=re.DOTALL)
    head = re.sub(r"<title>.*?</title>", "<title>{{ title }}</title>", head)
    return head + "<body{{ opening }}>\n{{ content }}</body>\n</html>\n"


def _template(content: str, facts: dict[str, Any]) -> str:
    """The body as Markdown and the appendix as a loop; what a fact says goes to `facts`, once for all briefs."""
    header, _, rest = content.partition("<main>\n")
    body, _, appendix = rest.partition("</main>\n")
    return f"{header}<main>\n\n{_markdown(_spoken(body, facts))}\n</main>\n{_looped(appendix, facts)}"


def _spoken(body: str, facts: dict[str, Any]) -> str:
    """Each sentence of a fact, taken from the facts."""

    def said(match: re.Match[str]) -> str:
        words, cite, id = match.groups()
        lead = re.match(r"\s*\.?\s*", words)
        before = lead[0] if lead else ""
        words = words.removeprefix(before)
        if facts[id].setdefault("sentence", words) != words:
            return match[0]
        return f'{before}{{{{ facts["{id}"].sentence }}}}{cite}'

    return _CITE.sub(said, body)


def _markdown(body: str) -> str:
    """The HTML of a body as Markdown: headings, paragraphs, lists. Sections and tables stay."""
    body = re.sub(r"<h2>(.*?)</h2>", r"\n## \1\n", body)
    body = re.sub(r"<p>(.*?)</p>", r"\n\1\n", body, flags=re.DOTALL)
    body = re.sub(r"<li>(.*?)</li>", r"- \1", body, flags=re.DOTALL)
    body = re.sub(r"</?ul>", "", body)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"</section>", "\n</section>", body))


def _looped(appendix: str, facts: dict[str, Any]) -> str:
    """The evidence as a loop over the facts that are used; the sources stand as they are, eight in a brief."""
    rows: list[tuple[str, str, str, str]] = []
    for id, kind, row, opening, shown, detail, back in _EVIDENCE.findall(appendix):
        facts[id] |= {"opening": opening, "shown_kind": shown, "evidence": detail}
        rows.append((id, row, kind, back))
    before, _, rest = appendix.partition('<ol class="evidence">\n')
    after = rest.rpartition("</ol>")[2]
    return f'{before}<ol class="evidence">\n{_ROWS.format(rows=rows)}</ol>{after}'
