"""A real service that answers over HTTP, and connections to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.http.sandbox import Echo
from connectors.http.sandbox.service import PASSWORD, USER
from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.connections.opening import forget_open_connections
from hub.connections.services import create_connection
from hub.sdk.sandbox import Server, serve


@pytest.fixture
def service(tmp_path: Path, settings: Any) -> Iterator[Server]:
    settings.EGRESS_ALLOW = ("127.0.0.1",)
    forget_open_connections()
    with serve(Echo(tmp_path / "echo.sqlite")) as server:
        yield server


@pytest.fixture
def sign_in(service: Server) -> dict[str, str]:
    """Settings that work."""
    base = f"{service.base_url}/v1"
    return {"base_url": base, "sign_in": "basic", "username": USER, "password": PASSWORD, "test_path": "items"}


@pytest.fixture
def connection(alice: Actor, sign_in: dict[str, str]) -> Connection:
    return create_connection(alice, name="The service", connector="http", settings=sign_in)
