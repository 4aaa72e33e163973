"""All parts of an HTML document → what none of ours has, and what it calls itself."""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["HtmlParts", "html_parts"]

# What runs, loads, is filled in, or shows or strikes out words that are no text of the page.
_STRANGE = frozenset(
    "applet audio base button canvas del dialog embed form frame frameset iframe input ins link marquee math"
    " noscript object option output portal s script select slot source strike svg template textarea track video".split()
)
_STRANGE_ATTRIBUTES = frozenset(
    "action background contenteditable formaction hidden inert ping popover srcdoc".split()
)
_POLICY = "content-security-policy"
# What a viewer shows in its title, prints above and below the pages, or reads out.
_LABELS = ("alt", "data-as-of", "data-marking", "data-title")
_NAMED = ("author", "description")


class HtmlParts(HTMLParser):
    """`notes` are what no brief has, `labels` the texts beside those of the page, both as they are met."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: dict[str, None] = {}
        self.labels: dict[str, None] = {}
        self.title: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in _STRANGE:
            self.notes[tag] = None
        for name in said:
            if name in _STRANGE_ATTRIBUTES or name.startswith("on"):
                self.notes[name] = None
        if said.get("http-equiv", _POLICY).casefold() != _POLICY:
            self.notes[said["http-equiv"]] = None
        self.labels |= dict.fromkeys(said[name] for name in _LABELS if name in said)
        if tag == "meta" and said.get("name") in _NAMED:
            self.labels[said.get("content", "")] = None
        if tag == "title":
            self.title = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self.title is not None:
            self.labels["".join(self.title)] = None
            self.title = None

    def handle_data(self, data: str) -> None:
        if self.title is not None:
            self.title.append(data)

    def handle_comment(self, data: str) -> None:
        # Browsers end `<!-->` and `<!-- --!>` where Python reads on.
        if "<" in data or ">" in data:
            self.notes["a comment with markup in it"] = None

    def unknown_decl(self, data: str) -> None:
        self.notes["a section that browsers read otherwise"] = None

    def handle_pi(self, data: str) -> None:
        self.notes["an instruction"] = None


def html_parts(text: str) -> HtmlParts:
    """What an HTML document has."""
    parts = HtmlParts()
    parts.feed(text)
    parts.close()
    return parts
