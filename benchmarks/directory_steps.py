"""One step of the directory benchmark, alone in its process: `python -m benchmarks.directory_steps STEP JSON`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.measuring import measure  # noqa: E402
from hub.accounts.access import Actor  # noqa: E402
from hub.accounts.models import Workspace  # noqa: E402
from hub.connections import egress_rules  # noqa: E402
from hub.connections.services import create_connection  # noqa: E402
from hub.registry import catalog  # noqa: E402
from workflows.engine import executor  # noqa: E402
from workflows.engine.claiming import claim  # noqa: E402
from workflows.models import Plan, Remembered, Trigger  # noqa: E402
from workflows.services import templates  # noqa: E402
from workflows.triggers.polling import ask as ask_source  # noqa: E402

SLUG = "provisioning"


def install(about: dict[str, Any]) -> dict[str, Any]:
    """Not measured."""
    call_command("prepare")
    actor, settings = _actor(), about["directory"]
    egress_rules.add_rule(actor, target=f"{settings['host']}:{settings['port']}", note="The benchmark's directory.")
    create_connection(actor, name="Directory", slug="directory", connector="ldap", settings=settings)
    templates.install(actor, "joiner-mover-leaver", slug=SLUG, parameters=about["parameters"])
    return {}


def plan(about: dict[str, Any]) -> dict[str, Any]:
    made = templates.simulate(_actor(), SLUG)
    return {"changes": sum(made.counts.values())}


def ask(about: dict[str, Any]) -> dict[str, Any]:
    Trigger.objects.update(due_at=timezone.now())
    started = ask_source(Trigger.objects.get(kind="event").id)
    return {"started": started, "people": Remembered.objects.count()}


def hear(about: dict[str, Any]) -> dict[str, Any]:
    """The event source is asked, and the run that it starts makes its plan."""
    Trigger.objects.update(due_at=timezone.now())
    ask_source(Trigger.objects.get(kind="event").id)
    while claims := claim():
        for each in claims:
            executor.carry_out(each)
    made = Plan.objects.latest("id")
    assert made.step is not None
    seen = made.step.run.payload["count"]
    return {"seen": seen, "looked_at": made.readings[0]["count"], "changes": sum(made.counts.values())}


STEPS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "install": install, "plan": plan, "ask": ask, "hear": hear
}  # fmt: skip


def _actor() -> Actor:
    return Actor.system(Workspace.objects.get(slug="main"))


def main() -> None:
    step, given = sys.argv[1], json.loads(sys.argv[2])
    catalog()  # Loading the connectors is not part of any step.
    figures = measure(step, lambda: STEPS[step](given["about"]), given["servers"])
    print(json.dumps(asdict(figures)))


if __name__ == "__main__":
    main()
