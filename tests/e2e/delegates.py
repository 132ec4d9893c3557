"""Delegated administration on both sandboxes: Henrik administers EMEA, Gwen the United Kingdom."""

from __future__ import annotations

from typing import Any

import requests
from rest_framework.test import APIClient

from connectors.exstream.sandbox.app import ExstreamSandbox
from connectors.exstream.sandbox.seed import made_id
from hub.accounts.access import Actor
from hub.accounts.models import Person
from hub.accounts.roles import Role
from hub.accounts.tokens import make_token
from tests.e2e.stage import Stage
from tests.people import join, make_person
from tests.workflows.engine.conftest import work
from workflows.models import Run
from workflows.services import delegation_scopes, templates

PARAMETERS: dict[str, Any] = {
    "directory": "directory",
    "exstream": "exstream",
    "stages": [
        {"name": "Owning region", "group": "admins.uk@Northwind"},
        {"name": "Head office", "people": ["tessa.brandt@Northwind"]},
    ],
}
SLUG = "delegates"
SCOPE: dict[str, Any] = {
    "name": "Regions",
    "directory": "directory",
    "service": "exstream",
    "group_pattern": "admins.{region}@Northwind",
    "domains": ["{region}-*"],
}


class Delegates:
    """The groups of the regions, their delegates with the role, a scope, and the template."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        for region, person in (("emea", "henrik.olsen"), ("uk", "gwen.parry")):
            stage.change("POST", "/groups", {"userPartitionID": "Northwind", "name": f"admins.{region}"})
            self.put(person, region)
        self.henrik, self.gwen = self.member("henrik.olsen"), self.member("gwen.parry")
        self.tessa = self.member("tessa.brandt", Role.APPROVER)
        delegation_scopes.create_scope(stage.actor, **SCOPE)
        templates.install(stage.actor, "delegated-administration", slug=SLUG, parameters=PARAMETERS)

    def put(self, person: str, region: str) -> None:
        body = {"stringList": [f"{person}@Northwind"]}
        self.stage.change("POST", f"/groups/admins.{region}@Northwind/members", body)

    def take(self, person: str, region: str) -> None:
        body = {"stringList": [f"{person}@Northwind"]}
        self.stage.change("POST", f"/groups/admins.{region}@Northwind/members/deletionset", body)

    def member(self, login: str, role: Role = Role.DELEGATE) -> Actor:
        held = Person.objects.filter(username=f"{login}@Northwind").first() or make_person(f"{login}@Northwind")
        return join(held, self.stage.actor.workspace, [role])

    def api(self, actor: Actor) -> APIClient:
        made = APIClient()
        _, text = make_token(actor, name="test", roles=actor.roles, expires_at=None)
        made.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
        return made

    def act(self, actor: Actor, act: str, **given: Any) -> Run:
        """An act by API, carried out by workers as far as it goes."""
        answer = self.api(actor).post("/api/v1/delegation/acts", {"act": act, **given}, format="json")
        assert answer.status_code == 202, answer.json()
        work()
        return Run.objects.get(id=answer.json()["id"])

    def refused(self, actor: Actor, act: str, **given: Any) -> dict[str, Any]:
        """What an act that is refused at once is answered."""
        answer = self.api(actor).post("/api/v1/delegation/acts", {"act": act, **given}, format="json")
        assert answer.status_code >= 400
        return dict(answer.json())

    def resource(self, domain: str, name: str = "Policy schedule", kind: str = "exstrapplication") -> str:
        return made_id(f"{domain}/{kind}", name)

    def in_exstream(self, domain: str, resource: str) -> dict[str, Any]:
        """As the tenant's administrator sees it in Exstream."""
        address = f"{self.stage.about['exstream']['design_base']}/resources/{domain}/{resource}"
        token = self.stage.token("tessa.brandt")
        answer = requests.get(
            address, params={"fetchDomains": "true"}, headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        return dict(answer.json()["data"])

    def rows(self, domain: str, what: str) -> list[dict[str, Any]]:
        """What Henrik is shown of his domain."""
        found = self.api(self.henrik).get(f"/api/v1/delegation/domains/{domain}/{what}").json()
        return list(found["items"])

    def jobs_go_on(self) -> None:
        """Until they end, or hold; then they stand still."""
        app = self.stage.exstream.app
        assert isinstance(app, ExstreamSandbox)
        app.change_settings(step_seconds=0)
        app.advance(9)

    def writes(self) -> list[str]:
        """What was written to Exstream, by target."""
        return [row["target"] for row in self.stage.exstream.app.writes()]
