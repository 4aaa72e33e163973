"""`sent.sqlite` beside the facts: who was sent what, written down before and after each message.

A message has the key (mailbox, content). Whoever wants to send one takes it first, in one step that one process alone
can do; what was taken and has no answer is *unknown*, and is not sent again unless a person says so. So nobody gets the
same twice: not after a crash, and not from two sends at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from briefing.errors import Level, Location, Problem, UsageError
from briefing.fingerprint import fingerprint_of_bytes

__all__ = ["FILE", "Entry", "Ledger", "State", "Stub"]

FILE = "sent.sqlite"

State = Literal["waiting", "sent", "refused", "unknown"]
"""`unknown`: it was begun, and nobody knows whether it arrived. `waiting`: it was to be sent, and was not begun."""

# Raise it when the meaning of a table changes.
_FORM = 1
# Only what is damaged or lost is brought back: an older copy has forgotten whom it does not name.
_BRING_BACK = (
    "bring back the newest copy of it; whoever was sent something since that copy would get it again"
)
_CHANGED = f"was changed by something else; {_BRING_BACK}"
_LEAVE_IT = "leave the file as it is,"
_ADVICE = {
    sqlite3.SQLITE_FULL: f"{_LEAVE_IT} make room on the disk, and run the same again",
    sqlite3.SQLITE_IOERR: f"{_LEAVE_IT} see whether the disk is full or failing, and run the same again",
    **dict.fromkeys(
        (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
        f"another program has it open; {_LEAVE_IT} wait for that program or close it, and run the same again",
    ),
    **dict.fromkeys(
        (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH),
        f"{_LEAVE_IT} see who may read and write it and its folder, and run the same again",
    ),
}
"""What to do, by the sort of fault, where the ledger itself is whole."""
# A journal that is one of several ends in the name of the file that holds them together, its length, a check sum, and
# this (sqlite.org/fileformat.html, 3). When such a journal is played back, that file is deleted.
_END_OF_A_NAME = bytes.fromhex("d9d505f920a163d7")
# Another send writes for milliseconds.
_SECONDS_TO_WAIT = 30
_TABLES = """
CREATE TABLE message (
  mailbox TEXT NOT NULL, content TEXT NOT NULL,
  recipient TEXT NOT NULL, audience TEXT NOT NULL, message_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused', 'unknown')),
  former TEXT NOT NULL DEFAULT '', reply TEXT NOT NULL DEFAULT '', at TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 0,
  carried TEXT NOT NULL DEFAULT '{}', attachment TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (mailbox, content));
CREATE TABLE file (hash TEXT PRIMARY KEY, content BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Stub:
    """What the ledger knows of a message before it is sent. `mailbox` is the key of an address, `recipient` the address
    as it was written, `content` the fingerprint of the document's words, `attachment` that of the attached bytes."""

    mailbox: str
    content: str
    recipient: str
    audience: str
    message_id: str
    attachment: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a message. `reply` is the server's, or why there is none; `at` is a moment in UTC.

    `held` says how often a later send passed it over, because the recipient had it.
    """

    recipient: str
    audience: str
    content: str
    message_id: str
    state: State
    reply: str
    at: str
    held: int
    attachment: str


_TEXTS = tuple(name for name in Entry.__slots__ if name != "held")


class Ledger:
    """The ledger of one project. UsageError where it cannot be read or written: then nothing may be sent.

    `now` is the moment that is written down, in UTC, with its fractions of a second.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    # --- reading ----------------------------------------------------------------------------------

    def entries(self, audience: str | None = None) -> list[Entry]:
        """All messages, or those of an audience; by audience, recipient, and time."""
        where, values = ("WHERE audience = ?", (audience,)) if audience else ("", ())
        with self._reading() as base:
            if base is None:
                return []
            rows = base.execute(
                "SELECT recipient, audience, content, message_id, state, reply, at, held, attachment FROM message"
                f" {where} ORDER BY audience, mailbox, at",
                values,
            ).fetchall()
        return list(map(self._entry, rows))

    def states(self, content: str, mailboxes: Iterable[str]) -> dict[str, Entry]:
        """What is known of this content, by mailbox; nothing of those that were never to have it."""
        with self._reading() as base:
            if base is None:
                return {}
            rows = [
                base.execute(
                    "SELECT mailbox, recipient, audience, content, message_id, state, reply, at, held, attachment"
                    " FROM message WHERE mailbox = ? AND content = ?",
                    (mailbox, content),
                ).fetchone()
                for mailbox in mailboxes
            ]
        return {row[0]: self._entry(row[1:]) for row in rows if row}

    def last_content(self, mailbox: str, audience: str) -> str:
        """The content of the last document that this mailbox was sent for this audience; empty where there is none."""
        with self._reading() as base:
            row = (
                base
                and base.execute(
                    "SELECT content FROM message WHERE mailbox = ? AND audience = ? AND state = 'sent'"
                    " ORDER BY at DESC, rowid DESC LIMIT 1",
                    (mailbox, audience),
                ).fetchone()
            )
            return row[0] if row else ""

    def last_edition(self, mailbox: str, audience: str) -> Mapping[str, bytes]:
        """What the last document carried that this mailbox was sent for this audience; empty where there is none."""
        with self._reading() as base:
            if base is None:
                return {}
            row = base.execute(
                "SELECT carried FROM message WHERE mailbox = ? AND audience = ? AND state = 'sent'"
                " ORDER BY at DESC, rowid DESC LIMIT 1",
                (mailbox, audience),
            ).fetchone()
            try:
                names: dict[str, str] = json.loads(row[0]) if row else {}
                return {
                    name: base.execute("SELECT content FROM file WHERE hash = ?", (hash,)).fetchone()[0]
                    for name, hash in names.items()
                }
            except (AttributeError, TypeError, ValueError):
                raise self._unusable(_CHANGED) from None

    def _entry(self, row: Sequence[object]) -> Entry:
        entry = Entry(*row)  # type: ignore[arg-type] # which is looked at here
        texts = (getattr(entry, name) for name in _TEXTS)
        if (
            entry.state not in get_args(State)
            or type(entry.held) is not int
            or set(map(type, texts)) != {str}
        ):
            raise self._unusable(_CHANGED)
        return entry

    # --- writing ----------------------------------------------------------------------------------

    def plan(self, stubs: Sequence[Stub], now: str) -> None:
        """Write down who is to get something, so that whoever is left out can be told.

        Those who were refused before are to get it now; what was said to them stays until somebody says something else.
        """
        with self._writing() as base:
            base.executemany(
                "INSERT INTO message (mailbox, content, recipient, audience, message_id, state, at, attachment)"
                " VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?)"
                " ON CONFLICT DO UPDATE SET state = 'waiting', at = excluded.at WHERE state = 'refused'",
                [
                    (
                        one.mailbox,
                        one.content,
                        one.recipient,
                        one.audience,
                        one.message_id,
                        now,
                        one.attachment,
                    )
                    for one in stubs
                ],
            )

    def take(
        self, stubs: Sequence[Stub], carried: Mapping[str, bytes], now: str, seen: Mapping[str, str]
    ) -> bool:
        """Take messages, all of them or none: from now on they are unknown. False where somebody else has one.

        `seen` are mailboxes that a person decided to send to again, each with the moment of the entry that was seen.
        """
        with self._writing() as base:
            names = {name: _kept(base, content) for name, content in carried.items()}
            for one in stubs:
                found = base.execute(
                    "UPDATE message SET former = CASE WHEN state IN ('sent', 'unknown') THEN state ELSE '' END,"
                    " state = 'unknown', reply = '', at = ?, carried = ?, attachment = ?, message_id = ?"
                    " WHERE mailbox = ? AND content = ? AND (state IN ('waiting', 'refused') OR at = ?)",
                    (
                        *(now, json.dumps(names, sort_keys=True), one.attachment, one.message_id),
                        *(one.mailbox, one.content, seen.get(one.mailbox, "")),
                    ),
                )
                if not found.rowcount:
                    base.rollback()
                    return False
        return True

    def answered(self, stub: Stub, state: State, reply: str, now: str) -> None:
        """Write down what became of a message that was taken.

        One that was refused when it was sent again leaves its recipient with what it was before.
        """
        with self._writing() as base:
            base.execute(
                "UPDATE message SET state = CASE WHEN ? = 'refused' AND former <> '' THEN former ELSE ? END,"
                " reply = ?, at = ? WHERE mailbox = ? AND content = ?",
                (state, state, reply, now, stub.mailbox, stub.content),
            )

    def turned_away(self, stub: Stub, reply: str, now: str) -> None:
        """Write down that a server refused a message; what was sent before, or is unknown, stays so."""
        with self._writing() as base:
            base.execute(
                "UPDATE message SET state = 'refused', reply = ?, at = ? WHERE mailbox = ? AND content = ?"
                " AND state IN ('waiting', 'refused')",
                (reply, now, stub.mailbox, stub.content),
            )

    def held(self, stubs: Sequence[Stub]) -> None:
        """Write down that these were passed over, because they hold the content."""
        with self._writing() as base:
            base.executemany(
                "UPDATE message SET held = held + 1 WHERE mailbox = ? AND content = ?",
                [(one.mailbox, one.content) for one in stubs],
            )

    # --- the file ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """None where nothing was written yet."""
        if not os.path.lexists(self.path):
            yield None
            return
        with self._opened() as base:
            yield base

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when it ends."""
        if not os.path.lexists(self.path):
            self._make()
        with self._opened() as base:
            base.execute("BEGIN IMMEDIATE")
            yield base
            base.commit()

    def _make(self) -> None:
        """A ledger with its tables, all at once: one that is empty has lost what it knew. Another send's stays."""
        try:
            with tempfile.TemporaryDirectory(dir=self.path.parent, prefix=".sent.") as folder:
                new = Path(folder, FILE)
                with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as base:
                    base.execute("PRAGMA synchronous = FULL")
                    base.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_FORM}; COMMIT;")
                with contextlib.suppress(FileExistsError):
                    os.link(new, self.path)
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(f"cannot be used ({error}), and nothing is sent without it") from None

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._check_files()
        try:
            base = sqlite3.connect(self.path, timeout=_SECONDS_TO_WAIT, isolation_level=None)
            with contextlib.closing(base):
                base.execute("PRAGMA synchronous = FULL")
                # In one statement: between two of them another send may make the tables.
                form, tables, others = base.execute(
                    "SELECT user_version, (SELECT count(*) FROM sqlite_schema),"
                    " (SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')) FROM pragma_user_version"
                ).fetchone()
                if form > _FORM:
                    raise self._unusable("was written by a newer briefing; use that one")
                if tables and not form:
                    raise self._unusable("is a database, and not the ledger; name another, or move it away")
                if not form:
                    raise self._unusable(
                        f"is empty: what was sent is lost. If nothing was sent yet, delete it; else {_BRING_BACK}"
                    )
                if others:
                    raise self._unusable(_CHANGED)
                yield base
        except sqlite3.Error as error:
            sort = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the finer part of the code
            advice = _ADVICE.get(sort, f"it knows who has what; {_BRING_BACK}")
            raise self._unusable(
                f"cannot be used ({error}), and nothing is sent without it: {advice}"
            ) from None

    def _check_files(self) -> None:
        """No link leads to another ledger, and no journal to a file that SQLite deletes when it plays it back."""
        for ending in ("", "-journal", "-wal", "-shm"):
            path = Path(f"{self.path}{ending}")
            if path.is_symlink():
                raise self._unusable(
                    f"is no file of its own: {path.name} is a link; put the file itself there"
                )
            with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                if ending == "-journal" and path.read_bytes()[-8:] == _END_OF_A_NAME:
                    raise self._unusable(
                        f"is not read: {path.name} names a file to be deleted, as no journal of ours does; remove it,"
                        " and look where it came from"
                    )

    def _unusable(self, why: str) -> UsageError:
        return UsageError(Problem(Location(str(self.path)), Level.ERROR, why, "mail-ledger"))


def _kept(base: sqlite3.Connection, content: bytes) -> str:
    """The name under which a file is kept: many recipients have the same facts."""
    name = fingerprint_of_bytes(content)
    base.execute("INSERT OR IGNORE INTO file (hash, content) VALUES (?, ?)", (name, content))
    return name
