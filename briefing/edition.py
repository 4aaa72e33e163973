"""Brief → `Edition`: everything that is printed, as text and blocks, the frame and the appendix included."""

from __future__ import annotations

from dataclasses import dataclass, replace

from briefing.appendix import appendix
from briefing.brief import Brief
from briefing.carried import NOTHING, Carried
from briefing.dates import instant
from briefing.document import Block
from briefing.facts import Source
from briefing.letterhead import PLAIN, Letterhead
from briefing.prose import shortened
from briefing.tongues import Tongue

__all__ = ["Edition", "edition", "marked_suspect"]


@dataclass(frozen=True, slots=True)
class Edition:
    """One document in words. `numbered` are all sources whose number is printed; `memo` is (label, text) in order."""

    audience: str
    tongue: Tongue
    title: str
    kicker: str
    stance: str
    stance_line: str
    readers: str
    memo: tuple[tuple[str, str], ...]
    as_of: str
    as_of_line: str
    body: tuple[Block, ...]
    appendix: tuple[Block, ...]
    numbered: tuple[Source, ...]
    carried: Carried = NOTHING
    letterhead: Letterhead = PLAIN

    @property
    def document_title(self) -> str:
        """What a file of this edition is called, in its properties."""
        return f"{self.title} – {self.kicker}"

    @property
    def running_title(self) -> str:
        """The same, as far as it has room at the head of a page: two lines beside the date."""
        return f"{shortened(self.title, 70)} – {shortened(self.kicker, 40)}"

    @property
    def description(self) -> str:
        return f"{self.kicker}. {self.stance_line}. {self.as_of_line}."

    @property
    def author(self) -> str:
        """Whom the memo is from."""
        return dict(self.memo).get(self.tongue.memo_from, "")

    @property
    def lang(self) -> str:
        """The language, as HTML and PDF name it."""
        return self.tongue.locale


def edition(brief: Brief, carried: Carried = NOTHING, letterhead: Letterhead = PLAIN) -> Edition:
    """The words of a brief, what its documents carry, and the letterhead, of which the contract may change parts."""
    facts, contract, tongue = brief.facts, brief.audience.contract, brief.tongue
    paper = contract.printed_on(letterhead)
    embargo = tongue.embargoed(instant(paper.embargo)) if paper.embargo else ""
    readers = tongue.readers(contract.readers) if contract.readers else ""
    return Edition(
        audience=brief.audience.name,
        tongue=tongue,
        title=facts.title,
        kicker=contract.title,
        stance=contract.stance,
        stance_line=" · ".join(filter(None, (tongue.stances[contract.stance], readers))),
        readers=contract.readers,
        memo=_memo(brief),
        as_of=facts.as_of.isoformat(),
        as_of_line=tongue.as_of(facts.as_of),
        body=brief.body,
        appendix=appendix(brief),
        numbered=_numbered(brief),
        carried=carried,
        letterhead=_marked(paper, embargo),
    )


def marked_suspect(edition: Edition) -> Edition:
    """The document, marked on every page as one that nobody has read since a fact changed."""
    return replace(edition, letterhead=_marked(edition.letterhead, edition.tongue.suspect))


def _marked(paper: Letterhead, words: str) -> Letterhead:
    """The paper, with these words behind its marking."""
    return replace(paper, marking=" · ".join(filter(None, (paper.marking, words))))


def _memo(brief: Brief) -> tuple[tuple[str, str], ...]:
    memo, tongue = brief.audience.contract.memo, brief.tongue
    if not memo:
        return ()
    rows = {
        tongue.memo_to: memo.get("to", ""),
        tongue.memo_from: memo.get("from", ""),
        tongue.memo_cc: memo.get("cc", ""),
        tongue.memo_date: tongue.day(brief.facts.dated),
        tongue.memo_subject: memo.get("subject") or brief.facts.title,
    }
    return tuple((label, text) for label, text in rows.items() if text)


def _numbered(brief: Brief) -> tuple[Source, ...]:
    """The cited sources, and the works they rest on, by number."""
    sources = brief.facts.sources
    shown = {source.id for source in brief.sources}
    shown |= {below for source in brief.sources for below in source.derived_from if below in sources}
    return tuple(source for source in sources.values() if source.id in shown)
