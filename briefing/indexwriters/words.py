"""Parts of an index → the words that both text and Markdown print."""

from __future__ import annotations

from briefing.facts import Source
from briefing.index import Index, IndexedBrief, IndexedCitation, IndexedFact, MatrixRow, Use
from briefing.tongues import DEFAULT, tongue_of
from briefing.vocabulary import CREDIBILITY
from briefing.wording import count

__all__ = ["MATRIX_TITLE", "about", "as_of", "fact", "kept", "passage", "row", "use"]

MATRIX_TITLE = "Facts on file, and the sentences that use them"


def as_of(index: Index) -> str:
    return (
        f"{index.title} · information as of {tongue_of(DEFAULT).day(index.as_of)}"
        if index.as_of
        else index.title
    )


def about(brief: IndexedBrief) -> str:
    """`52 sentences rest on 43 facts.`"""
    sentences = count(len(brief.sentences), "sentence")
    rests = "rests" if len(brief.sentences) == 1 else "rest"
    return f"{sentences[0].upper()}{sentences[1:]} {rests} on {count(brief.used, 'fact')}."


def fact(fact: IndexedFact) -> str:
    """`statement by Zelensky; one independent source; disputed: …`, which stands behind the fact's id.

    A gap has no passage to look up: what to look for is its own sentence.
    """
    by = " as reported by " if fact.kind == "provision" else " by "
    said = [f"{fact.kind}{by}{' and '.join(fact.by)}" if fact.by else fact.kind]
    if fact.kind == "gap":
        said = [f"gap: {fact.text.removesuffix('.')}"]
    else:
        said.append(count(fact.corroboration, "independent source"))
    if fact.credibility:
        grade = fact.credibility
        because = f": {grade.because.rstrip('.')}" if grade.because else ""
        said.append(f"{CREDIBILITY[grade.grade]} ({grade.grade}){because}")
    if fact.status != "current":
        said.append(f"{fact.status}: {fact.why.rstrip('.')}" if fact.why else fact.status)
    return "; ".join(said)


def passage(cite: IndexedCitation) -> str:
    """`Story Snapshot: “100% ready”`, which stands behind the source's number.

    Where the passage does not support the fact, it says what it does.
    """
    role = {"contradicts": "contradicts it", "searched": "not found there"}.get(cite.role, "")
    place = ", ".join(filter(None, [cite.at, role]))
    quote = f"“{_inner_quotes(cite.quote)}”" if cite.quote else "" if place else "no passage given"
    return ": ".join(filter(None, [place, quote]))


def kept(source: Source) -> str:
    """Where the text that was read is kept, beside the facts file; or nothing."""
    return f"text kept as archive/{source.id}.txt" if source.archive else ""


def row(row: MatrixRow) -> list[str]:
    """The cells of a row of the matrix."""
    kind = row.kind if row.status == "current" else f"{row.kind}, {row.status}"
    sources = "–" if row.kind == "gap" else str(row.corroboration)
    return [row.id, kind, sources, *map(use, row.audiences.values())]


def use(use: Use) -> str:
    """`1, 4`, `left out` or `barred`."""
    return ", ".join(map(str, use.sentences)) or use.status


def _inner_quotes(quote: str) -> str:
    """Quotation marks within a quotation, as the appendix of a brief has them."""
    return quote.replace("“", "‘").replace("”", "’").strip()
