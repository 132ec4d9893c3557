"""The sandbox kit: what every sandbox promises, over real HTTP."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
import requests

from hub.sdk.sandbox import (
    Documents,
    Exchange,
    Fault,
    FaultKind,
    KeyTaken,
    Refusal,
    Route,
    Routes,
    SandboxApp,
    Server,
    Shape,
    Store,
    serve,
)

routes = Routes("/shelf")


@routes.on("GET", "/books")
def _books(exchange: Exchange) -> Any:
    return {"books": exchange.data.find("books"), "next": None}


@routes.on("PUT", "/books/<key>")
def _put(exchange: Exchange, key: str) -> Any:
    changed = exchange.data.put("books", key, exchange.json())
    exchange.wrote(key, changed=changed)
    if exchange.query.get("fail"):
        raise Refusal(409, {"error": "No."})
    return {"key": key}


class Shelf(SandboxApp):
    name = "Shelf"
    shape = Shape({"books": ("title",)})
    defaults: ClassVar = {"page_size": 3, "strict": False}
    columns: ClassVar = {"books": ("title",)}

    def routes(self) -> list[Route]:
        return routes.all

    def seed(self, data: Documents) -> None:
        for number in range(4):
            data.add("books", f"b{number}", {"title": f"Title {number} <&>"})


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Server]:
    with serve(Shelf(tmp_path / "shelf.sqlite")) as server:
        yield server


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def _titles(web: requests.Session, server: Server) -> list[str]:
    return [book["title"] for book in web.get(f"{server.base_url}/shelf/books", timeout=5).json()["books"]]


def test_one_connection_carries_many_requests(shelf: Server) -> None:
    connection = http.client.HTTPConnection(shelf.host, shelf.port, timeout=5)
    connection.connect()
    own_end = connection.sock
    for method, path in (
        ("GET", "/shelf/books"),
        ("POST", "/nothing"),
        ("HEAD", "/shelf/books"),
        ("GET", "/_sandbox"),
    ):
        connection.request(method, path, body=b"x" * 9000 if method == "POST" else None)
        assert connection.getresponse().read() or method == "HEAD"
    assert connection.sock is own_end
    connection.close()


def test_a_refused_write_leaves_neither_a_change_nor_a_count(shelf: Server, web: requests.Session) -> None:
    answer = web.put(f"{shelf.base_url}/shelf/books/b0?fail=1", json={"title": "Other"}, timeout=5)

    assert answer.status_code == 409
    assert _titles(web, shelf)[0] == "Title 0 <&>"
    assert shelf.app.writes() == []


def test_a_write_that_changes_nothing_is_counted_as_a_repeat(shelf: Server, web: requests.Session) -> None:
    for _ in range(2):
        web.put(f"{shelf.base_url}/shelf/books/b9", json={"title": "New"}, timeout=5)

    counted = web.get(f"{shelf.base_url}/_sandbox/api/writes?target=b9", timeout=5).json()
    assert (counted["changes"], counted["repeats"]) == (1, 1)
    assert counted["items"][0]["operation"] == "PUT /shelf/books/<key>"


def test_a_lost_answer_still_did_the_write(shelf: Server, web: requests.Session) -> None:
    shelf.app.faults.add(FaultKind.DROP_AFTER, method="PUT", times=1)

    with pytest.raises(requests.ConnectionError):
        web.put(f"{shelf.base_url}/shelf/books/b9", json={"title": "New"}, timeout=5)

    assert "New" in _titles(web, shelf)
    assert shelf.app.writes(target="b9")[0]["changes"] == 1


def test_a_connection_dropped_before_did_nothing(shelf: Server, web: requests.Session) -> None:
    shelf.app.faults.add(FaultKind.DROP_BEFORE, method="PUT", times=1)

    with pytest.raises(requests.ConnectionError):
        web.put(f"{shelf.base_url}/shelf/books/b9", json={"title": "New"}, timeout=5)

    assert "New" not in _titles(web, shelf)


def test_a_status_fault_says_when_to_come_back_and_ends_after_its_times(shelf: Server, web: requests.Session) -> None:
    shelf.app.faults.add(FaultKind.STATUS, path="/shelf/*", status=429, retry_after=7, times=1, after=1)

    answers = [web.get(f"{shelf.base_url}/shelf/books", timeout=5) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert answers[1].headers["Retry-After"] == "7"


def test_a_hanging_request_ends_when_the_client_gives_up(shelf: Server, web: requests.Session) -> None:
    shelf.app.faults.add(FaultKind.HANG, seconds=60, times=1)

    with pytest.raises(requests.Timeout):
        web.get(f"{shelf.base_url}/shelf/books", timeout=0.2)

    assert len(_titles(web, shelf)) == 4


def test_latency_delays_the_answer(shelf: Server, web: requests.Session) -> None:
    shelf.app.faults.add(FaultKind.LATENCY, seconds=0.3, times=1)
    began = time.monotonic()

    _titles(web, shelf)

    assert time.monotonic() - began >= 0.3


def test_a_body_can_be_cut_shortened_or_garbage(shelf: Server, web: requests.Session) -> None:
    shelf.app.faults.add(FaultKind.CUT_BODY, times=1)
    with pytest.raises(requests.RequestException):
        _titles(web, shelf)

    shelf.app.faults.add(FaultKind.FEWER_ROWS, times=1)
    assert len(_titles(web, shelf)) == 2

    shelf.app.faults.add(FaultKind.GARBAGE, times=1)
    with pytest.raises(requests.JSONDecodeError):
        _titles(web, shelf)

    assert len(_titles(web, shelf)) == 4


def test_faults_are_set_and_removed_over_the_control_api(shelf: Server, web: requests.Session) -> None:
    control = f"{shelf.base_url}/_sandbox/api"
    made = web.post(f"{control}/faults", json={"kind": "status", "status": 500}, timeout=5)
    assert web.get(f"{shelf.base_url}/shelf/books", timeout=5).status_code == 500
    assert web.get(f"{control}/faults", timeout=5).json()["items"][0]["hits"] == 1

    assert web.delete(f"{control}/faults/{made.json()['id']}", timeout=5).status_code == 204
    assert web.get(f"{shelf.base_url}/shelf/books", timeout=5).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "magic"},
        {"kind": "status", "status": 200},
        {"kind": "hang", "colour": 1},
        {"kind": "hang", "times": 0},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Fault.read(wrong)


def test_settings_are_checked_and_survive_a_restart(tmp_path: Path, web: requests.Session) -> None:
    path = tmp_path / "shelf.sqlite"
    with serve(Shelf(path)) as server:
        settings = f"{server.base_url}/_sandbox/api/settings"
        assert web.patch(settings, json={"page_size": 9, "strict": "true"}, timeout=5).status_code == 200
        refused = web.patch(settings, json={"page_size": "many"}, timeout=5)
        assert (refused.status_code, refused.json()["error"]) == (400, "page_size is a number.")
    with serve(Shelf(path)) as server:
        assert server.app.settings() == {"page_size": 9, "strict": True}
        server.app.reset()
        assert server.app.settings() == {"page_size": 3, "strict": False}


def test_the_control_page_shows_escapes_and_resets(shelf: Server, web: requests.Session) -> None:
    web.put(f"{shelf.base_url}/shelf/books/b0", json={"title": "<script>"}, timeout=5)
    browse = web.get(f"{shelf.base_url}/_sandbox/browse/books", timeout=5).text
    assert "&lt;script&gt;" in browse
    assert "<script>" not in browse

    added = web.post(f"{shelf.base_url}/_sandbox/faults", data={"kind": "hang", "times": ""}, timeout=5)
    assert "The fault is in force." in added.text
    assert (
        "The settings are in force."
        in web.post(f"{shelf.base_url}/_sandbox/settings", data={"strict": "true"}, timeout=5).text
    )
    assert web.post(f"{shelf.base_url}/_sandbox/reset", timeout=5).ok
    assert _titles(web, shelf)[0] == "Title 0 <&>"
    assert shelf.app.faults.shown() == []


def test_another_site_may_not_control_it(shelf: Server, web: requests.Session) -> None:
    answer = web.post(f"{shelf.base_url}/_sandbox/reset", headers={"Sec-Fetch-Site": "cross-site"}, timeout=5)
    assert answer.status_code == 403


def test_an_unknown_path_and_a_wrong_method_get_errors_of_the_service(shelf: Server, web: requests.Session) -> None:
    assert web.get(f"{shelf.base_url}/nothing", timeout=5).status_code == 404
    answer = web.delete(f"{shelf.base_url}/shelf/books", timeout=5)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert web.put(f"{shelf.base_url}/shelf/books/b0", data=b"[1", timeout=5).status_code == 400


def test_a_chunked_body_is_read(shelf: Server, web: requests.Session) -> None:
    web.put(f"{shelf.base_url}/shelf/books/b9", data=iter([b'{"title"', b': "Pieces"}']), timeout=5)
    assert "Pieces" in _titles(web, shelf)


def test_what_was_answered_survives_kill_9(tmp_path: Path, web: requests.Session) -> None:
    path = tmp_path / "shelf.sqlite"
    program = (
        "import sys, threading; from tests.hub.sdk.test_sandbox_kit import Shelf; "
        "from hub.sdk.sandbox import serve; server = serve(Shelf(sys.argv[1])); "
        "print(server.base_url, flush=True); threading.Event().wait()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        for number in range(20):
            web.put(f"{base}/shelf/books/n{number}", json={"title": "Kept"}, timeout=5)
        os.kill(process.pid, signal.SIGKILL)
    store = Store(path, Shelf.shape)
    with store.reading() as data:
        assert data.count("books", title="Kept") == 20
        assert sum(row["changes"] for row in data.writes()) == 20
    store.close()


def test_documents_keep_their_order_links_and_keys(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite", Shape({"things": ("kind",)}))
    with store.writing() as data:
        data.add_many("things", ((f"k{number}", {"kind": number % 2}) for number in range(10)))
        data.put("things", "k0", {"kind": 1})
        with pytest.raises(KeyTaken):
            data.add("things", "k1", {})
        assert [row.key for row in data.rows("things", kind=1, limit=2)] == ["k0", "k1"]
        assert [row.key for row in data.rows("things", kind=(0, 1), after=8)] == ["k8", "k9"]
        with pytest.raises(LookupError):
            data.rows("things", colour="red")
        assert [data.link("in", "a", "b"), data.link("in", "a", "b")] == [True, False]
        data.link_many("in", [("b", "c"), ("c", "a")])
        assert data.reachable("in", "a") == ["a", "b", "c"]
        assert data.targets_of("in", ["a", "b", "z"]) == {"a": ["b"], "b": ["c"]}
        data.unlink_all("in", "b")
        assert (data.targets("in", "a"), data.sources("in", "a")) == ([], ["c"])
    with pytest.raises(Exception, match="readonly"), store.reading() as data:
        data.put("things", "k0", {})
    store.close()
