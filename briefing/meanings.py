"""The fixed words of the facts file → what each means, in a few words, for editors to show beside it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from briefing.vocabulary import CREDIBILITY, KINDS, LIKELIHOOD, RELIABILITY

__all__ = ["MEANINGS"]

_LEVELS = {
    "primary": "the record or text itself",
    "secondary": "reports the record or text",
    "tertiary": "compiles reports",
    "TODO": "nobody has looked yet, as an import leaves it; check reports it",
}
_STATUSES = {
    "current": "stands; what holds when the key is left out",
    "disputed": "somebody who should know denies it",
    "superseded": "replaced by a newer fact, which says so in supersedes",
    "retracted": "wrong, and no longer upheld",
}
_FORCES = {
    "draft": "written, not yet agreed",
    "agreed": "agreed in substance, not yet signed",
    "signed": "signed, not yet ratified",
    "ratified": "approved by those who must, not yet in force",
    "in-force": "binding now",
    "unknown": "the source does not say",
}
# In the order in which public money goes through them.
_STAGES = {
    "announced": "said in public, before any legal act",
    "authorized": "a law permits it to be spent",
    "appropriated": "a law provides the money",
    "committed": "set aside for a purpose",
    "obligated": "owed under a contract, grant or order",
    "disbursed": "paid out",
}
_CONFIDENCE = {
    "low": "thin or doubtful information, many gaps",
    "moderate": "credible information, not enough to be sure",
    "high": "good information from several sources",
}
_ROLES = {
    "supports": "the source says so; what holds when the key is left out",
    "contradicts": "the source speaks against it",
}
_CSL_TYPES = {
    "article": "an article or preprint of no other type",
    "article-journal": "an article in a scholarly journal",
    "article-magazine": "an article in a magazine",
    "article-newspaper": "an article in a newspaper, on paper or online",
    "bill": "a law that is proposed",
    "book": "a book as a whole",
    "broadcast": "a programme on radio or television, a podcast",
    "chapter": "a part of a book",
    "classic": "a work of antiquity or scripture, cited by its own divisions",
    "collection": "papers of an archive or museum",
    "dataset": "data, as tables or files",
    "document": "anything that fits no other type",
    "entry": "an entry of a database or catalogue",
    "entry-dictionary": "an entry of a dictionary",
    "entry-encyclopedia": "an entry of an encyclopedia",
    "event": "an exhibition, conference or other happening itself",
    "figure": "an illustration within a work",
    "graphic": "a picture, poster or other still image",
    "hearing": "a hearing of a committee, or its transcript",
    "interview": "an interview",
    "legal_case": "a decision of a court",
    "legislation": "a law that was passed",
    "manuscript": "an unpublished text",
    "map": "a map",
    "motion_picture": "a film or video",
    "musical_score": "printed music",
    "pamphlet": "a leaflet or short printed work",
    "paper-conference": "a paper given at a conference",
    "patent": "a patent",
    "performance": "a performance on a stage",
    "periodical": "a whole issue or run of a periodical",
    "personal_communication": "a letter, e-mail or conversation",
    "post": "a post on social media or in a forum",
    "post-weblog": "a post on a blog",
    "regulation": "a rule that an agency made",
    "report": "a report, minutes, or another paper of an institution",
    "review": "a review of anything but a book",
    "review-book": "a review of a book",
    "software": "a program",
    "song": "a song or sound recording",
    "speech": "a speech or lecture",
    "standard": "a technical standard",
    "thesis": "a thesis or dissertation",
    "treaty": "a treaty between states",
    "webpage": "a page of a website",
}

# By the words of a key, in their order.
MEANINGS: Mapping[tuple[str, ...], Mapping[str, str]] = MappingProxyType(
    {
        tuple(words): words
        for words in (
            {name: kind.meaning for name, kind in KINDS.items()},
            {word: f"{low} to {high} percent" for word, (_, low, high) in LIKELIHOOD.items()},
            *(dict(RELIABILITY), dict(CREDIBILITY)),
            *(_LEVELS, _STATUSES, _FORCES, _STAGES, _CONFIDENCE, _ROLES, _CSL_TYPES),
        )
    }
)
