"""The mail server that other tests send to, as smtplib and bare sockets see it; and the reader of messages."""

from __future__ import annotations

import hashlib
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import mailreader
import pytest
from mailserver import Answer, Drop, Fault, Hang, Login, MailServer, Message, Step, mail_server

ANN, BO, CY = "ann@x.example", "bo@x.example", "cy@x.example"
TEXT = b"Subject: One\r\n\r\n.A dot, and more.\r\n"
LOGIN = Login("ann", "a secret")
GONE = (smtplib.SMTPServerDisconnected, ConnectionError, ssl.SSLError)


def trusting(server: MailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca_file)


@contextmanager
def client(server: MailServer, timeout: float = 5) -> Iterator[smtplib.SMTP]:
    """A client that has greeted, under TLS where the server has it; closed without QUIT."""
    security, context = server.manner.security, trusting(server)
    if security == "tls":
        opened: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
    else:
        opened = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        if security == "starttls" and not server.manner.strip_starttls:
            opened.starttls(context=context)
        opened.ehlo_or_helo_if_needed()
        yield opened
    finally:
        opened.close()


def send(server: MailServer, *recipients: str, timeout: float = 5) -> None:
    with client(server, timeout) as opened:
        opened.sendmail(ANN, recipients or (BO,), TEXT)
        opened.quit()


def verbs(server: MailServer) -> list[str]:
    return [command.verb for command in server.transcript]


# ---- What it is to a client


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_message_arrives_as_it_was_sent(security: Any, mechanism: str) -> None:
    with mail_server(security=security, login=LOGIN, mechanisms=(mechanism,)) as server:
        with client(server) as opened:
            opened.login("ann", "a secret")
            opened.sendmail(ANN, [BO, CY], TEXT)
            opened.quit()
        assert server.accepted == [Message(ANN, (BO, CY), TEXT, "ann", (), 1)]
        heard = next(command for command in server.transcript if command.verb == "AUTH")
        assert (heard.argument, heard.encrypted) == (mechanism, security != "none")
        assert verbs(server)[-5:] == ["MAIL", "RCPT", "RCPT", "DATA", "QUIT"]


def test_no_secret_stands_in_the_transcript() -> None:
    with mail_server(login=LOGIN) as server, client(server) as opened:
        for mechanism in ("PLAIN", "LOGIN"):
            opened.user, opened.password = "ann", "wrong"
            authenticate = {"PLAIN": opened.auth_plain, "LOGIN": opened.auth_login}[mechanism]
            with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
                opened.auth(mechanism, authenticate)
            assert refused.value.smtp_code == 535
        assert [command.argument for command in server.transcript[1:]] == ["PLAIN", "LOGIN"]


def test_who_has_not_logged_in_sends_nothing() -> None:
    with mail_server(login=LOGIN) as server, client(server) as opened:
        assert opened.mail(ANN)[0] == 530
    assert server.accepted == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        ("wrong-name", "IP address mismatch"),
        ("unknown-authority", "unable to get local issuer|self.signed"),
        ("expired", "certificate has expired"),
    ],
)
def test_certificates_can_be_wrong(security: Any, certificate: Any, reason: str) -> None:
    with mail_server(security=security, certificate=certificate) as server:
        with pytest.raises(ssl.SSLCertVerificationError, match=reason):
            send(server)
        server.wait_until_idle()


def test_without_tls_a_starttls_server_takes_neither_password_nor_mail() -> None:
    with mail_server(security="starttls", login=LOGIN) as server:
        with smtplib.SMTP(server.host, server.port, timeout=5) as opened:
            opened.ehlo()
            assert opened.has_extn("starttls")
            assert not opened.has_extn("auth")
            assert opened.docmd("AUTH", "PLAIN AGFubgBhIHNlY3JldA==")[0] == 538
            assert opened.docmd("MAIL", f"FROM:<{ANN}>")[0] == 530
        assert [(one.verb, one.argument, one.encrypted) for one in server.transcript[1:2]] == [
            ("AUTH", "PLAIN", False)
        ]


def test_starttls_can_be_stripped_and_auth_offered_instead() -> None:
    with (
        mail_server(security="starttls", strip_starttls=True, login=LOGIN) as server,
        client(server) as opened,
    ):
        assert not opened.has_extn("starttls")
        assert opened.has_extn("auth")


def test_sizes_are_announced_and_held_to() -> None:
    with mail_server(size=100) as server, client(server) as opened:
        assert opened.esmtp_features["size"] == "100"
        assert opened.mail(ANN, ["SIZE=101"])[0] == 552
        opened.mail(ANN)
        opened.rcpt(BO)
        assert opened.data(b"x" * 98 + b"\r\n")[0] == 250
        opened.mail(ANN)
        opened.rcpt(BO)
        assert opened.data(b"x" * 99 + b"\r\n")[0] == 552
    assert len(server.accepted) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x" * 998 + b"\r\n", 250),
        (b"x" * 1001 + b"\r\n", 500),
        (b"a\nb\r\n", 554),
        (b"a\rb\r\n", 554),
    ],
)
def test_lines_must_be_lines(content: bytes, code: int) -> None:
    with mail_server() as server, connected(server) as connection:
        assert spoken(connection, b"EHLO me\r\n", f"MAIL FROM:<{ANN}>\r\n".encode()) == [
            b"220",
            b"250",
            b"250",
        ]
        assert spoken(connection, f"RCPT TO:<{BO}>\r\n".encode(), greeted=True) == [b"250"]
        assert spoken(connection, b"DATA\r\n", content + b".\r\n", greeted=True) == [
            b"354",
            str(code).encode(),
        ]


def connected(server: MailServer) -> socket.socket:
    return socket.create_connection((server.host, server.port), 5)


def spoken(connection: socket.socket, *lines: bytes, greeted: bool = False) -> list[bytes]:
    """The codes of the answers to some lines, each sent when the one before it was answered."""
    codes = [] if greeted else [code(connection)]
    for line in lines:
        connection.sendall(line)
        codes.append(code(connection))
    return codes


def code(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\r\n") or answer.splitlines()[-1][3:4] == b"-":
        answer += connection.recv(4096)
    return answer.splitlines()[-1][:3]


def test_smtputf8_is_offered_or_not() -> None:
    with mail_server() as server, client(server) as opened:
        opened.sendmail(ANN, "jörg@x.example", TEXT, mail_options=["SMTPUTF8"])
        assert server.accepted[0].recipients == ("jörg@x.example",)
        assert server.accepted[0].options == ("SMTPUTF8",)
    with mail_server(smtputf8=False) as server, client(server) as opened:
        assert not opened.has_extn("smtputf8")


def test_a_connection_takes_so_many_messages() -> None:
    with mail_server(messages_per_session=2) as server:
        with client(server) as opened:
            for _ in range(2):
                opened.sendmail(ANN, [BO], TEXT)
            with pytest.raises(smtplib.SMTPSenderRefused) as refused:
                opened.sendmail(ANN, [BO], TEXT)
            assert refused.value.smtp_code == 421
        send(server)
        assert (len(server.accepted), server.sessions) == (3, 2)


def test_one_server_serves_many_at_once() -> None:
    with mail_server(security="starttls") as server:
        threads = [threading.Thread(target=send, args=(server, f"p{place}@x.example")) for place in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {message.recipients for message in server.accepted} == {
            (f"p{place}@x.example",) for place in range(12)
        }


# ---- Faults

ANSWERING: list[tuple[Step, type[smtplib.SMTPException]]] = [
    (Step.CONNECT, smtplib.SMTPConnectError),
    (Step.STARTTLS, smtplib.SMTPResponseException),
    (Step.AUTH, smtplib.SMTPAuthenticationError),
    (Step.MAIL, smtplib.SMTPSenderRefused),
    (Step.RCPT, smtplib.SMTPRecipientsRefused),
    (Step.DATA, smtplib.SMTPDataError),
    (Step.DOT, smtplib.SMTPDataError),
    (Step.KEPT, smtplib.SMTPDataError),
]


def send_with_login(server: MailServer, timeout: float = 5) -> None:
    with client(server, timeout) as opened:
        opened.login("ann", "a secret")
        opened.sendmail(ANN, [BO], TEXT)
        opened.rset()
        opened.quit()


def told_by(error: smtplib.SMTPException) -> tuple[int, bytes | str]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return error.recipients[BO]
    assert isinstance(error, smtplib.SMTPResponseException)
    return error.smtp_code, error.smtp_error


@pytest.mark.parametrize(("step", "error"), ANSWERING)
@pytest.mark.parametrize("number", [421, 450, 550, 554])
def test_a_step_can_be_answered_otherwise(
    step: Step, error: type[smtplib.SMTPException], number: int
) -> None:
    fault = Fault(step, Answer(number, "no\nnot now"))
    with mail_server(fault, security="starttls", login=LOGIN, mechanisms=("PLAIN",)) as server:
        if step is Step.STARTTLS:
            with smtplib.SMTP(server.host, server.port, timeout=5) as opened:
                opened.ehlo()
                assert opened.docmd("STARTTLS") == (number, b"no\nnot now")
                if number == 421:
                    opened.close()
        else:
            with pytest.raises(error) as raised:
                send_with_login(server)
            assert told_by(raised.value) == (number, b"no\nnot now")
        server.wait_until_idle()
        assert [one.step for one in server.struck] == [step]
        assert len(server.accepted) == (step is Step.KEPT)


def test_ehlo_rset_and_quit_can_be_answered_otherwise() -> None:
    faults = [Fault(step, Answer(451, "no")) for step in (Step.EHLO, Step.RSET, Step.QUIT)]
    with mail_server(*faults) as server, smtplib.SMTP(server.host, server.port, timeout=5) as opened:
        assert opened.ehlo() == (451, b"no")
        assert opened.rset() == (451, b"no")
        assert opened.quit() == (451, b"no")


def test_in_the_midst_of_a_message_the_server_can_say_that_it_closes() -> None:
    with mail_server(Fault(Step.BODY, Answer(421, "closing"))) as server, connected(server) as connection:
        spoken(connection, b"EHLO me\r\n", b"MAIL FROM:<a@x.example>\r\n", b"RCPT TO:<b@x.example>\r\n")
        assert spoken(connection, b"DATA\r\n", b"Subject: x\r\n", greeted=True) == [b"354", b"421"]
        assert connection.recv(1) == b""
    assert server.accepted == []


BEFORE_THE_ANSWER = [step for step in Step if step not in (Step.RSET, Step.QUIT, Step.ANSWERED)]


@pytest.mark.parametrize(
    ("security", "step"),
    [
        *(("starttls", step) for step in BEFORE_THE_ANSWER),
        *(("tls", step) for step in BEFORE_THE_ANSWER if step is not Step.STARTTLS),
    ],
)
@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_can_be_dropped(step: Step, reset: bool, security: Any) -> None:
    with mail_server(Fault(step, Drop(reset)), security=security, login=LOGIN) as server:
        with pytest.raises(GONE):
            send_with_login(server)
        server.wait_until_idle()
        assert [one.step for one in server.struck] == [step]
        assert len(server.accepted) == (step is Step.KEPT)


def end(opened: smtplib.SMTP) -> None:
    opened.rset()
    opened.quit()


@pytest.mark.parametrize("step", [Step.ANSWERED, Step.RSET, Step.QUIT])
@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_connection_can_be_dropped_after_the_answer(step: Step, security: Any) -> None:
    with mail_server(Fault(step, Drop()), security=security) as server:
        with client(server) as opened:
            assert opened.sendmail(ANN, [BO], TEXT) == {}
            with pytest.raises(GONE):
                end(opened)
        assert len(server.accepted) == 1


def test_a_drop_is_fin_or_rst() -> None:
    with mail_server(Fault(Step.CONNECT, Drop())) as server, connected(server) as connection:
        assert connection.recv(1) == b""
    with (
        mail_server(Fault(Step.CONNECT, Drop(reset=True))) as server,
        connected(server) as connection,
        pytest.raises(ConnectionResetError),
    ):
        connection.recv(1)


@pytest.mark.parametrize("step", BEFORE_THE_ANSWER)
def test_a_server_can_hang_for_a_while(step: Step) -> None:
    with mail_server(Fault(step, Hang(0.1), times=1), security="starttls", login=LOGIN) as server:
        started = time.monotonic()
        send_with_login(server)
        assert time.monotonic() - started >= 0.1
        assert [one.step for one in server.struck] == [step]
        assert len(server.accepted) == 1


@pytest.mark.parametrize("step", BEFORE_THE_ANSWER)
def test_a_server_that_hangs_can_be_ended(step: Step) -> None:
    with ThreadPoolExecutor() as pool:
        with mail_server(Fault(step, Hang(3600)), security="starttls", login=LOGIN) as server:
            sending = pool.submit(send_with_login, server, timeout=20)
            while not server.struck:
                time.sleep(0.002)
        assert isinstance(sending.exception(), GONE)
        assert len(server.accepted) == (step is Step.KEPT)


def test_a_client_can_lose_patience() -> None:
    with mail_server(Fault(Step.CONNECT, Hang(3600))) as server:
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected), match="timed out"):
            send(server, timeout=0.1)
        server.wait_until_idle()


def test_a_fault_can_be_the_nth_and_so_many_times() -> None:
    with mail_server(Fault(Step.MAIL, Answer(451, "no"), start=2, times=2)) as server:
        with client(server) as opened:
            answers = [(opened.mail(ANN)[0], opened.rset()[0])[0] for _ in range(5)]
        assert answers == [250, 451, 451, 250, 250]


def test_a_fault_can_be_for_some_recipients() -> None:
    faults = [
        Fault(Step.RCPT, Answer(550, "unknown"), recipients=frozenset({BO})),
        Fault(Step.DOT, Answer(554, "unwanted"), recipients=frozenset({CY})),
    ]
    with mail_server(*faults) as server, client(server) as opened:
        assert opened.sendmail(ANN, [ANN, BO], TEXT) == {BO: (550, b"unknown")}
        with pytest.raises(smtplib.SMTPDataError, match="unwanted"):
            opened.sendmail(ANN, [ANN, CY], TEXT)
        assert [message.recipients for message in server.accepted] == [(ANN,)]


def test_a_fault_can_be_for_the_nth_message() -> None:
    with mail_server(Fault(Step.DATA, Answer(451, "no"), message=2)) as server:
        send(server)
        with pytest.raises(smtplib.SMTPDataError):
            send(server)
        send(server)
        assert len(server.accepted) == 2


def test_a_fault_can_be_for_each_once() -> None:
    with mail_server(Fault(Step.RCPT, Answer(450, "later"), each=True, times=1)) as server:
        with client(server) as opened:
            opened.mail(ANN)
            answers = [opened.rcpt(one)[0] for one in (BO, CY, BO, CY, BO)]
        assert answers == [450, 450, 250, 250, 250]


def test_of_two_faults_the_first_strikes_and_both_count() -> None:
    faults = [
        Fault(Step.RCPT, Answer(450, "first"), times=1),
        Fault(Step.RCPT, Answer(550, "second"), start=2, times=1),
    ]
    with mail_server(*faults) as server, client(server) as opened:
        opened.mail(ANN)
        assert [opened.rcpt(BO)[0] for _ in range(3)] == [450, 550, 250]


def test_chance_is_the_same_in_any_order() -> None:
    everyone = [f"p{place}@x.example" for place in range(200)]
    refused = []
    for order in (everyone, everyone[::-1]):
        fault = Fault(Step.RCPT, Answer(450, "later"), probability=0.3, seed=7)
        with mail_server(fault) as server, client(server) as opened:
            opened.mail(ANN)
            refused.append({one for one in order if opened.rcpt(one)[0] == 450})
            assert len(server.struck) == len(refused[-1])
    assert refused[0] == refused[1]
    assert 30 < len(refused[0]) < 90


def test_another_plan_takes_over() -> None:
    with mail_server(Fault(Step.CONNECT, Drop())) as server:
        with pytest.raises(GONE):
            send(server)
        server.plan()
        send(server)
        assert len(server.accepted) == 1


def test_no_fault_answers_where_nobody_listens() -> None:
    with pytest.raises(ValueError, match="reads no answer"):
        Fault(Step.ANSWERED, Answer(421, "closing"))


# ---- Ends

KILLED = """
import smtplib, sys
client = smtplib.SMTP("{host}", {port}, timeout=20)
client.ehlo()
print("here", flush=True)
for number in range(1000000):
    text = f"Subject: {{number}}\\r\\n\\r\\n" + "x\\r\\n" * 2000
    client.sendmail("ann@x.example", ["bo@x.example"], text.encode())
    print(number, flush=True)
"""


@pytest.mark.parametrize("delay", [0, 0.01, 0.05, 0.1])
def test_a_client_can_be_killed(delay: float) -> None:
    """What was acknowledged was kept, and at most one message more; each once and whole."""
    with mail_server() as server:
        program = KILLED.format(host=server.host, port=server.port)
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            acknowledged = [int(line) for line in process.stdout if line.endswith("\n")]
        server.wait_until_idle()
        kept = [int(message.content.split()[1]) for message in server.accepted]
        assert kept == list(range(len(kept)))
        assert len(acknowledged) <= len(kept) <= len(acknowledged) + 1
        assert {
            len(message.content) - len(str(number))
            for number, message in zip(kept, server.accepted, strict=True)
        } <= {len("Subject: \r\n\r\n") + 6000}
        send(server)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_the_server_ends_with_clients_still_there(security: Any) -> None:
    before = threading.active_count()
    with mail_server(security=security) as server:
        silent = connected(server)
        if security == "starttls":
            spoken(silent, b"EHLO me\r\n", b"STARTTLS\r\n")
    with silent:
        while silent.recv(100):
            pass
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        connected(server)


def test_clients_that_talk_nonsense_do_no_harm() -> None:
    for security in ("none", "tls"):
        with mail_server(security=security) as server:
            for said in (
                b"",
                b"\r\n",
                b"\xff\xfe\r\n",
                b"MAIL\r\n",
                b"GET / HTTP/1.1\r\n\r\n",
                b"EHLO me\r\nDATA\r\n",
            ):
                with connected(server) as connection:
                    connection.sendall(said)
            server.wait_until_idle()
            send(server)
            assert len(server.accepted) == 1


def test_an_error_of_the_server_itself_is_told() -> None:
    with pytest.raises(ExceptionGroup, match="in the mail server") as told:
        send_to_a_broken_one()
    assert [str(error) for error in told.value.exceptions] == ["a mistake"]


def send_to_a_broken_one() -> None:
    def broken(*_: object) -> None:
        raise LookupError("a mistake")

    with mail_server() as server:
        server.happens = broken  # type: ignore[assignment]
        with pytest.raises(GONE):
            send(server)


# ---- The reader


@pytest.mark.all
def test_a_message_is_read() -> None:
    mail = EmailMessage()
    mail["From"] = "Jörg Ä. <joerg@x.example>"
    mail["To"] = f'"Lee, Ann" <{ANN}>, {BO}'
    mail["Cc"] = CY
    mail["Subject"] = "Öffnung – " + "sehr langer Betreff " * 8
    mail["X-Other"] = "ä"
    mail.set_content("Grüße\n")
    mail.add_alternative("<p>Grüße</p>\n", subtype="html")
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="Übersicht, neu.pdf")
    seen = mailreader.read(mail.as_bytes())
    assert seen.sender == (mailreader.Person("Jörg Ä.", "joerg@x.example"),)
    assert seen.to == (mailreader.Person("Lee, Ann", ANN), mailreader.Person("", BO))
    assert seen.cc == (mailreader.Person("", CY),)
    assert seen.subject == mail["Subject"].strip()
    assert seen.header("x-other") == ["ä"]
    assert [key for key, _ in seen.headers][:5] == ["From", "To", "Cc", "Subject", "X-Other"]
    assert (seen.text.strip(), seen.html.strip()) == ("Grüße", "<p>Grüße</p>")
    sha256 = hashlib.sha256(b"%PDF-").hexdigest()
    assert seen.attachments == (mailreader.Attachment("Übersicht, neu.pdf", "application/pdf", 5, sha256),)
