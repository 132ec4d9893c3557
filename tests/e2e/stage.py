"""Both sandboxes over HTTP, and the template installed on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from hub.accounts.access import Actor
from hub.sdk.sandbox import Server
from tests.workflows.engine.conftest import work
from workflows.models import Installation, Plan, Run
from workflows.services import runs, sample, templates

PASSWORD = "Northwind-2026"


@dataclass
class Stage:
    """Both sandboxes over HTTP, and the template installed on them."""

    actor: Actor
    otds: Server
    exstream: Server
    about: dict[str, Any]

    def simulate(self) -> Plan:
        return templates.simulate(self.actor, sample.SLUG)

    def run(self) -> Run:
        """Start the workflow, and let a worker do all that can be done."""
        started = templates.run(self.actor, sample.SLUG)
        work()
        return runs.get_run(self.actor, started.id)

    def apply(self) -> Plan:
        """What a run of the workflow planned and applied."""
        return Plan.objects.get(step__run=self.run())

    def install(self, **changed: Any) -> Installation:
        parameters = sample.parameters(self.about) | changed
        return templates.install(self.actor, sample.TEMPLATE, slug=sample.SLUG, parameters=parameters)

    def token(self, person: str) -> str | None:
        form = {"grant_type": "password", "client_id": "exstream-web", "client_secret": "exstream-sandbox-secret",
                "username": f"{person}@Northwind", "password": PASSWORD}  # fmt: skip
        answer = requests.post(self.about["otds"]["token_url"], data=form, timeout=10)
        return str(answer.json()["access_token"]) if answer.ok else None

    def sees(self, person: str, domain: str) -> bool:
        """What Exstream says when the person asks for the domain's resources, with their own fresh token."""
        token = self.token(person)
        address = f"{self.about['exstream']['design_base']}/resources/{domain}"
        answer = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=10)
        assert answer.status_code in {200, 401, 403}
        return answer.status_code == 200

    def change(self, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        """Something the directory's administrator does."""
        given = {"userName": "otadmin@otds.admin", "password": PASSWORD}
        root = f"{self.otds.base_url}/otdsws/rest"
        ticket = requests.post(f"{root}/authentication/credentials", json=given, timeout=10).json()["ticket"]
        answer = requests.request(method, f"{root}{path}", json=body, headers={"OTDSTicket": ticket}, timeout=10)
        assert answer.ok, answer.text

    def set_attribute(self, person: str, name: str, value: str) -> None:
        body = {"userPartitionID": "Northwind", "values": [{"name": name, "values": [value]}]}
        self.change("PATCH", f"/users/{person}@Northwind", body)

    def write_counts(self) -> tuple[int, int]:
        """Writes the two services carried out, and those that found everything so already."""
        rows = [*self.otds.app.writes(), *self.exstream.app.writes()]
        return sum(row["changes"] for row in rows), sum(row["repeats"] for row in rows)
