"""A real OpenLDAP, and clients of it behind the guarded way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.ldap.auth import Auth
from connectors.ldap.client import LdapClient
from hub.sdk import MemoryTokens, Opening, Policy
from hub.sdk.guarded import GuardedEgress
from tests.connectors.ldap.northwind import northwind
from tests.connectors.ldap.slapd import Slapd, running


def open_client(settings: dict[str, Any], timeout_seconds: float = 10) -> LdapClient:
    auth = Auth()
    egress = GuardedEgress(Policy(("127.0.0.1", "localhost")), timeout_seconds=timeout_seconds)
    return auth.open(auth.Settings.model_validate(settings), Opening(egress, MemoryTokens()))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    """For tests that change nothing."""
    with running(tmp_path_factory.mktemp("slapd"), northwind()) as server:
        yield server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Slapd]:
    """For tests that change something."""
    folder = tmp_path / "slapd"
    folder.mkdir()
    with running(folder, northwind()) as server:
        yield server


Connect = Callable[..., LdapClient]


@pytest.fixture
def connect(shared: Slapd) -> Iterator[Connect]:
    made: list[LdapClient] = []

    def open_it(server: Slapd = shared, **settings: Any) -> LdapClient:
        made.append(open_client(server.settings(**settings)))
        return made[-1]

    yield open_it
    for client in made:
        client.close()


@pytest.fixture
def client(connect: Connect) -> LdapClient:
    return connect()
