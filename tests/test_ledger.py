"""The ledger of what was sent: one process takes a message, and what cannot be relied on stops everything."""

from __future__ import annotations

import os
import resource
import sqlite3
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from mailprojects import (
    AUDIENCE,
    CONTENT,
    ROOT,
    accepted,
    command,
    ledger_states,
    mail_project,
    memory,
    people,
    stub_of,
)
from mailserver import mail_server

from briefing.errors import UsageError
from briefing.mail.ledger import FILE, Ledger

ANN, BOB = stub_of("ann@example.org"), stub_of("bob@example.org")
LATER = "sha256:" + "6" * 64


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        yield Ledger(Path(folder, FILE))


# --- what is written, and what then stands there --------------------------------------------------

# What is written of Ann's message, and at the end its state. `take` is followed by whether it was to be had; `again` is
# a person's decision to send it once more, from what he saw: the last entry, or an `old` one.
SEQUENCES = {
    "plan": "waiting",
    "plan plan": "waiting",
    "take-": None,
    "plan take+": "unknown",
    "plan take+ take-": "unknown",
    "plan take+ plan": "unknown",
    "plan take+ turned_away": "unknown",
    "plan take+ sent": "sent",
    "plan take+ sent plan": "sent",
    "plan take+ sent take-": "sent",
    "plan take+ sent turned_away": "sent",
    "plan take+ sent held": "sent",
    "plan take+ unknown": "unknown",
    "plan take+ unknown take-": "unknown",
    "plan take+ refused": "refused",
    "plan take+ refused take+": "unknown",
    "plan take+ refused take+ sent": "sent",
    "plan turned_away": "refused",
    "plan turned_away turned_away": "refused",
    "plan turned_away plan": "waiting",
    "plan turned_away take+ sent": "sent",
    "plan take+ again+": "unknown",
    "plan take+ again+ sent": "sent",
    "plan take+ again+ refused": "unknown",
    "plan take+ sent again+": "unknown",
    "plan take+ sent again+ take-": "unknown",
    "plan take+ sent again+ sent": "sent",
    "plan take+ sent again+ refused": "sent",
    "plan take+ sent again+ refused take-": "sent",
    "plan take+ sent again+ refused again+ sent": "sent",
    "plan take+ sent again+ unknown": "unknown",
    "plan take+ sent again+ turned_away": "unknown",
    "plan take+ sent again+ old-": "unknown",
    "plan take+ sent again+ sent old-": "sent",
}


def played(ledger: Ledger, steps: str) -> None:
    moments: list[str] = []
    for number, step in enumerate(steps.split()):
        now = f"2026-01-28T12:00:{number:02}.000000+00:00"
        match step.rstrip("+-"):
            case "plan":
                ledger.plan([ANN], now)
            case "take":
                assert ledger.take([ANN], {}, now, {}) == step.endswith("+")
            case "again" | "old":
                seen = [one.at for one in ledger.entries()] if step.startswith("again") else moments
                moments = moments or seen
                assert ledger.take([ANN], {}, now, {ANN.mailbox: seen[0]}) == step.endswith("+")
            case "turned_away":
                ledger.turned_away(ANN, "550 no", now)
            case "held":
                ledger.held([ANN])
            case "sent" | "refused" | "unknown" as state:
                ledger.answered(ANN, state, "250 ok", now)


@pytest.mark.parametrize("steps", SEQUENCES)
def test_states(steps: str, ledger: Ledger) -> None:
    played(ledger, steps)
    assert ledger_states(ledger).get("ann@example.org") == SEQUENCES[steps]


def test_an_entry_tells_all_of_it(ledger: Ledger) -> None:
    played(ledger, "plan take+ sent held held")
    (one,) = ledger.entries()
    assert (one.recipient, one.audience, one.content) == ("ann@example.org", AUDIENCE, CONTENT)
    assert (one.reply, one.at, one.held) == ("250 ok", "2026-01-28T12:00:02.000000+00:00", 2)
    assert (one.message_id, one.attachment) == (ANN.message_id, ANN.attachment)
    assert ledger.states(CONTENT, [ANN.mailbox, BOB.mailbox]) == {ANN.mailbox: one}
    assert (ledger.states(LATER, [ANN.mailbox]), ledger.states(CONTENT, [BOB.mailbox])) == ({}, {})
    assert (ledger.entries(AUDIENCE), ledger.entries("another")) == ([one], [])


def test_where_nothing_was_sent_nothing_is_known_and_to_ask_makes_no_file(ledger: Ledger) -> None:
    assert (ledger.entries(), ledger.states(CONTENT, [ANN.mailbox])) == ([], {})
    assert ledger.last_edition(ANN.mailbox, AUDIENCE) == {}
    assert not ledger.path.exists()


def test_messages_for_several_are_taken_together_or_not_at_all(ledger: Ledger) -> None:
    ledger.plan([ANN, BOB], "1")
    assert ledger.take([BOB], {}, "2", {})
    assert not ledger.take([ANN, BOB], {}, "3", {})
    assert ledger_states(ledger) == {"ann@example.org": "waiting", "bob@example.org": "unknown"}
    assert ledger.take([ANN], {}, "4", {})


def test_a_mailbox_is_the_same_however_it_is_written(ledger: Ledger) -> None:
    ledger.plan([ANN], "1")
    assert ledger.take([ANN], {}, "2", {})
    assert not ledger.take([stub_of("Ann Lee <Ann@EXAMPLE.org>")], {}, "3", {})


def test_another_content_is_another_message(ledger: Ledger) -> None:
    both = [ANN, stub_of("ann@example.org", LATER)]
    ledger.plan(both, "1")
    assert [ledger.take([one], {}, "2", {}) for one in both] == [True, True]


@pytest.mark.parametrize(
    ("second", "last"),
    [
        ("sent", {"facts.yaml": b"new"}),
        ("refused", {"facts.yaml": b"old"}),
        ("unknown", {"facts.yaml": b"old"}),
    ],
)
def test_the_last_edition_is_the_last_that_was_sent(
    second: str, last: dict[str, bytes], ledger: Ledger
) -> None:
    for number, (stub, text, state) in enumerate(
        [(ANN, b"old", "sent"), (stub_of("ann@example.org", LATER), b"new", second)]
    ):
        ledger.plan([stub], f"{number}.1")
        ledger.take([stub], {"facts.yaml": text}, f"{number}.2", {})
        ledger.answered(stub, state, "", f"{number}.3")  # type: ignore[arg-type]
    assert ledger.last_edition(ANN.mailbox, AUDIENCE) == last
    assert ledger.last_edition(ANN.mailbox, "another") == ledger.last_edition(BOB.mailbox, AUDIENCE) == {}


def test_what_many_messages_carry_is_kept_once(ledger: Ledger) -> None:
    for one in (ANN, BOB):
        ledger.plan([one], "1")
        ledger.take([one], {"facts.yaml": b"x" * 100_000}, "2", {})
        ledger.answered(one, "sent", "", "3")
    assert ledger.path.stat().st_size < 200_000
    assert ledger.last_edition(BOB.mailbox, AUDIENCE) == {"facts.yaml": b"x" * 100_000}


# --- several processes ----------------------------------------------------------------------------

# Tells that it is ready, waits until the other is, and tells what it could take.
TAKING = """
import sys
from pathlib import Path
from briefing.mail.ledger import Ledger
from mailprojects import people, stub_of

ledger, stubs = Ledger(Path(sys.argv[1])), [stub_of(one) for one in people(40)]
print("ready", flush=True)
sys.stdin.readline()
ledger.plan(stubs, "1")
print(*(one.recipient for one in stubs if ledger.take([one], {"facts.yaml": b"x"}, "2", {})))
"""


def test_of_two_processes_one_takes_a_message(ledger: Ledger) -> None:
    """They make the ledger at the same time, too."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TAKING, ledger.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _ in range(2)
    ]
    for one in processes:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    for one in processes:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    took = [one.communicate()[0].split() for one in processes]
    assert sorted(took[0] + took[1]) == people(40)


# --- where it cannot be relied on -----------------------------------------------------------------


def damaged(path: Path) -> None:
    Ledger(path).plan([ANN], "1")
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 8_000)


def torn(path: Path) -> None:
    Ledger(path).plan([stub_of(one) for one in people(200)], "1")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def no_database(path: Path) -> None:
    path.write_text("To whom it may concern\n" * 100)


def of_something_else(path: Path, version: int = 0) -> None:
    base = sqlite3.connect(path)
    base.executescript(f"CREATE TABLE bookmark (url TEXT); PRAGMA user_version = {version};")
    base.close()


def numbered_as_ours(path: Path) -> None:
    of_something_else(path, 1)


def newer(path: Path) -> None:
    Ledger(path).plan([ANN], "1")
    base = sqlite3.connect(path)
    base.execute("PRAGMA user_version = 2")
    base.close()


OBSTACLES: dict[Callable[[Path], None], str] = {
    damaged: "cannot be used (database disk image is malformed)",
    torn: "cannot be used (database disk image is malformed)",
    no_database: "cannot be used (file is not a database)",
    of_something_else: "is a database, and not the ledger",
    numbered_as_ours: "cannot be used (no such table: message)",
    newer: "was written by a newer briefing",
    Path.mkdir: "cannot be used (unable to open database file)",
}
USES: dict[str, Callable[[Ledger], object]] = {
    "entries": lambda ledger: ledger.entries(),
    "states": lambda ledger: ledger.states(CONTENT, [ANN.mailbox]),
    "last_edition": lambda ledger: ledger.last_edition(ANN.mailbox, AUDIENCE),
    "plan": lambda ledger: ledger.plan([ANN], "2"),
    "take": lambda ledger: ledger.take([ANN], {}, "2", {}),
    "answered": lambda ledger: ledger.answered(ANN, "sent", "", "2"),
    "turned_away": lambda ledger: ledger.turned_away(ANN, "", "2"),
    "held": lambda ledger: ledger.held([ANN]),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("spoil", OBSTACLES, ids=lambda spoil: spoil.__name__)
def test_a_file_that_is_not_the_ledger(spoil: Callable[[Path], None], use: str, ledger: Ledger) -> None:
    spoil(ledger.path)
    before = ledger.path.read_bytes() if ledger.path.is_file() else b""
    with pytest.raises(UsageError) as caught:
        USES[use](ledger)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.location.path) == ("mail-ledger", str(ledger.path))
    assert OBSTACLES[spoil] in problem.message
    assert before == (ledger.path.read_bytes() if ledger.path.is_file() else b"")


@pytest.mark.parametrize("spoil", [damaged, newer], ids=lambda spoil: spoil.__name__)
def test_nothing_is_sent_without_the_ledger(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    with mail_server() as server:
        folder = mail_project(tmp_path / "project", server, people(2))
        spoil(folder / FILE)
        process = command(folder)
        said, _ = process.communicate(timeout=60)
        assert (process.returncode, server.sessions) == (2, 0)
    assert "sent.sqlite:1:1: error:" in said
    assert OBSTACLES[spoil] in said
    assert "Traceback" not in said


TAMPERINGS = {
    "another state": "PRAGMA ignore_check_constraints = 1; UPDATE message SET state = 'foo'",
    "no text": "UPDATE message SET at = x'00ff'",
    "no number": "UPDATE message SET held = 'abc'",
    "a blob": "UPDATE message SET reply = zeroblob(10)",
    "a trigger": "CREATE TRIGGER x BEFORE UPDATE ON message BEGIN SELECT raise(ignore); END",
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_ledger_that_somebody_wrote_into_is_refused(tampering: str, ledger: Ledger) -> None:
    ledger.plan([ANN], "1")
    with closing(sqlite3.connect(ledger.path)) as base:
        base.executescript(tampering)
    with pytest.raises(UsageError, match="was changed by something else"):
        ledger.entries()
    with pytest.raises(UsageError, match="was changed by something else"):
        ledger.states(ANN.content, [ANN.mailbox])


@pytest.mark.parametrize("ending", ["", "-journal", "-wal", "-shm"])
@pytest.mark.parametrize("there", [True, False])
def test_no_link_leads_to_another_ledger(ending: str, there: bool, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    if there:
        Ledger(outside).plan([ANN], "1")
    before = outside.read_bytes() if there else None
    ledger = Ledger(tmp_path / FILE)
    if ending:
        ledger.plan([ANN], "1")
    Path(f"{ledger.path}{ending}").symlink_to(outside)
    for use in (lambda: ledger.plan([ANN], "1"), ledger.entries):
        with pytest.raises(UsageError, match="is a link"):
            use()
    assert (outside.read_bytes() if outside.exists() else None) == before


def test_a_journal_deletes_no_file(tmp_path: Path) -> None:
    """SQLite deletes what a journal names as the file that holds it together with others, wherever that is."""
    victim = tmp_path / "victim.txt"
    victim.touch()
    ledger = Ledger(tmp_path / FILE)
    ledger.plan([ANN], "1")
    name, magic = str(victim).encode(), bytes.fromhex("d9d505f920a163d7")
    pages = ledger.path.stat().st_size // 4096
    head = (magic + struct.pack(">5I", 0, 1, pages, 512, 4096)).ljust(512, b"\0")
    named = (
        struct.pack(">I", 0x40000000 // 4096 + 1) + name + struct.pack(">II", len(name), sum(name)) + magic
    )
    journal = Path(f"{ledger.path}-journal")
    journal.write_bytes(head + named)
    with pytest.raises(UsageError, match="names a file to be deleted"):
        ledger.entries()
    assert victim.exists()
    assert journal.exists()


@pytest.mark.parametrize("use", USES)
def test_a_ledger_that_is_empty_has_lost_what_it_knew(use: str, ledger: Ledger) -> None:
    """No process leaves one, whenever it is killed; a full disk or a merge does."""
    ledger.path.touch()
    with pytest.raises(UsageError, match="is empty: what was sent is lost"):
        USES[use](ledger)


@contextmanager
def somebody_else() -> Iterator[None]:
    """Root may write everywhere."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_that_may_only_be_read(exists: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder, FILE))
        if exists:
            ledger.plan([ANN], "1")
            ledger.path.chmod(0o444)
        Path(folder).chmod(0o555)
        with somebody_else():
            with pytest.raises(UsageError, match="nothing is sent without it"):
                ledger.plan([BOB], "2")
            assert len(ledger.entries()) == exists
        Path(folder).chmod(0o755)


def test_a_full_disk(tmp_path: Path) -> None:

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))

    with mail_server() as server:
        folder = mail_project(tmp_path / "project", server, people(20))
        process = command(folder, preexec_fn=little_room)
        said, _ = process.communicate(timeout=60)
        assert (process.returncode != 0, accepted(server)) == (True, {})
    assert "sent.sqlite:1:1: error: cannot be used" in said
    assert "Traceback" not in said
    assert "a copy" not in said
    assert ledger_states(Ledger(folder / FILE)) == {}


def test_a_full_disk_is_no_reason_to_bring_back_a_copy(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was sent something since the copy was made would get it twice."""
    ledger.plan([ANN], "1")
    connect = sqlite3.connect

    def full(*arguments: Any, **options: Any) -> sqlite3.Connection:
        """A database that may have no more pages says the same as a disk that has no more room."""
        base = connect(*arguments, **options)
        base.execute("PRAGMA max_page_count = 1")  # SQLite takes as many as there are
        return base

    monkeypatch.setattr(sqlite3, "connect", full)
    with pytest.raises(UsageError) as caught:
        ledger.take([ANN], {"facts.yaml": b"x" * 100_000}, "2", {})
    said = caught.value.problems[0].message
    assert (
        "(database or disk is full), and nothing is sent without it: leave the file as it is, make room"
        in said
    )
    assert "copy" not in said


def test_a_locked_ledger_is_no_reason_to_bring_back_a_copy(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefing.mail.ledger._SECONDS_TO_WAIT", 0)
    ledger.plan([ANN], "1")
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UsageError) as caught:
            ledger.plan([BOB], "2")
    said = caught.value.problems[0].message
    assert "another program has it open; leave the file as it is, wait" in said
    assert "copy" not in said


@pytest.mark.parametrize("spoil", [damaged, torn, no_database, Path.touch], ids=lambda spoil: spoil.__name__)
def test_who_brings_back_a_copy_is_told_what_that_forgets(
    spoil: Callable[[Path], None], ledger: Ledger
) -> None:
    spoil(ledger.path)
    with pytest.raises(UsageError, match="whoever was sent something since that copy would get it again"):
        ledger.plan([BOB], "2")
