"""Brief → `Edition`: everything that is printed, as text and blocks, the frame and the appendix included."""

from __future__ import annotations

from dataclasses import dataclass, replace

from briefing.appendix import appendix
from briefing.audience import Contract
from briefing.brief import Brief
from briefing.carried import NOTHING, Carried
from briefing.dates import day_words
from briefing.document import Block
from briefing.facts import Source
from briefing.letterhead import PLAIN, Letterhead

__all__ = ["Edition", "edition", "marked_suspect"]

_SUSPECT = "NOT READ AGAIN SINCE A FACT CHANGED"
_STANCE = {"neutral": "Neutral brief", "advocacy": "This brief argues a position"}


@dataclass(frozen=True, slots=True)
class Edition:
    """One document in words. `numbered` are all sources whose number is printed; `memo` is (label, text) in order."""

    audience: str
    lang: str
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
        """What a file of this edition is called, in its properties and at the head of its pages."""
        return f"{self.title} – {self.kicker}"

    @property
    def description(self) -> str:
        return f"{self.kicker}. {self.stance_line}. {self.as_of_line}."

    @property
    def author(self) -> str:
        """Whom the memo is from."""
        return dict(self.memo).get("From", "")


def edition(brief: Brief, carried: Carried = NOTHING, letterhead: Letterhead = PLAIN) -> Edition:
    """The words of a brief, what its documents carry, and the letterhead, of which the contract may change parts."""
    facts, contract = brief.facts, brief.audience.contract
    stance_line = _STANCE[contract.stance] + (f" · For {contract.readers}" if contract.readers else "")
    return Edition(
        audience=brief.audience.name,
        lang="en",
        title=facts.title,
        kicker=contract.title,
        stance=contract.stance,
        stance_line=stance_line,
        readers=contract.readers,
        memo=_memo(brief),
        as_of=facts.as_of.isoformat(),
        as_of_line=f"Information as of {day_words(facts.as_of)}",
        body=brief.body,
        appendix=appendix(brief),
        numbered=_numbered(brief),
        carried=carried,
        letterhead=_own(letterhead, contract),
    )


def marked_suspect(edition: Edition) -> Edition:
    """The document, marked on every page as one that nobody has read since a fact changed."""
    marking = " · ".join(filter(None, (edition.letterhead.marking, _SUSPECT)))
    return replace(edition, letterhead=replace(edition.letterhead, marking=marking))


def _own(letterhead: Letterhead, contract: Contract) -> Letterhead:
    said = {name: getattr(contract, name) for name in ("office", "address", "marking", "paper")}
    return replace(letterhead, **{name: text for name, text in said.items() if text})


def _memo(brief: Brief) -> tuple[tuple[str, str], ...]:
    memo = brief.audience.contract.memo
    if not memo:
        return ()
    rows = {
        "To": memo.get("to", ""),
        "From": memo.get("from", ""),
        "Cc": memo.get("cc", ""),
        "Date": day_words(brief.facts.dated),
        "Subject": memo.get("subject") or brief.facts.title,
    }
    return tuple((label, text) for label, text in rows.items() if text)


def _numbered(brief: Brief) -> tuple[Source, ...]:
    """The cited sources, and the works they rest on, by number."""
    sources = brief.facts.sources
    shown = {source.id for source in brief.sources}
    shown |= {below for source in brief.sources for below in source.derived_from if below in sources}
    return tuple(source for source in sources.values() if source.id in shown)
