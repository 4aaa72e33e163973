"""What a fact said when somebody read it: looked for in the git history of the facts file, by its meaning then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from briefing.changes.words import Words
from briefing.errors import UsageError
from briefing.facts import Facts
from briefing.history import History
from briefing.load import load
from briefing.paraphrases import meaning
from briefing.tongues import Tongue

__all__ = ["FormerSentences", "Meant"]

Meant = tuple[str, str]
"""A fact's id, and its `meaning`."""

# Newest first; to read one of 5,000 facts takes a second and a half.
_MOST_EDITIONS = 100


class FormerSentences:
    """The sentences that facts had in the editions of the facts file at `path` that git knows; asked once each."""

    def __init__(self, path: str, tongue: Tongue) -> None:
        self.path = Path(path)
        self.say = Words(tongue)
        self._known: dict[Meant, str] = {}

    def of(self, wanted: Collection[Meant]) -> Mapping[Meant, str]:
        """The sentence of each, empty where no edition has a fact of that id with that meaning, or there is no git."""
        missing = set(wanted) - set(self._known)
        with suppress(UsageError):
            for facts in self._editions() if missing else ():
                for meant in sorted(missing):
                    fact = facts.facts.get(meant[0])
                    if fact and meaning(facts, fact) == meant[1]:
                        self._known[meant] = self.say.fact_sentence(facts, fact)
                        missing.discard(meant)
                if not missing:
                    break
        self._known |= dict.fromkeys(missing, "")
        return {meant: self._known[meant] for meant in wanted}

    def _editions(self) -> Iterator[Facts]:
        history, name = History(self.path.parent), self.path.name
        for commit in history.editions([name], _MOST_EDITIONS):
            data = history.file(commit, name)
            if data is not None:
                yield load(data, f"{commit.short}:{name}").facts
