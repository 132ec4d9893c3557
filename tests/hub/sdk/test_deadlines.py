"""No server keeps a conversation of SMTP or LDAP going for longer than it may last, however it drips."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.email.client import EmailClient
from connectors.email.settings import Security
from connectors.email.settings import Settings as EmailSettings
from connectors.ldap import lines
from connectors.ldap.settings import Settings as LdapSettings
from hub.sdk import Policy, TryLater
from hub.sdk.guarded import GuardedEgress
from tests.hub.sdk.servers import Authority

LOCAL = Policy(("localhost", "127.0.0.1"))
SOON = 3.0


@contextlib.contextmanager
def dripping(context: ssl.SSLContext | None = None, *, first: bytes = b"", drop: bytes = b"x") -> Iterator[int]:
    """The port of a server that sends a byte now and then, and never an end."""
    stop = threading.Event()

    def drip(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            made, _ = server.accept()
            with context.wrap_socket(made, server_side=True) if context else made as client:
                client.sendall(first)
                while not stop.wait(0.05):
                    client.sendall(drop)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        yield int(server.getsockname()[1])
        stop.set()
    thread.join()


def _ends_in_time(work: Callable[[], object]) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        work()
    assert time.monotonic() - began < SOON


def _for_ever(step: Callable[[], Any]) -> Callable[[], None]:
    def go() -> None:
        while step() != b"":
            pass

    return go


def test_a_byte_now_and_then_does_not_prolong_a_connection() -> None:
    with dripping() as port, GuardedEgress(LOCAL).connect("localhost", port, timeout_seconds=0.5) as made:
        _ends_in_time(_for_ever(lambda: made.recv(1)))


def test_a_line_that_never_ends_does_not_prolong_a_connection() -> None:
    with (
        dripping() as port,
        GuardedEgress(LOCAL).connect("localhost", port, timeout_seconds=0.5) as made,
        made.makefile("rb") as file,
    ):
        _ends_in_time(file.readline)


def test_a_server_that_takes_nothing_holds_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with GuardedEgress(LOCAL).connect("localhost", port, timeout_seconds=0.5) as made:
            _ends_in_time(_for_ever(lambda: made.send(b"x" * 65536)))


def test_the_deadline_holds_inside_tls_too(tmp_path: Path) -> None:
    authority, egress = Authority(), GuardedEgress(LOCAL)
    with dripping(authority.context_for("localhost", tmp_path)) as port:
        made = egress.connect("localhost", port, timeout_seconds=0.8)
        with egress.secure(made, "localhost", authorities=authority.pem) as inside:
            _ends_in_time(_for_ever(lambda: inside.recv(1)))


def test_a_conversation_that_is_given_more_time_goes_on() -> None:
    with dripping() as port, GuardedEgress(LOCAL).connect("localhost", port, timeout_seconds=0.3) as made:
        assert made.deadline is not None
        made.deadline.extend(60)
        until = time.monotonic() + 0.6
        while time.monotonic() < until:
            assert made.recv(1) == b"x"


@pytest.mark.parametrize("first", [b"", b"220 here\r\n250-"])
def test_a_mail_server_that_drips_holds_nobody(first: bytes) -> None:
    with dripping(first=first) as port:
        settings = EmailSettings(host="127.0.0.1", port=port, security=Security.NONE, sender="a@example.com")
        began = time.monotonic()
        with pytest.raises(TryLater):
            EmailClient(settings, GuardedEgress(LOCAL, timeout_seconds=0.5)).greet()
        assert time.monotonic() - began < SOON


def test_a_directory_that_drips_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "OPERATION_SECONDS", 0.5)
    with dripping(first=b"\x30\x84\x00\x10\x00\x00") as port:
        settings = LdapSettings.model_validate(
            {
                "host": "127.0.0.1",
                "port": port,
                "security": "none",
                "username": "u",
                "password": "p",
                "partition": "P",
            }
        )
        began = time.monotonic()
        with pytest.raises(TryLater, match="did not answer in time"):
            lines.dial(settings, GuardedEgress(LOCAL))
        assert time.monotonic() - began < SOON
