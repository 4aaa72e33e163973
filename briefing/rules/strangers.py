"""Whom and what a template names in its own words: nobody that its facts do not name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefing.ears import Ear
from briefing.errors import Level
from briefing.facts import Fact
from briefing.naming import stands_in, typed_names
from briefing.prose import (
    opens_sentence,
    without_quotations,
)
from briefing.rules.briefs import BriefDesk, BriefFinding, Words, rule_over_brief

__all__ = ["template_person", "template_unknown_name"]


@rule_over_brief("template-person", Level.ERROR)
def template_person(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A person of the facts file is named beside facts that do not name them: the wrong one is said to say it.

    In a heading or lead, and in the contract's title and subject, only those may be named whom a fact of the section,
    or of the brief, names; beside no fact, nobody.
    """
    for words in desk.own_words():
        if words.place == "address":  # whom the brief is for
            continue
        facts = words.known if words.facts or _only_names(desk.ear, words) else ()
        known = {name for fact in facts for name in (*fact.by, *fact.placeholders)}
        typed_in = dict(typed_names(desk.facts.people, words.bare, desk.ear.name_forms, known))
        texts = ""
        for id, person in desk.facts.people.items():
            typed = typed_in.get(id, "")
            if not typed and (id in known or id not in words.named):
                continue
            texts = texts or "\n".join(
                text for fact in facts for text in (fact.text, *desk.names_beside(fact))
            )
            if not stands_in(person, texts, desk.ear.name_forms):
                said = typed or f"{{{id}}}"
                beside = words.beside if facts or words.facts else "the facts beside it"
                yield BriefFinding(words, f'"{said}" stands in none of {beside}; cite a fact that names them')


def _only_names(ear: Ear, words: Words) -> bool:
    """Whether words only name what follows: headings, leads, the contract."""
    return words.place in ("heading", "header", "caption", "contract") or ear.connectives.is_lead(words.typed)


@rule_over_brief("template-unknown-name", Level.WARNING)
def template_unknown_name(desk: BriefDesk) -> Iterator[BriefFinding]:
    """A claim names somebody or something that stands in none of its facts; so does a heading, lead, label or caption.

    Looked for are words with a capital letter within a sentence, and at its head one alone in front of a verb, where it
    can hardly be another noun ("Putin closed the bridge"). Name the fact that says so, or take the name out. In a
    heading or lead the facts of its section count, and whom the contract is for; one With Capitals Throughout is not
    looked at.
    """
    addressed = " ".join(words.typed for words in desk.words if words.place in ("address", "contract"))
    for words in desk.own_words():
        if words.place != "claim" and (
            words.place in ("address", "contract") or not _may_name(desk.ear, words)
        ):
            continue
        names = [*_names_in(desk.ear, words.bare)]
        if not names:
            continue
        known = _words_beside(desk, words.known)
        if words.place != "claim":
            known |= {_stem(word) for word in re.findall(r"\w[\w’'.]*\w|\w", addressed)}
        for name in names:
            if any(typed_names(desk.facts.people, name, desk.ear.name_forms)):
                continue  # a person of the file, whom template-person looks at
            if not all(desk.ear.knows(_stem(part), known) for part in re.split(r"[\s-]+", name)):
                yield BriefFinding(words, f'"{name}" stands in none of {words.beside}')


def _may_name(ear: Ear, words: Words) -> bool:
    """Whether a capital within these words makes a name: not where every longer word has one."""
    long = re.findall(r"[^\W\d_]{4,}", words.typed)[1:]
    return any(word[0].islower() for word in long) or (not long and not _only_names(ear, words))


_TOKEN = re.compile(r"\w[\w’'.-]*\w|\w")


def _names_in(ear: Ear, typed: str) -> Iterator[str]:
    """The names in some words; a capital that only opens a sentence makes no name, but two in a row do.

    One alone does in front of what only somebody named can do: "Putin closed the bridge", not "Trucks closed it".
    """
    bare = without_quotations(typed)
    for begin, end in _capitals(bare):
        # Its end alone: with all of it, 50,000 names took 7 seconds.
        name, before = bare[begin:end], bare[max(0, begin - 200) : begin]
        if opens_sentence(before) or before.rstrip().endswith((":", "?")):
            first, _, rest = name.partition(" ")
            if not rest and ear.acts(first, bare[end:]):
                rest = first
            name = name if rest and not ear.opens(first) else rest
        if name and not _NO_NAME.fullmatch(name) and bare[end : end + 1] + name[1:2] != ".":
            yield name


def _capitals(text: str) -> Iterator[tuple[int, int]]:
    """Where words with a capital stand in a row, of whatever alphabet."""
    begin = end = -1
    for found in _TOKEN.finditer(text):
        capital = found[0][0].isupper()
        if begin >= 0 and not (capital and text[end : found.start()].isspace()):
            yield begin, end
            begin = -1
        if capital:
            begin, end = (found.start() if begin < 0 else begin), found.end()
    if begin >= 0:
        yield begin, end


# Initials, days, months and what has a figure in it, which is looked at as one.
_NO_NAME = re.compile(
    r"(?:[A-ZА-ЯЄІЇҐ]\.)+[A-ZА-ЯЄІЇҐ]?|[AIЄІЯ]|.*\d.*|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|(?:Janu|Febru)ary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber)"
)


def _words_beside(desk: BriefDesk, facts: tuple[Fact, ...]) -> set[str]:
    texts = [text for fact in facts for text in (fact.text, fact.why, *desk.names_beside(fact))]
    texts += [desk.audience.tongue.date(date) for fact in facts for date in (fact.date, fact.horizon) if date]
    texts += [
        form for fact in facts for id in fact.by if id in desk.facts.people for form in _forms(desk, id)
    ]
    words = {word for text in (*texts, desk.facts.title) for word in re.findall(r"\w[\w’'.]*\w|\w", text)}
    stems = {_stem(word) for word in words}
    for short, full in _SHORT_FORMS:
        if stems & short or full <= stems:
            stems |= short | full
    return stems


_SHORT_FORMS = tuple(
    (frozenset(short.split()), frozenset(full.split()))
    for short, full in (
        ("u.s us usa", "united states"),
        ("u.n un", "united nations"),
        ("u.k uk", "united kingdom"),
        ("e.u eu", "european union"),
    )
)


def _forms(desk: BriefDesk, id: str) -> tuple[str, str]:
    return desk.facts.people[id].name, desk.facts.people[id].short


def _stem(word: str) -> str:
    """A word as it is compared: "Ukraine’s" as "Ukraine"."""
    return re.sub(r"[’']s?$", "", word.casefold()).strip(".")
