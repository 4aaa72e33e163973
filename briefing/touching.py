"""Changes + a brief of the old and of the new facts → what of the changes it rests on, and the sentences they touch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from briefing.brief import Brief
from briefing.changes import Altered, Changes
from briefing.document import Text
from briefing.extract import kept
from briefing.redlining import Run, redline
from briefing.sentences import Sentence, cited_sentences

__all__ = ["PlacedSentence", "TouchedSentence", "Touches", "touches"]

# Far more than sentences that share a fact make pairs; it bounds a brief of one fact said a thousand times.
_MOST_PAIRS = 20_000


@dataclass(frozen=True, slots=True)
class PlacedSentence:
    """A sentence of a brief, or row of a table: its `number` from 1, the `heading` above it, the facts under it.

    `words` are its text without the citations, `people` those whom its facts name.
    """

    number: int
    heading: str
    text: str
    words: str
    facts: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TouchedSentence:
    """A sentence of the old brief, and the one that stands for it in the new one.

    `reworded`: it reads otherwise, as `runs` mark it; `same words`: only what is under it changed, so it must be read
    again; `new`, `gone`: it has no counterpart; `alone`: there is no other brief to look for one. `because` are the
    changed facts and people in it; without any it reads otherwise for what changed in the sentences before it.
    """

    sort: Literal["reworded", "same words", "new", "gone", "alone"]
    old: PlacedSentence | None
    new: PlacedSentence | None
    runs: tuple[Run, ...] = ()
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Touches:
    """What a brief rests on, before or after, and is not what it was; false where that is nothing.

    `head` are keys of the file's head, `facts`, `sources` and `people` ids. `sentences` are those touched, in the order
    of the new brief; `renumbered` says how many others differ in the numbers of their citations.
    """

    head: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    sentences: tuple[TouchedSentence, ...] = ()
    renumbered: int = 0

    def __bool__(self) -> bool:
        return bool(self.head or self.facts or self.sources or self.people or self.sentences)


def touches(changes: Changes, old: Brief | None, new: Brief | None, *, comparable: bool = True) -> Touches:
    """What the changes do to a brief, which is None where an error bars it.

    Both are `comparable` where they are whole and of one template. Else only sentences that rest on what changed are
    listed: others may read otherwise for another reason.
    """
    briefs = [brief for brief in (old, new) if brief]
    rests_on = [kept(brief) for brief in briefs]
    facts, sources, people = (
        {name: one for one in section for name in _names(one) if any(name in ids[key] for ids in rests_on)}
        for key, section in (
            ("facts", changes.facts),
            ("sources", changes.sources),
            ("people", changes.people),
        )
    )
    # A fact that is superseded goes on in the one that supersedes it.
    now = {name: one.by or one.id for one in changes.facts for name in _names(one)}
    before, after = (_placed(brief) if brief else [] for brief in (old, new))
    sentences, renumbered = [], 0
    for was, is_now in _paired(before, after, now):
        because = _because(was, is_now, facts, people)
        told = _told(was, is_now, because, facts, both=len(briefs) == 2)
        if told and (because or (comparable and told.sort != "alone")):
            sentences.append(told)
        elif was and is_now and not told:
            renumbered += was.text != is_now.text
    return Touches(
        head=_head(changes, briefs),
        facts=_ids(facts),
        sources=_ids(sources),
        people=_ids(people),
        sentences=tuple(sentences),
        renumbered=renumbered,
    )


def _names(one: Altered) -> tuple[str, ...]:
    """Its id, and that of the old file, where it was another."""
    return (one.id, one.was) if one.was else (one.id,)


def _ids(altered: Mapping[str, Altered]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.id for one in altered.values()))


def _head(changes: Changes, briefs: Sequence[Brief]) -> tuple[str, ...]:
    """Every brief prints the title and the day up to which it is informed; its own date stands in a memo."""
    memo = any(brief.audience.contract.memo for brief in briefs)
    return tuple(change.path[0] for change in changes.head if memo or change.path != ("dated",))


# --- sentences ----------------------------------------------------------------------------------------

_Pair = tuple[PlacedSentence | None, PlacedSentence | None]


def _placed(brief: Brief) -> list[PlacedSentence]:
    return [
        PlacedSentence(
            number=number,
            heading=sentence.heading,
            text=sentence.text,
            words=_words(sentence),
            facts=sentence.facts,
            people=tuple(
                dict.fromkeys(
                    name
                    for id in sentence.facts
                    for name in (*brief.facts.facts[id].by, *brief.facts.facts[id].placeholders)
                )
            ),
        )
        for number, sentence in enumerate(cited_sentences(brief.body), start=1)
    ]


def _words(sentence: Sentence) -> str:
    return "".join(part.text for part in sentence.parts if isinstance(part, Text))


def _because(
    was: PlacedSentence | None,
    now: PlacedSentence | None,
    facts: Mapping[str, Altered],
    people: Mapping[str, Altered],
) -> tuple[str, ...]:
    found = [facts[id].id for one in (was, now) if one for id in one.facts if id in facts]
    found += [people[id].id for one in (was, now) if one for id in one.people if id in people]
    return tuple(dict.fromkeys(found))


def _told(
    was: PlacedSentence | None,
    now: PlacedSentence | None,
    because: tuple[str, ...],
    facts: Mapping[str, Altered],
    *,
    both: bool,
) -> TouchedSentence | None:
    """What is to be said of two sentences that stand for each other, or of one without a counterpart; or nothing."""
    if was is None or now is None:
        sort: Literal["alone", "gone", "new"] = "alone" if not both else "gone" if was else "new"
        return TouchedSentence(sort, was, now, because=because)
    if was.words != now.words:
        return TouchedSentence("reworded", was, now, redline(was.text, now.text), because)
    grave = tuple(id for id in because if id in facts and facts[id].of_meaning)
    return TouchedSentence("same words", was, now, redline(was.text, now.text), grave) if grave else None


# --- pairs --------------------------------------------------------------------------------------------


def _paired(
    before: Sequence[PlacedSentence], after: Sequence[PlacedSentence], now: Mapping[str, str]
) -> list[_Pair]:
    """Each sentence with its counterpart: the same one, else one that shares its facts, and most of its words.

    In the order of the new brief; what is gone stands behind what it stood behind.
    """
    rests_on = [frozenset(now.get(id, id) for id in one.facts) for one in (*before, *after)]
    old, new = rests_on[: len(before)], rests_on[len(before) :]
    pairs = _same(before, after, old, new)
    pairs |= _nearest(before, after, old, new, pairs)
    back = {there: here for here, there in pairs.items()}
    found: list[_Pair] = []
    told = 0
    gone = [here for here in range(len(before)) if here not in pairs]
    for there, sentence in enumerate(after):
        here = back.get(there)
        if here is not None:
            while told < len(gone) and gone[told] < here:
                found.append((before[gone[told]], None))
                told += 1
        found.append((None if here is None else before[here], sentence))
    return [*found, *((before[here], None) for here in gone[told:])]


def _same(
    before: Sequence[PlacedSentence],
    after: Sequence[PlacedSentence],
    old: Sequence[frozenset[str]],
    new: Sequence[frozenset[str]],
) -> dict[int, int]:
    """Sentences with the same words on the same facts, by their places."""
    waiting: dict[tuple[frozenset[str], str], list[int]] = {}
    for there, sentence in enumerate(after):
        waiting.setdefault((new[there], sentence.words), []).append(there)
    pairs = {}
    for here, sentence in enumerate(before):
        found = waiting.get((old[here], sentence.words))
        if found:
            pairs[here] = found.pop(0)
    return pairs


def _nearest(
    before: Sequence[PlacedSentence],
    after: Sequence[PlacedSentence],
    old: Sequence[frozenset[str]],
    new: Sequence[frozenset[str]],
    taken: Mapping[int, int],
) -> dict[int, int]:
    """Of what is left, the pairs that share a fact, those that share most first."""
    by_fact: dict[str, list[int]] = {}
    for there in set(range(len(after))) - set(taken.values()):
        for id in new[there]:
            by_fact.setdefault(id, []).append(there)
    words = [Counter(one.words.split()) for one in (*before, *after)]

    def candidates() -> Iterator[tuple[float, float, int, int]]:
        for here in range(len(before)):
            if here not in taken:
                for there in sorted({there for id in old[here] for there in by_fact.get(id, ())}):
                    facts = len(old[here] & new[there]) / len(old[here] | new[there])
                    one, other = words[here], words[len(before) + there]
                    yield -facts, -(one & other).total() / (one | other).total(), here, there

    pairs: dict[int, int] = {}
    found: set[int] = set()
    for _, _, here, there in sorted(islice(candidates(), _MOST_PAIRS)):
        if here not in pairs and there not in found:
            pairs[here] = there
            found.add(there)
    return pairs
