"""Facts → their citations: which numbers, in which order, where each leads and what leads back to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from briefing.document import Cite, Cites, Inline, Inlines, Text
from briefing.facts import Citation, Fact, Facts, Source

__all__ = ["Citing"]


@dataclass
class Citing:
    """The citations given out in one brief.

    `anchors` are those of a fact's citations, `source_anchors` those of a source's; `companions` are the facts that
    share a citation with the one to whose evidence it leads.
    """

    facts: Facts
    anchors: dict[str, list[str]] = field(default_factory=dict)
    source_anchors: dict[str, list[str]] = field(default_factory=dict)
    companions: dict[str, list[str]] = field(default_factory=dict)
    given: int = 0

    def cites(self, facts: Sequence[Fact]) -> Inlines:
        """The citations of facts: their sources in order of number; where a gap was looked for; what speaks against."""
        plain = [fact for fact in facts if fact.kind != "gap"]
        gaps = [fact for fact in facts if fact.kind == "gap"]
        against = [(fact, cite) for fact in facts for cite in fact.cite if cite.role == "contradicts"]
        parts: list[Inline] = []
        if plain:
            parts.append(self.row(_supporting(plain)))
        if gaps:
            parts += [Text(" (not found in"), self.row(_supporting(gaps)), Text(")")]
        disputed = any(fact.status == "disputed" for fact in facts)
        if against:
            parts += [Text(" (but see"), self.row(against), Text("; disputed)" if disputed else ")")]
        elif disputed:
            parts.append(Text(" (disputed)"))
        return tuple(part for part in parts if not isinstance(part, Cites) or part.cites)

    def row(self, cited: Sequence[tuple[Fact, Citation]]) -> Cites:
        """`[1] [4]`, each source once; it leads to the evidence of the first of the facts that cites it."""
        numbers: dict[int, tuple[Fact, Source]] = {}
        for fact, cite in cited:
            source = self.facts.sources[cite.source]
            numbers.setdefault(source.number, (fact, source))
        cites = []
        for number, (fact, source) in sorted(numbers.items()):
            self.given += 1
            anchor = f"c-{self.given}"
            self.source_anchors.setdefault(source.id, []).append(anchor)
            for other in dict.fromkeys(f.id for f, cite in cited if cite.source == source.id):
                self.anchors.setdefault(other, []).append(anchor)
                if other != fact.id and other not in self.companions.setdefault(fact.id, []):
                    self.companions[fact.id].append(other)
            cites.append(Cite(number, f"e-{fact.id}", anchor))
        return Cites(tuple(cites), facts=tuple(dict.fromkeys(fact.id for fact, _ in cited)))


def _supporting(facts: Sequence[Fact]) -> list[tuple[Fact, Citation]]:
    return [(fact, cite) for fact in facts for cite in fact.cite if cite.role == "supports"]
