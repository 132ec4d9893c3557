"""A sandbox served over HTTP, and clients of it behind the guarded way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.otds import sandbox
from connectors.otds.auth import Auth
from connectors.otds.client import OtdsClient
from connectors.otds.sandbox.sessions import PASSWORD
from hub.sdk import Call, MemoryTokens, Opening, Policy
from hub.sdk.guarded import GuardedEgress
from hub.sdk.sandbox import Server, serve

CALL = Call("run-1/step-1")


@pytest.fixture
def otds(tmp_path: Path) -> Iterator[Server]:
    with serve(sandbox.create({"data": str(tmp_path)})) as server:
        yield server


Connect = Callable[..., OtdsClient]


@pytest.fixture
def connect(otds: Server) -> Connect:
    def open_client(**settings: Any) -> OtdsClient:
        given = {**sandbox.describe(otds.app, otds.base_url)["connection"], **settings}
        auth = Auth()
        egress = GuardedEgress(Policy(("127.0.0.1",)), timeout_seconds=10)
        return auth.open(auth.Settings.model_validate(given), Opening(egress, MemoryTokens()))

    return open_client


@pytest.fixture
def client(connect: Connect) -> OtdsClient:
    return connect()


class Rest:
    """OTDS's REST API as a person with a password calls it, without the connector."""

    def __init__(self, server: Server, user: str, password: str = PASSWORD) -> None:
        self.base = f"{server.base_url}/otdsws/rest"
        reply = requests.post(
            f"{self.base}/authentication/credentials", json={"userName": user, "password": password}, timeout=5
        )
        reply.raise_for_status()
        self.ticket = str(reply.json()["ticket"])

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        return requests.request(
            method, self.base + path, json=body, headers={"OTDSTicket": self.ticket, **headers}, timeout=10
        )


@pytest.fixture
def admin(otds: Server) -> Rest:
    return Rest(otds, "otadmin@otds.admin")
