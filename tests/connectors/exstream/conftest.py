"""A running Exstream and its token service, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.exstream.auth import Auth
from connectors.exstream.client import ExstreamClient
from connectors.exstream.sandbox import create, describe
from connectors.exstream.sandbox.app import ExstreamSandbox
from hub.sdk import Opening
from hub.sdk.sandbox import Server, serve
from hub.sdk import Policy
from hub.sdk.guarded import GuardedEgress
from tests.connectors.exstream.outside import TokenService


class Stage:
    """Both services, with what a test asks of them."""

    def __init__(self, otds: Server, exstream: Server) -> None:
        assert isinstance(otds.app, TokenService)
        assert isinstance(exstream.app, ExstreamSandbox)
        self.tokens, self.app, self.base_url = otds.app, exstream.app, exstream.base_url
        self.otds_url = otds.base_url
        self.described = describe(self.app, self.base_url)

    def ask(self, person: str, method: str, path: str, **options: Any) -> requests.Response:
        """A request of a person; `/design/...` and `/orchestration/...` are completed."""
        service, _, rest = path.strip("/").partition("/")
        headers = {"Authorization": f"Bearer {self.tokens.token(person)}", **options.pop("headers", {})}
        url = f"{self.base_url}/{service}/api/v1/{rest}"
        return requests.request(method, url, headers=headers, timeout=10, **options)

    def resource(self, domain: str, kind: str, name: str) -> dict[str, Any]:
        """The latest version of a resource, as the sandbox keeps it."""
        with self.app.store.reading() as data:
            found = [
                row
                for row in data.find("versions", name=name)
                if row["type"] == kind and {"id": domain} in row["domains"] and row["latestVersion"]
            ]
        return found[0]

    def client(self, **settings: Any) -> ExstreamClient:
        given = {
            "design_base": self.described["design_base"],
            "orchestration_base": self.described["orchestration_base"],
            "token_url": f"{self.otds_url}/token",
            "client_id": "lockgate",
            "client_secret": "sandbox-secret",
            **settings,
        }
        return Auth().open(Auth.Settings(**given), Opening(GuardedEgress(Policy(("127.0.0.1",)))))


AMARA, GWEN, HENRIK = "amara.diallo@Northwind", "gwen.parry@Northwind", "henrik.olsen@Northwind"
OPERATOR, OUTSIDER, TESSA = "olga.operator@Northwind", "otto.keller@Northwind", "tessa.brandt@Northwind"


@pytest.fixture(scope="session")
def token_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(TokenService(tmp_path_factory.mktemp("otds") / "s.sqlite")) as server:
        yield server


@pytest.fixture
def open_stage(token_service: Server, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Starts a sandbox with the settings of a test; runs stand still unless it is told otherwise."""
    servers: list[Server] = []

    def start(**settings: Any) -> Stage:
        given = {"step_seconds": 0.0, "jwks_url": f"{token_service.base_url}/jwks", **settings}
        servers.append(serve(create({"data": str(tmp_path / str(len(servers))), **given})))
        return Stage(token_service, servers[-1])

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    return open_stage()
