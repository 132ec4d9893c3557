"""Both sandboxes over HTTP, and the template installed on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.accounts.access import Actor
from tests.e2e.sandboxes import Sandboxes
from tests.workflows.engine.conftest import work
from workflows.models import Installation, Plan, Run
from workflows.services import runs, sample, templates


@dataclass
class Stage(Sandboxes):
    """Both sandboxes over HTTP, and the template installed on them."""

    actor: Actor

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

    def install(self, *, ask_services: bool = True, **changed: Any) -> Installation:
        parameters = sample.parameters() | changed
        return templates.install(
            self.actor, sample.TEMPLATE, slug=sample.SLUG, parameters=parameters, ask_services=ask_services
        )
