"""Made-up facts files of any size, with as much variety as a real one has."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable

__all__ = ["facts_file", "kept_texts"]

_WHO = "agency council ministry court senate commission auditor board office union".split()
_WHAT = "bridge school road harbor clinic archive station library forest canal reactor museum".split()
_DID = "repaired closed opened inspected financed renamed surveyed extended sold leased".split()
_WHERE = "Middleton Shelby Fairview Kyiv Lviv Riga Vilnius Gdynia Brno Porto Cork Turku".split()
_WHY = "after the flood|before the vote|for the county|under the new act|on advice of the auditor|at public cost".split(
    "|"
)
_STAGES = ("authorized", "appropriated", "obligated", "disbursed")


def facts_file(
    count: int,
    seed: int = 1,
    *,
    sources: int | None = None,
    tags: Callable[[int], str] = lambda fact: "works",
) -> str:
    """A facts file of `count` facts of six kinds, resting on `sources` (a tenth as many as facts, when left out).

    `tags` gives the tags of a fact by its number.
    """
    chance = random.Random(seed)
    texts = kept_texts(count, sources)
    written = "".join(_source(number, text) for number, text in enumerate(texts))
    facts = "".join(_fact(number, len(texts), chance, tags(number)) for number in range(count))
    people = "".join(f"  {who}: {{name: the national {who}, short: the {who}}}\n" for who in _WHO)
    head = "schema: 1\ntitle: A subject of many facts\nas_of: 2026-01-27\n"
    return f"{head}people:\n{people}sources:\n{written}facts:\n{facts}"


def kept_texts(count: int, sources: int | None = None) -> list[str]:
    """The texts of the sources of such a file: each holds the quotations of the facts that cite it."""
    number = sources or max(1, count // 10)
    return [
        "\n".join(
            f"{_words(fact)}, it is recorded in the minutes of the day."
            for fact in range(place, count, number)
        )
        for place in range(number)
    ]


def _words(fact: int) -> str:
    chance = random.Random(fact)
    what, where = chance.choice(_WHAT), chance.choice(_WHERE)
    amount = chance.randrange(2, 900)
    return (
        f"the {what} of {where} on lot {fact} was {chance.choice(_DID)} {chance.choice(_WHY)}"
        f" for over ${amount} million"
    )


def _source(number: int, text: str) -> str:
    sha = hashlib.sha256(text.encode()).hexdigest()
    rests = f"    derived_from: [source-{number // 2}]\n" if number % 7 == 3 else ""
    return (
        f"  source-{number}:\n    type: report\n    level: {'primary' if number % 3 else 'secondary'}\n"
        f"    title: Report {number} on the works\n    descriptor: >\n      The record of the works, part {number}.\n"
        f"    url: https://records.example/{number}\n    accessed: 2026-01-20\n{rests}    archive: {{sha256: {sha}}}\n"
    )


def _fact(number: int, sources: int, chance: random.Random, tags: str) -> str:
    quote = _words(number)
    amount = quote.rpartition("$")[2].partition(" ")[0]
    who = chance.choice(_WHO)
    what, _, _ = quote.removeprefix("the ").partition(" for over")
    kind = chance.choice(("event", "figure", "statement", "assessment", "provision", "projection"))
    needs = {
        "event": "    date: 2025-03-01\n",
        "figure": "    date: 2025-03-01\n",
        "provision": f"    by: {who}\n    instrument: Act 12\n    force: in-force\n",
    }.get(kind, f"    by: {who}\n")
    stage = chance.choice(_STAGES)
    text = {
        "event": f"On March 1, 2025, the {what} and {{amount}} was {stage} under Article {number % 90 + 1}.",
        "figure": f"The sum {stage} for the {what} is {{amount}}.",
        "provision": f"Act 12, {{{who}}} says, has {{amount}} {stage} for the {what}.",
        "projection": f"{{{who}}} expects that {{amount}} will be {stage} for the {what}.",
    }.get(kind, f"{{{who}}} says that {{amount}} was {stage} for the {what}.")
    return (
        f"  fact-{number}:\n    kind: {kind}\n{needs}    label: Works {number}\n    text: >\n      {text}\n"
        f"    quantities:\n      amount: {{over: {amount}e6, unit: USD, stage: {stage}}}\n    cite:\n"
        f"      - source: source-{number % sources}\n        quote: >\n          {quote}\n    tags: [{tags}]\n"
    )
