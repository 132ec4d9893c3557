"""The process that sends mails is killed, for real, in the middle of a mail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.connections.opening import forget_open_connections
from tests.hub.sdk.servers import free_port
from tests.workflows.approvals.conftest import question, stage
from tests.workflows.approvals.test_mails import Catcher, pass_hours
from workflows.engine import delivering, tending
from workflows.models import Delivery
from workflows.services import approvals

pytestmark = [pytest.mark.durability, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[3]
SEND = "import django; django.setup(); from workflows.engine import delivering; delivering.send_due()"


class Killer(Catcher):
    """Kills its client at a point of the first mail: before the server has it, or after."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at, self.client = at, 0

    def kill(self) -> None:
        if self.client:
            os.kill(self.client, signal.SIGKILL)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.at == "before":
            self.kill()
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        said = await super().handle_DATA(server, session, envelope)
        if self.at == "after":
            self.kill()
        return said


@pytest.fixture(params=["before", "after"])
def killer(request: pytest.FixtureRequest, team: Any, settings: Any) -> Iterator[Killer]:
    port = free_port()
    settings.EGRESS_ALLOW = ("127.0.0.1",)
    values = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "Lockgate <hub@example.com>"}
    Connection.objects.create(
        workspace=team, name="Mail", slug="mail", connector="email", settings=values, sealed=b""
    )
    made = Killer(request.param)
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    yield made
    controller.stop()
    forget_open_connections()


def sender() -> subprocess.Popen[bytes]:
    name = connection.settings_dict["NAME"]
    address, _, query = os.environ["DATABASE_URL"].partition("?")
    base = address.rpartition("/")[0]
    environment = os.environ | {
        "DATABASE_URL": f"{base}/{name}" + (f"?{query}" if query else ""),
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "LOCKGATE_EGRESS_ALLOW": "127.0.0.1",
    }
    # It waits for a line, so that the server knows whom to kill before anything is sent.
    return subprocess.Popen([sys.executable, "-c", f"input(); {SEND}"], cwd=ROOT, env=environment, stdin=-1)


def test_a_killed_sender_sends_nobody_the_same_mail_twice_and_the_reminder_still_comes(
    alice: Actor, people: dict[str, Actor], killer: Killer
) -> None:
    mail = {"connection": "mail", "every_hours": 24, "at_most": 1}
    approvals.ask(alice, question(stage("legal", "ada"), mail=mail))
    process = sender()
    killer.client = process.pid
    process.communicate(b"\n", timeout=60)
    killer.client = 0
    came = {"before": [], "after": ["ada"]}[killer.at]
    assert process.returncode == -signal.SIGKILL
    assert (Delivery.objects.get().state, killer.told) == ("sending", came)

    delivering.send_due()
    pass_hours(1)
    delivering.send_due()
    assert (Delivery.objects.get().state, killer.told) == ("unknown", came)

    pass_hours(24)
    tending.tend()
    delivering.send_due()
    assert killer.told == [*came, "ada"]
    assert killer.letters[-1][1]["Subject"].startswith("Still waiting for your decision")
