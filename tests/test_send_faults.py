"""Sending to a real server that fails at every step: nobody gets a message twice, and nobody is silently left out."""

from __future__ import annotations

import base64
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest
from mailprojects import (
    FakeClock,
    accepted,
    command,
    ledger_of,
    ledger_states,
    mail_project,
    mailing_to,
    memory,
    people,
    send_to,
    smtp_to,
)
from mailserver import Answer, Drop, Fault, Hang, Login, MailServer, Step, mail_server

from briefing.mail.addresses import Address
from briefing.mail.ledger import Ledger
from briefing.mail.sending import Pace, Sent
from briefing.mail.transport import Answers, Envelope, Smtp

ANN, BOB, CY = "ann@example.org", "bob@example.org", "cy@example.org"
CANARY = "canary \\'bird\" 9=+"
LOGIN = Login("desk", CANARY)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=memory()) as path:
        yield Path(path)


@pytest.fixture
def ledger(folder: Path) -> Ledger:
    return Ledger(folder / "sent.sqlite")


def fates(sent: Sent) -> dict[str, str]:
    return {one.recipient: one.state for one in sent.results}


def assert_nobody_twice_and_nobody_lost(
    server: MailServer, states: dict[str, str], to: Sequence[str]
) -> None:
    """Whoever the ledger says has it was sent it once; whoever has it not is told of; and nobody has it twice."""
    took = accepted(server)
    assert not [one for one, times in took.items() if times > 1]
    assert set(states) == set(to)
    assert not [one for one in to if states[one] == "sent" and not took[one]]
    assert not [one for one in to if took[one] and states[one] not in ("sent", "unknown")]


# --- what happens at each step --------------------------------------------------------------------

# What becomes of Ann, to whom it happens, and of Bob, who comes after her: S is sent, R refused, U unknown, W waiting.
# What is before RCPT happens to whoever is connected.
HAPPENINGS: dict[str, tuple[Answer | Drop, int | None]] = {
    "dropped once": (Drop(), 1),
    "dropped always": (Drop(), None),
    "reset once": (Drop(reset=True), 1),
    "451 once": (Answer(451, "4.3.0 later"), 1),
    "451 always": (Answer(451, "4.3.0 later"), None),
    "421 once": (Answer(421, "4.3.2 closing"), 1),
    "550": (Answer(550, "5.7.1 no"), None),
}
TABLE = {
    #                dropped  always  reset  451   always  421   550
    Step.CONNECT:   "SS       WW      SS     SS    WW      SS    WW",
    Step.HANDSHAKE: "SS       WW      SS     -     -       -     -",
    Step.EHLO:      "SS       WW      SS     SS    WW      SS    WW",
    Step.STARTTLS:  "SS       WW      SS     SS    WW      SS    WW",
    Step.AUTH:      "SS       WW      SS     SS    WW      SS    WW",
    Step.MAIL:      "SS       RR      SS     SS    RR      SS    RR",
    Step.RCPT:      "SS       RS      SS     SS    RS      SS    RS",
    Step.DATA:      "SS       RS      SS     SS    RS      SS    RS",
    Step.BODY:      "US       US      US     SS    RS      SS    RS",
    Step.DOT:       "US       US      US     SS    RS      SS    RS",
    # A server that keeps a message and says that it does not cannot be helped.
    Step.KEPT:      "US       US      US     -     -       -     -",
    Step.ANSWERED:  "SS       SS      SS     -     -       -     -",
    # Here Ann is refused, which is why there is something to reset.
    Step.RSET:      "RS       RS      RS     RS    RS      RS    RS",
    Step.QUIT:      "SS       SS      SS     SS    SS      SS    SS",
}  # fmt: skip
SILENCE = {
    Step.CONNECT: "SS",
    Step.HANDSHAKE: "SS",
    Step.EHLO: "SS",
    Step.STARTTLS: "SS",
    Step.AUTH: "SS",
    Step.MAIL: "SS",
    Step.RCPT: "SS",
    Step.DATA: "SS",
    Step.BODY: "US",
    Step.DOT: "US",
    Step.KEPT: "US",
    Step.ANSWERED: "SS",
    Step.RSET: "RS",
    Step.QUIT: "SS",
}
_OF_ONE = (Step.RCPT, Step.DATA, Step.BODY, Step.DOT, Step.KEPT, Step.ANSWERED)


def became(folder: Path, step: Step, happening: Answer | Drop | Hang, times: int | None, timeout: int) -> str:
    """The fates of Ann and Bob in the words of the table; ledger and server must tell the same."""
    whom = frozenset([ANN]) if step in _OF_ONE else frozenset[str]()
    faults = [Fault(step, happening, recipients=whom, times=times)]
    if step == Step.RSET:
        faults.append(Fault(Step.RCPT, Answer(550, "no"), recipients=frozenset([ANN])))
    folder.mkdir()
    ledger = Ledger(folder / "sent.sqlite")
    security: Literal["starttls", "none"] = "starttls" if step in (Step.STARTTLS, Step.HANDSHAKE) else "none"
    with mail_server(*faults, security=security, login=LOGIN) as server:
        sent = send_to(smtp_to(server, timeout=timeout), ledger, mailing_to(ledger, [ANN, BOB]))
        server.wait_until_idle()
        states = ledger_states(ledger)
        assert fates(sent) == states
        assert_nobody_twice_and_nobody_lost(server, states, [ANN, BOB])
        assert (ANN in accepted(server)) == (states[ANN] == "sent" or step == Step.KEPT)
        assert server.struck
    assert bool(sent.problems) == ("waiting" in states.values())
    return "".join(states[one][0].upper() for one in (ANN, BOB))


# Python 3.11 leaves a socket open that was reset just before its handshake.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("step", TABLE, ids=lambda step: step.name)
def test_what_becomes_of_a_message(step: Step, folder: Path) -> None:
    expected = dict(zip(HAPPENINGS, TABLE[step].split(), strict=True))
    found = {
        name: became(folder / name, step, *HAPPENINGS[name], timeout=30) if expected[name] != "-" else "-"
        for name in HAPPENINGS
    }
    assert found == expected


def test_a_server_that_falls_silent(folder: Path) -> None:
    """All at the same time, since each waits."""

    def one(step: Step) -> str:
        # While a handshake hangs the server does not see that the client is gone.
        silence = Hang(2 if step == Step.HANDSHAKE else 60)
        return became(folder / step.name, step, silence, 1, timeout=1)

    with ThreadPoolExecutor(len(SILENCE)) as threads:
        found = threads.map(one, SILENCE)
    assert dict(zip(SILENCE, found, strict=True)) == SILENCE


# --- pauses, rates, and connections ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusals", "waits", "state"),
    [(0, [], "sent"), (1, [30], "sent"), (3, [30, 60, 120], "sent"), (9, [30, 60, 120, 240], "refused")],
)
def test_what_is_refused_for_now_is_tried_again_after_growing_pauses(
    refusals: int, waits: list[float], state: str, ledger: Ledger
) -> None:
    clock = FakeClock()
    with mail_server(Fault(Step.RCPT, Answer(451, "greylisted"), times=refusals)) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]), Pace(5, 30), clock)
    assert (clock.waits, fates(sent), ledger_states(ledger)) == (waits, {ANN: state}, {ANN: state})


def test_whoever_was_refused_for_now_gets_it_the_next_time(ledger: Ledger) -> None:
    with mail_server(Fault(Step.DOT, Answer(451, "later"), times=3)) as server:
        assert fates(send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]))) == {ANN: "refused"}
        assert fates(send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]))) == {ANN: "sent"}
        assert fates(send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]))) == {ANN: "skipped"}
        assert accepted(server) == {ANN: 1}


def test_a_server_that_is_away_is_asked_again_and_then_all_wait(ledger: Ledger) -> None:
    clock = FakeClock()
    with mail_server(Fault(Step.CONNECT, Answer(421, "busy"))) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN, BOB]), Pace(3, 10), clock)
        assert (server.sessions, clock.waits) == (3, [10, 20])
    assert [one.rule for one in sent.problems] == ["mail-server"]
    assert ledger_states(ledger) == {ANN: "waiting", BOB: "waiting"}


def test_a_rate_is_kept(ledger: Ledger) -> None:
    clock = FakeClock()
    with mail_server() as server:
        send_to(smtp_to(server), ledger, mailing_to(ledger, people(5)), Pace(between=2.5), clock)
    assert clock.waits == [2.5] * 4


@pytest.mark.parametrize("most", [1, 2, 7])
def test_a_server_that_takes_few_messages_on_one_connection(most: int, ledger: Ledger) -> None:
    """It is called again at once."""
    clock = FakeClock()
    with mail_server(messages_per_session=most) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, people(30)), Pace(5, 30), clock)
        assert accepted(server) == Counter(people(30))
        assert server.sessions == -(-30 // most)
    assert set(fates(sent).values()) == {"sent"}
    assert clock.waits == []


# --- several recipients, and what a server does not take ------------------------------------------


def test_a_message_for_all_that_is_refused_for_some(ledger: Ledger) -> None:
    faults = [
        Fault(Step.RCPT, Answer(550, "no such user"), recipients=frozenset([ANN])),
        Fault(Step.RCPT, Answer(450, "later"), recipients=frozenset([BOB]), times=1),
    ]
    with mail_server(*faults) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN, BOB, CY], together=True))
        assert [one.recipients for one in server.accepted] == [(CY,), (BOB,)]
    assert fates(sent) == ledger_states(ledger) == {ANN: "refused", BOB: "sent", CY: "sent"}


@pytest.mark.parametrize(
    ("step", "happening", "state", "times"),
    [
        (Step.DATA, Answer(451, "later"), "sent", 1),
        (Step.DATA, Answer(554, "no"), "refused", 0),
        (Step.DOT, Answer(554, "no"), "refused", 0),
        (Step.DOT, Drop(), "unknown", 0),
        (Step.KEPT, Drop(), "unknown", 1),
    ],
)
def test_a_message_for_all_goes_to_all_or_none_after_their_addresses(
    step: Step, happening: Answer | Drop, state: str, times: int, ledger: Ledger
) -> None:
    with mail_server(Fault(step, happening, times=1)) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN, BOB], together=True))
        assert accepted(server) == Counter({ANN: times, BOB: times})
    assert fates(sent) == ledger_states(ledger) == {ANN: state, BOB: state}


@pytest.mark.parametrize(("limit", "state"), [(100, "refused"), (100_000, "sent"), (None, "sent")])
def test_a_server_is_asked_how_much_it_takes(limit: int | None, state: str, ledger: Ledger) -> None:
    with mail_server(size=limit) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]))
        assert ("MAIL" in [one.verb for one in server.transcript]) == (state == "sent")
    assert fates(sent) == ledger_states(ledger) == {ANN: state}
    assert (state == "sent") != ("takes 100 at most" in sent.results[0].why)


@pytest.mark.parametrize(
    ("address", "offered", "state", "options"),
    [
        ("юрій@example.org", True, "sent", ["SMTPUTF8"]),
        ("юрій@example.org", False, "refused", []),
        ("yurii@приклад.укр", False, "sent", []),
        ("Юрій <yurii@example.org>", False, "sent", []),
    ],
)
def test_addresses_that_only_some_servers_can_say(
    address: str, offered: bool, state: str, options: list[str], ledger: Ledger
) -> None:
    with mail_server(smtputf8=offered) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, [address, ANN]))
        given = [one for message in server.accepted[:-1] for one in message.options]
        assert [one for one in given if one == "SMTPUTF8"] == options
    assert [one.state for one in sent.results] == [state, "sent"]
    assert (state == "sent") != ("SMTPUTF8" in sent.results[0].why)


# --- TLS, and the password ------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("certificate", ["wrong-name", "expired", "unknown-authority", "not known here"])
def test_nothing_is_said_to_a_server_with_a_bad_certificate(
    security: str, certificate: str, ledger: Ledger
) -> None:
    clock, known = FakeClock(), certificate != "not known here"
    with mail_server(security=security, login=LOGIN, certificate=certificate if known else "right") as server:
        transport = smtp_to(server, authority=known)
        sent = send_to(transport, ledger, mailing_to(ledger, [ANN, BOB]), Pace(5, 30), clock)
        assert {one.verb for one in server.transcript} <= {"EHLO", "STARTTLS"}
        assert (server.accepted, server.sessions, clock.waits) == ([], 1, [])
    assert [one.rule for one in sent.problems] == ["mail-certificate"]
    assert fates(sent) == ledger_states(ledger) == {ANN: "waiting", BOB: "waiting"}


def test_nothing_is_said_to_a_server_whose_starttls_was_taken_out(ledger: Ledger) -> None:
    clock = FakeClock()
    with mail_server(security="starttls", strip_starttls=True, login=LOGIN) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]), Pace(5, 30), clock)
        assert {one.verb for one in server.transcript} <= {"EHLO", "QUIT"}
        assert (server.accepted, clock.waits) == ([], [])
    assert [one.rule for one in sent.problems] == ["mail-security"]
    assert ledger_states(ledger) == {ANN: "waiting"}


FORMS = [
    CANARY,
    *(base64.b64encode(one.encode()).decode() for one in (CANARY, f"\0desk\0{CANARY}")),
]


@pytest.mark.parametrize("code", [451, 535])
@pytest.mark.parametrize(
    "step", [Step.CONNECT, Step.EHLO, Step.AUTH, Step.MAIL, Step.RCPT, Step.DATA, Step.DOT]
)
def test_a_server_that_says_the_password_back_is_not_repeated(step: Step, code: int, ledger: Ledger) -> None:
    echo = Answer(code, "you said\n" + " and ".join(FORMS))
    with mail_server(Fault(step, echo), security="starttls", login=LOGIN) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]))
        assert server.struck
    said = str([*sent.problems, *((one.state, one.why) for one in sent.results), *ledger.entries()])
    assert ("you said" in said) == (
        step is not Step.AUTH
    )  # where the password itself is said, no word is repeated
    for secret in [*FORMS, repr(CANARY)[1:-1], "canary"]:
        assert secret not in said
        assert secret.encode() not in ledger.path.read_bytes()


@pytest.mark.parametrize("step", [Step.CONNECT, Step.MAIL, Step.RCPT, Step.DOT])
@pytest.mark.parametrize("password", ["Hunter  2x", "Hunter\t2x", " Hunter 2x ", "Hunter \t 2x"])
def test_a_password_with_blanks_that_is_said_back_is_not_repeated(
    password: str, step: Step, ledger: Ledger
) -> None:
    """An answer is shown and kept as one line, with one blank for several."""
    forms = [base64.b64encode(one.encode()).decode() for one in (password, f"\0desk\0{password}")]
    echo = Answer(550, "\n".join(["you said", password, " and ".join([password, *forms]), password]))
    with mail_server(Fault(step, echo), security="starttls", login=Login("desk", password)) as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]))
        assert server.struck
    said = str([*sent.problems, *((one.state, one.why) for one in sent.results), *ledger.entries()])
    assert "you said" in said
    for secret in ["Hunter", "2x", *forms]:
        assert secret not in said
        assert secret.encode() not in ledger.path.read_bytes()


@pytest.mark.parametrize("right", [True, False])
def test_the_password_stands_in_no_output_and_no_file(right: bool, folder: Path) -> None:
    login = Login("desk", CANARY if right else "another")
    with mail_server(security="starttls", login=login) as server:
        project = mail_project(
            folder / "project", server, [ANN], "user: desk", f"ca_file: {server.ca_file}", "pause: 0"
        )
        code, said = ended(command(project, env={"BRIEFING_MAIL_PASSWORD": CANARY}))
        assert (code, len(server.accepted)) == ((0, 1) if right else (1, 0))
        assert [one.login for one in server.accepted] == ["desk"] * right
    written = b"".join(path.read_bytes() for path in project.rglob("*") if path.is_file())
    for secret in [*FORMS, "canary"]:
        assert secret not in said
        assert secret.encode() not in written


def test_a_password_that_no_server_can_be_told_is_not_told_to_anybody_else(ledger: Ledger) -> None:
    """SMTP's older ways to log in know ASCII alone."""
    clock = FakeClock()
    with mail_server(security="starttls", login=LOGIN) as server:
        transport = smtp_to(server, password="canary-ї")
        sent = send_to(transport, ledger, mailing_to(ledger, [ANN]), Pace(5, 30), clock)
    assert [one.rule for one in sent.problems] == ["mail-password"]
    assert "ї" not in str(sent.problems)
    assert r"\u0457" not in str(sent.problems)
    assert clock.waits == []


# --- faults at random -----------------------------------------------------------------------------

# A server that keeps a message and says that it does not cannot be helped.
_TOLD = [step for step in Step if step not in (Step.HANDSHAKE, Step.KEPT, Step.ANSWERED)]
_CUT = [
    Step.CONNECT,
    Step.MAIL,
    Step.RCPT,
    Step.DATA,
    Step.BODY,
    Step.DOT,
    Step.KEPT,
    Step.ANSWERED,
    Step.RSET,
]


def random_faults(chance: random.Random) -> Iterator[Fault]:
    """A few, each of which strikes now and then."""
    for number in range(chance.randint(2, 5)):
        happening: Answer | Drop
        if chance.random() < 0.5:
            step, happening = chance.choice(_CUT), Drop(reset=chance.random() < 0.5)
        else:
            code = chance.choice([421, 450, 451, 452, 500, 550, 552, 554])
            step, happening = chance.choice(_TOLD), Answer(code, "by chance")
        # A connection that is refused with 5xx ends a send.
        rare = step in (Step.CONNECT, Step.EHLO)
        yield Fault(
            step,
            happening,
            probability=chance.uniform(0.01, 0.05 if rare else 0.7),
            seed=chance.getrandbits(32) + number,
        )


def endure(server: MailServer, ledger: Ledger, seed: int, number: int) -> int:
    """Sends until nothing is left, with faults at random and then without; how many faults struck."""
    chance, to, struck = random.Random(seed), people(number), len(server.struck)
    server.accepted.clear()
    for _ in range(3):
        server.plan(*random_faults(chance))
        pace = Pace(attempts=chance.randint(1, 4))
        mailing = mailing_to(ledger, to, together=chance.random() < 0.1)
        sent = send_to(smtp_to(server), ledger, mailing, pace)
        server.wait_until_idle()
        states = ledger_states(ledger)
        assert_nobody_twice_and_nobody_lost(server, states, to)
        told = {one: "sent" if state == "skipped" else state for one, state in fates(sent).items()}
        assert told == states
    server.plan()
    send_to(smtp_to(server), ledger, mailing_to(ledger, to))
    states, took = ledger_states(ledger), accepted(server)
    assert_nobody_twice_and_nobody_lost(server, states, to)
    assert not [one for one in to if not took[one] and states[one] != "unknown"]
    return len(server.struck) - struck


def endure_all(folder: Path, seeds: Iterator[int], enough: int) -> None:
    with mail_server() as server:
        struck = 0
        for seed in seeds:
            struck += endure(server, Ledger(folder / f"{seed}.sqlite"), seed, 20)
            if struck >= enough:
                return


def test_faults_at_random(folder: Path) -> None:
    endure_all(folder, iter(range(1_000)), 80)


@pytest.mark.all
@pytest.mark.parametrize("start", range(1_000, 9_000, 1_000))
def test_a_thousand_faults_at_random(start: int, folder: Path) -> None:
    endure_all(folder, iter(range(start, start + 1_000)), 1_000)


# --- kill -9, Ctrl-C, and two at once -------------------------------------------------------------


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=120)
    assert "Traceback" not in said, said
    return process.returncode, said


def until(process: subprocess.Popen[str], holds: Callable[[], object]) -> None:
    """Waits for something that the process brings about, or its end."""
    while process.poll() is None and not holds():
        time.sleep(0.001)


def killed(process: subprocess.Popen[str]) -> int:
    process.kill()
    process.communicate()
    return process.returncode


@pytest.mark.parametrize(
    ("step", "state", "times"),
    [
        (Step.RCPT, "sent", 1),
        (Step.DATA, "sent", 1),
        (Step.BODY, "unknown", 0),
        (Step.DOT, "unknown", 0),
        (Step.KEPT, "unknown", 1),
    ],
)
def test_a_kill_in_the_midst_of_a_message(step: Step, state: str, times: int, folder: Path) -> None:
    """It is killed while the server is silent, at this step of the message to one of twenty; then it is run again."""
    to = people(20)
    with mail_server(Fault(step, Hang(60), recipients=frozenset([to[7]]))) as server:
        project = mail_project(folder / "project", server, to, "pause: 0")
        process = command(project)
        until(process, lambda: server.struck)
        assert killed(process) == -signal.SIGKILL
        server.wait_until_idle()
        assert_nobody_twice_and_nobody_lost(server, ledger_states(ledger_of(project)), to)
        server.plan()
        assert ended(command(project))[0] == (0 if state == "sent" else 1)
        assert accepted(server) == Counter(dict.fromkeys(to, 1) | {to[7]: times})
    assert ledger_states(ledger_of(project)) == dict.fromkeys(to, "sent") | {to[7]: state}


def kill_until_it_ends(folder: Path, server: MailServer, to: Sequence[str], chance: random.Random) -> int:
    """Runs that are killed a few messages after they began, and a little later than that; how many there were."""
    for runs in range(100):
        process = command(folder)
        goal = len(server.accepted) + chance.randint(1, 30)
        until(process, lambda goal=goal: len(server.accepted) >= goal)  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.01))  # a few steps of a message
        code = killed(process)
        server.wait_until_idle()
        assert_nobody_twice_and_nobody_lost(server, ledger_states(ledger_of(folder)), to)
        if code != -signal.SIGKILL:
            return runs
    raise AssertionError("it never ended")


@pytest.mark.all
@pytest.mark.parametrize("seed", range(4))
def test_kills_at_random_moments_over_200_recipients(seed: int, folder: Path) -> None:
    to = people(200)
    with mail_server() as server:
        project = mail_project(folder / "project", server, to, "pause: 0")
        assert kill_until_it_ends(project, server, to, random.Random(seed)) > 3
        states, took = ledger_states(ledger_of(project)), accepted(server)
    assert set(states.values()) <= {"sent", "unknown"}
    assert not [one for one in to if not took[one] and states[one] != "unknown"]


@pytest.mark.all
def test_kills_from_the_first_moment_on(folder: Path) -> None:
    """Before, while and after the ledger is made."""
    to, chance = people(3), random.Random(1)
    with mail_server() as server:
        project = mail_project(folder / "project", server, to, "pause: 0")
        began = time.monotonic()
        assert ended(command(project, "--yes"))[0] == 0
        takes = time.monotonic() - began
        for _ in range(40):
            for file in project.glob(
                f"{ledger_of(project).path.name}*"
            ):  # a journal, too, which is of the old one
                file.unlink()
            server.accepted.clear()
            process = command(project)
            time.sleep(takes * chance.uniform(0.6, 1.1))
            killed(process)
            server.wait_until_idle()
            assert ended(command(project))[0] in (0, 1)
            assert_nobody_twice_and_nobody_lost(server, ledger_states(ledger_of(project)), to)


def test_an_interrupt_stops_between_two_messages(folder: Path) -> None:
    """The server is slow from the fifth message on, and so there is time for it."""
    to = people(20)
    with mail_server(Fault(Step.DOT, Hang(0.3), start=5)) as server:
        project = mail_project(folder / "project", server, to, "pause: 0")
        process = command(project)
        until(process, lambda: server.struck)
        process.send_signal(signal.SIGINT)
        code, said = ended(process)
        assert (code, "run the same again" in said) == (130, True)
        server.wait_until_idle()
        reached = len(server.accepted)
        assert 5 <= reached < 20
        states = ledger_states(ledger_of(project))
        assert states == dict.fromkeys(to[:reached], "sent") | dict.fromkeys(to[reached:], "waiting")
        server.plan()
        assert ended(command(project))[0] == 0
        assert accepted(server) == Counter(to)
    assert set(ledger_states(ledger_of(project)).values()) == {"sent"}


def test_an_interrupt_in_a_pause_ends_it(ledger: Ledger) -> None:
    clock = FakeClock(stop_in_wait=3)
    with mail_server() as server:
        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, people(9)), Pace(between=1), clock)
        assert list(accepted(server)) == people(9)[:3]
    assert sent.stopped
    assert list(fates(sent).values()) == ["sent"] * 3 + ["waiting"] * 6
    assert fates(sent) == ledger_states(ledger)


def test_two_sends_at_once(folder: Path) -> None:
    to = people(60)
    with mail_server() as server:
        project = mail_project(folder / "project", server, to, "pause: 0")
        both = [command(project) for _ in range(2)]
        assert {ended(one)[0] for one in both} <= {0, 1}
        assert accepted(server) == Counter(to)
    assert set(ledger_states(ledger_of(project)).values()) == {"sent"}


def test_a_send_that_ran_while_another_one_was_under_way(ledger: Ledger) -> None:
    """The first one is at its third message when the second one begins, and ends."""
    to = people(6)
    with mail_server() as server:
        first, second = mailing_to(ledger, to), mailing_to(ledger, to)

        def meanwhile(done: int, total: int, who: str) -> None:
            if who == to[2]:
                told = fates(send_to(smtp_to(server), ledger, second))
                assert list(told.values()) == ["skipped"] * 2 + ["sent"] * 4

        sent = send_to(smtp_to(server), ledger, first, watch=meanwhile)
        assert accepted(server) == Counter(to)
    assert list(fates(sent).values()) == ["sent"] * 2 + ["skipped"] * 4


class Interrupted:
    """A transport in which something happens between the taking of a message and its going out."""

    def __init__(self, transport: Smtp, meanwhile: Callable[[], None]) -> None:
        self.transport = transport
        self.meanwhile = meanwhile
        self.name = transport.name
        self.close = transport.close

    def deliver(self, envelope: Envelope, begin: Callable[[Sequence[Address]], bool]) -> Answers:
        def begun(to: Sequence[Address]) -> bool:
            took = begin(to)
            self.meanwhile()
            return took

        return self.transport.deliver(envelope, begun)


def test_a_message_that_another_send_has_under_way_is_not_sent(ledger: Ledger) -> None:
    told = []
    with mail_server() as server:
        first, second = mailing_to(ledger, [ANN]), mailing_to(ledger, [ANN])
        other = Interrupted(
            smtp_to(server), lambda: told.append(fates(send_to(smtp_to(server), ledger, second)))
        )
        assert fates(send_to(other, ledger, first)) == {ANN: "sent"}
        assert accepted(server) == {ANN: 1}
    assert told == [{ANN: "unknown"}]


def test_a_message_for_all_of_whom_another_send_has_one_waits_for_the_others(ledger: Ledger) -> None:
    with mail_server() as server:
        together, alone = mailing_to(ledger, [ANN, BOB], together=True), mailing_to(ledger, [ANN])
        send_to(smtp_to(server), ledger, alone)
        sent = send_to(smtp_to(server), ledger, together)
        assert accepted(server) == {ANN: 1}
        assert fates(sent) == {ANN: "skipped", BOB: "waiting"}
        assert ledger_states(ledger) == {ANN: "sent", BOB: "waiting"}
        assert fates(send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN, BOB], together=True))) == {
            ANN: "skipped",
            BOB: "sent",
        }


# --- again, by a person's decision ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("happening", "state", "times"),
    [
        (None, "sent", 2),
        (Fault(Step.RCPT, Answer(550, "no")), "sent", 1),
        (Fault(Step.DOT, Answer(550, "no")), "sent", 1),
        (Fault(Step.DOT, Answer(451, "later"), times=1), "sent", 2),
        (Fault(Step.DOT, Drop()), "unknown", 1),
    ],
)
def test_a_message_that_is_sent_again(
    happening: Fault | None, state: str, times: int, ledger: Ledger
) -> None:
    """What was sent before was sent, whatever comes of it; the next send by itself sends nothing."""
    with mail_server() as server:
        send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]))
        server.plan(*filter(None, [happening]))
        send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN], again=[ANN]))
        server.plan()
        send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]))
        assert accepted(server) == {ANN: times}
    assert ledger_states(ledger) == {ANN: state}


def test_two_people_who_send_it_again_at_once_send_it_once(ledger: Ledger) -> None:
    with mail_server() as server:
        send_to(smtp_to(server), ledger, mailing_to(ledger, [ANN]))
        both = [mailing_to(ledger, [ANN], again=[ANN]) for _ in range(2)]
        assert [fates(send_to(smtp_to(server), ledger, one))[ANN] for one in both] == ["sent", "skipped"]
        assert accepted(server) == {ANN: 2}


# --- a ledger that fails under way ----------------------------------------------------------------


def test_a_ledger_that_can_be_written_no_more_ends_the_send(ledger: Ledger) -> None:
    to = people(5)
    with mail_server() as server:

        def spoil(done: int, total: int, who: str) -> None:
            if who == to[2]:
                ledger.path.write_bytes(b"no database, but many words " * 1_000)

        sent = send_to(smtp_to(server), ledger, mailing_to(ledger, to), watch=spoil)
        server.wait_until_idle()
        assert list(accepted(server)) == to[:2]
    assert [one.rule for one in sent.problems] == ["mail-ledger"]
    assert "2 of 5 were sent before that" in sent.problems[0].message
    assert list(fates(sent).values()) == ["sent"] * 2 + ["waiting"] * 3


def test_an_answer_that_cannot_be_written_down_leaves_it_unknown(ledger: Ledger) -> None:
    to = people(3)
    with mail_server() as server:
        spoilt = Interrupted(smtp_to(server), lambda: ledger.path.write_bytes(b"no database" * 1_000))
        sent = send_to(spoilt, ledger, mailing_to(ledger, to))
        assert list(accepted(server)) == to[:1]
    assert [one.rule for one in sent.problems] == ["mail-ledger"]
    assert list(fates(sent).values()) == ["unknown", "waiting", "waiting"]
