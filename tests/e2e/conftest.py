"""The stage of the main job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.connections import egress_rules
from hub.connections.opening import forget_open_connections
from hub.connections.services import create_connection
from tests.connectors.email.test_email import Catcher
from tests.e2e.news import News
from tests.e2e.sandboxes import served
from tests.e2e.stage import Stage
from tests.hub.sdk.servers import free_port
from workflows.services import sample


@pytest.fixture
def sandboxed(db: None, tmp_path: Path, settings: Any) -> Iterator[Stage]:
    """Connections to both sandboxes, and nothing installed on them yet."""
    with served(tmp_path) as sandboxes:
        settings.EGRESS_ALLOW = ()
        actor = Actor.system(Workspace.objects.create(slug="north", name="North"))
        sample.connect(actor, sandboxes.about)
        yield Stage(sandboxes.otds, sandboxes.exstream, sandboxes.about, actor)
    forget_open_connections()


@pytest.fixture
def stage(sandboxed: Stage) -> Stage:
    sandboxed.install()
    return sandboxed


@pytest.fixture
def news(sandboxed: Stage) -> Iterator[News]:
    """Distribution lists, with a real mail server."""
    catcher, port = Catcher(), free_port()
    controller = Controller(catcher, hostname="127.0.0.1", port=port)
    controller.start()
    egress_rules.add_rule(sandboxed.actor, target=f"127.0.0.1:{port}", note="A mail server of the tests.")
    settings = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "hub@example.com"}
    create_connection(sandboxed.actor, name="Post", slug="post", connector="email", settings=settings)
    yield News(sandboxed, catcher)
    controller.stop()
