"""Role-based access on both sandboxes: what a test does, and what people see with their own tokens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests

from tests.e2e.stage import Stage
from tests.workflows.engine.conftest import work
from workflows.models import Plan, Run
from workflows.services import runs, templates
from workflows.templates import role_based_access

SLUG = "access"
TEMPLATE = "role-based-access"
SAMPLE: dict[str, Any] = json.loads((Path(role_based_access.__file__).parent / "sample.json").read_text())
DOMAINS = ("emea-dev", "emea-prod", "uk-prod", "apac-prod")


class Access:
    """The template of the sample, installed."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.install()

    def install(self, **changed: Any) -> None:
        templates.install(self.stage.actor, TEMPLATE, slug=SLUG, parameters=SAMPLE | changed)

    def simulate(self) -> Plan:
        return templates.simulate(self.stage.actor, SLUG)

    def run(self) -> Run:
        started = templates.run(self.stage.actor, SLUG)
        work()
        return runs.get_run(self.stage.actor, started.id)

    def apply(self) -> Plan:
        run = self.run()
        assert run.state == "succeeded", run.error
        return Plan.objects.get(step__run=run)

    def templates_of(self, person: str, domain: str) -> dict[str, str] | None:
        """Applications, by id, that Exstream shows to the person's own, fresh token; None when it refuses."""
        address = f"{self.stage.about['exstream']['design_base']}/resources/{domain}"
        rows = self._asked(person, address, {"filter.types": "exstrapplication", "filter.latestVersion": "true"})
        return None if rows is None else {row["id"]: row["name"] for row in rows}

    def jobs_of(self, person: str, domain: str) -> int | None:
        address = f"{self.stage.about['exstream']['orchestration_base']}/runtime/{domain}/jobs"
        rows = self._asked(person, address, {})
        return None if rows is None else len(rows)

    def sees(self, person: str) -> dict[str, tuple[int, int]]:
        """How many templates and output jobs, by domain that is seen at all."""
        found = {}
        for domain in DOMAINS:
            templates_there, jobs = self.templates_of(person, domain), self.jobs_of(person, domain)
            if templates_there is not None:
                found[domain] = (len(templates_there), jobs or 0)
        return found

    def _asked(self, person: str, address: str, params: dict[str, str]) -> list[dict[str, Any]] | None:
        token = self.stage.token(person)
        answer = requests.get(
            address, params=params | {"count": "100"}, headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        assert answer.status_code in {200, 401, 403}
        return answer.json()["data"] if answer.ok else None
