"""The e-mail connector against real SMTP servers."""

from __future__ import annotations

import base64
import contextlib
import email
import email.policy
import socket
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from hypothesis import given
from hypothesis import strategies as st

from connectors.email.actions.send import Send
from connectors.email.auth import Auth
from connectors.email.client import EmailClient
from connectors.email.messages import Letter, write_message
from hub.sdk import Call, ConnectorError, Effect, Misconfigured, Opening, Policy, Rejected, SignInRefused, TryLater
from hub.sdk.guarded import GuardedEgress
from tests.hub.sdk.servers import Authority, free_port

CALL = Call(key="run-1/step-2", timeout_seconds=5)


class Catcher:
    """Keeps what it is sent; refuses recipients that begin with "no" and asks for patience for "later"."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("no"):
            return "550 No such mailbox"
        if address.startswith("later"):
            return "450 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 Taken"

    def message(self) -> EmailMessage:
        made = email.message_from_bytes(self.envelopes[-1].content, policy=email.policy.default)
        assert isinstance(made, EmailMessage)
        return made


def _check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"amara", b"sesame")
    return AuthResult(success=known, handled=False)


@contextlib.contextmanager
def _smtp(**options: Any) -> Iterator[tuple[Catcher, int]]:
    catcher = Catcher()
    port = free_port()
    ssl_context = options.pop("ssl_context", None)
    controller = Controller(catcher, hostname="127.0.0.1", port=port, ssl_context=ssl_context, **options)
    try:
        controller.start()
        yield catcher, port
    finally:
        controller.stop()


@pytest.fixture
def plain() -> Iterator[tuple[Catcher, int]]:
    with _smtp() as made:
        yield made


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def starttls(tmp_path: Path, authority: Authority) -> Iterator[tuple[Catcher, int]]:
    context = authority.context_for("localhost", tmp_path)
    with _smtp(tls_context=context, require_starttls=True, authenticator=_check, auth_required=True) as made:
        yield made


def _client(port: int, **settings: Any) -> EmailClient:
    values = {
        "host": "localhost",
        "port": port,
        "security": "none",
        "sender": "Lockgate <hub@example.com>",
        **settings,
    }
    egress = GuardedEgress(Policy(("127.0.0.1", "localhost")))
    return Auth().open(Auth.Settings.model_validate(values), Opening(egress))


def _send(port: int, settings: dict[str, Any] | None = None, **input: Any) -> Any:
    given = {"to": ["amara@example.com"], "subject": "Hello", "text": "Hi.", **input}
    return Send().run(Send.Input.model_validate(given), _client(port, **(settings or {})), CALL)


def test_text_html_and_attachments_arrive(plain: tuple[Catcher, int]) -> None:
    catcher, port = plain
    picture = {"name": "Größe.png", "content": base64.b64encode(b"\x00png").decode(), "content_type": "image/png"}

    _send(port, text="Grüße\n.\n.dot\n", html="<p>Grüße</p>", attachments=[picture], headers={"X-Case": "42"})

    message = catcher.message()
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == "Grüße\n.\n.dot\n"
    assert html is not None
    assert html.get_content().strip() == "<p>Grüße</p>"
    [attached] = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("Größe.png", b"\x00png")
    assert message["X-Case"] == "42"


def test_every_recipient_gets_it_and_bcc_stays_hidden(plain: tuple[Catcher, int]) -> None:
    catcher, port = plain

    _send(
        port,
        to=["Amara Diallo <amara@example.com>"],
        cc=["b@example.com"],
        bcc=["c@example.com"],
        reply_to=["r@x.org"],
    )

    assert catcher.envelopes[0].rcpt_tos == ["amara@example.com", "b@example.com", "c@example.com"]
    assert catcher.envelopes[0].mail_from == "hub@example.com"
    assert b"c@example.com" not in catcher.envelopes[0].content
    assert catcher.message()["Reply-To"] == "r@x.org"


def test_every_attempt_has_the_same_message_id(plain: tuple[Catcher, int]) -> None:
    _, port = plain
    first, second = _send(port), _send(port)

    assert first.message_id == second.message_id
    assert first.message_id.endswith("@example.com>")
    assert Send.effect is Effect.ONCE


def test_a_sign_in_over_starttls_is_accepted(starttls: tuple[Catcher, int], authority: Authority) -> None:
    catcher, port = starttls
    settings = {"security": "starttls", "authority": authority.pem, "username": "amara", "password": "sesame"}

    assert Auth().who_am_i(_client(port, **settings)).name == "amara"
    _send(port, settings)

    assert len(catcher.envelopes) == 1


def test_a_wrong_password_is_a_refused_sign_in(starttls: tuple[Catcher, int], authority: Authority) -> None:
    settings = {"security": "starttls", "authority": authority.pem, "username": "amara", "password": "wr0ng"}
    with pytest.raises(SignInRefused) as caught:
        Auth().who_am_i(_client(starttls[1], **settings))

    assert "wr0ng" not in f"{caught.value.message}{caught.value.detail}"
    assert caught.value.field == "password"


def test_a_missing_sign_in_is_said_so(starttls: tuple[Catcher, int], authority: Authority) -> None:
    with pytest.raises(SignInRefused, match="wants a sign-in"):
        _send(starttls[1], {"security": "starttls", "authority": authority.pem})


def test_an_untrusted_certificate_is_refused(starttls: tuple[Catcher, int]) -> None:
    with pytest.raises(Misconfigured, match="not trusted"):
        _send(starttls[1], {"security": "starttls"})


def test_a_certificate_of_another_name_is_refused(starttls: tuple[Catcher, int], authority: Authority) -> None:
    with pytest.raises(Misconfigured, match="not trusted"):
        _send(starttls[1], {"security": "starttls", "authority": authority.pem, "host": "127.0.0.1"})


def test_a_server_without_starttls_gets_no_password(plain: tuple[Catcher, int]) -> None:
    with pytest.raises(Misconfigured, match="no STARTTLS"):
        _send(plain[1], {"security": "starttls", "username": "amara", "password": "sesame"})


def test_a_server_may_not_be_reached_unless_allowed(plain: tuple[Catcher, int]) -> None:
    settings = Auth.Settings.model_validate({"host": "localhost", "port": plain[1], "sender": "a@b.c"})
    with pytest.raises(Misconfigured, match="may not be reached"):
        Auth().who_am_i(Auth().open(settings, Opening(GuardedEgress(Policy()))))


def test_a_message_over_tls_from_the_start_arrives(tmp_path: Path, authority: Authority) -> None:
    with _tls_relay(authority.context_for("localhost", tmp_path)) as port:
        settings = {"security": "tls", "authority": authority.pem}
        assert Auth().who_am_i(_client(port, **settings)).tenant == "localhost"


def test_refused_recipients_are_named_and_nobody_is_sent_it(plain: tuple[Catcher, int]) -> None:
    catcher, port = plain
    with pytest.raises(Rejected, match=r"nobody@example\.com") as caught:
        _send(port, to=["nobody@example.com", "amara@example.com"])

    assert caught.value.field == "to"
    assert catcher.envelopes == []


def test_a_recipient_for_later_is_tried_later(plain: tuple[Catcher, int]) -> None:
    with pytest.raises(TryLater) as caught:
        _send(plain[1], to=["later@example.com"])

    assert caught.value.sent is False
    assert plain[0].envelopes == []


def _script(*answers: str | None, context: ssl.SSLContext | None = None) -> Any:
    """A server that gives these answers, one per line it is sent (a whole message is one), and then hangs up."""

    @contextlib.contextmanager
    def running() -> Iterator[int]:
        def serve() -> None:
            with contextlib.suppress(OSError):
                made, _ = listener.accept()
                if context is not None:
                    made = context.wrap_socket(made, server_side=True)
                with made, made.makefile("rwb") as lines:
                    for answer in answers:
                        if answer is None:
                            return
                        lines.write(answer.encode() + b"\r\n")
                        lines.flush()
                        line = lines.readline()
                        while answer.startswith("354") and line not in {b".\r\n", b""}:
                            line = lines.readline()

        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            yield int(listener.getsockname()[1])
        thread.join(5)

    return running()


def _tls_relay(context: ssl.SSLContext) -> Any:
    return _script("220 Hello", "250 OK", "250 OK", "221 Bye", context=context)


BEGIN = ("220 Hello", "250 OK", "250 OK", "250 OK", "354 Go on")


@pytest.mark.parametrize(
    ("answers", "error", "sent"),
    [
        ((*BEGIN, None), TryLater, True),
        ((*BEGIN[:-1], None), TryLater, False),
        ((*BEGIN, "451 Full for now"), TryLater, False),
        ((*BEGIN, "554 Spam"), Rejected, None),
        (("421 Busy",), TryLater, False),
        (("554 Go away",), Rejected, None),
        ((None,), TryLater, False),
        ((*BEGIN[:2], "550 Sender unknown"), Rejected, None),
    ],
)
def test_trouble_is_certain_before_the_message_and_not_after(
    answers: tuple[str | None, ...], error: type[ConnectorError], sent: bool | None
) -> None:
    with _script(*answers) as port, pytest.raises(error) as caught:
        _send(port)

    assert getattr(caught.value, "sent", None) is sent


@pytest.mark.parametrize(
    ("input", "place"),
    [
        ({"subject": "Hi\r\nBcc: x@example.com"}, "subject"),
        ({"to": ["a@example.com\r\nBcc: x@example.com"]}, "to"),
        ({"to": ["a@example.com, b@example.com"]}, "to"),
        ({"to": ["nobody"]}, "to"),
        ({"to": []}, "to"),
        ({"reply_to": ["<>"]}, "reply_to"),
        ({"headers": {"X-A": "1\nBcc: x@example.com"}}, "headers"),
        ({"headers": {"X-A: 1\r\nBcc": "x@example.com"}}, "headers"),
        ({"headers": {"Bcc": "x@example.com"}}, "headers"),
        ({"attachments": [{"name": "a\r\nb", "content": ""}]}, "attachments.0.name"),
        ({"attachments": [{"name": "a", "content": "no base64!"}]}, "attachments.0.content"),
        (
            {"attachments": [{"name": "a", "content": "", "content_type": "a/b; x\r\nBcc: c"}]},
            "attachments.0.content_type",
        ),
    ],
)
def test_what_cannot_be_sent_is_named_before_anything_is_sent(input: dict[str, Any], place: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        _send(free_port(), **input)

    assert caught.value.field == place


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_no_text_makes_a_header_of_its_own(subject: str, name: str, value: str) -> None:
    letter = Letter("a@b.example", ["c@d.example"], subject, "Hi.", headers={name: value})
    try:
        message, _, _ = write_message(letter, "key")
        read = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    except Misconfigured:
        return

    expected = {"from", "to", "subject", "date", "message-id", "mime-version", "content-type"}
    assert {header.lower() for header in read.keys()} <= {*expected, "content-transfer-encoding", name.lower()}  # noqa: SIM118
