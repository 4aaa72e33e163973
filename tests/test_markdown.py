"""What somebody types is what a reader of the Markdown sees: text through our writer and a parser, and back."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.document import (
    Block,
    Cell,
    Cite,
    Cites,
    Emphasis,
    Heading,
    Inline,
    Items,
    Jump,
    Link,
    Paragraph,
    Quotation,
    Strong,
    Table,
    Text,
)
from briefing.markdown import filled
from briefing.render import render_blocks

PARSERS = {
    "commonmark": MarkdownIt("commonmark"),
    "gfm": MarkdownIt("gfm-like", {"linkify": False}),
    "everything": MarkdownIt("js-default", {"html": True, "linkify": False, "typographer": False}),
}
MARKUP = "\\`*_{}[]()#+-.!|<>~&;:=\"'$^@/?0123456789 \u00a0\u2003ab.лї,🙂"
# markdown-it-py strips a no-break space from the ends of a line, which CommonMark does not.
WORDS = (
    st.text(st.sampled_from(MARKUP) | st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)
    .map(str.strip)
    .filter(bool)
)
TEXTS = (
    st.lists(WORDS, min_size=1, max_size=12)
    .map(lambda words: re.sub(" +", " ", " ".join(words)).strip(" "))
    .filter(bool)
)

HARD = r"""
*
**bold**
_a_
snake_case_word
__init__
`code`
``
[1]
[1]: x
[a](b)
![a](b)
<b>
</b>
<!-- x -->
<https://a.example>
a < b > c
&amp;
&#42;
& &copy
\
\*
a\
# h
#
####### h
#hash
> q
>q
- a
-
--
---
-a
+ b
+1
1. a
1) a
1.5 a
123456789. x
1234567890. x
2026.
=
==
===
a ===
~~~
~~a~~
~a~
```
|
| a | b |
a | b
|---|
:---:
- - -
* * *
_ _ _
***
[^1]
[ ] a
$x$
$100 and $200
a:b:c
:smile:
10:30:45
http://a.example/b_c_d
www.a.example
a@b.example
{%x%}
{{x}}
{a}
[x
x]
](y)
!
!!
!a
(c)
...
—
“a”
* a
+
1.
<?php ?>
<![CDATA[x]]>
<a
a>
&
&x;
&#x41;
&nbsp;
_
a_
_a
a_b_
""".strip().split("\n")


def read(markdown: str, parser: MarkdownIt) -> str:
    """The text that a parser sees, and the names of whatever is not text."""
    found: list[str] = []
    for token in parser.parse(markdown):
        if token.type == "inline":
            for child in token.children or []:
                if child.type in ("text", "softbreak"):
                    found.append(child.content if child.type == "text" else " ")
                else:
                    found.append(f"\x00{child.type}\x00")
        elif token.type not in ("paragraph_open", "paragraph_close"):
            found.append(f"\x00{token.type}\x00")
    return "".join(found)


@pytest.mark.parametrize("parser", PARSERS)
@settings(max_examples=600, deadline=None)
@given(text=TEXTS, width=st.integers(1, 60))
@example(text="a - b", width=1)
@example(text="see [3]: x", width=5)
def test_any_text_comes_back(parser: str, text: str, width: int) -> None:
    assert read(render_blocks([Paragraph((Text(text),))], width), PARSERS[parser]) == text


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("text", HARD)
def test_markup_comes_back_alone_between_words_and_at_line_heads(parser: str, text: str) -> None:
    for whole in (text, f"a {text} b", f"a {text}", f"{text} b", f"a{text}b"):
        for width in (1, 100):
            assert read(render_blocks([Paragraph((Text(whole),))], width), PARSERS[parser]) == whole.strip(
                " "
            )


@pytest.mark.parametrize("text", HARD)
def test_markup_comes_back_inside_every_block(text: str) -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False})
    inline = (Text(text),)
    blocks: list[Block] = [
        Items(((Paragraph(inline),), (Paragraph(inline), Items(((Paragraph(inline),),), 1)))),
        Quotation((Paragraph(inline), Paragraph(inline))),
        Table(inline, (Cell(inline), Cell(inline)), ((Cell(inline), Cell((Strong(inline),))),)),
        Paragraph(
            (
                Text("x "),
                Emphasis((Text("a"),)),
                Text(" "),
                Link("https://a.example/x_(y)", inline),
                Text(" y"),
            )
        ),
    ]
    for block in blocks:
        tokens = parser.parse(render_blocks([block], 100))
        texts = [
            "".join(child.content for child in token.children or [] if child.type == "text")
            for token in tokens
            if token.type == "inline"
        ]
        assert texts, block
        kinds = {child.type for token in tokens for child in token.children or []}
        assert kinds <= {
            "text",
            "em_open",
            "em_close",
            "strong_open",
            "strong_close",
            "link_open",
            "link_close",
        }
        for found in texts:
            assert text.strip() in found


def test_text_stays_readable() -> None:
    text = "The U.S. put over $100 billion (about 41 percent) into it; see snake_case, 10:30 and a - b: “100% ready”!"
    assert filled(text, 200) == text


def test_lines_are_filled_and_citations_stay_with_their_word() -> None:
    text = "word " * 30
    lines = render_blocks([Paragraph((Text(text.strip()),))], 20).split("\n")
    assert max(map(len, lines)) <= 20
    assert "\n".join(lines).replace("\n", " ") == text.strip()


@pytest.mark.parametrize("last", ["1).", "1.", "+.", "-.", "#.", "12)"])
def test_a_word_with_its_citation_opens_no_list_at_the_head_of_a_line(last: str) -> None:
    cites = Cites((Cite(1, "x"),))
    for width in range(10, 30):
        text = render_blocks([Paragraph((Text(f"word word word ({last}"), cites, Text(".")))], width)
        assert read(text, PARSERS["commonmark"]) == f"word word word ({last} [1]."
        text = render_blocks([Paragraph((Text(f"word word word {last}"), cites, Text(".")))], width)
        assert read(text, PARSERS["commonmark"]) == f"word word word {last} [1]."


ADDRESS = "https://a.example/x"
PARTS = st.recursive(
    st.one_of(
        st.sampled_from(["!", "a!", "!!", "\\", "\\!", "(b)", "[1]", "![x](y)", "]", "x"]).map(Text),
        st.sampled_from(["2", "x", "!"]).map(lambda text: Link(ADDRESS, (Text(text),))),
        st.just(Link(ADDRESS, (Text(ADDRESS),))),
        st.booleans().map(lambda lead: Cites((Cite(1, "x"), Cite(2, "y")), lead)),
        st.just(Jump("[1]", "x")),
    ),
    lambda parts: st.lists(parts, max_size=3).map(lambda inner: Emphasis(tuple(inner))),
)


@pytest.mark.parametrize("parser", PARSERS)
@settings(max_examples=400, deadline=None)
@given(parts=st.lists(PARTS, min_size=1, max_size=6))
@example(parts=[Text("!"), Link(ADDRESS, (Text("x"),))])
@example(parts=[Text("!"), Emphasis(()), Link(ADDRESS, (Text("x"),))])
@example(parts=[Text("wow!"), Cites((Cite(1, "x"),), lead=False)])
@example(parts=[Cites((Cite(1, "x"),)), Text("(https://evil.example/)")])
@example(parts=[Cites((Cite(1, "x"),)), Link(ADDRESS, (Text("2"),))])
def test_parts_side_by_side_make_no_image_and_no_link_of_their_own(parser: str, parts: list[Inline]) -> None:
    inline = tuple(parts)
    defined = "\n\n[1]: https://one.example/\n[2]: https://two.example/\n"
    for block in (Paragraph(inline), Heading(2, inline), Table(inline, (Cell(inline),), ((Cell(inline),),))):
        read = PARSERS[parser].parse(render_blocks([block]) + defined)
        children = [child for token in read for child in token.children or []]
        assert not any(child.type == "image" for child in children)
        links = [
            (child.attrGet("href"), children[place + 1].content)
            for place, child in enumerate(children)
            if child.type == "link_open"
        ]
        for address, text in links:
            if address != ADDRESS:
                assert (address, text) in {("https://one.example/", "1"), ("https://two.example/", "2")}
