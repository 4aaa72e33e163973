"""Types of works in CSL, BibTeX, BibLaTeX and RIS, and which of the facts file's each is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from briefing.vocabulary import CSL_TYPES

__all__ = ["NUMBERED", "UNKNOWN", "bibtex_type", "csl_type", "type_of_bibtex", "type_of_ris"]

UNKNOWN = "document"
"""What a work is of whose type nobody knows more."""

NUMBERED = frozenset(
    ("bill", "hearing", "legal_case", "legislation", "patent", "regulation", "report", "standard", "treaty")
)
"""Types of which `number` in BibTeX is what the work is called by; of others it is one in a journal or a series."""

# Older CSL, Zotero's own words and citeproc-js.
_CSL: Mapping[str, str] = MappingProxyType(
    {
        "article_journal": "article-journal",
        "article_magazine": "article-magazine",
        "article_newspaper": "article-newspaper",
        "gazette": "legislation",
        "video": "motion_picture",
        "legal-case": "legal_case",
    }
)


def csl_type(type: str) -> str:
    """The type of a facts file for one of CSL-JSON; empty where there is none."""
    type = _CSL.get(type, type)
    return type if type in CSL_TYPES else ""


_BIBTEX: Mapping[str, str] = MappingProxyType(
    {
        **{type: type for type in CSL_TYPES},
        **dict.fromkeys(("article", "suppperiodical"), "article-journal"),
        **dict.fromkeys(
            ("book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings"), "book"
        ),
        **dict.fromkeys(("reference", "mvreference", "manual"), "book"),
        "booklet": "pamphlet",
        **dict.fromkeys(("inbook", "incollection", "bookinbook", "suppbook", "suppcollection"), "chapter"),
        **dict.fromkeys(("inproceedings", "conference"), "paper-conference"),
        "inreference": "entry-encyclopedia",
        **dict.fromkeys(("phdthesis", "mastersthesis"), "thesis"),
        "techreport": "report",
        **dict.fromkeys(("online", "electronic", "www"), "webpage"),
        "unpublished": "manuscript",
        "misc": "document",
        "artwork": "graphic",
        "image": "graphic",
        "audio": "song",
        "music": "song",
        "movie": "motion_picture",
        "video": "motion_picture",
        "jurisdiction": "legal_case",
        "legal": "treaty",
        "letter": "personal_communication",
    }
)
# The entry type, and the `entrysubtype` where one entry type stands for several of ours.
_TO_BIBTEX: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "article-journal": ("article", ""),
        "article-magazine": ("article", "magazine"),
        "article-newspaper": ("article", "newspaper"),
        "article": ("article", "article"),
        "review": ("article", "review"),
        "review-book": ("article", "review-book"),
        "book": ("book", ""),
        "chapter": ("incollection", ""),
        "dataset": ("dataset", ""),
        "document": ("misc", ""),
        "entry-encyclopedia": ("inreference", ""),
        "manuscript": ("unpublished", ""),
        "pamphlet": ("booklet", ""),
        "paper-conference": ("inproceedings", ""),
        "patent": ("patent", ""),
        "post": ("online", "post"),
        "post-weblog": ("online", "post-weblog"),
        "report": ("report", ""),
        "software": ("software", ""),
        "thesis": ("thesis", ""),
        "webpage": ("online", ""),
    }
)
_SUBTYPES: Mapping[str, str] = MappingProxyType(
    {
        **{type: type for type in CSL_TYPES},
        "magazine": "article-magazine",
        "newspaper": "article-newspaper",
    }
)


def type_of_bibtex(type: str, subtype: str) -> str:
    """The type for an entry type and its `entrysubtype`, both in any case; empty where there is none."""
    return _SUBTYPES.get(subtype.casefold()) or _BIBTEX.get(type.casefold(), "")


def bibtex_type(type: str) -> tuple[str, str]:
    """The entry type and the `entrysubtype` that come back as this type."""
    return _TO_BIBTEX.get(type, ("misc", type))


_RIS: Mapping[str, str] = MappingProxyType(
    {
        "ADVS": "broadcast",
        "AGGR": "dataset",
        "ANCIENT": "classic",
        "ART": "graphic",
        "BILL": "bill",
        "BLOG": "post-weblog",
        "BOOK": "book",
        "CASE": "legal_case",
        "CHAP": "chapter",
        "CHART": "figure",
        "CLSWK": "classic",
        "COMP": "software",
        "CONF": "paper-conference",
        "CPAPER": "paper-conference",
        "CTLG": "book",
        "DATA": "dataset",
        "DBASE": "dataset",
        "DICT": "entry-dictionary",
        "EBOOK": "book",
        "ECHAP": "chapter",
        "EDBOOK": "book",
        "EJOUR": "article-journal",
        "ELEC": "webpage",
        "ENCYC": "entry-encyclopedia",
        "FIGURE": "figure",
        "GEN": "document",
        "GOVDOC": "report",
        "GRANT": "document",
        "GRNT": "document",
        "HEAR": "hearing",
        "ICOMM": "personal_communication",
        "INPR": "article-journal",
        "JFULL": "periodical",
        "JOUR": "article-journal",
        "LEGAL": "regulation",
        "MANSCPT": "manuscript",
        "MAP": "map",
        "MGZN": "article-magazine",
        "MPCT": "motion_picture",
        "MULTI": "document",
        "MUSIC": "musical_score",
        "NEWS": "article-newspaper",
        "PAMP": "pamphlet",
        "PAT": "patent",
        "PCOMM": "personal_communication",
        "RPRT": "report",
        "SER": "book",
        "SLIDE": "speech",
        "SOUND": "song",
        "STAND": "standard",
        "STAT": "legislation",
        "THES": "thesis",
        "UNBILL": "bill",
        "UNPB": "manuscript",
        "VIDEO": "motion_picture",
        "WEB": "webpage",
    }
)


def type_of_ris(type: str) -> str:
    """The type for one of RIS; empty where there is none."""
    return _RIS.get(type.strip().upper(), "")
