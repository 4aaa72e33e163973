"""The defences of docs/security.md, threat by threat: how each is taken out of the program, and which tests fail then.

Taken out is no more than the one defence, and the program runs on without it. Where another would catch the same,
both are taken out together, and `what` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["DEFENCES", "Cut", "Out"]


@dataclass(frozen=True)
class Cut:
    """What stands once in a file of the program, and what takes its place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Out:
    """A defence that is taken out. Each of the tests fails then, a test without a case in one case at least.

    `only` are parts of the names of hostile inputs, where a test runs many.
    """

    what: str
    cuts: tuple[Cut, ...]
    tests: list[str]
    only: list[str]


def out(
    what: str, file: str, old: str, new: str, *tests: str, only: Sequence[str] = (), also: Cut | None = None
) -> Out:
    return Out(what, tuple(filter(None, (Cut(file, old, new), also))), list(tests), list(only))


def hostile(kind: str) -> str:
    return f"test_hostile.py::test_hostile_input[{kind}]"


BOMB = "test_yamltree.py::test_a_bomb_is_refused_in_a_tenth_of_a_second"
YAML = "test_yamltree.py::test_refused"
GUARD = "test_textguard.py::test_refused"
BRIEF = "test_brief.py::test_body_or_problems"
REACH = "test_sandbox.py::test_a_template_reaches_nothing_but_plain_values"
LINKED = "test_links.py::test_what_a_link_leads_out_to_is_not_told"
LOGO = "test_letterhead.py::test_a_logo_is_a_drawing_and_nothing_else"
DAMAGED_LOGO = "test_letterhead.py::test_a_damaged_picture_is_refused_before_anything_is_made_of_it"
TOO_MUCH = "test_pressroom.py::test_a_document_that_takes_too_much_is_stopped"
SUBJECT = "test_mail_message.py::test_no_title_forges_a_header"
NAME = "test_mail_message.py::test_no_name_forges_a_header"
CERTIFICATE = "test_send_faults.py::test_nothing_is_said_to_a_server_with_a_bad_certificate"
RANDOM = "test_send_faults.py::test_faults_at_random"
KILLED = "test_send_faults.py::test_a_kill_in_the_midst_of_a_message"
VISIBLE = "test_report.py::test_visible_text_is_one_line_without_commands"
FORGED = (
    "a document that says what its own facts and template do not: digits in front of a figure, a template that no build"
    " takes"
)
PUT_IN = "test_verify.py::test_what_was_put_into_a_document_that_says_the_same"
PDF = "test_diff.py::test_a_pdf_that_cannot_be_read_is_refused_in_time"

READING_YAML: Mapping[str, list[Out]] = {
    "aliases and merge keys that unfold; tags that make objects; anchors; directives; a second document": [
        out(
            "aliases",
            "yamltree.py",
            'self.report("alias", f"{message} {self.block_form()}", mark)',
            "pass",
            f"{BOMB}[100,000 aliases]",
            hostile("yaml"),
            only=["alias in mail.yaml"],
        ),
        out(
            "merge keys",
            "yamltree.py",
            '            and node.value != "<<"\n',
            "",
            f"{BOMB}[100,000 merge keys]",
            YAML,
        ),
        out(
            "tags",
            "yamltree.py",
            "        if event.tag:\n            message = 'an excl",
            "        if False:\n            message = 'an excl",
            f"{BOMB}[100,000 tags]",
            hostile("yaml"),
            only=["tag in facts.yaml"],
        ),
        out(
            "anchors",
            "yamltree.py",
            "        if event.anchor:\n",
            "        if False:\n",
            f"{BOMB}[100,000 anchors]",
            hostile("yaml"),
            only=["anchor in facts.yaml"],
        ),
        out(
            "directives",
            "yamlinput.py",
            'log.report("directive", message, *place)',
            "pass",
            f"{BOMB}[50,000 directives]",
            YAML,
        ),
        out(
            "a second document",
            "yamltree.py",
            'if end.explicit or text.startswith(("---", "%"), rest):',
            "if True:\n        return\n    if rest:",
            f"{BOMB}[100,000 documents]",
            YAML,
        ),
    ],
    "nesting that overflows the stack or hangs": [
        out(
            "levels",
            "yamltree.py",
            "if len(self.stack) > MAX_DEPTH:",
            "if False:",
            f"{BOMB}[indentation]",
            "test_yamltree.py::test_sixteen_levels_are_allowed",
        ),
    ],
    "files of any size, of any number of values": [
        out("bytes", "yamlinput.py", "if _is_too_large(text):", "if False:", f"{BOMB}[10 MB of bytes]"),
        out(
            "values",
            "yamltree.py",
            "if room < 0:",
            "if False:",
            "test_yamltree.py::test_four_hundred_thousand_values_are_allowed",
        ),
    ],
    "`no`, `12:30`, `010`, `1.10` become something else; `2026-02-30` raises": [
        out(
            "texts",
            "yamltree.py",
            "        value = event.value\n",
            "        value = str(yaml.safe_load(event.value) if event.implicit[0] else event.value)\n",
            "test_yamltree.py::test_a_plain_scalar_is_the_text_that_was_written[NO]",
        ),
        out(
            "numbers",
            "scalars.py",
            "if not isinstance(text, str) or not _NUMBER.fullmatch(text):",
            "if not isinstance(text, str):",
            hostile("facts"),
            only=["{value: 010,"],
        ),
        out(
            "days of a month",
            "dates.py",
            "if day is not None and not 1 <= day <= days:",
            "if False:",
            "test_dates.py::test_a_faulty_date_says_what_to_write",
        ),
    ],
    "a key twice overwrites the first": [
        out("keys", "yamltree.py", "            and node.value not in entries\n", "", YAML),
    ],
    "controls, bidi overrides, zero-width and private characters, halves of characters": [
        out("controls", "textguard.py", r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f", r"\x00", GUARD),
        out("order", "textguard.py", r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069", r"\u061c", GUARD),
        out("line breaks", "textguard.py", r"\u2028\u2029", r"\u2028", GUARD),
        out("halves", "textguard.py", r"\ud800-\udfff", r"\ud800", GUARD),
        out("private ones", "textguard.py", r"\ue000-\uf8ff", r"\uf8ff", GUARD),
        out("no characters", "textguard.py", r"\ufdd0-\ufdef\ufffe\uffff", r"\uffff", GUARD),
        out("zero width", "textguard.py", r"\u180e\u200b\u2060-\u206f", r"\u180e", GUARD),
        out("tags", "textguard.py", r"\U000e0000-\U000e00ff", r"\U000e0000", GUARD),
        out(
            "selectors",
            "textguard.py",
            "if not joins and not (_is_selector(character) and _varies(text, offset)):",
            "if not joins and not _is_selector(character):",
            GUARD,
        ),
        out(
            "joiners",
            "textguard.py",
            "joins = character in _JOINERS and _joins(text, offset)",
            "joins = character in _JOINERS",
            GUARD,
            "test_textguard.py::test_a_joiner_that_joins_nothing_is_refused",
        ),
        out(
            "the raw text, and the text that it stands for",
            "yamlinput.py",
            "found = list(islice(forbidden_characters(text), MAX_PROBLEMS_COUNTED + 1))",
            "found: list[tuple[int, str]] = []",
            hostile("characters"),
            only=["override in mail.yaml"],
            also=Cut(
                "yamltree.py",
                'self.report("character", f"an escape in this text stands for {description}; remove it", mark)',
                "pass",
            ),
        ),
        out(
            "escapes",
            "yamltree.py",
            'self.report("character", f"an escape in this text stands for {description}; remove it", mark)',
            "pass",
            hostile("yaml"),
            only=["escape of an override in facts.yaml"],
        ),
        out(
            "templates",
            "audience.py",
            "for offset, what in forbidden_characters(text):",
            "for offset, what in ():",
            hostile("characters"),
            only=["override in templates/note.md.j2"],
        ),
        out(
            "what templates print",
            "template.py",
            "for _, what in forbidden_characters(typed):",
            "for _, what in ():",
            f"{BRIEF}[refusals: nor its marks be printed as text, or forged]",
        ),
        out(
            "tables of recipients",
            "recipients.py",
            "for offset, what in forbidden_characters(cell.text):",
            "for offset, what in ():",
            hostile("recipients"),
            only=["'name\\na\\u202eb"],
        ),
    ],
    "hosts in letters that look like others": [
        out(
            "mixed alphabets",
            "links.py",
            "mixed = any(len(found) > 1 for found in scripts) or len(_ALIKE & set().union(*scripts)) > 1",
            "mixed = False",
            "test_values.py::test_addresses",
        ),
        out(
            "letters of phonetics",
            "links.py",
            "return mixed or any(_PHONETIC.search(_decoded(label)) for label in labels)",
            "return mixed",
            "test_values.py::test_addresses",
        ),
        out(
            "punycode",
            "links.py",
            "if not host or not is_look_alike(url):",
            "if True:",
            "test_values.py::test_addresses",
        ),
        out(
            "in the appendix",
            "bibliography.py",
            "shown = (Text(shown_url(address)),)",
            "shown = (Text(address),)",
            "test_brief.py::test_a_host_that_looks_like_another_is_shown_in_ascii",
        ),
        out(
            "warning",
            "rules/sources.py",
            "if is_look_alike(url):",
            "if False:",
            "test_rules.py::test_problems[sources: a host with a Cyrillic letter]",
        ),
    ],
}

TEMPLATES: Mapping[str, list[Out]] = {
    "objects in reach of a template: attributes, methods, globals, format strings": [
        out(
            "attributes",
            "sandbox.py",
            "return super().is_safe_attribute(obj, attr, value)",
            "return True",
            hostile("templates"),
            only=["fact.__func__.__globals__"],
        ),
        out(
            "the list of methods",
            "sandbox.py",
            "return attr in known",
            "break",
            hostile("templates"),
            only=["title.encode("],
        ),
        out(
            "values that stay as they are, which the list of methods holds, too",
            "sandbox.py",
            "class Sandbox(ImmutableSandboxedEnvironment):",
            "class Sandbox(jinja2.sandbox.SandboxedEnvironment):",
            hostile("templates"),
            only=['d.update({"a": 1})'],
            also=Cut("sandbox.py", "return attr in known", "break"),
        ),
        out(
            "undefined names",
            "sandbox.py",
            "undefined=jinja2.StrictUndefined",
            "undefined=jinja2.Undefined",
            hostile("templates"),
            only=["if nothing"],
        ),
        out(
            "globals",
            "sandbox.py",
            "for name, value in self.globals.items() if name in _GLOBALS}",
            "for name, value in self.globals.items()}",
            hostile("templates"),
            only=["{{ joiner() }}"],
        ),
        out(
            "format strings",
            "sandbox.py",
            '"""Nothing: `format` of texts is no method that a template has."""',
            "return super().wrap_str_format(value)",
            hostile("templates"),
            only=['"{:>9}".format(1)'],
        ),
        out("opaque tokens", "tokens.py", "self.tags = fact.tags", "self.tags = fact", REACH),
        out(
            "what a template is given",
            "template.py",
            '"title": self.facts.title,',
            '"title": self.facts.title,\n            "project": self.facts,',
            REACH,
        ),
        out(
            "what a fact shows of itself",
            "tokens.py",
            "self.tags = fact.tags",
            "self.tags = (*fact.tags, fact)",
            REACH,
        ),
    ],
    "loops, powers, products, long texts, lists within lists, macros that call themselves; memory; any exception": [
        out(
            "small numbers",
            "sandbox.py",
            'if not numbers or abs(left) > MOST_TURNS or abs(right) > MOST_TURNS or operator == "**":',
            "if False:",
            hostile("templates"),
            only=["{{ 2 ** 64 }}"],
        ),
        out(
            "lists within lists",
            "sandbox.py",
            "if held > _MOST_HELD:",
            "if False:",
            hostile("templates"),
            only=["for i in range(18)"],
        ),
        out(
            "long lists",
            "sandbox.py",
            "held, within = 0, [made] if",
            "held, within = 0, [one for one in _parts(made) if isinstance(one, _CONTAINERS)] if",
            hostile("templates"),
            only=["for i in range(17)"],
        ),
        out(
            "long texts",
            "sandbox.py",
            "if isinstance(made, str) and len(made) > _MOST_LETTERS:",
            "if False:",
            hostile("templates"),
            only=["range(9999)"],
        ),
        out(
            "long texts in long lists",
            "sandbox.py",
            "held += len(part) // _LETTERS_AS_ONE",
            "pass",
            hostile("templates"),
            only=["for i in range(13)"],
        ),
        out(
            "digits",
            "sandbox.py",
            "if abs(precision) > _MOST_DIGITS:",
            "if False:",
            hostile("templates"),
            only=["5|round(101)"],
        ),
        out(
            "calls",
            "sandbox.py",
            "if self.calls > _MOST_CALLS:",
            "if False:",
            f"{BRIEF}[refusals: a macro that calls itself twice]",
        ),
        out(
            "turns",
            "template.py",
            "if self.turns > MOST_TURNS:",
            "if False:",
            hostile("templates"),
            only=["for a in range(101)"],
        ),
        out(
            "marks",
            "template.py",
            "if len(entries) >= _MOST_MARKS:",
            "if False:",
            "test_limits.py::test_a_template_that_prints_without_end_is_stopped",
        ),
        out(
            "characters",
            "template.py",
            "if self.characters > _MOST_CHARACTERS:",
            "if False:",
            f"{BRIEF}[refusals: a text of the template's own in a loop]",
        ),
        out(
            "any exception",
            "template.py",
            "    except (\n        Exception\n    ) as error:",
            "    except jinja2.TemplateError as error:",
            hostile("templates"),
            only=['[1, "a"]|sort'],
        ),
        out(
            "processor time",
            "limits.py",
            "signal.setitimer(clock, seconds, _AGAIN)",
            "pass",
            "test_limits.py::test_a_template_that_does_not_end_is_stopped_and_the_others_are_built[False]",
        ),
        out(
            "memory",
            "selection.py",
            "with processor_time_limit(SELECT_SECONDS), memory_within(SELECT_MEMORY):",
            "with processor_time_limit(SELECT_SECONDS):",
            "test_limits.py::test_a_template_that_takes_all_memory_fails_alone[sorted]",
        ),
    ],
    "a template, or the folder of templates, is a link out of the project": [
        out(
            "links",
            "files.py",
            "if not is_within(path, within):",
            "if False:",
            f"{LINKED}[templates-0]",
            "test_brief.py::test_a_template_that_is_a_link_out_of_the_project_is_refused",
        ),
        out(
            "the loader",
            "sandbox.py",
            "loader=jinja2.FunctionLoader(\n"
            "                lambda name: (self.source(name), name, None) if name in sources else None\n"
            "            ),",
            "loader=jinja2.ChoiceLoader([jinja2.FunctionLoader(\n"
            "                lambda name: (self.source(name), name, None) if name in sources else None\n"
            '            ), jinja2.FileSystemLoader("templates")]),',
            hostile("templates"),
            only=['include "house/house.yaml"'],
        ),
    ],
    "filters and globals that leak markup, chance or addresses; what is no text is printed": [
        out(
            "filters",
            "sandbox.py",
            "for name, value in self.filters.items() if name in _FILTERS\n",
            "for name, value in self.filters.items()\n",
            hostile("templates"),
            only=["{{ title|safe }}", "{{ title|random }}", "{{ title|pprint }}", "{{ title|urlize }}"],
        ),
        out(
            "what is no text",
            "template.py",
            'self.report("template-print", f"{{{{ … }}}} prints {what} here; print facts, one by one, or text")',
            "return Markup(value)",
            f"{BRIEF}[refusals: what is no text is not printed]",
            hostile("templates"),
            only=["{{ none }}", "{{ fact }}"],
        ),
    ],
    "a fact is cut, changed or typed anew by a filter": [
        out(
            "marks that were changed, which captures hold, too",
            "marks.py",
            "if found[1] not in _KINDS or found[3] != _check(found[1], int(found[2])):",
            "if found[1] not in _KINDS:",
            f"{BRIEF}[refusals: nor an arithmetic or a replacement in what was set]",
            also=Cut(
                "captures.py",
                "return Capture(text, words) if has_mark(text) else Markup(text)",
                "return Markup(text)",
            ),
        ),
        out(
            "pieces of marks",
            "marks.py",
            "return rest[place : place + 20] if place >= 0 else None",
            "return None",
            hostile("templates"),
            only=['{% filter upper %}{{ fact("opened") }}'],
        ),
    ],
}

MARKDOWN: Mapping[str, list[Out]] = {
    "text of facts acts as markup": [
        out(
            "Markdown",
            "markdown.py",
            'text = _INLINE.sub(r"\\\\\\g<0>", text)',
            "pass",
            "test_markdown.py::test_any_text_comes_back",
            "test_corpora.py::test_naughty_strings_come_back_from_markdown[commonmark]",
            hostile("texts"),
            only=["*stars* and **stars**"],
        ),
        out(
            "the head of a line",
            "markdown.py",
            "    found = _HEAD.match(line)\n    if not found:",
            "    found = _HEAD.match(line)\n    if found:",
            "test_markdown.py::test_any_text_comes_back",
        ),
        out(
            "HTML",
            "page.py",
            "return html.escape(text, quote=True)",
            "return text",
            "test_generated.py::test_every_fact_is_in_every_format_letter_by_letter",
            hostile("texts"),
            only=["<script>"],
        ),
        out(
            "Word",
            "word/markup.py",
            'return html.escape(re.sub(r"[\\t\\n\\r]", " ", text), quote=True)',
            "return text",
            "test_word.py::test_text_is_literal",
        ),
    ],
    "raw HTML in a template": [
        out(
            "HTML as text",
            "reading.py",
            '        "html_block",\n        "html_inline",\n',
            "",
            hostile("channels"),
            only=["img × http", "script × http"],
            also=Cut("reading.py", '{"html": False}', '{"html": True}'),
        ),
        out("images", "reading.py", '        "image",\n', "", hostile("channels"), only=["image × http"]),
        out("code", "reading.py", '        "backticks",\n', "", f"{BRIEF}[sentences: code is text]"),
        out(
            "definitions",
            "reading.py",
            '        "reference",\n',
            "",
            hostile("channels"),
            only=["link by reference × https"],
        ),
    ],
    "entities in a template (`&#x202E;`) that stand for what no input may hold, or for white space that is markup": [
        out(
            "hidden characters",
            "reading.py",
            "for offset, what in islice(forbidden_characters(text), 1):",
            "for offset, what in ():",
            f"{BRIEF}[refusals: entities that stand for what no input may hold]",
        ),
        out(
            "white space",
            "reading.py",
            "        return one_line(text)\n",
            "        return text\n",
            f"{BRIEF}[sentences: entities of white space are a space]",
            "test_corpora.py::test_each_example_of_commonmark_as_a_template",
        ),
    ],
    "text vanishes below deep nesting": [
        out(
            "lists and quotations",
            "reading.py",
            "if deepest > 2 * _MOST_NESTED + 1:",
            "if False:",
            f"{BRIEF}[refusals: lists nested where a parser drops them]",
        ),
        out(
            "emphasis",
            "reading.py",
            "if max((child.level for child in tokens), default=0) > _MOST_NESTED:",
            "if False:",
            f"{BRIEF}[refusals: emphasis nested deep]",
        ),
    ],
    "links to files, scripts and other schemes, and to elsewhere than it seems": [
        out(
            "schemes",
            "links.py",
            "if not _SAFE.fullmatch(address) or any",
            "if any",
            "test_values.py::test_addresses",
            hostile("channels"),
            only=["link × javascript"],
            also=Cut(
                "links.py",
                'address[:8].casefold() == "https://" and has_plain_host(address)',
                "True",
            ),
        ),
        out(
            "hosts",
            "links.py",
            'return _is_plain(parts.hostname or "") and "@" not in parts.netloc and port != 0',
            "return True",
            f"{BRIEF}[refusals: links that lead elsewhere than they seem to]",
            hostile("urls"),
            only=["gao.gov⁄x"],
        ),
        out(
            "what a mail goes to",
            "links.py",
            "return _is_plain(mail[1]) if mail else",
            "return True if address.startswith('mailto:') else",
            f"{BRIEF}[refusals: links that lead elsewhere than they seem to]",
        ),
        out(
            "what hides behind %",
            "links.py",
            " or any(forbidden_characters(unquote(address))):",
            ":",
            f"{BRIEF}[refusals: links that lead elsewhere than they seem to]",
        ),
        out(
            "in a template",
            "reading.py",
            "elif not is_safe_link(address):",
            "elif False:",
            hostile("channels"),
            only=["link × file"],
        ),
        out(
            "of a source",
            "scalars.py",
            "if not _URL.fullmatch(text):",
            "if False:",
            hostile("urls"),
            only=["'ftp://example.org/'"],
        ),
        out(
            "its host",
            "scalars.py",
            "if not has_plain_host(text):",
            "if False:",
            hostile("urls"),
            only=["'https://a..b/'"],
        ),
        out(
            "in a PDF",
            "typeset.py",
            "for target in _links_elsewhere(layout.document.pages):",
            "for target in ():",
            "test_typeset.py::test_a_link_leads_to_the_web_or_to_mail",
        ),
    ],
}

TYPESETTING: Mapping[str, list[Out]] = {
    "images, imports, fonts, attachments and other channels fetch": [
        out(
            "the fetcher",
            "weasy.py",
            '            raise ValueError("refused")\n',
            "            from weasyprint.urls import URLFetcher\n\n            return URLFetcher()(url)\n",
            "test_typeset.py::test_no_channel_reads_a_file_or_the_network",
        ),
        out(
            "what is refused is told",
            "weasy.py",
            "            self._log.refuse(url)\n",
            "",
            "test_typeset.py::test_no_channel_reads_a_file_or_the_network",
        ),
    ],
    "a logo that loads, runs, unfolds or speaks": [
        out(
            "shapes alone",
            "drawings.py",
            "if space == _SVG and local not in _ELEMENTS:",
            "if False:",
            f"{LOGO}[hidden by a comment]",
            hostile("logos"),
            only=["SVG with script of a space with a hyphen"],
        ),
        out(
            "elements of other kinds",
            "drawings.py",
            "if space != _SVG and space not in _NOTES:",
            "if False:",
            hostile("logos"),
            only=["SVG with script of HTML"],
        ),
        out(
            "what runs by itself",
            "drawings.py",
            'if short.startswith("on") or short in ("href", "base"):',
            "if False:",
            f"{LOGO}[handler]",
        ),
        out(
            "what loads by itself",
            "drawings.py",
            'if short.startswith("on") or short in ("href", "base"):',
            'if short.startswith("on") or short == "base":',
            hostile("logos"),
            only=["a gradient from elsewhere"],
        ),
        out(
            "clips of clips",
            "drawings.py",
            'if names and "clipPath" in (*self.open, element):',
            "if False:",
            hostile("logos"),
            only=["clips that unfold"],
        ),
        out(
            "many clips",
            "drawings.py",
            "if sum(times * self.sizes[name] for name, times in self.asked.items()) > _MOST_DRAWN:",
            "if False:",
            hostile("logos"),
            only=["more clips"],
        ),
        out(
            "addresses",
            "drawings.py",
            "if found := _ADDRESS.search(value):",
            "if found := None:",
            f"{LOGO}[url]",
            hostile("logos"),
            only=["SVG with fill by references"],
        ),
        out(
            "entities",
            "drawings.py",
            "    parser.StartDoctypeDeclHandler = reader.doctype\n",
            "",
            hostile("logos"),
            only=["SVG with entities"],
        ),
        out(
            "words",
            "drawings.py",
            "if text.strip() and self.open[-1] not in _NAMED:",
            "if False:",
            hostile("logos"),
            only=["SVG with text between shapes"],
        ),
        out(
            "hidden characters",
            "drawings.py",
            "    for _, what in forbidden_characters(text):\n        raise _Unfit",
            "    for _, what in ():\n        raise _Unfit",
            hostile("logos"),
            only=["SVG with hidden characters in its title"],
        ),
        out(
            "kinds",
            "letterhead.py",
            'return "is no PNG, JPEG or SVG"',
            'return ""',
            f"{LOGO}[html]",
        ),
        out(
            "numbers",
            "drawings.py",
            "if not fits or _MANY_DIGITS.search(said):",
            "if False:",
            hostile("logos"),
            only=["SVG with no number"],
        ),
        out(
            "sizes",
            "drawings.py",
            "if number and not 0 < float(number[0]) <= _LARGEST:",
            "if False:",
            hostile("logos"),
            only=["SVG of 1e30 width"],
        ),
        out(
            "depth",
            "drawings.py",
            "if len(self.open) == _DEEPEST:",
            "if False:",
            hostile("logos"),
            only=["SVG 5,000 levels deep"],
        ),
        out(
            "check sums",
            "points.py",
            "        image.verify()\n",
            "",
            f"{DAMAGED_LOGO}[a PNG without its end]",
        ),
        out(
            "all its points",
            "points.py",
            "        image.load()\n",
            "",
            f"{DAMAGED_LOGO}[half a progressive JPEG]",
        ),
        out(
            "all its rows",
            "points.py",
            'return _DAMAGED if is_png and _lacks_rows(content) else ""',
            'return ""',
            f"{DAMAGED_LOGO}[a PNG of too few rows]",
            hostile("logos"),
            only=["PNG that lacks its last rows"],
        ),
        out(
            "how many points",
            "points.py",
            "if width * height > _MOST_POINTS:",
            "if False:",
            hostile("logos"),
            only=["PNG that unfolds"],
        ),
        out(
            "passes",
            "points.py",
            "if content.count(_PASS) > _MOST_PASSES:",
            "if False:",
            "test_letterhead.py::test_a_picture_takes_no_more_time_and_memory_than_a_logo_needs[passes]",
        ),
        out(
            "what says that it is a picture",
            "weasy.py",
            "level = Level.ERROR if record.levelno >= logging.ERROR else Level.WARNING",
            "level = Level.WARNING",
            hostile("paper-logos"),
            only=["no number visible"],
        ),
    ],
    "layout that takes all time or memory": [
        out(
            "the clock",
            "pressroom.py",
            "if worker.ticket is not None and time.monotonic() - worker.since > self.limits.time:",
            "if False:",
            "test_pressroom.py::test_a_process_that_hangs_costs_its_brief",
        ),
        out("memory", "worker.py", "    memory_limit(memory)\n", "", f"{TOO_MUCH}[memory]"),
        out("processor time", "worker.py", "cpu_limit(job.limits.cpu)", "pass", f"{TOO_MUCH}[cpu]"),
        out(
            "the length of a text",
            "scalars.py",
            "if len(text) > MAX_TEXT:",
            "if False:",
            hostile("facts"),
            only=["text: xxxxx"],
        ),
    ],
    "100,000 combining marks on one letter": [
        out(
            "what counts as stacked",
            "textguard.py",
            'if run := re.search(f"(?:M[nce]){{{limit + 1}}}", categories):',
            "if run := None:",
            "test_textguard.py::test_stacked_marks",
        ),
        out(
            "the raw text, and the text that it stands for",
            "yamlinput.py",
            "if (stack := stacked_marks(text)) is not None:",
            "if (stack := None) is not None:",
            hostile("characters"),
            only=["marks in reviews.yaml"],
            also=Cut("yamltree.py", "        if stacked_marks(value) is not None:\n", "        if False:\n"),
        ),
        out(
            "escapes",
            "yamltree.py",
            "        if stacked_marks(value) is not None:\n",
            "        if False:\n",
            YAML,
        ),
        out(
            "texts",
            "scalars.py",
            "if stacked_marks(text) is not None:",
            "if False:",
            hostile("characters"),
            only=["marks in templates/note.md.j2"],
        ),
        out(
            "tables",
            "recipients.py",
            "if stacked_marks(text) is not None:",
            "if False:",
            hostile("recipients"),
            only=["o\u0301\u0301"],
        ),
        out(
            "what a template prints, and what it is read as",
            "template.py",
            "if stacked_marks(typed) is not None:",
            "if False:",
            hostile("characters"),
            hostile("templates"),
            only=["marks in a body", "range(19)"],
            also=Cut("reading.py", "if stacked_marks(flat(parts)) is not None:", "if False:"),
        ),
    ],
    "one process that dies takes the others along": [
        out(
            "another takes its place",
            "pressroom.py",
            "        code = self._dismiss(worker)\n        if worker.ticket",
            "        code = self._dismiss(worker)\n        self._waiting.clear()\n        if worker.ticket",
            "test_pressroom.py::test_a_process_that_is_killed_costs_its_brief_and_so_does_one_page_too_many",
        ),
    ],
    "errors that are only logged: a missing image, a dead anchor, a misspelt option": [
        out(
            "the log is heard",
            "weasy.py",
            "        logger.addHandler(listener)\n",
            "",
            "test_typeset.py::test_what_weasyprint_only_logs_fails_the_brief",
        ),
        out(
            "errors fail",
            "weasy.py",
            "level = Level.ERROR if record.levelno >= logging.ERROR else Level.WARNING",
            "level = Level.WARNING",
            "test_typeset.py::test_what_weasyprint_only_logs_fails_the_brief",
        ),
    ],
    "a style or a frame on which the typesetter breaks": [
        out(
            "any exception",
            "weasy.py",
            "    except Exception as error:  # it has no exception",
            "    except BriefingError as error:  # it has no exception",
            "test_typeset.py::test_what_weasyprint_breaks_on_fails_the_brief",
        ),
    ],
    "a character without a glyph": [
        out(
            "the log",
            "weasy.py",
            "            self.missing_characters.add(chr(int(missing[1], 16)))\n",
            "            return\n",
            "test_typeset.py::test_a_character_without_a_glyph_is_named_with_its_place",
        ),
        out(
            "the error",
            "typeset.py",
            'layout.error(_missing_glyph(character, text), "typeset-missing-glyph")',
            "pass",
            "test_typeset.py::test_a_character_without_a_glyph_is_named_with_its_place",
        ),
    ],
}

OUTPUTS: Mapping[str, list[Out]] = {
    "names of audiences and recipients that are paths": [
        out(
            "where drafts are removed",
            "cli/sending.py",
            '        if Path(audience).name == audience != "..":',
            "        if True:",
            "test_send.py::test_an_audience_is_no_way_to_drafts_elsewhere",
        ),
        out(
            "audiences",
            "audience.py",
            "return _SLUG.fullmatch(name) is not None",
            "return True",
            "test_hostile.py::test_a_template_whose_name_is_no_name_is_refused",
        ),
        out(
            "audiences that are asked for",
            "audience.py",
            "    if template not in templates:\n",
            "    if False:\n",
            "test_hostile.py::test_what_is_asked_for_is_an_audience_and_no_path",
        ),
        out(
            "recipients",
            "recipients.py",
            "elif not _SLUG.fullmatch(slug):",
            "elif False:",
            hostile("recipients"),
            only=["../victim"],
        ),
        out(
            "ids",
            "scalars.py",
            "if len(text) > 64 or not _ID.fullmatch(text):",
            "if False:",
            hostile("facts"),
            only=["../victim:"],
        ),
    ],
    "writing through a link: a file, or `out`, `.briefing`, `.briefing/stamps`": [
        out(
            "files",
            "publish.py",
            "                os.replace(temporary, path)\n\n\ndef publish_unless",
            "                path.write_bytes(files[path])\n\n\ndef publish_unless",
            "test_build.py::test_outputs_are_replaced_whole_and_links_are_not_followed",
        ),
        out(
            "folders",
            "publish.py",
            "        if leads_out:\n",
            "        if False:\n",
            "test_links.py::test_nothing_is_written_or_removed_where_a_link_leads_out",
        ),
    ],
    "a file half written": [
        out(
            "one step",
            "publish.py",
            "                os.replace(temporary, path)\n\n\ndef publish_unless",
            "                os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 'wb').write(files[path])"
            "\n\n\ndef publish_unless",
            "test_crash.py::test_a_kill_at_every_step_leaves_old_or_new_files_and_the_next_build_all_of_the_new",
        ),
    ],
    "a memory that bears out a forged document": [
        out(
            "nothing is believed",
            "mail/clearance.py",
            "        force=True,\n",
            "",
            "test_links.py::test_what_is_sent_is_compared_with_the_facts_whatever_is_remembered",
        ),
    ],
    "a table of `mail.yaml` that is any file of the machine, quoted in messages": [
        out(
            "beside the settings",
            "mail/settings.py",
            "        if is_within(path, folder):\n",
            "        if True:\n",
            "test_links.py::test_a_table_that_mail_yaml_names_stands_beside_it",
            hostile("mail"),
            only=["table: ../../../../etc/passwd"],
        ),
    ],
    "encoded words that become headers (CVE-2024-6923)": [
        out(
            "encoded words",
            "mail/addresses.py",
            '    if "=?" in text:\n',
            "    if False:\n",
            SUBJECT,
            NAME,
        ),
        out(
            "line breaks, which are controls, too",
            "mail/addresses.py",
            '    if re.search(r"[\\r\\n]", text):\n',
            "    if False:\n",
            SUBJECT,
            NAME,
            also=Cut(
                "mail/addresses.py",
                "    for _, what in forbidden_characters(text):\n",
                '    for _, what in forbidden_characters(text.replace("\\r", "").replace("\\x00", "")):\n',
            ),
        ),
        out(
            "read again",
            "mail/message.py",
            "    _compare(headers, content, head)\n",
            "",
            "test_mail_message.py::test_a_head_that_reads_otherwise_is_not_written",
        ),
    ],
    "STARTTLS taken out; a false certificate": [
        out(
            "no way back",
            "mail/transport.py",
            '        if not smtp.has_extn("starttls"):\n',
            '        if not smtp.has_extn("starttls"):\n            return\n        if False:\n',
            "test_send_faults.py::test_nothing_is_said_to_a_server_whose_starttls_was_taken_out",
        ),
        out(
            "verified, with STARTTLS",
            "mail/transport.py",
            "code, words = smtp.starttls(context=self._context())",
            "code, words = smtp.starttls(context=ssl._create_unverified_context())",
            f"{CERTIFICATE}[wrong-name-starttls]",
            f"{CERTIFICATE}[expired-starttls]",
            f"{CERTIFICATE}[unknown-authority-starttls]",
        ),
        out(
            "verified, with TLS",
            "mail/transport.py",
            'context = self._context() if server.security == "tls" else None',
            'context = ssl._create_unverified_context() if server.security == "tls" else None',
            f"{CERTIFICATE}[wrong-name-tls]",
            f"{CERTIFICATE}[expired-tls]",
            f"{CERTIFICATE}[unknown-authority-tls]",
        ),
    ],
    "a message twice, or lost, after a crash": [
        out(
            "the intent before",
            "mail/sending.py",
            "        if not self.ledger.take(stubs, parcel.carried, self.now(), seen):\n            return False\n",
            "",
            f"{KILLED}[after the final dot, with the message kept, instead of the answer-unknown-1]",
        ),
        out(
            "one who takes it",
            "mail/ledger.py",
            "(state IN ('waiting', 'refused') OR at = ?)",
            "(state <> '' OR at = ?)",
            "test_ledger.py::test_of_two_processes_one_takes_a_message",
        ),
        out(
            "no answer is not taken for a refusal",
            "mail/transport.py",
            'return Answer("unknown", f"no answer came to the message: {why}")',
            'return Answer("later", f"no answer came to the message: {why}")',
            RANDOM,
        ),
        out(
            "the answer after",
            "mail/sending.py",
            "            self.ledger.answered(stub, state, answer.words, now)\n",
            "",
            RANDOM,
        ),
    ],
    "a message for all that a server takes for some": [
        out(
            "each recipient has an answer",
            "mail/transport.py",
            "                answers[one.key] = Answer(_fate(code), words)\n",
            "                continue\n",
            "test_send_faults.py::test_a_message_for_all_that_is_refused_for_some",
        ),
    ],
    "a ledger that leads elsewhere, was emptied or written into; a journal that deletes a file": [
        out(
            "links",
            "mail/ledger.py",
            "            if path.is_symlink():\n",
            "            if False:\n",
            "test_ledger.py::test_no_link_leads_to_another_ledger",
        ),
        out(
            "empty ones",
            "mail/ledger.py",
            "                if not form:\n",
            "                if False:\n",
            "test_ledger.py::test_a_ledger_that_is_empty_has_lost_what_it_knew",
        ),
        out(
            "rows",
            "mail/ledger.py",
            "set(map(type, texts)) != {str}",
            "False",
            "test_ledger.py::test_a_ledger_that_somebody_wrote_into_is_refused[no text]",
        ),
        out(
            "triggers",
            "mail/ledger.py",
            "                if others:\n",
            "                if False:\n",
            "test_ledger.py::test_a_ledger_that_somebody_wrote_into_is_refused[a trigger]",
        ),
        out(
            "journals",
            "mail/ledger.py",
            'if ending == "-journal" and path.read_bytes()[-8:] == _END_OF_A_NAME:',
            "if False:",
            "test_ledger.py::test_a_journal_deletes_no_file",
        ),
    ],
    "passwords in arguments, logs, messages": [
        out(
            "no debug output",
            "mail/transport.py",
            "        self._greeted(smtp)\n        if self.server.security",
            "        smtp.set_debuglevel(1)\n        self._greeted(smtp)\n        if self.server.security",
            "test_send_faults.py::test_the_password_stands_in_no_output_and_no_file",
        ),
        out(
            "answers of a server",
            "mail/secrets.py",
            "        text = text.replace(form, _HIDDEN)\n",
            "        pass\n",
            "test_mail_settings.py::test_what_a_server_says_back_has_no_password_in_it",
        ),
        out(
            "before blanks are made one, and after",
            "mail/transport.py",
            "        text = self._masked(text)  # before",
            "        text = _one_line(text)  # before",
            "test_send_faults.py::test_a_password_with_blanks_that_is_said_back_is_not_repeated",
            also=Cut("mail/secrets.py", '" ".join(secret.split()) or secret', "secret"),
        ),
        out(
            "what a mailer is told",
            "mail/transport.py",
            " if name != VARIABLE\n",
            "\n",
            "test_send.py::test_the_mailer_of_the_machine_is_not_told_the_password_of_a_server",
        ),
        out(
            "what is told of a login",
            "mail/transport.py",
            'why = f"does not take the user {self.server.user} and the password ({error.smtp_code})"',
            'why = f"does not take the user {self.server.user} and {self.password} ({error.smtp_code})"',
            "test_send_faults.py::test_the_password_stands_in_no_output_and_no_file[False]",
        ),
        out(
            "settings",
            "mail/settings.py",
            'if problem.rule == "schema-unknown-key" and re.match(r\'unknown key "pass\', problem.message, re.I):',
            "if False:",
            "test_mail_settings.py::test_a_fault_is_told_at_its_place",
        ),
        out(
            "values",
            "mail/settings.py",
            'f"must be {of}, from {least} to {most}"',
            'f"must be {of}, from {least} to {most}, not {text}"',
            "test_mail_settings.py::test_no_message_repeats_a_password",
        ),
    ],
    "terminals and CI logs that obey a text": [
        out(
            "controls",
            "report/visible.py",
            'plain = text if text.isprintable() else "".join(map(_shown, text))',
            "plain = text",
            VISIBLE,
            "test_build.py::test_hostile_names_cannot_forge_lines",
        ),
        out(
            "commands of a line",
            "report/visible.py",
            'plain = _LINE_COMMAND.sub(lambda match: match[1] + _code(":"), plain)',
            "pass",
            VISIBLE,
        ),
        out(
            "commands anywhere",
            "report/visible.py",
            'return _INLINE_COMMAND.sub(lambda match: "#" + _code("#"), plain)',
            "return plain",
            VISIBLE,
        ),
        out(
            "GitHub",
            "report/github.py",
            'return visible(text).replace("%", "%25")',
            "return text",
            "test_report.py::test_github_is_a_command_a_problem_with_the_same_words",
        ),
    ],
}

DOCUMENTS: Mapping[str, list[Out]] = {
    "PDFs that unfold, point in circles, start programs": [
        out(
            "memory",
            "pdffiles.py",
            "    memory_limit(_MEMORY)\n",
            "",
            "test_diff.py::test_who_reads_a_pdf_has_bounds",
        ),
        out(
            "processor time",
            "pdffiles.py",
            "        cpu_limit(_CPU_SECONDS)\n",
            "        pass\n",
            "test_diff.py::test_who_reads_a_pdf_has_bounds",
        ),
        out(
            "files",
            "pdffiles.py",
            "    file_limits(0)\n",
            "",
            "test_diff.py::test_who_reads_a_pdf_has_bounds",
        ),
        out(
            "programs, whose files the limit of files holds, too",
            "pdffiles.py",
            "with apply_configuration(jbig2dec_binary=None), doubts() as doubted:",
            "with doubts() as doubted:",
            "test_diff.py::test_no_program_is_run_for_a_fax",
            also=Cut("pdffiles.py", "    file_limits(0)\n", ""),
        ),
        out(
            "any exception",
            "pdffiles.py",
            "        except Exception:  # of a damaged file any, from KeyError to RecursionError\n"
            '            return "unreadable"\n',
            "",
            f"{PDF}[circle]",
        ),
        out(
            "no module from where the user stands",
            "pdffiles.py",
            '    *("-P", "-c"),\n',
            '    "-c",\n',
            hostile("pdfs"),
            only=["only a head"],
        ),
    ],
    "a document that says the same, and acts, leads elsewhere, hands out other files or is called something else": [
        out(
            "a text to the letter",
            "aswritten.py",
            "    if lines == found:\n",
            "    if True:\n",
            "test_verify.py::test_what_was_put_into_a_page[a script]",
        ),
        out(
            "lines of a text",
            "aswritten.py",
            'text.removeprefix("\\ufeff").rstrip(" \\t\\r\\n"))',
            're.sub(r"(?m)^\\s+", "", text))',
            "test_verify.py::test_a_text_is_compared_to_the_letter[a statement as code]",
        ),
        out(
            "names that end like ours",
            "pdffiles.py",
            'any(name == one or (one[0] == "." and name.endswith(one)) for one in endings)',
            "any(name.endswith(one) for one in endings)",
            f"{PUT_IN}[a file with a name like one of ours]",
            also=Cut(
                "asbuilt.py", "    strange += [name for name in contents.files if name not in own]\n", ""
            ),
        ),
        out(
            "letters that are moved",
            "pdfparts.py",
            "if any(abs(one) > _WIDEST_MOVE for one in moves) else []",
            "if False else []",
            f"{PUT_IN}[letters that change places]",
        ),
        out(
            "actions",
            "pdfparts.py",
            "if does in _ACTIONS:",
            "if False:",
            f"{PUT_IN}[a program behind a link]",
        ),
        out(
            "scripts",
            "pdfparts.py",
            "yield from sorted(_STRANGE & one.keys())",
            "yield from ()",
            f"{PUT_IN}[a script]",
        ),
        out(
            "addresses wherever they stand",
            "pdfparts.py",
            'parts.links |= dict.fromkeys(_said(one, "/URI"))',
            "pass",
            f"{PUT_IN}[a link to elsewhere]",
        ),
        out(
            "files that no list has",
            "pdfparts.py",
            'if "/EF" in one:',
            "if False:",
            f"{PUT_IN}[a file that no list has]",
        ),
        out(
            "what draws with the fonts of others",
            "pdfdrawings.py",
            'if own.get("/Subtype") != "/Image" and _goes_unread(',
            "if False and _goes_unread(",
            f"{PUT_IN}[words in a drawing with the fonts of others]",
            f"{PUT_IN}[words in a drawing that points at what it is]",
        ),
        out(
            "pages that name no font",
            "pdfdrawings.py",
            'if "/Contents" in one:',
            "if False:",
            f"{PUT_IN}[words on a page that names no font]",
        ),
        out(
            "words of patterns",
            "pdfdrawings.py",
            "if _has_words(pattern, set()):",
            "if False:",
            f"{PUT_IN}[words in a pattern]",
        ),
        out(
            "words that patterns show",
            "pdfdrawings.py",
            "return any(_has_words(one, seen) for one in further if is_stream(one))",
            "return False",
            f"{PUT_IN}[words in a drawing that a pattern shows]",
        ),
        out(
            "words of masks",
            "pdfdrawings.py",
            "if is_stream(mask) and _has_words(mask, set()):",
            "if False:",
            f"{PUT_IN}[words in a mask]",
        ),
        out(
            "letters that are drawings",
            "pdfdrawings.py",
            'if "/CharProcs" in one:',
            "if False:",
            f"{PUT_IN}[words in letters]",
        ),
        out(
            "what only points",
            "pdfobjects.py",
            "((str(key), one.get_object()) for key, one in value.items())",
            "((str(key), one) for key, one in value.items())",
            f"{PUT_IN}[another bookmark, by reference]",
            f"{PUT_IN}[a link to elsewhere, by reference]",
        ),
        out(
            "what is read instead",
            "pdfparts.py",
            'elif operator in (b"BDC", b"DP"):',
            "elif False:",
            f"{PUT_IN}[what is read instead of words]",
        ),
        out(
            "pictures in the midst of the text",
            "pdfparts.py",
            'if operator == b"INLINE IMAGE":',
            "if False:",
            f"{PUT_IN}[a picture in the midst of the text]",
        ),
        out(
            "texts of the metadata",
            "pdfmetadata.py",
            "if text.strip():",
            "if False:",
            f"{PUT_IN}[another title in a section of the metadata]",
        ),
        out(
            "document types of the metadata",
            "pdfmetadata.py",
            'raise Unread("a document type")',
            "pass",
            f"{PUT_IN}[metadata that unfold]",
        ),
        out(
            "what its files are said to be",
            "asbuilt.py",
            "if said:",
            "if False:",
            f"{PUT_IN}[what a file is said to be]",
        ),
        out(
            "keys that stand twice",
            "pdfdoubts.py",
            "    log.addHandler(listener)\n",
            "",
            f"{PUT_IN}[a page with two contents]",
        ),
        out(
            "parts that are listed twice",
            "pdfdoubts.py",
            'if b"%" in table or _overlap(runs):',
            "if False:",
            "test_verify.py::test_what_viewers_find_elsewhere[a part that is listed twice]",
        ),
        out(
            "parts that are twice in a stream",
            "pdfdoubts.py",
            "if _twice_in_a_stream(reader):",
            "if False:",
            "test_verify.py::test_what_viewers_find_elsewhere[a part that is twice in a stream]",
        ),
        out(
            "parts of other generations",
            "pdfdoubts.py",
            "if any(True for _ in of_others):",
            "if False:",
            "test_verify.py::test_what_viewers_find_elsewhere[a part of another generation]",
        ),
        out(
            "what stands behind the end",
            "pdfdoubts.py",
            'if not data.rstrip(_BLANK).endswith(b"%%EOF"):',
            "if False:",
            "test_verify.py::test_what_viewers_find_elsewhere[another place of the list]",
        ),
        out(
            "what is drawn",
            "pdfparts.py",
            'if width or {"/AP", "/C"} & one.keys() or any',
            "if width or any",
            f"{PUT_IN}[a link with a border]",
        ),
        out(
            "what it is called",
            "asprinted.py",
            "return [label for label in labels if",
            "return [label for label in () if",
            f"{PUT_IN}[another title]",
        ),
        out(
            "logos",
            "asbuilt.py",
            "brief.letterhead.logo is None or why_no_logo(content)",
            "False",
            f"{PUT_IN}[a logo that is none]",
        ),
    ],
    FORGED: [
        out(
            "numbers of items",
            "asprinted.py",
            "if place in self.blocks and tuple(found[here:end]) in self.of_items:",
            'if tuple(found[here:end])[1:] == (".",) and found[here].isdigit():',
            "test_verify.py::test_what_is_laid_out_is_read_back_word_for_word",
            also=Cut(
                "asprinted.py",
                "if tuple(found[end : end + 1]) != following or not following[0].isdigit():",
                "if True:",
            ),
        ),
        out(
            "what no build makes",
            "verifying.py",
            "if found.brief is None and not apart else []",
            "if False else []",
            "test_verify.py::test_what_is_carried_was_forged_with_its_fingerprint[a template that no build takes]",
        ),
    ],
    "what is attached attacks: a facts file, a template": [
        out(
            "bounds of its template",
            "verifying.py",
            "found = selected(project, built.brief.audience, built.brief.row, allow_suspect=True)\n    brief =",
            "from briefing.brief import select\n    from briefing.selection import Selected\n\n"
            "    row, words = built.brief.row, project.loaded_words\n"
            "    one = select(project.facts, built.brief.audience, project.faulty, words, row)\n"
            "    found = Selected(built.brief.audience, one, ())\n    brief =",
            "test_verify.py::test_a_template_that_is_carried_is_bounded_as_any",
        ),
    ],
    "bibliographies that hang a reader": [
        out(
            "bytes",
            "references/reading.py",
            "if len(data) > _MOST_BYTES:",
            "if False:",
            "test_references.py::test_a_file_that_is_too_large_is_refused",
        ),
        out(
            "blocks",
            "references/bibtex.py",
            "if sum(1 for _ in _BLOCK.finditer(text)) > _MOST_BLOCKS:",
            "if False:",
            "test_references.py::test_hostile_bibtex_neither_hangs_nor_breaks[text17]",
        ),
    ],
}

THE_SAME_BYTES: Mapping[str, list[Out]] = {
    "fonts of the system, the time, the folder get into a document": [
        out(
            "fonts",
            "weasyimport.py",
            'with environment("FONTCONFIG_FILE", str(configuration)):',
            'with environment("FONTCONFIG_NOTHING", str(configuration)):',
            "test_typeset.py::test_only_the_fonts_of_the_house",
        ),
        out(
            "the folder",
            "weasy.py",
            "self.weasyprint.HTML(string=document, url_fetcher",
            'self.weasyprint.HTML(string=document, base_url="/srv/", url_fetcher',
            "test_typeset.py::test_a_page_stands_in_no_folder",
        ),
        out(
            "the time, where fontTools cuts the fonts",
            "weasy.py",
            'environment("SOURCE_DATE_EPOCH", "0")',
            'environment("SOURCE_DATE_NOTHING", "0")',
            "test_typeset.py::test_without_harfbuzz_subset_there_is_a_pdf_and_a_warning",
        ),
        out(
            "dates",
            "pdfdetails.py",
            "            created=date,\n            modified=date,\n",
            "",
            "test_typeset.py::test_attached_files_are_of_the_day_and_listed_once_in_order",
        ),
    ],
    "a folder of fonts that crashes Pango": [
        out(
            "fonts are looked at",
            "weasyimport.py",
            '    raise BriefingError(Problem(Location(fonts.name), Level.ERROR, message, "typeset-fonts"))\n',
            "",
            "test_typeset.py::test_a_folder_that_would_crash_pango_is_refused",
        ),
    ],
    "PDF/UA and PDF/A fail; attached files are not found, or twice": [
        out(
            "PDF/UA",
            "pdfdetails.py",
            "    document.metadata.generate_rdf_metadata = with_more\n",
            "",
            "test_typeset.py::test_it_is_tagged_for_readers_who_hear_it",
        ),
        out(
            "once",
            "pdfdetails.py",
            "    _name_files_once(pdf)\n",
            "",
            "test_typeset.py::test_attached_files_are_of_the_day_and_listed_once_in_order",
        ),
        out(
            "in order",
            "pdfdetails.py",
            "for file in sorted(files, key=lambda file: file.name)",
            "for file in files",
            "test_typeset.py::test_attached_files_are_of_the_day_and_listed_once_in_order",
        ),
        out(
            "attached",
            "weasy.py",
            "attachments=files, ",
            "",
            "test_carrying.py::test_an_independent_tool_extracts_the_files",
        ),
        out(
            "PDF/A",
            "weasy.py",
            'VARIANT = "pdf/a-3a"',
            'VARIANT = "pdf/a-3b"',
            "test_carrying.py::test_every_pdf_is_pdf_a_3a_and_pdf_ua_1_at_once",
        ),
    ],
}

DEFENCES: Mapping[str, list[Out]] = {
    **READING_YAML,
    **TEMPLATES,
    **MARKDOWN,
    **TYPESETTING,
    **OUTPUTS,
    **DOCUMENTS,
    **THE_SAME_BYTES,
}
"""By the threat as docs/security.md names it."""
