"""No secret is in any log of any process: a whole hub, with sign-ins that fail in every way, is grepped."""

from __future__ import annotations

import base64
import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.chaos.hub import HubUnderFire

pytestmark = [pytest.mark.durability, pytest.mark.timeout(500)]
SECRETS = {"bearer": "b34rer-t0ken-of-ours", "basic": "p4ss/w0rd of ours", "key": "k3y+of=ours&more"}


class _Nosy(BaseHTTPRequestHandler):
    """Refuses nearly everybody, and repeats in its answer all that it was sent."""

    def do_GET(self) -> None:
        is_fine = "fine" in self.path
        said = (
            b"{}"
            if is_fine
            else json.dumps({"error": "no", "you_sent": dict(self.headers.items()), "path": self.path}).encode()
        )
        self.send_response(401 if "refuse" in self.path else 500 if "break" in self.path else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said) + (100 if "cut" in self.path else 0)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def nosy() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Nosy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def hub(tmp_path: Path, nosy: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubUnderFire]:
    monkeypatch.setenv("LOCKGATE_LOG_JSON", "true")
    monkeypatch.setenv("LOCKGATE_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LOCKGATE_METRICS_TOKEN", "the-token-of-the-figures")
    made = HubUnderFire(tmp_path, may_reach=[nosy])
    yield made
    made.stop()


def test_no_secret_is_in_any_log_of_any_process(hub: HubUnderFire, nosy: int) -> None:
    base = {"base_url": f"http://127.0.0.1:{nosy}", "test_path": "refuse"}
    settings: dict[str, dict[str, Any]] = {
        "bearer": {"sign_in": "bearer", "token": SECRETS["bearer"]},
        "basic": {"sign_in": "basic", "username": "svc", "password": SECRETS["basic"]},
        "key": {"sign_in": "key-in-query", "api_key": SECRETS["key"], "key_name": "k"},
    }
    for name, more in settings.items():
        hub.call("POST", "connections", {"name": name, "slug": name, "connector": "http", "settings": base | more})
        _post(hub, f"connections/{name}/test")
    steps = [
        {"id": f"{name}_{path}", "kind": "action", "action": "http.get", "connection": name, "input": {"path": path},
         "retry": {"attempts": 1}}
        for name in settings for path in ("refuse", "break", "cut", "fine")
    ]  # fmt: skip
    edges = [{"from": one["id"], "port": port, "to": two["id"]}
             for one, two in pairwise(steps) for port in ("ok", "error")]  # fmt: skip
    document = {"format": 1, "name": "Nosy", "steps": steps, "edges": edges,
                "triggers": [{"id": "call", "kind": "webhook",
                              "settings": {"path": "nosy", "check": {"kind": "token"}}}]}  # fmt: skip
    hub.call("POST", "workflows", {"slug": "nosy", "document": document})
    hub.call("POST", "workflows/nosy/publish", {"revision": 1})
    hub.call("POST", "workflows/nosy/switch", {"on": True})
    [trigger] = hub.call("GET", "workflows/nosy/triggers")["items"]
    secret = hub.call("POST", f"triggers/{trigger['id']}/secret", {})["secret"]
    _post(hub, "/hooks/nosy", Authorization="Bearer wr0ng-secret-sent")
    run = hub.call("POST", "workflows/nosy/runs", {"payload": {}})["id"]
    hub.wait_for(lambda: bool(hub.call("GET", f"runs/{run}")["ended_at"]), seconds=90)
    told = json.dumps(hub.call("GET", f"runs/{run}"))
    password = re.search(r"with the password\s+(\S+)", hub.said())
    assert password
    # The database is there no more, which every process logs.
    hub.kill("postgres")
    _post(hub, "/hooks/nosy")
    hub.stop()

    logs = {file.name: file.read_text() for file in (hub.folder / "data" / "logs").glob("*.log")}
    assert {"web-server.log", "worker.log", "scheduler.log"} <= set(logs)
    hidden = [*SECRETS.values(), secret, password[1], "wr0ng-secret-sent", "the-token-of-the-figures"]
    hidden += [(hub.folder / "data" / "secrets" / name).read_text().strip() for name in ("secret-key",)]
    hidden += [base64.b64encode(f"svc:{SECRETS['basic']}".encode()).decode()]
    for each in hidden:
        for form in (each, quote(each, safe=""), base64.b64encode(each.encode()).decode().rstrip("=")):
            assert form not in told
            for name, text in logs.items():
                assert form not in text, f"{form} is in {name}"
    for name in ("worker.log", "scheduler.log"):
        for line in logs[name].splitlines():
            if not line or line.startswith("worker: "):
                continue  # Celery's farewell, which it prints by itself.
            assert line.startswith("{"), (name, logs[name])
            assert json.loads(line)["event"], line


def _post(hub: HubUnderFire, path: str, **headers: str) -> None:
    """Whatever it answers."""
    if path.startswith("/"):
        request = urllib.request.Request(hub.url + path, b"{}", headers | {"Content-Type": "application/json"})
        try:
            urllib.request.urlopen(request, timeout=20).read()
        except (urllib.error.URLError, OSError):
            return
    else:
        hub._session.post(f"{hub.url}/api/v1/{path}", json={}, timeout=60)
