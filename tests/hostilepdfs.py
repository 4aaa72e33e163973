"""PDFs made to break readers, written by hand: each a few objects, with or without a table of where they stand."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

__all__ = ["hostile_pdfs"]

FACTS = b"schema: 1\ntitle: x\nas_of: 2026-01-27\nsources: {}\nfacts: {}\n"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def stream(content: bytes, more: bytes = b"", length: bytes | None = None) -> bytes:
    return b"<</Length %s%s>>stream\n%s\nendstream" % (length or b"%d" % len(content), more, content)


def packed(content: bytes, times: int = 1) -> bytes:
    """Content that was compressed once or many times."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, b"/Filter[%s]" % (b"/FlateDecode" * times))


def pdf(objects: Sequence[bytes], trailer: bytes = b"", root: bytes = b"1 0 R") -> bytes:
    """A file of these objects, numbered from 1, with a table that is right."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    end = b"trailer\n<</Size %d/Root %s%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, len(data))
    return data + head + table + end


def page(content: bytes = stream(b"BT ET"), root: bytes = b"", *more: bytes, of: bytes = PAGE) -> bytes:
    return pdf([b"<</Type/Catalog/Pages 2 0 R%s>>" % root, PAGES, of, content, *more])


def attached(*files: tuple[bytes, bytes]) -> bytes:
    """A page with files attached to it: name as PDF writes it, and the stream."""
    names = b"".join(b"%s %d 0 R " % (name, 5 + 2 * place) for place, (name, _) in enumerate(files))
    objects = []
    for place, (name, content) in enumerate(files):
        objects += [b"<</Type/Filespec/F %s/UF %s/EF<</F %d 0 R>>>>" % (name, name, 6 + 2 * place), content]
    return page(stream(b"BT ET"), b"/Names<</EmbeddedFiles<</Names[%s]>>>>" % names, *objects)


def hostile_pdfs() -> Iterator[tuple[str, bytes]]:
    """Name and bytes. None of them is one of ours, so of each it is unknown whether it holds."""
    yield "only a head", b"%PDF-1.7\n"
    yield "an end without a beginning", b"%PDF-1.7\nstartxref\n99999999\n%%EOF"
    yield "a table that begins before the file", b"%PDF-1.7\nstartxref\n-5\n%%EOF"
    yield "a table that is itself the end", b"%PDF-1.7\nstartxref\n9\n%%EOF"
    yield (
        "a table of a billion",
        b"%PDF-1.7\nxref\n0 999999999\ntrailer<</Size 9/Root 1 0 R>>\nstartxref\n9\n%%EOF",
    )
    yield "a table before itself", page().replace(b"/Size", b"/Prev 9/Size")
    plain = page()
    start = plain.rindex(b"xref\n0")
    yield "a table after itself", plain.replace(b"/Size", b"/Prev %d/Size" % start)
    yield "no root", plain.replace(b"/Root 1 0 R", b"")
    yield "a root that is not there", plain.replace(b"/Root 1 0 R", b"/Root 77 0 R")
    yield "a root that is a page", plain.replace(b"/Root 1 0 R", b"/Root 3 0 R")
    yield "a root that is a number", plain.replace(b"/Root 1 0 R", b"/Root 5")
    for part in range(1, 10):
        yield f"{part} tenths of a file", plain[: len(plain) * part // 10]
    yield "NUL bytes behind the head", b"%PDF-1.7\n" + b"\0" * 100_000
    yield "pages that are their own child", pdf([b"<</Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"])
    ring = [b"<</Pages 2 0 R>>", *(b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (3 + n) for n in range(50))]
    yield "a ring of pages", pdf([*ring, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"])
    deep = [b"<</Pages 2 0 R>>", *(b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (3 + n) for n in range(3000))]
    yield "pages 3,000 levels deep", pdf([*deep, PAGE])
    wide = b"<</Type/Pages/Kids[%s]/Count 200000>>" % (b"3 0 R " * 200_000)
    yield "one page 200,000 times", pdf([b"<</Pages 2 0 R>>", wide, PAGE, stream(b"BT ET")])
    yield "a count of a billion pages", plain.replace(b"/Count 1", b"/Count 999999999")
    yield "a count below zero", plain.replace(b"/Count 1", b"/Count -9")
    yield "children that are no list", plain.replace(b"/Kids[3 0 R]", b"/Kids 3 0 R")
    yield "a parent that is a child", plain.replace(b"/Parent 2 0 R", b"/Parent 3 0 R")
    yield "an object that is itself", page(b"4 0 R")
    yield "objects that are each other", page(b"5 0 R", b"", b"4 0 R")
    for step, name in (
        (b"[", "lists"),
        (b"<<", "dictionaries"),
        (b"<</A", "dictionaries in dictionaries"),
        (b"(", "texts"),
    ):
        yield f"{name} without end", page(stream(b"BT ET"), b"/X " + step * 50_000)
    yield "a name of a megabyte", page(stream(b"BT ET"), b"/X /" + b"a" * 1_000_000)
    yield "a number of a megabyte", page(stream(b"BT ET"), b"/X " + b"9" * 1_000_000)
    for length in (b"-1", b"999999999999", b"4 0 R", b"77 0 R", b"(a)", b"0"):
        yield f"a stream of length {length.decode()}", page(stream(b"BT (x) Tj ET", length=length))
    yield "a gigabyte in a page", page(packed(b"\0" * 50_000_000, 2))
    yield "a stream packed 99 times", page(packed(b"BT ET", 99))
    yield "a filter that nobody knows", page(stream(b"x", b"/Filter/Nothing"))
    yield "a filter of a fax", page(stream(b"x", b"/Filter/JBIG2Decode"))
    yield "filters in a ring", page(stream(b"x", b"/Filter 4 0 R"))
    yield "LZW that is none", page(stream(b"\xff" * 5000, b"/Filter/LZWDecode"))
    yield "lengths of runs that lie", page(stream(b"\x7f\x81" * 5000, b"/Filter/RunLengthDecode"))
    yield (
        "a predictor of a billion columns",
        page(
            stream(
                zlib.compress(b"x" * 99),
                b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 999999999>>",
            )
        ),
    )
    yield "a stack of 200,000 states", page(packed(b"q " * 200_000))
    yield "a million operators", page(packed(b"BT (a) Tj ET " * 300_000))
    yield (
        "a form that draws itself",
        page(
            stream(b"/F Do"),
            b"",
            stream(b"/F Do", b"/Type/XObject/Subtype/Form/Resources<</XObject<</F 5 0 R>>>>"),
            of=PAGE[:-2] + b"/Resources<</XObject<</F 5 0 R>>>>>>",
        ),
    )
    fonts = b"/Resources<</Font<</F 5 0 R>>>>>>"
    yield (
        "a font that is its own child",
        page(
            stream(b"BT /F 9 Tf (x) Tj ET"),
            b"",
            b"<</Type/Font/Subtype/Type0/DescendantFonts[5 0 R]>>",
            of=PAGE[:-2] + fonts,
        ),
    )
    every = b"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange"
    every += b" <00000000> <ffffffff> <0000>"
    yield (
        "a font with four billion letters",
        page(
            stream(b"BT /F 9 Tf (x) Tj ET"),
            b"",
            b"<</Type/Font/Subtype/Type1/BaseFont/X/ToUnicode 6 0 R>>",
            stream(every + b" endbfrange endcmap"),
            of=PAGE[:-2] + fonts,
        ),
    )
    yield "a page of no size", plain.replace(b"[0 0 99 99]", b"[]")
    yield "a page of endless size", plain.replace(b"[0 0 99 99]", b"[-1e99 -1e99 1e99 1e99]")
    yield "what acts by itself", page(stream(b"BT ET"), b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")
    yield "what starts a program", page(stream(b"BT ET"), b"/OpenAction<</S/Launch/F(/bin/sh)>>")
    yield "what leads to a file", page(stream(b"BT ET"), b"/OpenAction<</S/GoToR/F(/etc/passwd)>>")
    yield (
        "an outline in a ring",
        page(stream(b"BT ET"), b"/Outlines 5 0 R", b"<</First 5 0 R/Last 5 0 R/Next 5 0 R>>"),
    )
    yield "notes that are themselves", page(of=PAGE[:-2] + b"/Annots 3 0 R>>")
    yield (
        "encrypted",
        plain.replace(b"/Size", b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(x)/U(x)>>/ID[(x)(x)]/Size"),
    )
    yield "encrypted by nobody", plain.replace(b"/Size", b"/Encrypt 77 0 R/Size")
    packed_objects = stream(b"5 0 4 0 (x) (y)", b"/Type/ObjStm/N 2/First 8")
    yield (
        "objects in themselves",
        page(packed_objects, b"/X 5 0 R", stream(b"5 0", b"/Type/ObjStm/N 999999999/First 4")),
    )
    yield (
        "metadata that unfold",
        page(
            stream(b"BT ET"),
            b"/Metadata 5 0 R",
            stream(
                b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
                b"/Type/Metadata/Subtype/XML",
            ),
        ),
    )
    yield (
        "metadata of a file",
        page(
            stream(b"BT ET"),
            b"/Metadata 5 0 R",
            stream(
                b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
                b"/Type/Metadata/Subtype/XML",
            ),
        ),
    )
    names = b"/Names<</EmbeddedFiles 5 0 R>>"
    yield "attached files in a ring", page(stream(b"BT ET"), names, b"<</Kids[5 0 R 5 0 R]>>")
    yield "attached files that are none", page(stream(b"BT ET"), names, b"<</Names[(facts.yaml) 5 (a)]>>")
    yield (
        "an attached file without a content",
        page(stream(b"BT ET"), b"/Names<</EmbeddedFiles<</Names[(facts.yaml)<<>>]>>>>"),
    )
    facts = (b"(facts.yaml)", stream(FACTS))
    yield "facts and no brief", attached(facts)
    yield "facts twice", attached(facts, facts)
    yield "facts that unfold", attached((b"(facts.yaml)", packed(b"a: b\n" * 20_000_000)))
    yield (
        "facts that are a bomb",
        attached((b"(facts.yaml)", stream(b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"))),
    )
    yield "facts 10,000 levels deep", attached((b"(facts.yaml)", stream(b"[" * 10_000)))
    yield "a thousand attached files", attached(*((b"(%d.yaml)" % n, stream(FACTS)) for n in range(1000)))
    for name in (
        b"(../../facts.yaml)",
        b"(/etc/facts.yaml)",
        b"(facts.yaml\\000.exe)",
        b"(\\033[31mfacts.yaml)",
    ):
        yield f"facts called {name.decode()}", attached((name, stream(FACTS)))
    for brief in (
        b"{}",
        b"[]",
        b"{",
        b"[" * 50_000,
        b'{"audience": "../../x"}',
        b'{"audience": 5, "version": []}',
        b"\xff",
    ):
        yield f"facts and the brief {brief[:30]!r}", attached(facts, (b"(brief.json)", stream(brief)))
    template = b"---\ntitle: x\nstance: neutral\n---\n{{ ''.__class__ }}{% include '/etc/passwd' %}"
    carried = b'{"audience": "note", "version": "0.1.0", "schema": 1}'
    yield (
        "a template that attacks",
        attached(facts, (b"(brief.json)", stream(carried)), (b"(note.md.j2)", stream(template))),
    )
