"""The guarded way out, against real servers."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from hub.sdk import ConnectorError, Misconfigured, Policy, TryLater, UnexpectedReply
from hub.sdk.guarded import GuardedEgress
from tests.hub.sdk.servers import Answer, Authority, Web, free_port, reply, web

LOCAL = Policy(("127.0.0.1", "localhost"))
HELLO: dict[str, Answer] = {"/": lambda handler: reply(handler, body=b"hello")}


def names(**known: str | list[str]) -> Any:
    """A resolver that knows these names. A list is gone through, one address per question."""

    def resolve(host: str, port: int, *_: Any) -> list[Any]:
        address = known[host.partition(".")[0]]
        if isinstance(address, list):
            address = address.pop(0)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    return resolve


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",  # noqa: S104
        "2130706433",
        "0x7f.1",
        "127.1",
        "017700000001",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::]",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.0.1",
        "[fd00::1]",
        "100.64.0.1",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "user:word@127.0.0.1",
        "LOCALHOST.",
    ],
)
def test_no_way_of_writing_a_private_address_gets_through(host: str) -> None:
    with web(HELLO) as server:
        where, _, bare = host.rpartition("@")
        with pytest.raises(Misconfigured) as caught:
            GuardedEgress(Policy()).request("GET", f"http://{where + '@' if where else ''}{bare}:{server.port}/")

        assert "word" not in caught.value.message
        assert server.connections == 0


def test_an_allowed_host_is_reached_by_its_name() -> None:
    with web({"/": lambda handler: reply(handler, body=handler.headers["Host"].encode())}) as server:
        egress = GuardedEgress(Policy((f"inside.example:{server.port}",)), resolver=names(inside="127.0.0.1"))

        answer = egress.request("GET", f"http://inside.example:{server.port}/")

        assert answer.text == f"inside.example:{server.port}"


def test_a_name_that_changes_its_mind_is_asked_only_once() -> None:
    with web(HELLO) as server:
        asked = ["8.8.8.8", "127.0.0.1"]
        egress = GuardedEgress(Policy(("8.8.8.8",)), resolver=names(rebind=asked), timeout_seconds=0.3)

        with pytest.raises(TryLater) as caught:
            egress.request("GET", f"http://rebind.example:{server.port}/")

        assert caught.value.sent is False
        assert asked == ["127.0.0.1"]
        with pytest.raises(Misconfigured):
            egress.request("GET", f"http://rebind.example:{server.port}/")
        assert server.connections == 0


def test_a_redirect_to_a_private_address_is_refused() -> None:
    with web(HELLO) as inner:
        there = f"http://inner.example:{inner.port}/?token=t0ken"
        with web({"/": lambda handler: reply(handler, 302, Location=there)}) as outer:
            resolver = names(outer="127.0.0.1", inner="127.0.0.1")
            egress = GuardedEgress(Policy(("outer.example",)), resolver=resolver)

            with pytest.raises(Misconfigured) as caught:
                egress.request("GET", f"http://outer.example:{outer.port}/")

            assert "inner.example" in caught.value.message
            assert "t0ken" not in caught.value.message
            assert inner.connections == 0


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://localhost/x", "gopher://localhost"])
def test_a_redirect_away_from_http_is_refused(target: str) -> None:
    with (
        web({"/": lambda handler: reply(handler, 302, Location=target)}) as server,
        pytest.raises(Misconfigured, match="only http"),
    ):
        GuardedEgress(LOCAL).request("GET", f"http://localhost:{server.port}/")


def _asking(server: Web, path: str = "/", **more: Any) -> Any:
    return GuardedEgress(LOCAL).request("GET", f"http://localhost:{server.port}{path}", **more)


def test_credentials_stay_with_their_host() -> None:
    with web(HELLO) as other:
        there = f"http://127.0.0.1:{other.port}/"
        with web({"/": lambda handler: reply(handler, 307, Location=there)}) as server:
            _asking(server, auth=("amara", "word"), headers={"X-Key": "k3y", "Accept": "a/b"}, cookies={"s": "s1"})

            assert {"authorization", "x-key", "cookie"} <= set(server.seen[0][2])
            assert {"authorization", "x-key", "cookie"} & set(other.seen[0][2]) == set()
            assert other.seen[0][2]["accept"] == "a/b"


def test_credentials_follow_within_a_host() -> None:
    with web({**HELLO, "/a": lambda handler: reply(handler, 302, Location="/")}) as server:
        _asking(server, "/a", auth=("amara", "word"), headers={"X-Key": "k3y"})

        assert server.seen[1][2]["x-key"] == "k3y"
        assert "authorization" in server.seen[1][2]


def test_a_body_is_not_carried_to_another_host() -> None:
    with web(HELLO) as other:
        there = f"http://127.0.0.1:{other.port}/"
        with web({"/": lambda handler: reply(handler, 307, Location=there)}) as server:
            with pytest.raises(Misconfigured, match="redirected"):
                GuardedEgress(LOCAL).request("POST", f"http://localhost:{server.port}/", json={"password": "word"})
            assert other.seen == []


def test_a_post_that_is_answered_with_see_other_is_read_back() -> None:
    with web({**HELLO, "/a": lambda handler: reply(handler, 303, Location="/")}) as server:
        answer = GuardedEgress(LOCAL).request("POST", f"http://localhost:{server.port}/a", json={"a": 1})

        assert answer.text == "hello"
        assert [(method, body) for method, _, _, body in server.seen] == [("POST", b'{"a": 1}'), ("GET", b"")]


def test_redirects_in_circles_end() -> None:
    with (
        web({"/": lambda handler: reply(handler, 302, Location="/")}) as server,
        pytest.raises(UnexpectedReply, match="redirected more than"),
    ):
        _asking(server)


def test_a_redirect_can_be_looked_at_instead() -> None:
    with web({"/": lambda handler: reply(handler, 302, Location="/x")}) as server:
        assert _asking(server, follow_redirects=False).status_code == 302


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with web(HELLO) as server:
        assert _asking(server).text == "hello"


def test_cookies_are_not_kept_between_requests() -> None:
    with web({"/": lambda handler: reply(handler, Set_Cookie="s=1; Path=/")}) as server:
        egress = GuardedEgress(LOCAL)
        first = egress.request("GET", f"http://localhost:{server.port}/")
        egress.request("GET", f"http://localhost:{server.port}/")

        assert first.cookies["s"] == "1"
        assert "cookie" not in server.seen[1][2]


def test_connections_are_kept_and_shared_by_threads() -> None:
    with web(HELLO) as server:
        egress = GuardedEgress(LOCAL)

        def ask() -> None:
            egress.request("GET", f"http://localhost:{server.port}/")

        for _ in range(5):
            thread = threading.Thread(target=ask)
            thread.start()
            thread.join()

        assert len(server.seen) == 5
        assert server.connections == 1


def test_a_long_answer_is_cut_short() -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    with web({"/": endless, "/said": lambda handler: reply(handler, body=b"x" * 2000)}) as server:
        for path in ("/", "/said"):
            with pytest.raises(UnexpectedReply, match="more than 1000 bytes"):
                _asking(server, path, max_bytes=1000)


def test_a_stream_has_the_same_limit() -> None:
    with web({"/": lambda handler: reply(handler, body=b"x" * 5000)}) as server:
        assert sum(map(len, _asking(server, stream=True).iter_content(100))) == 5000
        with pytest.raises(UnexpectedReply):
            list(_asking(server, stream=True, max_bytes=4999).iter_content(100))


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_server_that_drips_holds_nobody(part: str) -> None:
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b"X-Slow: "))
        while not stop.wait(0.05):
            handler.wfile.write(b"x")

    with web({"/": drip}) as server:
        began = time.monotonic()
        with pytest.raises(TryLater) as caught:
            _asking(server, timeout_seconds=0.5)
        stop.set()

        assert caught.value.sent is True
        assert time.monotonic() - began < 3


def test_a_silent_server_may_have_received_the_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TryLater) as caught:
        GuardedEgress(LOCAL).request("GET", f"http://localhost:{silent.getsockname()[1]}/", timeout_seconds=0.3)

    assert caught.value.sent is True


def test_a_cut_connection_may_have_delivered_the_request() -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)

    with web({"/": cut}) as server, pytest.raises(TryLater) as caught:
        _asking(server)

    assert caught.value.sent is True


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("length", [5, 15, 17, 40, len(HEAD) - 2, len(HEAD) - 1])
def test_an_answer_that_is_cut_within_its_head_is_no_answer(length: int) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(HEAD[:length])
        handler.wfile.flush()
        handler.close_connection = True

    with web({"/": cut}) as server, pytest.raises(TryLater) as caught:
        _asking(server)

    assert caught.value.sent is True


def test_a_refused_connection_delivered_nothing() -> None:
    with pytest.raises(TryLater) as caught:
        GuardedEgress(LOCAL).request("GET", f"http://localhost:{free_port()}/")

    assert caught.value.sent is False


def test_an_unknown_name_delivered_nothing() -> None:
    with pytest.raises(TryLater) as caught:
        GuardedEgress(LOCAL).request("GET", "http://nobody.invalid/")

    assert caught.value.sent is False
    assert "nobody.invalid" in caught.value.message


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost",
        "/path",
        "http://",
        "http://localhost:99999/",
        "http://[::1/",
        "ftp://localhost/",
        "http://a b/",
    ],
)
def test_what_is_no_url_is_said_so(url: str) -> None:
    with pytest.raises(Misconfigured):
        GuardedEgress(LOCAL).request("GET", url)


def test_no_message_quotes_a_secret() -> None:
    url = f"http://amara:s3cret@localhost:{free_port()}/path?key=s3cret#s3cret"
    for policy in (LOCAL, Policy()):
        with pytest.raises(ConnectorError) as caught:
            GuardedEgress(policy).request("GET", url, headers={"X-Key": "s3cret"})
        assert "s3cret" not in f"{caught.value.message}{caught.value.detail}"


def test_a_header_cannot_smuggle_another() -> None:
    with web(HELLO) as server, pytest.raises(Misconfigured, match="header"):
        _asking(server, headers={"X-A": "a\r\nX-B: b"})


class TestTls:
    def _server(self, host: str, folder: Path, authority: Authority) -> Any:
        return web(HELLO, authority.context_for(host, folder))

    def _egress(self) -> GuardedEgress:
        resolver = names(right="127.0.0.1", wrong="127.0.0.1")
        return GuardedEgress(Policy(("127.0.0.1",)), resolver=resolver)

    def test_a_certificate_of_the_right_name_is_trusted_by_its_authority(self, tmp_path: Path) -> None:
        authority = Authority()
        with self._server("right.example", tmp_path, authority) as server:
            egress = self._egress().trusting(authority.pem)

            assert egress.request("GET", f"https://right.example:{server.port}/").text == "hello"

    def test_a_certificate_of_another_name_is_refused(self, tmp_path: Path) -> None:
        authority = Authority()
        with self._server("right.example", tmp_path, authority) as server:
            with pytest.raises(Misconfigured, match="certificate"):
                self._egress().trusting(authority.pem).request("GET", f"https://wrong.example:{server.port}/")
            assert server.seen == []

    def test_an_unknown_authority_is_refused(self, tmp_path: Path) -> None:
        with self._server("right.example", tmp_path, Authority()) as server:
            with pytest.raises(Misconfigured, match="not trusted"):
                self._egress().request("GET", f"https://right.example:{server.port}/")
            assert server.seen == []

    def test_trust_in_an_authority_does_not_spread(self, tmp_path: Path) -> None:
        authority = Authority()
        with self._server("right.example", tmp_path, authority) as server:
            egress = self._egress()
            egress.trusting(authority.pem).request("GET", f"https://right.example:{server.port}/")
            with pytest.raises(Misconfigured):
                egress.request("GET", f"https://right.example:{server.port}/")

    def test_a_server_that_drips_inside_tls_holds_nobody(self, tmp_path: Path) -> None:
        authority, stop = Authority(), threading.Event()

        def drip(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while not stop.wait(0.05):
                handler.wfile.write(b"x")

        with web({"/": drip}, authority.context_for("right.example", tmp_path)) as server:
            began = time.monotonic()
            with pytest.raises(TryLater):
                self._egress().trusting(authority.pem).request(
                    "GET", f"https://right.example:{server.port}/", timeout_seconds=0.6
                )
            stop.set()
            assert time.monotonic() - began < 3

    def test_a_server_without_tls_is_said_so(self) -> None:
        with web(HELLO) as server, pytest.raises(Misconfigured, match="TLS"):
            self._egress().request("GET", f"https://right.example:{server.port}/")

    def test_what_is_no_certificate_is_said_so(self) -> None:
        with pytest.raises(Misconfigured, match="PEM"):
            self._egress().trusting("nonsense")


class TestPace:
    def test_calls_are_spread_over_time(self) -> None:
        with web(HELLO) as server:
            egress = GuardedEgress(LOCAL, requests_per_second=20)
            began = time.monotonic()
            for _ in range(25):
                egress.request("GET", f"http://localhost:{server.port}/")

            assert 0.2 <= time.monotonic() - began < 5

    def test_a_call_that_would_wait_too_long_is_put_off(self) -> None:
        with web(HELLO) as server:
            egress = GuardedEgress(LOCAL, requests_per_second=0.05)
            egress.request("GET", f"http://localhost:{server.port}/")
            with pytest.raises(TryLater) as caught:
                egress.request("GET", f"http://localhost:{server.port}/")

            assert caught.value.sent is False
            assert caught.value.after_seconds is not None
            assert 15 < caught.value.after_seconds <= 20
            assert len(server.seen) == 1


class TestSockets:
    def test_other_protocols_connect_under_the_same_policy(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with pytest.raises(Misconfigured):
                GuardedEgress(Policy()).connect("localhost", port)
            with GuardedEgress(LOCAL).connect("localhost", port, timeout_seconds=2) as made:
                assert made.getpeername() == ("127.0.0.1", port)
                assert 1 < (made.gettimeout() or 0) <= 2

    def test_a_name_is_resolved_under_the_same_policy(self) -> None:
        egress = GuardedEgress(Policy(("127.0.0.1",)), resolver=names(inside="127.0.0.1", other="10.0.0.1"))

        assert egress.resolve("inside.example", 636) == "127.0.0.1"
        with pytest.raises(Misconfigured):
            egress.resolve("other.example", 636)


def test_a_rule_that_cannot_be_read_is_a_wrong_setting() -> None:
    with pytest.raises(Misconfigured, match="egress rule"):
        GuardedEgress(Policy(("10.0.0.0/99",)))


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", "Content-Length: \u00b2".encode("latin-1")),
        ("302 Found", b"Location: http://[x\r\nContent-Length: 0"),
        ("302 Found", b"Location: /\xff\xfe\r\nContent-Length: 0"),
        ("429 Too Many Requests", "Retry-After: \u00b2\r\nContent-Length: 0".encode("latin-1")),
    ],
)
def test_headers_that_make_no_sense_are_a_reply_nobody_expected(status: str, headers: bytes) -> None:
    """And no mistake of the caller."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"HTTP/1.1 {status}\r\n".encode() + headers + b"\r\nConnection: close\r\n\r\n")
        handler.close_connection = True

    with web({"/": answer}) as server, contextlib.suppress(ConnectorError):
        GuardedEgress(LOCAL).request("GET", f"http://127.0.0.1:{server.port}/")
