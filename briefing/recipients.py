"""A table of recipients (CSV) → rows that a brief is printed for, one each.

What stands in it goes into documents and has no source, so it names people, offices and places, and says nothing: a
cell that does is refused, at its line and column. Every problem of the table is told in one run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from briefing.csvtext import Cell, read_rows
from briefing.designations import without_designations, without_years
from briefing.errors import Level, LoadError, Location, Problem
from briefing.files import Unusable, read_head
from briefing.load import read_file
from briefing.lookalikes import plain
from briefing.mentions import mentions_in
from briefing.prose import TYPED_CITATION, is_name_no_more, quotations
from briefing.statements import states
from briefing.textguard import forbidden_characters, stacked_marks
from briefing.wording import count

__all__ = ["Recipient", "Recipients", "column_name", "read_recipients", "rows_ahead"]

# The largest parliament has 3,000 members; a column is a name or an address.
_MOST_BYTES = 8_000_000
_MOST_ROWS = 20_000
_MOST_COLUMNS = 100
_MOST_CHARACTERS = 200
_MOST_PROBLEMS = 200
_MOST_WORDS_OF_A_NICKNAME = 2  # William “Big Bill” Lee
# The columns of which one is needed: a row's files are called after it.
_NAMING = frozenset({"slug", "name"})
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# "Lee embezzled." is one, "Colonel, retired." none.
_ENDED_VERB = re.compile(r"\w\s[a-z]{2,}ed[.!。]+$")
# A number before a small word counts something ("500 dead"); behind a word with a capital it is that of a gate or seat,
# and in front of "rue", "floor" and the like it is that of a house.
_COUNTING = re.compile(r"(?<![\w#№.,/–-])\d[\d,.]*\s+(?P<counted>[a-zа-яєіїґ]{3,})(?![\w.’'-])")
_OF_ADDRESSES = frozenset(
    "and bis ter rue avenue allée boulevard chemin cours impasse passage place quai route square via viale piazza corso"
    " calle carrer plaza paseo avenida rua travessa largo main north south east west upper lower old new street road"
    " lane drive way court floor flat room suite apt unit building block van von der den del della dos das des noon"
    " midnight вулиця вул площа проспект кв квартира будинок поверх кімната".split()
)
_STREET = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane|drive|way|court|square|terrace|crescent|building|floor)\b"
    r"|\b(?:circle|trail|row|hill|park|parkway|place|market|alley|close)\s*(?:,|$)",
    re.IGNORECASE,
)
# Behind these a number is a name, in small letters, too: "ward 7 council".
_NUMBERED = frozenset(
    "ward district dist precinct room suite unit local chapter gate line section zone box".split()
)
# Windows opens a device for a file of such a name, whatever its ending.
_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row: `slug` names its files; `values` are its columns, none of them left out; `line` is where it stands."""

    slug: str
    values: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class Recipients:
    """A table without faults: at least one row, no two of the same slug."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Recipient, ...]


def column_name(heading: str) -> str:
    """The name by which a template asks for a column: `Mailing address` is `recipient.mailing_address`."""
    return re.sub(r"[\s_-]+", "_", heading.strip().casefold()).strip("_")


def read_recipients(path: str) -> Recipients:
    """The table at `path`. UsageError when it cannot be read, LoadError with all that is wrong with it."""
    return _Table(path).recipients(read_file(path))


def rows_ahead(path: str) -> int:
    """How many rows the table will have at most; of standard input, which can be read once, nobody knows."""
    try:
        data = b"" if path == "-" else read_head(path, _MOST_BYTES)
    except (OSError, Unusable):  # which is told when it is read
        return 0
    return data.count(b"\n") + data.count(b"\r") if data else _MOST_ROWS


class _Table:
    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.slugs: dict[str, int] = {}

    def report(self, rule: str, message: str, line: int = 1, column: int = 1) -> None:
        place = Location(self.path, line, column)
        self.problems.append(Problem(place, Level.ERROR, message, rule))

    def recipients(self, data: bytes) -> Recipients:
        rows = list(self.rows(data))
        head, *body = rows or [()]
        columns = self.columns(head)
        if not self.problems and not body:
            self.report(
                "recipients-table",
                "has no rows; the first line names the columns, each one after it is a recipient",
            )
        found = [self.recipient(columns, row) for row in body] if columns else []
        if self.problems:
            raise LoadError(self.problems[:_MOST_PROBLEMS])
        return Recipients(self.path, columns, tuple(filter(None, found)))

    def rows(self, data: bytes) -> Iterator[tuple[Cell, ...]]:
        text = self.text(data)
        if text is None:
            return

        if _is_parted_otherwise(text):  # then all else that is wrong with it comes of that
            self.report(
                "recipients-columns",
                "the columns are parted by something else than commas; save it as “CSV UTF-8”",
            )
            return

        def malformed(message: str, line: int, column: int) -> None:
            self.report("recipients-form", message, line, column)

        for number, row in enumerate(read_rows(text, malformed)):
            if number > _MOST_ROWS or len(self.problems) >= _MOST_PROBLEMS:
                if number > _MOST_ROWS:
                    self.report(
                        "recipients-table",
                        f"has more than {_MOST_ROWS:,} rows; make several tables of it",
                        row[0].line,
                    )
                return
            yield row

    def text(self, data: bytes) -> str | None:
        if len(data) > _MOST_BYTES:
            self.report(
                "recipients-table", f"is larger than {_MOST_BYTES // 1_000_000} MB; make several tables of it"
            )
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            column = error.start - data.rfind(b"\n", 0, error.start)
            self.report("recipients-table", "is not UTF-8; save it as “CSV UTF-8”", line, column)
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    # --- the head ---------------------------------------------------------------------------------

    def columns(self, head: Sequence[Cell]) -> tuple[str, ...]:
        """The names of the columns; none where they cannot be used."""
        names = [column_name(cell.text) for cell in head]
        before = len(self.problems)
        if len(head) > _MOST_COLUMNS:
            self.report("recipients-columns", f"has more than {_MOST_COLUMNS} columns", head[0].line)
            return ()
        for place, (cell, name) in enumerate(zip(head, names, strict=True)):
            if not _COLUMN.fullmatch(name):
                message = (
                    f'"{cell.text[:60]}" is no name for a column: letters a to z, digits and _, as in mailing_address'
                    if cell.text
                    else "this column has no name; give it one, or delete it"
                )
                self.report("recipients-columns", message, cell.line, cell.column)
            elif name in names[:place]:
                self.report(
                    "recipients-columns", f'the column "{name}" stands here twice', cell.line, cell.column
                )
        if head and not _NAMING & set(names):
            self.report(
                "recipients-columns", 'has no column "name" or "slug", from which its files get their names'
            )
        if not head and not self.problems:
            self.report(
                "recipients-table",
                "is empty; its first line names the columns, each line after it is a recipient",
            )
        return tuple(names) if len(self.problems) == before else ()

    # --- a row ------------------------------------------------------------------------------------

    def recipient(self, columns: tuple[str, ...], row: Sequence[Cell]) -> Recipient | None:
        if len(row) != len(columns):
            found, wanted = count(len(row), "cell"), count(len(columns), "column")
            message = f'{found} under {wanted}; a cell with a comma in it stands within “"…"”'
            place = row[len(columns)] if len(row) > len(columns) else row[-1]
            self.report("recipients-form", message, place.line, place.column)
            return None
        before = len(self.problems)
        for cell in row:
            self.check(cell)
        values = {name: cell.text for name, cell in zip(columns, row, strict=True)}
        slug = self.slug(columns, row) if len(self.problems) == before else ""
        return Recipient(slug, values, row[0].line) if slug else None

    def check(self, cell: Cell) -> None:
        """Report a cell that is more than a name: text with a hidden character, a statement."""
        for offset, what in forbidden_characters(cell.text):
            self.report("recipients-text", f"holds {what}", cell.line, cell.column + offset)
            return
        why = _not_a_name(cell.text)
        if why:
            rule, message = why
            self.report(rule, message, cell.line, cell.column)

    def slug(self, columns: tuple[str, ...], row: Sequence[Cell]) -> str:
        """The name of the row's files: its slug, or made from its name. Empty when it cannot be used."""
        by_name = dict(zip(columns, row, strict=True))
        typed, named = by_name.get("slug"), by_name.get("name")
        cell = typed if typed and typed.text else named or typed
        assert cell is not None
        slug = cell.text if cell is typed else _slug_of(cell.text)
        message = ""
        if not cell.text:
            message = "this row has neither slug nor name"
        elif not _SLUG.fullmatch(slug):
            message = (
                f'"{slug[:80]}" is no slug: small letters a to z, digits and hyphens, 64 at most'
                if cell is typed
                else f'no file name can be made of "{cell.text[:80]}"; add a column "slug", in small letters a to z'
            )
        elif _DEVICE.fullmatch(slug):
            message = f'"{slug}" is the name of a device in Windows; add a column "slug" with another'
        elif slug in self.slugs:
            message = (
                f'the files of this row would be called "{slug}", as those of line {self.slugs[slug]};'
                ' delete one, or add a column "slug" that tells them apart'
            )
        if message:
            self.report("recipients-slug", message, cell.line, cell.column)
            return ""
        self.slugs[slug] = cell.line
        return slug


def _is_parted_otherwise(text: str) -> bool:
    """Whether the head of a table is parted by semicolons or tabs, as spreadsheets do where commas part decimals.

    A heading may have a comma in it; then it is the columns that every table must have which tell.
    """
    head = next((line for line in text.split("\n") if line.strip()), "")
    by_commas, otherwise = (
        {column_name(part.strip().strip('"')) for part in re.split(parting, head)}
        for parting in (",", r"[;\t]")
    )
    if len(otherwise) == 1 or _NAMING & by_commas:
        return False
    return len(by_commas) == 1 or bool(_NAMING & otherwise)


def _slug_of(name: str) -> str:
    """`Rep. José Núñez` → `rep-jose-nunez`; nothing where a letter has no Latin form."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter)
    )
    if any(letter.isalnum() and not letter.isascii() for letter in plain):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", plain.casefold())).strip("-")[:64].rstrip("-")


def _amounts(text: str) -> Iterator[str]:
    """The amounts in a cell, in English or Ukrainian words, and what it counts."""
    yield from mentions_in(text).amounts()
    # A street with small letters: "12 oak street".
    if not _STREET.search(text):
        bare = without_years(without_designations(text))
        for found in _COUNTING.finditer(bare):
            before = bare[: found.start()].split()
            is_named = bool(before) and (before[-1][0].isupper() or before[-1] in _NUMBERED)
            if found["counted"] not in _OF_ADDRESSES and not is_named:
                yield found[0]
    if not text.isascii():
        from briefing.ears import ear_of  # imported here: few tables need it

        yield from ear_of("uk").mentions(text).amounts()


def _is_citation(text: str) -> bool:
    """Whether a cell has the look of a citation, or begins one that the next cell or the template ends."""
    looks = plain(text).replace("\\", "")
    return TYPED_CITATION.search(f"{looks}]") is not None


def _not_a_name(text: str) -> tuple[str, str] | None:
    """Why a cell cannot be printed without a source: rule and message."""
    if "\n" in text:
        return "recipients-text", "holds a line break; a cell is one line"
    if len(text) > _MOST_CHARACTERS:
        return "recipients-text", f"has {len(text):,} characters; {_MOST_CHARACTERS} is the most"
    if stacked_marks(text) is not None:
        return "recipients-text", "stacks more combining marks on one letter than any script does"
    amount = next(_amounts(text), "")
    said = ""
    if _is_citation(text):
        said = "a citation stands here"
    elif amount:
        said = f'"{amount}" is an amount'
    elif any(len(words.split()) > _MOST_WORDS_OF_A_NICKNAME for words in quotations(text)):
        said = "somebody's words stand here"
    elif is_name_no_more(text) or states(text, among_names=True) or _ENDED_VERB.search(text):
        said = "this is a sentence"
    if said:
        return (
            "recipients-statement",
            f"{said}, which would be printed without a source: name the recipient here, and say it in the facts file",
        )
    return None
